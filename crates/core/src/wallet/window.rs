//! How long a kind of transaction usually takes, as sourced data. It says what is usual and on which ground; it never promises,
//! and no figure stands in code.

use crate::kernel::{calendar::Calendars, language::Language, length::Length, source::Mark};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};

/// What stands for "any" in a window, and for "not told" in a transaction.
const ANY: &str = "*";

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Between two customers.
    WalletToWallet,
    /// To another country.
    CrossBorder,
    /// To a merchant.
    MerchantPayment,
    /// To a bank account.
    BankTransfer,
    /// Money that goes back to its source.
    Refund,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::WalletToWallet, Self::CrossBorder, Self::MerchantPayment, Self::BankTransfer, Self::Refund];

    /// Its name in files, on the wire and in prompt names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WalletToWallet => "wallet_to_wallet",
            Self::CrossBorder => "cross_border",
            Self::MerchantPayment => "merchant_payment",
            Self::BankTransfer => "bank_transfer",
            Self::Refund => "refund",
        }
    }
}

/// What the money travels on: `internal`, `sepa_instant`, `swift_gpi`, `card_refund`. An open list: a wallet may have its own.
/// `*` is any rail in a window, and a rail that was not told in a transaction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rail(String);

/// The text is no rail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a rail: write lower-case letters, digits and `_`, such as `sepa_instant`, or `*` for any")]
pub struct BadRail(String);

impl Rail {
    /// A rail that was not told.
    #[must_use]
    pub fn any() -> Self {
        Self(ANY.to_owned())
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Rail {
    type Err = BadRail;
    fn from_str(text: &str) -> Result<Self, BadRail> {
        let named = !text.is_empty() && text.len() <= 40;
        let plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if text == ANY || (named && plain) { Ok(Self(text.to_owned())) } else { Err(BadRail(text.to_owned())) }
    }
}

/// From which country to which: `CN-DE`; `CN-*`, `*-CN` and `*` leave a side open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Corridor {
    from: Option<Country>,
    to: Option<Country>,
}

/// An ISO 3166-1 alpha-2 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Country([u8; 2]);

/// The text is no corridor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a corridor: write two country codes such as `CN-DE`, `*-DE` for any country to Germany, or `*` for all")]
pub struct BadCorridor(String);

impl Corridor {
    /// No side is told.
    pub const ANY: Self = Self { from: None, to: None };

    /// Whether a transaction of that corridor belongs to this one. A side that was not told belongs to an open side alone.
    fn covers(self, other: Self) -> bool {
        let side = |mine: Option<Country>, theirs: Option<Country>| mine.is_none() || mine == theirs;
        side(self.from, other.from) && side(self.to, other.to)
    }
}

impl FromStr for Corridor {
    type Err = BadCorridor;
    fn from_str(text: &str) -> Result<Self, BadCorridor> {
        let bad = || BadCorridor(text.to_owned());
        let country = |code: &str| match code.as_bytes() {
            b"*" => Ok(None),
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Some(Country([*a, *b]))),
            _ => Err(bad()),
        };
        match text.split_once('-') {
            Some((from, to)) => Ok(Self { from: country(from)?, to: country(to)? }),
            None if text == ANY => Ok(Self::ANY),
            None => Err(bad()),
        }
    }
}

impl fmt::Display for Rail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Corridor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |side: Option<Country>| side.map_or([b'*', 0], |country| country.0);
        let text = |side: [u8; 2]| side.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect::<String>();
        if *self == Self::ANY {
            return f.write_str(ANY);
        }
        write!(f, "{}-{}", text(side(self.from)), text(side(self.to)))
    }
}

macro_rules! written_as_text {
    ($($name:ident: $error:ident),*) => {$(
        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    )*};
}
written_as_text!(Rail: BadRail, Corridor: BadCorridor);

/// A sentence in every language of the hotline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    pub zh_cn: String,
    /// English.
    pub en: String,
}

impl Basis {
    /// The sentence in one language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.zh_cn,
            Language::En => &self.en,
        }
    }
}

/// From when the time counts in which money is due back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueFrom {
    /// From the failure.
    #[default]
    Failure,
    /// From the order, however late it failed.
    Order,
}

/// What is usual for one wallet, kind, rail and corridor, on what ground, and from when on it is late.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The wallet's id, or `*` for every wallet.
    pub wallet: String,
    /// The kind of transaction.
    pub kind: Kind,
    /// What the money travels on.
    pub rail: Rail,
    /// From where to where.
    pub corridor: Corridor,
    /// Half of them have arrived by then.
    pub p50: Length,
    /// Nearly all of them have arrived by then.
    pub p95: Length,
    /// Past this it is called late.
    pub late_after: Length,
    /// The hard deadline: past this it is overdue, and somebody has to look for it.
    pub overdue_after: Length,
    /// When a failed one is due back with the customer. Absent where failing moves no money.
    pub refund_due_after: Option<Length>,
    /// From when that counts.
    #[serde(default)]
    pub refund_due_from: DueFrom,
    /// The calendar that business days are counted on.
    pub calendar: String,
    /// On what ground, for the customer: short enough to be spoken.
    pub basis: Basis,
    /// Where the figures were read.
    pub source: String,
    /// How far to trust them.
    pub mark: Mark,
    /// When they were read.
    pub checked_on: Date,
}

/// A file of windows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowFile {
    /// Its windows, in order.
    #[serde(rename = "window")]
    pub windows: Vec<Window>,
}

impl Window {
    /// What no two windows share: `*/cross_border/swift_gpi/CN-DE`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}/{}/{}", self.wallet, self.kind.name(), self.rail, self.corridor)
    }

    /// What to quote: half arrive within the first, nearly all within the second.
    #[must_use]
    pub const fn usual(&self) -> (Length, Length) {
        (self.p50, self.p95)
    }

    fn covers(&self, wallet: &str, kind: Kind, rail: &Rail, corridor: Corridor) -> bool {
        let wallet_fits = self.wallet == ANY || self.wallet == wallet;
        let rail_fits = self.rail.0 == ANY || self.rail == *rail;
        self.kind == kind && wallet_fits && rail_fits && self.corridor.covers(corridor)
    }

    /// What it names outright, weightiest first.
    fn specificity(&self) -> [bool; 4] {
        [self.wallet != ANY, self.rail.0 != ANY, self.corridor.from.is_some(), self.corridor.to.is_some()]
    }
}

/// The window that says most about a transaction: its own wallet's before every wallet's, then its own rail's, then its own
/// corridor's, the sending side first. Among equals, which [`check`] refuses, the first.
#[must_use]
pub fn find<'a>(windows: &'a [Window], wallet: &str, kind: Kind, rail: &Rail, corridor: Corridor) -> Option<&'a Window> {
    let fitting = windows.iter().rev().filter(|window| window.covers(wallet, kind, rail, corridor));
    fitting.max_by_key(|window| window.specificity())
}

/// Something in a set of windows that must be put right before it is used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Two windows for the same.
    #[error("window {key}: it is there twice: delete one")]
    Twice {
        /// The window.
        key: String,
    },
    /// There is no such calendar.
    #[error("window {key}: there is no calendar `{calendar}`: name one of calendars/, or add it")]
    NoCalendar {
        /// The window.
        key: String,
        /// What it names.
        calendar: String,
    },
    /// A step that may end after the next one.
    #[error(
        "window {key}: `{earlier}` may end after `{later}`: keep p50, p95, late_after, overdue_after in order, business days after \
         elapsed time"
    )]
    Order {
        /// The window.
        key: String,
        /// The field that should end first.
        earlier: &'static str,
        /// The field that should end last.
        later: &'static str,
    },
    /// Something is not said.
    #[error("window {key}: `{field}` is empty: fill it in")]
    Empty {
        /// The window.
        key: String,
        /// Which field.
        field: &'static str,
    },
}

/// All that is wrong with a set of windows, in order; nothing when it may be used.
#[must_use]
pub fn check(windows: &[Window], calendars: &Calendars) -> Vec<Problem> {
    let mut keys = BTreeSet::new();
    windows
        .iter()
        .flat_map(|window| {
            let twice = (!keys.insert(window.key())).then(|| Problem::Twice { key: window.key() });
            twice.into_iter().chain(check_window(window, calendars)).collect::<Vec<_>>()
        })
        .collect()
}

fn check_window(window: &Window, calendars: &Calendars) -> Vec<Problem> {
    let key = || window.key();
    let steps =
        [("p50", window.p50), ("p95", window.p95), ("late_after", window.late_after), ("overdue_after", window.overdue_after)];
    let texts = [
        ("wallet", &window.wallet),
        ("basis.zh-CN", &window.basis.zh_cn),
        ("basis.en", &window.basis.en),
        ("source", &window.source),
    ];
    let no_calendar = calendars.get(&window.calendar).is_none();
    let calendar = no_calendar.then(|| Problem::NoCalendar { key: key(), calendar: window.calendar.clone() });
    let pairs = steps.iter().zip(steps.iter().skip(1));
    let disorder = pairs.filter(|(earlier, later)| !earlier.1.always_within(later.1)).map(|(earlier, later)| Problem::Order {
        key: key(),
        earlier: earlier.0,
        later: later.0,
    });
    let empty = texts.iter().filter(|(_, text)| text.trim().is_empty()).map(|(field, _)| Problem::Empty { key: key(), field });
    calendar.into_iter().chain(disorder).chain(empty).collect()
}

#[cfg(test)]
mod laws;
