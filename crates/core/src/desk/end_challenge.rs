//! An agent ends the keying of a code: they and the customer hear each other again.

use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

pub(crate) fn end_challenge(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    if !board.talks_with(agent, contact) {
        return Err(ActRefusal::NotYourContact);
    }
    if !board.is_proving(contact) {
        return Err(ActRefusal::NotChallenged);
    }
    board.end_challenge(work, contact);
    Ok(ActReply::Done)
}
