//! The words of messages: one template per message and language, with `{name}` where a value goes. A wallet may have words of its own
//! for any of them; what they hold is checked when the program starts, and what a message carries is filled in as data, never read.

use super::phrase::spelt;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use walletline_core::kernel::language::Language;
use walletline_core::outbox::{Message, RefundStep};

const ZH_CN: &str = include_str!("../../../../../messages/zh-CN.toml");
const EN: &str = include_str!("../../../../../messages/en.toml");

/// Characters of one template. A long text message is several, and each is paid for.
const CHARS_MAX: usize = 600;

/// Every template: its name, the values it must hold, and those it may. `{wallet}` may stand anywhere.
const KNOWN: [(&str, &[&str], &[&str]); 38] = [
    ("code", &["code"], &[]),
    ("codes_blocked", &[], &[]),
    ("frozen", &["reference"], &[]),
    ("case_opened", &["reference"], &[]),
    ("callback_noted", &["reference"], &[]),
    ("link", &["url"], &["reference"]),
    ("account.unlock", &["reference"], &[]),
    ("account.reset_password", &["reference"], &[]),
    ("account.revoke_sessions", &["reference"], &[]),
    ("account.secure_account", &["reference"], &[]),
    ("account.enrol_factor", &["reference"], &[]),
    ("account.close_account", &["reference"], &[]),
    ("account.keep_open", &["reference"], &[]),
    ("account.unlock_fraud", &["reference"], &[]),
    ("callback_phrase", &["phrase"], &[]),
    ("status.completed", &["transaction"], &["by"]),
    ("status.on_time", &["transaction", "by"], &[]),
    ("status.late", &["transaction", "by"], &[]),
    ("status.overdue", &["transaction", "by"], &[]),
    ("status.refund_due", &["transaction", "by"], &[]),
    ("status.failed", &["transaction"], &["by"]),
    ("status.refunded", &["transaction"], &["by"]),
    ("status.unknown", &["transaction"], &["by"]),
    ("refund.asked", &["reference", "amount"], &["transaction", "link"]),
    ("refund.rejected", &["reference", "amount"], &["transaction", "link"]),
    ("refund.declined", &["reference", "amount"], &["transaction", "link"]),
    ("refund.expired", &["reference", "amount"], &["transaction", "link"]),
    ("refund.approved", &["reference", "amount"], &["transaction", "link"]),
    ("refund.done", &["reference", "amount"], &["transaction", "link"]),
    ("refund.failed", &["reference", "amount"], &["transaction", "link"]),
    ("credit.given", &["reference", "amount"], &[]),
    ("credit.reversed", &["reference", "amount"], &[]),
    ("status_basis", &["basis"], &[]),
    ("status_case", &["reference"], &[]),
    ("case_link", &["link"], &[]),
    ("mail.subject", &[], &[]),
    ("mail.greeting", &[], &[]),
    ("mail.closing", &[], &[]),
];

/// The templates cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("messages: {file}: {what}")]
pub struct BadTemplates {
    file: String,
    what: String,
}

/// Templates of every language.
#[derive(Debug, Clone)]
pub(super) struct Templates(BTreeMap<Language, BTreeMap<String, String>>);

/// A mail in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) subject: String,
    pub(super) paragraphs: Vec<String>,
}

/// A file as it is written: texts, and tables of texts.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Table(BTreeMap<String, String>),
}

impl Templates {
    /// Those that the program ships.
    pub(super) fn shipped() -> Result<Self, BadTemplates> {
        let mut all = BTreeMap::new();
        for (language, file, text) in [(Language::ZhCn, "zh-CN.toml", ZH_CN), (Language::En, "en.toml", EN)] {
            let read = read(file, text)?;
            if let Some((missing, ..)) = KNOWN.iter().find(|(name, ..)| !read.contains_key(*name)) {
                return Err(BadTemplates { file: file.to_owned(), what: format!("`{missing}` is missing") });
            }
            all.insert(language, read);
        }
        Ok(Self(all))
    }

    /// The same with a wallet's own words laid over them: `<folder>/<language>.toml`, where there is one.
    pub(super) fn with(mut self, folder: &Path) -> Result<Self, BadTemplates> {
        for language in Language::ALL {
            let path = folder.join(format!("{}.toml", language.tag()));
            let file = path.display().to_string();
            match std::fs::read_to_string(&path) {
                Ok(text) => self.0.entry(language).or_default().extend(read(&file, &text)?),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(BadTemplates { file, what: format!("cannot be read: {error}") }),
            }
        }
        Ok(self)
    }

    fn filled(&self, language: Language, name: &str, values: &[(&str, &str)]) -> String {
        let template = self.0.get(&language).and_then(|file| file.get(name));
        template.map_or_else(String::new, |template| fill(template, values))
    }

    /// A message in words, with the link by which its case is followed where there is one.
    pub(super) fn text(&self, message: &Message, language: Language, wallet: &str, link: Option<&str>) -> String {
        let mut text = self.words(message, language, wallet);
        text.extend(link.map(|link| self.filled(language, "case_link", &[("link", link), ("wallet", wallet)])));
        text
    }

    fn words(&self, message: &Message, language: Language, wallet: &str) -> String {
        let filled = |name: &str, value: Option<(&str, &str)>| {
            let values: Vec<(&str, &str)> = value.into_iter().chain([("wallet", wallet)]).collect();
            self.filled(language, name, &values)
        };
        match message {
            Message::Code { code } => filled("code", Some(("code", code.expose()))),
            Message::CodesBlocked => filled("codes_blocked", None),
            Message::Frozen { reference } => filled("frozen", Some(("reference", reference))),
            Message::CaseOpened { reference } => filled("case_opened", Some(("reference", reference))),
            Message::CallbackNoted { reference, phrase } => {
                let mut text = filled("callback_noted", Some(("reference", reference)));
                let phrase = phrase.map(|words| spelt(words, language));
                text.extend(phrase.map(|phrase| filled("callback_phrase", Some(("phrase", &phrase)))));
                text
            }
            Message::Account { act, reference } => filled(&format!("account.{}", act.name()), Some(("reference", reference))),
            Message::Link { url, reference } => {
                let values = [("url", url.expose().as_str()), ("reference", reference), ("wallet", wallet)];
                self.filled(language, "link", &values)
            }
            Message::Credit { given, reference, amount } => {
                let name = if *given { "credit.given" } else { "credit.reversed" };
                let values = [("reference", reference.as_str()), ("amount", amount), ("wallet", wallet)];
                self.filled(language, name, &values)
            }
            Message::Refund { step, reference, amount, transaction, link } => {
                let name = match step {
                    RefundStep::Asked => "refund.asked",
                    RefundStep::Rejected => "refund.rejected",
                    RefundStep::Declined => "refund.declined",
                    RefundStep::Expired => "refund.expired",
                    RefundStep::Approved => "refund.approved",
                    RefundStep::Done => "refund.done",
                    RefundStep::Failed => "refund.failed",
                };
                let values = [
                    ("reference", reference.as_str()),
                    ("amount", amount),
                    ("transaction", transaction),
                    ("link", link),
                    ("wallet", wallet),
                ];
                self.filled(language, name, &values)
            }
            Message::Status { transaction, verdict, by, basis, reference } => {
                let known = format!("status.{verdict}");
                let known = KNOWN.iter().map(|(name, ..)| *name).find(|name| *name == known).unwrap_or("status.unknown");
                let by = by.as_deref().unwrap_or_default();
                let values = [("transaction", transaction.as_str()), ("by", by), ("wallet", wallet)];
                let mut text = self.filled(language, known, &values);
                text.extend(basis.as_deref().map(|basis| filled("status_basis", Some(("basis", basis)))));
                text.extend(reference.as_deref().map(|reference| filled("status_case", Some(("reference", reference)))));
                text
            }
        }
    }

    /// A message as a mail.
    pub(super) fn letter(&self, message: &Message, language: Language, wallet: &str, link: Option<&str>) -> Letter {
        let part = |name: &str| self.filled(language, name, &[("wallet", wallet)]);
        let text = self.text(message, language, wallet, link);
        // A subject is one line, whatever the file says.
        let subject = part("mail.subject").split_whitespace().collect::<Vec<_>>().join(" ");
        Letter { subject, paragraphs: vec![part("mail.greeting"), text, part("mail.closing")] }
    }
}

/// Templates by name, each checked.
fn read(file: &str, text: &str) -> Result<BTreeMap<String, String>, BadTemplates> {
    let wrong = |what: String| BadTemplates { file: file.to_owned(), what };
    let written: BTreeMap<String, Written> = toml::from_str(text).map_err(|error| wrong(error.message().to_owned()))?;
    let mut templates = BTreeMap::new();
    for (name, written) in written {
        match written {
            Written::Text(text) => drop(templates.insert(name, text)),
            Written::Table(table) => templates.extend(table.into_iter().map(|(key, text)| (format!("{name}.{key}"), text))),
        }
    }
    for (name, text) in &templates {
        check(name, text).map_err(wrong)?;
    }
    Ok(templates)
}

fn check(name: &str, text: &str) -> Result<(), String> {
    let Some((_, must, may)) = KNOWN.iter().find(|(known, ..)| *known == name) else {
        return Err(format!("`{name}` is no message: known are {}", KNOWN.map(|(known, ..)| known).join(", ")));
    };
    if text.trim().is_empty() || text.chars().count() > CHARS_MAX {
        return Err(format!("`{name}` is empty, or longer than {CHARS_MAX} characters"));
    }
    let found = places(text).ok_or_else(|| format!("`{name}` holds a brace that names no value: write {{code}}"))?;
    if let Some(missing) = must.iter().find(|place| !found.contains(place)) {
        return Err(format!("`{name}` does not hold {{{missing}}}"));
    }
    match found.iter().find(|place| !must.contains(place) && !may.contains(place) && **place != "wallet") {
        Some(unknown) => Err(format!("`{name}` holds {{{unknown}}}, which this message does not have")),
        None => Ok(()),
    }
}

/// The values a template asks for; none when a brace is left over.
fn places(text: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        let place = rest[open..].strip_prefix('{')?;
        let close = place.find(['{', '}']).filter(|close| place[*close..].starts_with('}'))?;
        found.push(&place[..close]);
        rest = &place[close + 1..];
    }
    Some(found)
}

/// Fills a template in one pass: what a value holds is never taken for a place.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        let place = &rest[open..];
        let known = values.iter().find(|(name, _)| place[1..].strip_prefix(name).is_some_and(|after| after.starts_with('}')));
        match known {
            Some((name, value)) => {
                text.push_str(value);
                rest = &place[name.len() + 2..];
            }
            None => {
                text.push('{');
                rest = &place[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use walletline_core::kernel::{account_act::AccountAct, phrase::Words, pii::Pii};

    fn messages() -> Vec<Message> {
        let status = |verdict: &str| Message::Status {
            transaction: "000014".to_owned(),
            verdict: verdict.to_owned(),
            by: Some("2026-12-01 17:00".to_owned()),
            basis: Some("because".to_owned()),
            reference: Some("R123456782".to_owned()),
        };
        let mut messages: Vec<Message> =
            ["completed", "on_time", "late", "overdue", "refund_due", "failed", "refunded", "unknown"].map(status).to_vec();
        let reference = "R123456782".to_owned();
        messages.extend([
            Message::Code { code: Pii::new("123456".to_owned()) },
            Message::CodesBlocked,
            Message::Frozen { reference: reference.clone() },
            Message::CallbackNoted { reference: reference.clone(), phrase: None },
            Message::CallbackNoted { reference: reference.clone(), phrase: Some(Words::draw(129)) },
            Message::CaseOpened { reference: reference.clone() },
            Message::Link { url: Pii::new("https://wallet.example/reset/1".to_owned()), reference: reference.clone() },
        ]);
        messages.extend([true, false].map(|given| Message::Credit {
            given,
            reference: reference.clone(),
            amount: "19.90 CNY".to_owned(),
        }));
        // Of a link alone nobody is told but whoever has it.
        let acts = AccountAct::ALL.into_iter().filter(|act| *act != AccountAct::SendLink);
        messages.extend(acts.map(|act| Message::Account { act, reference: reference.clone() }));
        messages.extend(RefundStep::ALL.map(|step| Message::Refund {
            step,
            reference: reference.clone(),
            amount: "19.90 CNY".to_owned(),
            transaction: "000486".to_owned(),
            link: "https://help.example/help/refunds/1/2/3".to_owned(),
        }));
        messages
    }

    #[test]
    fn every_message_has_words_in_every_language_and_leaves_no_gap() {
        let templates = Templates::shipped().unwrap();
        for language in Language::ALL {
            for message in &messages() {
                let text = templates.text(message, language, "Harbor Pay", None);
                assert!(!text.is_empty() && !text.contains('{'), "{language:?} {message:?}: {text}");
                let letter = templates.letter(message, language, "Harbor Pay", None);
                assert!(letter.subject.contains("Harbor Pay") && letter.paragraphs.contains(&text));
            }
            let says = |message: &Message| templates.text(message, language, "Harbor Pay", None);
            assert!(says(&Message::Code { code: Pii::new("123456".to_owned()) }).contains("123456"));
            let noted = |phrase| Message::CallbackNoted { reference: "R123456782".to_owned(), phrase };
            let [plain, phrase] = [None, Some(Words::draw(129))].map(|phrase| says(&noted(phrase)));
            assert!(phrase.starts_with(&plain) && phrase.contains(&spelt(Words::draw(129), language)), "{phrase}");
        }
    }

    #[test]
    fn what_a_value_holds_is_data() {
        assert_eq!(fill("{a} {b}", &[("a", "{b}"), ("b", "two")]), "{b} two");
        assert_eq!(fill("{a}{", &[("a", "1")]), "1{");
    }

    #[test]
    fn a_template_is_checked_before_anything_is_sent() {
        let told = |text: &str| read("own.toml", text).unwrap_err().to_string();
        assert!(told("code = \"Your code is ready.\"").contains("does not hold {code}"));
        assert!(told("code = \"{code} for {name}\"").contains("{name}, which this message does not have"));
        assert!(told("code = \"{code} }\"").contains("a brace that names no value"));
        assert!(told("codes = \"x\"").contains("`codes` is no message"));
        assert!(told("code = \"\"").contains("empty"));
        assert!(told("[status]\nlate = \"{by}\"").contains("`status.late` does not hold {transaction}"));
        assert!(told("code = 7").starts_with("messages: own.toml: "));
        assert!(read("own.toml", "code = \"{wallet}: {code}\"").is_ok());
    }

    #[test]
    fn a_wallet_says_it_in_its_own_words_and_the_rest_as_shipped() {
        let folder = std::env::temp_dir().join(format!("walletline-templates-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("en.toml"), "code = \"{wallet}: {code}\"").unwrap();
        let own = Templates::shipped().unwrap().with(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let code = Message::Code { code: Pii::new("123456".to_owned()) };
        assert_eq!(own.text(&code, Language::En, "Harbor Pay", None), "Harbor Pay: 123456");
        assert!(own.text(&code, Language::ZhCn, "Harbor Pay", None).contains("验证码"));
        assert!(own.text(&Message::CodesBlocked, Language::En, "Harbor Pay", None).contains("24 hours"));
    }
}
