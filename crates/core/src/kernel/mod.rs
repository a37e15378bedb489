//! What every area stands on. The kernel sees no area.

pub mod account_act;
pub mod actor;
pub mod assurance;
pub mod calendar;
pub mod hex;
pub mod ids;
pub mod language;
pub mod length;
pub mod luhn;
pub mod money;
pub mod phrase;
pub mod pii;
pub mod purpose;
pub mod redaction;
pub mod source;
pub mod subject;
pub mod tally;
pub mod time;
pub mod transaction;
pub mod wrapped_key;
