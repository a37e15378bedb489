//! RTCP packets: the source of our stream, then what came. What must hold is said in crates/voice/tests/parsers/mod.rs.

#![no_main]

#[path = "../../crates/voice/tests/parsers/mod.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|input: &[u8]| parsers::rtcp(input));
