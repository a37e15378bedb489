//! What a certificate says of telephone numbers (RFC 8226), read from its DER by hand: no certificate library knows these extensions.
//! Reads only what a chain check has passed, believes no length, and never panics on any bytes.

/// The most bytes of a length that are read: a certificate that needs more is none that was fetched within the limit.
const LENGTH_BYTES_MAX: usize = 3;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const IA5_STRING: u8 = 0x16;
/// `[3] EXPLICIT` in a TBSCertificate (RFC 5280 section 4.1).
const EXTENSIONS: u8 = 0xA3;

/// id-pe-TNAuthList, 1.3.6.1.5.5.7.1.26.
const TN_AUTH_LIST: [u8; 8] = [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x1A];
/// id-pe-JWTClaimConstraints, 1.3.6.1.5.5.7.1.27, and id-pe-eJWTClaimConstraints, …33 (RFC 9118).
const CLAIM_CONSTRAINTS: [[u8; 8]; 2] =
    [[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x1B], [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x21]];

/// Whether a certificate may speak for a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Covers {
    /// It says nothing of numbers, or names the number, or a carrier, whose numbers are the carrier's business.
    Yes,
    /// It lists numbers, and this is none of them.
    No,
    /// It limits what may be signed with it, in a way that is not read here.
    Constrained,
    /// What it says cannot be read.
    Unreadable,
}

/// Whether this certificate may speak for a number, given as digits.
pub(super) fn covers(certificate: &[u8], number: &str) -> Covers {
    let Some(extensions) = extensions(certificate) else { return Covers::Unreadable };
    let mut answer = Covers::Yes;
    for (id, value) in extensions {
        if CLAIM_CONSTRAINTS.iter().any(|known| known == id) {
            return Covers::Constrained;
        }
        if id == TN_AUTH_LIST {
            answer = match lists(value, number) {
                Some(true) => Covers::Yes,
                Some(false) => Covers::No,
                None => return Covers::Unreadable,
            };
        }
    }
    answer
}

/// The extensions of a certificate: object identifier and value. None where it is not a certificate.
fn extensions(certificate: &[u8]) -> Option<Vec<(&[u8], &[u8])>> {
    let mut body = Reader(Reader(Reader(certificate).expect(SEQUENCE)?).expect(SEQUENCE)?);
    while !body.0.is_empty() {
        let (tag, value) = body.next()?;
        if tag != EXTENSIONS {
            continue;
        }
        let mut list = Reader(Reader(value).expect(SEQUENCE)?);
        let mut found = Vec::new();
        while !list.0.is_empty() {
            let mut extension = Reader(list.expect(SEQUENCE)?);
            let id = extension.expect(OBJECT_IDENTIFIER)?;
            // Whether it is critical stands between the two, when it does.
            let (tag, value) = extension.next()?;
            let value = if tag == OCTET_STRING { value } else { extension.expect(OCTET_STRING)? };
            found.push((id, value));
        }
        return Some(found);
    }
    Some(Vec::new())
}

/// Whether a TNAuthorizationList (RFC 8226 section 9) covers a number.
fn lists(value: &[u8], number: &str) -> Option<bool> {
    let mut list = Reader(Reader(value).expect(SEQUENCE)?);
    let mut covered = false;
    let mut entries = 0_usize;
    while !list.0.is_empty() {
        entries += 1;
        let (tag, entry) = list.next()?;
        covered |= match tag {
            // A service provider code: a carrier's certificate. Which numbers are the carrier's is known to registries alone.
            0xA0 => Reader(entry).expect(IA5_STRING).map(|code| !code.is_empty())?,
            0xA1 => {
                let mut range = Reader(Reader(entry).expect(SEQUENCE)?);
                let (first, count) = (range.expect(IA5_STRING)?, range.expect(INTEGER)?);
                is_in_range(number, std::str::from_utf8(first).ok()?, count)?
            }
            0xA2 => Reader(entry).expect(IA5_STRING)? == number.as_bytes(),
            _ => return None,
        };
    }
    (entries > 0).then_some(covered)
}

/// As many numbers from the first one on; they are as long as it.
fn is_in_range(number: &str, first: &str, count: &[u8]) -> Option<bool> {
    if count.is_empty() || count.len() > 7 || count[0] & 0x80 != 0 {
        return None;
    }
    let count = count.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let (Ok(asked), Ok(from)) = (number.parse::<u64>(), first.parse::<u64>()) else { return Some(false) };
    Some(number.len() == first.len() && asked.checked_sub(from).is_some_and(|distance| distance < count))
}

/// Elements one after the other.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The next element's tag and content; none where it is cut short, has a tag of several bytes or a length that DER forbids.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        if tag & 0x1F == 0x1F {
            return None;
        }
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let bytes = usize::from(first & 0x7F);
            if !(1..=LENGTH_BYTES_MAX).contains(&bytes) || rest.len() < bytes {
                return None;
            }
            let (bytes, rest) = rest.split_at(bytes);
            (bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        };
        let content = rest.get(..length)?;
        self.0 = &rest[length..];
        Some((tag, content))
    }

    fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, content)| content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
    }

    fn one(number: &str) -> Vec<u8> {
        element(0xA2, &element(IA5_STRING, number.as_bytes()))
    }

    fn range(first: &str, count: &[u8]) -> Vec<u8> {
        let both = [element(IA5_STRING, first.as_bytes()), element(INTEGER, count)].concat();
        element(0xA1, &element(SEQUENCE, &both))
    }

    fn carrier(code: &str) -> Vec<u8> {
        element(0xA0, &element(IA5_STRING, code.as_bytes()))
    }

    #[test]
    fn a_list_covers_its_numbers_its_ranges_and_all_of_a_carrier() {
        let list = |entries: &[Vec<u8>]| element(SEQUENCE, &entries.concat());
        for (list, number, covered) in [
            (list(&[one("12155550112")]), "12155550112", Some(true)),
            (list(&[one("12155550112")]), "12155550113", Some(false)),
            (list(&[range("12155550100", &[100])]), "12155550100", Some(true)),
            (list(&[range("12155550100", &[100])]), "12155550199", Some(true)),
            (list(&[range("12155550100", &[100])]), "12155550200", Some(false)),
            (list(&[range("12155550100", &[1, 0])]), "12155550355", Some(true)),
            (list(&[range("12155550100", &[100])]), "12155550099", Some(false)),
            (list(&[range("0100", &[100])]), "100", Some(false)),
            (list(&[range("*100", &[100])]), "100", Some(false)),
            (list(&[carrier("709J")]), "12155550112", Some(true)),
            (list(&[one("1"), carrier("709J")]), "2", Some(true)),
            (list(&[]), "1", None),
            (list(&[carrier("")]), "1", Some(false)),
            (list(&[element(0xA3, &[])]), "1", None),
            (list(&[range("1", &[0x80])]), "1", None),
            (list(&[range("1", &[])]), "1", None),
            (one("1"), "1", None),
            (vec![SEQUENCE, 9, 0], "1", None),
        ] {
            assert_eq!(lists(&list, number), covered, "{list:?} {number}");
        }
    }

    #[test]
    fn damaged_bytes_are_unreadable_and_nothing_worse() {
        let extension = |id: &[u8], value: &[u8]| {
            let parts = [element(OBJECT_IDENTIFIER, id), element(0x01, &[0xFF]), element(OCTET_STRING, value)].concat();
            element(SEQUENCE, &parts)
        };
        let certificate = |extensions: &[Vec<u8>]| {
            let extensions = element(EXTENSIONS, &element(SEQUENCE, &extensions.concat()));
            let body = element(SEQUENCE, &[element(INTEGER, &[1]), extensions].concat());
            element(SEQUENCE, &body)
        };
        let whole = certificate(&[extension(&TN_AUTH_LIST, &element(SEQUENCE, &one("1")))]);
        assert_eq!((covers(&whole, "1"), covers(&whole, "2")), (Covers::Yes, Covers::No));
        assert_eq!(covers(&certificate(&[]), "1"), Covers::Yes);
        for id in CLAIM_CONSTRAINTS {
            assert_eq!(covers(&certificate(&[extension(&id, &[])]), "1"), Covers::Constrained);
        }
        for at in 0..whole.len() {
            assert_eq!(covers(&whole[..at], "1"), Covers::Unreadable, "cut at {at}");
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << bit;
                let _ = covers(&damaged, "1");
            }
        }
    }
}
