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

/// What an agent must have to take a caller. A thousand who wait are of a handful of kinds: whatever is asked about agents is asked once
/// for each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Needs {
    /// The language they must speak.
    pub language: Language,
    /// The skills they must have.
    pub skills: Arc<[String]>,
}

/// Place among all who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
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
    /// The same callers by what they need.
    kinds: BTreeMap<Needs, BTreeSet<Rank>>,
}

impl Entry {
    fn needs(&self) -> Needs {
        Needs { language: self.language, skills: Arc::clone(&self.skills) }
    }

    pub(super) const fn rank(&self) -> Rank {
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
        self.kinds.entry(entry.needs()).or_default().insert(rank);
        self.entries.insert(rank, entry);
    }

    /// Takes a caller out.
    pub fn leave(&mut self, contact: ContactId) -> Option<Entry> {
        let rank = self.places.remove(&contact)?;
        let entry = self.entries.remove(&rank)?;
        if let Some(ranks) = self.queues.get_mut(&entry.queue) {
            ranks.remove(&rank);
        }
        let needs = entry.needs();
        if let Some(ranks) = self.kinds.get_mut(&needs) {
            ranks.remove(&rank);
            if ranks.is_empty() {
                self.kinds.remove(&needs);
            }
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

    /// What those who wait need, and who needs it, first come first.
    pub fn kinds(&self) -> impl Iterator<Item = (&Needs, impl Iterator<Item = &Entry>)> {
        self.kinds.iter().map(|(needs, ranks)| (needs, ranks.iter().filter_map(|rank| self.entries.get(rank))))
    }

    /// How many stand before a caller who waits, of those with such needs.
    #[must_use]
    pub fn ahead(&self, contact: ContactId, such: impl Fn(&Needs) -> bool) -> usize {
        self.places.get(&contact).map_or(0, |rank| self.before(*rank, such))
    }

    /// How many stand before whoever would join now with this priority, of those with such needs.
    #[must_use]
    pub fn ahead_of_priority(&self, priority: u8, such: impl Fn(&Needs) -> bool) -> usize {
        let lowness = PRIORITY_MAX.saturating_sub(priority) + 1;
        self.before(Rank { not_returned: true, lowness, since: Mono(0), contact: ContactId::from(0) }, such)
    }

    fn before(&self, rank: Rank, such: impl Fn(&Needs) -> bool) -> usize {
        self.kinds.iter().filter(|(needs, _)| such(needs)).map(|(_, ranks)| ranks.range(..rank).count()).sum()
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
    fn whoever_stands_ahead_is_counted_by_what_they_need() {
        let mut waiting = Waiting::default();
        let skills: Arc<[String]> = Arc::from(["complaints".to_owned()]);
        waiting.join(entry(1, 3, 0));
        waiting.join(entry(2, 5, 4));
        waiting.join(Entry { skills: Arc::clone(&skills), ..entry(3, 5, 5) });
        waiting.join(Entry { returned: true, ..entry(4, 3, 6) });
        waiting.join(entry(5, 3, 7));
        let (any, unskilled) = (|_: &Needs| true, |needs: &Needs| needs.skills.is_empty());
        assert_eq!((waiting.ahead(ContactId::from(5), any), waiting.ahead(ContactId::from(5), unskilled)), (4, 3));
        assert_eq!(waiting.ahead(ContactId::from(4), any), 0);
        assert_eq!(waiting.ahead(ContactId::from(9), any), 0, "who does not wait has nobody ahead");
        assert_eq!((waiting.ahead_of_priority(5, any), waiting.ahead_of_priority(5, unskilled)), (3, 2));
        assert_eq!((waiting.ahead_of_priority(3, any), waiting.ahead_of_priority(PRIORITY_MAX, any)), (5, 1));
        waiting.leave(ContactId::from(3));
        assert_eq!(waiting.kinds().count(), 1, "nothing is kept of who left");
    }

    #[test]
    fn places_are_counted_within_the_own_queue() {
        let mut waiting = Waiting::default();
        waiting.join(entry(1, 3, 0));
        waiting.join(Entry { queue: "w-refunds".to_owned(), ..entry(2, 3, 5) });
        assert_eq!(waiting.position(ContactId::from(2)), Some(1));
    }
}
