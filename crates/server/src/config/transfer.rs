//! `[[transfer]]`: numbers outside that calls of a wallet may be handed on to. They stand here and nowhere else: no agent types one, and no
//! caller names one.

use super::document::Section;
use super::{ConfigError, names};
use std::collections::BTreeMap;
use walletline_core::kernel::language::Language;

/// A number outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Its id among them.
    pub id: String,
    /// The wallet whose calls may go there.
    pub wallet: String,
    /// Who is reached there, in each language.
    pub name: BTreeMap<Language, String>,
    /// What is dialled.
    pub number: String,
    /// The trunk that carries it. None: the first one that may dial the number.
    pub trunk: Option<String>,
    /// The plan of the hours in which somebody is there, by name. None: always.
    pub hours: Option<String>,
}

impl Transfer {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let id = names::id(&mut section)?;
        let wallet = section.required("wallet", "the id of a [[wallet]]")?;
        let name = names::in_each_language(&mut section)?;
        let number = section.required("number", "the number that is dialled, for example \"+861012345678\"")?;
        names::check_number(&section, "number", &number)?;
        let trunk = section.text("trunk")?;
        let hours = section.text("hours")?;
        section.finish()?;
        Ok(Self { id, wallet, name, number, trunk, hours })
    }
}
