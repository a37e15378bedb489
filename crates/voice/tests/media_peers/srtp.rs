//! SRTP as a phone has it, written from RFC 3711 and RFC 7714 for the tests alone: it shares no line with what it tests.

use super::phone::Phone;
use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use walletline_voice::{Codec, EncryptionPolicy, LegId, MediaPlane};

pub const SUITES: [&str; 4] = ["AES_CM_128_HMAC_SHA1_32", "AES_CM_128_HMAC_SHA1_80", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM"];

/// A master key of one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Master {
    pub suite: String,
    pub text: String,
}

/// A phone whose media is encrypted.
pub struct SecurePhone {
    pub phone: Phone,
    pub ours: Master,
    pub theirs: Master,
    /// Rollover counters: ours, and what is heard of theirs.
    pub rollovers: (u32, u32),
}

impl Master {
    /// A key that nobody would draw twice in a test.
    pub fn new(suite: &str, seed: u8) -> Self {
        let bytes: Vec<u8> =
            (0..key_bytes(suite) + salt_bytes(suite)).map(|n| seed.wrapping_mul(31).wrapping_add((n * 7) as u8)).collect();
        Self { suite: suite.to_owned(), text: STANDARD.encode(bytes) }
    }

    /// The only `a=crypto` line of a description.
    pub fn of(description: &str) -> Self {
        let mut lines = description.lines().filter_map(|line| line.strip_prefix("a=crypto:"));
        let words: Vec<_> = lines.next().expect("a key").split(' ').collect();
        assert_eq!((lines.next(), words.len()), (None, 3), "{description}");
        Self { suite: words[1].to_owned(), text: words[2].strip_prefix("inline:").unwrap().to_owned() }
    }

    pub fn line(&self, tag: u32) -> String {
        format!("a=crypto:{tag} {} inline:{}\r\n", self.suite, self.text)
    }

    pub fn protect(&self, packet: &[u8], rollovers: u32) -> Vec<u8> {
        let (header, payload) = packet.split_at(12);
        let mut payload = payload.to_vec();
        if self.suite.starts_with("AEAD") {
            let tag =
                self.gcm().seal_in_place_separate_tag(self.nonce(header, rollovers), Aad::from(header), &mut payload).unwrap();
            return [header, &payload, tag.as_ref()].concat();
        }
        self.keystream(header, rollovers, &mut payload);
        let text = [header, &payload].concat();
        let tag = self.tag(&text, rollovers);
        [text, tag].concat()
    }

    pub fn open(&self, packet: &[u8], rollovers: u32) -> Option<Vec<u8>> {
        let header = &packet[..12];
        if self.suite.starts_with("AEAD") {
            let mut payload = packet[12..].to_vec();
            let plain = self.gcm().open_in_place(self.nonce(header, rollovers), Aad::from(header), &mut payload).ok()?;
            return Some([header, plain].concat());
        }
        let tag_bytes = if self.suite.ends_with("_32") { 4 } else { 10 };
        let (text, tag) = packet.split_at(packet.len() - tag_bytes);
        if self.tag(text, rollovers) != tag {
            return None;
        }
        let mut payload = text[12..].to_vec();
        self.keystream(header, rollovers, &mut payload);
        Some([header, &payload].concat())
    }

    /// An RTCP packet, encrypted under this index.
    pub fn protect_control(&self, packet: &[u8], index: u32) -> Vec<u8> {
        let (header, word) = (&packet[..8], (1 << 31 | index).to_be_bytes());
        let mut text = packet[8..].to_vec();
        if self.suite.starts_with("AEAD") {
            let known = [header, &word].concat();
            let tag =
                self.control_gcm().seal_in_place_separate_tag(self.control_nonce(header, index), Aad::from(known), &mut text);
            return [header, &text, tag.unwrap().as_ref(), &word].concat();
        }
        self.control_keystream(header, index, &mut text);
        let text = [header, &text, &word].concat();
        let tag = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.session(4, 20)), &text);
        [&text, &tag.as_ref()[..10]].concat()
    }

    /// An RTCP packet and its index, if it is encrypted under this key.
    pub fn open_control(&self, packet: &[u8]) -> Option<(Vec<u8>, u32)> {
        let header = &packet[..8];
        let index = |word: &[u8]| {
            let word = u32::from_be_bytes(*word.first_chunk().unwrap());
            assert!(word >= 1 << 31, "encrypted");
            word & (u32::MAX >> 1)
        };
        if self.suite.starts_with("AEAD") {
            let (text, word) = packet.split_at(packet.len() - 4);
            let (mut text, known) = (text[8..].to_vec(), [header, word].concat());
            let plain = self.control_gcm().open_in_place(self.control_nonce(header, index(word)), Aad::from(known), &mut text);
            return Some(([header, plain.ok()?].concat(), index(word)));
        }
        let (text, tag) = packet.split_at(packet.len() - 10);
        let ours = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.session(4, 20)), text);
        let (text, word) = text.split_at(text.len() - 4);
        let mut plain = text[8..].to_vec();
        self.control_keystream(header, index(word), &mut plain);
        (ours.as_ref()[..10] == *tag).then(|| ([header, &plain].concat(), index(word)))
    }

    fn control_keystream(&self, header: &[u8], index: u32, text: &mut [u8]) {
        let mut block = [0; 16];
        block[..14].copy_from_slice(&self.session(5, 14));
        for (at, byte) in (4..).zip(&header[4..8]).chain((10..).zip(&index.to_be_bytes())) {
            block[at] ^= byte;
        }
        counter_mode(&self.session(3, 16), block, text);
    }

    fn control_gcm(&self) -> LessSafeKey {
        let algorithm = if key_bytes(&self.suite) == 32 { &AES_256_GCM } else { &AES_128_GCM };
        LessSafeKey::new(UnboundKey::new(algorithm, &self.session(3, key_bytes(&self.suite))).unwrap())
    }

    fn control_nonce(&self, header: &[u8], index: u32) -> Nonce {
        let counted = [&[0, 0], &header[4..8], &[0, 0], &index.to_be_bytes()[..]].concat();
        let mixed: Vec<u8> = counted.iter().zip(self.session(5, 12)).map(|(a, b)| a ^ b).collect();
        Nonce::try_assume_unique_for_key(&mixed).unwrap()
    }

    fn session(&self, label: u8, bytes: usize) -> Vec<u8> {
        let master = STANDARD.decode(&self.text).unwrap();
        let (key, salt) = master.split_at(key_bytes(&self.suite));
        let mut block = [0; 16];
        block[..salt.len()].copy_from_slice(salt);
        block[7] ^= label;
        let mut stream = vec![0; bytes];
        counter_mode(key, block, &mut stream);
        stream
    }

    fn keystream(&self, header: &[u8], rollovers: u32, payload: &mut [u8]) {
        let mut block = [0; 16];
        block[..14].copy_from_slice(&self.session(2, 14));
        for (at, byte) in (4..).zip(&header[8..12]).chain((8..).zip(&rollovers.to_be_bytes())).chain((12..).zip(&header[2..4])) {
            block[at] ^= byte;
        }
        counter_mode(&self.session(0, 16), block, payload);
    }

    fn tag(&self, text: &[u8], rollovers: u32) -> Vec<u8> {
        let key = Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.session(1, 20));
        let tag_bytes = if self.suite.ends_with("_32") { 4 } else { 10 };
        sign(&key, &[text, &rollovers.to_be_bytes()].concat()).as_ref()[..tag_bytes].to_vec()
    }

    fn gcm(&self) -> LessSafeKey {
        let algorithm = if key_bytes(&self.suite) == 32 { &AES_256_GCM } else { &AES_128_GCM };
        LessSafeKey::new(UnboundKey::new(algorithm, &self.session(0, key_bytes(&self.suite))).unwrap())
    }

    fn nonce(&self, header: &[u8], rollovers: u32) -> Nonce {
        let counted = [&[0, 0], &header[8..12], &rollovers.to_be_bytes()[..], &header[2..4]].concat();
        let mixed: Vec<u8> = counted.iter().zip(self.session(2, 12)).map(|(a, b)| a ^ b).collect();
        Nonce::try_assume_unique_for_key(&mixed).unwrap()
    }
}

fn key_bytes(suite: &str) -> usize {
    if suite.contains("256") { 32 } else { 16 }
}

fn salt_bytes(suite: &str) -> usize {
    if suite.starts_with("AEAD") { 12 } else { 14 }
}

fn counter_mode(key: &[u8], start: [u8; 16], text: &mut [u8]) {
    let algorithm = if key.len() == 32 { &AES_256 } else { &AES_128 };
    let key = EncryptingKey::ctr(UnboundCipherKey::new(algorithm, key).unwrap()).unwrap();
    key.less_safe_encrypt(text, EncryptionContext::Iv128(start.into())).unwrap();
}

/// A description with these keys in place of a plain one.
pub fn secured(plain: &str, profile: &str, keys: &[&Master]) -> String {
    let keys: String = keys.iter().zip(1..).map(|(key, tag)| key.line(tag)).collect();
    plain.replace("RTP/AVP", profile) + &keys
}

/// A call from a phone that offers one suite; it is answered.
pub async fn call(plane: &MediaPlane, leg: u128, suite: &str) -> SecurePhone {
    let mut phone = Phone::new(LegId(leg), Codec::Pcma).await;
    plane.open_rtp(phone.leg, EncryptionPolicy::Required).unwrap();
    let ours = Master::new(suite, leg as u8);
    let answer = plane.answer(phone.leg, &secured(&phone.offer(&[Codec::Pcma], "sendrecv"), "RTP/SAVP", &[&ours])).unwrap();
    assert!(answer.contains(" RTP/SAVP "), "{answer}");
    phone.take(&answer);
    SecurePhone { phone, ours, theirs: Master::of(&answer), rollovers: (0, 0) }
}

impl SecurePhone {
    /// Sends a payload, encrypted.
    pub async fn send(&mut self, payload_type: u8, payload: &[u8]) {
        let packet = self.phone.packet(payload_type, self.phone.sequence, self.phone.timestamp, payload);
        self.send_packet(&packet).await;
        self.phone.sequence = self.phone.sequence.wrapping_add(1);
        if self.phone.sequence == 0 {
            self.rollovers.0 += 1;
        }
    }

    pub async fn send_packet(&self, packet: &[u8]) {
        let protected = self.ours.protect(packet, self.rollovers.0);
        self.phone.socket.send_to(&protected, self.phone.remote).await.unwrap();
    }

    pub async fn sing(&mut self, hz: f64, frames: usize) {
        let mut clock = tokio::time::interval(std::time::Duration::from_millis(20));
        for n in 0..frames {
            clock.tick().await;
            self.send(8, &super::encode(Codec::Pcma, &super::tone(hz, n * 160))).await;
            self.phone.timestamp = self.phone.timestamp.wrapping_add(160);
        }
    }

    /// The next packet as it was on the wire.
    pub async fn wire(&self) -> Vec<u8> {
        let mut datagram = [0; 2000];
        let received = tokio::time::timeout(super::PATIENCE, self.phone.socket.recv_from(&mut datagram)).await;
        let (length, _) = received.expect("the phone hears nothing").unwrap();
        datagram[..length].to_vec()
    }

    /// The payload of the next packet.
    pub async fn hear(&self) -> Vec<u8> {
        let packet = self.wire().await;
        let plain = self.theirs.open(&packet, self.rollovers.1).expect("a packet under the agreed key");
        plain[12..].to_vec()
    }

    pub async fn listen(&self, packets: usize) -> Vec<u8> {
        let mut sound = Vec::new();
        for _ in 0..packets {
            sound.extend(self.hear().await);
        }
        sound
    }
}
