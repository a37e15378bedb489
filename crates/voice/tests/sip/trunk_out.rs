//! Calls by way of a carrier, and what keeps the way open: challenges, failover, probes, limits and rules. The carrier writes its
//! datagrams by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use crate::carrier::{NOWHERE, account, challenge, dial, dial_as, proves, start, start_impatient, status, trunk, until};
use crate::sip_peer;
use crate::sip_peer::{Call, Engine, Message, Peer};
use std::time::Duration;
use walletline_voice::{
    Command, DialRefusal, EndCause, Event, LegId, NumberFormat, NumberPlan, Rewrite, TrunkSettings, TrunkTimers,
};

const SDP_FIELD: &str = "Content-Type: application/sdp\r\n";

fn call(invite: &Message) -> Call {
    let field = |name: &str| invite.field(name).unwrap().to_owned();
    let target = field("Contact").trim_matches(['<', '>']).to_owned();
    Call { call_id: field("Call-ID"), from: format!("{};tag=peer", field("To")), to: field("From"), target }
}

async fn hang_up(engine: &mut Engine, carrier: &Peer, leg: LegId) {
    engine.voice.execute(Command::Hangup { leg });
    let bye = carrier.request_of("BYE").await;
    carrier.respond(&bye, "200 OK", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
}

async fn answered(engine: &mut Engine, carrier: &Peer, invite: &Message, leg: LegId) {
    carrier.accept(invite).await;
    carrier.request_of("ACK").await;
    assert!(matches!(engine.event().await, Event::Answered { leg: answered, .. } if answered == leg));
}

#[tokio::test]
async fn a_number_is_dialled_as_the_carrier_writes_it_and_hung_up_by_the_callee() {
    let peer = Peer::new(NOWHERE).await;
    let numbers = NumberPlan {
        country: Some("86".to_owned()),
        national_prefix: "0".to_owned(),
        international_prefix: "00".to_owned(),
        format: NumberFormat::National,
        rewrite_out: vec![Rewrite { prefix: "01".to_owned(), digits: Some(12), strip: 1, add: String::new() }],
        ..NumberPlan::default()
    };
    let caller_ids = [("8000".to_owned(), "+864001234567".to_owned())].into();
    let mut engine = start(vec![TrunkSettings { numbers, caller_ids, ..trunk(&[&peer]) }]).await;
    let carrier = peer.towards(engine.address);
    let leg = dial_as(&engine, "0086 138 0013 8000", "8000");
    let invite = carrier.request_of("INVITE").await;
    assert_eq!(invite.uri(), format!("sip:13800138000@{}", carrier.address));
    assert!(invite.field("From").unwrap().starts_with("<sip:04001234567@127.0.0.1>;tag="), "{invite:?}");
    assert_eq!(invite.field("P-Asserted-Identity"), Some("<sip:04001234567@127.0.0.1>"));
    assert!(invite.field("Privacy").is_none() && invite.body.contains("m=audio"));
    carrier.respond(&invite, "183 Session Progress", "", "").await;
    assert_eq!(engine.event().await, Event::Ringing { leg });
    answered(&mut engine, &carrier, &invite, leg).await;
    assert_eq!((status(&engine).live_out, status(&engine).counters.calls_out_answered), (1, 1));
    carrier.send(&carrier.in_dialog(&call(&invite), "BYE", 1, "", "")).await;
    assert_eq!(carrier.final_response("BYE", 1).await.status(), 200);
    assert_eq!(engine.ended(leg).await, EndCause::RemoteHangup);
    assert_eq!(status(&engine).live_out, 0);
    // Withheld: the carrier is told no number at all.
    let leg = dial_as(&engine, "+8613800138000", "");
    let invite = carrier.request_of("INVITE").await;
    assert!(invite.field("From").unwrap().starts_with("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag="));
    assert_eq!((invite.field("Privacy"), invite.field("P-Asserted-Identity")), (Some("id"), None));
    carrier.respond(&invite, "486 Busy Here", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(486));
    engine.settle().await;
}

#[tokio::test]
async fn a_challenge_is_answered_with_the_better_digest() {
    for (offered, used, status_line) in [
        (&["MD5", "SHA-256", "SHA-512-256"][..], "SHA-256", "401 Unauthorized"),
        (&["MD5"], "MD5", "407 Proxy Authentication Required"),
    ] {
        let peer = Peer::new(NOWHERE).await;
        let mut engine = start(vec![TrunkSettings { account: Some(account(false)), ..trunk(&[&peer]) }]).await;
        let carrier = peer.towards(engine.address);
        let leg = dial(&engine, "+8613800138000");
        let first = carrier.request_of("INVITE").await;
        assert!(first.field("Authorization").is_none());
        let asked = challenge(offered, "n1");
        let asked = if used == "MD5" { asked.replace("WWW-Authenticate", "Proxy-Authenticate") } else { asked };
        carrier.respond(&first, status_line, &asked, "").await;
        let second = carrier.request_of("INVITE").await;
        assert!(proves(&second, used, "Circle of Life"), "{second:?}");
        assert_eq!((first.field("Call-ID"), second.field("CSeq")), (second.field("Call-ID"), Some("2 INVITE")));
        assert_eq!(second.field("Proxy-Authorization").is_some(), used == "MD5");
        assert_eq!(second.uri(), "sip:+8613800138000@carrier.example");
        // The nonce grew old in between: once more. The password is still right.
        carrier.respond(&second, status_line, &asked.replace("n1\"", "n2\", stale=true"), "").await;
        let third = carrier.request_of("INVITE").await;
        assert!(proves(&third, used, "Circle of Life"), "{third:?}");
        carrier.respond(&third, "180 Ringing", "", "").await;
        assert_eq!(engine.event().await, Event::Ringing { leg });
        answered(&mut engine, &carrier, &third, leg).await;
        hang_up(&mut engine, &carrier, leg).await;
        engine.settle().await;
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_challenge_end_the_call() {
    let peer = Peer::new(NOWHERE).await;
    let mut engine = start(vec![TrunkSettings { account: Some(account(false)), ..trunk(&[&peer]) }]).await;
    let carrier = peer.towards(engine.address);
    let leg = dial(&engine, "+8613800138000");
    for nonce in ["n1", "n2"] {
        let invite = carrier.request_of("INVITE").await;
        carrier.respond(&invite, "401 Unauthorized", &challenge(&["MD5"], nonce), "").await;
    }
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(401));
    let leg = dial(&engine, "+8613800138000");
    let invite = carrier.request_of("INVITE").await;
    carrier.respond(&invite, "401 Unauthorized", &challenge(&["SHA-512-256"], "n3"), "").await;
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(401));
    engine.settle().await;
}

#[tokio::test]
async fn the_next_target_gets_the_call_when_one_says_nothing_or_takes_none() {
    assert!(TrunkTimers::default().patience < Duration::from_secs(3));
    let peers = [Peer::new(NOWHERE).await, Peer::new(NOWHERE).await, Peer::new(NOWHERE).await];
    let mut engine = start_impatient(vec![trunk(&[&peers[0], &peers[1], &peers[2]])]).await;
    let [silent, full, good] = peers.map(|peer| peer.towards(engine.address));
    let leg = dial(&engine, "+8613800138000");
    let unheard = silent.request_of("INVITE").await;
    let refused = full.request_of("INVITE").await;
    full.respond(&refused, "503 Service Unavailable", "Retry-After: 30\r\n", "").await;
    full.request_of("ACK").await;
    let invite = good.request_of("INVITE").await;
    assert_eq!(unheard.field("Call-ID"), invite.field("Call-ID"));
    good.respond(&invite, "180 Ringing", "", "").await;
    assert_eq!(engine.event().await, Event::Ringing { leg });
    answered(&mut engine, &good, &invite, leg).await;
    let now = status(&engine);
    assert_eq!(now.counters.failovers, 2);
    assert_eq!(now.targets.iter().map(|(_, up)| *up).collect::<Vec<_>>(), [false, false, true]);
    // The silent one wakes up: it is told at once that nobody waits, and rings nobody.
    silent.respond(&unheard, "180 Ringing", "", "").await;
    let cancel = silent.request_of("CANCEL").await;
    assert_eq!((cancel.uri(), cancel.field("CSeq")), (unheard.uri(), Some("1 CANCEL")));
    silent.respond(&cancel, "200 OK", "", "").await;
    silent.respond(&unheard, "487 Request Terminated", "", "").await;
    silent.request_of("ACK").await;
    // The next call goes where the last one was answered.
    let next = dial(&engine, "+8613800138000");
    let invite = good.request_of("INVITE").await;
    good.respond(&invite, "404 Not Found", "", "").await;
    assert_eq!(engine.ended(next).await, EndCause::Rejected(404));
    hang_up(&mut engine, &good, leg).await;
    engine.settle().await;
}

#[tokio::test]
async fn a_target_that_answers_after_all_is_hung_up_on() {
    let peers = [Peer::new(NOWHERE).await, Peer::new(NOWHERE).await];
    let mut engine = start_impatient(vec![trunk(&[&peers[0], &peers[1]])]).await;
    let [late, good] = peers.map(|peer| peer.towards(engine.address));
    let leg = dial(&engine, "+8613800138000");
    let unheard = late.request_of("INVITE").await;
    let invite = good.request_of("INVITE").await;
    good.respond(&invite, "180 Ringing", "", "").await;
    assert_eq!(engine.event().await, Event::Ringing { leg });
    late.accept(&unheard).await;
    assert_eq!(late.request_of("ACK").await.field("CSeq"), Some("1 ACK"));
    let bye = late.request_of("BYE").await;
    late.respond(&bye, "200 OK", "", "").await;
    answered(&mut engine, &good, &invite, leg).await;
    hang_up(&mut engine, &good, leg).await;
    engine.settle().await;
}

#[tokio::test]
async fn what_the_callee_says_is_final_and_nobody_at_all_is_told() {
    let peers = [Peer::new(NOWHERE).await, Peer::new(NOWHERE).await];
    let mut engine = start(vec![trunk(&[&peers[0], &peers[1]])]).await;
    let [first, second] = peers.map(|peer| peer.towards(engine.address));
    for (status, code) in [("486 Busy Here", 486), ("404 Not Found", 404), ("603 Decline", 603), ("500 Broken", 500)] {
        let leg = dial(&engine, "+8613800138000");
        let invite = first.request_of("INVITE").await;
        first.respond(&invite, status, "", "").await;
        assert_eq!(engine.ended(leg).await, EndCause::Rejected(code));
        first.request_of("ACK").await;
    }
    assert!(second.receive_all().await.is_empty(), "the second target was not asked");
    let leg = dial(&engine, "+8613800138000");
    for full in [&first, &second] {
        let invite = full.request_of("INVITE").await;
        full.respond(&invite, "503 Service Unavailable", "", "").await;
    }
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(503));
    engine.settle().await;

    let mut engine = start_impatient(vec![trunk(&[&first, &second])]).await;
    let leg = dial(&engine, "+8613800138000");
    assert_eq!(engine.ended(leg).await, EndCause::Vanished);
    engine.settle().await;
}

#[tokio::test]
async fn a_connection_that_is_refused_leads_to_the_next_target() {
    // Nobody listens where this one did.
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let peer = Peer::new(NOWHERE).await;
    let mut settings = trunk(&[&peer]);
    settings.targets.insert(0, format!("{gone};transport=tcp;priority=0").parse().unwrap());
    settings.targets[1].priority = 1;
    // Nobody loses patience here: the refusal itself must lead on.
    let mut engine = start(vec![settings]).await;
    let carrier = peer.towards(engine.address);
    let leg = dial(&engine, "+8613800138000");
    let invite = carrier.request_of("INVITE").await;
    answered(&mut engine, &carrier, &invite, leg).await;
    hang_up(&mut engine, &carrier, leg).await;
    engine.settle().await;
}

#[tokio::test]
async fn a_name_is_looked_up_and_a_call_may_end_while_it_rings() {
    let peer = Peer::new(NOWHERE).await;
    let mut settings = trunk(&[&peer]);
    settings.targets[0].host = "localhost".to_owned();
    let mut engine = start(vec![settings]).await;
    let carrier = peer.towards(engine.address);
    // Until the name is known there is nowhere to dial.
    let (leg, invite) = loop {
        let leg = dial(&engine, "+8613800138000");
        tokio::select! {
            invite = carrier.request_of("INVITE") => break (leg, invite),
            cause = engine.ended(leg) => assert_eq!(cause, EndCause::Refused(DialRefusal::Unreachable)),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    carrier.respond(&invite, "180 Ringing", "", "").await;
    assert_eq!(engine.event().await, Event::Ringing { leg });
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    let cancel = carrier.request_of("CANCEL").await;
    carrier.respond(&cancel, "200 OK", "", "").await;
    carrier.respond(&invite, "487 Request Terminated", "", "").await;
    engine.settle().await;
}

#[tokio::test]
async fn only_what_the_rules_and_the_limits_allow_is_dialled() {
    let peer = Peer::new(NOWHERE).await;
    let settings = TrunkSettings { calls_max: Some(1), ..trunk(&[&peer]) };
    let mut engine = start(vec![settings]).await;
    let carrier = peer.towards(engine.address);
    for (number, why) in [
        ("+441234567890", DialRefusal::NotAllowed),
        ("10086", DialRefusal::NotAllowed),
        ("+8616812345678", DialRefusal::Premium),
        ("sip:x@h", DialRefusal::NotANumber),
    ] {
        let leg = dial(&engine, number);
        assert_eq!(engine.ended(leg).await, EndCause::Refused(why), "{number}");
    }
    let leg = dial(&engine, "95588");
    let invite = carrier.request_of("INVITE").await;
    carrier.respond(&invite, "100 Trying", "", "").await;
    let other = dial(&engine, "+8613800138000");
    assert_eq!(engine.ended(other).await, EndCause::Refused(DialRefusal::TooManyCalls));
    carrier.respond(&invite, "486 Busy Here", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(486));
    let counted = status(&engine).counters;
    assert_eq!((counted.dials_not_allowed, counted.dials_premium, counted.dials_not_a_number), (2, 1, 1));
    assert_eq!((counted.dials_limited, counted.calls_out), (1, 1));
    engine.settle().await;

    let mut engine = start(vec![TrunkSettings { calls_per_second: Some(1), ..trunk(&[&carrier]) }]).await;
    let carrier = carrier.towards(engine.address);
    let (leg, other) = (dial(&engine, "95588"), dial(&engine, "95588"));
    assert_eq!(engine.ended(other).await, EndCause::Refused(DialRefusal::TooFast));
    let invite = carrier.request_of("INVITE").await;
    carrier.respond(&invite, "486 Busy Here", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(486));
    engine.settle().await;

    let mut engine = start(Vec::new()).await;
    let leg = dial(&engine, "95588");
    assert_eq!(engine.ended(leg).await, EndCause::Refused(DialRefusal::NoTrunk));
    assert_eq!(engine.voice.counters().sip.dials_without_trunk, 1);
    engine.settle().await;
}

#[tokio::test]
async fn probes_mark_a_target_down_and_up_again() {
    let peers = [Peer::new(NOWHERE).await, Peer::new(NOWHERE).await];
    let settings = TrunkSettings { probe: Some(Duration::from_millis(20)), ..trunk(&[&peers[0], &peers[1]]) };
    let engine = start_impatient(vec![settings]).await;
    let [first, second] = peers.map(|peer| peer.towards(engine.address));
    let answer = async |peer: &Peer, status: &str| {
        let probe = peer.request_of("OPTIONS").await;
        peer.respond(&probe, status, "", "").await;
    };
    // Whatever it says, it is there; unless it says that it takes no calls.
    let answering = async {
        loop {
            answer(&second, "405 Method Not Allowed").await;
        }
    };
    let watched = async {
        until(&engine, |status| status.targets == [(first.address.to_string(), false), (second.address.to_string(), true)]).await;
        while !status(&engine).targets[0].1 {
            answer(&first, "200 OK").await;
        }
        while status(&engine).targets[0].1 {
            answer(&first, "503 Service Unavailable").await;
        }
    };
    tokio::select! {
        () = answering => {}
        () = watched => {}
    }
    let counted = status(&engine).counters;
    assert!(counted.probes_answered >= 2 && counted.probes_unanswered >= 2, "{counted:?}");
    engine.voice.stop().await;
}

#[tokio::test]
async fn a_call_and_its_media_are_changed_within_the_dialog() {
    let peer = Peer::new(NOWHERE).await;
    let mut engine = start(vec![trunk(&[&peer])]).await;
    let carrier = peer.towards(engine.address);
    let leg = dial(&engine, "+8613800138000");
    let invite = carrier.request_of("INVITE").await;
    answered(&mut engine, &carrier, &invite, leg).await;
    let held = sip_peer::SDP.replace("a=sendrecv", "a=sendonly");
    carrier.send(&carrier.in_dialog(&call(&invite), "UPDATE", 1, SDP_FIELD, &held)).await;
    assert_eq!(carrier.final_response("UPDATE", 1).await.status(), 200);
    assert_eq!(engine.event().await, Event::Held { leg });
    hang_up(&mut engine, &carrier, leg).await;
}

#[tokio::test]
async fn a_carrier_gets_the_session_interval_that_it_wants() {
    let peer = Peer::new(NOWHERE).await;
    let mut engine = start(vec![trunk(&[&peer])]).await;
    let carrier = peer.towards(engine.address);
    let leg = dial(&engine, "+8613800138000");
    let first = carrier.request_of("INVITE").await;
    assert_eq!(first.field("Session-Expires"), Some("1800"));
    carrier.respond(&first, "422 Session Interval Too Small", "Min-SE: 3600\r\n", "").await;
    carrier.request_of("ACK").await;
    let second = carrier.request_of("INVITE").await;
    assert_eq!((second.field("Session-Expires"), second.field("Min-SE")), (Some("3600"), Some("3600")));
    assert_eq!((second.field("CSeq"), second.field("Call-ID")), (Some("2 INVITE"), first.field("Call-ID")));
    assert!(second.uri() == first.uri() && second.body == first.body && second.field("Via") != first.field("Via"));
    answered(&mut engine, &carrier, &second, leg).await;
    // The target did not fail, and the call counts once.
    assert_eq!((status(&engine).counters.failovers, status(&engine).live_out), (0, 1));
    hang_up(&mut engine, &carrier, leg).await;
    // One who is never content has no call.
    let leg = dial(&engine, "+8613800138000");
    for interval in ["3600", "7200", "7200"] {
        let invite = carrier.request_of("INVITE").await;
        carrier.respond(&invite, "422 Session Interval Too Small", &format!("Min-SE: {interval}\r\n"), "").await;
        carrier.request_of("ACK").await;
    }
    assert_eq!(engine.ended(leg).await, EndCause::Rejected(422));
    engine.settle().await;
}
