//! What leaves the house: wallets, messages, and questions about calling numbers. Each connector bounds its time, says what came of it, and decides nothing.

pub mod breaker;
pub mod caller_id;
pub mod messages;
pub mod number;
pub mod rail;
mod transaction;
pub mod wallet;
pub mod wechat_pay;

pub use messages::{DemoPhones, Messenger, Sent};
pub use rail::{GiveBack, RefundRail};
pub use wallet::{Wallet, Wallets};
