//! Editions: the directory as it was signed. Only ever added to.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::directory::Edition;

const INSERT: &str = "INSERT INTO edition (version, issued_at, expires_at, key_id, hash, document, listed) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";

/// A query of editions: `$which` chooses and orders them.
macro_rules! editions_sql {
    ($which:literal) => {
        concat!("SELECT version, issued_at, expires_at, key_id, hash, document, listed FROM edition ", $which)
    };
}

const LAST: &str = editions_sql!("ORDER BY version DESC LIMIT 1");
const RECENT: &str = "SELECT version, hash FROM edition ORDER BY version DESC LIMIT $1";

/// Adds an edition.
pub(crate) async fn write(conn: &mut Conn<'_>, edition: &Edition) -> Result<(), Failure> {
    let Edition { version, issued_at, expires_at, key, hash, document, listed } = edition;
    let values = vec![
        (*version).into(),
        (*issued_at).into(),
        (*expires_at).into(),
        key.as_str().into(),
        hash.as_str().into(),
        document.as_str().into(),
        to_json(listed)?.into(),
    ];
    let touched = conn.execute(INSERT, values).await?;
    expect_one(touched, "edition", version, 0)
}

fn read(row: &Row) -> Result<Edition, ReadError> {
    Ok(Edition {
        version: row.int("version")?,
        issued_at: row.at("issued_at")?,
        expires_at: row.at("expires_at")?,
        key: row.text("key_id")?,
        hash: row.text("hash")?,
        document: row.text("document")?,
        listed: row.json("listed")?,
    })
}

impl Store {
    /// The newest edition; none before the first.
    ///
    /// # Errors
    /// When the database does not answer in time, or the row cannot be read.
    pub async fn last_edition(&self) -> Result<Option<Edition>, ReadError> {
        self.rows(LAST, vec![]).await?.first().map(read).transpose()
    }

    /// Number and hash of the newest editions, newest first.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn edition_hashes(&self, limit: u32) -> Result<Vec<(i64, String)>, ReadError> {
        let rows = self.rows(RECENT, vec![limit.into()]).await?;
        rows.iter().map(|row| Ok((row.int("version")?, row.text("hash")?))).collect()
    }
}
