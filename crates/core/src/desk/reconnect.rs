//! An agent takes a call up again at the desk: after a reload, or when its audio was lost.

use crate::kernel::ids::{ContactId, LegId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// `leg` is the browser leg about to be connected; a leg that still carries the call gives way to it.
pub(crate) fn reconnect(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
    leg: LegId,
) -> Result<ActReply, ActRefusal> {
    let machine = board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    if !board.talks_at_desk(agent, contact) {
        return Err(ActRefusal::NotYourContact);
    }
    if !machine.desk() {
        return Err(ActRefusal::AnswerOnPhone);
    }
    board.reconnect(work, agent, contact, leg);
    Ok(ActReply::Accepted { contact })
}
