//! How an address that is not listed resembles one that is. A resemblance is a warning and never an answer.

use super::address::Address;
use super::lookalike::{is_one_change_away, skeleton};
use super::reading::Reading;

/// Fewer digits than these resemble too much by chance.
const SHORT_MIN: usize = 4;
/// As for the end of a phone number, without its country and area.
const PHONE_MIN: usize = 7;
/// Digits put before or behind a short code that still let it be seen: an area code, a country, two zeros.
const EXTRA_MAX: usize = 4;
/// Names shorter than this are one change away from too many.
const NAME_MIN: usize = 5;

/// How it resembles a listed address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Likeness {
    /// The same, but with letters or characters that are drawn alike, or that run backwards.
    LookAlike,
    /// The same with digits before or behind, or a plus in front of a short code.
    ExtraDigits,
    /// One digit or letter other, more, less, or two swapped.
    OneChange,
    /// The listed name stands inside a longer host, or the same company's name under another ending.
    NameInside,
}

impl Likeness {
    /// The word for it on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LookAlike => "look_alike",
            Self::ExtraDigits => "extra_digits",
            Self::OneChange => "one_change",
            Self::NameInside => "name_inside",
        }
    }

    /// How what was read resembles a listed address; none when it does not. To be asked only of what is not that address.
    pub(super) fn between(reading: &Reading, listed: &Address) -> Option<Self> {
        match listed {
            Address::Phone(number) => of_phone(reading, number.digits()),
            Address::ShortCode(code) => of_code(reading, code),
            Address::SmsSender(sender) if sender.bytes().all(|b| b.is_ascii_digit()) => of_code(reading, sender),
            Address::SmsSender(name) | Address::App(name) => of_name(&reading.name()?, name),
            Address::Social { handle, .. } => of_name(&reading.name()?, handle),
            Address::Web(host) => of_host(reading, host),
            Address::Mail(mail) => of_mail(reading, mail),
        }
    }
}

fn of_code(reading: &Reading, code: &str) -> Option<Likeness> {
    let dialled = match reading.dialled() {
        Some(dialled) => dialled,
        // Nothing but look-alikes: 九五零零零.
        None => return (code.len() >= SHORT_MIN && all_spelled(reading.text()) == code).then_some(Likeness::LookAlike),
    };
    let digits = dialled.digits.as_str();
    if digits == code {
        let disguised = dialled.is_spelled || reading.is_reordered();
        return Some(if disguised { Likeness::LookAlike } else { Likeness::ExtraDigits });
    }
    if code.len() < SHORT_MIN {
        return None;
    }
    let extra = digits.len().checked_sub(code.len()).is_some_and(|extra| extra <= EXTRA_MAX);
    if extra && (digits.starts_with(code) || digits.ends_with(code)) {
        return Some(Likeness::ExtraDigits);
    }
    let backwards: String = digits.chars().rev().collect();
    if reading.is_reordered() && backwards == code {
        return Some(Likeness::LookAlike);
    }
    is_one_change_away(digits, code).then_some(Likeness::OneChange)
}

fn of_phone(reading: &Reading, whole: &str) -> Option<Likeness> {
    let dialled = reading.dialled()?;
    let digits = dialled.digits.trim_start_matches('0');
    if digits.len() < PHONE_MIN {
        return None;
    }
    if whole.ends_with(digits) {
        let disguised = dialled.is_spelled || reading.is_reordered();
        return Some(if disguised { Likeness::LookAlike } else { Likeness::ExtraDigits });
    }
    if digits.len() > whole.len()
        && digits.len() - whole.len() <= EXTRA_MAX
        && (digits.starts_with(whole) || digits.ends_with(whole))
    {
        return Some(Likeness::ExtraDigits);
    }
    // The listed number as it would be written with as many digits, one fewer and one more.
    let tails = [digits.len() - 1, digits.len(), digits.len() + 1].map(|length| whole.get(whole.len().saturating_sub(length)..));
    tails
        .into_iter()
        .flatten()
        .any(|tail| tail.len() >= PHONE_MIN && is_one_change_away(digits, tail))
        .then_some(Likeness::OneChange)
}

fn of_name(name: &str, listed: &str) -> Option<Likeness> {
    let listed = listed.to_lowercase();
    if name == listed || skeleton(name) == skeleton(&listed) {
        return Some(Likeness::LookAlike);
    }
    let (drawn, listed) = (skeleton(name), skeleton(&listed));
    if listed.chars().count() < NAME_MIN {
        return None;
    }
    if is_one_change_away(&drawn, &listed) {
        return Some(Likeness::OneChange);
    }
    drawn.contains(&listed).then_some(Likeness::NameInside)
}

fn of_host(reading: &Reading, listed: &str) -> Option<Likeness> {
    let host = reading.host()?;
    // A name in front of an `@` is there to be read as the host.
    let before = reading.text().to_lowercase();
    if skeleton(&host.name) == skeleton(listed) {
        return Some(Likeness::LookAlike);
    }
    if is_one_change_away(&skeleton(&host.name), &skeleton(listed)) {
        return Some(Likeness::OneChange);
    }
    let own = own_name(listed);
    let inside = skeleton(&host.name).contains(&skeleton(own)) && own.chars().count() >= NAME_MIN;
    (inside || before.contains(listed)).then_some(Likeness::NameInside)
}

fn of_mail(reading: &Reading, listed: &str) -> Option<Likeness> {
    let mail = reading.mail()?;
    let (host, listed_host) = (mail.split_once('@')?.1, listed.split_once('@')?.1);
    if skeleton(&mail) == skeleton(listed) {
        return Some(Likeness::LookAlike);
    }
    if is_one_change_away(&skeleton(&mail), &skeleton(listed)) {
        return Some(Likeness::OneChange);
    }
    let own = own_name(listed_host);
    let inside = own.chars().count() >= NAME_MIN && skeleton(host).contains(&skeleton(own));
    (host == listed_host || inside).then_some(Likeness::NameInside)
}

/// The part of a host that a company is known by: what stands before its last dot.
fn own_name(host: &str) -> &str {
    let before = host.rsplit_once('.').map_or(host, |(before, _)| before);
    before.rsplit_once('.').map_or(before, |(_, own)| own)
}

/// The digits that a text of look-alikes alone stands for; empty when it is not one.
fn all_spelled(text: &str) -> String {
    let digits: Option<String> = text.chars().filter(|c| *c != ' ').map(super::lookalike::digit).collect();
    digits.unwrap_or_default()
}
