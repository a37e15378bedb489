//! A transaction that a verified customer asked about is watched, at an agent's word. The permit says that the customer showed enough.

use super::command::Command;
use super::complaining::NO_QUESTION;
use super::event::ActRefusal;
use super::help::{Help, Order};
use super::{Switchboard, Work};
use crate::kernel::{ids::ContactId, language::Language};

impl Switchboard {
    /// Has the transaction watched that was asked about last.
    pub(crate) fn follow_transaction(&mut self, work: &mut Work, contact: ContactId) -> Result<(), ActRefusal> {
        let caller = self.callers.get_mut(&contact).ok_or(ActRefusal::NotYourContact)?;
        let (view, _) = caller.known.transaction.as_ref().ok_or(ActRefusal::NoTransactionAsked)?;
        let transaction = view.id.clone();
        let permit = caller.standing.permit(work.now.wall).map_err(|_| ActRefusal::VerifyFirst)?;
        let contact = caller.record.contact();
        work.order(Command::Help(Box::new(Order {
            contact: contact.id,
            number: NO_QUESTION,
            wallet: contact.wallet.clone(),
            caller: contact.caller.clone(),
            trunk: caller.trunk.clone(),
            language: contact.language.unwrap_or(Language::ZhCn),
            help: Help::Watch { permit, transaction },
        })));
        Ok(())
    }
}
