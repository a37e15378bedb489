//! Who was given which part of a recording to hear. Lines are only ever added, each in the commit of its audit entry.

use crate::PAGE_MAX;
use crate::commit::Failure;
use crate::database::{Conn, Row};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::call::Listening;
use walletline_core::kernel::ids::RecordingId;

const ADD: &str = "INSERT INTO listening (recording, staff, at, from_ms, to_ms) VALUES ($1, $2, $3, $4, $5)";

const OF_RECORDING: &str =
    "SELECT recording, staff, at, from_ms, to_ms FROM listening WHERE recording = $1 ORDER BY at DESC LIMIT $2";

/// Adds a line.
pub(crate) async fn add(conn: &mut Conn<'_>, part: &Listening) -> Result<(), Failure> {
    let Listening { recording, staff, at, from_ms, to_ms } = part;
    let ms = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
    let values = vec![(*recording).into(), (*staff).into(), (*at).into(), ms(*from_ms).into(), ms(*to_ms).into()];
    conn.execute(ADD, values).await?;
    Ok(())
}

fn read(row: &Row) -> Result<Listening, ReadError> {
    Ok(Listening {
        recording: row.id("recording")?,
        staff: row.id("staff")?,
        at: row.at("at")?,
        from_ms: ms(row, "from_ms")?,
        to_ms: ms(row, "to_ms")?,
    })
}

fn ms(row: &Row, column: &'static str) -> Result<u64, ReadError> {
    u64::try_from(row.int(column)?).map_err(|_| ReadError::Corrupt(format!("column {column}")))
}

impl Store {
    /// Who heard which part of a recording, newest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn listenings(&self, recording: RecordingId, limit: u32) -> Result<Vec<Listening>, ReadError> {
        let values = vec![recording.into(), limit.min(PAGE_MAX).into()];
        self.rows(OF_RECORDING, values).await?.iter().map(read).collect()
    }
}
