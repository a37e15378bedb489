//! Cases as rows, found by their reference or by the customer and what they are about.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json, to_word};
use crate::error::ReadError;
use crate::store::Store;
use serde::{Deserialize, Serialize};
use walletline_core::cases::{Case, CaseKind, Grounds, Keep, Keeps, Reference};
use walletline_core::commit::Version;
use walletline_core::kernel::{
    ids::{CaseId, ContactId},
    subject::Subject,
    time::{Span, Wall},
};

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
struct Details {
    contacts: Vec<ContactId>,
    closed_at: Option<Wall>,
    // Rows written before cases kept recordings say nothing of it.
    keep: Option<Span>,
    // Nor do rows written before there were disputes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grounds: Option<Grounds>,
    // Nor of when a transaction was made, before a clock counted from that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    transacted_at: Option<Wall>,
}

const INSERT: &str = "INSERT INTO support_case \
    (id, version, reference, kind, wallet, subject, transaction_id, state, opened_at, details, expires_at, kept_until) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE support_case SET version = version + 1, reference = $3, kind = $4, wallet = $5, subject = $6, \
    transaction_id = $7, state = $8, opened_at = $9, details = $10, expires_at = $11, kept_until = $12 WHERE id = $1 AND version = $2";

/// A query of cases: `$which` chooses and orders them.
macro_rules! cases_sql {
    ($which:literal) => {
        concat!(
            "SELECT id, version, reference, kind, wallet, subject, transaction_id, state, opened_at, details, expires_at \
            FROM support_case ",
            $which
        )
    };
}

const ONE: &str = cases_sql!("WHERE id = $1");

const BY_REFERENCE: &str = cases_sql!("WHERE reference = $1");

const OF_TRANSACTION: &str = cases_sql!(
    "WHERE subject = $1 AND wallet = $2 AND kind = $3 AND transaction_id = $4 ORDER BY opened_at DESC, id DESC LIMIT 1"
);

const OF_NO_TRANSACTION: &str = cases_sql!(
    "WHERE subject = $1 AND wallet = $2 AND kind = $3 AND transaction_id IS NULL ORDER BY opened_at DESC, id DESC LIMIT 1"
);

const OF_CUSTOMER: &str = cases_sql!("WHERE subject = $1 AND wallet = $2 ORDER BY opened_at DESC, id DESC LIMIT $3");

const OF_CONTACT: &str =
    cases_sql!("WHERE id IN (SELECT case_id FROM case_contact WHERE contact = $1) ORDER BY opened_at, id LIMIT $2");

const TIE: &str = "INSERT INTO case_contact (contact, case_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";

/// Writes a case that was ruled on at `version`. A reference that another case has is a conflict.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, case: &Case) -> Result<(), Failure> {
    let Case { id, reference, kind, wallet, subject, transaction, transacted_at, grounds, contacts, state, .. } = case;
    let Case { opened_at, closed_at, keep, expires_at, .. } = case;
    let details = Details {
        contacts: contacts.clone(),
        closed_at: *closed_at,
        keep: Some(*keep),
        grounds: *grounds,
        transacted_at: *transacted_at,
    };
    let kept_until = match case.keeps() {
        Keeps::Nothing => Wall(0),
        Keeps::WhileOpen => Wall(i64::MAX),
        Keeps::Until(until) => until,
    };
    let values = vec![
        (*id).into(),
        version.into(),
        reference.into(),
        to_word(kind)?.into(),
        wallet.as_str().into(),
        subject.into(),
        transaction.as_deref().into(),
        to_word(state)?.into(),
        (*opened_at).into(),
        to_json(&details)?.into(),
        (*expires_at).into(),
        kept_until.into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "case", id, version)?;
    for contact in contacts {
        conn.execute(TIE, vec![(*contact).into(), (*id).into()]).await?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<(Version, Case), ReadError> {
    let Details { contacts, closed_at, keep, grounds, transacted_at } = row.json("details")?;
    let kind: CaseKind = row.word("kind")?;
    let case = Case {
        id: row.id("id")?,
        reference: row.id("reference")?,
        kind,
        wallet: row.text("wallet")?,
        subject: Subject::new(row.text("subject")?),
        transaction: row.text_or_null("transaction_id")?,
        transacted_at,
        grounds,
        contacts,
        state: row.word("state")?,
        opened_at: row.at("opened_at")?,
        closed_at,
        keep: keep.unwrap_or_else(|| Keep::default().of(kind)),
        expires_at: row.at("expires_at")?,
    };
    Ok((row.int("version")?, case))
}

impl Store {
    /// A case, with the version the next change to it is ruled on; none when there is no such.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn case(&self, case: CaseId) -> Result<Option<(Version, Case)>, ReadError> {
        self.rows(ONE, vec![case.into()]).await?.first().map(read).transpose()
    }

    /// The case a customer calls by this reference, with the version the next change to it is ruled on; none when there is no
    /// such.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn case_by_reference(&self, reference: &Reference) -> Result<Option<(Version, Case)>, ReadError> {
        self.rows(BY_REFERENCE, vec![reference.into()]).await?.first().map(read).transpose()
    }

    /// The newest case of this kind of a customer of a wallet, about this transaction, or about none; with the version the next
    /// change to it is ruled on.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn case_of(
        &self,
        kind: CaseKind,
        wallet: &str,
        subject: &Subject,
        transaction: Option<&str>,
    ) -> Result<Option<(Version, Case)>, ReadError> {
        let mut values = vec![subject.into(), wallet.into(), to_word(&kind)?.into()];
        let which = match transaction {
            Some(transaction) => {
                values.push(transaction.into());
                OF_TRANSACTION
            }
            None => OF_NO_TRANSACTION,
        };
        self.rows(which, values).await?.first().map(read).transpose()
    }

    /// The cases that came up in a contact, oldest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn cases_of_contact(&self, contact: ContactId) -> Result<Vec<Case>, ReadError> {
        let rows = self.rows(OF_CONTACT, vec![contact.into(), PAGE_MAX.into()]).await?;
        rows.iter().map(|row| read(row).map(|(_, case)| case)).collect()
    }

    /// The cases of a customer of a wallet, newest first, each with the version the next change to it is ruled on. At most
    /// [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn cases_of(&self, wallet: &str, subject: &Subject, limit: u32) -> Result<Vec<(Version, Case)>, ReadError> {
        let values = vec![subject.into(), wallet.into(), limit.min(PAGE_MAX).into()];
        self.rows(OF_CUSTOMER, values).await?.iter().map(read).collect()
    }
}
