//! The demo world: invented customers and staff whose passwords everybody knows, and the addresses that show them. It exists
//! where `--demo` was asked for, on loopback alone; without it none of this can be reached.

mod customers;
mod router;
pub(crate) mod routes;
mod staff;
pub(crate) mod wire;

pub use customers::FixtureError;
pub(crate) use customers::{Customer, Transaction};
pub(crate) use router::router;
pub use staff::SeedError;

use crate::config::Config;
use crate::engine::Clock;
use std::fmt::Write as _;
use walletline_core::kernel::ids::IdSource;
use walletline_store::Store;

/// The demo's customers, as long as no wallet stands behind them.
#[derive(Debug)]
pub struct Demo {
    pub(crate) customers: Vec<Customer>,
}

/// Why the demo world could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The shipped customers cannot be read.
    #[error(transparent)]
    Fixture(#[from] FixtureError),
    /// The staff could not be added.
    #[error(transparent)]
    Seed(#[from] SeedError),
}

/// Sets the demo world up in a store: its staff are added where they are missing, and left alone where they are there.
///
/// # Errors
/// When the store does not answer, or what is shipped with the program cannot be read.
pub async fn prepare(store: &Store, clock: &Clock) -> Result<Demo, DemoError> {
    let customers = customers::load()?;
    let mut seed = [0; 16];
    getrandom::fill(&mut seed).map_err(SeedError::Randomness)?;
    staff::seed(store, clock, &mut IdSource::new(u128::from_le_bytes(seed))).await?;
    Ok(Demo { customers })
}

impl Demo {
    /// What somebody needs to try the demo: addresses, log-ins, customers.
    #[must_use]
    pub fn banner(&self, config: &Config) -> String {
        let (url, sip) = (&config.http.public_url, config.sip.udp);
        let mut text = String::from("\nWalletline demo: everything here is invented, and its passwords are public.\n\n");
        let mut line = |words: String| {
            text.push_str(&words);
            text.push('\n');
        };
        line(format!("  Desk          {url}/desk"));
        line(format!("  Demo phone    {url}/demo/phone"));
        for entry in &config.lines {
            let name = config.wallets.iter().find(|wallet| wallet.id == entry.wallet).and_then(|wallet| wallet.name.get("en"));
            line(format!("  Dial by SIP   sip:{}@{sip}   {}", entry.number, name.map_or("", String::as_str)));
        }
        let users = staff::PEOPLE.iter().map(|person| person.user).collect::<Vec<_>>().join(", ");
        line(format!("\n  Log-ins       {users}\n  Password      {}   (SIP phones too)\n", staff::PASSWORD));
        for customer in &self.customers {
            let state = if customer.sub_status == "none" { &customer.status } else { &customer.sub_status };
            line(format!("  Customer      {}  {}  {}  {state}", customer.msisdn, customer.account, customer.name));
            for Transaction { id, kind, status, amount, currency } in &customer.transactions {
                line(format!("                  {id}  {amount} {currency}  {kind}  {status}"));
            }
        }
        let _never_fails = writeln!(text);
        text
    }
}
