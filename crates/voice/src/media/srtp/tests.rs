//! Test vectors of the RFCs and of libsrtp, and what an attacker or a long call may do to the counters.

use super::cipher::{Cipher, ControlCipher, Place};
use super::master::Purpose;
use super::*;
use crate::EncryptionPolicy::{Preferred, Required};
use crate::media::rtp::{HEADER, TRAILER};
use crate::sdp::Crypto;
use crate::{Encryption, SrtpSuite};

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
}

fn master(suite: SrtpSuite, hex: &str) -> MasterKey {
    MasterKey::from_bytes(suite, &bytes(hex)).unwrap()
}

/// Checks a whole packet in both directions.
fn check(cipher: &Cipher, plain: &str, protected: &str) {
    let (plain, protected) = (bytes(plain), bytes(protected));
    let ssrc = u32::from_be_bytes(*plain[8..].first_chunk().unwrap());
    let place = Place { ssrc, index: u64::from(u16::from_be_bytes([plain[2], plain[3]])) };
    let mut packet = plain.clone();
    packet.resize(protected.len(), 0);
    cipher.protect(&mut packet, HEADER, place).unwrap();
    assert_eq!(packet, protected);
    cipher.open(&mut packet, HEADER, place).unwrap();
    assert_eq!(packet[..plain.len()], plain);
}

const MASTER: &str = "E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6";
const PLAIN: &str = "800f1234 decafbad cafebabe abababababababababababababababab";

#[test]
fn session_keys_of_rfc_3711_appendix_b3() {
    let master = master(SrtpSuite::AesCm128HmacSha1_80, MASTER);
    assert_eq!(master.derive::<16>(Purpose::Encryption, 16).unwrap().to_vec(), bytes("C61E7A93744F39EE10734AFE3FF7A087"));
    assert_eq!(master.derive::<14>(Purpose::Salt, 14).unwrap().to_vec(), bytes("30CBBC08863D8C85D49DB34A9AE1"));
    let authentication = master.derive::<20>(Purpose::Authentication, 20).unwrap();
    assert_eq!(authentication.to_vec(), bytes("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
}

#[test]
fn packets_of_libsrtps_own_test() {
    let cm = |suite| Cipher::new(&master(suite, MASTER)).unwrap();
    let protected = "800f1234 decafbad cafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb";
    check(&cm(SrtpSuite::AesCm128HmacSha1_80), PLAIN, protected);
    check(&cm(SrtpSuite::AesCm128HmacSha1_32), PLAIN, &protected[..protected.len() - 12]);
    let gcm =
        Cipher::new(&master(SrtpSuite::AeadAes128Gcm, "000102030405060708090a0b0c0d0e0f a0a1a2a3a4a5a6a7a8a9aaab")).unwrap();
    check(&gcm, PLAIN, "800f1234 decafbad cafebabe c5002ede04cfdd2eb91159e0880aa06e d2976826f796b201df3131a127e8a392");
}

#[test]
fn packets_of_rfc_7714_section_16() {
    let plain = "8040f17b 8041f8d3 5501a0b2 47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";
    let key = bytes("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    let salt = *bytes("51756964 2070726f 2071756f").first_chunk().unwrap();
    check(
        &Cipher::gcm_of_session(SrtpSuite::AeadAes128Gcm, &key[..16], salt),
        plain,
        "8040f17b 8041f8d3 5501a0b2 f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a91\
         52cf765ee4390cce",
    );
    check(
        &Cipher::gcm_of_session(SrtpSuite::AeadAes256Gcm, &key, salt),
        plain,
        "8040f17b 8041f8d3 5501a0b2 32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0\
         f9bb7878d7a76c13",
    );
}

/// Checks a whole RTCP packet in both directions.
fn check_control(cipher: &ControlCipher, plain: &str, protected: &str, index: u64) {
    let (plain, protected) = (bytes(plain), bytes(protected));
    let place = Place { ssrc: u32::from_be_bytes(*plain[4..].first_chunk().unwrap()), index };
    let mut packet = plain.clone();
    packet.resize(plain.len() + CONTROL_TRAILER, 0);
    let length = cipher.protect(&mut packet, plain.len(), place).unwrap();
    assert_eq!(packet[..length], protected);
    assert_eq!(cipher.index(&packet[..length]), Some(index));
    assert_eq!(cipher.open(&mut packet[..length], place), Ok(plain.len()));
    assert_eq!(packet[..plain.len()], plain);
}

const REPORT: &str = "81c8000b cafebabe abababababababababababababababab";

#[test]
fn reports_of_libsrtps_own_test() {
    // Its two suites with HMAC differ in nothing for RTCP.
    for suite in [SrtpSuite::AesCm128HmacSha1_80, SrtpSuite::AesCm128HmacSha1_32] {
        let cipher = ControlCipher::new(&master(suite, MASTER)).unwrap();
        let protected = "81c8000b cafebabe 7128035be487b9bdbef89041f977a5a8 80000001 993e08cd54d6c1230798";
        check_control(&cipher, REPORT, protected, 1);
    }
    let gcm = master(SrtpSuite::AeadAes128Gcm, "000102030405060708090a0b0c0d0e0f a0a1a2a3a4a5a6a7a8a9aaab");
    let protected = "81c8000b cafebabe c98b8b5df0392a55852b6c21ac8e7025 c52c6fbea2b3b446ea31123ba88ce61e 80000001";
    check_control(&ControlCipher::new(&gcm).unwrap(), REPORT, protected, 1);
}

#[test]
fn reports_of_rfc_7714_section_17() {
    let plain =
        "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef";
    let key = bytes("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    let salt = *bytes("51756964 2070726f 2071756f").first_chunk().unwrap();
    check_control(
        &ControlCipher::gcm_of_session(&key[..16], salt),
        plain,
        "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5\
         abf87245d9eade800005d4",
        0x5d4,
    );
    check_control(
        &ControlCipher::gcm_of_session(&key, salt),
        plain,
        "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57\
         ff6f6cb26ac3be800005d4",
        0x5d4,
    );
    // Tagged and not encrypted (17.3) was not agreed.
    let clear = "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef841dd9683dd7\
                 8ec92ae58790125f62b3000005d4";
    assert_eq!(ControlCipher::gcm_of_session(&key[..16], salt).index(&bytes(clear)), None);
}

#[test]
fn reports_are_taken_once_and_unforged() {
    for suite in SrtpSuite::ALL {
        let master = MasterKey::random(suite);
        let mut outbound = ControlOutbound::new(ControlCipher::new(&master).unwrap(), None);
        let mut inbound = ControlInbound::new(ControlCipher::new(&master).unwrap(), None);
        let mut protected = || {
            let mut room = bytes(REPORT);
            let end = room.len();
            room.resize(end + CONTROL_TRAILER, 0);
            let length = outbound.protect(&mut room, end, 0xCAFE_BABE).unwrap();
            room.truncate(length);
            room
        };
        let (first, second) = (protected(), protected());
        assert_ne!(first, second);
        for bit in 0..8 * first.len() {
            let mut forged = first.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert!(inbound.open(&mut forged).is_err(), "bit {bit}");
        }
        for cut in 0..first.len() {
            assert!(inbound.open(&mut first.clone()[..cut]).is_err());
        }
        for packet in [&second, &first] {
            let mut copy = packet.clone();
            let length = inbound.open(&mut copy).unwrap();
            assert_eq!(copy[..length], bytes(REPORT));
            assert_eq!(inbound.open(&mut packet.clone()), Err(Refusal::Replayed));
        }
        // Under the next key the index goes on.
        let next = MasterKey::random(suite);
        let mut room = bytes(REPORT);
        let end = room.len();
        room.resize(end + CONTROL_TRAILER, 0);
        let mut outbound = ControlOutbound::new(ControlCipher::new(&next).unwrap(), Some(&outbound));
        let length = outbound.protect(&mut room, end, 0xCAFE_BABE).unwrap();
        assert_eq!(ControlCipher::new(&next).unwrap().index(&room[..length]), Some(2));
    }
}

/// The two ends of one stream under a fresh key.
struct Stream {
    outbound: Outbound,
    inbound: Inbound,
}

impl Stream {
    fn new(suite: SrtpSuite, first: u64) -> Self {
        let master = MasterKey::random(suite);
        let (ours, theirs) = (Cipher::new(&master).unwrap(), Cipher::new(&master).unwrap());
        Self { outbound: Outbound::new(ours, first), inbound: Inbound::new(theirs, None) }
    }

    fn packet(&self, ssrc: u32, sequence: u64) -> Vec<u8> {
        let mut packet = vec![0x80, 8];
        packet.extend((sequence as u16).to_be_bytes());
        packet.extend(7u32.to_be_bytes());
        packet.extend(ssrc.to_be_bytes());
        packet.extend([sequence as u8; 20]);
        let end = packet.len();
        packet.resize(end + TRAILER, 0);
        let length = self.outbound.protect(&mut packet, end, ssrc, sequence).unwrap();
        assert_ne!(packet[HEADER..end], [sequence as u8; 20], "not what was said");
        packet.truncate(length);
        packet
    }

    fn take(&mut self, packet: &[u8]) -> Result<Vec<u8>, Refusal> {
        let mut packet = packet.to_vec();
        let length = self.inbound.open(&mut packet)?;
        packet.truncate(length);
        Ok(packet)
    }

    fn check(&mut self, sequence: u64) {
        let packet = self.packet(1, sequence);
        assert_eq!(self.take(&packet).map(|plain| plain[HEADER..].to_vec()), Ok(vec![sequence as u8; 20]), "{sequence}");
    }
}

#[test]
fn the_rollover_counter_follows_a_long_call() {
    for suite in SrtpSuite::ALL {
        let mut stream = Stream::new(suite, 0);
        let start = 60_000;
        for sequence in start..start + 3 * 65_536 {
            // A packet in a hundred is lost, and one in ten overtakes the one before.
            match sequence % 100 {
                0 => {}
                n if n % 10 == 1 => (stream.check(sequence + 1), stream.check(sequence)).1,
                n if n % 10 == 2 => {}
                _ => stream.check(sequence),
            }
        }
    }
}

#[test]
fn a_late_packet_from_before_the_rollover_is_still_that_one() {
    let mut stream = Stream::new(SrtpSuite::AesCm128HmacSha1_80, 0);
    for sequence in [65_530, 65_537, 65_535, 65_536, 65_534, 65_540] {
        stream.check(sequence);
    }
}

#[test]
fn nothing_is_heard_twice() {
    let mut stream = Stream::new(SrtpSuite::AeadAes128Gcm, 0);
    let recorded: Vec<_> = (100..400).map(|sequence| stream.packet(1, sequence)).collect();
    for packet in &recorded {
        assert!(stream.take(packet).is_ok());
    }
    for packet in &recorded {
        assert_eq!(stream.take(packet), Err(Refusal::Replayed));
    }
    // A source that comes back does not open the way for what was recorded of it.
    let other = stream.packet(2, 5);
    assert!(stream.take(&other).is_ok());
    assert_eq!(stream.take(&recorded[299]), Err(Refusal::Replayed));
    let late = stream.packet(1, 400 - 129);
    assert_eq!(stream.take(&late), Err(Refusal::Replayed), "too old to tell");
}

#[test]
fn a_forgery_changes_nothing() {
    for suite in SrtpSuite::ALL {
        let (mut stream, stranger) = (Stream::new(suite, 0), Stream::new(suite, 0));
        stream.check(10);
        for bit in 0..8 * stream.packet(1, 11).len() {
            let mut packet = stream.packet(1, 11);
            packet[bit / 8] ^= 1 << (bit % 8);
            assert!(stream.take(&packet).is_err(), "bit {bit}");
        }
        // Whatever a stranger sends, sources are not remembered for it and the counter does not move.
        for n in 2..1002 {
            let packet = stranger.packet(n, 40_000 + u64::from(n));
            assert_eq!(stream.take(&packet), Err(Refusal::Unauthentic));
        }
        for cut in 0..stream.packet(1, 11).len() {
            let packet = stream.packet(1, 11);
            assert!(stream.take(&packet[..cut]).is_err());
        }
        stream.check(11);
    }
}

#[test]
fn sources_are_bounded_and_none_is_forgotten() {
    let mut stream = Stream::new(SrtpSuite::AesCm128HmacSha1_32, 0);
    let taken = (0..1000).filter(|ssrc| {
        let packet = stream.packet(*ssrc, 7);
        stream.take(&packet).is_ok()
    });
    assert_eq!(taken.count(), 64);
    let first = stream.packet(0, 7);
    assert_eq!(stream.take(&first), Err(Refusal::Replayed));
}

#[test]
fn a_packet_from_before_a_key_is_not_sent_under_it() {
    let stream = Stream::new(SrtpSuite::AeadAes256Gcm, 65_536);
    let mut room = [0; 64];
    assert_eq!(stream.outbound.protect(&mut room, 32, 1, 65_535), None);
    assert_eq!(stream.outbound.protect(&mut room, 32, 1, 65_536 + (1 << 48)), None);
    assert_eq!(stream.outbound.protect(&mut room, 60, 1, 65_536), None, "no room for the tag");
    assert_eq!(stream.outbound.protect(&mut room, 32, 1, 65_536), Some(48));
}

#[test]
fn what_is_on_its_way_when_keys_change_is_heard() {
    for suite in SrtpSuite::ALL {
        let (before, after) = (Stream::new(suite, 0), MasterKey::random(suite));
        let outbound = Outbound::new(Cipher::new(&after).unwrap(), 0);
        let inbound = Inbound::new(Cipher::new(&after).unwrap(), Some(before.inbound));
        let (old, mut stream) = (before.outbound, Stream { outbound, inbound });
        let old = Stream { outbound: old, inbound: Inbound::new(Cipher::new(&after).unwrap(), None) };
        for sequence in 5..8 {
            let packet = old.packet(1, sequence);
            assert!(stream.take(&packet).is_ok());
        }
        let packet = old.packet(1, 6);
        assert!(stream.take(&packet).is_err(), "not twice");
        stream.check(8);
        let packet = old.packet(1, 9);
        assert_eq!(stream.take(&packet), Err(Refusal::Unauthentic), "the old key is over");
        stream.check(9);
    }
}

#[test]
fn keys_stay_as_long_as_the_far_ends_does() {
    let mut keying = Keying::new(Preferred);
    assert_eq!((keying.policy(), keying.encryption()), (Preferred, Encryption::None));
    let line = |tag, suite| Crypto { tag, key: MasterKey::random(suite) };
    let theirs = line(4, SrtpSuite::AesCm128HmacSha1_80);
    let changes = |keys: NewKeys| {
        let (mut keys, mut inbound) = (keys, None);
        keys.inbound(&mut inbound);
        (keys.outbound(|| 0).is_some(), inbound.is_some())
    };
    assert_eq!(changes(keying.answer(Some(&theirs), true).unwrap()), (true, true));
    assert_eq!(keying.encryption(), Encryption::SrtpSdes(SrtpSuite::AesCm128HmacSha1_80));
    assert_eq!(keying.policy(), Required, "what is encrypted stays so");
    let ours = keying.answered().unwrap();
    assert_eq!((ours.tag, ours.key.suite()), (4, SrtpSuite::AesCm128HmacSha1_80));
    assert_ne!(ours.key, theirs.key);
    let retagged = Crypto { tag: 9, ..theirs.clone() };
    assert_eq!(changes(keying.answer(Some(&retagged), true).unwrap()), (false, false));
    assert_eq!(keying.answered(), Some(Crypto { tag: 9, ..ours }));
    assert_eq!(changes(keying.answer(Some(&line(9, SrtpSuite::AeadAes256Gcm)), true).unwrap()), (true, true));
    let ours = keying.answered().unwrap();
    assert_eq!(keying.encryption(), Encryption::SrtpSdes(SrtpSuite::AeadAes256Gcm));
    // Our own offer goes on under our key; theirs may be new.
    assert_eq!(keying.offer(), (&[ours.clone()][..], true));
    assert_eq!(changes(keying.accept(Some(&line(9, SrtpSuite::AeadAes256Gcm)), true).unwrap()), (false, true));
    assert_eq!(keying.answered(), Some(ours));
}

#[test]
fn we_offer_every_suite_with_a_key_of_its_own() {
    let mut keying = Keying::new(Required);
    let (offered, secure) = keying.offer();
    assert!(secure && offered.iter().map(|line| line.key.suite()).eq(SrtpSuite::ALL));
    assert!(offered.windows(2).all(|pair| pair[0].tag + 1 == pair[1].tag && pair[0].key != pair[1].key));
    let third = offered[2].clone();
    let theirs = Crypto { tag: 3, key: MasterKey::random(third.key.suite()) };
    assert!(keying.accept(Some(&theirs), true).is_ok());
    assert_eq!(keying.answered(), Some(third));
    assert!(keying.offered().is_empty());
}
