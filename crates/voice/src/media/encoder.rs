//! From 20 ms of PCM to one payload in a leg's codec. Keeps what the codec needs from one frame to the next; knows no clock, no
//! socket and no packet, and allocates nothing for a frame.

use super::codec::{Codec, SAMPLE_RATE};
use super::decoder::WIDE_RATE;
use super::halfband::{Doubler, Halver};
use audio_codec::Encoder as _;
use audio_codec::g722::G722Encoder;
use ropus::{Application, Bitrate, Channels, InbandFec};

/// Longest payload that is made: what 20 ms of Opus may take at most is far less than it could.
pub(super) const ENCODED_MAX: usize = 400;
/// Bits per second of Opus for telephone speech and for wideband speech, the copies for loss included.
const NARROW_BITRATE: u32 = 20_000;
const WIDE_BITRATE: u32 = 32_000;
/// What share of packets the copies are made for. A browser tells nobody what it loses, so this is for a bad mobile link.
const LOSS_PERCENT: u8 = 10;
/// Above, Opus takes more time than a listener can hear: docs/adr/0014.
const COMPLEXITY: u8 = 5;

/// Encodes one stream.
pub(super) struct Encoder {
    codec: Codec,
    /// Samples per second of what comes.
    rate: u32,
    kind: Kind,
    room: [i16; 320],
}

enum Kind {
    Law(Option<Halver>),
    G722(Box<G722Encoder>, Option<Doubler>),
    Opus(Box<ropus::Encoder>),
    /// It could not be made: nothing is said.
    Broken,
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("codec", &self.codec).field("rate", &self.rate).finish_non_exhaustive()
    }
}

impl Encoder {
    /// `rate`: samples per second of what is encoded, 8000 or 16,000.
    pub(super) fn new(codec: Codec, rate: u32) -> Self {
        let wide = rate == WIDE_RATE;
        let kind = match codec {
            Codec::Pcma | Codec::Pcmu => Kind::Law(wide.then(Halver::default)),
            Codec::G722 => Kind::G722(Box::new(G722Encoder::new()), (!wide).then(Doubler::default)),
            Codec::Opus => {
                let bitrate = if wide { WIDE_BITRATE } else { NARROW_BITRATE };
                let encoder = ropus::Encoder::builder(rate, Channels::Mono, Application::Voip)
                    .bitrate(Bitrate::Bits(bitrate))
                    .complexity(COMPLEXITY)
                    .inband_fec(InbandFec::Enabled)
                    .packet_loss_perc(LOSS_PERCENT)
                    .build();
                match encoder {
                    Ok(encoder) => Kind::Opus(Box::new(encoder)),
                    Err(error) => {
                        tracing::error!(%error, "no Opus encoder");
                        Kind::Broken
                    }
                }
            }
        };
        Self { codec, rate, kind, room: [0; 320] }
    }

    /// Samples of one frame.
    pub(super) fn frame_samples(&self) -> usize {
        self.rate as usize / 50
    }

    /// Encodes one frame into a payload of at most [`ENCODED_MAX`] bytes. Returns its length; 0 where it cannot be encoded.
    pub(super) fn encode(&mut self, frame: &[i16], payload: &mut [u8]) -> usize {
        match &mut self.kind {
            Kind::Law(None) => self.codec.encode_into(frame, payload),
            Kind::Law(Some(halver)) => {
                let narrow = &mut self.room[..frame.len() / 2];
                halver.run(frame, narrow);
                self.codec.encode_into(narrow, payload)
            }
            Kind::G722(encoder, None) => encoder.encode_into(frame, payload).unwrap_or(0),
            Kind::G722(encoder, Some(doubler)) => {
                let wide = &mut self.room[..frame.len() * 2];
                doubler.run(frame, wide);
                encoder.encode_into(wide, payload).unwrap_or(0)
            }
            Kind::Opus(encoder) => encoder.encode(frame, payload).unwrap_or(0),
            Kind::Broken => 0,
        }
    }
}

/// At which rate audio goes from one codec into another: wideband only where both are.
pub(super) fn rate_between(from: Codec, to: Codec) -> u32 {
    let is_wide = |codec: Codec| match codec {
        Codec::Pcma | Codec::Pcmu => false,
        Codec::G722 | Codec::Opus => true,
    };
    if is_wide(from) && is_wide(to) { WIDE_RATE } else { SAMPLE_RATE }
}
