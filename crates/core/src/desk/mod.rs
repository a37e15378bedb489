//! What an agent may ask of the live hotline, one file per act. Each says which rule refuses it; only then is anything changed.

mod accept_offer;
mod decline_offer;
mod finish_wrap_up;
mod hang_up;
mod set_presence;

pub(crate) use accept_offer::accept_offer;
pub(crate) use decline_offer::decline_offer;
pub(crate) use finish_wrap_up::finish_wrap_up;
pub(crate) use hang_up::hang_up;
pub(crate) use set_presence::set_presence;
