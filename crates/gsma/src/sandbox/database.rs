//! The sandbox's file: opened, migrated, seeded, and asked. One connection serves all requests in turn, so that nothing in it ever
//! meets half of a change.

use super::OpenError;
use super::extension;
use super::seed::{self, SeedCustomer};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqlStr, Sqlite, SqliteConnection, SqlitePool, Transaction};
use std::path::Path;
use std::time::Duration;

/// How long a request waits for its turn.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long SQLite waits for another process that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// How long `close` waits for the request under way.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// The tables, from the first to the newest shape. Not by sqlx's `migrate!`: that compiles sqlx and SQLite once more, for the compiler.
fn migrations() -> Migrator {
    let sql = SqlStr::from_static(include_str!("../../migrations/0001_sandbox.sql"));
    let extension = SqlStr::from_static(include_str!("../../migrations/0002_extension.sql"));
    let reversal = SqlStr::from_static(include_str!("../../migrations/0003_reversal.sql"));
    Migrator::with_migrations(vec![
        Migration::new(1, "sandbox".into(), MigrationType::Simple, sql, false),
        Migration::new(2, "extension".into(), MigrationType::Simple, extension, false),
        Migration::new(3, "reversal".into(), MigrationType::Simple, reversal, false),
    ])
}

pub(super) struct Database {
    pool: SqlitePool,
}

impl Database {
    pub(super) async fn open(file: Option<&Path>) -> Result<Self, OpenError> {
        let options = match file {
            None => SqliteConnectOptions::new().in_memory(true),
            Some(path) => {
                create_file(path).map_err(|error| OpenError(format!("cannot create {}: {error}", path.display())))?;
                SqliteConnectOptions::new().filename(path).journal_mode(SqliteJournalMode::Wal)
            }
        };
        let options = options.synchronous(SqliteSynchronous::Full).foreign_keys(true).busy_timeout(BUSY_TIMEOUT);
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // In memory the connection is the database: it must never be given up.
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.disable_statement_logging())
            .await
            .map_err(|error| failed("open", &error))?;
        migrations().run(&pool).await.map_err(|error| failed("migrate", &error))?;
        Ok(Self { pool })
    }

    /// A turn at the database in which nothing can come between; what is not committed is undone.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        self.pool.begin_with("BEGIN IMMEDIATE").await
    }

    pub(super) async fn clock_offset(&self) -> Result<i64, OpenError> {
        let offset = sqlx::query_scalar("SELECT value FROM setting WHERE name = 'clock_offset_us'").fetch_optional(&self.pool);
        Ok(offset.await.map_err(|error| failed("read", &error))?.unwrap_or(0))
    }

    /// Puts the kept offset forward; how large it is then, or `None` when it would pass the bound.
    pub(super) async fn advance_clock(&self, by_us: i64, offset_us_max: i64) -> Result<Option<i64>, sqlx::Error> {
        let sql = "INSERT INTO setting (name, value) VALUES ('clock_offset_us', $1)
                   ON CONFLICT (name) DO UPDATE SET value = value + $1 WHERE value + $1 <= $2 RETURNING value";
        sqlx::query_scalar(sql).bind(by_us).bind(offset_us_max).fetch_optional(&self.pool).await
    }

    pub(super) async fn seed_if_empty(&self, now_us: i64) -> Result<(), OpenError> {
        let customers = seed::load().map_err(|reason| OpenError(format!("the shipped customers: {reason}")))?;
        let write = |error| failed("seed", &error);
        let mut transaction = self.begin().await.map_err(write)?;
        let there: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM customer").fetch_one(&mut *transaction).await.map_err(write)?;
        if there == 0 {
            plant(&mut transaction, &customers, now_us).await.map_err(write)?;
        }
        transaction.commit().await.map_err(write)
    }

    /// Forgets everything but the clock, and seeds afresh.
    pub(super) async fn reset(&self, now_us: i64) -> Result<(), sqlx::Error> {
        let customers = seed::load().map_err(sqlx::Error::Protocol)?;
        let mut transaction = self.begin().await?;
        for sql in [
            "DELETE FROM movement",
            "DELETE FROM customer",
            "DELETE FROM extension_request",
            "DELETE FROM reversal",
            "DELETE FROM request",
            "DELETE FROM ledger",
            "DELETE FROM fault",
            "DELETE FROM callback",
        ] {
            sqlx::query(sql).execute(&mut *transaction).await?;
        }
        plant(&mut transaction, &customers, now_us).await?;
        transaction.commit().await
    }

    pub(super) async fn close(&self) {
        // A request that does not end is ended by the end of the process; SQLite undoes what it did not commit.
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, self.pool.close()).await;
    }
}

async fn plant(conn: &mut SqliteConnection, customers: &[SeedCustomer], now_us: i64) -> Result<(), sqlx::Error> {
    for (position, customer) in (0_i64..).zip(customers) {
        sqlx::query(
            "INSERT INTO customer (account, position, msisdn, wallets, status, sub_status, modified_at, seeded_at, profile)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
        )
        .bind(&customer.account)
        .bind(position)
        .bind(&customer.msisdn)
        .bind(to_json(&customer.wallets)?)
        .bind(&customer.status)
        .bind(&customer.sub_status)
        .bind(now_us)
        .bind(to_json(customer)?)
        .execute(&mut *conn)
        .await?;
        extension::plant(conn, customer, now_us).await?;
        for (position, transaction) in (0_i64..).zip(&customer.transactions) {
            sqlx::query("INSERT INTO movement (id, account, position, created_at, detail) VALUES ($1, $2, $3, $4, $5)")
                .bind(&transaction.id)
                .bind(&customer.account)
                .bind(position)
                .bind(transaction.age.before(now_us))
                .bind(to_json(transaction)?)
                .execute(&mut *conn)
                .await?;
        }
    }
    Ok(())
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

fn failed(act: &str, error: &dyn std::error::Error) -> OpenError {
    let reason = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    OpenError(format!("cannot {act} the file: {reason}"))
}

/// Creates the file and its folder, for this user alone. SQLite gives its log the same rights.
fn create_file(path: &Path) -> std::io::Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    let mut file = std::fs::OpenOptions::new();
    file.create(true).append(true);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        folder.recursive(true).create(parent)?;
    }
    file.open(path).map(drop)
}
