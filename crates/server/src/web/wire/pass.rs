//! Call passes on the wire: as a visitor's program sends them, what it gets back once, and what an agent's screen shows.

use super::{Language, Secret, Time, Topic};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::switchboard::live;

/// What a call is prepared with. Passwords, codes and numbers of persons are taken out of the texts before they are kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCallPass {
    /// What the call is about.
    pub(crate) topic: Topic,
    /// The wallet, by id; none for the first one.
    #[serde(default)]
    pub(crate) wallet: Option<String>,
    /// The language to be spoken to in; none for the first one of the wallet's line.
    #[serde(default)]
    pub(crate) language: Option<Language>,
    /// The transaction it is about: twelve digits, or the last six.
    #[serde(default)]
    #[schema(example = "261101000014", max_length = 40)]
    pub(crate) transaction: String,
    /// In the customer's own words.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub(crate) description: String,
    /// What a screen said.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub(crate) error_text: String,
}

/// A call pass that was made. The code is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallPass {
    /// Six digits, to be keyed when the hotline asks for the language.
    #[schema(example = "483920")]
    pub(crate) code: String,
    /// Until when it is good.
    pub(crate) expires_at: Time,
    /// What was taken out of the texts.
    pub(crate) removed: Vec<Secret>,
}

/// A call pass on an agent's screen: told by a visitor of the help pages, unverified.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PassView {
    /// Identifier.
    id: String,
    /// What the call is about.
    topic: Topic,
    /// When it was made.
    made_at: Time,
    /// When nothing of it may be left.
    expires_at: Time,
    /// What was written; only on the screen of the agent whom the contact is with.
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<ToldView>,
}

/// What a visitor wrote.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ToldView {
    /// The transaction, or the last six digits of its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction: Option<String>,
    /// In their own words.
    description: String,
    /// What a screen said.
    error_text: String,
    /// There is a screenshot: `GET contacts/{id}/screenshot`.
    screenshot: bool,
}

impl From<&live::PassView> for PassView {
    fn from(view: &live::PassView) -> Self {
        Self {
            id: view.id.to_string(),
            topic: view.topic.into(),
            made_at: view.made_at.into(),
            expires_at: view.expires_at.into(),
            told: view.told.as_ref().map(Into::into),
        }
    }
}

impl From<&live::ToldView> for ToldView {
    fn from(view: &live::ToldView) -> Self {
        Self {
            transaction: view.transaction.as_ref().map(|number| number.expose().clone()),
            description: view.description.expose().clone(),
            error_text: view.error_text.expose().clone(),
            screenshot: view.screenshot,
        }
    }
}
