//! Who decides on a refund: whoever asked for it, and a second person who is not under them. What either may do is a matter of what
//! they hold now, which is handed in.

use crate::kernel::ids::StaffId;
use serde::{Deserialize, Serialize};

/// The certificates for refunds that a person holds now. One that has run out is not held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Certificates {
    /// To ask for refunds.
    pub refund_maker: bool,
    /// To decide on them.
    pub refund_checker: bool,
}

/// Whoever asks for a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// A member of staff, for a customer on their line.
    Staff {
        /// Who.
        id: StaffId,
        /// What they hold.
        certificates: Certificates,
    },
    /// The customer, with nobody between.
    Customer,
}

impl Maker {
    /// Which member of staff; none where the customer asks.
    #[must_use]
    pub const fn id(&self) -> Option<StaffId> {
        match self {
            Self::Staff { id, .. } => Some(*id),
            Self::Customer => None,
        }
    }
}

/// Whoever decides on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checker {
    /// Who.
    pub id: StaffId,
    /// What they hold.
    pub certificates: Certificates,
    /// They lead others: sums above what one checker decides are theirs.
    pub supervises: bool,
    /// The maker leads them.
    pub is_under_maker: bool,
    /// Whoever said what became of the refund leads them.
    pub is_under_proposer: bool,
}
