//! Two phones that hear each other through a bridge.

use crate::media_peers;
use crate::media_peers::phone::{Phone, call};
use crate::media_peers::{clip, encode, hears, silence, speech, world};
use std::time::Duration;
use walletline_voice::{Codec, Event, PlaybackId};

/// A phone that sings while it listens to what comes.
async fn sing_and_listen(mut phone: Phone, hz: f64) -> (Phone, Vec<u8>) {
    let mut heard = Vec::new();
    let mut clock = tokio::time::interval(Duration::from_millis(20));
    for n in 0..60 {
        clock.tick().await;
        phone.say(&media_peers::tone(hz, n * 160)).await;
        while let Some(packet) = phone.hear_within(Duration::from_millis(1)).await {
            assert_eq!(packet.payload_type, media_peers::payload_type(phone.codec));
            heard.extend(packet.payload);
        }
    }
    (phone, heard)
}

#[tokio::test]
async fn two_phones_hear_each_other_in_every_pair_of_codecs() {
    for (a, b) in [(Codec::Pcma, Codec::Pcma), (Codec::Pcma, Codec::Pcmu), (Codec::Pcmu, Codec::Pcma), (Codec::Pcmu, Codec::Pcmu)]
    {
        let world = world();
        let (one, two) = (call(&world.plane, 1, &[a]).await, call(&world.plane, 2, &[b]).await);
        world.plane.bridge(one.leg, two.leg);
        let ((one, heard_by_one), (two, heard_by_two)) = tokio::join!(sing_and_listen(one, 440.0), sing_and_listen(two, 1000.0));
        assert!(hears(a, &heard_by_one, 1000.0), "{a:?} does not hear {b:?}");
        assert!(hears(b, &heard_by_two, 440.0), "{b:?} does not hear {a:?}");
        assert!(!hears(a, &heard_by_one, 440.0), "nobody hears himself");
        let (of_one, of_two) = (world.plane.close(one.leg), world.plane.close(two.leg));
        // The last packet may be on its way when the legs are closed.
        assert!(of_one.packets_received >= 59 && of_one.packets_lost == 0, "{of_one:?}");
        assert!(of_two.packets_sent >= 59, "{of_two:?}");
    }
}

#[tokio::test]
async fn a_bridge_of_one_codec_forwards_bit_exact() {
    let world = world();
    let (mut one, two) = (call(&world.plane, 1, &[Codec::Pcma]).await, call(&world.plane, 2, &[Codec::Pcma]).await);
    world.plane.bridge(one.leg, two.leg);
    let said = speech("something");
    for frame in said.chunks_exact(160) {
        one.say(frame).await;
    }
    let frames = said.len() / 160;
    assert_eq!(two.listen(frames).await, encode(Codec::Pcma, &said[..frames * 160]));
}

#[tokio::test]
async fn keys_never_reach_the_other_side() {
    let mut world = world();
    let (mut one, two) = (call(&world.plane, 1, &[Codec::Pcma]).await, call(&world.plane, 2, &[Codec::Pcmu]).await);
    world.plane.bridge(one.leg, two.leg);
    one.say(&[0; 160]).await;
    one.key("4711", &[(false, 160), (true, 320), (true, 320)]).await;
    one.say(&[0; 160]).await;
    assert_eq!(world.keys(one.leg, 4).await, "4711");
    let (before, after) = (two.hear().await, two.hear().await);
    assert_eq!((before.payload_type, after.payload_type), (0, 0));
    assert_eq!(after.sequence, before.sequence.wrapping_add(1), "what was kept back must not look lost");
    assert!(two.hear_within(Duration::from_millis(100)).await.is_none());
}

#[tokio::test]
async fn one_stream_runs_through_play_bridge_and_parting() {
    let mut world = world();
    let (mut one, two) = (call(&world.plane, 1, &[Codec::Pcma]).await, call(&world.plane, 2, &[Codec::Pcma]).await);
    world.plane.play(two.leg, PlaybackId(1), &[clip("one")], true);
    let mut packets = Vec::new();
    for _ in 0..5 {
        packets.push(two.hear().await);
    }
    world.plane.bridge(one.leg, two.leg);
    assert_eq!(world.event().await, Event::PlaybackEnded { leg: two.leg, playback: PlaybackId(1), interrupted: true });
    one.sing(440.0, 10).await;
    while let Some(packet) = two.hear_within(Duration::from_millis(100)).await {
        packets.push(packet);
    }
    // A bridged leg that is played to hears that, and afterwards the other side again.
    world.plane.play(two.leg, PlaybackId(2), &[clip("two")], false);
    one.sing(440.0, 20).await;
    assert_eq!(world.event().await, Event::PlaybackEnded { leg: two.leg, playback: PlaybackId(2), interrupted: false });
    one.sing(440.0, 10).await;
    world.plane.unbridge(two.leg, one.leg);
    one.sing(440.0, 5).await;
    while packets.last().is_none_or(|packet| packet.payload != [silence(Codec::Pcma); 160]) {
        packets.push(two.hear().await);
    }
    for pair in packets.windows(2) {
        assert_eq!((pair[1].ssrc, pair[1].sequence), (pair[0].ssrc, pair[0].sequence.wrapping_add(1)));
        let moved = pair[1].timestamp.wrapping_sub(pair[0].timestamp);
        assert!((160..80_000).contains(&moved), "the clock moved by {moved}");
    }
    let sound: Vec<u8> = packets.iter().flat_map(|packet| packet.payload.clone()).collect();
    let clip = encode(Codec::Pcma, &speech("two"));
    assert!(sound.windows(clip.len()).any(|heard| heard == clip), "the clip was heard whole");
}

#[tokio::test]
async fn a_leg_may_end_at_any_moment_of_a_bridge() {
    let mut world = world();
    let (mut one, two) = (call(&world.plane, 1, &[Codec::Pcma]).await, call(&world.plane, 2, &[Codec::Pcma]).await);
    world.plane.bridge(one.leg, two.leg);
    one.say(&[0; 160]).await;
    two.hear().await;
    let _ = world.plane.close(two.leg);
    for _ in 0..5 {
        one.say(&[0; 160]).await;
    }
    assert_eq!(one.hear().await.payload, [silence(Codec::Pcma); 160], "who stays hears silence, not nothing");
    let mut three = call(&world.plane, 3, &[Codec::Pcmu]).await;
    world.plane.bridge(one.leg, three.leg);
    three.key("5", &[(true, 400)]).await;
    assert_eq!(world.keys(three.leg, 1).await, "5");
    // A third leg takes the place of the second; the one left over goes on alone.
    let mut four = call(&world.plane, 4, &[Codec::Pcma]).await;
    world.plane.bridge(four.leg, one.leg);
    four.say(&[0; 160]).await;
    assert_eq!(three.hear().await.payload, [silence(Codec::Pcmu); 160]);
    world.plane.bridge(four.leg, four.leg);
    let _ = (world.plane.close(one.leg), world.plane.close(three.leg), world.plane.close(four.leg));
    world.plane.bridge(one.leg, four.leg);
    world.plane.unbridge(one.leg, four.leg);
}
