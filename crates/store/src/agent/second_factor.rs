//! Second factors of staff as rows: seeds and passkeys sealed, recovery codes as keyed hashes. The row's version lets a code be taken once,
//! whoever shows it at the same time.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::agent::{Authenticator, Offered, SecondFactor, Secret};
use walletline_core::commit::Version;
use walletline_core::kernel::ids::StaffId;

const INSERT: &str = "INSERT INTO second_factor (staff, version, seed, since, step, offered_seed, offered_at, recovery, misses, \
    locked_until, passkeys) VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE second_factor SET version = version + 1, seed = $3, since = $4, step = $5, offered_seed = $6, \
    offered_at = $7, recovery = $8, misses = $9, locked_until = $10, passkeys = $11 WHERE staff = $1 AND version = $2";

const OF: &str = "SELECT staff, version, seed, since, step, offered_seed, offered_at, recovery, misses, locked_until, \
    passkeys FROM second_factor WHERE staff = $1";

const ENROLLED: &str = "SELECT staff FROM second_factor WHERE seed IS NOT NULL OR passkeys <> '[]' ORDER BY staff";

/// Writes a second factor that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, factor: &SecondFactor) -> Result<(), Failure> {
    let SecondFactor { staff, authenticator, passkeys, offered, recovery, misses, locked_until } = factor;
    let step = authenticator.as_ref().map_or(0, |known| i64::try_from(known.step).unwrap_or(i64::MAX));
    let values = vec![
        (*staff).into(),
        version.into(),
        authenticator.as_ref().map(|known| known.seed.expose()).into(),
        authenticator.as_ref().map(|known| known.since).into(),
        step.into(),
        offered.as_ref().map(|offered| offered.seed.expose()).into(),
        offered.as_ref().map(|offered| offered.at).into(),
        to_json(recovery)?.into(),
        (*misses).into(),
        (*locked_until).into(),
        to_json(passkeys)?.into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "second factor of", staff, version)
}

fn read(row: &Row) -> Result<(Version, SecondFactor), ReadError> {
    let step = u64::try_from(row.int("step")?).unwrap_or(0);
    let authenticator = row.text_or_null("seed")?.zip(row.at_or_null("since")?);
    let offered = row.text_or_null("offered_seed")?.zip(row.at_or_null("offered_at")?);
    let factor = SecondFactor {
        staff: row.id("staff")?,
        authenticator: authenticator.map(|(seed, since)| Authenticator { seed: Secret::new(seed), since, step }),
        passkeys: row.json("passkeys")?,
        offered: offered.map(|(seed, at)| Offered { seed: Secret::new(seed), at }),
        recovery: row.json("recovery")?,
        misses: u32::try_from(row.int("misses")?).unwrap_or(u32::MAX),
        locked_until: row.at_or_null("locked_until")?,
    };
    Ok((row.int("version")?, factor))
}

impl Store {
    /// The second factor of this person with the version its next change is ruled on: 0 and none where nothing was ever set up.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn second_factor(&self, staff: StaffId) -> Result<(Version, SecondFactor), ReadError> {
        let rows = self.rows(OF, vec![staff.into()]).await?;
        Ok(rows.first().map(read).transpose()?.unwrap_or_else(|| (0, SecondFactor::none(staff))))
    }

    /// Everybody who has set a second factor up.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn with_second_factor(&self) -> Result<Vec<StaffId>, ReadError> {
        self.rows(ENROLLED, vec![]).await?.iter().map(|row| row.id("staff")).collect()
    }
}
