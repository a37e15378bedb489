//! What a law, a regulator or a promise of our own gives us time for, as data with its source. No figure of one stands in code.

use super::CaseKind;
use crate::kernel::{
    calendar::{Calendars, Names},
    language::Language,
    source::Mark,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::{fmt, str::FromStr};

/// No term is longer; whatever is written longer is a slip.
const DAYS_MAX: u16 = 400;

/// Extensions of one clock: no regime known to us has more than two.
const EXTENSIONS_MAX: usize = 4;

/// A number of days that ends with the last of them, as laws count: the day on which it starts is not one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Term {
    /// Days on which business is done.
    BusinessDays(u16),
    /// Every day.
    CalendarDays(u16),
}

/// The text is no term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a term: write `15 business days` or `15 calendar days`, from 1 to {DAYS_MAX}")]
pub struct BadTerm(String);

impl Term {
    /// How many days.
    #[must_use]
    pub const fn days(self) -> u16 {
        match self {
            Self::BusinessDays(days) | Self::CalendarDays(days) => days,
        }
    }

    /// Whether it can be told that this term never ends after `other`.
    const fn always_within(self, other: Self) -> bool {
        match (self, other) {
            (Self::BusinessDays(a), Self::BusinessDays(b))
            | (Self::CalendarDays(a), Self::CalendarDays(b) | Self::BusinessDays(b)) => a <= b,
            // How many calendar days business days take, only a calendar can tell; at least every second day is one everywhere.
            (Self::BusinessDays(a), Self::CalendarDays(b)) => 2 * a <= b,
        }
    }
}

impl FromStr for Term {
    type Err = BadTerm;

    fn from_str(text: &str) -> Result<Self, BadTerm> {
        let bad = || BadTerm(text.to_owned());
        let (number, unit) = text.trim().split_once(' ').ok_or_else(bad)?;
        let days = number.parse().ok().filter(|days| (1..=DAYS_MAX).contains(days)).ok_or_else(bad)?;
        match unit.trim() {
            "business day" | "business days" => Ok(Self::BusinessDays(days)),
            "calendar day" | "calendar days" => Ok(Self::CalendarDays(days)),
            _ => Err(bad()),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, unit) = match self {
            Self::BusinessDays(days) => (days, "business"),
            Self::CalendarDays(days) => (days, "calendar"),
        };
        write!(f, "{days} {unit} day{}", if *days == 1 { "" } else { "s" })
    }
}

impl TryFrom<String> for Term {
    type Error = BadTerm;
    fn try_from(text: String) -> Result<Self, BadTerm> {
        text.parse()
    }
}

impl From<Term> for String {
    fn from(term: Term) -> Self {
        term.to_string()
    }
}

/// What must be there before a term is extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// A reason of the kind that the rule names.
    Reason,
    /// A reply to the customer that says why and until when.
    HoldingReply,
    /// Somebody higher up agrees.
    Approval,
    /// The amount in question was credited provisionally.
    ProvisionalCredit,
}

/// How a term can become longer. Each one counts from the same start as the term itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The whole term, extended.
    pub term: Term,
    /// What must be there first.
    pub needs: Needs,
    /// When it may be done.
    pub when: Names,
}

/// What is credited to a customer before it is known who is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditRule {
    /// How much.
    pub amount: Names,
    /// When and how it may be taken back.
    pub reversal: Names,
}

/// From when a term counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountsFrom {
    /// From the case: from when the customer told of it.
    #[default]
    Case,
    /// From the transaction that the case is about, however late it is told of; from the case where the wallet did not say when that was.
    Transaction,
}

/// One thing that a regime gives us time for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name within the regime.
    pub id: String,
    /// What is due.
    pub what: Names,
    /// What starts it.
    pub starts: Names,
    /// The kinds of cases that it starts with.
    pub starts_on: Vec<CaseKind>,
    /// From when it counts.
    #[serde(default)]
    pub counts_from: CountsFrom,
    /// How long.
    pub term: Term,
    /// Whether something is broken when it is over. Else something that was possible no longer is.
    #[serde(default = "is_binding")]
    pub binding: bool,
    /// When it may stand still; it never does where this is not said.
    #[serde(default)]
    pub pauses: Option<Names>,
    /// When nothing is due although it was; never where this is not said.
    #[serde(default)]
    pub exception: Option<Names>,
    /// How it can become longer, one after the other.
    #[serde(default, rename = "extension")]
    pub extensions: Vec<Extension>,
    /// What is credited meanwhile.
    #[serde(default)]
    pub provisional_credit: Option<CreditRule>,
}

const fn is_binding() -> bool {
    true
}

/// A law, a regulator's rule, or a promise.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    /// What wallets name it by.
    pub id: String,
    /// What people call it.
    pub name: Names,
    /// The calendar on which its days are counted, in whose time zone they begin and end.
    pub calendar: String,
    /// Where it was read.
    pub source: String,
    /// How far to trust that.
    pub mark: Mark,
    /// When it was read.
    pub checked_on: Date,
    /// What it gives time for.
    #[serde(rename = "clock")]
    pub clocks: Vec<Rule>,
}

/// A rule with all that a running clock keeps of its regime: what was in force when it started stays so for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The regime, by id.
    pub regime: String,
    /// What people call it.
    pub name: Names,
    /// The calendar.
    pub calendar: String,
    /// Where it was read.
    pub source: String,
    /// How far to trust that.
    pub mark: Mark,
    /// When it was read.
    pub checked_on: Date,
    /// The rule.
    pub rule: Rule,
}

impl Regime {
    /// The terms that start with a case of this kind.
    pub fn terms_for(&self, kind: CaseKind) -> impl Iterator<Item = Terms> {
        self.clocks.iter().filter(move |rule| rule.starts_on.contains(&kind)).map(|rule| Terms {
            regime: self.id.clone(),
            name: self.name.clone(),
            calendar: self.calendar.clone(),
            source: self.source.clone(),
            mark: self.mark,
            checked_on: self.checked_on,
            rule: rule.clone(),
        })
    }

    /// Looks whether a regime holds together.
    ///
    /// # Errors
    /// [`BadRegime`] names what does not.
    pub fn check(&self, calendars: &Calendars) -> Result<(), BadRegime> {
        let bad = |what: String| BadRegime { regime: self.id.clone(), what };
        if !is_name(&self.id) {
            return Err(bad("an id is made of small letters, digits and hyphens".to_owned()));
        }
        if calendars.get(&self.calendar).is_none() {
            return Err(bad(format!("there is no calendar `{}`", self.calendar)));
        }
        if self.source.trim().is_empty() {
            return Err(bad("say where it was read (`source`)".to_owned()));
        }
        if !said(&self.name) {
            return Err(bad("`name` must be given in zh-CN and en".to_owned()));
        }
        let mut known = BTreeSet::new();
        for rule in &self.clocks {
            if !known.insert(&rule.id) {
                return Err(bad(format!("the clock `{}` is there twice", rule.id)));
            }
            rule.check().map_err(|what| bad(format!("clock `{}`: {what}", rule.id)))?;
        }
        if known.is_empty() { Err(bad("it has no [[clock]]".to_owned())) } else { Ok(()) }
    }
}

impl Rule {
    fn check(&self) -> Result<(), String> {
        if !is_name(&self.id) {
            return Err("an id is made of small letters, digits and hyphens".to_owned());
        }
        if self.starts_on.is_empty() {
            return Err("`starts_on` names no kind of case: it would never start".to_owned());
        }
        let texts = [Some(&self.what), Some(&self.starts), self.pauses.as_ref(), self.exception.as_ref()];
        let more = self.extensions.iter().map(|extension| &extension.when);
        let credit = self.provisional_credit.iter().flat_map(|credit| [&credit.amount, &credit.reversal]);
        if !texts.into_iter().flatten().chain(more).chain(credit).all(said) {
            return Err("every text must be given in zh-CN and en".to_owned());
        }
        if self.extensions.len() > EXTENSIONS_MAX {
            return Err(format!("it has more than {EXTENSIONS_MAX} extensions"));
        }
        let mut term = self.term;
        for extension in &self.extensions {
            if !term.always_within(extension.term) || term == extension.term {
                return Err(format!("`{}` does not extend `{term}`", extension.term));
            }
            term = extension.term;
        }
        let credits = self.extensions.iter().any(|extension| extension.needs == Needs::ProvisionalCredit);
        if credits != self.provisional_credit.is_some() {
            return Err("`provisional_credit` and an extension that needs it go together".to_owned());
        }
        Ok(())
    }
}

/// The regime does not hold together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("regime `{regime}`: {what}")]
pub struct BadRegime {
    regime: String,
    what: String,
}

fn is_name(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn said(names: &Names) -> bool {
    names.len() == Language::ALL.len() && names.values().all(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "id = \"r\"\nname.zh-CN = \"规\"\nname.en = \"Rule\"\ncalendar = \"c\"\nsource = \"a law\"\nmark = \"S\"\n\
        checked_on = \"2026-11-28\"\n";
    const CLOCK: &str = "[[clock]]\nid = \"a\"\nwhat.zh-CN = \"做\"\nwhat.en = \"Do\"\nstarts.zh-CN = \"始\"\nstarts.en = \"Start\"\n\
        starts_on = [\"complaint\"]\nterm = \"15 business days\"\n";

    fn checked(text: &str) -> Result<(), String> {
        let calendar = "id = \"c\"\ntime_zone = \"UTC\"\nweekend = []\nwithout_holidays = true\n";
        let calendars: Calendars = std::iter::once(toml::from_str(calendar).unwrap()).collect();
        let regime: Regime = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        regime.check(&calendars).map_err(|error| error.to_string())
    }

    #[test]
    fn a_regime_that_holds_together_is_taken_and_others_are_refused_by_name() {
        assert_eq!(checked(&format!("{HEAD}{CLOCK}")), Ok(()));
        let when = "when.zh-CN = \"时\"\nwhen.en = \"When\"\n";
        let extension = |term: &str, needs: &str| format!("[[clock.extension]]\nterm = \"{term}\"\nneeds = \"{needs}\"\n{when}");
        assert_eq!(checked(&format!("{HEAD}{CLOCK}{}", extension("35 business days", "holding_reply"))), Ok(()));
        let broken = [
            (HEAD.replace("\"c\"", "\"d\"") + CLOCK, "there is no calendar `d`"),
            (HEAD.replace("a law", " ") + CLOCK, "say where it was read"),
            (HEAD.replace("name.en = \"Rule\"\n", "") + CLOCK, "`name` must be given"),
            (format!("{HEAD}{CLOCK}{CLOCK}"), "the clock `a` is there twice"),
            (HEAD.to_owned() + &CLOCK.replace("what.en = \"Do\"\n", ""), "every text must be given"),
            (HEAD.to_owned() + &CLOCK.replace("\"complaint\"", ""), "names no kind of case"),
            (format!("{HEAD}{CLOCK}{}", extension("15 business days", "approval")), "does not extend `15 business days`"),
            (format!("{HEAD}{CLOCK}{}", extension("20 calendar days", "approval")), "does not extend `15 business days`"),
            (format!("{HEAD}{CLOCK}{}", extension("45 calendar days", "provisional_credit")), "go together"),
            (HEAD.to_owned() + &CLOCK.replace("15 business days", "15 days"), "is not a term"),
            (HEAD.to_owned() + &CLOCK.replace("15 business days", "0 business days"), "is not a term"),
            (HEAD.to_owned() + &CLOCK.replace("15 business days", "401 calendar days"), "is not a term"),
        ];
        for (text, expected) in broken {
            let said = checked(&text).expect_err(expected);
            assert!(said.contains(expected), "{said}: expected {expected}");
        }
    }

    #[test]
    fn a_term_reads_back_as_it_was_written() {
        for text in ["1 business day", "15 business days", "1 calendar day", "90 calendar days"] {
            assert_eq!(text.parse::<Term>().unwrap().to_string(), text);
        }
    }
}
