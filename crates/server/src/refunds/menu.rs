//! Refunds that customers ask for by themselves, on the phone: what can go back of a transaction, the request, and the second factor that is
//! shown for one asked for before. The same rules as at the desk, without a maker between.

use super::ask::{Request, Understood};
use super::{RefundError, Refunds};
use walletline_core::identity::{Permit, Redeemed, RequestRefund};
use walletline_core::ivr::dialogue::{RefundHurdle, RefundOffer, RefundOutcome, RefundTaken};
use walletline_core::kernel::{ids::ContactId, language::Language, pii::Pii};
use walletline_core::money::{Maker, Refund, Source, State, Unfit, judge};

/// Digits by which a transaction is called when it is spoken of.
const TAIL: usize = 6;

/// What a transaction allows.
#[derive(Debug)]
pub enum Allowed {
    /// This can be asked for.
    Offer(Box<RefundOffer>),
    /// Nothing can.
    Nothing {
        /// The last six digits of its number.
        tail: String,
        /// Why.
        hurdle: RefundHurdle,
    },
    /// A person has to look.
    Person,
}

impl Refunds {
    /// What can go back of a transaction. Nothing is written.
    ///
    /// # Errors
    /// [`RefundError`].
    pub async fn allowed(&self, permit: Permit<RequestRefund>, id: &str) -> Result<Allowed, RefundError> {
        let permitted = permit.redeem(self.clock.wall())?;
        let original = self.original(&permitted, id).await?;
        let (transaction, left) = (original.transaction.clone(), self.left(&permitted, &original).await?);
        let tail: String = transaction.chars().skip(transaction.chars().count().saturating_sub(TAIL)).collect();
        let mut offer = RefundOffer {
            transaction,
            tail: tail.clone(),
            minor: left.minor,
            currency: left.currency.to_string(),
            waiting: None,
            within_s: self.decide_within_s(),
        };
        if let Some((refund, reference)) = self.under_way(&permitted, &offer.transaction).await? {
            if refund.state == State::AwaitingApproval && refund.evidence.is_none() {
                offer.waiting = Some(reference);
                return Ok(Allowed::Offer(Box::new(offer)));
            }
            return Ok(Allowed::Nothing { tail, hurdle: RefundHurdle::AskedFor { reference } });
        }
        let fresh = Source::new(permitted.claim.wallet.clone(), original.transaction.clone(), original.captured);
        let known = self.store.refund_source(&permitted.claim.wallet, &original.transaction).await?;
        let source = known.map_or(fresh, |(_, source)| source);
        let hurdle = match judge(&original, &source, left) {
            Ok(()) if left.minor == 0 => RefundHurdle::Reversed,
            Ok(()) if !self.policy.limits.contains_key(&left.currency) => return Ok(Allowed::Person),
            Ok(()) => return Ok(Allowed::Offer(Box::new(offer))),
            Err(Unfit::NotThePayer) => RefundHurdle::NotThePayer,
            Err(Unfit::NotCompleted) => RefundHurdle::NotCompleted,
            Err(Unfit::Reversed) => RefundHurdle::Reversed,
            Err(Unfit::NotRefundable) => RefundHurdle::NotRefundable,
            Err(Unfit::OtherCurrency | Unfit::MoreThanIsLeft) => return Ok(Allowed::Person),
        };
        Ok(Allowed::Nothing { tail, hurdle })
    }

    /// A customer asks for all that can go back of a transaction. `key` names the question of their contact: answered twice, it is asked
    /// once.
    ///
    /// # Errors
    /// [`RefundError`].
    pub async fn ask_by_customer(
        &self,
        permit: Permit<RequestRefund>,
        (contact, key): (ContactId, u64),
        language: Language,
        transaction: &str,
    ) -> Result<RefundTaken, RefundError> {
        let permitted = permit.redeem(self.clock.wall())?;
        let digest = self.names.request_digest(&[&contact.to_string(), transaction]);
        let key = self.names.customers_request(contact, key);
        let request = Request { maker: Maker::Customer, reason: Pii::new(String::new()), key, digest };
        let refund = match self.known(&request).await? {
            Some(known) => known,
            None => {
                let original = self.original(&permitted, transaction).await?;
                let amount = self.left(&permitted, &original).await?;
                self.make(&Understood { permitted, language, original, amount }, &request).await?.0
            }
        };
        self.said(&refund).await
    }

    /// A customer has shown more in a later contact, for the refund of a transaction that was asked for before.
    ///
    /// # Errors
    /// [`RefundError`].
    pub async fn show_by_customer(&self, permit: Permit<RequestRefund>, transaction: &str) -> Result<RefundTaken, RefundError> {
        let shown = permit.redeem(self.clock.wall())?;
        let (refund, _) = self.under_way(&shown, transaction).await?.ok_or(RefundError::NotFound)?;
        let refund = self.take_shown(refund.id, &shown, None).await?;
        self.said(&refund).await
    }

    /// The last refund of a transaction that this customer asked for and that is not over, with what they call it by.
    async fn under_way(
        &self,
        permitted: &Redeemed<RequestRefund>,
        transaction: &str,
    ) -> Result<Option<(Refund, String)>, RefundError> {
        let claim = &permitted.claim;
        let open = self.store.open_refunds_of(&claim.wallet, transaction).await?;
        let Some(refund) = open.into_iter().rfind(|refund| refund.subject == claim.subject) else { return Ok(None) };
        let (_, case) = self.case(&refund).await?;
        Ok(Some((refund, case.reference.to_string())))
    }

    /// What its customer is told of a refund that was just asked for.
    async fn said(&self, refund: &Refund) -> Result<RefundTaken, RefundError> {
        let (_, case) = self.case(refund).await?;
        let outcome = match refund.state {
            State::AwaitingApproval if refund.evidence.is_none() => RefundOutcome::NeedsFactor,
            State::AwaitingApproval => RefundOutcome::Waits,
            State::Approved | State::Submitting | State::Submitted | State::Pending | State::Succeeded => RefundOutcome::Approved,
            // The transaction changed between the offer and the request, or it is over by now: a person tells what became of it.
            State::Draft
            | State::Requested
            | State::EligibilityChecked
            | State::Rejected
            | State::Declined
            | State::Expired
            | State::ActionNeeded
            | State::Unknown
            | State::Failed
            | State::Cancelled => return Err(RefundError::NotFound),
        };
        let link = Pii::new(self.link(refund.id, self.clock.wall()));
        Ok(RefundTaken { reference: case.reference.to_string(), outcome, within_s: self.decide_within_s(), link })
    }

    fn decide_within_s(&self) -> u64 {
        self.policy.decide_within.as_s()
    }
}
