//! What came of checking the number that a call shows. It may come long after the answer, and decides nothing but what the record and
//! the agent's card say.

use super::caller::Caller;
use super::legs::Party;
use super::{Switchboard, Work};
use crate::call::{CallerIdTrust, Fact};
use crate::identity::Signal;
use crate::kernel::actor::Actor;
use crate::kernel::ids::LegId;

impl Switchboard {
    /// The number of the call on this leg was checked. Of a call that is over, or never was, nothing changes.
    pub(super) fn caller_id_checked(&mut self, work: &mut Work, leg: LegId, trust: CallerIdTrust) {
        let Some((contact, Party::Customer)) = self.legs.get(&leg).copied() else { return };
        self.with(work, contact, |_, work, caller| note(work, caller, trust));
    }
}

fn note(work: &Work, caller: &mut Caller, trust: CallerIdTrust) {
    let record = &mut caller.record;
    if record.has_ended() || record.contact().caller_id == trust {
        return;
    }
    record.amend(|contact| {
        contact.caller_id = trust;
        if let Some(signal) = trust.risk().filter(|signal| !contact.risk.iter().any(|known| known == signal)) {
            contact.risk.push(signal.to_owned());
        }
    });
    record.tell(work.now, Fact::CallerId { trust });
    if trust == CallerIdTrust::Failed {
        record.audit(work.now, Actor::System, "caller_id.failed");
        caller.showing(work).suspects(Signal::CallerIdFailed);
    }
}
