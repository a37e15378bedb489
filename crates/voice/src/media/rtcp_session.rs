//! RTCP of one leg (RFC 3550 section 6), without a socket: what is told to the far end, what it tells, where both go. Whatever
//! arrives is believed only from where the leg's media comes from, or under its key; and nothing that is believed moves the
//! leg's media or ends it.

use super::codec::SAMPLE_RATE;
use super::ports::random_u32;
use super::quality::FarEnd;
use super::reception::Standing;
use super::rtcp::{self, Block, CNAME, PACKET_MAX, Report, Sent};
use super::srtp::{CONTROL_TRAILER, ControlInbound, ControlOutbound, NewKeys, Refusal};
use crate::sdp::Stream;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Shortest mean time between reports (RFC 3550 section 6.2). Two people on a telephone stay below the bandwidth that would make
/// it longer.
const INTERVAL_MEAN: Duration = Duration::from_secs(5);
/// Makes up for what the randomisation shortens (e - 3/2, RFC 3550 section 6.3.1).
const COMPENSATION: f64 = 1.218_28;
/// A longer way there and back is a misreading of a clock.
const ROUND_TRIP_MAX: Duration = Duration::from_secs(30);

/// Room for the longest packet, protected.
pub(super) const ROOM: usize = PACKET_MAX + CONTROL_TRAILER;

/// How long until the next report: random, so that no two legs keep step (RFC 3550 A.7 for two participants). The first one comes
/// in half the time.
pub(super) fn interval(first: bool) -> Duration {
    // Without random numbers a report is late, and nothing worse.
    let random = random_u32().map_or(1.0, |random| f64::from(random) / f64::from(u32::MAX));
    let mean = if first { INTERVAL_MEAN / 2 } else { INTERVAL_MEAN };
    mean.mul_f64((0.5 + random) / COMPENSATION)
}

/// Which of a leg's two ports a packet came to, or goes out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Port {
    /// The one for media (RFC 5761).
    Media,
    /// The odd one beside it.
    Beside,
}

/// How the leg's media stands when a packet is taken or written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Media {
    /// Where it comes from, or is described to come from.
    pub(super) far_end: Option<SocketAddr>,
    /// Its source, once it was heard.
    pub(super) heard: Option<u32>,
    /// Our own.
    pub(super) ours: u32,
}

/// Why a packet was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dropped {
    Garbage,
    /// Not from the far end.
    Stray,
    Unauthentic,
    Replayed,
}

/// The state of one leg's RTCP.
#[derive(Debug)]
pub(super) struct RtcpSession {
    opened: Instant,
    cname: [u8; CNAME],
    muxed: bool,
    /// Where the far end wants reports if not beside its media, as described and as heard.
    described: Option<SocketAddr>,
    source: Option<SocketAddr>,
    outbound: Option<ControlOutbound>,
    inbound: Option<Box<ControlInbound>>,
    /// The last sender report: whose, the middle of its clock, when it came.
    last_report: Option<(u32, u32, Instant)>,
    far: FarEnd,
    /// Our packets at the last two reports.
    sent_before: [u32; 2],
    spoken: bool,
}

impl RtcpSession {
    pub(super) fn new(opened: Instant) -> Self {
        let mut random = [0; CNAME / 4 * 3];
        crate::random::fill(&mut random);
        let mut cname = [b'A'; CNAME];
        // Four characters for three bytes: it fits.
        let _ = STANDARD.encode_slice(random, &mut cname);
        Self {
            opened,
            cname,
            muxed: false,
            described: None,
            source: None,
            outbound: None,
            inbound: None,
            last_report: None,
            far: FarEnd::default(),
            sent_before: [0; 2],
            spoken: false,
        }
    }

    /// Takes over what was agreed, first or by a re-INVITE.
    pub(super) fn agree(&mut self, stream: &Stream, keys: &mut NewKeys) {
        keys.control(&mut self.outbound, &mut self.inbound);
        self.muxed = stream.rtcp_mux;
        if let Some(described) = stream.rtcp {
            self.described = Some(described);
        }
    }

    pub(super) fn far(&self) -> FarEnd {
        self.far
    }

    pub(super) fn far_mut(&mut self) -> &mut FarEnd {
        &mut self.far
    }

    /// Where our reports go.
    pub(super) fn destination(&self, media: Option<SocketAddr>) -> Option<(Port, SocketAddr)> {
        let media = media?;
        if self.muxed {
            return Some((Port::Media, media));
        }
        // Never to another host than media: behind a NAT the described one is somebody else's.
        let here = |address: &SocketAddr| address.ip() == media.ip();
        self.source.filter(here).or(self.described.filter(here)).map(|address| (Port::Beside, address))
    }

    /// Takes a packet, which is decrypted where it lies.
    pub(super) fn take(
        &mut self,
        datagram: &mut [u8],
        from: SocketAddr,
        port: Port,
        media: Media,
        now: Instant,
    ) -> Result<(), Dropped> {
        let length = match &mut self.inbound {
            Some(inbound) => inbound.open(datagram).map_err(|refusal| match refusal {
                Refusal::Malformed => Dropped::Garbage,
                Refusal::Unauthentic => Dropped::Unauthentic,
                Refusal::Replayed => Dropped::Replayed,
            })?,
            None => {
                let from_there = media.far_end.is_some_and(|far| match port {
                    Port::Media => far == from,
                    Port::Beside => far.ip() == from.ip(),
                });
                if !from_there {
                    return Err(Dropped::Stray);
                }
                datagram.len()
            }
        };
        let report = rtcp::read(&datagram[..length], media.ours).ok_or(Dropped::Garbage)?;
        // The source of media is a random number, and a phone's reports are those of its media.
        if self.inbound.is_none() && media.heard.is_some_and(|heard| heard != report.sender) {
            return Err(Dropped::Stray);
        }
        if port == Port::Beside {
            self.source = Some(from);
        }
        self.learn(&report, now);
        Ok(())
    }

    fn learn(&mut self, report: &Report, now: Instant) {
        if let Some(sent) = &report.sent {
            self.last_report = Some((report.sender, rtcp::middle(sent.ntp), now));
        }
        let Some(block) = &report.block else { return };
        let lost = u64::try_from(block.lost).unwrap_or(0);
        // Every codec of a phone has a clock of that rate.
        let jitter_ms = f64::from(block.jitter) * 1000.0 / f64::from(SAMPLE_RATE);
        self.far.reported(lost, f64::from(block.fraction_lost) / 256.0, jitter_ms);
        if block.last_report == 0 {
            return;
        }
        let ticks = rtcp::middle(self.ntp(now)).wrapping_sub(block.last_report).wrapping_sub(block.delay);
        let round_trip = Duration::from_secs_f64(f64::from(ticks) / 65_536.0);
        if round_trip <= ROUND_TRIP_MAX {
            self.far.measured(round_trip);
        }
    }

    /// Writes a report and protects it. `sent`: packets, octets and the stream's clock; `standing`: how the far end is heard.
    /// Returns its length; `None` while there is nothing to say.
    pub(super) fn write(
        &mut self,
        room: &mut [u8; ROOM],
        ours: u32,
        (packets, octets, timestamp): (u32, u32, u32),
        standing: Option<Standing>,
        goodbye: bool,
        now: Instant,
    ) -> Option<usize> {
        if packets == 0 && standing.is_none() && !self.spoken {
            return None;
        }
        // Who has sent nothing since the report before the last is a receiver (RFC 3550 section 6.4).
        let sends = packets != self.sent_before[0];
        self.sent_before = [self.sent_before[1], packets];
        let sent = sends.then(|| Sent { ntp: self.ntp(now), timestamp, packets, octets });
        let block = standing.map(|standing| self.block(&standing, now));
        let report = Report { sender: ours, sent, block, goodbye };
        let plain = room.first_chunk_mut::<PACKET_MAX>()?;
        let length = rtcp::write(plain, &report, &self.cname);
        self.spoken = true;
        match &mut self.outbound {
            None => Some(length),
            Some(outbound) => outbound.protect(room, length, ours),
        }
    }

    fn block(&self, standing: &Standing, now: Instant) -> Block {
        let (expected, missing) = standing.interval;
        let fraction = (missing.max(0).cast_unsigned() * 256).checked_div(expected).unwrap_or(0);
        let last = self.last_report.filter(|(source, ..)| *source == standing.ssrc);
        let delay = |at: Instant| (now.saturating_duration_since(at).as_secs_f64() * 65_536.0) as u32;
        Block {
            ssrc: standing.ssrc,
            fraction_lost: u8::try_from(fraction).unwrap_or(u8::MAX),
            lost: standing.lost.clamp(-0x80_0000, 0x7F_FFFF) as i32,
            highest: standing.highest,
            jitter: standing.jitter,
            last_report: last.map_or(0, |(_, middle, _)| middle),
            delay: last.map_or(0, |(.., at)| delay(at)),
        }
    }

    /// The leg's clock, which starts at one second: it tells nobody the time of day, and its middle is not 0, which means none.
    fn ntp(&self, now: Instant) -> u64 {
        let elapsed = now.saturating_duration_since(self.opened);
        let fraction = (u64::from(elapsed.subsec_nanos()) << 32) / 1_000_000_000;
        ((elapsed.as_secs() + 1) << 32) + fraction
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> SocketAddr {
        address.parse().unwrap_or_else(|_| panic!("not an address: {address}"))
    }

    const PHONE: &str = "198.51.100.1:4000";
    const BESIDE: &str = "198.51.100.1:4001";
    const NAT: &str = "203.0.113.9:50000";
    const THIEF: &str = "192.0.2.66:4001";

    fn session(muxed: bool) -> (RtcpSession, Instant) {
        let start = Instant::now();
        let session = RtcpSession { muxed, described: Some(at(BESIDE)), ..RtcpSession::new(start) };
        (session, start)
    }

    fn media(far_end: &str, heard: Option<u32>) -> Media {
        Media { far_end: Some(at(far_end)), heard, ours: 1 }
    }

    fn packet(sender: u32, block: Option<Block>) -> Vec<u8> {
        let sent = Some(Sent { ntp: 0x0000_1234_5678_0000, timestamp: 0, packets: 1, octets: 160 });
        let mut room = [0; PACKET_MAX];
        let length = rtcp::write(&mut room, &Report { sender, sent, block, goodbye: false }, &[b'x'; CNAME]);
        room[..length].to_vec()
    }

    #[test]
    fn reports_are_believed_from_where_media_comes_from() {
        use Port::{Beside, Media as OnMedia};
        for (port, from, media, expected) in [
            (Beside, BESIDE, media(PHONE, Some(7)), Ok(())),
            (Beside, "198.51.100.1:9", media(PHONE, Some(7)), Ok(())),
            (Beside, THIEF, media(PHONE, Some(7)), Err(Dropped::Stray)),
            (Beside, BESIDE, media(NAT, Some(7)), Err(Dropped::Stray)),
            (Beside, "203.0.113.9:50033", media(NAT, None), Ok(())),
            (Beside, BESIDE, media(PHONE, Some(8)), Err(Dropped::Stray)),
            (OnMedia, PHONE, media(PHONE, Some(7)), Ok(())),
            (OnMedia, BESIDE, media(PHONE, Some(7)), Err(Dropped::Stray)),
            (Beside, BESIDE, Media { far_end: None, heard: None, ours: 1 }, Err(Dropped::Stray)),
        ] {
            let (mut session, start) = session(port == OnMedia);
            assert_eq!(
                session.take(&mut packet(7, None), from.parse().unwrap(), port, media, start),
                expected,
                "{port:?} {from}"
            );
            assert_eq!(session.last_report.is_some(), expected.is_ok());
        }
        let (mut session, start) = session(false);
        assert_eq!(session.take(&mut [0x81, 200, 0, 1], at(BESIDE), Beside, media(PHONE, None), start), Err(Dropped::Garbage));
    }

    #[test]
    fn reports_go_where_the_far_end_is_and_nowhere_else() {
        let (muxed, _) = session(true);
        assert_eq!(muxed.destination(Some(at(NAT))), Some((Port::Media, at(NAT))));
        let (mut beside, start) = session(false);
        assert_eq!(beside.destination(None), None);
        assert_eq!(beside.destination(Some(at(PHONE))), Some((Port::Beside, at(BESIDE))));
        assert_eq!(beside.destination(Some(at(NAT))), None, "a NAT's other ports are not known before it speaks");
        let from = at("203.0.113.9:50033");
        beside.take(&mut packet(7, None), from, Port::Beside, media(NAT, Some(7)), start).unwrap();
        assert_eq!(beside.destination(Some(at(NAT))), Some((Port::Beside, from)));
        assert_eq!(beside.destination(Some(at(PHONE))), Some((Port::Beside, at(BESIDE))), "media has moved");
    }

    #[test]
    fn the_round_trip_is_what_the_far_end_did_not_keep() {
        let (mut session, start) = session(false);
        let after = |ms| start + Duration::from_millis(ms);
        let mut room = [0; ROOM];
        let length = session.write(&mut room, 1, (10, 1600, 0), None, false, after(1000)).unwrap();
        let sent = rtcp::read(&room[..length], 0).and_then(|report| report.sent).unwrap();
        // It takes 30 ms there, is kept for 500 ms, and takes 50 ms back.
        let kept = 65_536 / 2;
        let block = Block {
            ssrc: 1,
            fraction_lost: 64,
            lost: 5,
            highest: 0,
            jitter: 80,
            last_report: rtcp::middle(sent.ntp),
            delay: kept,
        };
        session.take(&mut packet(7, Some(block)), at(BESIDE), Port::Beside, media(PHONE, None), after(1580)).unwrap();
        let far = session.far();
        assert_eq!((far.lost(), far.jitter_ms()), (Some(5), Some(10.0)));
        let round_trip = far.round_trip_mean().unwrap();
        assert!((round_trip.as_secs_f64() - 0.080).abs() < 0.001, "{far:?}");
        // A clock that runs wrong is not believed, and neither is a report that says it has read none of ours.
        for (last_report, delay) in [(rtcp::middle(sent.ntp), 2 * 65_536), (rtcp::middle(sent.ntp) + 99_999_999, 0), (0, 0)] {
            let block = Block { last_report, delay, lost: -1, ..block };
            session.take(&mut packet(7, Some(block)), at(BESIDE), Port::Beside, media(PHONE, None), after(1600)).unwrap();
        }
        assert_eq!(session.far().round_trip_mean(), Some(round_trip));
        assert_eq!(session.far().lost(), Some(0), "never below zero");
    }

    #[test]
    fn a_report_says_what_was_heard_and_when() {
        let (mut session, start) = session(false);
        let mut room = [0; ROOM];
        assert_eq!(session.write(&mut room, 1, (0, 0, 0), None, false, start), None, "nothing was said and nothing heard");
        session.take(&mut packet(7, None), at(BESIDE), Port::Beside, media(PHONE, None), start).unwrap();
        let standing = Standing { ssrc: 7, interval: (8, 2), lost: 2, highest: 70_000, jitter: 3 };
        let mut next = |packets, standing: Option<Standing>, seconds| {
            let now = start + Duration::from_secs(seconds);
            let length = session.write(&mut room, 1, (packets, 0, 0), standing, false, now).unwrap();
            rtcp::read(&room[..length], standing.map_or(0, |standing| standing.ssrc)).unwrap()
        };
        let first = next(0, Some(standing), 2);
        let expected =
            Block { ssrc: 7, fraction_lost: 64, lost: 2, highest: 70_000, jitter: 3, last_report: 0x1234_5678, delay: 2 << 16 };
        assert_eq!((first.sent, first.block), (None, Some(expected)));
        assert!(next(5, None, 7).sent.is_some());
        assert!(next(5, None, 12).sent.is_some(), "a sender is one for two reports");
        assert!(next(5, None, 17).sent.is_none());
        let other = next(5, Some(Standing { ssrc: 8, ..standing }), 22);
        let block = other.block.map(|block| (block.last_report, block.delay));
        assert_eq!(block, Some((0, 0)), "another source has sent no report");
    }

    #[test]
    fn reports_keep_no_step() {
        let times: Vec<_> = (0..200).map(|_| interval(false).as_secs_f64()).collect();
        let mean = times.iter().sum::<f64>() / 200.0;
        assert!(times.iter().all(|time| (2.05..6.16).contains(time)) && (3.6..4.6).contains(&mean), "{mean}");
        assert!((0..50).all(|_| (1.02..3.08).contains(&interval(true).as_secs_f64())));
    }
}
