//! `[[line]]`: the numbers that can be dialled.

use super::document::Section;
use super::{ConfigError, encryption, flow::FlowSource, keeping, names};
use walletline_core::kernel::{language::Language, time::Span};
use walletline_voice::EncryptionPolicy;

/// A hotline number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As dialled: the user part of the SIP address.
    pub number: String,
    /// The wallet it belongs to.
    pub wallet: String,
    /// What the caller hears.
    pub flow: FlowSource,
    /// Languages in the order they are offered.
    pub languages: Vec<Language>,
    /// The plan of its opening hours, by name. None: somebody is always there.
    pub hours: Option<String>,
    /// Calls at once; the next one is told that the line is busy (486). None: only the program's limit.
    pub calls_max: Option<u32>,
    /// Whether its calls are recorded, after a notice.
    pub record: bool,
    /// Whether callers hear the agent's number before they are connected.
    pub announce_agent: bool,
    /// How long a recording of its calls stays that nothing else keeps.
    pub keep_recordings: Span,
    /// What whom it calls is shown in place of its number, as a carrier knows it.
    pub caller_id: Option<String>,
    /// Whether its callers' media has to be encrypted.
    pub encryption: Option<EncryptionPolicy>,
}

impl Line {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let number = section.required("number", "the number that is dialled, for example \"8000\"")?;
        names::check_number(&section, "number", &number)?;
        let caller_id = section.text("caller_id")?;
        if let Some(shown) = &caller_id {
            names::check_number(&section, "caller_id", shown)?;
        }
        let wallet = section.required("wallet", "the id of a [[wallet]]")?;
        let flow = FlowSource::from(section.text("flow")?.unwrap_or_else(|| "hotline".to_owned()));
        let languages = names::languages(&mut section, "languages")?.unwrap_or_else(|| Language::ALL.to_vec());
        let calls_max = section.number("calls_max", 1..=10_000)?;
        let record = section.flag("record")?;
        let announce_agent = section.switch("announce_agent", true)?;
        let keep_recordings = keeping::of_line(&mut section)?;
        let hours = section.text("hours")?;
        let encryption = encryption::read(&mut section)?;
        section.finish()?;
        Ok(Self {
            number,
            wallet,
            flow,
            languages,
            hours,
            calls_max,
            record,
            announce_agent,
            keep_recordings,
            caller_id,
            encryption,
        })
    }
}
