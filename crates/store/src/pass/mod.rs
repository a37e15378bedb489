//! Call passes as rows, found by the keyed hash of their code. The code itself is nowhere; what was written goes with the row when
//! its day is over.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json, to_word};
use crate::error::ReadError;
use crate::store::Store;
use serde::{Deserialize, Serialize};
use walletline_core::commit::Version;
use walletline_core::kernel::{
    ids::{ContactId, PassId},
    language::Language,
    time::Wall,
};
use walletline_core::pass::{ImageKind, Pass, PassHash, Told};

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
struct Details {
    language: Language,
    told: Told,
    screenshot: Option<ImageKind>,
    contact: Option<ContactId>,
}

const INSERT: &str = "INSERT INTO call_pass (id, version, wallet, code, topic, made_at, details, expires_at) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE call_pass SET version = version + 1, wallet = $3, code = $4, topic = $5, made_at = $6, details = $7, \
    expires_at = $8 WHERE id = $1 AND version = $2";

const FORGET: &str = "DELETE FROM call_pass WHERE expires_at <= $1";

const BY_CODE: &str = "SELECT id, version, wallet, code, topic, made_at, details, expires_at FROM call_pass WHERE code = $1";

const BY_ID: &str = "SELECT id, version, wallet, code, topic, made_at, details, expires_at FROM call_pass WHERE id = $1";

const LIVE: &str = "SELECT COUNT(*) AS live FROM call_pass WHERE wallet = $1 AND expires_at > $2";

const EXPIRED: &str = "SELECT COUNT(*) AS expired FROM call_pass WHERE expires_at <= $1";

/// Writes a pass that was ruled on at `version`. A code that another pass has is a conflict.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, pass: &Pass) -> Result<(), Failure> {
    let Pass { id, wallet, code, topic, language, told, screenshot, made_at, expires_at, contact } = pass;
    let details = Details { language: *language, told: told.clone(), screenshot: *screenshot, contact: *contact };
    let values = vec![
        (*id).into(),
        version.into(),
        wallet.as_str().into(),
        code.as_str().into(),
        to_word(topic)?.into(),
        (*made_at).into(),
        to_json(&details)?.into(),
        (*expires_at).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "call pass", id, version)
}

/// Forgets the passes that had expired by then.
pub(crate) async fn forget(conn: &mut Conn<'_>, at: Wall) -> Result<(), Failure> {
    conn.execute(FORGET, vec![at.into()]).await?;
    Ok(())
}

fn read(row: &Row) -> Result<(Version, Pass), ReadError> {
    let Details { language, told, screenshot, contact } = row.json("details")?;
    let pass = Pass {
        id: row.id("id")?,
        wallet: row.text("wallet")?,
        code: PassHash::new(row.text("code")?),
        topic: row.word("topic")?,
        language,
        told,
        screenshot,
        made_at: row.at("made_at")?,
        expires_at: row.at("expires_at")?,
        contact,
    };
    Ok((row.int("version")?, pass))
}

fn count(rows: &[Row], column: &'static str) -> Result<u64, ReadError> {
    let count = rows.first().map(|row| row.int(column)).transpose()?.unwrap_or(0);
    Ok(u64::try_from(count).unwrap_or(0))
}

impl Store {
    /// The pass under a code, with the version the next change to it is ruled on; none when there is no such. It may have expired.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn pass_by_code(&self, code: &PassHash) -> Result<Option<(Version, Pass)>, ReadError> {
        self.rows(BY_CODE, vec![code.as_str().into()]).await?.first().map(read).transpose()
    }

    /// A pass, with the version the next change to it is ruled on; none when there is no such. It may have expired.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn pass(&self, pass: PassId) -> Result<Option<(Version, Pass)>, ReadError> {
        self.rows(BY_ID, vec![pass.into()]).await?.first().map(read).transpose()
    }

    /// How many passes of a wallet have not expired.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn passes_live(&self, wallet: &str, now: Wall) -> Result<u64, ReadError> {
        count(&self.rows(LIVE, vec![wallet.into(), now.into()]).await?, "live")
    }

    /// How many passes have expired and are still there.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn passes_expired(&self, now: Wall) -> Result<u64, ReadError> {
        count(&self.rows(EXPIRED, vec![now.into()]).await?, "expired")
    }
}
