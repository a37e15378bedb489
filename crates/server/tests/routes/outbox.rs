//! The outbox beside a running hotline: what was committed is carried out once, whatever happens in between.

use crate::harness::{Hotline, patient};
use crate::offers::talk;
use serde_json::json;
use std::sync::Arc;
use walletline_core::cases::{Case, CaseKind, CaseState, Keep, NewCase, Reference};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::identity::{Claim, FreezeAccount, Standing};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::{ContactId, IdSource, OperationId};
use walletline_core::kernel::language::Language;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::subject::Subject;
use walletline_core::kernel::time::{Span, Wall};
use walletline_core::outbox::{Errand, Job};
use walletline_core::wallet::{NewOperation, Operation, State};

const LI_NA: &str = "+8619000000001";

/// Commits a freeze of Li Na's account by nobody in particular. `died`: its errand was claimed by a process that is no more.
async fn commit_freeze(hotline: &Hotline, died: bool) -> OperationId {
    let now = hotline.clock.wall();
    commit_freeze_of(hotline, IdSource::new(77).next(now), now, died).await
}

/// Commits a freeze of Li Na's account that a contact asked for at `now`.
async fn commit_freeze_of(hotline: &Hotline, contact: ContactId, now: Wall, died: bool) -> OperationId {
    let mut ids = IdSource::new(78);
    let (subject, msisdn) = (Subject::new("0f".repeat(32)), Pii::new(LI_NA.to_owned()));
    let mut standing = Standing::new(contact, false, Arc::default());
    standing.claims(Claim { wallet: "jinqiao".to_owned(), msisdn: msisdn.clone(), subject: subject.clone() });
    let permitted = standing.permit::<FreezeAccount>(now).unwrap().redeem(now).unwrap();
    let new = NewCase { id: ids.next(now), reference: Reference::draw(5), keep: Keep::default() };
    let case = Case::open(new, CaseKind::Freeze, "jinqiao".to_owned(), subject, None, contact, now);
    let new = NewOperation { id: ids.next(now), key: "6f2f3a36-5b5b-4d0f-9a39-0c6a4f6f6a05".to_owned() };
    let (operation, _) = Operation::freeze(&permitted, new, case.id, now);
    let job = Job::Operate { operation: operation.id, msisdn, language: Language::En };
    let mut errand = Errand::new(ids.next(now), "jinqiao".to_owned(), Some(contact), job, now, operation.send_by);
    if died {
        (errand, _) = errand.claim(0, 7.into(), now);
    }
    let entry = Entry::new(now, Actor::System, "operation.waits", operation.id);
    let waits = Commit::new(entry, vec![Change::Errand(0, Box::new(errand))]);
    let opened = case.written(0, Actor::System, "opened", now);
    hotline.store.commit(operation.committed(now).and(opened).and(waits)).await.unwrap();
    operation.id
}

/// The act once it is over.
async fn over(hotline: &Hotline, id: OperationId) -> Operation {
    patient(async {
        loop {
            let (_, operation) = hotline.store.operation(id).await.unwrap().unwrap();
            if operation.state.is_over() {
                return operation;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await
}

/// What Li Na's phone got, once anything came.
async fn notices(hotline: &Hotline) -> usize {
    patient(async {
        loop {
            let messages = hotline.get(&format!("/demo/api/phones/{LI_NA}/messages")).await.json();
            let count = messages.as_array().unwrap().len();
            if count >= 2 {
                return count;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await
}

async fn effects(hotline: &Hotline) -> usize {
    hotline.get("/demo/api/wallet/ledger").await.json().as_array().unwrap().len()
}

#[tokio::test]
async fn a_freeze_that_was_committed_is_done_and_every_address_is_told() {
    let hotline = Hotline::start().await;
    let operation = over(&hotline, commit_freeze(&hotline, false).await).await;
    assert_eq!(operation.state, State::Done);
    let (_, case) = hotline.store.case(operation.case).await.unwrap().unwrap();
    assert_eq!(case.state, CaseState::Closed);
    assert_eq!((notices(&hotline).await, effects(&hotline).await), (2, 1), "by text message and by mail, of one freeze");
}

#[tokio::test]
async fn a_wallet_that_acts_and_says_nothing_acts_once() {
    let hotline = Hotline::start().await;
    let fault = json!({ "operation": "freeze", "fault": "timeout_after", "count": 1 });
    assert_eq!(hotline.write("POST", "/demo/api/wallet/fault", &fault).await.status, 204);
    let operation = over(&hotline, commit_freeze(&hotline, false).await).await;
    assert_eq!((operation.state, effects(&hotline).await), (State::Done, 1));
}

#[tokio::test]
async fn what_a_dead_process_had_claimed_is_taken_up_when_its_lease_ends() {
    let hotline = Hotline::start().await;
    let id = commit_freeze(&hotline, true).await;
    assert_eq!(hotline.store.operation(id).await.unwrap().unwrap().1.state, State::Committed);
    assert_eq!(hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": 61 })).await.status, 200);
    let operation = over(&hotline, id).await;
    assert_eq!((operation.state, effects(&hotline).await), (State::Done, 1));
}

#[tokio::test]
async fn an_act_whose_time_is_over_is_given_up_and_the_agent_sees_it() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (mut desk, _) = agent.desk().await;
    let (.., contact) = talk(&hotline, &agent, &mut desk).await;
    let three_days = i64::try_from(Span::from_s(3 * 24 * 3_600).0).unwrap();
    let asked_at = Wall(hotline.clock.wall().0 - three_days);
    let id = commit_freeze_of(&hotline, contact.parse().unwrap(), asked_at, false).await;
    let shown = desk.until(|message| message["event"]["contact"]["customer"]["operations"][0]["state"] == "given_up").await;
    assert_eq!(shown["event"]["contact"]["id"], contact.as_str());
    let operation = over(&hotline, id).await;
    assert_eq!((operation.state, effects(&hotline).await), (State::GivenUp, 0));
    let (_, case) = hotline.store.case(operation.case).await.unwrap().unwrap();
    assert_eq!(case.state, CaseState::Open, "a person has it");
}
