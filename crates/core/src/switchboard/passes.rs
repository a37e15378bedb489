//! Call passes in live contacts: what was written before the call comes to the contact it was keyed in, and leaves every other one.
//! Nothing here makes a caller any better known.

use super::caller::Caller;
use super::live::{PassView, ToldView};
use super::{Switchboard, Work};
use crate::call::Fact;
use crate::ivr::dialogue::{Answer, PassTaken};
use crate::kernel::{actor::Actor, ids::StaffId, purpose::Purpose};
use crate::pass::Pass;

impl Switchboard {
    /// The pass is this caller's from now on. Whoever keyed it before hears nothing of that, but is shown it no longer.
    pub(super) fn pass_taken(&mut self, work: &mut Work, caller: &mut Caller, pass: Pass) -> Answer {
        for (id, other) in &mut self.callers {
            if other.known.pass.take_if(|held| held.id == pass.id).is_some() {
                work.callers.insert(*id);
            }
        }
        for view in self.wrapping.values_mut() {
            if view.pass.take_if(|held| held.id == pass.id).is_some() {
                work.agents.extend(view.agent);
            }
        }
        caller.record.tell(work.now, Fact::CallPass { topic: pass.topic.name().to_owned() });
        let taken = PassTaken {
            topic: pass.topic,
            language: pass.language,
            transaction: pass.told.transaction.as_ref().map(|number| number.expose().clone()),
        };
        caller.known.pass = Some(pass);
        let agents: Vec<_> = caller.talk().into_iter().flat_map(|talk| talk.seats()).map(|seat| seat.agent).collect();
        for agent in agents {
            caller.pass_shown(work, agent);
        }
        Answer::PassTaken(taken)
    }
}

impl Caller {
    /// Puts on record that this agent is shown what was written, if something was.
    pub(super) fn pass_shown(&mut self, work: &Work, agent: StaffId) {
        if self.known.pass.is_some() {
            self.record.audit_reading(work.now, Actor::Staff { id: agent }, "pass.read", Purpose::Service);
        }
    }
}

/// A pass as a screen may show it; `whole` only to the agent whom the contact is with.
pub(super) fn pass_view(pass: &Pass, whole: bool) -> PassView {
    let told = &pass.told;
    let view = || ToldView {
        transaction: told.transaction.clone(),
        description: told.description.clone(),
        error_text: told.error_text.clone(),
        screenshot: pass.screenshot.is_some(),
    };
    PassView { id: pass.id, topic: pass.topic, made_at: pass.made_at, expires_at: pass.expires_at, told: whole.then(view) }
}
