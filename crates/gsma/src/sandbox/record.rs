//! Rows of the processing house, and how the specification and the control interface write them at a moment.

use super::clock::{SECOND_US, rfc3339};
use super::control::{Customer, CustomerTransaction};
use super::seed::{Kind, SeedCustomer, SeedTransaction};
use crate::wire::{
    Account, AccountStatus, AccountStatusAnswer, Fields, Identity, InternationalTransfer, KeyValue, Kyc, ObservedEvent,
    SubStatus, SubjectName, Transaction, TransactionStatus, TransactionType, event_key,
};
use crate::{Amount, Private};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

/// A customer and the state of their account.
pub(super) struct CustomerRecord {
    pub(super) account: String,
    pub(super) wallets: Vec<String>,
    status: String,
    sub_status: String,
    modified_at: i64,
    seeded_at: i64,
    pub(super) profile: SeedCustomer,
}

/// A transaction.
pub(super) struct MovementRecord {
    account: String,
    pub(super) created_at: i64,
    detail: SeedTransaction,
}

impl TryFrom<SqliteRow> for CustomerRecord {
    type Error = sqlx::Error;

    fn try_from(row: SqliteRow) -> Result<Self, Self::Error> {
        Ok(Self {
            account: row.try_get("account")?,
            wallets: from_json(&row, "wallets")?,
            status: row.try_get("status")?,
            sub_status: row.try_get("sub_status")?,
            modified_at: row.try_get("modified_at")?,
            seeded_at: row.try_get("seeded_at")?,
            profile: from_json(&row, "profile")?,
        })
    }
}

impl TryFrom<SqliteRow> for MovementRecord {
    type Error = sqlx::Error;

    fn try_from(row: SqliteRow) -> Result<Self, Self::Error> {
        Ok(Self { account: row.try_get("account")?, created_at: row.try_get("created_at")?, detail: from_json(&row, "detail")? })
    }
}

fn from_json<T: serde::de::DeserializeOwned>(row: &SqliteRow, column: &str) -> Result<T, sqlx::Error> {
    let text: String = row.try_get(column)?;
    serde_json::from_str(&text).map_err(|error| sqlx::Error::ColumnDecode { index: column.to_owned(), source: Box::new(error) })
}

impl CustomerRecord {
    pub(super) fn to_account(&self) -> Account {
        let mut custom_data = Fields::default();
        if let Some(age) = self.profile.sim_changed {
            custom_data.0.push(KeyValue::new("simChangedAt", rfc3339(age.before(self.seeded_at))));
        }
        // Whatever had stopped the account is over: somebody got back into it.
        if self.sub_status == SubStatus::None.as_str() && self.modified_at > self.seeded_at {
            custom_data.0.push(KeyValue::new("recoveredAt", rfc3339(self.modified_at)));
        }
        Account {
            account_identifiers: Fields(vec![
                KeyValue::new("accountid", &self.account),
                KeyValue::new("msisdn", &self.profile.msisdn),
            ]),
            identity: vec![self.to_identity()],
            account_type: Some("wallet".to_owned()),
            account_status: AccountStatus::from(self.status.as_str()),
            account_sub_status: Some(SubStatus::from(self.sub_status.as_str())),
            current_balance: Some(self.profile.balance.clone()),
            available_balance: Some(self.profile.balance.clone()),
            currency: Some(self.profile.currency.clone()),
            creation_date: None,
            modification_date: Some(rfc3339(self.modified_at)),
            custom_data,
        }
    }

    pub(super) fn to_status(&self) -> AccountStatusAnswer {
        AccountStatusAnswer {
            account_status: AccountStatus::from(self.status.as_str()),
            sub_status: Some(SubStatus::from(self.sub_status.as_str())),
        }
    }

    fn to_identity(&self) -> Identity {
        let person = &self.profile.person;
        let native = person.native_family_name.iter().map(|name| KeyValue::new("nativeFamilyName", name));
        Identity {
            identity_id: Private::new(format!("I-{}", self.account)),
            identity_type: "individual".to_owned(),
            identity_status: None,
            identity_kyc: Kyc {
                contact_phone: Some(Private::new(&self.profile.msisdn)),
                email_address: Some(Private::new(&person.mail)),
                gender: Some(person.gender.clone()),
                subject_name: Some(SubjectName {
                    title: Some(Private::new(&person.title)),
                    first_name: Some(Private::new(&person.given_name)),
                    last_name: Some(Private::new(&person.family_name)),
                    full_name: Some(Private::new(format!("{} {}", person.given_name, person.family_name))),
                    native_name: person.native_name.as_ref().map(Private::new),
                }),
            },
            account_relationship: "accountholder".to_owned(),
            kyc_verification_status: Some("verified".to_owned()),
            custom_data: Fields(native.collect()),
        }
    }

    /// For the control interface, with the transactions at a moment.
    pub(super) fn to_customer(&self, movements: &[MovementRecord], totp_secret: Option<String>, now_us: i64) -> Customer {
        let transactions = movements.iter().map(|movement| CustomerTransaction {
            id: movement.detail.id.clone(),
            kind: movement.detail.kind.as_str().to_owned(),
            status: movement.status(now_us).as_str().to_owned(),
            amount: movement.detail.amount.as_str().to_owned(),
            currency: movement.detail.currency.clone(),
        });
        Customer {
            name: self.profile.name.clone(),
            msisdn: self.profile.msisdn.clone(),
            mail: self.profile.person.mail.clone(),
            account: self.account.clone(),
            wallets: self.wallets.clone(),
            status: self.status.clone(),
            sub_status: self.sub_status.clone(),
            totp_secret,
            transactions: transactions.collect(),
        }
    }
}

impl MovementRecord {
    /// How far it is at a moment.
    pub(super) fn status(&self, now_us: i64) -> TransactionStatus {
        match self.completes_at() {
            Some(at) if at <= now_us => TransactionStatus::Completed,
            Some(_) | None => TransactionStatus::from(self.detail.status.as_str()),
        }
    }

    /// What was paid, and in which currency.
    pub(super) fn paid(&self) -> (&Amount, &str) {
        (&self.detail.amount, &self.detail.currency)
    }

    /// It can be refunded.
    pub(super) fn is_refundable(&self) -> bool {
        self.detail.refundable
    }

    /// Whose it is.
    pub(super) fn account(&self) -> &str {
        &self.account
    }

    fn completes_at(&self) -> Option<i64> {
        self.detail.completes_after_s.map(|seconds| self.after(seconds))
    }

    fn after(&self, seconds: i64) -> i64 {
        self.created_at + seconds * SECOND_US
    }

    pub(super) fn transaction_type(&self) -> TransactionType {
        match self.detail.kind {
            Kind::WalletToWallet => TransactionType::Transfer,
            Kind::CrossBorder => TransactionType::InternationalTransfer,
            Kind::MerchantPayment => TransactionType::MerchantPayment,
        }
    }

    pub(super) fn to_transaction(&self, now_us: i64) -> Transaction {
        let detail = &self.detail;
        let observed = self.observed(now_us);
        let modified_at = observed.iter().map(|(at, _)| *at).max().unwrap_or(self.created_at);
        let mut custom_data = Vec::new();
        let mut add = |key: &str, value: Option<String>| custom_data.extend(value.map(|value| KeyValue::new(key, value)));
        add("rail", detail.rail.clone());
        add("uetr", detail.uetr.clone());
        add("reason", detail.reason.clone());
        add("refundDueAt", detail.refund_due_after_s.map(|seconds| rfc3339(self.after(seconds))));
        add("refundable", detail.refundable.then(|| "true".to_owned()));
        for (number, (_, event)) in (1..).zip(observed) {
            add(&event_key(number), serde_json::to_string(&event).ok());
        }
        Transaction {
            transaction_reference: Private::new(&detail.id),
            credit_party: Fields(vec![KeyValue::new(&detail.counterparty.key, &detail.counterparty.value)]),
            debit_party: Fields(vec![KeyValue::new("accountid", &self.account)]),
            transaction_type: self.transaction_type(),
            transaction_status: self.status(now_us),
            amount: detail.amount.clone(),
            currency: detail.currency.clone(),
            description_text: None,
            international_transfer_information: detail.corridor.as_ref().map(|corridor| InternationalTransfer {
                origin_country: corridor.origin.clone(),
                receiving_country: Some(corridor.receiving.clone()),
            }),
            creation_date: Some(rfc3339(self.created_at)),
            modification_date: Some(rfc3339(modified_at)),
            date_created: None,
            date_modified: None,
            custom_data: Fields(custom_data),
            metadata: Fields::default(),
        }
    }

    /// What the wallet has learned by now, with the moment it learned of it.
    fn observed(&self, now_us: i64) -> Vec<(i64, ObservedEvent)> {
        let events = self.detail.events.iter().map(|event| {
            let observed_at = self.after(event.after_s + event.observed_s);
            let seen = ObservedEvent {
                source: event.source.clone(),
                status: event.status.clone(),
                reason: event.reason.clone(),
                at: rfc3339(self.after(event.after_s)),
                observed_at: rfc3339(observed_at),
            };
            (observed_at, seen)
        });
        events.filter(|(observed_at, _)| *observed_at <= now_us).collect()
    }
}
