//! Call passes: what somebody wrote down on the help pages before calling, under a six-digit code that brings it into the call. A
//! pass proves nothing about who calls, and nothing of it outlives its day.

mod ruling;
mod topic;

pub use ruling::{
    Asked, DESCRIPTION_CHARS_MAX, ERROR_TEXT_CHARS_MAX, LIFETIME, Made, NewPass, NotMade, PassLimits, Tallies, forget, make,
    read_screenshot, take,
};
pub use topic::Topic;

use crate::kernel::{
    ids::{ContactId, PassId},
    language::Language,
    pii::Pii,
    time::Wall,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The keyed hash of a wallet and a code, as hexadecimal digits. Made at the edge, which holds the key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PassHash(String);

impl PassHash {
    /// From hexadecimal digits.
    #[must_use]
    pub const fn new(hash: String) -> Self {
        Self(hash)
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PassHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[code]")
    }
}

/// A call pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// Its identifier.
    pub id: PassId,
    /// The wallet whose line it is for.
    pub wallet: String,
    /// The keyed hash of the wallet and the code: how it is found. The code itself is shown once and kept nowhere.
    pub code: PassHash,
    /// What the call is about.
    pub topic: Topic,
    /// The language the visitor read in, and is spoken to in.
    pub language: Language,
    /// What the visitor wrote.
    pub told: Told,
    /// The screenshot that was sent with it; the picture lies elsewhere, under the same identifier.
    pub screenshot: Option<ImageKind>,
    /// When it was made.
    pub made_at: Wall,
    /// When nothing of it may be left.
    pub expires_at: Wall,
    /// The contact it is shown to: the last one it was keyed in.
    pub contact: Option<ContactId>,
}

/// What a visitor wrote, without the secrets that stood in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The transaction it is about: its number, or the last six digits.
    pub transaction: Option<Pii<String>>,
    /// In their own words.
    pub description: Pii<String>,
    /// What a screen said.
    pub error_text: Pii<String>,
}

/// What a screenshot is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageKind {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
}
