//! What became of messages, as rows. They outlive the errand that carried the message, and tell neither its words nor its number.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json, to_word};
use crate::error::ReadError;
use crate::store::Store;
use serde::{Deserialize, Serialize};
use walletline_core::commit::Version;
use walletline_core::kernel::{
    ids::{ContactId, ErrandId},
    time::Wall,
};
use walletline_core::outbox::{Channel, Delivery};

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
struct Details {
    channel: Channel,
    about: String,
    reason: Option<String>,
    sent_at: Option<Wall>,
    settled_at: Option<Wall>,
}

const INSERT: &str = "INSERT INTO delivery (id, version, wallet, contact, challenge, state, route, reference, queued_at, details, \
    expires_at) VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE delivery SET version = version + 1, wallet = $3, contact = $4, challenge = $5, state = $6, route = $7, \
    reference = $8, queued_at = $9, details = $10, expires_at = $11 WHERE id = $1 AND version = $2";

const ONE: &str = "SELECT id, version, wallet, contact, challenge, state, route, reference, queued_at, details, expires_at \
    FROM delivery WHERE id = $1";

/// A gateway's names come round again: the newest message is meant.
const CALLED: &str = "SELECT id, version, wallet, contact, challenge, state, route, reference, queued_at, details, expires_at \
    FROM delivery WHERE wallet = $1 AND route = $2 AND reference = $3 ORDER BY queued_at DESC, id DESC LIMIT 1";

const OF_CONTACT: &str = "SELECT id, version, wallet, contact, challenge, state, route, reference, queued_at, details, expires_at \
    FROM delivery WHERE contact = $1 ORDER BY queued_at, id LIMIT $2";

/// Writes a message's row that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, delivery: &Delivery) -> Result<(), Failure> {
    let Delivery { id, wallet, contact, challenge, channel, about, state, route, reference, reason, .. } = delivery;
    let Delivery { queued_at, sent_at, settled_at, kept_until, .. } = delivery;
    let details =
        Details { channel: *channel, about: about.clone(), reason: reason.clone(), sent_at: *sent_at, settled_at: *settled_at };
    let contact = contact.map(|contact| contact.to_string());
    let challenge = challenge.map(|challenge| challenge.to_string());
    let values = vec![
        (*id).into(),
        version.into(),
        wallet.as_str().into(),
        contact.as_deref().into(),
        challenge.as_deref().into(),
        to_word(state)?.into(),
        route.as_deref().into(),
        reference.as_deref().into(),
        (*queued_at).into(),
        to_json(&details)?.into(),
        (*kept_until).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "delivery", id, version)
}

fn read(row: &Row) -> Result<(Version, Delivery), ReadError> {
    let Details { channel, about, reason, sent_at, settled_at } = row.json("details")?;
    let contact = row.text_or_null("contact")?.map(|contact| contact.parse()).transpose();
    let challenge = row.text_or_null("challenge")?.map(|challenge| challenge.parse()).transpose();
    let delivery = Delivery {
        id: row.id("id")?,
        wallet: row.text("wallet")?,
        contact: contact.map_err(|_| ReadError::Corrupt("column contact".to_owned()))?,
        challenge: challenge.map_err(|_| ReadError::Corrupt("column challenge".to_owned()))?,
        channel,
        about,
        state: row.word("state")?,
        route: row.text_or_null("route")?,
        reference: row.text_or_null("reference")?,
        reason,
        queued_at: row.at("queued_at")?,
        sent_at,
        settled_at,
        kept_until: row.at("expires_at")?,
    };
    Ok((row.int("version")?, delivery))
}

impl Store {
    /// What became of the message of this errand, with the version the next change is ruled on; none when nothing is known of it.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn delivery(&self, errand: ErrandId) -> Result<Option<(Version, Delivery)>, ReadError> {
        self.rows(ONE, vec![errand.into()]).await?.first().map(read).transpose()
    }

    /// The newest message of a wallet that the gateway of this route calls so.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn delivery_called(
        &self,
        wallet: &str,
        route: &str,
        reference: &str,
    ) -> Result<Option<(Version, Delivery)>, ReadError> {
        let values = vec![wallet.into(), route.into(), reference.into()];
        self.rows(CALLED, values).await?.first().map(read).transpose()
    }

    /// The messages that came of a contact, oldest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn deliveries_of(&self, contact: ContactId) -> Result<Vec<Delivery>, ReadError> {
        let rows = self.rows(OF_CONTACT, vec![contact.into(), PAGE_MAX.into()]).await?;
        rows.iter().map(|row| read(row).map(|(_, delivery)| delivery)).collect()
    }
}
