//! A conversation: which agent leads it, who else is in it or asked in, and whether the customer hears them. It says who hears whom;
//! it moves nobody.

use super::command::{Command, Reject};
use super::event::Monitor;
use super::world::OutsideNumber;
use crate::kernel::{
    ids::{LegId, StaffId},
    language::Language,
    time::{Mono, Span, Wall},
};
use crate::queue::{Entry, Offer};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everybody on one call, the customer among them.
pub(super) const PARTIES_MAX: usize = 5;

/// Whom each leg hears.
pub(super) type Hearing = BTreeMap<LegId, BTreeSet<LegId>>;

/// A conversation with a customer.
pub(super) struct Talk {
    /// The agent whom the contact is with.
    pub(super) lead: Seat,
    /// When the customer and the lead were joined.
    pub(super) connected_at: Option<Wall>,
    /// Since when the customer is on hold.
    pub(super) held_at: Option<Wall>,
    /// The customer keys a secret: they hear nobody, and nobody hears them.
    pub(super) keys_alone: bool,
    /// The lead's audio is gone.
    pub(super) lost: Option<Lost>,
    /// Further agents on the call, first come first.
    pub(super) guests: Vec<Seat>,
    /// Somebody outside who is on the call.
    pub(super) far: Option<Far>,
    /// Whoever is asked in.
    pub(super) invited: Option<Invited>,
    /// The lead's leg, while its phone waits to hear how its transfer to the one who is asked in goes.
    pub(super) refer: Option<LegId>,
    /// When the lead's phone was told that its transfer failed.
    pub(super) failed_at: Option<Mono>,
    /// Whoever was asked last, and why they did not come.
    pub(super) missed: Option<Missed>,
    /// Supervisors who listen, first come first.
    pub(super) watchers: Vec<Watcher>,
    /// The place in the queue, to come back to.
    pub(super) entry: Entry,
    /// Who hears whom, as ordered.
    pub(super) wired: Hearing,
}

/// An agent in a conversation.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub(super) agent: StaffId,
    pub(super) number: String,
    pub(super) leg: LegId,
    /// Through the desk's browser; else through the phone.
    pub(super) browser: bool,
    /// Since when they are heard by anybody.
    pub(super) since: Option<Wall>,
    /// They and the customer have heard each other.
    pub(super) met: bool,
    /// Their phone has put this call on hold.
    pub(super) holds: bool,
    /// The other call of their phone, on which they speak with whom they asked in.
    pub(super) aside: Option<Aside>,
}

/// A second call of a lead's phone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Aside {
    pub(super) leg: LegId,
    /// Whoever was asked in came, and it was answered.
    pub(super) answered: bool,
}

/// Somebody outside, reached by a number that calls may be handed on to.
#[derive(Debug, Clone)]
pub(super) struct Far {
    pub(super) number: Arc<OutsideNumber>,
    pub(super) leg: LegId,
    /// When they answered.
    pub(super) since: Option<Wall>,
    /// They and the customer have heard each other.
    pub(super) met: bool,
    /// They were not told of the recording to the end, or would rather not be recorded: it has silence while they are there.
    pub(super) unrecorded: bool,
}

/// A supervisor who listens.
#[derive(Debug, Clone)]
pub(super) struct Watcher {
    pub(super) seat: Seat,
    /// Who hears them; none when they come to take the call over.
    pub(super) mode: Option<Monitor>,
    /// When their audio must be up; none once it is.
    pub(super) until: Option<Mono>,
}

/// Some phones hang up by themselves at the word that their transfer failed. Within this time it is theirs, and not the agent's: longer
/// than the way there and back, shorter than a person needs to understand what happened.
const LET_GO: Span = Span::from_s(1);

/// Supervisors on one call at once.
pub(super) const WATCHERS_MAX: usize = 2;

/// The lead's audio is gone: how long the customer is kept for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lost {
    pub(super) until: Mono,
    /// A new leg is on its way.
    pub(super) returning: bool,
}

/// What somebody is asked in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To take the call over at once.
    Transfer,
    /// To speak with the lead first, while the customer waits.
    Consult,
}

/// An agent, or somebody outside, who is asked in.
pub(super) struct Invited {
    pub(super) purpose: Purpose,
    /// The number of the agent who is asked, or the id of the number outside.
    pub(super) number: String,
    pub(super) coming: Coming,
}

/// How far they have come.
pub(super) enum Coming {
    /// It rings.
    Asked(Offer),
    /// They said yes; their audio must be there by then.
    Accepted(Seat, Mono),
    /// A number outside is called, until then at most.
    Dialled(Dialled),
}

/// A number outside that is called.
pub(super) struct Dialled {
    pub(super) far: Far,
    /// The far end told that it rings.
    pub(super) rings: bool,
    /// They answered, and hear that the call is recorded before anybody hears them.
    pub(super) told: Option<Telling>,
    pub(super) until: Mono,
}

/// The notice of recording, as it is said to somebody outside.
pub(super) struct Telling {
    /// What plays: the notice, or that there is no recording of them.
    pub(super) playback: u64,
    pub(super) language: Language,
    pub(super) words: String,
    /// They would rather not be recorded.
    pub(super) declined: bool,
}

/// Whoever was asked in and did not come, or came and is gone.
#[derive(Debug, Clone)]
pub(super) struct Missed {
    pub(super) number: String,
    pub(super) outside: Option<Arc<OutsideNumber>>,
    pub(super) why: &'static str,
}

impl Invited {
    /// The number outside that is called.
    pub(super) const fn dialled(&self) -> Option<&Dialled> {
        match &self.coming {
            Coming::Dialled(dialled) => Some(dialled),
            Coming::Asked(_) | Coming::Accepted(..) => None,
        }
    }
}

impl Purpose {
    /// The word on the wire and in the timeline.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Transfer => "blind",
            Self::Consult => "attended",
        }
    }
}

impl Seat {
    pub(super) const fn new(agent: StaffId, number: String, leg: LegId, browser: bool) -> Self {
        Self { agent, number, leg, browser, since: None, met: false, holds: false, aside: None }
    }

    /// The other call of their phone, once it was answered.
    pub(super) fn aside(&self) -> Option<LegId> {
        self.aside.filter(|aside| aside.answered).map(|aside| aside.leg)
    }
}

impl Talk {
    /// A conversation that is about to begin.
    pub(super) const fn new(lead: Seat, entry: Entry) -> Self {
        Self {
            lead,
            connected_at: None,
            held_at: None,
            keys_alone: false,
            lost: None,
            guests: Vec::new(),
            far: None,
            invited: None,
            refer: None,
            failed_at: None,
            missed: None,
            watchers: Vec::new(),
            entry,
            wired: BTreeMap::new(),
        }
    }

    /// The customer hears whoever is in the conversation.
    pub(super) const fn is_joined(&self) -> bool {
        self.connected_at.is_some() && self.held_at.is_none()
    }

    /// The lead speaks with the other agents on another call than with the customer: what the customer hears is the lead alone.
    pub(super) fn is_apart(&self) -> bool {
        self.lead.aside().is_some() && !self.lead.holds
    }

    /// Tells the lead's phone what came of the transfer that it asked for, where it waits to hear.
    pub(super) fn report(&mut self, now: Mono, failed: Option<Reject>) -> Option<Command> {
        let leg = self.refer.take()?;
        self.failed_at = failed.map(|_| now);
        Some(Command::ReportRefer { leg, failed })
    }

    /// The lead's phone was told a moment ago that its transfer failed: whoever hangs up now is the phone, and not its agent.
    pub(super) fn has_just_failed(&self, now: Mono) -> bool {
        self.failed_at.is_some_and(|at| now - at < LET_GO)
    }

    /// Agents who can speak and hear now.
    pub(super) fn present(&self) -> impl Iterator<Item = &Seat> {
        let lead = (self.connected_at.is_some() && self.lost.is_none()).then_some(&self.lead);
        lead.into_iter().chain(&self.guests)
    }

    /// Every agent who takes part by right: the lead, guests, and whoever said yes and is on the way.
    pub(super) fn seats(&self) -> impl Iterator<Item = &Seat> {
        let coming = match &self.invited {
            Some(Invited { coming: Coming::Accepted(seat, _), .. }) => Some(seat),
            Some(Invited { coming: Coming::Asked(_) | Coming::Dialled(_), .. }) | None => None,
        };
        [&self.lead].into_iter().chain(&self.guests).chain(coming)
    }

    /// Somebody besides the lead and the customer is on the call.
    pub(super) const fn has_company(&self) -> bool {
        !self.guests.is_empty() || self.far.is_some()
    }

    /// Everybody on the call but supervisors: the customer, agents, and whoever is outside or called there.
    pub(super) fn parties_count(&self) -> usize {
        let dialled = self.invited.as_ref().and_then(Invited::dialled);
        1 + self.seats().count() + usize::from(self.far.is_some()) + usize::from(dialled.is_some())
    }

    /// Everybody of the staff who takes part, listens, or is on the way.
    pub(super) fn staff(&self) -> impl Iterator<Item = StaffId> {
        self.seats().chain(self.watchers.iter().map(|watcher| &watcher.seat)).map(|seat| seat.agent)
    }

    /// The offer that rings.
    pub(super) const fn offer(&self) -> Option<&Offer> {
        match &self.invited {
            Some(Invited { coming: Coming::Asked(offer), .. }) => Some(offer),
            Some(Invited { coming: Coming::Accepted(..) | Coming::Dialled(_), .. }) | None => None,
        }
    }

    /// Who should hear whom: agents and whoever is outside each other, and the customer unless on hold or keying a secret. A lead whose
    /// phone has two calls speaks on one with the customer and on the other with the agents; the customer is on the latter with all of
    /// them while the phone holds the former.
    /// Supervisors hear all of them, and are heard as their mode says: by nobody, by the agents, by everybody.
    pub(super) fn hearing(&self, customer: LegId) -> Hearing {
        let far = self.far.as_ref().map(|far| far.leg);
        let mut agents: BTreeSet<LegId> = self.present().map(|seat| seat.leg).chain(far).collect();
        let mut alone = BTreeSet::new();
        if let Some(aside) = self.lead.aside() {
            alone.extend(agents.take(&self.lead.leg));
            agents.insert(aside);
        }
        if self.is_joined() && !self.keys_alone {
            if self.is_apart() { &mut alone } else { &mut agents }.insert(customer);
        }
        let others = |room: &BTreeSet<LegId>, leg| room.iter().copied().filter(|other| *other != leg).collect();
        let rooms = [&alone, &agents].into_iter().flat_map(|room| room.iter().map(move |leg| (*leg, others(room, *leg))));
        let mut hearing: Hearing = rooms.collect();
        let voices: BTreeSet<LegId> = hearing.keys().copied().collect();
        for watcher in self.watchers.iter().filter(|watcher| watcher.until.is_none()) {
            for (leg, heard) in &mut hearing {
                let heeds = match watcher.mode {
                    Some(Monitor::Listen) | None => false,
                    Some(Monitor::Whisper) => *leg != customer && Some(*leg) != far,
                    Some(Monitor::Barge) => true,
                };
                if heeds && voices.contains(leg) {
                    heard.insert(watcher.seat.leg);
                }
            }
            hearing.insert(watcher.seat.leg, voices.clone());
        }
        hearing
    }

    /// When something about it is due.
    pub(super) fn deadline(&self) -> Option<Mono> {
        let invited = self.invited.as_ref().map(|invited| match &invited.coming {
            Coming::Asked(offer) => offer.deadline,
            Coming::Accepted(_, until) | Coming::Dialled(Dialled { until, .. }) => *until,
        });
        let watchers = self.watchers.iter().filter_map(|watcher| watcher.until).min();
        [invited, self.lost.map(|lost| lost.until), watchers].into_iter().flatten().min()
    }
}

/// What makes one hearing of another: two legs that hear only each other are bridged, and parted together.
pub(super) fn rewire(mut had: Hearing, wanted: &Hearing, is_open: impl Fn(LegId) -> bool) -> Vec<Command> {
    had.retain(|leg, _| is_open(*leg));
    had.values_mut().for_each(|heard| heard.retain(|leg| is_open(*leg)));
    let heard = |hearing: &Hearing, leg: LegId| hearing.get(&leg).cloned().unwrap_or_default();
    let legs: BTreeSet<LegId> = had.keys().chain(wanted.keys()).copied().collect();
    let mut changed: BTreeSet<LegId> = legs.into_iter().filter(|leg| heard(&had, *leg) != heard(wanted, *leg)).collect();
    let mut orders = Vec::new();
    while let Some(a) = changed.pop_first() {
        let alone_with = |hearing: &Hearing, b: LegId| heard(hearing, a) == [b].into() && heard(hearing, b) == [a].into();
        // Who is to be bridged comes before who was: a bridge also ends what its legs were played.
        let with = |hearing: &Hearing| changed.iter().copied().find(|b| alone_with(hearing, *b));
        let partner = with(wanted).or_else(|| with(&had));
        let order = match partner {
            Some(b) if alone_with(wanted, b) => Some(Command::Bridge { a, b }),
            Some(b) if heard(wanted, a).is_empty() && heard(wanted, b).is_empty() => Some(Command::Unbridge { a, b }),
            _ => None,
        };
        match (order, partner) {
            (Some(order), Some(b)) => {
                changed.remove(&b);
                orders.push(order);
            }
            _ => orders.push(Command::Mix { leg: a, hears: heard(wanted, a).into_iter().collect() }),
        }
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hearing(pairs: &[(u128, &[u128])]) -> Hearing {
        pairs.iter().map(|(leg, heard)| (LegId::from(*leg), heard.iter().map(|leg| LegId::from(*leg)).collect())).collect()
    }

    fn rewired(had: &[(u128, &[u128])], wanted: &[(u128, &[u128])]) -> Vec<String> {
        rewire(hearing(had), &hearing(wanted), |_| true)
            .iter()
            .map(|order| match order {
                Command::Bridge { a, b } => format!("{} + {}", a.to_u128(), b.to_u128()),
                Command::Unbridge { a, b } => format!("{} - {}", a.to_u128(), b.to_u128()),
                Command::Mix { leg, hears } => {
                    format!("{} < {:?}", leg.to_u128(), hears.iter().map(|leg| leg.to_u128()).collect::<Vec<_>>())
                }
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn two_are_bridged_and_parted_together() {
        assert_eq!(rewired(&[], &[(1, &[2]), (2, &[1])]), ["1 + 2"]);
        assert_eq!(rewired(&[(1, &[2]), (2, &[1])], &[]), ["1 - 2"]);
        assert_eq!(rewired(&[(1, &[2]), (2, &[1])], &[(1, &[2]), (2, &[1])]), [""; 0]);
    }

    #[test]
    fn a_third_is_mixed_in_and_leaves_two_who_are_bridged_as_they_were() {
        let two: &[(u128, &[u128])] = &[(1, &[2]), (2, &[1])];
        let three: &[(u128, &[u128])] = &[(1, &[2, 3]), (2, &[1, 3]), (3, &[1, 2])];
        assert_eq!(rewired(two, three), ["1 < [2, 3]", "2 < [1, 3]", "3 < [1, 2]"]);
        assert_eq!(rewired(three, two), ["1 + 2", "3 < []"]);
    }

    #[test]
    fn who_is_bridged_anew_is_bridged_whatever_the_order_of_the_legs() {
        assert_eq!(rewired(&[(1, &[2]), (2, &[1])], &[(1, &[3]), (3, &[1])]), ["1 + 3", "2 < []"]);
        assert_eq!(rewired(&[(2, &[3]), (3, &[2])], &[(1, &[3]), (3, &[1])]), ["1 + 3", "2 < []"]);
        assert_eq!(rewired(&[(1, &[3]), (3, &[1])], &[(2, &[3]), (3, &[2])]), ["1 < []", "2 + 3"]);
    }

    #[test]
    fn who_is_exchanged_is_bridged_anew_and_the_other_hears_nobody() {
        assert_eq!(rewired(&[(1, &[2]), (2, &[1])], &[(2, &[3]), (3, &[2])]), ["1 < []", "2 + 3"]);
    }

    #[test]
    fn nothing_is_ordered_for_a_leg_that_is_gone() {
        let had = hearing(&[(1, &[2]), (2, &[1])]);
        assert!(rewire(had, &Hearing::new(), |leg| leg != LegId::from(2)).is_empty());
    }
}
