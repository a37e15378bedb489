//! Reads offers and answers. The first audio line we can carry is taken, with the first codec of its list that we share: the
//! order is the offerer's. Nothing here trusts a length, a number or an address.

use super::{Direction, MEDIA_LINES_MAX, SDP_BYTES_MAX, SdpError};
use crate::media::Codec;
use sdp_types::{Connection, Media, Session};
use std::net::{IpAddr, SocketAddr};

/// An audio stream as the far end describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stream {
    /// Where its media is to be sent. `None` while it holds us with `c=0.0.0.0`.
    pub(crate) address: Option<SocketAddr>,
    /// The codec both sides speak.
    pub(crate) codec: Codec,
    /// Its RTP payload type; for G.711 usually the static one.
    pub(crate) payload_type: u8,
    /// Payload type of `telephone-event/8000`, when it was offered.
    pub(crate) telephone_event: Option<u8>,
    /// As the far end sees it.
    pub(crate) direction: Direction,
}

/// An offer: the stream we take, and every line in its order so that the answer can name them all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) stream: Stream,
    pub(crate) lines: Vec<Line>,
}

/// A media line of an offer, as far as an answer must repeat it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) media: String,
    pub(crate) protocol: String,
    pub(crate) formats: String,
    /// This is the line of [`Offer::stream`]; every other line is refused.
    pub(crate) taken: bool,
}

/// Reads an offer. Fails with what a 488 (or, when malformed, a 400) should be about.
pub(crate) fn read_offer(sdp: &[u8]) -> Result<Offer, SdpError> {
    let session = parse(sdp)?;
    let (index, stream) = first_stream(&session)?;
    let lines = session.medias.iter().enumerate().map(|(at, media)| Line {
        media: media.media.clone(),
        protocol: media.proto.clone(),
        formats: media.fmt.clone(),
        taken: at == index,
    });
    Ok(Offer { stream, lines: lines.collect() })
}

/// Reads the answer to an offer of ours.
pub(crate) fn read_answer(sdp: &[u8]) -> Result<Stream, SdpError> {
    first_stream(&parse(sdp)?).map(|(_, stream)| stream)
}

fn parse(sdp: &[u8]) -> Result<Session, SdpError> {
    if sdp.len() > SDP_BYTES_MAX {
        return Err(SdpError::TooLarge);
    }
    let session = Session::parse(sdp).map_err(|error| SdpError::Malformed(error.to_string()))?;
    if session.medias.len() > MEDIA_LINES_MAX {
        return Err(SdpError::TooLarge);
    }
    Ok(session)
}

fn first_stream(session: &Session) -> Result<(usize, Stream), SdpError> {
    let mut refusal = SdpError::NoAudio;
    for (index, media) in session.medias.iter().enumerate() {
        if !media.media.eq_ignore_ascii_case("audio") || media.port == 0 {
            continue;
        }
        match read_stream(session, media) {
            Ok(stream) => return Ok((index, stream)),
            Err(error) if refusal == SdpError::NoAudio => refusal = error,
            Err(_) => {}
        }
    }
    Err(refusal)
}

fn read_stream(session: &Session, media: &Media) -> Result<Stream, SdpError> {
    // AVPF differs only in when RTCP may be sent (RFC 4585), so a phone that prefers it is served too. SAVP needs keys.
    if !["RTP/AVP", "RTP/AVPF"].iter().any(|known| media.proto.eq_ignore_ascii_case(known)) {
        return Err(SdpError::NoCommonCodec);
    }
    let formats = Formats::of(media);
    let (codec, payload_type) = formats.first_codec().ok_or(SdpError::NoCommonCodec)?;
    let connection = media.connections.first().or(session.connection.as_ref());
    let connection = connection.ok_or_else(|| SdpError::Malformed("no connection line".to_owned()))?;
    let address = read_address(connection, media.port)?;
    let direction = read_direction(session, media);
    // RFC 3264 section 8.4: an address of zeros is the old way to say "do not send to me".
    let direction = Direction::new(direction.sends(), direction.receives() && address.is_some());
    Ok(Stream { address, codec, payload_type, telephone_event: formats.telephone_event(), direction })
}

fn read_address(connection: &Connection, port: u16) -> Result<Option<SocketAddr>, SdpError> {
    let unusable = || SdpError::UnusableAddress(connection.connection_address.chars().take(64).collect());
    // A host name is legal but would have to be resolved while a call waits; no phone we know sends one.
    let ip: IpAddr = connection.connection_address.trim().parse().map_err(|_| unusable())?;
    if ip.is_unspecified() {
        return Ok(None);
    }
    // One small packet must not reach many hosts.
    let broadcast = matches!(ip, IpAddr::V4(v4) if v4.is_broadcast());
    if ip.is_multicast() || broadcast {
        return Err(unusable());
    }
    Ok(Some(SocketAddr::new(ip, port)))
}

fn read_direction(session: &Session, media: &Media) -> Direction {
    let named = |name: &str| match name {
        "sendrecv" => Some(Direction::SendRecv),
        "sendonly" => Some(Direction::SendOnly),
        "recvonly" => Some(Direction::RecvOnly),
        "inactive" => Some(Direction::Inactive),
        _ => None,
    };
    let of_media = media.attributes.iter().find_map(|a| named(&a.attribute));
    let of_session = || session.attributes.iter().find_map(|a| named(&a.attribute));
    of_media.or_else(of_session).unwrap_or(Direction::SendRecv)
}

/// The payload types of a media line with what they mean.
struct Formats<'a> {
    payload_types: Vec<u8>,
    media: &'a Media,
}

impl<'a> Formats<'a> {
    fn of(media: &'a Media) -> Self {
        let payload_types = media.fmt.split_ascii_whitespace().filter_map(|f| f.parse().ok()).filter(|pt| *pt <= 127).collect();
        Self { payload_types, media }
    }

    /// `name/rate` of a payload type's rtpmap, if it has one.
    fn mapping(&self, payload_type: u8) -> Option<(&'a str, u32)> {
        self.media.get_attribute_values("rtpmap").flatten().find_map(|value| {
            let (number, encoding) = value.trim().split_once(char::is_whitespace)?;
            if number.parse() != Ok(payload_type) {
                return None;
            }
            let mut parts = encoding.trim().split('/');
            Some((parts.next()?, parts.next()?.parse().ok()?))
        })
    }

    fn first_codec(&self) -> Option<(Codec, u8)> {
        self.payload_types.iter().find_map(|&payload_type| {
            let codec = match self.mapping(payload_type) {
                Some((name, 8000)) => Codec::by_name(name),
                Some(_) => None,
                None => Codec::by_static_payload_type(payload_type),
            };
            codec.map(|codec| (codec, payload_type))
        })
    }

    fn telephone_event(&self) -> Option<u8> {
        self.payload_types.iter().copied().find(|&payload_type| {
            matches!(self.mapping(payload_type), Some((name, 8000)) if name.eq_ignore_ascii_case("telephone-event"))
        })
    }
}
