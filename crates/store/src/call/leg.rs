//! Legs as rows, and the dialogs that a restart must end.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json};
use crate::error::ReadError;
use crate::store::Store;
use serde::{Deserialize, Serialize};
use walletline_core::call::{Direction, Leg};
use walletline_core::commit::Version;
use walletline_core::kernel::ids::{LegId, StaffId};

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
struct Details {
    direction: Direction,
    agent: Option<StaffId>,
    /// Absent in rows from before calls were handed on outside.
    #[serde(default)]
    outside: Option<String>,
    codec: String,
    encryption: String,
    packets: u64,
    lost: u64,
    jitter_ms: f64,
    /// Absent in rows from before it was measured.
    #[serde(default)]
    round_trip_ms: Option<f64>,
    #[serde(default)]
    mos: Option<f64>,
}

const INSERT: &str = "INSERT INTO leg (id, version, contact, started_at, ended_at, cause, dialog, details, dialog_over) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, 0) ON CONFLICT DO NOTHING";

// A leg is written whole, so a later change may still carry the dialog that was closed meanwhile: closed stays closed.
const UPDATE: &str = "UPDATE leg SET version = version + 1, contact = $3, started_at = $4, ended_at = $5, cause = $6, \
    dialog = CASE WHEN dialog_over = 1 THEN NULL ELSE $7 END, details = $8 WHERE id = $1 AND version = $2";

const CLOSE_DIALOG: &str = "UPDATE leg SET dialog = NULL, dialog_over = 1 WHERE id = $1";

const OPEN_DIALOGS: &str = "SELECT id, dialog FROM leg WHERE dialog IS NOT NULL ORDER BY started_at, id";

/// Writes a leg that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, leg: &Leg) -> Result<(), Failure> {
    let Leg { id, contact, direction, agent, codec, encryption, packets, lost, jitter_ms, .. } = leg;
    let Leg { outside, round_trip_ms, mos, started_at, ended_at, cause, dialog, .. } = leg;
    let details = Details {
        direction: *direction,
        agent: *agent,
        outside: outside.clone(),
        codec: codec.clone(),
        encryption: encryption.clone(),
        packets: *packets,
        lost: *lost,
        // JSON has no other numbers, and a row that cannot be read again is worse than a jitter of nothing.
        jitter_ms: if jitter_ms.is_finite() { *jitter_ms } else { 0.0 },
        round_trip_ms: round_trip_ms.filter(|ms| ms.is_finite()),
        mos: mos.filter(|mos| mos.is_finite()),
    };
    let values = vec![
        (*id).into(),
        version.into(),
        (*contact).into(),
        (*started_at).into(),
        (*ended_at).into(),
        cause.as_deref().into(),
        dialog.as_deref().into(),
        to_json(&details)?.into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "leg", id, version)
}

/// Notes that nothing of a leg's dialog is left to end. A leg whose dialog is closed already, or that was never written, has
/// none either: no conflict.
pub(crate) async fn close_dialog(conn: &mut Conn<'_>, leg: LegId) -> Result<(), Failure> {
    conn.execute(CLOSE_DIALOG, vec![leg.into()]).await?;
    Ok(())
}

/// Reads a leg from a row with its columns prefixed `leg_`; none where an outer join found none.
pub(crate) fn read(row: &Row) -> Result<Option<Leg>, ReadError> {
    if row.text_or_null("leg_id")?.is_none() {
        return Ok(None);
    }
    let Details { direction, agent, outside, codec, encryption, packets, lost, jitter_ms, round_trip_ms, mos } =
        row.json("leg_details")?;
    Ok(Some(Leg {
        id: row.id("leg_id")?,
        contact: row.id("contact_id")?,
        direction,
        agent,
        outside,
        codec,
        encryption,
        packets,
        lost,
        jitter_ms,
        round_trip_ms,
        mos,
        started_at: row.at("leg_started_at")?,
        ended_at: row.at_or_null("leg_ended_at")?,
        cause: row.text_or_null("leg_cause")?,
        dialog: row.text_or_null("leg_dialog")?,
    }))
}

impl Store {
    /// Legs whose SIP dialog may still stand at the far end, oldest first: what a restart has to end.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn open_dialogs(&self) -> Result<Vec<(LegId, String)>, ReadError> {
        let rows = self.rows(OPEN_DIALOGS, vec![]).await?;
        rows.iter().map(|row| Ok((row.id("id")?, row.text("dialog")?))).collect()
    }
}
