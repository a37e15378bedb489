//! Staff, their log-in links and phones, as rows.

use super::Teams;
use crate::kernel::{actor::Role, ids::StaffId, language::Language, time::Wall};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Its identifier.
    pub id: StaffId,
    /// Log-in and SIP user name.
    pub user: String,
    /// The number customers are told (工号), digits only, never reused.
    pub number: String,
    /// What they are here for.
    pub role: Role,
    /// Languages they speak with customers.
    pub languages: Vec<Language>,
    /// Skills beyond language; every agent has `general`.
    pub skills: Vec<String>,
    /// Teams they belong to; of whoever leads agents, those they lead.
    pub teams: Teams,
    /// Argon2id hash of the password; none until the log-in link was used.
    pub password_hash: Option<Secret>,
    /// MD5 of `user:realm:password` for SIP digest (RFC 2617 HA1); none until a password is set.
    pub sip_ha1: Option<Secret>,
}

/// A credential at rest: never shown, not even by `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Marks a value as secret.
    #[must_use]
    pub const fn new(value: String) -> Self {
        Self(value)
    }

    /// The value, for comparison and storage alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// A one-time link by which a new member of staff sets a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginLink {
    /// SHA-256 of the link's token, hex.
    pub token_hash: String,
    /// For whom.
    pub staff: StaffId,
    /// When it stops working.
    pub expires_at: Wall,
}

/// A line of an agent's presence history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceRow {
    /// Whose.
    pub agent: StaffId,
    /// The state entered.
    pub state: super::PresenceState,
    /// When.
    pub at: Wall,
}

/// Where a staff member's SIP phone can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SipBinding {
    /// Whose phone.
    pub staff: StaffId,
    /// The voice engine's own record of it; opaque here.
    pub binding: String,
    /// When it runs out.
    pub expires_at: Wall,
}
