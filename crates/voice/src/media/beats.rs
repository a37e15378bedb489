//! When legs send what is their own: prompts, music, mixes, pressed keys. All legs of a media thread share one beat, and one task plays
//! to all that are due at it, where a timer and a wake-up for each frame of each leg would cost half as much as sending it. It never
//! waits for a leg, and a fault in one leg's frames is that leg's alone.

use super::leg::{Leg, now};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, LazyLock, Weak};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::task::yield_now;
use tokio_util::sync::CancellationToken;

/// A quarter of a frame: frames of one leg stay as far apart as its clock has them, to within this.
const BEAT: Duration = Duration::from_millis(5);

/// Legs that are played to before packets that came meanwhile are looked at: a thousand who hear music must not hold up a key or a voice.
const AT_ONCE: usize = 32;

/// The beat from which the others are counted.
static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);

thread_local! {
    /// The legs of this thread that have frames to send, by the beat at which they are due.
    static LEGS: RefCell<BTreeMap<u64, Vec<Weak<Leg>>>> = const { RefCell::new(BTreeMap::new()) };
    /// The beat that is waited for, and what is told when a leg joins before it.
    static AWAITED: Cell<u64> = const { Cell::new(u64::MAX) };
    static EARLIER: Rc<Notify> = Rc::new(Notify::new());
}

/// The first beat that is not before this time.
fn beat_from(at: Instant) -> u64 {
    // Nanoseconds of five centuries fit.
    at.saturating_duration_since(*FIRST).as_nanos().div_ceil(BEAT.as_nanos()) as u64
}

/// The last beat that is not after this time.
fn beat_by(at: Instant) -> u64 {
    (at.saturating_duration_since(*FIRST).as_nanos() / BEAT.as_nanos()) as u64
}

fn time_of(beat: u64) -> Instant {
    *FIRST + Duration::from_nanos(beat.saturating_mul(BEAT.as_nanos() as u64))
}

/// Takes in a leg that has something to send by now. To be called on the thread that the leg runs on, after whatever may have given it
/// something.
pub(super) fn join(leg: &Arc<Leg>) {
    if leg.is_on_beat() {
        return;
    }
    if let Some(frame) = leg.next_frame() {
        leg.set_on_beat(true);
        let beat = beat_from(frame);
        place(beat, leg);
        if beat < AWAITED.get() {
            EARLIER.with(|earlier| earlier.notify_one());
        }
    }
}

fn place(beat: u64, leg: &Arc<Leg>) {
    LEGS.with_borrow_mut(|legs| legs.entry(beat).or_default().push(Arc::downgrade(leg)));
}

/// Plays to the legs of this thread until it is told to stop.
pub(super) async fn play(stop: CancellationToken) {
    let earlier = EARLIER.with(Rc::clone);
    loop {
        let next = LEGS.with_borrow(|legs| legs.first_key_value().map(|(beat, _)| *beat));
        AWAITED.set(next.unwrap_or(u64::MAX));
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = earlier.notified() => {}
            () = async { tokio::time::sleep_until(time_of(next.unwrap_or_default()).into()).await }, if next.is_some() => {
                play_due(beat_by(now())).await;
            }
        }
    }
}

async fn play_due(beat: u64) {
    let due = LEGS.with_borrow_mut(|legs| {
        let later = legs.split_off(&(beat + 1));
        std::mem::replace(legs, later)
    });
    for (count, leg) in (1..).zip(due.into_values().flatten()) {
        if count % AT_ONCE == 0 {
            yield_now().await;
        }
        let Some(leg) = leg.upgrade() else { continue };
        if leg.is_over() {
            continue;
        }
        let next = catch_unwind(AssertUnwindSafe(|| {
            leg.send_due_frames();
            leg.next_frame()
        }));
        match next {
            Ok(Some(frame)) => place(beat_from(frame), &leg),
            Ok(None) => leg.set_on_beat(false),
            Err(_) => leg.break_off(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_a_leg_keep_their_distance_on_the_beat() {
        let start = *FIRST + Duration::from_micros(3_700);
        for n in 0..50 {
            let frame = start + Duration::from_millis(20) * n;
            let beat = beat_from(frame);
            assert_eq!(time_of(beat) - frame, Duration::from_micros(1_300));
            assert_eq!((beat_from(time_of(beat)), beat_by(time_of(beat))), (beat, beat));
            assert_eq!(beat_by(frame), beat - 1);
        }
    }
}
