//! What other companies tell us of what we gave them.

pub(crate) mod receipts;

pub(in crate::web) use receipts::receipts;
