//! Who waits, and in which order: callers who were already with an agent and lost the connection first, then by priority, then
//! by waiting time. It picks nobody.

use crate::kernel::{
    ids::{ContactId, StaffId},
    language::Language,
    time::{Mono, Now, Wall},
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Highest priority: an emergency.
pub const PRIORITY_MAX: u8 = 10;

/// One caller who waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The contact.
    pub contact: ContactId,
    /// The queue's id.
    pub queue: String,
    /// The language an agent must speak.
    pub language: Language,
    /// The skills an agent must have.
    pub skills: Arc<[String]>,
    /// 0 to [`PRIORITY_MAX`].
    pub priority: u8,
    /// Since when the caller waits; kept when the caller comes back.
    pub since: Now,
    /// The caller was with an agent and lost the connection: before everyone else.
    pub returned: bool,
    /// An offer rings now.
    pub offered: bool,
    /// Agents who let an offer pass in this round.
    pub passed: BTreeSet<StaffId>,
    /// When the next round may begin, once every free agent let it pass.
    pub round_at: Mono,
}

/// Place among all who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    not_returned: bool,
    lowness: u8,
    since: Mono,
    contact: ContactId,
}

/// Everyone who waits.
#[derive(Debug, Default)]
pub struct Waiting {
    entries: BTreeMap<Rank, Entry>,
    places: BTreeMap<ContactId, Rank>,
    queues: BTreeMap<String, BTreeSet<Rank>>,
}

impl Entry {
    const fn rank(&self) -> Rank {
        Rank {
            not_returned: !self.returned,
            lowness: PRIORITY_MAX.saturating_sub(self.priority),
            since: self.since.mono,
            contact: self.contact,
        }
    }
}

impl Waiting {
    /// Adds a caller; one who already waits gets the new place.
    pub fn join(&mut self, entry: Entry) {
        self.leave(entry.contact);
        let rank = entry.rank();
        self.places.insert(entry.contact, rank);
        self.queues.entry(entry.queue.clone()).or_default().insert(rank);
        self.entries.insert(rank, entry);
    }

    /// Takes a caller out.
    pub fn leave(&mut self, contact: ContactId) -> Option<Entry> {
        let rank = self.places.remove(&contact)?;
        let entry = self.entries.remove(&rank)?;
        if let Some(ranks) = self.queues.get_mut(&entry.queue) {
            ranks.remove(&rank);
        }
        Some(entry)
    }

    /// A caller who waits.
    #[must_use]
    pub fn get(&self, contact: ContactId) -> Option<&Entry> {
        self.entries.get(self.places.get(&contact)?)
    }

    /// Changes a caller who waits, and the place with it.
    pub fn change(&mut self, contact: ContactId, change: impl FnOnce(&mut Entry)) {
        if let Some(mut entry) = self.leave(contact) {
            change(&mut entry);
            self.join(entry);
        }
    }

    /// A caller's place in the own queue, from 1.
    #[must_use]
    pub fn position(&self, contact: ContactId) -> Option<u32> {
        let rank = self.places.get(&contact)?;
        let ahead = self.queues.get(&self.entries.get(rank)?.queue)?.range(..rank).count();
        u32::try_from(ahead + 1).ok()
    }

    /// How many wait in a queue.
    #[must_use]
    pub fn count(&self, queue: &str) -> usize {
        self.queues.get(queue).map_or(0, BTreeSet::len)
    }

    /// Since when the longest waits in a queue.
    #[must_use]
    pub fn oldest(&self, queue: &str) -> Option<Wall> {
        let ranks = self.queues.get(queue)?;
        ranks.iter().filter_map(|rank| self.entries.get(rank)).map(|entry| entry.since.wall).min()
    }

    /// Everyone who waits, first come first.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::queue) fn entry(contact: u128, priority: u8, since_s: u64) -> Entry {
        let since = Now { mono: Mono(since_s * 1_000_000), wall: Wall(i64::try_from(since_s).unwrap_or(0) * 1_000_000) };
        Entry {
            contact: ContactId::from(contact),
            queue: "w-general".to_owned(),
            language: Language::En,
            skills: Arc::from([]),
            priority,
            since,
            returned: false,
            offered: false,
            passed: BTreeSet::new(),
            round_at: Mono(0),
        }
    }

    #[test]
    fn the_order_is_returned_then_priority_then_time() {
        let mut waiting = Waiting::default();
        waiting.join(entry(1, 3, 0));
        waiting.join(entry(2, 3, 5));
        waiting.join(entry(3, 10, 9));
        waiting.join(Entry { returned: true, ..entry(4, 3, 11) });
        let order: Vec<u128> = waiting.iter().map(|entry| entry.contact.to_u128()).collect();
        assert_eq!(order, [4, 3, 1, 2]);
        for (place, contact) in (1..).zip(order) {
            assert_eq!(waiting.position(ContactId::from(contact)), Some(place));
        }
        assert_eq!(waiting.oldest("w-general"), Some(Wall(0)));
    }

    #[test]
    fn a_raised_priority_moves_the_caller_and_leaving_leaves_nothing() {
        let mut waiting = Waiting::default();
        waiting.join(entry(1, 3, 0));
        waiting.join(entry(2, 3, 5));
        waiting.change(ContactId::from(2), |entry| entry.priority = PRIORITY_MAX);
        assert_eq!(waiting.position(ContactId::from(2)), Some(1));
        assert_eq!(waiting.count("w-general"), 2);
        assert!(waiting.leave(ContactId::from(1)).is_some());
        assert!(waiting.leave(ContactId::from(1)).is_none());
        assert!(waiting.leave(ContactId::from(2)).is_some());
        assert_eq!((waiting.count("w-general"), waiting.oldest("w-general")), (0, None));
    }

    #[test]
    fn places_are_counted_within_the_own_queue() {
        let mut waiting = Waiting::default();
        waiting.join(entry(1, 3, 0));
        waiting.join(Entry { queue: "w-refunds".to_owned(), ..entry(2, 3, 5) });
        assert_eq!(waiting.position(ContactId::from(2)), Some(1));
    }
}
