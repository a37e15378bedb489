//! Changes of the extension API: each is carried out once for its correlation id and answered the same way ever after, and an effect on
//! an account stands in the ledger in the same transaction.

use super::{Named, NamedOne, account, closing_of};
use crate::Private;
use crate::client::is_uuid;
use crate::extension::{
    Approval, ApprovalAsked, ApprovalState, Closing, ClosingState, Link, LinkAsked, LinkPurpose, SecondFactorCode, Verdict,
    Verified,
};
use crate::sandbox::House;
use crate::sandbox::answer::{Answer, Refusal};
use crate::sandbox::clock::{SECOND_US, rfc3339};
use crate::sandbox::fault::Operation;
use crate::sandbox::house::find_customer;
use crate::sandbox::record::CustomerRecord;
use crate::sandbox::routes::accounts::{identify, text};
use crate::sandbox::totp::step_of;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{Row as _, SqliteConnection};
use std::sync::Arc;

/// Refused codes in a row after which none is taken for a while, and for how long.
const REFUSED_MAX: i64 = 5;
const BLOCKED_US: i64 = 15 * 60 * SECOND_US;

/// How long a link is good for.
const LINK_US: i64 = 30 * 60 * SECOND_US;

/// How long the app takes a code.
pub(super) const APPROVAL_US: i64 = 2 * 60 * SECOND_US;

/// How long a customer may change their mind about closing.
const CLOSING_US: i64 = 7 * 24 * 3_600 * SECOND_US;

/// What is asked for.
#[derive(Debug)]
enum Change {
    Enrol,
    Revoke(String),
    Verify(Private),
    Link(LinkPurpose),
    EndSessions,
    EndSession(String),
    UnbindDevice(String),
    Close,
    KeepOpen,
    Approve(ApprovalAsked),
}

impl Change {
    /// What the ledger calls its effect; none where an account is as it was.
    const fn effect(&self) -> Option<&'static str> {
        match self {
            Self::Revoke(_) => Some("second_factor_revoked"),
            Self::EndSessions | Self::EndSession(_) => Some("sessions_ended"),
            Self::UnbindDevice(_) => Some("device_unbound"),
            Self::Close => Some("closing"),
            Self::KeepOpen => Some("kept_open"),
            Self::Enrol | Self::Verify(_) | Self::Link(_) | Self::Approve(_) => None,
        }
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::Revoke(_) => "revoke",
            Self::Verify(_) => "verify",
            Self::Link(_) => "link",
            Self::EndSessions => "end_sessions",
            Self::EndSession(_) => "end_session",
            Self::UnbindDevice(_) => "unbind_device",
            Self::Close => "close",
            Self::KeepOpen => "keep_open",
            Self::Approve(_) => "approve",
        }
    }
}

pub(super) async fn enrol(State(house): State<Arc<House>>, Path(named): Named, headers: HeaderMap) -> Response {
    house.extend(&named, &headers, Ok(Change::Enrol)).await
}

pub(super) async fn verify(State(house): State<Arc<House>>, Path(named): Named, headers: HeaderMap, body: Bytes) -> Response {
    let change = read::<SecondFactorCode>(&body).map(|asked| Change::Verify(asked.code));
    house.extend(&named, &headers, change).await
}

pub(super) async fn revoke(State(house): State<Arc<House>>, Path(named): NamedOne, headers: HeaderMap) -> Response {
    let (wallet, kind, identifier, factor) = named;
    house.extend(&(wallet, kind, identifier), &headers, Ok(Change::Revoke(factor))).await
}

pub(super) async fn password_link(
    State(house): State<Arc<House>>,
    Path(named): Named,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let change = read::<LinkAsked>(&body).and_then(|asked| match asked.purpose {
        LinkPurpose::Unknown(_) => Err(Refusal::invalid("purpose: reset or unlock")),
        purpose => Ok(Change::Link(purpose)),
    });
    house.extend(&named, &headers, change).await
}

pub(super) async fn end_sessions(State(house): State<Arc<House>>, Path(named): Named, headers: HeaderMap) -> Response {
    house.extend(&named, &headers, Ok(Change::EndSessions)).await
}

pub(super) async fn end_session(State(house): State<Arc<House>>, Path(named): NamedOne, headers: HeaderMap) -> Response {
    let (wallet, kind, identifier, session) = named;
    house.extend(&(wallet, kind, identifier), &headers, Ok(Change::EndSession(session))).await
}

pub(super) async fn unbind_device(State(house): State<Arc<House>>, Path(named): NamedOne, headers: HeaderMap) -> Response {
    let (wallet, kind, identifier, device) = named;
    house.extend(&(wallet, kind, identifier), &headers, Ok(Change::UnbindDevice(device))).await
}

pub(super) async fn close(State(house): State<Arc<House>>, Path(named): Named, headers: HeaderMap) -> Response {
    house.extend(&named, &headers, Ok(Change::Close)).await
}

pub(super) async fn keep_open(State(house): State<Arc<House>>, Path(named): Named, headers: HeaderMap) -> Response {
    house.extend(&named, &headers, Ok(Change::KeepOpen)).await
}

pub(super) async fn ask_approval(
    State(house): State<Arc<House>>,
    Path(named): Named,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let change = read::<ApprovalAsked>(&body).and_then(|asked| {
        let digits = asked.code.expose();
        let fits = (2..=3).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        if fits { Ok(Change::Approve(asked)) } else { Err(Refusal::invalid("code: two or three digits")) }
    });
    house.extend(&named, &headers, change).await
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal::invalid("the body is not what this address takes"))
}

/// What came of a change: the HTTP status and the body.
struct Reply(StatusCode, Vec<u8>);

impl Reply {
    fn json<T: Serialize>(status: StatusCode, value: &T) -> Result<Self, Refusal> {
        serde_json::to_vec(value).map(|body| Self(status, body)).map_err(|_| Refusal::invalid("what cannot be written"))
    }

    const fn empty() -> Self {
        Self(StatusCode::NO_CONTENT, Vec::new())
    }
}

impl House {
    async fn extend(&self, named: &(String, String, String), headers: &HeaderMap, change: Result<Change, Refusal>) -> Response {
        let operation = if matches!(change, Ok(Change::Verify(_))) { Operation::SecondFactor } else { Operation::Extension };
        let act = async |_| {
            let key = text(headers, "x-correlationid").ok_or_else(|| Refusal::missing("X-CorrelationID"))?;
            if !is_uuid(key) {
                return Err(Refusal::invalid("X-CorrelationID: a UUID"));
            }
            self.once(named, &key.to_ascii_lowercase(), change?).await
        };
        self.answer(operation, act).await
    }

    /// Carries a change out, or answers as before when this correlation id was taken for the same change of the same account.
    async fn once(&self, named: &(String, String, String), key: &str, change: Change) -> Result<Answer, Refusal> {
        let asked = format!("{} {}/{}/{}", change.name(), named.0, named.1, named.2);
        let mut transaction = self.database.begin().await?;
        let known = sqlx::query("SELECT asked, status, answer FROM extension_request WHERE correlation_id = $1").bind(key);
        if let Some(row) = known.fetch_optional(&mut *transaction).await? {
            let (before, status, answer): (String, i64, String) =
                (row.try_get("asked")?, row.try_get("status")?, row.try_get("answer")?);
            let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
            return match status.filter(|_| before == asked) {
                Some(status) => Ok(Answer::kept(status, answer.into_bytes())),
                None => Err(Refusal::duplicate()),
            };
        }
        let now = self.clock.now();
        let Reply(status, body) = match change {
            Change::Verify(code) => verified(&mut transaction, named, code.expose(), now).await?,
            change => {
                let customer = account(&mut transaction, named).await?;
                let effect = change.effect();
                let reply = carry_out(&mut transaction, &customer, change, now).await?;
                if let Some(effect) = effect {
                    enter(&mut transaction, key, effect, &customer.account, now).await?;
                }
                reply
            }
        };
        let answer = String::from_utf8(body.clone()).unwrap_or_default();
        sqlx::query("INSERT INTO extension_request (correlation_id, asked, status, answer) VALUES ($1, $2, $3, $4)")
            .bind(key)
            .bind(asked)
            .bind(i64::from(status.as_u16()))
            .bind(answer)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Answer::kept(status, body))
    }
}

async fn enter(conn: &mut SqliteConnection, key: &str, effect: &str, account: &str, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO ledger (correlation_id, operation, account, at) VALUES ($1, $2, $3, $4)")
        .bind(key)
        .bind(effect)
        .bind(account)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ())
}

/// What a code is worth. An account that is not there, and one without a second factor, refuse every code.
async fn verified(conn: &mut SqliteConnection, named: &(String, String, String), code: &str, now: i64) -> Result<Reply, Refusal> {
    let (wallet, identifier) = identify(named)?;
    let customer = find_customer(conn, wallet, identifier).await?;
    let sql = "SELECT secret, last_step, refused, blocked_until FROM second_factor WHERE account = $1 AND is_active";
    let row = match &customer {
        Some(customer) => sqlx::query(sql).bind(&customer.account).fetch_optional(&mut *conn).await?,
        None => None,
    };
    let (Some(customer), Some(row)) = (customer, row) else {
        return Reply::json(StatusCode::OK, &Verified { result: Verdict::Refused });
    };
    let (secret, last_step): (String, i64) = (row.try_get("secret")?, row.try_get("last_step")?);
    let (refused, blocked_until): (i64, i64) = (row.try_get("refused")?, row.try_get("blocked_until")?);
    let (result, last_step, refused, blocked_until) = match step_of(&secret, code, now, last_step) {
        _ if blocked_until > now => (Verdict::Blocked, last_step, refused, blocked_until),
        Some(step) => (Verdict::Accepted, step, 0, 0),
        None if refused + 1 >= REFUSED_MAX => (Verdict::Blocked, last_step, 0, now + BLOCKED_US),
        None => (Verdict::Refused, last_step, refused + 1, 0),
    };
    sqlx::query("UPDATE second_factor SET last_step = $2, refused = $3, blocked_until = $4 WHERE account = $1")
        .bind(&customer.account)
        .bind(last_step)
        .bind(refused)
        .bind(blocked_until)
        .execute(conn)
        .await?;
    Reply::json(StatusCode::OK, &Verified { result })
}

async fn carry_out(conn: &mut SqliteConnection, customer: &CustomerRecord, change: Change, now: i64) -> Result<Reply, Refusal> {
    let account = customer.account.as_str();
    match change {
        Change::Enrol => {
            let sql = "INSERT INTO second_factor (account, secret, is_active, since, last_step, refused, blocked_until)
                       VALUES ($1, '', 0, $2, 0, 0, 0) ON CONFLICT DO NOTHING";
            sqlx::query(sql).bind(account).bind(now).execute(&mut *conn).await?;
            link(conn, account, "enrol", now).await
        }
        Change::Link(purpose) => link(conn, account, purpose.as_str(), now).await,
        Change::Revoke(kind) => {
            let sql = "DELETE FROM second_factor WHERE account = $1 AND $2 = 'totp'";
            there(sqlx::query(sql).bind(account).bind(kind).execute(conn).await?.rows_affected())
        }
        Change::EndSessions => {
            sqlx::query("DELETE FROM session WHERE account = $1").bind(account).execute(conn).await?;
            Ok(Reply::empty())
        }
        Change::EndSession(id) => {
            let sql = "DELETE FROM session WHERE account = $1 AND id = $2";
            there(sqlx::query(sql).bind(account).bind(id).execute(conn).await?.rows_affected())
        }
        Change::UnbindDevice(id) => {
            let sql = "DELETE FROM device WHERE account = $1 AND id = $2";
            there(sqlx::query(sql).bind(account).bind(id).execute(conn).await?.rows_affected())
        }
        Change::Close => close_account(conn, customer, now).await,
        Change::KeepOpen => {
            let kept = sqlx::query("DELETE FROM closing WHERE account = $1").bind(account).execute(&mut *conn).await?;
            state(conn, account, ("available", "none"), now).await?;
            there(kept.rows_affected())
        }
        Change::Approve(asked) => approve(conn, account, &asked, now).await,
        // Judged without an account too: see `verified`.
        Change::Verify(_) => Err(Refusal::invalid("a code is verified by itself")),
    }
}

fn there(rows: u64) -> Result<Reply, Refusal> {
    if rows == 0 { Err(Refusal::not_found("there is no such thing to take away")) } else { Ok(Reply::empty()) }
}

async fn state(conn: &mut SqliteConnection, account: &str, to: (&str, &str), now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE customer SET status = $2, sub_status = $3, modified_at = $4 WHERE account = $1")
        .bind(account)
        .bind(to.0)
        .bind(to.1)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ())
}

async fn link(conn: &mut SqliteConnection, account: &str, purpose: &str, now: i64) -> Result<Reply, Refusal> {
    let expires_at = now + LINK_US;
    let row = sqlx::query("INSERT INTO link (account, purpose, expires_at) VALUES ($1, $2, $3) RETURNING number")
        .bind(account)
        .bind(purpose)
        .bind(expires_at)
        .fetch_one(conn)
        .await?;
    let number: i64 = row.try_get("number")?;
    let url = Private::new(format!("https://wallet.example/{purpose}/{number}"));
    Reply::json(StatusCode::CREATED, &Link { url, expires_at: rfc3339(expires_at) })
}

async fn close_account(conn: &mut SqliteConnection, customer: &CustomerRecord, now: i64) -> Result<Reply, Refusal> {
    let before = closing_of(conn, customer, now).await?;
    if before.state == ClosingState::Closing || !before.obstacles.is_empty() {
        return Err(Refusal::incorrect_state("it is being closed already, or something keeps it open: ask what"));
    }
    let closes_at = now + CLOSING_US;
    let sql = "INSERT INTO closing (account, closes_at) VALUES ($1, $2)";
    sqlx::query(sql).bind(&customer.account).bind(closes_at).execute(&mut *conn).await?;
    state(conn, &customer.account, ("unavailable", "closing"), now).await?;
    let closing = Closing { state: ClosingState::Closing, obstacles: Vec::new(), closes_at: Some(rfc3339(closes_at)) };
    Reply::json(StatusCode::ACCEPTED, &closing)
}

async fn approve(conn: &mut SqliteConnection, account: &str, asked: &ApprovalAsked, now: i64) -> Result<Reply, Refusal> {
    let detail = serde_json::to_string(asked).map_err(|_| Refusal::invalid("what cannot be written"))?;
    let expires_at = now + APPROVAL_US;
    let sql =
        "INSERT INTO approval (account, detail, state, tries, expires_at) VALUES ($1, $2, 'pending', 0, $3) RETURNING number";
    let row = sqlx::query(sql).bind(account).bind(detail).bind(expires_at).fetch_one(conn).await?;
    let number: i64 = row.try_get("number")?;
    let (approval_id, state) = (number.to_string(), ApprovalState::Pending);
    let approval = Approval { approval_id, state, expires_at: rfc3339(expires_at), bound_at: None };
    Reply::json(StatusCode::CREATED, &approval)
}
