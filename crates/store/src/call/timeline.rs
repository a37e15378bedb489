//! The lines of a contact's timeline. They are only ever added.

use crate::commit::Failure;
use crate::database::{Conn, to_json};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::call::TimelineEntry;
use walletline_core::kernel::ids::ContactId;

const INSERT: &str = "INSERT INTO timeline (contact, seq, at, fact) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

const OF_CONTACT: &str = "SELECT seq, at, fact FROM timeline WHERE contact = $1 ORDER BY at, seq";

/// Adds a line; a line that is there already is a conflict.
pub(crate) async fn write(conn: &mut Conn<'_>, contact: ContactId, entry: &TimelineEntry) -> Result<(), Failure> {
    let TimelineEntry { seq, at, fact } = entry;
    match conn.execute(INSERT, vec![contact.into(), (*seq).into(), (*at).into(), to_json(fact)?.into()]).await? {
        0 => Err(Failure::Conflict(format!("line {seq} of the timeline of {contact} is there already"))),
        _ => Ok(()),
    }
}

impl Store {
    /// A contact's timeline in order of `at`, then `seq`; empty for a contact that is not there.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn timeline(&self, contact: ContactId) -> Result<Vec<TimelineEntry>, ReadError> {
        let rows = self.rows(OF_CONTACT, vec![contact.into()]).await?;
        rows.iter()
            .map(|row| {
                let seq = u32::try_from(row.int("seq")?).map_err(|_| ReadError::Corrupt("column seq".to_owned()))?;
                Ok(TimelineEntry { seq, at: row.at("at")?, fact: row.json("fact")? })
            })
            .collect()
    }
}
