//! The demo world: an invented wallet with customers, staff whose passwords everybody knows, and the addresses that show and move
//! them. It exists where `--demo` was asked for, on loopback alone; without it none of this can be reached.

mod directory;
mod router;
pub(crate) mod routes;
mod staff;
mod wallet;
pub(crate) mod wire;

pub use directory::DirectorySeedError;
pub(crate) use router::router;
pub use staff::SeedError;
pub use wallet::{BadSandbox, DemoWallet};

use crate::config::Config;
use crate::connector::DemoPhones;
use crate::engine::Clock;
use crate::knowledge;
use std::fmt::Write as _;
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::IdSource;
use walletline_gsma::sandbox::{ControlError, Customer};
use walletline_store::Store;

/// The demo world while it runs.
pub struct Demo {
    /// The wallet behind the demo's wallets.
    pub wallet: DemoWallet,
    /// What the customers' phones received.
    pub phones: DemoPhones,
}

/// Why the demo world could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The wallet does not answer.
    #[error(transparent)]
    Wallet(#[from] ControlError),
    /// The staff could not be added.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// The articles could not be published.
    #[error("demo articles: {0}")]
    Articles(String),
    /// The directory could not be set up.
    #[error(transparent)]
    Directory(#[from] DirectorySeedError),
}

/// Sets the demo up in a store: its staff and its directory are added where they are missing, and left alone where they are there; its
/// articles become what the program ships.
///
/// # Errors
/// When the store does not answer.
pub async fn seed(config: &Config, store: &Store, clock: &Clock) -> Result<(), DemoError> {
    let mut seed = [0; 16];
    getrandom::fill(&mut seed).map_err(SeedError::Randomness)?;
    let mut ids = IdSource::new(u128::from_le_bytes(seed));
    staff::seed(store, clock, &mut ids).await?;
    directory::seed(store, clock, &mut ids).await?;
    let wallets: Vec<String> = config.wallets.iter().map(|wallet| wallet.id.clone()).collect();
    let texts = knowledge::shipped().map_err(|error| DemoError::Articles(error.to_string()))?;
    let imported = knowledge::import(store, &wallets, &texts, Actor::System, clock.wall()).await;
    imported.map_err(|error| DemoError::Articles(error.to_string()))?;
    Ok(())
}

impl Demo {
    /// The customers as the wallet has them now.
    ///
    /// # Errors
    /// When the wallet does not answer.
    pub async fn customers(&self) -> Result<Vec<Customer>, ControlError> {
        self.wallet.control.customers().await
    }

    /// What somebody needs to try the demo: addresses, log-ins, customers.
    ///
    /// # Errors
    /// When the wallet does not answer.
    pub async fn banner(&self, config: &Config) -> Result<String, DemoError> {
        let (url, sip) = (&config.http.public_url, config.sip.udp);
        let mut text = String::from("\nWalletline demo: everything here is invented, and its passwords are public.\n\n");
        let mut line = |words: String| {
            text.push_str(&words);
            text.push('\n');
        };
        line(format!("  Help site     {url}/help"));
        line(format!("  Desk          {url}/desk"));
        line(format!("  Demo phone    {url}/demo/phone"));
        for entry in &config.lines {
            let name = config.wallets.iter().find(|wallet| wallet.id == entry.wallet).and_then(|wallet| wallet.name.get("en"));
            line(format!("  Dial by SIP   sip:{}@{sip}   {}", entry.number, name.map_or("", String::as_str)));
        }
        let tls = config.sip.tls.as_ref().map(|(address, _)| *address);
        for (name, address) in [("TCP", config.sip.tcp), ("TLS", tls)] {
            if let Some(address) = address {
                line(format!("  or by {name}     the same numbers at {address};transport={}", name.to_ascii_lowercase()));
            }
        }
        let users = staff::PEOPLE.iter().map(|person| person.user).collect::<Vec<_>>().join(", ");
        line(format!("\n  Log-ins       {users}\n  Password      {}   (SIP phones too)\n", staff::PASSWORD));
        for customer in self.customers().await? {
            let state = if customer.sub_status == "none" { &customer.status } else { &customer.sub_status };
            line(format!("  Customer      {}  {}  {}  {state}", customer.msisdn, customer.account, customer.name));
            for transaction in &customer.transactions {
                let (id, amount, currency) = (&transaction.id, &transaction.amount, &transaction.currency);
                line(format!("                  {id}  {amount} {currency}  {}  {}", transaction.kind, transaction.status));
            }
        }
        let _never_fails = writeln!(text);
        Ok(text)
    }
}
