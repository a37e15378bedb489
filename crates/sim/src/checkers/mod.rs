//! What must hold whatever happens: one file for each law. A checker looks and says what is wrong; it changes nothing.

pub mod audited;
pub mod codes;
pub mod ends_once;
pub mod freeze_kept;
pub mod idle_pair;
pub mod limits;
pub mod one_offer;
pub mod one_place;
pub mod permitted_acts;
pub mod private;
pub mod record_agrees;
pub mod refund_effect;
pub mod refund_permitted;
pub mod refund_sums;
pub mod single_effect;
