//! Files sent for cases, as rows: found by their case, by whoever has to look at them, by those whose time is over. A name is sealed like what
//! waits in the outbox.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json, to_word};
use crate::error::ReadError;
use crate::store::Store;
use crate::vault::{SealError, Vault};
use walletline_core::cases::Upload;
use walletline_core::commit::Version;
use walletline_core::kernel::{
    ids::{CaseId, UploadId},
    pii::Pii,
    time::Wall,
};

const INSERT: &str = "INSERT INTO upload \
    (id, version, case_id, place, name, kind, size, digest, sent_by, sent_at, standing, state, expires_at) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE upload SET version = version + 1, case_id = $3, place = $4, name = $5, kind = $6, size = $7, digest = $8, \
    sent_by = $9, sent_at = $10, standing = $11, state = $12, expires_at = $13 WHERE id = $1 AND version = $2";

/// A query of files: `$which` chooses and orders them.
macro_rules! uploads_sql {
    ($which:literal) => {
        concat!(
            "SELECT id, version, case_id, place, name, kind, size, digest, sent_by, sent_at, state, expires_at FROM upload ",
            $which
        )
    };
}

const ONE: &str = uploads_sql!("WHERE id = $1");

const OF_CASE: &str = uploads_sql!("WHERE case_id = $1 ORDER BY place LIMIT $2");

const WAITING: &str = uploads_sql!("WHERE standing = 'waiting' ORDER BY sent_at, id LIMIT $1");

/// A case that is open keeps its files whatever their own time says.
const EXPIRED: &str = uploads_sql!(
    "WHERE standing <> 'erased' AND expires_at <= $1 AND case_id IN (SELECT id FROM support_case WHERE kept_until <= $1) \
    ORDER BY expires_at, id LIMIT $2"
);

const BYTES: &str =
    "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes FROM upload WHERE standing IN ('waiting', 'not_scanned', 'clean')";

/// Writes a file that was ruled on at `version`. A second one in the same place of a case is a conflict.
pub(crate) async fn write(conn: &mut Conn<'_>, vault: &Vault, version: Version, upload: &Upload) -> Result<(), Failure> {
    let Upload { id, case, place, name, kind, size, digest, by, at, state, expires_at } = upload;
    let sealed = vault.seal(&id.to_string(), name.expose().as_bytes()).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let values = vec![
        (*id).into(),
        version.into(),
        (*case).into(),
        i64::from(*place).into(),
        sealed.into(),
        to_word(kind)?.into(),
        i64::try_from(*size).unwrap_or(i64::MAX).into(),
        digest.as_str().into(),
        to_json(by)?.into(),
        (*at).into(),
        state.name().into(),
        to_json(state)?.into(),
        (*expires_at).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "upload", id, version)
}

fn read(row: &Row, vault: &Vault) -> Result<(Version, Upload), ReadError> {
    let corrupt = |column: &str| ReadError::Corrupt(format!("column {column}"));
    let id: UploadId = row.id("id")?;
    let plain = vault.open(&id.to_string(), &row.text("name")?).map_err(|error| match error {
        SealError::NoKey => ReadError::Unavailable(error.to_string()),
        SealError::NotSealed | SealError::NotOpened => corrupt("name"),
    })?;
    let upload = Upload {
        id,
        case: row.id("case_id")?,
        place: u32::try_from(row.int("place")?).map_err(|_| corrupt("place"))?,
        name: Pii::new(String::from_utf8(plain.to_vec()).map_err(|_| corrupt("name"))?),
        kind: row.word("kind")?,
        size: u64::try_from(row.int("size")?).map_err(|_| corrupt("size"))?,
        digest: row.text("digest")?,
        by: row.json("sent_by")?,
        at: row.at("sent_at")?,
        state: row.json("state")?,
        expires_at: row.at("expires_at")?,
    };
    Ok((row.int("version")?, upload))
}

impl Store {
    /// A file, with the version the next change to it is ruled on; none when there is no such.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn upload(&self, id: UploadId) -> Result<Option<(Version, Upload)>, ReadError> {
        self.rows(ONE, vec![id.into()]).await?.first().map(|row| read(row, self.vault())).transpose()
    }

    /// The files of a case, in order of their places. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn uploads_of(&self, case: CaseId) -> Result<Vec<Upload>, ReadError> {
        let rows = self.rows(OF_CASE, vec![case.into(), PAGE_MAX.into()]).await?;
        rows.iter().map(|row| read(row, self.vault()).map(|(_, upload)| upload)).collect()
    }

    /// Files that wait for a scanner, those that wait longest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn uploads_waiting(&self, limit: u32) -> Result<Vec<(Version, Upload)>, ReadError> {
        let rows = self.rows(WAITING, vec![limit.min(PAGE_MAX).into()]).await?;
        rows.iter().map(|row| read(row, self.vault())).collect()
    }

    /// Files whose time is over, as their cases' is. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn uploads_expired(&self, now: Wall, limit: u32) -> Result<Vec<(Version, Upload)>, ReadError> {
        let rows = self.rows(EXPIRED, vec![now.into(), limit.min(PAGE_MAX).into()]).await?;
        rows.iter().map(|row| read(row, self.vault())).collect()
    }

    /// Bytes of all files that are there.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn upload_bytes(&self) -> Result<u64, ReadError> {
        let rows = self.rows(BYTES, Vec::new()).await?;
        let bytes = rows.first().map_or(Ok(0), |row| row.int("bytes"))?;
        Ok(u64::try_from(bytes).unwrap_or(0))
    }
}
