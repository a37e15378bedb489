//! What can go wrong between the program and its database, for the caller of the store. No message holds a value of a row.

/// A commit of which nothing was kept, or nothing is known to have been kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// A row is not at the version the change was ruled on, or a row that must be there is not, or one that must not be is.
    /// Nothing of the commit was kept. Says which row.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The database did not make the commit durable within the time the store gives it. Nothing of it was kept, and nothing will be.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// The database was told to make the commit durable and has not said since whether it did. Whoever does it over must look first
    /// what is there: what landed is found as a conflict, never as a double.
    #[error("it is not known whether the store kept this: {0}")]
    InDoubt(String),
}

/// A question the store could not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The database did not answer within the time the store gives it.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// A row does not hold what this program writes: it was changed by other hands, or by a newer version.
    #[error("a row cannot be read: {0}")]
    Corrupt(String),
}

/// The database cannot be used as configured: one line that names the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("store.url: {0}")]
pub struct OpenError(pub(crate) String);

impl From<sqlx::Error> for ReadError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { index, .. } => Self::Corrupt(format!("column {index}")),
            sqlx::Error::ColumnNotFound(column) => Self::Corrupt(format!("column {column} is missing")),
            other => Self::Unavailable(one_line(&other)),
        }
    }
}

/// A database's words on one line, as logs and the command line want them.
pub(crate) fn one_line(error: &dyn std::error::Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
