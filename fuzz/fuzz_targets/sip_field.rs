//! Header fields and bodies of SIP's extensions. What must hold is said in crates/voice/tests/parsers/mod.rs.

#![no_main]

#[path = "../../crates/voice/tests/parsers/mod.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|input: &[u8]| parsers::sip_field(input));
