//! An agent takes an offered contact at the desk.

use crate::kernel::ids::{LegId, OfferId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// `leg` is the browser leg about to be connected; it must be up within the time for it, else the caller is first in the queue again.
pub(crate) fn accept_offer(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    offer: OfferId,
    leg: LegId,
) -> Result<ActReply, ActRefusal> {
    let machine = board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    let contact = board.offered(offer, agent).ok_or(ActRefusal::OfferOver)?;
    if !machine.desk() {
        return Err(ActRefusal::AnswerOnPhone);
    }
    board.accept_at_desk(work, contact, leg);
    Ok(ActReply::Accepted { contact })
}
