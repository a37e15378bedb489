//! Who takes whom next.

use serde::{Deserialize, Serialize};

/// Whom a queue picks among the agents who could take a call. Names as the field spells them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strategy {
    /// The agent whose last call ended longest ago.
    #[default]
    #[serde(rename = "longest-idle-agent", alias = "leastrecent")]
    LongestIdle,
}
