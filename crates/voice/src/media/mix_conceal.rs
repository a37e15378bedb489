//! What is heard where packets are missing: the last pitch period again and again, fading to silence within 60 ms, and a short
//! cross-fade when sound comes back. After ITU-T G.711 Appendix I, without its delay.

/// Samples handled at once: 10 ms.
pub(super) const BLOCK: usize = 80;

/// Shortest and longest pitch period, in samples: 200 to 66 Hz.
const PITCH_MIN: usize = 40;
const PITCH_MAX: usize = 120;
/// Samples compared to find the period: 20 ms.
const COMPARED: usize = 160;
const HISTORY: usize = COMPARED + PITCH_MAX;
/// A gap sounds as loud as what was before for 10 ms, and is silent after 60 ms.
const LOUD: usize = 80;
const SILENT: usize = 480;
/// Samples over which returning sound is faded in: 5 ms.
const FADE: usize = 40;

/// Covers the gaps of one stream.
#[derive(Debug)]
pub(super) struct Concealment {
    /// What was heard last, oldest first.
    history: [i16; HISTORY],
    gap: Option<Gap>,
}

#[derive(Debug, Clone, Copy)]
struct Gap {
    /// The samples that are repeated.
    period: [i16; PITCH_MAX],
    length: usize,
    /// Samples made so far.
    made: usize,
}

impl Default for Concealment {
    fn default() -> Self {
        Self { history: [0; HISTORY], gap: None }
    }
}

impl Concealment {
    /// A block that came; after a gap its beginning is changed.
    pub(super) fn came(&mut self, block: &mut [i16; BLOCK]) {
        if let Some(mut gap) = self.gap.take() {
            for (n, sample) in block[..FADE].iter_mut().enumerate() {
                let (new, old) = (i32::from(*sample), i32::from(gap.next()));
                // Between the two, so an i16.
                *sample = ((new * n as i32 + old * (FADE - n) as i32) / FADE as i32) as i16;
            }
        }
        self.remember(block);
    }

    /// A block that is missing.
    pub(super) fn missing(&mut self) -> [i16; BLOCK] {
        let gap = self.gap.get_or_insert_with(|| Gap::after(&self.history));
        let block = std::array::from_fn(|_| gap.next());
        self.remember(&block);
        block
    }

    fn remember(&mut self, block: &[i16; BLOCK]) {
        self.history.copy_within(BLOCK.., 0);
        self.history[HISTORY - BLOCK..].copy_from_slice(block);
    }
}

impl Gap {
    fn after(history: &[i16; HISTORY]) -> Self {
        let length = pitch(history);
        let mut period = [0; PITCH_MAX];
        period[..length].copy_from_slice(&history[HISTORY - length..]);
        Self { period, length, made: 0 }
    }

    fn next(&mut self) -> i16 {
        if self.made >= SILENT {
            return 0;
        }
        let sample = i32::from(self.period[self.made % self.length]);
        let loudness = (SILENT - self.made.max(LOUD)) as i32;
        self.made += 1;
        // Not louder than it was, so an i16.
        (sample * loudness / (SILENT - LOUD) as i32) as i16
    }
}

/// The shift, in samples, at which the end of the sound is most like what came before it.
fn pitch(history: &[i16; HISTORY]) -> usize {
    let end = &history[PITCH_MAX..];
    let likeness = |lag: usize| {
        let before = &history[PITCH_MAX - lag..HISTORY - lag];
        let (mut both, mut energy) = (0i64, 1i64);
        for (now, then) in end.iter().zip(before) {
            both += i64::from(*now) * i64::from(*then);
            energy += i64::from(*then) * i64::from(*then);
        }
        both as f64 / (energy as f64).sqrt()
    };
    (PITCH_MIN..=PITCH_MAX).map(|lag| (lag, likeness(lag))).max_by(|a, b| a.1.total_cmp(&b.1)).map_or(PITCH_MAX, |best| best.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(hz: f64, from: usize) -> [i16; BLOCK] {
        std::array::from_fn(|n| (((from + n) as f64 * hz * std::f64::consts::TAU / 8000.0).sin() * 8000.0) as i16)
    }

    #[test]
    fn a_voiced_sound_goes_on_through_a_lost_packet() {
        for hz in [80.0, 100.0, 133.0, 190.0] {
            let mut concealment = Concealment::default();
            for n in 0..20 {
                concealment.came(&mut block(hz, n * BLOCK));
            }
            let made = concealment.missing();
            let error = made.iter().zip(block(hz, 20 * BLOCK)).map(|(a, b)| f64::from(*a - b).powi(2)).sum::<f64>();
            let energy = made.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>();
            assert!(error < energy * 0.05, "{hz} Hz: {error} of {energy}");
        }
    }

    #[test]
    fn a_long_gap_fades_to_silence_and_sound_returns_without_a_click() {
        let mut concealment = Concealment::default();
        for n in 0..10 {
            concealment.came(&mut block(100.0, n * BLOCK));
        }
        let blocks: Vec<_> = (0..8).map(|_| concealment.missing()).collect();
        let loudness = |block: &[i16; BLOCK]| block.iter().map(|s| i64::from(s.unsigned_abs())).sum::<i64>();
        assert!(blocks.windows(2).all(|pair| loudness(&pair[1]) <= loudness(&pair[0])));
        assert_eq!(loudness(&blocks[6]), 0);
        let mut back = [8000; BLOCK];
        concealment.came(&mut back);
        assert!(back[0].abs() < 500 && back.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 400) && back[FADE] == 8000);
        let mut next = [5; BLOCK];
        concealment.came(&mut next);
        assert_eq!(next, [5; BLOCK], "only once");
    }

    #[test]
    fn silence_stays_silent() {
        let mut concealment = Concealment::default();
        assert_eq!(concealment.missing(), [0; BLOCK]);
    }
}
