//! `[stir]`: whose signatures under calling numbers are believed, and from where their certificates may be fetched.

use super::document::Section;
use super::{ConfigError, files};
use crate::connector::caller_id::read_certificates;
use rustls::pki_types::CertificateDer;
use webpki::anchor_from_trusted_cert;

/// Port of https, for a host that names none.
const HTTPS: u16 = 443;

/// Who is believed about calling numbers (RFC 8224).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stir {
    /// The authorities to one of which every signer's certificate must lead.
    pub anchors: Vec<CertificateDer<'static>>,
    /// Hosts and ports from which certificates are fetched, and no others.
    pub hosts: Vec<(String, u16)>,
}

impl Stir {
    /// `None` where nothing is written: then no signature is checked.
    pub(super) fn read(mut section: Section) -> Result<Option<Self>, ConfigError> {
        let anchors = section.text("anchors")?.map(|path| files::existing(&section, "anchors", path)).transpose()?;
        let hosts = section.texts("hosts")?;
        let stir = match (anchors, hosts) {
            (None, None) => None,
            (None, Some(_)) => {
                return Err(section.error("anchors", "is missing: name a file with the certificates of the authorities, in PEM"));
            }
            (Some(_), None) => {
                let what =
                    "is missing: list the hosts that signers' certificates may be fetched from, for example [\"cr.sti.example\"]";
                return Err(section.error("hosts", what));
            }
            (Some(path), Some(texts)) => {
                let wrong = || section.error("anchors", format!("`{}` holds no certificates in PEM", path.display()));
                let anchors = std::fs::read(&path).ok().and_then(|text| read_certificates(&text)).ok_or_else(wrong)?;
                if anchors.iter().any(|anchor| anchor_from_trusted_cert(anchor).is_err()) {
                    return Err(wrong());
                }
                let hosts = texts.iter().map(|text| {
                    host(text).ok_or_else(|| {
                        section.error("hosts", format!("`{text}` is no host: write a name, and a port where it is not 443"))
                    })
                });
                Some(Self { anchors, hosts: hosts.collect::<Result<_, _>>()? })
            }
        };
        section.finish()?;
        Ok(stir)
    }
}

/// A name in small letters, and a port. Addresses are none: whoever names one cannot be told from whoever points at it.
fn host(text: &str) -> Option<(String, u16)> {
    let (name, port) = text.split_once(':').map_or(Some((text, HTTPS)), |(name, port)| Some((name, port.parse().ok()?)))?;
    let name = name.to_ascii_lowercase();
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_name =
        name.len() <= 253 && name.split('.').all(label) && !name.split('.').next_back()?.bytes().all(|b| b.is_ascii_digit());
    (is_name && port != 0).then_some((name, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name() {
        let named = |name: &str, port| Some((name.to_owned(), port));
        for (text, read) in [
            ("cr.sti.example", named("cr.sti.example", 443)),
            ("CR.Sti.Example:8443", named("cr.sti.example", 8443)),
            ("localhost", named("localhost", 443)),
            ("", None),
            ("127.0.0.1", None),
            ("[::1]", None),
            ("https://cr.sti.example", None),
            ("cr.sti.example/x", None),
            ("cr..example", None),
            ("*.example", None),
            ("cr.sti.example:0", None),
            ("cr.sti.example:x", None),
        ] {
            assert_eq!(host(text), read, "{text}");
        }
    }
}
