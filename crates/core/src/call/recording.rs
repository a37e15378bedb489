//! Recordings as rows: what was recorded after which notice, what of it is silence, and when it must be gone. A row outlives its
//! recording: what is erased leaves a stone that says when and why. The audio itself is never here.

use super::{AddedLine, Contact, Fact, Hold, read_contact};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::{Actor, Role},
    ids::{ContactId, RecordingId, StaffId},
    language::Language,
    time::{Span, Wall},
    wrapped_key::WrappedKey,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How long a routine recording is kept (domain: 180 days).
pub const RECORDING_KEPT: Span = Span::from_s(180 * 24 * 3_600);

/// Bytes of a notice's hash that tell its versions apart.
const NOTICE_VERSION_BYTES: usize = 6;

/// A recording of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Its identifier.
    pub id: RecordingId,
    /// The contact it is of.
    pub contact: ContactId,
    /// What the customer was told before.
    pub notice: Notice,
    /// When it began.
    pub started_at: Wall,
    /// When its own time is over. A case it is tied to and a legal hold keep it longer.
    pub expires_at: Wall,
    /// Legal holds, oldest first; only the last one can stand.
    pub holds: Vec<Hold>,
    /// How it stands.
    pub state: RecordingState,
}

/// What a customer was told of being recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The prompt.
    pub prompt: String,
    /// In which language.
    pub language: Language,
    /// Names its words: another text has another version.
    pub version: String,
    /// When it had been heard to its end.
    pub heard_at: Wall,
}

impl Notice {
    /// A notice with these words.
    #[must_use]
    pub fn heard(prompt: &str, language: Language, words: &str, at: Wall) -> Self {
        let hash = Sha256::digest(words.as_bytes());
        let version = hash[..NOTICE_VERSION_BYTES].iter().map(|byte| format!("{byte:02x}")).collect();
        Self { prompt: prompt.to_owned(), language, version, heard_at: at }
    }
}

/// How a recording stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RecordingState {
    /// It is being made, or was when the program died.
    Open {
        /// Its key.
        key: WrappedKey,
    },
    /// It can be heard.
    Kept {
        /// Its key.
        key: WrappedKey,
        /// When it ended.
        ended_at: Wall,
        /// What there is.
        audio: Audio,
    },
    /// Its key is destroyed, and with it whatever is left of its file.
    Erased {
        /// When.
        at: Wall,
        /// Why.
        why: Erasure,
        /// What is still said of it; nothing of one that had not ended, or was erased before this was written down.
        #[serde(default)]
        remains: Option<Remains>,
    },
}

/// What is still said of a recording that is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remains {
    /// When it had ended.
    pub ended_at: Wall,
    /// Its length, milliseconds.
    pub duration_ms: u64,
}

/// A part of a recording that somebody was given to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listening {
    /// The recording.
    pub recording: RecordingId,
    /// Who.
    pub staff: StaffId,
    /// When.
    pub at: Wall,
    /// Its first millisecond.
    pub from_ms: u64,
    /// One past its last.
    pub to_ms: u64,
}

/// What there is of a recording.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audio {
    /// Its length, milliseconds.
    pub duration_ms: u64,
    /// Spans of silence in place of what was keyed and said.
    pub masked: Vec<MaskedSpan>,
    /// SHA-256 of its file, in hexadecimal digits.
    pub sha256: String,
    /// The loudest of every tenth of a second, 0 to 255: what the customer said.
    pub said: Vec<u8>,
    /// The same of what the customer heard.
    pub heard: Vec<u8>,
    /// Pieces of packets that could not be kept.
    pub lost: u64,
    /// It was left open by a crash: its last second or two are missing.
    pub recovered: bool,
}

/// A span of a recording, milliseconds from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaskedSpan {
    /// Its first.
    pub from_ms: u64,
    /// One past its last.
    pub to_ms: u64,
}

/// Why a recording was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Erasure {
    /// The customer would rather not be recorded.
    Declined,
    /// Its time was over.
    Expired,
    /// It never came to be: the disk, the leg.
    Failed,
}

impl Erasure {
    /// What the audit log calls it.
    const fn action(self) -> &'static str {
        match self {
            Self::Declined => "recording.declined",
            Self::Expired => "recording.expired",
            Self::Failed => "recording.failed",
        }
    }
}

/// A recording cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadRecording {
    /// It has ended.
    #[error("this recording has ended")]
    Ended,
    /// It is erased.
    #[error("this recording is erased")]
    Erased,
}

/// A recording begins: durable before its first second, so that no file is ever without its key.
#[must_use]
pub fn open_recording(
    id: RecordingId,
    contact: ContactId,
    notice: Notice,
    key: WrappedKey,
    started_at: Wall,
    expires_at: Wall,
) -> (Recording, Commit) {
    let fact = Fact::Recorded { recording: id, language: notice.language, notice: notice.version.clone() };
    let line = AddedLine { name: format!("recording:{id}"), at: started_at, fact };
    let (holds, state) = (Vec::new(), RecordingState::Open { key });
    let recording = Recording { id, contact, notice, started_at, expires_at, holds, state };
    let entry = Entry::new(started_at, Actor::System, "recording.started", id);
    let changes = vec![Change::Recording(0, Box::new(recording.clone())), Change::Added(contact, line)];
    (recording, Commit::new(entry, changes))
}

/// A recording ended, and this is what there is of it.
///
/// # Errors
/// [`BadRecording`] when it had ended already.
pub fn end_recording(row: (Version, &Recording), audio: Audio, at: Wall) -> Result<(Recording, Commit), BadRecording> {
    let (version, recording) = row;
    let key = match &recording.state {
        RecordingState::Open { key } => key.clone(),
        RecordingState::Kept { .. } => return Err(BadRecording::Ended),
        RecordingState::Erased { .. } => return Err(BadRecording::Erased),
    };
    let action = if audio.recovered { "recording.recovered" } else { "recording.ended" };
    let ended = Recording { state: RecordingState::Kept { key, ended_at: at, audio }, ..recording.clone() };
    let commit = Commit::new(
        Entry::new(at, Actor::System, action, recording.id),
        vec![Change::Recording(version, Box::new(ended.clone()))],
    );
    Ok((ended, commit))
}

/// A recording is erased: its key is gone with this commit, whatever becomes of its file.
///
/// # Errors
/// [`BadRecording::Erased`] when it was erased already.
pub fn erase_recording(row: (Version, &Recording), why: Erasure, at: Wall) -> Result<Commit, BadRecording> {
    let (version, recording) = row;
    let remains = match &recording.state {
        RecordingState::Open { .. } => None,
        RecordingState::Kept { ended_at, audio, .. } => Some(Remains { ended_at: *ended_at, duration_ms: audio.duration_ms }),
        RecordingState::Erased { .. } => return Err(BadRecording::Erased),
    };
    let actor = if why == Erasure::Declined { Actor::Caller } else { Actor::System };
    let erased = Recording { state: RecordingState::Erased { at, why, remains }, ..recording.clone() };
    Ok(Commit::new(Entry::new(at, actor, why.action(), recording.id), vec![Change::Recording(version, Box::new(erased))]))
}

/// Somebody is given a part of a contact's recording to hear: on record before they hear it.
#[must_use]
pub fn hear_recording(contact: &Contact, role: Role, part: Listening) -> Commit {
    read_contact(contact, part.staff, role, "recording.heard", part.at).with([Change::Listening(part)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened() -> Recording {
        let notice = Notice::heard("recording.notice", Language::En, "This call is recorded.", Wall(1));
        open_recording(7.into(), 8.into(), notice, WrappedKey::new("1:key".to_owned()), Wall(2), Wall(9)).0
    }

    #[test]
    fn a_recording_ends_once_and_is_erased_once() {
        let open = opened();
        let (kept, commit) = end_recording((1, &open), Audio::default(), Wall(5)).unwrap();
        assert_eq!(commit.entries()[0].action, "recording.ended");
        assert_eq!(end_recording((2, &kept), Audio::default(), Wall(6)).unwrap_err(), BadRecording::Ended);
        let commit = erase_recording((2, &kept), Erasure::Expired, Wall(9)).unwrap();
        let [Change::Recording(2, erased)] = commit.changes() else { panic!("{commit:?}") };
        assert_eq!(
            erased.state,
            RecordingState::Erased {
                at: Wall(9),
                why: Erasure::Expired,
                remains: Some(Remains { ended_at: Wall(5), duration_ms: 0 }),
            }
        );
        assert_eq!(erase_recording((3, erased), Erasure::Declined, Wall(9)), Err(BadRecording::Erased));
        assert_eq!(end_recording((3, erased), Audio::default(), Wall(9)).unwrap_err(), BadRecording::Erased);
    }

    #[test]
    fn another_text_of_the_notice_is_another_version() {
        let version = |words: &str| Notice::heard("recording.notice", Language::En, words, Wall(0)).version;
        assert_eq!(version("This call is recorded.").len(), 12);
        assert_ne!(version("This call is recorded."), version("This call may be recorded."));
    }

    #[test]
    fn a_row_prints_no_key() {
        assert!(!format!("{:?}", opened()).contains("1:key"));
    }
}
