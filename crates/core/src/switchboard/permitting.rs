//! Permits for what an agent asks of a wallet in a conversation: minted from what the contact has shown by now, and from nothing else.

use super::Switchboard;
use super::event::ActRefusal;
use crate::identity::{NotPermitted, Permit, RequestRefund};
use crate::kernel::{
    ids::{ContactId, StaffId},
    language::Language,
    time::Now,
};

/// Why an agent gets no permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PermitRefused {
    /// It is not on their line.
    #[error(transparent)]
    Act(#[from] ActRefusal),
    /// The contact has not shown enough.
    #[error(transparent)]
    Permit(#[from] NotPermitted),
}

impl Switchboard {
    /// A permit to ask for a refund for the customer of an agent's own live contact, and the language of that contact. Asking is an act of
    /// the desk: whoever is helped is not idle. What was due before `now` must have been handled.
    ///
    /// # Errors
    /// [`PermitRefused`].
    pub fn permit_refund(
        &mut self,
        now: Now,
        agent: StaffId,
        contact: ContactId,
    ) -> Result<(Permit<RequestRefund>, Language), PermitRefused> {
        self.leads_connected(agent, contact)?;
        let caller = self.callers.get_mut(&contact).ok_or(ActRefusal::NotYourContact)?;
        let permit = caller.standing.permit(now.wall)?;
        caller.standing.act(now);
        Ok((permit, caller.record.contact().language.unwrap_or(Language::ZhCn)))
    }
}
