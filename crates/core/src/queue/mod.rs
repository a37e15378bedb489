//! Waiting callers and who takes them next.
