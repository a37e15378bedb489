//! An agent comes, pauses, or goes.

use crate::agent::PresenceState;
use crate::kernel::ids::StaffId;
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// `Ready`, `NotReady` and `LoggedOut` can be asked for, not during a call; in a wrap-up it also finishes the record at hand.
pub(crate) fn set_presence(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    wish: PresenceState,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    if board.ask_presence(work, agent, wish) { Ok(ActReply::Done) } else { Err(ActRefusal::Busy) }
}
