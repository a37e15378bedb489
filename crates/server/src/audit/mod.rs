//! The audit log's heads outside the database: signed, kept by a witness, and checked again. What is hashed is decided in the
//! core, when in `jobs/audit.rs`.

mod signing;
mod verify;
mod witness;

pub(crate) use signing::Signer;
pub(crate) use verify::{Report, verify};
pub(crate) use witness::Witness;
