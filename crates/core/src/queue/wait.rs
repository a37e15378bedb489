//! How long a caller will wait: a range from the place in the queue, the pace of the agents and the patience of those who wait, pulled
//! towards what the last one to be answered really waited. Where too little is known it says so. What was said is held against what came
//! true, as counts. A range never grows because somebody has waited long already: that alone says nothing of what is left.

use crate::kernel::{
    ids::{ContactId, StaffId},
    time::{Mono, Span},
};
use std::collections::{BTreeMap, VecDeque};

/// What is older tells of another shift.
const KEPT: Span = Span::from_s(4 * 3_600);

/// Samples of one kind. More change nothing.
const SAMPLES_MAX: usize = 200;

/// Conversations below which nothing is said of their length.
const HANDLED_MIN: usize = 5;

/// How far the last wait may pull a range, either way.
const PULL_MAX: f64 = 3.0;

/// The ninetieth percentile of the normal distribution, in standard deviations.
const Z_P90: f64 = 1.281_55;

const MINUTE_US: f64 = 60_000_000.0;

/// Who could take this caller.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Crew {
    /// Agents at work who serve such callers, busy or free.
    pub working: u32,
    /// Those of them who are free.
    pub free: u32,
}

/// How long it will take, as far as can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// An agent is free.
    Soon,
    /// Half of such callers wait less than the first, nine in ten less than the second.
    Between(Range),
    /// Nobody who could take the call is at work.
    NobodyThere,
    /// Too little is known of how long conversations take.
    TooLittleKnown,
}

/// A range in whole minutes: the median rounded down, the ninetieth percentile rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// At least.
    pub from_min: u32,
    /// At most.
    pub to_min: u32,
}

/// What was said, and what came true of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Callers who joined a queue when a range could be said, and whose wait is over.
    pub said: u64,
    /// Those of them who were answered within it.
    pub came_true: u64,
}

/// What is known of how fast callers are answered.
#[derive(Debug, Default)]
pub struct Pace {
    handled: VecDeque<(Mono, Span)>,
    waited: VecDeque<(Mono, Waited)>,
    /// What the last one to be answered waited, against what had been expected.
    last: Option<(Mono, f64)>,
    waiting: BTreeMap<ContactId, Expected>,
    busy: BTreeMap<StaffId, Mono>,
    score: Score,
}

#[derive(Debug, Clone, Copy)]
struct Waited {
    span: Span,
    gave_up: bool,
}

#[derive(Debug, Clone, Copy)]
struct Expected {
    since: Mono,
    mean_us: Option<f64>,
    said: Option<Range>,
}

impl Pace {
    /// A caller joined a queue behind so many.
    pub fn joined(&mut self, contact: ContactId, now: Mono, ahead: usize, crew: Crew) {
        let said = match self.estimate(now, ahead, crew) {
            Wait::Between(range) => Some(range),
            Wait::Soon => Some(Range { from_min: 0, to_min: 1 }),
            Wait::NobodyThere | Wait::TooLittleKnown => None,
        };
        let mean_us = self.model(now, ahead, crew).map(|(mean, _)| mean);
        self.waiting.insert(contact, Expected { since: now, mean_us, said });
    }

    /// This caller is known to wait.
    #[must_use]
    pub fn knows(&self, contact: ContactId) -> bool {
        self.waiting.contains_key(&contact)
    }

    /// A caller who waited is with an agent.
    pub fn answered(&mut self, contact: ContactId, now: Mono) {
        let Some(Expected { since, mean_us, said }) = self.waiting.remove(&contact) else { return };
        let span = now - since;
        keep(&mut self.waited, now, Waited { span, gave_up: false });
        if let Some(mean_us) = mean_us.filter(|mean| *mean > 0.0) {
            self.last = Some((now, (micros(span) / mean_us).clamp(1.0 / PULL_MAX, PULL_MAX)));
        }
        if let Some(range) = said {
            self.score.said += 1;
            self.score.came_true += u64::from(span <= minutes(range.to_min));
        }
    }

    /// A caller who waited gave up, or was given up. Whoever goes before the time is over proves nothing either way.
    pub fn gave_up(&mut self, contact: ContactId, now: Mono) {
        let Some(Expected { since, said, .. }) = self.waiting.remove(&contact) else { return };
        let span = now - since;
        keep(&mut self.waited, now, Waited { span, gave_up: true });
        if said.is_some_and(|range| span > minutes(range.to_min)) {
            self.score.said += 1;
        }
    }

    /// A caller left the queue for something else.
    pub fn left(&mut self, contact: ContactId) {
        self.waiting.remove(&contact);
    }

    /// An agent has a caller, up to the end of the wrap-up, or has none.
    pub fn seen(&mut self, agent: StaffId, busy: bool, now: Mono) {
        match (busy, self.busy.get(&agent).copied()) {
            (true, None) => {
                self.busy.insert(agent, now);
            }
            (false, Some(since)) => {
                self.busy.remove(&agent);
                keep(&mut self.handled, now, now - since);
            }
            (true, Some(_)) | (false, None) => {}
        }
    }

    /// What was said so far, and what came true.
    #[must_use]
    pub const fn score(&self) -> Score {
        self.score
    }

    /// How long a caller waits who finds so many ahead.
    #[must_use]
    pub fn estimate(&self, now: Mono, ahead: usize, crew: Crew) -> Wait {
        if crew.working == 0 {
            return Wait::NobodyThere;
        }
        if ahead < usize::try_from(crew.free).unwrap_or(usize::MAX) {
            return Wait::Soon;
        }
        let Some((mean, variance)) = self.model(now, ahead, crew) else { return Wait::TooLittleKnown };
        let pull = self.last.filter(|(at, _)| now - *at < KEPT).map_or(1.0, |(_, pull)| f64::midpoint(1.0, pull));
        let (median, most) = (pull * quantile(mean, variance, 0.0), pull * quantile(mean, variance, Z_P90));
        let from_min = whole((median / MINUTE_US).floor());
        Wait::Between(Range { from_min, to_min: whole((most / MINUTE_US).ceil()).max(from_min + 1) })
    }

    /// Mean and variance, in microseconds, of the time until so many ahead and then this one are taken: each step is over when an agent
    /// comes free or one of those still ahead gives up, `QL_m` of Ibrahim and Whitt (2009). None where too little is known.
    fn model(&self, now: Mono, ahead: usize, crew: Crew) -> Option<(f64, f64)> {
        let recent = |at: &Mono| now - *at < KEPT;
        let handled: Vec<f64> = self.handled.iter().filter(|(at, _)| recent(at)).map(|(_, span)| micros(*span)).collect();
        if handled.len() < HANDLED_MIN || crew.working == 0 {
            return None;
        }
        let total: f64 = handled.iter().sum();
        let rate = count(handled.len()) * f64::from(crew.working) / total.max(1.0);
        let waited = || self.waited.iter().filter(|(at, _)| recent(at)).map(|(_, waited)| waited);
        let all: f64 = waited().map(|waited| micros(waited.span)).sum();
        let lost = waited().filter(|waited| waited.gave_up).count();
        let impatience = if all > 0.0 { count(lost) / all } else { 0.0 };
        let steps = (0..=ahead).map(|still| rate + count(still) * impatience);
        Some(steps.fold((0.0, 0.0), |(mean, variance), rate| (mean + 1.0 / rate, variance + 1.0 / (rate * rate))))
    }
}

fn keep<T>(samples: &mut VecDeque<(Mono, T)>, now: Mono, sample: T) {
    if samples.len() == SAMPLES_MAX {
        samples.pop_front();
    }
    samples.push_back((now, sample));
}

/// A quantile of the gamma distribution with this mean and variance, by Wilson and Hilferty's cube.
fn quantile(mean: f64, variance: f64, z: f64) -> f64 {
    let shape = mean * mean / variance;
    let root = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * shape.sqrt());
    mean * root.max(0.0).powi(3)
}

const fn minutes(minutes: u32) -> Span {
    Span::from_s(minutes as u64 * 60)
}

#[expect(clippy::cast_precision_loss, reason = "a wait of 285 years is the first that is not exact")]
const fn micros(span: Span) -> f64 {
    span.0 as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts of callers")]
const fn count(number: usize) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float saturates")]
const fn whole(minutes: f64) -> u32 {
    minutes as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn at(s: u64) -> Mono {
        Mono(s * 1_000_000)
    }

    const fn crew(working: u32) -> Crew {
        Crew { working, free: 0 }
    }

    /// Agents whose conversations take so long, each.
    fn pace(handle_s: u64, conversations: u64) -> Pace {
        let mut pace = Pace::default();
        for n in 0..conversations {
            pace.seen(StaffId::from(u128::from(n)), true, at(n));
            pace.seen(StaffId::from(u128::from(n)), false, at(n + handle_s));
        }
        pace
    }

    fn range(wait: Wait) -> (u32, u32) {
        match wait {
            Wait::Between(Range { from_min, to_min }) => (from_min, to_min),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn nothing_is_said_of_which_too_little_is_known() {
        assert_eq!(pace(300, 4).estimate(at(400), 3, crew(2)), Wait::TooLittleKnown);
        assert!(matches!(pace(300, 5).estimate(at(400), 3, crew(2)), Wait::Between(_)));
        assert_eq!(pace(300, 50).estimate(at(400), 3, crew(0)), Wait::NobodyThere);
        assert_eq!(pace(300, 50).estimate(at(400 + 5 * 3_600), 3, crew(2)), Wait::TooLittleKnown, "another shift");
    }

    #[test]
    fn whoever_finds_an_agent_free_is_answered_soon() {
        let pace = pace(300, 50);
        assert_eq!(pace.estimate(at(400), 0, Crew { working: 3, free: 1 }), Wait::Soon);
        assert!(matches!(pace.estimate(at(400), 1, Crew { working: 3, free: 1 }), Wait::Between(_)));
        assert_eq!(Pace::default().estimate(at(0), 0, Crew { working: 1, free: 1 }), Wait::Soon, "known without any figures");
    }

    #[test]
    fn a_range_follows_from_place_pace_and_patience() {
        let pace = pace(300, 50);
        // Two agents with five minutes each: one comes free every 2.5 minutes.
        assert_eq!(range(pace.estimate(at(400), 0, crew(2))), (1, 6));
        assert_eq!(range(pace.estimate(at(400), 3, crew(2))), (9, 17));
        assert_eq!(range(pace.estimate(at(400), 3, crew(8))), (2, 5));
        let mut leaving = self::pace(300, 50);
        for n in 0..20 {
            leaving.joined(ContactId::from(n), at(100), 3, crew(2));
            leaving.gave_up(ContactId::from(n), at(220));
        }
        let (_, to) = range(leaving.estimate(at(400), 9, crew(2)));
        assert!(to < range(pace.estimate(at(400), 9, crew(2))).1, "those who give up make room");
    }

    #[test]
    fn the_last_wait_pulls_the_range_and_no_further_than_its_bound() {
        let mut pace = pace(300, 50);
        let before = range(pace.estimate(at(1_000), 3, crew(2)));
        pace.joined(ContactId::from(1), at(1_000), 3, crew(2));
        pace.answered(ContactId::from(1), at(1_000 + 1_200));
        let after = range(pace.estimate(at(2_200), 3, crew(2)));
        assert!(after.0 > before.0 && after.1 > before.1);
        pace.joined(ContactId::from(2), at(2_200), 3, crew(2));
        pace.answered(ContactId::from(2), at(2_200 + 100_000));
        assert!(range(pace.estimate(at(102_200 - 89_000), 3, crew(2))).1 <= before.1 * 2 + 1);
    }

    /// Asterisk's hold time is an average that is raised by whoever has outwaited it, `|average + 30 − waited|` and the like: it climbs
    /// though nothing has changed for those who are ahead. Ours stays where it is as long as nobody is taken and nobody leaves.
    #[test]
    fn a_range_does_not_grow_because_somebody_has_outwaited_it() {
        let mut pace = pace(300, 50);
        pace.joined(ContactId::from(1), at(400), 0, crew(2));
        let first = pace.estimate(at(400), 0, crew(2));
        for waited in [60, 600, 3_000, 7_000] {
            assert_eq!(pace.estimate(at(400 + waited), 0, crew(2)), first, "after {waited} s");
        }
        pace.answered(ContactId::from(1), at(7_400));
        let again = range(pace.estimate(at(7_400), 0, crew(2)));
        assert!(again.1 <= range(first).1 * 2, "one long wait pulls, but does not carry away");
    }

    #[test]
    fn what_was_said_is_held_against_what_came_true() {
        let mut pace = pace(300, 50);
        let tell = |pace: &mut Pace, contact: u128, waits_s: u64, gives_up: bool| {
            pace.joined(ContactId::from(contact), at(1_000), 0, crew(2));
            let until = at(1_000 + waits_s);
            if gives_up { pace.gave_up(ContactId::from(contact), until) } else { pace.answered(ContactId::from(contact), until) }
        };
        tell(&mut pace, 1, 120, false);
        assert_eq!(pace.score(), Score { said: 1, came_true: 1 });
        tell(&mut pace, 2, 30, true);
        assert_eq!(pace.score(), Score { said: 1, came_true: 1 }, "gave up early: nobody knows");
        tell(&mut pace, 3, 3_600, true);
        assert_eq!(pace.score(), Score { said: 2, came_true: 1 });
        pace.joined(ContactId::from(4), at(1_000), 0, crew(0));
        pace.answered(ContactId::from(4), at(1_001));
        assert_eq!(pace.score(), Score { said: 2, came_true: 1 }, "nothing was said");
        pace.joined(ContactId::from(5), at(1_000), 0, crew(2));
        pace.left(ContactId::from(5));
        assert!(!pace.knows(ContactId::from(5)));
    }

    proptest! {
        /// More ahead is never sooner, more at work never later, and a range is a range.
        #[test]
        fn more_ahead_is_never_sooner(handle in 1_u64..3_600, ahead in 0_usize..200, working in 1_u32..50) {
            let pace = pace(handle, 20);
            let at = at(handle + 100);
            let here = range(pace.estimate(at, ahead, crew(working)));
            let behind = range(pace.estimate(at, ahead + 1, crew(working)));
            let helped = range(pace.estimate(at, ahead, crew(working + 1)));
            prop_assert!(here.0 < here.1);
            prop_assert!(behind.0 >= here.0 && behind.1 >= here.1);
            prop_assert!(helped.0 <= here.0 && helped.1 <= here.1);
        }
    }
}
