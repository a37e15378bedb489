//! Phones that register: digest over the wire, where they are rung afterwards, and how they leave.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use crate::sip_peer::{Engine, Message, Peer, challenge, digest, unique};
use walletline_voice::{Command, DialTarget, EndCause, Event, LegId};

fn register(peer: &Peer, call_id: &str, cseq: u32, contact: &str, authorization: Option<&str>) -> String {
    let authorization = authorization.map_or_else(String::new, |value| format!("Authorization: {value}\r\n"));
    let text = peer.request("REGISTER", call_id, cseq, &authorization, "");
    let aor = text.lines().find(|line| line.starts_with("To:")).unwrap().to_owned();
    let old_contact = text.lines().find(|line| line.starts_with("Contact:")).unwrap().to_owned();
    text.replace(&aor, "To: <sip:agent1@walletline>").replace(&old_contact, contact)
}

/// Registers in two steps, as phones do.
async fn log_in(peer: &Peer, contact: &str, password: &str) -> Message {
    let call_id = format!("reg{}", unique());
    peer.send(&register(peer, &call_id, 1, contact, None)).await;
    let first = peer.final_response("REGISTER", 1).await;
    assert_eq!(first.status(), 401);
    let authorization = digest(&challenge(&first), "agent1", password, 1);
    peer.send(&register(peer, &call_id, 2, contact, Some(&authorization))).await;
    peer.final_response("REGISTER", 2).await
}

#[tokio::test]
async fn a_phone_registers_is_rung_at_its_contact_and_leaves() {
    let mut engine = Engine::start().await;
    let (registrar, phone) = (Peer::new(engine.address).await, Peer::new(engine.address).await);
    // It registers from one port and takes calls on another.
    let contact = format!("Contact: <sip:agent1@{}>;expires=120", phone.address);
    let granted = log_in(&registrar, &contact, "secret").await;
    let expected = format!("<sip:agent1@{}>;expires=120", phone.address);
    assert_eq!((granted.status(), granted.field("Contact")), (200, Some(expected.as_str())));
    let Event::PhoneRegistered { user, binding } = engine.event().await else { panic!("not registered") };
    assert_eq!((user.as_str(), binding.source), ("agent1", registrar.address));
    assert_eq!((engine.voice.bindings(), engine.voice.counters().registrations), (vec![binding], 1));

    let leg = LegId(7);
    let (from_number, from_name) = ("1".to_owned(), String::new());
    engine.voice.execute(Command::Dial { leg, to: DialTarget::Phone { user, from_number, from_name } });
    let invite = phone.request_of("INVITE").await;
    phone.respond(&invite, "486 Busy Here", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(486));

    assert_eq!(log_in(&registrar, "Contact: *\r\nExpires: 0", "secret").await.status(), 200);
    assert_eq!(engine.event().await, Event::PhoneUnregistered { user: "agent1".to_owned() });
    assert!(engine.voice.bindings().is_empty());
    engine.settle().await;
}

#[tokio::test]
async fn a_wrong_password_is_challenged_again_and_registers_nobody() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    let refused = log_in(&peer, "Contact: <sip:x@127.0.0.1>", "guess").await;
    assert_eq!(refused.status(), 401);
    assert!(!challenge(&refused).contains_key("stale"));
    assert!(engine.voice.bindings().is_empty());
    engine.settle().await;
}

#[tokio::test]
async fn a_captured_authorization_opens_nothing() {
    let mut engine = Engine::start().await;
    let (peer, thief) = (Peer::new(engine.address).await, Peer::new(engine.address).await);
    peer.send(&register(&peer, "own", 1, "Contact: <sip:agent1@127.0.0.1:6001>", None)).await;
    let authorization = digest(&challenge(&peer.final_response("REGISTER", 1).await), "agent1", "secret", 0x0a);
    peer.send(&register(&peer, "own", 2, "Contact: <sip:agent1@127.0.0.1:6001>", Some(&authorization))).await;
    assert_eq!(peer.final_response("REGISTER", 2).await.status(), 200);
    engine.event().await;
    thief.send(&register(&thief, "theft", 9, "Contact: <sip:thief@127.0.0.1:6666>", Some(&authorization))).await;
    let refused = thief.final_response("REGISTER", 9).await;
    assert_eq!((refused.status(), challenge(&refused)["stale"].as_str()), (401, "true"));
    assert_eq!(engine.voice.bindings()[0].contact, "sip:agent1@127.0.0.1:6001");
    engine.settle().await;
}

#[tokio::test]
async fn a_call_says_whose_phone_makes_it_only_from_where_that_phone_registered() {
    let mut engine = Engine::start().await;
    let (registered, elsewhere) = (Peer::new(engine.address).await, Peer::new(engine.address).await);
    let contact = format!("Contact: <sip:agent1@{}>", registered.address);
    assert_eq!(log_in(&registered, &contact, "secret").await.status(), 200);
    assert!(matches!(engine.event().await, Event::PhoneRegistered { .. }));
    let cases = [(&registered, "agent1", Some("agent1")), (&registered, "agent2", None), (&elsewhere, "agent1", None)];
    for (peer, name, expected) in cases {
        let invite =
            peer.invite(&format!("mine{}", unique())).replace("From: <sip:+8619000000001@", &format!("From: <sip:{name}@"));
        peer.send(&invite).await;
        let Event::Incoming { leg, phone, .. } = engine.event().await else { panic!("no call") };
        assert_eq!(phone.as_deref(), expected, "{name}");
        engine.voice.execute(Command::Hangup { leg });
        engine.ended(leg).await;
        peer.acknowledge(&peer.final_response("INVITE", 1).await).await;
    }
    engine.settle().await;
}
