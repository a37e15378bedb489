//! Golden table: how every kind of value is spoken in Mandarin, as words and as clips.

use crate::golden::{self, business_days, count, date, digits, duration, id, money, position, time};
use walletline_core::kernel::language::Language::ZhCn;

#[test]
fn numbers() {
    golden::check(ZhCn, count(0), "零", "n.0");
    golden::check(ZhCn, count(2), "二", "n.2");
    golden::check(ZhCn, count(10), "十", "n.10");
    golden::check(ZhCn, count(20), "二十", "n.20");
    golden::check(ZhCn, count(99), "九十九", "n.99");
    golden::check(ZhCn, count(100), "一百", "hundred.1");
    golden::check(ZhCn, count(101), "一百零一", "hundred.1 n.0 n.1");
    golden::check(ZhCn, count(110), "一百一十", "hundred.1 inside.10");
    golden::check(ZhCn, count(112), "一百一十二", "hundred.1 inside.12");
    golden::check(ZhCn, count(200), "两百", "hundred.2");
    golden::check(ZhCn, count(222), "两百二十二", "hundred.2 n.22");
    golden::check(ZhCn, count(1_001), "一千零一", "thousand.1 n.0 n.1");
    golden::check(ZhCn, count(1_010), "一千零一十", "thousand.1 n.0 inside.10");
    golden::check(ZhCn, count(1_100), "一千一百", "thousand.1 hundred.1");
    golden::check(ZhCn, count(2_020), "两千零二十", "thousand.2 n.0 n.20");
    golden::check(ZhCn, count(10_000), "一万", "wan.1");
    golden::check(ZhCn, count(10_010), "一万零一十", "wan.1 n.0 inside.10");
    golden::check(ZhCn, count(10_100), "一万零一百", "wan.1 n.0 hundred.1");
    golden::check(ZhCn, count(11_000), "一万一千", "wan.1 thousand.1");
    golden::check(ZhCn, count(20_000), "两万", "wan.2");
    golden::check(ZhCn, count(100_000), "十万", "n.10 wan");
    golden::check(ZhCn, count(120_012), "十二万零一十二", "n.12 wan n.0 inside.12");
    golden::check(ZhCn, count(2_200_000), "两百二十万", "hundred.2 n.20 wan");
    golden::check(ZhCn, count(100_000_000), "一亿", "n.1 yi");
    golden::check(ZhCn, count(100_000_001), "一亿零一", "n.1 yi n.0 n.1");
    golden::check(ZhCn, count(200_020_000), "两亿零两万", "liang yi n.0 liang wan");
    golden::check(ZhCn, count(100_100_000), "一亿零一十万", "n.1 yi n.0 inside.10 wan");
    golden::check(
        ZhCn,
        count(999_999_999_999),
        "九千九百九十九亿九千九百九十九万九千九百九十九",
        "thousand.9 hundred.9 n.99 yi thousand.9 hundred.9 n.99 wan thousand.9 hundred.9 n.99",
    );
    golden::refuse(ZhCn, count(1_000_000_000_000));
}

#[test]
fn positions() {
    golden::check(ZhCn, position(1), "第一位", "place.1");
    golden::check(ZhCn, position(2), "第二位", "place.2");
    golden::check(ZhCn, position(20), "第二十位", "place.20");
    golden::check(ZhCn, position(21), "第二十一位", "place n.21 place.end");
    golden::check(ZhCn, position(112), "第一百一十二位", "place hundred.1 inside.12 place.end");
    golden::refuse(ZhCn, position(0));
}

#[test]
fn digits_and_identifiers() {
    golden::check(ZhCn, digits("1024"), "1024", "d.1 90 d.0 90 d.2 90 d.4");
    golden::check(ZhCn, digits("007"), "007", "d.0 90 d.0 90 d.7");
    golden::check(
        ZhCn,
        digits("13800001024"),
        "138 0000 1024",
        "d.1 90 d.3 90 d.8 400 d.0 90 d.0 90 d.0 90 d.0 400 d.1 90 d.0 90 d.2 90 d.4",
    );
    golden::check(ZhCn, digits("12-34"), "12 34", "d.1 90 d.2 400 d.3 90 d.4");
    golden::check(ZhCn, id("w100001"), "W 100 001", "d.W 400 d.1 90 d.0 90 d.0 400 d.0 90 d.0 90 d.1");
    golden::check(ZhCn, id("RF-7K2"), "RF 7K2", "d.R 90 d.F 400 d.7 90 d.K 90 d.2");
    for bad in ["", "-", "12a", "１２"] {
        golden::refuse(ZhCn, digits(bad));
    }
    golden::refuse(ZhCn, id("W 1/2"));
    golden::refuse(ZhCn, digits(&"1".repeat(33)));
}

#[test]
fn amounts() {
    golden::check(ZhCn, money(0, "CNY"), "零元", "n.0 yuan");
    golden::check(ZhCn, money(5, "CNY"), "五分", "n.5 fen");
    golden::check(ZhCn, money(2, "CNY"), "两分", "liang fen");
    golden::check(ZhCn, money(20, "CNY"), "两角", "liang jiao");
    golden::check(ZhCn, money(22, "CNY"), "两角二分", "liang jiao n.2 fen");
    golden::check(ZhCn, money(200, "CNY"), "两元", "liang yuan");
    golden::check(ZhCn, money(202, "CNY"), "两元零二分", "liang yuan n.0 n.2 fen");
    golden::check(ZhCn, money(1_205, "CNY"), "十二元零五分", "n.12 yuan n.0 n.5 fen");
    golden::check(ZhCn, money(10_550, "CNY"), "一百零五元五角", "hundred.1 n.0 n.5 yuan n.5 jiao");
    golden::check(ZhCn, money(10_000_001, "CNY"), "十万元零一分", "n.10 wan yuan n.0 n.1 fen");
    golden::check(ZhCn, money(-1_000, "CNY"), "负十元", "minus n.10 yuan");
    golden::check(ZhCn, money(200, "USD"), "两美元", "liang USD");
    golden::check(ZhCn, money(1_250, "USD"), "十二点五零美元", "n.12 point n.5 n.0 USD");
    golden::check(ZhCn, money(5, "EUR"), "零点零五欧元", "n.0 point n.0 n.5 EUR");
    golden::check(ZhCn, money(100_000, "GBP"), "一千英镑", "thousand.1 GBP");
    golden::check(ZhCn, money(1_500, "JPY"), "一千五百日元", "thousand.1 hundred.5 JPY");
    golden::check(ZhCn, money(220, "HKD"), "二点二零港元", "n.2 point n.2 n.0 HKD");
    golden::refuse(ZhCn, money(100, "XXX"));
    golden::refuse(ZhCn, money(i64::MAX, "CNY"));
    golden::refuse(ZhCn, money(i64::MIN, "JPY"));
}

#[test]
fn dates() {
    golden::check(ZhCn, date(2026, 7, 5), "二零二六年七月五日", "year.2026 month.7 day.5");
    golden::check(ZhCn, date(2028, 2, 29), "二零二八年二月二十九日", "year.2028 month.2 day.29");
    golden::check(ZhCn, date(2005, 12, 31), "二零零五年十二月三十一日", "n.2 n.0 n.0 n.5 year month.12 day.31");
    for (year, month, day) in
        [(2026, 2, 29), (2026, 4, 31), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (1999, 1, 1), (2100, 1, 1)]
    {
        golden::refuse(ZhCn, date(year, month, day));
    }
}

#[test]
fn times() {
    golden::check(ZhCn, time(0, 0), "零点整", "hour.0.full");
    golden::check(ZhCn, time(12, 0), "十二点整", "hour.12.full");
    golden::check(ZhCn, time(2, 2), "两点零二分", "hour.2 minute.2");
    golden::check(ZhCn, time(14, 5), "十四点零五分", "hour.14 minute.5");
    golden::check(ZhCn, time(23, 59), "二十三点五十九分", "hour.23 minute.59");
    golden::refuse(ZhCn, time(24, 0));
    golden::refuse(ZhCn, time(0, 60));
}

#[test]
fn durations() {
    golden::check(ZhCn, duration(0), "零秒", "n.0 seconds");
    golden::check(ZhCn, duration(2), "两秒", "liang seconds");
    golden::check(ZhCn, duration(59), "五十九秒", "n.59 seconds");
    golden::check(ZhCn, duration(60), "一分钟", "minutes.1");
    golden::check(ZhCn, duration(150), "两分钟三十秒", "minutes.2 n.30 seconds");
    golden::check(ZhCn, duration(3_630), "一小时", "hours.1");
    golden::check(ZhCn, duration(7_320), "两小时两分钟", "hours.2 minutes.2");
    golden::check(ZhCn, duration(93_600), "一天两小时", "days.1 hours.2");
    golden::check(ZhCn, duration(86_400 + 59), "一天", "days.1");
    golden::check(ZhCn, duration(30 * 86_400), "三十天", "days.30");
    golden::check(ZhCn, duration(45 * 86_400), "四十五天", "n.45 days");
    golden::refuse(ZhCn, duration(10_000 * 86_400));
}

#[test]
fn spans_of_business_days() {
    golden::check(ZhCn, business_days(1), "一个工作日", "n.1 business_days");
    golden::check(ZhCn, business_days(2), "两个工作日", "liang business_days");
    golden::check(ZhCn, business_days(12), "十二个工作日", "n.12 business_days");
    golden::refuse(ZhCn, business_days(0));
}
