//! What is known of a recording, on the wire.

use super::{AgentRef, Language, Time};
use crate::recordings::Kept;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::call::{self, Contact, RecordingState};
use walletline_core::help::Stay;
use walletline_core::kernel::ids::StaffId;
use walletline_voice::{PEAK_MS, RECORDING_RATE};

/// A recording's manifest.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RecordingManifest {
    /// The recording.
    #[schema(example = "rc_01KQ3V0000000000000000000A")]
    pub(crate) id: String,
    /// The contact it is of.
    pub(crate) contact: String,
    /// The number that was dialled.
    pub(crate) line: String,
    /// The wallet whose line it is.
    pub(crate) wallet: String,
    /// Who spoke with the customer, in order.
    pub(crate) agents: Vec<AgentRef>,
    /// When it began.
    pub(crate) started_at: Time,
    /// When it ended.
    pub(crate) ended_at: Time,
    /// When it is erased; null while a hold or an open case keeps it, whose end nobody knows.
    #[schema(required = true)]
    pub(crate) expires_at: Option<Time>,
    /// What keeps it.
    pub(crate) kept_by: KeptBy,
    /// The cases it is tied to, by their references.
    pub(crate) cases: Vec<String>,
    /// Legal holds, oldest first; the last one stands unless it was lifted.
    pub(crate) holds: Vec<RecordingHold>,
    /// Who was given which part to hear, newest first; empty for whoever only took part.
    pub(crate) heard: Vec<Heard>,
    /// Its length, milliseconds.
    pub(crate) duration_ms: u64,
    /// What is on its channels, the first one first: `customer`, `heard`.
    pub(crate) channels: Vec<&'static str>,
    /// Samples a second.
    pub(crate) sample_rate: u32,
    /// What the customer was told before.
    pub(crate) notice: RecordingNotice,
    /// Whoever was outside on the call, and was told of it: in the order they answered.
    pub(crate) outside_told: Vec<OutsideTold>,
    /// Spans of silence in place of what was keyed and said.
    pub(crate) masked: Vec<MaskedSpan>,
    /// SHA-256 of the encrypted file.
    pub(crate) sha256: String,
    /// The waveform.
    pub(crate) peaks: Peaks,
    /// Pieces of packets that could not be kept.
    pub(crate) lost: u64,
    /// It was left open by a crash: its last second or two are missing.
    pub(crate) recovered: bool,
}

/// What keeps a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeptBy {
    /// Its own time.
    Time,
    /// A case it is tied to.
    Case,
    /// A legal hold.
    Hold,
}

/// A legal hold.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RecordingHold {
    /// Who placed it, when and why.
    pub(crate) placed: HoldWord,
    /// Who lifted it; null while it stands.
    #[schema(required = true)]
    pub(crate) lifted: Option<HoldWord>,
}

/// What somebody decided about a hold.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct HoldWord {
    /// Who.
    pub(crate) by: AgentRef,
    /// When.
    pub(crate) at: Time,
    /// Why.
    pub(crate) reason: String,
}

/// Why a hold is placed or lifted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldReason {
    /// 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    pub(crate) reason: String,
}

/// A part that somebody was given to hear.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Heard {
    /// Who.
    pub(crate) by: AgentRef,
    /// When.
    pub(crate) at: Time,
    /// Its first millisecond.
    pub(crate) from_ms: u64,
    /// One past its last.
    pub(crate) to_ms: u64,
}

/// What the customer was told of being recorded.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RecordingNotice {
    /// The prompt.
    pub(crate) prompt: String,
    /// Its language.
    pub(crate) language: Language,
    /// Names its words.
    pub(crate) version: String,
    /// When it had been heard to its end.
    pub(crate) heard_at: Time,
}

/// Somebody outside on the call, who was told of the recording before anybody heard them.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct OutsideTold {
    /// The number outside, by id.
    pub(crate) to: String,
    /// The notice's language.
    pub(crate) language: Language,
    /// Names its words.
    pub(crate) version: String,
    /// When it had been heard to its end: from then on they are in the recording, or silence is.
    pub(crate) heard_at: Time,
    /// They would rather not be recorded.
    pub(crate) declined: bool,
}

impl OutsideTold {
    fn of(line: &call::TimelineEntry) -> Option<Self> {
        let call::Fact::OutsideTold { to, language, notice, declined } = &line.fact else { return None };
        let (to, version) = (to.clone(), notice.clone());
        Some(Self { to, language: (*language).into(), version, heard_at: line.at.into(), declined: *declined })
    }
}

/// A span of silence, milliseconds from the start.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct MaskedSpan {
    /// Its first.
    pub(crate) from_ms: u64,
    /// One past its last.
    pub(crate) to_ms: u64,
}

/// The loudest sample of every span of time, 0 to 255.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Peaks {
    /// The span, milliseconds.
    pub(crate) every_ms: u32,
    /// What the customer said.
    pub(crate) customer: Vec<u16>,
    /// What the customer heard.
    pub(crate) heard: Vec<u16>,
}

impl RecordingManifest {
    /// The manifest of a recording that can be heard; none of another.
    pub(crate) fn new(
        contact: &Contact,
        kept: &Kept,
        heard: &[call::Listening],
        lines: &[call::TimelineEntry],
        number_of: impl Fn(StaffId) -> String,
    ) -> Option<Self> {
        let recording = &kept.recording;
        let who = |id: StaffId| AgentRef { id: id.to_string(), number: number_of(id) };
        let word = |word: &call::HoldWord| HoldWord { by: who(word.by), at: word.at.into(), reason: word.reason.clone() };
        let hold = |hold: &call::Hold| RecordingHold { placed: word(&hold.placed), lifted: hold.lifted.as_ref().map(word) };
        let (expires_at, kept_by) = match kept.stay {
            Stay::WhileHeld => (None, KeptBy::Hold),
            Stay::WhileCaseOpen => (None, KeptBy::Case),
            Stay::Until(until) if until > recording.expires_at => (Some(until.into()), KeptBy::Case),
            Stay::Until(until) => (Some(until.into()), KeptBy::Time),
        };
        let RecordingState::Kept { ended_at, audio, key: _ } = &recording.state else { return None };
        let values = |peaks: &[u8]| peaks.iter().map(|peak| u16::from(*peak)).collect();
        let span = |span: &call::MaskedSpan| MaskedSpan { from_ms: span.from_ms, to_ms: span.to_ms };
        Some(Self {
            id: recording.id.to_string(),
            contact: contact.id.to_string(),
            line: contact.line.clone(),
            wallet: contact.wallet.clone(),
            agents: contact.agents.iter().map(|id| who(*id)).collect(),
            started_at: recording.started_at.into(),
            ended_at: (*ended_at).into(),
            expires_at,
            kept_by,
            cases: kept.cases.iter().map(ToString::to_string).collect(),
            holds: recording.holds.iter().map(hold).collect(),
            heard: heard
                .iter()
                .map(|part| Heard {
                    by: who(part.staff),
                    at: part.at.into(),
                    from_ms: part.from_ms,
                    to_ms: part.to_ms.min(audio.duration_ms),
                })
                .collect(),
            duration_ms: audio.duration_ms,
            channels: vec!["customer", "heard"],
            sample_rate: RECORDING_RATE,
            notice: RecordingNotice {
                prompt: recording.notice.prompt.clone(),
                language: recording.notice.language.into(),
                version: recording.notice.version.clone(),
                heard_at: recording.notice.heard_at.into(),
            },
            outside_told: lines.iter().filter_map(OutsideTold::of).collect(),
            masked: audio.masked.iter().map(span).collect(),
            sha256: audio.sha256.clone(),
            peaks: Peaks { every_ms: PEAK_MS, customer: values(&audio.said), heard: values(&audio.heard) },
            lost: audio.lost,
            recovered: audio.recovered,
        })
    }
}
