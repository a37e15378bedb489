//! What customers do on the wallet's own pages and in its app, ordered through the control interface: a link is used, a code is carried over.

use super::super::House;
use super::change::APPROVAL_US;
use crate::extension::ApprovalAsked;
use crate::sandbox::clock::rfc3339;
use crate::sandbox::control::{ApprovalOpen, CodeTyped, LinkUsed};
use sqlx::{Row as _, SqliteConnection};

/// Wrong codes in the app after which an approval is refused.
const TRIES_MAX: i64 = 3;

/// There is nothing to use: it never was, was used, or is too old.
pub(in crate::sandbox) struct Unusable;

impl House {
    /// A customer opens a link and does what it is for.
    pub(in crate::sandbox) async fn use_link(&self, number: i64, used: &LinkUsed) -> Result<Result<(), Unusable>, sqlx::Error> {
        let now = self.clock.now();
        let mut transaction = self.database.begin().await?;
        let sql =
            "UPDATE link SET used_at = $2 WHERE number = $1 AND used_at IS NULL AND expires_at > $2 RETURNING account, purpose";
        let Some(row) = sqlx::query(sql).bind(number).bind(now).fetch_optional(&mut *transaction).await? else {
            return Ok(Err(Unusable));
        };
        let (account, purpose): (String, String) = (row.try_get("account")?, row.try_get("purpose")?);
        match (purpose.as_str(), &used.totp_secret) {
            ("enrol", Some(secret)) => enrolled(&mut transaction, &account, secret, now).await?,
            ("enrol", None) => return Ok(Err(Unusable)),
            ("unlock", _) => unlocked(&mut transaction, &account, now).await?,
            (_, _) => {}
        }
        transaction.commit().await.map(Ok)
    }

    /// What the apps of every customer ask now, oldest first.
    pub(in crate::sandbox) async fn approvals_asked(&self) -> Result<Vec<ApprovalOpen>, sqlx::Error> {
        let now = self.clock.now();
        let mut transaction = self.database.begin().await?;
        let sql = "SELECT approval.number, approval.detail, approval.expires_at, customer.msisdn FROM approval
                   JOIN customer ON customer.account = approval.account
                   WHERE approval.state = 'pending' AND approval.expires_at > $1 ORDER BY approval.number";
        let mut open = Vec::new();
        for row in sqlx::query(sql).bind(now).fetch_all(&mut *transaction).await? {
            let (number, detail, expires_at): (i64, String, i64) =
                (row.try_get("number")?, row.try_get("detail")?, row.try_get("expires_at")?);
            let Ok(asked) = serde_json::from_str::<ApprovalAsked>(&detail) else { continue };
            open.push(ApprovalOpen {
                number: number.to_string(),
                msisdn: row.try_get("msisdn")?,
                agent: asked.agent,
                operation: asked.operation,
                amount: asked.amount,
                currency: asked.currency,
                payee: asked.payee.map(|payee| payee.expose().to_owned()),
                asked_at: rfc3339(expires_at - APPROVAL_US),
                expires_at: rfc3339(expires_at),
            });
        }
        Ok(open)
    }

    /// A customer says no in the app.
    pub(in crate::sandbox) async fn refuse(&self, number: i64) -> Result<Result<(), Unusable>, sqlx::Error> {
        let mut transaction = self.database.begin().await?;
        let sql = "UPDATE approval SET state = 'refused' WHERE number = $1 AND state = 'pending' AND expires_at > $2";
        let touched = sqlx::query(sql).bind(number).bind(self.clock.now()).execute(&mut *transaction).await?;
        if touched.rows_affected() == 0 {
            return Ok(Err(Unusable));
        }
        transaction.commit().await.map(Ok)
    }

    /// A customer types a code into the app.
    pub(in crate::sandbox) async fn type_code(
        &self,
        number: i64,
        typed: &CodeTyped,
    ) -> Result<Result<(), Unusable>, sqlx::Error> {
        let now = self.clock.now();
        let mut transaction = self.database.begin().await?;
        let sql = "UPDATE approval SET tries = tries + 1,
                   state = CASE WHEN json_extract(detail, '$.code') = $2 THEN 'approved'
                                WHEN tries + 1 >= $3 THEN 'refused' ELSE state END
                   WHERE number = $1 AND state = 'pending' AND expires_at > $4";
        let touched =
            sqlx::query(sql).bind(number).bind(&typed.code).bind(TRIES_MAX).bind(now).execute(&mut *transaction).await?;
        if touched.rows_affected() == 0 {
            return Ok(Err(Unusable));
        }
        transaction.commit().await.map(Ok)
    }
}

async fn enrolled(conn: &mut SqliteConnection, account: &str, secret: &str, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE second_factor SET secret = $2, is_active = 1, since = $3, last_step = 0 WHERE account = $1 AND NOT is_active",
    )
    .bind(account)
    .bind(secret)
    .bind(now)
    .execute(conn)
    .await
    .map(|_| ())
}

/// A new password ends a lock after failed log-ins, and no other.
async fn unlocked(conn: &mut SqliteConnection, account: &str, now: i64) -> Result<(), sqlx::Error> {
    let sql = "UPDATE customer SET status = 'available', sub_status = 'none', modified_at = $2
               WHERE account = $1 AND sub_status = 'locked_failed_logins'";
    sqlx::query(sql).bind(account).bind(now).execute(conn).await.map(|_| ())
}
