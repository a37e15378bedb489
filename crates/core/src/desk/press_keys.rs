//! An agent presses keys towards the customer's end, or the one outside.

use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// Keys at once: more than any menu or extension takes.
const KEYS_MAX: usize = 32;

pub(crate) fn press_keys(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
    digits: String,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    if !board.talks_with(agent, contact) {
        return Err(ActRefusal::NotYourContact);
    }
    let are_keys = digits.chars().all(|key| matches!(key, '0'..='9' | '*' | '#' | 'A'..='D'));
    if !are_keys || digits.is_empty() || digits.len() > KEYS_MAX {
        return Err(ActRefusal::NoKeys);
    }
    let leg = board.keys_go_to(contact).ok_or(ActRefusal::NotConnected)?;
    board.press_keys(work, leg, digits);
    Ok(ActReply::Done)
}
