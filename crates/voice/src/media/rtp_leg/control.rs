//! RTCP of a leg over RTP: its packets read from both ports, its reports sent. What they mean is said in
//! [`rtcp_session`](crate::media::rtcp_session).

use super::{READ_BURST, RtpTransport, lock};
use crate::Event;
use crate::media::counters::{LegCounters, count};
use crate::media::leg::{Leg, now};
use crate::media::quality::Way;
use crate::media::rtcp_session::{Dropped, Media, Port, ROOM};
use std::net::SocketAddr;

impl RtpTransport {
    /// Takes a packet, which is decrypted where it lies.
    pub(super) fn take_control(&self, counters: &LegCounters, datagram: &mut [u8], from: SocketAddr, port: Port) {
        let ours = lock(&self.sending).ssrc;
        let media = {
            let receiving = lock(&self.receiving);
            Media { far_end: receiving.latch.far_end(), heard: receiving.reception.source(), ours }
        };
        match lock(&self.rtcp).take(datagram, from, port, media, now()) {
            Ok(()) => count(&counters.rtcp),
            Err(Dropped::Garbage) => count(&counters.garbage),
            Err(Dropped::Stray) => count(&counters.strays),
            Err(Dropped::Unauthentic) => count(&counters.unauthentic),
            Err(Dropped::Replayed) => count(&counters.replayed),
        }
    }

    /// Reads what came to the port beside that of media, into room for the longest datagram.
    pub(super) fn read_beside(&self, leg: &Leg, room: &mut [u8]) {
        for _ in 0..READ_BURST {
            // An error is some host's refusal of an earlier packet of ours; the socket lives on.
            let Ok((length, from)) = self.beside.try_recv_from(room) else { return };
            self.take_control(&leg.counters, &mut room[..length], from, Port::Beside);
        }
    }

    /// Tells the far end what was sent and how it is heard; with `goodbye`, for the last time.
    pub(super) fn report(&self, leg: &Leg, goodbye: bool) {
        let now = now();
        let (standing, jitter_ms, media, codec) = {
            let mut receiving = lock(&self.receiving);
            let reception = &mut receiving.reception;
            let (standing, jitter_ms) = (reception.report(), reception.jitter_ms());
            (standing, jitter_ms, receiving.latch.far_end(), receiving.codec)
        };
        let heard = standing.map(|standing| Way { loss: standing.loss(), jitter_ms });
        if let Some((codec, _)) = codec {
            let changed = lock(&self.ear).judge(codec, heard, lock(&self.rtcp).far_mut());
            if let Some(quality) = changed {
                leg.post(Event::QualityChanged { leg: leg.id, quality });
            }
        }
        let (ours, sent) = {
            let sending = lock(&self.sending);
            (sending.ssrc, (sending.packets, sending.octets, sending.numbering.clock(now)))
        };
        let mut rtcp = lock(&self.rtcp);
        let Some((port, destination)) = rtcp.destination(media) else { return };
        let mut room = [0; ROOM];
        let Some(length) = rtcp.write(&mut room, ours, sent, standing, goodbye, now) else { return };
        drop(rtcp);
        let socket = match port {
            Port::Media => &self.socket,
            Port::Beside => &self.beside,
        };
        if socket.send_to(&room[..length], &destination.into()).is_err() {
            count(&leg.counters.send_failures);
        }
    }
}
