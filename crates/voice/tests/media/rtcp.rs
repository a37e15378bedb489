//! RTCP of legs over RTP, driven from outside by phones that report what they hear.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::media_peers::phone::Phone;
use crate::media_peers::srtp::{Master, SUITES, SecurePhone, secured};
use crate::media_peers::{PATIENCE, clip, world};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::UdpSocket;
use walletline_voice::readers::{RtcpRead, rtcp_packet};
use walletline_voice::{Codec, EncryptionPolicy, LegId, MediaPlane, PlaybackId};

/// What a phone reports: its packets, and of ours four lost; it kept our last report for no time.
fn report(phone: &Phone, theirs: u32, last_report: [u8; 4]) -> Vec<u8> {
    let numbers = |numbers: &[u32]| numbers.iter().flat_map(|n| n.to_be_bytes()).collect::<Vec<_>>();
    [
        &[0x81, 200, 0, 12][..],
        &numbers(&[phone.ssrc, 0xE000_0001, 0x8000_0000, phone.timestamp, 60, 9600, theirs, 64 << 24 | 4, 200, 80]),
        &last_report,
        &numbers(&[0]),
        &[0x81, 202, 0, 3],
        &numbers(&[phone.ssrc]),
        &[1, 3, b'a', b'b', b'c', 0, 0, 0],
    ]
    .concat()
}

/// The middle of the clock in a sender report.
fn clock(report: &[u8]) -> [u8; 4] {
    *report[10..].first_chunk().unwrap()
}

async fn receive(socket: &UdpSocket) -> (Vec<u8>, SocketAddr) {
    let mut datagram = [0; 2000];
    let received = tokio::time::timeout(PATIENCE, socket.recv_from(&mut datagram)).await;
    let (length, from) = received.expect("no report came").unwrap();
    (datagram[..length].to_vec(), from)
}

/// The next RTCP packet among a phone's media.
async fn receive_muxed(socket: &UdpSocket) -> Vec<u8> {
    loop {
        let (datagram, _) = receive(socket).await;
        if (200..=204).contains(&datagram[1]) {
            return datagram;
        }
    }
}

fn listen(plane: &MediaPlane, phone: &Phone) {
    plane.play(phone.leg, PlaybackId(1), &[clip("one")], true);
}

fn assert_told(plane: &MediaPlane, leg: LegId) {
    let stats = plane.close(leg);
    assert_eq!((stats.far_lost, stats.far_jitter_ms), (Some(4), Some(10.0)));
    assert!(stats.round_trip_ms.is_some_and(|ms| (0.0..5000.0).contains(&ms)), "{stats:?}");
}

/// Waits until a leg has read as much RTCP as that.
async fn taken(plane: &MediaPlane, packets: u64) {
    let came = async {
        while plane.counters().rtcp < packets {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, came).await.expect("the report is not taken");
}

#[tokio::test]
async fn reports_go_both_ways_beside_media() {
    let world = world();
    let mut phone = Phone::new(LegId(1), Codec::Pcma).await;
    let beside = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    world.plane.open_rtp(phone.leg, EncryptionPolicy::default()).unwrap();
    let port = beside.local_addr().unwrap().port();
    let offer = phone.offer(&[Codec::Pcma], "sendrecv").replace("a=rtcp:9", &format!("a=rtcp:{port}"));
    let answer = world.plane.answer(phone.leg, &offer).unwrap();
    phone.take(&answer);
    let ours = SocketAddr::new(phone.remote.ip(), phone.remote.port() + 1);
    assert!(answer.contains(&format!("a=rtcp:{}\r\n", ours.port())) && !answer.contains("rtcp-mux"), "{answer}");
    listen(&world.plane, &phone);
    phone.sing(440.0, 5).await;
    phone.sequence = phone.sequence.wrapping_add(2);
    phone.sing(440.0, 5).await;

    // A stranger's report is not believed, and draws nothing to him.
    let stranger = UdpSocket::bind((Ipv4Addr::new(127, 0, 0, 2), 0)).await.unwrap();
    stranger.send_to(&report(&phone, 0, [0; 4]), ours).await.unwrap();

    let (heard, from) = receive(&beside).await;
    assert_eq!(from, ours);
    let (read, _) = rtcp_packet(&heard, phone.ssrc).unwrap();
    let highest = u32::from(phone.sequence.wrapping_sub(1)) + if phone.sequence < 1000 { 65_536 } else { 0 };
    assert_eq!((read.sends, read.about_us, read.goodbye), (true, Some((2, highest)), false));
    let media = phone.hear().await;
    assert_eq!(read.sender, media.ssrc);
    beside.send_to(&report(&phone, media.ssrc, clock(&heard)), ours).await.unwrap();
    taken(&world.plane, 1).await;
    assert_eq!(world.plane.counters().strays, 1);

    assert_told(&world.plane, phone.leg);
    let (goodbye, _) = receive(&beside).await;
    let (read, _) = rtcp_packet(&goodbye, phone.ssrc).unwrap();
    assert!(matches!(read, RtcpRead { goodbye: true, about_us: None, .. }), "{read:?}");
}

#[tokio::test]
async fn reports_share_the_port_of_media_where_that_is_offered() {
    let world = world();
    let mut phone = Phone::new(LegId(1), Codec::Pcma).await;
    world.plane.open_rtp(phone.leg, EncryptionPolicy::default()).unwrap();
    let answer = world.plane.answer(phone.leg, &(phone.offer(&[Codec::Pcma], "sendrecv") + "a=rtcp-mux\r\n")).unwrap();
    assert!(answer.contains("a=rtcp-mux\r\n") && !answer.contains("a=rtcp:"), "{answer}");
    phone.take(&answer);
    listen(&world.plane, &phone);
    phone.sing(440.0, 3).await;
    let heard = receive_muxed(&phone.socket).await;
    let (read, _) = rtcp_packet(&heard, phone.ssrc).unwrap();
    phone.socket.send_to(&report(&phone, read.sender, clock(&heard)), phone.remote).await.unwrap();
    taken(&world.plane, 1).await;
    assert_told(&world.plane, phone.leg);
    let goodbye = receive_muxed(&phone.socket).await;
    assert!(rtcp_packet(&goodbye, phone.ssrc).unwrap().0.goodbye);
}

#[tokio::test]
async fn our_own_offer_leaves_the_choice() {
    let world = world();
    for (n, attribute, muxed) in [(1, "a=rtcp-mux\r\n", true), (2, "", false)] {
        let mut phone = Phone::new(LegId(n), Codec::Pcma).await;
        let beside = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        world.plane.open_rtp(phone.leg, EncryptionPolicy::Off).unwrap();
        let offer = world.plane.offer(phone.leg).unwrap();
        phone.take(&offer);
        assert!(
            offer.contains("a=rtcp-mux\r\n") && offer.contains(&format!("a=rtcp:{}\r\n", phone.remote.port() + 1)),
            "{offer}"
        );
        let port = beside.local_addr().unwrap().port();
        let answer = phone.offer(&[Codec::Pcma], "sendrecv").replace("a=rtcp:9", &format!("a=rtcp:{port}")) + attribute;
        world.plane.accept_answer(phone.leg, &answer).unwrap();
        phone.sing(440.0, 3).await;
        let heard = if muxed { receive_muxed(&phone.socket).await } else { receive(&beside).await.0 };
        assert!(rtcp_packet(&heard, phone.ssrc).is_some_and(|(read, _)| !read.sends), "it only listens so far");
    }
}

/// A call under one suite, with reports among its media; it hears something.
async fn encrypted(plane: &MediaPlane, suite: &str, n: u8) -> SecurePhone {
    let mut phone = Phone::new(LegId(n.into()), Codec::Pcma).await;
    plane.open_rtp(phone.leg, EncryptionPolicy::Required).unwrap();
    let ours = Master::new(suite, n);
    let offer = secured(&phone.offer(&[Codec::Pcma], "sendrecv"), "RTP/SAVP", &[&ours]) + "a=rtcp-mux\r\n";
    let answer = plane.answer(phone.leg, &offer).unwrap();
    phone.take(&answer);
    listen(plane, &phone);
    SecurePhone { phone, ours, theirs: Master::of(&answer), rollovers: (0, 0) }
}

#[tokio::test]
async fn reports_of_an_encrypted_leg_are_encrypted() {
    let world = world();
    let mut calls = Vec::new();
    for (suite, n) in SUITES.iter().zip(1u8..) {
        let mut call = encrypted(&world.plane, suite, n).await;
        call.sing(440.0, 2).await;
        calls.push(call);
    }
    for call in &calls {
        let phone = &call.phone;
        let wire = receive_muxed(&phone.socket).await;
        assert_eq!(rtcp_packet(&wire, phone.ssrc).and_then(|(read, _)| read.about_us), None, "nothing is read without the key");
        let (heard, index) = call.theirs.open_control(&wire).expect("a report under the agreed key");
        let (read, _) = rtcp_packet(&heard, phone.ssrc).unwrap();
        assert_eq!((index, read.about_us.map(|(lost, _)| lost)), (0, Some(0)), "{}", call.ours.suite);

        let told = report(phone, read.sender, clock(&heard));
        let protected = call.ours.protect_control(&told, 1);
        let before = world.plane.counters();
        // In clear, under another key, changed: none of it is believed.
        let mut changed = protected.clone();
        changed[9] ^= 1;
        for forged in [told.clone(), Master::new(&call.ours.suite, 99).protect_control(&told, 1), changed] {
            phone.socket.send_to(&forged, phone.remote).await.unwrap();
        }
        phone.socket.send_to(&protected, phone.remote).await.unwrap();
        taken(&world.plane, before.rtcp + 1).await;
        phone.socket.send_to(&protected, phone.remote).await.unwrap();
        phone.socket.send_to(&call.ours.protect_control(&told, 2), phone.remote).await.unwrap();
        taken(&world.plane, before.rtcp + 2).await;
        let counters = world.plane.counters();
        assert_eq!(counters.unauthentic + counters.garbage, before.unauthentic + before.garbage + 3);
        assert_eq!((counters.replayed, counters.strays), (before.replayed + 1, 0));
        assert_told(&world.plane, phone.leg);
        let (goodbye, index) = call.theirs.open_control(&receive_muxed(&phone.socket).await).unwrap();
        assert!(rtcp_packet(&goodbye, phone.ssrc).unwrap().0.goodbye && index > 0);
    }
}
