//! `walletline sandbox`: the wallet simulator alone.

use super::Failure;
use crate::engine::Clock;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use walletline_gsma::sandbox::Sandbox;

/// Run the wallet simulator: the GSMA Mobile Money API over invented customers.
#[derive(clap::Args)]
pub(super) struct Run {
    /// Where it listens: a loopback address.
    #[arg(long, value_name = "ADDR")]
    listen: SocketAddr,
    /// The file it keeps its state in.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
}

pub(super) async fn run(command: &Run) -> Result<(), Failure> {
    if !command.listen.ip().is_loopback() {
        let what = "is off loopback, which the sandbox refuses (it knows nobody and obeys everybody): use 127.0.0.1";
        return Err(Failure(format!("--listen: {} {what}", command.listen)));
    }
    if let Some(folder) = command.data.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| Failure(format!("--data: `{}`: {error}", folder.display())))?;
    }
    let sandbox = Sandbox::open(Some(&command.data), Arc::new(|| Clock::unmoved().0)).await?;
    let listener = TcpListener::bind(command.listen).await.map_err(|error| Failure(format!("--listen: {error}")))?;
    println!("wallet sandbox on http://{}", listener.local_addr()?);
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let closing = sandbox.clone();
    let stopped = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        closing.close().await;
    };
    axum::serve(listener, sandbox.router()).with_graceful_shutdown(stopped).await?;
    Ok(())
}
