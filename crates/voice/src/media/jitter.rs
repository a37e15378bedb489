//! An adaptive jitter buffer: packets go in as they arrive, and come out in their order when it is their time. It decodes
//! nothing, knows no clock (time is an argument), holds a fixed number of packets and allocates nothing for one.
//!
//! When is it a packet's time? Its transit (arrival minus timestamp) has a least value over the last ten seconds, the path at
//! its quickest; how much later the others came is the jitter. A packet is played the *target delay* after the quickest path
//! would have brought it. The target is what the second latest packet of those seconds would have needed: a lone straggler is
//! concealed once, two of them are waited for. So it grows at once and shrinks when the seconds that needed it have passed.
//! What is played never leaps to a new target: it nears it by a frame at a time.

use std::time::{Duration, Instant};

/// Least and greatest target delay. Below, a packet could not even be reordered; above, talking becomes taking turns.
const DELAY_MIN: Duration = Duration::from_millis(20);
const DELAY_MAX: Duration = Duration::from_millis(200);
/// Packets held: 640 ms of the usual ones.
const SLOTS: usize = 32;
/// Longest payload held: the longest Opus frame (RFC 6716 section 3.4), 160 ms of G.711.
pub(super) const PAYLOAD_MAX: usize = 1275;
/// What is made up at a time for a packet that is not there.
const STEP: Duration = Duration::from_millis(20);
/// How long a sender may stay out before it is taken to pause, and what is made up ends.
const HOLD_MAX: Duration = Duration::from_millis(100);
/// How far what is played may be from the target before it is moved by a frame. It grows sooner than it shrinks.
const TOO_EARLY: Duration = Duration::from_millis(20);
const TOO_LATE: Duration = Duration::from_millis(30);
/// Least time between two frames made up, or left out of speech, to near the target. In silence nothing has to wait.
const GROW_EVERY: Duration = Duration::from_millis(100);
const SHRINK_EVERY: Duration = Duration::from_secs(1);
/// Senders round their timestamps; a smaller gap between two packets in a row is none.
const ROUNDING: Duration = Duration::from_millis(5);
/// A packet numbered that much before the next one is an old one; further back its sender numbers anew (RFC 3550 A.1).
const MISORDER_MAX: i32 = 100;
/// A packet of the source before may come after the first one of the new source; it does not bring the old one back.
const FORMER_SOURCE: Duration = Duration::from_millis(200);
/// A transit this far from the others is a sender's new clock.
const CLOCK_LEAP_US: i64 = 2_000_000;
/// The same transit, so late, so many times in a row: a longer path or a clock that stood still, not jitter. It begins where the
/// greatest delay ends: between the two, a sender would not be heard until the quicker path was forgotten.
const NEW_PATH: u32 = 3;
const NEW_PATH_LATE_US: i64 = DELAY_MAX.as_micros() as i64;
const NEW_PATH_SPREAD_US: i64 = 15_000;

/// A received packet of audio.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packet<'a> {
    pub(super) ssrc: u32,
    pub(super) sequence: u16,
    pub(super) timestamp: u32,
    /// How long its audio lasts, in ticks of the RTP clock.
    pub(super) ticks: u32,
    pub(super) payload: &'a [u8],
}

/// What is to be heard next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pulled<'a> {
    /// Nothing: no stream yet, or its sender pauses.
    Idle,
    /// This packet.
    Packet {
        payload: &'a [u8],
        /// Whether it may be left out, because more is delayed than has to be.
        spare: Spare,
    },
    /// 20 ms that are not there and have to be made up. `following` is the packet right after them, which may carry a copy of
    /// them; it comes out itself afterwards.
    Missing { following: Option<&'a [u8]> },
}

/// Whether a packet may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spare {
    No,
    IfSilent,
    Yes,
}

/// What came of the packets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct JitterCounts {
    pub(super) played: u64,
    /// Arrived after their time.
    pub(super) late: u64,
    /// Arrived again, or were longer than any we hold.
    pub(super) refused: u64,
    /// Times that 20 ms were asked to be made up.
    pub(super) missing: u64,
}

/// The packets of one far end that wait for their time.
#[derive(Debug)]
pub(super) struct JitterBuffer {
    /// Ticks per second of the RTP clock.
    clock: u32,
    slots: Box<[Slot]>,
    stream: Option<Stream>,
    former: Option<(u32, Instant)>,
    counts: JitterCounts,
}

#[derive(Debug, Clone)]
struct Slot {
    held: Held,
    sequence: u16,
    position: i64,
    ticks: u32,
    length: usize,
    payload: [u8; PAYLOAD_MAX],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    Nothing,
    Packet,
    /// A packet without audio: a telephone event has a place in the sequence.
    Omitted,
}

/// One run of one source. Positions are its timestamps, unwrapped.
#[derive(Debug)]
struct Stream {
    ssrc: u32,
    started: Instant,
    timestamp: u32,
    position: i64,
    transits: Transits,
    next_sequence: u16,
    /// Where the next packet to be played should begin.
    cursor: i64,
    /// Ticks made up since the cursor moved.
    made_up: i64,
    playing: bool,
    /// Something was played of it: what comes from before that comes too late.
    begun: bool,
    adjusted: Option<Instant>,
}

impl JitterBuffer {
    /// `clock`: ticks per second of the RTP clock.
    pub(super) fn new(clock: u32) -> Self {
        let vacant = Slot { held: Held::Nothing, sequence: 0, position: 0, ticks: 0, length: 0, payload: [0; PAYLOAD_MAX] };
        Self { clock, slots: vec![vacant; SLOTS].into(), stream: None, former: None, counts: JitterCounts::default() }
    }

    /// Forgets the stream, for another RTP clock: the far end changed its codec.
    pub(super) fn restart(&mut self, clock: u32) {
        self.clock = clock;
        self.stream = None;
        self.former = None;
        self.clear();
    }

    pub(super) fn counts(&self) -> JitterCounts {
        self.counts
    }

    /// How long a packet is kept at the least after the quickest path would have brought it.
    pub(super) fn target_delay(&self) -> Duration {
        self.stream.as_ref().map_or(DELAY_MIN, |stream| stream.transits.target())
    }

    /// Takes a packet that arrived now.
    pub(super) fn push(&mut self, packet: &Packet<'_>, now: Instant) {
        if packet.payload.is_empty() || packet.payload.len() > PAYLOAD_MAX {
            self.counts.refused += 1;
            return;
        }
        if !self.follow_source(packet.ssrc, packet.sequence, packet.timestamp, now) {
            self.counts.late += 1;
            return;
        }
        let clock = self.clock;
        let Some(stream) = &mut self.stream else { return };
        let mut position = stream.unwrap(packet.timestamp);
        let mut transit = stream.transit(position, clock, now);
        if stream.transits.is_leap(transit) {
            self.begin(packet.ssrc, packet.sequence, packet.timestamp, now);
            let Some(stream) = &mut self.stream else { return };
            (position, transit) = (0, 0);
            stream.transits.add(transit, now);
            return self.place(packet, position);
        }
        stream.transits.add(transit, now);
        stream.timestamp = packet.timestamp;
        stream.position = position;
        self.place(packet, position);
    }

    /// A packet that is no audio, and takes a place in the sequence only.
    pub(super) fn omit(&mut self, ssrc: u32, sequence: u16) {
        let Some(stream) = self.stream.as_ref().filter(|stream| stream.ssrc == ssrc) else { return };
        let ahead = sequence.wrapping_sub(stream.next_sequence);
        let slot = &mut self.slots[usize::from(sequence) % SLOTS];
        if usize::from(ahead) < SLOTS && slot.held == Held::Nothing {
            slot.held = Held::Omitted;
            slot.sequence = sequence;
        }
    }

    /// What is to be heard now. Asked for whenever what came out before has been played.
    pub(super) fn pull(&mut self, now: Instant) -> Pulled<'_> {
        match self.choose(now) {
            Choice::Idle => Pulled::Idle,
            Choice::Packet(at, spare) => {
                self.counts.played += 1;
                let slot = &mut self.slots[at];
                slot.held = Held::Nothing;
                Pulled::Packet { payload: &slot.payload[..slot.length], spare }
            }
            Choice::Missing(following) => {
                self.counts.missing += 1;
                let slot = following.map(|at| &self.slots[at]);
                Pulled::Missing { following: slot.map(|slot| &slot.payload[..slot.length]) }
            }
        }
    }

    /// Makes sure that the stream is this packet's. `false`: it belongs to the source before.
    fn follow_source(&mut self, ssrc: u32, sequence: u16, timestamp: u32, now: Instant) -> bool {
        match &self.stream {
            Some(stream) if stream.ssrc == ssrc => return true,
            Some(stream) => {
                let former =
                    self.former.is_some_and(|(old, since)| old == ssrc && now.saturating_duration_since(since) < FORMER_SOURCE);
                if former {
                    return false;
                }
                self.former = Some((stream.ssrc, now));
            }
            None => {}
        }
        self.begin(ssrc, sequence, timestamp, now);
        true
    }

    fn begin(&mut self, ssrc: u32, sequence: u16, timestamp: u32, now: Instant) {
        self.clear();
        self.stream = Some(Stream {
            ssrc,
            started: now,
            timestamp,
            position: 0,
            transits: Transits::new(now),
            next_sequence: sequence,
            cursor: 0,
            made_up: 0,
            playing: false,
            begun: false,
            adjusted: None,
        });
    }

    fn clear(&mut self) {
        for slot in &mut self.slots {
            slot.held = Held::Nothing;
        }
    }

    /// Puts a packet into its slot, if it has one.
    fn place(&mut self, packet: &Packet<'_>, position: i64) {
        let Some(stream) = &mut self.stream else { return };
        let ahead = i32::from(packet.sequence.wrapping_sub(stream.next_sequence).cast_signed());
        if (-MISORDER_MAX..0).contains(&ahead) {
            if stream.begun || !fits_before(&self.slots, packet.sequence, stream.next_sequence) {
                self.counts.late += 1;
                return;
            }
            stream.next_sequence = packet.sequence;
        } else if !(0..SLOTS as i32).contains(&ahead) {
            // Its sender left out more than we hold, or numbers anew: what waits has no connection to it.
            stream.next_sequence = packet.sequence;
            stream.playing = false;
            self.clear();
        }
        let slot = &mut self.slots[usize::from(packet.sequence) % SLOTS];
        if slot.held != Held::Nothing {
            self.counts.refused += 1;
            return;
        }
        slot.held = Held::Packet;
        slot.sequence = packet.sequence;
        slot.position = position;
        slot.ticks = packet.ticks;
        slot.length = packet.payload.len();
        slot.payload[..packet.payload.len()].copy_from_slice(packet.payload);
    }

    fn choose(&mut self, now: Instant) -> Choice {
        let clock = self.clock;
        let ticks = |time: Duration| ticks_in(time, clock);
        let Some(stream) = &mut self.stream else { return Choice::Idle };
        stream.pass_omitted(&mut self.slots);
        let due = stream.due(clock, now);
        let most = ticks(DELAY_MAX - stream.transits.target() + HOLD_MAX);
        if stream.first_held(&self.slots).is_some_and(|at| due - self.slots[at].position > most) {
            // What was made up for late packets has added up to more than anybody should be kept waiting.
            stream.playing = false;
        }
        if !stream.playing && !stream.start(&mut self.slots, due) {
            return Choice::Idle;
        }
        let step = ticks(STEP);
        let Some(at) = stream.first_held(&self.slots) else {
            // Late or lost: what comes next will tell.
            return stream.make_up(step, ticks(HOLD_MAX), None);
        };
        let slot = &self.slots[at];
        let gap = slot.position - stream.cursor - stream.made_up;
        let is_next = slot.sequence == stream.next_sequence;
        if gap > ticks(ROUNDING) {
            if is_next || gap > ticks(HOLD_MAX) {
                // Nothing was lost in between, or more than can be made up: its sender pauses.
                stream.playing = false;
                return Choice::Idle;
            }
            let right_before = slot.sequence == stream.next_sequence.wrapping_add(1) && gap <= step;
            return stream.make_up(step, i64::MAX, right_before.then_some(at));
        }
        let excess = due - slot.position;
        let since = stream.adjusted.map_or(Duration::MAX, |then| now.saturating_duration_since(then));
        if excess <= -ticks(TOO_EARLY) && since >= GROW_EVERY {
            stream.adjusted = Some(now);
            return Choice::Missing(None);
        }
        let spare = match excess >= ticks(TOO_LATE) {
            false => Spare::No,
            true if since < SHRINK_EVERY => Spare::IfSilent,
            true => {
                stream.adjusted = Some(now);
                Spare::Yes
            }
        };
        stream.cursor = slot.position + i64::from(slot.ticks);
        stream.made_up = 0;
        stream.next_sequence = slot.sequence.wrapping_add(1);
        stream.begun = true;
        Choice::Packet(at, spare)
    }
}

/// Whether a packet from before the first one can take a slot of its own.
fn fits_before(slots: &[Slot], sequence: u16, next: u16) -> bool {
    let newest = slots.iter().filter(|slot| slot.held != Held::Nothing).map(|slot| slot.sequence.wrapping_sub(next)).max();
    usize::from(newest.unwrap_or(0)) + usize::from(next.wrapping_sub(sequence)) < SLOTS
}

/// What to hand out; slots by their index.
enum Choice {
    Idle,
    Packet(usize, Spare),
    Missing(Option<usize>),
}

impl Stream {
    fn unwrap(&self, timestamp: u32) -> i64 {
        self.position + i64::from(timestamp.wrapping_sub(self.timestamp).cast_signed())
    }

    /// Microseconds that a packet took longer than the first one.
    fn transit(&self, position: i64, clock: u32, now: Instant) -> i64 {
        micros(now.saturating_duration_since(self.started)) - position * 1_000_000 / i64::from(clock)
    }

    /// The position that should be played now.
    fn due(&self, clock: u32, now: Instant) -> i64 {
        let elapsed = micros(now.saturating_duration_since(self.started));
        let at = elapsed - self.transits.least() - micros(self.transits.target());
        at * i64::from(clock) / 1_000_000
    }

    fn pass_omitted(&mut self, slots: &mut [Slot]) {
        for _ in 0..SLOTS {
            let slot = &mut slots[usize::from(self.next_sequence) % SLOTS];
            if slot.held != Held::Omitted || slot.sequence != self.next_sequence {
                return;
            }
            slot.held = Held::Nothing;
            self.next_sequence = self.next_sequence.wrapping_add(1);
        }
    }

    /// The oldest packet that waits.
    fn first_held(&self, slots: &[Slot]) -> Option<usize> {
        (0..SLOTS as u16).find_map(|ahead| {
            let sequence = self.next_sequence.wrapping_add(ahead);
            let at = usize::from(sequence) % SLOTS;
            (slots[at].held == Held::Packet && slots[at].sequence == sequence).then_some(at)
        })
    }

    /// Begins, or goes on after a pause: at the first packet that is not too old, once it is due.
    fn start(&mut self, slots: &mut [Slot], due: i64) -> bool {
        while let Some(at) = self.first_held(slots) {
            let slot = &mut slots[at];
            if slot.position > due {
                return false;
            }
            self.next_sequence = slot.sequence;
            if slot.position + i64::from(slot.ticks) > due {
                (self.cursor, self.made_up, self.playing) = (slot.position, 0, true);
                return true;
            }
            slot.held = Held::Nothing;
            self.next_sequence = slot.sequence.wrapping_add(1);
            self.begun = true;
        }
        false
    }

    fn make_up(&mut self, step: i64, most: i64, following: Option<usize>) -> Choice {
        if self.made_up >= most {
            self.playing = false;
            return Choice::Idle;
        }
        self.made_up += step;
        Choice::Missing(following)
    }
}

/// The transits of the last ten seconds, in microseconds, by the second.
#[derive(Debug)]
struct Transits {
    slices: [Slice; 10],
    at: usize,
    since: Instant,
    before: i64,
    /// How many of the last ones came by what looks like a longer path.
    elsewhere: u32,
}

#[derive(Debug, Clone, Copy)]
struct Slice {
    least: i64,
    latest: i64,
    second: i64,
}

const UNUSED: Slice = Slice { least: i64::MAX, latest: i64::MIN, second: i64::MIN };
const SLICE: Duration = Duration::from_secs(1);

impl Transits {
    fn new(now: Instant) -> Self {
        Self { slices: [UNUSED; 10], at: 0, since: now, before: 0, elsewhere: 0 }
    }

    fn add(&mut self, transit: i64, now: Instant) {
        let late = transit - self.least() > NEW_PATH_LATE_US && (transit - self.before).abs() < NEW_PATH_SPREAD_US;
        self.elsewhere = if late { self.elsewhere + 1 } else { 0 };
        self.before = transit;
        if self.elsewhere >= NEW_PATH {
            *self = Self { before: transit, ..Self::new(now) };
        }
        for _ in 0..self.slices.len() {
            if now.saturating_duration_since(self.since) < SLICE {
                break;
            }
            self.at = (self.at + 1) % self.slices.len();
            self.slices[self.at] = UNUSED;
            self.since += SLICE;
        }
        // After a pause of more than ten seconds.
        if now.saturating_duration_since(self.since) >= SLICE {
            self.since = now;
        }
        let slice = &mut self.slices[self.at];
        slice.least = slice.least.min(transit);
        if transit > slice.latest {
            (slice.second, slice.latest) = (slice.latest, transit);
        } else {
            slice.second = slice.second.max(transit);
        }
    }

    fn is_leap(&self, transit: i64) -> bool {
        let least = self.slices.iter().map(|slice| slice.least).min().filter(|least| *least != i64::MAX);
        least.is_some_and(|least| (transit - least).abs() > CLOCK_LEAP_US)
    }

    fn least(&self) -> i64 {
        self.slices.iter().map(|slice| slice.least).min().filter(|least| *least != i64::MAX).unwrap_or(0)
    }

    fn target(&self) -> Duration {
        let (mut latest, mut second) = (i64::MIN, i64::MIN);
        for slice in &self.slices {
            for transit in [slice.latest, slice.second] {
                if transit > latest {
                    (second, latest) = (latest, transit);
                } else {
                    second = second.max(transit);
                }
            }
        }
        let needed = second.max(self.least()) - self.least();
        Duration::from_micros(needed.unsigned_abs()).clamp(DELAY_MIN, DELAY_MAX)
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

fn ticks_in(time: Duration, clock: u32) -> i64 {
    micros(time) * i64::from(clock) / 1_000_000
}

#[cfg(test)]
mod tests;
