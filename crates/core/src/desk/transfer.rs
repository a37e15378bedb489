//! An agent hands a call on: to a queue, to another agent or a number outside at once, or to one with whom they speak first.

use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::{ActRefusal, Target};
use crate::switchboard::{ActReply, Switchboard, Work};

/// A queue takes the customer at once. Everybody else is rung; until they are there, the call is still with whoever asks.
pub(crate) fn transfer(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
    to: Target,
    blind: bool,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    board.may_transfer(agent, contact)?;
    match to {
        _ if blind && board.has_company(contact) => return Err(ActRefusal::NotAlone),
        Target::Queue(queue) if blind && board.has_queue(contact, &queue) => {
            board.transfer_to_queue(work, agent, contact, queue);
        }
        Target::Queue(_) => return Err(ActRefusal::UnknownTarget),
        Target::Agent(to) => {
            board.can_be_asked(to)?;
            if !board.has_room(contact) {
                return Err(ActRefusal::CallFull);
            }
            board.ask_in(work, contact, to, blind);
        }
        Target::Outside(to) => {
            board.can_be_dialled(work.now.wall, contact, &to)?;
            if !board.has_room(contact) {
                return Err(ActRefusal::CallFull);
            }
            board.dial_outside(work, agent, contact, &to, blind);
        }
    }
    Ok(ActReply::Done)
}
