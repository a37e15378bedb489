//! From the voice engine's facts to the switchboard's. Ids carry over one to one.

use walletline_core::call::Quality;
use walletline_core::kernel::ids::LegId;
use walletline_core::switchboard::command::Reject;
use walletline_core::switchboard::event::{LegEnd, LegStats};
use walletline_voice as voice;

pub(super) fn to_voice(leg: LegId) -> voice::LegId {
    voice::LegId(leg.to_u128())
}

pub(super) fn to_core(leg: voice::LegId) -> LegId {
    LegId::from(leg.0)
}

/// Why a call is refused, or not handed on.
pub(super) const fn refusal(reason: Reject) -> voice::RejectReason {
    match reason {
        Reject::UnknownLine => voice::RejectReason::UnknownLine,
        Reject::LineBusy => voice::RejectReason::LineBusy,
        Reject::Overloaded => voice::RejectReason::Overloaded,
        Reject::Forbidden => voice::RejectReason::Forbidden,
        Reject::Unavailable => voice::RejectReason::Unavailable,
        Reject::Declined => voice::RejectReason::Declined,
        Reject::NoSuchCall => voice::RejectReason::NoSuchCall,
        Reject::CalledOff => voice::RejectReason::CalledOff,
    }
}

/// As the record and the contract have it.
pub(super) fn encryption(kind: voice::Encryption) -> String {
    match kind {
        voice::Encryption::None => "none".to_owned(),
        voice::Encryption::DtlsSrtp => "dtls_srtp".to_owned(),
        voice::Encryption::SrtpSdes(suite) => format!("srtp_sdes:{}", suite.name()),
    }
}

pub(super) const fn quality(quality: voice::Quality) -> Quality {
    match quality {
        voice::Quality::Good => Quality::Good,
        voice::Quality::Fair => Quality::Fair,
        voice::Quality::Poor => Quality::Poor,
    }
}

/// The cause as a decision needs it, and in words for the record. The words name no address and no number.
pub(super) fn cause(cause: &voice::EndCause) -> (LegEnd, String) {
    match cause {
        voice::EndCause::RemoteHangup => (LegEnd::RemoteHangup, "far end hung up".to_owned()),
        voice::EndCause::LocalHangup => (LegEnd::LocalHangup, "we hung up".to_owned()),
        voice::EndCause::Cancelled => (LegEnd::Cancelled, "cancelled before the answer".to_owned()),
        voice::EndCause::Rejected(status) => (rejected(*status), format!("refused with SIP {status}")),
        voice::EndCause::Refused(why) => (refused(*why), format!("not dialled: {why}")),
        voice::EndCause::Vanished => (LegEnd::Vanished, "far end stopped answering".to_owned()),
        voice::EndCause::Failed(why) => (LegEnd::Vanished, format!("could not be set up: {why}")),
    }
}

/// What a status says of the far end (RFC 3261 section 21).
const fn rejected(status: u16) -> LegEnd {
    match status {
        486 | 600 => LegEnd::Busy,
        408 | 480 => LegEnd::Unanswered,
        404 | 410 | 484 | 485 | 500..=599 | 604 => LegEnd::Unreachable,
        _ => LegEnd::Rejected,
    }
}

const fn refused(why: voice::DialRefusal) -> LegEnd {
    match why {
        voice::DialRefusal::NotAllowed | voice::DialRefusal::Premium | voice::DialRefusal::UnknownKind => LegEnd::Forbidden,
        voice::DialRefusal::TooManyCalls | voice::DialRefusal::TooFast => LegEnd::Full,
        voice::DialRefusal::NoTrunk
        | voice::DialRefusal::NotANumber
        | voice::DialRefusal::Unreachable
        | voice::DialRefusal::Stopping => LegEnd::Unreachable,
    }
}

pub(super) const fn stats(stats: &voice::LegStats) -> LegStats {
    LegStats {
        packets: stats.packets_received,
        lost: stats.packets_lost,
        jitter_ms: stats.jitter_ms,
        round_trip_ms: stats.round_trip_ms,
        mos: stats.mos,
    }
}
