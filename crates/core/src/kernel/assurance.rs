//! How sure we are of who is calling, as every area says it. What a level takes and what it opens is decided in `identity`.

use serde::{Deserialize, Serialize};

/// Assurance of who the customer is. Grows only through verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Anonymous.
    A0,
    /// Claimed: a number was shown or given. Authenticates nothing.
    A1,
    /// One fresh factor, and no adverse risk signal.
    A2,
    /// Two independent factors in this contact.
    A3,
    /// A3, a second person, and a cooling-off time.
    A4,
}

impl Level {
    /// The level on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::A0 => "A0",
            Self::A1 => "A1",
            Self::A2 => "A2",
            Self::A3 => "A3",
            Self::A4 => "A4",
        }
    }
}

/// What a customer showed to be who they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// A number was given or shown: a claim.
    Number,
    /// A code sent to the registered phone by text message came back.
    SmsCode,
    /// A code spoken to the registered phone came back.
    VoiceCode,
    /// A code sent to the registered mail address came back.
    MailCode,
    /// A code of the wallet's second factor was keyed.
    SecondFactor,
    /// A code was carried over into the wallet's app.
    AppTransfer,
    /// The call was begun in the wallet's app on a bound device.
    AppSession,
}

impl Factor {
    /// The factor on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::SmsCode => "sms_code",
            Self::VoiceCode => "voice_code",
            Self::MailCode => "mail_code",
            Self::SecondFactor => "second_factor",
            Self::AppTransfer => "app_transfer",
            Self::AppSession => "app_session",
        }
    }

    /// The factor as a person reads it in a record.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::SmsCode => "a code sent by text message",
            Self::VoiceCode => "a code spoken by telephone",
            Self::MailCode => "a code sent by mail",
            Self::SecondFactor => "a code of the second factor",
            Self::AppTransfer => "a code carried over into the app",
            Self::AppSession => "a session of the app",
        }
    }
}
