//! Bytes as hexadecimal digits: hashes, keys and signatures where people and files hold them. Not for secrets: it takes no care
//! of what it leaves in memory.

use std::fmt::Write as _;

/// The bytes as small hexadecimal digits.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a text never fails.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes that small hexadecimal digits stand for: exactly `N` of them, each written in the one way that [`encode`] writes.
#[must_use]
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

const fn digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_read_back_and_nothing_else_is_read() {
        assert_eq!(encode(&[0x00, 0x0F, 0xA5]), "000fa5");
        assert_eq!(decode("000fa5"), Some([0x00, 0x0F, 0xA5]));
        for text in ["", "000fa", "000fa50", "000FA5", "000fg5", "+00fa5", "000fé"] {
            assert_eq!(decode::<3>(text), None, "{text}");
        }
    }
}
