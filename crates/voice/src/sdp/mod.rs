//! Offer and answer (RFC 3264) for RTP audio, plain or with keys (RFC 4568): what a phone may send us is read here, and what we
//! say back is written here. Knows no socket and no call; it must never panic on any bytes, never resolve a name, never print a
//! key, and never agree to a codec or a cipher that the media side cannot carry.

mod crypto;
mod read;
mod write;

use crate::media::Codec;

pub(crate) use crypto::Crypto;
pub(crate) use read::{Stream, read_answer, read_offer};
pub(crate) use write::{Local, write_answer, write_offer};

/// Longest session description that is read, in bytes. Phones send 0.3–2 KiB, browsers with video up to about 12 KiB.
pub(crate) const SDP_BYTES_MAX: usize = 32 * 1024;

/// Most media lines in one description. A phone offers one to three; each one costs a line in the answer.
pub(crate) const MEDIA_LINES_MAX: usize = 16;

/// Payload type under which we offer telephone events: the customary dynamic number of RFC 4733 senders.
pub(crate) const TELEPHONE_EVENT_OFFERED: u8 = 101;

/// What is agreed with phones, in the order of our offers: A-law first, as the lines of most countries. G.722 comes last, because
/// most of whom it would be heard by speak G.711 and it would only be transcoded; a phone that prefers it says so in its offer.
pub(crate) const PHONE_CODECS: [Codec; 3] = [Codec::Pcma, Codec::Pcmu, Codec::G722];

/// Why a session description was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    /// Longer than 32 KiB, or with more than 16 media lines.
    #[error("the session description is too large")]
    TooLarge,
    /// Not SDP, or a field that matters cannot be read.
    #[error("the session description cannot be read: {0}")]
    Malformed(String),
    /// No media line asks for audio.
    #[error("the session description offers no audio")]
    NoAudio,
    /// Audio is asked for, but not as G.711 or G.722 over RTP with or without SDES keys (or, for a browser, as Opus or G.711 over
    /// DTLS-SRTP).
    #[error("the session description has no codec in common with us")]
    NoCommonCodec,
    /// Only plain media is offered, and it has to be encrypted.
    #[error("the session description offers no encryption, which this call needs")]
    EncryptionRequired,
    /// Only encrypted media is offered, and it must not be.
    #[error("the session description insists on encryption, which is switched off for this call")]
    EncryptionOff,
    /// Encryption is asked for, but no line has a suite, key and parameters that we serve.
    #[error("the session description has no usable a=crypto line")]
    NoUsableKey,
    /// The address media should go to is not one that a single phone can have.
    #[error("media cannot be sent to {0}")]
    UnusableAddress(String),
}

/// The direction of a stream, as its describer sees it (RFC 8866 section 6.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    SendRecv,
    SendOnly,
    RecvOnly,
    Inactive,
}

impl Direction {
    fn new(sends: bool, receives: bool) -> Self {
        match (sends, receives) {
            (true, true) => Self::SendRecv,
            (true, false) => Self::SendOnly,
            (false, true) => Self::RecvOnly,
            (false, false) => Self::Inactive,
        }
    }

    /// Whether the describer sends.
    pub(crate) fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    /// Whether the describer wants to receive.
    pub(crate) fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }

    /// What the other side must answer at most (RFC 3264 section 6.1).
    fn mirrored(self) -> Self {
        Self::new(self.receives(), self.sends())
    }

    fn attribute(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }
}

#[cfg(test)]
mod tests;
