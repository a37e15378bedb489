//! How a refund stands, for whoever holds the link that each message about it carries. The link is signed and runs out; what it shows
//! names nobody, no sum and no account.

use super::{RefundError, Refunds};
use walletline_core::kernel::{
    ids::RefundId,
    time::{Span, Wall},
};
use walletline_core::money::State;

/// A link is good for so long: each message brings a new one.
const LINK_GOOD_FOR: Span = Span::from_s(30 * 24 * 3_600);

/// What a link leads to.
#[derive(Debug)]
pub enum Tracked {
    /// It is not ours, or not as we made it.
    NotOurs,
    /// Its time is over.
    Over,
    /// This refund.
    Stands(Box<Standing>),
}

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
        let until_s = (now + LINK_GOOD_FOR).0.div_euclid(1_000_000);
        format!("{}/help/refunds/{refund}/{until_s}/{}", self.public_url, self.names.tracking_token(refund, until_s))
    }

    /// How a refund stands, for whoever shows its link.
    ///
    /// # Errors
    /// [`RefundError`].
    pub async fn tracked(&self, refund: &str, until: &str, token: &str) -> Result<Tracked, RefundError> {
        let (Ok(id), Ok(until_s)) = (refund.parse::<RefundId>(), until.parse::<i64>()) else { return Ok(Tracked::NotOurs) };
        if !self.names.is_tracking_token(id, until_s, token) {
            return Ok(Tracked::NotOurs);
        }
        if self.clock.wall().0.div_euclid(1_000_000) >= until_s {
            return Ok(Tracked::Over);
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
        Ok(Tracked::Stands(Box::new(Standing {
            reference: case.reference.to_string(),
            needs_factor: refund.state == State::AwaitingApproval && refund.evidence.is_none(),
            next,
            settled_at: refund.settled_at,
            state: refund.state,
            wallet: refund.wallet,
        })))
    }
}
