//! Logging in, on the wire.

use super::{Language, Role, names::names};
use crate::web::auth::{Arriving, Signed};
use serde::{Deserialize, Serialize};
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
    /// Whether they have set a second factor up.
    pub(crate) second_factor: bool,
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

impl Me {
    fn new(staff: &Staff, demand: Demand, missing: Option<agent::Missing>) -> Self {
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
            second_factor_required: demand.is_required,
            missing: missing.map(Into::into),
        }
    }
}

impl From<&Arriving> for Me {
    fn from(arriving: &Arriving) -> Self {
        Self::new(&arriving.staff, arriving.demand, arriving.missing())
    }
}

impl From<&Signed> for Me {
    fn from(signed: &Signed) -> Self {
        Self::new(&signed.staff, signed.demand, None)
    }
}
