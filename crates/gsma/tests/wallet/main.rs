//! The sandbox and the client against each other over real connections on loopback, and both against the official OpenAPI file.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod access;
mod bad_answers;
mod callbacks;
mod changes;
mod control;
mod extension;
mod faults;
mod listener;
mod progress;
mod reads;
mod reversals;
mod rig;
mod spec;
