//! What the media side makes of one datagram or one browser's offer, and nothing after it. For tests and fuzz targets.

use super::Codec;
use super::MediaError;
use super::browser_sdp::{BrowserIdentity, negotiate};
use super::codec::SAMPLE_RATE;
use super::decoder::{DECODED_MAX, Decoder};
use super::digits::DigitDetector;
use super::rtcp;
use super::rtp::{self, Datagram, HEADER, Header};
use crate::sdp::SdpError;
use std::net::SocketAddr;
use std::ops::Range;
use std::time::Instant;

/// An RTP packet as it is read on a media port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RtpRead {
    /// Marker bit.
    pub marker: bool,
    /// Payload type, 0 to 127.
    pub payload_type: u8,
    /// Sequence number.
    pub sequence: u16,
    /// Timestamp.
    pub timestamp: u32,
    /// Source.
    pub ssrc: u32,
    /// Where the payload lies in the datagram.
    pub payload: Range<usize>,
}

/// An RTCP packet as one leg reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RtcpRead {
    /// Who reports.
    pub sender: u32,
    /// It sends media itself.
    pub sends: bool,
    /// What it lost of our stream since its beginning, and the highest number that came.
    pub about_us: Option<(i32, u32)>,
    /// It leaves.
    pub goodbye: bool,
}

/// What a datagram on a media port is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaRead {
    /// Audio or a telephone event.
    Rtp(RtpRead),
    /// A control packet.
    Rtcp,
    /// Nothing.
    Garbage,
}

impl RtpRead {
    /// The packet as we would send it: our own header, then this payload.
    #[must_use]
    pub fn write(&self, payload: &[u8]) -> Vec<u8> {
        let mut header = [0; HEADER];
        rtp::write(&mut header, self.marker, self.payload_type, self.sequence, self.timestamp, self.ssrc);
        [&header[..], payload].concat()
    }
}

/// Reads an RTCP packet as the leg whose stream is `ours`; and the same as we would write it.
#[must_use]
pub fn rtcp_packet(datagram: &[u8], ours: u32) -> Option<(RtcpRead, Vec<u8>)> {
    let report = rtcp::read(datagram, ours)?;
    let mut room = [0; rtcp::PACKET_MAX];
    let length = rtcp::write(&mut room, &report, &[b'x'; rtcp::CNAME]);
    let (sends, about_us) = (report.sent.is_some(), report.block.map(|block| (block.lost, block.highest)));
    let read = RtcpRead { sender: report.sender, sends, about_us, goodbye: report.goodbye };
    Some((read, room[..length].to_vec()))
}

/// Reads a datagram of a media port.
#[must_use]
pub fn media_datagram(datagram: &[u8]) -> MediaRead {
    match rtp::read(datagram) {
        Datagram::Rtp(Header { marker, payload_type, sequence, timestamp, ssrc, payload }) => {
            MediaRead::Rtp(RtpRead { marker, payload_type, sequence, timestamp, ssrc, payload })
        }
        Datagram::Rtcp => MediaRead::Rtcp,
        Datagram::Garbage => MediaRead::Garbage,
    }
}

/// Hears keys in the telephone events of one stream, as one leg does.
#[derive(Debug, Default)]
pub struct KeyReader {
    detector: DigitDetector,
}

impl KeyReader {
    /// The key of a packet that begins a press.
    pub fn read(&mut self, ssrc: u32, timestamp: u32, payload: &[u8], now: Instant) -> Option<char> {
        self.detector.packet(ssrc, timestamp, payload, now)
    }
}

/// Decodes what a far end says, as whoever listens to it does: to 8 kHz PCM.
#[derive(Debug)]
pub struct AudioReader {
    codec: Codec,
    decoder: Decoder,
}

impl AudioReader {
    /// A stream in that codec.
    #[must_use]
    pub fn new(codec: Codec) -> Self {
        Self { codec, decoder: Decoder::new(codec, SAMPLE_RATE) }
    }

    /// How many samples a payload is; with `lost`, how many are made up for the one before it.
    pub fn read(&mut self, payload: &[u8], lost: bool) -> usize {
        let mut samples = [0; DECODED_MAX];
        if lost { self.decoder.conceal(Some(payload), &mut samples) } else { self.decoder.decode(payload, &mut samples) }
    }

    /// How many samples its first bytes say that a payload is, for whoever sends it on. `None`: it is none of this codec.
    #[must_use]
    pub fn announced(&self, payload: &[u8]) -> Option<u32> {
        self.codec.ticks(payload).map(|ticks| ticks / (self.codec.clock_rate() / SAMPLE_RATE))
    }
}

/// Answers browsers' offers, as one engine does.
#[derive(Debug)]
pub struct BrowserReader {
    identity: BrowserIdentity,
}

impl BrowserReader {
    /// Makes the certificate that all answers name.
    ///
    /// # Errors
    /// [`MediaError::NoCertificate`] where no key pair can be made.
    pub fn new() -> Result<Self, MediaError> {
        Ok(Self { identity: BrowserIdentity::new()? })
    }

    /// The answer to an offer, with this address as our only candidate.
    ///
    /// # Errors
    /// [`SdpError`] says why it is refused.
    pub fn answer(&self, offer: &str, candidate: SocketAddr, now: Instant) -> Result<String, SdpError> {
        negotiate(&self.identity, candidate, offer, now).map(|agreed| agreed.answer)
    }
}
