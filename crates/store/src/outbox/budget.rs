//! What a wallet's messages came to, a row for each day and scope. Bounds are guarded on these rows: of two who count at once, one is
//! refused and has to rule again.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::commit::Version;
use walletline_core::outbox::Budget;

const INSERT: &str = "INSERT INTO message_budget (wallet, day, scope, version, messages, cost) VALUES ($1, $2, $3, $4 + 1, $5, $6) \
    ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE message_budget SET version = version + 1, messages = $5, cost = $6 \
    WHERE wallet = $1 AND day = $2 AND scope = $3 AND version = $4";

const ONE: &str = "SELECT version, messages, cost FROM message_budget WHERE wallet = $1 AND day = $2 AND scope = $3";

/// Writes a row that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, budget: &Budget) -> Result<(), Failure> {
    let Budget { wallet, day, scope, messages, cost } = budget;
    let values = vec![
        wallet.as_str().into(),
        day.as_str().into(),
        scope.as_str().into(),
        version.into(),
        (*messages).into(),
        i64::try_from(*cost).unwrap_or(i64::MAX).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "message_budget", scope, version)
}

fn read(row: &Row, empty: Budget) -> Result<(Version, Budget), ReadError> {
    let count = |column| row.int(column);
    let messages = u32::try_from(count("messages")?).map_err(|_| ReadError::Corrupt("column messages".to_owned()))?;
    let cost = u64::try_from(count("cost")?).map_err(|_| ReadError::Corrupt("column cost".to_owned()))?;
    Ok((row.int("version")?, Budget { messages, cost, ..empty }))
}

impl Store {
    /// What a wallet's messages came to on a day, in one scope, with the version the next change is ruled on.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn message_budget(&self, wallet: &str, day: &str, scope: &str) -> Result<(Version, Budget), ReadError> {
        let empty = Budget::new(wallet.to_owned(), day.to_owned(), scope.to_owned());
        match self.rows(ONE, vec![wallet.into(), day.into(), scope.into()]).await?.first() {
            Some(row) => read(row, empty),
            None => Ok((0, empty)),
        }
    }
}
