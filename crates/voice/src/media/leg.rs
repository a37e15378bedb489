//! One leg: what it plays, whom it is bridged to, and the one way every packet takes out of it. The two transports differ only
//! in how a packet is read and written.
//!
//! Locks, all of them of one leg and held for microseconds: a packet takes its own leg's receiving state, lets it go, and then
//! takes the sending state of the leg it goes out of. No two legs are ever locked at once, so bridges cannot deadlock, and no
//! lock is shared by all calls.

use super::browser_leg::BrowserTransport;
use super::codec::{Codec, FRAME, FRAME_SAMPLES};
use super::counters::{LegCounters, count};
use super::numbering::Origin;
use super::outbox::{Outbox, Posted};
use super::player::Playback;
use super::rtp::{HEADER, TRAILER};
use super::rtp_leg::RtpTransport;
use crate::record::{Channel, Tap};
use crate::{Encryption, Event, LegId, LegStats};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Most frames sent at once when the ticks came late; what is older is left out, or a stalled machine would answer with a burst.
const CATCH_UP_MAX: u32 = 5;

/// A leg of either kind.
#[derive(Debug)]
pub(super) struct Leg {
    pub(super) id: LegId,
    pub(super) transport: Transport,
    pub(super) counters: LegCounters,
    pub(super) outbox: Outbox,
    /// Where its recording takes its packets.
    pub(super) tap: Tap,
    /// Something that the leg's task waits for has changed.
    pub(super) wake: Notify,
    audio: Mutex<Audio>,
    peer: Mutex<Weak<Leg>>,
    closing: AtomicBool,
}

/// How a leg's packets travel.
#[derive(Debug)]
pub(super) enum Transport {
    Rtp(Box<RtpTransport>),
    Browser(Box<BrowserTransport>),
}

/// What a leg sends of its own.
#[derive(Debug, Default)]
struct Audio {
    playback: Option<Playback>,
    /// Something was played or bridged: from then on the leg sends without a pause, silence if nothing else. It keeps the way
    /// through NATs open, the far end's clock steady, and phones from hanging up for want of media.
    started: bool,
    next_frame: Option<Instant>,
}

/// Locks a mutex of a leg. A panic while it was held is contained to that leg, whose state is still a state.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The time by the runtime's clock.
pub(super) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

impl Leg {
    pub(super) fn new(id: LegId, transport: Transport, outbox: Outbox) -> Self {
        Self {
            id,
            transport,
            counters: LegCounters::default(),
            outbox,
            tap: Tap::default(),
            wake: Notify::new(),
            audio: Mutex::default(),
            peer: Mutex::default(),
            closing: AtomicBool::new(false),
        }
    }

    pub(super) fn codec(&self) -> Option<Codec> {
        match &self.transport {
            Transport::Rtp(rtp) => rtp.codec(),
            Transport::Browser(browser) => Some(browser.codec()),
        }
    }

    pub(super) fn encryption(&self) -> Encryption {
        match &self.transport {
            Transport::Rtp(rtp) => rtp.encryption(),
            Transport::Browser(_) => Encryption::DtlsSrtp,
        }
    }

    pub(super) fn post(&self, event: Event) {
        match self.outbox.post(event) {
            Posted::Sent | Posted::TooLate => {}
            Posted::Waits => self.wake.notify_one(),
            Posted::Dropped => count(&self.counters.events_dropped),
        }
    }

    /// Plays, in place of what is played now.
    pub(super) fn play(&self, playback: Playback) {
        let id = playback.id;
        let over = playback.is_over();
        let replaced = {
            let mut audio = lock(&self.audio);
            audio.started = true;
            std::mem::replace(&mut audio.playback, (!over).then_some(playback))
        };
        self.post_interrupted(replaced);
        if over {
            self.post(Event::PlaybackEnded { leg: self.id, playback: id, interrupted: false });
        }
        self.wake.notify_one();
    }

    pub(super) fn stop(&self) {
        let stopped = lock(&self.audio).playback.take();
        self.post_interrupted(stopped);
    }

    fn post_interrupted(&self, playback: Option<Playback>) {
        if let Some(playback) = playback {
            self.post(Event::PlaybackEnded { leg: self.id, playback: playback.id, interrupted: true });
        }
    }

    /// The leg that hears this one.
    pub(super) fn peer(&self) -> Option<Arc<Leg>> {
        lock(&self.peer).upgrade()
    }

    /// From now on `peer` hears this leg, and this leg hears nothing of its own.
    pub(super) fn join(&self, peer: &Arc<Leg>) {
        *lock(&self.peer) = Arc::downgrade(peer);
        lock(&self.audio).started = true;
        self.stop();
        self.wake.notify_one();
    }

    /// Nobody hears this leg any more; it sends silence again.
    pub(super) fn part(&self) {
        *lock(&self.peer) = Weak::new();
        self.wake.notify_one();
    }

    /// When the next frame of our own is due. `None` while the leg is not ready, was never played to, or hears whom it is
    /// bridged to.
    pub(super) fn next_frame(&self) -> Option<Instant> {
        let ready = self.is_ready();
        let bridged = lock(&self.peer).strong_count() > 0;
        let mut audio = lock(&self.audio);
        if !ready || !audio.started || (bridged && audio.playback.is_none()) {
            audio.next_frame = None;
            return None;
        }
        Some(*audio.next_frame.get_or_insert_with(now))
    }

    fn is_ready(&self) -> bool {
        match &self.transport {
            Transport::Rtp(rtp) => rtp.codec().is_some(),
            Transport::Browser(browser) => browser.is_connected(),
        }
    }

    /// Sends the frames that are due, and says which playback ended with them.
    pub(super) fn send_due_frames(&self) {
        let Some(codec) = self.codec().map(Codec::law) else { return };
        for _ in 0..CATCH_UP_MAX {
            let now = now();
            let mut packet = [0; HEADER + FRAME_SAMPLES + TRAILER];
            let mut frame = [codec.silence(); FRAME_SAMPLES];
            let ended = {
                let mut audio = lock(&self.audio);
                let Some(due) = audio.next_frame.filter(|due| *due <= now) else { return };
                audio.next_frame = Some(due + FRAME);
                if let Some(playback) = &mut audio.playback {
                    playback.fill(codec, &mut frame);
                }
                audio.playback.take_if(|playback| playback.is_over())
            };
            packet[HEADER..HEADER + FRAME_SAMPLES].copy_from_slice(&frame);
            self.send(codec, Origin::Own, &mut packet, now);
            if let Some(playback) = ended {
                self.post(Event::PlaybackEnded { leg: self.id, playback: playback.id, interrupted: false });
            }
        }
        let mut audio = lock(&self.audio);
        if audio.next_frame.is_some_and(|due| due <= now()) {
            audio.next_frame = Some(now() + FRAME);
        }
    }

    /// Sends one packet: `packet` is room for a header, then a payload in `codec`, which is changed to what this leg speaks, and
    /// then [`TRAILER`] bytes for an authentication tag.
    pub(super) fn send(&self, codec: Codec, origin: Origin, packet: &mut [u8], now: Instant) {
        let end = packet.len() - TRAILER.min(packet.len());
        self.tap.packet(Channel::Sent, codec, origin.far_stamp(), &packet[HEADER.min(end)..end], now);
        match &self.transport {
            Transport::Rtp(rtp) => rtp.send(&self.counters, codec, origin, packet, now),
            Transport::Browser(browser) => browser.send(self, codec, origin, packet, now),
        }
    }

    /// Sends what the bridged leg received, unless something is played to this leg meanwhile.
    pub(super) fn forward(&self, codec: Codec, origin: Origin, packet: &mut [u8], now: Instant) {
        if lock(&self.audio).playback.is_none() {
            self.send(codec, origin, packet, now);
        }
    }

    /// A telephone event of the bridged leg was kept from this one.
    pub(super) fn omit(&self, ssrc: u32) {
        match &self.transport {
            Transport::Rtp(rtp) => rtp.omit(ssrc),
            Transport::Browser(browser) => browser.omit(ssrc),
        }
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Relaxed)
    }

    /// What the leg says, as its far end sent it.
    pub(super) fn said(&self, codec: Codec, ssrc: u32, timestamp: u32, payload: &[u8], now: Instant) {
        self.tap.packet(Channel::Said, codec, Some((ssrc, timestamp)), payload, now);
    }

    /// Ends the leg: its last events, what it did, and no packet after.
    pub(super) fn close(&self) -> LegStats {
        self.stop();
        self.closing.store(true, Relaxed);
        self.tap.end(now());
        for _ in 0..self.outbox.close() {
            count(&self.counters.events_dropped);
        }
        self.wake.notify_one();
        let codec = self.codec().map_or_else(String::new, |codec| codec.name().to_owned());
        let sent = self.counters.sent.load(Relaxed);
        match &self.transport {
            Transport::Rtp(rtp) => rtp.stats(codec, sent),
            Transport::Browser(browser) => browser.stats(codec, sent),
        }
    }
}

/// A time no leg lives to see: what a timer is set to that has nothing to wait for.
pub(super) fn far_future() -> tokio::time::Instant {
    tokio::time::Instant::now() + Duration::from_secs(86_400 * 365)
}
