//! What RFC 3261's grammar allows where the transaction layer is stricter or laxer than it: white space around separators,
//! control characters in quoted pairs, the form of a Via, and what an Accept leaves us to answer with. Works on text as it came;
//! never panics, and looks at each byte a fixed number of times.

use super::head::Head;
use std::borrow::Cow;

/// The branch of a request whose sender forgot to put an identifier after RFC 3261's cookie.
const BARE_COOKIE: &str = "z9hG4bK";

/// What control characters a head holds, apart from its line ends and tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Controls {
    None,
    /// Only after a backslash, where a quoted string may have them (`quoted-pair`, section 25.1).
    Escaped,
    /// Where nothing may have them.
    Bare,
}

/// Finds the control characters of a head. A carriage return counts as one unless a line feed follows it.
pub(super) fn controls(head: &str) -> Controls {
    let bytes = head.as_bytes();
    let mut found = Controls::None;
    for (at, &byte) in bytes.iter().enumerate() {
        let belongs = match byte {
            b'\n' | b'\t' => true,
            b'\r' => bytes.get(at + 1).is_none_or(|&next| next == b'\n'),
            _ => byte >= 0x20,
        };
        if belongs {
            continue;
        }
        let escaped = byte != b'\r' && at.checked_sub(1).is_some_and(|before| bytes[before] == b'\\');
        if !escaped {
            return Controls::Bare;
        }
        found = Controls::Escaped;
    }
    found
}

/// A From, To or Via value without the white space that may stand around `;` and `=` (section 25.1). The transaction layer reads
/// `tag = x` as a parameter that it does not know, and would find no tag. Quoted strings and addresses in brackets stay as they are.
pub(super) fn tidied(value: &str) -> Cow<'_, str> {
    let is_blank = |byte: u8| matches!(byte, b' ' | b'\t');
    let is_separator = |byte: u8| matches!(byte, b';' | b'=');
    let loose = |pair: &[u8]| {
        let (first, second) = (pair[0], pair[1]);
        (is_blank(first) && is_separator(second)) || (is_separator(first) && is_blank(second))
    };
    if !value.as_bytes().windows(2).any(loose) {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let (mut quoted, mut escaped, mut angle) = (false, false, false);
    for c in value.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '<' if !quoted => angle = true,
            '>' if !quoted => angle = false,
            ';' | '=' if !quoted && !angle => out.truncate(out.trim_end_matches([' ', '\t']).len()),
            ' ' | '\t' if !quoted && !angle && out.ends_with([';', '=']) => continue,
            _ => {}
        }
        out.push(c);
    }
    Cow::Owned(out)
}

/// Why a Via field cannot be one: the status of the answer. Parameters and further values must not be empty, and a branch must say
/// more than that it is one. A field with a quoted string is left to the transaction layer.
pub(super) fn check_via(field: &str) -> Result<(), &'static str> {
    if field.contains('"') {
        return Ok(());
    }
    for value in field.split(',') {
        let mut parts = value.split(';');
        let sent = parts.next().unwrap_or_default();
        let mut words = sent.splitn(3, '/').map(str::trim);
        let (Some(name), Some(version), Some(sent_by)) = (words.next(), words.next(), words.next()) else {
            return Err("400 Bad Via");
        };
        // Transport and host.
        let two = sent_by.split_once([' ', '\t']).is_some_and(|(_, host)| !host.trim().is_empty());
        if name.is_empty() || version.is_empty() || !two || sent.contains('=') {
            return Err("400 Bad Via");
        }
        for part in parts {
            let (key, given) = part.split_once('=').unwrap_or((part, ""));
            if key.trim().is_empty() {
                return Err("400 Bad Via");
            }
            if key.trim().eq_ignore_ascii_case("branch") && given.trim().eq_ignore_ascii_case(BARE_COOKIE) {
                return Err("400 Bad Branch");
            }
        }
    }
    Ok(())
}

/// Whether an answer may carry SDP. Without an Accept it may (section 20.1).
pub(super) fn accepts_sdp(head: &Head<'_>) -> bool {
    let mut ranges = head.values("Accept").flat_map(|value| value.split(',')).peekable();
    if ranges.peek().is_none() {
        return true;
    }
    ranges.any(|range| {
        let range = range.split(';').next().unwrap_or_default().trim();
        ["application/sdp", "application/*", "*/*"].iter().any(|fit| range.eq_ignore_ascii_case(fit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_separators_goes_and_nothing_else() {
        let cases = [
            ("sip:a@h ;   tag    = 19", "sip:a@h;tag=19"),
            ("\"J ; = \\\" R\"  <sip:a@h ; x = y> ; tag = 9", "\"J ; = \\\" R\"  <sip:a@h ; x = y>;tag=9"),
            ("SIP / 2.0 / UDP h ; branch = z9hG4bKx", "SIP / 2.0 / UDP h;branch=z9hG4bKx"),
        ];
        for (value, wanted) in cases {
            assert_eq!(tidied(value), wanted);
        }
        assert!(matches!(tidied("\"a b\" <sip:a@h>;tag=9"), Cow::Borrowed(_)));
    }

    #[test]
    fn control_characters_belong_in_quoted_pairs_alone() {
        let cases = [
            ("A: b\r\nC: d\te", Controls::None),
            ("cut\r", Controls::None),
            ("T: \"\\\u{7} \\\0\"", Controls::Escaped),
            ("T: \"\\\u{7} \u{1}\"", Controls::Bare),
            ("T: a\rb", Controls::Bare),
            ("T: a\\\rb", Controls::Bare),
            ("\u{1}", Controls::Bare),
        ];
        for (head, wanted) in cases {
            assert_eq!(controls(head), wanted, "{head:?}");
        }
    }

    #[test]
    fn a_via_has_a_transport_a_host_and_no_empty_parameter() {
        for good in ["SIP/2.0/UDP h", "SIP / 2.0 / TCP  h:5060 ; branch = z9hG4bK1,SIP/2.0/UDP i;rport", "SIP/7.0/X h;branch=old"]
        {
            assert_eq!(check_via(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "SIP/2.0/UDP",
            "SIP/2.0/UDP h;;,;,,",
            "SIP/2.0/UDP h;",
            "SIP/2.0/UDP h,",
            "//UDP h",
            "SIP/2.0/UDP= h",
            "SIP/2.0/UDP h;=x",
        ] {
            assert_eq!(check_via(bad), Err("400 Bad Via"), "{bad}");
        }
        assert_eq!(check_via("SIP/2.0/UDP h;branch=z9hG4bK"), Err("400 Bad Branch"));
    }

    #[test]
    fn an_accept_without_sdp_leaves_nothing_to_answer_with() {
        let accepts = |field: &str| accepts_sdp(&Head::parse(&format!("INVITE sip:h SIP/2.0\r\n{field}")).unwrap());
        for good in ["X: y", "Accept: text/plain, Application/SDP;level=1", "accept: */*", "Accept: application/*"] {
            assert!(accepts(good), "{good}");
        }
        for bad in ["Accept: text/nobodyKnowsThis", "Accept:"] {
            assert!(!accepts(bad), "{bad}");
        }
    }
}
