//! What callers hear of values, one line each, for `script/judge-prompts`: part, language, name, words, sounds. A sound is a clip's
//! name, or `~` and milliseconds of pause. Strings of digits to be spoken come on standard input, one a line. It only prints: no
//! value is chosen by how well it is heard.

use std::io::BufRead;
use walletline_core::ivr::flow::PromptId;
use walletline_core::ivr::prompt::{Book, Catalog, Sound, Spoken};
use walletline_core::ivr::speak::speak;
use walletline_core::kernel::language::Language;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let digits: Vec<String> = std::io::stdin().lock().lines().collect::<Result<_, _>>()?;
    let mut catalog = Catalog::default();
    for language in Language::ALL {
        let path = format!("{}/../../prompts/{}.toml", env!("CARGO_MANIFEST_DIR"), language.tag());
        let book: Book = toml::from_str(&std::fs::read_to_string(path)?)?;
        catalog.languages.insert(language, book.prompts);
    }
    for language in Language::ALL {
        for text in &digits {
            show("digits", language, &Spoken::Digits(text.clone()));
        }
        for value in values() {
            show("values", language, &value);
        }
        for place in [1, 2, 3, 7, 10, 14, 21] {
            show_prompt(&catalog, language, "queue.position", &[("position", Spoken::Position(place))]);
        }
        for number in ["1024", "1001", "1763"] {
            show_prompt(&catalog, language, "agent.number", &[("number", Spoken::Digits(number.to_owned()))]);
        }
        for (prompt, values) in self_service() {
            show_prompt(&catalog, language, prompt, &values);
        }
    }
    Ok(())
}

/// The prompts of self-service that have a value in them, with values such as they have.
fn self_service() -> Vec<(&'static str, Vec<(&'static str, Spoken)>)> {
    let transaction = |tail: &str| ("transaction", Spoken::Digits(tail.to_owned()));
    let date = |month, day| ("date", Spoken::Date { year: 2026, month, day });
    let time = |hour, minute| ("time", Spoken::Time { hour, minute });
    let reference = |id: &str| vec![("reference", Spoken::Id(id.to_owned()))];
    let times = |usual, late| vec![("usual", usual), ("late", late)];
    vec![
        ("status.completed", vec![transaction("000014")]),
        ("status.on_time", vec![transaction("000121"), date(12, 31), time(17, 5)]),
        ("status.late", vec![transaction("908357"), date(3, 8), time(9, 30)]),
        ("status.overdue", vec![transaction("462206")]),
        ("status.refund_due", vec![transaction("710538"), date(7, 20)]),
        ("status.failed", vec![transaction("551943")]),
        ("status.unknown", vec![transaction("836672")]),
        ("status.case", reference("R123456782")),
        ("freeze.done", reference("R100000017")),
        ("freeze.not_yet", reference("R940628355")),
        ("times.wallet_to_wallet", times(Spoken::Duration(30), Spoken::Duration(600))),
        ("times.merchant_payment", times(Spoken::Duration(120), Spoken::Duration(3_600))),
        ("times.bank_transfer", times(Spoken::Duration(7_200), Spoken::BusinessDays(1))),
        ("times.cross_border", times(Spoken::Duration(1_800), Spoken::BusinessDays(2))),
        ("times.refund", times(Spoken::BusinessDays(3), Spoken::BusinessDays(5))),
    ]
}

fn values() -> Vec<Spoken> {
    let mut values: Vec<Spoken> = [7, 18, 40, 101, 112, 350, 1_001, 2_020, 10_010, 20_000, 123_456].map(Spoken::Count).into();
    for (minor, currency) in [
        (5, "CNY"),
        (1_205, "CNY"),
        (10_550, "CNY"),
        (20_000_000, "CNY"),
        (1_299, "USD"),
        (85_000, "USD"),
        (4_750, "EUR"),
        (30_020, "GBP"),
        (1_500, "JPY"),
        (260_000, "HKD"),
    ] {
        values.push(Spoken::Money { minor, currency: currency.to_owned() });
    }
    for (year, month, day) in [(2026, 1, 1), (2026, 7, 5), (2027, 2, 28), (2026, 10, 12), (2028, 12, 31), (2019, 4, 14)] {
        values.push(Spoken::Date { year, month, day });
    }
    for (hour, minute) in [(0, 0), (2, 2), (9, 30), (12, 0), (14, 5), (17, 40), (23, 59)] {
        values.push(Spoken::Time { hour, minute });
    }
    values.extend([2, 59, 150, 600, 3_900, 7_320, 86_400, 93_600, 259_200].map(Spoken::Duration));
    values.extend(["W100001", "RF-7K2M"].map(|id| Spoken::Id(id.to_owned())));
    values
}

fn show(part: &str, language: Language, value: &Spoken) {
    if let Some(said) = speak(language, value) {
        line(part, language, &format!("{value:?}").replace(' ', ""), &said.words, &said.sounds);
    }
}

fn show_prompt(catalog: &Catalog, language: Language, prompt: &str, values: &[(&str, Spoken)]) {
    let said: Vec<String> = values.iter().map(|(_, value)| format!("{value:?}").replace(' ', "")).collect();
    let name = format!("{prompt}:{}", said.join(","));
    if let Some(phrase) = catalog.phrase(language, &PromptId(prompt.to_owned()), values) {
        line("prompts", language, &name, &phrase.words, &phrase.sounds);
    }
}

fn line(part: &str, language: Language, name: &str, words: &str, sounds: &[Sound]) {
    let sounds: Vec<String> = sounds
        .iter()
        .map(|sound| match sound {
            Sound::Clip(id) => id.clone(),
            Sound::Pause(ms) => format!("~{ms}"),
        })
        .collect();
    println!("{part}\t{}\t{name}\t{words}\t{}", language.tag(), sounds.join(" "));
}
