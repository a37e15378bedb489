//! The signalling from outside: engines on sockets of this machine, and peers that write their messages by hand. One file per area.
//! What counts the open files of its process is a program of its own: `sip_durability.rs`.

mod bad_input;
mod carrier;
mod control;
mod encryption;
mod incoming;
mod leak;
mod outgoing;
mod register;
mod reliable;
mod session;
#[path = "../sip_peer/mod.rs"]
mod sip_peer;
mod stream;
mod tls;
mod torture;
mod trunk_in;
mod trunk_out;
mod trunk_register;
