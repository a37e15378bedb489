//! Reads offers and answers. The first audio line we can carry is taken, with the first codec of its list that we share: the
//! order is the offerer's, except that where encryption is preferred a line with keys goes before one without. Nothing here
//! trusts a length, a number or an address.

use super::{Crypto, Direction, MEDIA_LINES_MAX, PHONE_CODECS, SDP_BYTES_MAX, SdpError};
use crate::EncryptionPolicy;
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
    /// Its RTP payload type; usually the static one.
    pub(crate) payload_type: u8,
    /// Payload type of `telephone-event/8000`, when it was offered.
    pub(crate) telephone_event: Option<u8>,
    /// As the far end sees it.
    pub(crate) direction: Direction,
    /// The key it sends under, when media is to be encrypted.
    pub(crate) crypto: Option<Crypto>,
    /// Its profile is a secure one (SAVP): media cannot be plain.
    pub(crate) secure_profile: bool,
    /// RTCP may share the port of media (RFC 5761).
    pub(crate) rtcp_mux: bool,
    /// Where its RTCP is to be sent otherwise: the next port unless it names one (RFC 3605), on the host of its media.
    pub(crate) rtcp: Option<SocketAddr>,
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

/// Reads an offer. Of several keys the one for the strongest suite is taken. Fails with what a 488 (or, when malformed, a 400)
/// should be about.
pub(crate) fn read_offer(sdp: &[u8], policy: EncryptionPolicy) -> Result<Offer, SdpError> {
    let session = parse(sdp)?;
    let strongest = |lines: Vec<Crypto>| lines.into_iter().rev().max_by_key(|line| line.key.suite());
    let (index, stream) = first_stream(&session, policy, &strongest)?;
    let lines = session.medias.iter().enumerate().map(|(at, media)| Line {
        media: media.media.clone(),
        protocol: media.proto.clone(),
        formats: media.fmt.clone(),
        taken: at == index,
    });
    Ok(Offer { stream, lines: lines.collect() })
}

/// Reads the answer to an offer of ours that named these keys: the far end's key has to be for the tag and suite of one of them.
pub(crate) fn read_answer(sdp: &[u8], policy: EncryptionPolicy, offered: &[Crypto]) -> Result<Stream, SdpError> {
    let is_offered = |line: &Crypto| offered.iter().any(|ours| ours.tag == line.tag && ours.key.suite() == line.key.suite());
    let chosen = |lines: Vec<Crypto>| lines.into_iter().find(is_offered);
    first_stream(&parse(sdp)?, policy, &chosen).map(|(_, stream)| stream)
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

/// Chooses among the usable keys of a line.
type Choose<'a> = &'a dyn Fn(Vec<Crypto>) -> Option<Crypto>;

fn first_stream(session: &Session, policy: EncryptionPolicy, choose: Choose<'_>) -> Result<(usize, Stream), SdpError> {
    if policy == EncryptionPolicy::Preferred {
        let encrypted = first_stream(session, EncryptionPolicy::Required, choose);
        if encrypted.is_ok() {
            return encrypted;
        }
    }
    let mut refusal = SdpError::NoAudio;
    for (index, media) in session.medias.iter().enumerate() {
        if !media.media.eq_ignore_ascii_case("audio") || media.port == 0 {
            continue;
        }
        match read_stream(session, media, policy, choose) {
            Ok(stream) => return Ok((index, stream)),
            Err(error) if refusal == SdpError::NoAudio => refusal = error,
            Err(_) => {}
        }
    }
    Err(refusal)
}

fn read_stream(session: &Session, media: &Media, policy: EncryptionPolicy, choose: Choose<'_>) -> Result<Stream, SdpError> {
    let secure_profile = is_secure(&media.proto).ok_or(SdpError::NoCommonCodec)?;
    let crypto = read_crypto(media, secure_profile, policy, choose)?;
    let formats = Formats::of(media);
    let (codec, payload_type) = formats.first_codec().ok_or(SdpError::NoCommonCodec)?;
    let connection = media.connections.first().or(session.connection.as_ref());
    let connection = connection.ok_or_else(|| SdpError::Malformed("no connection line".to_owned()))?;
    let address = read_address(connection, media.port)?;
    let direction = read_direction(session, media);
    // RFC 3264 section 8.4: an address of zeros is the old way to say "do not send to me".
    let direction = Direction::new(direction.sends(), direction.receives() && address.is_some());
    let telephone_event = formats.telephone_event();
    let rtcp_mux = media.has_attribute("rtcp-mux");
    let rtcp = address.and_then(|address| Some(SocketAddr::new(address.ip(), read_rtcp_port(media, address.port())?)));
    Ok(Stream { address, codec, payload_type, telephone_event, direction, crypto, secure_profile, rtcp_mux, rtcp })
}

/// Whether a profile is a secure one; `None` for one that we do not speak. AVPF differs from AVP only in when RTCP may be sent
/// (RFC 4585), so a phone that prefers it is served too.
fn is_secure(profile: &str) -> Option<bool> {
    [("RTP/AVP", false), ("RTP/AVPF", false), ("RTP/SAVP", true), ("RTP/SAVPF", true)]
        .into_iter()
        .find_map(|(known, secure)| profile.eq_ignore_ascii_case(known).then_some(secure))
}

/// The key of a line, as far as it has one and the policy wants it. Keys beside a plain profile are an offer to encrypt where
/// both can ("best effort", as phones do it).
fn read_crypto(
    media: &Media,
    secure_profile: bool,
    policy: EncryptionPolicy,
    choose: Choose<'_>,
) -> Result<Option<Crypto>, SdpError> {
    if policy == EncryptionPolicy::Off {
        return if secure_profile { Err(SdpError::EncryptionOff) } else { Ok(None) };
    }
    let mut values = media.get_attribute_values("crypto").flatten().peekable();
    let has_keys = values.peek().is_some();
    match choose(Crypto::read_all(values)) {
        Some(crypto) => Ok(Some(crypto)),
        None if secure_profile => Err(SdpError::NoUsableKey),
        None if policy == EncryptionPolicy::Required => {
            Err(if has_keys { SdpError::NoUsableKey } else { SdpError::EncryptionRequired })
        }
        None => Ok(None),
    }
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

/// `a=rtcp:port [network address]`. Another host than that of media is not served, and no phone we know names one.
fn read_rtcp_port(media: &Media, port: u16) -> Option<u16> {
    let named = media.get_first_attribute_value("rtcp").flatten();
    let named = named.and_then(|value| value.split_ascii_whitespace().next()?.parse().ok());
    named.or(port.checked_add(1)).filter(|port| *port != 0)
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
                Some((name, rate)) => Codec::by_name(name).filter(|codec| codec.clock_rate() == rate),
                None => Codec::by_static_payload_type(payload_type),
            };
            codec.filter(|codec| PHONE_CODECS.contains(codec)).map(|codec| (codec, payload_type))
        })
    }

    fn telephone_event(&self) -> Option<u8> {
        self.payload_types.iter().copied().find(|&payload_type| {
            matches!(self.mapping(payload_type), Some((name, 8000)) if name.eq_ignore_ascii_case("telephone-event"))
        })
    }
}
