//! The outbox as rows: errands to other companies, sealed, found by when they are due. One that is over leaves nothing.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json};
use crate::error::ReadError;
use crate::store::Store;
use crate::vault::{SealError, Vault};
use walletline_core::commit::Version;
use walletline_core::kernel::{
    ids::{ContactId, ErrandId, RunId},
    time::Wall,
};
use walletline_core::outbox::Errand;
use zeroize::Zeroizing;

pub(crate) mod budget;
pub(crate) mod delivery;

const INSERT: &str = "INSERT INTO errand (id, version, wallet, contact, kind, job, attempts, due_at, give_up_at, held_by) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE errand SET version = version + 1, wallet = $3, contact = $4, kind = $5, job = $6, attempts = $7, \
    due_at = $8, give_up_at = $9, held_by = $10 WHERE id = $1 AND version = $2";

const OVER: &str = "DELETE FROM errand WHERE id = $1 AND version = $2";

const DUE: &str = "SELECT id, version, wallet, contact, kind, job, attempts, due_at, give_up_at, held_by FROM errand \
    WHERE due_at <= $1 AND refused_at IS NULL ORDER BY due_at, id LIMIT $2";

const ONE: &str =
    "SELECT id, version, wallet, contact, kind, job, attempts, due_at, give_up_at, held_by FROM errand WHERE id = $1";

const END_LEASES: &str = "UPDATE errand SET version = version + 1, due_at = $2, held_by = NULL WHERE held_by = $1";

const REFUSE: &str = "UPDATE errand SET refused_at = $3 WHERE id = $1 AND version = $2 AND refused_at IS NULL";

const LOOK_AGAIN: &str = "UPDATE errand SET refused_at = NULL WHERE refused_at IS NOT NULL";

const REFUSED: &str = "SELECT COUNT(*) AS refused FROM errand WHERE refused_at IS NOT NULL";

const NEXT_DUE: &str = "SELECT MIN(due_at) AS due_at FROM errand WHERE refused_at IS NULL";

const WAITING: &str = "SELECT COUNT(*) AS waiting FROM errand WHERE refused_at IS NULL";

/// Writes an errand that was ruled on at `version`, sealed anew.
pub(crate) async fn write(conn: &mut Conn<'_>, vault: &Vault, version: Version, errand: &Errand) -> Result<(), Failure> {
    let Errand { id, wallet, contact, job, attempts, held_by, due_at, give_up_at } = errand;
    let name = id.to_string();
    let plain = Zeroizing::new(to_json(job)?);
    let sealed = vault.seal(&label(errand), plain.as_bytes()).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
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

/// Sets aside an errand that does not open, as it was looked at.
pub(crate) async fn refuse(conn: &mut Conn<'_>, version: Version, errand: ErrandId, at: Wall) -> Result<(), Failure> {
    let touched = conn.execute(REFUSE, vec![errand.into(), version.into(), at.into()]).await?;
    expect_one(touched, "errand", &errand, version.max(1))
}

/// What the seal of an errand holds on to beside its job: a row that is moved, swapped with another or given another wallet, contact or
/// end does not open. `due_at` and `held_by` are left out, because a start ends the leases of the run before it unseen.
fn label(errand: &Errand) -> String {
    let Errand { id, wallet, contact, job, attempts, held_by: _, due_at: _, give_up_at } = errand;
    bound_to(&id.to_string(), wallet, *contact, job.name(), *attempts, *give_up_at)
}

fn bound_to(id: &str, wallet: &str, contact: Option<ContactId>, kind: &str, attempts: u32, give_up_at: Wall) -> String {
    let contact = contact.map(|contact| contact.to_string()).unwrap_or_default();
    format!("{id}\n{wallet}\n{contact}\n{kind}\n{attempts}\n{}", give_up_at.0)
}

/// Makes due what a run of the program had claimed, and has what was set aside looked at again. The version goes on: should that run live after all, it can write nothing of it.
pub(crate) async fn end_leases(conn: &mut Conn<'_>, run: RunId, at: Wall) -> Result<(), Failure> {
    conn.execute(END_LEASES, vec![run.to_string().into(), at.into()]).await?;
    conn.execute(LOOK_AGAIN, vec![]).await?;
    Ok(())
}

fn read(row: &Row, vault: &Vault) -> Result<(Version, Errand), ReadError> {
    let corrupt = || ReadError::Corrupt("column job".to_owned());
    let id: ErrandId = row.id("id")?;
    let contact = row.text_or_null("contact")?.map(|contact| contact.parse()).transpose();
    let contact = contact.map_err(|_| ReadError::Corrupt("column contact".to_owned()))?;
    let attempts = u32::try_from(row.int("attempts")?).map_err(|_| ReadError::Corrupt("column attempts".to_owned()))?;
    let (wallet, give_up_at) = (row.text("wallet")?, row.at("give_up_at")?);
    let label = bound_to(&id.to_string(), &wallet, contact, &row.text("kind")?, attempts, give_up_at);
    // A row from before the whole row was sealed is bound to its id alone. Nobody without the key can make one.
    let opened =
        vault.open(&label, &row.text("job")?).or_else(|_| vault.open(&id.to_string(), &row.text("job").unwrap_or_default()));
    let plain = opened.map_err(|error| match error {
        SealError::NoKey => ReadError::Unavailable(error.to_string()),
        SealError::NotSealed | SealError::NotOpened => corrupt(),
    })?;
    let held_by = row.text_or_null("held_by")?.map(|run| run.parse()).transpose();
    let errand = Errand {
        id,
        wallet,
        contact,
        job: serde_json::from_slice(&plain).map_err(|_| corrupt())?,
        attempts,
        held_by: held_by.map_err(|_| ReadError::Corrupt("column held_by".to_owned()))?,
        due_at: row.at("due_at")?,
        give_up_at,
    };
    Ok((row.int("version")?, errand))
}

/// Errands that are due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Those that can be run.
    pub errands: Vec<(Version, Errand)>,
    /// Those that do not open, each with the version it was looked at.
    pub changed: Vec<(Version, ErrandId)>,
}

impl Store {
    /// The errands that are due, the longest due first, each with the version it is claimed at. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or no key was set with [`Store::seal_with`]. An errand that does not open is passed
    /// over: it must not keep the others waiting.
    pub async fn errands_due(&self, now: Wall, limit: u32) -> Result<Vec<(Version, Errand)>, ReadError> {
        self.errands_looked_at(now, limit).await.map(|due| due.errands)
    }

    /// The same, with those whose rows do not open, because they were sealed with another key or changed by other hands.
    ///
    /// # Errors
    /// As [`Store::errands_due`].
    pub async fn errands_looked_at(&self, now: Wall, limit: u32) -> Result<Due, ReadError> {
        let rows = self.rows(DUE, vec![now.into(), limit.min(PAGE_MAX).into()]).await?;
        let mut due = Due { errands: Vec::with_capacity(rows.len()), changed: Vec::new() };
        for row in &rows {
            match read(row, self.vault()) {
                Ok(errand) => due.errands.push(errand),
                Err(ReadError::Corrupt(_)) => due.changed.push((row.int("version")?, row.id("id")?)),
                Err(error) => return Err(error),
            }
        }
        Ok(due)
    }

    /// How many errands were set aside because their rows do not open.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn errands_refused(&self) -> Result<u64, ReadError> {
        let refused = self.rows(REFUSED, vec![]).await?.first().map_or(Ok(0), |row| row.int("refused"))?;
        Ok(u64::try_from(refused).unwrap_or(0))
    }

    /// An errand, with the version the next change to it is ruled on; none when it is over.
    ///
    /// # Errors
    /// When the database does not answer in time, no key was set, or its row does not open.
    pub async fn errand(&self, errand: ErrandId) -> Result<Option<(Version, Errand)>, ReadError> {
        self.rows(ONE, vec![errand.into()]).await?.first().map(|row| read(row, self.vault())).transpose()
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
