//! The lines of a contact's timeline, those that the call numbers and those that acts add beside them. They are only ever added.

use crate::commit::Failure;
use crate::database::{Conn, to_json};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::call::{AddedLine, TimelineEntry};
use walletline_core::kernel::ids::ContactId;

const INSERT: &str = "INSERT INTO timeline (contact, seq, at, fact) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

const ADD: &str = "INSERT INTO timeline_added (contact, name, at, fact) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

// What was added has no place of its own: it comes after what the call wrote at the same moment.
const OF_CONTACT: &str = "SELECT seq, at, fact, '' AS name FROM timeline WHERE contact = $1 \
    UNION ALL SELECT 1073741824 AS seq, at, fact, name FROM timeline_added WHERE contact = $1 ORDER BY at, seq, name";

/// The number of the first added line, as [`OF_CONTACT`] gives it to all of them: no call writes so many lines of its own.
const ADDED_FROM: u32 = 1 << 30;

/// Adds a line; a line that is there already is a conflict.
pub(crate) async fn write(conn: &mut Conn<'_>, contact: ContactId, entry: &TimelineEntry) -> Result<(), Failure> {
    let TimelineEntry { seq, at, fact } = entry;
    match conn.execute(INSERT, vec![contact.into(), (*seq).into(), (*at).into(), to_json(fact)?.into()]).await? {
        0 => Err(Failure::Conflict(format!("line {seq} of the timeline of {contact} is there already"))),
        _ => Ok(()),
    }
}

/// Adds a line that no call numbers; a line of that name that is there already is a conflict. Its contact need not be there.
pub(crate) async fn add(conn: &mut Conn<'_>, contact: ContactId, line: &AddedLine) -> Result<(), Failure> {
    let AddedLine { name, at, fact } = line;
    match conn.execute(ADD, vec![contact.into(), name.as_str().into(), (*at).into(), to_json(fact)?.into()]).await? {
        0 => Err(Failure::Conflict(format!("line {name} of the timeline of {contact} is there already"))),
        _ => Ok(()),
    }
}

impl Store {
    /// A contact's timeline in order of `at`, then `seq`; empty for a contact that is not there. Lines that acts added are numbered
    /// from 2^30 on, in their order.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn timeline(&self, contact: ContactId) -> Result<Vec<TimelineEntry>, ReadError> {
        let rows = self.rows(OF_CONTACT, vec![contact.into()]).await?;
        let mut added = ADDED_FROM..;
        rows.iter()
            .map(|row| {
                let seq = u32::try_from(row.int("seq")?).map_err(|_| ReadError::Corrupt("column seq".to_owned()))?;
                let seq = if seq == ADDED_FROM { added.next().unwrap_or(u32::MAX) } else { seq };
                Ok(TimelineEntry { seq, at: row.at("at")?, fact: row.json("fact")? })
            })
            .collect()
    }
}
