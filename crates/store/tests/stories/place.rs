//! A database of its own for each story, empty at its start and gone at its end.

use crate::cluster;
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use walletline_store::Store;

/// The longest a story waits for anything. Far above what the store promises; a machine under load must not fail a story.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Where one story's database is.
pub(crate) struct Place {
    url: String,
    folder: Option<PathBuf>,
}

impl Place {
    /// A file in a temporary folder.
    pub(crate) fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("walletline-store-{}-{}", std::process::id(), number()));
        Self { url: format!("sqlite:{}/deep/walletline.db", folder.display()), folder: Some(folder) }
    }

    /// A database on the server the stories share.
    pub(crate) async fn postgres() -> Self {
        let database = format!("story_{}_{}", std::process::id(), number());
        create_database(&cluster::shared("postgres"), &database).await;
        Self { url: cluster::shared(&database), folder: None }
    }

    /// `store.url` of this place.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The folder and the file, on SQLite.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        self.folder.as_deref().map(|folder| Path::join(folder, "deep/walletline.db"))
    }

    /// Opens the store and brings its tables up to date.
    pub(crate) async fn open(&self) -> Store {
        let store = Store::open(&self.url).await.unwrap();
        store.migrate().await.unwrap();
        store
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Creates a database, waiting for a server that is only starting.
pub(crate) async fn create_database(server: &str, database: &str) {
    let connect = async {
        loop {
            match PgConnection::connect(server).await {
                Ok(conn) => return conn,
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    };
    let mut conn = tokio::time::timeout(PATIENCE, connect).await.expect("PostgreSQL takes connections");
    let statement = sqlx::AssertSqlSafe(format!("CREATE DATABASE {database}"));
    sqlx::query(statement).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// Changes rows by other hands than the store's; at least one.
pub(crate) async fn meddle(place: &Place, statement: &'static str) {
    assert_ne!(meddled(place, statement).await, 0, "no row is as the story says: {statement}");
}

/// Changes rows by other hands than the store's; says how many.
pub(crate) async fn meddled(place: &Place, statement: &'static str) -> u64 {
    if place.file().is_some() {
        let mut conn = SqliteConnection::connect(place.url()).await.unwrap();
        sqlx::query(statement).execute(&mut conn).await.unwrap().rows_affected()
    } else {
        let mut conn = PgConnection::connect(place.url()).await.unwrap();
        sqlx::query(statement).execute(&mut conn).await.unwrap().rows_affected()
    }
}

pub(crate) fn number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
