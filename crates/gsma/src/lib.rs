//! The GSMA Mobile Money API v1.2: its wire types, a client, and a sandbox server that behaves like a wallet; and a small extension of
//! our own for what that API lacks.
//!
//! It knows no hotline: what an answer means for a caller is decided elsewhere. No name, number or key that it carries reaches
//! its `Debug` or its errors, it never takes an unknown word of a wallet for a failure, and no amount ever becomes a float.

mod amount;
mod client;
pub mod extension;
mod private;
pub mod sandbox;
pub mod wire;

pub use amount::{Amount, AmountError};
pub use client::{
    Accepted, AccountRef, AccountState, Client, Config, ConfigError, Error, NotSent, OAuth, Page, Reconciled, ReversalState,
    TransactionPage, Unclear,
};
pub use private::Private;
