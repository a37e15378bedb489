//! Between 8 kHz and 16 kHz: a half-band filter, whose every other coefficient is nothing. Keeps the samples it still needs from
//! one call to the next, so that frames join; allocates nothing.

use std::sync::LazyLock;

/// Pairs of coefficients beside the middle one; 1.4 ms of delay.
const PAIRS: usize = 12;
const TAPS: usize = 2 * PAIRS;

/// The coefficients at odd distances 1, 3, 5 … from the middle: a sinc under a Blackman window. They add up to a half, on both
/// sides to one.
static COEFFICIENTS: LazyLock<[f32; PAIRS]> = LazyLock::new(|| {
    let tap = |n: usize| {
        let distance = (2 * n + 1) as f64;
        let phase = std::f64::consts::PI * distance / (2 * PAIRS) as f64;
        let window = 0.42 + 0.5 * phase.cos() + 0.08 * (2.0 * phase).cos();
        (std::f64::consts::FRAC_PI_2 * distance).sin() / distance * window
    };
    let sum: f64 = (0..PAIRS).map(tap).sum();
    std::array::from_fn(|n| (tap(n) / sum / 2.0) as f32)
});

/// From 8 kHz to 16 kHz.
#[derive(Debug, Default)]
pub(super) struct Doubler {
    /// The newest sample is the last.
    past: [f32; TAPS],
}

impl Doubler {
    /// Writes two samples for each.
    pub(super) fn run(&mut self, samples: &[i16], doubled: &mut [i16]) {
        for (sample, pair) in samples.iter().zip(doubled.as_chunks_mut::<2>().0) {
            self.past.copy_within(1.., 0);
            self.past[TAPS - 1] = f32::from(*sample);
            *pair = [to_sample(self.past[PAIRS - 1]), to_sample(between(&self.past))];
        }
    }
}

/// From 16 kHz to 8 kHz.
#[derive(Debug, Default)]
pub(super) struct Halver {
    even: [f32; TAPS],
    odd: [f32; TAPS],
}

impl Halver {
    /// Writes one sample for each two.
    pub(super) fn run(&mut self, samples: &[i16], halved: &mut [i16]) {
        for (pair, sample) in samples.as_chunks::<2>().0.iter().zip(halved) {
            for (past, new) in [(&mut self.even, pair[0]), (&mut self.odd, pair[1])] {
                past.copy_within(1.., 0);
                past[TAPS - 1] = f32::from(new);
            }
            *sample = to_sample((self.even[PAIRS] + between(&self.odd)) / 2.0);
        }
    }
}

/// What lies between the two samples in the middle.
fn between(past: &[f32; TAPS]) -> f32 {
    let pairs = COEFFICIENTS.iter().enumerate();
    pairs.map(|(n, coefficient)| coefficient * (past[PAIRS - 1 - n] + past[PAIRS + n])).sum()
}

fn to_sample(value: f32) -> i16 {
    // The cast saturates.
    value.round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hz: f64, rate: f64, count: usize) -> Vec<i16> {
        (0..count).map(|n| ((n as f64 * hz * std::f64::consts::TAU / rate).sin() * 10_000.0) as i16).collect()
    }

    fn level(samples: &[i16]) -> f64 {
        let samples = &samples[200..];
        (samples.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / samples.len() as f64).sqrt()
    }

    #[test]
    fn a_voice_passes_and_what_8_khz_cannot_carry_does_not() {
        for (hz, most) in [(100.0, 1.01), (1000.0, 1.01), (2800.0, 1.01), (5400.0, 0.01), (7000.0, 0.01)] {
            let wide = tone(hz, 16_000.0, 6400);
            let mut narrow = vec![0; 3200];
            let mut halver = Halver::default();
            for (wide, narrow) in wide.chunks(320).zip(narrow.chunks_mut(160)) {
                halver.run(wide, narrow);
            }
            let share = level(&narrow) / level(&wide);
            assert!(share <= most && share >= most - 0.03, "{hz} Hz: {share}");
        }
    }

    #[test]
    fn up_and_down_again_is_the_same_a_little_later() {
        for hz in [100.0, 1000.0, 2800.0] {
            let narrow = tone(hz, 8000.0, 3200);
            let (mut wide, mut back) = (vec![0; 6400], vec![0; 3200]);
            let (mut doubler, mut halver) = (Doubler::default(), Halver::default());
            for ((narrow, wide), back) in narrow.chunks(160).zip(wide.chunks_mut(320)).zip(back.chunks_mut(160)) {
                doubler.run(narrow, wide);
                halver.run(wide, back);
            }
            let delay = (0..40).min_by_key(|delay| {
                let pairs = narrow[100..1000].iter().zip(&back[100 + delay..]);
                pairs.map(|(sent, heard)| (i64::from(*sent) - i64::from(*heard)).pow(2)).sum::<i64>()
            });
            let delay = delay.unwrap_or(0);
            let pairs = narrow[100..3000].iter().zip(&back[100 + delay..]);
            let worst = pairs.map(|(sent, heard)| (i32::from(*sent) - i32::from(*heard)).abs()).max();
            assert!(worst < Some(200), "{hz} Hz: {worst:?}");
        }
    }
}
