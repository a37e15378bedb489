//! What leaves the house: wallets and messages. Each connector bounds its time, says what came of it, and decides nothing.

pub mod breaker;
pub mod messages;
pub mod number;
pub mod wallet;
mod transaction;

pub use messages::{DemoPhones, Messenger};
pub use wallet::{Wallet, Wallets};
