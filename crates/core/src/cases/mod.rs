//! Cases: what stays open after a contact, under a reference that the customer was given.

mod callback;
mod case;
mod clock;
mod credit;
mod reference;
mod regime;
mod statement;
mod upload;

pub use callback::{Callback, CallbackRefusal, CallbackState};
pub use case::{Case, CaseKind, CaseState, Grounds, Keep, Keeps, NewCase};
pub use clock::{
    Alert, Clock, ClockAct, ClockRefusal, End, Ended, Extended, Pause, Phase, Reckoned, Status, next_deadline, status,
};
pub use credit::{Credit, CreditAct, CreditRefusal, CreditState, Creditor};
pub use reference::{BadReference, Reference};
pub use regime::{BadRegime, BadTerm, CountsFrom, CreditRule, Extension, Needs, Regime, Rule, Term, Terms};
pub use statement::{BadStatement, Demanded, Statement, TEXT_CHARS_MAX, Told, Typed};
pub use upload::{
    Arrived, CASE_BYTES_MAX, FileKind, HEAD_BYTES, LOOKS_MAX, UPLOAD_BYTES_MAX, UPLOADS_MAX, Upload, UploadRefusal, UploadState,
    Verdict,
};
