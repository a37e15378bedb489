//! What leaves the house: wallets, messages, and questions about calling numbers. Each connector bounds its time, says what came of it, and decides nothing.

pub mod breaker;
pub mod caller_id;
pub mod messages;
mod network;
pub mod number;
mod transaction;
pub mod wallet;

pub use messages::{DemoPhones, Messenger, Sent};
pub use wallet::{Wallet, Wallets};
