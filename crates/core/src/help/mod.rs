//! Acts of a caller that cross areas: one file per act. Rulings over rows: who runs them loads the rows, commits what comes back,
//! and rules again when a row had changed meanwhile. Beside them what a call and a visit to the help pages share, and the visit.

mod act;
mod callback;
mod clocks;
mod complaint;
mod credit;
mod delivery;
mod expiry;
mod form;
mod freeze;
mod record;
mod refund;
mod replay;
mod second_person;
mod settle;
mod showing;
mod status;
mod visit;
mod watch;

pub use act::{ActRows, ActTaken, NewAct, NoAct, take_act};
pub use callback::{CallbackAsked, CallbackRows, TooManyCallbacks, request_callback};
pub use clocks::{Raised, end_clock, look_at_clock, rule_clock, start_clock};
pub use complaint::{Complaint, Report, Reported, is_transaction_number, take_complaint};
pub use credit::{CreditTold, creditor_of, rule_credit};
pub use delivery::{delivery_begun, delivery_named, delivery_put_back, delivery_reported};
pub use expiry::{NotOver, Stay, expire_recording};
pub use form::{Filing, FormSent, NotFiled, file_form};
pub use freeze::{FreezeRows, FreezeTaken, NewFreeze, take_freeze};
pub use refund::{
    NewErrands, RefundAsked, RefundNames, RefundRows, checker_of, follow_ruling, give_up_refund, lapse_refund, look_at_refund,
    maker_of, report_refund, take_refund, take_refund_evidence,
};
pub use replay::{Noted, replay_freeze};
pub use second_person::{Decided, Decision, NotDecided, SecondPerson, WaitingRows, decide_act};
pub use settle::{Carried, FollowUps, Settling, give_up_act, settle_act};
pub(crate) use showing::Showing;
pub use status::{FollowUp, follow_up};
pub use visit::{Came, IDLE, NewVisit, NotAsked, QUESTIONS_MAX, Visit, Wish};
pub use watch::{Sight, WatchAsked, look_at_watch, watch};
