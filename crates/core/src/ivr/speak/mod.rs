//! Spoken values: one grammar per language, from a value to clips cut for joining and the words they add up to. A listener can
//! write down every value that is spoken here. A value outside the range of its grammar is never spoken at all: silence can be
//! asked about, a wrong amount cannot.
//!
//! Identifiers (`Digits`, `Id`) are given in figures in the words, as a listener writes them; quantities are given in words.

use super::prompt::{Sound, Spoken};
use crate::kernel::language::Language;

/// A value as it is heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// The words.
    pub words: String,
    /// The clips and pauses.
    pub sounds: Vec<Sound>,
}

/// Between the groups of a long number or identifier: long enough to write a group down.
pub const GROUP_PAUSE_MS: u32 = 350;

/// Between two digits or letters of a group: run together, they are misheard.
pub const DIGIT_PAUSE_MS: u32 = 80;

/// The longest number or identifier that is read out, in characters: a UUID without its hyphens.
pub const SPELLED_MAX: usize = 32;

/// A value in a language, or None when it lies outside what the grammar can say.
#[must_use]
pub fn speak(language: Language, value: &Spoken) -> Option<Utterance> {
    match value {
        Spoken::Digits(text) if text.chars().all(|c| c.is_ascii_digit()) => spell(text),
        _ => {
            let _ = language;
            None
        }
    }
}

/// Words of several parts as one text.
#[must_use]
pub fn join(language: Language, parts: &[String]) -> String {
    match language {
        Language::ZhCn => parts.concat(),
        Language::En => parts.join(" "),
    }
}

fn spell(text: &str) -> Option<Utterance> {
    if text.is_empty() || text.len() > SPELLED_MAX {
        return None;
    }
    let sounds = text.chars().map(|c| Sound::Clip(format!("d.{c}"))).collect();
    Some(Utterance { words: text.to_owned(), sounds })
}
