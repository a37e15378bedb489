//! Symmetric RTP with a guard: media goes to where the far end's media really comes from, because phones behind a NAT cannot
//! know their own address. What must never happen is that a stranger's packets draw a running call to him.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How long the known source must have been silent before another one may follow it.
const SILENCE_MIN: Duration = Duration::from_millis(500);

/// Where one leg's media comes from.
#[derive(Debug, Default)]
pub(super) struct Latch {
    /// As the far end described itself; nothing is accepted before it did.
    described: Option<Option<SocketAddr>>,
    source: Option<Source>,
    /// A new description came after the source was learnt: after a silence anyone may follow once.
    open: bool,
}

#[derive(Debug)]
struct Source {
    address: SocketAddr,
    ssrc: u32,
    heard: Instant,
}

/// What became of a packet's source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The known source.
    Known,
    /// From now on the source: send there.
    Latched(SocketAddr),
    /// Not the source: the packet must be ignored.
    Stray,
}

impl Latch {
    /// The far end described where it wants its media (`None`: nowhere, it holds us). Returns where to send from now on.
    pub(super) fn describe(&mut self, address: Option<SocketAddr>) -> Option<SocketAddr> {
        let moved = self.described.is_some_and(|before| before != address) && address.is_some();
        if moved {
            self.source = None;
        }
        self.open = self.described.is_some();
        // A hold says nothing about where the media will come from afterwards.
        if address.is_some() || self.described.is_none() {
            self.described = Some(address);
        }
        address.map(|described| self.source.as_ref().map_or(described, |source| source.address))
    }

    /// Where the far end's media comes from; before it was heard, where it is described.
    pub(super) fn far_end(&self) -> Option<SocketAddr> {
        self.source.as_ref().map(|source| source.address).or(self.described.flatten())
    }

    /// Judges the source of a well-formed packet of a negotiated payload type.
    pub(super) fn judge(&mut self, from: SocketAddr, ssrc: u32, now: Instant) -> Verdict {
        let Some(described) = self.described else {
            return Verdict::Stray;
        };
        match &mut self.source {
            Some(source) if source.address == from => {
                source.heard = now;
                source.ssrc = ssrc;
                return Verdict::Known;
            }
            Some(source) if !source.may_be_followed(from, ssrc, described, self.open, now) => return Verdict::Stray,
            Some(_) => self.open = false,
            None => {}
        }
        self.source = Some(Source { address: from, ssrc, heard: now });
        Verdict::Latched(from)
    }
}

impl Source {
    fn may_be_followed(&self, by: SocketAddr, ssrc: u32, described: Option<SocketAddr>, open: bool, now: Instant) -> bool {
        if claim(by, described) > claim(self.address, described) {
            // Whoever was first has the weaker claim: a stranger, or a phone of an earlier call that has not noticed its end.
            return true;
        }
        let is_described = claim(by, described) > Claim::Elsewhere;
        let silent = now.saturating_duration_since(self.heard) >= SILENCE_MIN;
        // After a silence: the same host (a NAT chose a new port), the described one, or the same stream from a new network. Its
        // SSRC is a random number that a stranger off the path has not seen.
        silent && (open || is_described || by.ip() == self.address.ip() || ssrc == self.ssrc)
    }
}

/// How well a source fits what the signalling said, weakest first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    Elsewhere,
    /// The described host, from another port.
    Host,
    /// The described address itself.
    Address,
}

fn claim(source: SocketAddr, described: Option<SocketAddr>) -> Claim {
    match described {
        Some(described) if described == source => Claim::Address,
        Some(described) if described.ip() == source.ip() => Claim::Host,
        Some(_) | None => Claim::Elsewhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> SocketAddr {
        address.parse().unwrap_or_else(|_| panic!("not an address: {address}"))
    }

    /// Packets as `(ms, from, ssrc, expected)` after the description `198.51.100.1:4000`.
    fn check(redescribed_at: Option<(u64, Option<&str>)>, packets: &[(u64, &str, u32, Verdict)]) {
        let (mut latch, start) = (Latch::default(), Instant::now());
        assert_eq!(latch.judge(at("198.51.100.1:4000"), 1, start), Verdict::Stray, "nothing is accepted before the description");
        assert_eq!(latch.describe(Some(at("198.51.100.1:4000"))), Some(at("198.51.100.1:4000")));
        let mut redescribed_at = redescribed_at;
        for (ms, from, ssrc, expected) in packets {
            if let Some((_, address)) = redescribed_at.take_if(|(when, _)| *when <= *ms) {
                latch.describe(address.map(at));
            }
            assert_eq!(latch.judge(at(from), *ssrc, start + Duration::from_millis(*ms)), *expected, "{from} at {ms} ms");
        }
    }

    const PHONE: &str = "198.51.100.1:4000";
    const NAT: &str = "203.0.113.9:50000";
    const NAT_LATER: &str = "203.0.113.9:50999";
    const THIEF: &str = "192.0.2.66:6666";

    #[test]
    fn the_first_source_is_taken_and_a_thief_is_not() {
        check(
            None,
            &[
                (0, NAT, 1, Verdict::Latched(at(NAT))),
                (20, NAT, 1, Verdict::Known),
                (30, THIEF, 2, Verdict::Stray),
                (400, NAT_LATER, 1, Verdict::Stray),
                (540, NAT_LATER, 1, Verdict::Latched(at(NAT_LATER))),
                (550, NAT, 1, Verdict::Stray),
            ],
        );
    }

    #[test]
    fn silence_opens_the_way_for_the_caller_and_not_for_a_stranger() {
        check(
            None,
            &[
                (0, PHONE, 1, Verdict::Latched(at(PHONE))),
                (2000, THIEF, 2, Verdict::Stray),
                (2020, NAT, 1, Verdict::Latched(at(NAT))),
            ],
        );
    }

    #[test]
    fn the_described_host_outranks_whoever_was_first() {
        check(
            None,
            &[
                (0, THIEF, 2, Verdict::Latched(at(THIEF))),
                (5, PHONE, 1, Verdict::Latched(at(PHONE))),
                (10, THIEF, 2, Verdict::Stray),
            ],
        );
    }

    /// Two phones behind one address: the one of an earlier call still sends to the port that this call was given.
    #[test]
    fn the_described_address_outranks_another_port_of_its_host() {
        const EARLIER: &str = "198.51.100.1:4444";
        check(
            None,
            &[
                (0, EARLIER, 2, Verdict::Latched(at(EARLIER))),
                (5, PHONE, 1, Verdict::Latched(at(PHONE))),
                (20, EARLIER, 2, Verdict::Stray),
                (25, PHONE, 1, Verdict::Known),
                (600, EARLIER, 2, Verdict::Latched(at(EARLIER))),
                (620, PHONE, 1, Verdict::Latched(at(PHONE))),
            ],
        );
    }

    #[test]
    fn a_new_description_starts_again() {
        check(
            Some((100, Some("198.51.100.77:9000"))),
            &[
                (0, PHONE, 1, Verdict::Latched(at(PHONE))),
                (100, "198.51.100.77:9000", 3, Verdict::Latched(at("198.51.100.77:9000"))),
                (120, PHONE, 1, Verdict::Stray),
            ],
        );
    }

    #[test]
    fn a_refresh_keeps_the_source_but_lets_another_follow_its_silence_once() {
        check(
            Some((100, Some(PHONE))),
            &[
                (0, NAT, 1, Verdict::Latched(at(NAT))),
                (110, "192.0.2.5:1000", 9, Verdict::Stray),
                (700, "192.0.2.5:1000", 9, Verdict::Latched(at("192.0.2.5:1000"))),
                (1300, THIEF, 2, Verdict::Stray),
            ],
        );
    }

    #[test]
    fn a_hold_sends_nowhere_and_forgets_nothing() {
        let (mut latch, now) = (Latch::default(), Instant::now());
        latch.describe(Some(at(PHONE)));
        assert_eq!(latch.judge(at(NAT), 1, now), Verdict::Latched(at(NAT)));
        assert_eq!(latch.describe(None), None);
        assert_eq!(latch.describe(Some(at(PHONE))), Some(at(NAT)));
        assert_eq!(latch.judge(at(NAT), 1, now), Verdict::Known);
    }
}
