//! Reversals: taken once for each correlation id, never more in all than was paid, carried out at once or when they are due, each with
//! exactly one line in the ledger, in the same transaction.

use super::House;
use super::answer::{Answer, Refusal};
use super::change::{LATE_US, Manner, request_state_of};
use super::clock::rfc3339;
use super::house::find_movement;
use crate::wire::{
    Fields, KeyValue, RequestState, RequestStatus, Reversal, ReversalRequest, ReversalType, Transaction, TransactionStatus,
    TransactionType,
};
use crate::{Amount, Private};
use axum::http::StatusCode;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

/// Starts the ids of request states; the reversal's number follows. Foreseeable, because nothing here is secret.
const SERVER_ID_PREFIX: &str = "5a4db0c5-0000-4000-8001-";

/// Starts the references of reversals.
const REFERENCE_PREFIX: &str = "27";

/// Decimals in which amounts are compared: the most the specification writes.
const DECIMALS: u8 = 4;

/// A POST of a reversal.
pub(super) struct Asked<'a> {
    pub(super) wallet: &'a str,
    pub(super) original: &'a str,
    pub(super) request: &'a ReversalRequest,
    /// A UUID in lower case.
    pub(super) correlation_id: &'a str,
    pub(super) callback_url: Option<&'a str>,
}

/// A reversal as the house keeps it.
struct Record {
    number: i64,
    correlation_id: String,
    account: String,
    original: String,
    kind: String,
    amount: Amount,
    currency: String,
    callback_url: Option<String>,
    is_deferred: bool,
    created_at: i64,
    due_at: Option<i64>,
}

impl TryFrom<SqliteRow> for Record {
    type Error = sqlx::Error;

    fn try_from(row: SqliteRow) -> Result<Self, sqlx::Error> {
        let amount: String = row.try_get("amount")?;
        Ok(Self {
            number: row.try_get("number")?,
            correlation_id: row.try_get("correlation_id")?,
            account: row.try_get("account")?,
            original: row.try_get("original")?,
            kind: row.try_get("kind")?,
            amount: amount.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            currency: row.try_get("currency")?,
            callback_url: row.try_get("callback_url")?,
            is_deferred: row.try_get("is_deferred")?,
            created_at: row.try_get("created_at")?,
            due_at: row.try_get("due_at")?,
        })
    }
}

impl Record {
    fn status(&self) -> TransactionStatus {
        if self.due_at.is_some() { TransactionStatus::Pending } else { TransactionStatus::Completed }
    }

    fn to_wire(&self) -> Reversal {
        Reversal {
            reversal_type: ReversalType::from(self.kind.as_str()),
            original_transaction_reference: Private::new(&self.original),
            transaction_reference: Private::new(reference(self.number)),
            transaction_status: self.status(),
            amount: Some(self.amount.clone()),
            currency: Some(self.currency.clone()),
            creation_date: Some(rfc3339(self.created_at)),
        }
    }

    fn to_state(&self) -> RequestState {
        let status = if self.due_at.is_some() { RequestStatus::Pending } else { RequestStatus::Completed };
        let id = format!("{SERVER_ID_PREFIX}{:012x}", self.number);
        request_state_of(id, status, &reference(self.number), self.callback_url.is_some())
    }

    fn to_transaction(&self) -> Transaction {
        Transaction {
            transaction_reference: Private::new(reference(self.number)),
            credit_party: Fields(vec![KeyValue::new("accountid", &self.account)]),
            debit_party: Fields(vec![KeyValue::new("transactionreference", &self.original)]),
            transaction_type: TransactionType::from(self.kind.as_str()),
            transaction_status: self.status(),
            amount: self.amount.clone(),
            currency: self.currency.clone(),
            description_text: None,
            international_transfer_information: None,
            creation_date: Some(rfc3339(self.created_at)),
            modification_date: None,
            date_created: None,
            date_modified: None,
            custom_data: Fields::default(),
            metadata: Fields::default(),
        }
    }
}

impl House {
    /// Takes a reversal. A correlation id that was taken before is refused as a duplicate, whatever it asks for.
    pub(super) async fn reverse(&self, asked: &Asked<'_>, manner: Manner) -> Result<Answer, Refusal> {
        let now = self.clock.now();
        let mut transaction = self.database.begin().await?;
        if is_known(&mut transaction, asked.correlation_id).await? {
            return Err(Refusal::duplicate());
        }
        if matches!(asked.request.reversal_type, ReversalType::Unknown(_)) {
            return Err(Refusal::invalid("type: reversal or adjustment"));
        }
        let movement = find_movement(&mut transaction, asked.wallet, asked.original).await?;
        let movement = movement.ok_or_else(|| Refusal::not_found("no such transaction"))?;
        if movement.status(now) != TransactionStatus::Completed || !movement.is_refundable() {
            return Err(Refusal::incorrect_state("only a completed transaction that can be refunded is reversed"));
        }
        let (captured, currency) = movement.paid();
        if asked.request.currency.as_deref().is_some_and(|other| other != currency) {
            return Err(Refusal::incorrect_state("a reversal is in the currency of its original"));
        }
        let amount = asked.request.amount.as_ref().unwrap_or(captured);
        let minor4 = amount.to_minor(DECIMALS).map_err(|_| Refusal::invalid("amount"))?;
        let paid = captured.to_minor(DECIMALS).map_err(|_| Refusal::invalid("amount"))?;
        let sql = "SELECT COALESCE(SUM(minor4), 0) FROM reversal WHERE original = $1";
        let before: i64 = sqlx::query_scalar(sql).bind(asked.original).fetch_one(&mut *transaction).await?;
        if minor4 <= 0 || minor4 > paid - before {
            return Err(Refusal::incorrect_state("more than is left of the transaction"));
        }
        let row = sqlx::query(
            "INSERT INTO reversal (correlation_id, wallet, account, original, kind, amount, minor4, currency, callback_url,
                                   is_deferred, created_at, due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING *",
        )
        .bind(asked.correlation_id)
        .bind(asked.wallet)
        .bind(movement.account())
        .bind(asked.original)
        .bind(asked.request.reversal_type.as_str())
        .bind(amount.as_str())
        .bind(minor4)
        .bind(currency)
        .bind(asked.callback_url)
        .bind(manner != Manner::AtOnce)
        .bind(now)
        .bind(if manner == Manner::Late { now + LATE_US } else { now })
        .fetch_one(&mut *transaction)
        .await?;
        let mut record = Record::try_from(row)?;
        if manner != Manner::Late {
            carry_out(&mut transaction, &record, now).await?;
            record.due_at = None;
        }
        if manner == Manner::Twice {
            for _ in 0..2 {
                call_back(&mut transaction, &record, now).await?;
            }
        }
        transaction.commit().await?;
        self.wake.notify_one();
        match manner {
            Manner::AtOnce => {
                let body =
                    serde_json::to_vec(&record.to_wire()).map_err(|_| Refusal::invalid("the reversal cannot be written"))?;
                Ok(Answer::kept(StatusCode::CREATED, body))
            }
            Manner::Late | Manner::Twice => Answer::accepted(&record.to_state()),
        }
    }

    /// The request state of a reversal, by the id this sandbox gave it.
    pub(super) async fn reversal_state(&self, wallet: &str, server_id: &str) -> Result<Option<RequestState>, Refusal> {
        let id = server_id.to_ascii_lowercase();
        let number = id.strip_prefix(SERVER_ID_PREFIX).and_then(|hex| i64::from_str_radix(hex, 16).ok());
        let Some(number) = number else { return Ok(None) };
        let mut transaction = self.database.begin().await?;
        let row = sqlx::query("SELECT * FROM reversal WHERE number = $1 AND wallet = $2 AND is_deferred");
        let row = row.bind(number).bind(wallet).fetch_optional(&mut *transaction).await?;
        Ok(row.map(Record::try_from).transpose()?.map(|record| record.to_state()))
    }

    /// The path below the wallet at which the answer to a reversal stands, by the client's correlation id.
    pub(super) async fn reversal_link(&self, wallet: &str, correlation_id: &str) -> Result<Option<String>, Refusal> {
        let mut transaction = self.database.begin().await?;
        let row = sqlx::query("SELECT * FROM reversal WHERE correlation_id = $1 AND wallet = $2");
        let row = row.bind(correlation_id).bind(wallet).fetch_optional(&mut *transaction).await?;
        let record = row.map(Record::try_from).transpose()?;
        Ok(record.map(|record| match record.is_deferred {
            true => format!("/{wallet}/requeststates/{}", record.to_state().server_correlation_id),
            false => format!("/{wallet}/transactions/{}", reference(record.number)),
        }))
    }

    /// A reversal as a transaction of its own.
    pub(super) async fn reversal_transaction(&self, wallet: &str, asked: &str) -> Result<Option<Transaction>, Refusal> {
        let number = asked.strip_prefix(REFERENCE_PREFIX).filter(|rest| rest.len() == 10 && rest.is_ascii());
        let number = number.and_then(|rest| rest[..9].parse::<i64>().ok()).filter(|number| reference(*number) == asked);
        let Some(number) = number else { return Ok(None) };
        let mut transaction = self.database.begin().await?;
        let row = sqlx::query("SELECT * FROM reversal WHERE number = $1 AND wallet = $2");
        let row = row.bind(number).bind(wallet).fetch_optional(&mut *transaction).await?;
        Ok(row.map(Record::try_from).transpose()?.map(|record| record.to_transaction()))
    }
}

/// Carries out the reversals that are due; says whether there were any.
pub(super) async fn settle(conn: &mut SqliteConnection, now: i64) -> Result<bool, sqlx::Error> {
    let due = sqlx::query("SELECT * FROM reversal WHERE due_at <= $1 ORDER BY due_at, number").bind(now);
    let due = due.fetch_all(&mut *conn).await?;
    let any = !due.is_empty();
    for row in due {
        let mut record = Record::try_from(row)?;
        carry_out(conn, &record, record.due_at.unwrap_or(now)).await?;
        record.due_at = None;
        call_back(conn, &record, now).await?;
    }
    Ok(any)
}

async fn is_known(conn: &mut SqliteConnection, correlation_id: &str) -> Result<bool, sqlx::Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM reversal WHERE correlation_id = $1)
               OR EXISTS (SELECT 1 FROM request WHERE correlation_id = $1)";
    sqlx::query_scalar(sql).bind(correlation_id).fetch_one(conn).await
}

/// The effect and its line in the ledger. A reversal that has had its effect cannot have it again: the ledger holds each id once.
async fn carry_out(conn: &mut SqliteConnection, record: &Record, at: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO ledger (correlation_id, operation, account, at, amount, currency, original)
         VALUES ($1, 'reversal', $2, $3, $4, $5, $6)",
    )
    .bind(&record.correlation_id)
    .bind(&record.account)
    .bind(at)
    .bind(record.amount.as_str())
    .bind(&record.currency)
    .bind(&record.original)
    .execute(&mut *conn)
    .await?;
    sqlx::query("UPDATE reversal SET due_at = NULL WHERE number = $1").bind(record.number).execute(&mut *conn).await?;
    let detail: String = sqlx::query_scalar("SELECT json_extract(detail, '$.amount') FROM movement WHERE id = $1")
        .bind(&record.original)
        .fetch_one(&mut *conn)
        .await?;
    let paid = detail.parse::<Amount>().ok().and_then(|amount| amount.to_minor(DECIMALS).ok()).unwrap_or(i64::MAX);
    let sql = "SELECT COALESCE(SUM(minor4), 0) FROM reversal WHERE original = $1 AND due_at IS NULL";
    let back: i64 = sqlx::query_scalar(sql).bind(&record.original).fetch_one(&mut *conn).await?;
    if back >= paid {
        let sql =
            "UPDATE movement SET detail = json_set(detail, '$.status', 'reversed', '$.completes_after_s', NULL) WHERE id = $1";
        sqlx::query(sql).bind(&record.original).execute(&mut *conn).await?;
    }
    Ok(())
}

/// One callback more, where the client gave an address for it.
async fn call_back(conn: &mut SqliteConnection, record: &Record, now: i64) -> Result<(), sqlx::Error> {
    let Some(url) = &record.callback_url else { return Ok(()) };
    let body = serde_json::to_string(&record.to_wire()).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let sql = "INSERT INTO callback (correlation_id, url, due_at, tries, body) VALUES ($1, $2, $3, 0, $4)";
    sqlx::query(sql).bind(&record.correlation_id).bind(url).bind(now).bind(body).execute(conn).await.map(|_| ())
}

/// Twelve digits, the last one by Luhn, like every reference of this house.
fn reference(number: i64) -> String {
    let body = format!("{REFERENCE_PREFIX}{number:09}");
    let double = |place: usize, digit: u32| if place.is_multiple_of(2) { digit * 2 / 10 + digit * 2 % 10 } else { digit };
    let sum: u32 = body.bytes().rev().enumerate().map(|(place, digit)| double(place, u32::from(digit - b'0'))).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::reference;
    use crate::sandbox::seed::load;

    #[test]
    fn a_reference_has_twelve_digits_and_is_no_customers() {
        assert_eq!(reference(1), "270000000017");
        let seeded =
            load().unwrap().into_iter().flat_map(|customer| customer.transactions).any(|known| known.id.starts_with("27"));
        assert!(!seeded && reference(999_999_999).len() == 12);
    }
}
