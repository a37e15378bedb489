//! Masked numbers that somebody was shown in full, and whether somebody else has seen that they were.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::call::{LookUp, Review};
use walletline_core::commit::Version;
use walletline_core::kernel::{ids::LookUpId, pii::Pii};

const INSERT: &str = "INSERT INTO look_up (id, version, staff, contact, reason, at, waits, seen_by, seen_at, expires_at) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";

const SEE: &str =
    "UPDATE look_up SET version = version + 1, waits = $3, seen_by = $4, seen_at = $5 WHERE id = $1 AND version = $2";

const ONE: &str =
    "SELECT id, version, staff, contact, reason, at, waits, seen_by, seen_at, expires_at FROM look_up WHERE id = $1";

const WAITING: &str = "SELECT id, version, staff, contact, reason, at, waits, seen_by, seen_at, expires_at FROM look_up \
    WHERE waits = 1 ORDER BY at, id LIMIT $1";

/// Writes a look-up that was ruled on at `version`. Who looked up what, and why, never changes.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, look_up: &LookUp) -> Result<(), Failure> {
    let LookUp { id, staff, contact, reason, at, review, expires_at } = look_up;
    let (waits, seen) = match review {
        Review::NotNeeded => (0_i64, None),
        Review::Waiting => (1, None),
        Review::Seen { by, at } => (0, Some((by.to_string(), *at))),
    };
    let seen_by = seen.as_ref().map(|(by, _)| by.as_str()).into();
    let seen_at = seen.as_ref().map(|(_, at)| *at).into();
    let touched = if version == 0 {
        let values = vec![
            (*id).into(),
            version.into(),
            (*staff).into(),
            (*contact).into(),
            reason.expose().as_str().into(),
            (*at).into(),
            waits.into(),
            seen_by,
            seen_at,
            (*expires_at).into(),
        ];
        conn.execute(INSERT, values).await?
    } else {
        conn.execute(SEE, vec![(*id).into(), version.into(), waits.into(), seen_by, seen_at]).await?
    };
    expect_one(touched, "look-up", id, version)
}

fn read(row: &Row) -> Result<(Version, LookUp), ReadError> {
    let review = match (row.int("waits")?, row.id_or_null("seen_by")?.zip(row.at_or_null("seen_at")?)) {
        (_, Some((by, at))) => Review::Seen { by, at },
        (0, None) => Review::NotNeeded,
        (_, None) => Review::Waiting,
    };
    let look_up = LookUp {
        id: row.id("id")?,
        staff: row.id("staff")?,
        contact: row.id("contact")?,
        reason: Pii::new(row.text("reason")?),
        at: row.at("at")?,
        review,
        expires_at: row.at("expires_at")?,
    };
    Ok((row.int("version")?, look_up))
}

impl Store {
    /// One look-up with the version its next change is ruled on.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn look_up(&self, id: LookUpId) -> Result<Option<(Version, LookUp)>, ReadError> {
        self.rows(ONE, vec![id.into()]).await?.first().map(read).transpose()
    }

    /// Look-ups that nobody has seen yet, the oldest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn look_ups_waiting(&self, limit: u32) -> Result<Vec<LookUp>, ReadError> {
        let rows = self.rows(WAITING, vec![limit.min(PAGE_MAX).into()]).await?;
        rows.iter().map(|row| read(row).map(|(_, look_up)| look_up)).collect()
    }
}
