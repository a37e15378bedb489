//! Every codec with every other: phones that speak G.711 and G.722 and browsers that speak Opus hear each other, prompts and
//! silence; what both sides speak passes as it is.

use crate::media_peers::browser::dial;
use crate::media_peers::coder::Coder;
use crate::media_peers::phone::call;
use crate::media_peers::{clip, is_tone, tone, world};
use std::time::Duration;
use walletline_voice::{Codec, Event, PlaybackId};

const PHONES: [Codec; 3] = [Codec::Pcma, Codec::Pcmu, Codec::G722];

#[tokio::test]
async fn phones_hear_each_other_in_every_pair_of_codecs() {
    for (a, b) in [(Codec::Pcma, Codec::G722), (Codec::Pcmu, Codec::G722), (Codec::G722, Codec::G722)] {
        let world = world();
        let (mut one, mut two) = (call(&world.plane, 1, &[a]).await, call(&world.plane, 2, &[b]).await);
        assert_eq!((world.plane.codec(one.leg), world.plane.codec(two.leg)), (Some(a), Some(b)));
        world.plane.bridge(one.leg, two.leg);
        one.sing(440.0, 60).await;
        assert!(is_tone(&two.listen_decoded(58).await, 440.0), "{b:?} does not hear {a:?}");
        two.sing(1000.0, 60).await;
        assert!(is_tone(&one.listen_decoded(58).await, 1000.0), "{a:?} does not hear {b:?}");
        let (of_one, of_two) = (world.plane.close(one.leg), world.plane.close(two.leg));
        assert_eq!((of_one.codec.as_str(), of_two.codec.as_str()), (a.name(), b.name()));
        assert_eq!((of_one.packets_lost, of_two.packets_lost), (0, 0));
    }
}

#[tokio::test]
async fn a_browser_with_opus_and_a_phone_hear_each_other() {
    for of_phone in PHONES {
        let mut world = world();
        let mut browser = dial(&world.plane, 1, &[Codec::Opus, Codec::Pcmu]).await;
        let mut phone = call(&world.plane, 2, &[of_phone]).await;
        let Event::Answered { codec, .. } = world.event().await else { panic!("not answered") };
        assert_eq!(codec, "opus");
        world.plane.bridge(phone.leg, browser.leg);
        browser.sing(700.0, 200).await;
        phone.sing(440.0, 90).await;
        assert!(is_tone(&phone.listen_decoded(80).await, 700.0), "{of_phone:?} hears the browser");
        assert!(is_tone(&browser.listen_decoded(Codec::Opus, 80).await, 440.0), "the browser hears {of_phone:?}");
        // Keys of either side are told, not heard, and leave no hole.
        browser.key(4).await;
        phone.key("5", &[(false, 160), (true, 320), (true, 320)]).await;
        phone.forget();
        phone.sing(440.0, 20).await;
        let (first, mut last) = (phone.hear().await, phone.hear().await);
        for n in 2..15u16 {
            last = phone.hear().await;
            assert_eq!(last.sequence, first.sequence.wrapping_add(n));
        }
        assert_ne!(last.timestamp, first.timestamp);
        let mut keys = Vec::new();
        while keys.len() < 2 {
            if let Event::Digit { leg, digit } = world.event().await {
                keys.push((leg.0, digit));
            }
        }
        keys.sort_unstable();
        assert_eq!(keys, [(1, '4'), (2, '5')]);
        let stats = world.plane.close(browser.leg);
        assert_eq!((stats.codec.as_str(), stats.packets_lost), ("opus", 0));
        assert!(stats.jitter_ms < 30.0, "by the clock of Opus: {stats:?}");
    }
}

#[tokio::test]
async fn between_two_browsers_opus_passes_as_it_is() {
    let world = world();
    let (mut one, mut two) = tokio::join!(dial(&world.plane, 1, &[Codec::Opus]), dial(&world.plane, 2, &[Codec::Opus]));
    one.connected().await;
    two.connected().await;
    world.plane.bridge(one.leg, two.leg);
    one.sing(440.0, 50).await;
    let heard = two.payloads(Codec::Opus, 60).await;
    let said = one.said.lock().unwrap();
    assert!(heard.iter().all(|payload| said.contains(payload)), "a payload came that was not sent");
    let mut decoder = Coder::new(Codec::Opus);
    let sound: Vec<i16> = heard.iter().flat_map(|payload| decoder.decode(payload)).collect();
    assert!(is_tone(&sound, 440.0));
}

#[tokio::test]
async fn between_two_phones_g722_passes_as_it_is() {
    let world = world();
    let (mut one, two) = (call(&world.plane, 1, &[Codec::G722]).await, call(&world.plane, 2, &[Codec::G722]).await);
    world.plane.bridge(one.leg, two.leg);
    let mut coder = Coder::new(Codec::G722);
    for n in 0..10 {
        let frame = tone(600.0, n * 160);
        one.say(&frame).await;
        assert_eq!(two.hear().await.payload, coder.encode(&frame));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn clips_and_silence_are_heard_in_every_codec() {
    let loud = |samples: &[i16]| samples.chunks(160).filter(|frame| frame.iter().any(|s| s.unsigned_abs() > 2000)).count();
    for codec in PHONES {
        let world = world();
        let mut phone = call(&world.plane, 1, &[codec]).await;
        world.plane.play(phone.leg, PlaybackId(1), &[clip("one")], false);
        let heard = phone.listen_decoded(30).await;
        assert!((11..=14).contains(&loud(&heard)), "{codec:?}: {}", loud(&heard));
        assert_eq!(loud(&heard[20 * 160..]), 0, "{codec:?} is silent afterwards");
    }
    let world = world();
    let mut browser = dial(&world.plane, 1, &[Codec::Opus]).await;
    world.plane.play(browser.leg, PlaybackId(1), &[clip("one")], false);
    let heard = browser.listen_decoded(Codec::Opus, 30).await;
    assert!((10..=15).contains(&loud(&heard)), "{}", loud(&heard));
    assert_eq!(loud(&heard[20 * 160..]), 0, "silent afterwards");
}

#[tokio::test]
async fn garbage_under_the_number_of_a_codec_ends_nothing() {
    let world = world();
    let mut phone = call(&world.plane, 1, &[Codec::G722]).await;
    let mut browser = dial(&world.plane, 2, &[Codec::Opus]).await;
    browser.connected().await;
    world.plane.bridge(phone.leg, browser.leg);
    for n in 0..100usize {
        let payload: Vec<u8> = (0..1 + n * 13 % 1400).map(|at| (at * n * 31) as u8).collect();
        phone.send(9, &payload).await;
        phone.timestamp = phone.timestamp.wrapping_add((n * 977) as u32);
    }
    phone.sing(440.0, 60).await;
    browser.sing(700.0, 60).await;
    phone.forget();
    assert!(is_tone(&phone.listen_decoded(40).await, 700.0));
}

#[tokio::test]
async fn what_is_said_in_secret_is_silence_in_every_codec() {
    for of_phone in [Codec::Pcmu, Codec::G722] {
        let world = world();
        let mut browser = dial(&world.plane, 1, &[Codec::Opus]).await;
        let mut phone = call(&world.plane, 2, &[of_phone]).await;
        browser.connected().await;
        world.plane.bridge(phone.leg, browser.leg);
        world.plane.secure(browser.leg, true);
        world.plane.secure(phone.leg, true);
        browser.sing(700.0, 300).await;
        phone.sing(440.0, 100).await;
        let loudest = |samples: &[i16]| samples.iter().map(|sample| sample.unsigned_abs()).max();
        assert!(loudest(&phone.listen_decoded(80).await) < Some(100), "heard by {of_phone:?}");
        assert!(loudest(&browser.listen_decoded(Codec::Opus, 80).await) < Some(100), "of {of_phone:?}");
        world.plane.secure(browser.leg, false);
        phone.sing(440.0, 60).await;
        phone.forget();
        assert!(is_tone(&phone.listen_decoded(30).await, 700.0), "and heard again afterwards");
    }
}
