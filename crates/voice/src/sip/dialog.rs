//! The state of a SIP dialog (RFC 3261 section 12) as plain values, and the requests made from it. The same code makes the BYE
//! of a live leg and that of a leg which an earlier process left behind, so a stored [`DialogRecord`] is always enough.

use super::address::{param, split_list, split_name_addr, tag, without_headers};
use super::peer::{Hop, Peer};
use super::stack::{Stack, header};
use crate::DialogRecord;
use rsipstack::sip::{Header, Headers, HeadersExt, Method, Request, Response};

/// Left between a live dialog's CSeq and its record's: more requests than one leg sends of its own accord, which is about one every
/// quarter of an hour for the session timer.
const CSEQ_RESERVE: u32 = 1024;

/// One dialog, seen from our side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialog {
    pub(super) call_id: String,
    /// Our From or To value, tag included.
    pub(super) local: String,
    /// Theirs.
    pub(super) remote: String,
    pub(super) remote_tag: String,
    /// Their Contact.
    pub(super) remote_target: String,
    /// Route values, nearest first.
    pub(super) routes: Vec<String>,
    /// The last CSeq we used.
    pub(super) local_cseq: u32,
    /// The CSeq of the INVITE that made the dialog, where it was ours; 0 in a dialog that they began.
    pub(super) invite_cseq: u32,
    /// The highest CSeq they used; none before their first request.
    pub(super) remote_cseq: Option<u32>,
    /// Where their last message came from.
    pub(super) peer: Peer,
}

impl Dialog {
    /// The dialog that an INVITE with our tag already in its To makes. `None` without a usable Contact.
    pub(super) fn from_invite(invite: &Request, peer: Peer) -> Option<Self> {
        let (local, remote) = (invite.to_header().ok()?.value().to_owned(), invite.from_header().ok()?.value().to_owned());
        Some(Self {
            call_id: invite.call_id_header().ok()?.value().to_owned(),
            remote_tag: tag(&remote)?.to_owned(),
            remote_target: contact_uri(invite)?,
            routes: record_routes(invite),
            local_cseq: 0,
            invite_cseq: 0,
            remote_cseq: Some(cseq(invite)?),
            local,
            remote,
            peer,
        })
    }

    /// The dialog that a 2xx to our INVITE makes. `None` without a tag or a usable Contact.
    pub(super) fn from_answer(invite: &Request, answer: &Response, peer: Peer) -> Option<Self> {
        let remote = answer.to_header().ok()?.value().to_owned();
        let mut routes = record_routes(answer);
        routes.reverse();
        Some(Self {
            call_id: invite.call_id_header().ok()?.value().to_owned(),
            local: invite.from_header().ok()?.value().to_owned(),
            remote_tag: tag(&remote)?.to_owned(),
            remote_target: contact_uri(answer)?,
            routes,
            local_cseq: cseq(invite)?,
            invite_cseq: cseq(invite)?,
            remote_cseq: None,
            remote,
            peer,
        })
    }

    /// The dialog of an earlier process.
    pub(super) fn from_record(record: DialogRecord) -> Self {
        Self {
            remote_tag: tag(&record.remote).unwrap_or_default().to_owned(),
            call_id: record.call_id,
            local: record.local,
            remote: record.remote,
            remote_target: record.remote_target,
            routes: record.routes,
            local_cseq: record.next_cseq.saturating_sub(1),
            invite_cseq: 0,
            remote_cseq: None,
            peer: Peer { transport: record.transport, address: record.peer, flow: None },
        }
    }

    /// What a later process needs to end this dialog.
    pub(super) fn record(&self) -> DialogRecord {
        DialogRecord {
            call_id: self.call_id.clone(),
            local: self.local.clone(),
            remote: self.remote.clone(),
            remote_target: self.remote_target.clone(),
            routes: self.routes.clone(),
            next_cseq: self.local_cseq + CSEQ_RESERVE,
            peer: self.peer.address,
            transport: self.peer.transport,
        }
    }

    /// Takes the Contact of a re-INVITE or UPDATE, or of the answer to ours: the target of our next request.
    pub(super) fn refresh_target(&mut self, message: &impl HeadersExt) {
        if let Some(target) = contact_uri(message) {
            self.remote_target = target;
        }
    }

    /// The next request in this dialog.
    pub(super) fn request(&mut self, stack: &Stack, method: Method) -> Request {
        self.local_cseq += 1;
        self.request_with(stack, method, self.local_cseq)
    }

    /// The ACK of a 2xx: it carries the INVITE's CSeq number (RFC 3261 section 13.2.2.4).
    pub(super) fn ack(&self, stack: &Stack, invite_cseq: u32) -> Request {
        self.request_with(stack, Method::Ack, invite_cseq)
    }

    fn request_with(&self, stack: &Stack, method: Method, cseq: u32) -> Request {
        let (target, routes) = self.target_and_routes();
        let mut headers = routes.into_iter().map(|route| header("Route", route)).collect::<Vec<_>>();
        headers.extend([
            header("From", self.local.clone()),
            header("To", self.remote.clone()),
            header("Call-ID", self.call_id.clone()),
            header("CSeq", format!("{cseq} {method}")),
        ]);
        stack.request(self.hop(stack).transport, method, &target, headers)
    }

    /// Request-URI and Route values: loose routing as a rule, strict where the first hop knows no other (section 12.2.1.1).
    fn target_and_routes(&self) -> (String, Vec<String>) {
        let first = self.routes.first().and_then(|route| split_name_addr(route)).map(|(uri, _)| uri);
        match first {
            Some(uri) if param(uri.split_once(';').map_or("", |(_, params)| params), "lr").is_none() => {
                let rest = self.routes[1..].iter().cloned().chain([format!("<{}>", self.remote_target)]);
                (uri.to_owned(), rest.collect())
            }
            _ => (self.remote_target.clone(), self.routes.clone()),
        }
    }

    /// Where the next request goes.
    pub(super) fn hop(&self, stack: &Stack) -> Hop {
        stack.route(self.next_uri(), self.peer)
    }

    fn next_uri(&self) -> &str {
        let first = self.routes.first().and_then(|route| split_name_addr(route)).map(|(uri, _)| uri);
        first.unwrap_or(&self.remote_target)
    }
}

/// The CSeq number of a request, or of the request that a response answers.
pub(super) fn cseq(message: &impl HeadersExt) -> Option<u32> {
    message.cseq_header().ok()?.value().split_whitespace().next()?.parse().ok()
}

/// Every value of a header field, by its full name.
pub(super) fn values<'a>(headers: &'a Headers, name: &'a str) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |field| field.name().eq_ignore_ascii_case(name)).map(|field| field.value().trim())
}

/// The first value of a header field.
pub(super) fn field<'a>(headers: &'a Headers, name: &'a str) -> Option<&'a str> {
    values(headers, name).next()
}

/// Whether a field that lists names, such as Supported or Allow, has this one.
pub(super) fn has_option(headers: &Headers, name: &str, option: &str) -> bool {
    values(headers, name).flat_map(|value| value.split(',')).any(|listed| listed.trim().eq_ignore_ascii_case(option))
}

fn contact_uri(message: &impl HeadersExt) -> Option<String> {
    let contact = message.contact_header().ok()?;
    split_name_addr(split_list(contact.value()).first()?).map(|(uri, _)| without_headers(uri).to_owned())
}

fn record_routes(message: &impl HeadersExt) -> Vec<String> {
    let fields = message.headers().iter().filter_map(|header| match header {
        Header::RecordRoute(route) => Some(route.value()),
        _ => None,
    });
    fields.flat_map(split_list).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialog(routes: &[&str]) -> Dialog {
        Dialog {
            call_id: "c1".to_owned(),
            local: "<sip:8000@us>;tag=l".to_owned(),
            remote: "<sip:1@them>;tag=r".to_owned(),
            remote_tag: "r".to_owned(),
            remote_target: "sip:1;x=y@192.0.2.1:5070;ob".to_owned(),
            routes: routes.iter().map(|&route| route.to_owned()).collect(),
            local_cseq: 7,
            invite_cseq: 0,
            remote_cseq: None,
            peer: Peer::udp("192.0.2.9:5060".parse().unwrap()),
        }
    }

    #[test]
    fn routes_loosely_and_strictly() {
        let loose = dialog(&["<sip:192.0.2.8;lr>", "<sip:192.0.2.7>"]);
        assert_eq!(loose.target_and_routes(), (loose.remote_target.clone(), loose.routes.clone()));
        assert_eq!(loose.next_uri(), "sip:192.0.2.8;lr");
        let strict = dialog(&["<sip:192.0.2.8>", "<sip:192.0.2.7;lr>"]);
        let routes = vec!["<sip:192.0.2.7;lr>".to_owned(), "<sip:1;x=y@192.0.2.1:5070;ob>".to_owned()];
        assert_eq!(strict.target_and_routes(), ("sip:192.0.2.8".to_owned(), routes));
        assert_eq!(dialog(&[]).next_uri(), dialog(&[]).remote_target);
    }

    #[test]
    fn a_record_is_the_dialog_with_cseq_to_spare() {
        let before = dialog(&["<sip:192.0.2.8;lr>"]);
        let after = Dialog::from_record(before.record());
        assert_eq!(after, Dialog { local_cseq: before.local_cseq + CSEQ_RESERVE - 1, ..before });
    }
}
