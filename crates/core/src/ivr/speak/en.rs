//! English. "And" stands before the last two figures of a number ("one hundred and five", "one thousand and five") and before the
//! smaller unit of an amount or a duration. Dates are day, month, year; times are on the 12-hour clock, with noon and midnight.

use super::{Currency, Line, Money, Unit};

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS: [&str; 32] = [
    "",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
];
const MONTHS: [&str; 13] = [
    "",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Years with a clip of their own; others are joined.
const WHOLE_YEARS: std::ops::RangeInclusive<u16> = 2024..=2035;

/// Places with a clip of their own.
const WHOLE_PLACES: std::ops::RangeInclusive<u32> = 1..=20;

/// "Number three".
pub(super) fn position(line: &mut Line, place: u32) {
    if WHOLE_PLACES.contains(&place) {
        line.clip(format!("place.{place}"), format!("number {}", below_hundred(u64::from(place))));
    } else {
        line.clip("place", "number");
        number(line, u64::from(place));
    }
}

/// A number below 10¹².
pub(super) fn number(line: &mut Line, value: u64) {
    let mut rest = value;
    for (size, name) in [(1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand")] {
        if rest < size {
            continue;
        }
        below_thousand(line, rest / size);
        rest %= size;
        if (1..100).contains(&rest) {
            line.clip(format!("{name}.and"), format!("{name} and"));
        } else {
            line.clip(name, name);
        }
    }
    if rest > 0 || value == 0 {
        below_thousand(line, rest);
    }
}

fn below_thousand(line: &mut Line, value: u64) {
    let (hundreds, rest) = (value / 100, value % 100);
    match (hundreds, rest) {
        (0, _) => plain(line, rest),
        (_, 0) => line.clip(format!("hundred.{hundreds}"), format!("{} hundred", below_hundred(hundreds))),
        _ => {
            line.clip(format!("hundred.{hundreds}.and"), format!("{} hundred and", below_hundred(hundreds)));
            plain(line, rest);
        }
    }
}

fn plain(line: &mut Line, value: u64) {
    line.clip(format!("n.{value}"), below_hundred(value));
}

fn below_hundred(value: u64) -> String {
    let at = |table: &[&'static str], place: u64| table[usize::try_from(place).unwrap_or(0) % table.len()];
    match (value / 10, value % 10) {
        (0 | 1, _) => at(&SMALL, value).to_owned(),
        (tens, 0) => at(&TENS, tens).to_owned(),
        (tens, ones) => format!("{}-{}", at(&TENS, tens), at(&SMALL, ones)),
    }
}

/// "Twelve US dollars and five cents".
pub(super) fn money(line: &mut Line, money: &Money) {
    if money.negative {
        line.clip("minus", "minus");
    }
    let (one, many, cent, cents) = match money.currency {
        Currency::Cny => ("yuan", "yuan", "fen", "fen"),
        Currency::Usd => ("US dollar", "US dollars", "cent", "cents"),
        Currency::Eur => ("euro", "euros", "cent", "cents"),
        Currency::Gbp => ("pound", "pounds", "penny", "pence"),
        Currency::Jpy => ("yen", "yen", "", ""),
        Currency::Hkd => ("Hong Kong dollar", "Hong Kong dollars", "cent", "cents"),
    };
    let code = money.currency.code();
    if money.units > 0 || money.cents == 0 {
        number(line, money.units);
        let (form, name) = if money.units == 1 && one != many { (".one", one) } else { ("", many) };
        if money.cents > 0 {
            line.clip(format!("{code}{form}.and"), format!("{name} and"));
        } else {
            line.clip(format!("{code}{form}"), name);
        }
    }
    if money.cents > 0 {
        plain(line, money.cents);
        let name = if money.cents == 1 { cent } else { cents };
        line.clip(name, name);
    }
}

/// "The fifth of July, twenty twenty-six".
pub(super) fn date(line: &mut Line, year: u16, month: u8, day: u8) {
    line.clip(format!("day.{day}"), format!("the {} of", ORDINALS[usize::from(day) % ORDINALS.len()]));
    line.clip(format!("month.{month}"), MONTHS[usize::from(month) % MONTHS.len()]);
    if WHOLE_YEARS.contains(&year) {
        line.clip(format!("year.{year}"), format!("twenty {}", below_hundred(u64::from(year % 100))));
    } else if year < 2010 {
        number(line, u64::from(year));
    } else {
        plain(line, u64::from(year / 100));
        plain(line, u64::from(year % 100));
    }
}

/// "Two oh five p.m."; noon and midnight have their names, since "twelve p.m." is taken for either.
pub(super) fn time(line: &mut Line, hour: u8, minute: u8) {
    match (hour, minute) {
        (0, 0) => return line.clip("midnight", "midnight"),
        (12, 0) => return line.clip("noon", "noon"),
        _ => {}
    }
    plain(line, u64::from(if hour.is_multiple_of(12) { 12 } else { hour % 12 }));
    match minute {
        0 => {}
        1..=9 => line.clip(format!("oh.{minute}"), format!("oh {}", below_hundred(u64::from(minute)))),
        _ => plain(line, u64::from(minute)),
    }
    if hour < 12 { line.clip("am", "a.m.") } else { line.clip("pm", "p.m.") }
}

/// "One day and two hours".
pub(super) fn duration(line: &mut Line, units: &[(u64, Unit)]) {
    for (place, (count, unit)) in units.iter().enumerate() {
        number(line, *count);
        let one = match unit {
            Unit::Day => "day",
            Unit::Hour => "hour",
            Unit::Minute => "minute",
            Unit::Second => "second",
        };
        let name = if *count == 1 { one.to_owned() } else { format!("{one}s") };
        if place + 1 < units.len() {
            line.clip(format!("{name}.and"), format!("{name} and"));
        } else {
            line.clip(name.clone(), name);
        }
    }
}

/// "Two business days".
pub(super) fn business_days(line: &mut Line, days: u16) {
    number(line, u64::from(days));
    let name = if days == 1 { "business day" } else { "business days" };
    line.clip(name.replace(' ', "_"), name);
}
