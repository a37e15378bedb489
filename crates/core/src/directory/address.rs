//! An address at which a wallet is reached, or by which it writes, in its one canonical spelling. Two addresses are the same
//! exactly when they are equal.

use super::reading::Reading;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Longest value of an address, in characters: a domain name has at most 253.
const VALUE_CHARS_MAX: usize = 253;
/// Digits of an E.164 number, country included (ITU-T E.164: at most 15).
const E164_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// Digits of a short code: services of a country or an operator have three to eight.
const SHORT_DIGITS: std::ops::RangeInclusive<usize> = 3..=8;
/// Longest name of a platform.
const PLATFORM_CHARS_MAX: usize = 30;

/// A phone number in E.164, with its plus.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E164(String);

impl E164 {
    /// The digits behind the plus.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0[1..]
    }

    /// As it is written, with its plus.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for E164 {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let digits = text.strip_prefix('+').unwrap_or_default();
        let sound = E164_DIGITS.contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
        if sound { Ok(Self(text.to_owned())) } else { Err(BadAddress::Phone) }
    }
}

/// What kind of address it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A phone number of the world's numbering plan.
    Phone,
    /// A short code of one country or network, such as 95xxx. No number of the world's plan.
    ShortCode,
    /// What stands as sender on a text message.
    SmsSender,
    /// An app, by the identifier its store gives it.
    App,
    /// A web site, by its host.
    Web,
    /// A mail address.
    Mail,
    /// An account on a social platform.
    Social,
}

impl Kind {
    /// Every kind, in the order pages show them.
    pub const ALL: [Self; 7] = [Self::Phone, Self::ShortCode, Self::SmsSender, Self::App, Self::Web, Self::Mail, Self::Social];

    /// The kind's name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::ShortCode => "short_code",
            Self::SmsSender => "sms_sender",
            Self::App => "app",
            Self::Web => "web",
            Self::Mail => "mail",
            Self::Social => "social",
        }
    }

    /// Can be dialled.
    #[must_use]
    pub const fn is_dialled(self) -> bool {
        matches!(self, Self::Phone | Self::ShortCode)
    }
}

/// An address in its canonical spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Address {
    /// A phone number.
    Phone(E164),
    /// A short code, digits alone.
    ShortCode(String),
    /// A sender of text messages, in capitals.
    SmsSender(String),
    /// An app's identifier.
    App(String),
    /// A web site's host in small letters, without `www.`.
    Web(String),
    /// A mail address in small letters.
    Mail(String),
    /// An account on a platform, both in small letters, without `@`.
    Social {
        /// The platform.
        platform: String,
        /// The account's name there.
        handle: String,
    },
}

/// An address as rows and files write it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kind: Kind,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    platform: Option<String>,
}

/// The text is no address of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// No E.164 number.
    #[error("a phone number is written with + and its country: +44 20 7946 0801")]
    Phone,
    /// No short code.
    #[error("a short code has 3 to 8 digits and nothing else; a longer number is a phone number with + and its country")]
    ShortCode,
    /// No sender.
    #[error("a sender of text messages has 3 to 20 digits, or 3 to 11 letters and digits, as phones show it")]
    SmsSender,
    /// No app.
    #[error("an app is named by its identifier in the store: letters, digits, dots, hyphens, such as com.example.wallet")]
    App,
    /// No host.
    #[error("a web site is named by its host alone: pay.example.com")]
    Web,
    /// No mail address.
    #[error("a mail address has one @ and a host: help@example.com")]
    Mail,
    /// No account.
    #[error(
        "a social account needs a platform and the account's name there, letters and digits of any script, dots, hyphens and underscores"
    )]
    Social,
}

impl Address {
    /// The address of a kind that somebody wrote. `platform` is for social accounts alone.
    ///
    /// # Errors
    /// [`BadAddress`] when the text is no such address, or could be taken for another one than it is.
    pub fn new(kind: Kind, value: &str, platform: Option<&str>) -> Result<Self, BadAddress> {
        let reading = Reading::of(value);
        let text = reading.text();
        let sound = !reading.is_reordered() && text.chars().count() <= VALUE_CHARS_MAX;
        match kind {
            Kind::Phone => {
                let dialled = reading.dialled().filter(|dialled| sound && dialled.plus && !dialled.is_spelled);
                dialled.ok_or(BadAddress::Phone)?.international().parse().map(Self::Phone)
            }
            Kind::ShortCode => {
                let dialled = reading.dialled().filter(|dialled| sound && !dialled.plus && !dialled.is_spelled);
                let digits = dialled.map(|dialled| dialled.digits).filter(|digits| SHORT_DIGITS.contains(&digits.len()));
                digits.map(Self::ShortCode).ok_or(BadAddress::ShortCode)
            }
            Kind::SmsSender => {
                let digits = text.bytes().all(|b| b.is_ascii_digit());
                let length = if digits { 3..=20 } else { 3..=11 };
                let good = sound && length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
                if good { Ok(Self::SmsSender(text.to_uppercase())) } else { Err(BadAddress::SmsSender) }
            }
            Kind::App => {
                let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
                let dotted = text.contains('.') && !text.starts_with('.') && !text.ends_with('.');
                if sound && dotted && text.bytes().all(good) { Ok(Self::App(text.to_owned())) } else { Err(BadAddress::App) }
            }
            Kind::Web => {
                let host = reading.host().filter(|host| sound && host.is_plain && !host.has_more);
                host.map(|host| Self::Web(host.name)).ok_or(BadAddress::Web)
            }
            Kind::Mail => reading.mail().filter(|_| sound && text.is_ascii()).map(Self::Mail).ok_or(BadAddress::Mail),
            Kind::Social => {
                let named = |name: &str, chars_max: usize| {
                    let good = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
                    (1..=chars_max).contains(&name.chars().count()) && name.chars().all(good)
                };
                let platform = Reading::of(platform.unwrap_or_default()).text().to_lowercase();
                let handle = text.trim_start_matches('@').to_lowercase();
                let good = sound && named(&platform, PLATFORM_CHARS_MAX) && named(&handle, VALUE_CHARS_MAX);
                if good { Ok(Self::Social { platform, handle }) } else { Err(BadAddress::Social) }
            }
        }
    }

    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Phone(_) => Kind::Phone,
            Self::ShortCode(_) => Kind::ShortCode,
            Self::SmsSender(_) => Kind::SmsSender,
            Self::App(_) => Kind::App,
            Self::Web(_) => Kind::Web,
            Self::Mail(_) => Kind::Mail,
            Self::Social { .. } => Kind::Social,
        }
    }

    /// The address itself, without its kind and platform.
    #[must_use]
    pub fn value(&self) -> &str {
        match self {
            Self::Phone(number) => number.as_str(),
            Self::ShortCode(value) | Self::SmsSender(value) | Self::App(value) | Self::Web(value) | Self::Mail(value) => value,
            Self::Social { handle, .. } => handle,
        }
    }

    /// The platform of a social account.
    #[must_use]
    pub fn platform(&self) -> Option<&str> {
        match self {
            Self::Social { platform, .. } => Some(platform),
            Self::Phone(_) | Self::ShortCode(_) | Self::SmsSender(_) | Self::App(_) | Self::Web(_) | Self::Mail(_) => None,
        }
    }

    /// The address as one word, different for different addresses.
    #[must_use]
    pub fn key(&self) -> String {
        match self.platform() {
            Some(platform) => format!("{}:{platform}:{}", self.kind().name(), self.value()),
            None => format!("{}:{}", self.kind().name(), self.value()),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Social { platform, handle } => write!(f, "{platform}: {handle}"),
            Self::Phone(_) | Self::ShortCode(_) | Self::SmsSender(_) | Self::App(_) | Self::Web(_) | Self::Mail(_) => {
                f.write_str(self.value())
            }
        }
    }
}

impl TryFrom<Written> for Address {
    type Error = BadAddress;

    fn try_from(written: Written) -> Result<Self, BadAddress> {
        Self::new(written.kind, &written.value, written.platform.as_deref())
    }
}

impl From<Address> for Written {
    fn from(address: Address) -> Self {
        Self { kind: address.kind(), value: address.value().to_owned(), platform: address.platform().map(str::to_owned) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_spelling() {
        for (kind, written, platform, key) in [
            (Kind::Phone, "+44 (20) 7946-0801", None, "phone:+442079460801"),
            (Kind::Phone, "＋８６ １９０ ００００ ８０００", None, "phone:+8619000008000"),
            (Kind::ShortCode, " 95 000 ", None, "short_code:95000"),
            (Kind::SmsSender, "HarborPay", None, "sms_sender:HARBORPAY"),
            (Kind::SmsSender, "106900008000", None, "sms_sender:106900008000"),
            (Kind::App, "com.jinqiao.Wallet", None, "app:com.jinqiao.Wallet"),
            (Kind::Web, "https://www.Jinqiao.Example/", None, "web:jinqiao.example"),
            (Kind::Mail, "Help@Jinqiao.example", None, "mail:help@jinqiao.example"),
            (Kind::Social, "@HarborPay", Some("Weibo"), "social:weibo:harborpay"),
            (Kind::Social, "金桥钱包", Some("微信"), "social:微信:金桥钱包"),
        ] {
            let address = Address::new(kind, written, platform).unwrap();
            assert_eq!(address.key(), key);
            assert_eq!(Address::new(kind, address.value(), address.platform()), Ok(address));
        }
    }

    #[test]
    fn what_could_be_taken_for_another_address_is_none() {
        for (kind, written) in [
            (Kind::Phone, "02079460801"),
            (Kind::Phone, "+0 20 7946 0801"),
            (Kind::Phone, "+44 20 7946 O801"),
            (Kind::Phone, "+86190000080001234"),
            (Kind::ShortCode, "+95000"),
            (Kind::ShortCode, "95O00"),
            (Kind::ShortCode, "12"),
            (Kind::ShortCode, "123456789"),
            (Kind::SmsSender, "金桥"),
            (Kind::SmsSender, "HarborPayments"),
            (Kind::App, "wallet"),
            (Kind::App, "com.jinqіao.wallet"),
            (Kind::Web, "jinqiao"),
            (Kind::Web, "jinqiao.example/help"),
            (Kind::Web, "https://jinqiao.example@evil.example"),
            (Kind::Web, "jinqіao.example"),
            (Kind::Web, "xn--jinqao-4uf.example"),
            (Kind::Web, "jinqiao.example:8443"),
            (Kind::Mail, "help@jinqiao"),
            (Kind::Mail, "a@b@jinqiao.example"),
            (Kind::Mail, "hеlp@jinqiao.example"),
            (Kind::Social, "harborpay"),
        ] {
            assert!(Address::new(kind, written, None).is_err(), "{written}");
        }
        assert_eq!(Address::new(Kind::Social, "a b", Some("weibo")), Err(BadAddress::Social));
        assert_eq!(Address::new(Kind::Phone, "+44 \u{202E}20 7946 0801", None), Err(BadAddress::Phone));
    }
}
