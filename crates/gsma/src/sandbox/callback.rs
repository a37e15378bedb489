//! What happens without being asked: accepted changes are carried out when they are due, and callbacks go out by HTTP PUT until
//! they are taken with 204 or were tried often enough. What waits is in the file, so a restart loses none.

use super::clock::SECOND_US;
use super::{House, OpenError};
use crate::wire::UpdateSuccess;
use reqwest::StatusCode;
use sqlx::Row as _;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// How often something that lies ahead is looked at: sandbox time may be put forward in ways this task does not see.
const TICK: Duration = Duration::from_millis(250);

/// How long the other side may take to take a callback.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(5);

/// How often a callback is tried; the pauses double from one second.
const TRIES_MAX: i64 = 6;

/// Callbacks sent in one round.
const ROUND_MAX: i64 = 64;

struct Callback {
    id: i64,
    correlation_id: String,
    url: String,
    tries: i64,
    body: Option<String>,
}

/// An HTTP client for machines nearby: direct, without certificates, no redirects.
pub(super) fn loopback_http(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder().timeout(timeout).no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.tls_certs_only([]).build()
}

/// Runs until the sandbox closes.
pub(super) fn run(house: Arc<House>) -> Result<impl Future<Output = ()> + Send + 'static, OpenError> {
    let http = loopback_http(DELIVERY_TIMEOUT).map_err(|_| OpenError("cannot prepare callbacks".to_owned()))?;
    Ok(async move {
        while !house.closing.is_cancelled() {
            let ahead = match round(&house, &http).await {
                Ok(ahead) => ahead,
                Err(error) => {
                    tracing::warn!(error = %error, "the sandbox cannot see what is due");
                    true
                }
            };
            tokio::select! {
                () = house.closing.cancelled() => {}
                () = house.wake.notified() => {}
                () = tokio::time::sleep(TICK), if ahead => {}
            }
        }
    })
}

/// Does what is due; says whether anything lies ahead.
async fn round(house: &House, http: &reqwest::Client) -> Result<bool, sqlx::Error> {
    house.settle().await?;
    for callback in house.callbacks_due().await? {
        let sent = tokio::select! {
            () = house.closing.cancelled() => return Ok(true),
            sent = deliver(http, &callback) => sent,
        };
        house.keep_delivery(&callback, sent).await?;
    }
    house.has_work_ahead().await
}

async fn deliver(http: &reqwest::Client, callback: &Callback) -> bool {
    let changed = || serde_json::to_vec(&UpdateSuccess { result: "success".to_owned() }).unwrap_or_default();
    let body = callback.body.as_ref().map_or_else(changed, |body| body.clone().into_bytes());
    let request =
        http.put(&callback.url).header("content-type", "application/json").header("X-CorrelationID", &callback.correlation_id);
    request.body(body).send().await.is_ok_and(|answer| answer.status() == StatusCode::NO_CONTENT)
}

impl House {
    async fn callbacks_due(&self) -> Result<Vec<Callback>, sqlx::Error> {
        let mut transaction = self.database.begin().await?;
        let rows =
            sqlx::query("SELECT id, correlation_id, url, tries, body FROM callback WHERE due_at <= $1 ORDER BY id LIMIT $2")
                .bind(self.clock.now())
                .bind(ROUND_MAX)
                .fetch_all(&mut *transaction)
                .await?;
        let read = |row: sqlx::sqlite::SqliteRow| {
            Ok(Callback {
                id: row.try_get("id")?,
                correlation_id: row.try_get("correlation_id")?,
                url: row.try_get("url")?,
                tries: row.try_get("tries")?,
                body: row.try_get("body")?,
            })
        };
        rows.into_iter().map(read).collect()
    }

    async fn keep_delivery(&self, callback: &Callback, is_taken: bool) -> Result<(), sqlx::Error> {
        let tries = callback.tries + 1;
        let mut transaction = self.database.begin().await?;
        if is_taken || tries >= TRIES_MAX {
            if !is_taken {
                tracing::warn!(correlation_id = callback.correlation_id, "a callback was never taken; it is given up");
            }
            sqlx::query("DELETE FROM callback WHERE id = $1").bind(callback.id).execute(&mut *transaction).await?;
        } else {
            sqlx::query("UPDATE callback SET tries = $2, due_at = $3 WHERE id = $1")
                .bind(callback.id)
                .bind(tries)
                .bind(self.clock.now() + (SECOND_US << callback.tries))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await
    }

    async fn has_work_ahead(&self) -> Result<bool, sqlx::Error> {
        let mut transaction = self.database.begin().await?;
        let sql = "SELECT EXISTS (SELECT 1 FROM callback) OR EXISTS (SELECT 1 FROM request WHERE due_at IS NOT NULL)
                   OR EXISTS (SELECT 1 FROM reversal WHERE due_at IS NOT NULL)";
        sqlx::query_scalar(sql).fetch_one(&mut *transaction).await
    }
}
