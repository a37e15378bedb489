//! A leg to a browser: ICE-lite, DTLS and SRTP by str0m, which does no I/O of its own. Whoever changes the session drains what
//! it has to say before letting the lock go, so a packet of the bridged leg is encrypted and sent by the task that received it.
//! No str0m type leaves this file but through `BrowserTransport`.

use super::MediaNotice;
use super::browser_sdp::{BrowserIdentity, Formats, Negotiated, negotiate, renegotiate};
use super::codec::{Codec, SAMPLE_RATE};
use super::counters::count;
use super::digits::DigitDetector;
use super::leg::{Leg, Transport, far_future, lock, now};
use super::numbering::{Numbering, Origin};
use super::quality::{self, Ear, FarEnd, Way};
use super::reception::Reception;
use super::rtp::{DATAGRAM_MAX, HEADER, TRAILER};
use super::transcode::{self, Transcoder};
use crate::datagrams::Datagrams;
use crate::sdp::SdpError;
use crate::{Encryption, Event, LegStats};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use str0m::media::Mid;
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Event as RtcEvent, Input, Output, Rtc};
use tokio::sync::mpsc::Sender;

/// A browser that has not connected by then will not: checks start as soon as it has our answer.
const CONNECT_MAX: Duration = Duration::from_secs(15);
/// A browser sends audio all the time, and consent checks at most 6 s apart even if it does not (RFC 7675 section 5.1). One whose
/// network changed takes some seconds to notice and to offer anew.
const SILENT_MAX: Duration = Duration::from_secs(12);
/// How often a connected browser's silence is looked at.
const HEALTH_EVERY: Duration = Duration::from_secs(1);
/// Largest datagram read: str0m takes no larger one.
const READ_MAX: usize = 2000;
const READ_BURST: usize = 16;

/// The socket and the session of a browser leg.
pub(super) struct BrowserTransport {
    socket: Datagrams,
    /// Our candidate: what the browser sends to, as far as it knows.
    candidate: SocketAddr,
    codec: Codec,
    session: Mutex<Session>,
}

impl std::fmt::Debug for BrowserTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BrowserTransport").field("candidate", &self.candidate).finish_non_exhaustive()
    }
}

struct Session {
    rtc: Rtc,
    mid: Mid,
    formats: Formats,
    numbering: Numbering,
    /// Made when something comes that a table does not turn into the browser's codec.
    transcoder: Option<Box<Transcoder>>,
    reception: Reception,
    /// What the browser reports of what it hears.
    far: FarEnd,
    ear: Ear,
    digits: DigitDetector,
    /// When str0m wants to be called again.
    timer: Instant,
    opened: Instant,
    heard: Instant,
    connected: bool,
    answered: bool,
    gone: bool,
    /// Packets that str0m decrypted and the leg's task has yet to handle.
    received: Vec<RtpPacket>,
}

/// Answers a browser's offer. The leg's task has to be started for the session to live.
pub(super) fn connect(
    identity: &BrowserIdentity,
    socket: Datagrams,
    candidate: SocketAddr,
    offer: &str,
    random: [u32; 2],
) -> Result<(BrowserTransport, String), SdpError> {
    let opened = now();
    let Negotiated { rtc, mid, formats, answer } = negotiate(identity, candidate, offer, opened)?;
    let [sequence, timestamp] = random;
    let codec = formats.sent.0;
    let session = Session {
        rtc,
        mid,
        formats,
        // The low half of a random number is as random as the whole.
        numbering: Numbering::new(sequence as u16, timestamp).with_clock(codec.clock_rate()),
        transcoder: None,
        reception: Reception::new(codec.clock_rate()),
        far: FarEnd::default(),
        ear: Ear::default(),
        digits: DigitDetector::default(),
        timer: opened,
        opened,
        heard: opened,
        connected: false,
        answered: false,
        gone: false,
        received: Vec::new(),
    };
    Ok((BrowserTransport { socket, candidate, codec, session: Mutex::new(session) }, answer))
}

impl BrowserTransport {
    /// Answers a later offer. What was agreed stays; only the way to the browser is looked for anew.
    pub(super) fn answer_again(&self, leg: &Leg, offer: &str) -> Result<String, SdpError> {
        let mut session = lock(&self.session);
        let Session { rtc, mid, formats, .. } = &mut *session;
        let answer = renegotiate(rtc, *mid, *formats, offer)?;
        let now = now();
        // It was silent for want of a way, and has one now.
        session.heard = now;
        self.input(leg, &mut session, Input::Timeout(now));
        leg.wake.notify_one();
        Ok(answer)
    }

    pub(super) fn codec(&self) -> Codec {
        self.codec
    }

    pub(super) fn is_connected(&self) -> bool {
        lock(&self.session).connected
    }

    pub(super) fn takes_events(&self) -> bool {
        lock(&self.session).formats.sent_event(self.codec).is_some()
    }

    pub(super) fn send(&self, leg: &Leg, codec: Codec, origin: Origin, packet: &mut [u8], now: Instant) {
        let mut session = lock(&self.session);
        if !session.connected || session.gone {
            return;
        }
        if codec.passes_as(self.codec) || origin.is_event() {
            self.write(leg, &mut session, codec, origin, packet, now);
        } else {
            let mut transcoder = transcode::into(session.transcoder.take(), codec, self.codec);
            transcode::each(&mut transcoder, codec, origin, packet, &mut |origin, packet| {
                self.write(leg, &mut session, self.codec, origin, packet, now);
            });
            session.transcoder = Some(transcoder);
        }
        // str0m's time moves by its input alone; without this the packet would wait for the next one.
        let before = session.timer;
        self.input(leg, &mut session, Input::Timeout(now));
        if session.timer < before || session.gone {
            leg.wake.notify_one();
        }
    }

    fn write(&self, leg: &Leg, session: &mut Session, codec: Codec, origin: Origin, packet: &mut [u8], now: Instant) {
        // str0m makes packets of its own: neither the header nor the room for a tag is used.
        let Some(end) = packet.len().checked_sub(TRAILER) else { return };
        let Some((_, payload)) = packet[..end].split_first_chunk_mut::<HEADER>() else { return };
        let (ours, number) = session.formats.sent;
        let (number, ticks) = match origin {
            Origin::Own { .. } | Origin::Far { .. } => (Some(number), codec.ticks(payload)),
            Origin::Event { .. } => (session.formats.sent_event(ours), Some(ours.clock_rate() / 50)),
        };
        let (Some(number), Some(ticks)) = (number, ticks) else { return };
        let Some(stamp) = session.numbering.stamp(origin, ticks, now) else { return };
        match origin {
            Origin::Own { .. } | Origin::Far { .. } => codec.transcode(ours, payload),
            Origin::Event { .. } => by_clock(ours, payload),
        }
        let mid = session.mid;
        let mut direct = session.rtc.direct_api();
        let Some(stream) = direct.stream_tx_by_mid(mid, None) else { return };
        let write = RtpWrite::new(number, stamp.sequence.into(), stamp.timestamp, now, &*payload).marker(stamp.marker);
        stream.write_rtp(write);
        count(&leg.counters.sent);
    }

    pub(super) fn omit(&self, ssrc: u32) {
        let mut session = lock(&self.session);
        match session.transcoder.as_mut().filter(|transcoder| transcoder.has(ssrc)) {
            Some(transcoder) => transcoder.omit(ssrc),
            None => session.numbering.omit(ssrc),
        }
    }

    pub(super) fn stats(&self, codec: String, packets_sent: u64) -> LegStats {
        let session = lock(&self.session);
        let reception = &session.reception;
        let heard = Way::counted(reception.lost(), reception.received(), reception.jitter_ms());
        let (ways, round_trip) = ([heard, session.far.way(packets_sent)], session.far.round_trip_mean());
        LegStats {
            codec,
            packets_received: session.reception.received(),
            packets_sent,
            packets_lost: session.reception.lost(),
            jitter_ms: session.reception.jitter_ms(),
            round_trip_ms: round_trip.map(|time| time.as_secs_f64() * 1000.0),
            far_lost: session.far.lost(),
            far_jitter_ms: session.far.jitter_ms(),
            mos: quality::score(self.codec, ways, round_trip),
        }
    }

    /// Feeds str0m and does what it then asks for.
    fn input(&self, leg: &Leg, session: &mut Session, input: Input<'_>) {
        if session.rtc.handle_input(input).is_err() {
            // What a stranger can send must not end a call; when the session did die of it, the drain below says so.
            count(&leg.counters.garbage);
        }
        self.drain(leg, session);
    }

    fn drain(&self, leg: &Leg, session: &mut Session) {
        loop {
            match session.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    session.timer = at;
                    break;
                }
                Ok(Output::Transmit(datagram)) => {
                    if self.socket.send_to(&datagram.contents, &datagram.destination.into()).is_err() {
                        count(&leg.counters.send_failures);
                    }
                }
                Ok(Output::Event(RtcEvent::RtpPacket(packet))) => session.received.push(packet),
                Ok(Output::Event(RtcEvent::MediaEgressStats(stats))) => {
                    if let (Some(loss), Some(remote)) = (stats.loss, stats.remote) {
                        let jitter_ms = f64::from(remote.jitter) * 1000.0 / f64::from(self.codec.clock_rate());
                        session.far.reported(remote.packets_lost, loss.into(), jitter_ms);
                    }
                    if let Some(round_trip) = stats.rtt {
                        session.far.measured(round_trip);
                    }
                    self.judge(leg, session);
                }
                Ok(Output::Event(RtcEvent::Connected)) => session.connected = true,
                Ok(Output::Event(RtcEvent::Closed)) => session.gone = true,
                Ok(Output::Event(_)) => {}
                Err(error) => {
                    tracing::debug!(leg = %leg.id, %error, "browser session failed");
                    session.gone = true;
                    break;
                }
            }
        }
        session.gone |= !session.rtc.is_alive();
    }

    /// Tells when the leg sounds otherwise than before.
    fn judge(&self, leg: &Leg, session: &mut Session) {
        let Session { reception, far, ear, .. } = session;
        let heard = reception.report().map(|standing| Way { loss: standing.loss(), jitter_ms: reception.jitter_ms() });
        if let Some(quality) = ear.judge(self.codec, heard, far) {
            leg.post(Event::QualityChanged { leg: leg.id, quality });
        }
    }

    /// When the leg's task must look at the session again.
    fn wanted_at(&self) -> Instant {
        let session = lock(&self.session);
        let health = if session.connected { now() + HEALTH_EVERY } else { session.opened + CONNECT_MAX };
        session.timer.min(health)
    }

    /// Moves str0m's time on. Returns whether the browser is gone.
    fn tick(&self, leg: &Leg) -> bool {
        let mut session = lock(&self.session);
        let now = now();
        if session.timer <= now {
            self.input(leg, &mut session, Input::Timeout(now));
        }
        let silent = now.saturating_duration_since(session.heard) > SILENT_MAX;
        let late = now.saturating_duration_since(session.opened) > CONNECT_MAX;
        session.gone || if session.connected { silent } else { late }
    }

    fn receive(&self, leg: &Leg, datagram: &[u8], from: SocketAddr) {
        let now = now();
        let Ok(received) = Receive::new(Protocol::Udp, from, self.candidate, datagram) else {
            return count(&leg.counters.garbage);
        };
        let mut session = lock(&self.session);
        let input = Input::Receive(now, received);
        if !session.rtc.accepts(&input) {
            return count(&leg.counters.strays);
        }
        session.heard = now;
        self.input(leg, &mut session, input);
    }

    /// Says goodbye to the browser; what cannot be sent at once is not sent.
    fn hang_up(&self, leg: &Leg) {
        let mut session = lock(&self.session);
        if session.rtc.close().is_ok() {
            self.input(leg, &mut session, Input::Timeout(now()));
        }
    }
}

/// Runs a leg until it is closed. When the browser is gone, tells it once and waits to be closed.
pub(super) async fn run(leg: Arc<Leg>, notices: Sender<MediaNotice>) {
    let Transport::Browser(browser) = &leg.transport else { return };
    let mut datagram = [0; READ_MAX];
    let mut packets = Vec::new();
    let timer = tokio::time::sleep_until(far_future());
    tokio::pin!(timer);
    let mut vanished = false;
    while !leg.is_closing() {
        let frame = leg.next_frame();
        let due = frame.map_or_else(|| browser.wanted_at(), |frame| frame.min(browser.wanted_at()));
        timer.as_mut().reset(due.into());
        tokio::select! {
            biased;
            () = leg.wake.notified() => {}
            () = &mut timer, if !vanished => leg.send_due_frames(),
            permit = leg.outbox.room(), if leg.outbox.is_waiting() => leg.outbox.hand_over(permit),
            received = browser.socket.recv_from(&mut datagram) => {
                // An error is some host's refusal of an earlier packet of ours; the socket lives on.
                let Ok((length, from)) = received else { continue };
                browser.receive(&leg, &datagram[..length], from);
                for _ in 1..READ_BURST {
                    let Ok((length, from)) = browser.socket.try_recv_from(&mut datagram) else { break };
                    browser.receive(&leg, &datagram[..length], from);
                }
            }
        }
        if !vanished && browser.tick(&leg) {
            vanished = true;
            // The leg's task may wait here: it has nothing else to do, and closing it does not need the task.
            tokio::select! {
                _ = notices.send(MediaNotice::Vanished(leg.id)) => {}
                () = leg.wake.notified() => leg.wake.notify_one(),
            }
        }
        handle(&leg, browser, &mut packets);
    }
    browser.hang_up(&leg);
}

/// Puts the duration of a telephone event, which is in ticks of a telephone's clock, into those of the codec's.
fn by_clock(codec: Codec, event: &mut [u8]) {
    let Some(duration) = event.get_mut(2..).and_then(<[u8]>::first_chunk_mut::<2>) else { return };
    let times = u16::try_from(codec.clock_rate() / SAMPLE_RATE).unwrap_or(1);
    *duration = u16::from_be_bytes(*duration).saturating_mul(times).to_be_bytes();
}

/// Handles what the browser sent, without its lock: those of the legs that hear it are taken.
fn handle(leg: &Leg, browser: &BrowserTransport, packets: &mut Vec<RtpPacket>) {
    let formats = {
        let mut session = lock(&browser.session);
        std::mem::swap(packets, &mut session.received);
        if session.connected && !session.answered {
            session.answered = true;
            let codec = browser.codec.name().to_owned();
            leg.post(Event::Answered { leg: leg.id, codec, encryption: Encryption::DtlsSrtp, dialog: None });
        }
        session.formats
    };
    for packet in packets.drain(..) {
        let header = &packet.header;
        let codec = formats.codec(header.payload_type);
        let event = formats.is_event(header.payload_type);
        if (codec.is_none() && !event) || packet.payload.is_empty() || packet.payload.len() > DATAGRAM_MAX {
            count(&leg.counters.garbage);
            continue;
        }
        count(&leg.counters.received);
        let (ssrc, sequence, timestamp) = (*header.ssrc, header.sequence_number, header.timestamp);
        let digit = {
            let mut session = lock(&browser.session);
            session.reception.packet(ssrc, sequence, timestamp, !event, packet.timestamp);
            if event { session.digits.packet(ssrc, timestamp, &packet.payload, packet.timestamp) } else { None }
        };
        if let Some(digit) = digit {
            leg.post(Event::Digit { leg: leg.id, digit });
        }
        let Some(codec) = codec else {
            leg.keyed(ssrc, sequence, now());
            continue;
        };
        if !leg.is_heard() {
            continue;
        }
        let mut room = [0; HEADER + DATAGRAM_MAX + TRAILER];
        let end = HEADER + packet.payload.len();
        room[HEADER..end].copy_from_slice(&packet.payload);
        let room = &mut room[..end + TRAILER];
        leg.say(codec, Origin::Far { ssrc, sequence, timestamp }, room, now());
    }
}
