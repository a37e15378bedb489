//! The demo's customers: read once from the file shipped with the program.

use serde::Deserialize;

const FILE: &str = include_str!("customers.toml");

/// A customer of the demo.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Customer {
    pub(crate) name: String,
    pub(crate) msisdn: String,
    pub(crate) account: String,
    pub(crate) status: String,
    pub(crate) sub_status: String,
    #[serde(default)]
    pub(crate) totp_secret: Option<String>,
    pub(crate) transactions: Vec<Transaction>,
}

/// A transaction of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transaction {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) status: String,
    pub(crate) amount: String,
    pub(crate) currency: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    customer: Vec<Customer>,
}

/// The shipped file cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("demo customers: {0}")]
pub struct FixtureError(String);

/// The customers.
pub(super) fn load() -> Result<Vec<Customer>, FixtureError> {
    toml::from_str::<File>(FILE).map(|file| file.customer).map_err(|error| FixtureError(error.message().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// ISO/IEC 7812-1 annex B.
    fn luhn(digits: &str) -> bool {
        let sum: u32 = digits
            .bytes()
            .rev()
            .enumerate()
            .map(|(place, digit)| {
                let digit = u32::from(digit - b'0');
                if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
            })
            .sum();
        sum.is_multiple_of(10)
    }

    #[test]
    fn every_transaction_can_be_keyed_whole_or_by_its_last_six() {
        assert!(luhn("79927398713") && !luhn("79927398710"), "the published example of the algorithm");
        let mut ids = BTreeSet::new();
        for customer in load().unwrap() {
            let mut endings = BTreeSet::new();
            for transaction in customer.transactions {
                assert_eq!(transaction.id.len(), 12, "{}", transaction.id);
                assert!(luhn(&transaction.id), "{}", transaction.id);
                assert!(endings.insert(transaction.id[6..].to_owned()), "{} ends as another one", transaction.id);
                assert!(ids.insert(transaction.id));
            }
        }
    }

    #[test]
    fn statuses_and_sub_statuses_go_together() {
        for customer in load().unwrap() {
            let expected = if customer.sub_status == "none" { "available" } else { "unavailable" };
            assert_eq!(customer.status, expected, "{}", customer.account);
            let known = ["none", "locked_failed_logins", "fraud_lock", "frozen_by_hotline", "closing"];
            assert!(known.contains(&customer.sub_status.as_str()), "{}", customer.sub_status);
        }
    }

    #[test]
    fn the_customers_are_those_of_the_contract() {
        let customers = load().unwrap();
        let listed: Vec<_> = customers.iter().map(|c| (c.msisdn.as_str(), c.account.as_str(), c.sub_status.as_str())).collect();
        assert_eq!(
            listed,
            [
                ("+8619000000001", "W100001", "none"),
                ("+8619000000002", "W100002", "locked_failed_logins"),
                ("+447700900003", "W100003", "none"),
                ("+8619000000004", "W100004", "none"),
                ("+8619000000005", "W100005", "fraud_lock"),
            ]
        );
        assert!(customers[0].totp_secret.is_some(), "Li Na has a second factor");
        assert!(customers[1..].iter().all(|customer| customer.totp_secret.is_none()));
    }
}
