//! One file per act; each authenticates, loads, rules, commits, and answers.

pub(crate) mod app;
pub(super) mod audit;
pub(super) mod callbacks;
pub(super) mod cases;
pub(super) mod contacts;
pub(super) mod directory;
pub(super) mod gateways;
pub(super) mod health;
pub(super) mod look_ups;
pub(super) mod me;
pub(super) mod notes;
pub(super) mod offers;
pub(super) mod operations;
pub(super) mod password;
pub(super) mod public;
pub(super) mod session;
pub(super) mod staff;
pub(super) mod wrap_up;
