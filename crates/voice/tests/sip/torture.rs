//! The torture test messages of RFC 4475, sent to a running engine. Each is taken, answered or dropped as the RFC says; the engine
//! answers OPTIONS after each and a call after all of them, and nothing of any of them is left.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use crate::sip_peer::{Call, Engine, Message, Peer, T1_SHORT, challenge, digest};
use std::net::SocketAddr;
use walletline_voice::{Binding, Command, DialTarget, EndCause, Event, LegId, SipTransport};

/// What the RFC allows. A row with several is one where it leaves the choice.
#[derive(Debug, PartialEq, Eq)]
enum May {
    /// Be offered as a call: to this line, from this number.
    Call(&'static str, &'static str),
    /// Be answered with this status.
    Answer(u16),
    /// Vanish.
    Drop,
}

use May::{Answer, Drop};

const fn calls(line: &'static str, caller: &'static str) -> May {
    May::Call(line, caller)
}

/// Section 3.1.1: well formed, however odd.
const VALID: [(&str, &[May]); 13] = [
    // Its To has a tag: it belongs to a dialog that we do not have (RFC 3261 section 12.2.2).
    ("wsinv", &[Answer(481)]),
    ("intmeth", &[Answer(501)]),
    ("esc01", &[calls("sips:user@example.com", "I have spaces")]),
    // Here and below: we are a registrar that wants a password first.
    ("escnull", &[Answer(401)]),
    ("esc02", &[Answer(501)]),
    ("lwsdisp", &[Answer(200)]),
    (
        "longreq",
        &[calls(
            "user",
            "amazinglylongcallernameamazinglylongcallernameamazinglylongcallernameamazinglylongcallernameamazinglylongcallername",
        )],
    ),
    ("dblreq", &[Answer(401)]),
    ("semiuri", &[Answer(200)]),
    ("transports", &[Answer(200)]),
    // Well formed, but MESSAGE is not served here.
    ("mpart01", &[Answer(405)]),
    // Responses to nothing that we asked.
    ("unreason", &[Drop]),
    ("noreason", &[Drop]),
];

/// Section 3.1.2: invalid, and how much of it a receiver may overlook.
const INVALID: [(&str, &[May]); 19] = [
    ("badinv01", &[Answer(400)]),
    ("clerr", &[Answer(400)]),
    ("ncl", &[Answer(400)]),
    ("scalar02", &[Answer(400)]),
    ("scalarlg", &[Drop]),
    // Or infer the end of the quoted string; we do not.
    ("quotbal", &[Answer(400)]),
    // Or ignore the brackets, the spaces within and around; we do not.
    ("ltgtruri", &[Answer(400), calls("user", "caller")]),
    ("lwsruri", &[Answer(400)]),
    ("lwsstart", &[Answer(400), calls("user", "caller")]),
    ("trws", &[Answer(400), Answer(200)]),
    // Refuse, or ignore the headers in the Request-URI as we do.
    ("escruri", &[Answer(400), calls("user", "caller")]),
    // Refuse only where the date matters. It does not.
    ("baddate", &[calls("user", "caller")]),
    // Infer the brackets, or refuse once the password is known.
    ("regbadct", &[Answer(400), Answer(401)]),
    ("badaspec", &[Answer(400), Answer(200)]),
    ("baddn", &[Answer(400), Answer(200)]),
    ("badvers", &[Answer(505)]),
    ("mismatch01", &[Answer(400)]),
    // 501 is said to be better, 400 is allowed: the method of the CSeq is looked at first.
    ("mismatch02", &[Answer(501), Answer(400)]),
    ("bigcode", &[Drop]),
];

/// Sections 3.2 to 3.4: what transactions, applications and old phones make of a message.
const SEMANTIC: [(&str, &[May]); 17] = [
    // Or fall back to the rules of RFC 2543; we refuse without state, as the RFC prefers.
    ("badbranch", &[Answer(400)]),
    ("insuf", &[Answer(400)]),
    ("unkscm", &[Answer(416)]),
    ("novelsc", &[Answer(416)]),
    ("unksm2", &[Answer(400)]),
    ("bext01", &[Answer(420)]),
    ("invut", &[Answer(415)]),
    ("regaut01", &[Answer(401)]),
    ("multi01", &[Answer(400)]),
    ("mcl01", &[Answer(400)]),
    ("bcast", &[Drop]),
    ("zeromf", &[Answer(200)]),
    ("cparam01", &[Answer(401)]),
    ("cparam02", &[Answer(401)]),
    ("regescrt", &[Answer(401)]),
    ("sdp01", &[Answer(406), Answer(400)]),
    // "Should be accepted by elements that want to be compatible" with RFC 2543. A From without a tag is refused here.
    ("inv2543", &[Answer(400), calls("UserB", "+13035551111")]),
];

fn message(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/torture/{name}.dat", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The head of a message, line by line, with what no text can be left out.
fn head(message: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(message).into_owned();
    text.split("\r\n\r\n").next().unwrap().split("\r\n").map(str::to_owned).collect()
}

/// How many lines of a message are fields of these names.
fn count(message: &[u8], names: [&str; 2]) -> usize {
    let is_named =
        |line: &&String| line.split_once(':').is_some_and(|(name, _)| names.iter().any(|n| name.trim().eq_ignore_ascii_case(n)));
    head(message).iter().filter(is_named).count()
}

/// Whether a message is about this request, and no late repetition of an earlier case's.
fn belongs(message: &Message, request: &[u8]) -> bool {
    let call_id = message.field("Call-ID").unwrap_or_default();
    head(request).iter().any(|line| line.ends_with(call_id))
}

/// Sends a request and waits for its call (leg, line, caller) or its final answer.
async fn ask(engine: &mut Engine, peer: &Peer, request: &[u8]) -> Result<(LegId, String, String), Message> {
    peer.send_raw(request).await;
    loop {
        tokio::select! {
            event = engine.event() => {
                let Event::Incoming { leg, line, caller, .. } = event else { panic!("not a call: {event:?}") };
                return Ok((leg, line, caller));
            }
            message = peer.receive() => {
                if message.status() >= 200 && belongs(&message, request) {
                    return Err(message);
                }
            }
        }
    }
}

/// What every answer owes its request.
fn check_answer(name: &str, request: &[u8], answer: &Message) {
    let status = answer.status();
    assert_eq!(answer.fields("Via").len(), count(request, ["via", "v"]), "{name}: every Via comes back");
    match status {
        405 | 501 => assert!(answer.field("Allow").unwrap().starts_with("INVITE"), "{name}"),
        401 => assert!(answer.field("WWW-Authenticate").unwrap().starts_with("Digest "), "{name}"),
        // What a proxy would have to know is no concern of ours.
        420 => assert_eq!(answer.field("Unsupported"), Some("nothingSupportsThis, nothingSupportsThisEither"), "{name}"),
        415 => assert_eq!(answer.field("Accept"), Some("application/sdp"), "{name}"),
        _ => {}
    }
}

/// Takes the call to its end: our answer, their ACK, our BYE to their Contact as it was written.
async fn complete(engine: &mut Engine, peer: &Peer, name: &str, request: &[u8], leg: LegId) {
    engine.voice.execute(Command::Answer { leg });
    let answer = peer.matching(|message| message.status() >= 200 && belongs(message, request)).await;
    assert_eq!(answer.status(), 200, "{name}");
    check_answer(name, request, &answer);
    let cseq = answer.field("CSeq").unwrap().split(' ').next().unwrap().parse().unwrap();
    peer.send(&peer.in_dialog(&Call::from_answer(&answer), "ACK", cseq, "", "")).await;
    assert!(matches!(engine.event().await, Event::Answered { leg: answered, .. } if answered == leg), "{name}");
    engine.voice.execute(Command::Hangup { leg });
    let bye = peer.matching(|message| message.status() == 0 && belongs(message, request)).await;
    assert_eq!(bye.method(), "BYE", "{name}");
    assert!(head(request).iter().any(|line| line.contains(&format!("<{}>", bye.uri()))), "{name}: {}", bye.uri());
    peer.respond(&bye, "200 OK", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup, "{name}");
}

async fn torture(engine: &mut Engine, peer: &Peer, name: &str, allowed: &[May]) {
    let datagram = message(name);
    if allowed.contains(&Drop) {
        peer.send_raw(&datagram).await;
        assert_eq!(peer.receive_all().await.len(), 0, "{name} is answered");
        assert!(engine.events.try_recv().is_err(), "{name} is told");
        return;
    }
    match ask(engine, peer, &datagram).await {
        Ok((leg, line, caller)) => {
            let fits = |may: &May| matches!(may, May::Call(to, from) if (*to, *from) == (line.as_str(), caller.as_str()));
            assert!(allowed.iter().any(fits), "{name}: a call to {line} from {caller}");
            complete(engine, peer, name, &datagram, leg).await;
        }
        Err(answer) => {
            assert!(allowed.contains(&Answer(answer.status())), "{name}: {}", answer.start);
            check_answer(name, &datagram, &answer);
            if answer.status() == 481 {
                peer.acknowledge(&answer).await;
            }
        }
    }
    // The engine lives, answers, and has nothing more to tell.
    peer.receive_all().await;
    assert!(engine.events.try_recv().is_err(), "{name} is told twice");
}

fn all() -> impl Iterator<Item = (&'static str, &'static [May])> {
    VALID.into_iter().chain(INVALID).chain(SEMANTIC)
}

#[tokio::test]
async fn every_message_of_the_rfc_is_taken_answered_or_dropped_as_it_says() {
    assert_eq!(all().count(), 49);
    let mut engine = Engine::start_with(1000, T1_SHORT, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    for (name, allowed) in all() {
        torture(&mut engine, &peer, name, allowed).await;
    }
    let (_, leg) = peer.call(&mut engine).await;
    engine.voice.execute(Command::Hangup { leg });
    let bye = peer.request_of("BYE").await;
    peer.respond(&bye, "200 OK", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    engine.settle().await;
}

#[tokio::test]
async fn all_of_them_at_once_and_again_leave_nothing_behind() {
    let mut engine = Engine::start_with(1000, T1_SHORT, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    for _ in 0..4 {
        for (name, _) in all() {
            peer.send_raw(&message(name)).await;
        }
        // All of them are read now; the calls among them wait.
        peer.receive_all().await;
    }
    peer.drain_all(&mut engine).await;
    let (_, leg) = peer.call(&mut engine).await;
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    engine.settle().await;
}

/// A registration of the RFC under a name that has a password here.
async fn register(peer: &Peer, name: &str, user: &str) -> Message {
    let text = String::from_utf8(message(name)).unwrap().replace(&format!("sip:{user}@"), "sip:agent1@");
    peer.send(&text).await;
    let challenged = peer.matching(|answer| answer.status() >= 200).await;
    assert_eq!(challenged.status(), 401, "{name}");
    let authorization = digest(&challenge(&challenged), "agent1", "secret", 1);
    let again = text.replacen("branch=z9hG4bK", "branch=z9hG4bKagain", 1);
    let (first, rest) = again.split_once("\r\n").unwrap();
    peer.send(&format!("{first}\r\nAuthorization: {authorization}\r\n{rest}")).await;
    peer.matching(|answer| answer.status() >= 200 && answer.status() != 401).await
}

#[tokio::test]
async fn its_registrations_are_granted_with_a_password_and_its_contacts_kept_as_they_are() {
    let mut engine = Engine::start_with(1000, T1_SHORT, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    let cases = [
        // A parameter after an address without brackets is the field's: it is not part of what is bound.
        ("cparam01", "watson", "<sip:+19725552222@gw1.example.net>;expires=3600"),
        ("cparam02", "watson", "<sip:+19725552222@gw1.example.net;unknownparam>;expires=3600"),
        ("regescrt", "user", "<sip:agent1@example.com?Route=%3Csip:sip.example.com%3E>;expires=3600"),
        ("dblreq", "j.user", "<sip:agent1@host.example.com>;expires=3600"),
        ("regbadct", "user", "<sip:agent1@example.com?Route=%3Csip:sip.example.com%3E>;expires=3600"),
    ];
    for (name, user, bound) in cases {
        let granted = register(&peer, name, user).await;
        assert_eq!((granted.status(), granted.field("Contact")), (200, Some(bound)), "{name}");
        assert!(matches!(engine.event().await, Event::PhoneRegistered { user, .. } if user == "agent1"), "{name}");
    }
    engine.settle().await;
}

#[tokio::test]
async fn headers_in_a_registered_contact_are_not_sent() {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 9));
    let phone = Peer::new(nowhere).await;
    let uri = format!("sip:agent1@{}", phone.address);
    let contact = format!("{uri}?Route=%3Csip:sip.example.com%3E");
    let (user, transport) = ("agent1".to_owned(), SipTransport::Udp);
    let binding = Binding { user, contact, source: nowhere, transport, flow: None, expires_at_us: i64::MAX };
    let mut engine = Engine::start_with(1000, T1_SHORT, vec![binding]).await;
    let phone = phone.towards(engine.address);
    let leg = LegId(1);
    let (from_number, from_name) = ("1".to_owned(), String::new());
    engine.voice.execute(Command::Dial { leg, to: DialTarget::Phone { user: "agent1".to_owned(), from_number, from_name } });
    let invite = phone.request_of("INVITE").await;
    assert_eq!(
        (invite.uri(), invite.field("To"), invite.field("Route")),
        (uri.as_str(), Some(format!("<{uri}>").as_str()), None)
    );
    phone.respond(&invite, "486 Busy Here", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(486));
    engine.settle().await;
}
