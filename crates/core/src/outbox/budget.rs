//! What a wallet's text messages may come to in a day. Pumping is many messages to numbers of one range whose owner is paid for them:
//! so a wallet names the prefixes it sends to, and counts per prefix and per range of ten thousand numbers beside the day as a whole.

use crate::commit::{Change, Version};
use serde::{Deserialize, Serialize};

/// Digits at the end of a number that a range leaves open.
const RANGE_OPEN: usize = 4;

/// What is counted on one row: all of a wallet's day, a prefix's, or a range's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// The wallet.
    pub wallet: String,
    /// The day in the wallet's zone, as `2026-11-28`.
    pub day: String,
    /// Empty for the whole, `+86` for a prefix, `=+861900000` for a range.
    pub scope: String,
    /// Messages that were let through.
    pub messages: u32,
    /// What they cost, in millionths of the wallet's currency.
    pub cost: u64,
}

/// Bounds on a wallet's text messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caps {
    /// Prefixes of numbers that messages go to, `+` and digits; no others.
    pub prefixes: Vec<String>,
    /// Messages in a day.
    pub daily_max: u32,
    /// Messages in a day to one prefix.
    pub prefix_daily_max: u32,
    /// Messages in a day to one range of ten thousand numbers.
    pub range_daily_max: u32,
    /// What a day's messages may cost, in millionths of the wallet's currency.
    pub cost_daily_max: Option<u64>,
}

/// Why a message is not let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverBudget {
    /// The wallet does not send there.
    PrefixNotAllowed,
    /// The wallet's messages of the day are used up.
    Daily,
    /// Its money for the day is.
    Cost,
    /// Those to the prefix are.
    Prefix,
    /// Those to the range are.
    Range,
}

impl OverBudget {
    /// The reason's name, in records and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PrefixNotAllowed => "prefix_not_allowed",
            Self::Daily => "wallet_cap",
            Self::Cost => "cost_cap",
            Self::Prefix => "prefix_cap",
            Self::Range => "range_cap",
        }
    }
}

impl Budget {
    /// Nothing was sent yet.
    #[must_use]
    pub const fn new(wallet: String, day: String, scope: String) -> Self {
        Self { wallet, day, scope, messages: 0, cost: 0 }
    }
}

impl Caps {
    /// The rows that a message to this number is counted on: the whole, its prefix, its range.
    ///
    /// # Errors
    /// When the wallet sends no messages there.
    pub fn scopes(&self, to: &str) -> Result<[String; 3], OverBudget> {
        let is_number = to.strip_prefix('+').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let prefix = self.prefixes.iter().filter(|prefix| is_number && to.starts_with(prefix.as_str())).max_by_key(|p| p.len());
        let prefix = prefix.ok_or(OverBudget::PrefixNotAllowed)?;
        let range = to.get(..to.len().saturating_sub(RANGE_OPEN)).unwrap_or(to);
        Ok([String::new(), prefix.clone(), format!("={range}")])
    }

    /// Counts one message on its rows, in the order of [`Caps::scopes`].
    ///
    /// # Errors
    /// Which bound it would cross; then nothing is counted.
    pub fn admit(&self, rows: [(Version, Budget); 3], cost: u64) -> Result<Vec<Change>, OverBudget> {
        let bounds = [
            (self.daily_max, OverBudget::Daily),
            (self.prefix_daily_max, OverBudget::Prefix),
            (self.range_daily_max, OverBudget::Range),
        ];
        if self.cost_daily_max.is_some_and(|max| rows[0].1.cost.saturating_add(cost) > max) {
            return Err(OverBudget::Cost);
        }
        let mut changes = Vec::with_capacity(rows.len());
        for ((version, mut budget), (max, over)) in rows.into_iter().zip(bounds) {
            if budget.messages >= max {
                return Err(over);
            }
            budget.messages += 1;
            budget.cost = budget.cost.saturating_add(cost);
            changes.push(Change::Budget(version, budget));
        }
        Ok(changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caps() -> Caps {
        let prefixes = ["+86", "+44", "+447700"].map(str::to_owned).to_vec();
        Caps { prefixes, daily_max: 5, prefix_daily_max: 3, range_daily_max: 2, cost_daily_max: Some(100) }
    }

    fn rows(counts: [u32; 3], cost: u64) -> [(Version, Budget); 3] {
        counts.map(|messages| {
            let fresh = Budget::new("w".to_owned(), "2026-11-28".to_owned(), String::new());
            (1, Budget { messages, cost, ..fresh })
        })
    }

    #[test]
    fn messages_go_to_the_named_prefixes_alone_and_the_longest_one_counts() {
        assert_eq!(caps().scopes("+447700900003").unwrap(), ["", "+447700", "=+44770090"]);
        assert_eq!(caps().scopes("+442079460000").unwrap()[1], "+44");
        for elsewhere in ["+882123456789", "8619000000001", "+86 190", "a@b.example", ""] {
            assert_eq!(caps().scopes(elsewhere), Err(OverBudget::PrefixNotAllowed), "{elsewhere}");
        }
    }

    #[test]
    fn each_bound_holds_and_is_named() {
        let over = |counts, cost| caps().admit(rows(counts, cost), 10).map(|changes| changes.len());
        assert_eq!(over([4, 2, 1], 90), Ok(3));
        assert_eq!(over([5, 2, 1], 0), Err(OverBudget::Daily));
        assert_eq!(over([4, 3, 1], 0), Err(OverBudget::Prefix));
        assert_eq!(over([4, 2, 2], 0), Err(OverBudget::Range));
        assert_eq!(over([4, 2, 1], 91), Err(OverBudget::Cost));
    }

    #[test]
    fn a_range_that_is_pumped_is_shut_while_the_rest_goes_on() {
        let caps = Caps { daily_max: 1_000, prefix_daily_max: 1_000, range_daily_max: 20, ..caps() };
        let mut counts = std::collections::BTreeMap::<String, u32>::new();
        let mut sent = 0;
        for n in 0..500_u32 {
            let scopes = caps.scopes(&format!("+86190123{n:05}")).unwrap();
            let rows = scopes.clone().map(|scope| {
                let messages = counts.get(&scope).copied().unwrap_or(0);
                (0, Budget { messages, ..Budget::new("w".to_owned(), "d".to_owned(), scope) })
            });
            if caps.admit(rows, 0).is_ok() {
                sent += 1;
                scopes.into_iter().for_each(|scope| *counts.entry(scope).or_insert(0) += 1);
            }
        }
        assert_eq!(sent, 20);
        assert!(caps.scopes("+8613912345678").is_ok_and(|scopes| !counts.contains_key(&scopes[2])));
    }
}
