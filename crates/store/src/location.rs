//! Where the database is: `store.url` as connections, and the checks that must pass before the first row is trusted to it.
//! A password in the URL never reaches a message.

use crate::database::Conn;
use crate::error::{OpenError, one_line};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, PgConnection, SqliteConnection};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// How long SQLite waits inside one statement for another process: a reader during recovery, an opening during a commit.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a reader waits for a free connection, the opening of one included.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// Readers of SQLite at once: more only compete for the same disk and the same two cores.
const SQLITE_READERS_MAX: u32 = 4;

/// SQLite's log is taken over into the file when it has so many pages (16 MiB): a page that changes again and again until then is taken
/// over once. Four times SQLite's own choice; a start after a crash reads them in a moment.
const CHECKPOINT_PAGES: &str = "4000";

/// Readers of PostgreSQL at once. With the writers a node holds 16 connections of the usual 100.
const POSTGRES_READERS_MAX: u32 = 8;

/// PostgreSQL gives up by itself a little before the store does, so that no statement outlives the commit it belonged to; what
/// is acknowledged is on disk whatever the server's default.
const POSTGRES_SETTINGS: [(&str, &str); 4] = [
    ("statement_timeout", "3000"),
    ("lock_timeout", "2000"),
    ("idle_in_transaction_session_timeout", "10000"),
    ("synchronous_commit", "on"),
];

/// SQLite before this version can corrupt a database in WAL mode when a checkpoint meets a restart of the log.
const SQLITE_VERSION_MIN: (u32, u32, u32) = (3, 51, 3);

/// Where the database is.
#[derive(Debug, Clone)]
pub(crate) enum Location {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

/// A connection of one's own.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Connections shared by the readers.
#[derive(Debug, Clone)]
pub(crate) enum Readers {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Location {
    pub(crate) fn parse(url: &str) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(':') || path.contains('?') {
                return Err(OpenError("write sqlite:FOLDER/FILE, a file on a local disk and nothing after it".to_owned()));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)
                .map_err(|error| OpenError(format!("not a PostgreSQL URL: {}", one_line(&error))))?;
            let options = options.application_name("walletline").options(POSTGRES_SETTINGS).disable_statement_logging();
            return Ok(Self::Postgres(Box::new(options)));
        }
        Err(OpenError("write sqlite:FOLDER/FILE or postgres://USER:PASSWORD@HOST/DATABASE".to_owned()))
    }

    /// Prepares the place: creates SQLite's folder and file, turns its write-ahead log on, and asks the engine who it is.
    pub(crate) async fn prepare(&self) -> Result<(), OpenError> {
        match self {
            Self::Sqlite(path) => {
                create_file(path).map_err(|error| OpenError(format!("cannot create {}: {error}", path.display())))?;
                let failed = |error| OpenError(format!("cannot open {}: {}", path.display(), one_line(&error)));
                let options = sqlite_options(path).busy_timeout(BUSY_TIMEOUT).journal_mode(SqliteJournalMode::Wal);
                let mut conn = options.connect().await.map_err(failed)?;
                let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut conn).await.map_err(failed)?;
                check_sqlite_version(&version)?;
                let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut conn).await.map_err(failed)?;
                if mode != "wal" {
                    return Err(OpenError(format!("{} cannot keep a write-ahead log: use a local disk", path.display())));
                }
                conn.close().await.map_err(failed)
            }
            Self::Postgres(options) => {
                let failed = |reason: String| OpenError(format!("cannot reach PostgreSQL at {}: {reason}", options.get_host()));
                let connected = tokio::time::timeout(ACQUIRE_TIMEOUT, options.connect()).await;
                let conn = connected.map_err(|_| failed("no answer".to_owned()))?.map_err(|error| failed(one_line(&error)))?;
                // The server has answered; how it takes leave does not matter.
                drop(conn);
                Ok(())
            }
        }
    }

    /// A connection for writing. Waiting for other writers is left to whoever begins the transaction; a program that closes the
    /// database as its last user is waited for here.
    pub(crate) async fn connect(&self) -> Result<Connection, sqlx::Error> {
        match self {
            Self::Sqlite(path) => {
                let options = sqlite_options(path).busy_timeout(BUSY_TIMEOUT).pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
                let mut conn = options.connect().await?;
                sqlx::query("PRAGMA busy_timeout = 0").execute(&mut conn).await?;
                Ok(Connection::Sqlite(conn))
            }
            Self::Postgres(options) => Ok(Connection::Postgres(options.connect().await?)),
        }
    }

    /// A connection for migrations, which may wait for another program that migrates and take long over a large table.
    pub(crate) async fn connect_patiently(&self) -> Result<Connection, sqlx::Error> {
        match self {
            Self::Sqlite(path) => Ok(Connection::Sqlite(sqlite_options(path).busy_timeout(10 * BUSY_TIMEOUT).connect().await?)),
            Self::Postgres(options) => {
                let options = (**options).clone().options([("statement_timeout", "0"), ("lock_timeout", "0")]);
                Ok(Connection::Postgres(options.connect().await?))
            }
        }
    }

    /// Connections for reading, opened as they are needed.
    pub(crate) fn readers(&self) -> Readers {
        match self {
            Self::Sqlite(path) => {
                let options = sqlite_options(path).busy_timeout(BUSY_TIMEOUT).pragma("query_only", "ON");
                let pool = SqlitePoolOptions::new().max_connections(SQLITE_READERS_MAX).acquire_timeout(ACQUIRE_TIMEOUT);
                Readers::Sqlite(pool.connect_lazy_with(options))
            }
            Self::Postgres(options) => {
                let pool = PgPoolOptions::new().max_connections(POSTGRES_READERS_MAX).acquire_timeout(ACQUIRE_TIMEOUT);
                Readers::Postgres(pool.connect_lazy_with((**options).clone()))
            }
        }
    }
}

impl Connection {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(conn) => Conn::Sqlite(conn),
            Self::Postgres(conn) => Conn::Postgres(conn),
        }
    }

    pub(crate) async fn close(self) {
        let closed = match self {
            Self::Sqlite(conn) => conn.close().await,
            Self::Postgres(conn) => conn.close().await,
        };
        if let Err(error) = closed {
            tracing::debug!(error = one_line(&error), "the database connection did not close cleanly");
        }
    }
}

fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).synchronous(SqliteSynchronous::Full).foreign_keys(true).disable_statement_logging()
}

/// Creates the file and its folder, for this user alone: the record is personal data. SQLite gives its log the same rights.
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

fn check_sqlite_version(version: &str) -> Result<(), OpenError> {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    let found = (part(), part(), part());
    if found < SQLITE_VERSION_MIN {
        let (major, minor, patch) = SQLITE_VERSION_MIN;
        return Err(OpenError(format!("this build carries SQLite {version}; it needs {major}.{minor}.{patch} or later")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read() {
        for url in ["sqlite:data/walletline.db", "sqlite://data/walletline.db"] {
            assert!(
                matches!(Location::parse(url), Ok(Location::Sqlite(path)) if path == Path::new("data/walletline.db")),
                "{url}"
            );
        }
        assert!(matches!(Location::parse("sqlite:/var/lib/w.db"), Ok(Location::Sqlite(path)) if path.is_absolute()));
        assert!(matches!(Location::parse("postgres://u:p@127.0.0.1:5433/w"), Ok(Location::Postgres(_))));
    }

    #[test]
    fn a_bad_url_is_refused_in_one_line_that_names_the_key_and_no_password() {
        for url in ["", "sqlite:", "sqlite::memory:", "sqlite:a.db?mode=ro", "mysql://h/d", "postgres://u:geheim@host:port/d"] {
            let line = Location::parse(url).unwrap_err().to_string();
            assert!(line.starts_with("store.url: ") && !line.contains('\n') && !line.contains("geheim"), "{line}");
        }
    }

    #[test]
    fn an_old_sqlite_is_refused() {
        for (version, good) in
            [("3.51.2", false), ("3.50.9", false), ("2.99.99", false), ("3.51.3", true), ("3.52.0", true), ("4.0", true)]
        {
            assert_eq!(check_sqlite_version(version).is_ok(), good, "{version}");
        }
    }
}
