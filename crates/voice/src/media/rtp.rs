//! The RTP header (RFC 3550 section 5.1): read from whatever arrives on a socket, written before a payload. Reads no byte that
//! is not there and allocates nothing.

use std::ops::Range;

/// Bytes of the header we write: no CSRC, no extension.
pub(crate) const HEADER: usize = 12;

/// Largest datagram that is taken for RTP: an Ethernet frame. G.711 in the longest packets in use (60 ms) needs 492 bytes.
pub(crate) const DATAGRAM_MAX: usize = 1500;

/// Bytes that a packet to be sent has to leave free behind its payload: the longest authentication tag of SRTP.
pub(crate) const TRAILER: usize = 16;

/// The header of a received packet, and where its payload lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) marker: bool,
    pub(crate) payload_type: u8,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    pub(crate) ssrc: u32,
    pub(crate) payload: Range<usize>,
}

/// What a datagram on a media port is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Datagram {
    Rtp(Header),
    /// RTCP on the RTP port (RFC 5761).
    Rtcp,
    Garbage,
}

/// Tells what a datagram is. A payload is never empty.
pub(crate) fn read(datagram: &[u8]) -> Datagram {
    match read_rtp(datagram) {
        Some(Header { payload_type: 64..=95, .. }) => Datagram::Rtcp,
        Some(header) if !header.payload.is_empty() => Datagram::Rtp(header),
        _ if is_rtcp(datagram) => Datagram::Rtcp,
        _ => Datagram::Garbage,
    }
}

fn is_rtcp(datagram: &[u8]) -> bool {
    datagram.len() >= 4 && datagram[0] >> 6 == 2 && (192..=223).contains(&datagram[1])
}

fn read_rtp(datagram: &[u8]) -> Option<Header> {
    if datagram.len() > DATAGRAM_MAX {
        return None;
    }
    let &[flags, kind, s0, s1, t0, t1, t2, t3, i0, i1, i2, i3] = datagram.first_chunk::<HEADER>()?;
    let start = payload_start(datagram, flags)?;
    let mut end = datagram.len();
    if flags & 0x20 != 0 {
        let padding = usize::from(*datagram.last()?);
        end = end.checked_sub(padding).filter(|_| padding != 0)?;
    }
    if start > end {
        return None;
    }
    Some(Header {
        marker: kind & 0x80 != 0,
        payload_type: kind & 0x7F,
        sequence: u16::from_be_bytes([s0, s1]),
        timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
        ssrc: u32::from_be_bytes([i0, i1, i2, i3]),
        payload: start..end,
    })
}

/// Where the payload begins: after sources and extension.
fn payload_start(datagram: &[u8], flags: u8) -> Option<usize> {
    if flags >> 6 != 2 {
        return None;
    }
    let start = HEADER + 4 * usize::from(flags & 0x0F);
    if flags & 0x10 == 0 {
        return Some(start);
    }
    let &[_, _, high, low] = datagram.get(start..)?.first_chunk::<4>()?;
    Some(start + 4 + 4 * usize::from(u16::from_be_bytes([high, low])))
}

/// What can be read of a packet before it is decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clear {
    /// Bytes of the header with sources and extension; they may end behind the datagram.
    pub(crate) header: usize,
    pub(crate) sequence: u16,
    pub(crate) ssrc: u32,
}

/// Reads the header of an SRTP packet. Where its padding ends is told by encrypted bytes.
pub(crate) fn read_clear(datagram: &[u8]) -> Option<Clear> {
    let &[flags, _, s0, s1, _, _, _, _, i0, i1, i2, i3] = datagram.first_chunk::<HEADER>()?;
    let header = payload_start(datagram, flags)?;
    Some(Clear { header, sequence: u16::from_be_bytes([s0, s1]), ssrc: u32::from_be_bytes([i0, i1, i2, i3]) })
}

/// Whether a datagram is RTCP or SRTCP by its type, which is not encrypted (RFC 5761 section 4).
pub(crate) fn is_control(datagram: &[u8]) -> bool {
    datagram.first_chunk::<2>().is_some_and(|[flags, kind]| flags >> 6 == 2 && (64..=95).contains(&(kind & 0x7F)))
}

/// Writes a header into the twelve bytes before a payload.
pub(crate) fn write(header: &mut [u8; HEADER], marker: bool, payload_type: u8, sequence: u16, timestamp: u32, ssrc: u32) {
    header[0] = 0x80;
    header[1] = u8::from(marker) << 7 | payload_type & 0x7F;
    header[2..4].copy_from_slice(&sequence.to_be_bytes());
    header[4..8].copy_from_slice(&timestamp.to_be_bytes());
    header[8..12].copy_from_slice(&ssrc.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packet(payload: &[u8]) -> Vec<u8> {
        let mut header = [0; HEADER];
        write(&mut header, true, 8, 0x1234, 0x0102_0304, 0xAABB_CCDD);
        [&header[..], payload].concat()
    }

    #[test]
    fn what_is_written_can_be_read() {
        let header = Header {
            marker: true,
            payload_type: 8,
            sequence: 0x1234,
            timestamp: 0x0102_0304,
            ssrc: 0xAABB_CCDD,
            payload: 12..15,
        };
        assert_eq!(read(&packet(&[1, 2, 3])), Datagram::Rtp(header));
    }

    #[test]
    fn extensions_sources_and_padding_are_left_out() {
        let mut bytes = packet(&[0; 20]);
        bytes[0] = 0x80 | 0x20 | 0x10 | 1;
        bytes[16..20].copy_from_slice(&[0xBE, 0xDE, 0, 1]);
        let last = bytes.len() - 1;
        bytes[last] = 3;
        let Datagram::Rtp(header) = read(&bytes) else { panic!("not RTP") };
        assert_eq!(header.payload, 24..29);
    }

    #[test]
    fn rtcp_and_garbage_are_told_apart() {
        assert_eq!(read(&[0x80, 200, 0, 6, 0, 0, 0, 1]), Datagram::Rtcp);
        assert_eq!(
            read(&[0x81; 28]),
            Datagram::Rtp(Header {
                marker: true,
                payload_type: 1,
                sequence: 0x8181,
                timestamp: 0x8181_8181,
                ssrc: 0x8181_8181,
                payload: 16..28
            })
        );
        let sender_report = [&[0x80, 200, 0, 6][..], &[0; 24]].concat();
        assert_eq!(read(&sender_report), Datagram::Rtcp);
        for garbage in [&b""[..], b"\x80", b"OPTIONS sip:x SIP/2.0\r\n\r\n", &packet(&[]), &packet(&[0; 1600]), &[0xBF; 13]] {
            assert_eq!(read(garbage), Datagram::Garbage, "{garbage:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), flags: u8) {
            let mut bytes = bytes;
            if let Some(first) = bytes.first_mut() {
                *first = 0x80 | (flags & 0x3F);
            }
            if let Datagram::Rtp(header) = read(&bytes) {
                prop_assert!(header.payload.start >= HEADER && header.payload.end <= bytes.len() && !header.payload.is_empty());
            }
        }
    }
}
