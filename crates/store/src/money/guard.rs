//! The sums that refunds are held against, one row for each transaction, customer and person. Of two who change one at once, one is refused
//! and has to rule again; and what is held of a transaction is never more than was paid, whoever writes.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::commit::Version;
use walletline_core::kernel::{money::Money, time::Wall};
use walletline_core::money::{REFUND_KEPT, Source, Spent};

const INSERT_SOURCE: &str = "INSERT INTO refund_source (key, version, wallet, transaction_id, currency, captured, held, expires_at) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";

const UPDATE_SOURCE: &str = "UPDATE refund_source SET version = version + 1, wallet = $3, transaction_id = $4, currency = $5, \
    captured = $6, held = $7, expires_at = $8 WHERE key = $1 AND version = $2";

const SOURCE: &str = "SELECT version, wallet, transaction_id, currency, captured, held FROM refund_source WHERE key = $1";

const INSERT_SPENT: &str =
    "INSERT INTO refund_spent (key, version, entries, expires_at) VALUES ($1, $2 + 1, $3, $4) ON CONFLICT DO NOTHING";

const UPDATE_SPENT: &str =
    "UPDATE refund_spent SET version = version + 1, entries = $3, expires_at = $4 WHERE key = $1 AND version = $2";

const SPENT: &str = "SELECT key, version, entries FROM refund_spent WHERE key = $1";

/// Writes what is held of a transaction, ruled on at `version`.
pub(crate) async fn write_source(conn: &mut Conn<'_>, version: Version, source: &Source, now: Wall) -> Result<(), Failure> {
    let Source { wallet, transaction, captured, held } = source;
    let key = source.key();
    let values = vec![
        key.as_str().into(),
        version.into(),
        wallet.as_str().into(),
        transaction.as_str().into(),
        captured.currency.code().into(),
        captured.minor.into(),
        (*held).into(),
        (now + REFUND_KEPT).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT_SOURCE } else { UPDATE_SOURCE }, values).await?;
    expect_one(touched, "refund_source", &key, version)
}

/// Writes what was approved of late, ruled on at `version`.
pub(crate) async fn write_spent(conn: &mut Conn<'_>, version: Version, spent: &Spent) -> Result<(), Failure> {
    let Spent { key, entries } = spent;
    let values = vec![key.as_str().into(), version.into(), to_json(entries)?.into(), spent.expires_at().into()];
    let touched = conn.execute(if version == 0 { INSERT_SPENT } else { UPDATE_SPENT }, values).await?;
    expect_one(touched, "refund_spent", key, version)
}

fn read_source(row: &Row) -> Result<(Version, Source), ReadError> {
    let currency = row.text("currency")?.parse().map_err(|_| ReadError::Corrupt("column currency".to_owned()))?;
    let source = Source {
        wallet: row.text("wallet")?,
        transaction: row.text("transaction_id")?,
        captured: Money::new(row.int("captured")?, currency),
        held: row.int("held")?,
    };
    Ok((row.int("version")?, source))
}

fn read_spent(row: &Row) -> Result<(Version, Spent), ReadError> {
    Ok((row.int("version")?, Spent { key: row.text("key")?, entries: row.json("entries")? }))
}

impl Store {
    /// What is held of a transaction, with the version the next change is ruled on; none when nothing ever was.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn refund_source(&self, wallet: &str, transaction: &str) -> Result<Option<(Version, Source)>, ReadError> {
        let key = Source::key_of(wallet, transaction);
        self.rows(SOURCE, vec![key.into()]).await?.first().map(read_source).transpose()
    }

    /// What was approved of late under a key, with the version the next change is ruled on: nothing at version 0 when nothing was.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn refund_spent(&self, key: &str) -> Result<(Version, Spent), ReadError> {
        let known = self.rows(SPENT, vec![key.into()]).await?.first().map(read_spent).transpose()?;
        Ok(known.unwrap_or_else(|| (0, Spent::new(key.to_owned()))))
    }
}
