//! The extension API of the sandbox: its addresses, what can be asked, and what customers are seeded with. Changes stand beside it.

mod change;
mod customer;

use super::House;
use super::answer::{Answer, Refusal};
use super::clock::{SECOND_US, rfc3339};
use super::fault::Operation;
use super::house::{find_customer, movements};
use super::record::CustomerRecord;
use super::routes::accounts::identify;
use super::seed::SeedCustomer;
use crate::Private;
use crate::extension::{
    Approval, ApprovalState, Closing, ClosingState, Device, Devices, Obstacle, SecondFactor, SecondFactorKind, SecondFactorState,
    SecondFactors, Session, Sessions,
};
use crate::wire::TransactionStatus;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{delete, get, post};
use sqlx::{Row as _, SqliteConnection};
use std::sync::Arc;

/// How long before seeding a customer's phone was bound, and its session begun.
const BOUND_US: i64 = 90 * 24 * 3_600 * SECOND_US;
const SESSION_US: i64 = 24 * 3_600 * SECOND_US;

type Named = Path<(String, String, String)>;
type NamedOne = Path<(String, String, String, String)>;

pub(super) use customer::Unusable;

pub(super) fn router() -> Router<Arc<House>> {
    let account = Router::new()
        .route("/secondfactors", get(second_factors).post(change::enrol))
        .route("/secondfactors/verify", post(change::verify))
        .route("/secondfactors/{kind}", delete(change::revoke))
        .route("/passwordresets", post(change::password_link))
        .route("/sessions", get(sessions).delete(change::end_sessions))
        .route("/sessions/{id}", delete(change::end_session))
        .route("/devices", get(devices))
        .route("/devices/{id}", delete(change::unbind_device))
        .route("/closing", get(closing).post(change::close).delete(change::keep_open))
        .route("/approvals", post(change::ask_approval))
        .route("/approvals/{id}", get(approval));
    Router::new().nest("/accounts/{identifier_type}/{identifier}", account)
}

/// What a customer is seeded with: a bound phone with a session, and a second factor where they have one.
pub(super) async fn plant(conn: &mut SqliteConnection, customer: &SeedCustomer, now_us: i64) -> Result<(), sqlx::Error> {
    let (device, session) = (format!("device-{}", customer.account), format!("session-{}", customer.account));
    sqlx::query("INSERT INTO device (id, account, name, bound_at) VALUES ($1, $2, 'Phone', $3)")
        .bind(&device)
        .bind(&customer.account)
        .bind(now_us - BOUND_US)
        .execute(&mut *conn)
        .await?;
    sqlx::query("INSERT INTO session (id, account, device, since) VALUES ($1, $2, $3, $4)")
        .bind(session)
        .bind(&customer.account)
        .bind(device)
        .bind(now_us - SESSION_US)
        .execute(&mut *conn)
        .await?;
    let Some(secret) = &customer.totp_secret else { return Ok(()) };
    let sql = "INSERT INTO second_factor (account, secret, is_active, since, last_step, refused, blocked_until)
               VALUES ($1, $2, 1, $3, 0, 0, 0)";
    sqlx::query(sql).bind(&customer.account).bind(secret).bind(now_us).execute(conn).await.map(|_| ())
}

/// The secret of an active second factor.
pub(super) async fn secret(conn: &mut SqliteConnection, account: &str) -> Result<Option<String>, sqlx::Error> {
    let sql = "SELECT secret FROM second_factor WHERE account = $1 AND is_active";
    sqlx::query_scalar(sql).bind(account).fetch_optional(conn).await
}

/// The account that is named.
async fn account(conn: &mut SqliteConnection, named: &(String, String, String)) -> Result<CustomerRecord, Refusal> {
    let (wallet, identifier) = identify(named)?;
    find_customer(conn, wallet, identifier).await?.ok_or_else(|| Refusal::not_found("no such account"))
}

async fn second_factors(State(house): State<Arc<House>>, Path(named): Named) -> Response {
    let act = async |_| {
        let mut transaction = house.database.begin().await?;
        let account = account(&mut transaction, &named).await?.account;
        let rows = sqlx::query("SELECT is_active, since, blocked_until FROM second_factor WHERE account = $1").bind(account);
        let now = house.clock.now();
        let mut second_factors = Vec::new();
        for row in rows.fetch_all(&mut *transaction).await? {
            let (active, since, blocked_until): (bool, i64, i64) =
                (row.try_get("is_active")?, row.try_get("since")?, row.try_get("blocked_until")?);
            let state = match (active, blocked_until > now) {
                (false, _) => SecondFactorState::Invited,
                (true, true) => SecondFactorState::Blocked,
                (true, false) => SecondFactorState::Active,
            };
            second_factors.push(SecondFactor { kind: SecondFactorKind::Totp, state, since: rfc3339(since) });
        }
        Answer::json(&SecondFactors { second_factors })
    };
    house.answer(Operation::Extension, act).await
}

async fn sessions(State(house): State<Arc<House>>, Path(named): Named) -> Response {
    let act = async |_| {
        let mut transaction = house.database.begin().await?;
        let account = account(&mut transaction, &named).await?.account;
        let rows = sqlx::query("SELECT id, device, since FROM session WHERE account = $1 ORDER BY since DESC, id").bind(account);
        let mut sessions = Vec::new();
        for row in rows.fetch_all(&mut *transaction).await? {
            let (session_id, device_id): (String, String) = (row.try_get("id")?, row.try_get("device")?);
            sessions.push(Session { session_id, device_id, since: rfc3339(row.try_get("since")?) });
        }
        Answer::json(&Sessions { sessions })
    };
    house.answer(Operation::Extension, act).await
}

async fn devices(State(house): State<Arc<House>>, Path(named): Named) -> Response {
    let act = async |_| {
        let mut transaction = house.database.begin().await?;
        let account = account(&mut transaction, &named).await?.account;
        let rows =
            sqlx::query("SELECT id, name, bound_at FROM device WHERE account = $1 ORDER BY bound_at DESC, id").bind(account);
        let mut devices = Vec::new();
        for row in rows.fetch_all(&mut *transaction).await? {
            let name: String = row.try_get("name")?;
            let bound_at = rfc3339(row.try_get("bound_at")?);
            devices.push(Device { device_id: row.try_get("id")?, name: Private::new(name), bound_at });
        }
        Answer::json(&Devices { devices })
    };
    house.answer(Operation::Extension, act).await
}

async fn closing(State(house): State<Arc<House>>, Path(named): Named) -> Response {
    let act = async |_| {
        let mut transaction = house.database.begin().await?;
        let customer = account(&mut transaction, &named).await?;
        Answer::json(&closing_of(&mut transaction, &customer, house.clock.now()).await?)
    };
    house.answer(Operation::Extension, act).await
}

async fn approval(State(house): State<Arc<House>>, Path(named): NamedOne) -> Response {
    let act = async |_| {
        let (wallet, kind, identifier, id) = named;
        let mut transaction = house.database.begin().await?;
        let account = account(&mut transaction, &(wallet, kind, identifier)).await?.account;
        let row = sqlx::query("SELECT number, state, expires_at FROM approval WHERE account = $1 AND number = $2")
            .bind(&account)
            .bind(id.parse::<i64>().unwrap_or_default())
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or_else(|| Refusal::not_found("no such approval"))?;
        let (state, expires_at): (String, i64) = (row.try_get("state")?, row.try_get("expires_at")?);
        let state = match ApprovalState::from(state) {
            ApprovalState::Pending if expires_at <= house.clock.now() => ApprovalState::Expired,
            state => state,
        };
        let number: i64 = row.try_get("number")?;
        // The customer has one device at most here: the app that asks is on it, while a session of it is open.
        let bound = "SELECT device.bound_at FROM device JOIN session ON session.device = device.id WHERE device.account = $1";
        let bound_at: Option<i64> = match state {
            ApprovalState::Approved => sqlx::query_scalar(bound).bind(&account).fetch_optional(&mut *transaction).await?,
            _ => None,
        };
        let (approval_id, bound_at) = (number.to_string(), bound_at.map(rfc3339));
        Answer::json(&Approval { approval_id, state, expires_at: rfc3339(expires_at), bound_at })
    };
    house.answer(Operation::Extension, act).await
}

/// Whether an account can be closed, and whether it is being.
async fn closing_of(conn: &mut SqliteConnection, customer: &CustomerRecord, now_us: i64) -> Result<Closing, sqlx::Error> {
    let closes_at: Option<i64> = sqlx::query_scalar("SELECT closes_at FROM closing WHERE account = $1")
        .bind(&customer.account)
        .fetch_optional(&mut *conn)
        .await?;
    let pending = movements(conn, &customer.account).await?;
    let pending = pending.iter().any(|movement| movement.status(now_us) == TransactionStatus::Pending);
    let holds = customer.profile.balance.to_minor(2).is_ok_and(|minor| minor > 0);
    let obstacles =
        [(holds, Obstacle::Balance), (pending, Obstacle::PendingTransactions)].into_iter().filter(|(there, _)| *there);
    Ok(Closing {
        state: if closes_at.is_some() { ClosingState::Closing } else { ClosingState::None },
        obstacles: obstacles.map(|(_, obstacle)| obstacle).collect(),
        closes_at: closes_at.map(rfc3339),
    })
}
