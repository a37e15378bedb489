//! A refund is asked for in an agent's own live contact, under a key of the request: asked once more, it is found and not made again.

use super::{RULINGS_MAX, RefundError, Refunds};
use crate::connector::wallet::Refundable;
use walletline_core::agent::Staff;
use walletline_core::help::{RefundAsked, RefundNames, maker_of, take_refund};
use walletline_core::identity::{Redeemed, RequestRefund};
use walletline_core::kernel::{ids::ContactId, language::Language, money::Money, pii::Pii};
use walletline_core::money::{Guards, Original, Refund, RefundTarget, Source};
use walletline_store::CommitError;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// In which contact.
    pub contact: ContactId,
    /// Of which transaction: its whole number, or its last six digits.
    pub transaction: String,
    /// How much, in the transaction's currency; all that is left where it is not said.
    pub amount: Option<String>,
    /// Why.
    pub reason: Pii<String>,
}

/// What a request was found to mean.
pub(super) struct Understood {
    pub(super) permitted: Redeemed<RequestRefund>,
    pub(super) language: Language,
    pub(super) original: Original,
    pub(super) amount: Money,
}

impl Refunds {
    /// Asks for a refund. True when this request made it, false when it was made before.
    ///
    /// # Errors
    /// [`RefundError`].
    pub async fn ask(&self, staff: &Staff, key: &str, asked: Asked) -> Result<(Refund, bool), RefundError> {
        let request_key = self.names.request(staff.id, key);
        let contact = asked.contact.to_string();
        let amount = asked.amount.as_deref().unwrap_or("all");
        let digest = self.names.request_digest(&[&contact, &asked.transaction, amount, asked.reason.expose()]);
        if let Some(known) = self.known(&request_key, &digest).await? {
            return Ok((known, false));
        }
        let understood = self.understand(staff, &asked).await?;
        for _ in 0..RULINGS_MAX {
            match self.rule(staff, &asked, &understood, (&request_key, &digest)).await {
                Ok(refund) => {
                    metrics::counter!("walletline_refunds_total", "state" => refund.state.name()).increment(1);
                    return Ok((refund, true));
                }
                // The same request at the same time, or another one for the same transaction.
                Err(RefundError::Conflict) => {
                    if let Some(known) = self.known(&request_key, &digest).await? {
                        return Ok((known, false));
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Err(RefundError::Conflict)
    }

    async fn known(&self, request_key: &str, digest: &str) -> Result<Option<Refund>, RefundError> {
        match self.store.refund_by_request(request_key).await? {
            Some(known) if known.request_digest == digest => Ok(Some(known)),
            Some(_) => Err(RefundError::KeyReused),
            None => Ok(None),
        }
    }

    /// Who asks, of which transaction, and for how much.
    pub(super) async fn understand(&self, staff: &Staff, asked: &Asked) -> Result<Understood, RefundError> {
        let (permit, language) = self.engine.permit_refund(staff.id, asked.contact).await?;
        let permitted = permit.redeem(self.clock.wall())?;
        let claim = &permitted.claim;
        let original = match self.wallet(&claim.wallet)?.original(&claim.msisdn, &asked.transaction).await? {
            Refundable::One(original) => *original,
            Refundable::Nothing => return Err(RefundError::NoTransaction),
            Refundable::Several => return Err(RefundError::SeveralTransactions),
        };
        let amount = match &asked.amount {
            Some(text) => Money::read(text, original.captured.currency)?,
            None => match self.store.refund_source(&claim.wallet, &original.transaction).await? {
                Some((_, source)) => source.left(),
                None => original.captured,
            },
        };
        Ok(Understood { permitted, language, original, amount })
    }

    /// The rows that a new refund is ruled on.
    pub(super) async fn guards_of(&self, staff: &Staff, understood: &Understood) -> Result<Guards, RefundError> {
        let (claim, original) = (&understood.permitted.claim, &understood.original);
        let known = self.store.refund_source(&claim.wallet, &original.transaction).await?;
        let fresh = || (0, Source::new(claim.wallet.clone(), original.transaction.clone(), original.captured));
        let days = self.days(&claim.wallet, &claim.subject, (staff.id, understood.amount.currency)).await?;
        Ok(Guards { source: known.unwrap_or_else(fresh), customer: days.0, maker: days.1 })
    }

    async fn rule(
        &self,
        staff: &Staff,
        asked: &Asked,
        understood: &Understood,
        (request_key, digest): (&str, &str),
    ) -> Result<Refund, RefundError> {
        let no_names = |error: crate::help::NoRandomness| RefundError::Unavailable(error.to_string());
        let guards = self.guards_of(staff, understood).await?;
        let now = self.clock.wall();
        let keep = self.keep.get(&understood.permitted.claim.wallet).copied().unwrap_or_default();
        let case = self.names.case(keep, now).map_err(no_names)?;
        let request = (request_key.to_owned(), digest.to_owned());
        let refund = self.names.refund(case.id, request, now).map_err(no_names)?;
        let names = RefundNames { refund, case, errands: self.errands(now) };
        let target = RefundTarget {
            transaction: understood.original.transaction.clone(),
            amount: understood.amount,
            reason: asked.reason.clone(),
        };
        let maker = maker_of(staff, self.certificates_of(staff.id).await?);
        let asked = RefundAsked { maker, target, original: understood.original.clone(), language: understood.language };
        let ruled = take_refund(&understood.permitted, asked, guards, names, &self.policy, now)?;
        match self.store.commit(ruled.commit).await {
            Ok(()) => Ok(ruled.refund),
            Err(CommitError::Conflict(_)) => Err(RefundError::Conflict),
            Err(error @ (CommitError::Unavailable(_) | CommitError::InDoubt(_))) => Err(error.into()),
        }
    }
}
