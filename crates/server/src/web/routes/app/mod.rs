//! What the servers of wallets' apps ask, signed with the wallet's key.

pub(crate) mod talking_to_us;

pub(in crate::web) use talking_to_us::talking_to_us;
