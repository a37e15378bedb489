//! Somebody outside on a call: dialled by a number of the configuration, with the agents while they are there, and alone with the
//! customer when the last of them has left. Nothing of the case goes with it: the far end is shown the line that the customer called,
//! and hears what is said.

use super::caller::{Away, Caller, Stage};
use super::command::Command;
use super::event::{ActRefusal, LegEnd};
use super::legs::Party;
use super::recording::Taping;
use super::talk::{Coming, Dialled, Far, Hearing, Invited, Missed, Purpose, rewire};
use super::world::OutsideNumber;
use super::{Switchboard, Work};
use crate::call::{Disposition, Fact};
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, LegId, StaffId},
    time::Wall,
};
use std::sync::Arc;

impl Switchboard {
    /// Whether this contact may be handed on to this number outside now.
    pub(crate) fn can_be_dialled(&self, now: Wall, contact: ContactId, to: &str) -> Result<(), ActRefusal> {
        let caller = self.callers.get(&contact).ok_or(ActRefusal::UnknownTarget)?;
        let number = self.outside.get(to).filter(|number| number.wallet == caller.record.contact().wallet);
        let number = number.ok_or(ActRefusal::UnknownTarget)?;
        if caller.talk().is_some_and(|talk| talk.far.is_some()) {
            return Err(ActRefusal::OutsideThere);
        }
        if number.is_open(now) { Ok(()) } else { Err(ActRefusal::OutsideClosed) }
    }

    /// Calls a number outside, while the customer hears music.
    pub(crate) fn dial_outside(&mut self, work: &mut Work, agent: StaffId, contact: ContactId, to: &str, blind: bool) {
        let Some(number) = self.outside.get(to).map(Arc::clone) else { return };
        let purpose = if blind { Purpose::Transfer } else { Purpose::Consult };
        self.with(work, contact, |board, work, caller| {
            board.put_on_hold(work, caller);
            let leg: LegId = board.ids.next(work.now.wall);
            let until = work.now.mono + board.settings.outside_rings;
            let Stage::Talking(talk) = &mut caller.stage else { return };
            let OutsideNumber { id, number: called, trunk, .. } = (*number).clone();
            talk.missed = None;
            let far = Far { number, leg, since: None, met: false, unrecorded: false };
            let coming = Coming::Dialled(Dialled { far, rings: false, told: None, until });
            talk.invited = Some(Invited { purpose, number: id.clone(), coming });
            board.legs.insert(leg, (contact, Party::Outside));
            caller.record.dialled_outside(work.now, leg, id);
            caller.record.audit(work.now, Actor::Staff { id: agent }, "contact.dialled_outside");
            let shown = caller.record.contact().line.clone();
            work.order(Command::DialOutside { leg, number: called, trunk, shown });
        });
    }

    /// The far end answered: it is on the call, or has the customer from now on. Where the call is recorded it hears of that first.
    pub(super) fn outside_answered(&mut self, work: &mut Work, caller: &mut Caller, leg: LegId) {
        if caller.far().is_some_and(|far| far.leg == leg) {
            return;
        }
        if caller.dialled().is_none_or(|dialled| dialled.far.leg != leg) {
            // It was given up, and the order to hang up crossed its answer; another may be called by now.
            return work.order(Command::Hangup { leg });
        }
        let recorded = matches!(caller.taping, Taping::On { .. });
        let hears = caller.dialled().is_some_and(|dialled| dialled.told.is_some());
        if hears || recorded && self.tell_outside(work, caller, leg) {
            return;
        }
        // Who cannot be told is not recorded.
        self.outside_joins(work, caller, recorded);
    }

    /// Whoever answered outside is on the call, or has the customer from now on.
    pub(super) fn outside_joins(&mut self, work: &mut Work, caller: &mut Caller, unrecorded: bool) {
        let Some((purpose, dialled)) = caller.take_dialled() else { return };
        let far = Far { since: Some(work.now.wall), unrecorded, ..dialled.far };
        caller.record.tell(work.now, Fact::Outside { to: far.number.id.clone(), what: "answered".to_owned() });
        if let Stage::Talking(talk) = &mut caller.stage {
            talk.far = Some(far);
        }
        // Before anybody hears them.
        caller.keep_masked(work);
        match purpose {
            Purpose::Consult => {
                if let Stage::Talking(talk) = &mut caller.stage {
                    Self::answer_aside(work, talk);
                }
                self.wire(work, caller);
                self.meet(work, caller);
            }
            Purpose::Transfer => self.hand_out(work, caller, purpose),
        }
    }

    /// A leg to somebody outside is over: they did not come, left the others, or left the customer.
    pub(super) fn outside_leg_ended(&mut self, work: &mut Work, caller: &mut Caller, leg: LegId, cause: LegEnd) {
        let is_dialled = caller.dialled().is_some_and(|dialled| dialled.far.leg == leg);
        if is_dialled {
            if let Some((purpose, dialled)) = caller.take_dialled() {
                self.not_come(work, caller, purpose, missed(dialled.far.number, cause), cause.told_to_phone());
            }
            return;
        }
        if caller.far().is_none_or(|far| far.leg != leg) {
            return;
        }
        if matches!(caller.stage, Stage::Away(_)) {
            let found = if cause == LegEnd::Vanished { Disposition::Dropped } else { Disposition::Transferred };
            return self.end(work, caller, Actor::System, "outside", Some(found));
        }
        let number = self.outside_leaves(work, caller);
        if let Stage::Talking(talk) = &mut caller.stage {
            talk.missed = number.map(|number| missed(number, cause));
        }
        self.keep_company(work, caller);
    }

    /// Nobody answered outside in time, or nobody told that the notice was said.
    pub(super) fn outside_unanswered(&mut self, work: &mut Work, caller: &mut Caller) {
        if caller.dialled().is_some_and(|dialled| dialled.told.is_some()) {
            return self.outside_joins(work, caller, true);
        }
        let Some((purpose, dialled)) = caller.take_dialled() else { return };
        work.order(Command::Hangup { leg: dialled.far.leg });
        let cause = LegEnd::Unanswered;
        self.not_come(work, caller, purpose, missed(dialled.far.number, cause), cause.told_to_phone());
    }

    /// A number outside is called no more.
    pub(super) fn stop_dialling(work: &mut Work, caller: &mut Caller) {
        if let Some((_, dialled)) = caller.take_dialled() {
            work.order(Command::Hangup { leg: dialled.far.leg });
        }
    }

    /// Whoever is outside goes, and the agents keep the call.
    pub(super) fn outside_leaves(&mut self, work: &mut Work, caller: &mut Caller) -> Option<Arc<OutsideNumber>> {
        let Stage::Talking(talk) = &mut caller.stage else { return None };
        let far = talk.far.take()?;
        self.wire(work, caller);
        Self::see_outside_off(work, caller, &far);
        self.part_aside(work, caller);
        Some(far.number)
    }

    pub(super) fn see_outside_off(work: &mut Work, caller: &mut Caller, far: &Far) {
        if caller.record.is_open(far.leg) {
            work.order(Command::Hangup { leg: far.leg });
        }
        caller.record.tell(work.now, Fact::Outside { to: far.number.id.clone(), what: "left".to_owned() });
    }

    /// The last agent leaves the customer to whoever is outside: they stay connected until either hangs up.
    pub(super) fn hand_out(&mut self, work: &mut Work, caller: &mut Caller, how: Purpose) {
        self.withdraw(work, caller);
        let view = caller.talk().and_then(|talk| caller.view_of(talk.lead.agent));
        let Stage::Talking(talk) = &mut caller.stage else { return };
        let Some(far) = talk.far.take() else { return };
        work.order_all(talk.report(work.now.mono, None));
        let Some(mut talk) = caller.take_talk() else { return };
        caller.speech.music_off();
        let outcome = caller.speech.replace(work.now, "agent", []);
        caller.hear(work, outcome);
        let alone: Hearing = [(caller.leg, [far.leg].into()), (far.leg, [caller.leg].into())].into();
        for order in rewire(std::mem::take(&mut talk.wired), &alone, |leg| caller.record.is_open(leg)) {
            work.order(order);
        }
        caller.transferred(work, &talk.lead, far.number.id.clone(), how.name(), "completed");
        if !far.met {
            caller.record.tell(work.now, Fact::Outside { to: far.number.id.clone(), what: "joined".to_owned() });
        }
        let until = work.now.mono + self.settings.outside_max;
        let teams = self.teams_on(&talk);
        caller.stage = Stage::Away(Away { far: Far { met: true, ..far }, teams, since: work.now.wall, until });
        self.rise(work, caller, &talk.lead, view);
        self.dismiss(work, caller, &mut talk);
    }
}

fn missed(number: Arc<OutsideNumber>, cause: LegEnd) -> Missed {
    Missed { number: number.id.clone(), outside: Some(number), why: cause.reason() }
}

impl Caller {
    /// Somebody outside who answered and is still there.
    pub(super) fn far(&self) -> Option<&Far> {
        match &self.stage {
            Stage::Away(away) => Some(&away.far),
            Stage::Talking(talk) => talk.far.as_ref(),
            Stage::Menu(_) | Stage::Waiting(_) | Stage::Connecting(_) | Stage::Leaving(_) | Stage::Over => None,
        }
    }

    /// The number outside that is called.
    pub(super) fn dialled(&self) -> Option<&Dialled> {
        self.talk()?.invited.as_ref()?.dialled()
    }

    fn take_dialled(&mut self) -> Option<(Purpose, Dialled)> {
        let Stage::Talking(talk) = &mut self.stage else { return None };
        let invited = talk.invited.take_if(|invited| invited.dialled().is_some())?;
        let Coming::Dialled(dialled) = invited.coming else { return None };
        Some((invited.purpose, dialled))
    }

    /// The far end of this leg told that it rings.
    pub(super) fn outside_rings(&mut self, leg: LegId) {
        if let Stage::Talking(talk) = &mut self.stage
            && let Some(Invited { coming: Coming::Dialled(dialled), .. }) = &mut talk.invited
        {
            dialled.rings |= dialled.far.leg == leg;
        }
    }
}
