//! The rows of wallets: acts on them.

pub(crate) mod operation;
