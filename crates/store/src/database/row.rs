//! A row as either engine returns it, read column by column. What cannot be read is named by its column, never by its value.

use crate::error::ReadError;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Row as _, postgres::PgRow, sqlite::SqliteRow};
use std::str::FromStr;
use walletline_core::kernel::time::Wall;

/// One row of an answer.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    pub(crate) fn text_or_null(&self, column: &'static str) -> Result<Option<String>, ReadError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn int_or_null(&self, column: &'static str) -> Result<Option<i64>, ReadError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<String, ReadError> {
        self.text_or_null(column)?.ok_or_else(|| unreadable(column))
    }

    pub(crate) fn int(&self, column: &'static str) -> Result<i64, ReadError> {
        self.int_or_null(column)?.ok_or_else(|| unreadable(column))
    }

    pub(crate) fn at(&self, column: &'static str) -> Result<Wall, ReadError> {
        self.int(column).map(Wall)
    }

    pub(crate) fn at_or_null(&self, column: &'static str) -> Result<Option<Wall>, ReadError> {
        Ok(self.int_or_null(column)?.map(Wall))
    }

    /// An identifier.
    pub(crate) fn id<T: FromStr>(&self, column: &'static str) -> Result<T, ReadError> {
        self.text(column)?.parse().map_err(|_| unreadable(column))
    }

    /// An identifier that may be missing.
    pub(crate) fn id_or_null<T: FromStr>(&self, column: &'static str) -> Result<Option<T>, ReadError> {
        self.text_or_null(column)?.map(|text| text.parse().map_err(|_| unreadable(column))).transpose()
    }

    /// A column that holds one word of an enum.
    pub(crate) fn word<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, ReadError> {
        from_word(self.text(column)?).map_err(|_| unreadable(column))
    }

    /// A column that may hold one word of an enum.
    pub(crate) fn word_or_null<T: DeserializeOwned>(&self, column: &'static str) -> Result<Option<T>, ReadError> {
        self.text_or_null(column)?.map(from_word).transpose().map_err(|_| unreadable(column))
    }

    /// A column of JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, ReadError> {
        serde_json::from_str(&self.text(column)?).map_err(|_| unreadable(column))
    }
}

fn unreadable(column: &'static str) -> ReadError {
    ReadError::Corrupt(format!("column {column}"))
}

/// A value as the JSON text of a column.
///
/// # Errors
/// Only when the value's own `Serialize` fails, which no row type of the core does.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

/// The one word an enum without fields is written as.
///
/// # Errors
/// When the value is written as anything but a word, which is a mistake in this crate.
pub(crate) fn to_word<T: Serialize>(value: &T) -> Result<String, sqlx::Error> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(_) => Err(sqlx::Error::Encode("not a word".into())),
        Err(error) => Err(sqlx::Error::Encode(Box::new(error))),
    }
}

fn from_word<T: DeserializeOwned>(word: String) -> Result<T, serde_json::Error> {
    serde_json::from_value(serde_json::Value::String(word))
}
