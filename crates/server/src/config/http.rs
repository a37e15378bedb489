//! `[http]`: where browsers reach the program, and where its operator does.

use super::document::Section;
use super::{ConfigError, files};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// The HTTP listeners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Http {
    /// The public listener: pages, API, live connections.
    pub listen: SocketAddr,
    /// The operator's listener: metrics. Always plain HTTP.
    pub internal: SocketAddr,
    /// Certificate chain and private key, PEM files. With them the public listener speaks HTTPS.
    pub tls: Option<Tls>,
    /// A proxy in front speaks HTTPS and sets `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// What people type into a browser, without a slash at its end.
    pub public_url: String,
}

/// A certificate and its key, as PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The certificate chain.
    pub certificate: PathBuf,
    /// The private key.
    pub private_key: PathBuf,
}

impl Http {
    /// Whether browsers reach the program over HTTPS, so that cookies may be `Secure`.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.tls.is_some() || self.behind_proxy
    }

    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let address = "an address and port, for example 127.0.0.1:8080";
        let listen = section.parse("listen", address)?.unwrap_or_else(|| (Ipv4Addr::LOCALHOST, 8080).into());
        let internal = section.parse("internal", address)?.unwrap_or_else(|| (Ipv4Addr::LOCALHOST, 9090).into());
        let tls = match (section.text("certificate")?, section.text("private_key")?) {
            (Some(certificate), Some(private_key)) => Some(Tls {
                certificate: files::existing(&section, "certificate", certificate)?,
                private_key: files::existing(&section, "private_key", private_key)?,
            }),
            (None, None) => None,
            (Some(_), None) => return Err(section.error("private_key", "is missing: http.certificate needs its private key")),
            (None, Some(_)) => return Err(section.error("certificate", "is missing: http.private_key needs its certificate")),
        };
        let behind_proxy = section.flag("behind_proxy")?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let public_url = section.text("public_url")?.unwrap_or_else(|| format!("{scheme}://{listen}"));
        if !public_url.starts_with("http://") && !public_url.starts_with("https://") {
            return Err(section.error("public_url", "must begin with http:// or https://, for example https://hotline.example"));
        }
        let http = Self { listen, internal, tls, behind_proxy, public_url: public_url.trim_end_matches('/').to_owned() };
        http.check(&section)?;
        section.finish()?;
        Ok(http)
    }

    /// Passwords and sessions never cross a network in clear.
    fn check(&self, section: &Section) -> Result<(), ConfigError> {
        if !self.listen.ip().is_loopback() && !self.is_secure() {
            let what = "HTTP without a certificate is refused off loopback: give http.certificate and http.private_key, or set \
                        http.behind_proxy = true when a proxy speaks HTTPS";
            return Err(section.error("listen", what));
        }
        if !self.internal.ip().is_loopback() && !self.behind_proxy {
            let what = "the internal listener speaks plain HTTP and is refused off loopback: use 127.0.0.1, or set \
                        http.behind_proxy = true when a proxy guards it";
            return Err(section.error("internal", what));
        }
        if self.listen == self.internal && self.listen.port() != 0 {
            return Err(section.error("internal", "must be another address than http.listen"));
        }
        Ok(())
    }
}
