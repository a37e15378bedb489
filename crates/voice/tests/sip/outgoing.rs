//! Registered phones that we ring: a phone is a peer that writes its datagrams by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use crate::sip_peer::{Call, Engine, Message, Peer, SDP, T1, T1_SHORT, unique};
use std::net::SocketAddr;
use std::time::Duration;
use walletline_voice::{Binding, Command, DialTarget, DialogRecord, EndCause, Event, LegId, SipTransport};

/// An engine that remembers one phone from an earlier run, and that phone.
async fn start(t1: Duration) -> (Engine, Peer) {
    // The engine's address is not known before it starts, nor the phone's before its socket: so the phone comes first.
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 9));
    let phone = Peer::new(nowhere).await;
    let binding = Binding {
        user: "agent1".to_owned(),
        contact: format!("sip:agent1;x=y@{}", phone.address),
        source: nowhere,
        transport: SipTransport::Udp,
        flow: None,
        expires_at_us: i64::MAX,
    };
    let engine = Engine::start_with(1000, t1, vec![binding]).await;
    let phone = phone.towards(engine.address);
    (engine, phone)
}

fn dial(engine: &Engine) -> LegId {
    let leg = LegId(unique().into());
    let (from_number, from_name) = ("+86 190****0001".to_owned(), "李 \"Na\"".to_owned());
    engine.voice.execute(Command::Dial { leg, to: DialTarget::Phone { user: "agent1".to_owned(), from_number, from_name } });
    leg
}

fn call(invite: &Message) -> Call {
    let field = |name: &str| invite.field(name).unwrap().to_owned();
    // Seen from the phone: its own side is To.
    let target = field("Contact").trim_matches(['<', '>']).to_owned();
    Call { call_id: field("Call-ID"), from: format!("{};tag=peer", field("To")), to: field("From"), target }
}

#[tokio::test]
async fn a_phone_rings_answers_and_hangs_up() {
    let (mut engine, phone) = start(T1).await;
    let leg = dial(&engine);
    let invite = phone.request_of("INVITE").await;
    assert_eq!(invite.uri(), format!("sip:agent1;x=y@{}", phone.address));
    assert!(invite.field("From").unwrap().starts_with("\"李 \\\"Na\\\"\" <sip:+86%20190****0001@127.0.0.1>;tag="));
    assert!(invite.body.contains("m=audio") && invite.field("Content-Type") == Some("application/sdp"));
    phone.respond(&invite, "100 Trying", "", "").await;
    phone.respond(&invite, "180 Ringing", "", "").await;
    phone.respond(&invite, "183 Session Progress", "", "").await;
    assert_eq!(engine.event().await, Event::Ringing { leg });
    phone.accept(&invite).await;
    let ack = phone.request_of("ACK").await;
    assert_eq!((ack.uri(), ack.field("CSeq")), (format!("sip:phone@{}", phone.address).as_str(), Some("1 ACK")));
    let Event::Answered { codec, dialog, .. } = engine.event().await else { panic!("not answered") };
    assert_eq!((codec.as_str(), dialog.unwrap().remote_target), ("PCMA", format!("sip:phone@{}", phone.address)));
    // An answer that comes again is acknowledged again; one from a second phone is ended.
    phone.accept(&invite).await;
    assert_eq!(phone.request_of("ACK").await.field("CSeq"), Some("1 ACK"));
    let fork = invite.clone().with("To", &format!("{};tag=second", invite.field("To").unwrap()));
    phone.accept(&fork).await;
    let bye = phone.request_of("BYE").await;
    assert!(bye.field("To").unwrap().ends_with("tag=second"));
    phone.respond(&bye, "200 OK", "", "").await;
    phone.send(&phone.in_dialog(&call(&invite), "BYE", 1, "", "")).await;
    assert_eq!(phone.final_response("BYE", 1).await.status(), 200);
    assert_eq!(engine.ended(leg).await, EndCause::RemoteHangup);
    engine.settle().await;
}

#[tokio::test]
async fn a_phone_refuses_is_not_there_or_says_nothing() {
    let (mut engine, phone) = start(T1_SHORT).await;
    for (status, code) in [("486 Busy Here", 486), ("302 Moved", 302), ("603 Decline", 603)] {
        let leg = dial(&engine);
        let invite = phone.request_of("INVITE").await;
        phone.respond(&invite, status, "", "").await;
        assert_eq!(engine.ended(leg).await, EndCause::Rejected(code));
        phone.request_of("ACK").await;
    }
    let leg = LegId(unique().into());
    let (from_number, from_name) = (String::new(), String::new());
    engine.voice.execute(Command::Dial { leg, to: DialTarget::Phone { user: "agent2".to_owned(), from_number, from_name } });
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(480));
    let leg = dial(&engine);
    assert_eq!(engine.ended(leg).await, EndCause::Vanished);
    engine.settle().await;
}

#[tokio::test]
async fn an_answer_that_we_cannot_use_is_acknowledged_and_ended() {
    let (mut engine, phone) = start(T1).await;
    for body in ["", "v=0\r\n", &SDP.replace("RTP/AVP 8 101", "RTP/AVP 18")] {
        let leg = dial(&engine);
        let invite = phone.request_of("INVITE").await;
        let extra = format!("Contact: <sip:phone@{}>\r\nContent-Type: application/sdp\r\n", phone.address);
        phone.respond(&invite, "200 OK", &extra, body).await;
        phone.request_of("ACK").await;
        let bye = phone.request_of("BYE").await;
        phone.respond(&bye, "200 OK", "", "").await;
        let cause = engine.ended(leg).await;
        assert!(matches!(cause, EndCause::Failed(_)), "{cause:?}");
    }
    engine.settle().await;
}

#[tokio::test]
async fn a_ringing_phone_is_cancelled() {
    let (mut engine, phone) = start(T1).await;
    let leg = dial(&engine);
    let invite = phone.request_of("INVITE").await;
    phone.respond(&invite, "180 Ringing", "", "").await;
    assert_eq!(engine.event().await, Event::Ringing { leg });
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    let cancel = phone.request_of("CANCEL").await;
    assert_eq!((cancel.uri(), cancel.field("Via"), cancel.field("CSeq")), (invite.uri(), invite.field("Via"), Some("1 CANCEL")));
    phone.respond(&cancel, "200 OK", "", "").await;
    phone.respond(&invite, "487 Request Terminated", "", "").await;
    phone.request_of("ACK").await;
    engine.settle().await;
}

#[tokio::test]
async fn a_hang_up_before_the_first_word_waits_with_its_cancel() {
    let (mut engine, phone) = start(T1).await;
    let leg = dial(&engine);
    let invite = phone.request_of("INVITE").await;
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    assert!(phone.receive_all().await.iter().all(|message| message.method() != "CANCEL"));
    phone.respond(&invite, "100 Trying", "", "").await;
    let cancel = phone.request_of("CANCEL").await;
    phone.respond(&cancel, "200 OK", "", "").await;
    phone.respond(&invite, "487 Request Terminated", "", "").await;
    engine.settle().await;
}

#[tokio::test]
async fn an_answer_that_crosses_our_cancel_is_acknowledged_and_ended() {
    let (mut engine, phone) = start(T1).await;
    let leg = dial(&engine);
    let invite = phone.request_of("INVITE").await;
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    phone.accept(&invite).await;
    phone.request_of("ACK").await;
    let bye = phone.request_of("BYE").await;
    phone.respond(&bye, "200 OK", "", "").await;
    engine.settle().await;
}

#[tokio::test]
async fn a_cancelled_phone_that_never_says_more_is_let_go() {
    let (mut engine, phone) = start(T1_SHORT).await;
    let leg = dial(&engine);
    let invite = phone.request_of("INVITE").await;
    phone.respond(&invite, "180 Ringing", "", "").await;
    engine.event().await;
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    engine.settle().await;
}

#[tokio::test]
async fn requests_of_a_phone_that_still_rings_are_answered() {
    let (mut engine, phone) = start(T1).await;
    let leg = dial(&engine);
    let invite = phone.request_of("INVITE").await;
    phone.respond(&invite, "180 Ringing", "", "").await;
    engine.event().await;
    let sdp = "Content-Type: application/sdp\r\n";
    let cases = [("OPTIONS", "", 200), ("INFO", "", 200), ("UPDATE", SDP, 491), ("BYE", "", 481), ("REFER", "", 481)];
    for (cseq, (method, body, status)) in (1..).zip(cases) {
        phone.send(&phone.in_dialog(&call(&invite), method, cseq, sdp, body)).await;
        assert_eq!(phone.final_response(method, cseq).await.status(), status, "{method}");
    }
    phone.respond(&invite, "486 Busy Here", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(486));
    engine.settle().await;
}

#[tokio::test]
async fn a_dialog_of_an_earlier_run_is_ended_through_its_routes() {
    let mut engine = Engine::start_with(1000, T1_SHORT, Vec::new()).await;
    let (peer, proxy) = (Peer::new(engine.address).await, Peer::new(engine.address).await);
    let record = DialogRecord {
        call_id: "orphan".to_owned(),
        local: "<sip:8000@127.0.0.1>;tag=ours".to_owned(),
        remote: "\"A\" <sip:1@127.0.0.1>;tag=theirs".to_owned(),
        remote_target: format!("sip:caller@{}", peer.address),
        routes: vec![format!("<sip:{};lr>", proxy.address)],
        next_cseq: 17,
        peer: peer.address,
        transport: SipTransport::Udp,
    };
    // Through storage, as after a restart.
    let record: DialogRecord = serde_json::from_str(&serde_json::to_string(&record).unwrap()).unwrap();
    engine.voice.execute(Command::EndOrphan { dialog: record.clone() });
    let lost = proxy.request_of("BYE").await;
    let bye = proxy.request_of("BYE").await;
    assert_eq!(lost.field("Via"), bye.field("Via"), "the lost one is repeated");
    assert_eq!(bye.uri(), record.remote_target);
    let fields = ["From", "To", "Call-ID", "CSeq", "Route"].map(|name| bye.field(name).unwrap().to_owned());
    assert_eq!(
        fields,
        [record.local.clone(), record.remote.clone(), record.call_id.clone(), "17 BYE".to_owned(), record.routes[0].clone()]
    );
    proxy.respond(&bye, "200 OK", "", "").await;
    engine.settle().await;
    // Without routes it goes to the far end's Contact; and when nobody is there any more, it is given up.
    engine.voice.execute(Command::EndOrphan { dialog: DialogRecord { routes: Vec::new(), ..record } });
    peer.request_of("BYE").await;
    engine.settle().await;
}
