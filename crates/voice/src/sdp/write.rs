//! Writes our answers and offers: G.711 or G.722 in 20 ms packets, with telephone events and, where media is encrypted, our keys.

use super::read::{Line, Offer};
use super::{Crypto, Direction, PHONE_CODECS, TELEPHONE_EVENT_OFFERED};
use crate::media::Codec;
use sdp_types::{Connection, Media, Origin, Session, TransportProto};
use std::net::SocketAddr;

/// The events we understand: the sixteen keys.
const EVENTS: &str = "0-15";

/// Where we take RTCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rtcp {
    /// With media, as the offer has it (RFC 5761).
    Muxed,
    /// On the port beside.
    Beside,
    /// As the answer will have it.
    Either,
}

/// Our side of a session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Local {
    /// Where the far end sends its media.
    pub(crate) address: SocketAddr,
    /// Names the session in `o=` for its whole life.
    pub(crate) session_id: u64,
    /// One higher with each description of the session (RFC 3264 section 8).
    pub(crate) version: u64,
}

/// Our answer: the stream we take, under our key when the offer's was taken, and every other line refused with port 0 at its
/// place.
pub(crate) fn write_answer(offer: &Offer, local: &Local, ours: Option<&Crypto>) -> String {
    let mut session = session(local);
    for line in &offer.lines {
        session.add_media(if line.taken { taken(offer, line, local, ours) } else { refused(line) });
    }
    text(&session)
}

/// Our offer to a phone that we dial, or to one that sent an INVITE without SDP; the
/// keys in their order, beside a plain profile or with a secure one.
pub(crate) fn write_offer(local: &Local, keys: &[Crypto], secure_profile: bool) -> String {
    let mut session = session(local);
    let profile = if secure_profile { "RTP/SAVP" } else { "RTP/AVP" };
    let codecs: Vec<_> = PHONE_CODECS.into_iter().filter_map(|codec| Some((codec, codec.static_payload_type()?))).collect();
    let mut media = audio(profile, &codecs, Some(TELEPHONE_EVENT_OFFERED), local, Rtcp::Either, keys);
    media.add_attribute_from_str(Direction::SendRecv.attribute());
    session.add_media(media);
    text(&session)
}

fn session(local: &Local) -> Session {
    let ip = local.address.ip();
    let mut session = Session::new(Origin::with_ip_addr(local.session_id, local.version, ip), "-");
    session.set_connection(Connection::from_ip_addr(ip));
    session
}

fn taken(offer: &Offer, line: &Line, local: &Local, ours: Option<&Crypto>) -> Media {
    let stream = &offer.stream;
    let codecs = [(stream.codec, stream.payload_type)];
    let rtcp = if stream.rtcp_mux { Rtcp::Muxed } else { Rtcp::Beside };
    let keys = ours.map_or(&[][..], std::slice::from_ref);
    let mut media = audio(&line.protocol, &codecs, stream.telephone_event, local, rtcp, keys);
    media.add_attribute_from_str(stream.direction.mirrored().attribute());
    media
}

fn refused(line: &Line) -> Media {
    let mut media = Media::new(sdp_types::MediaType::Audio, 0, TransportProto::from(line.protocol.as_str()), &line.formats);
    media.media.clone_from(&line.media);
    media.proto.clone_from(&line.protocol);
    media
}

fn audio(protocol: &str, codecs: &[(Codec, u8)], events: Option<u8>, local: &Local, rtcp: Rtcp, keys: &[Crypto]) -> Media {
    let numbers = codecs.iter().map(|(_, number)| *number).chain(events).map(|number| number.to_string());
    let formats = numbers.collect::<Vec<_>>().join(" ");
    let mut media = Media::new(sdp_types::MediaType::Audio, local.address.port(), TransportProto::from(protocol), formats);
    for (codec, number) in codecs {
        media.add_attribute_with_value("rtpmap", format!("{number} {}/{}", codec.name(), codec.clock_rate()));
    }
    if let Some(number) = events {
        media.add_attribute_with_value("rtpmap", format!("{number} telephone-event/8000"));
        media.add_attribute_with_value("fmtp", format!("{number} {EVENTS}"));
    }
    media.add_attribute_with_value("ptime", "20");
    if rtcp != Rtcp::Beside {
        media.add_attribute_from_str("rtcp-mux");
    }
    if rtcp != Rtcp::Muxed {
        // Media has an even port.
        media.add_attribute_with_value("rtcp", local.address.port().saturating_add(1).to_string());
    }
    for key in keys {
        media.add_attribute_with_value("crypto", key.write());
    }
    media
}

fn text(session: &Session) -> String {
    let mut bytes = Vec::with_capacity(512);
    // Writing into memory cannot fail, and every field is a `String`, so the bytes are UTF-8.
    if session.write(&mut bytes).is_err() {
        return String::new();
    }
    String::from_utf8(bytes).unwrap_or_default()
}
