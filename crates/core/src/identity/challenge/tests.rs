//! Codes: when one is sent, what one is worth when it comes back, and that a number without an account goes the same way.

use super::*;
