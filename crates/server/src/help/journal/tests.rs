//! What a crash leaves of the journal, and what the next process makes of it.

use super::*;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::{AtomicU32, Ordering};
use walletline_core::identity::{Claim, FreezeAccount, Standing};
use walletline_core::kernel::assurance::Level;
use walletline_core::kernel::ids::{CaseId, ContactId, OperationId};
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
    let mut standing = Standing::new(ContactId::from(n), Level::A0);
    standing.claims(Claim {
        wallet: "jinqiao".to_owned(),
        msisdn: Pii::new(NUMBER.to_owned()),
        subject: Subject::new("0f".repeat(32)),
    });
    let permitted = standing.permit::<FreezeAccount>(now).unwrap().redeem(now).unwrap();
    let new = NewOperation { id: OperationId::from(n), key: format!("key-{n}") };
    let (operation, target) = Operation::freeze(&permitted, new, CaseId::from(n), now);
    let reference = Reference::draw(u64::try_from(n).unwrap());
    Noted { operation, reference, language: Language::En, msisdn: Some(target.msisdn) }
}

/// As another process finds it: without the number.
fn found(mut noted: Noted, state: State) -> Noted {
    noted.operation.state = state;
    noted.msisdn = None;
    noted
}

#[tokio::test]
async fn what_was_taken_is_there_after_a_crash_and_no_number_is() {
    let folder = Folder::new();
    let journal = Journal::open(&folder.0).await.unwrap();
    journal.note(freeze(1)).await.unwrap();
    journal.note(freeze(2)).await.unwrap();
    journal.settle("key-2", State::Done).await.unwrap();
    assert_eq!(journal.noted().await[0].msisdn, freeze(1).msisdn, "this process still knows whose it is");
    let text = std::fs::read_to_string(folder.file()).unwrap();
    assert!(!text.contains("19000000001"), "{text}");
    assert_eq!(std::fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777, 0o600);
    let reopened = Journal::open(&folder.0).await.unwrap();
    assert_eq!(reopened.noted().await, [found(freeze(1), State::Committed), found(freeze(2), State::Done)]);
}

#[tokio::test]
async fn a_line_that_was_cut_off_spoils_neither_what_stands_before_nor_what_comes_after() {
    let folder = Folder::new();
    let journal = Journal::open(&folder.0).await.unwrap();
    journal.note(freeze(1)).await.unwrap();
    journal.note(freeze(2)).await.unwrap();
    let text = std::fs::read_to_string(folder.file()).unwrap();
    std::fs::write(folder.file(), &text[..text.len() - 20]).unwrap();
    let reopened = Journal::open(&folder.0).await.unwrap();
    assert_eq!(reopened.noted().await, [found(freeze(1), State::Committed)]);
    reopened.note(freeze(3)).await.unwrap();
    let again = Journal::open(&folder.0).await.unwrap();
    assert_eq!(again.noted().await, [found(freeze(1), State::Committed), found(freeze(3), State::Committed)]);
}

#[tokio::test]
async fn what_is_forgotten_is_gone_and_the_rest_keeps_what_came_of_it() {
    let folder = Folder::new();
    let journal = Journal::open(&folder.0).await.unwrap();
    for n in 1..=3 {
        journal.note(freeze(n)).await.unwrap();
    }
    journal.settle("key-3", State::Unknown).await.unwrap();
    journal.forget("key-1").await.unwrap();
    assert_eq!(std::fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777, 0o600);
    let reopened = Journal::open(&folder.0).await.unwrap();
    assert_eq!(reopened.noted().await, [found(freeze(2), State::Committed), found(freeze(3), State::Unknown)]);
}
