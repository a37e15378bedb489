//! What a crash leaves of the journal, and what the next process makes of it.

use super::*;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use walletline_core::identity::{Claim, FreezeAccount, Standing};
use walletline_core::kernel::ids::{CaseId, ContactId, OperationId};
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::subject::Subject;
use walletline_core::kernel::time::Wall;
use walletline_core::wallet::NewOperation;

const NUMBER: &str = "+8619000000001";

/// A folder of its own, removed when it goes.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("walletline-journal-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Self(std::env::temp_dir().join(name))
    }

    fn file(&self) -> PathBuf {
        self.0.join("journal").join(FILE)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone_already = std::fs::remove_dir_all(&self.0);
    }
}

fn freeze(n: u128) -> Noted {
    let now = Wall(1_000_000);
    let mut standing = Standing::new(ContactId::from(n), false, Arc::default());
    standing.claims(Claim {
        wallet: "jinqiao".to_owned(),
        msisdn: Pii::new(NUMBER.to_owned()),
        subject: Subject::new("0f".repeat(32)),
    });
    let permitted = standing.permit::<FreezeAccount>(now).unwrap().redeem(now).unwrap();
    let new = NewOperation { id: OperationId::from(n), key: format!("key-{n}") };
    let (operation, target) = Operation::freeze(&permitted, new, CaseId::from(n), now);
    let reference = Reference::draw(u64::try_from(n).unwrap());
    Noted { operation, reference, language: Language::En, msisdn: Some(target.msisdn), joined: Vec::new() }
}

/// A journal whose numbers are sealed with this key.
async fn open_with(folder: &Folder, key: u8) -> Journal {
    let store = Store::open(&format!("sqlite:{}/walletline.db", folder.0.display())).await.unwrap();
    store.seal_with([key; 32]);
    Journal::open(&folder.0, store).await.unwrap()
}

async fn open(folder: &Folder) -> Journal {
    open_with(folder, 7).await
}

const AT: Wall = Wall(5_000_000);

/// As another process finds it.
fn found(mut noted: Noted, state: State) -> Noted {
    noted.operation.state = state;
    noted.operation.settled_at = state.is_over().then_some(AT);
    noted
}

#[tokio::test]
async fn what_was_taken_is_there_after_a_crash_with_its_number_which_stands_there_sealed() {
    let folder = Folder::new();
    let journal = open(&folder).await;
    journal.note(freeze(1)).await.unwrap();
    journal.note(freeze(2)).await.unwrap();
    journal.settle("key-2", State::Done, AT).await.unwrap();
    let text = std::fs::read_to_string(folder.file()).unwrap();
    assert!(!text.contains("19000000001"), "{text}");
    assert_eq!(std::fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777, 0o600);
    let reopened = open(&folder).await;
    assert_eq!(reopened.noted().await, [found(freeze(1), State::Unknown), found(freeze(2), State::Done)]);
}

#[tokio::test]
async fn a_line_that_was_cut_off_spoils_neither_what_stands_before_nor_what_comes_after() {
    let folder = Folder::new();
    let journal = open(&folder).await;
    journal.note(freeze(1)).await.unwrap();
    journal.note(freeze(2)).await.unwrap();
    let text = std::fs::read_to_string(folder.file()).unwrap();
    std::fs::write(folder.file(), &text[..text.len() - 20]).unwrap();
    let reopened = open(&folder).await;
    assert_eq!(reopened.noted().await, [found(freeze(1), State::Unknown)]);
    reopened.note(freeze(3)).await.unwrap();
    let again = open(&folder).await;
    assert_eq!(again.noted().await, [found(freeze(1), State::Unknown), found(freeze(3), State::Unknown)]);
}

#[tokio::test]
async fn what_is_forgotten_is_gone_and_the_rest_keeps_what_came_of_it() {
    let folder = Folder::new();
    let journal = open(&folder).await;
    for n in 1..=3 {
        journal.note(freeze(n)).await.unwrap();
    }
    journal.settle("key-3", State::Unknown, AT).await.unwrap();
    journal.forget("key-1").await.unwrap();
    assert_eq!(std::fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777, 0o600);
    let reopened = open(&folder).await;
    assert_eq!(reopened.noted().await, [found(freeze(2), State::Unknown), found(freeze(3), State::Unknown)]);
}

#[tokio::test]
async fn under_another_key_no_number_opens_and_none_is_lost() {
    let folder = Folder::new();
    let journal = open(&folder).await;
    journal.note(freeze(1)).await.unwrap();
    journal.note(freeze(2)).await.unwrap();
    let other = open_with(&folder, 8).await;
    assert!(other.noted().await.iter().all(|noted| noted.msisdn.is_none()));
    other.forget("key-1").await.unwrap();
    assert_eq!(open(&folder).await.noted().await, [found(freeze(2), State::Unknown)], "the right key opens it still");
}

#[tokio::test]
async fn a_number_is_gone_when_nothing_is_left_to_be_done_with_it() {
    let folder = Folder::new();
    let journal = open(&folder).await;
    for n in 1..=2 {
        journal.note(freeze(n)).await.unwrap();
    }
    journal.settle("key-1", State::Declined, AT).await.unwrap();
    journal.settle("key-1", State::Unknown, AT).await.unwrap();
    let numbers = std::fs::read_to_string(folder.file()).unwrap().matches("\"number\":\"").count();
    assert_eq!(numbers, 1, "the one that is under way");
    let refused = Noted { msisdn: None, ..found(freeze(1), State::Declined) };
    assert_eq!(open(&folder).await.noted().await, [refused, found(freeze(2), State::Unknown)], "an end stays an end");
    journal.forget("key-2").await.unwrap();
    journal.forget("key-1").await.unwrap();
    assert_eq!(std::fs::read_to_string(folder.file()).unwrap(), "");
}

#[tokio::test]
async fn who_asks_again_for_what_is_under_way_is_on_record_once() {
    let folder = Folder::new();
    let journal = open(&folder).await;
    journal.note(freeze(1)).await.unwrap();
    for contact in [1, 5, 5] {
        journal.join("key-1", ContactId::from(contact)).await.unwrap();
    }
    let subject = freeze(1).operation.subject;
    let joined = Noted { joined: vec![5.into()], ..freeze(1) };
    assert_eq!(journal.of_account("jinqiao", &subject).await, Some(joined.clone()));
    assert_eq!(journal.of_account("mpay", &subject).await, None);
    assert_eq!(open(&folder).await.noted().await, [found(joined, State::Unknown)]);
}
