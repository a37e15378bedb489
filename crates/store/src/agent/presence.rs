//! The history of what agents were doing. Lines are only ever added.

use crate::PAGE_MAX;
use crate::commit::Failure;
use crate::database::{Conn, to_json};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::agent::PresenceRow;
use walletline_core::kernel::ids::StaffId;

const INSERT: &str = "INSERT INTO presence (agent, state, at) VALUES ($1, $2, $3)";

const OF_AGENT: &str = "SELECT agent, state, at FROM presence WHERE agent = $1 ORDER BY at DESC, seq DESC LIMIT $2";

/// Adds a line.
pub(crate) async fn write(conn: &mut Conn<'_>, row: &PresenceRow) -> Result<(), Failure> {
    let PresenceRow { agent, state, at } = row;
    conn.execute(INSERT, vec![(*agent).into(), to_json(state)?.into(), (*at).into()]).await?;
    Ok(())
}

impl Store {
    /// What an agent was doing, the latest first. At most [`PAGE_MAX`] lines.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn presence(&self, agent: StaffId, limit: u32) -> Result<Vec<PresenceRow>, ReadError> {
        let rows = self.rows(OF_AGENT, vec![agent.into(), limit.min(PAGE_MAX).into()]).await?;
        rows.iter().map(|row| Ok(PresenceRow { agent: row.id("agent")?, state: row.json("state")?, at: row.at("at")? })).collect()
    }
}
