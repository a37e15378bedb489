//! Random bytes from the operating system: tags, branches, nonces, leg ids. Nothing here may be replaced by a seeded source,
//! because whoever guesses a tag or a nonce can end a call or register in another's name.

use std::fmt::Write as _;

/// Fills `bytes`.
///
/// # Panics
/// When the operating system has no random bytes; it had some when the program started.
pub(crate) fn fill(bytes: &mut [u8]) {
    #[expect(clippy::expect_used, reason = "without random bytes no call can be protected; stopping this one is right")]
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}

/// 96 random bits as hexadecimal text: long enough that no two tags or branches ever meet.
pub(crate) fn token() -> String {
    let mut bytes = [0_u8; 12];
    fill(&mut bytes);
    bytes.iter().fold(String::with_capacity(24), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
