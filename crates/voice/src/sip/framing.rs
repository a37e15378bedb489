//! Cuts a stream of bytes into SIP messages (RFC 3261 section 18.3) and keepalive pings (RFC 5626 section 4.4.1). Holds no more
//! than one message and what came with its last bytes; never panics on any bytes. A stream whose next message cannot be found is
//! over: nothing after a broken length can be trusted.

use super::guard::DATAGRAM_BYTES_MAX;
use super::head::{Head, text};

/// Longest head. An INVITE through several proxies has 3–4 KiB.
pub(super) const HEAD_BYTES_MAX: usize = 8 * 1024;
/// Longest message: what the guard judges on any transport.
const MESSAGE_BYTES_MAX: usize = DATAGRAM_BYTES_MAX;

const BLANK_LINE: &[u8] = b"\r\n\r\n";

/// What comes out of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A whole message: head, blank line, and a body as long as its Content-Length says.
    Message(Vec<u8>),
    /// Two empty lines between messages: the far end asks whether we are there.
    Ping,
}

/// Why a stream cannot be cut any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unframed {
    /// What comes is not SIP.
    NotSip,
    /// The head does not end.
    HeadTooLarge,
    /// There is no usable Content-Length, which a stream cannot do without.
    NoLength,
    /// The body is said to be longer than any message we take.
    MessageTooLarge,
}

impl Unframed {
    /// The answer to the request with which it ended, where one can be given.
    pub(super) const fn status(self) -> Option<&'static str> {
        match self {
            Self::NotSip | Self::HeadTooLarge => None,
            Self::NoLength => Some("400 Bad Content-Length"),
            Self::MessageTooLarge => Some("513 Message Too Large"),
        }
    }
}

/// The bytes of a stream that are not yet a message.
#[derive(Debug, Default)]
pub(super) struct Framer {
    buffer: Vec<u8>,
    /// How far the buffer was searched for the end of the head.
    searched: usize,
    /// How long the message is, once its head has been read.
    needed: Option<usize>,
    /// Empty lines since the last message.
    empty_lines: u8,
}

impl Framer {
    /// Takes what was read.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Whether a message has begun and not ended.
    pub(super) fn is_within_message(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// What was begun when the stream could not be cut further.
    pub(super) fn rest(&self) -> &[u8] {
        &self.buffer
    }

    /// The next message or ping, `None` until more was read.
    pub(super) fn next(&mut self) -> Result<Option<Frame>, Unframed> {
        let needed = match self.needed {
            Some(needed) => needed,
            None => {
                if self.skip_empty_lines() {
                    return Ok(Some(Frame::Ping));
                }
                match self.measure()? {
                    Some(needed) => *self.needed.insert(needed),
                    None => return Ok(None),
                }
            }
        };
        if self.buffer.len() < needed {
            return Ok(None);
        }
        let rest = self.buffer.split_off(needed);
        let message = std::mem::replace(&mut self.buffer, rest);
        (self.needed, self.searched, self.empty_lines) = (None, 0, 0);
        Ok(Some(Frame::Message(message)))
    }

    /// Passes over empty lines before a message (RFC 3261 section 7.5); true when the second of two was among them.
    fn skip_empty_lines(&mut self) -> bool {
        while self.buffer.starts_with(b"\r\n") {
            self.buffer.drain(..2);
            self.empty_lines += 1;
            if self.empty_lines == 2 {
                self.empty_lines = 0;
                return true;
            }
        }
        false
    }

    /// The length of the message at the front, when its head is whole.
    fn measure(&mut self) -> Result<Option<usize>, Unframed> {
        let searchable = &self.buffer[..self.buffer.len().min(HEAD_BYTES_MAX + BLANK_LINE.len())];
        let from = self.searched.saturating_sub(BLANK_LINE.len() - 1).min(searchable.len());
        let Some(at) = searchable[from..].windows(BLANK_LINE.len()).position(|window| window == BLANK_LINE) else {
            self.searched = searchable.len();
            if !could_be_sip(&self.buffer) {
                return Err(Unframed::NotSip);
            }
            return if self.buffer.len() > HEAD_BYTES_MAX { Err(Unframed::HeadTooLarge) } else { Ok(None) };
        };
        let head_length = from + at;
        let head = text(&self.buffer[..head_length]);
        let head = Head::parse(&head).map_err(|_| Unframed::NotSip)?;
        let length = head.only("Content-Length").filter(|length| length.bytes().all(|byte| byte.is_ascii_digit()));
        let length = length.and_then(|length| length.parse::<u64>().ok()).ok_or(Unframed::NoLength)?;
        let most = MESSAGE_BYTES_MAX - BLANK_LINE.len() - head_length;
        match usize::try_from(length) {
            Ok(length) if length <= most => Ok(Some(head_length + BLANK_LINE.len() + length)),
            _ => Err(Unframed::MessageTooLarge),
        }
    }
}

/// Whether a message that has only begun may still become one: a TLS greeting or an HTTP request on a SIP port is known by its first
/// bytes, and need not be waited for.
fn could_be_sip(bytes: &[u8]) -> bool {
    let line = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let complete = line.len() < bytes.len();
    let printable = line.iter().all(|&byte| byte >= 0x20 || matches!(byte, b'\r' | b'\t'));
    printable && (!complete || line.windows(4).any(|window| window == b"SIP/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const INVITE: &[u8] = b"INVITE sip:1@h SIP/2.0\r\nCall-ID: a\r\nContent-Length: 4\r\n\r\nv=0\n";
    const BYE: &[u8] = b"BYE sip:1@h SIP/2.0\r\nl:0\r\n\r\n";

    fn cut(framer: &mut Framer, bytes: &[u8]) -> (Vec<Frame>, Option<Unframed>) {
        framer.push(bytes);
        let mut frames = Vec::new();
        loop {
            match framer.next() {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => return (frames, None),
                Err(why) => return (frames, Some(why)),
            }
        }
    }

    fn messages(all: &[&[u8]]) -> Vec<Frame> {
        all.iter().map(|message| Frame::Message(message.to_vec())).collect()
    }

    #[test]
    fn cuts_messages_however_they_are_read() {
        let stream = [INVITE, BYE, INVITE].concat();
        assert_eq!(cut(&mut Framer::default(), &stream), (messages(&[INVITE, BYE, INVITE]), None));
        let mut framer = Framer::default();
        let frames = stream.iter().flat_map(|&byte| cut(&mut framer, &[byte]).0).collect::<Vec<_>>();
        assert_eq!((frames, framer.is_within_message()), (messages(&[INVITE, BYE, INVITE]), false));
    }

    #[test]
    fn two_empty_lines_between_messages_are_a_ping() {
        let mut framer = Framer::default();
        assert_eq!(cut(&mut framer, b"\r\n\r"), (Vec::new(), None));
        assert_eq!(cut(&mut framer, b"\n"), (vec![Frame::Ping], None));
        // One empty line is a pong, or the habit of an old phone.
        let stream = [b"\r\n", BYE, b"\r\n\r\n\r\n\r\n", BYE].concat();
        let expected = [messages(&[BYE]), vec![Frame::Ping, Frame::Ping], messages(&[BYE])].into_iter().flatten().collect();
        assert_eq!(cut(&mut framer, &stream), (expected, None));
    }

    #[test]
    fn a_stream_that_cannot_be_cut_is_over() {
        let long = format!("INVITE sip:1@h SIP/2.0\r\nX: {}", "x".repeat(HEAD_BYTES_MAX));
        let cases: [(&[u8], Unframed); 8] = [
            (b"GET / HTTP/1.1\r\n", Unframed::NotSip),
            (b"\x16\x03\x01\x02\x00", Unframed::NotSip),
            (long.as_bytes(), Unframed::HeadTooLarge),
            (b"BYE sip:1@h SIP/2.0\r\n\r\n", Unframed::NoLength),
            (b"BYE sip:1@h SIP/2.0\r\nContent-Length: -1\r\n\r\n", Unframed::NoLength),
            (b"BYE sip:1@h SIP/2.0\r\nContent-Length: +1\r\n\r\n", Unframed::NoLength),
            (b"BYE sip:1@h SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\n", Unframed::NoLength),
            (b"BYE sip:1@h SIP/2.0\r\nContent-Length: 99999\r\n\r\n", Unframed::MessageTooLarge),
        ];
        for (bytes, why) in cases {
            assert_eq!(cut(&mut Framer::default(), bytes), (Vec::new(), Some(why)), "{}", String::from_utf8_lossy(bytes));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_give_the_same(
            bytes in proptest::collection::vec(prop_oneof![any::<u8>(), proptest::sample::select(BYE.to_vec())], 0..200),
            at in 0_usize..200,
        ) {
            let at = at.min(bytes.len());
            let whole = cut(&mut Framer::default(), &bytes);
            let mut framer = Framer::default();
            let (mut frames, mut why) = cut(&mut framer, &bytes[..at]);
            if why.is_none() {
                let (more, then) = cut(&mut framer, &bytes[at..]);
                frames.extend(more);
                why = then;
                prop_assert_eq!((frames, why), whole);
            }
        }
    }
}
