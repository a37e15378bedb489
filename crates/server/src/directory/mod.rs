//! The official directory outside the core: signed and published, looked up for strangers, checked as a partner checks it. What is
//! listed and what is answered is decided in the core; whatever the public sees is what was last signed.

mod advice;
mod check;
mod document;
pub(crate) mod jws;
mod numbers;
mod publish;
mod verify;

pub(crate) use advice::{advice, near_words};
pub(crate) use check::{CheckError, Checked};
pub use publish::{Directory, DirectoryError};
pub(crate) use verify::{Pins, Trust, Verified, verify};
