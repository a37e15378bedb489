//! Concealment of lost audio after ITU-T G.711 Appendix I: the last pitch period goes on, from 10 ms on two and then three
//! periods of it so that it does not hum, fades, and is silence after 60 ms; the audio that comes then is faded in over it.
//!
//! Unlike the Appendix nothing is held back 3.75 ms to be blended into what is made up: where what is made up begins, the
//! difference to the last sample heard is taken off over a quarter of a period. So it costs no delay, and still does not click.

/// Samples of 8 kHz audio; twice as many of 16 kHz.
const PITCH_MIN: usize = 40;
const PITCH_MAX: usize = 120;
/// What a period is looked for in: the last 20 ms.
const WINDOW: usize = 160;
/// Three periods and a quarter to blend into their beginning.
const HISTORY: usize = 3 * PITCH_MAX + PITCH_MAX / 4;
/// The Appendix thinks in frames of 10 ms.
const STEP: usize = 80;
/// Whole steps until what is made up is silence.
const STEPS: usize = 6;
/// The blend into what comes after grows by 4 ms with each further step that was lost.
const BLEND_GROWTH: usize = 32;
/// Energy of a window below which it is silence and any period will do.
const ENERGY_MIN: f32 = 250.0;

/// Makes up what is lost of one stream.
#[derive(Debug)]
pub(super) struct Concealer {
    /// 1 for 8 kHz audio, 2 for 16 kHz.
    scale: usize,
    /// The newest sample is the last.
    history: Box<[f32]>,
    /// The history as it was when the loss began.
    heard: Box<[f32]>,
    loss: Option<Loss>,
}

/// A loss that goes on: where in what was heard its next sample lies.
#[derive(Debug)]
struct Loss {
    pitch: usize,
    /// How many periods are gone through before the first of them comes again.
    periods: usize,
    index: usize,
    /// Samples made up.
    made: usize,
    /// From where a period earlier would have begun to the last sample heard.
    offset: f32,
}

impl Concealer {
    /// `rate`: 8000 or 16,000 samples a second.
    pub(super) fn new(rate: u32) -> Self {
        let scale = if rate > 8000 { 2 } else { 1 };
        let silence = || vec![0.0; HISTORY * scale].into();
        Self { scale, history: silence(), heard: silence(), loss: None }
    }

    /// Takes audio that came. Its beginning is blended with what was made up before it.
    pub(super) fn received(&mut self, samples: &mut [i16]) {
        if let Some(mut loss) = self.loss.take() {
            let step = STEP * self.scale;
            let further = (loss.made.div_ceil(step)).saturating_sub(1);
            let blend = (loss.pitch / 4 + further * BLEND_GROWTH * self.scale).min(step).min(samples.len());
            for (at, sample) in samples[..blend].iter_mut().enumerate() {
                let weight = (at + 1) as f32 / (blend + 1) as f32;
                let made_up = loss.next(&self.heard, self.scale);
                *sample = to_sample(made_up * (1.0 - weight) + f32::from(*sample) * weight);
            }
        }
        self.remember(samples);
    }

    /// Makes up audio.
    pub(super) fn lost(&mut self, samples: &mut [i16]) {
        let mut loss = self.loss.take().unwrap_or_else(|| self.begin());
        for sample in samples.iter_mut() {
            *sample = to_sample(loss.next(&self.heard, self.scale));
        }
        self.loss = Some(loss);
        self.remember(samples);
    }

    fn begin(&mut self) -> Loss {
        self.heard.copy_from_slice(&self.history);
        let (pitch, end) = (self.pitch(), self.heard.len());
        let offset = self.heard[end - 1] - self.heard[end - 1 - pitch];
        Loss { pitch, periods: 1, index: end - pitch, made: 0, offset }
    }

    /// The lag at which the last 20 ms are most like what was before them: first among every few, then around the best of those.
    fn pitch(&self) -> usize {
        let (least, most) = (PITCH_MIN * self.scale, PITCH_MAX * self.scale);
        let stride = 2 * self.scale;
        let best = |lags: &mut dyn Iterator<Item = usize>, stride: usize| {
            lags.map(|lag| (lag, self.likeness(lag, stride))).max_by(|a, b| a.1.total_cmp(&b.1)).map_or(least, |(lag, _)| lag)
        };
        let coarse = best(&mut (least..=most).step_by(stride), stride);
        best(&mut ((coarse + 1).saturating_sub(stride).max(least)..(coarse + stride).min(most + 1)), 1)
    }

    /// Normalised cross-correlation of every `stride`th sample.
    fn likeness(&self, lag: usize, stride: usize) -> f32 {
        let end = self.history.len();
        let start = end - WINDOW * self.scale;
        let (mut product, mut energy) = (0.0, 0.0);
        for at in (start..end).step_by(stride) {
            let (now, before) = (self.history[at], self.history[at - lag]);
            product += now * before;
            energy += before * before;
        }
        product / energy.max(ENERGY_MIN).sqrt()
    }

    fn remember(&mut self, samples: &[i16]) {
        let newest = &samples[samples.len().saturating_sub(self.history.len())..];
        let kept = self.history.len() - newest.len();
        self.history.copy_within(newest.len().., 0);
        for (kept, sample) in self.history[kept..].iter_mut().zip(newest) {
            *kept = f32::from(*sample);
        }
    }
}

impl Loss {
    fn next(&mut self, heard: &[f32], scale: usize) -> f32 {
        let (end, quarter, step) = (heard.len(), self.pitch / 4, STEP * scale);
        let gain = 1.0 - self.made.saturating_sub(step) as f32 / ((STEPS - 1) * step) as f32;
        if gain <= 0.0 {
            return 0.0;
        }
        if self.index == end - quarter {
            self.periods = (self.made / step + 1).clamp(self.periods, 3);
        }
        let mut sample = heard[self.index];
        // The end of the last period goes over into what is before the first one, so that the first one follows it.
        if let Some(into) = (self.index + quarter).checked_sub(end) {
            let weight = (into + 1) as f32 / (quarter + 1) as f32;
            sample += weight * (heard[self.index - self.periods * self.pitch] - sample);
        }
        sample += self.offset * 1.0f32.mul_add(-((self.made + 1) as f32 / (quarter + 1) as f32), 1.0).max(0.0);
        self.made += 1;
        self.index += 1;
        if self.index == end {
            self.index = end - self.periods * self.pitch;
        }
        sample * gain
    }
}

fn to_sample(value: f32) -> i16 {
    // The cast saturates.
    value.round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FRAME: usize = 160;

    /// A voice-like tone: a fundamental and two harmonics.
    fn voice(hz: f64, rate: u32, samples: usize) -> Vec<i16> {
        let at = |n: usize| n as f64 * hz * std::f64::consts::TAU / f64::from(rate);
        (0..samples)
            .map(|n| (at(n).sin() * 8000.0 + (at(n) * 2.0).sin() * 3000.0 + (at(n) * 3.0).sin() * 1500.0) as i16)
            .collect()
    }

    fn frames_lost(seed: u64, frames: usize, percent: u64) -> Vec<bool> {
        let mut dice = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut roll = || {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            dice
        };
        (0..frames).map(|n| n > 4 && roll() % 100 < percent).collect()
    }

    fn conceal(sent: &[i16], lost: &[bool], rate: u32) -> Vec<i16> {
        let mut concealer = Concealer::new(rate);
        let mut heard = sent.to_vec();
        for (frame, lost) in heard.chunks_mut(FRAME * rate as usize / 8000).zip(lost) {
            if *lost { concealer.lost(frame) } else { concealer.received(frame) }
        }
        heard
    }

    fn level(samples: &[i16]) -> f64 {
        (samples.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / samples.len() as f64).sqrt()
    }

    fn largest_jump(samples: &[i16]) -> i32 {
        samples.windows(2).map(|pair| (i32::from(pair[1]) - i32::from(pair[0])).abs()).max().unwrap_or(0)
    }

    /// Decibels by which the sent audio exceeds the difference to it.
    fn snr(sent: &[i16], heard: &[i16]) -> f64 {
        let noise: f64 = sent.iter().zip(heard).map(|(s, h)| (f64::from(*s) - f64::from(*h)).powi(2)).sum();
        10.0 * (level(sent).powi(2) * sent.len() as f64 / noise.max(1.0)).log10()
    }

    #[test]
    fn a_voice_with_five_percent_loss_keeps_its_level_and_does_not_click() {
        for rate in [8000, 16_000] {
            for hz in [90.0, 120.0, 183.0, 210.0, 440.0, 700.0] {
                let sent = voice(hz, rate, rate as usize * 10);
                let lost = frames_lost(hz as u64, 500, 5);
                assert!((10..=45).contains(&lost.iter().filter(|lost| **lost).count()));
                let heard = conceal(&sent, &lost, rate);
                let mut silenced = sent.clone();
                for (frame, lost) in silenced.chunks_mut(FRAME * rate as usize / 8000).zip(&lost) {
                    if *lost {
                        frame.fill(0);
                    }
                }
                let (level, jump) = (level(&heard) / level(&sent), largest_jump(&heard));
                assert!((0.97..1.03).contains(&level), "{hz} Hz at {rate}: level {level}");
                assert!(jump * 4 <= largest_jump(&sent) * 5, "{hz} Hz at {rate}: {jump} after {}", largest_jump(&sent));
                let (ours, silence) = (snr(&sent, &heard), snr(&sent, &silenced));
                assert!(ours > silence + 3.0, "{hz} Hz at {rate}: {ours} dB, silence has {silence} dB");
            }
        }
    }

    #[test]
    fn a_long_loss_fades_to_silence_within_60_ms_and_comes_back_without_a_click() {
        let sent = voice(120.0, 8000, 8000);
        let lost: Vec<bool> = (0..50).map(|n| (20..30).contains(&n)).collect();
        let heard = conceal(&sent, &lost, 8000);
        let at = |ms: usize| &heard[ms * 8..ms * 8 + 80];
        assert!(level(at(400)) > 0.8 * level(&sent), "the first 10 ms are not fainter");
        for ms in [410, 420, 430, 440] {
            assert!(level(at(ms + 10)) < level(at(ms)), "fainter at {} than at {ms} ms", ms + 10);
        }
        assert!(heard[460 * 8..600 * 8].iter().all(|sample| *sample == 0));
        assert!(largest_jump(&heard) <= largest_jump(&sent));
        assert_eq!(heard[620 * 8..], sent[620 * 8..]);
    }

    #[test]
    fn the_pitch_is_found() {
        for (hz, rate) in [(80.0, 8000), (100.0, 8000), (160.0, 8000), (100.0, 16_000), (160.0, 16_000)] {
            let mut concealer = Concealer::new(rate);
            concealer.received(&mut voice(hz, rate, rate as usize / 10));
            let period = (f64::from(rate) / hz) as usize;
            assert!([period, 2 * period].contains(&concealer.pitch()), "{hz} Hz: {}", concealer.pitch());
        }
    }

    proptest! {
        #[test]
        fn any_audio_and_any_loss_is_taken(
            frames in proptest::collection::vec((any::<bool>(), proptest::collection::vec(any::<i16>(), 0..700)), 1..20),
            wide: bool,
        ) {
            let mut concealer = Concealer::new(if wide { 16_000 } else { 8000 });
            for (lost, mut samples) in frames {
                if lost { concealer.lost(&mut samples) } else { concealer.received(&mut samples) }
            }
        }
    }
}
