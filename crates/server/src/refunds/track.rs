//! How a refund stands, for whoever holds the link that each message about it carries. The link is signed and runs out; what it shows
//! names nobody, no sum and no account.

use super::{RefundError, Refunds};
use crate::tracking::{self, Tracked};
use walletline_core::kernel::{ids::RefundId, time::Wall};
use walletline_core::money::State;

/// How a refund stands.
#[derive(Debug)]
pub struct Standing {
    /// What its customer calls it by.
    pub reference: String,
    /// The wallet, by id.
    pub wallet: String,
    /// How far it has come.
    pub state: State,
    /// The customer's second factor is missing.
    pub needs_factor: bool,
    /// When something is due next; none when it is over, or no day is set.
    pub next: Option<Wall>,
    /// When it came to its end.
    pub settled_at: Option<Wall>,
}

impl Refunds {
    /// The link that a message carries.
    pub(super) fn link(&self, refund: RefundId, now: Wall) -> String {
        format!("{}{}", self.public_url, tracking::path(&self.names, "refunds", refund, now))
    }

    /// How a refund stands, for whoever shows its link.
    ///
    /// # Errors
    /// [`RefundError`].
    pub async fn tracked(&self, refund: &str, until: &str, token: &str) -> Result<Tracked<Standing>, RefundError> {
        let Ok(id) = refund.parse::<RefundId>() else { return Ok(Tracked::NotOurs) };
        match tracking::open(&self.names, id, until, token, self.clock.wall()) {
            Tracked::NotOurs => return Ok(Tracked::NotOurs),
            Tracked::Over => return Ok(Tracked::Over),
            Tracked::Stands(()) => {}
        }
        // A row that is gone was over long ago.
        let Some((_, refund)) = self.store.refund(id).await? else { return Ok(Tracked::Over) };
        let (_, case) = self.case(&refund).await?;
        let next = match refund.state {
            State::AwaitingApproval => Some(refund.decide_by),
            State::Approved | State::Submitting => refund.send_by,
            State::Draft
            | State::Requested
            | State::EligibilityChecked
            | State::Rejected
            | State::Declined
            | State::Expired
            | State::Submitted
            | State::Pending
            | State::ActionNeeded
            | State::Unknown
            | State::Succeeded
            | State::Failed
            | State::Cancelled => None,
        };
        Ok(Tracked::Stands(Standing {
            reference: case.reference.to_string(),
            needs_factor: refund.state == State::AwaitingApproval && refund.evidence.is_none(),
            next,
            settled_at: refund.settled_at,
            state: refund.state,
            wallet: refund.wallet,
        }))
    }
}
