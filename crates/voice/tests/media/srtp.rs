//! Encrypted legs, driven from outside by phones that speak SRTP of their own making.

use crate::media_peers;
use crate::media_peers::phone::{EVENTS, Phone, call as plain_call};
use crate::media_peers::srtp::{Master, SUITES, call, secured};
use crate::media_peers::{clip, encode, hears, speech, world};
use walletline_voice::{Codec, Encryption, EncryptionPolicy, Event, LegId, MediaError, PlaybackId, SdpError, SrtpSuite};

#[tokio::test]
async fn a_clip_arrives_bit_exact_and_never_in_clear() {
    for suite in SUITES {
        let world = world();
        let phone = call(&world.plane, 1, suite).await;
        let agreed = SrtpSuite::ALL.into_iter().find(|known| known.name() == suite).unwrap();
        assert_eq!(world.plane.encryption(phone.phone.leg), Encryption::SrtpSdes(agreed));
        world.plane.play(phone.phone.leg, PlaybackId(5), &[clip("one")], false);
        let expected = encode(Codec::Pcma, &speech("one"));
        let mut sound = Vec::new();
        while sound.len() < expected.len() {
            let wire = phone.wire().await;
            let plain = phone.theirs.open(&wire, 0).unwrap();
            assert_eq!(wire[..12], plain[..12], "the header is readable");
            assert!(
                wire[12..172].iter().zip(&plain[12..]).filter(|(a, b)| a == b).count() < 20,
                "{suite}: the wire carries the audio"
            );
            sound.extend_from_slice(&plain[12..]);
        }
        assert_eq!(sound[..expected.len()], expected, "{suite}");
    }
}

#[tokio::test]
async fn two_encrypted_legs_and_a_plain_one_hear_each_other() {
    let world = world();
    let mut strong = call(&world.plane, 1, "AEAD_AES_256_GCM").await;
    let mut usual = call(&world.plane, 2, "AES_CM_128_HMAC_SHA1_80").await;
    world.plane.bridge(strong.phone.leg, usual.phone.leg);
    strong.sing(440.0, 60).await;
    assert!(hears(Codec::Pcma, &usual.listen(50).await, 440.0));
    usual.sing(700.0, 60).await;
    assert!(hears(Codec::Pcma, &strong.listen(50).await, 700.0));

    let mut plain = plain_call(&world.plane, 3, &[Codec::Pcmu]).await;
    world.plane.bridge(strong.phone.leg, plain.leg);
    strong.sing(440.0, 60).await;
    assert!(hears(Codec::Pcmu, &plain.listen(50).await, 440.0));
    strong.phone.forget();
    plain.sing(700.0, 60).await;
    assert!(hears(Codec::Pcma, &strong.listen(50).await, 700.0));
    assert_eq!(world.plane.counters().unauthentic, 0);
}

#[tokio::test]
async fn keys_are_heard_across_the_rollover_and_once() {
    let mut world = world();
    let mut phone = call(&world.plane, 1, "AES_CM_128_HMAC_SHA1_80").await;
    let leg = phone.phone.leg;
    phone.phone.sequence = 65_533;
    for (key, digit) in (0u8..6).zip("012345".chars()) {
        phone.send(EVENTS, &[key, 0x8A, 1, 224]).await;
        phone.phone.timestamp = phone.phone.timestamp.wrapping_add(800);
        assert_eq!(world.event().await, Event::Digit { leg, digit });
    }
    assert_eq!((phone.phone.sequence, phone.rollovers.0), (3, 1));
    // What somebody recorded and plays again is no new press, wherever it comes from.
    let recorded =
        phone.ours.protect(&phone.phone.packet(EVENTS, 2, phone.phone.timestamp.wrapping_sub(800), &[5, 0x8A, 1, 224]), 1);
    for _ in 0..20 {
        phone.phone.socket.send_to(&recorded, phone.phone.remote).await.unwrap();
    }
    phone.send(EVENTS, &[9, 0x8A, 1, 224]).await;
    assert_eq!(world.event().await, Event::Digit { leg, digit: '9' });
    assert_eq!(world.plane.counters().replayed, 20);
}

#[tokio::test]
async fn a_stranger_without_the_key_draws_nothing_to_himself() {
    let world = world();
    let mut phone = Phone::new(LegId(1), Codec::Pcma).await;
    let described = Phone::new(LegId(1), Codec::Pcma).await;
    world.plane.open_rtp(phone.leg, EncryptionPolicy::Preferred).unwrap();
    let ours = Master::new("AEAD_AES_128_GCM", 7);
    let offer = secured(&described.offer(&[Codec::Pcma], "sendrecv"), "RTP/SAVP", &[&ours]);
    let answer = world.plane.answer(phone.leg, &offer).unwrap();
    phone.take(&answer);
    // On a plain leg the first packet, and any from the described host, would be followed.
    let mut stranger = Phone::new(LegId(2), Codec::Pcma).await;
    stranger.remote = phone.remote;
    for n in 0..20 {
        stranger.say(&[0; 160]).await;
        let forged = Master::new("AEAD_AES_128_GCM", 8).protect(&stranger.packet(8, n, 0, &[0xD5; 160]), 0);
        stranger.socket.send_to(&forged, stranger.remote).await.unwrap();
    }
    world.plane.play(phone.leg, PlaybackId(1), &[clip("one")], true);
    for _ in 0..5 {
        described.hear().await;
    }
    let packet = ours.protect(&phone.packet(8, 1, 0, &[0xD5; 160]), 0);
    phone.socket.send_to(&packet, phone.remote).await.unwrap();
    let heard = phone.hear().await;
    assert_eq!(heard.from, phone.remote, "the phone with the key is followed to where it is");
    assert!(stranger.hear_within(std::time::Duration::from_millis(100)).await.is_none());
    let counters = world.plane.counters();
    assert_eq!((counters.unauthentic, counters.packets_received, counters.strays), (40, 1, 0));
}

#[tokio::test]
async fn a_new_offer_brings_new_keys_and_a_hold_keeps_them() {
    let world = world();
    let mut phone = call(&world.plane, 1, "AES_CM_128_HMAC_SHA1_80").await;
    let mut other = plain_call(&world.plane, 2, &[Codec::Pcma]).await;
    let leg = phone.phone.leg;
    world.plane.bridge(leg, other.leg);
    let offer =
        |phone: &Phone, direction: &str, key: &Master| secured(&phone.offer(&[Codec::Pcma], direction), "RTP/SAVP", &[key]);
    let held = world.plane.answer(leg, &offer(&phone.phone, "sendonly", &phone.ours)).unwrap();
    assert!(held.contains("a=recvonly"), "{held}");
    assert_eq!(Master::of(&held), phone.theirs, "the same keys on both sides");
    let resumed = world.plane.answer(leg, &offer(&phone.phone, "sendrecv", &phone.ours)).unwrap();
    assert_eq!(Master::of(&resumed), phone.theirs);
    other.sing(700.0, 60).await;
    assert!(hears(Codec::Pcma, &phone.listen(50).await, 700.0));

    let (old, fresh) = (phone.ours.clone(), Master::new("AEAD_AES_256_GCM", 99));
    let rekeyed = world.plane.answer(leg, &offer(&phone.phone, "sendrecv", &fresh)).unwrap();
    let theirs = Master::of(&rekeyed);
    assert_ne!(theirs, phone.theirs);
    assert_eq!(world.plane.encryption(leg), Encryption::SrtpSdes(SrtpSuite::AeadAes256Gcm));
    phone.phone.forget();
    (phone.ours, phone.theirs) = (fresh, theirs);
    (phone.phone.sequence, phone.rollovers) = (9, (0, 0));
    phone.sing(440.0, 60).await;
    assert!(hears(Codec::Pcma, &other.listen(50).await, 440.0));
    other.sing(900.0, 60).await;
    assert!(hears(Codec::Pcma, &phone.listen(50).await, 900.0));
    // The old key is over.
    let before = world.plane.counters().unauthentic;
    let late = old.protect(&phone.phone.packet(8, 500, 0, &[0xD5; 160]), 0);
    phone.phone.socket.send_to(&late, phone.phone.remote).await.unwrap();
    phone.sing(440.0, 1).await;
    other.hear().await;
    assert_eq!(world.plane.counters().unauthentic, before + 1);
    // And plain media is no way back.
    let plain = world.plane.answer(leg, &phone.phone.offer(&[Codec::Pcma], "sendrecv"));
    assert!(matches!(plain, Err(MediaError::Sdp(SdpError::EncryptionRequired))), "{plain:?}");
    assert_eq!(world.plane.encryption(leg), Encryption::SrtpSdes(SrtpSuite::AeadAes256Gcm));
}

#[tokio::test]
async fn our_offer_is_as_the_policy_has_it() {
    let world = world();
    for (n, policy, profile, keys) in [
        (1, EncryptionPolicy::Required, " RTP/SAVP 8 0 9 101\r\n", 4),
        (2, EncryptionPolicy::Preferred, " RTP/AVP 8 0 9 101\r\n", 4),
        (3, EncryptionPolicy::Off, " RTP/AVP 8 0 9 101\r\n", 0),
    ] {
        let mut phone = Phone::new(LegId(n), Codec::Pcma).await;
        world.plane.open_rtp(phone.leg, policy).unwrap();
        let offer = world.plane.offer(phone.leg).unwrap();
        assert!(offer.contains(profile), "{offer}");
        assert_eq!(offer.matches("a=crypto:").count(), keys);
        phone.take(&offer);
        let plain = world.plane.accept_answer(phone.leg, &phone.offer(&[Codec::Pcma], "sendrecv"));
        assert_eq!(plain.is_ok(), policy != EncryptionPolicy::Required, "{plain:?}");
        assert_eq!(world.plane.encryption(phone.leg), Encryption::None);
    }
}

#[tokio::test]
async fn a_phone_that_takes_a_key_beside_a_plain_profile_is_encrypted() {
    let world = world();
    let mut phone = Phone::new(LegId(1), Codec::Pcma).await;
    world.plane.open_rtp(phone.leg, EncryptionPolicy::Preferred).unwrap();
    let offer = world.plane.offer(phone.leg).unwrap();
    phone.take(&offer);
    let ours = Master::new("AES_CM_128_HMAC_SHA1_80", 3);
    let theirs = offer.lines().find(|line| line.starts_with("a=crypto:3 AES_CM_128_HMAC_SHA1_80 ")).unwrap();
    let theirs = Master::of(theirs);
    let answer = phone.offer(&[Codec::Pcma], "sendrecv") + &ours.line(3);
    world.plane.accept_answer(phone.leg, &answer).unwrap();
    assert_eq!(world.plane.encryption(phone.leg), Encryption::SrtpSdes(SrtpSuite::AesCm128HmacSha1_80));
    world.plane.play(phone.leg, PlaybackId(5), &[clip("one")], false);
    let phone = media_peers::srtp::SecurePhone { phone, ours, theirs, rollovers: (0, 0) };
    let expected = encode(Codec::Pcma, &speech("one"));
    assert_eq!(phone.listen(5).await, expected[..800]);
}
