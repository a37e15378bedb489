//! The end of a call, from every stage: whoever took part is set free, and what happened is written down.

use super::caller::{Caller, Stage};
use super::command::{Command, Reject};
use super::live::ContactView;
use super::talk::Talk;
use super::{Switchboard, Work};
use crate::call::Disposition;
use crate::kernel::actor::Actor;

impl Switchboard {
    /// Ends a call. An agent who spoke with the customer has the record to finish.
    pub(super) fn end(&mut self, work: &mut Work, caller: &mut Caller, actor: Actor, by: &str, disposition: Option<Disposition>) {
        if caller.record.has_ended() {
            return;
        }
        caller.close_proof(work);
        caller.deafen(work, if by == "system" { "system" } else { "hangup" });
        self.leave_queue(work, caller);
        Self::stop_dialling(work, caller);
        let views: Vec<ContactView> = caller.views().collect();
        let mut talk = match std::mem::replace(&mut caller.stage, Stage::Over) {
            Stage::Connecting(connecting) => Some(connecting.talk),
            Stage::Talking(talk) => Some(talk),
            Stage::Away(away) => {
                Self::see_outside_off(work, caller, &away.far);
                None
            }
            Stage::Menu(_) | Stage::Waiting(_) | Stage::Leaving(_) | Stage::Over => None,
        };
        work.order_all(talk.as_mut().and_then(|talk| talk.report(work.now.mono, Some(Reject::CalledOff))));
        if let Some(far) = talk.as_mut().and_then(|talk| talk.far.take()) {
            Self::see_outside_off(work, caller, &far);
        }
        for seat in talk.iter().flat_map(Talk::seats) {
            let view = views.iter().find(|view| view.agent == Some(seat.agent)).cloned();
            self.rise(work, caller, seat, view);
        }
        if let Some(talk) = &mut talk {
            self.dismiss(work, caller, talk);
        }
        if caller.record.is_open(caller.leg) {
            work.order(Command::Hangup { leg: caller.leg });
        }
        if let Some(calls) = self.calls.get_mut(&caller.record.contact().line) {
            *calls = calls.saturating_sub(1);
        }
        caller.record.end(work.now, actor, by, disposition);
    }
}
