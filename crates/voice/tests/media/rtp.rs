//! Legs over plain RTP, driven from outside by phones on real sockets.

use crate::media_peers;
use crate::media_peers::phone::{Heard, Phone, call};
use crate::media_peers::{clip, encode, silence, speech, world};
use std::time::Duration;
use tokio::net::UdpSocket;
use walletline_voice::{Codec, EncryptionPolicy, Event, LegId, MediaError, PlayItem, PlaybackId, SdpError};

const PRESS: &[(bool, u16)] = &[(false, 160), (false, 320), (true, 480), (true, 480), (true, 480)];

fn ended(leg: LegId, playback: u64, interrupted: bool) -> Event {
    Event::PlaybackEnded { leg, playback: PlaybackId(playback), interrupted }
}

/// What one leg sends must be one stream, whatever it is made of.
fn assert_one_stream(packets: &[Heard]) {
    for pair in packets.windows(2) {
        assert_eq!(pair[1].ssrc, pair[0].ssrc);
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
        let moved = pair[1].timestamp.wrapping_sub(pair[0].timestamp);
        assert!((160..8000 * 60).contains(&moved), "the clock moved by {moved}");
        assert!(moved == 160 || pair[1].marker, "a leap of the clock must be marked");
    }
}

#[tokio::test]
async fn a_clip_arrives_bit_exact() {
    for codec in [Codec::Pcma, Codec::Pcmu] {
        let mut world = world();
        let phone = call(&world.plane, 1, &[codec]).await;
        world.plane.play(phone.leg, PlaybackId(5), &[clip("one"), PlayItem::Pause(33), clip("two")], false);
        let mut expected = encode(codec, &speech("one"));
        expected.extend(vec![silence(codec); 33 * 8]);
        expected.extend(encode(codec, &speech("two")));
        let mut packets = Vec::new();
        for _ in 0..expected.len().div_ceil(160) + 5 {
            packets.push(phone.hear().await);
        }
        let sound: Vec<u8> = packets.iter().flat_map(|packet| packet.payload.clone()).collect();
        assert_eq!(sound[..expected.len()], expected, "{codec:?}");
        assert!(sound[expected.len()..].iter().all(|byte| *byte == silence(codec)), "silence follows");
        assert!(packets.iter().all(|packet| packet.payload.len() == 160 && packet.from == phone.remote));
        assert!(packets[0].marker);
        assert_one_stream(&packets);
        // A machine that stood still moves the leg's clock, which is marked; nothing else is.
        let moved = |pair: &[Heard]| pair[1].timestamp.wrapping_sub(pair[0].timestamp) != 160;
        assert!(packets.windows(2).all(|pair| pair[1].marker == moved(pair)));
        assert_eq!(world.event().await, ended(phone.leg, 5, false));
        assert_eq!(world.plane.close(phone.leg).codec, codec.name());
    }
}

#[tokio::test]
async fn every_playback_is_told_to_have_ended() {
    let mut world = world();
    let phone = call(&world.plane, 1, &[Codec::Pcma]).await;
    world.plane.play(phone.leg, PlaybackId(1), &[clip("one")], true);
    for _ in 0..30 {
        phone.hear().await;
    }
    world.plane.play(phone.leg, PlaybackId(2), &[clip("two")], true);
    assert_eq!(world.event().await, ended(phone.leg, 1, true), "replaced, although it is longer than the clip by now");
    world.plane.stop(phone.leg);
    assert_eq!(world.event().await, ended(phone.leg, 2, true));
    world.plane.stop(phone.leg);
    world.plane.play(phone.leg, PlaybackId(3), &[clip("missing")], true);
    assert_eq!(world.event().await, ended(phone.leg, 3, false), "there was nothing to play");
    world.plane.play(phone.leg, PlaybackId(4), &[clip("two")], true);
    let _ = world.plane.close(phone.leg);
    assert_eq!(world.event().await, ended(phone.leg, 4, true));
    world.plane.play(phone.leg, PlaybackId(5), &[clip("two")], false);
    assert!(world.events.try_recv().is_err(), "nothing follows the end of a leg");
}

#[tokio::test]
async fn playing_begins_when_the_phone_is_known() {
    let mut world = world();
    let leg = LegId(9);
    world.plane.open_rtp(leg, EncryptionPolicy::default()).unwrap();
    world.plane.play(leg, PlaybackId(1), &[clip("one")], false);
    let mut phone = Phone::new(leg, Codec::Pcmu).await;
    let offer = world.plane.offer(leg).unwrap();
    assert!(offer.contains(" RTP/AVP 8 0 9 101\r\n"), "{offer}");
    phone.take(&offer);
    assert_eq!(world.plane.codec(leg), None);
    world.plane.accept_answer(leg, &phone.offer(&[Codec::Pcmu], "sendrecv")).unwrap();
    assert_eq!(world.plane.codec(leg), Some(Codec::Pcmu));
    let expected = encode(Codec::Pcmu, &speech("one"));
    assert_eq!(phone.listen(expected.len() / 160).await, expected[..expected.len() / 160 * 160]);
    assert_eq!(world.event().await, ended(leg, 1, false));
}

#[tokio::test]
async fn keys_are_told_once_each() {
    let mut world = world();
    let mut phone = call(&world.plane, 1, &[Codec::Pcma]).await;
    let leg = phone.leg;
    phone.key("1", PRESS).await;
    assert_eq!(world.event().await, Event::Digit { leg, digit: '1' });
    // The ends are lost, then the starts, then all but one packet.
    phone.key("22", &[(false, 160), (false, 320)]).await;
    phone.key("33", &[(true, 480)]).await;
    phone.key("44", &[(false, 320)]).await;
    // Fast succession, and audio between the packets of a press.
    phone.key("0123456789*#ABCD", PRESS).await;
    phone.key("9", &PRESS[..2]).await;
    let held = phone.timestamp.wrapping_sub(800);
    phone.say(&[0; 160]).await;
    let packet = phone.packet(media_peers::phone::EVENTS, phone.sequence, held, &[9, 0x8A, 1, 224]);
    phone.socket.send_to(&packet, phone.remote).await.unwrap();
    assert_eq!(world.keys(leg, 23).await, "2233440123456789*#ABCD9");
    phone.key("7", PRESS).await;
    assert_eq!(world.event().await, Event::Digit { leg, digit: '7' }, "the late end of 9 was no new press");
}

#[tokio::test]
async fn audio_goes_where_it_comes_from() {
    let world = world();
    let mut phone = Phone::new(LegId(1), Codec::Pcma).await;
    let described = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    world.plane.open_rtp(phone.leg, EncryptionPolicy::default()).unwrap();
    let offer = phone.describe(described.local_addr().unwrap().port(), &[Codec::Pcma], "sendrecv");
    let answer = world.plane.answer(phone.leg, &offer).unwrap();
    phone.take(&answer);
    world.plane.play(phone.leg, PlaybackId(1), &[clip("one")], true);
    let mut datagram = [0; 2000];
    described.recv_from(&mut datagram).await.unwrap();
    // The phone sends from another port than it said, as one behind a NAT does.
    phone.say(&[0; 160]).await;
    phone.hear().await;
    // A thief who sends into the running call gets nothing, and the phone goes on hearing.
    let mut thief = Phone::new(LegId(2), Codec::Pcma).await;
    thief.remote = phone.remote;
    for _ in 0..20 {
        thief.say(&[0; 160]).await;
        phone.say(&[0; 160]).await;
        phone.hear().await;
    }
    thief.key("666", PRESS).await;
    assert!(thief.hear_within(Duration::from_millis(100)).await.is_none());
    let counters = world.plane.counters();
    assert_eq!((counters.strays, counters.packets_received), (35, 21), "and is not heard either");
    assert_eq!(world.plane.close(phone.leg).packets_received, 21);
}

#[tokio::test]
async fn a_phone_may_move_after_a_silence() {
    let world = world();
    let mut phone = call(&world.plane, 1, &[Codec::Pcma]).await;
    world.plane.play(phone.leg, PlaybackId(1), &[clip("one")], true);
    phone.say(&[0; 160]).await;
    phone.hear().await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    phone.socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    phone.say(&[0; 160]).await;
    phone.hear().await;
}

#[tokio::test]
async fn a_phone_may_move_by_a_new_offer() {
    let world = world();
    let mut phone = call(&world.plane, 1, &[Codec::Pcma]).await;
    world.plane.play(phone.leg, PlaybackId(1), &[clip("one")], true);
    phone.say(&[0; 160]).await;
    phone.hear().await;
    phone.socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    world.plane.answer(phone.leg, &phone.offer(&[Codec::Pcma], "sendrecv")).unwrap();
    phone.hear().await;
}

#[tokio::test]
async fn a_hold_stops_what_we_send_and_not_the_playback() {
    let mut world = world();
    let mut phone = call(&world.plane, 1, &[Codec::Pcma]).await;
    world.plane.play(phone.leg, PlaybackId(1), &[clip("one")], true);
    let mut packets = vec![phone.hear().await];
    let version = |sdp: &str| sdp.lines().nth(1).unwrap().split(' ').nth(2).unwrap().parse::<u64>().unwrap();
    let held = world.plane.answer(phone.leg, &phone.offer(&[Codec::Pcma], "sendonly")).unwrap();
    assert!(held.contains("a=recvonly"), "{held}");
    while let Some(packet) = phone.hear_within(Duration::from_millis(200)).await {
        packets.push(packet);
    }
    phone.key("5", PRESS).await;
    assert_eq!(world.keys(phone.leg, 1).await, "5", "a phone that holds may still key");
    let resumed = world.plane.answer(phone.leg, &phone.offer(&[Codec::Pcma], "sendrecv")).unwrap();
    assert!(resumed.contains("a=sendrecv"), "{resumed}");
    assert_eq!(version(&resumed), version(&held) + 1);
    for _ in 0..3 {
        packets.push(phone.hear().await);
    }
    assert_one_stream(&packets);
    let inactive = world.plane.answer(phone.leg, &phone.offer(&[Codec::Pcma], "inactive")).unwrap();
    assert!(inactive.contains("a=inactive"), "{inactive}");
}

#[tokio::test]
async fn a_refused_offer_changes_nothing() {
    let world = world();
    let phone = call(&world.plane, 1, &[Codec::Pcmu]).await;
    world.plane.play(phone.leg, PlaybackId(1), &[clip("one")], true);
    let opus_only = phone.offer(&[], "sendrecv");
    assert!(matches!(world.plane.answer(phone.leg, &opus_only), Err(MediaError::Sdp(SdpError::NoCommonCodec))));
    assert!(matches!(world.plane.answer(phone.leg, "v=0"), Err(MediaError::Sdp(SdpError::NoAudio))));
    assert!(matches!(world.plane.answer(LegId(4), &phone.offer(&[Codec::Pcmu], "sendrecv")), Err(MediaError::NoSuchLeg(_))));
    assert!(matches!(world.plane.open_rtp(phone.leg, EncryptionPolicy::default()), Err(MediaError::LegExists(_))));
    assert_eq!(world.plane.codec(phone.leg), Some(Codec::Pcmu));
    phone.forget();
    phone.hear().await;
}

#[tokio::test]
async fn garbage_is_counted_and_left() {
    let mut world = world();
    let mut phone = call(&world.plane, 1, &[Codec::Pcma]).await;
    phone.say(&[0; 160]).await;
    let mut noise = 1u32;
    for n in 0..3000usize {
        let length = n % 60 + if n % 500 == 0 { 1500 } else { 0 };
        let mut datagram: Vec<u8> = (0..length)
            .map(|_| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (noise >> 24) as u8
            })
            .collect();
        // A third is nearly RTP; none of it has a payload type that was agreed.
        if n % 3 == 0 && length > 1 {
            datagram[0] = 0x80 | datagram[0] & 0x3F;
            datagram[1] = 33;
        }
        phone.socket.send_to(&datagram, phone.remote).await.unwrap();
        if n % 20 == 0 {
            // Slow enough that the kernel need not drop what the leg has not read yet.
            phone.say(&[0; 160]).await;
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    // RTCP, beside the RTP and among it.
    let report = [&[0x80, 200, 0, 6][..], &phone.ssrc.to_be_bytes(), &[0; 20]].concat();
    phone.socket.send_to(&report, phone.remote).await.unwrap();
    let beside = (phone.remote.ip(), phone.remote.port() + 1);
    phone.socket.send_to(&report, beside).await.unwrap();
    phone.key("8", PRESS).await;
    assert_eq!(world.keys(phone.leg, 1).await, "8");
    world.plane.play(phone.leg, PlaybackId(1), &[clip("one")], false);
    phone.hear().await;
    let counters = world.plane.counters();
    assert!(counters.garbage > 1000 && counters.strays == 0, "{counters:?}");
    assert_eq!(counters.rtcp, 2, "{counters:?}");
}

#[tokio::test]
async fn loss_is_reported_at_the_end() {
    let mut world = world();
    let mut phone = call(&world.plane, 1, &[Codec::Pcma]).await;
    for n in 0..50 {
        if n % 10 == 5 {
            phone.sequence = phone.sequence.wrapping_add(1);
            phone.timestamp = phone.timestamp.wrapping_add(160);
        }
        phone.say(&[0; 160]).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    phone.key("1", &PRESS[..1]).await;
    assert_eq!(world.keys(phone.leg, 1).await, "1");
    let stats = world.plane.close(phone.leg);
    assert_eq!((stats.codec.as_str(), stats.packets_received, stats.packets_lost, stats.packets_sent), ("PCMA", 51, 5, 0));
    assert!(stats.jitter_ms > 0.0, "they came faster than they were sampled: {stats:?}");
    assert_eq!(world.plane.close(phone.leg), walletline_voice::LegStats::default());
}
