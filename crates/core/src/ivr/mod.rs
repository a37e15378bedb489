//! The menu: flows, their static check, the machine that runs one, and everything that can be said.

mod act;
mod callback;
pub mod check;
pub mod dialogue;
pub mod doors;
mod entry;
pub mod flow;
mod freeze;
mod pass;
pub mod phrases;
pub mod prompt;
mod refund;
pub mod run;
pub mod secure_entry;
pub mod speak;
pub mod speech;
mod status;
mod verify;
