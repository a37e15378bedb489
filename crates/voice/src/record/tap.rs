//! What a leg holds while it is recorded. Copies of packets go into the writer's queue; a full queue loses them, counted, and no
//! packet ever waits. On a leg that is not recorded it costs one look at a flag.

use super::track::Stamp;
use super::{RATE, RecordingId};
use crate::LegId;
use crate::media::Codec;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Bytes of one piece of a packet: 40 ms of G.711. Longer packets travel in several.
const PIECE_BYTES: usize = 320;

/// Masked spans of one recording. Whoever masks more often than once a minute for half a day is not collecting codes: the last one
/// then stays to the end.
const MASKS_MAX: usize = 1000;

/// Which channel of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    /// What the leg says.
    Said = 0,
    /// What is sent to it.
    Sent = 1,
}

/// A piece of a packet on its way to the writer.
pub(super) struct Piece {
    pub(super) tape: Arc<Tape>,
    pub(super) channel: Channel,
    /// Samples since the recording began, when it was handed over.
    pub(super) at: u64,
    pub(super) stamp: Option<Stamp>,
    pub(super) codec: Codec,
    length: u16,
    bytes: [u8; PIECE_BYTES],
}

impl Piece {
    pub(super) fn audio(&mut self) -> &mut [u8] {
        &mut self.bytes[..usize::from(self.length)]
    }
}

/// A recording under way, shared by the leg and the writer.
pub(super) struct Tape {
    pub(super) id: RecordingId,
    pub(super) leg: LegId,
    began: Instant,
    masks: Mutex<Vec<Range<u64>>>,
    masked: AtomicBool,
    /// One more than the last sample; 0 while it goes on.
    ended: AtomicU64,
    pub(super) lost: AtomicU64,
}

impl Tape {
    pub(super) fn new(id: RecordingId, leg: LegId, masked: bool, now: Instant) -> Self {
        let tape = Self {
            id,
            leg,
            began: now,
            masks: Mutex::default(),
            masked: AtomicBool::new(false),
            ended: AtomicU64::new(0),
            lost: AtomicU64::new(0),
        };
        tape.mask(masked, now);
        tape
    }

    /// How far the recording is.
    pub(super) fn position(&self, now: Instant) -> u64 {
        samples(now.saturating_duration_since(self.began))
    }

    pub(super) fn mask(&self, on: bool, now: Instant) {
        let at = self.position(now);
        let mut masks = self.masks();
        let full = masks.len() >= MASKS_MAX;
        let masked = masks.last().is_some_and(|last| last.end == u64::MAX);
        match (on, masked, masks.last_mut()) {
            (true, false, Some(last)) if full => last.end = u64::MAX,
            (true, false, _) => masks.push(at..u64::MAX),
            (false, true, Some(last)) if !full => last.end = at,
            (true, true, _) | (false, _, _) => {}
        }
        self.masked.store(masks.last().is_some_and(|last| last.end == u64::MAX), Relaxed);
    }

    /// What of these samples is masked: one range that covers it all.
    pub(super) fn masked_within(&self, span: &Range<u64>) -> Range<u64> {
        let masks = self.masks();
        let within = masks.iter().filter(|mask| mask.start < span.end && mask.end > span.start);
        let covered = within.map(|mask| mask.start.max(span.start)..mask.end.min(span.end));
        covered.reduce(|all, mask| all.start.min(mask.start)..all.end.max(mask.end)).unwrap_or(span.start..span.start)
    }

    pub(super) fn end(&self, now: Instant) {
        let _ = self.ended.compare_exchange(0, self.position(now) + 1, Relaxed, Relaxed);
    }

    /// Where it ended, if it has.
    pub(super) fn ended(&self) -> Option<u64> {
        self.ended.load(Relaxed).checked_sub(1)
    }

    fn masks(&self) -> MutexGuard<'_, Vec<Range<u64>>> {
        self.masks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place for a recording in a leg.
#[derive(Default)]
pub(crate) struct Tap {
    on: AtomicBool,
    taken: Mutex<Option<Taken>>,
}

struct Taken {
    tape: Arc<Tape>,
    queue: SyncSender<Piece>,
}

impl std::fmt::Debug for Tap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tap").field("on", &self.on).finish_non_exhaustive()
    }
}

impl Tap {
    /// Whether the leg is recorded now.
    pub(crate) fn is_on(&self) -> bool {
        self.on.load(Relaxed)
    }

    /// Hands a packet of the leg over. `stamp`: its sender's SSRC and timestamp; none for frames of our own.
    pub(crate) fn packet(&self, channel: Channel, codec: Codec, stamp: Option<(u32, u32)>, payload: &[u8], now: Instant) {
        if !self.is_on() {
            return;
        }
        let taken = self.taken();
        let Some(Taken { tape, queue }) = taken.as_ref() else { return };
        if tape.masked.load(Relaxed) || tape.ended().is_some() {
            return;
        }
        let (mut at, mut stamp) = (tape.position(now), stamp.map(|(ssrc, timestamp)| Stamp { ssrc, timestamp }));
        if codec == Codec::Opus && payload.len() > PIECE_BYTES {
            // It cannot be cut, and no voice needs as much.
            tape.lost.fetch_add(1, Relaxed);
            return;
        }
        for audio in payload.chunks(PIECE_BYTES) {
            let mut bytes = [0; PIECE_BYTES];
            bytes[..audio.len()].copy_from_slice(audio);
            let length = audio.len() as u16;
            let piece = Piece { tape: Arc::clone(tape), channel, at, stamp, codec, length, bytes };
            if queue.try_send(piece).is_err() {
                tape.lost.fetch_add(1, Relaxed);
            }
            // A sample is a byte of what is cut.
            at += u64::from(length);
            stamp = stamp.map(|stamp| Stamp { timestamp: stamp.timestamp.wrapping_add(length.into()), ..stamp });
        }
    }

    /// Starts handing over, in place of an earlier recording, which ends.
    pub(super) fn take(&self, tape: Arc<Tape>, queue: SyncSender<Piece>, now: Instant) {
        let before = self.taken().replace(Taken { tape, queue });
        self.on.store(true, Relaxed);
        if let Some(before) = before {
            before.tape.end(now);
        }
    }

    /// While on, the recording has silence instead.
    pub(crate) fn mask(&self, on: bool, now: Instant) {
        if let Some(taken) = self.taken().as_ref() {
            taken.tape.mask(on, now);
        }
    }

    /// Ends the recording, if there is one.
    pub(crate) fn end(&self, now: Instant) {
        self.on.store(false, Relaxed);
        if let Some(taken) = self.taken().take() {
            taken.tape.end(now);
        }
    }

    fn taken(&self) -> MutexGuard<'_, Option<Taken>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Samples in a time.
pub(super) fn samples(time: Duration) -> u64 {
    u64::try_from(time.as_micros() * u128::from(RATE) / 1_000_000).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_told_second_by_second() {
        let now = Instant::now();
        let at = |ms: u64| now + Duration::from_millis(ms);
        let tape = Tape::new(RecordingId(1), LegId(1), false, now);
        tape.mask(true, at(500));
        tape.mask(true, at(600));
        tape.mask(false, at(1500));
        tape.mask(false, at(1600));
        assert_eq!(tape.masked_within(&(0..8000)), 4000..8000);
        assert_eq!(tape.masked_within(&(8000..16_000)), 8000..12_000);
        assert!(tape.masked_within(&(16_000..24_000)).is_empty());
        tape.mask(true, at(2500));
        assert_eq!(tape.masked_within(&(24_000..32_000)), 24_000..32_000, "until it is taken off");
    }

    #[test]
    fn a_flood_of_masks_ends_in_silence_and_not_in_a_code() {
        let now = Instant::now();
        let tape = Tape::new(RecordingId(1), LegId(1), true, now);
        for ms in 0..5000 {
            tape.mask(ms % 2 == 1, now + Duration::from_millis(ms));
        }
        tape.mask(false, now + Duration::from_secs(6));
        assert_eq!(tape.masked_within(&(800_000..808_000)), 800_000..808_000);
        assert!(tape.masked.load(Relaxed));
    }

    #[test]
    fn a_full_queue_loses_and_counts_and_nothing_waits() {
        let now = Instant::now();
        let (queue, pieces) = std::sync::mpsc::sync_channel(2);
        let tape = Arc::new(Tape::new(RecordingId(1), LegId(1), false, now));
        let tap = Tap::default();
        tap.take(Arc::clone(&tape), queue, now);
        tap.packet(Channel::Said, Codec::Pcmu, Some((1, 100)), &[7; 800], now + Duration::from_millis(10));
        assert_eq!(tape.lost.load(Relaxed), 1);
        let placed: Vec<(u64, u32)> = pieces.try_iter().map(|piece| (piece.at, piece.stamp.unwrap().timestamp)).collect();
        assert_eq!(placed, [(80, 100), (400, 420)]);
        tap.mask(true, now);
        tap.packet(Channel::Said, Codec::Pcmu, None, &[7; 160], now);
        tap.mask(false, now);
        tap.end(now);
        tap.packet(Channel::Said, Codec::Pcmu, None, &[7; 160], now);
        assert!(pieces.try_recv().is_err(), "masked, then over");
    }
}
