//! WAV files as the prompts use them: 8 kHz, mono, 16-bit PCM, little-endian.

const RATE_HZ: u32 = 8_000;
const BYTES_PER_SAMPLE: u16 = 2;

/// The bytes of the `data` chunk; none when there is none.
pub(super) fn samples(wav: &[u8]) -> Option<&[u8]> {
    let mut rest = wav.get(12..)?;
    loop {
        let (name, length) = (rest.get(..4)?, rest.get(4..8)?);
        let length = usize::try_from(u32::from_le_bytes(length.try_into().ok()?)).ok()?;
        let body = rest.get(8..)?;
        if name == b"data" {
            return Some(&body[..length.min(body.len())]);
        }
        // Chunks are padded to an even length.
        rest = body.get(length.checked_add(length & 1)?..)?;
    }
}

/// A WAV file of these sample bytes.
pub(super) fn file(samples: &[u8]) -> Vec<u8> {
    let length = u32::try_from(samples.len()).unwrap_or(u32::MAX - 36);
    let mut wav = Vec::with_capacity(44 + samples.len());
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(length + 36).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    wav.extend_from_slice(&16_u32.to_le_bytes());
    wav.extend_from_slice(&1_u16.to_le_bytes());
    wav.extend_from_slice(&1_u16.to_le_bytes());
    wav.extend_from_slice(&RATE_HZ.to_le_bytes());
    wav.extend_from_slice(&(RATE_HZ * u32::from(BYTES_PER_SAMPLE)).to_le_bytes());
    wav.extend_from_slice(&BYTES_PER_SAMPLE.to_le_bytes());
    wav.extend_from_slice(&(BYTES_PER_SAMPLE * 8).to_le_bytes());
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&length.to_le_bytes());
    wav.extend_from_slice(samples);
    wav
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gives_back_its_samples() {
        assert_eq!(samples(&file(&[1, 2, 3, 4])), Some(&[1_u8, 2, 3, 4][..]));
    }

    #[test]
    fn chunks_before_the_samples_are_passed_over() {
        let mut wav = file(&[9, 9]);
        wav.splice(36..36, *b"LIST\x03\0\0\0abc\0");
        assert_eq!(samples(&wav), Some(&[9_u8, 9][..]));
    }

    #[test]
    fn what_is_no_wav_has_no_samples() {
        for bytes in [&b""[..], b"RIFF", b"RIFF\0\0\0\0WAVEdata", b"RIFF\0\0\0\0WAVELIST\xff\xff\xff\xff"] {
            assert_eq!(samples(bytes), None);
        }
    }
}
