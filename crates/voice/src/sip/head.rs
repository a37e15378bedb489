//! Reads the head of a SIP datagram, just far enough to judge it and to answer it without any state: start line, header
//! fields, and where the body begins. Works on any bytes; never panics, never allocates more than the head's own size.

use std::borrow::Cow;

/// Most header fields in one message. Phones send 10 to 25, a call through several proxies about 40.
const FIELDS_MAX: usize = 128;

/// What a datagram says before its body.
#[derive(Debug)]
pub(super) struct Head<'a> {
    /// Request-Line or Status-Line.
    pub(super) start: &'a str,
    /// Header fields in order: name as written, value trimmed and unfolded.
    pub(super) fields: Vec<(&'a str, Cow<'a, str>)>,
}

/// Why a head cannot be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Its first line does not name SIP.
    NotSip,
    /// More header fields than any real message has.
    TooManyFields,
}

/// Splits a datagram at the blank line after the head. Without one everything is head, and the message is cut short.
pub(super) fn split(datagram: &[u8]) -> (&[u8], Option<&[u8]>) {
    match datagram.windows(4).position(|window| window == b"\r\n\r\n") {
        Some(at) => (&datagram[..at], Some(&datagram[at + 4..])),
        None => (datagram, None),
    }
}

/// The head as text. Bytes that are not UTF-8 are read as Latin-1, line by line: old exchanges send display names so, and the
/// transaction layer would lose that header and every one after it.
pub(super) fn text(head: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(head) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(head.len() + 16);
    for line in head.split_inclusive(|&byte| byte == b'\n') {
        match std::str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            Err(_) => text.extend(line.iter().map(|&byte| char::from(byte))),
        }
    }
    Cow::Owned(text)
}

impl<'a> Head<'a> {
    /// Reads the text of a head.
    pub(super) fn parse(text: &'a str) -> Result<Self, Unreadable> {
        let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        let start = lines.next().unwrap_or_default();
        if !(start.starts_with("SIP/") || start.contains(" SIP/")) {
            return Err(Unreadable::NotSip);
        }
        let mut fields: Vec<(&str, Cow<'_, str>)> = Vec::with_capacity(24);
        for line in lines {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    let value = value.to_mut();
                    value.push(' ');
                    value.push_str(line.trim());
                }
                continue;
            }
            let Some((name, value)) = line.split_once(':') else { continue };
            if fields.len() == FIELDS_MAX {
                return Err(Unreadable::TooManyFields);
            }
            fields.push((name.trim_end(), Cow::Borrowed(value.trim())));
        }
        Ok(Self { start, fields })
    }

    /// Every value of a field, by its full name; the compact form counts too (RFC 3261 section 7.3.3).
    pub(super) fn values<'s>(&'s self, name: &'static str) -> impl Iterator<Item = &'s str> {
        self.fields.iter().filter(move |(field, _)| is_named(field, name)).map(|(_, value)| value.as_ref())
    }

    /// The value of a field that stands once. `None` when it is absent or stands more than once with different values.
    pub(super) fn only(&self, name: &'static str) -> Option<&str> {
        let mut values = self.values(name);
        let first = values.next()?;
        values.all(|other| other == first).then_some(first)
    }
}

/// Whether a field as written is the field of this full name.
pub(super) fn is_named(field: &str, name: &str) -> bool {
    field.eq_ignore_ascii_case(name) || (field.len() == 1 && compact(name).is_some_and(|short| field.eq_ignore_ascii_case(short)))
}

fn compact(name: &str) -> Option<&'static str> {
    Some(match name {
        "Via" => "v",
        "From" => "f",
        "To" => "t",
        "Call-ID" => "i",
        "Contact" => "m",
        "Content-Length" => "l",
        "Content-Type" => "c",
        "Identity" => "y",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_folded_and_compact_fields() {
        let head = Head::parse("OPTIONS sip:h SIP/2.0\r\nv: a\r\n b\r\nX : 1\r\nno colon\r\nI: id").unwrap();
        assert_eq!(head.only("Via"), Some("a b"));
        assert_eq!(head.only("X"), Some("1"));
        assert_eq!(head.only("Call-ID"), Some("id"));
        assert_eq!(head.only("From"), None);
    }

    #[test]
    fn a_field_twice_is_no_single_field() {
        let head = Head::parse("OPTIONS sip:h SIP/2.0\r\nCSeq: 1 X\r\nCSeq: 2 X").unwrap();
        assert_eq!(head.only("CSeq"), None);
    }

    #[test]
    fn reads_latin_1_lines_beside_utf_8_lines() {
        assert_eq!(text(b"A: \xc3\xa9\r\nB: \xe9\r\n"), "A: é\r\nB: é\r\n");
    }
}
