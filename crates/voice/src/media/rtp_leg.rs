//! A leg over RTP, plain or encrypted. Its task reads its socket and sends its frames; a packet for the bridged leg goes out of
//! that leg's socket at once, by this task, with the payload where it already lies. Whatever arrives that is not the far end's
//! media is counted and left; on an encrypted leg nothing is believed of a packet, not even where it came from, before its tag
//! was found right.

mod control;

use super::MediaError;
use super::beats;
use super::codec::{Codec, FRAME_SAMPLES};
use super::counters::{LegCounters, count};
use super::digits::DigitDetector;
use super::latch::{Latch, Verdict};
use super::leg::{Leg, Transport, lock, now};
use super::numbering::{Numbering, Origin};
use super::presses::Teller;
use super::quality::{self, Ear, Way};
use super::reception::Reception;
use super::rtcp_session::{self, Port, RtcpSession};
use super::rtp::{self, DATAGRAM_MAX, Datagram, HEADER, Header, TRAILER};
use super::srtp::{Inbound, Keying, NewKeys, Outbound, Refusal};
use super::transcode::{self, Transcoder};
use crate::datagrams::Datagrams;
use crate::sdp::{self, Local, Stream, TELEPHONE_EVENT_OFFERED};
use crate::{Encryption, EncryptionPolicy, LegStats};
use socket2::SockAddr;
use std::cell::RefCell;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

/// Datagrams read at one go before the leg's own frames get their turn.
const READ_BURST: usize = 16;

/// The sockets and the state of a leg over RTP.
#[derive(Debug)]
pub(super) struct RtpTransport {
    socket: Datagrams,
    /// On the odd port beside: for RTCP, unless it comes with media.
    beside: Datagrams,
    local: Mutex<Local>,
    keying: Mutex<Keying>,
    receiving: Mutex<Receiving>,
    sending: Mutex<Sending>,
    rtcp: Mutex<RtcpSession>,
    ear: Mutex<Ear>,
}

#[derive(Debug, Default)]
struct Receiving {
    latch: Latch,
    reception: Reception,
    digits: DigitDetector,
    /// As negotiated; G.711 under its static numbers is understood in any case.
    codec: Option<(Codec, u8)>,
    telephone_event: Option<u8>,
    /// The far end sends media meant for us.
    wanted: bool,
    /// Set on an encrypted leg, which then hears nothing else.
    inbound: Option<Box<Inbound>>,
}

#[derive(Debug)]
struct Sending {
    numbering: Numbering,
    ssrc: u32,
    /// Sent, for reports: they count without an end.
    packets: u32,
    octets: u32,
    codec: Option<(Codec, u8)>,
    /// Made when something comes that a table does not turn into our codec.
    transcoder: Option<Box<Transcoder>>,
    /// Under which number the far end takes telephone events.
    telephone_event: Option<u8>,
    /// `None` while the far end does not want to receive.
    destination: Option<SockAddr>,
    /// Set on an encrypted leg, which then sends nothing else.
    outbound: Option<Outbound>,
}

/// What a packet turned out to be.
enum Taken {
    Audio(Codec),
    TelephoneEvent,
}

impl RtpTransport {
    /// `advertised`: the address the far end is told. The numbers are random and of this leg alone.
    pub(super) fn new(
        [socket, beside]: [Datagrams; 2],
        advertised: SocketAddr,
        policy: EncryptionPolicy,
        random: [u32; 4],
    ) -> Self {
        let [ssrc, sequence, timestamp, session] = random;
        // The low half of a random number is as random as the whole.
        let numbering = Numbering::new(sequence as u16, timestamp);
        Self {
            socket,
            beside,
            local: Mutex::new(Local { address: advertised, session_id: u64::from(session), version: 0 }),
            keying: Mutex::new(Keying::new(policy)),
            receiving: Mutex::default(),
            sending: Mutex::new(Sending {
                numbering,
                ssrc,
                packets: 0,
                octets: 0,
                codec: None,
                transcoder: None,
                telephone_event: None,
                destination: None,
                outbound: None,
            }),
            rtcp: Mutex::new(RtcpSession::new(now())),
            ear: Mutex::default(),
        }
    }

    /// Answers an offer. After an error the leg is as it was before.
    pub(super) fn answer(&self, offer: &str) -> Result<String, MediaError> {
        let mut keying = lock(&self.keying);
        let offer = sdp::read_offer(offer.as_bytes(), keying.policy())?;
        let keys = keying.answer(offer.stream.crypto.as_ref(), offer.stream.secure_profile)?;
        self.agree(&offer.stream, true, keys);
        Ok(sdp::write_answer(&offer, &self.next_description(), keying.answered().as_ref()))
    }

    /// Our offer.
    pub(super) fn offer(&self) -> String {
        let mut keying = lock(&self.keying);
        let (keys, secure_profile) = keying.offer();
        sdp::write_offer(&self.next_description(), keys, secure_profile)
    }

    /// Our offer once more, now for encrypted media alone; `None` where that was said already, must not be, or is agreed.
    pub(super) fn offer_secure(&self) -> Option<String> {
        let insisted = lock(&self.keying).insist();
        insisted.then(|| self.offer())
    }

    /// Whether the far end, whose media is agreed, wants none of ours.
    pub(super) fn is_held(&self) -> bool {
        let sending = lock(&self.sending);
        sending.codec.is_some() && sending.destination.is_none()
    }

    /// Whether the far end has said that it sends.
    pub(super) fn is_expected(&self) -> bool {
        lock(&self.receiving).wanted
    }

    /// Takes the answer to our offer. After an error the leg is as it was before.
    pub(super) fn accept_answer(&self, answer: &str) -> Result<(), MediaError> {
        let mut keying = lock(&self.keying);
        let stream = sdp::read_answer(answer.as_bytes(), keying.policy(), keying.offered())?;
        let keys = keying.accept(stream.crypto.as_ref(), stream.secure_profile)?;
        self.agree(&stream, false, keys);
        Ok(())
    }

    pub(super) fn encryption(&self) -> Encryption {
        lock(&self.keying).encryption()
    }

    /// Our side for the next description: the version is one higher each time.
    fn next_description(&self) -> Local {
        let mut local = lock(&self.local);
        local.version += 1;
        *local
    }

    /// Takes over what was agreed, first or by a re-INVITE.
    fn agree(&self, stream: &Stream, answering: bool, mut keys: NewKeys) {
        lock(&self.rtcp).agree(stream, &mut keys);
        let mut receiving = lock(&self.receiving);
        keys.inbound(&mut receiving.inbound);
        let source = receiving.latch.describe(stream.address);
        receiving.codec = Some((stream.codec, stream.payload_type));
        // An answer may leave our number out of its list and still send under it.
        let offered = (!answering).then_some(TELEPHONE_EVENT_OFFERED);
        receiving.telephone_event = stream.telephone_event.or(offered);
        receiving.wanted = stream.direction.sends();
        let mut sending = lock(&self.sending);
        let sending = &mut *sending;
        sending.transcoder.take_if(|transcoder| transcoder.target() != stream.codec);
        if let Some(outbound) = keys.outbound(|| sending.numbering.new_key()) {
            sending.outbound = Some(outbound);
        }
        sending.codec = Some((stream.codec, stream.payload_type));
        sending.telephone_event = stream.telephone_event;
        sending.destination = source.filter(|_| stream.direction.receives()).map(SockAddr::from);
    }

    pub(super) fn codec(&self) -> Option<Codec> {
        lock(&self.sending).codec.map(|(codec, _)| codec)
    }

    pub(super) fn takes_events(&self) -> bool {
        lock(&self.sending).telephone_event.is_some()
    }

    pub(super) fn send(&self, counters: &LegCounters, codec: Codec, origin: Origin, packet: &mut [u8], now: Instant) {
        let mut sending = lock(&self.sending);
        let Some((ours, _)) = sending.codec else { return };
        if codec.passes_as(ours) || origin.is_event() {
            return self.emit(&mut sending, counters, codec, origin, packet, now);
        }
        // Nobody receives it: it is not worth the work.
        if sending.destination.is_none() {
            return;
        }
        let mut transcoder = transcode::into(sending.transcoder.take(), codec, ours);
        transcode::each(&mut transcoder, codec, origin, packet, &mut |origin, packet| {
            self.emit(&mut sending, counters, ours, origin, packet, now);
        });
        sending.transcoder = Some(transcoder);
    }

    fn emit(&self, sending: &mut Sending, counters: &LegCounters, codec: Codec, origin: Origin, packet: &mut [u8], now: Instant) {
        let Some(end) = packet.len().checked_sub(TRAILER) else { return };
        let Some((header, payload)) = packet[..end].split_first_chunk_mut::<HEADER>() else { return };
        let Some((ours, payload_type)) = sending.codec else { return };
        let (payload_type, ticks) = match origin {
            Origin::Own { .. } | Origin::Far { .. } => (Some(payload_type), codec.ticks(payload)),
            Origin::Event { .. } => (sending.telephone_event, Some(FRAME_SAMPLES as u32)),
        };
        let (Some(payload_type), Some(ticks)) = (payload_type, ticks) else { return };
        let ssrc = sending.ssrc;
        // What nobody receives must not use up numbers: the far end would count it as lost.
        let Some(destination) = sending.destination.clone() else { return };
        let octets = payload.len() as u32;
        let Some(stamp) = sending.numbering.stamp(origin, ticks, now) else { return };
        match origin {
            Origin::Own { .. } | Origin::Far { .. } => codec.transcode(ours, payload),
            Origin::Event { .. } => {}
        }
        rtp::write(header, stamp.marker, payload_type, stamp.sequence as u16, stamp.timestamp, ssrc);
        let length = match &sending.outbound {
            None => Some(end),
            Some(outbound) => outbound.protect(packet, end, ssrc, stamp.sequence),
        };
        // Straight to the kernel: a full send buffer drops the packet, as any router would. What cannot be encrypted is not sent.
        match length.map(|length| self.socket.send_to(&packet[..length], &destination)) {
            Some(Ok(_)) => {
                sending.packets = sending.packets.wrapping_add(1);
                sending.octets = sending.octets.wrapping_add(octets);
                count(&counters.sent);
            }
            Some(Err(_)) | None => count(&counters.send_failures),
        }
    }

    pub(super) fn omit(&self, ssrc: u32) {
        let mut sending = lock(&self.sending);
        match sending.transcoder.as_mut().filter(|transcoder| transcoder.has(ssrc)) {
            Some(transcoder) => transcoder.omit(ssrc),
            None => sending.numbering.omit(ssrc),
        }
    }

    pub(super) fn stats(&self, codec: String, packets_sent: u64) -> LegStats {
        let far = lock(&self.rtcp).far();
        let receiving = lock(&self.receiving);
        let reception = &receiving.reception;
        let spoken = receiving.codec.map(|(codec, _)| codec);
        let heard = Way::counted(reception.lost(), reception.received(), reception.jitter_ms());
        let ways = [heard, far.way(packets_sent)];
        LegStats {
            codec,
            packets_received: reception.received(),
            packets_sent,
            packets_lost: reception.lost(),
            jitter_ms: reception.jitter_ms(),
            round_trip_ms: far.round_trip_mean().map(|time| time.as_secs_f64() * 1000.0),
            far_lost: far.lost(),
            far_jitter_ms: far.jitter_ms(),
            mos: spoken.and_then(|codec| quality::score(codec, ways, far.round_trip_mean())),
        }
    }
}

/// Why a datagram was not opened.
enum Closed {
    /// RTCP, which has keys of its own.
    Control,
    Refused(Refusal),
}

impl Receiving {
    /// Opens a datagram where it lies. Returns the length of what is plain RTP then, if it is RTP at all.
    fn open(&mut self, datagram: &mut [u8]) -> Result<usize, Closed> {
        match &mut self.inbound {
            None => Ok(datagram.len()),
            Some(_) if rtp::is_control(datagram) => Err(Closed::Control),
            Some(inbound) => inbound.open(datagram).map_err(Closed::Refused),
        }
    }

    fn recognise(&self, payload_type: u8) -> Option<Taken> {
        if self.telephone_event == Some(payload_type) {
            return Some(Taken::TelephoneEvent);
        }
        let negotiated = self.codec.filter(|(_, number)| *number == payload_type).map(|(codec, _)| codec);
        negotiated.or_else(|| Codec::by_static_payload_type(payload_type)).map(Taken::Audio)
    }
}

thread_local! {
    /// Where a datagram lies while it is handled: one at a time on a thread, so that no leg has to keep room for one. Behind the longest
    /// there is room for the tag of the bridged leg.
    static ROOM: RefCell<[u8; DATAGRAM_MAX + 1 + TRAILER]> = const { RefCell::new([0; DATAGRAM_MAX + 1 + TRAILER]) };
}

/// Runs a leg until it is closed.
pub(super) async fn run(leg: Arc<Leg>) {
    let Transport::Rtp(rtp) = &leg.transport else { return };
    let timer = tokio::time::sleep_until((now() + rtcp_session::interval(true)).into());
    tokio::pin!(timer);
    while !leg.is_over() {
        tokio::select! {
            biased;
            () = leg.wake.notified() => beats::join(&leg),
            () = &mut timer => {
                rtp.report(&leg, false);
                timer.as_mut().reset((now() + rtcp_session::interval(false)).into());
            }
            permit = leg.outbox.room(), if leg.outbox.is_waiting() => leg.outbox.hand_over(permit),
            Ok(()) = rtp.socket.readable() => ROOM.with_borrow_mut(|room| rtp.read(&leg, room)),
            Ok(()) = rtp.beside.readable() => ROOM.with_borrow_mut(|room| rtp.read_beside(&leg, &mut room[..=DATAGRAM_MAX])),
        }
    }
    rtp.report(&leg, true);
}

impl RtpTransport {
    fn read(&self, leg: &Leg, room: &mut [u8]) {
        for _ in 0..READ_BURST {
            match self.socket.try_recv_from(&mut room[..=DATAGRAM_MAX]) {
                Ok((length, from)) => handle(leg, self, room, length, from),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                // Some host's refusal of an earlier packet of ours; the socket lives on.
                Err(_) => {}
            }
        }
    }
}

/// Handles the datagram that lies in the first `length` bytes of `room`.
fn handle(leg: &Leg, rtp: &RtpTransport, room: &mut [u8], length: usize, from: SocketAddr) {
    let now = now();
    let mut receiving = lock(&rtp.receiving);
    let opened = receiving.open(&mut room[..length]);
    let header = match opened.map(|length| rtp::read(&room[..length])) {
        Ok(Datagram::Rtp(header)) => header,
        Ok(Datagram::Rtcp) | Err(Closed::Control) => {
            drop(receiving);
            return rtp.take_control(&leg.counters, &mut room[..length], from, Port::Media);
        }
        Ok(Datagram::Garbage) | Err(Closed::Refused(Refusal::Malformed)) => return count(&leg.counters.garbage),
        Err(Closed::Refused(Refusal::Unauthentic)) => return count(&leg.counters.unauthentic),
        Err(Closed::Refused(Refusal::Replayed)) => return count(&leg.counters.replayed),
    };
    let taken = take(leg, rtp, receiving, &header, &room[header.payload.clone()], from, now);
    match taken {
        Some(Taken::Audio(codec)) => {
            let origin = Origin::Far { ssrc: header.ssrc, sequence: header.sequence, timestamp: header.timestamp };
            leg.say(codec, origin, &mut room[header.payload.start - HEADER..header.payload.end + TRAILER], now);
        }
        Some(Taken::TelephoneEvent) => leg.keyed(header.ssrc, header.sequence, now),
        None => {}
    }
}

fn take(
    leg: &Leg,
    rtp: &RtpTransport,
    mut receiving: MutexGuard<'_, Receiving>,
    header: &Header,
    payload: &[u8],
    from: SocketAddr,
    now: Instant,
) -> Option<Taken> {
    let Some(taken) = receiving.recognise(header.payload_type) else {
        drop(receiving);
        count(&leg.counters.garbage);
        return None;
    };
    match receiving.latch.judge(from, header.ssrc, now) {
        Verdict::Known => {}
        Verdict::Latched(source) => {
            let mut sending = lock(&rtp.sending);
            if sending.destination.is_some() {
                sending.destination = Some(source.into());
            }
        }
        Verdict::Stray => {
            drop(receiving);
            count(&leg.counters.strays);
            return None;
        }
    }
    count(&leg.counters.received);
    let timed = matches!(taken, Taken::Audio(_));
    receiving.reception.packet(header.ssrc, header.sequence, header.timestamp, timed, now);
    let digit = match taken {
        Taken::TelephoneEvent => receiving.digits.packet(header.ssrc, header.timestamp, payload, now),
        Taken::Audio(_) => None,
    };
    let wanted = receiving.wanted;
    drop(receiving);
    if let Some(digit) = digit {
        leg.key_told(digit, Teller::Media);
    }
    wanted.then_some(taken)
}
