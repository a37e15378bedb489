//! The acts that need a permit, as types: a permit for one opens no other. What each needs stands in the ladder.

use super::ladder::Protected;
use crate::kernel::account_act::AccountAct;

/// An act that needs a permit.
pub trait Guarded {
    /// The act on the wire and in the audit log.
    const NAME: &'static str;
    /// Its row in the ladder.
    const ACT: Protected;
}

/// Freeze an account in an emergency. A claim is enough: a freeze that was wrong can be undone, a theft cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreezeAccount;

impl Guarded for FreezeAccount {
    const NAME: &'static str = "freeze";
    const ACT: Protected = Protected::Freeze;
}

/// Learn the status and the expected time of a transaction the customer names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadTransaction;

impl Guarded for ReadTransaction {
    const NAME: &'static str = "transaction_status";
    const ACT: Protected = Protected::TransactionStatus;
}

/// Request money back for a transaction of the customer's. What executes it needs more: see `money`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestRefund;

impl Guarded for RequestRefund {
    const NAME: &'static str = "refund";
    const ACT: Protected = Protected::RequestRefund;
}

impl From<AccountAct> for Protected {
    fn from(act: AccountAct) -> Self {
        match act {
            AccountAct::SendLink => Self::SendLink,
            AccountAct::Unlock => Self::UnlockFailedLogins,
            AccountAct::ResetPassword => Self::ResetPassword,
            // Both take away and give nothing; a freeze alone would need less.
            AccountAct::RevokeSessions | AccountAct::SecureAccount => Self::RevokeSessions,
            AccountAct::EnrolFactor => Self::EnrolFactor,
            AccountAct::CloseAccount | AccountAct::KeepOpen => Self::CloseAccount,
            AccountAct::UnlockFraud => Self::UnlockFraud,
        }
    }
}
