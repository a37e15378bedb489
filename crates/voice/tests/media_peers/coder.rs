//! A far end's codec in both directions, with the state that Opus and G.722 keep from one packet to the next. 8 kHz outside.

use super::{decode, encode};
use audio_codec::g722::{G722Decoder, G722Encoder};
use audio_codec::{Decoder as _, Encoder as _};
use ropus::{Application, Channels, DecodeMode};
use walletline_voice::Codec;

pub enum Coder {
    Law(Codec),
    G722(Box<(G722Encoder, G722Decoder)>),
    Opus(Box<(ropus::Encoder, ropus::Decoder)>),
}

impl Coder {
    pub fn new(codec: Codec) -> Self {
        match codec {
            Codec::Pcma | Codec::Pcmu => Self::Law(codec),
            Codec::G722 => Self::G722(Box::new((G722Encoder::new(), G722Decoder::new()))),
            Codec::Opus => {
                let encoder = ropus::Encoder::builder(8000, Channels::Mono, Application::Voip).complexity(1).build().unwrap();
                Self::Opus(Box::new((encoder, ropus::Decoder::new(8000, Channels::Mono).unwrap())))
            }
        }
    }

    /// One frame of 20 ms.
    pub fn encode(&mut self, samples: &[i16]) -> Vec<u8> {
        let mut payload = vec![0; 400];
        let length = match self {
            Self::Law(codec) => return encode(*codec, samples),
            Self::G722(coders) => {
                // Each sample and the mean of it and the next: enough for the tones of the tests.
                let next = samples.iter().skip(1).chain(samples.last());
                let wide: Vec<i16> = samples.iter().zip(next).flat_map(|(a, b)| [*a, a.midpoint(*b)]).collect();
                coders.0.encode_into(&wide, &mut payload).unwrap()
            }
            Self::Opus(coders) => coders.0.encode(samples, &mut payload).unwrap(),
        };
        payload.truncate(length);
        payload
    }

    pub fn decode(&mut self, payload: &[u8]) -> Vec<i16> {
        let mut samples = vec![0; 4000];
        let count = match self {
            Self::Law(codec) => return decode(*codec, payload),
            Self::G722(coders) => {
                let count = coders.1.decode_into(payload, &mut samples).unwrap();
                return samples[..count].iter().step_by(2).copied().collect();
            }
            Self::Opus(coders) => coders.1.decode(payload, &mut samples[..960], DecodeMode::Normal).unwrap(),
        };
        samples.truncate(count);
        samples
    }
}
