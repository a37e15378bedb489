//! What happened in a contact, line by line.

use crate::kernel::{ids::StaffId, language::Language, time::Wall};
use serde::{Deserialize, Serialize};

/// One line of a contact's timeline. Lines are read in order of `at`, then `seq`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// Order of writing within the contact, from 0.
    pub seq: u32,
    /// When it happened; for what was said, when it began.
    pub at: Wall,
    /// What happened.
    #[serde(flatten)]
    pub fact: Fact,
}

/// What can happen in a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// A prompt was played.
    Said {
        /// The prompt's id.
        asset: String,
        /// Its language.
        language: Language,
        /// The words, as spoken.
        words: String,
        /// First audio.
        started_at: Wall,
        /// Last audio.
        ended_at: Wall,
        /// What cut it short: `key`, `hangup`, `agent`; none when it was heard to its end.
        interrupted_by: Option<String>,
    },
    /// The caller pressed keys that are no code.
    Keyed {
        /// The keys.
        digits: String,
    },
    /// The contact joined a queue, or returned to its front.
    Queued {
        /// The queue's id.
        queue: String,
        /// Place in the queue, from 1.
        position: u32,
    },
    /// An agent was offered the contact.
    Offered {
        /// Whom.
        agent: StaffId,
        /// The agent's number.
        number: String,
        /// `accepted`, `missed`, `declined`, `withdrawn`.
        outcome: String,
    },
    /// The customer and an agent were connected.
    Connected {
        /// Whom.
        agent: StaffId,
        /// The agent's number, as announced.
        number: String,
    },
    /// The contact ended.
    Ended {
        /// Who or what ended it: `caller`, `agent`, `system`.
        by: String,
        /// The system's finding, when it had one.
        disposition: Option<super::Disposition>,
    },
}
