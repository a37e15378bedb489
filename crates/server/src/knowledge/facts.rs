//! What articles state in figures, held against what the program goes by: an article and its data cannot drift apart unseen. A figure
//! that follows from no data of ours, such as a period of the law, is not judged here.

use super::figures::{Figures, left_out, named};
use super::file::{Text, shipped};
use crate::times::Times;
use walletline_core::identity::{CodeLimits, Signals};
use walletline_core::kernel::assurance::Factor;
use walletline_core::kernel::language::Language;
use walletline_core::kernel::time::{Span, Wall};
use walletline_core::pass;
use walletline_core::switchboard::Settings;
use walletline_core::wallet::FreezeLimits;

/// Articles that quote processing times. They write none of them down.
const QUOTING: [&str; 4] = ["processing-times", "delayed-transaction", "failed-payment", "refund"];

/// How long a code is good for, which two of them mention: it is held against its rule below.
const CODE_LIFETIME: [&str; 2] = ["10 分钟", "10 minutes"];

const UNITS: [&str; 11] =
    ["秒", "分钟", "小时", "天", "个工作日", "second", "minute", "hour", "day", "business day", "working day"];

const HOUR_S: u64 = 3_600;
const DAY_S: u64 = 24 * HOUR_S;

fn texts() -> Vec<Text> {
    shipped().unwrap()
}

fn body(texts: &[Text], slug: &str, language: Language) -> String {
    let found = texts.iter().find(|text| text.slug == slug && text.language == language);
    found.unwrap_or_else(|| panic!("there is no article {slug}")).draft.body.clone()
}

#[test]
fn a_figure_is_of_a_window_that_is_there() {
    let times = Times::shipped().unwrap();
    for text in texts() {
        let figures = Figures { times: &times, wallet: "jinqiao", language: text.language };
        for part in [&text.draft.title, &text.draft.summary, &text.draft.body] {
            for (_, name) in named(part) {
                let key = format!("*/{name}");
                assert!(times.windows().iter().any(|window| window.key() == key), "{}: there is no window {key}", text.slug);
            }
            let filled = figures.fill(part);
            assert!(named(&filled).is_empty(), "{}: left as it is written: {:?}", text.slug, named(&filled));
        }
    }
}

#[test]
fn both_languages_quote_the_same_figures() {
    let texts = texts();
    for slug in QUOTING {
        let (zh, en) = (body(&texts, slug, Language::ZhCn), body(&texts, slug, Language::En));
        assert!(!named(&zh).is_empty(), "{slug} quotes nothing");
        assert_eq!(named(&zh), named(&en), "{slug}");
    }
}

#[test]
fn processing_times_are_quoted_and_not_written_down() {
    for text in texts().iter().filter(|text| QUOTING.contains(&text.slug.as_str())) {
        for part in [&text.draft.title, &text.draft.summary, &text.draft.body] {
            let plain = CODE_LIFETIME.iter().fold(left_out(part), |plain, lifetime| plain.replace(lifetime, ""));
            for unit in UNITS {
                let written = plain.match_indices(unit).find(|(at, _)| {
                    let before = plain.get(..*at).unwrap_or_default().trim_end();
                    before.ends_with(|c: char| c.is_ascii_digit())
                });
                assert!(written.is_none(), "{}: a number stands before `{unit}`: quote it as `{{late:…}}`", text.slug);
            }
        }
    }
}

/// Opening hours stand on the page of hours, which reads them from the plans. An article that wrote one down would be wrong for another
/// wallet, on a holiday, or after the next change.
#[test]
fn no_article_writes_opening_hours_down() {
    for text in texts() {
        for part in [&text.draft.title, &text.draft.summary, &text.draft.body] {
            let bytes = part.as_bytes();
            let clock = bytes
                .windows(4)
                .any(|four| four[0].is_ascii_digit() && four[1] == b':' && four[2].is_ascii_digit() && four[3].is_ascii_digit());
            assert!(!clock, "{}: a time of day: link /help/hours instead", text.slug);
        }
    }
}

/// When the windows were checked, as the article about them says.
#[test]
fn processing_times_say_when_they_were_checked() {
    let (texts, times) = (texts(), Times::shipped().unwrap());
    let (zh, en) = (body(&texts, "processing-times", Language::ZhCn), body(&texts, "processing-times", Language::En));
    for (_, name) in named(&zh) {
        let key = format!("*/{name}");
        let checked = times.windows().iter().find(|window| window.key() == key).unwrap().checked_on;
        let day = format!("{} 年 {} 月 {} 日", checked.year(), checked.month(), checked.day());
        assert!(zh.contains(&day), "{key} was checked on {day}");
        let day = checked.strftime("%-d %B %Y").to_string();
        assert!(en.contains(&day), "{key} was checked on {day}");
    }
}

/// The article, its language, and what it has to say because a rule of the program says so.
fn rules() -> Vec<(&'static str, Language, String)> {
    let (codes, settings) = (CodeLimits::default(), Settings::default());
    let count = |span: Span, unit_s: u64| {
        assert_eq!(span.as_s() % unit_s, 0, "an article could not say this in whole units");
        span.as_s() / unit_s
    };
    let lifetime = count(codes.lifetime, 60);
    let (hourly, daily) = (codes.hourly_max, codes.daily_max);
    let pass = count(pass::LIFETIME, HOUR_S);
    let wait = count(settings.wait_max, 60);
    let (retention, verification) = (count(settings.retention, DAY_S), count(codes.kept, 365 * DAY_S));
    let (zh, en) = (Language::ZhCn, Language::En);
    vec![
        ("verification-code", zh, format!("**{lifetime} 分钟**内有效")),
        ("verification-code", en, format!("good for **{lifetime} minutes**")),
        ("verification-code", zh, format!("每小时最多 {hourly} 个、每天最多 {daily} 个")),
        ("verification-code", en, format!("{hourly} in an hour and {daily} in a day")),
        ("call-protection", zh, format!("{lifetime} 分钟内有效")),
        ("call-protection", en, format!("for {lifetime} minutes")),
        ("delayed-transaction", zh, format!("{lifetime} 分钟内有效")),
        ("delayed-transaction", en, format!("You have {lifetime} minutes")),
        ("call-pass", zh, format!("**{pass} 小时**内有效")),
        ("call-pass", en, format!("good for **{pass} hours**")),
        ("call-pass", zh, format!("保存 {pass} 小时")),
        ("call-pass", en, format!("kept for {pass} hours")),
        ("hours", zh, format!("满 {wait} 分钟")),
        ("hours", en, format!("after {wait} minutes")),
        ("your-data", zh, format!("通话结束后 {retention} 天")),
        ("your-data", en, format!("{retention} days after the call")),
        ("your-data", zh, format!("| 身份核验记录（不含验证码） | {verification} 年 |")),
        ("your-data", en, format!("| verification (never codes) | {verification} years |")),
        ("your-data", zh, format!("| {pass} 小时 |")),
        ("your-data", en, format!("| {pass} hours |")),
        ("complaint-about-hotline", zh, format!("{retention} 天")),
        ("complaint-about-hotline", en, format!("{retention} days after the call")),
    ]
}

#[test]
fn articles_state_the_rules_the_program_goes_by() {
    let texts = texts();
    for (slug, language, says) in rules() {
        let body = body(&texts, slug, language);
        assert!(body.contains(&says), "{slug}/{}.md does not say `{says}`", language.tag());
    }
}

/// Small numbers are written in words, which no format gives: whoever changes one of these rules reads the articles named here.
#[test]
fn rules_that_articles_state_in_words() {
    let (codes, settings) = (CodeLimits::default(), Settings::default());
    // verification-code: a minute between codes, three wrong ones in a call, five in a day.
    assert_eq!((codes.pause.as_s(), codes.wrong_daily_max), (60, 5));
    // verification-code, hotline-keys, transaction-id, call-pass: three tries; hotline-keys: six seconds.
    assert_eq!((settings.tries_max, settings.key_wait.as_s()), (3, 6));
    // verification-code, new-phone: no code within ten days of a change of the SIM.
    let (ten_days_us, swapped) = (10 * 24 * 3_600_000_000, Signals { sim_changed_at: Some(Wall(0)), ..Signals::default() });
    let counts = |at_us| settings.ladder.counts(Factor::SmsCode, &settings.ladder.found(&swapped, Wall(at_us)));
    assert!(!counts(ten_days_us) && counts(ten_days_us + 1));
    // freeze-account: five accounts in a day.
    assert_eq!(FreezeLimits::default().caller_max, 5);
}
