//! The audit log. Its entries are written by the transaction of the changes they speak of, and by nothing else; no function of
//! this crate changes or removes one.

use crate::PAGE_MAX;
use crate::commit::Failure;
use crate::database::{Conn, to_json};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::commit::Entry;

/// An entry as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its place in the log. On PostgreSQL, where commits run beside each other, an entry may appear after one with a higher
    /// number, and a number may stay empty.
    pub seq: i64,
    /// Who did what to what.
    pub entry: Entry,
}

const INSERT: &str = "INSERT INTO audit (at, actor, action, subject) VALUES ($1, $2, $3, $4)";

const AFTER: &str = "SELECT seq, at, actor, action, subject FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2";

/// Adds an entry.
pub(crate) async fn write(conn: &mut Conn<'_>, entry: &Entry) -> Result<(), Failure> {
    let Entry { at, actor, action, subject, purpose: _ } = entry;
    let values = vec![(*at).into(), to_json(actor)?.into(), action.as_str().into(), subject.as_str().into()];
    conn.execute(INSERT, values).await?;
    Ok(())
}

impl Store {
    /// The audit log in order, from after `after_seq` on (0 for its beginning). At most [`PAGE_MAX`] entries.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn audit(&self, after_seq: i64, limit: u32) -> Result<Vec<AuditLine>, ReadError> {
        let rows = self.rows(AFTER, vec![after_seq.into(), limit.min(PAGE_MAX).into()]).await?;
        rows.iter()
            .map(|row| {
                let entry = Entry {
                    at: row.at("at")?,
                    actor: row.json("actor")?,
                    action: row.text("action")?,
                    subject: row.text("subject")?,
                    purpose: None,
                };
                Ok(AuditLine { seq: row.int("seq")?, entry })
            })
            .collect()
    }
}
