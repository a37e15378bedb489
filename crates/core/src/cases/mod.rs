//! Cases: what stays open after a contact, under a reference that the customer was given.

mod callback;
mod case;
mod reference;

pub use callback::{Callback, CallbackRefusal, CallbackState};
pub use case::{Case, CaseKind, CaseState, Keep, Keeps, NewCase};
pub use reference::{BadReference, Reference};
