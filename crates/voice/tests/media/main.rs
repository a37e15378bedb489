//! The media plane from outside: phones and browsers on sockets of this machine, and what they hear. One file per area. What counts
//! the open files of its process (`media_leak.rs`) or measures its time (`media_cost.rs`) is a program of its own.

mod bridge;
mod browser;
mod codecs;
#[path = "../media_peers/mod.rs"]
mod media_peers;
mod mix;
mod recording;
mod rtcp;
mod rtp;
mod srtp;
