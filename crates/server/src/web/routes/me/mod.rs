//! The person who is logged in, as an agent.

pub(crate) mod read_state;
pub(crate) mod set_state;

pub(in crate::web) use read_state::read_state;
pub(in crate::web) use set_state::set_state;
