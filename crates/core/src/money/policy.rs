//! How much needs whom, and how much moves within a day. Figures that an operator may change, each row with its source: sums in the minor
//! units of its currency. A currency without a row is refunded by nobody.

use crate::kernel::{money::Currency, source::Mark, time::Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The bounds of one currency, in minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Up to this nobody but the customer has to agree.
    pub by_rule_max: i64,
    /// Up to this one checker decides; above it a supervisor.
    pub one_checker_max: i64,
    /// What the refunds that one person asked for may come to within a day.
    pub maker_daily_max: i64,
    /// What one customer may be given back within a day.
    pub customer_daily_max: i64,
    /// How well this is known.
    pub mark: Mark,
    /// Where it was read.
    pub source: String,
}

/// The house's rules on refunds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How long a refund waits for its second person, and for the customer's A3.
    pub decide_within: Span,
    /// How long after its approval it may still be sent.
    pub send_within: Span,
    /// How long the wallet is asked before two people may establish what became of a refund.
    pub resolve_after: Span,
    /// By currency.
    pub limits: BTreeMap<Currency, Limits>,
}

/// Who has to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Nobody: the sum is small.
    Rule,
    /// One checker.
    Checker,
    /// A supervisor who may check.
    Supervisor,
}

impl Tier {
    /// The tier on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Checker => "checker",
            Self::Supervisor => "supervisor",
        }
    }
}

impl Limits {
    /// Who has to agree when a customer is given back so much within a day, this refund included. Many small sums are a large one.
    #[must_use]
    pub const fn tier(&self, minor: i64) -> Tier {
        if minor <= self.by_rule_max {
            Tier::Rule
        } else if minor <= self.one_checker_max {
            Tier::Checker
        } else {
            Tier::Supervisor
        }
    }
}

const SOURCE: &str = "the hotline's own default";

impl Default for Policy {
    /// As shipped; `[refunds]` of the configuration changes each figure.
    fn default() -> Self {
        let row = |code: &str, sums: [i64; 4]| {
            let [by_rule_max, one_checker_max, customer_daily_max, maker_daily_max] = sums.map(|units| units * 100);
            let source = SOURCE.to_owned();
            let limits =
                Limits { by_rule_max, one_checker_max, maker_daily_max, customer_daily_max, mark: Mark::Default, source };
            code.parse().ok().map(|currency| (currency, limits))
        };
        let rows = [
            row("CNY", [200, 5_000, 20_000, 50_000]),
            row("EUR", [25, 600, 2_500, 6_000]),
            row("GBP", [20, 500, 2_000, 5_000]),
            row("USD", [25, 650, 2_600, 6_500]),
        ];
        Self {
            decide_within: Span::from_s(72 * 3_600),
            send_within: Span::from_s(24 * 3_600),
            resolve_after: Span::from_s(3_600),
            limits: rows.into_iter().flatten().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_says_who_has_to_agree() {
        let policy = Policy::default();
        let cny = &policy.limits[&"CNY".parse().unwrap()];
        for (minor, tier) in [
            (1, Tier::Rule),
            (20_000, Tier::Rule),
            (20_001, Tier::Checker),
            (500_000, Tier::Checker),
            (500_001, Tier::Supervisor),
        ] {
            assert_eq!(cny.tier(minor), tier, "{minor}");
        }
        assert_eq!(policy.limits.len(), 4);
    }
}
