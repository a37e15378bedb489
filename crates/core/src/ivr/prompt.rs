//! What can be said: prompts by name and language, and spoken values by a grammar per language. Numbers are joined from clips
//! that were cut for joining, never spoken from glued text.

use super::flow::PromptId;
use super::speak;
use crate::kernel::{language::Language, pii::Pii};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Every prompt of every language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// By language, then by prompt.
    pub languages: BTreeMap<Language, BTreeMap<PromptId, Prompt>>,
}

/// `prompts/<tag>.toml` as it is written: everything the hotline can say in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// What flows and the machine say, by name.
    pub prompts: BTreeMap<PromptId, Prompt>,
    /// The clips that spoken values are joined from: name and text. An operator's own book needs none.
    #[serde(default)]
    pub clips: BTreeMap<String, String>,
}

/// One prompt in one language, as written in `prompts/<tag>.toml`. Either one recorded clip of the prompt's own name, or parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Prompt {
    /// One clip, named as the prompt.
    Text(String),
    /// Clips and spoken values in turn.
    Parts(Vec<Part>),
}

/// A part of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Part {
    /// A clip of its own, with its words.
    Clip {
        /// The clip's name.
        id: String,
        /// What is heard.
        text: String,
    },
    /// A value filled in when it is said.
    Slot(String),
}

/// A value that can be spoken so that a listener can write it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spoken {
    /// Digits one by one, with pauses between groups of three or four: an agent's number, a short code.
    Digits(String),
    /// An identifier of letters and digits, in groups: a case reference, a transaction.
    Id(String),
    /// A phone number, digit by digit. The words show it masked: what is written down of a call names nobody.
    Phone(Pii<String>),
    /// A place in a queue, from 1.
    Position(u32),
    /// A plain count.
    Count(u64),
    /// An amount in minor units of an ISO 4217 currency.
    Money {
        /// Minor units: fen, cents, yen.
        minor: i64,
        /// `CNY`, `USD`, `EUR`, `GBP`, `JPY`, `HKD`.
        currency: String,
    },
    /// A calendar date, Gregorian.
    Date {
        /// Year, 2000 to 2099.
        year: u16,
        /// 1 to 12.
        month: u8,
        /// 1 to 31.
        day: u8,
    },
    /// A time of day, 24-hour.
    Time {
        /// 0 to 23.
        hour: u8,
        /// 0 to 59.
        minute: u8,
    },
    /// A length of time, in seconds; spoken in its two largest units.
    Duration(u64),
    /// A number of business days.
    BusinessDays(u16),
}

/// Something ready to be played: the clips, and the words they add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The prompt it came from.
    pub asset: String,
    /// Its language.
    pub language: Language,
    /// The words, as a listener would write them down.
    pub words: String,
    /// Clips and pauses, in order; clip names are within the language.
    pub sounds: Vec<Sound>,
}

/// A piece of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sound {
    /// A clip by its name within the language.
    Clip(String),
    /// Silence in milliseconds.
    Pause(u32),
}

impl Catalog {
    /// The phrase for a prompt with its values filled in. None when the prompt or a value is missing: the static check makes
    /// sure that this cannot happen to a shipped flow.
    #[must_use]
    pub fn phrase(&self, language: Language, id: &PromptId, values: &[(&str, Spoken)]) -> Option<Phrase> {
        let prompt = self.languages.get(&language)?.get(id)?;
        let (mut words, mut sounds) = (Vec::new(), Vec::new());
        match prompt {
            Prompt::Text(text) => {
                words.push(text.clone());
                sounds.push(Sound::Clip(id.0.clone()));
            }
            Prompt::Parts(parts) => {
                for part in parts {
                    match part {
                        Part::Clip { id, text } => {
                            words.push(text.clone());
                            sounds.push(Sound::Clip(id.clone()));
                        }
                        Part::Slot(name) => {
                            let value = values.iter().find(|(slot, _)| slot == name).map(|(_, value)| value)?;
                            let spoken = speak::speak(language, value)?;
                            words.push(spoken.words);
                            sounds.extend(spoken.sounds);
                        }
                    }
                }
            }
        }
        let words = speak::join(language, &words);
        Some(Phrase { asset: id.0.clone(), language, words, sounds })
    }

    /// Whether a language has a prompt.
    #[must_use]
    pub fn has(&self, language: Language, id: &PromptId) -> bool {
        self.languages.get(&language).is_some_and(|prompts| prompts.contains_key(id))
    }
}
