//! What agents wrote down during contacts: one note for each contact and agent.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::call::Note;
use walletline_core::commit::Version;
use walletline_core::kernel::{
    ids::{ContactId, StaffId},
    pii::Pii,
};

const INSERT: &str =
    "INSERT INTO note (contact, agent, version, body, at) VALUES ($1, $2, $3 + 1, $4, $5) ON CONFLICT DO NOTHING";

const UPDATE: &str =
    "UPDATE note SET version = version + 1, body = $4, at = $5 WHERE contact = $1 AND agent = $2 AND version = $3";

const OF_AGENT: &str = "SELECT contact, agent, version, body, at FROM note WHERE contact = $1 AND agent = $2";

const OF_CONTACT: &str = "SELECT contact, agent, version, body, at FROM note WHERE contact = $1 ORDER BY at, agent";

/// Writes a note that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, note: &Note) -> Result<(), Failure> {
    let Note { contact, agent, text, at } = note;
    let values = vec![(*contact).into(), (*agent).into(), version.into(), text.expose().as_str().into(), (*at).into()];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "note", &format_args!("{contact} of {agent}"), version)
}

fn read(row: &Row) -> Result<(Version, Note), ReadError> {
    let note =
        Note { contact: row.id("contact")?, agent: row.id("agent")?, text: Pii::new(row.text("body")?), at: row.at("at")? };
    Ok((row.int("version")?, note))
}

impl Store {
    /// An agent's note of a contact, with the version the next change to it is ruled on.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn note(&self, contact: ContactId, agent: StaffId) -> Result<Option<(Version, Note)>, ReadError> {
        self.rows(OF_AGENT, vec![contact.into(), agent.into()]).await?.first().map(read).transpose()
    }

    /// All notes of a contact, the one longest untouched first.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn notes(&self, contact: ContactId) -> Result<Vec<(Version, Note)>, ReadError> {
        self.rows(OF_CONTACT, vec![contact.into()]).await?.iter().map(read).collect()
    }
}
