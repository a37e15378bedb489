//! The outbox as rows: errands to other companies, sealed, found by when they are due. One that is over leaves nothing.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json};
use crate::error::ReadError;
use crate::store::Store;
use crate::vault::{SealError, Vault};
use walletline_core::commit::Version;
use walletline_core::kernel::{
    ids::{ErrandId, RunId},
    time::Wall,
};
use walletline_core::outbox::Errand;
use zeroize::Zeroizing;

const INSERT: &str = "INSERT INTO errand (id, version, wallet, contact, kind, job, attempts, due_at, give_up_at, held_by) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE errand SET version = version + 1, wallet = $3, contact = $4, kind = $5, job = $6, attempts = $7, \
    due_at = $8, give_up_at = $9, held_by = $10 WHERE id = $1 AND version = $2";

const OVER: &str = "DELETE FROM errand WHERE id = $1 AND version = $2";

const DUE: &str = "SELECT id, version, wallet, contact, job, attempts, due_at, give_up_at, held_by FROM errand \
    WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2";

const END_LEASES: &str = "UPDATE errand SET version = version + 1, due_at = $2, held_by = NULL WHERE held_by = $1";

const NEXT_DUE: &str = "SELECT MIN(due_at) AS due_at FROM errand";

const WAITING: &str = "SELECT COUNT(*) AS waiting FROM errand";

/// Writes an errand that was ruled on at `version`, sealed anew.
pub(crate) async fn write(conn: &mut Conn<'_>, vault: &Vault, version: Version, errand: &Errand) -> Result<(), Failure> {
    let Errand { id, wallet, contact, job, attempts, held_by, due_at, give_up_at } = errand;
    let name = id.to_string();
    let plain = Zeroizing::new(to_json(job)?);
    let sealed = vault.seal(&name, plain.as_bytes()).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let contact = contact.map(|contact| contact.to_string());
    let held_by = held_by.map(|run| run.to_string());
    let values = vec![
        name.into(),
        version.into(),
        wallet.as_str().into(),
        contact.as_deref().into(),
        job.name().into(),
        sealed.into(),
        (*attempts).into(),
        (*due_at).into(),
        (*give_up_at).into(),
        held_by.as_deref().into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "errand", id, version)
}

/// Removes an errand that was ruled on at `version`.
pub(crate) async fn over(conn: &mut Conn<'_>, version: Version, errand: ErrandId) -> Result<(), Failure> {
    match conn.execute(OVER, vec![errand.into(), version.into()]).await? {
        0 => Err(Failure::Conflict(format!("errand {errand} is not at version {version}"))),
        _ => Ok(()),
    }
}

/// Makes due what a run of the program had claimed. The version goes on: should that run live after all, it can write nothing of it.
pub(crate) async fn end_leases(conn: &mut Conn<'_>, run: RunId, at: Wall) -> Result<(), Failure> {
    conn.execute(END_LEASES, vec![run.to_string().into(), at.into()]).await?;
    Ok(())
}

fn read(row: &Row, vault: &Vault) -> Result<(Version, Errand), ReadError> {
    let corrupt = || ReadError::Corrupt("column job".to_owned());
    let id: ErrandId = row.id("id")?;
    let plain = vault.open(&id.to_string(), &row.text("job")?).map_err(|error| match error {
        SealError::NoKey => ReadError::Unavailable(error.to_string()),
        SealError::NotSealed | SealError::NotOpened => corrupt(),
    })?;
    let contact = row.text_or_null("contact")?.map(|contact| contact.parse()).transpose();
    let held_by = row.text_or_null("held_by")?.map(|run| run.parse()).transpose();
    let errand = Errand {
        id,
        wallet: row.text("wallet")?,
        contact: contact.map_err(|_| ReadError::Corrupt("column contact".to_owned()))?,
        job: serde_json::from_slice(&plain).map_err(|_| corrupt())?,
        attempts: u32::try_from(row.int("attempts")?).map_err(|_| ReadError::Corrupt("column attempts".to_owned()))?,
        held_by: held_by.map_err(|_| ReadError::Corrupt("column held_by".to_owned()))?,
        due_at: row.at("due_at")?,
        give_up_at: row.at("give_up_at")?,
    };
    Ok((row.int("version")?, errand))
}

impl Store {
    /// The errands that are due, the longest due first, each with the version it is claimed at. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or no key was set with [`Store::seal_with`]. An errand that does not open, because
    /// it was sealed with another key or changed, is passed over and named in the log: it must not keep the others waiting.
    pub async fn errands_due(&self, now: Wall, limit: u32) -> Result<Vec<(Version, Errand)>, ReadError> {
        let rows = self.rows(DUE, vec![now.into(), limit.min(PAGE_MAX).into()]).await?;
        let mut due = Vec::with_capacity(rows.len());
        for row in &rows {
            match read(row, self.vault()) {
                Ok(errand) => due.push(errand),
                Err(ReadError::Corrupt(what)) => {
                    tracing::error!(id = row.text("id")?, what, "an errand cannot be read: it is not run");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(due)
    }

    /// When the next errand is due, be it in the past; none when none waits.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn next_errand_due(&self) -> Result<Option<Wall>, ReadError> {
        self.rows(NEXT_DUE, vec![]).await?.first().map_or(Ok(None), |row| row.at_or_null("due_at"))
    }

    /// How many errands are not over, those being run included.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn errands_waiting(&self) -> Result<u64, ReadError> {
        let waiting = self.rows(WAITING, vec![]).await?.first().map_or(Ok(0), |row| row.int("waiting"))?;
        Ok(u64::try_from(waiting).unwrap_or(0))
    }
}
