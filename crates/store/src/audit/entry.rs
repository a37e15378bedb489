//! The entries. They are written by the transaction of the changes they speak of, and by nothing else; no function of this crate
//! changes or removes one.

use crate::PAGE_MAX;
use crate::commit::Failure;
use crate::database::{Conn, Row, to_json};
use crate::error::ReadError;
use crate::mark::Stamp;
use crate::store::Store;
use walletline_core::commit::Entry;
use walletline_core::kernel::purpose::Purpose;

/// An entry as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number. On PostgreSQL, where commits run beside each other, an entry may appear after one with a higher number, and a
    /// number may stay empty.
    pub seq: i64,
    /// Its place in the tree, from 0; none until it was hashed.
    pub leaf: Option<u64>,
    /// Who did what to what.
    pub entry: Entry,
}

const INSERT: &str = "INSERT INTO audit (at, actor, action, subject, purpose) VALUES ($1, $2, $3, $4, $5)";

/// The same on PostgreSQL, with the mark of the transaction in one round trip.
const INSERT_STAMPED: &str = "WITH mark AS (INSERT INTO commit_mark (writer, landed, at) VALUES ($6, $7, $1) \
                              ON CONFLICT (writer) DO UPDATE SET landed = excluded.landed, at = excluded.at) \
                              INSERT INTO audit (at, actor, action, subject, purpose) VALUES ($1, $2, $3, $4, $5)";

/// A query of entries.
macro_rules! entries_sql {
    ($which:literal) => {
        concat!("SELECT seq, leaf, at, actor, action, subject, purpose FROM audit WHERE ", $which)
    };
}

const AFTER: &str = entries_sql!("seq > $1 ORDER BY seq LIMIT $2");
const OF_SUBJECT: &str = entries_sql!("subject = $1 AND seq > $2 ORDER BY seq LIMIT $3");
const LEAVES: &str = entries_sql!("leaf >= $1 ORDER BY leaf LIMIT $2");
const UNHASHED: &str = entries_sql!("leaf IS NULL AND seq > $1 ORDER BY seq LIMIT $2");
const COUNT_UNHASHED: &str = "SELECT COUNT(*) AS entries FROM audit WHERE leaf IS NULL";

/// Adds an entry, and the stamp of its transaction where there is one: only PostgreSQL takes both at once.
pub(crate) async fn write(conn: &mut Conn<'_>, entry: &Entry, stamp: Option<&Stamp>) -> Result<(), Failure> {
    let Entry { at, actor, action, subject, purpose } = entry;
    let mut values = vec![
        (*at).into(),
        to_json(actor)?.into(),
        action.as_str().into(),
        subject.as_str().into(),
        purpose.map(Purpose::name).into(),
    ];
    let sql = match stamp {
        Some(Stamp { writer, number }) => {
            values.extend([writer.as_str().into(), (*number).into()]);
            INSERT_STAMPED
        }
        None => INSERT,
    };
    conn.execute(sql, values).await?;
    Ok(())
}

fn read(row: &Row) -> Result<AuditLine, ReadError> {
    let seq = row.int("seq")?;
    let line = || {
        let entry = Entry {
            at: row.at("at")?,
            actor: row.json("actor")?,
            action: row.text("action")?,
            subject: row.text("subject")?,
            purpose: row.word_or_null("purpose")?,
        };
        let leaf = row.int_or_null("leaf")?.map(u64::try_from).transpose();
        Ok(AuditLine { seq, leaf: leaf.map_err(|_| ReadError::Corrupt("column leaf".to_owned()))?, entry })
    };
    line().map_err(|error| match error {
        ReadError::Corrupt(what) => ReadError::Corrupt(format!("{what} of audit entry {seq}")),
        ReadError::Unavailable(_) => error,
    })
}

impl Store {
    /// The audit log by number, from after `after_seq` on (0 for its beginning). At most [`PAGE_MAX`] entries.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read; the error names the entry.
    pub async fn audit(&self, after_seq: i64, limit: u32) -> Result<Vec<AuditLine>, ReadError> {
        self.rows(AFTER, vec![after_seq.into(), limit.min(PAGE_MAX).into()]).await?.iter().map(read).collect()
    }

    /// What was done to one subject, newest last, from after `after_seq` on (0 for the first). At most [`PAGE_MAX`] entries.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read; the error names the entry.
    pub async fn audit_of(&self, subject: &str, after_seq: i64, limit: u32) -> Result<Vec<AuditLine>, ReadError> {
        let values = vec![subject.into(), after_seq.into(), limit.min(PAGE_MAX).into()];
        self.rows(OF_SUBJECT, values).await?.iter().map(read).collect()
    }

    /// The hashed entries in the order of the tree, from leaf `from` on. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read; the error names the entry.
    pub async fn audit_leaves(&self, from: u64, limit: u32) -> Result<Vec<AuditLine>, ReadError> {
        // No leaf is numbered beyond what a row can hold.
        let from = i64::try_from(from).unwrap_or(i64::MAX);
        self.rows(LEAVES, vec![from.into(), limit.min(PAGE_MAX).into()]).await?.iter().map(read).collect()
    }

    /// Entries that are not hashed yet, by number, from after `after_seq` on (0 for the first). At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read; the error names the entry.
    pub async fn audit_unhashed(&self, after_seq: i64, limit: u32) -> Result<Vec<AuditLine>, ReadError> {
        self.rows(UNHASHED, vec![after_seq.into(), limit.min(PAGE_MAX).into()]).await?.iter().map(read).collect()
    }

    /// How many entries are not hashed yet.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn audit_unhashed_count(&self) -> Result<u64, ReadError> {
        let rows = self.rows(COUNT_UNHASHED, vec![]).await?;
        let count = rows.first().map(|row| row.int("entries")).transpose()?.unwrap_or(0);
        u64::try_from(count).map_err(|_| ReadError::Corrupt("column entries".to_owned()))
    }
}
