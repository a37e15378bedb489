//! RTCP as it travels (RFC 3550 section 6): reports and goodbyes read from whatever arrives on a socket, and ours written. Reads no
//! byte that is not there and allocates nothing. Of a compound packet only what concerns us is taken: who sends it, what it
//! sent, and what it says of our own stream.

/// Bytes of the name under which one leg's streams belong together: 96 random bits in base64 (RFC 7022), so that nobody can tell a
/// phone or a person by it.
pub(crate) const CNAME: usize = 16;

/// Room for the longest packet we write: a sender report with one block, a name, a goodbye.
pub(crate) const PACKET_MAX: usize = 28 + BLOCK + 12 + CNAME + 8;

const SENDER_REPORT: u8 = 200;
const RECEIVER_REPORT: u8 = 201;
const SOURCE_DESCRIPTION: u8 = 202;
const GOODBYE: u8 = 203;
const CNAME_ITEM: u8 = 1;

const BLOCK: usize = 24;
const SENT: usize = 20;

/// What the sender of a report has sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Its clock, in 2^-32 seconds.
    pub(crate) ntp: u64,
    /// The same moment in its stream.
    pub(crate) timestamp: u32,
    pub(crate) packets: u32,
    pub(crate) octets: u32,
}

/// How the sender of a report receives a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) ssrc: u32,
    /// Lost since its last report, in 256ths of what was expected.
    pub(crate) fraction_lost: u8,
    /// Lost since the stream began, from -2^23 to 2^23 - 1; below zero when more came twice than was lost.
    pub(crate) lost: i32,
    /// Highest sequence number, extended.
    pub(crate) highest: u32,
    /// In ticks of the stream's clock.
    pub(crate) jitter: u32,
    /// The middle of the last [`Sent::ntp`] it read, 0 for none.
    pub(crate) last_report: u32,
    /// How long ago that was, in 2^-16 seconds.
    pub(crate) delay: u32,
}

/// What a compound packet says to us, or what we say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) sender: u32,
    /// In a sender report.
    pub(crate) sent: Option<Sent>,
    /// About our stream when read, about the far end's when written.
    pub(crate) block: Option<Block>,
    /// The sender leaves.
    pub(crate) goodbye: bool,
}

/// The middle 32 bits of a clock: seconds and fractions of 16 bits each.
pub(crate) fn middle(ntp: u64) -> u32 {
    (ntp >> 16) as u32
}

/// Reads a compound packet; of its blocks the one about the stream `ours`. `None` for what is none (RFC 3550 A.2).
pub(crate) fn read(datagram: &[u8], ours: u32) -> Option<Report> {
    let mut report: Option<Report> = None;
    let mut rest = datagram;
    while !rest.is_empty() {
        let &[flags, kind, high, low] = rest.first_chunk::<4>()?;
        let length = 4 + 4 * usize::from(u16::from_be_bytes([high, low]));
        let (packet, behind) = rest.split_at_checked(length)?;
        let padded = flags & 0x20 != 0;
        // Only the last packet may be padded; what lies behind the blocks we read is not looked at.
        if flags >> 6 != 2 || (padded && !behind.is_empty()) {
            return None;
        }
        let (body, count) = (&packet[4..], usize::from(flags & 0x1F));
        match (kind, &mut report) {
            (SENDER_REPORT | RECEIVER_REPORT, known) => {
                let read = read_report(body, kind == SENDER_REPORT, count, ours)?;
                // A second report goes on with the blocks of the first (section 6.1).
                match known {
                    None => report = Some(read),
                    Some(first) if first.sender == read.sender => first.block = first.block.or(read.block),
                    Some(_) => {}
                }
            }
            (_, None) => return None,
            (GOODBYE, Some(report)) => report.goodbye |= leaves(body, count, report.sender)?,
            (_, Some(_)) => {}
        }
        rest = behind;
    }
    report
}

fn read_report(body: &[u8], sends: bool, count: usize, ours: u32) -> Option<Report> {
    let (sender, mut rest) = body.split_first_chunk::<4>()?;
    let mut sent = None;
    if sends {
        let (info, behind) = rest.split_first_chunk::<SENT>()?;
        let ntp = u64::from(word(info, 0)) << 32 | u64::from(word(info, 1));
        sent = Some(Sent { ntp, timestamp: word(info, 2), packets: word(info, 3), octets: word(info, 4) });
        rest = behind;
    }
    let blocks = rest.get(..count * BLOCK)?.chunks_exact(BLOCK);
    let block = blocks.map(read_block).find(|block| block.ssrc == ours);
    Some(Report { sender: u32::from_be_bytes(*sender), sent, block, goodbye: false })
}

fn read_block(bytes: &[u8]) -> Block {
    let loss = word(bytes, 1);
    Block {
        ssrc: word(bytes, 0),
        fraction_lost: (loss >> 24) as u8,
        // The sign is in bit 23.
        lost: (loss << 8).cast_signed() >> 8,
        highest: word(bytes, 2),
        jitter: word(bytes, 3),
        last_report: word(bytes, 4),
        delay: word(bytes, 5),
    }
}

fn leaves(body: &[u8], count: usize, sender: u32) -> Option<bool> {
    Some(body.get(..count * 4)?.chunks_exact(4).any(|source| word(source, 0) == sender))
}

/// The big-endian word at a place that is known to be there.
fn word(bytes: &[u8], at: usize) -> u32 {
    bytes[at * 4..].first_chunk().map_or(0, |word| u32::from_be_bytes(*word))
}

/// Writes a compound packet into the beginning of `room`: the report, our name, and a goodbye. Returns its length.
pub(crate) fn write(room: &mut [u8; PACKET_MAX], report: &Report, cname: &[u8; CNAME]) -> usize {
    let mut writer = Writer { room, length: 0 };
    let (blocks, sends) = (u8::from(report.block.is_some()), report.sent.is_some());
    let kind = if sends { SENDER_REPORT } else { RECEIVER_REPORT };
    let words = 1 + if sends { SENT / 4 } else { 0 } + usize::from(blocks) * BLOCK / 4;
    writer.header(blocks, kind, words);
    writer.word(report.sender);
    if let Some(sent) = &report.sent {
        writer.word((sent.ntp >> 32) as u32);
        writer.word(sent.ntp as u32);
        writer.word(sent.timestamp);
        writer.word(sent.packets);
        writer.word(sent.octets);
    }
    if let Some(block) = &report.block {
        let lost = block.lost.cast_unsigned() & 0x00FF_FFFF;
        writer.word(block.ssrc);
        writer.word(u32::from(block.fraction_lost) << 24 | lost);
        writer.word(block.highest);
        writer.word(block.jitter);
        writer.word(block.last_report);
        writer.word(block.delay);
    }
    // One chunk: source, item, and the zero that ends it, filled up to whole words.
    writer.header(1, SOURCE_DESCRIPTION, 2 + CNAME / 4);
    writer.word(report.sender);
    writer.bytes(&[CNAME_ITEM, CNAME as u8]);
    writer.bytes(cname);
    writer.bytes(&[0, 0]);
    if report.goodbye {
        writer.header(1, GOODBYE, 1);
        writer.word(report.sender);
    }
    writer.length
}

struct Writer<'a> {
    room: &'a mut [u8; PACKET_MAX],
    length: usize,
}

impl Writer<'_> {
    fn bytes(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        self.room[self.length..end].copy_from_slice(bytes);
        self.length = end;
    }

    fn word(&mut self, word: u32) {
        self.bytes(&word.to_be_bytes());
    }

    /// `words` that follow the header.
    fn header(&mut self, count: u8, kind: u8, words: usize) {
        // A handful of words.
        let [high, low] = (words as u16).to_be_bytes();
        self.bytes(&[0x80 | count, kind, high, low]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAME: &[u8; CNAME] = b"abcdefghijklmnop";

    fn written(report: &Report) -> Vec<u8> {
        let mut room = [0xEE; PACKET_MAX];
        let length = write(&mut room, report, NAME);
        room[..length].to_vec()
    }

    const BLOCK_READ: Block =
        Block { ssrc: 7, fraction_lost: 64, lost: -3, highest: 65_537, jitter: 40, last_report: 0x1234_5678, delay: 0x8000 };
    const SENT_READ: Sent = Sent { ntp: 0x0102_0304_0506_0708, timestamp: 9, packets: 10, octets: 1600 };

    #[test]
    fn what_is_written_can_be_read() {
        for (sent, block, goodbye) in [
            (None, None, false),
            (Some(SENT_READ), None, true),
            (None, Some(BLOCK_READ), false),
            (Some(SENT_READ), Some(BLOCK_READ), true),
        ] {
            let report = Report { sender: 0xAABB_CCDD, sent, block, goodbye };
            let bytes = written(&report);
            assert_eq!(read(&bytes, 7), Some(report));
            assert_eq!(bytes.len() % 4, 0);
            assert_eq!(read(&bytes, 8), Some(Report { block: None, ..report }), "about somebody else");
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_rfc() {
        let report = Report { sender: 0xAABB_CCDD, sent: Some(SENT_READ), block: Some(BLOCK_READ), goodbye: true };
        let expected = [
            &[0x81, 200, 0, 12, 0xAA, 0xBB, 0xCC, 0xDD, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 9, 0, 0, 0, 10, 0, 0, 6, 64][..],
            &[0, 0, 0, 7, 64, 0xFF, 0xFF, 0xFD, 0, 1, 0, 1, 0, 0, 0, 40, 0x12, 0x34, 0x56, 0x78, 0, 0, 0x80, 0],
            &[0x81, 202, 0, 6, 0xAA, 0xBB, 0xCC, 0xDD, 1, 16],
            NAME,
            &[0, 0, 0x81, 203, 0, 1, 0xAA, 0xBB, 0xCC, 0xDD],
        ]
        .concat();
        assert_eq!((written(&report), expected.len()), (expected, PACKET_MAX));
    }

    #[test]
    fn what_is_no_compound_packet_is_not_read() {
        let good = written(&Report { sender: 1, sent: Some(SENT_READ), block: Some(BLOCK_READ), goodbye: false });
        for cut in 0..good.len() {
            // Cut between the packets, it is a shorter one.
            assert_eq!(read(&good[..cut], 7).is_some(), cut == 52, "{cut}");
        }
        let changed = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            read(&bytes, 7)
        };
        assert_eq!(changed(0, 0x41), None, "another version");
        assert_eq!(changed(0, 0xA1), None, "padding before the end");
        assert_eq!(changed(0, 0x83), None, "more blocks than there are");
        assert_eq!(changed(1, 203), None, "begins without a report");
        assert_eq!(changed(3, 200), None, "longer than it is");
        assert!(changed(52, 0xA1).is_some(), "padding at the end");
        assert!(changed(53, 204).is_some(), "what we do not know is passed over");
    }

    #[test]
    fn a_second_report_goes_on_with_the_first() {
        let first = written(&Report { sender: 1, sent: Some(SENT_READ), block: None, goodbye: false });
        let second = written(&Report { sender: 1, sent: None, block: Some(BLOCK_READ), goodbye: true });
        let read = read(&[first, second].concat(), 7).unwrap();
        assert_eq!(read, Report { sender: 1, sent: Some(SENT_READ), block: Some(BLOCK_READ), goodbye: true });
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), flags: u8, kind in 200u8..204, words in 0u8..40) {
            let mut bytes = bytes;
            if let Some(first) = bytes.first_chunk_mut::<4>() {
                *first = [0x80 | flags & 0x3F, kind, 0, words];
            }
            if let Some(report) = read(&bytes, 7) {
                let back = read(&written(&report), 7);
                prop_assert_eq!(back, Some(report));
            }
        }
    }
}
