//! Time passed: whoever is due is asked what that means. Also the order to stop, which is nothing but deadlines.

use super::caller::{Caller, Stage};
use super::timers::Who;
use super::{Switchboard, Work};
use crate::call::Disposition;
use crate::ivr::phrases;
use crate::kernel::{
    actor::Actor,
    ids::ContactId,
    time::{Mono, Now},
};
use crate::queue::Happening;

/// The program stops.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drain {
    since: Mono,
    told: bool,
    ended: bool,
}

impl Switchboard {
    pub(super) fn deadline(&mut self, work: &mut Work) {
        for who in self.timers.take_due(work.now.mono) {
            match who {
                Who::Caller(contact) => {
                    self.with(work, contact, |board, work, caller| board.caller_elapsed(work, caller));
                    work.callers.insert(contact);
                }
                Who::Agent(agent) => {
                    self.agent_elapsed(work, agent);
                    work.agents.insert(agent);
                }
                Who::House => self.house_elapsed(work),
            }
        }
    }

    /// When a call is due next.
    pub(super) fn caller_deadline(&self, now: Mono, caller: &Caller) -> Option<Mono> {
        let entry = self.waiting.get(caller.id()).filter(|entry| !entry.offered && !entry.passed.is_empty());
        let round = entry.map(|entry| entry.round_at).filter(|at| *at > now);
        [caller.deadline(), round].into_iter().flatten().min()
    }

    /// When the switchboard itself is due next.
    pub(super) fn house_deadline(&self) -> Option<Mono> {
        let drain = self.drain.and_then(|drain| match drain {
            Drain { ended: true, .. } => None,
            Drain { told: true, since, .. } => Some(since + self.settings.drain_grace),
            Drain { since, .. } => Some(since + self.settings.drain_notice),
        });
        [drain, self.saving.deadline()].into_iter().flatten().min()
    }

    fn caller_elapsed(&mut self, work: &mut Work, caller: &mut Caller) {
        let now = work.now.mono;
        let outcome = caller.speech.overdue(work.now);
        if caller.hear(work, outcome) {
            self.all_said(work, caller);
        }
        if matches!(caller.stage, Stage::Connecting(_)) {
            self.late_watchers(work, caller);
        }
        match &mut caller.stage {
            Stage::Menu(run) if run.deadline().is_some_and(|at| at <= now) => {
                if let Stage::Menu(mut run) = std::mem::replace(&mut caller.stage, Stage::Over) {
                    self.tell_doors(work, caller, &mut run);
                    let turn = run.silence(now);
                    self.advance(work, caller, run, turn);
                }
            }
            Stage::Waiting(wait) => {
                let (announce, gives_up) = (wait.announce_at <= now, wait.gives_up_at <= now);
                if wait.offer.as_ref().is_some_and(|offer| offer.deadline <= now) {
                    self.happen(work, caller, Happening::Expired);
                }
                if gives_up {
                    self.give_up(work, caller);
                } else if announce && !caller.speech.is_speaking() {
                    self.announce(work, caller);
                }
            }
            Stage::Connecting(connecting) if connecting.until <= now => {
                if connecting.announcing {
                    self.all_said(work, caller);
                } else {
                    self.give_back(work, caller, true);
                }
            }
            Stage::Talking(_) => {
                self.talk_elapsed(work, caller);
                self.proof_elapsed(work, caller);
                self.carrying_elapsed(work, caller);
            }
            Stage::Away(away) if away.until <= now => {
                self.end(work, caller, Actor::System, "system", Some(Disposition::Transferred));
            }
            Stage::Menu(_) | Stage::Connecting(_) | Stage::Away(_) | Stage::Leaving(_) | Stage::Over => {}
        }
    }

    pub(super) const fn drain(&mut self, now: Now) {
        if self.drain.is_none() {
            self.drain = Some(Drain { since: now.mono, told: false, ended: false });
        }
    }

    fn house_elapsed(&mut self, work: &mut Work) {
        let Some(mut drain) = self.drain else { return };
        let now = work.now.mono;
        if !drain.told && drain.since + self.settings.drain_notice <= now {
            drain.told = true;
            for contact in self.live_contacts() {
                self.with(work, contact, |board, work, caller| {
                    if matches!(caller.stage, Stage::Menu(_) | Stage::Waiting(_)) {
                        board.part(work, caller, phrases::CALL_CLOSING, Disposition::Dropped);
                    }
                });
            }
        }
        if !drain.ended && drain.since + self.settings.drain_grace <= now {
            drain.ended = true;
            for contact in self.live_contacts() {
                self.with(work, contact, |board, work, caller| {
                    board.end(work, caller, Actor::System, "system", Some(Disposition::Dropped));
                });
            }
        }
        self.drain = Some(drain);
    }

    fn live_contacts(&self) -> Vec<ContactId> {
        self.callers.iter().filter(|(_, caller)| !caller.record.has_ended()).map(|(contact, _)| *contact).collect()
    }
}
