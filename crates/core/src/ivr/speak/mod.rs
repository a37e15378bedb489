//! Spoken values: one grammar per language, from a value to clips cut for joining and the words they add up to. A listener can
//! write down every value that is spoken here. A value outside the range of its grammar is never spoken at all: silence can be
//! asked about, a wrong amount cannot.
//!
//! | value | range | words |
//! | --- | --- | --- |
//! | `Digits` | 1 to [`SPELLED_MAX`] digits, `-` and spaces between them | figures, in groups |
//! | `Id` | 1 to [`SPELLED_MAX`] ASCII letters and digits, `-`, `_` and spaces between them | capitals and figures, in groups |
//! | `Phone` | 1 to [`SPELLED_MAX`] digits, a plus before them is not said | masked |
//! | `Position` | 1 to the largest `u32` | words |
//! | `Count` | 0 to 999,999,999,999 | words |
//! | `Money` | up to 999,999,999,999 whole units of a currency named in [`Money`]; a minus is said, never lost | words |
//! | `Date` | days that exist, 2000 to 2099 | words |
//! | `Time` | 0:00 to 23:59 | words |
//! | `Duration` | up to 9,999 days; its two largest units, the rest cut off | words |
//! | `BusinessDays` | 1 to the largest `u16` | words |

mod en;
mod spell;
mod zh;

pub use spell::SPELLED_MAX;

use super::prompt::{Sound, Spoken};
use crate::kernel::language::Language;

/// The largest number that is said in words is one below this.
const NUMBER_LIMIT: u64 = 1_000_000_000_000;

/// The longest duration that is said, in days: nobody waits longer, and more digits would hide a fault.
const DURATION_DAYS_MAX: u64 = 9_999;

const DAY_S: u64 = 86_400;
const HOUR_S: u64 = 3_600;
const MINUTE_S: u64 = 60;

/// A value as it is heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// The words.
    pub words: String,
    /// The clips and pauses.
    pub sounds: Vec<Sound>,
}

/// A value in a language, or None when it lies outside the range of its grammar.
#[must_use]
pub fn speak(language: Language, value: &Spoken) -> Option<Utterance> {
    match value {
        Spoken::Digits(text) => return spell::digits(text),
        Spoken::Id(text) => return spell::id(text),
        Spoken::Phone(number) => return spell::phone(number),
        Spoken::Date { year, month, day } if !exists(*year, *month, *day) => return None,
        Spoken::Time { hour, minute } if *hour > 23 || *minute > 59 => return None,
        Spoken::Position(0) | Spoken::BusinessDays(0) => return None,
        Spoken::Duration(seconds) if *seconds / DAY_S > DURATION_DAYS_MAX => return None,
        Spoken::Count(count) if *count >= NUMBER_LIMIT => return None,
        _ => {}
    }
    let mut line = Line::default();
    match (language, value) {
        (_, Spoken::Digits(_) | Spoken::Id(_) | Spoken::Phone(_)) => return None,
        (Language::ZhCn, Spoken::Position(place)) => zh::position(&mut line, *place),
        (Language::En, Spoken::Position(place)) => en::position(&mut line, *place),
        (Language::ZhCn, Spoken::Count(count)) => zh::number(&mut line, *count),
        (Language::En, Spoken::Count(count)) => en::number(&mut line, *count),
        (_, Spoken::Money { minor, currency }) => {
            let money = Money::of(*minor, currency)?;
            match language {
                Language::ZhCn => zh::money(&mut line, &money),
                Language::En => en::money(&mut line, &money),
            }
        }
        (Language::ZhCn, Spoken::Date { year, month, day }) => zh::date(&mut line, *year, *month, *day),
        (Language::En, Spoken::Date { year, month, day }) => en::date(&mut line, *year, *month, *day),
        (Language::ZhCn, Spoken::Time { hour, minute }) => zh::time(&mut line, *hour, *minute),
        (Language::En, Spoken::Time { hour, minute }) => en::time(&mut line, *hour, *minute),
        (Language::ZhCn, Spoken::Duration(seconds)) => zh::duration(&mut line, &units(*seconds)),
        (Language::En, Spoken::Duration(seconds)) => en::duration(&mut line, &units(*seconds)),
        (Language::ZhCn, Spoken::BusinessDays(days)) => zh::business_days(&mut line, *days),
        (Language::En, Spoken::BusinessDays(days)) => en::business_days(&mut line, *days),
    }
    Some(Utterance { words: join(language, &line.words), sounds: line.sounds })
}

/// Words of several parts as one text: Chinese runs together and keeps a space only beside figures and Latin letters; English
/// has spaces, but none before a full stop or a comma.
#[must_use]
pub fn join(language: Language, parts: &[String]) -> String {
    let mut text = String::new();
    for part in parts {
        let (Some(last), Some(first)) = (text.chars().last(), part.chars().next()) else {
            text.push_str(part);
            continue;
        };
        let apart = match language {
            Language::ZhCn => last.is_alphanumeric() && first.is_alphanumeric() && (last.is_ascii() || first.is_ascii()),
            Language::En => !last.is_whitespace() && !matches!(first, '.' | ',' | '?' | '!' | ':' | ';'),
        };
        if apart {
            text.push(' ');
        }
        text.push_str(part);
    }
    text
}

/// What is being put together: words and clips side by side.
#[derive(Debug, Default)]
struct Line {
    words: Vec<String>,
    sounds: Vec<Sound>,
}

impl Line {
    fn clip(&mut self, id: impl Into<String>, words: impl Into<String>) {
        self.sounds.push(Sound::Clip(id.into()));
        self.words.push(words.into());
    }
}

/// The currencies that can be spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Currency {
    Cny,
    Usd,
    Eur,
    Gbp,
    Jpy,
    Hkd,
}

impl Currency {
    fn of(code: &str) -> Option<Self> {
        Some(match code {
            "CNY" => Self::Cny,
            "USD" => Self::Usd,
            "EUR" => Self::Eur,
            "GBP" => Self::Gbp,
            "JPY" => Self::Jpy,
            "HKD" => Self::Hkd,
            _ => return None,
        })
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Cny => "CNY",
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Gbp => "GBP",
            Self::Jpy => "JPY",
            Self::Hkd => "HKD",
        }
    }

    /// Minor units in one whole unit, from ISO 4217.
    const fn minor_per_unit(self) -> u64 {
        match self {
            Self::Jpy => 1,
            Self::Cny | Self::Usd | Self::Eur | Self::Gbp | Self::Hkd => 100,
        }
    }
}

/// An amount taken apart.
#[derive(Debug)]
struct Money {
    negative: bool,
    units: u64,
    cents: u64,
    currency: Currency,
}

impl Money {
    fn of(minor: i64, currency: &str) -> Option<Self> {
        let currency = Currency::of(currency)?;
        let (all, per_unit) = (minor.unsigned_abs(), currency.minor_per_unit());
        let (units, cents) = (all / per_unit, all % per_unit);
        (units < NUMBER_LIMIT).then_some(Self { negative: minor < 0, units, cents, currency })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Hour,
    Minute,
    Second,
}

/// The largest unit of a duration and the one below it, as far as they are not zero; zero itself is zero seconds.
fn units(seconds: u64) -> Vec<(u64, Unit)> {
    let (largest, below) = if seconds >= DAY_S {
        ((seconds / DAY_S, Unit::Day), Some((seconds % DAY_S / HOUR_S, Unit::Hour)))
    } else if seconds >= HOUR_S {
        ((seconds / HOUR_S, Unit::Hour), Some((seconds % HOUR_S / MINUTE_S, Unit::Minute)))
    } else if seconds >= MINUTE_S {
        ((seconds / MINUTE_S, Unit::Minute), Some((seconds % MINUTE_S, Unit::Second)))
    } else {
        ((seconds, Unit::Second), None)
    };
    let mut units = vec![largest];
    units.extend(below.filter(|(count, _)| *count > 0));
    units
}

fn exists(year: u16, month: u8, day: u8) -> bool {
    // Every fourth year from 2000 to 2099 is a leap year: 2000 is divisible by 400, and 2100 lies outside.
    let days = match month {
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (2000..=2099).contains(&year) && (1..=days).contains(&day)
}
