//! What anybody may ask, without a log-in.

pub(crate) mod call_passes;

pub(in crate::web) use call_passes::make_call_pass;
