//! Answers before the answer: reliable 180s to a caller who requires them and from phones (RFC 3262), and UPDATE in early dialogs
//! (RFC 3311), against a peer that writes its datagrams by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use crate::sip_peer::{Call, Engine, Message, Peer, SDP, T1, T1_SHORT, unique};
use std::net::SocketAddr;
use std::time::Duration;
use walletline_voice::{Binding, Command, DialTarget, EndCause, Event, LegId, SipTransport};

const SDP_TYPE: &str = "Content-Type: application/sdp\r\n";
const REQUIRED: &str = "Require: 100rel\r\nContent-Type: application/sdp\r\n";

/// An engine that knows one phone, and that phone, which rings.
async fn ringing(t1: Duration) -> (Engine, Peer, LegId, Message) {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 9));
    let phone = Peer::new(nowhere).await;
    let contact = format!("sip:agent1@{}", phone.address);
    let (user, transport) = ("agent1".to_owned(), SipTransport::Udp);
    let binding = Binding { user, contact, source: nowhere, transport, flow: None, expires_at_us: i64::MAX };
    let engine = Engine::start_with(1000, t1, vec![binding]).await;
    let phone = phone.towards(engine.address);
    let leg = LegId(unique().into());
    let (from_number, from_name) = (String::new(), String::new());
    engine.voice.execute(Command::Dial { leg, to: DialTarget::Phone { user: "agent1".to_owned(), from_number, from_name } });
    let invite = phone.request_of("INVITE").await;
    (engine, phone, leg, invite)
}

fn call(invite: &Message) -> Call {
    let field = |name: &str| invite.field(name).unwrap().to_owned();
    let target = field("Contact").trim_matches(['<', '>']).to_owned();
    Call { call_id: field("Call-ID"), from: format!("{};tag=peer", field("To")), to: field("From"), target }
}

#[tokio::test]
async fn a_caller_who_requires_it_gets_a_reliable_180() {
    let mut engine = Engine::start_with(1000, T1, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    peer.send(&peer.request("INVITE", "rel", 1, REQUIRED, SDP)).await;
    let leg = engine.incoming().await;
    let first = peer.matching(|message| message.status() == 180).await;
    let again = peer.matching(|message| message.status() == 180).await;
    assert_eq!((first.field("RSeq"), first.field("Require")), (again.field("RSeq"), Some("100rel")));
    let call = Call::from_answer(&first);
    let rseq = first.field("RSeq").unwrap();
    for (cseq, rack, status) in
        [(2, "1 9 INVITE".to_owned(), 481), (3, format!("{rseq} 1 INVITE"), 200), (4, format!("{rseq} 1 INVITE"), 481)]
    {
        peer.send(&peer.in_dialog(&call, "PRACK", cseq, &format!("RAck: {rack}\r\n"), "")).await;
        assert_eq!(peer.final_response("PRACK", cseq).await.status(), status, "{rack}");
    }
    // In the early dialog a request that offers nothing is answered, and an offer has to wait.
    peer.send(&peer.in_dialog(&call, "UPDATE", 5, "", "")).await;
    assert_eq!(peer.final_response("UPDATE", 5).await.status(), 200);
    peer.send(&peer.in_dialog(&call, "UPDATE", 6, SDP_TYPE, SDP)).await;
    let refused = peer.final_response("UPDATE", 6).await;
    assert!(refused.status() == 500 && refused.field("Retry-After").is_some());
    engine.voice.execute(Command::Answer { leg });
    assert_eq!(peer.final_response("INVITE", 1).await.status(), 200);
    peer.send(&peer.in_dialog(&call, "ACK", 1, "", "")).await;
    assert!(matches!(engine.event().await, Event::Answered { .. }));
    peer.send(&peer.in_dialog(&call, "BYE", 7, "", "")).await;
    assert_eq!(engine.ended(leg).await, EndCause::RemoteHangup);
    engine.settle().await;
}

#[tokio::test]
async fn a_180_that_nobody_acknowledges_ends_the_call() {
    let mut engine = Engine::start_with(1000, T1_SHORT, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    peer.send(&peer.request("INVITE", "mute", 1, REQUIRED, SDP)).await;
    let leg = engine.incoming().await;
    let refused = peer.final_response("INVITE", 1).await;
    assert_eq!(refused.status(), 504);
    peer.acknowledge(&refused).await;
    assert_eq!(engine.ended(leg).await, EndCause::Vanished);
    // Without an offer there is no 180, and one that was answered at once needs none.
    peer.send(&peer.request("INVITE", "late", 1, "Require: 100rel\r\n", "")).await;
    let leg = engine.incoming().await;
    assert!(peer.receive_all().await.iter().all(|message| message.status() != 180));
    engine.voice.execute(Command::Hangup { leg });
    peer.acknowledge(&peer.final_response("INVITE", 1).await).await;
    engine.ended(leg).await;
    engine.settle().await;
}

#[tokio::test]
async fn a_phones_reliable_answers_are_acknowledged_in_its_dialog_each_once() {
    let (mut engine, phone, leg, invite) = ringing(T1).await;
    assert!(invite.field("Supported").unwrap().contains("100rel"));
    let progress =
        |rseq: u32| format!("Require: 100rel\r\nRSeq: {rseq}\r\nContact: <sip:ringing;x=y@{}>\r\n{SDP_TYPE}", phone.address);
    phone.respond(&invite, "183 Session Progress", &progress(7), SDP).await;
    let prack = phone.request_of("PRACK").await;
    assert_eq!((prack.field("RAck"), prack.field("CSeq")), (Some("7 1 INVITE"), Some("2 PRACK")));
    assert_eq!(prack.uri(), format!("sip:ringing;x=y@{}", phone.address));
    assert!(prack.field("To").unwrap().ends_with(";tag=peer"));
    phone.respond(&prack, "200 OK", "", "").await;
    assert_eq!(engine.event().await, Event::Ringing { leg });
    // The same one again, one out of turn, and the next.
    for rseq in [7, 9, 8] {
        phone.respond(&invite, "180 Ringing", &progress(rseq), "").await;
    }
    let prack = phone.request_of("PRACK").await;
    assert_eq!((prack.field("RAck"), prack.field("CSeq")), (Some("8 1 INVITE"), Some("3 PRACK")));
    phone.respond(&prack, "200 OK", "", "").await;
    // Its session description has answered ours, so it may offer another, and its 200 needs none.
    phone.send(&phone.in_dialog(&call(&invite), "UPDATE", 1, SDP_TYPE, SDP)).await;
    let answer = phone.final_response("UPDATE", 1).await;
    assert!(answer.status() == 200 && answer.body.contains("m=audio"), "{answer:?}");
    for (method, cseq, status) in [("BYE", 2, 481), ("INVITE", 3, 491)] {
        phone.send(&phone.in_dialog(&call(&invite), method, cseq, SDP_TYPE, SDP)).await;
        let refused = phone.final_response(method, cseq).await;
        assert_eq!(refused.status(), status);
        if method == "INVITE" {
            phone.acknowledge(&refused).await;
        }
    }
    phone.respond(&invite, "200 OK", &format!("Contact: <sip:phone@{}>\r\n", phone.address), "").await;
    assert_eq!(phone.request_of("ACK").await.field("CSeq").map(|cseq| cseq.ends_with("ACK")), Some(true));
    assert!(matches!(engine.event().await, Event::Answered { codec, .. } if codec == "PCMA"));
    engine.voice.execute(Command::Hangup { leg });
    let bye = phone.request_of("BYE").await;
    assert_eq!(bye.field("CSeq"), Some("4 BYE"), "it goes on counting");
    phone.respond(&bye, "200 OK", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    engine.settle().await;
}

#[tokio::test]
async fn a_phone_that_takes_encrypted_media_alone_is_asked_again() {
    let (mut engine, phone, leg, invite) = ringing(T1).await;
    assert!(invite.body.contains("RTP/AVP "), "{}", invite.body);
    phone.respond(&invite, "180 Ringing", "", "").await;
    phone.respond(&invite, "488 Not Acceptable Here", "", "").await;
    phone.request_of("ACK").await;
    let again = phone.request_of("INVITE").await;
    assert!(again.body.contains("RTP/SAVP ") && again.body.contains("a=crypto:"), "{}", again.body);
    assert_eq!((again.field("CSeq"), again.field("Call-ID")), (Some("2 INVITE"), invite.field("Call-ID")));
    phone.respond(&again, "488 Not Acceptable Here", "", "").await;
    assert_eq!(engine.event().await, Event::Ringing { leg });
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(488), "once");
    phone.request_of("ACK").await;
    engine.settle().await;
}
