//! Cases: what stays open after a contact, under a reference that the customer was given.

mod case;
mod reference;

pub use case::{Case, CaseKind, CaseState, NewCase};
pub use reference::{BadReference, Reference};
