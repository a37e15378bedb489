//! The rows of refunds: the refund itself, the decisions on it, and the sums it is held against.

pub(crate) mod approval;
pub(crate) mod guard;
pub(crate) mod refund;
