//! Money that goes back: a refund from its request to its end, who may decide on it, how much may be given back of one transaction and
//! within one day. Pure rulings on rows. Nothing here moves money: what is decided is carried out by the outbox, under a key that was
//! durable first, and what came of it is ruled on here again.
//!
//! It must never name where money goes: a refund goes back where it came from, so there is no such field.

mod approval;
mod eligibility;
mod guard;
#[cfg(test)]
mod laws;
mod people;
mod policy;
mod refund;
mod resolution;
mod step_table;
mod worked;

pub use approval::{Approval, Verdict};
pub use eligibility::{Original, Unfit, judge};
pub use guard::{Held, Overdrawn, Source, Spent, SpentOn};
pub use people::{Certificates, Checker, Maker};
pub use policy::{Limits, Policy, Tier};
pub use refund::{Evidence, Guards, NewRefund, REFUND_KEPT, Refund, RefundRefusal, RefundTarget, Ruled};
pub use resolution::{Proposal, ResolvedAs};
pub use step_table::{Happening, State};
pub use worked::{Reported, Task};
