//! `[refunds]`: who has to agree to which sum, how much moves within a day, and how long each step may take, where an operator has it
//! otherwise than shipped. A currency that is written replaces the shipped row whole, source and all.

use super::ConfigError;
use super::document::Section;
use serde::Deserialize;
use std::collections::BTreeMap;
use walletline_core::kernel::{
    money::{Currency, Money},
    source::Mark,
    time::Span,
};
use walletline_core::money::{Limits, Policy};

/// Two weeks: longer than that no customer is left waiting for a decision.
const DECIDE_H_MAX: u32 = 14 * 24;

/// A week.
const SEND_H_MAX: u32 = 7 * 24;

/// A day.
const RESOLVE_MIN_MAX: u32 = 24 * 60;

/// A row as it is written: sums as people write them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    by_rule: String,
    one_checker: String,
    customer_daily: String,
    maker_daily: String,
    mark: Mark,
    source: String,
}

/// Reads the rules on refunds.
pub(super) fn read(mut section: Section) -> Result<Policy, ConfigError> {
    let mut policy = Policy::default();
    if let Some(hours) = section.number("decide_within_h", 1..=DECIDE_H_MAX)? {
        policy.decide_within = Span::from_s(u64::from(hours) * 3_600);
    }
    if let Some(hours) = section.number("send_within_h", 1..=SEND_H_MAX)? {
        policy.send_within = Span::from_s(u64::from(hours) * 3_600);
    }
    if let Some(minutes) = section.number("resolve_after_min", 1..=RESOLVE_MIN_MAX)? {
        policy.resolve_after = Span::from_s(u64::from(minutes) * 60);
    }
    let rows: BTreeMap<Currency, Row> = match section.value("limits") {
        None => BTreeMap::new(),
        Some(value) => value.try_into().map_err(|error: toml::de::Error| section.error("limits", error.message()))?,
    };
    for (currency, row) in rows {
        let limits = limits(currency, row).map_err(|what| section.error("limits", format!("{currency}: {what}")))?;
        policy.limits.insert(currency, limits);
    }
    section.finish()?;
    Ok(policy)
}

fn limits(currency: Currency, row: Row) -> Result<Limits, String> {
    let sum = |key: &str, text: &str| Money::read(text, currency).map(|sum| sum.minor).map_err(|error| format!("{key}: {error}"));
    let limits = Limits {
        by_rule_max: sum("by_rule", &row.by_rule)?,
        one_checker_max: sum("one_checker", &row.one_checker)?,
        customer_daily_max: sum("customer_daily", &row.customer_daily)?,
        maker_daily_max: sum("maker_daily", &row.maker_daily)?,
        mark: row.mark,
        source: row.source,
    };
    if limits.by_rule_max > limits.one_checker_max {
        return Err("by_rule must not be more than one_checker".to_owned());
    }
    Ok(limits)
}
