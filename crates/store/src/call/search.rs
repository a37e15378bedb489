//! Past contacts found by what is known of them: when, whose, which line, what about, with what kind of recording.

use super::record::{ContactRecord, contacts_sql, records};
use crate::PAGE_MAX;
use crate::database::Value;
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::agent::{Reach, Staff};
use walletline_core::call::Service;
use walletline_core::kernel::{ids::StaffId, time::Wall};

/// What is asked for; whatever is none is not asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactQuery {
    /// Opened at or after.
    pub from: Option<Wall>,
    /// Opened before.
    pub to: Option<Wall>,
    /// This agent took part.
    pub agent: Option<StaffId>,
    /// The number that was dialled.
    pub line: Option<String>,
    /// What it was about.
    pub service: Option<Service>,
    /// Only with a recording that can be heard.
    pub recorded: bool,
    /// Only with a recording on hold.
    pub held: bool,
}

/// `$8` is who asks; `$9` and `$10` open what lies beyond their own contacts: those of the teams they lead, and all of them.
const FOUND: &str = contacts_sql!(
    "SELECT c.* FROM contact c WHERE c.opened_at >= $1 AND c.opened_at < $2 \
    AND ($3 = '' OR EXISTS (SELECT 1 FROM contact_agent a WHERE a.contact = c.id AND a.agent = $3)) \
    AND ($4 = '' OR c.line = $4) AND ($5 = '' OR c.service = $5) \
    AND ($6 = 0 OR EXISTS (SELECT 1 FROM recording h WHERE h.contact = c.id AND h.standing = 'kept')) \
    AND ($7 = 0 OR EXISTS (SELECT 1 FROM recording h WHERE h.contact = c.id AND h.held = 1)) \
    AND ($10 = 1 OR EXISTS (SELECT 1 FROM contact_agent a WHERE a.contact = c.id AND a.agent = $8) \
        OR ($9 = 1 AND EXISTS (SELECT 1 FROM contact_agent a JOIN staff_team t ON t.staff = a.agent \
            JOIN staff_team mine ON mine.team = t.team WHERE a.contact = c.id AND mine.staff = $8))) \
    ORDER BY c.opened_at DESC, c.id DESC LIMIT $11",
    "page.opened_at DESC, page.id DESC"
);

impl Store {
    /// The newest contacts that fit, newest first, as far as this person's reading goes. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn contacts_found(&self, query: &ContactQuery, by: &Staff, limit: u32) -> Result<Vec<ContactRecord>, ReadError> {
        let ContactQuery { from, to, agent, line, service, recorded, held } = query;
        let (led, all) = match by.reach() {
            Reach::Own => (false, false),
            Reach::Led(_) => (true, false),
            Reach::Everybody => (false, true),
        };
        let flag = |on: bool| Value::from(i64::from(on));
        let values = vec![
            from.unwrap_or(Wall(0)).into(),
            to.unwrap_or(Wall(i64::MAX)).into(),
            agent.map(|agent| agent.to_string()).unwrap_or_default().into(),
            line.clone().unwrap_or_default().into(),
            service.map(Service::name).unwrap_or_default().into(),
            flag(*recorded),
            flag(*held),
            by.id.into(),
            flag(led),
            flag(all),
            limit.min(PAGE_MAX).into(),
        ];
        records(&self.rows(FOUND, values).await?)
    }
}
