//! Registration with a carrier that writes its datagrams by hand.

use crate::carrier::{NOWHERE, account, challenge, grant, params, proves, start, start_impatient, status, trunk, until};
use crate::sip_peer::{Engine, Peer};
use walletline_voice::{RegistrationState, TrunkSettings};

async fn registering(peers: &[&Peer]) -> Engine {
    start(vec![TrunkSettings { account: Some(account(true)), ..trunk(peers) }]).await
}

#[tokio::test]
async fn both_digests_register_and_a_registration_is_refreshed_and_given_back() {
    for (offered, used) in [(&["MD5", "SHA-256"][..], "SHA-256"), (&["MD5"], "MD5")] {
        let peer = Peer::new(NOWHERE).await;
        let engine = registering(&[&peer]).await;
        let carrier = peer.towards(engine.address);
        let first = carrier.request_of("REGISTER").await;
        assert_eq!((first.uri(), first.field("Expires")), ("sip:carrier.example", Some("600")));
        assert_eq!(first.field("To"), Some("<sip:account7@carrier.example>"));
        assert_eq!(first.field("Contact"), Some(format!("<sip:account7@{}>", engine.address).as_str()));
        assert!(first.field("Authorization").is_none());
        carrier.respond(&first, "401 Unauthorized", &challenge(offered, "n1"), "").await;
        let second = carrier.request_of("REGISTER").await;
        assert!(proves(&second, used, "Circle of Life"), "{second:?}");
        assert_eq!((first.field("Call-ID"), second.field("CSeq")), (second.field("Call-ID"), Some("2 REGISTER")));
        grant(&carrier, &second, 1).await;
        until(&engine, |status| status.registration == RegistrationState::Granted).await;
        // Half-way through its second it is asked for again, on the nonce we have.
        let refresh = carrier.request_of("REGISTER").await;
        assert!(proves(&refresh, used, "Circle of Life"), "{refresh:?}");
        assert_eq!(params(refresh.field("Authorization").expect("a proof"))["nc"], "00000002");
        grant(&carrier, &refresh, 600).await;
        until(&engine, |status| status.counters.registrations_granted == 2).await;
        let stopping = async {
            engine.voice.stop().await;
        };
        let leaving = async {
            let last = carrier.request_of("REGISTER").await;
            assert_eq!(last.field("Expires"), Some("0"));
            grant(&carrier, &last, 0).await;
        };
        tokio::join!(stopping, leaving);
    }
}

#[tokio::test]
async fn a_wrong_password_is_not_insisted_on_and_tried_again_later() {
    let peer = Peer::new(NOWHERE).await;
    let engine = registering(&[&peer]).await;
    let carrier = peer.towards(engine.address);
    for nonce in ["n1", "n2"] {
        let register = carrier.request_of("REGISTER").await;
        carrier.respond(&register, "401 Unauthorized", &challenge(&["MD5"], nonce), "").await;
    }
    until(&engine, |status| status.counters.registrations_failed == 1).await;
    assert_eq!(status(&engine).registration, RegistrationState::Absent);
    let again = carrier.request_of("REGISTER").await;
    assert!(again.field("Authorization").is_none(), "it begins anew");
    grant(&carrier, &again, 600).await;
    until(&engine, |status| status.registration == RegistrationState::Granted).await;
    engine.voice.stop().await;
}

#[tokio::test]
async fn a_longer_time_is_asked_for_where_the_carrier_wants_it() {
    let peer = Peer::new(NOWHERE).await;
    let engine = registering(&[&peer]).await;
    let carrier = peer.towards(engine.address);
    let register = carrier.request_of("REGISTER").await;
    carrier.respond(&register, "423 Interval Too Brief", "Min-Expires: 1800\r\n", "").await;
    let longer = carrier.request_of("REGISTER").await;
    assert_eq!(longer.field("Expires"), Some("1800"));
    grant(&carrier, &longer, 1800).await;
    until(&engine, |status| status.registration == RegistrationState::Granted).await;
    engine.voice.stop().await;
}

#[tokio::test]
async fn another_target_registers_us_when_one_is_silent_or_busy() {
    let peers = [Peer::new(NOWHERE).await, Peer::new(NOWHERE).await, Peer::new(NOWHERE).await];
    let settings = TrunkSettings { account: Some(account(true)), ..trunk(&[&peers[0], &peers[1], &peers[2]]) };
    let engine = start_impatient(vec![settings]).await;
    let [silent, busy, good] = peers.map(|peer| peer.towards(engine.address));
    silent.request_of("REGISTER").await;
    let answering = async {
        loop {
            tokio::select! {
                register = busy.request_of("REGISTER") => {
                    busy.respond(&register, "503 Service Unavailable", "", "").await;
                }
                register = good.request_of("REGISTER") => grant(&good, &register, 600).await,
            }
        }
    };
    tokio::select! {
        () = answering => {}
        () = until(&engine, |status| status.registration == RegistrationState::Granted) => {}
    }
    assert_eq!(status(&engine).targets.iter().map(|(_, up)| *up).collect::<Vec<_>>(), [false, true, true]);
    engine.voice.stop().await;
}

#[tokio::test]
async fn nobody_answers_and_it_is_tried_again() {
    let peer = Peer::new(NOWHERE).await;
    let engine = start_impatient(vec![TrunkSettings { account: Some(account(true)), ..trunk(&[&peer]) }]).await;
    let carrier = peer.towards(engine.address);
    until(&engine, |status| status.counters.registrations_failed >= 2).await;
    let answering = async {
        loop {
            let register = carrier.request_of("REGISTER").await;
            grant(&carrier, &register, 600).await;
        }
    };
    tokio::select! {
        () = answering => {}
        () = until(&engine, |status| status.registration == RegistrationState::Granted) => {}
    }
    engine.voice.stop().await;
}
