//! Stands between the socket and the transaction layer: judges every raw datagram, repairs what old phones get wrong, answers
//! without any state what RFC 3261 wants answered, and drops the rest. What it lets through, the transaction layer can read
//! whole. Never answers an ACK or a response, never sends more than a little over what came in, never panics on any bytes.

use super::address::{SipUri, split_name_addr, tag};
use super::fields::{SUPPORTED, is_supported};
use super::grammar::{Controls, accepts_sdp, check_via, controls, tidied};
use super::head::{Head, is_named, split, text};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;

/// Longest datagram that is read. An INVITE through several proxies has 3–4 KiB; RFC 3261 wants more than 1,300 bytes on a
/// stream transport anyway.
pub(super) const DATAGRAM_BYTES_MAX: usize = 16 * 1024;

/// What we take, as `Allow` says it (RFC 3261 section 20.5).
pub(super) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, PRACK, REFER, REGISTER";

/// Longest method name that is answered. RFC 3261 sets no limit; RFC 4475 has one of 43 characters.
const METHOD_BYTES_MAX: usize = 64;

/// Methods that exist but are not served here (RFC 3261 section 8.2.1: 405, not 501).
const KNOWN_NOT_SERVED: [&str; 4] = ["SUBSCRIBE", "NOTIFY", "PUBLISH", "MESSAGE"];
const SERVED: [&str; 10] = ["INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "UPDATE", "INFO", "PRACK", "REFER", "REGISTER"];

/// What becomes of a datagram.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict<'a> {
    /// A message the transaction layer can read, perhaps repaired.
    Pass(Cow<'a, [u8]>),
    /// A refusal or an answer that needs no state, to be sent where the datagram came from.
    Answer(Vec<u8>),
    /// Nothing: garbage, a keepalive, or something that must not be answered.
    Drop,
}

/// A status line with the fields that go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal<'a> {
    /// For example `400 Bad CSeq`.
    pub(super) status: &'a str,
    /// Further header fields.
    pub(super) fields: &'a [(&'a str, &'a str)],
}

/// The judge of datagrams.
#[derive(Debug, Default)]
pub(super) struct Guard {
    /// Makes the To tag of stateless answers: the same for a retransmission, unknown to strangers.
    tags: RandomState,
}

impl Guard {
    /// Judges one datagram.
    pub(super) fn judge<'a>(&self, datagram: &'a [u8], source: SocketAddr) -> Verdict<'a> {
        if datagram.len() > DATAGRAM_BYTES_MAX || datagram.iter().all(u8::is_ascii_whitespace) {
            return Verdict::Drop;
        }
        let (raw_head, body) = split(datagram);
        let head_text = text(raw_head);
        // A control character has no business in a head. In a quoted pair it may be answered, but it gets no further.
        let controls = controls(&head_text);
        if controls == Controls::Bare {
            return Verdict::Drop;
        }
        let Ok(head) = Head::parse(&head_text) else { return Verdict::Drop };
        let judged = if head.start.starts_with("SIP/") {
            judge_response(&head, body, controls)
        } else {
            self.judge_request(&head, body, controls, source)
        };
        match judged {
            Judged::Drop => Verdict::Drop,
            Judged::Answer(answer) => Verdict::Answer(answer),
            Judged::Pass { has_length } => {
                let as_read = matches!(head_text, Cow::Borrowed(_)) && !head.fields.iter().any(is_loose);
                if has_length && as_read {
                    return Verdict::Pass(Cow::Borrowed(datagram));
                }
                Verdict::Pass(Cow::Owned(rewrite(&head, body.unwrap_or_default(), has_length)))
            }
        }
    }

    /// Answers the request in a datagram that passed, after all: for limits that are checked later, before any state is made.
    pub(super) fn refuse(&self, datagram: &[u8], source: SocketAddr, refusal: Refusal<'_>) -> Option<Vec<u8>> {
        let head_text = text(split(datagram).0);
        self.answer(&Head::parse(&head_text).ok()?, source, refusal)
    }

    fn judge_request(&self, head: &Head<'_>, body: Option<&[u8]>, controls: Controls, source: SocketAddr) -> Judged {
        let method = head.start.split(' ').next().unwrap_or_default();
        let refusal = match check_request(head, method, body) {
            Ok(_) if controls == Controls::Escaped && method == "ACK" => return Judged::Drop,
            Ok(_) if controls == Controls::Escaped => "400 Control Character",
            Ok(has_length) => return Judged::Pass { has_length },
            // An ACK is never answered (RFC 3261 section 17).
            Err(_) if method == "ACK" || !is_token(method) => return Judged::Drop,
            Err(refusal) => refusal,
        };
        let unsupported = unsupported(head).collect::<Vec<_>>().join(", ");
        let fields: &[(&str, &str)] = match refusal {
            "405 Method Not Allowed" | "501 Not Implemented" => &[("Allow", ALLOW)],
            "200 OK" => &[("Allow", ALLOW), ("Accept", "application/sdp"), ("Supported", SUPPORTED)],
            "406 Not Acceptable" => &[("Warning", "399 walletline \"an INVITE is answered with application/sdp\"")],
            "415 Unsupported Media Type" => &[("Accept", "application/sdp"), ("Accept-Encoding", "identity")],
            "420 Bad Extension" => &[("Unsupported", &unsupported)],
            _ => &[],
        };
        self.answer(head, source, Refusal { status: refusal, fields }).map_or(Judged::Drop, Judged::Answer)
    }

    fn answer(&self, head: &Head<'_>, source: SocketAddr, refusal: Refusal<'_>) -> Option<Vec<u8>> {
        let mut out = format!("SIP/2.0 {}\r\n", refusal.status);
        let mut vias = head.values("Via");
        let _ = write!(out, "Via: {}\r\n", via_with_source(vias.next()?, source));
        vias.for_each(|via| {
            let _ = write!(out, "Via: {via}\r\n");
        });
        for name in ["From", "To", "Call-ID", "CSeq"] {
            let Some(value) = head.values(name).next() else { continue };
            let _ = write!(out, "{name}: {value}");
            if name == "To" && tag(value).is_none() {
                let seed = (head.values("Call-ID").next(), head.values("From").next(), head.values("Via").next());
                let _ = write!(out, ";tag={:016x}", self.tags.hash_one(seed));
            }
            out.push_str("\r\n");
        }
        for (name, value) in refusal.fields {
            let _ = write!(out, "{name}: {value}\r\n");
        }
        out.push_str("Content-Length: 0\r\n\r\n");
        Some(out.into_bytes())
    }
}

enum Judged {
    Pass { has_length: bool },
    Answer(Vec<u8>),
    Drop,
}

fn judge_response(head: &Head<'_>, body: Option<&[u8]>, controls: Controls) -> Judged {
    let complete = controls == Controls::None
        && head.values("Via").next().is_some()
        && head.only("From").and_then(tag).is_some()
        && ["To", "Call-ID", "CSeq"].iter().all(|name| head.only(name).is_some());
    match (complete, content_length(head, body)) {
        (true, Ok(has_length)) => Judged::Pass { has_length },
        _ => Judged::Drop,
    }
}

/// Whether a field would be read amiss for the white space around its separators.
fn is_loose((name, value): &(&str, Cow<'_, str>)) -> bool {
    is_tidied(name) && matches!(tidied(value), Cow::Owned(_))
}

/// The fields whose parameters the transaction layer reads.
fn is_tidied(name: &str) -> bool {
    ["Via", "From", "To"].iter().any(|full| is_named(name, full))
}

/// The message as the transaction layer reads it: in UTF-8, unfolded, with a length, and no white space around separators.
fn rewrite(head: &Head<'_>, body: &[u8], has_length: bool) -> Vec<u8> {
    let mut message = format!("{}\r\n", head.start);
    for (name, value) in &head.fields {
        let value = if is_tidied(name) { tidied(value) } else { Cow::Borrowed(value.as_ref()) };
        let _ = write!(message, "{name}: {}\r\n", value.trim());
    }
    if !has_length {
        let _ = write!(message, "Content-Length: {}\r\n", body.len());
    }
    message.push_str("\r\n");
    let mut message = message.into_bytes();
    message.extend_from_slice(body);
    message
}

/// `Ok` says whether a usable Content-Length is there; `Err` is the status of the answer.
fn check_request(head: &Head<'_>, method: &str, body: Option<&[u8]>) -> Result<bool, &'static str> {
    let mut words = head.start.split(' ');
    let (Some(_), Some(uri), Some(version), None) = (words.next(), words.next(), words.next(), words.next()) else {
        return Err("400 Bad Request-Line");
    };
    if version != "SIP/2.0" {
        return Err("505 Version Not Supported");
    }
    check_fields(head, method)?;
    let has_length = content_length(head, body)?;
    if !SERVED.contains(&method) {
        return Err(if KNOWN_NOT_SERVED.contains(&method) { "405 Method Not Allowed" } else { "501 Not Implemented" });
    }
    let uri = SipUri::parse(uri).ok_or("400 Bad Request-URI")?;
    if !uri.is_served() {
        return Err("416 Unsupported URI Scheme");
    }
    if matches!(method, "ACK" | "CANCEL") {
        return Ok(has_length);
    }
    if unsupported(head).next().is_some() {
        return Err("420 Bad Extension");
    }
    if matches!(method, "INVITE" | "UPDATE" | "PRACK") && body.is_some_and(|body| !body.is_empty()) && !is_plain_sdp(head) {
        return Err("415 Unsupported Media Type");
    }
    if matches!(method, "INVITE" | "UPDATE") && !accepts_sdp(head) {
        return Err("406 Not Acceptable");
    }
    if method == "OPTIONS" && head.only("To").and_then(tag).is_none() {
        return Err("200 OK");
    }
    Ok(has_length)
}

fn check_fields(head: &Head<'_>, method: &str) -> Result<(), &'static str> {
    check_via(head.values("Via").next().ok_or("400 Missing Via")?)?;
    let from = head.only("From").ok_or("400 Missing or Repeated From")?;
    tag(from).ok_or("400 From Without Tag")?;
    let to = head.only("To").ok_or("400 Missing or Repeated To")?;
    split_name_addr(to).ok_or("400 Bad To")?;
    head.only("Call-ID").filter(|id| !id.is_empty()).ok_or("400 Missing or Repeated Call-ID")?;
    let cseq = head.only("CSeq").ok_or("400 Missing or Repeated CSeq")?;
    let mut words = cseq.split_whitespace();
    // RFC 3261 section 8.1.1.5: below 2**31.
    let number = words.next().and_then(|number| number.parse::<u32>().ok()).filter(|number| *number < 1 << 31);
    if number.is_none() || words.next() != Some(method) || words.next().is_some() {
        return Err("400 Bad CSeq");
    }
    if head.values("Max-Forwards").any(|hops| hops.parse::<u8>().is_err()) {
        return Err("400 Bad Max-Forwards");
    }
    Ok(())
}

/// Whether there is a Content-Length, which then fits the body (RFC 3261 section 18.3: a longer body is cut, a shorter is an
/// error). UDP may go without; then the rest of the datagram is the body.
fn content_length(head: &Head<'_>, body: Option<&[u8]>) -> Result<bool, &'static str> {
    let body = body.ok_or("400 Message Cut Short")?;
    if head.values("Content-Length").next().is_none() {
        return Ok(false);
    }
    let length = head.only("Content-Length").and_then(|length| length.parse::<usize>().ok()).ok_or("400 Bad Content-Length")?;
    if length > body.len() { Err("400 Body Cut Short") } else { Ok(true) }
}

/// The extensions that a request requires and that we do not serve.
fn unsupported<'a>(head: &'a Head<'_>) -> impl Iterator<Item = &'a str> {
    let required = head.values("Require").flat_map(|value| value.split(',')).map(str::trim);
    required.filter(|option| !option.is_empty() && !is_supported(option))
}

fn is_plain_sdp(head: &Head<'_>) -> bool {
    let kind = head.only("Content-Type").map(|kind| kind.split(';').next().unwrap_or_default().trim());
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/sdp"))
        && head.values("Content-Encoding").all(|coding| coding.eq_ignore_ascii_case("identity"))
}

/// A method name of RFC 3261's grammar; anything else is not worth an answer.
fn is_token(text: &str) -> bool {
    (1..=METHOD_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&byte))
}

/// The topmost Via as it goes back: with the address it came from (RFC 3261 section 18.2.1, RFC 3581 section 4).
fn via_with_source(via: &str, source: SocketAddr) -> String {
    let (first, rest) = via.split_once(',').map_or((via, None), |(first, rest)| (first, Some(rest)));
    let mut out = String::with_capacity(via.len() + 48);
    for (at, part) in first.split(';').enumerate() {
        let name = part.split('=').next().unwrap_or_default().trim();
        if at > 0 && (name.eq_ignore_ascii_case("rport") || name.eq_ignore_ascii_case("received")) {
            continue;
        }
        if at > 0 {
            out.push(';');
        }
        out.push_str(part.trim());
    }
    let _ = write!(out, ";received={};rport={}", source.ip(), source.port());
    if let Some(rest) = rest {
        let _ = write!(out, ",{rest}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SOURCE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 9)), 1024);

    fn request(method: &str, change: impl Fn(&mut Vec<String>), body: &str) -> Vec<u8> {
        let mut lines = vec![
            format!("{method} sip:8000@127.0.0.1 SIP/2.0"),
            "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKx;rport".to_owned(),
            "From: <sip:1@10.0.0.1>;tag=f".to_owned(),
            "To: <sip:8000@127.0.0.1>".to_owned(),
            "Call-ID: c1".to_owned(),
            format!("CSeq: 1 {method}"),
            format!("Content-Length: {}", body.len()),
        ];
        change(&mut lines);
        format!("{}\r\n\r\n{body}", lines.join("\r\n")).into_bytes()
    }

    fn status(verdict: &Verdict<'_>) -> String {
        match verdict {
            Verdict::Pass(_) => "pass".to_owned(),
            Verdict::Drop => "drop".to_owned(),
            Verdict::Answer(answer) => String::from_utf8_lossy(answer)[8..11].to_owned(),
        }
    }

    #[test]
    fn judges_requests_as_rfc_3261_says() {
        type Change = fn(&mut Vec<String>);
        let cases: [(&str, &str, Change, &str, &str); 27] = [
            ("plain", "INVITE", |_| (), "", "pass"),
            ("ack", "ACK", |_| (), "", "pass"),
            ("ack without CSeq", "ACK", |l| drop(l.remove(5)), "", "drop"),
            ("no Via", "INVITE", |l| drop(l.remove(1)), "", "drop"),
            ("no From", "INVITE", |l| drop(l.remove(2)), "", "400"),
            ("no From tag", "INVITE", |l| l[2] = "From: <sip:1@h>".to_owned(), "", "400"),
            ("no Call-ID", "BYE", |l| drop(l.remove(4)), "", "400"),
            ("wrong CSeq method", "BYE", |l| l[5] = "CSeq: 1 INVITE".to_owned(), "", "400"),
            ("CSeq too large", "BYE", |l| l[5] = "CSeq: 2147483648 BYE".to_owned(), "", "400"),
            ("two To", "BYE", |l| l.push("To: <sip:x@h>".to_owned()), "", "400"),
            ("length beyond the body", "INVITE", |l| l[6] = "l: 99".to_owned(), "v=0", "400"),
            ("version", "INVITE", |l| l[0] = "INVITE sip:8000@h SIP/7.0".to_owned(), "", "505"),
            ("space in the URI", "INVITE", |l| l[0] = "INVITE sip:80 00@h SIP/2.0".to_owned(), "", "400"),
            ("scheme", "INVITE", |l| l[0] = "INVITE soap:8000@h SIP/2.0".to_owned(), "", "416"),
            ("unknown method", "FROB", |_| (), "", "501"),
            ("method not served", "SUBSCRIBE", |_| (), "", "405"),
            ("required extension", "INVITE", |l| l.push("Require: timer, gruu".to_owned()), "", "420"),
            ("required extensions that we have", "INVITE", |l| l.push("Require: 100rel,Timer".to_owned()), "", "pass"),
            ("body that is not SDP", "INVITE", |l| l.push("Content-Type: text/plain".to_owned()), "hello", "415"),
            ("no SDP accepted", "INVITE", |l| l.push("Accept: text/plain".to_owned()), "", "406"),
            ("empty parts of a Via", "INVITE", |l| l[1] = "Via: SIP/2.0/UDP h;;,;".to_owned(), "", "400"),
            ("branch that is none", "BYE", |l| l[1] = "Via: SIP/2.0/UDP h;branch=z9hG4bK".to_owned(), "", "400"),
            ("name that never ends", "BYE", |l| l[3] = "To: \"open <sip:8000@h>".to_owned(), "", "400"),
            ("long method", "!interesting-Method0123456789_*+`.%indeed'~", |_| (), "", "501"),
            ("escaped control character", "INVITE", |l| l[3] = "To: \"\\\u{7}\" <sip:x@h>".to_owned(), "", "400"),
            ("OPTIONS", "OPTIONS", |_| (), "", "200"),
            ("OPTIONS in a dialog", "OPTIONS", |l| l[3] = "To: <sip:8000@h>;tag=t".to_owned(), "", "pass"),
        ];
        let guard = Guard::default();
        for (what, method, change, body, wanted) in cases {
            let datagram = request(method, change, body);
            assert_eq!(status(&guard.judge(&datagram, SOURCE)), wanted, "{what}");
        }
    }

    #[test]
    fn drops_what_is_not_worth_an_answer() {
        let guard = Guard::default();
        let oversized = request("INVITE", |l| l.push(format!("X: {}", "x".repeat(DATAGRAM_BYTES_MAX))), "");
        let many = request("INVITE", |l| l.extend((0..200).map(|n| format!("X-{n}: y"))), "");
        let control = request("INVITE", |l| l.push("X: \u{1}".to_owned()), "");
        for datagram in [&b"\r\n\r\n"[..], b"", b"\x16\x03\x01\x02\x00", b"GET / HTTP/1.1\r\n\r\n", &oversized, &many, &control] {
            assert_eq!(guard.judge(datagram, SOURCE), Verdict::Drop);
        }
    }

    #[test]
    fn an_answer_names_the_source_and_repeats_itself() {
        let guard = Guard::default();
        let datagram = request("FROB", |_| (), "");
        let Verdict::Answer(first) = guard.judge(&datagram, SOURCE) else { panic!("not answered") };
        assert_eq!(guard.judge(&datagram, SOURCE), Verdict::Answer(first.clone()));
        let text = String::from_utf8(first).unwrap();
        assert!(text.contains("Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKx;received=192.0.2.9;rport=1024\r\n"), "{text}");
        assert!(text.contains(&format!("Allow: {ALLOW}\r\n")) && text.contains("To: <sip:8000@127.0.0.1>;tag="), "{text}");
    }

    #[test]
    fn repairs_latin_1_and_a_missing_length() {
        let guard = Guard::default();
        let mut datagram = request("INVITE", |l| l.truncate(6), "");
        let at = datagram.windows(4).position(|w| w == b"From").unwrap();
        datagram.splice(at..at, b"Subject: caf\xe9\r\nContent-Type: application/sdp\r\n".iter().copied());
        datagram.extend_from_slice(b"v=0\r\n");
        let Verdict::Pass(repaired) = guard.judge(&datagram, SOURCE) else { panic!("not passed") };
        let text = std::str::from_utf8(&repaired).unwrap();
        assert!(text.contains("Subject: café\r\n") && text.contains("\r\nContent-Length: 5\r\n\r\nv=0\r\n"), "{text}");
        assert_eq!(guard.judge(&repaired, SOURCE), Verdict::Pass(Cow::Borrowed(&repaired[..])));
    }

    #[test]
    fn loose_separators_are_tightened_where_parameters_are_read() {
        let guard = Guard::default();
        let datagram = request("INVITE", |l| l[2] = "From: \"a ; b\" <sip:1@h> ;\r\n tag = f".to_owned(), "");
        let Verdict::Pass(repaired) = guard.judge(&datagram, SOURCE) else { panic!("not passed") };
        let text = std::str::from_utf8(&repaired).unwrap();
        assert!(text.contains("\r\nFrom: \"a ; b\" <sip:1@h>;tag=f\r\n"), "{text}");
        assert_eq!(guard.judge(&repaired, SOURCE), Verdict::Pass(Cow::Borrowed(&repaired[..])));
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = Guard::default().judge(&bytes, SOURCE);
        }

        #[test]
        fn a_damaged_request_never_makes_a_larger_answer_than_it_may(
            at in 0_usize..260, byte in any::<u8>(), cut in 0_usize..300,
        ) {
            let mut datagram = request("INVITE", |l| l.push("Contact: <sip:1@10.0.0.1>".to_owned()), "");
            let at = at.min(datagram.len() - 1);
            datagram[at] = byte;
            datagram.truncate(cut.max(1));
            if let Verdict::Answer(answer) = Guard::default().judge(&datagram, SOURCE) {
                prop_assert!(answer.starts_with(b"SIP/2.0 ") && answer.ends_with(b"\r\n\r\n"));
                prop_assert!(answer.len() < datagram.len() + 320);
            }
        }
    }
}
