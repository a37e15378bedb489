//! Codes as rows: who was sent one, and what came of it. The code itself is never here, only its keyed hash.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json, to_word};
use crate::error::ReadError;
use crate::store::Store;
use serde::{Deserialize, Serialize};
use walletline_core::commit::Version;
use walletline_core::identity::Challenge;
use walletline_core::kernel::{assurance::Factor, ids::ChallengeId, subject::Subject, time::Wall};

/// What a row of before there were other factors is of.
const fn sent() -> Factor {
    Factor::SmsCode
}

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
struct Details {
    #[serde(default = "sent")]
    factor: Factor,
    counts: bool,
    signal: Option<String>,
    good_until: Wall,
    wrong: u8,
}

const INSERT: &str = "INSERT INTO challenge (id, version, contact, wallet, subject, code, state, sent_at, details, expires_at) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE challenge SET version = version + 1, contact = $3, wallet = $4, subject = $5, code = $6, state = $7, \
    sent_at = $8, details = $9, expires_at = $10 WHERE id = $1 AND version = $2";

const ONE: &str = "SELECT id, version, contact, wallet, subject, code, state, sent_at, details, expires_at FROM challenge \
    WHERE id = $1";

/// Writes a challenge that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, challenge: &Challenge) -> Result<(), Failure> {
    let Challenge { id, contact, wallet, subject, factor, code, counts, signal, sent_at, expires_at, wrong, state, kept_until } =
        challenge;
    let details = Details { factor: *factor, counts: *counts, signal: signal.clone(), good_until: *expires_at, wrong: *wrong };
    let values = vec![
        (*id).into(),
        version.into(),
        (*contact).into(),
        wallet.as_str().into(),
        subject.into(),
        to_word(code)?.into(),
        to_word(state)?.into(),
        (*sent_at).into(),
        to_json(&details)?.into(),
        (*kept_until).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "challenge", id, version)
}

fn read(row: &Row) -> Result<(Version, Challenge), ReadError> {
    let Details { factor, counts, signal, good_until, wrong } = row.json("details")?;
    let challenge = Challenge {
        id: row.id("id")?,
        contact: row.id("contact")?,
        wallet: row.text("wallet")?,
        subject: Subject::new(row.text("subject")?),
        factor,
        code: row.word("code")?,
        counts,
        signal,
        sent_at: row.at("sent_at")?,
        expires_at: good_until,
        wrong,
        state: row.word("state")?,
        kept_until: row.at("expires_at")?,
    };
    Ok((row.int("version")?, challenge))
}

impl Store {
    /// A code that was sent or would have been, with the version the next change to it is ruled on; none when there is no such.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn challenge(&self, challenge: ChallengeId) -> Result<Option<(Version, Challenge)>, ReadError> {
        self.rows(ONE, vec![challenge.into()]).await?.first().map(read).transpose()
    }
}
