//! One file per page.

pub(super) mod account;
pub(super) mod article;
pub(super) mod call;
pub(super) mod case;
pub(super) mod case_form;
pub(super) mod check;
pub(super) mod home;
pub(super) mod hours;
pub(super) mod number;
pub(super) mod official_numbers;
pub(super) mod offline;
pub(super) mod prepare;
pub(super) mod refund;
pub(in crate::web) mod search;
mod tracking;
pub(super) mod wait;
