//! Requests to be called back as rows, found by their case or by who waits longest. The number and the phrase are sealed like what waits in
//! the outbox.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json, to_word};
use crate::error::ReadError;
use crate::store::Store;
use crate::vault::{SealError, Vault};
use serde::{Deserialize, Serialize};
use walletline_core::cases::{Callback, CallbackState, Case};
use walletline_core::commit::Version;
use walletline_core::kernel::{
    ids::{CaseId, StaffId},
    pii::Pii,
    time::Wall,
};

/// Who has it, as JSON; empty while nobody has.
#[derive(Default, Serialize, Deserialize)]
struct Details {
    by: Option<StaffId>,
    at: Option<Wall>,
}

const INSERT: &str = "INSERT INTO callback \
    (case_id, version, wallet, number, language, service, state, asked_at, details, expires_at, phrase) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE callback SET version = version + 1, wallet = $3, number = $4, language = $5, service = $6, \
    state = $7, asked_at = $8, details = $9, expires_at = $10, phrase = $11 WHERE case_id = $1 AND version = $2";

const ONE: &str = "SELECT case_id, version, wallet, number, language, service, state, asked_at, details, expires_at, phrase \
    FROM callback WHERE case_id = $1";

const OPEN: &str = "SELECT case_id, version, wallet, number, language, service, state, asked_at, details, expires_at, phrase \
    FROM callback WHERE state <> 'done' ORDER BY asked_at, case_id LIMIT $1";

/// Writes a request that was ruled on at `version`, its number sealed anew.
pub(crate) async fn write(conn: &mut Conn<'_>, vault: &Vault, version: Version, callback: &Callback) -> Result<(), Failure> {
    let Callback { case, wallet, number, language, service, state, asked_at, phrase, expires_at } = callback;
    let name = case.to_string();
    let seal = |row: &str, plain: &[u8]| vault.seal(row, plain).map_err(|error| sqlx::Error::Encode(Box::new(error)));
    let sealed = seal(&name, number.expose().as_bytes())?;
    let phrase = match phrase {
        Some(phrase) => Some(seal(&phrase_of(*case), to_json(phrase)?.as_bytes())?),
        None => None,
    };
    let (word, details) = match state {
        CallbackState::Waiting => ("waiting", Details::default()),
        CallbackState::Taken { by, at } => ("taken", Details { by: Some(*by), at: Some(*at) }),
        CallbackState::Done { by, at } => ("done", Details { by: Some(*by), at: Some(*at) }),
    };
    let service = service.as_ref().map(to_word).transpose()?;
    let values = vec![
        name.into(),
        version.into(),
        wallet.as_str().into(),
        sealed.into(),
        to_word(language)?.into(),
        service.as_deref().into(),
        word.into(),
        (*asked_at).into(),
        to_json(&details)?.into(),
        (*expires_at).into(),
        phrase.as_deref().into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "callback", case, version)
}

/// What a phrase is sealed for: its column too, so that nothing sealed in this row opens as something else.
fn phrase_of(case: CaseId) -> String {
    format!("{case} phrase")
}

fn read(row: &Row, vault: &Vault) -> Result<(Version, Callback), ReadError> {
    let corrupt = |column: &str| ReadError::Corrupt(format!("column {column}"));
    let case: CaseId = row.id("case_id")?;
    let open = |sealed: &str, name: &str, column: &str| {
        vault.open(name, sealed).map_err(|error| match error {
            SealError::NoKey => ReadError::Unavailable(error.to_string()),
            SealError::NotSealed | SealError::NotOpened => corrupt(column),
        })
    };
    let plain = open(&row.text("number")?, &case.to_string(), "number")?;
    let number = String::from_utf8(plain.to_vec()).map_err(|_| corrupt("number"))?;
    let phrase = match row.text_or_null("phrase")? {
        Some(sealed) => {
            let plain = open(&sealed, &phrase_of(case), "phrase")?;
            Some(serde_json::from_slice(&plain).map_err(|_| corrupt("phrase"))?)
        }
        None => None,
    };
    let Details { by, at } = row.json("details")?;
    let state = match (row.text("state")?.as_str(), by.zip(at)) {
        ("waiting", _) => CallbackState::Waiting,
        ("taken", Some((by, at))) => CallbackState::Taken { by, at },
        ("done", Some((by, at))) => CallbackState::Done { by, at },
        _ => return Err(corrupt("state")),
    };
    let callback = Callback {
        case,
        wallet: row.text("wallet")?,
        number: Pii::new(number),
        language: row.word("language")?,
        service: row.word_or_null("service")?,
        state,
        asked_at: row.at("asked_at")?,
        phrase,
        expires_at: row.at("expires_at")?,
    };
    Ok((row.int("version")?, callback))
}

impl Store {
    /// The request that belongs to a case, with the version the next change to it is ruled on; none when there is no such.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn callback(&self, case: CaseId) -> Result<Option<(Version, Callback)>, ReadError> {
        self.rows(ONE, vec![case.into()]).await?.first().map(|row| read(row, self.vault())).transpose()
    }

    /// Requests that nobody has finished, the oldest first, each with its case. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn open_callbacks(&self, limit: u32) -> Result<Vec<(Callback, Case)>, ReadError> {
        let rows = self.rows(OPEN, vec![limit.min(PAGE_MAX).into()]).await?;
        let mut open = Vec::with_capacity(rows.len());
        for row in &rows {
            let (_, callback) = read(row, self.vault())?;
            if let Some((_, case)) = self.case(callback.case).await? {
                open.push((callback, case));
            }
        }
        Ok(open)
    }
}
