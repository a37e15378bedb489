//! One SQL text, two engines: a connection, its values and its rows as enums over SQLite and PostgreSQL. Statements are fixed
//! texts with `$1` placeholders; nothing here builds SQL from data.
//!
//! SQLite is written to without a thread between: a driver that has one would wake it, and be woken, at every statement, which costs
//! twice what the statement does. Readers are many and wait for each other's disk, so theirs stay with the driver that has threads.

mod row;
mod sqlite;
mod value;

pub(crate) use row::{Row, to_json, to_word};
pub(crate) use sqlite::open_to_write;
pub(crate) use value::Value;

use sqlx::{PgConnection, SqliteConnection};

/// A connection that writes, borrowed for a few statements.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut rusqlite::Connection),
    Postgres(&'c mut PgConnection),
}

impl Conn<'_> {
    /// Runs a statement and says how many rows it touched. On SQLite it blocks its thread until it is done.
    pub(crate) async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, sqlx::Error> {
        match self {
            Self::Sqlite(conn) => sqlite::execute(conn, sql, &values),
            Self::Postgres(conn) => {
                let query = values.into_iter().fold(sqlx::query(sql), |query, value| match value {
                    Value::Text(text) => query.bind(text),
                    Value::Int(int) => query.bind(int),
                });
                Ok(query.execute(&mut **conn).await?.rows_affected())
            }
        }
    }
}

/// A connection that reads, borrowed for one query.
pub(crate) enum Reading<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Reading<'_> {
    /// Runs a query and returns all its rows: its text bounds how many there can be.
    pub(crate) async fn rows(self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, sqlx::Error> {
        match self {
            Self::Sqlite(conn) => {
                let query = values.into_iter().fold(sqlx::query(sql), |query, value| match value {
                    Value::Text(text) => query.bind(text),
                    Value::Int(int) => query.bind(int),
                });
                Ok(query.fetch_all(conn).await?.into_iter().map(Row::Sqlite).collect())
            }
            Self::Postgres(conn) => {
                let query = values.into_iter().fold(sqlx::query(sql), |query, value| match value {
                    Value::Text(text) => query.bind(text),
                    Value::Int(int) => query.bind(int),
                });
                Ok(query.fetch_all(conn).await?.into_iter().map(Row::Postgres).collect())
            }
        }
    }
}
