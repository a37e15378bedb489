//! Contacts as rows.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json, to_word};
use crate::error::ReadError;
use serde::{Deserialize, Serialize};
use walletline_core::call::{CallerIdTrust, Channel, Contact, Service};
use walletline_core::cases::Reference;
use walletline_core::commit::Version;
use walletline_core::kernel::{
    assurance::Level,
    ids::{ContactId, StaffId},
    language::Language,
    pii::Pii,
    time::Wall,
};

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
struct Details {
    channel: Channel,
    language: Option<Language>,
    service: Option<Service>,
    level: Level,
    // Rows written before these fields were known have none of them.
    #[serde(default)]
    caller_id: CallerIdTrust,
    #[serde(default)]
    risk: Vec<String>,
    #[serde(default)]
    case: Option<String>,
    answered_at: Option<Wall>,
    queued_at: Option<Wall>,
    connected_at: Option<Wall>,
    agents: Vec<StaffId>,
}

const INSERT: &str = "INSERT INTO contact (id, version, line, wallet, caller, opened_at, ended_at, disposition, details, \
    expires_at, service) VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE contact SET version = version + 1, line = $3, wallet = $4, caller = $5, opened_at = $6, \
    ended_at = $7, disposition = $8, details = $9, expires_at = $10, service = $11 WHERE id = $1 AND version = $2";

const TAKE_PART: &str = "INSERT INTO contact_agent (agent, contact, opened_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

const NAME_CASE: &str = "INSERT INTO contact_case (contact, reference, at) VALUES ($1, $2, $3) \
    ON CONFLICT (contact) DO UPDATE SET reference = excluded.reference, at = excluded.at WHERE contact_case.at <= excluded.at";

/// Writes a contact that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, contact: &Contact) -> Result<(), Failure> {
    let Contact {
        id,
        line,
        wallet,
        channel,
        caller,
        caller_id,
        language,
        service,
        level,
        risk,
        case,
        opened_at,
        answered_at,
        queued_at,
        connected_at,
        ended_at,
        agents,
        disposition,
        expires_at,
    } = contact;
    let details = Details {
        channel: *channel,
        language: *language,
        service: *service,
        level: *level,
        caller_id: *caller_id,
        risk: risk.clone(),
        case: case.clone(),
        answered_at: *answered_at,
        queued_at: *queued_at,
        connected_at: *connected_at,
        agents: agents.clone(),
    };
    let disposition = disposition.as_ref().map(to_word).transpose()?;
    let values = vec![
        (*id).into(),
        version.into(),
        line.as_str().into(),
        wallet.as_str().into(),
        caller.expose().as_str().into(),
        (*opened_at).into(),
        (*ended_at).into(),
        disposition.as_deref().into(),
        to_json(&details)?.into(),
        (*expires_at).into(),
        service.map(Service::name).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "contact", id, version)?;
    for agent in agents {
        conn.execute(TAKE_PART, vec![(*agent).into(), (*id).into(), (*opened_at).into()]).await?;
    }
    Ok(())
}

/// Says which case came of a contact, unless a later one is known. Beside the contact's row, and so without its version.
pub(crate) async fn name_case(conn: &mut Conn<'_>, contact: ContactId, reference: &Reference, at: Wall) -> Result<(), Failure> {
    conn.execute(NAME_CASE, vec![contact.into(), reference.as_str().into(), at.into()]).await?;
    Ok(())
}

/// Reads a contact from a row with all its columns, `id` named `contact_id`, and the reference of its case as `case_reference`.
pub(crate) fn read(row: &Row) -> Result<Contact, ReadError> {
    let Details { channel, language, service, level, caller_id, risk, case, answered_at, queued_at, connected_at, agents } =
        row.json("details")?;
    Ok(Contact {
        id: row.id("contact_id")?,
        line: row.text("line")?,
        wallet: row.text("wallet")?,
        channel,
        caller: Pii::new(row.text("caller")?),
        caller_id,
        language,
        service,
        level,
        risk,
        case: row.text_or_null("case_reference")?.or(case),
        opened_at: row.at("opened_at")?,
        answered_at,
        queued_at,
        connected_at,
        ended_at: row.at_or_null("ended_at")?,
        agents,
        disposition: row.word_or_null("disposition")?,
        expires_at: row.at("expires_at")?,
    })
}
