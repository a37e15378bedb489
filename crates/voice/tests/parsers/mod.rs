//! What must hold of every parser that reads the network, whatever it is given: it does not panic, what it makes is bounded by what
//! came in, and what it prints reads back as the same. One function for each parser, called by `parsers_hold.rs` and by the fuzz
//! targets in `fuzz/`.

#![expect(clippy::unwrap_used, reason = "what cannot be unwrapped here is a finding")]
#![allow(dead_code, clippy::allow_attributes, reason = "a fuzz target calls one of these")]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::LazyLock;
use std::time::Instant;
use walletline_voice::Codec;
use walletline_voice::readers::{
    AudioReader, BrowserReader, KeyReader, MediaRead, RtpRead, SipFieldRead, SipRead, SipReader, digest as read_digest,
    identity as read_identity, media_datagram, rtcp_packet, sdp_answer, sdp_offer, sip_addresses, sip_field as read_sip_field,
    verstat,
};

/// Where datagrams come from.
const SOURCE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9)), 1024);
/// Where we want media.
const LOCAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(192, 0, 2, 10)), 30_500);

static SIP: LazyLock<SipReader> = LazyLock::new(SipReader::default);
static BROWSER: LazyLock<BrowserReader> = LazyLock::new(|| BrowserReader::new().unwrap());

/// A SIP datagram: guard, and the transaction layer's reading of what the guard lets through.
pub(crate) fn sip_message(datagram: &[u8]) {
    match SIP.read(datagram, SOURCE) {
        SipRead::Answered(answer) => {
            assert!(answer.starts_with(b"SIP/2.0 "), "an answer is a response");
            let ends = answer.windows(4).position(|window| window == b"\r\n\r\n");
            assert_eq!(ends, Some(answer.len() - 4), "nothing of the request ends the head of its answer");
            // Latin-1 becomes UTF-8, and the shortest fields get their full names.
            assert!(answer.len() <= 2 * datagram.len() + 1024, "{} bytes for {}", answer.len(), datagram.len());
            assert!(!datagram.starts_with(b"ACK ") && !datagram.starts_with(b"SIP/"), "must not be answered");
            assert_eq!(SIP.read(datagram, SOURCE), SipRead::Answered(answer.clone()), "a repetition is answered alike");
            assert!(!matches!(SIP.read(&answer, SOURCE), SipRead::Answered(_)), "two of us would talk for ever");
        }
        SipRead::Taken { message, understood } => {
            assert!(message.len() <= 2 * datagram.len() + 64, "{} bytes from {}", message.len(), datagram.len());
            match SIP.read(&message, SOURCE) {
                SipRead::Taken { message: again, understood: still } => assert_eq!((again, still), (message, understood)),
                // What was repaired may have outgrown a limit.
                other => assert!(message.len() > datagram.len(), "repaired into {other:?}"),
            }
        }
        SipRead::Dropped => {}
    }
}

/// The addresses of a From, To, Contact or Route.
pub(crate) fn sip_address(value: &[u8]) {
    let value = String::from_utf8_lossy(value);
    for read in sip_addresses(&value) {
        assert!(!read.uri.is_empty() && value.contains(&read.uri));
        let tag = read.tag.clone().unwrap_or_default();
        assert!(value.contains(&tag));
        // Such a character was outside of brackets, or within quotes, and would mean something else here.
        if read.uri.contains(['<', '>', '"']) || tag.contains(['<', '>', '"', ',', ';']) || tag.trim() != tag {
            continue;
        }
        let printed = if tag.is_empty() { format!("<{}>", read.uri) } else { format!("<{}>;tag={tag}", read.uri) };
        assert_eq!(sip_addresses(&printed), [read], "{printed:?}");
    }
}

/// A header field of an extension, or the body of an INFO: its name, a colon, and its value.
pub(crate) fn sip_field(line: &[u8]) {
    let line = String::from_utf8_lossy(line);
    let Some((name, value)) = line.split_once(':') else { return };
    let Some(read) = read_sip_field(name, value) else { return };
    let printed = match &read {
        SipFieldRead::SessionExpires(printed) | SipFieldRead::RAck(printed) | SipFieldRead::Replaces(printed) => printed.clone(),
        SipFieldRead::MinSe(number) | SipFieldRead::RSeq(number) => number.to_string(),
        SipFieldRead::ReferTo(user, replaces) => {
            assert!(!user.is_empty() && !user.contains(char::is_control) && user.len() <= value.len(), "{user:?}");
            let headers = replaces.as_ref().map_or_else(String::new, |replaces| format!("?Replaces={}", escaped(replaces)));
            format!("<sip:{}@h{headers}>", escaped(user))
        }
        SipFieldRead::Key(key) => {
            assert!("0123456789*#ABCD".contains(*key));
            let kind = name.split(';').next().unwrap_or_default().to_ascii_lowercase();
            let body = if kind.contains("relay") { format!("Signal={key}") } else { key.to_string() };
            return assert_eq!(read_sip_field(name, &body), Some(read));
        }
    };
    assert!(!printed.contains(['\r', '\n']) || printed.len() <= value.len(), "{printed:?}");
    assert_eq!(read_sip_field(name, &printed), Some(read), "{printed:?}");
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A phone's session description, as an offer and as an answer.
pub(crate) fn sdp(description: &[u8]) {
    let media_lines = |sdp: &str| sdp.lines().filter(|line| line.starts_with("m=")).count();
    if let Ok((stream, answer)) = sdp_offer(description, LOCAL) {
        assert!(answer.len() <= description.len() + 1024, "{} bytes for {}", answer.len(), description.len());
        let back = sdp_answer(answer.as_bytes(), description).unwrap_or_else(|error| panic!("our own answer: {error}\n{answer}"));
        assert_eq!(
            (back.codec, back.payload_type, back.telephone_event),
            (stream.codec, stream.payload_type, stream.telephone_event)
        );
        assert_eq!(back.address, Some(LOCAL), "{answer}");
        assert!(stream.address.is_none_or(|address| !address.ip().is_multicast()), "one packet must not reach many");
        let (_, again) = sdp_offer(answer.as_bytes(), LOCAL).unwrap();
        assert_eq!(media_lines(&again), media_lines(&answer), "an answer names every line");
    }
    let _ = sdp_answer(description, description);
}

/// A browser's offer.
pub(crate) fn browser_offer(offer: &[u8]) {
    let Ok(offer) = std::str::from_utf8(offer) else { return };
    if let Ok(answer) = BROWSER.answer(offer, LOCAL, Instant::now()) {
        assert!(answer.starts_with("v=0\r\n") && answer.contains("m=audio "), "{answer}");
        assert!(answer.len() <= 2 * offer.len() + 8192, "{} bytes for {}", answer.len(), offer.len());
    }
}

/// A datagram on a media port.
pub(crate) fn rtp(datagram: &[u8]) {
    let MediaRead::Rtp(read) = media_datagram(datagram) else { return };
    let payload = datagram.get(read.payload.clone()).expect("the payload lies within the datagram");
    assert!(!payload.is_empty() && read.payload_type < 128);
    let written = read.write(payload);
    let again = RtpRead { payload: written.len() - payload.len()..written.len(), ..read };
    assert_eq!(media_datagram(&written), MediaRead::Rtp(again));
}

/// An RTCP packet: the source of our stream, then what came.
pub(crate) fn rtcp(input: &[u8]) {
    let Some((ours, datagram)) = input.split_first_chunk::<4>() else { return };
    let ours = u32::from_be_bytes(*ours);
    let Some((read, written)) = rtcp_packet(datagram, ours) else { return };
    assert_eq!(media_datagram(&written), MediaRead::Rtcp, "what we write is told from RTP");
    assert!(written.len() % 4 == 0 && written.len() <= 88, "{} bytes", written.len());
    assert_eq!(rtcp_packet(&written, ours), Some((read, written)));
}

/// A stream of telephone events, nine bytes each: source, timestamp, payload.
pub(crate) fn telephone_event(packets: &[u8]) {
    let (mut keys, now) = (KeyReader::default(), Instant::now());
    for packet in packets.chunks(9) {
        let Some((&[ssrc, a, b, c, d], payload)) = packet.split_first_chunk::<5>() else { continue };
        let timestamp = u32::from_be_bytes([a, b, c, d]);
        if let Some(key) = keys.read(ssrc.into(), timestamp, payload, now) {
            assert!("0123456789*#ABCD".contains(key));
            assert_eq!(keys.read(ssrc.into(), timestamp, payload, now), None, "a press is told once");
        }
    }
}

/// What a far end says: a byte that names the codec, then payloads, each behind its length and whether the one before it was lost.
pub(crate) fn audio_payload(stream: &[u8]) {
    let Some((codec, mut rest)) = stream.split_first() else { return };
    let codec = [Codec::Opus, Codec::G722, Codec::Pcma, Codec::Pcmu][usize::from(codec % 4)];
    let mut reader = AudioReader::new(codec);
    while let Some((&[high, low], after)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes([high & 7, low])).min(after.len());
        let (payload, next) = after.split_at(length);
        rest = next;
        if high & 0x80 != 0 {
            assert_eq!(reader.read(payload, true), 160, "20 ms are made up, whatever is at hand");
        }
        let read = reader.read(payload, false);
        if let Some(announced) = reader.announced(payload).filter(|_| payload.len() <= 1500) {
            // Opus that turns out to be none is made up for.
            assert!(read == announced as usize || (codec == Codec::Opus && read == 160), "{read} of {announced}");
        }
    }
}

/// An Authorization field.
pub(crate) fn digest(value: &[u8]) {
    let value = String::from_utf8_lossy(value);
    let Some(read) = read_digest(&value) else { return };
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let print = |(name, value): &(&str, String)| format!("{name}=\"{}\"", quoted(value));
    let printed = read.parameters.iter().map(print).collect::<Vec<_>>().join(", ");
    assert_eq!(read_digest(&format!("Digest {printed}")), Some(read), "{printed}");
}

/// An Identity field, and the same as a carrier's verdict with its indicator on the next line.
pub(crate) fn identity(value: &[u8]) {
    let value = String::from_utf8_lossy(value);
    let (verdict, indicator) = value.split_once('\n').unwrap_or((&value, ""));
    let _ = verstat(verdict, indicator);
    let Some(Ok(read)) = read_identity(&value) else { return };
    assert!(value.contains(&read.signed), "what is signed stands in the field as it came");
    assert_eq!(read.signature.len(), 64);
    assert!(!read.orig.is_empty() && (1..=16).contains(&read.dest.len()) && !read.certificate_url.is_empty());
    let (token, _) = value.split_once(';').unwrap_or((&value, ""));
    assert_eq!(read_identity(token), Some(Ok(read)), "the parameters add nothing");
}
