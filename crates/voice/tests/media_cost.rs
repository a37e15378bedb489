//! What a packet costs: CPU time of the media plane's threads alone, while callers and agents on another thread talk. Run by
//! hand on a quiet machine: `cargo test --release -p walletline-voice --test media_cost -- --ignored --nocapture --test-threads=1`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod media_peers;

use media_peers::browser::{Browser, dial};
use media_peers::srtp::{Master, secured};
use media_peers::{World, clip, payload_type, world};
use std::net::UdpSocket;
use std::time::{Duration, Instant};
use tokio::runtime::Builder;
use walletline_voice::{Codec, DataKey, EncryptionPolicy, LegId, MediaPlane, PlaybackId, RecordingId, RecordingSpec, Source};
use zeroize::Zeroizing;

const CALLS: u128 = 100;
const SECONDS: u64 = 10;

/// Nanoseconds of CPU that the media plane's threads have used, those of recordings among them.
fn cpu_ns() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let of_thread = |task: std::fs::DirEntry| {
        let name = std::fs::read_to_string(task.path().join("comm")).ok()?;
        let used = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        (name.starts_with("media") || name.starts_with("recorder"))
            .then(|| used.split(' ').next().unwrap().parse::<u64>().unwrap())
    };
    tasks.filter_map(|task| of_thread(task.unwrap())).sum()
}

/// A phone as cheap as can be: it sends the same frame again and again.
struct Dummy {
    socket: UdpSocket,
    packet: Vec<u8>,
    /// Packets as they are sent, made before anything is measured: of a phone that encrypts.
    made: Vec<Vec<u8>>,
}

impl Dummy {
    fn call(plane: &MediaPlane, leg: u128, codec: Codec) -> Self {
        Self::dial(plane, leg, codec, None)
    }

    /// A phone that encrypts with this suite, both ways.
    fn call_secure(plane: &MediaPlane, leg: u128, suite: &str) -> Self {
        let key = Master::new(suite, leg as u8);
        let mut phone = Self::dial(plane, leg, Codec::Pcma, Some(&key));
        phone.made = (0..SECONDS as u32 * 50).map(|n| key.protect(phone.number(n), 0)).collect();
        phone
    }

    fn dial(plane: &MediaPlane, leg: u128, codec: Codec, key: Option<&Master>) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_nonblocking(true).unwrap();
        let (port, number) = (socket.local_addr().unwrap().port(), payload_type(codec));
        let plain = format!(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP {number}\r\n"
        );
        let (offer, policy) = match key {
            None => (plain, EncryptionPolicy::default()),
            Some(key) => (secured(&plain, "RTP/SAVP", &[key]), EncryptionPolicy::Preferred),
        };
        plane.open_rtp(LegId(leg), policy).unwrap();
        let answer = plane.answer(LegId(leg), &offer).unwrap();
        let line = answer.lines().find(|line| line.starts_with("m=audio ")).unwrap();
        socket.connect(("127.0.0.1", line.split(' ').nth(1).unwrap().parse().unwrap())).unwrap();
        let mut packet = vec![0x80, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, leg as u8];
        packet.extend([0x55; 160]);
        Self { socket, packet, made: Vec::new() }
    }

    fn number(&mut self, n: u32) -> &[u8] {
        self.packet[2..4].copy_from_slice(&(n as u16).to_be_bytes());
        self.packet[4..8].copy_from_slice(&(n * 160).to_be_bytes());
        &self.packet
    }

    fn say(&mut self, n: u32) {
        let _ = match self.made.get(n as usize) {
            Some(made) => self.socket.send(made),
            None => {
                self.number(n);
                self.socket.send(&self.packet)
            }
        };
    }

    fn heard(&self) -> u64 {
        (0..).take_while(|_| self.socket.recv(&mut [0; 300]).is_ok()).count() as u64
    }
}

/// Lets the phones talk, each 50 times a second and evenly spread, and returns how many packets they heard.
fn talk(phones: &mut [Dummy], speaking: bool) -> u64 {
    let (start, mut heard) = (Instant::now(), 0);
    let total = SECONDS as u32 * 50;
    for n in 0..total {
        let count = phones.len() as u32;
        for (index, phone) in phones.iter_mut().enumerate() {
            let due = start + Duration::from_millis(20) * n + Duration::from_millis(20) * index as u32 / count;
            #[expect(clippy::disallowed_methods, reason = "this thread is the phones, not a runtime's")]
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if speaking {
                phone.say(n);
            }
            heard += phone.heard();
        }
    }
    heard
}

fn report(what: &str, packets: u64, cpu: u64) {
    println!(
        "{what}: {packets} packets, {:.1} µs each, {:.1} % of a core",
        cpu as f64 / 1000.0 / packets as f64,
        cpu as f64 / 1e7 / SECONDS as f64
    );
}

#[test]
#[ignore = "a measurement, not a test"]
fn cost_of_phones() {
    let world = world();
    let mut phones = Vec::new();
    for n in 0..2 * CALLS {
        phones.push(Dummy::call(&world.plane, n, Codec::Pcma));
        world.plane.play(LegId(n), PlaybackId(1), &[clip("one"), clip("two")], true);
    }
    let before = cpu_ns();
    let heard = talk(&mut phones, false);
    report("played to a phone", heard, cpu_ns() - before);
    for (what, codec) in [("phone to phone, one codec", Codec::Pcma), ("phone to phone, two codecs", Codec::Pcmu)] {
        for n in 0..CALLS {
            let _ = world.plane.close(LegId(2 * n));
            phones[2 * n as usize] = Dummy::call(&world.plane, 2 * n, codec);
            world.plane.bridge(LegId(2 * n), LegId(2 * n + 1));
        }
        let before = cpu_ns();
        let heard = talk(&mut phones, true);
        report(what, heard, cpu_ns() - before);
        assert!(heard > u64::try_from(CALLS).unwrap() * 2 * SECONDS * 45, "packets are missing: {:?}", world.plane.counters());
    }
}

#[test]
#[ignore = "a measurement, not a test"]
fn cost_of_encrypted_phones() {
    for suite in ["AES_CM_128_HMAC_SHA1_80", "AEAD_AES_128_GCM"] {
        let world = world();
        let mut phones: Vec<Dummy> = (0..2 * CALLS).map(|n| Dummy::call_secure(&world.plane, n, suite)).collect();
        for n in 0..CALLS {
            world.plane.bridge(LegId(2 * n), LegId(2 * n + 1));
        }
        let before = cpu_ns();
        let heard = talk(&mut phones, true);
        report(&format!("phone to phone, {suite} on both sides"), heard, cpu_ns() - before);
        assert_eq!(world.plane.counters().unauthentic, 0);
    }
}

/// Conferences of so many, 60 phones in all.
fn conferences(world: &World, of: u128) -> Vec<Dummy> {
    let phones = (0..60).map(|n| Dummy::call(&world.plane, n, Codec::Pcma)).collect();
    for leg in 0..60 {
        let room = leg / of * of..leg / of * of + of;
        let hears: Vec<Source> =
            room.filter(|other| *other != leg).map(|other| Source { leg: LegId(other), gain: 100 }).collect();
        world.plane.mix(LegId(leg), &hears).unwrap();
    }
    phones
}

#[test]
#[ignore = "a measurement, not a test"]
fn cost_of_conferences() {
    for of in [3, 5] {
        let world = world();
        let mut phones = conferences(&world, of);
        let before = cpu_ns();
        let heard = talk(&mut phones, true);
        report(&format!("mixed for one of {of} phones"), heard, cpu_ns() - before);
    }
}

#[test]
#[ignore = "a measurement, not a test"]
fn cost_of_recordings() {
    const RECORDED: u128 = 20;
    let folder = std::env::temp_dir().join(format!("walletline-recordings-cost-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let world = world();
    let mut phones: Vec<Dummy> = (0..2 * RECORDED).map(|n| Dummy::call(&world.plane, n, Codec::Pcma)).collect();
    for n in 0..RECORDED {
        world.plane.bridge(LegId(2 * n), LegId(2 * n + 1));
    }
    let before = cpu_ns();
    talk(&mut phones, true);
    let plain = cpu_ns() - before;
    for n in 0..RECORDED {
        let (id, key) = (RecordingId(n), DataKey::new(Zeroizing::new([9; 32])));
        let path = folder.join(format!("{n}.wlrec"));
        world.plane.record(LegId(2 * n), RecordingSpec { id, path, key, masked: false });
    }
    let before = cpu_ns();
    talk(&mut phones, true);
    let more = (cpu_ns() - before).saturating_sub(plain);
    println!("recorded: {:.2} ms of CPU more in a second of one call", more as f64 / 1e6 / (RECORDED as u64 * SECONDS) as f64);
    drop(world);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
#[ignore = "a measurement, not a test"]
fn cost_of_browsers() {
    for codec in [Codec::Pcma, Codec::Opus] {
        browsers_and_phones(codec);
    }
}

fn browsers_and_phones(codec: Codec) {
    let tabs = Builder::new_multi_thread().worker_threads(1).thread_name("tabs").enable_all().build().unwrap();
    let world = world();
    let mut phones = Vec::new();
    let mut browsers: Vec<Browser> = Vec::new();
    for n in 0..CALLS / 2 {
        phones.push(Dummy::call(&world.plane, 2 * n, Codec::Pcma));
        let mut browser = tabs.block_on(dial(&world.plane, 2 * n + 1, &[codec]));
        tabs.block_on(browser.connected());
        browsers.push(browser);
        world.plane.bridge(LegId(2 * n), LegId(2 * n + 1));
    }
    let (before, packets) = (cpu_ns(), world.plane.counters().packets_sent);
    talk(&mut phones, true);
    report(
        &format!("phone to browser and back, {} at the browser", codec.name()),
        world.plane.counters().packets_sent - packets,
        cpu_ns() - before,
    );
}
