//! The far ends of the media tests: a phone that speaks plain RTP and a browser that speaks WebRTC, both on real sockets of
//! this machine, and an ear that measures what they hear. Knows nothing of how the media plane works inside.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(dead_code, clippy::allow_attributes, reason = "each test program uses its part of the peers")]
#![expect(unreachable_pub, reason = "shared by several test programs")]

pub mod browser;
pub mod coder;
pub mod phone;
pub mod srtp;

use audio_codec::pcma::{PcmaDecoder, PcmaEncoder};
use audio_codec::pcmu::{PcmuDecoder, PcmuEncoder};
use audio_codec::{Decoder, Encoder};
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, channel};
use walletline_voice::{ClipId, ClipLibrary, Codec, Event, LegId, MediaConfig, MediaNotice, MediaPlane, PlayItem};

/// How long a test waits for what must come before it fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The media plane under test and what it tells.
pub struct World {
    pub plane: MediaPlane,
    pub events: Receiver<Event>,
    pub notices: Receiver<MediaNotice>,
}

/// A media plane on this machine with the clips of [`speech`].
pub fn world() -> World {
    world_at(21_000..=29_999)
}

/// The same with ports that no other test takes.
pub fn world_at(ports: RangeInclusive<u16>) -> World {
    let config = MediaConfig { bind: Ipv4Addr::LOCALHOST.into(), advertise: None, ports };
    let clips = ["one", "two"].map(|name| (ClipId::from(name), wav(&speech(name))));
    let (events_sender, events) = channel(1024);
    let (notices_sender, notices) = channel(64);
    let plane = MediaPlane::new(config, ClipLibrary::from_wav(clips).unwrap(), events_sender, notices_sender).unwrap();
    World { plane, events, notices }
}

impl World {
    pub async fn event(&mut self) -> Event {
        tokio::time::timeout(PATIENCE, self.events.recv()).await.expect("no event came").expect("the media plane is gone")
    }

    pub async fn notice(&mut self) -> MediaNotice {
        tokio::time::timeout(PATIENCE, self.notices.recv()).await.expect("no notice came").expect("the media plane is gone")
    }

    /// The next `count` keys of a leg, leaving out other events.
    pub async fn keys(&mut self, of: LegId, count: usize) -> String {
        let mut keys = String::new();
        while keys.len() < count {
            match self.event().await {
                Event::Digit { leg, digit } if leg == of => keys.push(digit),
                _ => {}
            }
        }
        keys
    }
}

/// Something like speech: different for each name, never the same twice in a row, not a whole number of frames long.
pub fn speech(name: &str) -> Vec<i16> {
    let mut state = name.bytes().fold(7u32, |state, byte| state.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 18) as i16 - 8192
    };
    (0..(1500 + name.len() * 137)).map(next).collect()
}

pub fn clip(name: &str) -> PlayItem {
    PlayItem::Clip(ClipId::from(name))
}

pub fn wav(samples: &[i16]) -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data".to_vec();
    file.extend(u32::try_from(samples.len() * 2).unwrap().to_le_bytes());
    file.extend(samples.iter().flat_map(|s| s.to_le_bytes()));
    file
}

pub fn payload_type(codec: Codec) -> u8 {
    match codec {
        Codec::Pcma => 8,
        Codec::Pcmu => 0,
        Codec::Opus => 111,
        Codec::G722 => 9,
    }
}

pub fn silence(codec: Codec) -> u8 {
    match codec {
        Codec::Pcma => 0xD5,
        Codec::Pcmu => 0xFF,
        Codec::Opus | Codec::G722 => panic!("no byte is its silence"),
    }
}

pub fn encode(codec: Codec, samples: &[i16]) -> Vec<u8> {
    let mut bytes = vec![0; samples.len()];
    match codec {
        Codec::Pcma => PcmaEncoder::new().encode_into(samples, &mut bytes).unwrap(),
        Codec::Pcmu => PcmuEncoder::new().encode_into(samples, &mut bytes).unwrap(),
        Codec::Opus | Codec::G722 => panic!("needs a Coder"),
    };
    bytes
}

pub fn decode(codec: Codec, bytes: &[u8]) -> Vec<i16> {
    let mut samples = vec![0; bytes.len()];
    match codec {
        Codec::Pcma => PcmaDecoder::new().decode_into(bytes, &mut samples).unwrap(),
        Codec::Pcmu => PcmuDecoder::new().decode_into(bytes, &mut samples).unwrap(),
        Codec::Opus | Codec::G722 => panic!("needs a Coder"),
    };
    samples
}

/// One frame of a tone, starting at a sample.
pub fn tone(hz: f64, from: usize) -> Vec<i16> {
    let sample = |n: usize| (n as f64 * hz * std::f64::consts::TAU / 8000.0).sin() * 8000.0;
    (from..from + 160).map(|n| sample(n) as i16).collect()
}

/// How much of a sound is a tone of that frequency (Goertzel): 1 for nothing else, 0 for none of it.
pub fn share_of_tone(samples: &[i16], hz: f64) -> f64 {
    let energy: f64 = samples.iter().map(|s| f64::from(*s).powi(2)).sum();
    if energy == 0.0 {
        return 0.0;
    }
    let coefficient = 2.0 * (hz * std::f64::consts::TAU / 8000.0).cos();
    let (mut s1, mut s2) = (0.0, 0.0);
    for sample in samples {
        (s1, s2) = (f64::from(*sample) + coefficient * s1 - s2, s1);
    }
    let power = s1 * s1 + s2 * s2 - coefficient * s1 * s2;
    2.0 * power / (samples.len() as f64 * energy)
}

/// Whether a tone is what is heard, when the sound that is not silence is looked at.
pub fn hears(codec: Codec, bytes: &[u8], hz: f64) -> bool {
    is_tone(&decode(codec, bytes), hz)
}

/// Whether a tone is what these samples are, when the silent frames are left out.
pub fn is_tone(samples: &[i16], hz: f64) -> bool {
    let loud: Vec<_> =
        samples.chunks(160).filter(|frame| frame.iter().any(|s| s.unsigned_abs() > 1000)).flatten().copied().collect();
    loud.len() >= 1600 && loud.chunks(800).filter(|piece| share_of_tone(piece, hz) > 0.9).count() * 800 * 10 >= loud.len() * 7
}

/// Which of these tones are heard for most of the time that is not silent. Several at once share the sound.
pub fn tones(samples: &[i16], of: &[f64]) -> Vec<f64> {
    let loud: Vec<&[i16]> = samples.chunks_exact(400).filter(|piece| piece.iter().any(|s| s.unsigned_abs() > 1000)).collect();
    let heard = |hz: f64| loud.iter().filter(|piece| share_of_tone(piece, hz) > 0.05).count() * 2 > loud.len();
    of.iter().copied().filter(|hz| heard(*hz)).collect()
}
