//! Contacts as they are read: whole, with their legs and their wrap-up, each list from one statement and so from one moment.

use super::{contact, leg, wrap_up};
use crate::PAGE_MAX;
use crate::database::Row;
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::call::{Contact, Leg, WrapUp};
use walletline_core::commit::Version;
use walletline_core::kernel::{
    ids::{ContactId, RecordingId, StaffId},
    time::Wall,
};

/// A contact as it is on record.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactRecord {
    /// The contact.
    pub contact: Contact,
    /// The version the next change to it is ruled on.
    pub version: Version,
    /// Its legs, oldest first.
    pub legs: Vec<Leg>,
    /// How an agent closed it, with the version the next wrap-up is ruled on.
    pub wrap_up: Option<(Version, WrapUp)>,
    /// Its recording, where there is one that can be heard.
    pub recording: Option<RecordingId>,
    /// That recording is on legal hold.
    pub held: bool,
}

/// A query of contacts: `$page` chooses rows of `contact`, `$order` puts them in order, legs last.
macro_rules! contacts_sql {
    ($page:literal, $order:literal) => {
        concat!(
            "WITH page AS (",
            $page,
            ") SELECT page.id AS contact_id, page.version, page.line, page.wallet, page.caller, page.opened_at, page.ended_at, \
            page.disposition, page.details, page.expires_at, k.reference AS case_reference, \
            w.version AS wrap_version, w.agent AS wrap_agent, w.code AS wrap_code, w.note AS wrap_note, w.at AS wrap_at, \
            r.id AS recording, r.held AS recording_held, l.id AS leg_id, l.started_at AS leg_started_at, l.ended_at AS leg_ended_at, l.cause AS leg_cause, \
            l.dialog AS leg_dialog, l.details AS leg_details \
            FROM page LEFT JOIN wrap_up w ON w.contact = page.id LEFT JOIN leg l ON l.contact = page.id \
            LEFT JOIN contact_case k ON k.contact = page.id \
            LEFT JOIN recording r ON r.contact = page.id AND r.standing = 'kept' ORDER BY ",
            $order,
            ", l.started_at, l.id"
        )
    };
}

pub(super) use contacts_sql;

const ONE: &str = contacts_sql!("SELECT * FROM contact WHERE id = $1", "page.opened_at");

const NEWEST: &str =
    contacts_sql!("SELECT * FROM contact ORDER BY opened_at DESC, id DESC LIMIT $1", "page.opened_at DESC, page.id DESC");

const NEWEST_OF_AGENT: &str = contacts_sql!(
    "SELECT c.* FROM contact_agent a JOIN contact c ON c.id = a.contact WHERE a.agent = $2 \
    ORDER BY a.opened_at DESC, a.contact DESC LIMIT $1",
    "page.opened_at DESC, page.id DESC"
);

const BETWEEN: &str = contacts_sql!(
    "SELECT * FROM contact WHERE opened_at < $1 AND (opened_at > $2 OR (opened_at = $2 AND id > $3)) \
    ORDER BY opened_at, id LIMIT $4",
    "page.opened_at, page.id"
);

/// Joins the rows of a query, one for each leg, to contacts.
pub(super) fn records(rows: &[Row]) -> Result<Vec<ContactRecord>, ReadError> {
    let mut records: Vec<ContactRecord> = Vec::new();
    for row in rows {
        let id: ContactId = row.id("contact_id")?;
        if records.last().is_none_or(|record| record.contact.id != id) {
            let record = ContactRecord {
                contact: contact::read(row)?,
                version: row.int("version")?,
                legs: Vec::new(),
                wrap_up: wrap_up::read(row)?,
                recording: row.id_or_null("recording")?,
                held: row.int_or_null("recording_held")? == Some(1),
            };
            records.push(record);
        }
        if let (Some(record), Some(leg)) = (records.last_mut(), leg::read(row)?) {
            record.legs.push(leg);
        }
    }
    Ok(records)
}

impl Store {
    /// A contact, or none.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn contact(&self, contact: ContactId) -> Result<Option<ContactRecord>, ReadError> {
        Ok(records(&self.rows(ONE, vec![contact.into()]).await?)?.pop())
    }

    /// The newest contacts, newest first: all of them, or those in which `agent` spoke with the customer. At most
    /// [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn contacts(&self, agent: Option<StaffId>, limit: u32) -> Result<Vec<ContactRecord>, ReadError> {
        let limit = limit.min(PAGE_MAX);
        let rows = match agent {
            None => self.rows(NEWEST, vec![limit.into()]).await?,
            Some(agent) => self.rows(NEWEST_OF_AGENT, vec![limit.into(), agent.into()]).await?,
        };
        records(&rows)
    }

    /// The contacts opened at or after `from` and before `to`, oldest first, a page at a time: the first page with `after`
    /// none, each further one with the last contact of the page before. At most [`PAGE_MAX`]; an empty page is the end.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn contacts_between(
        &self,
        from: Wall,
        to: Wall,
        after: Option<&Contact>,
        limit: u32,
    ) -> Result<Vec<ContactRecord>, ReadError> {
        // Every identifier sorts after the empty text, so the first page starts like any other.
        let (at, id) = after.map_or((from, String::new()), |last| (last.opened_at, last.id.to_string()));
        let values = vec![to.into(), at.into(), id.into(), limit.min(PAGE_MAX).into()];
        records(&self.rows(BETWEEN, values).await?)
    }
}
