//! What is known of a recording, on the wire.

use super::{AgentRef, Language, Time};
use serde::Serialize;
use utoipa::ToSchema;
use walletline_core::call::{self, Contact, RecordingState};
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
    /// When it is erased.
    pub(crate) expires_at: Time,
    /// Its length, milliseconds.
    pub(crate) duration_ms: u64,
    /// What is on its channels, the first one first: `customer`, `heard`.
    pub(crate) channels: Vec<&'static str>,
    /// Samples a second.
    pub(crate) sample_rate: u32,
    /// What the customer was told before.
    pub(crate) notice: RecordingNotice,
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
    pub(crate) fn new(contact: &Contact, recording: &call::Recording, number_of: impl Fn(StaffId) -> String) -> Option<Self> {
        let RecordingState::Kept { ended_at, audio, key: _ } = &recording.state else { return None };
        let values = |peaks: &[u8]| peaks.iter().map(|peak| u16::from(*peak)).collect();
        let span = |span: &call::MaskedSpan| MaskedSpan { from_ms: span.from_ms, to_ms: span.to_ms };
        Some(Self {
            id: recording.id.to_string(),
            contact: contact.id.to_string(),
            line: contact.line.clone(),
            wallet: contact.wallet.clone(),
            agents: contact.agents.iter().map(|id| AgentRef { id: id.to_string(), number: number_of(*id) }).collect(),
            started_at: recording.started_at.into(),
            ended_at: (*ended_at).into(),
            expires_at: recording.expires_at.into(),
            duration_ms: audio.duration_ms,
            channels: vec!["customer", "heard"],
            sample_rate: RECORDING_RATE,
            notice: RecordingNotice {
                prompt: recording.notice.prompt.clone(),
                language: recording.notice.language.into(),
                version: recording.notice.version.clone(),
                heard_at: recording.notice.heard_at.into(),
            },
            masked: audio.masked.iter().map(span).collect(),
            sha256: audio.sha256.clone(),
            peaks: Peaks { every_ms: PEAK_MS, customer: values(&audio.said), heard: values(&audio.heard) },
            lost: audio.lost,
            recovered: audio.recovered,
        })
    }
}
