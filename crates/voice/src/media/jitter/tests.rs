//! A sender, a network and a listener on a virtual clock.

use super::*;
use proptest::prelude::*;

const CLOCK: u32 = 8000;
const TICKS: u32 = 160;

/// Network and listener: what is sent arrives when it is said to, and 20 ms are taken every 20 ms.
struct World {
    buffer: JitterBuffer,
    start: Instant,
    /// `(arrival in µs, ssrc, number)`; a packet's payload is its number.
    arriving: Vec<(i64, u32, u32)>,
    sequence_base: u16,
    timestamp_base: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    Idle,
    Packet(u32),
    Missing,
}

impl World {
    fn new(arriving: Vec<(i64, u32, u32)>) -> Self {
        Self { buffer: JitterBuffer::new(CLOCK), start: Instant::now(), arriving, sequence_base: 0, timestamp_base: 0 }
    }

    /// What is heard in so many frames. Silent: whatever may be left out in silence is.
    fn listen(&mut self, frames: i64, silent: bool) -> Vec<Heard> {
        self.arriving.sort_by_key(|(at, ..)| *at);
        let mut arriving = std::mem::take(&mut self.arriving).into_iter().peekable();
        let mut heard = Vec::new();
        for frame in 0..frames {
            let now = frame * 20_000 + 7_000;
            while let Some((at, ssrc, number)) = arriving.next_if(|(at, ..)| *at <= now) {
                self.push(at, ssrc, number);
            }
            let at = self.start + Duration::from_micros(now.unsigned_abs());
            loop {
                match self.buffer.pull(at) {
                    Pulled::Idle => heard.push(Heard::Idle),
                    Pulled::Missing { .. } => heard.push(Heard::Missing),
                    Pulled::Packet { spare: Spare::Yes, .. } => continue,
                    Pulled::Packet { spare: Spare::IfSilent, .. } if silent => continue,
                    Pulled::Packet { payload, .. } => {
                        heard.push(Heard::Packet(u32::from_be_bytes(*payload.first_chunk().unwrap())));
                    }
                }
                break;
            }
        }
        heard
    }

    fn push(&mut self, at: i64, ssrc: u32, number: u32) {
        let packet = Packet {
            ssrc,
            sequence: self.sequence_base.wrapping_add(number as u16),
            timestamp: self.timestamp_base.wrapping_add(number.wrapping_mul(TICKS)),
            ticks: TICKS,
            payload: &number.to_be_bytes(),
        };
        self.buffer.push(&packet, self.start + Duration::from_micros(at.unsigned_abs()));
    }
}

/// Packets `numbers`, sent every 20 ms; each is late by so many ms, or lost.
fn sent(numbers: std::ops::Range<u32>, late: impl Fn(u32) -> Option<i64>) -> Vec<(i64, u32, u32)> {
    numbers.filter_map(|n| Some((i64::from(n) * 20_000 + late(n)? * 1000, 1, n))).collect()
}

fn packets(heard: &[Heard]) -> Vec<u32> {
    heard.iter().filter_map(|heard| if let Heard::Packet(number) = heard { Some(*number) } else { None }).collect()
}

fn missing(heard: &[Heard]) -> usize {
    heard.iter().filter(|heard| **heard == Heard::Missing).count()
}

fn dice(n: u32) -> i64 {
    let mixed = u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    i64::try_from((mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 40).unwrap()
}

#[test]
fn a_steady_stream_comes_out_as_it_went_in() {
    let mut world = World::new(sent(0..500, |_| Some(0)));
    let heard = world.listen(500, true);
    assert_eq!(missing(&heard), 0);
    assert_eq!(packets(&heard), (0..499).collect::<Vec<_>>(), "one frame late and no more");
    assert_eq!(world.buffer.target_delay(), DELAY_MIN);
}

#[test]
fn the_numbers_wrap() {
    for (sequence_base, timestamp_base) in [(65_500, 0), (0, u32::MAX - 8000), (65_535, u32::MAX)] {
        let mut world = World { sequence_base, timestamp_base, ..World::new(sent(0..300, |_| Some(0))) };
        assert_eq!(packets(&world.listen(300, true)), (0..299).collect::<Vec<_>>());
    }
}

#[test]
fn what_comes_out_of_order_or_twice_comes_out_once_and_in_order() {
    let mut arriving = sent(0..300, |n| Some(if n % 3 == 1 { 25 } else { 0 }));
    arriving.extend(sent(0..300, |n| Some(i64::from(n % 2) * 30)));
    let mut world = World::new(arriving);
    let heard = packets(&world.listen(320, false));
    assert!(heard.windows(2).all(|pair| pair[0] < pair[1]), "{heard:?}");
    assert!(heard.len() >= 297, "{} of 300", heard.len());
    assert!(world.buffer.counts().refused + world.buffer.counts().late >= 300);
}

#[test]
fn the_delay_follows_the_jitter_up_at_once_and_down_slowly() {
    // 4 s of calm, 10 s with up to 80 ms of jitter, 26 s of calm.
    let late = |n: u32| Some(if (200..700).contains(&n) { dice(n) % 81 } else { 0 });
    let mut world = World::new(sent(0..2000, late));
    let heard = world.listen(240, false);
    assert!(world.buffer.target_delay() > Duration::from_millis(60), "{:?}", world.buffer.target_delay());
    assert!(missing(&heard) <= 12, "{}", missing(&heard));

    let mut world = World::new(sent(0..2000, late));
    let heard = world.listen(2000, false);
    assert!(missing(&heard[300..700]) <= 8, "once the delay is there little is late: {}", missing(&heard[300..700]));
    assert_eq!(missing(&heard[760..]), 0);
    assert_eq!(world.buffer.target_delay(), DELAY_MIN);
    let delay = |frame: usize| {
        heard[frame..].iter().zip(frame..).find_map(|(heard, at)| match heard {
            Heard::Packet(number) => Some(at - *number as usize),
            Heard::Idle | Heard::Missing => None,
        })
    };
    assert!(delay(690) >= Some(4), "{:?}", delay(690));
    assert!(delay(1100) >= Some(4) || delay(1100) < delay(690), "{:?}", delay(1100));
    assert!(delay(1990) <= Some(2), "{:?}", delay(1990));
    let leaps = heard.windows(2).filter(|pair| match pair {
        [Heard::Packet(a), Heard::Packet(b)] => b - a > 2,
        _ => false,
    });
    assert_eq!(leaps.count(), 0, "never is more than one frame left out at a time");
}

#[test]
fn a_lone_straggler_moves_nothing() {
    let mut world = World::new(sent(0..300, |n| Some(if n == 100 { 150 } else { 0 })));
    let heard = world.listen(300, false);
    assert_eq!(world.buffer.target_delay(), DELAY_MIN);
    assert!(missing(&heard) <= 1);
    assert_eq!(world.buffer.counts().late, 1);
}

#[test]
fn the_delay_has_its_bound() {
    let mut world = World::new(sent(0..1000, |n| Some(dice(n) % 600)));
    let heard = world.listen(1000, false);
    assert_eq!(world.buffer.target_delay(), DELAY_MAX);
    for (heard, frame) in heard.iter().zip(0u32..) {
        if let Heard::Packet(number) = heard {
            assert!(frame - number <= 17, "packet {number} at {frame}");
        }
    }
}

#[test]
fn each_loss_is_made_up_once_and_the_copy_in_the_next_packet_is_shown() {
    let mut world = World::new(sent(0..200, |n| (n % 10 != 5).then_some(if n == 3 || n == 4 { 45 } else { 0 })));
    let heard = world.listen(200, false);
    assert!(packets(&heard).len() >= 177);
    assert!((20..=24).contains(&missing(&heard)), "{}", missing(&heard));

    let mut buffer = JitterBuffer::new(48_000);
    let start = Instant::now();
    let packet = |sequence: u16| Packet { ssrc: 1, sequence, timestamp: u32::from(sequence) * 960, ticks: 960, payload: b"opus" };
    for sequence in [0, 1, 3, 4] {
        buffer.push(&packet(sequence), start + Duration::from_millis(20 * u64::from(sequence)));
    }
    let at = |frame: u64| start + Duration::from_millis(20 + 20 * frame);
    assert!(matches!(buffer.pull(at(0)), Pulled::Packet { .. }));
    assert!(matches!(buffer.pull(at(1)), Pulled::Packet { .. }));
    assert_eq!(buffer.pull(at(2)), Pulled::Missing { following: Some(b"opus") });
    assert!(matches!(buffer.pull(at(3)), Pulled::Packet { .. }));
    assert!(matches!(buffer.pull(at(4)), Pulled::Packet { .. }));
}

#[test]
fn a_pause_is_no_loss() {
    let mut world = World::new(sent(0..100, |_| Some(0)));
    // Silence suppression: the sequence goes on, the timestamp leaps 3 s.
    world.arriving.extend((100..200).map(|n| (i64::from(n) * 20_000 + 3_000_000, 1, n)));
    let arriving = std::mem::take(&mut world.arriving);
    let mut heard = Vec::new();
    let mut arriving = arriving.into_iter().peekable();
    for frame in 0..360 {
        let now = frame * 20_000 + 7_000;
        while let Some((at, ssrc, number)) = arriving.next_if(|(at, ..)| *at <= now) {
            let pause = if number >= 100 { 150 * TICKS } else { 0 };
            let packet = Packet {
                ssrc,
                sequence: number as u16,
                timestamp: number * TICKS + pause,
                ticks: TICKS,
                payload: &number.to_be_bytes(),
            };
            world.buffer.push(&packet, world.start + Duration::from_micros(at.unsigned_abs()));
        }
        heard.push(match world.buffer.pull(world.start + Duration::from_micros(now.unsigned_abs())) {
            Pulled::Idle => Heard::Idle,
            Pulled::Missing { .. } => Heard::Missing,
            Pulled::Packet { payload, .. } => Heard::Packet(u32::from_be_bytes(*payload.first_chunk().unwrap())),
        });
    }
    assert_eq!(packets(&heard), (0..200).collect::<Vec<_>>());
    assert!(missing(&heard) <= 10, "what is made up ends: {}", missing(&heard));
}

#[test]
fn keys_leave_no_hole() {
    let mut buffer = JitterBuffer::new(CLOCK);
    let start = Instant::now();
    let packet =
        |sequence: u16, position: u32| Packet { ssrc: 1, sequence, timestamp: position * TICKS, ticks: TICKS, payload: b"x" };
    buffer.push(&packet(0, 0), start);
    buffer.push(&packet(1, 1), start + STEP);
    // Two packets of an event that began with the third frame; their sender says nothing else meanwhile.
    buffer.omit(1, 2);
    buffer.omit(1, 3);
    buffer.push(&packet(4, 2), start + STEP * 2);
    for frame in 1..4 {
        assert!(matches!(buffer.pull(start + STEP * frame), Pulled::Packet { .. }), "{frame}");
    }
}

#[test]
fn a_new_source_is_followed_and_the_old_one_is_over() {
    let mut world = World::new(sent(0..50, |_| Some(0)));
    world.arriving.extend((50..100).map(|n| (i64::from(n) * 20_000, 2, n + 5000)));
    world.arriving.push((50 * 20_000 + 5_000, 1, 50));
    let heard = packets(&world.listen(110, false));
    assert_eq!(heard, (0..49).chain(5050..5100).collect::<Vec<_>>());
}

#[test]
fn a_longer_path_and_a_new_clock_are_taken_up() {
    for shift in [210, 230, 245, 300, 900] {
        let mut world = World::new(sent(0..300, |n| Some(if n >= 100 { shift } else { 0 })));
        let heard = packets(&world.listen(360, false));
        assert!(heard.len() >= 290, "{shift} ms: {} of 300", heard.len());
        assert!(world.buffer.target_delay() <= Duration::from_millis(40), "{:?}", world.buffer.target_delay());
    }
    // The sender's timestamps start anew, its sequence goes on.
    let mut world = World::new(sent(0..100, |_| Some(0)));
    let first = world.listen(100, false);
    world.timestamp_base = 0x8000_1234;
    world.arriving = sent(100..200, |_| Some(0));
    let mut after = Vec::new();
    for frame in 100..210i64 {
        let now = frame * 20_000 + 7000;
        while let Some(next) = world.arriving.first().copied().filter(|(at, ..)| *at <= now) {
            world.arriving.remove(0);
            world.push(next.0, next.1, next.2);
        }
        if let Pulled::Packet { payload, .. } = world.buffer.pull(world.start + Duration::from_micros(now.unsigned_abs())) {
            after.push(u32::from_be_bytes(*payload.first_chunk().unwrap()));
        }
    }
    assert_eq!(packets(&first).len() + after.len(), 199, "what waited is given up, nothing else");
}

#[test]
fn clocks_may_drift() {
    // A quarter of an hour, 200 millionths too fast and too slow: 180 ms gained or lost.
    for drift in [-200, 200i64] {
        let count = 45_000;
        let arriving = (0..count).map(|n| (i64::from(n) * (20_000 + drift * 20_000 / 1_000_000), 1, n)).collect();
        let mut world = World::new(arriving);
        let heard = world.listen(i64::from(count) - 20, true);
        assert!(missing(&heard) <= 12, "{drift}: {}", missing(&heard));
        let packets = packets(&heard);
        assert!(packets.len() >= 44_950, "{drift}: {}", packets.len());
        assert!(packets.windows(2).all(|pair| (1..=2).contains(&(pair[1] - pair[0]))));
    }
}

proptest! {
    /// Whatever arrives: nothing panics, each packet comes out at most once, and in order until its sender starts anew.
    #[test]
    fn nothing_comes_out_twice(
        packets in proptest::collection::vec((0u64..60, 0u16..3, any::<bool>(), 0u16..70, any::<bool>(), any::<u32>(), 0u32..2000), 1..300),
        base: u16,
    ) {
        let mut buffer = JitterBuffer::new(CLOCK);
        let (start, mut elapsed, mut number) = (Instant::now(), 0, 0u32);
        let mut out = std::collections::HashSet::new();
        for (pause, ssrc, leap, offset, wild, timestamp, ticks) in packets {
            elapsed += pause;
            number += 1;
            let now = start + Duration::from_millis(elapsed);
            let sequence = if leap { base.wrapping_add(offset.wrapping_mul(977)) } else { base.wrapping_add(offset) };
            let timestamp = if wild { timestamp } else { u32::from(offset) * TICKS };
            if number % 7 == 0 {
                buffer.omit(ssrc.into(), sequence);
            } else {
                buffer.push(&Packet { ssrc: ssrc.into(), sequence, timestamp, ticks, payload: &number.to_be_bytes() }, now);
            }
            for _ in 0..number % 3 {
                if let Pulled::Packet { payload, .. } = buffer.pull(now) {
                    prop_assert!(out.insert(payload.to_vec()), "twice");
                }
            }
            prop_assert!((DELAY_MIN..=DELAY_MAX).contains(&buffer.target_delay()));
        }
    }

    /// With up to 150 ms of jitter and some loss, after two seconds nearly all that arrives is heard, in order and once.
    #[test]
    fn what_arrives_is_heard(jitter in 1i64..150, loss in 0i64..10, seed: u32) {
        let late = |n: u32| {
            let rolled = dice(n.wrapping_add(seed));
            (rolled % 100 >= loss).then_some(rolled / 128 % jitter)
        };
        let arriving = sent(0..1000, late);
        let arrived = arriving.len();
        let mut world = World::new(arriving);
        let heard = packets(&world.listen(1030, false));
        prop_assert!(heard.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(heard.len() * 100 >= arrived * 94, "{} of {arrived}", heard.len());
    }
}
