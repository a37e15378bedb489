//! The sandbox and the client against each other over real connections on loopback, and both against the official OpenAPI file.

mod bad_answers;
mod callbacks;
mod changes;
mod control;
mod faults;
mod listener;
mod progress;
mod reads;
mod rig;
mod spec;
