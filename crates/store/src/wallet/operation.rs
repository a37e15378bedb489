//! Acts on wallets as rows, from the decision on, each under the key by which its wallet knows it again.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json, to_word};
use crate::error::ReadError;
use crate::store::Store;
use serde::{Deserialize, Serialize};
use walletline_core::commit::Version;
use walletline_core::kernel::{
    assurance::Level,
    ids::{CaseId, ChallengeId, ErrandId, OperationId, StaffId},
    subject::Subject,
    time::Wall,
};
use walletline_core::wallet::{Decline, KEPT, Operation};

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
struct Details {
    act: String,
    level: Level,
    evidence: Vec<ChallengeId>,
    permit_expires_at: Wall,
    digest: String,
    send_by: Wall,
    // Rows written before acts on accounts say nothing of these.
    declined: Option<Decline>,
    maker: Option<StaffId>,
    checker: Option<StaffId>,
    errand: Option<ErrandId>,
}

const INSERT: &str = "INSERT INTO operation \
    (id, version, key, wallet, subject, case_id, contact, state, created_at, settled_at, details, expires_at) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE operation SET version = version + 1, key = $3, wallet = $4, subject = $5, case_id = $6, contact = $7, \
    state = $8, created_at = $9, settled_at = $10, details = $11, expires_at = $12 WHERE id = $1 AND version = $2";

/// A query of operations: `$which` chooses and orders them.
macro_rules! operations_sql {
    ($which:literal) => {
        concat!(
            "SELECT id, version, key, wallet, subject, case_id, contact, state, created_at, settled_at, details FROM operation ",
            $which
        )
    };
}

const ONE: &str = operations_sql!("WHERE id = $1");

// One that is under way comes before those that are over: a clock that was set back makes an older act look newer.
const NEWEST_OF_CASE: &str = operations_sql!(
    "WHERE case_id = $1 ORDER BY CASE WHEN settled_at IS NULL THEN 0 ELSE 1 END, created_at DESC, id DESC LIMIT 1"
);

// Found by the index of those that are not settled.
const AWAITING: &str = operations_sql!("WHERE settled_at IS NULL AND state = 'awaiting_second' ORDER BY created_at, id LIMIT $1");

const UNSETTLED: &str = operations_sql!("WHERE settled_at IS NULL ORDER BY created_at, id LIMIT $1");

/// Writes an operation that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, operation: &Operation) -> Result<(), Failure> {
    let Operation {
        id,
        key,
        act,
        wallet,
        subject,
        case,
        contact,
        level,
        evidence,
        permit_expires_at,
        digest,
        send_by,
        state,
        declined,
        maker,
        checker,
        errand,
        created_at,
        settled_at,
    } = operation;
    let details = Details {
        act: act.clone(),
        level: *level,
        evidence: evidence.clone(),
        permit_expires_at: *permit_expires_at,
        digest: digest.clone(),
        send_by: *send_by,
        declined: *declined,
        maker: *maker,
        checker: *checker,
        errand: *errand,
    };
    let values = vec![
        (*id).into(),
        version.into(),
        key.as_str().into(),
        wallet.as_str().into(),
        subject.into(),
        (*case).into(),
        (*contact).into(),
        to_word(state)?.into(),
        (*created_at).into(),
        (*settled_at).into(),
        to_json(&details)?.into(),
        (*created_at + KEPT).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "operation", id, version)
}

fn read(row: &Row) -> Result<(Version, Operation), ReadError> {
    let Details { act, level, evidence, permit_expires_at, digest, send_by, declined, maker, checker, errand } =
        row.json("details")?;
    let operation = Operation {
        id: row.id("id")?,
        key: row.text("key")?,
        act,
        wallet: row.text("wallet")?,
        subject: Subject::new(row.text("subject")?),
        case: row.id("case_id")?,
        contact: row.id("contact")?,
        level,
        evidence,
        permit_expires_at,
        digest,
        send_by,
        state: row.word("state")?,
        declined,
        maker,
        checker,
        errand,
        created_at: row.at("created_at")?,
        settled_at: row.at_or_null("settled_at")?,
    };
    Ok((row.int("version")?, operation))
}

impl Store {
    /// An act on a wallet, with the version the next change to it is ruled on; none when there is no such.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn operation(&self, operation: OperationId) -> Result<Option<(Version, Operation)>, ReadError> {
        self.rows(ONE, vec![operation.into()]).await?.first().map(read).transpose()
    }

    /// The act a case follows that is under way, else its newest one, or none.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn operation_of_case(&self, case: CaseId) -> Result<Option<Operation>, ReadError> {
        let newest = self.rows(NEWEST_OF_CASE, vec![case.into()]).await?.first().map(read).transpose()?;
        Ok(newest.map(|(_, operation)| operation))
    }

    /// The acts that wait for a second person, oldest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn operations_awaiting_second(&self, limit: u32) -> Result<Vec<(Version, Operation)>, ReadError> {
        self.rows(AWAITING, vec![limit.min(PAGE_MAX).into()]).await?.iter().map(read).collect()
    }

    /// The acts that have not come to their end, oldest first, each with the version the next change to it is ruled on. At most
    /// [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn unsettled_operations(&self, limit: u32) -> Result<Vec<(Version, Operation)>, ReadError> {
        self.rows(UNSETTLED, vec![limit.min(PAGE_MAX).into()]).await?.iter().map(read).collect()
    }
}
