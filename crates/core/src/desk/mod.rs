//! What an agent may ask of the live hotline, one file per act. Each says which rule refuses it; only then is anything changed.

mod accept_offer;
mod challenge;
mod decline_offer;
mod end_challenge;
mod finish_wrap_up;
mod hang_up;
mod hold;
mod leave;
mod monitor;
mod press_keys;
mod reconnect;
mod resume;
mod set_presence;
mod stop_monitoring;
mod suspect_pressure;
mod take_back;
mod take_over;
mod transfer;

pub(crate) use accept_offer::accept_offer;
pub(crate) use challenge::challenge;
pub(crate) use decline_offer::decline_offer;
pub(crate) use end_challenge::end_challenge;
pub(crate) use finish_wrap_up::finish_wrap_up;
pub(crate) use hang_up::hang_up;
pub(crate) use hold::hold;
pub(crate) use leave::leave;
pub(crate) use monitor::monitor;
pub(crate) use press_keys::press_keys;
pub(crate) use reconnect::reconnect;
pub(crate) use resume::resume;
pub(crate) use set_presence::set_presence;
pub(crate) use stop_monitoring::stop_monitoring;
pub(crate) use suspect_pressure::suspect_pressure;
pub(crate) use take_back::take_back;
pub(crate) use take_over::take_over;
pub(crate) use transfer::transfer;
