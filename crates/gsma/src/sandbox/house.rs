//! What the processing house knows, asked for. A brand sees its own customers alone; all others are unknown to it.

use super::House;
use super::clock::rfc3339;
use super::control::{Customer, LedgerEntry};
use super::record::{CustomerRecord, MovementRecord};
use sqlx::{Row as _, SqliteConnection};

/// By what a customer is found.
#[derive(Clone, Copy)]
pub(super) enum Identifier<'a> {
    Account(&'a str),
    Msisdn(&'a str),
}

/// A customer of a brand.
pub(super) async fn find_customer(
    conn: &mut SqliteConnection,
    wallet: &str,
    identifier: Identifier<'_>,
) -> Result<Option<CustomerRecord>, sqlx::Error> {
    let (sql, value) = match identifier {
        Identifier::Account(account) => ("SELECT * FROM customer WHERE account = $1", account),
        Identifier::Msisdn(msisdn) => ("SELECT * FROM customer WHERE msisdn = $1", msisdn),
    };
    let row = sqlx::query(sql).bind(value).fetch_optional(conn).await?;
    let customer = row.map(CustomerRecord::try_from).transpose()?;
    Ok(customer.filter(|customer| customer.wallets.iter().any(|name| name == wallet)))
}

/// A customer's transactions, newest first.
pub(super) async fn movements(conn: &mut SqliteConnection, account: &str) -> Result<Vec<MovementRecord>, sqlx::Error> {
    let rows = sqlx::query("SELECT * FROM movement WHERE account = $1 ORDER BY created_at DESC, id").bind(account);
    rows.fetch_all(conn).await?.into_iter().map(MovementRecord::try_from).collect()
}

/// A transaction of one of a brand's customers.
pub(super) async fn find_movement(
    conn: &mut SqliteConnection,
    wallet: &str,
    id: &str,
) -> Result<Option<MovementRecord>, sqlx::Error> {
    let row = sqlx::query("SELECT * FROM movement WHERE id = $1").bind(id).fetch_optional(&mut *conn).await?;
    let Some(row) = row else { return Ok(None) };
    let account: String = row.try_get("account")?;
    let customer = find_customer(conn, wallet, Identifier::Account(&account)).await?;
    customer.map(|_| MovementRecord::try_from(row)).transpose()
}

impl House {
    /// All customers with their transactions in the order of the seed, as they are now.
    pub(super) async fn customers(&self) -> Result<Vec<Customer>, sqlx::Error> {
        let now = self.clock.now();
        let mut transaction = self.database.begin().await?;
        let rows = sqlx::query("SELECT * FROM customer ORDER BY position").fetch_all(&mut *transaction).await?;
        let mut customers = Vec::with_capacity(rows.len());
        for row in rows {
            let customer = CustomerRecord::try_from(row)?;
            let rows = sqlx::query("SELECT * FROM movement WHERE account = $1 ORDER BY position").bind(&customer.account);
            let rows = rows.fetch_all(&mut *transaction).await?;
            let movements: Vec<_> = rows.into_iter().map(MovementRecord::try_from).collect::<Result<_, _>>()?;
            let secret = super::extension::secret(&mut transaction, &customer.account).await?;
            customers.push(customer.to_customer(&movements, secret, now));
        }
        Ok(customers)
    }

    /// Every effect, oldest first.
    pub(super) async fn ledger(&self) -> Result<Vec<LedgerEntry>, sqlx::Error> {
        let mut transaction = self.database.begin().await?;
        let rows = sqlx::query("SELECT * FROM ledger ORDER BY id");
        let rows = rows.fetch_all(&mut *transaction).await?;
        let entry = |row: sqlx::sqlite::SqliteRow| {
            Ok(LedgerEntry {
                id: row.try_get("id")?,
                correlation_id: row.try_get("correlation_id")?,
                operation: row.try_get("operation")?,
                account: row.try_get("account")?,
                at: rfc3339(row.try_get("at")?),
                amount: row.try_get("amount")?,
                currency: row.try_get("currency")?,
                original: row.try_get("original")?,
            })
        };
        rows.into_iter().map(entry).collect()
    }
}
