//! Whose a case is, where somebody has to be told something of it: cases name their customer by a hash alone.

use super::Cases;
use walletline_core::cases::{Case, Statement};
use walletline_core::help::CreditTold;
use walletline_core::kernel::language::Language;
use walletline_store::ReadError;

impl Cases {
    /// Who is told of a credit: whoever a form names, else the number shown in a contact of the case that is its customer's. None where no
    /// contact showed it; then a person tells them.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn told_of_credit(
        &self,
        case: &Case,
        statement: Option<&Statement>,
    ) -> Result<Option<CreditTold>, ReadError> {
        let now = self.clock.wall();
        if let Some((msisdn, told)) = statement.and_then(|statement| Some((statement.told.number.clone()?, &statement.told))) {
            return Ok(Some(CreditTold { msisdn, language: told.language, errand: self.names.id(now) }));
        }
        for contact in case.contacts.iter().rev() {
            let Some(record) = self.store.contact(*contact).await? else { continue };
            let Some(msisdn) = self.wallets.number(&case.wallet, record.contact.caller.expose()) else { continue };
            if self.names.subject(&case.wallet, &msisdn) == case.subject {
                let language = record.contact.language.unwrap_or(Language::ZhCn);
                return Ok(Some(CreditTold { msisdn, language, errand: self.names.id(now) }));
            }
        }
        Ok(None)
    }
}
