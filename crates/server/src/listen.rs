//! Sockets: bound before anything else starts, so that a port in use is told in one line and nothing is half-started.

use crate::config::{Config, ConfigError, Line, Tls, Trunk};
use crate::dialling;
use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tokio::task::JoinSet;
use walletline_voice::{Network, TrunkSettings};

/// Binds a TCP listener.
///
/// # Errors
/// [`ConfigError`] naming the key when the address cannot be bound.
pub fn bind(key: &str, address: SocketAddr) -> Result<TcpListener, ConfigError> {
    let refused = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            ConfigError::new(key, format!("{address} is in use: stop what listens there, or choose another port"))
        }
        _ => ConfigError::new(key, format!("{address} cannot be listened on: {error}")),
    };
    TcpListener::bind(address).map_err(refused)
}

/// What the voice engine needs of the configuration.
#[must_use]
pub fn voice_config(config: &Config) -> walletline_voice::Config {
    let carriers: Vec<Network> = config.trunks.iter().flat_map(|trunk| trunk.settings.from.iter().copied()).collect();
    walletline_voice::Config {
        sip_udp: config.sip.udp,
        sip_tcp: config.sip.tcp,
        sip_tls: config.sip.tls.clone(),
        media_bind: config.media.bind,
        media_advertise: Some(config.media.advertise),
        media_ports: config.media.ports.clone(),
        calls_max: config.sip.calls_max,
        trusted: Box::new(move |source| carriers.iter().any(|network| network.contains(source))),
        encryption: config.encryption_policies(),
        trunks: trunks(config),
        number_kinds: Box::new(dialling::kind),
    }
}

/// Limits of the voice engine that the configuration may change.
#[must_use]
pub fn voice_tuning(config: &Config) -> walletline_voice::Tuning {
    let mut tuning = walletline_voice::Tuning { silence: config.media.silence, ..walletline_voice::Tuning::default() };
    tuning.session.expires = config.sip.session;
    (tuning.streams.connections, tuning.streams.per_address) = config.sip.connections;
    tuning
}

/// The trunks, each with what lines show to whom they call.
fn trunks(config: &Config) -> Vec<TrunkSettings> {
    let shown = |line: &Line| Some((line.number.clone(), line.caller_id.clone()?));
    let caller_ids: BTreeMap<String, String> = config.lines.iter().filter_map(shown).collect();
    let of = |trunk: &Trunk| TrunkSettings { caller_ids: caller_ids.clone(), ..trunk.settings.clone() };
    config.trunks.iter().map(of).collect()
}

/// The running HTTP servers.
pub struct Servers {
    tasks: JoinSet<io::Result<()>>,
    handle: Handle<SocketAddr>,
    certificate: Option<(Tls, RustlsConfig)>,
}

impl Servers {
    /// Starts the public and the internal listener.
    ///
    /// # Errors
    /// [`ConfigError`] when the certificate cannot be used.
    pub async fn start(
        public: TcpListener,
        app: Router,
        tls: Option<Tls>,
        internal: TcpListener,
        metrics: Router,
    ) -> Result<Self, ConfigError> {
        let handle = Handle::new();
        let mut tasks = JoinSet::new();
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        let unusable = |error: io::Error| ConfigError::new("http.listen", error);
        let certificate = match tls {
            None => {
                let server = axum_server::from_tcp(public).map_err(unusable)?.handle(handle.clone());
                tasks.spawn(server.serve(app));
                None
            }
            Some(tls) => {
                let loaded = RustlsConfig::from_pem_file(&tls.certificate, &tls.private_key).await;
                let loaded = loaded.map_err(|error| ConfigError::new("http.certificate", error))?;
                let server = axum_server::from_tcp_rustls(public, loaded.clone()).map_err(unusable)?.handle(handle.clone());
                tasks.spawn(server.serve(app));
                Some((tls, loaded))
            }
        };
        let server = axum_server::from_tcp(internal).map_err(unusable)?.handle(handle.clone());
        tasks.spawn(server.serve(metrics.into_make_service()));
        Ok(Self { tasks, handle, certificate })
    }

    /// Takes up a renewed certificate; keeps the old one when the new one cannot be used.
    pub async fn reload_certificate(&self) {
        let Some((tls, loaded)) = &self.certificate else { return };
        match loaded.reload_from_pem_file(&tls.certificate, &tls.private_key).await {
            Ok(()) => tracing::info!("certificate reloaded"),
            Err(error) => tracing::error!(%error, "http.certificate cannot be used; the one before stays"),
        }
    }

    /// Stops accepting, gives open connections `grace`, and waits for the end.
    pub async fn stop(mut self, grace: Duration) {
        self.handle.graceful_shutdown(Some(grace));
        while let Some(ended) = self.tasks.join_next().await {
            if let Ok(Err(error)) = ended {
                tracing::warn!(%error, "a listener ended with an error");
            }
        }
    }
}
