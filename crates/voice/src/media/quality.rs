//! How a leg is probably heard: the E-model of ITU-T G.107 (06/2015), G.107.1 and G.107.2 as far as loss, delay and jitter decide it,
//! with the default values for everything that counting packets cannot tell (echo, noise, the phone itself). An estimate for comparing
//! calls and trunks, not a verdict on one.

use super::codec::{Codec, FRAME};
use crate::Quality;
use std::time::Duration;

/// One way beyond which delay hurts a conversation (R. Cole, J. Rosenbluth: Voice over IP performance monitoring, 2001, after
/// G.107's curve), milliseconds.
const DELAY_HURTS_MS: f64 = 177.3;
/// Ratings from which users are satisfied, and below which many are not (G.107 annex B).
const SATISFIED: f64 = 80.0;
const DISSATISFIED: f64 = 60.0;
/// Packets without which loss says nothing: one second.
const PACKETS_MIN: u64 = 50;

/// One direction of a leg.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Way {
    /// The part of its packets that was lost, 0 to 1.
    pub(super) loss: f64,
    pub(super) jitter_ms: f64,
}

impl Way {
    /// From counts; `None` when there are too few to tell.
    pub(super) fn counted(lost: u64, received: u64, jitter_ms: f64) -> Option<Self> {
        let expected = lost.saturating_add(received);
        // Counts of packets are far below 2^52.
        (expected >= PACKETS_MIN).then(|| Self { loss: lost as f64 / expected as f64, jitter_ms })
    }
}

/// What a codec is worth, by the E-model of the band it carries. The three models share one scale, on which the narrow band ends at a
/// telephone's best: ratings of different codecs compare.
struct Worth {
    /// The rating of a call with nothing against it, all values by default.
    best: f64,
    /// What a codec costs of which nothing arrives.
    all_lost: f64,
    /// What it costs when everything arrives (Ie).
    equipment: f64,
    /// How much random loss it bears (Bpl).
    robustness: f64,
}

const fn worth(codec: Codec) -> Worth {
    match codec {
        // G.107 section 7.7; G.113 appendix I, with concealment as in G.711 appendix I, which phones and browsers have.
        Codec::Pcma | Codec::Pcmu => Worth { best: 93.2, all_lost: 95.0, equipment: 0.0, robustness: 25.1 },
        // G.107.1 (wide band); G.113 appendix IV for 64 kbit/s. We know of no published robustness of G.722: it is that of G.711, whose
        // packets are as long, as independent of each other, and concealed in the same way.
        Codec::G722 => Worth { best: 129.0, all_lost: 95.0, equipment: 13.0, robustness: 25.1 },
        // G.107.2 (full band); M. Al-Ahmadi, P. Počta, H. Melvin: Instrumental estimation of E-model equipment impairment factor
        // parameters for super-wideband Opus codec, 2019: variable rate around 31 kbit/s, as browsers have it for one voice, random loss.
        Codec::Opus => Worth { best: 148.0, all_lost: 132.0, equipment: 16.83, robustness: 10.44 },
    }
}

/// The rating of one direction.
fn rating(codec: Codec, way: Way, round_trip: Option<Duration>) -> f64 {
    // On the way, in a packet, and in a receiver's buffer that holds twice the jitter.
    let path_ms = round_trip.map_or(0.0, |time| time.as_secs_f64() * 500.0);
    let delay_ms = path_ms + FRAME.as_secs_f64() * 1000.0 + 2.0 * way.jitter_ms;
    let late = (delay_ms - DELAY_HURTS_MS).max(0.0);
    let Worth { best, all_lost, equipment, robustness } = worth(codec);
    let percent = way.loss.clamp(0.0, 1.0) * 100.0;
    // Random loss: the burst ratio is 1 (G.107 equation 7-29).
    let effective = equipment + (all_lost - equipment) * percent / (percent + robustness);
    best - (0.024 * delay_ms + 0.11 * late) - effective
}

/// What users would say on average, 1 to 4.5 (G.107 annex B).
fn opinion(rating: f64) -> f64 {
    if rating <= 0.0 {
        return 1.0;
    }
    let rating = rating.min(100.0);
    // The curve dips below 1 before it rises.
    (1.0 + 0.035 * rating + rating * (rating - 60.0) * (100.0 - rating) * 7e-6).max(1.0)
}

/// The worse of a leg's directions, of those that are known.
fn worst(codec: Codec, ways: [Option<Way>; 2], round_trip: Option<Duration>) -> Option<f64> {
    ways.into_iter().flatten().map(|way| rating(codec, way, round_trip)).reduce(f64::min)
}

/// The mean opinion score of a leg, by the worse of its directions.
pub(super) fn score(codec: Codec, ways: [Option<Way>; 2], round_trip: Option<Duration>) -> Option<f64> {
    worst(codec, ways, round_trip).map(opinion)
}

/// What the far end of a leg says of what it hears, as far as it has said so.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct FarEnd {
    lost: Option<u64>,
    jitter_ms: f64,
    /// Of the newest report, until it was judged by.
    loss_now: Option<f64>,
    round_trip: Option<Duration>,
    measured: u32,
    total: Duration,
}

impl FarEnd {
    /// It reported: lost since the beginning and, as a part of what it expected, since the last report.
    pub(super) fn reported(&mut self, lost: u64, loss_now: f64, jitter_ms: f64) {
        (self.lost, self.jitter_ms, self.loss_now) = (Some(lost), jitter_ms, Some(loss_now));
    }

    /// The way there and back was measured.
    pub(super) fn measured(&mut self, round_trip: Duration) {
        self.round_trip = Some(round_trip);
        self.total += round_trip;
        self.measured += 1;
    }

    /// Of our packets, as it counts them.
    pub(super) fn lost(&self) -> Option<u64> {
        self.lost
    }

    pub(super) fn jitter_ms(&self) -> Option<f64> {
        self.lost.map(|_| self.jitter_ms)
    }

    /// There and back, the mean of what was measured.
    pub(super) fn round_trip_mean(&self) -> Option<Duration> {
        self.total.checked_div(self.measured)
    }

    /// The whole of our direction, when so many packets were sent.
    pub(super) fn way(&self, sent: u64) -> Option<Way> {
        self.lost.and_then(|lost| Way::counted(lost.min(sent), sent.saturating_sub(lost), self.jitter_ms))
    }

    fn take_way_now(&mut self) -> Option<Way> {
        self.loss_now.take().map(|loss| Way { loss, jitter_ms: self.jitter_ms })
    }
}

/// Follows how a leg sounds and says when that changes for good: one report out of line is told to nobody.
#[derive(Debug, Default)]
pub(super) struct Ear {
    told: Option<Quality>,
    before: Option<Quality>,
}

impl Ear {
    /// Judges the time since the last report; what is to be told then.
    pub(super) fn judge(&mut self, codec: Codec, heard: Option<Way>, far: &mut FarEnd) -> Option<Quality> {
        let rating = worst(codec, [heard, far.take_way_now()], far.round_trip)?;
        let now = match rating {
            rating if rating >= SATISFIED => Quality::Good,
            rating if rating >= DISSATISFIED => Quality::Fair,
            _ => Quality::Poor,
        };
        let stays = self.before.replace(now).is_none_or(|before| before == now);
        if !stays || self.told == Some(now) {
            return None;
        }
        self.told = Some(now);
        self.told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opinions_are_those_of_annex_b() {
        // G.107 table B.1.
        for (rating, expected) in
            [(90.0, 4.34), (80.0, 4.03), (70.0, 3.60), (60.0, 3.10), (50.0, 2.58), (0.0, 1.0), (-9.0, 1.0), (120.0, 4.5)]
        {
            assert!((opinion(rating) - expected).abs() < 0.01, "{rating}: {}", opinion(rating));
        }
        assert!((0..=100).all(|rating| (1.0..=4.5).contains(&opinion(f64::from(rating)))));
    }

    #[test]
    fn loss_and_delay_cost_what_the_model_says() {
        for (percent, round_trip_ms, jitter_ms, expected) in [
            (0.0, 0, 0.0, 4.40),
            (0.0, 100, 5.0, 4.37),
            (1.0, 100, 5.0, 4.28),
            (2.0, 100, 5.0, 4.17),
            (5.0, 100, 5.0, 3.81),
            (10.0, 100, 5.0, 3.28),
            (20.0, 100, 5.0, 2.48),
            (0.0, 400, 5.0, 4.12),
            (0.0, 800, 5.0, 2.84),
            (100.0, 100, 5.0, 1.13),
        ] {
            let way = Way { loss: percent / 100.0, jitter_ms };
            let score = score(Codec::Pcma, [Some(way), None], Some(Duration::from_millis(round_trip_ms))).unwrap();
            assert!((score - expected).abs() < 0.06, "{percent} % lost, {round_trip_ms} ms: {score}");
        }
    }

    #[test]
    fn each_codec_has_the_rating_of_its_band() {
        // No delay but a packet's own 20 ms, which costs 0.48. Ratings by hand from the sources of each.
        for (codec, percent, expected) in [
            (Codec::Pcma, 0.0, 92.7),
            (Codec::Pcmu, 5.0, 76.9),
            (Codec::Pcma, 20.0, 50.6),
            (Codec::G722, 0.0, 115.5),
            (Codec::G722, 5.0, 101.9),
            (Codec::G722, 20.0, 79.2),
            (Codec::Opus, 0.0, 130.7),
            (Codec::Opus, 5.0, 93.4),
            (Codec::Opus, 20.0, 55.0),
            (Codec::Opus, 100.0, 26.4),
        ] {
            let rating = rating(codec, Way { loss: percent / 100.0, jitter_ms: 0.0 }, None);
            assert!((rating - expected).abs() < 0.1, "{codec:?}, {percent} % lost: {rating}");
        }
        let score = |codec| score(codec, [Some(Way { loss: 0.0, jitter_ms: 0.0 }), None], None).unwrap();
        assert!(score(Codec::Opus) > score(Codec::Pcma) && score(Codec::G722) > score(Codec::Pcma), "wide is better than narrow");
        assert!([Codec::Opus, Codec::G722].into_iter().all(|codec| score(codec) <= 4.5), "on one scale");
    }

    #[test]
    fn the_worse_direction_counts_and_unknown_ones_do_not() {
        let (good, bad) = (Way { loss: 0.0, jitter_ms: 0.0 }, Way { loss: 0.1, jitter_ms: 0.0 });
        let score = |ways| score(Codec::Pcmu, ways, None);
        assert_eq!(score([None, None]), None);
        assert_eq!(score([Some(good), Some(bad)]), score([None, Some(bad)]));
        assert_eq!(Way::counted(0, 49, 0.0), None, "too few to tell");
        assert_eq!(Way::counted(10, 90, 3.0), Some(Way { loss: 0.1, jitter_ms: 3.0 }));
        assert_eq!(FarEnd::default().way(1000), None);
    }

    #[test]
    fn a_change_is_told_when_it_stays() {
        let (mut ear, mut far) = (Ear::default(), FarEnd::default());
        let mut hear = |loss| ear.judge(Codec::Pcma, Some(Way { loss, jitter_ms: 1.0 }), &mut far);
        assert_eq!(hear(0.0), Some(Quality::Good));
        assert_eq!(hear(0.0), None);
        assert_eq!(hear(0.2), None, "one report is a moment");
        assert_eq!(hear(0.0), None);
        assert_eq!(hear(0.05), None);
        assert_eq!(hear(0.05), Some(Quality::Fair));
        assert_eq!(hear(0.2), None);
        assert_eq!(hear(0.2), Some(Quality::Poor));
        assert_eq!((hear(0.2), hear(0.0), hear(0.0)), (None, None, Some(Quality::Good)));
        // What the far end misses counts as much, once for each report.
        let mut far = FarEnd::default();
        far.reported(5, 0.3, 1.0);
        assert_eq!(Ear::default().judge(Codec::Pcma, None, &mut far), Some(Quality::Poor));
        assert_eq!(Ear::default().judge(Codec::Pcma, None, &mut far), None, "nothing new is known");
    }
}
