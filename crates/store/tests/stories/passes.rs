//! Stories of call passes: found by their code alone, given out once, gone after their day.

use crate::place::Place;
use crate::rows::{T0, at, commit, id};
use walletline_core::commit::{Change, Commit};
use walletline_core::kernel::{language::Language, pii::Pii};
use walletline_core::pass::{ImageKind, Pass, PassHash, Told, Topic, forget};
use walletline_store::CommitError;

/// A pass under this code, made so many seconds after the start.
fn pass(code: &str, s: i64) -> Pass {
    Pass {
        id: id(),
        wallet: "jinqiao".to_owned(),
        code: PassHash::new(code.to_owned()),
        topic: Topic::Status,
        language: Language::ZhCn,
        told: Told {
            transaction: Some(Pii::new("261101000014".to_owned())),
            description: Pii::new("三天没到账\n第二行".to_owned()),
            error_text: Pii::new("E-1".to_owned()),
        },
        screenshot: Some(ImageKind::Webp),
        made_at: at(s),
        expires_at: at(s + 86_400),
        contact: None,
    }
}

fn write(version: i64, pass: &Pass) -> Commit {
    commit("pass.made", pass.id, vec![Change::Pass(version, Box::new(pass.clone()))])
}

pub(crate) async fn a_pass_is_found_by_its_code_and_changes_hands(place: &Place) {
    let store = place.open().await;
    let made = pass("ab", 0);
    assert_eq!(store.pass_by_code(&made.code).await.unwrap(), None);
    store.commit(write(0, &made)).await.unwrap();
    assert_eq!(store.pass_by_code(&made.code).await.unwrap(), Some((1, made.clone())));
    assert_eq!(store.pass(made.id).await.unwrap(), Some((1, made.clone())));

    let taken = Pass { contact: Some(id()), ..made.clone() };
    store.commit(write(1, &taken)).await.unwrap();
    assert_eq!(store.pass_by_code(&made.code).await.unwrap(), Some((2, taken.clone())));
    let late = store.commit(write(1, &made)).await;
    assert!(matches!(&late, Err(CommitError::Conflict(row)) if row.contains("call pass")), "{late:?}");
}

pub(crate) async fn a_code_is_given_to_one_pass_at_a_time(place: &Place) {
    let store = place.open().await;
    let (first, second) = (pass("ab", 0), pass("ab", 1));
    store.commit(write(0, &first)).await.unwrap();
    assert!(matches!(store.commit(write(0, &second)).await, Err(CommitError::Conflict(_))));
    store.commit(forget(first.expires_at)).await.unwrap();
    store.commit(write(0, &second)).await.unwrap();
    assert_eq!(store.pass_by_code(&second.code).await.unwrap(), Some((1, second)));
}

pub(crate) async fn a_pass_is_gone_when_its_day_is_over(place: &Place) {
    let store = place.open().await;
    let (old, young) = (pass("ab", 0), pass("cd", 60));
    for pass in [&old, &young] {
        store.commit(write(0, pass)).await.unwrap();
    }
    assert_eq!((store.passes_live("jinqiao", T0).await.unwrap(), store.passes_live("harbor", T0).await.unwrap()), (2, 0));
    assert_eq!(store.passes_expired(T0).await.unwrap(), 0);
    let then = old.expires_at;
    assert_eq!((store.passes_live("jinqiao", then).await.unwrap(), store.passes_expired(then).await.unwrap()), (1, 1));
    store.commit(forget(then)).await.unwrap();
    assert_eq!(store.passes_expired(then).await.unwrap(), 0);
    assert_eq!(store.pass(old.id).await.unwrap(), None);
    assert!(store.pass(young.id).await.unwrap().is_some());
}
