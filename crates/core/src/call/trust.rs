//! How far the networks that carried a call vouch for the number it shows. A risk signal and nothing else: it never raises a level,
//! because a number that is not forged still says nothing of who is speaking.

use serde::{Deserialize, Serialize};

/// What is known of a calling number (STIR/SHAKEN, RFC 8588 section 4, or a carrier's own verdict).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallerIdTrust {
    /// The caller's network knows the caller and that the number is theirs.
    #[serde(rename = "A")]
    Full,
    /// It knows the caller, not whether the number is theirs.
    #[serde(rename = "B")]
    Partial,
    /// It knows where the call entered, nothing of who is calling.
    #[serde(rename = "C")]
    Gateway,
    /// What was said for the number is wrong, or could not be confirmed.
    Failed,
    /// Nothing was said for the number, or nobody checks it here.
    #[default]
    None,
}

impl CallerIdTrust {
    /// Its name in records and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "A",
            Self::Partial => "B",
            Self::Gateway => "C",
            Self::Failed => "failed",
            Self::None => "none",
        }
    }

    /// The signal against the caller's claim that follows from it. A call of which nothing is said is what most of the world's calls
    /// are, so it warns of nothing; neither does a company's exchange (`B`), whose numbers its carrier cannot know.
    #[must_use]
    pub const fn risk(self) -> Option<&'static str> {
        match self {
            Self::Failed => Some("caller_id_failed"),
            Self::Gateway => Some("caller_id_gateway"),
            Self::Full | Self::Partial | Self::None => None,
        }
    }

    /// As a person reads it.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Full => "the caller's network vouches for it",
            Self::Partial => "the caller's network knows the caller, not the number",
            Self::Gateway => "the call came in through a gateway, which vouches for no number",
            Self::Failed => "what was said for it is not true, or could not be confirmed",
            Self::None => "nobody vouches for it",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CallerIdTrust::{Failed, Full, Gateway, None as Nothing, Partial};

    #[test]
    fn what_warns_of_a_number() {
        for (trust, name, risk) in [
            (Full, "A", None),
            (Partial, "B", None),
            (Gateway, "C", Some("caller_id_gateway")),
            (Failed, "failed", Some("caller_id_failed")),
            (Nothing, "none", None),
        ] {
            assert_eq!((trust.name(), trust.risk()), (name, risk));
        }
    }
}
