//! The names in a far end's certificate, as RFC 5922 section 7.1 reads them: the subject alternative names, and the common name where
//! there are none. Says nothing about who signed it.

use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

/// Whether a certificate is for one of these names: hosts or addresses, a `sip:` in front left out.
pub(super) fn is_named(certificate: &CertificateDer<'_>, names: &[String]) -> bool {
    let Ok((_, certificate)) = X509Certificate::from_der(certificate) else { return false };
    let wanted = |name: &str| {
        let name = name.strip_prefix("sip:").unwrap_or(name);
        names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name))
    };
    let Ok(alternatives) = certificate.subject_alternative_name() else { return false };
    match alternatives {
        Some(alternatives) => alternatives.value.general_names.iter().any(|name| match name {
            GeneralName::DNSName(name) | GeneralName::URI(name) => wanted(name),
            GeneralName::IPAddress(bytes) => address(bytes).is_some_and(|address| wanted(&address)),
            _ => false,
        }),
        None => certificate.subject().iter_common_name().any(|name| name.as_str().is_ok_and(wanted)),
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(|bytes| std::net::Ipv4Addr::from(bytes).to_string()),
        16 => <[u8; 16]>::try_from(bytes).ok().map(|bytes| std::net::Ipv6Addr::from(bytes).to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, DnType, KeyPair, SanType};

    fn certificate(common_name: &str, alternatives: Vec<SanType>) -> CertificateDer<'static> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, common_name);
        params.subject_alt_names = alternatives;
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().clone()
    }

    #[test]
    fn the_alternative_names_count_and_the_common_name_where_there_are_none() {
        let dns = |name: &str| SanType::DnsName(name.try_into().unwrap());
        let uri = |name: &str| SanType::URI(name.try_into().unwrap());
        let cases = [
            ("sbc.carrier.example", vec![], "SBC.carrier.example", true),
            ("sbc.carrier.example", vec![dns("other.example")], "sbc.carrier.example", false),
            ("x", vec![dns("other.example"), dns("sbc.carrier.example")], "sbc.carrier.example", true),
            ("x", vec![uri("sip:carrier.example")], "carrier.example", true),
            ("x", vec![SanType::IpAddress([203, 0, 113, 7].into())], "203.0.113.7", true),
            ("x", vec![dns("*.carrier.example")], "sbc.carrier.example", false),
        ];
        for (common_name, alternatives, wanted, named) in cases {
            let what = format!("{common_name} {alternatives:?} {wanted}");
            assert_eq!(is_named(&certificate(common_name, alternatives), &[wanted.to_owned()]), named, "{what}");
        }
        assert!(!is_named(&CertificateDer::from(vec![0x30, 0x03, 1, 1, 0xff]), &["x".to_owned()]));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = is_named(&CertificateDer::from(bytes), &["x".to_owned()]);
        }
    }
}
