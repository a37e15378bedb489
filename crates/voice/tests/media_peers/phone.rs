//! A phone: a UDP socket that sends and hears G.711 or G.722, and keys.

use super::coder::Coder;
use super::{PATIENCE, payload_type, tone};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::net::UdpSocket;
use walletline_voice::{Codec, EncryptionPolicy, LegId, MediaPlane};

/// The payload type our phones give telephone events, unlike the one we offer.
pub const EVENTS: u8 = 97;

pub struct Phone {
    pub socket: UdpSocket,
    pub leg: LegId,
    pub codec: Codec,
    coder: Coder,
    pub remote: SocketAddr,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
}

/// A packet as a phone hears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    pub from: SocketAddr,
    pub marker: bool,
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub payload: Vec<u8>,
}

/// A call from a phone with these codecs, in its order; it is answered.
pub async fn call(plane: &MediaPlane, leg: u128, codecs: &[Codec]) -> Phone {
    let leg = LegId(leg);
    let mut phone = Phone::new(leg, codecs[0]).await;
    plane.open_rtp(leg, EncryptionPolicy::default()).unwrap();
    let answer = plane.answer(leg, &phone.offer(codecs, "sendrecv")).unwrap();
    phone.take(&answer);
    phone
}

impl Phone {
    pub async fn new(leg: LegId, codec: Codec) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let remote = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
        let ssrc = 0x1000_0000 + leg.0 as u32;
        Self { socket, leg, codec, coder: Coder::new(codec), remote, sequence: 65_000, timestamp: u32::MAX - 5000, ssrc }
    }

    pub fn port(&self) -> u16 {
        self.socket.local_addr().unwrap().port()
    }

    pub fn offer(&self, codecs: &[Codec], direction: &str) -> String {
        self.describe(self.port(), codecs, direction)
    }

    /// Reports go nowhere, because the port beside may be another phone's.
    pub fn describe(&self, port: u16, codecs: &[Codec], direction: &str) -> String {
        let numbers: Vec<_> = codecs.iter().map(|codec| payload_type(*codec).to_string()).collect();
        let numbers = numbers.join(" ");
        format!(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP {numbers} \
             {EVENTS}\r\na=rtpmap:{EVENTS} telephone-event/8000\r\na=rtcp:9\r\na={direction}\r\n"
        )
    }

    /// Reads the answer: where to send.
    pub fn take(&mut self, answer: &str) {
        let line = answer.lines().find(|line| line.starts_with("m=audio ")).expect("an audio line");
        self.remote.set_port(line.split(' ').nth(1).unwrap().parse().unwrap());
    }

    pub async fn send(&mut self, payload_type: u8, payload: &[u8]) {
        let packet = self.packet(payload_type, self.sequence, self.timestamp, payload);
        self.sequence = self.sequence.wrapping_add(1);
        self.socket.send_to(&packet, self.remote).await.unwrap();
    }

    pub fn packet(&self, payload_type: u8, sequence: u16, timestamp: u32, payload: &[u8]) -> Vec<u8> {
        let mut packet = vec![0x80, payload_type];
        packet.extend(sequence.to_be_bytes());
        packet.extend(timestamp.to_be_bytes());
        packet.extend(self.ssrc.to_be_bytes());
        packet.extend(payload);
        packet
    }

    /// Sends one frame of audio.
    pub async fn say(&mut self, samples: &[i16]) {
        let payload = self.coder.encode(samples);
        self.send(payload_type(self.codec), &payload).await;
        self.timestamp = self.timestamp.wrapping_add(160);
    }

    /// Sends a tone, a frame every 20 ms.
    pub async fn sing(&mut self, hz: f64, frames: usize) {
        let mut clock = tokio::time::interval(Duration::from_millis(20));
        for n in 0..frames {
            clock.tick().await;
            self.say(&tone(hz, n * 160)).await;
        }
    }

    /// Keys: the given packets of each press, as `(end, duration)`.
    pub async fn key(&mut self, keys: &str, packets: &[(bool, u16)]) {
        for key in keys.chars() {
            let event = "0123456789*#ABCD".find(key).unwrap() as u8;
            for (end, duration) in packets {
                let [high, low] = duration.to_be_bytes();
                self.send(EVENTS, &[event, if *end { 0x8A } else { 0x0A }, high, low]).await;
            }
            self.timestamp = self.timestamp.wrapping_add(800);
        }
    }

    /// The next packet.
    pub async fn hear(&self) -> Heard {
        tokio::time::timeout(PATIENCE, self.next()).await.expect("the phone hears nothing")
    }

    /// The next packet, unless none comes within a time.
    pub async fn hear_within(&self, time: Duration) -> Option<Heard> {
        tokio::time::timeout(time, self.next()).await.ok()
    }

    /// What has come so far.
    pub async fn heard(&self) -> Vec<Heard> {
        let mut packets = Vec::new();
        while let Some(packet) = self.hear_within(Duration::ZERO).await {
            packets.push(packet);
        }
        packets
    }

    /// The payloads of the next packets.
    pub async fn listen(&self, packets: usize) -> Vec<u8> {
        let mut sound = Vec::new();
        for _ in 0..packets {
            sound.extend(self.hear().await.payload);
        }
        sound
    }

    /// What the next packets sound like.
    pub async fn listen_decoded(&mut self, packets: usize) -> Vec<i16> {
        let mut sound = Vec::new();
        for _ in 0..packets {
            let heard = self.hear().await;
            assert_eq!(heard.payload_type, payload_type(self.codec));
            sound.extend(self.coder.decode(&heard.payload));
        }
        sound
    }

    /// Forgets what has come so far.
    pub fn forget(&self) {
        while self.socket.try_recv_from(&mut [0; 2000]).is_ok() {}
    }

    async fn next(&self) -> Heard {
        let mut datagram = [0; 2000];
        let (length, from) = self.socket.recv_from(&mut datagram).await.unwrap();
        let bytes = &datagram[..length];
        assert_eq!(bytes[0], 0x80, "no padding, no extension, no sources");
        let number = |range: std::ops::Range<usize>| bytes[range].iter().fold(0u32, |n, byte| n << 8 | u32::from(*byte));
        Heard {
            from,
            marker: bytes[1] & 0x80 != 0,
            payload_type: bytes[1] & 0x7F,
            sequence: number(2..4) as u16,
            timestamp: number(4..8),
            ssrc: number(8..12),
            payload: bytes[12..].to_vec(),
        }
    }
}
