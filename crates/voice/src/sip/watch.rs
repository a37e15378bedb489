//! The watchdog of a leg's media: a far end that sends neither RTP nor RTCP although it should is gone, whatever its signalling once
//! said. It looks now and then at what has been counted anyway, so no packet pays for it. Media is never touched here.

use super::leg::{Leg, Phase};
use super::timers::Timer;
use crate::{EndCause, Event};
use std::time::Duration;
use tokio::time::Instant;

/// A far end is looked at this often within the time that it may be silent: it is given up at most a fourth later.
const LOOKS: u32 = 4;

/// How long a far end may send nothing at all, before its leg is ended as vanished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SilenceLimits {
    /// While its media is expected.
    pub expected: Duration,
    /// While it holds us, or has said that it sends nothing.
    pub held: Duration,
}

impl Default for SilenceLimits {
    /// A minute is longer than any change of networks takes, and than the five seconds between two RTCP reports; an hour is longer than
    /// anybody waits.
    fn default() -> Self {
        Self { expected: Duration::from_secs(60), held: Duration::from_secs(3_600) }
    }
}

impl SilenceLimits {
    /// How long until the far end is looked at.
    fn look_after(self) -> Duration {
        self.expected.min(self.held) / LOOKS
    }
}

/// What was last seen of the far end's media.
#[derive(Debug, Default)]
pub(super) struct Watch {
    datagrams: u64,
    expected: bool,
    since: Option<Instant>,
}

impl Leg {
    /// From now on the far end must be heard.
    pub(super) fn start_watch(&mut self) {
        self.watch.since = Some(Instant::now());
        self.timers.set(Timer::Watch, Instant::now() + self.shared.silence.look_after());
    }

    /// Looks whether the far end has sent anything since it was last looked at.
    pub(super) async fn look(&mut self) {
        let Some(seen) = self.shared.media.sign_of_life(self.id) else { return };
        let (now, limits) = (Instant::now(), self.shared.silence);
        if seen.datagrams != self.watch.datagrams || seen.expected != self.watch.expected {
            (self.watch.datagrams, self.watch.expected, self.watch.since) = (seen.datagrams, seen.expected, Some(now));
        }
        let silent_max = if seen.expected { limits.expected } else { limits.held };
        let silent = self.watch.since.is_some_and(|since| now.saturating_duration_since(since) >= silent_max);
        if silent && matches!(self.phase, Phase::Confirmed { .. }) {
            tracing::info!(leg = %self.id, "the far end's media has ceased");
            self.say_bye();
            return self.end(EndCause::Vanished).await;
        }
        self.timers.set(Timer::Watch, now + limits.look_after());
    }

    /// Tells the controller when the far end has put us on hold, or taken us back.
    pub(super) async fn note_hold(&mut self) {
        let held = self.shared.media.is_held(self.id);
        if held == std::mem::replace(&mut self.held, held) {
            return;
        }
        let leg = self.id;
        self.shared.post(if held { Event::Held { leg } } else { Event::Resumed { leg } }).await;
    }
}
