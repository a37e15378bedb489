//! What customers do on the wallet's own pages and in its app, ordered through the control interface: a link is used, a code is carried over.

use super::super::House;
use crate::sandbox::control::{CodeTyped, LinkUsed};
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
