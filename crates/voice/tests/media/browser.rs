//! Browser legs: a WebRTC client on this machine, and what it and the other side hear.

use crate::media_peers::browser::{dial, offer};
use crate::media_peers::phone::call;
use crate::media_peers::{clip, encode, hears, speech, world, world_at};
use std::ops::RangeInclusive;
use std::time::Duration;
use tokio::net::UdpSocket;
use walletline_voice::{Codec, Encryption, Event, LegId, MediaError, MediaNotice, PlaybackId, SdpError};

fn answered(leg: LegId, codec: &str) -> Event {
    Event::Answered { leg, codec: codec.to_owned(), encryption: Encryption::DtlsSrtp, dialog: None }
}

#[tokio::test]
async fn a_browser_hears_a_clip_and_keys() {
    for codec in [Codec::Pcma, Codec::Pcmu] {
        let mut world = world();
        let mut browser = dial(&world.plane, 1, &[codec]).await;
        world.plane.play(browser.leg, PlaybackId(1), &[clip("one")], false);
        let expected = encode(codec, &speech("one"));
        let heard = browser.listen(codec, expected.len().div_ceil(160) + 3).await;
        assert_eq!(heard[..expected.len()], expected, "the clip is whole, although it was played before the browser connected");
        assert_eq!(world.event().await, answered(browser.leg, codec.name()));
        assert_eq!(world.event().await, Event::PlaybackEnded { leg: browser.leg, playback: PlaybackId(1), interrupted: false });
        for (event, digit) in [(9, '9'), (10, '*'), (1, '1'), (1, '1')] {
            browser.key(event).await;
            assert_eq!(world.event().await, Event::Digit { leg: browser.leg, digit });
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        let stats = world.plane.close(browser.leg);
        assert_eq!(stats.codec, codec.name());
        assert!(stats.packets_received > 50 && stats.packets_sent > 10 && stats.packets_lost == 0, "{stats:?}");
    }
}

#[tokio::test]
async fn a_browser_and_a_phone_hear_each_other() {
    for (of_browser, of_phone) in [(Codec::Pcmu, Codec::Pcma), (Codec::Pcma, Codec::Pcma)] {
        let mut world = world();
        let mut browser = dial(&world.plane, 1, &[of_browser]).await;
        let mut phone = call(&world.plane, 2, &[of_phone]).await;
        assert_eq!(world.event().await, answered(browser.leg, of_browser.name()));
        world.plane.bridge(phone.leg, browser.leg);
        browser.sing(700.0, 200).await;
        phone.sing(440.0, 70).await;
        let heard = phone.listen(60).await;
        assert!(hears(of_phone, &heard, 700.0), "the phone hears the browser");
        let heard = browser.listen(of_browser, 60).await;
        assert!(hears(of_browser, &heard, 440.0), "the browser hears the phone");
        // Keys of either side are told and not heard: listening fails on any that is.
        browser.key(4).await;
        phone.key("5", &[(false, 160), (true, 320), (true, 320)]).await;
        phone.sing(440.0, 20).await;
        phone.forget();
        assert!(phone.listen(5).await.len() == 800);
        browser.listen(of_browser, 10).await;
        let mut keys = Vec::new();
        while keys.len() < 2 {
            if let Event::Digit { leg, digit } = world.event().await {
                keys.push((leg.0, digit));
            }
        }
        keys.sort_unstable();
        assert_eq!(keys, [(1, '4'), (2, '5')]);
    }
}

#[tokio::test]
async fn two_browsers_hear_each_other() {
    let world = world();
    let (mut one, mut two) = tokio::join!(dial(&world.plane, 1, &[Codec::Pcma]), dial(&world.plane, 2, &[Codec::Pcmu]));
    world.plane.bridge(one.leg, two.leg);
    one.connected().await;
    two.connected().await;
    one.sing(440.0, 200).await;
    two.sing(1000.0, 200).await;
    let (heard_by_one, heard_by_two) = tokio::join!(one.listen(Codec::Pcma, 80), two.listen(Codec::Pcmu, 80));
    assert!(hears(Codec::Pcma, &heard_by_one, 1000.0));
    assert!(hears(Codec::Pcmu, &heard_by_two, 440.0));
}

#[tokio::test]
async fn a_browser_goes_on_from_another_network() {
    let mut world = world();
    let mut browser = dial(&world.plane, 1, &[Codec::Pcmu]).await;
    let mut phone = call(&world.plane, 2, &[Codec::Pcmu]).await;
    assert_eq!(world.event().await, answered(browser.leg, "PCMU"));
    world.plane.bridge(phone.leg, browser.leg);
    for hz in [700.0, 900.0] {
        browser.sing(hz, 2000).await;
        phone.sing(440.0, 10).await;
        phone.forget();
        assert!(hears(Codec::Pcmu, &phone.listen(60).await, hz), "the phone hears the browser at {hz} Hz");
        phone.sing(440.0, 70).await;
        browser.forget();
        phone.sing(440.0, 60).await;
        assert!(hears(Codec::Pcmu, &browser.listen(Codec::Pcmu, 50).await, 440.0), "the browser hears the phone");
        browser.moves(&world.plane).await;
    }
    // An offer of somebody else's call is no way into this one, and changes nothing.
    for other in [offer(&[Codec::Pcmu]).await, "v=0".to_owned(), String::new()] {
        let _ = world.plane.reconnect_browser(browser.leg, &other);
    }
    assert!(matches!(world.plane.reconnect_browser(phone.leg, "v=0"), Err(MediaError::NoSuchLeg(_))));
    assert!(matches!(world.plane.reconnect_browser(LegId(9), "v=0"), Err(MediaError::NoSuchLeg(_))));
}

#[tokio::test]
async fn a_browser_that_closes_or_vanishes_is_told_once() {
    let mut world = world();
    let (mut closing, mut vanishing) = tokio::join!(dial(&world.plane, 1, &[Codec::Pcmu]), dial(&world.plane, 2, &[Codec::Pcmu]));
    closing.connected().await;
    vanishing.connected().await;
    world.plane.bridge(closing.leg, vanishing.leg);
    vanishing.vanish().await;
    closing.close().await;
    assert_eq!(world.notice().await, MediaNotice::Vanished(closing.leg), "a page that closes says so");
    let _ = world.plane.close(closing.leg);
    assert_eq!(world.notice().await, MediaNotice::Vanished(vanishing.leg), "the other is missed after a while");
    let _ = world.plane.close(vanishing.leg);
    assert!(world.notices.try_recv().is_err());
}

#[tokio::test]
async fn a_browser_that_never_comes_is_given_up() {
    let mut world = world();
    let leg = LegId(1);
    let answer = world.plane.connect_browser(leg, &offer(&[Codec::Pcmu]).await).unwrap();
    assert!(answer.contains("a=ice-lite") && answer.contains("a=candidate:") && answer.contains("PCMU/8000"), "{answer}");
    assert_eq!(world.notice().await, MediaNotice::Vanished(leg));
}

#[tokio::test]
async fn strangers_and_garbage_do_not_end_a_browser_call() {
    // Of its own: other tests run beside this one and count what strangers send them.
    const PORTS: RangeInclusive<u16> = 31_000..=31_998;
    let mut world = world_at(PORTS);
    let leg = LegId(1);
    let mut browser = dial(&world.plane, 1, &[Codec::Pcma]).await;
    assert_eq!(world.event().await, answered(leg, "PCMA"));
    let port = {
        // Of the ports of the range one is the leg's: send to each even one, as a scanner does.
        let scanner = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let datagrams: [&[u8]; 4] = [
            &[0x80; 172],
            &[22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0xFF],
            b"\x00\x01\x00\x00\x21\x12\xa4\x42aaaaaaaaaaaa",
            &[7; 40],
        ];
        for port in PORTS.step_by(2) {
            for datagram in datagrams {
                let _ = scanner.send_to(datagram, ("127.0.0.1", port)).await;
            }
        }
        scanner.local_addr().unwrap().port()
    };
    assert_ne!(port, 0);
    browser.key(3).await;
    assert_eq!(world.keys(leg, 1).await, "3");
    let counters = world.plane.counters();
    assert!(counters.garbage > 0 && counters.strays > 0, "{counters:?}");
    world.plane.play(leg, PlaybackId(1), &[clip("two")], false);
    browser.forget();
    browser.listen(Codec::Pcma, 5).await;
}

#[tokio::test]
async fn an_offer_that_cannot_be_carried_leaves_nothing_behind() {
    let world = world();
    let refusal = |offer: &str| match world.plane.connect_browser(LegId(1), offer) {
        Err(MediaError::Sdp(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(refusal(&offer(&[]).await), SdpError::NoCommonCodec);
    assert!(matches!(refusal("v=0"), SdpError::Malformed(_)));
    assert!(matches!(refusal(&"v=0\r\n".repeat(10_000)), SdpError::TooLarge));
    let plain = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
    assert!(matches!(refusal(plain), SdpError::Malformed(_)));
    assert_eq!((world.plane.counters().browser_legs, world.plane.running_tasks()), (0, 0));
}
