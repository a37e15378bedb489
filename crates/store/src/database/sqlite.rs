//! Statements that write to SQLite, each run by the thread that asks. It speaks of errors as the rest of the store does, and never holds
//! a statement beyond its end.

use super::Value;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ffi};
use sqlx::error::{DatabaseError, ErrorKind};
use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt::{self, Display, Formatter};
use std::path::Path;
use std::time::Duration;

/// Statements that are kept prepared. The store has fewer that write; each is some kilobytes.
const PREPARED_MAX: usize = 128;

/// Opens the file to write to it. What is written is synced, what refers to a row needs it, and nobody else is waited for: that is left
/// to whoever begins a transaction.
pub(crate) fn open_to_write(path: &Path, checkpoint_pages: u32) -> Result<Connection, sqlx::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let conn = Connection::open_with_flags(path, flags).map_err(refused)?;
    conn.set_prepared_statement_cache_capacity(PREPARED_MAX);
    conn.busy_timeout(Duration::ZERO).map_err(refused)?;
    for (name, value) in [("synchronous", 2), ("foreign_keys", 1), ("wal_autocheckpoint", checkpoint_pages)] {
        conn.pragma_update(None, name, value).map_err(refused)?;
    }
    Ok(conn)
}

/// Runs a statement and says how many rows it touched.
pub(super) fn execute(conn: &Connection, sql: &'static str, values: &[Value]) -> Result<u64, sqlx::Error> {
    let mut statement = conn.prepare_cached(sql).map_err(refused)?;
    for place in 1..=statement.parameter_count() {
        // `$3` is the third value wherever it stands in the text; SQLite counts names as it meets them.
        let number = statement.parameter_name(place).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let value = number.and_then(|number| values.get(number.checked_sub(1)?));
        let value = value.ok_or_else(|| sqlx::Error::Encode("a placeholder without a value".into()))?;
        statement.raw_bind_parameter(place, value).map_err(refused)?;
    }
    statement.raw_execute().map(|touched| touched as u64).map_err(refused)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Self::Int(Some(int)) => ValueRef::Integer(*int),
            Self::Text(None) | Self::Int(None) => ValueRef::Null,
        }))
    }
}

/// SQLite's refusal, as the store reads it from either driver.
#[derive(Debug)]
struct Refused {
    code: i32,
    message: String,
}

fn refused(error: rusqlite::Error) -> sqlx::Error {
    match error {
        rusqlite::Error::SqliteFailure(failure, message) => sqlx::Error::Database(Box::new(Refused {
            code: failure.extended_code,
            message: message.unwrap_or_else(|| failure.to_string()),
        })),
        other => sqlx::Error::Encode(Box::new(other)),
    }
}

impl Display for Refused {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "(code: {}) {}", self.code, self.message)
    }
}

impl StdError for Refused {}

impl DatabaseError for Refused {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        match self.code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => ErrorKind::UniqueViolation,
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ErrorKind::ForeignKeyViolation,
            ffi::SQLITE_CONSTRAINT_NOTNULL => ErrorKind::NotNullViolation,
            ffi::SQLITE_CONSTRAINT_CHECK => ErrorKind::CheckViolation,
            _ => ErrorKind::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "CREATE TABLE t (a TEXT PRIMARY KEY, b BIGINT NOT NULL, c TEXT REFERENCES t (a)); PRAGMA foreign_keys = ON",
        )
        .unwrap();
        conn
    }

    #[test]
    fn a_placeholder_takes_the_value_of_its_number() {
        let conn = memory();
        let sql = "INSERT INTO t (b, c, a) VALUES ($2, $3, $1)";
        assert_eq!(execute(&conn, sql, &[Value::from("key"), Value::from(7_i64), Value::from(None::<&str>)]).unwrap(), 1);
        let kept: (String, i64, Option<String>) =
            conn.query_row("SELECT a, b, c FROM t", [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        assert_eq!(kept, ("key".to_owned(), 7, None));
        assert_eq!(execute(&conn, "UPDATE t SET b = $1 WHERE a = $2", &[Value::from(8_i64), Value::from("other")]).unwrap(), 0);
        assert!(execute(&conn, sql, &[Value::from("key")]).is_err(), "two values are missing");
    }

    #[test]
    fn what_is_violated_is_told_by_its_kind() {
        let conn = memory();
        let sql = "INSERT INTO t (a, b, c) VALUES ($1, $2, $3)";
        let write = |a: &str, b: Option<i64>, c: Option<&str>| {
            let outcome = execute(&conn, sql, &[Value::from(a), Value::Int(b), Value::from(c)]);
            outcome.map_err(|error| error.into_database_error().unwrap().kind())
        };
        assert_eq!(write("a", Some(1), None), Ok(1));
        assert_eq!(write("a", Some(1), None), Err(ErrorKind::UniqueViolation));
        assert_eq!(write("b", None, None), Err(ErrorKind::NotNullViolation));
        assert_eq!(write("b", Some(1), Some("nobody")), Err(ErrorKind::ForeignKeyViolation));
    }
}
