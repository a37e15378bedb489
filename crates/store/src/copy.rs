//! A copy of the database as it is at one moment, made while programs go on writing. Only SQLite's file is ours to copy; PostgreSQL has
//! tools of its own.

use crate::error::{ReadError, one_line};
use crate::location::Connection;
use crate::store::Store;
use std::path::Path;
use std::time::Duration;
use tokio::time::timeout;

/// How long a copy may take: a year's contacts from a slow disk.
const COPY_TIMEOUT: Duration = Duration::from_secs(1_800);

impl Store {
    /// Writes the database into a new file, whole and of one moment. False where it is PostgreSQL, and nothing was written.
    ///
    /// # Errors
    /// When the file is there already or cannot be written, or the database does not answer in time.
    pub async fn copy_into(&self, file: &Path) -> Result<bool, ReadError> {
        let failed = |error: &sqlx::Error| ReadError::Unavailable(format!("the database cannot be copied: {}", one_line(error)));
        let mut connection = self.location().connect_patiently().await.map_err(|error| failed(&error))?;
        let Connection::Sqlite(conn) = &mut connection else { return Ok(false) };
        let name = file.to_str().ok_or_else(|| ReadError::Unavailable("a path that is no text".to_owned()))?;
        let copied = timeout(COPY_TIMEOUT, sqlx::query("VACUUM INTO $1").bind(name).execute(conn)).await;
        copied
            .map_err(|_| ReadError::Unavailable("the copy of the database did not end in time".to_owned()))?
            .map_err(|error| failed(&error))?;
        connection.close().await;
        Ok(true)
    }
}
