//! The octets of a text message: the GSM alphabet where all of it fits, one octet a character, else UCS-2. A gateway cuts long ones.

use rusmpp::values::DataCoding;

/// GSM 03.38, the basic table, by code.
const BASIC: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å', 'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ',
    'Σ', 'Θ', 'Ξ', '\u{1b}', 'Æ', 'æ', 'ß', 'É', ' ', '!', '"', '#', '¤', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/',
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?', '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H',
    'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§', '¿', 'a',
    'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
    'ä', 'ö', 'ñ', 'ü', 'à',
];

/// What stands behind the escape.
const EXTENDED: [(char, u8); 10] = [
    ('\u{c}', 0x0a),
    ('^', 0x14),
    ('{', 0x28),
    ('}', 0x29),
    ('\\', 0x2f),
    ('[', 0x3c),
    ('~', 0x3d),
    (']', 0x3e),
    ('|', 0x40),
    ('€', 0x65),
];

const ESCAPE: u8 = 0x1b;

/// How the text is coded, and its octets.
pub(super) fn encode(text: &str) -> (DataCoding, Vec<u8>) {
    match gsm(text) {
        Some(octets) => (DataCoding::McSpecific, octets),
        None => (DataCoding::Ucs2, text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    }
}

fn gsm(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len());
    for c in text.chars() {
        if let Some((_, code)) = EXTENDED.iter().find(|(known, _)| *known == c) {
            octets.extend([ESCAPE, *code]);
        } else {
            let code = BASIC.iter().position(|known| *known == c && c != '\u{1b}')?;
            octets.push(u8::try_from(code).ok()?);
        }
    }
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_are_one_octet_a_character_and_others_two() {
        assert_eq!(encode("Your code is 493817."), (DataCoding::McSpecific, b"Your code is 493817.".to_vec()));
        assert_eq!(encode("@£è€"), (DataCoding::McSpecific, vec![0, 1, 4, 0x1b, 0x65]));
        assert_eq!(encode("码1"), (DataCoding::Ucs2, vec![0x78, 0x01, 0, 0x31]));
        assert_eq!(encode("`"), (DataCoding::Ucs2, vec![0, 0x60]), "not in the alphabet");
        assert_eq!(encode("😀").1.len(), 4, "a pair of surrogates");
    }

    #[test]
    fn the_alphabet_is_in_its_order() {
        for (c, code) in
            [('@', 0), ('Δ', 0x10), (' ', 0x20), ('0', 0x30), ('A', 0x41), ('Z', 0x5a), ('¿', 0x60), ('a', 0x61), ('à', 0x7f)]
        {
            assert_eq!(encode(&c.to_string()).1, [code], "{c}");
        }
    }
}
