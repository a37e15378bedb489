//! What a phone may ask in a call: hold, keys by INFO, transfers (REFER), and a call that takes another's place (Replaces), against a
//! peer that writes its datagrams by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use crate::sip_peer::{Call, Engine, Peer, SDP, T1, T1_SHORT, unique};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::UdpSocket;
use walletline_voice::{Command, EndCause, Event, LegId};

const SDP_TYPE: &str = "Content-Type: application/sdp\r\n";

async fn start(t1: Duration) -> (Engine, Peer) {
    let engine = Engine::start_with(1000, t1, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    (engine, peer)
}

async fn hang_up(engine: &mut Engine, peer: &Peer, legs: &[LegId]) {
    for leg in legs {
        engine.voice.execute(Command::Hangup { leg: *leg });
        assert_eq!(engine.ended(*leg).await, EndCause::LocalHangup);
        peer.say_goodbye().await;
    }
    engine.settle().await;
}

/// Tags as a phone writes them that names a call of its own: ours first.
fn replaces(call: &Call, separator: &str, equals: &str) -> String {
    let tag = |value: &str| value.split(";tag=").nth(1).unwrap().to_owned();
    let (to, from) = (tag(&call.to), tag(&call.from));
    format!("{}{separator}to-tag{equals}{to}{separator}from-tag{equals}{from}", call.call_id)
}

#[tokio::test]
async fn hold_is_told_however_a_phone_says_it() {
    let (mut engine, peer) = start(T1).await;
    let (call, leg) = peer.call(&mut engine).await;
    let (held, resumed) = (Some(Event::Held { leg }), Some(Event::Resumed { leg }));
    let zeros = SDP.replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0");
    let cases = [
        ("INVITE", SDP.replace("sendrecv", "sendonly"), held.clone()),
        ("INVITE", SDP.replace("sendrecv", "inactive"), None),
        ("UPDATE", SDP.to_owned(), resumed.clone()),
        ("INVITE", zeros, held),
        ("INVITE", "v=0\r\n".to_owned(), None),
        ("INVITE", SDP.to_owned(), resumed),
        ("INVITE", SDP.replace("sendrecv", "recvonly"), None),
    ];
    let mut cseq = 1;
    for (method, body, wanted) in cases {
        cseq += 1;
        peer.send(&peer.in_dialog(&call, method, cseq, SDP_TYPE, &body)).await;
        let answer = peer.final_response(method, cseq).await;
        match (method, answer.status()) {
            ("INVITE", 200) => peer.send(&peer.in_dialog(&call, "ACK", cseq, "", "")).await,
            ("INVITE", _) => peer.acknowledge(&answer).await,
            _ => {}
        }
        match wanted {
            Some(wanted) => assert_eq!(engine.event().await, wanted, "{body}"),
            None => {
                peer.receive_all().await;
                assert_eq!(engine.waiting_event(), None, "{body}");
            }
        }
    }
    hang_up(&mut engine, &peer, &[leg]).await;
}

#[tokio::test]
async fn a_key_by_info_is_told_once_even_where_the_media_tells_it_too() {
    let (mut engine, peer) = start(T1).await;
    let (call, leg, answer) = peer.call_saying(&mut engine, "").await;
    let port = answer.body.lines().find_map(|line| line.strip_prefix("m=audio ")).unwrap();
    let port: u16 = port.split(' ').next().unwrap().parse().unwrap();
    let (socket, to) = (UdpSocket::bind("127.0.0.1:0").await.unwrap(), SocketAddr::from(([127, 0, 0, 1], port)));
    let cases = [
        ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", '5'),
        ("application/dtmf", "11", '#'),
        ("application/dtmf-relay", "Signal=5\r\n", '5'),
    ];
    for (at, (kind, body, digit)) in cases.into_iter().enumerate() {
        let cseq = u32::try_from(at).unwrap() + 2;
        peer.send(&peer.in_dialog(&call, "INFO", cseq, &format!("Content-Type: {kind}\r\n"), body)).await;
        assert_eq!(peer.final_response("INFO", cseq).await.status(), 200);
        assert_eq!(engine.event().await, Event::Digit { leg, digit });
    }
    // Telephone events 5 and 11 are the same presses; 7 is a new one, and its INFO says nothing new.
    for (sequence, event) in [(1_u8, 5_u8), (2, 11), (3, 7)] {
        let packet = [0x80, 0x80 | 101, 0, sequence, 0, 0, sequence, 0, 0, 0, 0, 9, event, 10, 0, 160];
        socket.send_to(&packet, to).await.unwrap();
    }
    assert_eq!(engine.event().await, Event::Digit { leg, digit: '7' });
    peer.send(&peer.in_dialog(&call, "INFO", 5, "Content-Type: application/dtmf\r\n", "7")).await;
    assert_eq!(peer.final_response("INFO", 5).await.status(), 200);
    hang_up(&mut engine, &peer, &[leg]).await;
}

#[tokio::test]
async fn a_transfer_is_asked_accepted_and_reported() {
    let (mut engine, peer) = start(T1).await;
    let (call, leg) = peer.call(&mut engine).await;
    peer.send(&peer.in_dialog(&call, "REFER", 2, "Refer-To: \"Two\" <sip:agent2@walletline>\r\n", "")).await;
    assert_eq!(engine.event().await, Event::ReferRequested { leg, to: "agent2".to_owned(), replaces: None });
    // A second one has to wait.
    peer.send(&peer.in_dialog(&call, "REFER", 3, "Refer-To: <sip:agent3@h>\r\n", "")).await;
    assert_eq!(peer.final_response("REFER", 3).await.status(), 491);
    engine.voice.execute(Command::AnswerRefer { leg, status: 202 });
    assert_eq!(peer.final_response("REFER", 2).await.status(), 202);
    let reports = [
        (None, "SIP/2.0 100 Trying\r\n", "active;expires=180"),
        (Some(180), "SIP/2.0 180 Ringing\r\n", "active;expires=180"),
        (Some(486), "SIP/2.0 486 Busy Here\r\n", "terminated;reason=noresource"),
    ];
    for (status, body, state) in reports {
        if let Some(status) = status {
            engine.voice.execute(Command::ReportRefer { leg, status });
        }
        let notify = peer.request_of("NOTIFY").await;
        assert_eq!((notify.body.as_str(), notify.field("Subscription-State")), (body, Some(state)));
        assert_eq!(notify.field("Content-Type"), Some("message/sipfrag;version=2.0"));
        assert_eq!(notify.field("Event"), Some("refer"));
        peer.respond(&notify, "200 OK", "", "").await;
    }
    // What comes after the last word is not told. The next transfer's reports have its number.
    engine.voice.execute(Command::ReportRefer { leg, status: 200 });
    peer.send(&peer.in_dialog(&call, "REFER", 4, "r: <tel:+86190>\r\n", "")).await;
    assert_eq!(engine.event().await, Event::ReferRequested { leg, to: "+86190".to_owned(), replaces: None });
    engine.voice.execute(Command::AnswerRefer { leg, status: 202 });
    let notify = peer.request_of("NOTIFY").await;
    assert_eq!((notify.field("Event"), notify.body.as_str()), (Some("refer;id=4"), "SIP/2.0 100 Trying\r\n"));
    peer.respond(&notify, "200 OK", "", "").await;
    hang_up(&mut engine, &peer, &[leg]).await;
}

#[tokio::test]
async fn a_transfer_is_refused_unreported_or_forgotten() {
    let (mut engine, peer) = start(T1_SHORT).await;
    let (call, leg) = peer.call(&mut engine).await;
    let refused = [
        ("", 400),
        ("Refer-To: <sip:a@h>\r\nRefer-To: <sip:b@h>\r\n", 400),
        ("Refer-To: <sip:h>\r\n", 400),
        ("Refer-To: <http://h/>\r\n", 416),
        ("Refer-To: <sip:a@h;method=BYE>\r\n", 603),
        ("Refer-To: <sip:a@h?Replaces=nobody%3Bto-tag%3Da%3Bfrom-tag%3Db>\r\n", 603),
        ("Refer-To: <sip:a@h?Replaces=nonsense>\r\n", 400),
    ];
    let mut cseq = 1;
    for (extra, status) in refused {
        cseq += 1;
        peer.send(&peer.in_dialog(&call, "REFER", cseq, extra, "")).await;
        assert_eq!(peer.final_response("REFER", cseq).await.status(), status, "{extra}");
    }
    for (decision, extra, status) in [(Some(403), "", 403), (Some(202), "Refer-Sub: false\r\n", 200), (None, "", 603)] {
        cseq += 1;
        peer.send(&peer.in_dialog(&call, "REFER", cseq, &format!("Refer-To: <sip:a@h>\r\n{extra}"), "")).await;
        assert!(matches!(engine.event().await, Event::ReferRequested { .. }));
        if let Some(status) = decision {
            engine.voice.execute(Command::AnswerRefer { leg, status });
        }
        let answer = peer.final_response("REFER", cseq).await;
        assert_eq!((answer.status(), answer.field("Refer-Sub")), (status, (status == 200).then_some("false")));
    }
    assert!(peer.receive_all().await.iter().all(|message| message.method() != "NOTIFY"));
    // Outside of any call, and one that is asked for when the call ends.
    peer.send(&peer.request("REFER", "stray", 1, "Refer-To: <sip:a@h>\r\n", "")).await;
    assert_eq!(peer.final_response("REFER", 1).await.status(), 403);
    cseq += 1;
    peer.send(&peer.in_dialog(&call, "REFER", cseq, "Refer-To: <sip:a@h>\r\n", "")).await;
    assert!(matches!(engine.event().await, Event::ReferRequested { .. }));
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(peer.final_response("REFER", cseq).await.status(), 603);
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    peer.say_goodbye().await;
    engine.settle().await;
}

#[tokio::test]
async fn an_attended_transfer_names_the_phones_other_call() {
    let (mut engine, peer) = start(T1).await;
    let (first, leg) = peer.call(&mut engine).await;
    let (second, other) = peer.call(&mut engine).await;
    let named = replaces(&second, "%3B", "%3D");
    peer.send(&peer.in_dialog(&first, "REFER", 2, &format!("Refer-To: <sip:8000@h?Replaces={named}>\r\n"), "")).await;
    assert_eq!(engine.event().await, Event::ReferRequested { leg, to: "8000".to_owned(), replaces: Some(other) });
    engine.voice.execute(Command::AnswerRefer { leg, status: 603 });
    assert_eq!(peer.final_response("REFER", 2).await.status(), 603);
    // The call itself cannot be its own target.
    let named = replaces(&first, "%3B", "%3D");
    peer.send(&peer.in_dialog(&first, "REFER", 3, &format!("Refer-To: <sip:8000@h?Replaces={named}>\r\n"), "")).await;
    assert_eq!(peer.final_response("REFER", 3).await.status(), 603);
    hang_up(&mut engine, &peer, &[leg, other]).await;
}

#[tokio::test]
async fn a_call_takes_the_place_of_one_that_it_names() {
    let (mut engine, peer) = start(T1_SHORT).await;
    let (call, old) = peer.call(&mut engine).await;
    let invite = |fields: &str| {
        let call_id = format!("instead{}", unique());
        (peer.request("INVITE", &call_id, 1, &format!("{fields}{SDP_TYPE}"), SDP), call_id)
    };
    let named = replaces(&call, ";", "=");
    let refused = [
        ("Replaces: nobody;to-tag=a;from-tag=b\r\n".to_owned(), 481),
        (format!("Replaces: {}x\r\n", named), 481),
        (format!("Replaces: {named}\r\nReplaces: {named}\r\n"), 400),
        ("Replaces: nonsense\r\n".to_owned(), 400),
        (format!("Replaces: {named};early-only\r\n"), 486),
    ];
    for (fields, status) in refused {
        let (invite, call_id) = invite(&fields);
        peer.send(&invite).await;
        let answer = peer.matching(|answer| answer.status() >= 200 && answer.field("Call-ID") == Some(&call_id)).await;
        assert_eq!(answer.status(), status, "{fields}");
        peer.acknowledge(&answer).await;
    }
    let (invite, _) = invite(&format!("Require: replaces\r\nReplaces: {named}\r\n"));
    peer.send(&invite).await;
    let Event::Incoming { leg, replaces, .. } = engine.event().await else { panic!("no call") };
    assert_eq!(replaces, Some(old));
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    hang_up(&mut engine, &peer, &[old]).await;
}

#[tokio::test]
async fn one_call_asks_for_ten_transfers_a_minute_and_no_more() {
    let (mut engine, peer) = start(T1).await;
    let (call, leg) = peer.call(&mut engine).await;
    for cseq in 2..12 {
        peer.send(&peer.in_dialog(&call, "REFER", cseq, "Refer-To: <sip:1025@h>\r\n", "")).await;
        assert!(matches!(engine.event().await, Event::ReferRequested { .. }));
        engine.voice.execute(Command::AnswerRefer { leg, status: 403 });
        assert_eq!(peer.final_response("REFER", cseq).await.status(), 403);
    }
    peer.send(&peer.in_dialog(&call, "REFER", 12, "Refer-To: <sip:1025@h>\r\n", "")).await;
    let refused = peer.final_response("REFER", 12).await;
    assert_eq!((refused.status(), refused.field("Retry-After")), (500, Some("60")));
    hang_up(&mut engine, &peer, &[leg]).await;
}
