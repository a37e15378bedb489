//! Spoken values: one grammar per language, from a value to clips cut for joining and the words they add up to.

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
