//! The clips that can be played, encoded once for each codec so that playing one costs no more than copying it. A clip that
//! is not plain 8 kHz mono 16-bit PCM is refused when the library is made, never when a caller should hear it.

use super::codec::{Codec, SAMPLE_RATE};
use crate::ClipId;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Longest clip, in samples: ten minutes. Longer music repeats; longer speech is a mistake.
const CLIP_SAMPLES_MAX: usize = 600 * SAMPLE_RATE as usize;

/// Why a WAV file cannot be a clip.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClipError {
    /// Not a RIFF/WAVE file, or it ends in the middle of a chunk.
    #[error("clip {clip}: not a WAV file, or cut short")]
    NotWav {
        /// The clip's name.
        clip: String,
    },
    /// A WAV file of another kind of audio.
    #[error("clip {clip}: must be 8 kHz mono 16-bit PCM, is {found}")]
    WrongFormat {
        /// The clip's name.
        clip: String,
        /// What it is instead.
        found: String,
    },
    /// No samples, or more than ten minutes of them.
    #[error("clip {clip}: must last between 1 sample and 10 minutes")]
    WrongLength {
        /// The clip's name.
        clip: String,
    },
}

/// Every clip by its name. A clone is one reference more to the same clips.
#[derive(Debug, Clone, Default)]
pub struct ClipLibrary {
    clips: Arc<HashMap<ClipId, Arc<Clip>>>,
}

impl ClipLibrary {
    /// Makes a library of WAV files. The first one that cannot be a clip is the error.
    ///
    /// # Errors
    /// [`ClipError`] names the clip and what is wrong with it.
    pub fn from_wav<B: AsRef<[u8]>>(files: impl IntoIterator<Item = (ClipId, B)>) -> Result<Self, ClipError> {
        let encode = |(id, bytes): (ClipId, B)| Clip::from_wav(&id, bytes.as_ref()).map(|clip| (id, Arc::new(clip)));
        let clips = files.into_iter().map(encode).collect::<Result<_, _>>()?;
        Ok(Self { clips: Arc::new(clips) })
    }

    /// Whether the clip can be played.
    #[must_use]
    pub fn contains(&self, clip: &ClipId) -> bool {
        self.clips.contains_key(clip)
    }

    /// How long the clip lasts.
    #[must_use]
    pub fn duration(&self, clip: &ClipId) -> Option<Duration> {
        self.clips.get(clip).map(|clip| Duration::from_micros(clip.samples() as u64 * 1_000_000 / u64::from(SAMPLE_RATE)))
    }

    /// How many clips there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.clips.len()
    }

    /// Whether there is no clip at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clips.is_empty()
    }

    pub(super) fn get(&self, clip: &ClipId) -> Option<Arc<Clip>> {
        self.clips.get(clip).cloned()
    }
}

/// One clip in every codec.
#[derive(Debug)]
pub(super) struct Clip {
    pcma: Vec<u8>,
    pcmu: Vec<u8>,
}

impl Clip {
    fn from_wav(id: &ClipId, file: &[u8]) -> Result<Self, ClipError> {
        let samples = read_wav(&id.0, file)?;
        if samples.is_empty() || samples.len() > CLIP_SAMPLES_MAX {
            return Err(ClipError::WrongLength { clip: id.0.to_string() });
        }
        Ok(Self { pcma: Codec::Pcma.encode(&samples), pcmu: Codec::Pcmu.encode(&samples) })
    }

    pub(super) fn samples(&self) -> usize {
        self.pcma.len()
    }

    /// The whole clip by the law of a codec, one byte a sample.
    pub(super) fn encoded(&self, codec: Codec) -> &[u8] {
        match codec.law() {
            Codec::Pcma => &self.pcma,
            Codec::Pcmu | Codec::Opus | Codec::G722 => &self.pcmu,
        }
    }
}

fn read_wav(clip: &str, file: &[u8]) -> Result<Vec<i16>, ClipError> {
    let not_wav = || ClipError::NotWav { clip: clip.to_owned() };
    let Some((b"RIFF", after)) = file.split_first_chunk::<4>() else {
        return Err(not_wav());
    };
    let Some((b"WAVE", mut rest)) = after.get(4..).and_then(<[u8]>::split_first_chunk::<4>) else {
        return Err(not_wav());
    };
    let mut format_seen = false;
    loop {
        let (name, after) = rest.split_first_chunk::<4>().ok_or_else(not_wav)?;
        let (size, after) = after.split_first_chunk::<4>().ok_or_else(not_wav)?;
        let size = usize::try_from(u32::from_le_bytes(*size)).map_err(|_| not_wav())?;
        let body = after.get(..size).ok_or_else(not_wav)?;
        match name {
            b"fmt " => {
                check_format(clip, body)?;
                format_seen = true;
            }
            b"data" if format_seen => return Ok(body.as_chunks::<2>().0.iter().map(|s| i16::from_le_bytes(*s)).collect()),
            _ => {}
        }
        // Chunks start at even offsets.
        rest = after.get(size + size % 2..).ok_or_else(not_wav)?;
    }
}

fn check_format(clip: &str, body: &[u8]) -> Result<(), ClipError> {
    let Some(&[kind, kind_high, channels, channels_high, r0, r1, r2, r3, _, _, _, _, _, _, bits, bits_high]) =
        body.first_chunk::<16>()
    else {
        return Err(ClipError::NotWav { clip: clip.to_owned() });
    };
    let kind = u16::from_le_bytes([kind, kind_high]);
    let channels = u16::from_le_bytes([channels, channels_high]);
    let rate = u32::from_le_bytes([r0, r1, r2, r3]);
    let bits = u16::from_le_bytes([bits, bits_high]);
    if (kind, channels, rate, bits) == (1, 1, SAMPLE_RATE, 16) {
        return Ok(());
    }
    let found = format!("format {kind}, {channels} channels, {rate} Hz, {bits} bits");
    Err(ClipError::WrongFormat { clip: clip.to_owned(), found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(rate: u32, channels: u16, samples: &[i16]) -> Vec<u8> {
        let data: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
        let mut file = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0\x01\0".to_vec();
        file.extend(channels.to_le_bytes());
        file.extend(rate.to_le_bytes());
        file.extend([0; 6]);
        file.extend(16u16.to_le_bytes());
        file.extend(b"data");
        file.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        file.extend(data);
        file
    }

    #[test]
    fn a_clip_is_encoded_for_both_codecs() {
        let samples: Vec<i16> = (0..401).map(|n| n * 40).collect();
        let id = ClipId::from("en/test");
        let library = ClipLibrary::from_wav([(id.clone(), wav(8000, 1, &samples))]).unwrap();
        assert!(library.contains(&id) && !library.contains(&ClipId::from("en/other")));
        assert_eq!(library.duration(&id), Some(Duration::from_micros(50_125)));
        let clip = library.get(&id).unwrap();
        assert_eq!(clip.encoded(Codec::Pcma), Codec::Pcma.encode(&samples));
        assert_eq!(clip.encoded(Codec::Pcmu), Codec::Pcmu.encode(&samples));
    }

    #[test]
    fn other_audio_is_refused_by_name() {
        let load = |file: Vec<u8>| ClipLibrary::from_wav([(ClipId::from("en/bad"), file)]).unwrap_err();
        assert_eq!(
            load(wav(44_100, 2, &[0; 8])).to_string(),
            "clip en/bad: must be 8 kHz mono 16-bit PCM, is format 1, 2 channels, 44100 Hz, 16 bits"
        );
        assert!(matches!(load(wav(8000, 1, &[])), ClipError::WrongLength { .. }));
        assert!(matches!(load(b"OggS".to_vec()), ClipError::NotWav { .. }));
        let whole = wav(8000, 1, &[1; 100]);
        for length in 0..whole.len() {
            assert!(matches!(load(whole[..length].to_vec()), ClipError::NotWav { .. }), "cut at {length}");
        }
    }
}
