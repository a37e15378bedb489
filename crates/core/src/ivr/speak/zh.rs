//! Mandarin. 两 stands before a measure word, before 百, 千, 万 and 亿, and at the head of an amount; 二 counts, and stands in
//! dates and after the first unit of an amount. 零 is said once for any run of zeros inside a number, and 一十 inside a number
//! where it would be 十 alone. One (幺) in digits read singly is `spell`'s: its clips are recorded so.

use super::{Currency, Line, Money, Unit};

const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// Years with a clip of their own; others are joined from digits.
const WHOLE_YEARS: std::ops::RangeInclusive<u16> = 2024..=2035;

/// Places with a clip of their own.
const WHOLE_PLACES: std::ops::RangeInclusive<u32> = 1..=20;

/// Numbers of days with a clip of their own.
const WHOLE_DAYS: std::ops::RangeInclusive<u64> = 1..=30;

/// 第三位.
pub(super) fn position(line: &mut Line, place: u32) {
    if WHOLE_PLACES.contains(&place) {
        line.clip(format!("place.{place}"), format!("第{}位", below_hundred(u64::from(place))));
    } else {
        line.clip("place", "第");
        number(line, u64::from(place));
        line.clip("place.end", "位");
    }
}

/// A number below 10¹².
pub(super) fn number(line: &mut Line, value: u64) {
    let (yi, wan, ones) = (value / 100_000_000, value / 10_000 % 10_000, value % 10_000);
    if value < 100 {
        return plain(line, value);
    }
    if yi > 0 {
        section(line, yi, true, true);
        line.clip("yi", "亿");
    }
    if wan > 0 {
        if yi > 0 && wan < 1_000 {
            plain(line, 0);
        }
        if yi == 0 && wan < 10 {
            line.clip(format!("wan.{wan}"), format!("{}万", before_unit(wan)));
        } else {
            section(line, wan, yi == 0, true);
            line.clip("wan", "万");
        }
    }
    if ones > 0 {
        let lead = yi == 0 && wan == 0;
        if !lead && ones < 1_000 {
            plain(line, 0);
        }
        section(line, ones, lead, false);
    }
}

/// 1 to 9,999 within a number. `lead`: nothing was said before it; `counted`: 万 or 亿 follows, which takes 两.
fn section(line: &mut Line, value: u64, lead: bool, counted: bool) {
    if counted && value == 2 {
        return line.clip("liang", "两");
    }
    let (thousands, hundreds, rest) = (value / 1_000, value / 100 % 10, value % 100);
    if thousands > 0 {
        line.clip(format!("thousand.{thousands}"), format!("{}千", before_unit(thousands)));
    }
    if hundreds > 0 {
        line.clip(format!("hundred.{hundreds}"), format!("{}百", before_unit(hundreds)));
    }
    let gap = (thousands > 0 && hundreds == 0) || (hundreds > 0 && rest < 10);
    if rest > 0 && gap {
        plain(line, 0);
    }
    let inside = !lead || thousands > 0 || hundreds > 0;
    match rest {
        0 => {}
        10..=19 if inside => line.clip(format!("inside.{rest}"), format!("一{}", below_hundred(rest))),
        _ => plain(line, rest),
    }
}

/// 0 to 99 by itself.
fn plain(line: &mut Line, value: u64) {
    line.clip(format!("n.{value}"), below_hundred(value));
}

/// A number before a measure word: two is 两.
fn measured(line: &mut Line, value: u64) {
    if value == 2 {
        line.clip("liang", "两");
    } else {
        number(line, value);
    }
}

fn digit(value: u64) -> &'static str {
    DIGITS[usize::try_from(value % 10).unwrap_or(0)]
}

fn before_unit(value: u64) -> &'static str {
    if value == 2 { "两" } else { digit(value) }
}

fn below_hundred(value: u64) -> String {
    let tens = match value / 10 {
        0 => return digit(value).to_owned(),
        1 => "十".to_owned(),
        tens => format!("{}十", digit(tens)),
    };
    if value.is_multiple_of(10) { tens } else { tens + digit(value) }
}

/// Yuan as 元, 角 and 分; other currencies as a decimal, as foreign amounts are read.
pub(super) fn money(line: &mut Line, money: &Money) {
    if money.negative {
        line.clip("minus", "负");
    }
    let (unit, name) = match money.currency {
        Currency::Cny => return yuan(line, money.units, money.cents),
        Currency::Usd => ("USD", "美元"),
        Currency::Eur => ("EUR", "欧元"),
        Currency::Gbp => ("GBP", "英镑"),
        Currency::Jpy => ("JPY", "日元"),
        Currency::Hkd => ("HKD", "港元"),
    };
    if money.cents == 0 {
        measured(line, money.units);
    } else {
        number(line, money.units);
        line.clip("point", "点");
        plain(line, money.cents / 10);
        plain(line, money.cents % 10);
    }
    line.clip(unit, name);
}

fn yuan(line: &mut Line, units: u64, cents: u64) {
    let (jiao, fen) = (cents / 10, cents % 10);
    if units > 0 || cents == 0 {
        measured(line, units);
        line.clip("yuan", "元");
    }
    if jiao > 0 {
        if units > 0 {
            number(line, jiao);
        } else {
            measured(line, jiao);
        }
        line.clip("jiao", "角");
    }
    if fen > 0 {
        if units > 0 && jiao == 0 {
            plain(line, 0);
        }
        if cents == fen && units == 0 {
            measured(line, fen);
        } else {
            number(line, fen);
        }
        line.clip("fen", "分");
    }
}

/// 二零二六年七月五日.
pub(super) fn date(line: &mut Line, year: u16, month: u8, day: u8) {
    let figures: Vec<u64> = [1_000, 100, 10, 1].iter().map(|place| u64::from(year / place % 10)).collect();
    if WHOLE_YEARS.contains(&year) {
        let words: String = figures.iter().map(|figure| digit(*figure)).collect();
        line.clip(format!("year.{year}"), words + "年");
    } else {
        for figure in figures {
            plain(line, figure);
        }
        line.clip("year", "年");
    }
    line.clip(format!("month.{month}"), format!("{}月", below_hundred(u64::from(month))));
    line.clip(format!("day.{day}"), format!("{}日", below_hundred(u64::from(day))));
}

/// 十四点零五分, on the 24-hour clock; a full hour is 整.
pub(super) fn time(line: &mut Line, hour: u8, minute: u8) {
    let hour_words = if hour == 2 { "两".to_owned() } else { below_hundred(u64::from(hour)) };
    if minute == 0 {
        return line.clip(format!("hour.{hour}.full"), hour_words + "点整");
    }
    line.clip(format!("hour.{hour}"), hour_words + "点");
    let zero = if minute < 10 { "零" } else { "" };
    line.clip(format!("minute.{minute}"), format!("{zero}{}分", below_hundred(u64::from(minute))));
}

/// 一天两小时.
pub(super) fn duration(line: &mut Line, units: &[(u64, Unit)]) {
    for (count, unit) in units {
        let words = if *count == 2 { "两".to_owned() } else { below_hundred(*count) };
        match unit {
            Unit::Day if WHOLE_DAYS.contains(count) => line.clip(format!("days.{count}"), words + "天"),
            Unit::Day => {
                number(line, *count);
                line.clip("days", "天");
            }
            Unit::Hour => line.clip(format!("hours.{count}"), words + "小时"),
            Unit::Minute => line.clip(format!("minutes.{count}"), words + "分钟"),
            Unit::Second => {
                measured(line, *count);
                line.clip("seconds", "秒");
            }
        }
    }
}

/// 两个工作日.
pub(super) fn business_days(line: &mut Line, days: u16) {
    measured(line, u64::from(days));
    line.clip("business_days", "个工作日");
}
