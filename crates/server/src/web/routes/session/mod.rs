//! Logging in and out, and what is shown besides a password.

/// A ruling is made again this often when others wrote at the same time; more often means a bug, not bad luck.
const RULINGS_MAX: usize = 3;

pub(crate) mod confirm;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod passkeys;
pub(crate) mod read;
pub(crate) mod second_factor;

pub(in crate::web) use confirm::confirm;
pub(in crate::web) use create::create;
pub(in crate::web) use delete::delete;
pub(in crate::web) use passkeys::{add_passkey, challenge_passkey, list_passkeys, offer_passkey, remove_passkey};
pub(in crate::web) use read::read;
pub(in crate::web) use second_factor::{enrol_second_factor, offer_second_factor, remove_second_factor, renew_recovery_codes};
