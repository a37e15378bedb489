//! What a refund would be, before it is asked for: nothing is written, and nobody is told.

use super::{Asked, RefundError, Refunds};
use walletline_core::agent::Staff;
use walletline_core::kernel::assurance::Level;
use walletline_core::kernel::money::Money;
use walletline_core::money::{Tier, Unfit, judge};

/// What a refund would be.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The transaction, by its whole number.
    pub transaction: String,
    /// What was paid.
    pub captured: Money,
    /// What can still be given back.
    pub left: Money,
    /// What would go back.
    pub amount: Money,
    /// Why the transaction does not allow it.
    pub unfit: Option<Unfit>,
    /// Who would have to agree; none where its currency is not offered.
    pub needs: Option<Tier>,
    /// The customer has shown enough for it to be carried out.
    pub has_evidence: bool,
    /// Whoever asks holds the certificate.
    pub is_certified: bool,
    /// What the customer may still be given back today.
    pub customer_left: Option<Money>,
    /// What may still be asked for today.
    pub maker_left: Option<Money>,
}

impl Refunds {
    /// What a refund would be.
    ///
    /// # Errors
    /// [`RefundError`].
    pub async fn preview(&self, staff: &Staff, asked: &Asked) -> Result<Preview, RefundError> {
        let understood = self.understand(staff, asked).await?;
        let guards = self.guards_of(Some(staff.id), &understood).await?;
        let (now, amount) = (self.clock.wall(), understood.amount);
        let limits = self.policy.limits.get(&amount.currency);
        let customer = guards.customer.1.within_a_day(now);
        let maker = guards.maker.map_or(0, |(_, spent)| spent.within_a_day(now));
        let left = |max: i64, spent: i64| Money::new(max.saturating_sub(spent).max(0), amount.currency);
        Ok(Preview {
            unfit: judge(&understood.original, &guards.source.1, amount).err(),
            needs: limits.map(|limits| limits.tier(customer.saturating_add(amount.minor))),
            customer_left: limits.map(|limits| left(limits.customer_daily_max, customer)),
            maker_left: limits.map(|limits| left(limits.maker_daily_max, maker)),
            captured: understood.original.captured,
            left: guards.source.1.left(),
            amount,
            has_evidence: understood.permitted.level >= Level::A3,
            is_certified: self.certificates_of(staff.id).await?.refund_maker,
            transaction: understood.original.transaction,
        })
    }
}
