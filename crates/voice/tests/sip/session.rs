//! How long a call lasts whose far end says nothing: session timers (RFC 4028) in both roles, glare, and the watchdog of its media,
//! against a peer that writes its datagrams by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use crate::sip_peer::{Engine, Message, Peer, SDP, T1, unique};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::UdpSocket;
use walletline_voice::{
    Binding, Command, DialTarget, EndCause, Event, LegId, SessionLimits, SilenceLimits, SipTransport, Tuning,
};

const SDP_TYPE: &str = "Content-Type: application/sdp\r\n";

/// Sessions of this many seconds, of at least one.
fn sessions(expires_s: u64) -> Tuning {
    let session = SessionLimits { expires: Duration::from_secs(expires_s), min: Duration::from_secs(1) };
    Tuning { t1: T1, session, ..Tuning::default() }
}

async fn engine(tuning: Tuning) -> (Engine, Peer) {
    let engine = Engine::start_tuned(1000, tuning, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    (engine, peer)
}

/// An engine that knows one phone, and that phone.
async fn phone(tuning: Tuning) -> (Engine, Peer, LegId) {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 9));
    let phone = Peer::new(nowhere).await;
    let contact = format!("sip:agent1@{}", phone.address);
    let (user, transport) = ("agent1".to_owned(), SipTransport::Udp);
    let binding = Binding { user, contact, source: nowhere, transport, flow: None, expires_at_us: i64::MAX };
    let engine = Engine::start_tuned(1000, tuning, vec![binding]).await;
    let phone = phone.towards(engine.address);
    let leg = LegId(unique().into());
    let (from_number, from_name) = (String::new(), String::new());
    engine.voice.execute(Command::Dial { leg, to: DialTarget::Phone { user: "agent1".to_owned(), from_number, from_name } });
    (engine, phone, leg)
}

fn refresher(message: &Message) -> &str {
    message.field("Session-Expires").unwrap().split(';').nth(1).unwrap_or_default()
}

#[tokio::test]
async fn a_caller_who_stops_refreshing_is_given_up() {
    let (mut engine, peer) = engine(sessions(1800)).await;
    let (call, leg, answer) = peer.call_saying(&mut engine, "Supported: timer\r\nSession-Expires: 3;refresher=uac\r\n").await;
    assert_eq!((answer.field("Session-Expires"), answer.field("Require")), (Some("3;refresher=uac"), Some("timer")));
    // Each of its refreshes is answered alike, with and without an offer.
    for (cseq, body) in [(2, ""), (3, SDP)] {
        let extra = format!("Supported: timer\r\nSession-Expires: 3;refresher=uac\r\n{SDP_TYPE}");
        peer.send(&peer.in_dialog(&call, "UPDATE", cseq, &extra, body)).await;
        let answer = peer.final_response("UPDATE", cseq).await;
        assert_eq!((answer.status(), answer.field("Session-Expires")), (200, Some("3;refresher=uac")));
    }
    assert_eq!(engine.ended(leg).await, EndCause::Vanished);
    peer.say_goodbye().await;
    engine.settle().await;
}

#[tokio::test]
async fn we_refresh_by_update_until_the_far_end_knows_the_call_no_more() {
    let (mut engine, peer) = engine(sessions(2)).await;
    let (_, leg, answer) = peer.call_saying(&mut engine, "Supported: timer\r\nAllow: INVITE, UPDATE\r\n").await;
    assert_eq!(answer.field("Session-Expires"), Some("2;refresher=uas"));
    for _ in 0..2 {
        let update = peer.request_of("UPDATE").await;
        assert_eq!((refresher(&update), update.body.as_str()), ("refresher=uac", ""));
        peer.respond(&update, "200 OK", "Session-Expires: 2;refresher=uac\r\n", "").await;
    }
    let update = peer.request_of("UPDATE").await;
    peer.respond(&update, "481 Call/Transaction Does Not Exist", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::Vanished);
    peer.say_goodbye().await;
    engine.settle().await;
}

#[tokio::test]
async fn we_refresh_by_reinvite_where_update_is_not_known() {
    let (mut engine, peer) = engine(sessions(2)).await;
    let (_, leg, _) = peer.call_saying(&mut engine, "Supported: timer\r\nAllow: INVITE, BYE\r\n").await;
    let reinvite = peer.request_of("INVITE").await;
    assert!(reinvite.body.contains("m=audio") && reinvite.field("To").unwrap().contains(";tag="), "{reinvite:?}");
    let extra = format!("Contact: <sip:caller@{}>\r\nSession-Expires: 2;refresher=uac\r\n{SDP_TYPE}", peer.address);
    peer.respond(&reinvite, "200 OK", &extra, &SDP.replace("sendrecv", "recvonly")).await;
    let ack = peer.request_of("ACK").await;
    assert_eq!(ack.field("CSeq").unwrap().split(' ').next(), reinvite.field("CSeq").unwrap().split(' ').next());
    // The answer comes again, because our ACK was lost.
    peer.respond(&reinvite, "200 OK", &extra, SDP).await;
    assert_eq!(peer.request_of("ACK").await.field("CSeq"), ack.field("CSeq"));
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    peer.say_goodbye().await;
    engine.settle().await;
}

#[tokio::test]
async fn a_session_that_is_too_brief_is_refused_with_what_is_not() {
    let tuning = Tuning { session: SessionLimits { min: Duration::from_secs(90), ..SessionLimits::default() }, ..sessions(1) };
    let (mut engine, peer) = engine(tuning).await;
    let brief = format!("Supported: timer\r\nSession-Expires: 60\r\n{SDP_TYPE}");
    peer.send(&peer.request("INVITE", "brief", 1, &brief, SDP)).await;
    let refused = peer.final_response("INVITE", 1).await;
    assert_eq!((refused.status(), refused.field("Min-SE")), (422, Some("90")));
    peer.acknowledge(&refused).await;
    let (call, leg, answer) = peer.call_saying(&mut engine, "k: timer\r\nx: 90;refresher=uas\r\n").await;
    assert_eq!(answer.field("Session-Expires"), Some("90;refresher=uas"));
    for (method, cseq) in [("UPDATE", 2), ("INVITE", 3)] {
        peer.send(&peer.in_dialog(&call, method, cseq, &brief, SDP)).await;
        let refused = peer.final_response(method, cseq).await;
        assert_eq!((refused.status(), refused.field("Min-SE")), (422, Some("90")));
    }
    peer.acknowledge(&peer.final_response("INVITE", 3).await).await;
    // A caller that knows no timers has none of its own; what a proxy wants is ours to keep.
    let (_, without, answer) = peer.call_saying(&mut engine, "").await;
    assert_eq!((answer.field("Session-Expires"), answer.field("Require")), (None, None));
    let (_, proxied, answer) = peer.call_saying(&mut engine, "Session-Expires: 600\r\n").await;
    assert_eq!((answer.field("Session-Expires"), answer.field("Require")), (Some("600;refresher=uas"), None));
    for leg in [leg, without, proxied] {
        engine.voice.execute(Command::Hangup { leg });
        engine.ended(leg).await;
        peer.say_goodbye().await;
    }
    engine.settle().await;
}

#[tokio::test]
async fn a_phone_gets_the_interval_it_wants_and_is_given_up_when_it_does_not_refresh() {
    let (mut engine, phone, leg) = phone(sessions(2)).await;
    let first = phone.request_of("INVITE").await;
    assert_eq!((first.field("Session-Expires"), first.field("Min-SE")), (Some("2"), Some("1")));
    assert!(first.field("Supported").unwrap().contains("timer"));
    phone.respond(&first, "422 Session Interval Too Small", "Min-SE: 3\r\n", "").await;
    phone.request_of("ACK").await;
    let second = phone.request_of("INVITE").await;
    assert_eq!((second.field("CSeq"), second.field("Session-Expires")), (Some("2 INVITE"), Some("3")));
    assert_eq!((second.field("Min-SE"), second.field("Call-ID")), (Some("3"), first.field("Call-ID")));
    assert!(second.field("Via") != first.field("Via") && second.body == first.body);
    let extra = format!("Contact: <sip:phone@{}>\r\nSession-Expires: 3;refresher=uas\r\n{SDP_TYPE}", phone.address);
    phone.respond(&second, "200 OK", &extra, SDP).await;
    assert_eq!(phone.request_of("ACK").await.field("CSeq"), Some("2 ACK"));
    assert!(matches!(engine.event().await, Event::Answered { .. }));
    assert_eq!(engine.ended(leg).await, EndCause::Vanished);
    phone.say_goodbye().await;
    engine.settle().await;
}

#[tokio::test]
async fn both_sides_ask_for_a_change_at_once_and_ours_comes_again() {
    let (mut engine, peer) = engine(sessions(4)).await;
    let (call, leg, _) = peer.call_saying(&mut engine, "Supported: timer\r\n").await;
    let ours = peer.request_of("INVITE").await;
    peer.send(&peer.in_dialog(&call, "INVITE", 2, SDP_TYPE, SDP)).await;
    let refused = peer.final_response("INVITE", 2).await;
    assert_eq!(refused.status(), 491);
    peer.acknowledge(&refused).await;
    peer.send(&peer.in_dialog(&call, "UPDATE", 3, SDP_TYPE, SDP)).await;
    assert_eq!(peer.final_response("UPDATE", 3).await.status(), 491);
    peer.send(&peer.in_dialog(&call, "UPDATE", 4, "", "")).await;
    assert_eq!(peer.final_response("UPDATE", 4).await.status(), 200, "it offers nothing");
    // That one had no timer in it: the session has no end now, and our refresh is not asked again.
    peer.respond(&ours, "491 Request Pending", "", "").await;
    peer.send(&peer.in_dialog(&call, "UPDATE", 5, "Supported: timer\r\nSession-Expires: 4;refresher=uas\r\n", "")).await;
    assert_eq!(peer.final_response("UPDATE", 5).await.status(), 200);
    let again = peer
        .matching(|message| message.method() == "INVITE" && message.status() == 0 && message.field("Via") != ours.field("Via"))
        .await;
    let extra = format!("Contact: <sip:caller@{}>\r\n{SDP_TYPE}", peer.address);
    peer.respond(&again, "200 OK", &extra, SDP).await;
    peer.request_of("ACK").await;
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    peer.say_goodbye().await;
    engine.settle().await;
}

/// A socket whose media our session description leads to.
async fn media_socket(answer: &Message) -> (UdpSocket, SocketAddr) {
    let port = answer.body.lines().find_map(|line| line.strip_prefix("m=audio ")).unwrap();
    let port: u16 = port.split(' ').next().unwrap().parse().unwrap();
    (UdpSocket::bind("127.0.0.1:0").await.unwrap(), SocketAddr::from(([127, 0, 0, 1], port)))
}

#[tokio::test]
async fn a_far_end_that_sends_no_media_is_given_up_and_one_that_holds_is_not() {
    let silence = SilenceLimits { expected: Duration::from_millis(600), held: Duration::from_secs(600) };
    let (mut engine, peer) = engine(Tuning { t1: T1, silence, ..Tuning::default() }).await;
    let (_, silent, _) = peer.call_saying(&mut engine, "").await;
    assert_eq!(engine.ended(silent).await, EndCause::Vanished);
    peer.say_goodbye().await;

    let (call, leg, answer) = peer.call_saying(&mut engine, "").await;
    let (socket, to) = media_socket(&answer).await;
    // One RTP packet, then a receiver report now and then, for more than twice the time that it may be silent.
    let mut packet = vec![0x80, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9];
    packet.extend([0xD5; 160]);
    socket.send_to(&packet, to).await.unwrap();
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        socket.send_to(&[0x80, 201, 0, 1, 0, 0, 0, 9], to).await.unwrap();
    }
    assert_eq!(engine.waiting_event(), None, "it was heard");
    peer.send(&peer.in_dialog(&call, "INVITE", 2, SDP_TYPE, &SDP.replace("sendrecv", "inactive"))).await;
    peer.final_response("INVITE", 2).await;
    peer.send(&peer.in_dialog(&call, "ACK", 2, "", "")).await;
    assert_eq!(engine.event().await, Event::Held { leg });
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(engine.waiting_event(), None, "it holds");
    peer.send(&peer.in_dialog(&call, "INVITE", 3, SDP_TYPE, SDP)).await;
    peer.final_response("INVITE", 3).await;
    peer.send(&peer.in_dialog(&call, "ACK", 3, "", "")).await;
    assert_eq!(engine.event().await, Event::Resumed { leg });
    assert_eq!(engine.ended(leg).await, EndCause::Vanished);
    peer.say_goodbye().await;
    engine.settle().await;
}
