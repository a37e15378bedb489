//! Who was given which part of which recording lately, so that a player that asks for part after part is on record once for what it was
//! given, and again for what is new. Bounded in memory whoever asks; what it forgets is put on record again.

use super::auth::lock;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Mutex;
use walletline_core::kernel::ids::{RecordingId, StaffId};
use walletline_core::kernel::time::{Mono, Span};

/// For so long what somebody asks again of one recording is one listening.
const LISTENING: Span = Span::from_s(600);
/// Listenings remembered. Where more are, the next part is put on record again: too much there is better than too little.
const LISTENINGS_MAX: usize = 4_096;
/// Parts of one listening that do not touch each other: a player that is moved to and fro.
const PARTS_MAX: usize = 64;

/// What is on record.
#[derive(Default)]
pub(crate) struct Listened(Mutex<HashMap<(StaffId, RecordingId), Listening>>);

#[derive(Default)]
struct Listening {
    since: Mono,
    /// The manifest was shown.
    read: bool,
    /// Milliseconds that were given, apart from each other, the first one first.
    parts: Vec<Range<u64>>,
}

impl Listened {
    /// That this person reads the manifest is on record.
    pub(super) fn has_read(&self, who: (StaffId, RecordingId), now: Mono) -> bool {
        self.lately(who, now, |listening| listening.read)
    }

    /// It is on record from now on.
    pub(super) fn reads(&self, who: (StaffId, RecordingId), now: Mono) {
        self.note(who, now, |listening| listening.read = true);
    }

    /// That this person hears this part is on record.
    pub(super) fn has_heard(&self, who: (StaffId, RecordingId), part: &Range<u64>, now: Mono) -> bool {
        self.lately(who, now, |listening| listening.parts.iter().any(|had| had.start <= part.start && part.end <= had.end))
    }

    /// It is on record from now on.
    pub(super) fn hears(&self, who: (StaffId, RecordingId), part: &Range<u64>, now: Mono) {
        self.note(who, now, |listening| {
            let (apart, touching): (Vec<_>, Vec<_>) =
                std::mem::take(&mut listening.parts).into_iter().partition(|had| had.end < part.start || part.end < had.start);
            let joined = touching.iter().fold(part.clone(), |one, had| one.start.min(had.start)..one.end.max(had.end));
            if apart.len() < PARTS_MAX {
                listening.parts = apart;
            }
            listening.parts.push(joined);
        });
    }

    fn lately(&self, who: (StaffId, RecordingId), now: Mono, is_so: impl Fn(&Listening) -> bool) -> bool {
        lock(&self.0).get(&who).is_some_and(|listening| now - listening.since < LISTENING && is_so(listening))
    }

    fn note(&self, who: (StaffId, RecordingId), now: Mono, change: impl FnOnce(&mut Listening)) {
        let mut listened = lock(&self.0);
        if listened.len() >= LISTENINGS_MAX && !listened.contains_key(&who) {
            listened.clear();
        }
        let listening = listened.entry(who).or_insert_with(|| Listening { since: now, ..Listening::default() });
        if now - listening.since >= LISTENING {
            *listening = Listening { since: now, ..Listening::default() };
        }
        change(listening);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_is_put_on_record() {
        let (listened, who) = (Listened::default(), (1.into(), 2.into()));
        let now = Mono(5);
        assert!(!listened.has_heard(who, &(0..10), now));
        listened.hears(who, &(0..10), now);
        listened.hears(who, &(20..30), now);
        assert!(listened.has_heard(who, &(2..10), now));
        assert!(!listened.has_heard(who, &(5..25), now), "what lies between is new");
        listened.hears(who, &(5..25), now);
        assert!(listened.has_heard(who, &(0..30), now));
        assert!(!listened.has_heard((1.into(), 3.into()), &(0..1), now));
        assert!(!listened.has_read(who, now));
        listened.reads(who, now);
        assert!(listened.has_read(who, now));
        let later = now + LISTENING;
        assert!(!listened.has_heard(who, &(0..30), later) && !listened.has_read(who, later), "ten minutes later it is another");
        listened.hears(who, &(0..5), later);
        assert!(!listened.has_heard(who, &(0..30), later));
    }

    #[test]
    fn memory_is_bounded() {
        let (listened, who) = (Listened::default(), (1.into(), 2.into()));
        for part in 0..500_u64 {
            listened.hears(who, &(part * 10..part * 10 + 1), Mono(0));
        }
        assert!(lock(&listened.0)[&who].parts.len() <= PARTS_MAX);
        for recording in 0..10_000_u128 {
            listened.reads((1.into(), recording.into()), Mono(0));
        }
        assert!(lock(&listened.0).len() <= LISTENINGS_MAX);
    }
}
