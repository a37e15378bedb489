//! Freezes: what is written, what is not written twice, and that a number without an account goes the same way.

use super::*;
