//! Stories of help: codes, counts, acts on wallets and cases, each found again and changed by one at a time.

use crate::commits::audit;
use crate::place::{PATIENCE, Place};
use crate::rows::{
    NUMBER, T0, at, case, challenge, commit, contact, errand, id, keyed, leg, opened as opened_contact, operation, subject,
};
use tokio::task::JoinSet;
use tokio::time::timeout;
use walletline_core::call::{AddedLine, Disposition, Fact, Service};
use walletline_core::cases::{Callback, CallbackState, Case, CaseKind, Keep, Reference};
use walletline_core::commit::{Change, Commit};
use walletline_core::identity::{Challenge, ChallengeState};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::StaffId;
use walletline_core::kernel::language::Language;
use walletline_core::kernel::phrase::Words;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::tally::{Counted, TALLY_KEPT, Tally};
use walletline_core::wallet::{Happening, Operation, Outcome, State};
use walletline_store::{CommitError, Store};

/// Whether of two commits exactly one stands and the other conflicts.
fn one_wins(outcomes: &(Result<(), CommitError>, Result<(), CommitError>)) -> bool {
    matches!(outcomes, (Ok(()), Err(CommitError::Conflict(_))) | (Err(CommitError::Conflict(_)), Ok(())))
}

/// A tally with this many freezes.
fn counted(key: &str, freezes: i64) -> Tally {
    let mut tally = Tally::new(key.to_owned());
    (0..freezes).for_each(|s| tally.note(Counted::Freeze, at(s), &subject(&s.to_string())));
    tally
}

pub(crate) async fn a_code_is_kept_until_it_is_used_up(place: &Place) {
    let store = place.open().await;
    let sent = challenge();
    assert_eq!(store.challenge(sent.id).await.unwrap(), None);
    let write =
        |version, row: &Challenge| commit("code.sent", row.contact, vec![Change::Challenge(version, Box::new(row.clone()))]);
    store.commit(write(0, &sent)).await.unwrap();
    assert_eq!(store.challenge(sent.id).await.unwrap(), Some((1, sent.clone())));

    let signal = Some("sim_swapped".to_owned());
    let wrong = Challenge { wrong: 1, counts: false, signal, state: ChallengeState::Failed, ..sent.clone() };
    store.commit(write(1, &wrong)).await.unwrap();
    assert_eq!(store.challenge(sent.id).await.unwrap(), Some((2, wrong)));
    for version in [0, 1, 7] {
        let refused = store.commit(write(version, &sent)).await;
        assert!(matches!(&refused, Err(CommitError::Conflict(row)) if row.contains("challenge")), "{version}: {refused:?}");
    }
}

pub(crate) async fn what_was_lately_done_is_counted_and_forgotten(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.tally("caller:x").await.unwrap(), (0, Tally::new("caller:x".to_owned())));
    let (caller, trunk) = (counted("caller:x", 3), counted("trunk:y", 1));
    let write = vec![Change::Tally(0, caller.clone()), Change::Tally(0, trunk.clone())];
    store.commit(commit("freeze.asked", "x", write)).await.unwrap();
    assert_eq!(store.tally("caller:x").await.unwrap(), (1, caller.clone()));
    assert_eq!(store.tally("trunk:y").await.unwrap(), (1, trunk));
    assert_eq!(store.tally("caller:x").await.unwrap().1.count(Counted::Freeze, at(3), TALLY_KEPT), 3);
    for version in [0, 2] {
        let refused = store.commit(commit("freeze.asked", "x", vec![Change::Tally(version, caller.clone())])).await;
        assert!(matches!(&refused, Err(CommitError::Conflict(row)) if row.contains("tally")), "{version}: {refused:?}");
    }

    store.commit(commit("tallies.forgotten", "demo", vec![Change::TalliesForgotten])).await.unwrap();
    for key in ["caller:x", "trunk:y"] {
        assert_eq!(store.tally(key).await.unwrap(), (0, Tally::new(key.to_owned())));
    }
    let last = audit(&store).await.pop().unwrap();
    assert_eq!((last.entry.action.as_str(), last.entry.subject.as_str()), ("tallies.forgotten", "demo"));
    store.commit(commit("freeze.asked", "x", vec![Change::Tally(0, caller)])).await.unwrap();
}

pub(crate) async fn of_two_who_count_at_once_one_rules_again(place: &Place) {
    let (one, other) = (place.open().await, place.open().await);
    for key in ["account:a", "account:b", "account:c", "caller:d", "trunk:e"] {
        for version in 0..8 {
            // Acts of two contacts: nothing but the tally brings them together.
            let ask = || vec![Change::Tally(version, counted(key, version + 1)), Change::Challenge(0, Box::new(challenge()))];
            let (first, second) = (one.commit(commit("code.sent", key, ask())), other.commit(commit("code.sent", key, ask())));
            let outcomes = timeout(PATIENCE, async { tokio::join!(first, second) }).await.unwrap();
            assert!(one_wins(&outcomes), "{key} at {version}: {outcomes:?}");
            assert_eq!(one.tally(key).await.unwrap(), (version + 1, counted(key, version + 1)));
        }
    }
}

/// Counts under both keys so many times, in the order given, ruling again after every conflict.
async fn count_often(store: Store, keys: [&'static str; 2], times: usize) {
    for _ in 0..times {
        loop {
            let mut changes = Vec::new();
            for key in keys {
                let (version, mut tally) = store.tally(key).await.unwrap();
                tally.note(Counted::CodeSent, T0, &subject("a"));
                changes.push(Change::Tally(version, tally));
            }
            changes.push(Change::Challenge(0, Box::new(challenge())));
            match store.commit(commit("code.sent", keys[0], changes)).await {
                Ok(()) => break,
                Err(CommitError::Conflict(_)) => {}
                Err(unavailable) => panic!("{unavailable}"),
            }
        }
    }
}

pub(crate) async fn no_count_is_lost_and_nobody_waits_for_ever(place: &Place) {
    let (one, other) = (place.open().await, place.open().await);
    let mut programs = JoinSet::new();
    for store in [&one, &other] {
        programs.spawn(count_often(store.clone(), ["account:a", "caller:b"], 20));
        programs.spawn(count_often(store.clone(), ["caller:b", "account:a"], 20));
    }
    timeout(PATIENCE, programs.join_all()).await.expect("nobody starves");
    for key in ["account:a", "caller:b"] {
        let (version, tally) = one.tally(key).await.unwrap();
        assert_eq!((version, tally.count(Counted::CodeSent, T0, TALLY_KEPT)), (80, 80), "{key}");
    }
}

fn act(version: i64, operation: &Operation) -> Commit {
    commit("freeze.committed", operation.id, vec![Change::Operation(version, Box::new(operation.clone()))])
}

pub(crate) async fn an_act_is_found_by_its_case_and_while_it_is_unsettled(place: &Place) {
    let store = place.open().await;
    let (first, other) = (operation(id(), 0), operation(id(), 1));
    let second = operation(first.case, 2);
    assert_eq!(store.operation(first.id).await.unwrap(), None);
    assert_eq!(store.operation_of_case(first.case).await.unwrap(), None);
    for one in [&second, &first, &other] {
        store.commit(act(0, one)).await.unwrap();
    }
    assert_eq!(store.operation(first.id).await.unwrap(), Some((1, first.clone())));
    assert_eq!(store.operation_of_case(first.case).await.unwrap(), Some(second.clone()), "the newest of its case");
    assert_eq!(store.operation_of_case(other.case).await.unwrap(), Some(other.clone()));
    let all = [(1, first.clone()), (1, other.clone()), (1, second.clone())];
    assert_eq!(store.unsettled_operations(10).await.unwrap(), all, "oldest first");
    assert_eq!(store.unsettled_operations(2).await.unwrap(), all[..2]);

    let (sending, begun) = first.begin(1, at(3)).unwrap();
    store.commit(begun).await.unwrap();
    assert_eq!(store.unsettled_operations(1).await.unwrap(), [(2, sending.clone())]);
    let (done, settled) = sending.settle(2, Outcome::Done, at(4)).unwrap();
    store.commit(settled).await.unwrap();
    assert_eq!(store.operation(first.id).await.unwrap(), Some((3, done)));
    let given_up = other.give_up(1, at(5)).unwrap().1;
    store.commit(given_up).await.unwrap();
    assert_eq!(store.unsettled_operations(10).await.unwrap(), [(1, second)]);
}

pub(crate) async fn an_act_is_begun_by_one_and_its_key_names_it_alone(place: &Place) {
    let (one, other) = (place.open().await, place.open().await);
    for s in 0..10 {
        let decided = operation(id(), s);
        one.commit(act(0, &decided)).await.unwrap();
        let begin = || decided.begin(1, at(s + 1)).unwrap().1;
        let (first, second) = (one.commit(begin()), other.commit(begin()));
        let outcomes = timeout(PATIENCE, async { tokio::join!(first, second) }).await.unwrap();
        assert!(one_wins(&outcomes), "{outcomes:?}");
        let (version, begun) = other.operation(decided.id).await.unwrap().unwrap();
        assert_eq!((version, begun.state), (2, State::Committed.after(Happening::Begun).unwrap()));

        let same_key = Operation { key: decided.key.clone(), ..operation(decided.case, s) };
        let refused = one.commit(act(0, &same_key)).await;
        assert!(matches!(refused, Err(CommitError::Conflict(_))), "{refused:?}");
        assert_eq!(one.operation(same_key.id).await.unwrap(), None);
    }
}

fn opened(case: &Case) -> Commit {
    case.written(0, Actor::Caller, "opened", case.opened_at)
}

pub(crate) async fn a_case_is_found_by_what_it_is_about(place: &Place) {
    let store = place.open().await;
    let (anna, ben) = (subject("anna"), subject("ben"));
    let freeze = case(CaseKind::Freeze, anna.clone(), None, 0);
    let late = case(CaseKind::TransactionOverdue, anna.clone(), Some("T1"), 1);
    let later = case(CaseKind::TransactionOverdue, anna.clone(), Some("T1"), 2);
    let refund = case(CaseKind::RefundDue, anna.clone(), Some("T1"), 3);
    let bens = case(CaseKind::Freeze, ben.clone(), None, 4);
    let elsewhere = Case { wallet: "mpay".to_owned(), ..case(CaseKind::Freeze, anna.clone(), None, 5) };
    for one in [&freeze, &later, &late, &refund, &bens, &elsewhere] {
        assert_eq!(store.case(one.id).await.unwrap(), None);
        store.commit(opened(one)).await.unwrap();
        assert_eq!(store.case(one.id).await.unwrap(), Some((1, one.clone())));
        assert_eq!(store.case_by_reference(&one.reference).await.unwrap(), Some((1, one.clone())));
    }
    for (kind, wallet, who, transaction, found) in [
        (CaseKind::Freeze, "jinqiao", &anna, None, Some(&freeze)),
        (CaseKind::Freeze, "mpay", &anna, None, Some(&elsewhere)),
        (CaseKind::Freeze, "jinqiao", &ben, None, Some(&bens)),
        (CaseKind::TransactionOverdue, "jinqiao", &anna, Some("T1"), Some(&later)),
        (CaseKind::RefundDue, "jinqiao", &anna, Some("T1"), Some(&refund)),
        (CaseKind::Freeze, "jinqiao", &anna, Some("T1"), None),
        (CaseKind::RefundDue, "jinqiao", &anna, None, None),
        (CaseKind::RefundDue, "jinqiao", &anna, Some("T2"), None),
        (CaseKind::RefundDue, "jinqiao", &ben, Some("T1"), None),
    ] {
        let case = store.case_of(kind, wallet, who, transaction).await.unwrap();
        assert_eq!(case, found.map(|case| (1, case.clone())), "{kind:?} {wallet} {who:?} {transaction:?}");
    }
    let newest_first = [(1, refund), (1, later), (1, late), (1, freeze.clone())];
    assert_eq!(store.cases_of("jinqiao", &anna, 10).await.unwrap(), newest_first);
    assert_eq!(store.cases_of("jinqiao", &anna, 2).await.unwrap(), newest_first[..2]);

    let closed = freeze.closed(at(60));
    store.commit(closed.written(1, Actor::System, "closed", at(60))).await.unwrap();
    assert_eq!(store.case(closed.id).await.unwrap(), Some((2, closed.clone())));
    let again = closed.clone().raised_again(id(), &Keep::default(), at(90));
    let raise = |version| again.written(version, Actor::Caller, "raised_again", at(90));
    assert!(matches!(store.commit(raise(1)).await, Err(CommitError::Conflict(_))));
    store.commit(raise(2)).await.unwrap();
    assert_eq!(store.case(again.id).await.unwrap(), Some((3, again)));
}

pub(crate) async fn a_reference_is_given_once(place: &Place) {
    let store = place.open().await;
    let first = case(CaseKind::Freeze, subject("anna"), None, 0);
    let twin = Case { reference: first.reference.clone(), ..case(CaseKind::Freeze, subject("ben"), None, 1) };
    store.commit(opened(&first)).await.unwrap();
    let refused = store.commit(opened(&twin)).await;
    assert!(matches!(refused, Err(CommitError::Conflict(_))), "{refused:?}");
    assert_eq!(store.case(twin.id).await.unwrap(), None);
    assert_eq!(store.case_by_reference(&first.reference).await.unwrap(), Some((1, first)));
}

pub(crate) async fn what_is_decided_together_is_kept_together(place: &Place) {
    let store = place.open().await;
    store.seal_with([7; 32]);
    let case = case(CaseKind::Freeze, subject("a"), None, 0);
    let freeze = operation(case.id, 0);
    let together = |version| {
        let more = vec![
            Change::Tally(version, counted("caller:x", 1)),
            Change::Errand(0, Box::new(errand(Some(freeze.contact), 0))),
            Change::Tally(0, counted("trunk:y", 1)),
        ];
        freeze.committed(T0).and(opened(&case)).and(commit("freeze.asked", freeze.contact, more))
    };
    let refused = store.commit(together(4)).await;
    assert!(matches!(refused, Err(CommitError::Conflict(_))), "{refused:?}");
    assert_eq!(store.operation(freeze.id).await.unwrap(), None);
    assert_eq!(store.case(case.id).await.unwrap(), None);
    assert_eq!(store.tally("trunk:y").await.unwrap().0, 0);
    assert_eq!((store.errands_waiting().await.unwrap(), audit(&store).await.len()), (0, 0));

    store.commit(together(0)).await.unwrap();
    assert_eq!(store.operation_of_case(case.id).await.unwrap(), Some(freeze));
    assert_eq!((store.errands_waiting().await.unwrap(), audit(&store).await.len()), (1, 3));
    assert_eq!(store.tally("trunk:y").await.unwrap().0, 1);
}

pub(crate) async fn what_acts_tell_stands_beside_what_the_call_writes(place: &Place) {
    let (call, acts) = (place.open().await, place.open().await);
    let (mut contact, case) = (contact(0), case(CaseKind::Freeze, subject("a"), None, 0));
    let line = |name: &str, s| {
        let fact = Fact::Case { reference: name.to_owned() };
        Change::Added(contact.id, AddedLine { name: name.to_owned(), at: at(s), fact })
    };
    let told = |changes| commit("freeze.asked", contact.id, changes);
    let named = |reference: &Reference, s| Change::CaseOfContact(contact.id, reference.clone(), at(s));
    // The store was down while the call began: what an act tells comes first.
    acts.commit(told(vec![line("taken", 2), named(&case.reference, 2)])).await.unwrap();
    call.commit(opened_contact(&contact, &leg(&contact))).await.unwrap();
    assert_eq!(acts.contact(contact.id).await.unwrap().unwrap().contact.case, Some(case.reference.to_string()));

    // Both write at once, and neither stands in the other's way.
    for s in 1..8 {
        contact.answered_at = Some(at(s));
        let row = vec![
            Change::Contact(s, Box::new(contact.clone())),
            Change::Timeline(contact.id, keyed(u32::try_from(s).unwrap(), s, "1")),
        ];
        let (own, added) =
            (call.commit(commit("contact.recorded", contact.id, row)), acts.commit(told(vec![line(&format!("{s}"), s)])));
        let outcomes = timeout(PATIENCE, async { tokio::join!(own, added) }).await.unwrap();
        assert_eq!(outcomes, (Ok(()), Ok(())), "{s}");
    }
    let lines = call.timeline(contact.id).await.unwrap();
    let order: Vec<i64> = lines.iter().map(|line| (line.at - at(0)).as_s().try_into().unwrap()).collect();
    assert!(order.is_sorted() && lines.len() == 16, "{order:?}");
    let seqs: std::collections::BTreeSet<u32> = lines.iter().map(|line| line.seq).collect();
    assert_eq!(seqs.len(), lines.len(), "each line has a number of its own");

    // A line is told once; an earlier case does not take the place of a later one.
    let twice = acts.commit(told(vec![line("taken", 9)])).await;
    assert!(matches!(&twice, Err(CommitError::Conflict(row)) if row.contains("taken")), "{twice:?}");
    let (later, earlier) = (Reference::draw(7), Reference::draw(8));
    acts.commit(told(vec![named(&later, 5)])).await.unwrap();
    acts.commit(told(vec![named(&earlier, 4)])).await.unwrap();
    assert_eq!(call.contact(contact.id).await.unwrap().unwrap().contact.case, Some(later.to_string()));

    // A restart closes the contact and adds its last line behind them all.
    let close = vec![Change::OpenContactsClosed { disposition: Disposition::Dropped, at: at(20) }];
    call.commit(commit("contacts.closed_after_restart", "contacts", close)).await.unwrap();
    let lines = call.timeline(contact.id).await.unwrap();
    assert!(matches!(lines.last().map(|line| &line.fact), Some(Fact::Ended { .. })));
    acts.commit(told(vec![line("done", 21)])).await.unwrap();
    assert_eq!(call.timeline(contact.id).await.unwrap().len(), 18, "and what is done after its end is told all the same");
}

pub(crate) async fn a_call_back_waits_is_taken_and_leaves_the_list(place: &Place) {
    let store = place.open().await;
    store.seal_with([7; 32]);
    let asked = case(CaseKind::Callback, subject("a"), None, 5);
    let number = Pii::new(NUMBER.to_owned());
    let callback =
        Callback::asked(asked.id, "jinqiao".to_owned(), number, (Language::En, Words::draw(5)), Some(Service::Refunds), at(5));
    let opened = asked.written(0, Actor::Caller, "opened", at(5)).and(callback.written(0, Actor::Caller, "asked", at(5)));
    store.commit(opened).await.unwrap();
    assert_eq!(store.callback(asked.id).await.unwrap(), Some((1, callback.clone())));
    assert_eq!(store.open_callbacks(10).await.unwrap(), vec![(callback.clone(), asked.clone())]);

    let (ann, bob): (StaffId, StaffId) = (id(), id());
    let take = |by| callback.clone().take(by, at(6)).unwrap().written(1, Actor::Staff { id: by }, "taken", at(6));
    let both = tokio::join!(store.commit(take(ann)), store.commit(take(bob)));
    assert!(one_wins(&both), "one agent gets it: {both:?}");
    let (version, taken) = store.callback(asked.id).await.unwrap().unwrap();
    let CallbackState::Taken { by, .. } = taken.state else { panic!("{taken:?}") };
    let done = taken.finish(by, at(7)).unwrap();
    store.commit(done.written(version, Actor::Staff { id: by }, "finished", at(7))).await.unwrap();
    assert_eq!(store.open_callbacks(10).await.unwrap(), Vec::new());
}
