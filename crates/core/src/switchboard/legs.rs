//! What happens on legs: answers, keys, ends of playbacks, and the end of a leg. Finds whose leg it is and hands on.

use super::caller::{Caller, Stage};
use super::command::Command;
use super::event::{LegEnd, LegStats};
use super::{Switchboard, Work};
use crate::call::{Disposition, Fact, Media, Quality};
use crate::ivr::run::Run;
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, LegId, StaffId},
};
use crate::queue::Happening;

/// Whose leg it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Party {
    /// The customer's.
    Customer,
    /// An agent's.
    Agent(StaffId),
    /// Somebody's outside.
    Outside,
}

impl Switchboard {
    pub(super) fn leg_answered(
        &mut self,
        work: &mut Work,
        leg: LegId,
        codec: String,
        encryption: String,
        dialog: Option<String>,
    ) {
        let Some(&(contact, party)) = self.legs.get(&leg) else {
            // Nobody expects this leg any more; left alone it would stay up in silence.
            return work.order(Command::Hangup { leg });
        };
        self.with(work, contact, |board, work, caller| {
            caller.record.leg_answered(leg, codec, encryption, dialog);
            match party {
                Party::Customer => {
                    if caller.record.contact().answered_at.is_none() && !caller.record.has_ended() {
                        caller.record.amend(|contact| contact.answered_at = Some(work.now.wall));
                    }
                    let outcome = caller.speech.release(work.now);
                    caller.hear(work, outcome);
                }
                Party::Agent(_) => board.agent_leg_answered(work, caller, leg),
                Party::Outside => board.outside_answered(work, caller, leg),
            }
        });
    }

    /// A dialled phone rings. An agent's changes nothing: its offer has a deadline already.
    pub(super) fn leg_ringing(&mut self, work: &mut Work, leg: LegId) {
        if let Some((contact, Party::Outside)) = self.legs.get(&leg).copied() {
            self.with(work, contact, |_, _, caller| caller.outside_rings(leg));
        }
    }

    pub(super) fn leg_media_changed(&mut self, work: &mut Work, leg: LegId, codec: String, encryption: String) {
        let Some(&(contact, _)) = self.legs.get(&leg) else { return };
        self.with(work, contact, |_, _, caller| caller.record.leg_media_changed(leg, codec, encryption));
    }

    pub(super) fn leg_sounds(&mut self, work: &mut Work, leg: LegId, quality: Quality) {
        let Some(&(contact, _)) = self.legs.get(&leg) else { return };
        self.with(work, contact, |_, _, caller| caller.record.leg_sounds(leg, quality));
    }

    pub(super) fn leg_ended(&mut self, work: &mut Work, leg: LegId, cause: LegEnd, detail: String, stats: LegStats) {
        let Some((contact, party)) = self.legs.remove(&leg) else { return };
        let LegStats { packets, lost, jitter_ms, round_trip_ms, mos } = stats;
        let media = Media { packets, lost, jitter_ms, round_trip_ms, mos };
        self.with(work, contact, |board, work, caller| {
            caller.record.leg_ended(work.now, leg, detail, media);
            match party {
                Party::Customer => board.customer_left(work, caller, cause),
                Party::Agent(_) => board.agent_leg_ended(work, caller, leg, cause),
                Party::Outside => board.outside_leg_ended(work, caller, leg, cause),
            }
        });
    }

    pub(super) fn digit(&mut self, work: &mut Work, leg: LegId, digit: char) {
        let Some(contact) = self.customer_of(leg) else { return self.outside_keyed(work, leg, digit) };
        if !Run::takes(digit) {
            return;
        }
        work.actor = Actor::Caller;
        self.with(work, contact, |board, work, caller| {
            caller.standing.act(work.now);
            if !board.key_in_secret(work, caller, digit) {
                board.key_pressed(work, caller, digit);
            }
        });
    }

    fn key_pressed(&mut self, work: &mut Work, caller: &mut Caller, digit: char) {
        match std::mem::replace(&mut caller.stage, Stage::Over) {
            Stage::Menu(mut run) => {
                self.tell_doors(work, caller, &mut run);
                let turn = run.digit(digit, work.now.mono);
                // Whoever presses keys hears us, whatever the leg has told.
                let outcome = caller.speech.cut(work.now, "key");
                caller.hear(work, outcome);
                let outcome = caller.speech.release(work.now);
                caller.hear(work, outcome);
                self.advance(work, caller, run, turn);
            }
            Stage::Waiting(wait) => {
                caller.stage = Stage::Waiting(wait);
                // Any other key means nothing here, and may be the rest of a code.
                if digit == '9' {
                    caller.record.tell(work.now, Fact::Keyed { digits: digit.to_string() });
                    self.freeze_from_queue(work, caller);
                }
            }
            stage @ Stage::Connecting(_) if digit == '8' => {
                caller.stage = stage;
                caller.decline_while_told(work);
            }
            // What is keyed in a conversation may be a secret of the customer's: it is not for us.
            stage => caller.stage = stage,
        }
    }

    pub(super) fn playback_ended(&mut self, work: &mut Work, leg: LegId, playback: u64, interrupted: bool) {
        let Some(contact) = self.customer_of(leg) else { return self.outside_heard(work, leg, playback, interrupted) };
        // We stopped it ourselves and wait for nothing, or its leg has ended: that is told next, and nobody is left to go on with.
        if interrupted {
            return;
        }
        self.with(work, contact, |board, work, caller| {
            let outcome = caller.speech.ended(work.now, playback);
            if caller.hear(work, outcome) {
                board.all_said(work, caller);
            }
        });
    }

    /// Everything that was to be said was said.
    pub(super) fn all_said(&mut self, work: &mut Work, caller: &mut Caller) {
        match std::mem::replace(&mut caller.stage, Stage::Over) {
            Stage::Menu(mut run) => {
                self.tell_doors(work, caller, &mut run);
                let turn = run.spoken(work.now.mono);
                if turn.ask.is_none() && run.deadline().is_some() {
                    caller.stage = Stage::Menu(run);
                } else {
                    self.advance(work, caller, run, turn);
                }
            }
            Stage::Waiting(mut wait) => {
                wait.announce_at = work.now.mono + self.settings.position_every;
                caller.stage = Stage::Waiting(wait);
            }
            Stage::Connecting(connecting) if connecting.announcing => self.bridge(work, caller, connecting.talk),
            Stage::Leaving(disposition) => {
                caller.stage = Stage::Leaving(disposition);
                self.end(work, caller, Actor::System, "system", Some(disposition));
            }
            Stage::Talking(talk) => {
                caller.stage = Stage::Talking(talk);
                self.proof_said(work, caller);
            }
            stage => caller.stage = stage,
        }
    }

    fn customer_left(&mut self, work: &mut Work, caller: &mut Caller, cause: LegEnd) {
        work.actor = Actor::Caller;
        let disposition = self.finding(work, caller, cause);
        let (actor, by) = if cause == LegEnd::LocalHangup { (Actor::System, "system") } else { (Actor::Caller, "caller") };
        self.end(work, caller, actor, by, disposition);
    }

    /// What the system makes of a customer's leg that ended by itself. None where the agent's wrap-up code says it.
    fn finding(&self, work: &Work, caller: &Caller, cause: LegEnd) -> Option<Disposition> {
        let contact = caller.record.contact();
        let brief = |since| work.now.wall - since < self.settings.short_abandon;
        match &caller.stage {
            Stage::Leaving(disposition) => Some(*disposition),
            _ if cause == LegEnd::LocalHangup => Some(Disposition::Dropped),
            Stage::Menu(_) if contact.answered_at.is_none() => Some(Disposition::ShortAbandon),
            Stage::Menu(_) if caller.known.called_back => Some(Disposition::CallbackBooked),
            Stage::Menu(_) if cause == LegEnd::Vanished => Some(Disposition::Dropped),
            Stage::Menu(_) => Some(Disposition::InfoOnly),
            // Whoever was with an agent and lost the connection did not give up: we lost them.
            Stage::Waiting(_) | Stage::Connecting(_) if contact.connected_at.is_some() => Some(Disposition::Dropped),
            Stage::Waiting(_) | Stage::Connecting(_) if contact.queued_at.is_some_and(brief) => Some(Disposition::ShortAbandon),
            Stage::Waiting(_) | Stage::Connecting(_) => Some(Disposition::Abandoned),
            Stage::Talking(_) => (cause == LegEnd::Vanished).then_some(Disposition::Dropped),
            Stage::Away(_) if cause == LegEnd::Vanished => Some(Disposition::Dropped),
            Stage::Away(_) => Some(Disposition::Transferred),
            Stage::Over => None,
        }
    }

    fn agent_leg_answered(&mut self, work: &mut Work, caller: &mut Caller, leg: LegId) {
        if caller.offer().is_some_and(|offer| offer.phone == Some(leg)) {
            self.accept(work, caller, leg, false);
        } else if caller.talk().is_some_and(|talk| talk.lead.leg == leg) {
            self.lead_is_up(work, caller);
        } else if caller.is_coming_on(leg).is_some() {
            self.arrive(work, caller);
        } else if let Some(agent) = caller.watcher_on(leg) {
            self.watcher_is_up(work, caller, agent);
        } else if caller.guest_on(leg).is_none() && !caller.is_aside(leg) {
            // Its offer is over; the order to hang up may have crossed the answer.
            work.order(Command::Hangup { leg });
        }
    }

    fn agent_leg_ended(&mut self, work: &mut Work, caller: &mut Caller, leg: LegId, cause: LegEnd) {
        if caller.offer().is_some_and(|offer| offer.phone == Some(leg)) {
            let refused = cause.is_refusal() || cause == LegEnd::RemoteHangup;
            self.happen(work, caller, if refused { Happening::PhoneRefused } else { Happening::PhoneLost });
        } else if caller.talk().is_some_and(|talk| talk.lead.leg == leg) {
            self.agent_left(work, caller, cause);
        } else if caller.is_aside(leg) {
            self.aside_ended(work, caller);
        } else if let Some(agent) = caller.is_coming_on(leg) {
            self.coming_lost(work, caller, agent);
        } else if let Some(agent) = caller.guest_on(leg) {
            self.guest_leaves(work, caller, agent);
        } else if let Some(agent) = caller.watcher_on(leg) {
            self.watcher_leaves(work, caller, agent);
        }
    }

    fn customer_of(&self, leg: LegId) -> Option<ContactId> {
        self.legs.get(&leg).filter(|(_, party)| *party == Party::Customer).map(|(contact, _)| *contact)
    }
}
