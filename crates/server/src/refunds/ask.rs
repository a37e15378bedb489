//! A refund is asked for, under a key of the request: asked once more, it is found and not made again. An agent asks in a live contact of
//! their own; a customer with nobody between asks by what their contact has shown (`menu.rs`).

use super::{RULINGS_MAX, RefundError, Refunds};
use crate::connector::wallet::Refundable;
use walletline_core::agent::Staff;
use walletline_core::help::{RefundAsked, RefundNames, maker_of, take_refund};
use walletline_core::identity::{Redeemed, RequestRefund};
use walletline_core::kernel::ids::StaffId;
use walletline_core::kernel::{ids::ContactId, language::Language, money::Money, pii::Pii};
use walletline_core::money::{Guards, Maker, Original, Refund, RefundTarget, Source};
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

/// Who asks, why, and what names the request: a hash over the asker and their key, and one over what it says.
pub(super) struct Request {
    pub(super) maker: Maker,
    pub(super) reason: Pii<String>,
    pub(super) key: String,
    pub(super) digest: String,
}

impl Refunds {
    /// Asks for a refund. True when this request made it, false when it was made before.
    ///
    /// # Errors
    /// [`RefundError`].
    pub async fn ask(&self, staff: &Staff, key: &str, asked: Asked) -> Result<(Refund, bool), RefundError> {
        let contact = asked.contact.to_string();
        let amount = asked.amount.as_deref().unwrap_or("all");
        let digest = self.names.request_digest(&[&contact, &asked.transaction, amount, asked.reason.expose()]);
        let maker = maker_of(staff, self.certificates_of(staff.id).await?);
        let request = Request { maker, reason: asked.reason.clone(), key: self.names.request(staff.id, key), digest };
        if let Some(known) = self.known(&request).await? {
            return Ok((known, false));
        }
        let understood = self.understand(staff, &asked).await?;
        self.make(&understood, &request).await
    }

    /// Makes the refund that a request means, or finds the one it made before.
    pub(super) async fn make(&self, understood: &Understood, request: &Request) -> Result<(Refund, bool), RefundError> {
        for _ in 0..RULINGS_MAX {
            match self.rule(understood, request).await {
                Ok(refund) => {
                    metrics::counter!("walletline_refunds_total", "state" => refund.state.name()).increment(1);
                    return Ok((refund, true));
                }
                // The same request at the same time, or another one for the same transaction.
                Err(RefundError::Conflict) => {
                    if let Some(known) = self.known(request).await? {
                        return Ok((known, false));
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Err(RefundError::Conflict)
    }

    pub(super) async fn known(&self, request: &Request) -> Result<Option<Refund>, RefundError> {
        match self.store.refund_by_request(&request.key).await? {
            Some(known) if known.request_digest == request.digest => Ok(Some(known)),
            Some(_) => Err(RefundError::KeyReused),
            None => Ok(None),
        }
    }

    /// Who asks, of which transaction, and for how much.
    pub(super) async fn understand(&self, staff: &Staff, asked: &Asked) -> Result<Understood, RefundError> {
        let (permit, language) = self.engine.permit_refund(staff.id, asked.contact).await?;
        let permitted = permit.redeem(self.clock.wall())?;
        let original = self.original(&permitted, &asked.transaction).await?;
        let amount = match &asked.amount {
            Some(text) => Money::read(text, original.captured.currency)?,
            None => self.left(&permitted, &original).await?,
        };
        Ok(Understood { permitted, language, original, amount })
    }

    /// The transaction that is meant, as a source of money.
    pub(super) async fn original(&self, permitted: &Redeemed<RequestRefund>, id: &str) -> Result<Original, RefundError> {
        let claim = &permitted.claim;
        match self.wallet(&claim.wallet)?.original(&claim.msisdn, id).await? {
            Refundable::One(original) => Ok(*original),
            Refundable::Nothing => Err(RefundError::NoTransaction),
            Refundable::Several => Err(RefundError::SeveralTransactions),
        }
    }

    /// All that can still be given back of a transaction.
    pub(super) async fn left(&self, permitted: &Redeemed<RequestRefund>, original: &Original) -> Result<Money, RefundError> {
        let known = self.store.refund_source(&permitted.claim.wallet, &original.transaction).await?;
        Ok(known.map_or(original.captured, |(_, source)| source.left()))
    }

    /// The rows that a new refund is ruled on.
    pub(super) async fn guards_of(&self, maker: Option<StaffId>, understood: &Understood) -> Result<Guards, RefundError> {
        let (claim, original) = (&understood.permitted.claim, &understood.original);
        let known = self.store.refund_source(&claim.wallet, &original.transaction).await?;
        let fresh = || (0, Source::new(claim.wallet.clone(), original.transaction.clone(), original.captured));
        let days = self.days(&claim.wallet, &claim.subject, (maker, understood.amount.currency)).await?;
        Ok(Guards { source: known.unwrap_or_else(fresh), customer: days.0, maker: days.1 })
    }

    async fn rule(&self, understood: &Understood, request: &Request) -> Result<Refund, RefundError> {
        let no_names = |error: crate::help::NoRandomness| RefundError::Unavailable(error.to_string());
        let guards = self.guards_of(request.maker.id(), understood).await?;
        let now = self.clock.wall();
        let keep = self.keep.get(&understood.permitted.claim.wallet).copied().unwrap_or_default();
        let case = self.names.case(keep, now).map_err(no_names)?;
        let named = (request.key.clone(), request.digest.clone());
        let refund = self.names.refund(case.id, named, now).map_err(no_names)?;
        let errands = self.errands(refund.id, now);
        let names = RefundNames { refund, case, errands };
        let target = RefundTarget {
            transaction: understood.original.transaction.clone(),
            amount: understood.amount,
            reason: request.reason.clone(),
        };
        let (original, language) = (understood.original.clone(), understood.language);
        let asked = RefundAsked { maker: request.maker, target, original, language };
        let ruled = take_refund(&understood.permitted, asked, guards, names, &self.policy, now)?;
        match self.store.commit(ruled.commit).await {
            Ok(()) => Ok(ruled.refund),
            Err(CommitError::Conflict(_)) => Err(RefundError::Conflict),
            Err(error @ (CommitError::Unavailable(_) | CommitError::InDoubt(_))) => Err(error.into()),
        }
    }
}
