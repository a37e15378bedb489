//! The words of messages: one template per message and language, with `{name}` where a value goes.

use serde::Deserialize;
use std::collections::BTreeMap;
use walletline_core::kernel::language::Language;
use walletline_core::outbox::{Message, RefundStep};

const ZH_CN: &str = include_str!("../../../../../messages/zh-CN.toml");
const EN: &str = include_str!("../../../../../messages/en.toml");

/// The shipped templates cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("messages/{0}: {1}")]
pub struct BadTemplates(&'static str, String);

/// Templates of every language.
pub(super) struct Templates(BTreeMap<Language, File>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    code: String,
    codes_blocked: String,
    frozen: String,
    case_opened: String,
    callback_noted: String,
    status: Verdicts,
    status_basis: String,
    status_case: String,
    refund: Refunds,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdicts {
    completed: String,
    on_time: String,
    late: String,
    overdue: String,
    refund_due: String,
    failed: String,
    unknown: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refunds {
    asked: String,
    rejected: String,
    declined: String,
    expired: String,
    approved: String,
    done: String,
    failed: String,
}

impl Templates {
    pub(super) fn shipped() -> Result<Self, BadTemplates> {
        let read = |name, text: &str| toml::from_str(text).map_err(|error| BadTemplates(name, error.message().to_owned()));
        Ok(Self([(Language::ZhCn, read("zh-CN.toml", ZH_CN)?), (Language::En, read("en.toml", EN)?)].into()))
    }

    /// A message in words.
    pub(super) fn text(&self, message: &Message, language: Language) -> String {
        let Some(file) = self.0.get(&language) else { return String::new() };
        match message {
            Message::Code { code } => fill(&file.code, &[("code", code.expose())]),
            Message::CodesBlocked => file.codes_blocked.clone(),
            Message::Frozen { reference } => fill(&file.frozen, &[("reference", reference)]),
            Message::CaseOpened { reference } => fill(&file.case_opened, &[("reference", reference)]),
            Message::CallbackNoted { reference } => fill(&file.callback_noted, &[("reference", reference)]),
            Message::Refund { step, reference, amount, transaction } => {
                let steps = &file.refund;
                let sentence = match step {
                    RefundStep::Asked => &steps.asked,
                    RefundStep::Rejected => &steps.rejected,
                    RefundStep::Declined => &steps.declined,
                    RefundStep::Expired => &steps.expired,
                    RefundStep::Approved => &steps.approved,
                    RefundStep::Done => &steps.done,
                    RefundStep::Failed => &steps.failed,
                };
                fill(sentence, &[("reference", reference), ("amount", amount), ("transaction", transaction)])
            }
            Message::Status { transaction, verdict, by, basis, reference } => {
                let verdicts = &file.status;
                let sentence = match verdict.as_str() {
                    "completed" => &verdicts.completed,
                    "on_time" => &verdicts.on_time,
                    "late" => &verdicts.late,
                    "overdue" => &verdicts.overdue,
                    "refund_due" => &verdicts.refund_due,
                    "failed" => &verdicts.failed,
                    _ => &verdicts.unknown,
                };
                let by = by.as_deref().unwrap_or_default();
                let mut text = fill(sentence, &[("transaction", transaction), ("by", by)]);
                if let Some(basis) = basis {
                    text.push_str(&fill(&file.status_basis, &[("basis", basis)]));
                }
                if let Some(reference) = reference {
                    text.push_str(&fill(&file.status_case, &[("reference", reference)]));
                }
                text
            }
        }
    }
}

fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use walletline_core::kernel::pii::Pii;

    #[test]
    fn every_message_has_words_in_every_language_and_leaves_no_gap() {
        let templates = Templates::shipped().unwrap();
        let status = |verdict: &str| Message::Status {
            transaction: "000014".to_owned(),
            verdict: verdict.to_owned(),
            by: Some("2026-12-01 17:00".to_owned()),
            basis: Some("because".to_owned()),
            reference: Some("R123456782".to_owned()),
        };
        let mut messages: Vec<Message> =
            ["completed", "on_time", "late", "overdue", "refund_due", "failed", "unknown"].map(status).to_vec();
        let reference = "R123456782".to_owned();
        messages.extend([
            Message::Code { code: Pii::new("123456".to_owned()) },
            Message::CodesBlocked,
            Message::Frozen { reference: reference.clone() },
            Message::CallbackNoted { reference: reference.clone() },
            Message::CaseOpened { reference: reference.clone() },
        ]);
        messages.extend(RefundStep::ALL.map(|step| Message::Refund {
            step,
            reference: reference.clone(),
            amount: "19.90 CNY".to_owned(),
            transaction: "000486".to_owned(),
        }));
        for language in Language::ALL {
            for message in &messages {
                let text = templates.text(message, language);
                assert!(!text.is_empty() && !text.contains('{'), "{language:?} {message:?}: {text}");
            }
            assert!(templates.text(&messages[7], language).contains("123456"));
        }
    }
}
