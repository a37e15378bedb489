//! TLS of SIP connections: the certificate we show at both ends of a connection, whom we trust when we open one, and taking up a
//! renewed certificate while calls go on. A certificate that cannot be used never replaces one that can.

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::{Error as PemError, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};

/// Certificate files, PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// Our certificate, and those between it and its authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub private_key: PathBuf,
    /// Authorities trusted besides the system's when we connect to a far end.
    pub authorities: Option<PathBuf>,
}

/// What is wrong with a file: the configuration key that names it, and why it cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadFile {
    pub(crate) key: &'static str,
    pub(crate) why: String,
}

/// When the files were last written; what cannot be asked counts as never.
type Written = [Option<SystemTime>; 3];

/// The certificate in use.
pub(super) struct Tls {
    files: TlsFiles,
    current: Mutex<Current>,
}

#[derive(Clone)]
struct Current {
    acceptor: TlsAcceptor,
    connector: TlsConnector,
    written: Written,
}

impl Tls {
    /// Reads the files.
    pub(super) fn load(files: TlsFiles) -> Result<Self, BadFile> {
        let current = Mutex::new(read(&files)?);
        Ok(Self { files, current })
    }

    /// Reads the files again; keeps what is in use where they cannot be used.
    pub(super) fn reload(&self) -> Result<(), BadFile> {
        match read(&self.files) {
            Ok(fresh) => {
                *self.current() = fresh;
                Ok(())
            }
            Err(bad) => {
                // So that it is told once, and tried again when they are written again.
                let written = written(&self.files);
                self.current().written = written;
                Err(bad)
            }
        }
    }

    /// Whether the files were written since they were read.
    pub(super) fn has_changed(&self) -> bool {
        let written = written(&self.files);
        self.current().written != written
    }

    /// Shakes hands with a far end that connected to us.
    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<server::TlsStream<TcpStream>> {
        let acceptor = self.current().acceptor.clone();
        acceptor.accept(stream).await
    }

    /// Shakes hands with a far end that we connected to, which must show a certificate for this name or address.
    pub(super) async fn connect(&self, host: &str, stream: TcpStream) -> io::Result<client::TlsStream<TcpStream>> {
        let name = ServerName::try_from(host.to_owned()).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let connector = self.current().connector.clone();
        connector.connect(name, stream).await
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        // One assignment cannot be left half done.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn written(files: &TlsFiles) -> Written {
    let at = |path: &Path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
    [at(&files.certificate), at(&files.private_key), files.authorities.as_deref().and_then(at)]
}

fn read(files: &TlsFiles) -> Result<Current, BadFile> {
    // Before the files, so that what is written while they are read is seen as a change.
    let written = written(files);
    let chain = certificates("sip.certificate", &files.certificate)?;
    let unusable =
        |key, path: &Path, error: &dyn std::fmt::Display| BadFile { key, why: format!("`{}` {error}", path.display()) };
    let key = PrivateKeyDer::from_pem_file(&files.private_key)
        .map_err(|error| unusable("sip.private_key", &files.private_key, &told(&error, "private key")))?;
    let refused = |error: rustls::Error| {
        let why = match error {
            rustls::Error::InconsistentKeys(_) => "is not the key of sip.certificate".to_owned(),
            error => format!("cannot be used: {error}"),
        };
        unusable("sip.private_key", &files.private_key, &why)
    };
    let server = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(refused)?
        .with_no_client_auth()
        .with_single_cert(chain.clone(), key.clone_key())
        .map_err(refused)?;
    let client = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(refused)?
        .with_root_certificates(authorities(files)?)
        // A far end may ask who calls it.
        .with_client_auth_cert(chain, key)
        .map_err(refused)?;
    let (acceptor, connector) = (TlsAcceptor::from(Arc::new(server)), TlsConnector::from(Arc::new(client)));
    Ok(Current { acceptor, connector, written })
}

/// Named here, so that no other crate's choice for the process decides how calls are protected.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn authorities(files: &TlsFiles) -> Result<RootCertStore, BadFile> {
    let mut roots = RootCertStore::empty();
    // A system without authorities can still take calls, and reach far ends of the operator's own authority.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = &files.authorities {
        roots.add_parsable_certificates(certificates("sip.authorities", path)?);
    }
    Ok(roots)
}

fn certificates(key: &'static str, path: &Path) -> Result<Vec<CertificateDer<'static>>, BadFile> {
    let unusable = |error: &PemError| BadFile { key, why: format!("`{}` {}", path.display(), told(error, "certificate")) };
    let read =
        CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(|error| unusable(&error))?;
    if read.is_empty() { Err(unusable(&PemError::NoItemsFound)) } else { Ok(read) }
}

fn told(error: &PemError, what: &str) -> String {
    match error {
        PemError::NoItemsFound => format!("holds no {what} in PEM"),
        PemError::Io(error) => format!("cannot be read: {error}"),
        error => format!("is no PEM file: {error}"),
    }
}
