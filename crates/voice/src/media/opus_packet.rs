//! How long an Opus payload lasts, by its first bytes (RFC 6716 section 3.1). Reads no byte that is not there.

/// Ticks per second of Opus's RTP clock, whatever it carries (RFC 7587 section 4.1).
pub(super) const CLOCK_RATE: u32 = 48_000;
/// 20 ms of silence.
pub(super) const SILENCE: [u8; 3] = [0xF8, 0xFF, 0xFE];
/// Longest audio of one payload: 120 ms.
const TICKS_MAX: u32 = 5760;

/// How long the audio of a payload lasts. `None`: it is not Opus.
pub(super) fn ticks(payload: &[u8]) -> Option<u32> {
    let (first, rest) = payload.split_first()?;
    let frames = match first & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => u32::from(rest.first()? & 0x3F),
    };
    let ticks = frames * frame_ticks(first >> 3);
    (1..=TICKS_MAX).contains(&ticks).then_some(ticks)
}

fn frame_ticks(configuration: u8) -> u32 {
    match configuration {
        // SILK: 10, 20, 40, 60 ms.
        0..12 => [480, 960, 1920, 2880][usize::from(configuration % 4)],
        // Both: 10, 20 ms.
        12..16 => [480, 960][usize::from(configuration % 2)],
        // CELT: 2.5, 5, 10, 20 ms.
        _ => 120 << (configuration % 4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_shape_of_a_payload() {
        for (payload, expected) in [
            (&[][..], None),
            (&[0b0000_1000, 1], Some(960)),
            (&[0b0000_1000], Some(960)),
            (&[0b0001_1000, 1], Some(2880)),
            (&[0b0001_1001, 1], Some(5760)),
            (&[0b0001_1010, 1, 1], Some(5760)),
            (&[0b0110_0000, 1], Some(480)),
            (&[0b1000_0000, 1], Some(120)),
            (&[0b1111_1000, 0xFF, 0xFE], Some(960)),
            (&[0b0000_1011], None),
            (&[0b0000_1011, 0], None),
            (&[0b0000_1011, 6], Some(5760)),
            (&[0b0000_1011, 7], None),
        ] {
            assert_eq!(ticks(payload), expected, "{payload:02x?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(payload in proptest::collection::vec(any::<u8>(), 0..8)) {
            prop_assert!(ticks(&payload).is_none_or(|ticks| (120..=TICKS_MAX).contains(&ticks)));
        }
    }
}
