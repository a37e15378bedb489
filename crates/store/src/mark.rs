//! The mark a writer leaves in each of its transactions: its own row holds the number of the last one that landed. When the answer
//! to COMMIT is lost, that row says what became of the transaction, on any other connection and on either engine.
//!
//! Nobody but its writer changes a row, so there are as many as writers; those of programs long gone are removed.

use crate::commit::Work;
use crate::database::Conn;
use walletline_core::kernel::hex;
use walletline_core::kernel::time::Wall;

const WRITE: &str = "INSERT INTO commit_mark (writer, landed, at) VALUES ($1, $2, $3) \
                     ON CONFLICT (writer) DO UPDATE SET landed = excluded.landed, at = excluded.at";

/// Touches the row, whether it is there or not: on PostgreSQL this waits for whichever transaction still has it, and no transaction
/// that has not ended by then can bring it back.
const READ: &str = "INSERT INTO commit_mark (writer, landed, at) VALUES ($1, 0, 0) \
                    ON CONFLICT (writer) DO UPDATE SET at = commit_mark.at RETURNING landed";

const FORGET: &str = "DELETE FROM commit_mark WHERE at < $1";

/// How long the row of a writer that wrote nothing since stays: longer than any database was ever silent and then asked. Microseconds.
const KEPT_US: i64 = 30 * 24 * 3_600 * 1_000_000;

/// One writer's row.
pub(crate) struct Mark {
    writer: String,
    /// The number of its last transaction.
    number: i64,
    /// It removes what others left behind, once.
    forgets: bool,
}

impl Mark {
    /// A row that nobody else has. None when the system gives no randomness.
    pub(crate) fn new(forgets: bool) -> Option<Self> {
        let mut name = [0; 16];
        getrandom::fill(&mut name).ok()?;
        Some(Self { writer: hex::encode(&name), number: 0, forgets })
    }

    /// The stamp of the next transaction.
    pub(crate) fn next(&mut self) -> Stamp {
        self.number += 1;
        Stamp { writer: self.writer.clone(), number: self.number }
    }

    /// Removes what others left behind, in a transaction that wrote its stamp.
    pub(crate) async fn forget(&mut self, conn: &mut Conn<'_>, at: Wall) -> Result<(), sqlx::Error> {
        if std::mem::take(&mut self.forgets) {
            conn.execute(FORGET, vec![(at.0 - KEPT_US).into()]).await?;
        }
        Ok(())
    }

    /// Whether the last transaction that was numbered landed. To be asked in a transaction that holds the write lock, on SQLite.
    pub(crate) async fn has_landed(&self, conn: &mut Conn<'_>) -> Result<bool, sqlx::Error> {
        let rows = conn.rows(READ, vec![self.writer.as_str().into()]).await?;
        let landed = rows.first().map(|row| row.int("landed")).transpose();
        let landed = landed.map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok(landed == Some(self.number))
    }
}

/// What one transaction puts into its writer's row.
pub(crate) struct Stamp {
    pub(crate) writer: String,
    pub(crate) number: i64,
}

impl Stamp {
    /// Writes it.
    pub(crate) async fn write(&self, conn: &mut Conn<'_>, at: Wall) -> Result<(), sqlx::Error> {
        conn.execute(WRITE, vec![self.writer.as_str().into(), self.number.into(), at.into()]).await.map(|_| ())
    }
}

/// When work was decided.
pub(crate) fn decided_at(work: &Work) -> Wall {
    match work {
        Work::Commit(commit) => commit.entries().first().map_or(Wall(0), |entry| entry.at),
        Work::Seal(seal) => seal.head.head.at,
    }
}
