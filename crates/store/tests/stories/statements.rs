//! Stories of statements: what a form said comes back as it was written, sealed in its row, and the same form is no second case.

use crate::place::Place;
use crate::rows::{at, case, commit, subject};
use walletline_core::cases::{Case, CaseKind, Statement, Told};
use walletline_core::commit::Change;
use walletline_core::kernel::{actor::Actor, language::Language, pii::Pii};
use walletline_store::{CommitError, Store};

fn statement(case: &Case, form: &str) -> Statement {
    let told = Told {
        language: Language::ZhCn,
        number: Some(Pii::new("+8619000000001".to_owned())),
        transaction: Some("261118000486".to_owned()),
        text: Pii::new("不是我\n第二行".to_owned()),
        hotline: true,
        agent: Some("1024".to_owned()),
    };
    Statement { case: case.id, form: form.to_owned(), told, sent_at: at(1), expires_at: at(9) }
}

async fn file(store: &Store, form: &str, s: i64) -> (Statement, Result<(), CommitError>) {
    let case = case(CaseKind::Dispute, subject(form), None, s);
    let said = statement(&case, form);
    let kept = commit("form.filed", case.id, vec![Change::Statement(Box::new(said.clone()))]);
    (said, store.commit(case.written(0, Actor::Visitor, "opened", at(s)).and(kept)).await)
}

pub(crate) async fn a_form_is_one_case_however_often_it_is_sent(place: &Place) {
    let store = place.open().await;
    store.seal_with([7; 32]);
    assert_eq!(store.case_of_form("a").await.unwrap(), None);
    let (said, kept) = file(&store, "a", 1).await;
    kept.unwrap();
    assert_eq!(store.case_of_form("a").await.unwrap(), Some(said.case));
    assert_eq!(store.statement(said.case).await.unwrap(), Some(said.clone()));
    let (again, refused) = file(&store, "a", 2).await;
    assert!(matches!(refused, Err(CommitError::Conflict(_))), "{refused:?}");
    assert_eq!(store.statement(again.case).await.unwrap(), None, "nothing of the second is kept");
    assert!(store.case(again.case).await.unwrap().is_none());
    let (_, other) = file(&store, "b", 3).await;
    other.unwrap();
}
