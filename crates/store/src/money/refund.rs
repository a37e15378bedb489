//! Refunds as rows, from the request on, each under the key by which its wallet knows it again. Whose it is stands in it sealed.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json, to_word};
use crate::error::ReadError;
use crate::store::Store;
use crate::vault::{SealError, Vault};
use serde::{Deserialize, Serialize};
use walletline_core::commit::Version;
use walletline_core::kernel::{
    assurance::Level,
    ids::{CaseId, ContactId, RefundId, StaffId},
    language::Language,
    money::Money,
    pii::Pii,
    subject::Subject,
    time::Wall,
};
use walletline_core::money::{Evidence, Proposal, REFUND_KEPT, Refund, Unfit};
use zeroize::Zeroizing;

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
struct Details {
    request_digest: String,
    language: Language,
    level: Level,
    evidence: Option<Evidence>,
    digest: String,
    unfit: Option<Unfit>,
    lines: i64,
    checker: Option<StaffId>,
    sends: u32,
    wallet_reference: Option<String>,
    proposal: Option<Proposal>,
    decide_by: Wall,
    send_by: Option<Wall>,
    doubtful_since: Option<Wall>,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Person {
    msisdn: Pii<String>,
    reason: Pii<String>,
}

const INSERT: &str = "INSERT INTO refund \
    (id, version, key, request_key, wallet, subject, case_id, contact, transaction_id, minor, currency, maker, state, asked_at, \
     settled_at, person, details, expires_at) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE refund SET version = version + 1, key = $3, request_key = $4, wallet = $5, subject = $6, case_id = $7, \
    contact = $8, transaction_id = $9, minor = $10, currency = $11, maker = $12, state = $13, asked_at = $14, settled_at = $15, \
    person = $16, details = $17, expires_at = $18 WHERE id = $1 AND version = $2";

/// A query of refunds: `$which` chooses and orders them.
macro_rules! refunds_sql {
    ($which:literal) => {
        concat!(
            "SELECT id, version, key, request_key, wallet, subject, case_id, contact, transaction_id, minor, currency, maker, state, \
             asked_at, settled_at, person, details FROM refund ",
            $which
        )
    };
}

const ONE: &str = refunds_sql!("WHERE id = $1");
const BY_REQUEST: &str = refunds_sql!("WHERE request_key = $1");
const OF_CONTACT: &str = refunds_sql!("WHERE contact = $1 ORDER BY asked_at, id LIMIT $2");
const OPEN_OF: &str =
    refunds_sql!("WHERE wallet = $1 AND transaction_id = $2 AND settled_at IS NULL ORDER BY asked_at, id LIMIT $3");
const OF_CASE: &str = refunds_sql!("WHERE case_id = $1 ORDER BY asked_at, id LIMIT $2");
const OPEN: &str = refunds_sql!("WHERE settled_at IS NULL ORDER BY asked_at, id LIMIT $1");

/// Writes a refund that was ruled on at `version`, whose it is sealed anew.
pub(crate) async fn write(conn: &mut Conn<'_>, vault: &Vault, version: Version, refund: &Refund) -> Result<(), Failure> {
    let row = refund.clone();
    let details = Details {
        request_digest: row.request_digest,
        language: row.language,
        level: row.level,
        evidence: row.evidence,
        digest: row.digest,
        unfit: row.unfit,
        lines: row.lines,
        checker: row.checker,
        sends: row.sends,
        wallet_reference: row.wallet_reference,
        proposal: row.proposal,
        decide_by: row.decide_by,
        send_by: row.send_by,
        doubtful_since: row.doubtful_since,
    };
    let name = row.id.to_string();
    let plain = Zeroizing::new(to_json(&Person { msisdn: row.msisdn, reason: row.reason })?);
    let sealed = vault.seal(&name, plain.as_bytes()).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let values = vec![
        name.into(),
        version.into(),
        row.key.into(),
        row.request_key.into(),
        row.wallet.into(),
        (&row.subject).into(),
        row.case.into(),
        row.contact.into(),
        row.transaction.into(),
        row.amount.minor.into(),
        row.amount.currency.code().into(),
        row.maker.map(|maker| maker.to_string()).unwrap_or_default().into(),
        to_word(&row.state)?.into(),
        row.asked_at.into(),
        row.settled_at.into(),
        sealed.into(),
        to_json(&details)?.into(),
        (row.settled_at.unwrap_or(row.asked_at) + REFUND_KEPT).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "refund", &refund.id, version)
}

fn read(row: &Row, vault: &Vault) -> Result<(Version, Refund), ReadError> {
    let corrupt = |column: &str| ReadError::Corrupt(format!("column {column}"));
    let id: RefundId = row.id("id")?;
    let plain = vault.open(&id.to_string(), &row.text("person")?).map_err(|error| match error {
        SealError::NoKey => ReadError::Unavailable(error.to_string()),
        SealError::NotSealed | SealError::NotOpened => corrupt("person"),
    })?;
    let Person { msisdn, reason } = serde_json::from_slice(&plain).map_err(|_| corrupt("person"))?;
    let details: Details = row.json("details")?;
    let currency = row.text("currency")?.parse().map_err(|_| corrupt("currency"))?;
    let refund = Refund {
        id,
        key: row.text("key")?,
        request_key: row.text("request_key")?,
        request_digest: details.request_digest,
        wallet: row.text("wallet")?,
        subject: Subject::new(row.text("subject")?),
        msisdn,
        language: details.language,
        case: row.id("case_id")?,
        contact: row.id("contact")?,
        transaction: row.text("transaction_id")?,
        amount: Money::new(row.int("minor")?, currency),
        reason,
        maker: maker_of(&row.text("maker")?)?,
        level: details.level,
        evidence: details.evidence,
        digest: details.digest,
        state: row.word("state")?,
        unfit: details.unfit,
        lines: details.lines,
        checker: details.checker,
        sends: details.sends,
        wallet_reference: details.wallet_reference,
        proposal: details.proposal,
        asked_at: row.at("asked_at")?,
        decide_by: details.decide_by,
        send_by: details.send_by,
        doubtful_since: details.doubtful_since,
        settled_at: row.at_or_null("settled_at")?,
    };
    Ok((row.int("version")?, refund))
}

/// Who asked for it: the column is empty where its customer did.
fn maker_of(written: &str) -> Result<Option<StaffId>, ReadError> {
    let id = (!written.is_empty()).then(|| written.parse());
    id.transpose().map_err(|_| ReadError::Corrupt("column maker".to_owned()))
}

impl Store {
    /// A refund, with the version the next change to it is ruled on; none when there is no such.
    ///
    /// # Errors
    /// When the database does not answer in time, no key was set with [`Store::seal_with`], or a row cannot be read.
    pub async fn refund(&self, refund: RefundId) -> Result<Option<(Version, Refund)>, ReadError> {
        self.rows(ONE, vec![refund.into()]).await?.first().map(|row| read(row, self.vault())).transpose()
    }

    /// The refund that a request asked for, or none.
    ///
    /// # Errors
    /// As for [`Store::refund`].
    pub async fn refund_by_request(&self, request_key: &str) -> Result<Option<Refund>, ReadError> {
        let found = self.rows(BY_REQUEST, vec![request_key.into()]).await?;
        Ok(found.first().map(|row| read(row, self.vault())).transpose()?.map(|(_, refund)| refund))
    }

    /// The refunds asked for in a contact, oldest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// As for [`Store::refund`].
    pub async fn refunds_of_contact(&self, contact: ContactId) -> Result<Vec<Refund>, ReadError> {
        let rows = self.rows(OF_CONTACT, vec![contact.into(), PAGE_MAX.into()]).await?;
        rows.iter().map(|row| Ok(read(row, self.vault())?.1)).collect()
    }

    /// The refunds of a transaction that have not come to their end, oldest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// As for [`Store::refund`].
    pub async fn open_refunds_of(&self, wallet: &str, transaction: &str) -> Result<Vec<Refund>, ReadError> {
        let rows = self.rows(OPEN_OF, vec![wallet.into(), transaction.into(), PAGE_MAX.into()]).await?;
        rows.iter().map(|row| Ok(read(row, self.vault())?.1)).collect()
    }

    /// The refunds that a case follows, oldest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// As for [`Store::refund`].
    pub async fn refunds_of_case(&self, case: CaseId) -> Result<Vec<Refund>, ReadError> {
        let rows = self.rows(OF_CASE, vec![case.into(), PAGE_MAX.into()]).await?;
        rows.iter().map(|row| Ok(read(row, self.vault())?.1)).collect()
    }

    /// The refunds that have not come to their end, oldest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// As for [`Store::refund`].
    pub async fn open_refunds(&self, limit: u32) -> Result<Vec<Refund>, ReadError> {
        let rows = self.rows(OPEN, vec![limit.min(PAGE_MAX).into()]).await?;
        rows.iter().map(|row| Ok(read(row, self.vault())?.1)).collect()
    }
}
