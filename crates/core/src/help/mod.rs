//! Acts of a caller that cross areas: one file per act. Rulings over rows: who runs them loads the rows, commits what comes back,
//! and rules again when a row had changed meanwhile.

mod callback;
mod clocks;
mod complaint;
mod credit;
mod delivery;
mod expiry;
mod freeze;
mod record;
mod refund;
mod replay;
mod settle;
mod status;
mod watch;

pub use callback::{CallbackAsked, CallbackRows, TooManyCallbacks, request_callback};
pub use clocks::{Raised, end_clock, look_at_clock, rule_clock, start_clock};
pub use complaint::{Complaint, Report, Reported, is_transaction_number, take_complaint};
pub use credit::{creditor_of, rule_credit};
pub use delivery::{delivery_begun, delivery_named, delivery_put_back, delivery_reported};
pub use expiry::{NotOver, Stay, expire_recording};
pub use freeze::{FreezeRows, FreezeTaken, NewFreeze, take_freeze};
pub use refund::{
    NewErrands, RefundAsked, RefundNames, RefundRows, checker_of, follow_ruling, give_up_refund, lapse_refund, look_at_refund,
    maker_of, report_refund, take_refund, take_refund_evidence,
};
pub use replay::{Noted, replay_freeze};
pub use settle::{Settling, give_up_freeze, settle_freeze};
pub use status::{FollowUp, follow_up};
pub use watch::{Sight, WatchAsked, look_at_watch, watch};
