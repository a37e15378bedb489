//! One SQL text, two engines: a connection, its values and its rows as enums over SQLite and PostgreSQL. Statements are fixed
//! texts with `$1` placeholders; nothing here builds SQL from data.

mod row;
mod value;

pub(crate) use row::{Row, to_json, to_word};
pub(crate) use value::Value;

use sqlx::{PgConnection, SqliteConnection};

/// A connection, borrowed for a few statements.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn<'_> {
    /// Runs a statement and says how many rows it touched.
    pub(crate) async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, sqlx::Error> {
        match self {
            Self::Sqlite(conn) => {
                let query = values.into_iter().fold(sqlx::query(sql), |query, value| match value {
                    Value::Text(text) => query.bind(text),
                    Value::Int(int) => query.bind(int),
                });
                Ok(query.execute(&mut **conn).await?.rows_affected())
            }
            Self::Postgres(conn) => {
                let query = values.into_iter().fold(sqlx::query(sql), |query, value| match value {
                    Value::Text(text) => query.bind(text),
                    Value::Int(int) => query.bind(int),
                });
                Ok(query.execute(&mut **conn).await?.rows_affected())
            }
        }
    }

    /// Runs a query and returns all its rows: its text bounds how many there can be.
    pub(crate) async fn rows(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, sqlx::Error> {
        match self {
            Self::Sqlite(conn) => {
                let query = values.into_iter().fold(sqlx::query(sql), |query, value| match value {
                    Value::Text(text) => query.bind(text),
                    Value::Int(int) => query.bind(int),
                });
                Ok(query.fetch_all(&mut **conn).await?.into_iter().map(Row::Sqlite).collect())
            }
            Self::Postgres(conn) => {
                let query = values.into_iter().fold(sqlx::query(sql), |query, value| match value {
                    Value::Text(text) => query.bind(text),
                    Value::Int(int) => query.bind(int),
                });
                Ok(query.fetch_all(&mut **conn).await?.into_iter().map(Row::Postgres).collect())
            }
        }
    }
}
