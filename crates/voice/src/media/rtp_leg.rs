//! A leg over plain RTP. Its task reads its socket and sends its frames; a packet for the bridged leg goes out of that leg's
//! socket at once, by this task, with the payload where it already lies. Whatever arrives that is not the far end's media is
//! counted and left.

use super::codec::Codec;
use super::counters::{LegCounters, count};
use super::digits::DigitDetector;
use super::latch::{Latch, Verdict};
use super::leg::{Leg, Transport, far_future, lock, now};
use super::numbering::{Numbering, Origin};
use super::reception::Reception;
use super::rtp::{self, DATAGRAM_MAX, Datagram, HEADER, Header};
use crate::sdp::{Local, Stream, TELEPHONE_EVENT_OFFERED};
use crate::{Event, LegStats};
use socket2::{SockAddr, SockRef};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::net::UdpSocket;

/// Datagrams read at one go before the leg's own frames get their turn.
const READ_BURST: usize = 16;

/// The sockets and the state of a leg over RTP.
#[derive(Debug)]
pub(super) struct RtpTransport {
    socket: UdpSocket,
    local: Mutex<Local>,
    receiving: Mutex<Receiving>,
    sending: Mutex<Sending>,
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
}

#[derive(Debug)]
struct Sending {
    numbering: Numbering,
    ssrc: u32,
    codec: Option<(Codec, u8)>,
    /// `None` while the far end does not want to receive.
    destination: Option<SockAddr>,
}

/// What a packet turned out to be.
enum Taken {
    Audio(Codec),
    TelephoneEvent,
}

impl RtpTransport {
    /// `advertised`: the address the far end is told. The numbers are random and of this leg alone.
    pub(super) fn new(socket: UdpSocket, advertised: SocketAddr, random: [u32; 4]) -> Self {
        let [ssrc, sequence, timestamp, session] = random;
        // The low half of a random number is as random as the whole.
        let numbering = Numbering::new(sequence as u16, timestamp);
        Self {
            socket,
            local: Mutex::new(Local { address: advertised, session_id: u64::from(session), version: 0 }),
            receiving: Mutex::default(),
            sending: Mutex::new(Sending { numbering, ssrc, codec: None, destination: None }),
        }
    }

    /// Our side for the next description: the version is one higher each time.
    pub(super) fn next_description(&self) -> Local {
        let mut local = lock(&self.local);
        local.version += 1;
        *local
    }

    /// Takes over what was agreed, first or by a re-INVITE.
    pub(super) fn agree(&self, stream: &Stream, answering: bool) {
        let mut receiving = lock(&self.receiving);
        let source = receiving.latch.describe(stream.address);
        receiving.codec = Some((stream.codec, stream.payload_type));
        // An answer may leave our number out of its list and still send under it.
        let offered = (!answering).then_some(TELEPHONE_EVENT_OFFERED);
        receiving.telephone_event = stream.telephone_event.or(offered);
        receiving.wanted = stream.direction.sends();
        let mut sending = lock(&self.sending);
        sending.codec = Some((stream.codec, stream.payload_type));
        sending.destination = source.filter(|_| stream.direction.receives()).map(SockAddr::from);
    }

    pub(super) fn codec(&self) -> Option<Codec> {
        lock(&self.sending).codec.map(|(codec, _)| codec)
    }

    pub(super) fn send(&self, counters: &LegCounters, codec: Codec, origin: Origin, packet: &mut [u8], now: Instant) {
        let Some((header, payload)) = packet.split_first_chunk_mut::<HEADER>() else { return };
        let mut sending = lock(&self.sending);
        let Some((ours, payload_type)) = sending.codec else { return };
        let ssrc = sending.ssrc;
        // What nobody receives must not use up numbers: the far end would count it as lost.
        let Some(destination) = sending.destination.clone() else { return };
        // A G.711 sample is a byte, and a datagram has fewer than 2^32 of them.
        let Some(stamp) = sending.numbering.stamp(origin, payload.len() as u32, now) else { return };
        codec.transcode(ours, payload);
        rtp::write(header, stamp.marker, payload_type, stamp.sequence as u16, stamp.timestamp, ssrc);
        // Straight to the kernel: a full send buffer drops the packet, as any router would.
        match SockRef::from(&self.socket).send_to(packet, &destination) {
            Ok(_) => count(&counters.sent),
            Err(_) => count(&counters.send_failures),
        }
    }

    pub(super) fn omit(&self, ssrc: u32) {
        lock(&self.sending).numbering.omit(ssrc);
    }

    pub(super) fn stats(&self, codec: String, packets_sent: u64) -> LegStats {
        let receiving = lock(&self.receiving);
        let reception = &receiving.reception;
        LegStats {
            codec,
            packets_received: reception.received(),
            packets_sent,
            packets_lost: reception.lost(),
            jitter_ms: reception.jitter_ms(),
        }
    }
}

impl Receiving {
    fn recognise(&self, payload_type: u8) -> Option<Taken> {
        if self.telephone_event == Some(payload_type) {
            return Some(Taken::TelephoneEvent);
        }
        let negotiated = self.codec.filter(|(_, number)| *number == payload_type).map(|(codec, _)| codec);
        negotiated.or_else(|| Codec::by_static_payload_type(payload_type)).map(Taken::Audio)
    }
}

/// Runs a leg until it is closed.
pub(super) async fn run(leg: Arc<Leg>) {
    let Transport::Rtp(rtp) = &leg.transport else { return };
    let mut datagram = [0; DATAGRAM_MAX + 1];
    let timer = tokio::time::sleep_until(far_future());
    tokio::pin!(timer);
    let mut due = None;
    while !leg.is_closing() {
        let next = leg.next_frame();
        if next != due {
            due = next;
            timer.as_mut().reset(next.map_or_else(far_future, Into::into));
        }
        tokio::select! {
            biased;
            () = leg.wake.notified() => {}
            () = &mut timer, if due.is_some() => leg.send_due_frames(),
            permit = leg.outbox.room(), if leg.outbox.is_waiting() => leg.outbox.hand_over(permit),
            received = rtp.socket.recv_from(&mut datagram) => {
                // An error is some host's refusal of an earlier packet of ours; the socket lives on.
                let Ok((length, from)) = received else { continue };
                handle(&leg, rtp, &mut datagram[..length], from);
                for _ in 1..READ_BURST {
                    let Ok((length, from)) = rtp.socket.try_recv_from(&mut datagram) else { break };
                    handle(&leg, rtp, &mut datagram[..length], from);
                }
            }
        }
    }
}

fn handle(leg: &Leg, rtp: &RtpTransport, datagram: &mut [u8], from: SocketAddr) {
    let header = match rtp::read(datagram) {
        Datagram::Rtp(header) => header,
        Datagram::Rtcp => return count(&leg.counters.rtcp),
        Datagram::Garbage => return count(&leg.counters.garbage),
    };
    let now = now();
    let taken = take(leg, rtp, &header, &datagram[header.payload.clone()], from, now);
    match (taken, leg.peer()) {
        (Some(Taken::Audio(codec)), Some(peer)) => {
            let origin = Origin::Far { ssrc: header.ssrc, sequence: header.sequence, timestamp: header.timestamp };
            peer.forward(codec, origin, &mut datagram[header.payload.start - HEADER..header.payload.end], now);
        }
        // Whoever this leg talks with must not learn what it keys.
        (Some(Taken::TelephoneEvent), Some(peer)) => peer.omit(header.ssrc),
        (_, None) | (None, _) => {}
    }
}

fn take(leg: &Leg, rtp: &RtpTransport, header: &Header, payload: &[u8], from: SocketAddr, now: Instant) -> Option<Taken> {
    let mut receiving = lock(&rtp.receiving);
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
        leg.post(Event::Digit { leg: leg.id, digit });
    }
    wanted.then_some(taken)
}
