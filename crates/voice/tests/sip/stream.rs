//! SIP over TCP as a hand-written peer sees it: whole calls, broken framing, connections that end at the wrong moment, and bounds.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use crate::sip_peer;
use crate::sip_peer::stream::StreamPeer;
use crate::sip_peer::{Engine, Peer, T1, T1_SHORT, unique};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use walletline_voice::{Command, DialTarget, DialogRecord, EndCause, Event, LegId, SipTransport, StreamLimits, Tuning};

fn tcp(engine: &Engine) -> SocketAddr {
    engine.voice.stream_address(SipTransport::Tcp).unwrap()
}

/// An engine with these bounds of connections.
async fn start(streams: StreamLimits) -> Engine {
    Engine::start_tuned(1000, Tuning { t1: T1, streams, ..Tuning::default() }, Vec::new()).await
}

/// Waits until this many connections are left.
async fn connections(engine: &Engine, wanted: usize) {
    let reached = async {
        while engine.voice.sip_load().connections != wanted {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(timeout(sip_peer::HANG, reached).await.is_ok(), "{:?}", engine.voice.sip_load());
}

/// Places a call that is answered and acknowledged; the answer and the leg.
async fn call(engine: &mut Engine, peer: &mut StreamPeer) -> (sip_peer::Message, LegId) {
    let call_id = format!("tcp{}", unique());
    let invite = peer.invite(&call_id);
    peer.send(&invite).await;
    let leg = engine.incoming().await;
    engine.voice.execute(Command::Answer { leg });
    let answer = peer.final_response("INVITE", 1).await;
    assert_eq!(answer.status(), 200);
    peer.send(&peer.in_dialog(&answer, "ACK", 1)).await;
    assert!(matches!(engine.event().await, Event::Answered { leg: answered, .. } if answered == leg));
    (answer, leg)
}

#[tokio::test]
async fn a_call_is_set_up_and_ended_by_either_side() {
    let mut engine = Engine::start().await;
    let mut peer = StreamPeer::tcp(tcp(&engine)).await;
    let (answer, leg) = call(&mut engine, &mut peer).await;
    assert_eq!(answer.field("Contact"), Some(format!("<sip:8000@{};transport=tcp>", tcp(&engine)).as_str()));
    peer.send(&peer.in_dialog(&answer, "BYE", 2)).await;
    assert_eq!(peer.final_response("BYE", 2).await.status(), 200);
    assert_eq!(engine.ended(leg).await, EndCause::RemoteHangup);

    let (_, leg) = call(&mut engine, &mut peer).await;
    engine.voice.execute(Command::Hangup { leg });
    // Its Contact names the port it called from; a private address behind a translator would come back over the connection as well.
    let bye = peer.request_of("BYE").await;
    let via = bye.field("Via").unwrap();
    assert!(via.starts_with(&format!("SIP/2.0/TCP {};rport;alias;branch=z9hG4bK", tcp(&engine))), "{via}");
    peer.respond(&bye, "200 OK", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    assert_eq!(engine.voice.counters().sip.tcp_connections, 1);
    drop(peer);
    connections(&engine, 0).await;
    engine.settle().await;
}

#[tokio::test]
async fn messages_are_found_however_the_bytes_come() {
    let mut engine = Engine::start().await;
    let mut peer = StreamPeer::tcp(tcp(&engine)).await;
    let invite = peer.invite("slow");
    for byte in invite.as_bytes() {
        peer.send_raw(&[*byte]).await;
    }
    let leg = engine.incoming().await;
    let two =
        peer.request("OPTIONS", "two", 1, "", "") + &peer.request("CANCEL", "slow", 1, "", "").replace("1CANCEL;", "1INVITE;");
    // Two messages in one write, with the empty lines that some phones put around them.
    peer.send(&format!("\r\n{two}\r\n")).await;
    let mut seen = Vec::new();
    while seen.len() < 3 {
        let message = peer.receive().await;
        if message.status() >= 200 {
            seen.push((message.status(), message.method().to_owned()));
            if message.status() == 487 {
                let via = message.field("Via").unwrap().split(";rport").next().unwrap().to_owned();
                let to = message.field("To").unwrap();
                let ack = peer.request("ACK", "slow", 1, "", "").replace("1ACK;", "1INVITE;");
                assert!(via.contains("z9hG4bKslow1INVITE"));
                peer.send(&ack.replace(&format!("To: <sip:8000@{}>", peer.engine), &format!("To: {to}"))).await;
            }
        }
    }
    seen.sort();
    let expected = [(200, "CANCEL"), (200, "OPTIONS"), (487, "INVITE")].map(|(status, method)| (status, method.to_owned()));
    assert_eq!(seen, expected);
    assert_eq!(engine.ended(leg).await, EndCause::Cancelled);
    engine.settle().await;
}

#[tokio::test]
async fn pings_are_answered() {
    let mut engine = Engine::start().await;
    let mut peer = StreamPeer::tcp(tcp(&engine)).await;
    peer.send("\r\n\r\n").await;
    peer.expect_bytes(b"\r\n").await;
    peer.send("\r\n").await;
    peer.send(&peer.request("OPTIONS", "ping", 1, "", "")).await;
    assert_eq!(peer.receive().await.status(), 200);
    engine.settle().await;
}

#[tokio::test]
async fn what_cannot_be_cut_into_messages_ends_the_connection_and_nothing_else() {
    let mut engine = Engine::start().await;
    let mut other = StreamPeer::tcp(tcp(&engine)).await;
    let (answer, leg) = call(&mut engine, &mut other).await;
    let peer = StreamPeer::tcp(tcp(&engine)).await;
    let options = peer.request("OPTIONS", "x", 1, "", "");
    let endless = format!("OPTIONS sip:h SIP/2.0\r\nX: {}", "x".repeat(9_000));
    let cases = [
        ("GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(), None),
        ("\u{16}\u{3}\u{1}\u{2}".to_owned(), None),
        (endless, None),
        (options.replace("Content-Length: 0\r\n", ""), Some("400")),
        (options.replace("Content-Length: 0", "Content-Length: many"), Some("400")),
        (options.replace("Content-Length: 0", "Content-Length: 99999"), Some("513")),
        (options.replace("OPTIONS", "ACK").replace("Content-Length: 0\r\n", ""), None),
    ];
    let count = u64::try_from(cases.len()).unwrap();
    for (bytes, status) in cases {
        let mut peer = StreamPeer::tcp(tcp(&engine)).await;
        peer.send(&bytes).await;
        let answer = peer.closed().await;
        assert_eq!(answer.get(8..11), status, "{bytes:.60} {answer}");
    }
    assert_eq!(engine.voice.counters().sip.connections_broken, count);
    other.send(&other.in_dialog(&answer, "BYE", 2)).await;
    assert_eq!(engine.ended(leg).await, EndCause::RemoteHangup);
    drop((peer, other));
    connections(&engine, 0).await;
    engine.settle().await;
}

#[tokio::test]
async fn a_request_that_the_guard_refuses_is_answered_over_its_connection() {
    let mut engine = Engine::start().await;
    let mut peer = StreamPeer::tcp(tcp(&engine)).await;
    for (method, extra, status) in
        [("FROB", "", 501), ("SUBSCRIBE", "", 405), ("INVITE", "Require: gruu\r\n", 420), ("BYE", "", 481)]
    {
        peer.send(&peer.request(method, method, 1, extra, "")).await;
        assert_eq!(peer.final_response(method, 1).await.status(), status);
    }
    engine.settle().await;
}

/// Closes with a reset in place of a farewell.
fn reset(stream: TcpStream) {
    socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
    drop(stream);
}

#[tokio::test]
async fn an_invite_and_then_a_reset_leave_nothing() {
    // T1 as it is would hold what waits for 6.4 s; the test's own patience is no measure, so the leg's end must say why.
    let mut engine = Engine::start().await;
    let peer = StreamPeer::tcp(tcp(&engine)).await;
    for answered in [false, true] {
        let stream = TcpStream::connect(tcp(&engine)).await.unwrap();
        let invite = peer.invite(&format!("reset{answered}"));
        stream.writable().await.unwrap();
        assert_eq!(stream.try_write(invite.as_bytes()).unwrap(), invite.len());
        let leg = engine.incoming().await;
        if answered {
            engine.voice.execute(Command::Answer { leg });
        }
        reset(stream);
        assert_eq!(engine.ended(leg).await, EndCause::Vanished);
    }
    drop(peer);
    connections(&engine, 0).await;
    engine.settle().await;
}

#[tokio::test]
async fn a_message_cut_off_by_the_end_costs_nothing() {
    let mut engine = Engine::start().await;
    let mut peer = StreamPeer::tcp(tcp(&engine)).await;
    let invite = peer.invite("cut");
    peer.send(&invite[..invite.len() - 10]).await;
    drop(peer);
    connections(&engine, 0).await;
    engine.settle().await;
    assert_eq!(engine.voice.counters().sip.calls_offered, 0);
}

#[tokio::test]
async fn a_confirmed_call_outlives_its_connection() {
    let mut engine = Engine::start().await;
    let mut peer = StreamPeer::tcp(tcp(&engine)).await;
    let (answer, leg) = call(&mut engine, &mut peer).await;
    drop(peer);
    connections(&engine, 0).await;
    assert_eq!(engine.voice.sip_load().legs, 1);
    // The far end comes back on another connection and hangs up there; or, another time, we do.
    let mut peer = StreamPeer::tcp(tcp(&engine)).await;
    peer.send(&peer.in_dialog(&answer, "BYE", 2)).await;
    assert_eq!(peer.final_response("BYE", 2).await.status(), 200);
    assert_eq!(engine.ended(leg).await, EndCause::RemoteHangup);
    let (answer, leg) = call(&mut engine, &mut peer).await;
    drop(peer);
    connections(&engine, 0).await;
    let mut peer = StreamPeer::tcp(tcp(&engine)).await;
    peer.send(&peer.in_dialog(&answer, "OPTIONS", 2)).await;
    assert_eq!(peer.final_response("OPTIONS", 2).await.status(), 200);
    engine.voice.execute(Command::Hangup { leg });
    let bye = peer.request_of("BYE").await;
    peer.respond(&bye, "200 OK", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    engine.settle().await;
}

#[tokio::test]
async fn a_bye_without_a_way_is_given_up_at_once() {
    let mut engine = Engine::start().await;
    let mut peer = StreamPeer::tcp(tcp(&engine)).await;
    let (_, leg) = call(&mut engine, &mut peer).await;
    drop(peer);
    connections(&engine, 0).await;
    // Nobody listens where the call came from.
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    engine.settle().await;
    assert_eq!(engine.voice.counters().sip.connections_failed, 1);
}

#[tokio::test]
async fn a_phone_is_rung_over_the_connection_it_registered_by() {
    let mut engine = Engine::start().await;
    let mut phone = StreamPeer::tcp(tcp(&engine)).await;
    // As behind an address translator: the Contact leads nowhere.
    let granted = phone.register("<sip:agent1@192.168.77.9:5060;transport=tcp>").await;
    assert_eq!(granted.status(), 200);
    let Event::PhoneRegistered { user, binding } = engine.event().await else { panic!("not registered") };
    assert_eq!((binding.transport, binding.source, binding.flow.is_some()), (SipTransport::Tcp, phone.address, true));
    let dial = |leg: LegId| {
        let (from_number, from_name) = ("1".to_owned(), String::new());
        engine.voice.execute(Command::Dial { leg, to: DialTarget::Phone { user: user.clone(), from_number, from_name } });
    };
    dial(LegId(7));
    let invite = phone.request_of("INVITE").await;
    assert_eq!(invite.uri(), "sip:agent1@192.168.77.9:5060;transport=tcp");
    assert_eq!(invite.field("Contact"), Some(format!("<sip:{};transport=tcp>", tcp(&engine)).as_str()));
    phone.respond(&invite, "180 Ringing", "", "").await;
    phone.accept(&invite).await;
    phone.request_of("ACK").await;
    dial(LegId(8));
    let second = phone.request_of("INVITE").await;
    assert_eq!(engine.event().await, Event::Ringing { leg: LegId(7) });
    let Event::Answered { dialog, .. } = engine.event().await else { panic!("not answered") };
    assert_eq!(dialog.unwrap().transport, SipTransport::Tcp);
    // The connection ends: the call that is up stays, the phone that rings is given up at once.
    phone.respond(&second, "180 Ringing", "", "").await;
    assert_eq!(engine.event().await, Event::Ringing { leg: LegId(8) });
    // Its registration goes with it.
    drop(phone);
    let both = [engine.event().await, engine.event().await];
    let ended = |event: &Event| matches!(event, Event::LegEnded { leg: LegId(8), cause: EndCause::Vanished, .. });
    assert!(both.iter().any(ended) && both.contains(&Event::PhoneUnregistered { user: user.clone() }), "{both:?}");
    assert!(engine.voice.bindings().is_empty());
    assert_eq!(engine.voice.sip_load().legs, 1);
    engine.voice.execute(Command::Hangup { leg: LegId(7) });
    assert_eq!(engine.ended(LegId(7)).await, EndCause::LocalHangup);
    engine.settle().await;
}

#[tokio::test]
async fn a_phone_that_listens_is_connected_to() {
    let mut engine = Engine::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let registrar = Peer::new(engine.address).await;
    let contact = format!("<sip:agent1@{};transport=tcp>", listener.local_addr().unwrap());
    // It registers over UDP and asks to be rung by TCP.
    let text = |cseq, extra: &str| {
        let text = registrar.request("REGISTER", "listens", cseq, extra, "");
        let own = text.lines().find(|line| line.starts_with("Contact:")).unwrap().to_owned();
        text.replace(&format!("To: <sip:8000@{}>", engine.address), "To: <sip:agent1@walletline>")
            .replace(&own, &format!("Contact: {contact}"))
    };
    registrar.send(&text(1, "")).await;
    let challenge = sip_peer::challenge(&registrar.final_response("REGISTER", 1).await);
    let authorization = format!("Authorization: {}\r\n", sip_peer::digest(&challenge, "agent1", "secret", 1));
    registrar.send(&text(2, &authorization)).await;
    assert_eq!(registrar.final_response("REGISTER", 2).await.status(), 200);
    engine.event().await;
    let (leg, from_number, from_name) = (LegId(9), "1".to_owned(), String::new());
    engine.voice.execute(Command::Dial { leg, to: DialTarget::Phone { user: "agent1".to_owned(), from_number, from_name } });
    let mut phone = StreamPeer::accepted(listener.accept().await.unwrap().0);
    let invite = phone.request_of("INVITE").await;
    phone.respond(&invite, "486 Busy Here", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(486));
    phone.request_of("ACK").await;
    engine.settle().await;
}

#[tokio::test]
async fn a_dialog_of_an_earlier_run_is_ended_by_its_transport() {
    let mut engine = Engine::start_with(1000, T1_SHORT, Vec::new()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let record = DialogRecord {
        call_id: "orphan".to_owned(),
        local: "<sip:8000@127.0.0.1>;tag=ours".to_owned(),
        remote: "<sip:1@127.0.0.1>;tag=theirs".to_owned(),
        // No transport is written: the one it was seen by counts.
        remote_target: format!("sip:caller@{}", listener.local_addr().unwrap()),
        routes: Vec::new(),
        next_cseq: 17,
        peer: "127.0.0.1:9".parse().unwrap(),
        transport: SipTransport::Tcp,
    };
    engine.voice.execute(Command::EndOrphan { dialog: record });
    let mut peer = StreamPeer::accepted(listener.accept().await.unwrap().0);
    let bye = peer.request_of("BYE").await;
    assert_eq!(bye.field("CSeq"), Some("17 BYE"));
    peer.respond(&bye, "200 OK", "", "").await;
    engine.settle().await;
}

#[tokio::test]
async fn silent_and_slow_connections_are_closed() {
    let brief = Duration::from_millis(50);
    let mut engine = start(StreamLimits { silent: brief, message: brief, ..StreamLimits::default() }).await;
    assert_eq!(StreamPeer::tcp(tcp(&engine)).await.closed().await, "");
    let mut slow = StreamPeer::tcp(tcp(&engine)).await;
    slow.send("INVITE sip:8000@h SIP/2.0\r\n").await;
    assert_eq!(slow.closed().await, "");
    // One that a call needs may be silent.
    let mut peer = StreamPeer::tcp(tcp(&engine)).await;
    let (answer, leg) = call(&mut engine, &mut peer).await;
    peer.send(&peer.in_dialog(&answer, "OPTIONS", 2)).await;
    assert_eq!(peer.final_response("OPTIONS", 2).await.status(), 200);
    tokio::time::sleep(brief * 4).await;
    peer.send(&peer.in_dialog(&answer, "BYE", 3)).await;
    assert_eq!(peer.final_response("BYE", 3).await.status(), 200);
    assert_eq!(engine.ended(leg).await, EndCause::RemoteHangup);
    engine.settle().await;
    assert_eq!(engine.voice.counters().sip.connections_broken, 2);
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_let_go() {
    let limits = StreamLimits { unread: Duration::from_millis(50), ..StreamLimits::default() };
    let mut engine = start(limits).await;
    let peer = StreamPeer::tcp(tcp(&engine)).await;
    let stream = TcpStream::connect(tcp(&engine)).await.unwrap();
    // The answer repeats the Call-ID, and the Via and From that are made with it.
    let frob = peer.request("FROB", &"x".repeat(2_000), 1, "", "");
    // It asks and never reads; in the end the kernel takes no more of our answers.
    let asked = async {
        loop {
            stream.writable().await.unwrap();
            match stream.try_write(frob.as_bytes()) {
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => tokio::task::yield_now().await,
                Err(_) => return,
                Ok(_) => {}
            }
        }
    };
    timeout(sip_peer::HANG, asked).await.expect("the connection ends");
    connections(&engine, 1).await;
    drop(peer);
    engine.settle().await;
}

#[tokio::test]
async fn connections_are_limited() {
    let mut engine = start(StreamLimits { connections: 4, per_address: 3, ..StreamLimits::default() }).await;
    let mut peers = Vec::new();
    for id in 0..3 {
        let mut peer = StreamPeer::tcp(tcp(&engine)).await;
        peer.send(&peer.request("OPTIONS", &format!("limit{id}"), 1, "", "")).await;
        assert_eq!(peer.receive().await.status(), 200);
        peers.push(peer);
    }
    assert_eq!(StreamPeer::tcp(tcp(&engine)).await.closed().await, "");
    assert_eq!(engine.voice.counters().sip.connections_refused, 1);
    peers.pop();
    connections(&engine, 2).await;
    let mut peer = StreamPeer::tcp(tcp(&engine)).await;
    peer.send(&peer.request("OPTIONS", "again", 1, "", "")).await;
    assert_eq!(peer.receive().await.status(), 200);
    engine.settle().await;
}

#[tokio::test]
async fn a_stop_closes_connections() {
    let mut engine = Engine::start().await;
    let mut peer = StreamPeer::tcp(tcp(&engine)).await;
    let (_, leg) = call(&mut engine, &mut peer).await;
    let voice = engine.voice.clone();
    let stopping = async {
        let bye = peer.request_of("BYE").await;
        peer.respond(&bye, "200 OK", "", "").await;
        peer.closed().await
    };
    let ((), rest) = tokio::join!(voice.stop(), stopping);
    assert_eq!((rest.as_str(), engine.ended(leg).await), ("", EndCause::LocalHangup));
    connections(&engine, 0).await;
}
