//! How the media of a call may be protected: the policy of whoever runs the hotline, and the cipher suites there are. Holds no
//! key.

use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Whether a call's media has to be encrypted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EncryptionPolicy {
    /// A call without encryption is refused (488), and our own offers are for encrypted media alone.
    Required,
    /// Encrypted where the far end can, plain where it cannot.
    #[default]
    Preferred,
    /// Plain. An offer that insists on encryption is refused (488).
    Off,
}

/// Which call a policy is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyFor<'a> {
    /// A call that comes in.
    Incoming {
        /// Where its INVITE came from.
        source: IpAddr,
        /// The number that was dialled.
        line: &'a str,
        /// The trunk that brought it.
        trunk: Option<&'a str>,
    },
    /// A call that we place by way of a trunk.
    Trunk {
        /// Its id.
        trunk: &'a str,
    },
    /// A registered phone that we ring.
    Phone,
}

/// Says how a call's media has to be protected. Asked once for every new call: answer from memory.
pub type EncryptionPolicies = Box<dyn Fn(PolicyFor<'_>) -> EncryptionPolicy + Send + Sync>;

/// A cipher suite of SRTP, as SDP names it (RFC 4568 section 6.2, RFC 7714 section 14.2). Weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SrtpSuite {
    /// AES-128 in counter mode; four bytes of HMAC-SHA1.
    AesCm128HmacSha1_32,
    /// AES-128 in counter mode; ten bytes of HMAC-SHA1. What every phone with SRTP has.
    AesCm128HmacSha1_80,
    /// AES-128 in Galois counter mode.
    AeadAes128Gcm,
    /// AES-256 in Galois counter mode.
    AeadAes256Gcm,
}

impl SrtpSuite {
    /// All of them, strongest first: the order in which we offer them, and in which we choose.
    pub const ALL: [Self; 4] = [Self::AeadAes256Gcm, Self::AeadAes128Gcm, Self::AesCm128HmacSha1_80, Self::AesCm128HmacSha1_32];

    /// Its name in SDP.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AesCm128HmacSha1_32 => "AES_CM_128_HMAC_SHA1_32",
            Self::AesCm128HmacSha1_80 => "AES_CM_128_HMAC_SHA1_80",
            Self::AeadAes128Gcm => "AEAD_AES_128_GCM",
            Self::AeadAes256Gcm => "AEAD_AES_256_GCM",
        }
    }

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| suite.name().eq_ignore_ascii_case(name))
    }

    /// Bytes of its master key.
    pub(crate) const fn key_bytes(self) -> usize {
        match self {
            Self::AesCm128HmacSha1_32 | Self::AesCm128HmacSha1_80 | Self::AeadAes128Gcm => 16,
            Self::AeadAes256Gcm => 32,
        }
    }

    /// Bytes of its master salt: 112 bits for counter mode, 96 for GCM (RFC 7714 section 12).
    pub(crate) const fn salt_bytes(self) -> usize {
        match self {
            Self::AesCm128HmacSha1_32 | Self::AesCm128HmacSha1_80 => 14,
            Self::AeadAes128Gcm | Self::AeadAes256Gcm => 12,
        }
    }

    /// Bytes by which a protected packet is longer.
    pub(crate) const fn tag_bytes(self) -> usize {
        match self {
            Self::AesCm128HmacSha1_32 => 4,
            Self::AesCm128HmacSha1_80 => 10,
            Self::AeadAes128Gcm | Self::AeadAes256Gcm => 16,
        }
    }
}
