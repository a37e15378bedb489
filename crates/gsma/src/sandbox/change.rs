//! Changes to an account: taken once for each correlation id, carried out at once or when they are due, each with exactly one
//! line in the ledger, in the same transaction.

use super::House;
use super::answer::{Answer, Refusal};
use super::clock::SECOND_US;
use super::house::{Identifier, find_customer};
use super::reversal;
use crate::Private;
use crate::client::AccountState;
use crate::wire::{AccountStatus, NotificationMethod, PatchItem, RequestState, RequestStatus, SubStatus};
use sqlx::{Row as _, SqliteConnection};

/// How long a late change takes, in sandbox time.
pub(super) const LATE_US: i64 = 10 * SECOND_US;

/// How often a client may ask for a request's state.
const POLL_LIMIT: u32 = 100;

/// Changes in one PATCH, at most: the specification's bound.
const ITEMS_MAX: usize = 10;

/// Starts the ids of request states; the request's number follows. Foreseeable, because nothing here is secret.
const SERVER_ID_PREFIX: &str = "5a4db0c5-0000-4000-8000-";

/// How a change is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// At once, answered 204.
    AtOnce,
    /// Accepted, answered 202, carried out later.
    Late,
    /// At once, answered 202, called back twice.
    Twice,
}

/// A PATCH of an account.
pub(super) struct Change<'a> {
    pub(super) wallet: &'a str,
    pub(super) identifier: Identifier<'a>,
    pub(super) items: &'a [PatchItem],
    /// A UUID in lower case.
    pub(super) correlation_id: &'a str,
    pub(super) callback_url: Option<&'a str>,
}

/// What the patch wants the state to be, where it says so.
#[derive(Default)]
struct Wanted {
    status: Option<AccountStatus>,
    sub_status: Option<SubStatus>,
}

impl House {
    /// Takes a change. A correlation id that was taken before is refused as a duplicate, whatever it asks for.
    pub(super) async fn change(&self, change: &Change<'_>, manner: Manner) -> Result<Answer, Refusal> {
        let now = self.clock.now();
        let mut transaction = self.database.begin().await?;
        let known = sqlx::query("SELECT 1 FROM request WHERE correlation_id = $1").bind(change.correlation_id);
        if known.fetch_optional(&mut *transaction).await?.is_some() {
            return Err(Refusal::duplicate());
        }
        let customer = find_customer(&mut transaction, change.wallet, change.identifier).await?;
        let customer = customer.ok_or_else(|| Refusal::not_found("no such account"))?;
        let wanted = wanted(change.items)?;
        let current = customer.to_status();
        let status = wanted.status.unwrap_or(current.account_status);
        let state = AccountState::new(status, wanted.sub_status.or(current.sub_status));
        if (state.status == AccountStatus::Available) != (state.sub_status == SubStatus::None) {
            return Err(Refusal::incorrect_state("available goes with none, any other status with a reason"));
        }
        let row = sqlx::query(
            "INSERT INTO request (correlation_id, wallet, account, status, sub_status, callback_url, is_deferred, due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING number",
        )
        .bind(change.correlation_id)
        .bind(change.wallet)
        .bind(&customer.account)
        .bind(state.status.as_str())
        .bind(state.sub_status.as_str())
        .bind(change.callback_url)
        .bind(manner != Manner::AtOnce)
        .bind(if manner == Manner::Late { now + LATE_US } else { now })
        .fetch_one(&mut *transaction)
        .await?;
        let number: i64 = row.try_get("number")?;
        if manner != Manner::Late {
            carry_out(&mut transaction, number, now).await?;
        }
        if manner == Manner::Twice {
            for _ in 0..2 {
                call_back(&mut transaction, number, now).await?;
            }
        }
        transaction.commit().await?;
        self.wake.notify_one();
        match manner {
            Manner::AtOnce => Ok(Answer::empty()),
            Manner::Late | Manner::Twice => {
                let status = if manner == Manner::Late { RequestStatus::Pending } else { RequestStatus::Completed };
                Answer::accepted(&request_state(number, status, &customer.account, change.callback_url.is_some()))
            }
        }
    }

    /// Carries out what is due.
    pub(super) async fn settle(&self) -> Result<(), sqlx::Error> {
        let now = self.clock.now();
        let mut transaction = self.database.begin().await?;
        let due = sqlx::query("SELECT number, due_at, callback_url FROM request WHERE due_at <= $1 ORDER BY due_at, number");
        let due = due.bind(now).fetch_all(&mut *transaction).await?;
        for row in &due {
            let (number, due_at): (i64, i64) = (row.try_get("number")?, row.try_get("due_at")?);
            carry_out(&mut transaction, number, due_at).await?;
            call_back(&mut transaction, number, now).await?;
        }
        let any = reversal::settle(&mut transaction, now).await?;
        transaction.commit().await?;
        if any || !due.is_empty() {
            self.wake.notify_one();
        }
        Ok(())
    }

    /// How far a request is, by the id this sandbox gave it.
    pub(super) async fn request_state(&self, wallet: &str, server_id: &str) -> Result<RequestState, Refusal> {
        let not_found = || Refusal::not_found("no such request");
        let number = server_id.to_ascii_lowercase();
        let number = number.strip_prefix(SERVER_ID_PREFIX).and_then(|hex| i64::from_str_radix(hex, 16).ok());
        let mut transaction = self.database.begin().await?;
        let row = sqlx::query("SELECT * FROM request WHERE number = $1 AND wallet = $2 AND is_deferred")
            .bind(number.ok_or_else(not_found)?)
            .bind(wallet)
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or_else(not_found)?;
        let due_at: Option<i64> = row.try_get("due_at")?;
        let (account, callback_url): (String, Option<String>) = (row.try_get("account")?, row.try_get("callback_url")?);
        let status = if due_at.is_some() { RequestStatus::Pending } else { RequestStatus::Completed };
        Ok(request_state(row.try_get("number")?, status, &account, callback_url.is_some()))
    }

    /// The path below the wallet at which the answer to a request stands, by the client's correlation id.
    pub(super) async fn response_link(&self, wallet: &str, correlation_id: &str) -> Result<String, Refusal> {
        let mut transaction = self.database.begin().await?;
        let row = sqlx::query("SELECT number, account, is_deferred FROM request WHERE correlation_id = $1 AND wallet = $2")
            .bind(correlation_id)
            .bind(wallet)
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or_else(|| Refusal::not_found("no request with this correlation id was processed"))?;
        let (number, account): (i64, String) = (row.try_get("number")?, row.try_get("account")?);
        let is_deferred: bool = row.try_get("is_deferred")?;
        Ok(if is_deferred {
            format!("/{wallet}/requeststates/{}", server_id(number))
        } else {
            format!("/{wallet}/accounts/accountid/{account}")
        })
    }
}

fn wanted(items: &[PatchItem]) -> Result<Wanted, Refusal> {
    if items.is_empty() || items.len() > ITEMS_MAX {
        return Err(Refusal::invalid("one to ten changes"));
    }
    let mut wanted = Wanted::default();
    for item in items {
        match item.path.as_str() {
            "/accountStatus" => match AccountStatus::from(item.value.as_str()) {
                AccountStatus::Unknown(_) => return Err(Refusal::invalid("accountStatus: available, unavailable, unregistered")),
                known => wanted.status = Some(known),
            },
            "/accountSubStatus" => match SubStatus::from(item.value.as_str()) {
                SubStatus::Unknown(_) => return Err(Refusal::invalid("accountSubStatus: a word of the agreed vocabulary")),
                known => wanted.sub_status = Some(known),
            },
            _ => return Err(Refusal::invalid("path: /accountStatus or /accountSubStatus")),
        }
    }
    Ok(wanted)
}

/// The effect and its line in the ledger. A request that has had its effect cannot have it again: the ledger holds each id once.
async fn carry_out(conn: &mut SqliteConnection, number: i64, at: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO ledger (correlation_id, operation, account, at)
         SELECT correlation_id, CASE WHEN sub_status = 'frozen_by_hotline' THEN 'freeze' WHEN status = 'available' THEN 'unlock'
                ELSE 'status_change' END, account, $2
         FROM request WHERE number = $1",
    )
    .bind(number)
    .bind(at)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE customer SET status = request.status, sub_status = request.sub_status, modified_at = $2
         FROM request WHERE request.number = $1 AND customer.account = request.account",
    )
    .bind(number)
    .bind(at)
    .execute(&mut *conn)
    .await?;
    sqlx::query("UPDATE request SET due_at = NULL WHERE number = $1").bind(number).execute(&mut *conn).await.map(|_| ())
}

/// One callback more, where the client gave an address for it.
async fn call_back(conn: &mut SqliteConnection, number: i64, now: i64) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO callback (correlation_id, url, due_at, tries)
               SELECT correlation_id, callback_url, $2, 0 FROM request WHERE number = $1 AND callback_url IS NOT NULL";
    sqlx::query(sql).bind(number).bind(now).execute(conn).await.map(|_| ())
}

fn server_id(number: i64) -> String {
    format!("{SERVER_ID_PREFIX}{number:012x}")
}

fn request_state(number: i64, status: RequestStatus, account: &str, is_called_back: bool) -> RequestState {
    request_state_of(server_id(number), status, account, is_called_back)
}

/// How far a request is that led, or will lead, to this object.
pub(super) fn request_state_of(id: String, status: RequestStatus, object: &str, is_called_back: bool) -> RequestState {
    RequestState {
        server_correlation_id: id,
        pending_reason: (status == RequestStatus::Pending).then(|| "the change is being carried out".to_owned()),
        status,
        notification_method: if is_called_back { NotificationMethod::Callback } else { NotificationMethod::Polling },
        object_reference: Some(Private::new(object)),
        expiry_time: None,
        poll_limit: Some(POLL_LIMIT.into()),
        error: None,
    }
}
