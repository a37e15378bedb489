//! One line of a golden table: a value, its words, and its clips and pauses.

use walletline_core::ivr::prompt::{Sound, Spoken};
use walletline_core::ivr::speak::speak;
use walletline_core::kernel::language::Language;

/// `sounds`: clips by name and pauses in milliseconds, with spaces between.
#[expect(clippy::needless_pass_by_value, reason = "a table reads better without a sign of reference in every line")]
#[track_caller]
pub(crate) fn check(language: Language, value: Spoken, words: &str, sounds: &str) {
    let Some(said) = speak(language, &value) else { panic!("{value:?} is not spoken") };
    let heard: Vec<String> = said
        .sounds
        .into_iter()
        .map(|sound| match sound {
            Sound::Clip(id) => id,
            Sound::Pause(ms) => ms.to_string(),
        })
        .collect();
    assert_eq!((said.words.as_str(), heard.join(" ").as_str()), (words, sounds), "{value:?}");
}

/// A value outside the range of its grammar.
#[expect(clippy::needless_pass_by_value, reason = "a table reads better without a sign of reference in every line")]
#[track_caller]
pub(crate) fn refuse(language: Language, value: Spoken) {
    assert_eq!(speak(language, &value), None, "{value:?}");
}

pub(crate) fn count(value: u64) -> Spoken {
    Spoken::Count(value)
}

pub(crate) fn position(place: u32) -> Spoken {
    Spoken::Position(place)
}

pub(crate) fn digits(text: &str) -> Spoken {
    Spoken::Digits(text.to_owned())
}

pub(crate) fn id(text: &str) -> Spoken {
    Spoken::Id(text.to_owned())
}

pub(crate) fn money(minor: i64, currency: &str) -> Spoken {
    Spoken::Money { minor, currency: currency.to_owned() }
}

pub(crate) fn date(year: u16, month: u8, day: u8) -> Spoken {
    Spoken::Date { year, month, day }
}

pub(crate) fn time(hour: u8, minute: u8) -> Spoken {
    Spoken::Time { hour, minute }
}

pub(crate) fn business_days(days: u16) -> Spoken {
    Spoken::BusinessDays(days)
}

pub(crate) fn duration(seconds: u64) -> Spoken {
    Spoken::Duration(seconds)
}
