//! Logging in, on the wire.

use super::{Language, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::agent::Staff;

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
}

impl From<&Staff> for Me {
    fn from(staff: &Staff) -> Self {
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
        }
    }
}
