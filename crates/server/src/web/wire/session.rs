//! Logging in, on the wire.

use super::{Language, Role, Time, names::names};
use crate::web::auth::{Arriving, FactorKinds, Signed};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use walletline_core::agent;
use walletline_core::agent::{Demand, Staff};

names! {
    /// What is missing before a session may act: the second factor they have, or one to be set up.
    Missing = agent::Missing { SecondFactor "second_factor", Enrolment "enrolment" }
}

/// A log-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogIn {
    /// The user name.
    #[schema(example = "agent1")]
    pub(crate) user: String,
    /// The password.
    #[schema(format = Password)]
    pub(crate) password: String,
}

/// A password set by a one-time link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetPassword {
    /// The link's token: what follows `#` in it.
    pub(crate) token: String,
    /// The new password, 12 to 256 characters.
    #[schema(format = Password, min_length = 12, max_length = 256)]
    pub(crate) password: String,
}

/// Who is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Me {
    /// Identifier.
    #[schema(example = "st_01KQ3V0000000000000000000A")]
    pub(crate) id: String,
    /// User name.
    pub(crate) user: String,
    /// The number customers are told.
    #[schema(example = "1024")]
    pub(crate) number: String,
    /// What they are here for.
    pub(crate) role: Role,
    /// Languages they speak with customers.
    pub(crate) languages: Vec<Language>,
    /// Skills beyond language.
    pub(crate) skills: Vec<String>,
    /// Teams they belong to, or lead: by name, or `all` alone.
    pub(crate) teams: Vec<String>,
    /// Whether they have set a second factor up, of whichever kind.
    pub(crate) second_factor: bool,
    /// Whether it is an authenticator that shows codes.
    pub(crate) authenticator: bool,
    /// Whether it is a passkey, or several.
    pub(crate) passkey: bool,
    /// Whether their role needs one.
    pub(crate) second_factor_required: bool,
    /// What is missing before this session may act; null when nothing is.
    pub(crate) missing: Option<Missing>,
}

/// What somebody shows once more, or besides their password: exactly one of these.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirm {
    /// Six digits of their authenticator.
    #[serde(default)]
    pub(crate) code: Option<String>,
    /// One of the codes they were given for the day their authenticator is lost.
    #[serde(default)]
    pub(crate) recovery_code: Option<String>,
    /// The password, of whoever has no second factor and needs none.
    #[serde(default)]
    #[schema(format = Password)]
    pub(crate) password: Option<String>,
    /// What the browser gave for what `challengePasskey` asked: a `PublicKeyCredential` as JSON.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub(crate) passkey: Option<Value>,
}

/// What a browser is to be asked, as `navigator.credentials` takes it in JSON.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasskeyAsked {
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON` of Web Authentication, Level 3.
    #[schema(value_type = Object)]
    pub(crate) options: Value,
}

/// A passkey that a browser made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyMade {
    /// What its owner calls it: 1 to 40 characters.
    pub(crate) name: String,
    /// What the browser gave: a `PublicKeyCredential` as JSON.
    #[schema(value_type = Object)]
    pub(crate) credential: Value,
}

/// A passkey that counts.
#[derive(Serialize, ToSchema)]
pub(crate) struct Passkey {
    /// Identifier, base64url.
    pub(crate) id: String,
    /// What its owner calls it.
    pub(crate) name: String,
    /// Since when it counts.
    pub(crate) since: Time,
    /// When it was shown last; null for never.
    pub(crate) used_at: Option<Time>,
}

/// What follows from a passkey that was added.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasskeyAdded {
    /// Codes for the day it is lost, shown once, with the first thing that counts; null where there are codes already.
    pub(crate) recovery_codes: Option<Vec<String>>,
}

/// A new seed for an authenticator, shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct SeedOffered {
    /// As it is typed: base 32.
    pub(crate) secret: String,
    /// What the QR code says.
    pub(crate) address: String,
    /// The QR code as SVG.
    pub(crate) qr_svg: String,
}

/// The first code of the offered seed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstCode {
    /// Six digits.
    pub(crate) code: String,
}

/// Codes for the day the authenticator is lost, shown once; each works once.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// The codes.
    pub(crate) recovery_codes: Vec<String>,
}

impl From<&agent::Passkey> for Passkey {
    fn from(passkey: &agent::Passkey) -> Self {
        let agent::Passkey { id, name, since, used_at, .. } = passkey;
        Self { id: id.clone(), name: name.clone(), since: (*since).into(), used_at: used_at.map(Into::into) }
    }
}

impl Me {
    fn new(staff: &Staff, demand: Demand, factors: FactorKinds, missing: Option<agent::Missing>) -> Self {
        Self {
            id: staff.id.to_string(),
            user: staff.user.clone(),
            number: staff.number.clone(),
            role: staff.role.into(),
            languages: staff.languages.iter().map(|language| (*language).into()).collect(),
            skills: staff.skills.clone(),
            teams: match staff.teams.named() {
                None => vec!["all".to_owned()],
                Some(teams) => teams.iter().map(ToString::to_string).collect(),
            },
            second_factor: demand.is_enrolled,
            authenticator: factors.authenticator,
            passkey: factors.passkey,
            second_factor_required: demand.is_required,
            missing: missing.map(Into::into),
        }
    }
}

impl From<&Arriving> for Me {
    fn from(arriving: &Arriving) -> Self {
        Self::new(&arriving.staff, arriving.demand, arriving.factors, arriving.missing())
    }
}

impl From<&Signed> for Me {
    fn from(signed: &Signed) -> Self {
        Self::new(&signed.staff, signed.demand, signed.factors, None)
    }
}
