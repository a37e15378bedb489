//! SRTP and SRTCP (RFC 3711, RFC 7714) for legs keyed by SDP: packets are protected and opened where they lie, without allocating. The
//! ciphers are aws-lc's; what stands here is which key, which counter and which packet. No key is ever printed, and nothing is
//! taken from a packet before its tag was found right.

mod cipher;
mod inbound;
mod keying;
mod master;
mod outbound;

pub(super) use cipher::CONTROL_TRAILER;
pub(super) use inbound::Refusal;
pub(crate) use keying::Keying;
pub(super) use keying::NewKeys;
pub(crate) use master::MasterKey;
pub(super) use outbound::{ControlOutbound, Outbound};

/// A counter of packets has 48 bits: the rollover counter and the sequence number (RFC 3711 section 3.3.1).
const INDEX_MAX: u64 = (1 << 48) - 1;

/// A counter of RTCP packets has 31 bits (RFC 3711 section 3.4).
const CONTROL_INDEX_MAX: u64 = (1 << 31) - 1;

/// Opens what a leg receives as RTP.
pub(super) type Inbound = inbound::Inbound<cipher::Cipher>;
/// Opens what a leg receives as RTCP.
pub(super) type ControlInbound = inbound::Inbound<cipher::ControlCipher>;

#[cfg(test)]
mod tests;
