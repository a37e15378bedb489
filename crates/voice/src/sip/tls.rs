//! TLS of SIP connections: the certificate we show at both ends of a connection, whom we trust when we open one, and taking up a
//! renewed certificate while calls go on. A certificate that cannot be used never replaces one that can. Trunks that prove themselves
//! by a certificate are told apart here: each by its own authorities and names (certificate.rs), so that none can pass for another.

use super::certificate::is_named;
use super::trunk::TrunkSettings;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::{Error as PemError, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
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

/// What of a trunk matters for TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TrunkTls {
    /// Names of which the certificate of its calls must hold one; empty where it needs none.
    names: Vec<String>,
    /// Who signs its certificates.
    authorities: Option<PathBuf>,
    /// The hosts we connect to.
    hosts: Vec<String>,
}

impl TrunkTls {
    pub(super) fn of(trunk: &TrunkSettings) -> Self {
        Self {
            names: trunk.certificate.clone(),
            authorities: trunk.authorities.clone(),
            hosts: trunk.targets.iter().map(|target| target.host.clone()).collect(),
        }
    }
}

/// When the files were last written; what cannot be asked counts as never.
type Written = Vec<Option<SystemTime>>;

/// The certificate in use.
pub(super) struct Tls {
    files: TlsFiles,
    /// In the order of the configuration.
    trunks: Vec<TrunkTls>,
    current: Mutex<Current>,
}

#[derive(Clone)]
struct Current {
    acceptor: TlsAcceptor,
    connector: TlsConnector,
    /// For each trunk with authorities of its own, who may be at its end of a connection.
    trunks: Arc<[Option<Trust>]>,
    written: Written,
}

/// Whom a trunk's authorities vouch for.
struct Trust {
    verifier: Arc<dyn ClientCertVerifier>,
    connector: TlsConnector,
}

impl Tls {
    /// Reads the files.
    pub(super) fn load(files: TlsFiles, trunks: Vec<TrunkTls>) -> Result<Self, BadFile> {
        let current = Mutex::new(read(&files, &trunks)?);
        Ok(Self { files, trunks, current })
    }

    /// Reads the files again; keeps what is in use where they cannot be used.
    pub(super) fn reload(&self) -> Result<(), BadFile> {
        match read(&self.files, &self.trunks) {
            Ok(fresh) => {
                *self.current() = fresh;
                Ok(())
            }
            Err(bad) => {
                // So that it is told once, and tried again when they are written again.
                let written = written(&self.files, &self.trunks);
                self.current().written = written;
                Err(bad)
            }
        }
    }

    /// Whether the files were written since they were read.
    pub(super) fn has_changed(&self) -> bool {
        let written = written(&self.files, &self.trunks);
        self.current().written != written
    }

    /// Shakes hands with a far end that connected to us. With the stream come the trunks whose certificate it showed.
    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<(server::TlsStream<TcpStream>, Vec<usize>)> {
        let current = self.current().clone();
        let stream = current.acceptor.accept(stream).await?;
        let shown = stream.get_ref().1.peer_certificates().unwrap_or_default();
        let is_shown = |at: &usize| {
            let (trunk, trust) = (&self.trunks[*at], current.trunks[*at].as_ref());
            trust.is_some_and(|trust| !trunk.names.is_empty() && trust.vouches_for(shown, &trunk.names))
        };
        let trunks = (0..self.trunks.len()).filter(is_shown).collect();
        Ok((stream, trunks))
    }

    /// Shakes hands with a far end that we connected to, which must show a certificate for this name or address. Where that is a
    /// trunk's target, its authorities must have signed it, and the connection is the trunk's.
    pub(super) async fn connect(&self, host: &str, stream: TcpStream) -> io::Result<(client::TlsStream<TcpStream>, Vec<usize>)> {
        let name = ServerName::try_from(host.to_owned()).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let current = self.current().clone();
        let is_theirs = |at: &usize| current.trunks[*at].is_some() && self.trunks[*at].hosts.iter().any(|known| known == host);
        let trunks: Vec<usize> = (0..self.trunks.len()).filter(is_theirs).collect();
        let trust = trunks.first().and_then(|at| current.trunks[*at].as_ref());
        let connector = trust.map_or(&current.connector, |trust| &trust.connector);
        // Of two trunks with one host only the first one's authorities were asked.
        Ok((connector.connect(name, stream).await?, trunks.into_iter().take(1).collect()))
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        // One assignment cannot be left half done.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Trust {
    fn vouches_for(&self, shown: &[CertificateDer<'_>], names: &[String]) -> bool {
        let Some((own, between)) = shown.split_first() else { return false };
        is_named(own, names) && self.verifier.verify_client_cert(own, between, UnixTime::now()).is_ok()
    }
}

fn written(files: &TlsFiles, trunks: &[TrunkTls]) -> Written {
    let at = |path: &Path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
    let own = [Some(&files.certificate), Some(&files.private_key), files.authorities.as_ref()];
    let all = own.into_iter().chain(trunks.iter().map(|trunk| trunk.authorities.as_ref()));
    all.map(|path| path.and_then(|path| at(path))).collect()
}

fn read(files: &TlsFiles, trunks: &[TrunkTls]) -> Result<Current, BadFile> {
    // Before the files, so that what is written while they are read is seen as a change.
    let written = written(files, trunks);
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
    // A far end may ask who calls it.
    let connector = |roots: RootCertStore| {
        let client = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().map_err(refused)?;
        let client = client.with_root_certificates(roots).with_client_auth_cert(chain.clone(), key.clone_key());
        Ok::<_, BadFile>(TlsConnector::from(Arc::new(client.map_err(refused)?)))
    };
    let (mut trusts, mut asked) = (Vec::new(), RootCertStore::empty());
    for trunk in trunks {
        let Some(path) = &trunk.authorities else {
            trusts.push(None);
            continue;
        };
        let mut roots = RootCertStore::empty();
        let authorities = certificates("trunk.authorities", path)?;
        if !trunk.names.is_empty() {
            asked.add_parsable_certificates(authorities.iter().cloned());
        }
        roots.add_parsable_certificates(authorities);
        let verifier = verifier(roots.clone()).map_err(|error| unusable("trunk.authorities", path, &error))?;
        trusts.push(Some(Trust { verifier, connector: connector(roots)? }));
    }
    let server = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().map_err(refused)?;
    let server = if asked.is_empty() {
        server.with_no_client_auth()
    } else {
        let anyone = verifier(asked).map_err(|error| unusable("trunk.authorities", &files.certificate, &error))?;
        server.with_client_cert_verifier(anyone)
    };
    let server = server.with_single_cert(chain.clone(), key.clone_key()).map_err(refused)?;
    let connector = connector(authorities(files)?)?;
    Ok(Current { acceptor: TlsAcceptor::from(Arc::new(server)), connector, trunks: trusts.into(), written })
}

/// Takes certificates of these authorities, and who shows none: a phone has none, and is no trunk.
fn verifier(roots: RootCertStore) -> Result<Arc<dyn ClientCertVerifier>, VerifierBuilderError> {
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider()).allow_unauthenticated().build()
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
