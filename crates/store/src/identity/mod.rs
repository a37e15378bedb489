//! The rows of identity: codes that were sent, or would have been.

pub(crate) mod challenge;
