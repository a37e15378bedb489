//! What is reported as a fake. One row for each thing, however often it is reported.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json, to_word};
use crate::error::ReadError;
use crate::store::Store;
use serde::{Deserialize, Serialize};
use walletline_core::commit::Version;
use walletline_core::directory::{Mark, Sighting, Suspect, SuspectState};
use walletline_core::kernel::{
    ids::{StaffId, SuspectId},
    pii::Pii,
    time::Wall,
};

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
struct Details {
    reports: u32,
    sightings: Vec<Sighting>,
    first_at: Wall,
    decided_by: Option<StaffId>,
}

const INSERT: &str = "INSERT INTO suspect (id, version, mark, state, last_at, details, expires_at) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE suspect SET version = version + 1, mark = $3, state = $4, last_at = $5, details = $6, expires_at = $7 \
    WHERE id = $1 AND version = $2";

const FORGET: &str = "DELETE FROM suspect WHERE expires_at <= $1";

/// A query of suspects: `$which` chooses and orders them.
macro_rules! suspects_sql {
    ($which:literal) => {
        concat!("SELECT id, version, mark, state, last_at, details, expires_at FROM suspect ", $which)
    };
}

const ONE: &str = suspects_sql!("WHERE id = $1");
const OF_MARK: &str = suspects_sql!("WHERE mark = $1");
const OF_STATE: &str = suspects_sql!("WHERE state = $1 ORDER BY last_at DESC, id DESC LIMIT $2");
const COUNT_OF_STATE: &str = "SELECT COUNT(*) AS suspects FROM suspect WHERE state = $1";
const COUNT_EXPIRED: &str = "SELECT COUNT(*) AS suspects FROM suspect WHERE expires_at <= $1";

/// Writes a suspect that was ruled on at `version`. A mark that another one has is a conflict.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, suspect: &Suspect) -> Result<(), Failure> {
    let Suspect { id, mark, state, reports, sightings, first_at, last_at, decided_by, expires_at } = suspect;
    let details = Details { reports: *reports, sightings: sightings.clone(), first_at: *first_at, decided_by: *decided_by };
    let values = vec![
        (*id).into(),
        version.into(),
        mark.expose().as_str().into(),
        to_word(state)?.into(),
        (*last_at).into(),
        to_json(&details)?.into(),
        (*expires_at).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "suspect", id, version)
}

/// Removes what must be gone.
pub(crate) async fn forget(conn: &mut Conn<'_>, by: Wall) -> Result<(), Failure> {
    conn.execute(FORGET, vec![by.into()]).await?;
    Ok(())
}

fn read(row: &Row) -> Result<(Version, Suspect), ReadError> {
    let Details { reports, sightings, first_at, decided_by } = row.json("details")?;
    let suspect = Suspect {
        id: row.id("id")?,
        mark: Pii::new(Mark::kept(row.text("mark")?)),
        state: row.word("state")?,
        reports,
        sightings,
        first_at,
        last_at: row.at("last_at")?,
        decided_by,
        expires_at: row.at("expires_at")?,
    };
    Ok((row.int("version")?, suspect))
}

fn word(state: SuspectState) -> Result<String, ReadError> {
    to_word(&state).map_err(ReadError::from)
}

impl Store {
    /// A suspect, with the version the next change to it is ruled on; none when there is no such.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn suspect(&self, suspect: SuspectId) -> Result<Option<(Version, Suspect)>, ReadError> {
        self.rows(ONE, vec![suspect.into()]).await?.first().map(read).transpose()
    }

    /// The suspect that was reported under this mark, with the version the next change to it is ruled on; none when nobody did.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn suspect_of(&self, mark: &Mark) -> Result<Option<(Version, Suspect)>, ReadError> {
        self.rows(OF_MARK, vec![mark.as_str().into()]).await?.first().map(read).transpose()
    }

    /// Suspects in a state, those reported last first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn suspects(&self, state: SuspectState, limit: u32) -> Result<Vec<(Version, Suspect)>, ReadError> {
        self.rows(OF_STATE, vec![word(state)?.into(), limit.min(PAGE_MAX).into()]).await?.iter().map(read).collect()
    }

    /// How many suspects are in a state.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn suspects_count(&self, state: SuspectState) -> Result<i64, ReadError> {
        let rows = self.rows(COUNT_OF_STATE, vec![word(state)?.into()]).await?;
        rows.first().map_or(Ok(0), |row| row.int("suspects"))
    }

    /// How many suspects must be gone by this time.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn suspects_expired(&self, by: Wall) -> Result<i64, ReadError> {
        let rows = self.rows(COUNT_EXPIRED, vec![by.into()]).await?;
        rows.first().map_or(Ok(0), |row| row.int("suspects"))
    }
}
