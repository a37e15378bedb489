//! What is not SIP, nearly SIP, or too much SIP: it is answered where RFC 3261 says so, else dropped, and the next good call
//! works as if nothing had been.

use crate::sip_peer;
use crate::sip_peer::{Call, Engine, Peer, SDP};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use walletline_voice::{Command, EndCause, Event};

#[tokio::test]
async fn malformed_requests_are_refused_with_the_status_that_says_why() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    let good = peer.invite("bad");
    let without =
        |name: &str| good.lines().filter(|line| !line.starts_with(name)).map(|line| format!("{line}\r\n")).collect::<String>();
    let cases = [
        (without("From"), 400),
        (without("Call-ID"), 400),
        (without("CSeq"), 400),
        (good.replace(";tag=fbad", ""), 400),
        (good.replace("1 INVITE", "one INVITE"), 400),
        (good.replace("1 INVITE", "1 BYE"), 400),
        (good.replace("Content-Length: ", "Content-Length: 9"), 400),
        (good.replace("Max-Forwards: 70", "Max-Forwards: many"), 400),
        (good.replacen("SIP/2.0\r\n", "SIP/3.0\r\n", 1), 505),
        (good.replacen("sip:8000@", "http://8000@", 1), 416),
        (good.replace("application/sdp", "application/json"), 415),
        (good.replace("Max-Forwards: 70", "Require: 100rel, x"), 420),
        (good.split_at(300).0.to_owned(), 400),
        (peer.request("BYE", "none", 1, "", ""), 481),
        (peer.request("INFO", "none", 2, "", ""), 481),
        (peer.request("PUBLISH", "none", 3, "", ""), 405),
        (peer.request("FROB", "none", 4, "", ""), 501),
        (peer.request("OPTIONS", "none", 5, "", ""), 200),
        (peer.invite("contact").replace("Contact: ", "X-Contact: "), 400),
    ];
    for (text, status) in cases {
        peer.send(&text).await;
        let answer = peer.matching(|message| message.status() >= 200).await;
        assert_eq!(answer.status(), status, "{text}");
        if [405, 501].contains(&status) {
            assert!(answer.field("Allow").unwrap().starts_with("INVITE"));
        }
        if status == 420 {
            assert_eq!(answer.field("Unsupported"), Some("x"), "100rel is served");
        }
        if text.contains("X-Contact") {
            peer.acknowledge(&answer).await;
        }
    }
    engine.settle().await;
}

#[tokio::test]
async fn garbage_is_dropped_and_never_answered() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    let mut oversized = peer.invite("huge").into_bytes();
    oversized.resize(40_000, b'x');
    let ack = peer.request("ACK", "broken", 1, "", "").replace("CSeq", "X-CSeq");
    let many = peer.request("INVITE", "many", 1, &(0..300).map(|n| format!("X-{n}: y\r\n")).collect::<String>(), "");
    let no_via = peer.invite("novia").replace("Via:", "X-Via:");
    let response = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKnone\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\n\
        Call-ID: x\r\nCSeq: 1 INVITE\r\n\r\n";
    let datagrams: [&[u8]; 11] = [
        b"",
        b"\r\n\r\n",
        b"\x00\x01\x02",
        b"INVITE",
        b"\xff\xfe INVITE sip:x SIP/2.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        &oversized,
        ack.as_bytes(),
        many.as_bytes(),
        no_via.as_bytes(),
        response.as_bytes(),
    ];
    for datagram in datagrams {
        peer.send_raw(datagram).await;
    }
    assert!(peer.receive_all().await.is_empty());
    assert!(engine.voice.counters().sip.messages_dropped >= 10);
    engine.settle().await;
}

#[tokio::test]
async fn a_latin_1_name_and_a_missing_length_are_taken_as_meant() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    let text = peer
        .invite("old")
        .lines()
        .filter(|line| !line.starts_with("Content-Length"))
        .map(|line| format!("{line}\r\n"))
        .collect::<String>();
    let mut datagram = text.into_bytes();
    let at = datagram.windows(6).position(|window| window == b"From: ").unwrap() + 6;
    datagram.splice(at..at, b"\"Jos\xe9\" ".iter().copied());
    peer.send_raw(&datagram).await;
    let Event::Incoming { leg, caller, .. } = engine.event().await else { panic!("no call") };
    assert_eq!(caller, "+8619000000001");
    engine.voice.execute(Command::Answer { leg });
    let answer = peer.final_response("INVITE", 1).await;
    assert!(answer.status() == 200 && answer.body.contains("PCMA") && answer.field("From").unwrap().contains("José"));
    let call = Call::from_answer(&answer);
    peer.send(&peer.in_dialog(&call, "ACK", 1, "", "")).await;
    assert!(matches!(engine.event().await, Event::Answered { .. }));
    peer.send(&peer.in_dialog(&call, "BYE", 2, "", "")).await;
    assert_eq!(engine.ended(leg).await, EndCause::RemoteHangup);
    engine.settle().await;
}

/// Damages every kind of message in many places and sends it all; what still reads as a call is hung up. Then a good call works.
#[tokio::test]
async fn damaged_messages_of_every_kind_leave_the_engine_whole() {
    let mut engine = Engine::start_with(1000, sip_peer::T1_SHORT, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    let (call, leg) = peer.call(&mut engine).await;
    let mut runner = TestRunner::deterministic();
    let damage = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..4);
    for round in 0..1500_u32 {
        let id = format!("fuzz{round}");
        let text = match round % 6 {
            0 => peer.invite(&id),
            1 => peer.in_dialog(&call, "INVITE", 10 + round, "Content-Type: application/sdp\r\n", SDP),
            2 => peer.request("REGISTER", &id, 1, "Authorization: Digest username=\"agent1\", realm=\"walletline\"\r\n", ""),
            3 => peer.in_dialog(&call, "UPDATE", 10 + round, "", ""),
            4 => peer.request("CANCEL", &id, 1, "", ""),
            _ => peer.in_dialog(&call, "INFO", 10 + round, "", ""),
        };
        let mut bytes = text.into_bytes();
        for (at, byte, kind) in damage.new_tree(&mut runner).unwrap().current() {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at.max(1)),
                2 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
            if bytes.is_empty() {
                bytes.push(byte);
            }
        }
        peer.send_raw(&bytes).await;
        if round % 50 == 0 {
            peer.drain(&mut engine).await;
        }
    }
    peer.drain(&mut engine).await;
    engine.voice.execute(Command::Hangup { leg });
    peer.drain_all(&mut engine).await;
    let (_, leg) = peer.call(&mut engine).await;
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    engine.settle().await;
}
