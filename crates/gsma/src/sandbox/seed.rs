//! The customers shipped with the sandbox, and how old their affairs are when it is seeded.

use super::clock::SECOND_US;
use crate::Amount;
use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

const FILE: &str = include_str!("../../seed/customers.toml");

/// A customer, as the file has them and, without their transactions and state, as the database keeps them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedCustomer {
    pub(super) name: String,
    pub(super) msisdn: String,
    pub(super) account: String,
    pub(super) wallets: Vec<String>,
    pub(super) status: String,
    pub(super) sub_status: String,
    #[serde(default)]
    pub(super) totp_secret: Option<String>,
    pub(super) person: Person,
    pub(super) balance: Amount,
    pub(super) currency: String,
    #[serde(default)]
    pub(super) sim_changed: Option<Age>,
    #[serde(default, skip_serializing, rename = "transaction")]
    pub(super) transactions: Vec<SeedTransaction>,
}

/// Who somebody is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) title: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    #[serde(default)]
    pub(super) native_name: Option<String>,
    #[serde(default)]
    pub(super) native_family_name: Option<String>,
    pub(super) gender: String,
    pub(super) mail: String,
}

/// A transaction, as the file has it and as the database keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedTransaction {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    /// The status until it completes, where it does.
    pub(super) status: String,
    pub(super) amount: Amount,
    pub(super) currency: String,
    pub(super) age: Age,
    #[serde(default)]
    pub(super) completes_after_s: Option<i64>,
    pub(super) counterparty: Counterparty,
    #[serde(default)]
    pub(super) corridor: Option<Corridor>,
    #[serde(default)]
    pub(super) rail: Option<String>,
    #[serde(default)]
    pub(super) uetr: Option<String>,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) refund_due_after_s: Option<i64>,
    #[serde(default)]
    pub(super) refundable: bool,
    pub(super) events: Vec<SeedEvent>,
}

/// What kind of transaction, in the words of the demo world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    WalletToWallet,
    CrossBorder,
    MerchantPayment,
}

/// Who is at the other end.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counterparty {
    pub(super) key: String,
    pub(super) value: String,
}

/// From which country to which, ISO 3166-1 alpha-2.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Corridor {
    pub(super) origin: String,
    pub(super) receiving: String,
}

/// What is observed on the way, counted from the transaction's creation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedEvent {
    pub(super) after_s: i64,
    #[serde(default)]
    pub(super) observed_s: i64,
    pub(super) source: String,
    pub(super) status: String,
    #[serde(default)]
    pub(super) reason: Option<String>,
}

/// How long before seeding something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Age {
    Minutes(u32),
    /// Monday to Friday, at the same time of day in UTC.
    BusinessDays(u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    customer: Vec<SeedCustomer>,
}

/// The shipped customers.
pub(super) fn load() -> Result<Vec<SeedCustomer>, String> {
    toml::from_str::<File>(FILE).map(|file| file.customer).map_err(|error| error.message().to_owned())
}

impl Kind {
    /// The word of the demo world.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::WalletToWallet => "wallet_to_wallet",
            Self::CrossBorder => "cross_border",
            Self::MerchantPayment => "merchant_payment",
        }
    }
}

impl Age {
    /// The moment, seen from the moment of seeding; microseconds since the Unix epoch.
    pub(super) fn before(self, seeded_at_us: i64) -> i64 {
        match self {
            Self::Minutes(minutes) => seeded_at_us - i64::from(minutes) * 60 * SECOND_US,
            Self::BusinessDays(days) => seeded_at_us - i64::from(calendar_days(seeded_at_us, days)) * 24 * 3_600 * SECOND_US,
        }
    }
}

/// How many calendar days lie so many business days back.
fn calendar_days(from_us: i64, business_days: u32) -> u32 {
    let Ok(from) = Timestamp::from_microsecond(from_us) else { return business_days };
    let mut weekday = from.to_zoned(TimeZone::UTC).weekday();
    let (mut back, mut counted) = (0, 0);
    while counted < business_days {
        weekday = weekday.previous();
        back += 1;
        counted += u32::from(!matches!(weekday, Weekday::Saturday | Weekday::Sunday));
    }
    back
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// ISO/IEC 7812-1 annex B.
    fn luhn(digits: &str) -> bool {
        let double = |place: usize, digit: u32| if place.is_multiple_of(2) { digit } else { digit * 2 / 10 + digit * 2 % 10 };
        let sum: u32 = digits.bytes().rev().enumerate().map(|(place, digit)| double(place, u32::from(digit - b'0'))).sum();
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
    fn the_customers_are_those_of_the_demo_world() {
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
        for customer in &customers {
            assert_eq!(customer.status == "available", customer.sub_status == "none", "{}", customer.account);
            assert!(customer.wallets.iter().all(|wallet| super::super::WALLETS.contains(&wallet.as_str())));
        }
    }

    #[test]
    fn business_days_pass_over_the_weekend() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_microsecond();
        // A Monday: four business days back is the Tuesday before.
        assert_eq!(Age::BusinessDays(4).before(at("2026-11-23T08:00:00Z")), at("2026-11-17T08:00:00Z"));
        // A Sunday: Friday, Thursday, Wednesday, Tuesday.
        assert_eq!(Age::BusinessDays(4).before(at("2026-11-22T08:00:00Z")), at("2026-11-17T08:00:00Z"));
        assert_eq!(Age::Minutes(20).before(at("2026-11-23T08:00:00Z")), at("2026-11-23T07:40:00Z"));
    }
}
