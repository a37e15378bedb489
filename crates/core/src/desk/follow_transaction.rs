//! An agent has the transaction watched that the customer asked about, who is told when it moves.

use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// Asked for again, it is the same watch.
pub(crate) fn follow_transaction(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    if !board.talks_with(agent, contact) {
        return Err(ActRefusal::NotYourContact);
    }
    board.follow_transaction(work, contact)?;
    Ok(ActReply::Done)
}
