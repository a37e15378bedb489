//! Stories of the beginning and the end: opening, migrating, closing.

use crate::place::Place;
use crate::rows::{commit, contact, leg, opened};
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use walletline_store::{CommitError, PAGE_MAX, ReadError, Store};

pub(crate) async fn two_programs_migrate_at_once(place: &Place) {
    let (one, other) = (Store::open(place.url()).await.unwrap(), Store::open(place.url()).await.unwrap());
    let (first, second) = tokio::join!(one.migrate(), other.migrate());
    assert_eq!((first, second), (Ok(()), Ok(())));
    assert_eq!(one.migrate().await, Ok(()), "nothing is left to do");
    let arrived = contact(0);
    one.commit(opened(&arrived, &leg(&arrived))).await.unwrap();
    assert!(other.contact(arrived.id).await.unwrap().is_some());
}

pub(crate) async fn a_newer_database_is_refused(place: &Place) {
    let store = place.open().await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
        SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    if place.file().is_some() {
        let mut conn = SqliteConnection::connect(place.url()).await.unwrap();
        sqlx::query(newer).execute(&mut conn).await.unwrap();
    } else {
        let mut conn = PgConnection::connect(place.url()).await.unwrap();
        sqlx::query(newer).execute(&mut conn).await.unwrap();
    }
    let line = store.migrate().await.unwrap_err().to_string();
    assert!(line.starts_with("store.url: ") && line.contains("newer version") && !line.contains('\n'), "{line}");
}

pub(crate) async fn a_closed_store_answers_so(place: &Place) {
    let store = place.open().await;
    let arrived = contact(0);
    store.commit(opened(&arrived, &leg(&arrived))).await.unwrap();
    assert_eq!(store.ping().await, Ok(()));
    store.close().await;
    assert!(matches!(store.commit(commit("contact.opened", arrived.id, vec![])).await, Err(CommitError::Unavailable(_))));
    assert!(matches!(store.ping().await, Err(ReadError::Unavailable(_))));
    store.close().await;
}

pub(crate) async fn a_store_closes_only_when_everything_is_written(place: &Place) {
    let store = place.open().await;
    let contacts: Vec<_> = (0..300).map(contact).collect();
    let commits: Vec<_> = contacts.iter().map(|one| store.commit(opened(one, &leg(one)))).collect();
    store.close().await;
    for commit in commits {
        commit.await.unwrap();
    }
    assert_eq!(place.open().await.contacts(None, PAGE_MAX).await.unwrap().len(), 300);
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_one_line_that_names_the_key() {
    for url in [
        "sqlite:/proc/no-such-folder/walletline.db",
        "sqlite:/proc/version",
        "postgres://nobody:geheim@127.0.0.1:1/none",
        "postgres://nobody@localhost/none?host=/no/such/folder",
        "file:walletline.db",
    ] {
        let line = Store::open(url).await.unwrap_err().to_string();
        assert!(line.starts_with("store.url: ") && !line.contains('\n') && !line.contains("geheim"), "{url}: {line}");
    }
}

#[tokio::test]
async fn a_sqlite_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::sqlite();
    let store = place.open().await;
    let arrived = contact(0);
    store.commit(opened(&arrived, &leg(&arrived))).await.unwrap();
    let file = place.file().unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(file.parent().unwrap()), mode(&file), mode(&file.with_extension("db-wal"))), (0o700, 0o600, 0o600));
    store.close().await;
}
