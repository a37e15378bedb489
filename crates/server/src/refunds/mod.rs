//! Refunds at the edge: asked for by agents, decided by a second person, carried to the wallet by the outbox. Each act loads the rows its
//! ruling needs, commits what the ruling says, and rules again when a row had changed meanwhile. It decides nothing.

mod ask;
mod carry;
mod certificates;
mod decide;
mod error;
mod menu;
mod preview;
mod track;

pub use ask::Asked;
pub use decide::Decision;
pub use error::RefundError;
pub use menu::Allowed;
pub use preview::Preview;
pub use track::Standing;

use crate::connector::{Wallet, Wallets};
use crate::engine::{Clock, Handle};
use crate::help::Names;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;
use walletline_core::agent::Staff;
use walletline_core::cases::{Case, Keep};
use walletline_core::commit::Version;
use walletline_core::help::{NewErrands, look_at_refund};
use walletline_core::kernel::{
    ids::{RefundId, StaffId},
    money::Currency,
    subject::Subject,
    time::Wall,
};
use walletline_core::money::{Approval, Guards, Held, Policy, Refund, Source, Spent, State, Tier};
use walletline_store::{ReadError, Store};

/// A ruling is made again this often when its rows had changed meanwhile.
const RULINGS_MAX: u32 = 4;

/// Refunds. A clone is the same.
#[derive(Clone)]
pub struct Refunds(Arc<Parts>);

/// What refunds are ruled on and carried with.
pub struct Parts {
    /// Where rows are.
    pub store: Store,
    /// Who knows what a contact has shown.
    pub engine: Handle,
    /// The clocks.
    pub clock: Clock,
    /// The wallets.
    pub wallets: Wallets,
    /// Names and keys for what is new.
    pub names: Arc<Names>,
    /// The house's rules.
    pub policy: Policy,
    /// How long cases keep recordings, by wallet.
    pub keep: BTreeMap<String, Keep>,
    /// The address under which wallets reach us.
    pub public_url: String,
}

impl Deref for Refunds {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// A refund with all that somebody who decides on it has to see.
pub struct Shown {
    /// The refund.
    pub refund: Refund,
    /// What its customer calls it by.
    pub reference: String,
    /// What is held of its transaction; none while nothing ever was.
    pub source: Option<Source>,
    /// What was approved of late for its customer, in minor units.
    pub customer_day: i64,
    /// What was approved of late at its maker's request, in minor units; none where the customer asked.
    pub maker_day: Option<i64>,
    /// Who has to agree as the day stands.
    pub needs: Option<Tier>,
    /// What was decided so far.
    pub decisions: Vec<Approval>,
}

impl Refunds {
    /// Refunds over these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// A refund as a whole.
    ///
    /// # Errors
    /// [`RefundError`].
    pub async fn show(&self, id: RefundId) -> Result<Shown, RefundError> {
        let (_, refund) = self.store.refund(id).await?.ok_or(RefundError::NotFound)?;
        let (_, case) = self.case(&refund).await?;
        let source = self.store.refund_source(&refund.wallet, &refund.transaction).await?.map(|(_, source)| source);
        let (now, currency) = (self.clock.wall(), refund.amount.currency);
        let ((_, customer), maker) = self.days(&refund.wallet, &refund.subject, (refund.maker, currency)).await?;
        let waits = refund.state == State::AwaitingApproval;
        Ok(Shown {
            needs: if waits { refund.tier(&customer, &self.policy, now).ok() } else { None },
            reference: case.reference.to_string(),
            source,
            customer_day: customer.within_a_day(now),
            maker_day: maker.map(|(_, spent)| spent.within_a_day(now)),
            decisions: self.store.approvals(refund.id).await?,
            refund,
        })
    }

    /// The wallet called back about a refund and showed its token: it is looked at once. False when the token is not the refund's.
    ///
    /// # Errors
    /// [`RefundError`].
    pub async fn called_back(&self, id: RefundId, token: &str) -> Result<bool, RefundError> {
        if !self.names.is_callback_token(id, token) {
            return Ok(false);
        }
        let Some((_, refund)) = self.store.refund(id).await? else { return Ok(false) };
        if refund.state.is_over() {
            return Ok(true);
        }
        let now = self.clock.wall();
        self.store.commit(look_at_refund(&refund, self.names.id(now), now)).await?;
        Ok(true)
    }

    /// Where the wallet may tell what became of a refund. Whoever knows the address may have it looked at, and no more.
    fn callback_url(&self, refund: RefundId) -> String {
        format!("{}/api/public/wallet-callbacks/{refund}/{}", self.public_url, self.names.callback_token(refund))
    }

    fn wallet(&self, id: &str) -> Result<&Wallet, RefundError> {
        self.wallets.get(id).ok_or(RefundError::NotConnected)
    }

    fn errands(&self, refund: RefundId, now: Wall) -> NewErrands {
        let (notice, carrier, lapse) = (self.names.id(now), self.names.id(now), self.names.id(now));
        NewErrands { link: self.link(refund, now), notice, carrier, lapse }
    }

    async fn case(&self, refund: &Refund) -> Result<(Version, Case), RefundError> {
        self.store.case(refund.case).await?.ok_or(RefundError::NotFound)
    }

    /// What an approval is guarded on, as the rows stand now. The row of the transaction is there from its first request on.
    async fn guards(&self, refund: &Refund) -> Result<Guards, RefundError> {
        let source = self.store.refund_source(&refund.wallet, &refund.transaction).await?.ok_or(RefundError::NotFound)?;
        let days = self.days(&refund.wallet, &refund.subject, (refund.maker, refund.amount.currency)).await?;
        Ok(Guards { source, customer: days.0, maker: days.1 })
    }

    /// What a refund holds while it may give money back.
    async fn held(&self, refund: &Refund) -> Result<Held, ReadError> {
        let source = self.store.refund_source(&refund.wallet, &refund.transaction).await?;
        let (customer, maker) = self.days(&refund.wallet, &refund.subject, (refund.maker, refund.amount.currency)).await?;
        Ok(Held { source, days: [Some(customer), maker].into_iter().flatten().collect() })
    }

    /// The days of a customer and of whoever asks.
    async fn days(
        &self,
        wallet: &str,
        subject: &Subject,
        (maker, currency): (Option<StaffId>, Currency),
    ) -> Result<((Version, Spent), Option<(Version, Spent)>), ReadError> {
        let customer = self.store.refund_spent(&Spent::key_of_customer(wallet, subject, currency)).await?;
        Ok(match maker {
            Some(maker) => (customer, Some(self.store.refund_spent(&Spent::key_of_maker(maker, currency)).await?)),
            None => (customer, None),
        })
    }

    async fn staff(&self) -> Result<Vec<Staff>, ReadError> {
        Ok(self.store.staff().await?.into_iter().map(|(_, member)| member).collect())
    }
}
