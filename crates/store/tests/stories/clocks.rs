//! Stories of clocks: a row that comes back as it was written, one for each rule and case, found by who has to be looked at first.

use crate::place::{PATIENCE, Place};
use crate::rows::{T0, at, case, commit, id, subject};
use jiff::civil::date;
use tokio::time::timeout;
use walletline_core::cases::{
    Alert, Case, CaseKind, Clock, CountsFrom, Credit, CreditRule, CreditState, End, Ended, Extended, Extension, Needs, Pause,
    Reckoned, Rule, Terms,
};
use walletline_core::commit::Change;
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::calendar::Names;
use walletline_core::kernel::ids::CaseId;
use walletline_core::kernel::language::Language;
use walletline_core::kernel::money::Money;
use walletline_core::kernel::source::Mark;
use walletline_store::{CommitError, Store};

fn both(text: &str) -> Names {
    Language::ALL.into_iter().map(|language| (language, text.to_owned())).collect()
}

/// A clock with everything in it that a row can hold.
fn clock(of: CaseId, regime: &str, look_at: i64) -> Clock {
    let extension = Extension { term: "45 calendar days".parse().unwrap(), needs: Needs::ProvisionalCredit, when: both("later") };
    let rule = Rule {
        id: "reply".to_owned(),
        what: both("answer"),
        starts: both("receipt"),
        starts_on: vec![CaseKind::Complaint],
        counts_from: CountsFrom::Transaction,
        term: "10 business days".parse().unwrap(),
        binding: false,
        pauses: Some(both("waiting")),
        exception: Some(both("fraud")),
        extensions: vec![extension],
        provisional_credit: Some(CreditRule { amount: both("all"), reversal: both("told") }),
    };
    let terms = Terms {
        regime: regime.to_owned(),
        name: both("规定"),
        calendar: "gb".to_owned(),
        source: "a law".to_owned(),
        mark: Mark::Secondary,
        checked_on: date(2026, 11, 28),
        rule,
    };
    Clock {
        id: id(),
        case: of,
        wallet: "jinqiao".to_owned(),
        terms,
        started_at: T0,
        pauses: vec![Pause { from: at(5), until: Some(at(9)), by: id() }],
        extended: vec![Extended { at: at(10), by: id() }],
        raised: Some(Alert::Half),
        ended: None,
        reckoned: Reckoned { deadline: Some(at(look_at + 100)), next_at: Some(at(look_at)), missing_year: Some(2031) },
        expires_at: at(1_000_000),
    }
}

async fn write(store: &Store, version: i64, clock: &Clock) -> Result<(), CommitError> {
    store.commit(commit("clock.started", clock.id, vec![Change::Clock(version, Box::new(clock.clone()))])).await
}

async fn opened(store: &Store, kind: CaseKind, name: &str, s: i64) -> Case {
    let case = case(kind, subject(name), None, s);
    store.commit(case.written(0, Actor::System, "opened", at(s))).await.unwrap();
    case
}

pub(crate) async fn a_clock_comes_back_as_it_was_written(place: &Place) {
    let store = place.open().await;
    let case: CaseId = id();
    let first = clock(case, "law", 50);
    write(&store, 0, &first).await.unwrap();
    assert_eq!(store.clocks_of(case).await.unwrap(), [(1, first.clone())]);
    let ended = Clock {
        ended: Some(Ended { at: at(60), how: End::Met }),
        reckoned: Reckoned { next_at: None, ..first.reckoned },
        raised: None,
        ..first.clone()
    };
    write(&store, 1, &ended).await.unwrap();
    assert_eq!(store.clocks_of(case).await.unwrap(), [(2, ended)]);
    assert!(matches!(write(&store, 1, &first).await, Err(CommitError::Conflict(_))), "ruled on what was");
}

pub(crate) async fn a_rule_has_one_clock_on_a_case(place: &Place) {
    let store = place.open().await;
    let case: CaseId = id();
    let (one, other) = (clock(case, "law", 50), clock(case, "law", 50));
    let raced = tokio::join!(write(&store, 0, &one), write(&store, 0, &other));
    assert!(matches!(raced, (Ok(()), Err(CommitError::Conflict(_))) | (Err(CommitError::Conflict(_)), Ok(()))), "{raced:?}");
    write(&store, 0, &clock(case, "another-law", 60)).await.unwrap();
    assert_eq!(store.clocks_of(case).await.unwrap().len(), 2);
}

pub(crate) async fn who_has_to_be_looked_at_first_is_found_first(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.next_clock().await.unwrap(), None);
    let (late, soon) = (clock(id(), "law", 90), clock(id(), "law", 40));
    write(&store, 0, &late).await.unwrap();
    write(&store, 0, &soon).await.unwrap();
    let stands = Clock { reckoned: Reckoned::default(), ..clock(id(), "law", 0) };
    write(&store, 0, &stands).await.unwrap();
    assert_eq!(store.next_clock().await.unwrap(), Some(at(40)));
    assert_eq!(store.clocks_due(at(39), 9).await.unwrap(), []);
    assert_eq!(store.clocks_due(at(40), 9).await.unwrap(), [(1, soon.clone())]);
    assert_eq!(store.clocks_due(at(90), 9).await.unwrap(), [(1, soon), (1, late)]);
}

pub(crate) async fn a_case_that_lacks_a_clock_is_found_until_it_has_one_or_is_closed(place: &Place) {
    let store = place.open().await;
    let (first, second) = (opened(&store, CaseKind::Complaint, "a", 1).await, opened(&store, CaseKind::Complaint, "b", 2).await);
    opened(&store, CaseKind::Freeze, "c", 3).await;
    let lacking = || store.cases_without_clock("jinqiao", CaseKind::Complaint, ("law", "reply"), 9);
    assert_eq!(lacking().await.unwrap(), [first.clone(), second.clone()]);
    let of_first = clock(first.id, "law", 50);
    write(&store, 0, &of_first).await.unwrap();
    assert_eq!(lacking().await.unwrap(), std::slice::from_ref(&second));
    store.commit(second.closed(at(5)).written(1, Actor::System, "closed", at(5))).await.unwrap();
    assert_eq!(lacking().await.unwrap(), []);
    assert_eq!(store.cases_without_clock("harbor", CaseKind::Complaint, ("law", "reply"), 9).await.unwrap(), []);

    assert_eq!(store.clocks_of_closed_cases(9).await.unwrap(), []);
    store.commit(first.closed(at(6)).written(1, Actor::System, "closed", at(6))).await.unwrap();
    assert_eq!(store.clocks_of_closed_cases(9).await.unwrap(), [(1, of_first)]);
}

pub(crate) async fn a_committed_case_wakes_whoever_keeps_its_clocks(place: &Place) {
    let store = place.open().await;
    opened(&store, CaseKind::Complaint, "a", 1).await;
    timeout(PATIENCE, store.case_committed()).await.expect("the commit is remembered");
}

pub(crate) async fn a_case_has_one_credit_and_it_comes_back_as_it_was_written(place: &Place) {
    let store = place.open().await;
    let case: CaseId = id();
    assert_eq!(store.credit_of(case).await.unwrap(), None);
    let proposed = Credit {
        case,
        amount: Money::new(12_800, "USD".parse().unwrap()),
        state: CreditState::Proposed,
        proposed_by: id(),
        decided_by: None,
        given_at: None,
        changed_at: T0,
        expires_at: at(1_000_000),
    };
    let write = |version, credit: &Credit| {
        store.commit(commit("credit.proposed", credit.case, vec![Change::Credit(version, Box::new(credit.clone()))]))
    };
    write(0, &proposed).await.unwrap();
    assert!(matches!(write(0, &proposed).await, Err(CommitError::Conflict(_))));
    let given =
        Credit { state: CreditState::Given, decided_by: Some(id()), given_at: Some(at(9)), changed_at: at(9), ..proposed };
    write(1, &given).await.unwrap();
    assert!(matches!(write(1, &given).await, Err(CommitError::Conflict(_))), "ruled on what was");
    assert_eq!(store.credit_of(case).await.unwrap(), Some((2, given)));
}
