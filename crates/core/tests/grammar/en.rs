//! Golden table: how every kind of value is spoken in English, as words and as clips.

use crate::golden::{self, business_days, count, date, digits, duration, id, money, position, time};
use walletline_core::kernel::language::Language::En;

#[test]
fn numbers() {
    golden::check(En, count(0), "zero", "n.0");
    golden::check(En, count(13), "thirteen", "n.13");
    golden::check(En, count(21), "twenty-one", "n.21");
    golden::check(En, count(100), "one hundred", "hundred.1");
    golden::check(En, count(101), "one hundred and one", "hundred.1.and n.1");
    golden::check(En, count(110), "one hundred and ten", "hundred.1.and n.10");
    golden::check(En, count(1_000), "one thousand", "n.1 thousand");
    golden::check(En, count(1_001), "one thousand and one", "n.1 thousand.and n.1");
    golden::check(En, count(1_100), "one thousand one hundred", "n.1 thousand hundred.1");
    golden::check(En, count(1_205), "one thousand two hundred and five", "n.1 thousand hundred.2.and n.5");
    golden::check(En, count(10_010), "ten thousand and ten", "n.10 thousand.and n.10");
    golden::check(En, count(20_000), "twenty thousand", "n.20 thousand");
    golden::check(En, count(1_000_000), "one million", "n.1 million");
    golden::check(En, count(1_000_001), "one million and one", "n.1 million.and n.1");
    golden::check(En, count(2_001_300), "two million one thousand three hundred", "n.2 million n.1 thousand hundred.3");
    golden::check(
        En,
        count(999_000_000_012),
        "nine hundred and ninety-nine billion and twelve",
        "hundred.9.and n.99 billion.and n.12",
    );
    golden::refuse(En, count(1_000_000_000_000));
}

#[test]
fn positions() {
    golden::check(En, position(1), "number one", "place.1");
    golden::check(En, position(20), "number twenty", "place.20");
    golden::check(En, position(21), "number twenty-one", "place n.21");
    golden::check(En, position(105), "number one hundred and five", "place hundred.1.and n.5");
    golden::refuse(En, position(0));
}

#[test]
fn digits_and_identifiers() {
    golden::check(En, digits("1024"), "1024", "d.1 90 d.0 90 d.2 90 d.4");
    golden::check(
        En,
        digits("7700900003"),
        "770 090 0003",
        "d.7 90 d.7 90 d.0 400 d.0 90 d.9 90 d.0 400 d.0 90 d.0 90 d.0 90 d.3",
    );
    golden::check(En, digits("12345"), "123 45", "d.1 90 d.2 90 d.3 400 d.4 90 d.5");
    golden::check(En, id("ct_01kq3v"), "CT 01K Q3V", "d.C 90 d.T 400 d.0 90 d.1 90 d.K 400 d.Q 90 d.3 90 d.V");
    golden::check(En, id("W100001"), "W 100 001", "d.W 400 d.1 90 d.0 90 d.0 400 d.0 90 d.0 90 d.1");
    golden::refuse(En, digits("1.5"));
    golden::refuse(En, id("né"));
    golden::refuse(En, id(&"A".repeat(33)));
}

#[test]
fn amounts() {
    golden::check(En, money(0, "USD"), "zero US dollars", "n.0 USD");
    golden::check(En, money(1, "USD"), "one cent", "n.1 cent");
    golden::check(En, money(5, "CNY"), "five fen", "n.5 fen");
    golden::check(En, money(100, "USD"), "one US dollar", "n.1 USD.one");
    golden::check(En, money(101, "USD"), "one US dollar and one cent", "n.1 USD.one.and n.1 cent");
    golden::check(En, money(1_205, "USD"), "twelve US dollars and five cents", "n.12 USD.and n.5 cents");
    golden::check(En, money(10_550, "CNY"), "one hundred and five yuan and fifty fen", "hundred.1.and n.5 CNY.and n.50 fen");
    golden::check(En, money(100, "CNY"), "one yuan", "n.1 CNY");
    golden::check(En, money(100_099, "EUR"), "one thousand euros and ninety-nine cents", "n.1 thousand EUR.and n.99 cents");
    golden::check(En, money(101, "GBP"), "one pound and one penny", "n.1 GBP.one.and n.1 penny");
    golden::check(En, money(250, "GBP"), "two pounds and fifty pence", "n.2 GBP.and n.50 pence");
    golden::check(En, money(1_500, "JPY"), "one thousand five hundred yen", "n.1 thousand hundred.5 JPY");
    golden::check(En, money(200, "HKD"), "two Hong Kong dollars", "n.2 HKD");
    golden::check(En, money(-1_000, "CNY"), "minus ten yuan", "minus n.10 CNY");
    golden::refuse(En, money(100, "usd"));
    golden::refuse(En, money(i64::MAX, "USD"));
}

#[test]
fn dates() {
    golden::check(En, date(2026, 7, 5), "the fifth of July twenty twenty-six", "day.5 month.7 year.2026");
    golden::check(En, date(2030, 1, 1), "the first of January twenty thirty", "day.1 month.1 year.2030");
    golden::check(En, date(2000, 2, 29), "the twenty-ninth of February two thousand", "day.29 month.2 n.2 thousand");
    golden::check(
        En,
        date(2007, 12, 31),
        "the thirty-first of December two thousand and seven",
        "day.31 month.12 n.2 thousand.and n.7",
    );
    golden::check(En, date(2010, 3, 22), "the twenty-second of March twenty ten", "day.22 month.3 n.20 n.10");
    golden::refuse(En, date(2027, 2, 29));
}

#[test]
fn times() {
    golden::check(En, time(0, 0), "midnight", "midnight");
    golden::check(En, time(0, 5), "twelve oh five a.m.", "n.12 oh.5 am");
    golden::check(En, time(9, 0), "nine a.m.", "n.9 am");
    golden::check(En, time(12, 0), "noon", "noon");
    golden::check(En, time(12, 30), "twelve thirty p.m.", "n.12 n.30 pm");
    golden::check(En, time(14, 5), "two oh five p.m.", "n.2 oh.5 pm");
    golden::check(En, time(23, 59), "eleven fifty-nine p.m.", "n.11 n.59 pm");
    golden::refuse(En, time(24, 0));
    golden::refuse(En, time(23, 60));
}

#[test]
fn durations() {
    golden::check(En, duration(0), "zero seconds", "n.0 seconds");
    golden::check(En, duration(1), "one second", "n.1 second");
    golden::check(En, duration(59), "fifty-nine seconds", "n.59 seconds");
    golden::check(En, duration(61), "one minute and one second", "n.1 minute.and n.1 second");
    golden::check(En, duration(7_320), "two hours and two minutes", "n.2 hours.and n.2 minutes");
    golden::check(En, duration(3_600 + 59), "one hour", "n.1 hour");
    golden::check(En, duration(93_600), "one day and two hours", "n.1 day.and n.2 hours");
    golden::check(
        En,
        duration(9_999 * 86_400),
        "nine thousand nine hundred and ninety-nine days",
        "n.9 thousand hundred.9.and n.99 days",
    );
    golden::refuse(En, duration(10_000 * 86_400));
}

#[test]
fn spans_of_business_days() {
    golden::check(En, business_days(1), "one business day", "n.1 business_day");
    golden::check(En, business_days(2), "two business days", "n.2 business_days");
    golden::check(En, business_days(35), "thirty-five business days", "n.35 business_days");
    golden::check(En, business_days(101), "one hundred and one business days", "hundred.1.and n.1 business_days");
    golden::refuse(En, business_days(0));
}
