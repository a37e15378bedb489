//! Calls from phones and trunks, from their INVITE to their end, against a peer that writes its datagrams by hand.

use crate::sip_peer::{Call, Engine, Peer, SDP, T1, T1_SHORT, unique};
use walletline_voice::{Command, EndCause, Event, RejectReason};

#[tokio::test]
async fn a_call_is_answered_acknowledged_and_hung_up_by_the_caller() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    peer.send(&peer.invite("one")).await;
    assert_eq!(peer.receive().await.status(), 100);
    let Event::Incoming { leg, line, caller, source, trunk: None, replaces: None, .. } = engine.event().await else {
        panic!("no call")
    };
    assert_eq!((line.as_str(), caller.as_str(), source), ("8000", "+8619000000001", peer.address));
    engine.voice.execute(Command::Answer { leg });
    let answer = peer.final_response("INVITE", 1).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.field("Content-Type"), Some("application/sdp"));
    assert_eq!(answer.field("Contact"), Some(format!("<sip:8000@{}>", engine.address).as_str()));
    assert!(answer.field("Allow").unwrap().contains("UPDATE") && answer.body.contains("PCMA/8000"));
    let call = Call::from_answer(&answer);
    peer.send(&peer.in_dialog(&call, "ACK", 1, "", "")).await;
    let Event::Answered { codec, dialog, .. } = engine.event().await else { panic!("not answered") };
    let dialog = dialog.unwrap();
    assert_eq!((codec.as_str(), dialog.call_id.as_str(), dialog.peer), ("PCMA", "one", peer.address));
    assert_eq!((dialog.local, dialog.remote_target), (call.to.clone(), format!("sip:caller@{}", peer.address)));
    peer.send(&peer.in_dialog(&call, "BYE", 2, "", "")).await;
    assert_eq!(peer.final_response("BYE", 2).await.status(), 200);
    assert_eq!(engine.ended(leg).await, EndCause::RemoteHangup);
    engine.settle().await;
}

#[tokio::test]
async fn we_hang_up_through_the_routes_that_the_call_came_on() {
    let mut engine = Engine::start().await;
    let (peer, proxy) = (Peer::new(engine.address).await, Peer::new(engine.address).await);
    let routes = format!("Record-Route: <sip:{};lr>, <sip:192.0.2.7;lr>\r\nContent-Type: application/sdp\r\n", proxy.address);
    peer.send(&peer.request("INVITE", "routed", 1, &routes, SDP)).await;
    let leg = engine.incoming().await;
    engine.voice.execute(Command::Answer { leg });
    let answer = peer.final_response("INVITE", 1).await;
    assert!(answer.field("Record-Route").unwrap().starts_with(&format!("<sip:{};lr>", proxy.address)));
    peer.send(&peer.in_dialog(&Call::from_answer(&answer), "ACK", 1, "", "")).await;
    engine.event().await;
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    let bye = proxy.request_of("BYE").await;
    assert_eq!(bye.uri(), format!("sip:caller@{}", peer.address));
    assert_eq!(bye.fields("Route"), [format!("<sip:{};lr>", proxy.address).as_str(), "<sip:192.0.2.7;lr>"]);
    proxy.respond(&bye, "200 OK", "", "").await;
    engine.settle().await;
}

#[tokio::test]
async fn a_bye_that_nobody_answers_still_ends_the_leg() {
    let mut engine = Engine::start_with(1000, T1_SHORT, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    let (_, leg) = peer.call(&mut engine).await;
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    let first = peer.request_of("BYE").await;
    assert_eq!(peer.request_of("BYE").await.field("CSeq"), first.field("CSeq"), "it is repeated");
    engine.settle().await;
}

#[tokio::test]
async fn an_invite_without_an_offer_gets_ours_and_answers_in_its_ack() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    for (body, works) in [(SDP, true), ("", false), ("v=0\r\nnonsense", false)] {
        let call_id = format!("late{}", unique());
        peer.send(&peer.request("INVITE", &call_id, 1, "", "")).await;
        let leg = engine.incoming().await;
        engine.voice.execute(Command::Answer { leg });
        let answer = peer.final_response("INVITE", 1).await;
        assert!(answer.body.contains("m=audio"), "{}", answer.body);
        let call = Call::from_answer(&answer);
        peer.send(&peer.in_dialog(&call, "ACK", 1, "Content-Type: application/sdp\r\n", body)).await;
        if works {
            assert!(matches!(engine.event().await, Event::Answered { codec, .. } if codec == "PCMA"));
            engine.voice.execute(Command::Hangup { leg });
        }
        let cause = engine.ended(leg).await;
        assert_eq!(matches!(cause, EndCause::Failed(_)), !works, "{cause:?}");
        let bye = peer.request_of("BYE").await;
        peer.respond(&bye, "200 OK", "", "").await;
    }
    engine.settle().await;
}

#[tokio::test]
async fn calls_are_refused_as_commanded() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    let cases = [
        (RejectReason::UnknownLine, 404, None),
        (RejectReason::LineBusy, 486, None),
        (RejectReason::Overloaded, 503, Some("10")),
        (RejectReason::Forbidden, 403, None),
        (RejectReason::Unavailable, 480, None),
        (RejectReason::NoSuchCall, 481, None),
        (RejectReason::CalledOff, 487, None),
        (RejectReason::Declined, 603, None),
    ];
    for (reason, status, retry_after) in cases {
        let call_id = format!("no{status}");
        peer.send(&peer.invite(&call_id)).await;
        let leg = engine.incoming().await;
        engine.voice.execute(Command::Reject { leg, reason });
        let answer = peer.final_response("INVITE", 1).await;
        assert_eq!((answer.status(), answer.field("Retry-After")), (status, retry_after));
        assert_eq!(engine.ended(leg).await, EndCause::Rejected(status));
        peer.acknowledge(&answer).await;
    }
    engine.settle().await;
}

#[tokio::test]
async fn a_session_that_we_cannot_have_is_refused_before_the_controller_hears_of_it() {
    let mut engine = Engine::start_with(1000, T1_SHORT, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    let video = SDP.replace("m=audio", "m=video");
    let other_codec = SDP.replace("RTP/AVP 8 101", "RTP/AVP 18").replace("a=rtpmap:8 PCMA/8000", "a=rtpmap:18 G729/8000");
    for (case, body) in ["not SDP at all", "v=0\r\n", &video, &other_codec].into_iter().enumerate() {
        let call_id = format!("bad{case}");
        peer.send(&peer.request("INVITE", &call_id, 1, "Content-Type: application/sdp\r\n", body)).await;
        assert_eq!(peer.final_response("INVITE", 1).await.status(), 488, "{body}");
    }
    assert_eq!(engine.voice.counters().sip.rejected_media, 4);
    // Without the ACK the refusal is repeated until the transaction gives up.
    engine.settle().await;
}

#[tokio::test]
async fn a_cancelled_call_ends_with_487() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    peer.send(&peer.invite("gone")).await;
    let leg = engine.incoming().await;
    let cancel = peer.request("CANCEL", "gone", 1, "", "").replace("1CANCEL;rport", "1INVITE;rport");
    peer.send(&cancel).await;
    assert_eq!(peer.final_response("CANCEL", 1).await.status(), 200);
    let refusal = peer.final_response("INVITE", 1).await;
    assert_eq!(refusal.status(), 487);
    peer.acknowledge(&refusal).await;
    assert_eq!(engine.ended(leg).await, EndCause::Cancelled);
    engine.voice.execute(Command::Answer { leg });
    engine.voice.execute(Command::Hangup { leg });
    engine.settle().await;
    peer.send(&cancel.replace("gone", "never")).await;
    assert_eq!(peer.final_response("CANCEL", 1).await.status(), 481);
}

#[tokio::test]
async fn a_cancel_after_the_answer_changes_nothing() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    peer.send(&peer.invite("late")).await;
    let leg = engine.incoming().await;
    engine.voice.execute(Command::Answer { leg });
    let answer = peer.final_response("INVITE", 1).await;
    peer.send(&peer.request("CANCEL", "late", 1, "", "").replace("1CANCEL;rport", "1INVITE;rport")).await;
    assert_eq!(peer.final_response("CANCEL", 1).await.status(), 200);
    let call = Call::from_answer(&answer);
    peer.send(&peer.in_dialog(&call, "ACK", 1, "", "")).await;
    assert!(matches!(engine.event().await, Event::Answered { .. }));
    peer.send(&peer.in_dialog(&call, "BYE", 2, "", "")).await;
    assert_eq!(engine.ended(leg).await, EndCause::RemoteHangup);
    engine.settle().await;
}

#[tokio::test]
async fn a_repeated_invite_is_one_call() {
    let mut engine = Engine::start_with(1, T1, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    for _ in 0..5 {
        peer.send(&peer.invite("same")).await;
    }
    let leg = engine.incoming().await;
    peer.send(&peer.invite("same")).await;
    let seen = peer.receive_all().await;
    assert!(!seen.is_empty() && seen.iter().all(|message| message.status() == 100), "{seen:?}");
    engine.voice.execute(Command::Hangup { leg });
    let refusal = peer.final_response("INVITE", 1).await;
    assert_eq!(refusal.status(), 480);
    peer.acknowledge(&refusal).await;
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    assert_eq!(engine.voice.counters().sip.calls_offered, 1);
    engine.settle().await;
}

#[tokio::test]
async fn the_call_above_the_limit_is_refused_without_any_work() {
    let mut engine = Engine::start_with(2, T1, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    let (_, first) = peer.call(&mut engine).await;
    let (_, second) = peer.call(&mut engine).await;
    peer.send(&peer.invite("third")).await;
    let answer = peer.final_response("INVITE", 1).await;
    assert_eq!((answer.status(), answer.field("Retry-After")), (503, Some("10")));
    assert_eq!((engine.voice.sip_load().legs, engine.voice.counters().sip.rejected_at_limit), (2, 1));
    engine.voice.execute(Command::Hangup { leg: first });
    assert_eq!(engine.ended(first).await, EndCause::LocalHangup);
    let (_, third) = peer.call(&mut engine).await;
    for leg in [second, third] {
        engine.voice.execute(Command::Hangup { leg });
        engine.ended(leg).await;
    }
    for _ in 0..3 {
        let bye = peer.request_of("BYE").await;
        peer.respond(&bye, "200 OK", "", "").await;
    }
    engine.settle().await;
}

#[tokio::test]
async fn an_answer_without_ack_is_repeated_and_then_given_up() {
    let mut engine = Engine::start_with(1000, T1_SHORT, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    peer.send(&peer.invite("deaf")).await;
    let leg = engine.incoming().await;
    engine.voice.execute(Command::Answer { leg });
    for _ in 0..3 {
        assert_eq!(peer.final_response("INVITE", 1).await.status(), 200);
    }
    assert_eq!(engine.ended(leg).await, EndCause::Vanished);
    let bye = peer.request_of("BYE").await;
    peer.respond(&bye, "200 OK", "", "").await;
    engine.settle().await;
}

#[tokio::test]
async fn a_hang_up_between_answer_and_ack_waits_with_its_bye() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    peer.send(&peer.invite("hasty")).await;
    let leg = engine.incoming().await;
    engine.voice.execute(Command::Answer { leg });
    let answer = peer.final_response("INVITE", 1).await;
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    assert!(peer.receive_all().await.iter().all(|message| message.method() != "BYE"));
    peer.send(&peer.in_dialog(&Call::from_answer(&answer), "ACK", 1, "", "")).await;
    let bye = peer.request_of("BYE").await;
    peer.respond(&bye, "200 OK", "", "").await;
    engine.settle().await;
}

#[tokio::test]
async fn both_sides_hang_up_at_once() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    let (call, leg) = peer.call(&mut engine).await;
    engine.voice.execute(Command::Hangup { leg });
    let ours = peer.request_of("BYE").await;
    peer.send(&peer.in_dialog(&call, "BYE", 2, "", "")).await;
    assert_eq!(peer.final_response("BYE", 2).await.status(), 200);
    peer.respond(&ours, "200 OK", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    engine.settle().await;
}

#[tokio::test]
async fn requests_in_a_call_are_all_answered() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    let (call, leg) = peer.call(&mut engine).await;
    let sdp = "Content-Type: application/sdp\r\n";
    let hold = SDP.replace("sendrecv", "sendonly");
    let inactive = SDP.replace("sendrecv", "inactive");
    let cases = [
        ("OPTIONS", "", "", 200, ""),
        ("INVITE", sdp, hold.as_str(), 200, "a=recvonly"),
        ("INVITE", sdp, inactive.as_str(), 200, "a=inactive"),
        ("INVITE", sdp, "v=0\r\n", 488, ""),
        ("INVITE", "", "", 200, "m=audio"),
        ("UPDATE", "", "", 200, ""),
        ("UPDATE", sdp, SDP, 200, "a=sendrecv"),
        ("UPDATE", sdp, "v=0\r\n", 488, ""),
        ("INFO", "", "", 200, ""),
        ("INFO", "Content-Type: application/dtmf-relay\r\n", "Signal=5\r\n", 200, ""),
        ("INFO", "Content-Type: application/dtmf-relay\r\n", "Signal=hook\r\n", 400, ""),
        ("INFO", "Content-Type: text/plain\r\n", "5", 415, ""),
        ("INFO", "Info-Package: x\r\n", "", 469, ""),
        ("REFER", "", "", 400, ""),
        ("PRACK", "RAck: 1 1 INVITE\r\n", "", 481, ""),
        ("SUBSCRIBE", "", "", 405, ""),
        ("FROB", "", "", 501, ""),
    ];
    let mut cseq = 1;
    for (method, extra, body, status, wanted) in cases {
        cseq += 1;
        peer.send(&peer.in_dialog(&call, method, cseq, extra, body)).await;
        let answer = peer.final_response(method, cseq).await;
        assert_eq!(answer.status(), status, "{method} {body}");
        assert!(answer.body.contains(wanted), "{method}: {}", answer.body);
        if method == "INVITE" {
            let ack_body = if body.is_empty() { SDP } else { "" };
            match status {
                200 => peer.send(&peer.in_dialog(&call, "ACK", cseq, sdp, ack_body)).await,
                _ => peer.acknowledge(&answer).await,
            }
        }
    }
    // Held twice, taken back by the session description of the last ACK, and a key pressed; REFERs that name nobody ask nothing.
    for wanted in [Event::Held { leg }, Event::Resumed { leg }, Event::Digit { leg, digit: '5' }] {
        assert_eq!(engine.event().await, wanted);
    }
    // An older CSeq, another dialog's tag, and a dialog that does not exist.
    peer.send(&peer.in_dialog(&call, "INFO", 3, "X: old\r\n", "").replace("INFOin", "INFOold")).await;
    assert_eq!(peer.final_response("INFO", 3).await.status(), 500);
    let stranger = Call { from: "<sip:x@h>;tag=stranger".to_owned(), ..call.clone() };
    peer.send(&peer.in_dialog(&stranger, "BYE", 90, "", "")).await;
    assert_eq!(peer.final_response("BYE", 90).await.status(), 481);
    let nowhere = Call { to: "<sip:8000@h>;tag=nowhere".to_owned(), ..call.clone() };
    for (method, cseq) in [("BYE", 91), ("OPTIONS", 92), ("INVITE", 93)] {
        peer.send(&peer.in_dialog(&nowhere, method, cseq, "", "")).await;
        let answer = peer.final_response(method, cseq).await;
        assert_eq!(answer.status(), 481, "{method}");
        if method == "INVITE" {
            peer.acknowledge(&answer).await;
        }
    }
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    let bye = peer.request_of("BYE").await;
    peer.respond(&bye, "200 OK", "", "").await;
    engine.settle().await;
}

#[tokio::test]
async fn a_second_reinvite_waits_for_the_first_and_a_lost_ack_ends_the_call() {
    let mut engine = Engine::start_with(1000, T1_SHORT, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    let (call, leg) = peer.call(&mut engine).await;
    let sdp = "Content-Type: application/sdp\r\n";
    peer.send(&peer.in_dialog(&call, "INVITE", 2, sdp, SDP)).await;
    assert_eq!(peer.final_response("INVITE", 2).await.status(), 200);
    peer.send(&peer.in_dialog(&call, "INVITE", 3, sdp, SDP)).await;
    let refused = peer.final_response("INVITE", 3).await;
    assert!(refused.status() == 500 && refused.field("Retry-After").is_some());
    peer.acknowledge(&refused).await;
    assert_eq!(engine.ended(leg).await, EndCause::Vanished);
    peer.request_of("BYE").await;
    engine.settle().await;
}

#[tokio::test]
async fn the_target_of_our_bye_follows_the_callers_contact() {
    let mut engine = Engine::start().await;
    let (peer, moved) = (Peer::new(engine.address).await, Peer::new(engine.address).await);
    let (call, leg) = peer.call(&mut engine).await;
    let update = peer.in_dialog(&call, "UPDATE", 2, "", "");
    peer.send(&update.replace(&format!("<sip:caller@{}>", peer.address), &format!("<sip:moved@{}>", moved.address))).await;
    assert_eq!(peer.final_response("UPDATE", 2).await.status(), 200);
    engine.voice.execute(Command::Hangup { leg });
    let bye = moved.request_of("BYE").await;
    moved.respond(&bye, "200 OK", "", "").await;
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    engine.settle().await;
}

#[tokio::test]
async fn the_number_that_was_called_is_read_whole() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    let cases = [
        ("sip:8000;phone-context=x@h;user=phone", "8000;phone-context=x", "8000;phone-context=x@"),
        ("sip:%2B86?x@h", "+86?x", "%2B86?x@"),
        ("tel:+86190;ext=1", "+86190", "+86190@"),
        ("sip:a<b>@h", "a<b>", ""),
        ("sip:h", "", ""),
    ];
    for (uri, wanted, contact) in cases {
        let call_id = format!("whom{}", unique());
        peer.send(&peer.invite(&call_id).replace(&format!("INVITE sip:8000@{}", engine.address), &format!("INVITE {uri}"))).await;
        let Event::Incoming { leg, line, .. } = engine.event().await else { panic!("no call") };
        assert_eq!(line, wanted, "{uri}");
        engine.voice.execute(Command::Answer { leg });
        let answer = peer.matching(|answer| answer.status() == 200 && answer.field("Call-ID") == Some(&call_id)).await;
        assert_eq!(answer.field("Contact"), Some(format!("<sip:{contact}{}>", engine.address).as_str()));
        peer.send(&peer.in_dialog(&Call::from_answer(&answer), "ACK", 1, "", "")).await;
        assert!(matches!(engine.event().await, Event::Answered { .. }));
        engine.voice.execute(Command::Hangup { leg });
        engine.ended(leg).await;
        peer.say_goodbye().await;
    }
    engine.settle().await;
}

#[tokio::test]
async fn a_withheld_number_is_empty_and_escapes_are_read() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    let cases = [
        ("<sip:anonymous@anonymous.invalid>", "", ""),
        ("\"A, <b>\" <sip:42@h>", "Privacy: id\r\n", ""),
        ("<sip:%2B44;phone-context=x@h;user=phone>", "", "+44;phone-context=x"),
        ("<tel:+447700900003;ext=1>", "", "+447700900003"),
    ];
    for (from, extra, wanted) in cases {
        let call_id = format!("who{}", unique());
        let invite = peer.request("INVITE", &call_id, 1, &format!("{extra}Content-Type: application/sdp\r\n"), SDP);
        peer.send(&invite.replace(&format!("<sip:+8619000000001@{}>", peer.address), from)).await;
        let Event::Incoming { leg, caller, .. } = engine.event().await else { panic!("no call") };
        assert_eq!(caller, wanted, "{from}");
        engine.voice.execute(Command::Hangup { leg });
        engine.ended(leg).await;
        peer.acknowledge(&peer.final_response("INVITE", 1).await).await;
    }
    engine.settle().await;
}

#[tokio::test]
async fn stopping_hangs_up_and_takes_no_more() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    let (_, up) = peer.call(&mut engine).await;
    peer.send(&peer.invite("waiting")).await;
    let waiting = engine.incoming().await;
    let voice = engine.voice.clone();
    let stopping = tokio::task::LocalSet::new();
    stopping.spawn_local(async move { voice.stop().await });
    stopping
        .run_until(async {
            let bye = peer.request_of("BYE").await;
            peer.respond(&bye, "200 OK", "", "").await;
            let mut ended = vec![engine.event().await, engine.event().await];
            ended.retain(
                |event| matches!(event, Event::LegEnded { leg, cause: EndCause::LocalHangup, .. } if [up, waiting].contains(leg)),
            );
            assert_eq!(ended.len(), 2);
        })
        .await;
    stopping.await;
}
