//! How agents closed contacts: one wrap-up for each contact, a later one replaces it.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_word};
use crate::error::ReadError;
use walletline_core::call::WrapUp;
use walletline_core::commit::Version;
use walletline_core::kernel::pii::Pii;

const INSERT: &str =
    "INSERT INTO wrap_up (contact, version, agent, code, note, at) VALUES ($1, $2 + 1, $3, $4, $5, $6) ON CONFLICT DO NOTHING";

const UPDATE: &str =
    "UPDATE wrap_up SET version = version + 1, agent = $3, code = $4, note = $5, at = $6 WHERE contact = $1 AND version = $2";

/// Writes a wrap-up that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, wrap_up: &WrapUp) -> Result<(), Failure> {
    let WrapUp { contact, agent, code, note, at } = wrap_up;
    let values = vec![
        (*contact).into(),
        version.into(),
        (*agent).into(),
        to_word(code)?.into(),
        note.expose().as_str().into(),
        (*at).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "wrap-up", contact, version)
}

/// Reads a wrap-up from a row with its columns prefixed `wrap_`; none where an outer join found none.
pub(crate) fn read(row: &Row) -> Result<Option<(Version, WrapUp)>, ReadError> {
    let Some(version) = row.int_or_null("wrap_version")? else { return Ok(None) };
    let wrap_up = WrapUp {
        contact: row.id("contact_id")?,
        agent: row.id("wrap_agent")?,
        code: row.word("wrap_code")?,
        note: Pii::new(row.text("wrap_note")?),
        at: row.at("wrap_at")?,
    };
    Ok(Some((version, wrap_up)))
}
