//! One leg: what it sends of its own, who hears it, and the one way every packet takes out of it. The two transports differ only
//! in how a packet is read and written.
//!
//! Locks, all of them of one leg and held for microseconds: a packet takes its own leg's receiving state, lets it go, and then
//! takes the sending state of each leg it goes out of. No two legs are ever locked at once, so whoever hears whom cannot
//! deadlock, and no lock is shared by all calls.

use super::browser_leg::BrowserTransport;
use super::codec::{Codec, FRAME_SAMPLES};
use super::counters::{LegCounters, count};
use super::mix::Said;
use super::numbering::Origin;
use super::outbox::{Outbox, Posted};
use super::player::Playback;
use super::presses::{Presses, Teller};
use super::rtp::{DATAGRAM_MAX, HEADER, TRAILER};
use super::rtp_leg::RtpTransport;
use super::secrecy::Secrecy;
use super::speaker::{Due, Fate, Frame, Speaker};
use crate::record::{Channel, Tap};
use crate::{Encryption, Event, LegId, LegStats, PlaybackId, Source};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

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
    speaker: Mutex<Speaker>,
    /// Who hears this leg. Replaced as a whole, so that a packet needs the lock only to take a reference.
    listeners: Mutex<Arc<[Weak<Leg>]>>,
    secrecy: Mutex<Secrecy>,
    presses: Mutex<Presses>,
    closing: AtomicBool,
    /// Its frames failed, and its task is to end.
    broken: AtomicBool,
    /// Its thread plays to it. Read and written on that thread alone.
    on_beat: AtomicBool,
}

/// How a leg's packets travel.
#[derive(Debug)]
pub(super) enum Transport {
    Rtp(Box<RtpTransport>),
    Browser(Box<BrowserTransport>),
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
            speaker: Mutex::default(),
            listeners: Mutex::default(),
            secrecy: Mutex::default(),
            presses: Mutex::default(),
            closing: AtomicBool::new(false),
            broken: AtomicBool::new(false),
            on_beat: AtomicBool::new(false),
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

    /// A key was pressed, as one of the two says that can; told once where both do.
    pub(super) fn key_told(&self, digit: char, by: Teller) {
        if lock(&self.presses).is_new(digit, by, now()) {
            self.post(Event::Digit { leg: self.id, digit });
        }
    }

    /// Plays, in place of what is played now.
    pub(super) fn play(&self, playback: Playback) {
        let id = playback.id;
        let over = playback.is_over();
        let replaced = lock(&self.speaker).play((!over).then_some(playback));
        self.post_ended(replaced, true);
        self.post_ended(over.then_some(id), false);
        self.wake.notify_one();
    }

    pub(super) fn stop(&self) {
        let stopped = lock(&self.speaker).stop();
        self.post_ended(stopped, true);
    }

    fn post_ended(&self, playback: Option<PlaybackId>, interrupted: bool) {
        if let Some(playback) = playback {
            self.post(Event::PlaybackEnded { leg: self.id, playback, interrupted });
        }
    }

    /// Presses keys towards the far end; false where too many wait.
    pub(super) fn press(&self, keys: &[u8]) -> bool {
        let taken = lock(&self.speaker).press(keys);
        self.wake.notify_one();
        taken
    }

    /// Whom this leg hears.
    pub(super) fn sources(&self) -> Vec<Source> {
        lock(&self.speaker).sources()
    }

    /// From now on this leg hears these. They have to know it as a listener.
    pub(super) fn hear(&self, sources: &[Source]) {
        lock(&self.speaker).hear(sources);
        self.wake.notify_one();
    }

    pub(super) fn listeners(&self) -> Arc<[Weak<Leg>]> {
        Arc::clone(&lock(&self.listeners))
    }

    /// From now on `listener` gets what this leg says.
    pub(super) fn add_listener(&self, listener: &Arc<Leg>) {
        let mut listeners = lock(&self.listeners);
        *listeners = listeners.iter().cloned().chain([Arc::downgrade(listener)]).collect();
    }

    pub(super) fn remove_listener(&self, listener: &Leg) {
        let mut listeners = lock(&self.listeners);
        *listeners = listeners.iter().filter(|weak| !std::ptr::eq(weak.as_ptr(), listener)).cloned().collect();
    }

    /// Whether anybody hears this leg, or a recording takes down what it says.
    pub(super) fn is_heard(&self) -> bool {
        self.tap.is_on() || !lock(&self.listeners).is_empty()
    }

    /// Begins or ends a time in which nobody hears what the far end says and keys.
    pub(super) fn secure(&self, on: bool) {
        lock(&self.secrecy).set(on, now());
    }

    /// Whether what the far end says now must be kept from everyone, recordings included.
    pub(super) fn masked(&self, now: Instant) -> bool {
        lock(&self.secrecy).masks(now)
    }

    /// Hands what the far end said to whoever hears it, and to its recording. `packet` is as for [`send`](Self::send), and is changed.
    pub(super) fn say(&self, codec: Codec, origin: Origin, packet: &mut [u8], now: Instant) {
        let mut end = packet.len().saturating_sub(TRAILER);
        if self.masked(now) {
            end = HEADER + packet.get_mut(HEADER..end).map_or(0, |payload| codec.write_silence(payload));
        }
        let Some(packet) = packet.get_mut(..end + TRAILER) else { return };
        let payload = packet.get(HEADER..end).unwrap_or_default();
        self.tap.packet(Channel::Said, codec, origin.far_stamp(), payload, now);
        let listeners = self.listeners();
        let Some((last, others)) = listeners.split_last() else { return };
        for listener in others.iter().filter_map(Weak::upgrade) {
            // Each transport writes over the packet.
            let mut room = [0; HEADER + DATAGRAM_MAX + TRAILER];
            let Some(copy) = room.get_mut(..packet.len()) else { continue };
            copy.copy_from_slice(packet);
            listener.take(self.id, codec, origin, copy, now);
        }
        if let Some(listener) = last.upgrade() {
            listener.take(self.id, codec, origin, packet, now);
        }
    }

    /// The far end sent a telephone event: whoever hears this leg must not learn what it keys.
    pub(super) fn keyed(&self, ssrc: u32, sequence: u16, now: Instant) {
        lock(&self.secrecy).keyed(now);
        for listener in self.listeners().iter().filter_map(Weak::upgrade) {
            if lock(&listener.speaker).omit(self.id, ssrc, sequence) {
                listener.omit(ssrc);
            }
        }
    }

    /// Takes what a leg said that this one hears.
    fn take(&self, from: LegId, codec: Codec, origin: Origin, packet: &mut [u8], now: Instant) {
        let Origin::Far { ssrc, sequence, timestamp } = origin else { return };
        let Some(payload) = packet.get(HEADER..packet.len().saturating_sub(TRAILER)) else { return };
        let said = Said { codec, ssrc, sequence, timestamp, payload };
        let fate = lock(&self.speaker).take(from, &said, now);
        if fate == Fate::Forwarded {
            self.send(codec, origin, packet, now);
        }
    }

    /// When the next frame of our own is due. `None` while the leg is not ready, was never played to, or hears only whom it is
    /// bridged to.
    pub(super) fn next_frame(&self) -> Option<Instant> {
        let ready = self.is_ready();
        lock(&self.speaker).next_frame(ready, now())
    }

    fn is_ready(&self) -> bool {
        match &self.transport {
            Transport::Rtp(rtp) => rtp.codec().is_some(),
            Transport::Browser(browser) => browser.is_connected(),
        }
    }

    fn takes_events(&self) -> bool {
        match &self.transport {
            Transport::Rtp(rtp) => rtp.takes_events(),
            Transport::Browser(browser) => browser.takes_events(),
        }
    }

    /// Sends the frames that are due, and says which playback ended with them.
    pub(super) fn send_due_frames(&self) {
        let Some(codec) = self.codec().map(Codec::law) else { return };
        let by_event = self.takes_events();
        loop {
            let now = now();
            let Some(Due { at, frame, ended }) = lock(&self.speaker).due(codec, by_event, now) else { return };
            match frame {
                Frame::Audio(audio) => self.send_own(codec, Origin::Own { due: at }, &audio, now),
                Frame::Event(event, first) => self.send_own(codec, Origin::Event { due: at, first }, &event, now),
            }
            self.post_ended(ended, false);
        }
    }

    fn send_own(&self, codec: Codec, origin: Origin, payload: &[u8], now: Instant) {
        let mut packet = [0; HEADER + FRAME_SAMPLES + TRAILER];
        let Some(packet) = packet.get_mut(..HEADER + payload.len() + TRAILER) else { return };
        packet[HEADER..HEADER + payload.len()].copy_from_slice(payload);
        self.send(codec, origin, packet, now);
    }

    /// Sends one packet: `packet` is room for a header, then a payload in `codec`, which is changed to what this leg speaks, and
    /// then [`TRAILER`] bytes for an authentication tag.
    fn send(&self, codec: Codec, origin: Origin, packet: &mut [u8], now: Instant) {
        // What an event says is no audio.
        if !matches!(origin, Origin::Event { .. }) {
            let payload = packet.get(HEADER..packet.len().saturating_sub(TRAILER)).unwrap_or_default();
            self.tap.packet(Channel::Sent, codec, origin.far_stamp(), payload, now);
        }
        match &self.transport {
            Transport::Rtp(rtp) => rtp.send(&self.counters, codec, origin, packet, now),
            Transport::Browser(browser) => browser.send(self, codec, origin, packet, now),
        }
    }

    fn omit(&self, ssrc: u32) {
        match &self.transport {
            Transport::Rtp(rtp) => rtp.omit(ssrc),
            Transport::Browser(browser) => browser.omit(ssrc),
        }
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Relaxed)
    }

    /// Its frames failed: no more of them, and its task ends.
    pub(super) fn break_off(&self) {
        self.broken.store(true, Relaxed);
        self.wake.notify_one();
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken.load(Relaxed)
    }

    /// Nothing is sent any more.
    pub(super) fn is_over(&self) -> bool {
        self.is_closing() || self.is_broken()
    }

    pub(super) fn is_on_beat(&self) -> bool {
        self.on_beat.load(Relaxed)
    }

    pub(super) fn set_on_beat(&self, on: bool) {
        self.on_beat.store(on, Relaxed);
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
