//! What was lately done, one row for each key. Limits are guarded on these rows: of two who count at once, one is refused and has
//! to rule again.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::commit::Version;
use walletline_core::kernel::tally::Tally;

const INSERT: &str = "INSERT INTO tally (key, version, ticks, expires_at) VALUES ($1, $2 + 1, $3, $4) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE tally SET version = version + 1, ticks = $3, expires_at = $4 WHERE key = $1 AND version = $2";

const FORGET_ALL: &str = "DELETE FROM tally";

const ONE: &str = "SELECT key, version, ticks FROM tally WHERE key = $1";

/// Writes a tally that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, tally: &Tally) -> Result<(), Failure> {
    let Tally { key, ticks } = tally;
    let values = vec![key.as_str().into(), version.into(), to_json(ticks)?.into(), tally.expires_at().into()];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "tally", key, version)
}

/// Forgets all tallies.
pub(crate) async fn forget_all(conn: &mut Conn<'_>) -> Result<(), Failure> {
    conn.execute(FORGET_ALL, vec![]).await?;
    Ok(())
}

fn read(row: &Row) -> Result<(Version, Tally), ReadError> {
    Ok((row.int("version")?, Tally { key: row.text("key")?, ticks: row.json("ticks")? }))
}

impl Store {
    /// What was lately done under a key, with the version the next change is ruled on: an empty tally at version 0 when nothing
    /// was. It may hold acts that no longer count; the tally's own counts leave them out.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn tally(&self, key: &str) -> Result<(Version, Tally), ReadError> {
        let known = self.rows(ONE, vec![key.into()]).await?.first().map(read).transpose()?;
        Ok(known.unwrap_or_else(|| (0, Tally::new(key.to_owned()))))
    }
}
