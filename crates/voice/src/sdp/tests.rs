//! What phones really send, and what is answered.

use super::*;
use crate::EncryptionPolicy::{self, Off, Preferred, Required};
use crate::SrtpSuite;
use crate::media::{Codec, MasterKey};
use proptest::prelude::*;

const LOCAL: Local = Local {
    address: std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 10)), 30_500),
    session_id: 77,
    version: 3,
};

/// Checks the answer to an offer, line by line.
fn check(offer: &str, expected: &str) {
    let read = read_offer(offer.replace('\n', "\r\n").as_bytes(), Preferred).unwrap();
    assert_eq!(write_answer(&read, &LOCAL, None).replace("\r\n", "\n"), expected);
    assert_eq!(read_offer(offer.as_bytes(), Preferred).unwrap(), read, "bare line feeds are read alike");
}

fn refused(offer: &str) -> SdpError {
    read_offer(offer.as_bytes(), Preferred).unwrap_err()
}

/// An offer with these lines after the session part.
fn with(lines: &str) -> String {
    format!("v=0\no=- 1 1 IN IP4 198.51.100.7\ns=-\nc=IN IP4 198.51.100.7\nt=0 0\n{lines}\n")
}

const ANSWERED_SESSION: &str = "v=0\no=- 77 3 IN IP4 192.0.2.10\ns=-\nc=IN IP4 192.0.2.10\nt=0 0\n";

#[test]
fn sipp() {
    let offer = "v=0
o=user1 53655765 2353687637 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio 6000 RTP/AVP 0
a=rtpmap:0 PCMU/8000
";
    check(
        offer,
        &format!("{ANSWERED_SESSION}m=audio 30500 RTP/AVP 0\na=rtpmap:0 PCMU/8000\na=ptime:20\na=rtcp:30501\na=sendrecv\n"),
    );
}

#[test]
fn baresip() {
    let offer = "v=0
o=- 2208987541 1245213415 IN IP4 192.168.1.20
s=-
c=IN IP4 192.168.1.20
t=0 0
a=tool:baresip 1.0.0
m=audio 12070 RTP/AVP 96 0 8 101
b=AS:125
a=rtpmap:96 opus/48000/2
a=fmtp:96 stereo=1;sprop-stereo=1
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=rtcp:12071
a=sendrecv
a=label:1
a=rtcp-rsize
a=ssrc:3410290742 cname:sip:1000@192.168.1.20
a=ptime:20
";
    check(
        offer,
        &format!(
            "{ANSWERED_SESSION}m=audio 30500 RTP/AVP 0 101\na=rtpmap:0 PCMU/8000\na=rtpmap:101 telephone-event/8000\na=fmtp:101 \
             0-15\na=ptime:20\na=rtcp:30501\na=sendrecv\n"
        ),
    );
    let stream = read_offer(offer.as_bytes(), Preferred).unwrap().stream;
    assert_eq!(stream.address, Some("192.168.1.20:12070".parse().unwrap()));
    assert_eq!((stream.codec, stream.payload_type, stream.telephone_event), (Codec::Pcmu, 0, Some(101)));
}

#[test]
fn linphone_with_video_and_its_own_numbers() {
    let offer = "v=0
o=alice 3415 1893 IN IP4 203.0.113.4
s=Talk
c=IN IP4 203.0.113.4
t=0 0
a=rtcp-xr:rcvr-rtt=all:10000 stat-summary=loss,dup,jitt,TTL voip-metrics
m=audio 7078 RTP/AVPF 96 97 98 8 0 18 99 100 120
a=rtpmap:96 opus/48000/2
a=fmtp:96 useinbandfec=1
a=rtpmap:97 speex/16000
a=fmtp:97 vbr=on
a=rtpmap:98 speex/8000
a=rtpmap:18 G729/8000
a=fmtp:18 annexb=yes
a=rtpmap:99 telephone-event/48000
a=rtpmap:100 telephone-event/16000
a=rtpmap:120 telephone-event/8000
a=rtcp-fb:* ccm tmmbr
m=video 9078 RTP/AVPF 96 97
a=rtpmap:96 VP8/90000
a=rtpmap:97 H264/90000
a=rtcp-fb:* ccm tmmbr
m=text 11078 RTP/AVP 98
a=rtpmap:98 t140/1000
";
    check(
        offer,
        &format!(
            "{ANSWERED_SESSION}m=audio 30500 RTP/AVPF 8 120\na=rtpmap:8 PCMA/8000\na=rtpmap:120 telephone-event/8000\na=fmtp:120 \
             0-15\na=ptime:20\na=rtcp:30501\na=sendrecv\nm=video 0 RTP/AVPF 96 97\nm=text 0 RTP/AVP 98\n"
        ),
    );
}

#[test]
fn a_desk_phone_that_holds() {
    let audio =
        "m=audio 11780 RTP/AVP 8 101\na=rtpmap:8 PCMA/8000\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-16\na=ptime:20";
    let answered = |direction: &str| {
        format!(
            "{ANSWERED_SESSION}m=audio 30500 RTP/AVP 8 101\na=rtpmap:8 PCMA/8000\na=rtpmap:101 telephone-event/8000\na=fmtp:101 \
             0-15\na=ptime:20\na=rtcp:30501\na={direction}\n"
        )
    };
    for (offered, expected) in
        [("sendonly", "recvonly"), ("recvonly", "sendonly"), ("inactive", "inactive"), ("sendrecv", "sendrecv")]
    {
        check(&with(&format!("{audio}\na={offered}")), &answered(expected));
        let for_the_session = with(audio).replace("t=0 0", &format!("t=0 0\na={offered}"));
        check(&for_the_session, &answered(expected));
    }
    let zeros = with(&format!("{audio}\nc=IN IP4 0.0.0.0"))
        .replace(&format!("{audio}\nc=IN IP4 0.0.0.0"), &audio.replacen('\n', "\nc=IN IP4 0.0.0.0\n", 1));
    check(&zeros, &answered("recvonly"));
    let stream = read_offer(zeros.as_bytes(), Preferred).unwrap().stream;
    assert_eq!((stream.address, stream.direction), (None, Direction::SendOnly));
}

#[test]
fn the_first_line_we_can_carry_is_taken() {
    let offer = with(
        "m=video 9000 RTP/AVP 31\nm=audio 5000 RTP/SAVP 8\nm=audio 0 RTP/AVP 8\nm=audio 5004 RTP/AVP 0 8\nm=audio 5006 RTP/AVP 8",
    );
    let answer = write_answer(&read_offer(offer.as_bytes(), Preferred).unwrap(), &LOCAL, None);
    let lines: Vec<_> = answer.lines().filter(|line| line.starts_with("m=")).collect();
    let expected =
        ["m=video 0 RTP/AVP 31", "m=audio 0 RTP/SAVP 8", "m=audio 0 RTP/AVP 8", "m=audio 30500 RTP/AVP 0", "m=audio 0 RTP/AVP 8"];
    assert_eq!(lines, expected);
}

#[test]
fn numbers_mean_what_the_offer_maps_them_to() {
    let stream = |lines: &str| read_offer(with(lines).as_bytes(), Preferred).unwrap().stream;
    let mapped = stream("m=audio 5000 RTP/AVP 97 98\na=rtpmap:97 G729/8000\na=rtpmap:98 pcma/8000/1");
    assert_eq!((mapped.codec, mapped.payload_type), (Codec::Pcma, 98));
    let unmapped = stream("m=audio 5000 RTP/AVP 18 8 0");
    assert_eq!((unmapped.codec, unmapped.payload_type, unmapped.telephone_event), (Codec::Pcma, 8, None));
    let wideband = stream("m=audio 5000 RTP/AVP 9 8");
    assert_eq!((wideband.codec, wideband.payload_type), (Codec::G722, 9));
    let by_its_sampling = stream("m=audio 5000 RTP/AVP 96 97 8\na=rtpmap:96 G722/16000\na=rtpmap:97 opus/48000/2");
    assert_eq!(by_its_sampling.codec, Codec::Pcma, "RFC 3551 says 8000, and Opus is for browsers");
    let wideband_first = stream("m=audio 5000 RTP/AVP 0 8\na=rtpmap:0 PCMU/16000");
    assert_eq!(wideband_first.codec, Codec::Pcma);
    let later = "m=audio 5000 RTP/AVP 8 101 102\na=rtpmap:101 telephone-event/16000\na=rtpmap:102 Telephone-Event/8000";
    assert_eq!(stream(later).telephone_event, Some(102));
}

#[test]
fn what_cannot_be_carried_is_refused_by_name() {
    assert_eq!(refused(&with("")), SdpError::NoAudio);
    assert_eq!(refused(&with("m=video 9000 RTP/AVP 31")), SdpError::NoAudio);
    assert_eq!(refused(&with("m=audio 0 RTP/AVP 8")), SdpError::NoAudio);
    assert_eq!(refused(&with("m=audio 9000 RTP/AVP 18 3")), SdpError::NoCommonCodec);
    assert_eq!(refused(&with("m=audio 9000 RTP/AVP 101\na=rtpmap:101 telephone-event/8000")), SdpError::NoCommonCodec);
    assert_eq!(refused(&with("m=audio 9000 RTP/SAVP 8")), SdpError::NoUsableKey);
    assert_eq!(refused(&with("m=audio 9000 UDP/TLS/RTP/SAVPF 0 8")), SdpError::NoCommonCodec);
    for address in ["224.0.0.1", "255.255.255.255", "phone.example.org", "ff02::1"] {
        let offer = with("m=audio 9000 RTP/AVP 8").replace("c=IN IP4 198.51.100.7", &format!("c=IN IP4 {address}"));
        assert_eq!(refused(&offer), SdpError::UnusableAddress(address.to_owned()));
    }
    for malformed in
        ["", "not sdp", "v=1\n", "v=0\nm=audio x RTP/AVP 8\n", "v=0\nm=audio 70000 RTP/AVP 8\n", "v=0\nm=audio 9 RTP/AVP 8\n"]
    {
        assert!(matches!(refused(malformed), SdpError::Malformed(_) | SdpError::NoAudio), "{malformed:?}");
    }
    assert_eq!(refused(&with(&format!("a=x:{}", "x".repeat(SDP_BYTES_MAX)))), SdpError::TooLarge);
    assert_eq!(refused(&with(&"m=audio 9000 RTP/AVP 8\n".repeat(MEDIA_LINES_MAX + 1))), SdpError::TooLarge);
}

#[test]
fn rtcp_goes_where_the_offer_has_it() {
    for (attributes, muxed, port) in [
        ("", false, Some(4001)),
        ("a=rtcp:4009", false, Some(4009)),
        ("a=rtcp:4009 IN IP4 198.51.100.99", false, Some(4009)),
        ("a=rtcp-mux\na=rtcp:4000", true, Some(4000)),
        ("a=rtcp:x", false, Some(4001)),
        ("a=rtcp:0", false, None),
        ("a=rtcp:99999", false, Some(4001)),
    ] {
        let read = read_offer(with(&format!("m=audio 4000 RTP/AVP 8\n{attributes}")).as_bytes(), Preferred).unwrap();
        let expected = port.map(|port| std::net::SocketAddr::from(([198, 51, 100, 7], port)));
        assert_eq!((read.stream.rtcp_mux, read.stream.rtcp), (muxed, expected), "{attributes}");
        let answer = write_answer(&read, &LOCAL, None);
        assert_eq!((answer.contains("a=rtcp-mux"), answer.contains("a=rtcp:30501")), (muxed, !muxed), "{answer}");
    }
    let last = read_offer(with("m=audio 65535 RTP/AVP 8").as_bytes(), Preferred).unwrap();
    assert_eq!(last.stream.rtcp, None, "there is no port beside");
}

#[test]
fn our_offer_and_its_answer() {
    let offer = write_offer(&LOCAL, &[], false);
    assert_eq!(
        offer.replace("\r\n", "\n"),
        format!(
            "{ANSWERED_SESSION}m=audio 30500 RTP/AVP 8 0 9 101\na=rtpmap:8 PCMA/8000\na=rtpmap:0 PCMU/8000\na=rtpmap:9 \
             G722/8000\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\na=ptime:20\na=rtcp-mux\na=rtcp:30501\na=sendrecv\n"
        )
    );
    let answer = with("m=audio 4000 RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000");
    let stream = read_answer(answer.as_bytes(), Preferred, &[]).unwrap();
    assert_eq!((stream.codec, stream.telephone_event, stream.direction), (Codec::Pcmu, Some(101), Direction::SendRecv));
}

const KEY: &str = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";

/// An audio line of this profile with keys for these suites, tagged from 1.
fn keyed(profile: &str, suites: &[&str]) -> String {
    let keys = suites.iter().zip(1..).map(|(suite, tag)| {
        let key = match *suite {
            "AEAD_AES_256_GCM" => "A".repeat(59),
            "AEAD_AES_128_GCM" => "A".repeat(38),
            _ => KEY.to_owned(),
        };
        format!("\na=crypto:{tag} {suite} inline:{key}")
    });
    with(&format!("m=audio 5004 {profile} 8{}", keys.collect::<String>()))
}

fn under(policy: EncryptionPolicy, offer: &str) -> Result<Option<(u32, SrtpSuite)>, SdpError> {
    let offer = read_offer(offer.as_bytes(), policy)?;
    Ok(offer.stream.crypto.map(|crypto| (crypto.tag, crypto.key.suite())))
}

#[test]
fn a_policy_says_which_offers_are_taken() {
    const CM80: &str = "AES_CM_128_HMAC_SHA1_80";
    let taken = Ok(Some((1, SrtpSuite::AesCm128HmacSha1_80)));
    for profile in ["RTP/SAVP", "RTP/SAVPF", "rtp/savp"] {
        let secure = keyed(profile, &[CM80]);
        assert_eq!(under(Required, &secure), taken);
        assert_eq!(under(Preferred, &secure), taken);
        assert_eq!(under(Off, &secure), Err(SdpError::EncryptionOff));
    }
    let beside = keyed("RTP/AVP", &[CM80]);
    assert_eq!((under(Required, &beside), under(Preferred, &beside)), (taken.clone(), taken));
    assert_eq!(under(Off, &beside), Ok(None));
    let plain = keyed("RTP/AVP", &[]);
    assert_eq!(under(Required, &plain), Err(SdpError::EncryptionRequired));
    assert_eq!((under(Preferred, &plain), under(Off, &plain)), (Ok(None), Ok(None)));
    let unknown = ["F8_128_HMAC_SHA1_80"];
    assert_eq!(under(Preferred, &keyed("RTP/AVP", &unknown)), Ok(None));
    assert_eq!(under(Required, &keyed("RTP/AVP", &unknown)), Err(SdpError::NoUsableKey));
    assert_eq!(under(Preferred, &keyed("RTP/SAVP", &unknown)), Err(SdpError::NoUsableKey));
}

#[test]
fn the_strongest_suite_is_answered_under_its_tag_and_profile() {
    let suites =
        ["AES_CM_128_HMAC_SHA1_32", "F8_128_HMAC_SHA1_80", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM", "AES_CM_128_HMAC_SHA1_80"];
    for (count, tag, suite) in
        [(1, 1, SrtpSuite::AesCm128HmacSha1_32), (3, 3, SrtpSuite::AeadAes128Gcm), (5, 4, SrtpSuite::AeadAes256Gcm)]
    {
        let offer = read_offer(keyed("RTP/SAVP", &suites[..count]).as_bytes(), Preferred).unwrap();
        let chosen = offer.stream.crypto.as_ref().unwrap();
        assert_eq!((chosen.tag, chosen.key.suite()), (tag, suite));
        let ours = Crypto { tag, key: MasterKey::random(suite) };
        let answer = write_answer(&offer, &LOCAL, Some(&ours));
        assert!(answer.contains("m=audio 30500 RTP/SAVP 8\r\n"), "{answer}");
        assert_eq!(answer.matches("a=crypto:").count(), 1);
        let read = read_answer(answer.as_bytes(), Required, std::slice::from_ref(&ours)).unwrap();
        assert_eq!(read.crypto, Some(ours));
    }
}

#[test]
fn a_line_with_keys_goes_before_a_plain_one() {
    let both = format!("{}m=audio 5008 RTP/SAVP 8\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}\n", keyed("RTP/AVP", &[]));
    let port = |policy| read_offer(both.as_bytes(), policy).unwrap().stream.address.map(|address| address.port());
    assert_eq!((port(Required), port(Preferred), port(Off)), (Some(5008), Some(5008), Some(5004)));
}

#[test]
fn an_answer_has_to_take_a_key_that_was_offered() {
    let ours: Vec<_> = (1..).zip(SrtpSuite::ALL).map(|(tag, suite)| Crypto { tag, key: MasterKey::random(suite) }).collect();
    let offer = write_offer(&LOCAL, &ours, true);
    assert!(
        offer.contains("m=audio 30500 RTP/SAVP 8 0 9 101\r\n") && offer.contains("a=crypto:1 AEAD_AES_256_GCM inline:"),
        "{offer}"
    );
    assert!(write_offer(&LOCAL, &ours, false).contains("m=audio 30500 RTP/AVP 8 0 9 101\r\n"));
    let answer =
        |text: &str, policy| read_answer(text.as_bytes(), policy, &ours).map(|stream| stream.crypto.map(|crypto| crypto.tag));
    let third = with(&format!("m=audio 5004 RTP/SAVP 8\na=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:{KEY}"));
    assert_eq!(answer(&third, Required), Ok(Some(3)));
    assert_eq!(answer(&third.replace("crypto:3", "crypto:4"), Required), Err(SdpError::NoUsableKey), "the tag of another suite");
    assert_eq!(answer(&keyed("RTP/AVP", &[]), Required), Err(SdpError::EncryptionRequired));
    assert_eq!(answer(&keyed("RTP/AVP", &[]), Preferred), Ok(None));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read_offer(&bytes, Preferred);
    }

    /// Lines that are nearly right reach further than noise does.
    #[test]
    fn no_lines_panic(
        lines in proptest::collection::vec("[vosctma]=[ -~]{0,60}|m=audio [0-9]{1,6} RTP/AVP( [0-9]{1,4}){0,9}|a=rtpmap:[0-9]{1,4} ?[A-Za-z-]{0,16}/?[0-9]{0,9}|m=audio [0-9]{1,6} RTP/S?AVPF?( [0-9]{1,4}){0,9}|a=crypto:[0-9]{1,10} AES_CM_128_HMAC_SHA1_80 inline:[A-Za-z0-9+/]{38,42}|c=IN IP[46] [0-9a-f.:]{0,20}", 0..30),
        cut in 0usize..3000,
    ) {
        let mut sdp = format!("v=0\r\n{}\r\n", lines.join("\r\n"));
        sdp.truncate(cut);
        if let Ok(offer) = read_offer(sdp.as_bytes(), Preferred) {
            let ours = offer.stream.crypto.clone();
            let answer = write_answer(&offer, &LOCAL, ours.as_ref());
            let ports: Vec<_> = answer.lines().filter(|line| line.starts_with("m=")).map(|line| line.split(' ').nth(1) != Some("0")).collect();
            prop_assert_eq!(ports.len(), offer.lines.len());
            prop_assert_eq!(ports.iter().filter(|taken| **taken).count(), 1);
            // What we answer must itself be an SDP with the codec that was agreed.
            let back = read_answer(answer.as_bytes(), Preferred, ours.as_slice());
            prop_assert_eq!(back.map(|stream| stream.codec), Ok(offer.stream.codec));
        }
    }
}
