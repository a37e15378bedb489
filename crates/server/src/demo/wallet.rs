//! The wallet behind the demo's wallets: the sandbox, spoken to over HTTP like any other wallet. Started here on loopback, unless the
//! configuration names one that runs as its own process.

use crate::config::{Config, WalletApi};
use crate::engine::Clock;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinSet;
use walletline_core::kernel::pii::Pii;
use walletline_gsma::sandbox::{Control, Sandbox};

/// The file of the sandbox below `data.dir`.
const FILE: &str = "demo-wallet.db";

/// The wallets that the sandbox knows.
const KNOWN: [&str; 2] = ["jinqiao", "harbor"];

/// The sandbox as the demo holds it.
pub struct DemoWallet {
    /// Moves it.
    pub(crate) control: Control,
    own: Mutex<Option<Own>>,
}

/// A sandbox of this process.
struct Own {
    sandbox: Sandbox,
    stop: Arc<Notify>,
    server: JoinSet<std::io::Result<()>>,
}

/// The sandbox cannot be started or reached.
#[derive(Debug, thiserror::Error)]
#[error("the demo's wallet: {0}")]
pub struct BadSandbox(String);

/// A key for the server of a wallet's app, another one at each start.
fn app_key() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl DemoWallet {
    /// Starts the sandbox and points every wallet at it that has no address of its own. Every wallet's app gets a key where it has none.
    ///
    /// # Errors
    /// When it cannot be started, or a configured one is no `http://` address.
    pub async fn start(config: &mut Config) -> Result<Self, BadSandbox> {
        let bad = |error: &dyn std::fmt::Display| BadSandbox(error.to_string());
        for wallet in config.wallets.iter_mut().filter(|wallet| wallet.app_keys.is_empty()) {
            wallet.app_keys = vec![Pii::new(app_key().map_err(|error| bad(&error))?)];
        }
        if let Some(gsma) = config.wallets.iter().find_map(|wallet| wallet.gsma.as_ref()) {
            // A wallet stands below the sandbox: `http://127.0.0.1:9100/jinqiao`.
            let base = gsma.url.trim_end_matches('/').rsplit_once('/').map_or(gsma.url.as_str(), |(base, _)| base);
            return Ok(Self { control: Control::new(base).map_err(|error| bad(&error))?, own: Mutex::new(None) });
        }
        std::fs::create_dir_all(&config.data.dir).map_err(|error| bad(&error))?;
        let file = config.data.dir.join(FILE);
        let sandbox = Sandbox::open(Some(&file), Arc::new(|| Clock::unmoved().0)).await.map_err(|error| bad(&error))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(|error| bad(&error))?;
        let address: SocketAddr = listener.local_addr().map_err(|error| bad(&error))?;
        let stop = Arc::new(Notify::new());
        let mut server = JoinSet::new();
        let (router, stopping) = (sandbox.router(), Arc::clone(&stop));
        server.spawn(async move {
            axum::serve(listener, router).with_graceful_shutdown(async move { stopping.notified().await }).await
        });
        let base = format!("http://{address}");
        for wallet in config.wallets.iter_mut().filter(|wallet| KNOWN.contains(&wallet.id.as_str())) {
            wallet.gsma = Some(WalletApi::at(format!("{base}/{}", wallet.id)));
            wallet.extension = Some(WalletApi::at(format!("{base}/{}/extension/v1", wallet.id)));
        }
        let control = Control::new(&base).map_err(|error| bad(&error))?;
        Ok(Self { control, own: Mutex::new(Some(Own { sandbox, stop, server })) })
    }

    /// Ends a sandbox of this process. One of another process goes on.
    pub async fn stop(&self) {
        let Some(mut own) = self.own.lock().await.take() else { return };
        own.sandbox.close().await;
        own.stop.notify_one();
        while own.server.join_next().await.is_some() {}
    }
}
