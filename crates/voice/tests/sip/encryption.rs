//! Encrypted media as the signalling agrees on it: who is refused, what is answered, what is offered, and what is told of it.

use crate::sip_peer::{Call, Engine, Message, Peer, SDP, T1, unique};
use std::net::SocketAddr;
use walletline_voice::{Binding, Command, DialTarget, Encryption, EndCause, Event, LegId, SipTransport, SrtpSuite};

const LINE: &str = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^31\r\n";
const AES_80: Encryption = Encryption::SrtpSdes(SrtpSuite::AesCm128HmacSha1_80);

fn savp() -> String {
    SDP.replace("RTP/AVP", "RTP/SAVP") + LINE
}

/// Calls a line with this offer; the final response.
async fn invite(engine: &mut Engine, peer: &Peer, line: &str, offer: &str) -> (Message, Option<LegId>) {
    let call_id = format!("call{}", unique());
    let fields = if offer.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
    let invite = peer.request("INVITE", &call_id, 1, fields, offer).replacen("sip:8000@", &format!("sip:{line}@"), 1);
    peer.send(&invite).await;
    let first = peer.matching(|message| message.field("Call-ID") == Some(&call_id)).await;
    assert_eq!(first.status(), 100);
    tokio::select! {
        leg = engine.incoming() => {
            engine.voice.execute(Command::Answer { leg });
            (peer.final_response("INVITE", 1).await, Some(leg))
        }
        refusal = peer.final_response("INVITE", 1) => {
            peer.acknowledge(&refusal).await;
            (refusal, None)
        }
    }
}

#[tokio::test]
async fn a_policy_refuses_what_it_does_not_allow() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    for (line, offer) in [("required", SDP.to_owned()), ("off", savp()), ("required", savp().replace("|2^31", "|2^20|1:4"))] {
        let (refusal, leg) = invite(&mut engine, &peer, line, &offer).await;
        assert_eq!((refusal.status(), leg), (488, None), "{line}");
    }
    assert_eq!(engine.voice.counters().sip.rejected_media, 3);
    engine.settle().await;
}

#[tokio::test]
async fn what_is_agreed_is_told() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    for (line, offer, profile, expected) in [
        ("required", savp(), "RTP/SAVP", AES_80),
        ("8000", savp(), "RTP/SAVP", AES_80),
        ("8000", SDP.to_owned() + LINE, "RTP/AVP", AES_80),
        ("8000", SDP.to_owned(), "RTP/AVP", Encryption::None),
        ("off", SDP.to_owned() + LINE, "RTP/AVP", Encryption::None),
    ] {
        let (answer, leg) = invite(&mut engine, &peer, line, &offer).await;
        assert_eq!(answer.status(), 200);
        assert!(answer.body.contains(&format!(" {profile} 8 101\r\n")), "{}", answer.body);
        assert_eq!(answer.body.matches("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:").count(), usize::from(expected == AES_80));
        assert!(!answer.body.contains("WVNfX19z"), "our key is our own");
        let call = Call::from_answer(&answer);
        peer.send(&peer.in_dialog(&call, "ACK", 1, "", "")).await;
        let Event::Answered { encryption, .. } = engine.event().await else { panic!("not answered") };
        assert_eq!(encryption, expected, "{line}");
        if expected == AES_80 {
            // A re-INVITE that would take the encryption back is refused, and the call goes on.
            peer.send(&peer.in_dialog(&call, "INVITE", 2, "Content-Type: application/sdp\r\n", SDP)).await;
            let refusal = peer.final_response("INVITE", 2).await;
            assert_eq!(refusal.status(), 488);
            peer.send(&peer.in_dialog(&call, "ACK", 2, "", "").replace("ACKin", "INVITEin")).await;
        }
        peer.send(&peer.in_dialog(&call, "BYE", 3, "", "")).await;
        assert_eq!(peer.final_response("BYE", 3).await.status(), 200);
        assert_eq!(engine.ended(leg.unwrap()).await, EndCause::RemoteHangup);
    }
    engine.settle().await;
}

#[tokio::test]
async fn an_invite_without_an_offer_gets_one_that_demands_encryption() {
    let mut engine = Engine::start().await;
    let peer = Peer::new(engine.address).await;
    for (answer, taken) in [(savp().replace("crypto:1", "crypto:3"), true), (SDP.to_owned(), false)] {
        let (offer, leg) = invite(&mut engine, &peer, "required", "").await;
        assert!(offer.body.contains(" RTP/SAVP 8 0 9 101\r\n") && offer.body.matches("a=crypto:").count() == 4, "{}", offer.body);
        let call = Call::from_answer(&offer);
        peer.send(&peer.in_dialog(&call, "ACK", 1, "Content-Type: application/sdp\r\n", &answer)).await;
        let leg = leg.unwrap();
        if taken {
            let Event::Answered { encryption, .. } = engine.event().await else { panic!("not answered") };
            assert_eq!(encryption, AES_80);
            engine.voice.execute(Command::Hangup { leg });
            assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
        } else {
            let EndCause::Failed(why) = engine.ended(leg).await else { panic!("taken in clear") };
            assert!(why.contains("no encryption"), "{why}");
        }
        let bye = peer.request_of("BYE").await;
        peer.respond(&bye, "200 OK", "", "").await;
    }
    engine.settle().await;
}

#[tokio::test]
async fn a_phone_is_offered_keys_beside_the_plain_profile() {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 9));
    let phone = Peer::new(nowhere).await;
    let contact = format!("sip:agent1@{}", phone.address);
    let (user, transport) = ("agent1".to_owned(), SipTransport::Udp);
    let binding = Binding { user, contact, source: nowhere, transport, flow: None, expires_at_us: i64::MAX };
    let mut engine = Engine::start_with(1000, T1, vec![binding]).await;
    let phone = phone.towards(engine.address);
    let leg = LegId(unique().into());
    let (user, from_number, from_name) = ("agent1".to_owned(), "1".to_owned(), String::new());
    engine.voice.execute(Command::Dial { leg, to: DialTarget::Phone { user, from_number, from_name } });
    let invite = phone.request_of("INVITE").await;
    assert!(invite.body.contains(" RTP/AVP 8 0 9 101\r\n") && invite.body.matches("a=crypto:").count() == 4, "{}", invite.body);
    let fields = format!("Contact: <sip:phone@{}>\r\nContent-Type: application/sdp\r\n", phone.address);
    phone.respond(&invite, "200 OK", &fields, &(SDP.to_owned() + &LINE.replace("crypto:1", "crypto:3"))).await;
    let Event::Answered { encryption, .. } = engine.event().await else { panic!("not answered") };
    assert_eq!(encryption, AES_80);
    engine.voice.execute(Command::Hangup { leg });
    assert_eq!(engine.ended(leg).await, EndCause::LocalHangup);
    let bye = phone.request_of("BYE").await;
    phone.respond(&bye, "200 OK", "", "").await;
    engine.settle().await;
}
