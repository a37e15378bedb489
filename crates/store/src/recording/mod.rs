//! Recordings as rows, found by their contact, by how they stand and by when they must be gone. The audio is in files; a row holds its
//! key, sealed, until it is erased.

pub(crate) mod listening;

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::call::{Recording, RecordingState};
use walletline_core::commit::Version;
use walletline_core::kernel::{
    ids::{ContactId, RecordingId},
    time::Wall,
};

const INSERT: &str = "INSERT INTO recording (id, version, contact, standing, started_at, expires_at, notice, state, \
    holds, held) VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE recording SET version = version + 1, contact = $3, standing = $4, started_at = $5, expires_at = $6, \
    notice = $7, state = $8, holds = $9, held = $10 WHERE id = $1 AND version = $2";

const OF_CONTACT: &str =
    "SELECT id, version, contact, started_at, expires_at, notice, state, holds FROM recording WHERE contact = $1";

const BY_ID: &str = "SELECT id, version, contact, started_at, expires_at, notice, state, holds FROM recording WHERE id = $1";

const OPEN: &str = "SELECT id, version, contact, started_at, expires_at, notice, state, holds FROM recording WHERE standing = 'open' \
    ORDER BY expires_at LIMIT $1";

const EXPIRED: &str = "SELECT id, version, contact, started_at, expires_at, notice, state, holds FROM recording \
    WHERE standing = 'kept' AND expires_at <= $1 AND held = 0 AND NOT EXISTS (SELECT 1 FROM case_contact t \
    JOIN support_case k ON k.id = t.case_id WHERE t.contact = recording.contact AND k.kept_until > $1) \
    ORDER BY expires_at LIMIT $2";

/// As queries ask for it, and as the readers of contacts join it.
const fn standing(state: &RecordingState) -> &'static str {
    match state {
        RecordingState::Open { .. } => "open",
        RecordingState::Kept { .. } => "kept",
        RecordingState::Erased { .. } => "erased",
    }
}

/// Writes a recording that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, recording: &Recording) -> Result<(), Failure> {
    let Recording { id, contact, notice, started_at, expires_at, holds, state } = recording;
    let values = vec![
        (*id).into(),
        version.into(),
        (*contact).into(),
        standing(state).into(),
        (*started_at).into(),
        (*expires_at).into(),
        to_json(notice)?.into(),
        to_json(state)?.into(),
        to_json(holds)?.into(),
        i64::from(recording.hold().is_some()).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "recording", id, version)
}

fn read(row: &Row) -> Result<(Version, Recording), ReadError> {
    let recording = Recording {
        id: row.id("id")?,
        contact: row.id("contact")?,
        notice: row.json("notice")?,
        started_at: row.at("started_at")?,
        expires_at: row.at("expires_at")?,
        holds: row.json("holds")?,
        state: row.json("state")?,
    };
    Ok((row.int("version")?, recording))
}

impl Store {
    /// The recording of a contact, with the version the next change to it is ruled on; none where there never was one.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn recording_of(&self, contact: ContactId) -> Result<Option<(Version, Recording)>, ReadError> {
        self.rows(OF_CONTACT, vec![contact.into()]).await?.first().map(read).transpose()
    }

    /// A recording, with the version the next change to it is ruled on.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn recording(&self, recording: RecordingId) -> Result<Option<(Version, Recording)>, ReadError> {
        self.rows(BY_ID, vec![recording.into()]).await?.first().map(read).transpose()
    }

    /// The recordings that have not ended: at a start, those that a crash left. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn recordings_open(&self) -> Result<Vec<(Version, Recording)>, ReadError> {
        self.rows(OPEN, vec![PAGE_MAX.into()]).await?.iter().map(read).collect()
    }

    /// The recordings whose time is over, that no case and no hold keeps, and that are still there, the oldest first; at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn recordings_expired(&self, now: Wall, limit: u32) -> Result<Vec<(Version, Recording)>, ReadError> {
        self.rows(EXPIRED, vec![now.into(), limit.min(PAGE_MAX).into()]).await?.iter().map(read).collect()
    }
}
