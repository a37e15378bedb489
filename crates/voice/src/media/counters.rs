//! Counts of one leg, kept without a lock, and their sum over all legs of this process.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// One leg's counts. Each leg has its own, so that calls do not contend for a cache line.
#[derive(Debug, Default)]
pub(super) struct LegCounters {
    pub(super) received: AtomicU64,
    pub(super) sent: AtomicU64,
    pub(super) rtcp: AtomicU64,
    pub(super) garbage: AtomicU64,
    pub(super) strays: AtomicU64,
    pub(super) unauthentic: AtomicU64,
    pub(super) replayed: AtomicU64,
    pub(super) send_failures: AtomicU64,
    pub(super) events_dropped: AtomicU64,
}

impl LegCounters {
    /// What has come from the far end.
    pub(super) fn heard(&self) -> u64 {
        self.received.load(Relaxed) + self.rtcp.load(Relaxed)
    }
}

pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

/// What the media of this process did since its start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MediaCounters {
    /// Legs with RTP, plain or with SDES keys, that are open now.
    pub rtp_legs: u64,
    /// Browser legs that are open now.
    pub browser_legs: u64,
    /// RTP packets taken.
    pub packets_received: u64,
    /// RTP packets sent.
    pub packets_sent: u64,
    /// RTCP packets taken on legs over RTP.
    pub rtcp: u64,
    /// Datagrams that are neither RTP of a negotiated payload type nor RTCP.
    pub garbage: u64,
    /// Packets from a source that is not the leg's far end.
    pub strays: u64,
    /// SRTP and SRTCP packets whose tag is not what the leg's key makes of them.
    pub unauthentic: u64,
    /// SRTP and SRTCP packets that came before, or too late to tell.
    pub replayed: u64,
    /// Datagrams the kernel refused to send, or that could not be encrypted.
    pub send_failures: u64,
    /// Events lost because the controller did not read them, see [`MediaPlane`](super::MediaPlane).
    pub events_dropped: u64,
}

impl MediaCounters {
    pub(super) fn add(&mut self, leg: &LegCounters) {
        self.packets_received += leg.received.load(Relaxed);
        self.packets_sent += leg.sent.load(Relaxed);
        self.rtcp += leg.rtcp.load(Relaxed);
        self.garbage += leg.garbage.load(Relaxed);
        self.strays += leg.strays.load(Relaxed);
        self.unauthentic += leg.unauthentic.load(Relaxed);
        self.replayed += leg.replayed.load(Relaxed);
        self.send_failures += leg.send_failures.load(Relaxed);
        self.events_dropped += leg.events_dropped.load(Relaxed);
    }
}
