//! Provisional credits as rows, one for each case at most.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json, to_word};
use crate::error::ReadError;
use crate::store::Store;
use serde::{Deserialize, Serialize};
use walletline_core::cases::Credit;
use walletline_core::commit::Version;
use walletline_core::kernel::{
    ids::{CaseId, StaffId},
    money::Money,
    time::Wall,
};

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
struct Details {
    proposed_by: StaffId,
    decided_by: Option<StaffId>,
    given_at: Option<Wall>,
}

const INSERT: &str = "INSERT INTO case_credit (case_id, version, minor, currency, state, changed_at, details, expires_at) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE case_credit SET version = version + 1, minor = $3, currency = $4, state = $5, changed_at = $6, \
    details = $7, expires_at = $8 WHERE case_id = $1 AND version = $2";

const ONE: &str = "SELECT case_id, version, minor, currency, state, changed_at, details, expires_at FROM case_credit \
    WHERE case_id = $1";

/// Writes a credit that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, credit: &Credit) -> Result<(), Failure> {
    let Credit { case, amount, state, proposed_by, decided_by, given_at, changed_at, expires_at } = credit;
    let details = Details { proposed_by: *proposed_by, decided_by: *decided_by, given_at: *given_at };
    let values = vec![
        (*case).into(),
        version.into(),
        amount.minor.into(),
        amount.currency.code().into(),
        to_word(state)?.into(),
        (*changed_at).into(),
        to_json(&details)?.into(),
        (*expires_at).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "case_credit", case, version)
}

fn read(row: &Row) -> Result<(Version, Credit), ReadError> {
    let Details { proposed_by, decided_by, given_at } = row.json("details")?;
    let currency = row.text("currency")?.parse().map_err(|_| ReadError::Corrupt("column currency".to_owned()))?;
    let credit = Credit {
        case: row.id("case_id")?,
        amount: Money::new(row.int("minor")?, currency),
        state: row.word("state")?,
        proposed_by,
        decided_by,
        given_at,
        changed_at: row.at("changed_at")?,
        expires_at: row.at("expires_at")?,
    };
    Ok((row.int("version")?, credit))
}

impl Store {
    /// The provisional credit of a case, with the version the next change to it is ruled on; none when there is none.
    ///
    /// # Errors
    /// When the database does not answer in time, or the row cannot be read.
    pub async fn credit_of(&self, case: CaseId) -> Result<Option<(Version, Credit)>, ReadError> {
        self.rows(ONE, vec![case.into()]).await?.first().map(read).transpose()
    }
}
