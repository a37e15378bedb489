//! What is agreed with a browser: Opus or G.711, and telephone events, over DTLS-SRTP, answered by str0m's own SDP. Browsers give no
//! other description than theirs, so nothing here is meant for phones.

use super::MediaError;
use super::codec::Codec;
use crate::sdp::{MEDIA_LINES_MAX, SDP_BYTES_MAX, SdpError};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use str0m::change::{SdpAnswer, SdpOffer};
use str0m::config::{CryptoProvider, DtlsCert};
use str0m::format::{Codec as Format, FormatParams};
use str0m::media::{Frequency, MediaKind, Mid, Pt};
use str0m::net::Protocol;
use str0m::{Candidate, Rtc, RtcConfig};

/// How often a browser's reports are looked at: as often as a phone sends them.
const STATISTICS_EVERY: Duration = Duration::from_secs(5);

/// What every browser leg needs and one process makes once: a certificate takes a key pair.
#[derive(Debug, Clone)]
pub(super) struct BrowserIdentity {
    crypto: Arc<CryptoProvider>,
    certificate: DtlsCert,
}

impl BrowserIdentity {
    pub(super) fn new() -> Result<Self, MediaError> {
        let crypto = Arc::new(str0m::crypto::from_feature_flags());
        let certificate = crypto.dtls_provider.generate_certificate().ok_or(MediaError::NoCertificate)?;
        Ok(Self { crypto, certificate })
    }

    /// Opus, G.711 and telephone events, nothing else; RTP packets as they are, because the bridge forwards them.
    fn config(&self) -> RtcConfig {
        let mut config = RtcConfig::new()
            .set_crypto_provider(Arc::clone(&self.crypto))
            .set_dtls_cert(self.certificate.clone())
            .set_ice_lite(true)
            .set_rtp_mode(true)
            .set_stats_interval(Some(STATISTICS_EVERY))
            .clear_codecs()
            .enable_opus(true, false)
            .enable_pcmu(true, false)
            .enable_pcma(true, false);
        let events = FormatParams::parse_line("0-15");
        // The numbers are the offer's when the browser offers them, as every browser does. It sends keys by the clock of its audio.
        config.codec_config().add_config(110.into(), None, Format::Tele, Frequency::FORTY_EIGHT_KHZ, None, events);
        config.codec_config().add_config(126.into(), None, Format::Tele, Frequency::EIGHT_KHZ, None, events);
        config
    }
}

/// The payload types as negotiated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Formats {
    /// What we send: Opus where the browser has it, as every browser does.
    pub(super) sent: (Codec, Pt),
    pcma: Option<Pt>,
    pcmu: Option<Pt>,
    opus: Option<Pt>,
    /// Telephone events by each of the clocks.
    events: [Option<Pt>; 2],
}

impl Formats {
    fn negotiated(rtc: &Rtc, mid: Mid) -> Option<Self> {
        let numbers = rtc.media(mid)?.remote_pts();
        let spec = |number: &Pt| rtc.codec_config().find(|params| params.pt() == *number).map(|params| params.spec());
        let number_of = |wanted: Format| numbers.iter().copied().find(|number| spec(number).is_some_and(|s| s.codec == wanted));
        let event_by = |clock: Frequency| {
            let is_event = |number: &Pt| spec(number).is_some_and(|s| s.codec == Format::Tele && s.clock_rate == clock);
            numbers.iter().copied().find(is_event)
        };
        let sent = numbers.iter().find_map(|number| match spec(number)?.codec {
            Format::PCMA => Some((Codec::Pcma, *number)),
            Format::PCMU => Some((Codec::Pcmu, *number)),
            Format::Opus => Some((Codec::Opus, *number)),
            _ => None,
        })?;
        let (pcma, pcmu, opus) = (number_of(Format::PCMA), number_of(Format::PCMU), number_of(Format::Opus));
        let events = [event_by(Frequency::FORTY_EIGHT_KHZ), event_by(Frequency::EIGHT_KHZ)];
        Some(Self { sent, pcma, pcmu, opus, events })
    }

    /// What a received payload type means.
    pub(super) fn codec(&self, number: Pt) -> Option<Codec> {
        let known = [(Codec::Pcma, self.pcma), (Codec::Pcmu, self.pcmu), (Codec::Opus, self.opus)];
        known.into_iter().find(|(_, n)| *n == Some(number)).map(|(codec, _)| codec)
    }

    /// The number under which the browser takes telephone events beside audio of that codec: both have one clock.
    pub(super) fn sent_event(&self, beside: Codec) -> Option<Pt> {
        let [by_opus, by_telephone] = self.events;
        match beside {
            Codec::Opus => by_opus,
            Codec::Pcma | Codec::Pcmu | Codec::G722 => by_telephone,
        }
    }

    /// Whether it is that of telephone events.
    pub(super) fn is_event(&self, number: Pt) -> bool {
        self.events.contains(&Some(number))
    }
}

/// A session that was agreed with a browser.
pub(super) struct Negotiated {
    pub(super) rtc: Rtc,
    pub(super) mid: Mid,
    pub(super) formats: Formats,
    pub(super) answer: String,
}

/// Answers a browser's offer: one audio line, and whatever else it offers is refused or left unused.
pub(super) fn negotiate(
    identity: &BrowserIdentity,
    candidate: SocketAddr,
    offer: &str,
    start: Instant,
) -> Result<Negotiated, SdpError> {
    let mut rtc = identity.config().build(start);
    let host = Candidate::host(candidate, Protocol::Udp).map_err(|error| SdpError::Malformed(error.to_string()))?;
    rtc.add_local_candidate(host);
    let answer = accept(&mut rtc, offer)?;
    // Our own answer names every line; the offer is not known to.
    let mids = answer.media_lines.iter().map(|line| line.mid());
    let audio: Vec<Mid> = mids.filter(|mid| rtc.media(*mid).is_some_and(|media| media.kind() == MediaKind::Audio)).collect();
    let mid = match audio[..] {
        [] => return Err(SdpError::NoAudio),
        [mid] => mid,
        // Two microphones in one leg would be two streams for one far end.
        [..] => return Err(SdpError::Malformed("more than one audio line".to_owned())),
    };
    let formats = Formats::negotiated(&rtc, mid).ok_or(SdpError::NoCommonCodec)?;
    Ok(Negotiated { rtc, mid, formats, answer: answer.to_sdp_string() })
}

/// Answers a later offer of the same browser: for the same microphone and what was agreed for it.
pub(super) fn renegotiate(rtc: &mut Rtc, mid: Mid, agreed: Formats, offer: &str) -> Result<String, SdpError> {
    let answer = accept(rtc, offer)?;
    let same = answer.media_lines.iter().filter(|line| rtc.media(line.mid()).is_some()).all(|line| line.mid() == mid);
    if !same || Formats::negotiated(rtc, mid) != Some(agreed) {
        return Err(SdpError::Malformed("not the call that was agreed on".to_owned()));
    }
    Ok(answer.to_sdp_string())
}

/// Reads an offer and takes it, within bounds.
fn accept(rtc: &mut Rtc, offer: &str) -> Result<SdpAnswer, SdpError> {
    if offer.len() > SDP_BYTES_MAX {
        return Err(SdpError::TooLarge);
    }
    let malformed = |error: &dyn std::fmt::Display| SdpError::Malformed(error.to_string());
    let offer = SdpOffer::from_sdp_string(offer).map_err(|error| malformed(&error))?;
    if offer.media_lines.len() > MEDIA_LINES_MAX {
        return Err(SdpError::TooLarge);
    }
    rtc.sdp_api().accept_offer(offer).map_err(|error| malformed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static IDENTITY: LazyLock<BrowserIdentity> = LazyLock::new(|| BrowserIdentity::new().unwrap());

    /// As Chromium offers a microphone, with most of its other codecs left out.
    const CHROMIUM: &str = "v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS d3b0
m=audio 51472 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
c=IN IP4 127.0.0.1
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:1467250027 1 udp 2122260223 5f3c4d0a-0d6b-4f1b-9a2e-8c1f0f6f4d11.local 51472 typ host generation 0 network-id 1
a=ice-ufrag:EsAw
a=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y
a=ice-options:trickle
a=fingerprint:sha-256 49:66:12:17:0D:1C:91:AE:57:4C:C6:36:DD:D5:97:D2:7D:62:C9:9A:7F:B9:A3:F4:70:03:E7:43:91:73:23:5E
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendrecv
a=msid:d3b0 f1a2
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
a=ssrc:2570975412 cname:7Wyk
a=ssrc:2570975412 msid:d3b0 f1a2
";

    fn answer(offer: &str) -> Result<Negotiated, SdpError> {
        negotiate(&IDENTITY, "127.0.0.1:30000".parse().unwrap(), &offer.replace('\n', "\r\n"), Instant::now())
    }

    #[test]
    fn chromium_is_answered_with_opus_and_what_phones_speak() {
        let agreed = answer(CHROMIUM).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(agreed.formats.sent, (Codec::Opus, 111.into()));
        assert_eq!(agreed.formats.events, [Some(110.into()), Some(126.into())]);
        let lines = [
            "m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 110 126",
            "a=fmtp:111 minptime=10;useinbandfec=1",
            "a=ice-lite",
            "a=setup:passive",
            "a=sendrecv",
            "a=rtcp-mux",
        ];
        for line in lines {
            assert!(agreed.answer.lines().any(|answered| answered == line), "{line} is missing in {}", agreed.answer);
        }
        assert!(agreed.answer.contains(" 127.0.0.1 30000 typ host"), "{}", agreed.answer);
    }

    #[test]
    fn a_browser_without_opus_is_sent_g711() {
        let agreed = answer(&CHROMIUM.replace("opus", "speex")).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(agreed.formats.sent, (Codec::Pcmu, 0.into()));
        assert_eq!((agreed.formats.codec(8.into()), agreed.formats.codec(111.into())), (Some(Codec::Pcma), None));
        assert_eq!(agreed.formats.sent_event(Codec::Pcmu), Some(126.into()));
    }

    #[test]
    fn what_cannot_be_carried_is_refused_by_name() {
        let refused = |offer: &str| answer(offer).err();
        assert_eq!(
            refused(
                &CHROMIUM
                    .replace("PCM", "ADPCM")
                    .replace("opus", "speex")
                    .replace(" 0 8 13", " 1 2 13")
                    .replace(":0 AD", ":1 AD")
                    .replace(":8 AD", ":2 AD")
            ),
            Some(SdpError::NoCommonCodec)
        );
        assert_eq!(refused(&CHROMIUM.replace("m=audio", "m=video")), Some(SdpError::NoAudio));
        for needed in ["a=mid:0\n", "a=ice-ufrag:EsAw\n", "a=fingerprint:", "a=setup:actpass\na=mid:0\n"] {
            assert!(matches!(refused(&CHROMIUM.replace(needed, "a=x:")), Some(SdpError::Malformed(_))), "without {needed}");
        }
    }

    proptest! {
        /// Offers come from whoever has the page open: cut, doubled and garbled lines must not panic.
        #[test]
        fn no_offer_panics(edits in proptest::collection::vec((0usize..32, 0u8..4, "[ -~]{0,20}", 0usize..60), 1..6)) {
            let mut lines: Vec<String> = CHROMIUM.lines().map(str::to_owned).collect();
            for (at, kind, text, column) in edits {
                let at = at % lines.len();
                match kind {
                    0 => drop(lines.remove(at)),
                    1 => lines.insert(at, lines[at].clone()),
                    2 => {
                        lines[at].truncate(column);
                        lines[at].push_str(&text);
                    }
                    _ => lines.insert(at, format!("a={text}")),
                }
            }
            let _ = answer(&format!("{}\n", lines.join("\n")));
        }
    }
}
