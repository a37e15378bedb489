//! Waiting callers and who takes them next.

mod pick;

pub use pick::Strategy;
