//! `a=crypto` (RFC 4568): a tag, a suite, and the key its writer sends under. What we would have to honour and do not (several
//! keys, a key identifier in each packet, unencrypted or unauthenticated streams) makes a line useless, not the offer.

use crate::SrtpSuite;
use crate::media::MasterKey;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// Lines of one stream that are looked at. A phone offers two to eight.
const LINES_MAX: usize = 32;

/// Packets after which a key may run out (as a power of two): below, a call of some hours would outlive it.
const LIFETIME_LOG2: std::ops::RangeInclusive<u32> = 20..=48;

/// Keys are written with padding and read with or without: phones differ.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// Base64 of the longest key and salt, and its estimate of what that may decode to.
const TEXT_MAX: usize = 60;
const ROOM: usize = 48;

/// One usable line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Crypto {
    pub(crate) tag: u32,
    pub(crate) key: MasterKey,
}

impl Crypto {
    /// The usable ones among the values of a stream's attributes, in their order.
    pub(crate) fn read_all<'a>(values: impl Iterator<Item = &'a str>) -> Vec<Self> {
        values.take(LINES_MAX).filter_map(Self::read).collect()
    }

    /// Reads the value of one attribute: `tag suite key [parameters]`.
    pub(crate) fn read(value: &str) -> Option<Self> {
        let mut words = value.split_ascii_whitespace();
        let tag = words.next().filter(|tag| (1..=9).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_digit()))?;
        let suite = SrtpSuite::by_name(words.next()?)?;
        let key = read_key(suite, words.next()?)?;
        words.all(may_be_ignored).then_some(Self { tag: tag.parse().ok()?, key })
    }

    /// The value of the attribute.
    pub(crate) fn write(&self) -> String {
        let mut text = Zeroizing::new([0; TEXT_MAX]);
        // Four characters for three bytes: the longest key takes all of the room.
        let length = BASE64.encode_slice(self.key.bytes(), text.as_mut_slice()).unwrap_or_default();
        let key = std::str::from_utf8(&text[..length]).unwrap_or_default();
        format!("{} {} inline:{key}", self.tag, self.key.suite().name())
    }
}

/// `inline:key[|lifetime]`. A key identifier (`|mki:length`) and several keys, which need one, are not served.
fn read_key(suite: SrtpSuite, parameters: &str) -> Option<MasterKey> {
    let (method, information) = parameters.split_once(':')?;
    if !method.eq_ignore_ascii_case("inline") || information.contains(';') {
        return None;
    }
    let mut parts = information.split('|');
    let text = parts.next().filter(|text| text.len() <= TEXT_MAX)?;
    let lasts = parts.next().is_none_or(lasts_a_call);
    if !lasts || parts.next().is_some() {
        return None;
    }
    let mut bytes = Zeroizing::new([0; ROOM]);
    let length = BASE64.decode_slice(text, bytes.as_mut_slice()).ok()?;
    MasterKey::from_bytes(suite, &bytes[..length])
}

/// A lifetime in packets: `2^n`, or a number.
fn lasts_a_call(lifetime: &str) -> bool {
    match lifetime.strip_prefix("2^") {
        Some(power) => power.parse().is_ok_and(|power: u32| LIFETIME_LOG2.contains(&power)),
        None => {
            lifetime.parse().is_ok_and(|packets: u64| packets.checked_ilog2().is_some_and(|log| LIFETIME_LOG2.contains(&log)))
        }
    }
}

/// A hint at the replay window is met by ours; what begins with `-` may be passed over. Anything else would have to be done.
fn may_be_ignored(parameter: &str) -> bool {
    parameter.starts_with('-') || parameter.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("WSH="))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &str = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";

    fn reads(value: &str) -> bool {
        Crypto::read(value).is_some()
    }

    #[test]
    fn a_line_of_the_rfc() {
        let read = Crypto::read(&format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20")).unwrap();
        assert_eq!((read.tag, read.key.suite()), (1, SrtpSuite::AesCm128HmacSha1_80));
        assert_eq!(read.key.bytes(), b"YS___semctl () {\t220;}\n}\nunles");
        assert_eq!(read.write(), format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}"));
    }

    #[test]
    fn every_suite_goes_there_and_back() {
        for suite in SrtpSuite::ALL {
            let line = Crypto { tag: 7, key: MasterKey::random(suite) };
            let text = line.write();
            assert_eq!(Crypto::read(&text), Some(line.clone()), "{text}");
            assert_eq!(Crypto::read(text.trim_end_matches('=')), Some(line), "{text}");
        }
    }

    #[test]
    fn what_phones_add_is_understood() {
        for more in ["", "|2^31", "|2^48", "|1048576", " WSH=64", "|2^48 WSH=128 -private=1"] {
            assert!(reads(&format!("1 aes_cm_128_hmac_sha1_80 INLINE:{KEY}{more}")), "{more}");
        }
    }

    #[test]
    fn what_we_would_not_honour_is_not_taken() {
        for more in [
            "|2^20|1:4",
            "|1:4",
            "|2^10",
            "|2^49",
            "|0",
            "|2^",
            "|1024",
            &format!(";inline:{KEY}"),
            " UNENCRYPTED_SRTP",
            " UNAUTHENTICATED_SRTP",
            " KDR=1",
            " FEC_ORDER=FEC_SRTP",
        ] {
            assert!(!reads(&format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}{more}")), "{more}");
        }
        for value in [
            format!("0123456789 AES_CM_128_HMAC_SHA1_80 inline:{KEY}"),
            format!("x AES_CM_128_HMAC_SHA1_80 inline:{KEY}"),
            format!("1 F8_128_HMAC_SHA1_80 inline:{KEY}"),
            format!("1 AEAD_AES_128_GCM inline:{KEY}"),
            format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}AAAA"),
            format!("1 AES_CM_128_HMAC_SHA1_80 inline:{}", &KEY[..36]),
            "1 AES_CM_128_HMAC_SHA1_80 inline:".to_owned(),
            "1 AES_CM_128_HMAC_SHA1_80".to_owned(),
            String::new(),
        ] {
            assert!(!reads(&value), "{value}");
        }
    }

    #[test]
    fn no_key_is_printed() {
        let printed = format!("{:?}", Crypto::read(&format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}")));
        assert_eq!(printed, "Some(Crypto { tag: 1, key: MasterKey { suite: AesCm128HmacSha1_80, .. } })");
    }

    proptest! {
        #[test]
        fn no_text_panics(value in "\\PC{0,200}") {
            let _ = Crypto::read(&value);
        }

        /// Lines that are nearly right reach further than noise does; what is read is written back as it was meant.
        #[test]
        fn no_line_panics(
            value in "[0-9]{0,10} (AES_CM_128_HMAC_SHA1_(80|32)|AEAD_AES_(128|256)_GCM|X) inline:[A-Za-z0-9+/]{36,62}={0,3}(\\|(2\\^)?[0-9]{0,20})?(\\|[0-9]:[0-9])?( WSH=[0-9]{1,3}| KDR=1| -x)?",
        ) {
            if let Some(read) = Crypto::read(&value) {
                let back = Crypto::read(&read.write());
                prop_assert_eq!(back, Some(read));
            }
        }
    }
}
