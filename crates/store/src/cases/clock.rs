//! Clocks of cases as rows, found by their case or by who has to be looked at first; and the cases that lack one.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json, to_word};
use crate::error::ReadError;
use crate::store::Store;
use serde::{Deserialize, Serialize};
use walletline_core::cases::{Alert, Case, CaseKind, Clock, End, Ended, Extended, Pause, Reckoned, Terms};
use walletline_core::commit::Version;
use walletline_core::kernel::{ids::CaseId, time::Wall};

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
struct Details {
    terms: Terms,
    pauses: Vec<Pause>,
    extended: Vec<Extended>,
    raised: Option<Alert>,
    how: Option<End>,
    missing_year: Option<i16>,
}

const INSERT: &str = "INSERT INTO case_clock \
    (id, version, case_id, wallet, regime, clock, started_at, deadline, look_at, ended_at, details, expires_at) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE case_clock SET version = version + 1, case_id = $3, wallet = $4, regime = $5, clock = $6, \
    started_at = $7, deadline = $8, look_at = $9, ended_at = $10, details = $11, expires_at = $12 WHERE id = $1 AND version = $2";

/// A query of clocks: `$which` chooses and orders them.
macro_rules! clocks_sql {
    ($which:literal) => {
        concat!(
            "SELECT id, version, case_id, wallet, started_at, deadline, look_at, ended_at, details, expires_at FROM case_clock ",
            $which
        )
    };
}

const OF_CASE: &str = clocks_sql!("WHERE case_id = $1 ORDER BY started_at, regime, clock LIMIT $2");

const DUE: &str = clocks_sql!("WHERE look_at <= $1 ORDER BY look_at, id LIMIT $2");

const OF_CLOSED: &str = clocks_sql!(
    "WHERE ended_at IS NULL AND case_id IN (SELECT id FROM support_case WHERE state = 'closed') ORDER BY started_at, id LIMIT $1"
);

const RUNNING: &str =
    clocks_sql!("WHERE ended_at IS NULL ORDER BY CASE WHEN deadline IS NULL THEN 1 ELSE 0 END, deadline, id LIMIT $1");

const NEXT: &str = "SELECT MIN(look_at) AS look_at FROM case_clock";

/// Open cases of a kind that lack a clock.
const WITHOUT: &str = "SELECT id FROM support_case WHERE wallet = $1 AND kind = $2 AND state = 'open' AND NOT EXISTS \
    (SELECT 1 FROM case_clock WHERE case_clock.case_id = support_case.id AND regime = $3 AND clock = $4) \
    ORDER BY opened_at, id LIMIT $5";

/// Writes a clock that was ruled on at `version`. A second one of a rule on one case is a conflict.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, clock: &Clock) -> Result<(), Failure> {
    let row = clock.clone();
    let details = Details {
        pauses: row.pauses,
        extended: row.extended,
        raised: row.raised,
        how: row.ended.map(|ended| ended.how),
        missing_year: row.reckoned.missing_year,
        terms: row.terms,
    };
    let values = vec![
        row.id.into(),
        version.into(),
        row.case.into(),
        row.wallet.into(),
        details.terms.regime.as_str().into(),
        details.terms.rule.id.as_str().into(),
        row.started_at.into(),
        row.reckoned.deadline.into(),
        row.reckoned.next_at.into(),
        row.ended.map(|ended| ended.at).into(),
        to_json(&details)?.into(),
        row.expires_at.into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "case_clock", &clock.id, version)
}

fn read(row: &Row) -> Result<(Version, Clock), ReadError> {
    let Details { terms, pauses, extended, raised, how, missing_year } = row.json("details")?;
    let clock = Clock {
        id: row.id("id")?,
        case: row.id("case_id")?,
        wallet: row.text("wallet")?,
        terms,
        started_at: row.at("started_at")?,
        pauses,
        extended,
        raised,
        ended: row.at_or_null("ended_at")?.zip(how).map(|(at, how)| Ended { at, how }),
        reckoned: Reckoned { deadline: row.at_or_null("deadline")?, next_at: row.at_or_null("look_at")?, missing_year },
        expires_at: row.at("expires_at")?,
    };
    Ok((row.int("version")?, clock))
}

impl Store {
    /// The clocks of a case in the order in which they started, each with the version the next change to it is ruled on. At most
    /// [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn clocks_of(&self, case: CaseId) -> Result<Vec<(Version, Clock)>, ReadError> {
        self.rows(OF_CASE, vec![case.into(), PAGE_MAX.into()]).await?.iter().map(read).collect()
    }

    /// The clocks that have to be looked at by now, the one that waits longest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn clocks_due(&self, now: Wall, limit: u32) -> Result<Vec<(Version, Clock)>, ReadError> {
        self.rows(DUE, vec![now.into(), limit.min(PAGE_MAX).into()]).await?.iter().map(read).collect()
    }

    /// Clocks that have not ended, the one that is due next first; those without a day last. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn clocks_running(&self, limit: u32) -> Result<Vec<(Version, Clock)>, ReadError> {
        self.rows(RUNNING, vec![limit.min(PAGE_MAX).into()]).await?.iter().map(read).collect()
    }

    /// Clocks that have not ended although their case is closed. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn clocks_of_closed_cases(&self, limit: u32) -> Result<Vec<(Version, Clock)>, ReadError> {
        self.rows(OF_CLOSED, vec![limit.min(PAGE_MAX).into()]).await?.iter().map(read).collect()
    }

    /// When the first clock has to be looked at; none when none has.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn next_clock(&self) -> Result<Option<Wall>, ReadError> {
        self.rows(NEXT, vec![]).await?.first().map_or(Ok(None), |row| row.at_or_null("look_at"))
    }

    /// Open cases of a wallet and a kind that this rule of this regime has no clock on, oldest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn cases_without_clock(
        &self,
        wallet: &str,
        kind: CaseKind,
        (regime, clock): (&str, &str),
        limit: u32,
    ) -> Result<Vec<Case>, ReadError> {
        let values = vec![wallet.into(), to_word(&kind)?.into(), regime.into(), clock.into(), limit.min(PAGE_MAX).into()];
        let mut found = Vec::new();
        for row in self.rows(WITHOUT, values).await? {
            found.extend(self.case(row.id("id")?).await?.map(|(_, case)| case));
        }
        Ok(found)
    }
}
