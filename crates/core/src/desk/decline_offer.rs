//! An agent gives an offered contact back: it goes to the next agent.

use crate::kernel::ids::{OfferId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

pub(crate) fn decline_offer(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    offer: OfferId,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    let contact = board.offered(offer, agent).ok_or(ActRefusal::OfferOver)?;
    board.decline(work, contact);
    Ok(ActReply::Done)
}
