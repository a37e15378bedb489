//! Reads the header fields and bodies of SIP's extensions, as text that a stranger wrote: session timers (RFC 4028), reliable
//! provisional answers (RFC 3262), transfers (RFC 3515, RFC 3891) and keys in an INFO. Decides nothing, and never panics on any text.

use super::address::{SipUri, param, split_list, split_name_addr, unescape_user};

/// Extensions that a peer may require of us and that we tell of ours (RFC 3261 section 20.32 and 20.37).
pub(super) const SUPPORTED: &str = "100rel, timer, replaces, norefersub";

/// Longest session that anybody may ask for, in seconds: a day. Longer ones are as good as none.
const SESSION_MAX_S: u32 = 86_400;

/// Whether an option tag is one that we serve.
pub(super) fn is_supported(option: &str) -> bool {
    SUPPORTED.split(", ").any(|known| known.eq_ignore_ascii_case(option))
}

/// Who refreshes a session, as the request that is answered has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refresher {
    /// Whoever sent that request.
    Uac,
    /// Whoever answers it.
    Uas,
}

impl Refresher {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Uac => "uac",
            Self::Uas => "uas",
        }
    }
}

/// A Session-Expires (RFC 4028 section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionExpires {
    pub(crate) interval_s: u32,
    pub(crate) refresher: Option<Refresher>,
}

impl SessionExpires {
    /// `None` where no number of seconds stands first. What is longer than a day counts as a day.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        let (interval, params) = value.split_once(';').unwrap_or((value, ""));
        let refresher = match param(params, "refresher") {
            Some(name) if name.eq_ignore_ascii_case("uac") => Some(Refresher::Uac),
            Some(name) if name.eq_ignore_ascii_case("uas") => Some(Refresher::Uas),
            Some(_) | None => None,
        };
        Some(Self { interval_s: seconds(interval)?, refresher })
    }

    pub(crate) fn write(self) -> String {
        let refresher = self.refresher.map_or_else(String::new, |who| format!(";refresher={}", who.name()));
        format!("{}{refresher}", self.interval_s)
    }
}

/// A Min-SE (RFC 4028 section 5).
pub(crate) fn min_se(value: &str) -> Option<u32> {
    seconds(value.split(';').next()?)
}

fn seconds(text: &str) -> Option<u32> {
    number(text.trim()).map(|seconds| seconds.min(SESSION_MAX_S))
}

/// Digits alone: `parse` would take a sign as well. What does not fit is as large as can be.
fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u32::MAX))
}

/// An RAck: which reliable provisional answer a PRACK is for (RFC 3262 section 7.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RAck {
    pub(crate) rseq: u32,
    pub(crate) cseq: u32,
    pub(crate) method: String,
}

impl RAck {
    pub(crate) fn parse(value: &str) -> Option<Self> {
        let mut words = value.split_whitespace();
        let (rseq, cseq, method) = (number(words.next()?)?, number(words.next()?)?, words.next()?.to_owned());
        words.next().is_none().then_some(Self { rseq, cseq, method })
    }

    pub(crate) fn write(&self) -> String {
        format!("{} {} {}", self.rseq, self.cseq, self.method)
    }
}

/// An RSeq (RFC 3262 section 7.1).
pub(crate) fn rseq(value: &str) -> Option<u32> {
    number(value.trim()).filter(|number| *number > 0)
}

/// A Replaces: the dialog that a new call takes the place of, tags as whoever is asked has them (RFC 3891 section 6.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replaces {
    pub(crate) call_id: String,
    /// Our tag.
    pub(crate) to_tag: String,
    /// The far end's.
    pub(crate) from_tag: String,
    /// Only if that call is not answered yet.
    pub(crate) early_only: bool,
}

impl Replaces {
    /// `None` where the Call-ID or one of the tags is missing or stands twice.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        let (call_id, params) = value.split_once(';')?;
        let call_id = call_id.trim();
        let once = |name: &str| {
            let mut values = params.split(';').filter_map(|part| {
                let (key, value) = part.split_once('=')?;
                key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
            });
            let first = values.next().filter(|value| !value.is_empty())?;
            values.next().is_none().then(|| first.to_owned())
        };
        let plain = !call_id.is_empty() && !call_id.contains(char::is_whitespace);
        let early_only = param(params, "early-only").is_some();
        let (to_tag, from_tag) = (once("to-tag")?, once("from-tag")?);
        plain.then(|| Self { call_id: call_id.to_owned(), to_tag, from_tag, early_only })
    }

    pub(crate) fn write(&self) -> String {
        let early = if self.early_only { ";early-only" } else { "" };
        format!("{};to-tag={};from-tag={}{early}", self.call_id, self.to_tag, self.from_tag)
    }
}

/// A Refer-To: whom a transfer leads to (RFC 3515 section 2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReferTo {
    /// The user part, escapes read: a number, or the name of a phone.
    pub(crate) user: String,
    /// The call that is to be taken over, where one is named.
    pub(crate) replaces: Option<Replaces>,
}

/// Why a Refer-To is refused, as a SIP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadReferTo {
    /// Not one address, or one that names nobody.
    Malformed,
    /// A scheme that is not SIP's.
    Scheme,
    /// Another request than an INVITE is asked for.
    Method,
}

impl ReferTo {
    pub(crate) fn parse(value: &str) -> Result<Self, BadReferTo> {
        let [one] = split_list(value)[..] else { return Err(BadReferTo::Malformed) };
        let (uri, _) = split_name_addr(one).ok_or(BadReferTo::Malformed)?;
        let parsed = SipUri::parse(uri).ok_or(BadReferTo::Malformed)?;
        if !parsed.is_served() {
            return Err(BadReferTo::Scheme);
        }
        if param(parsed.params, "method").is_some_and(|method| !method.eq_ignore_ascii_case("INVITE")) {
            return Err(BadReferTo::Method);
        }
        let user = unescape_user(parsed.user);
        if user.is_empty() || user.contains(char::is_control) {
            return Err(BadReferTo::Malformed);
        }
        let replaces = match header_in(uri, "Replaces") {
            Some(value) => Some(Replaces::parse(&unescape_user(value)).ok_or(BadReferTo::Malformed)?),
            None => None,
        };
        Ok(Self { user, replaces })
    }
}

/// A header field that a URI asks for, still escaped (RFC 3261 section 19.1.1).
fn header_in<'a>(uri: &'a str, name: &str) -> Option<&'a str> {
    // An unescaped `?` may stand in the user part.
    let host = uri.rfind('@').map_or(0, |at| at + 1);
    let (_, headers) = uri[host..].split_once('?')?;
    headers.split('&').find_map(|field| {
        let (key, value) = field.split_once('=')?;
        unescape_user(key).eq_ignore_ascii_case(name).then_some(value)
    })
}

/// The key that an INFO tells of, by the type of its body: `application/dtmf-relay` has lines such as `Signal=5`, `application/dtmf`
/// the key alone. Keys are written as themselves, or as the numbers of RFC 4733 from 10 to 15. `None` for any other type or body.
pub(crate) fn info_key(content_type: &str, body: &[u8]) -> Option<char> {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    let body = std::str::from_utf8(body).ok()?;
    if kind.eq_ignore_ascii_case("application/dtmf") {
        return key(body);
    }
    if !kind.eq_ignore_ascii_case("application/dtmf-relay") {
        return None;
    }
    body.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        name.trim().eq_ignore_ascii_case("Signal").then(|| key(value))
    })?
}

fn key(text: &str) -> Option<char> {
    let text = text.trim();
    let named = match text {
        "10" => Some('*'),
        "11" => Some('#'),
        "12" => Some('A'),
        "13" => Some('B'),
        "14" => Some('C'),
        "15" => Some('D'),
        _ => None,
    };
    let mut chars = text.chars();
    let single = chars.next().filter(|_| chars.next().is_none()).map(|c| c.to_ascii_uppercase());
    named.or(single).filter(|key| "0123456789*#ABCD".contains(*key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_session_timers() {
        let read = |value| SessionExpires::parse(value).map(|read| (read.interval_s, read.refresher));
        assert_eq!(read("1800;refresher=uas"), Some((1800, Some(Refresher::Uas))));
        assert_eq!(read(" 90 ; Refresher = UAC ; x=y"), Some((90, Some(Refresher::Uac))));
        assert_eq!(read("99999999999;refresher=me"), Some((SESSION_MAX_S, None)));
        for bad in ["", "+90", "-1", "x", "1.5", ";refresher=uac"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!((min_se("120;x"), min_se("")), (Some(120), None));
    }

    #[test]
    fn reads_reliable_answers() {
        let wanted = RAck { rseq: 776_656, cseq: 1, method: "INVITE".to_owned() };
        assert_eq!(RAck::parse(" 776656 1  INVITE"), Some(wanted));
        for bad in ["", "1 INVITE", "1 2 INVITE x", "-1 2 INVITE"] {
            assert_eq!(RAck::parse(bad), None, "{bad}");
        }
        assert_eq!((rseq("0"), rseq("9"), rseq("x")), (None, Some(9), None));
    }

    #[test]
    fn reads_replaces() {
        let read = Replaces::parse("98@h ; from-tag=r; to-tag=7743;x=y;early-only").unwrap();
        assert_eq!((read.call_id.as_str(), read.to_tag.as_str(), read.from_tag.as_str()), ("98@h", "7743", "r"));
        assert!(read.early_only && Replaces::parse(&read.write()) == Some(read));
        for bad in ["98@h", "98@h;to-tag=1", ";to-tag=1;from-tag=2", "a;to-tag=1;to-tag=2;from-tag=3", "a b;to-tag=1;from-tag=2"]
        {
            assert_eq!(Replaces::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn reads_where_a_transfer_leads() {
        let read = |value| ReferTo::parse(value).map(|read| (read.user, read.replaces.map(|replaces| replaces.write())));
        assert_eq!(read("<sip:agent2@h;transport=tcp>"), Ok(("agent2".to_owned(), None)));
        assert_eq!(read("\"A, B\" <tel:+86190;phone-context=x>"), Ok(("+86190".to_owned(), None)));
        let attended = "<sip:8000@h?Require=replaces&Replaces=c1%40h%3Bto-tag%3Da%3Bfrom-tag%3Db>";
        assert_eq!(read(attended), Ok(("8000".to_owned(), Some("c1@h;to-tag=a;from-tag=b".to_owned()))));
        let cases = [
            ("", BadReferTo::Malformed),
            ("<sip:a@h>, <sip:b@h>", BadReferTo::Malformed),
            ("<sip:h>", BadReferTo::Malformed),
            ("<sip:a%0D%0AVia@h>", BadReferTo::Malformed),
            ("<sip:a@h?Replaces=c1>", BadReferTo::Malformed),
            ("<http://h/x>", BadReferTo::Scheme),
            ("<sip:a@h;method=BYE>", BadReferTo::Method),
        ];
        for (value, wanted) in cases {
            assert_eq!(read(value), Err(wanted), "{value}");
        }
    }

    #[test]
    fn reads_keys() {
        let cases = [
            ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", Some('5')),
            ("Application/DTMF-relay; x=y", "Duration=1\nsignal = 11", Some('#')),
            ("application/dtmf-relay", "Signal=a", Some('A')),
            ("application/dtmf", " * ", Some('*')),
            ("application/dtmf", "10", Some('*')),
            ("application/dtmf", "16", None),
            ("application/dtmf-relay", "5", None),
            ("application/sdp", "5", None),
        ];
        for (kind, body, wanted) in cases {
            assert_eq!(info_key(kind, body.as_bytes()), wanted, "{kind} {body}");
        }
    }
}
