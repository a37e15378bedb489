//! What the tests of the live core stand on: a small world, the shipped one, and a rig that drives a switchboard with a clock of
//! its own and checks after every step what must always hold.

pub(crate) mod driver;
mod outside;
pub(crate) mod world;
