//! What a process that died while the store was down leaves in the journal of freezes, and what the next one makes of it.

use crate::harness::{Hotline, patient};
use std::sync::Arc;
use std::time::Duration;
use walletline_core::call::Fact;
use walletline_core::cases::{Case, CaseKind, CaseState, Keep, NewCase, Reference};
use walletline_core::commit::Commit;
use walletline_core::help::Noted;
use walletline_core::identity::{Claim, FreezeAccount, Standing};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::{ContactId, IdSource};
use walletline_core::kernel::language::Language;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::subject::Subject;
use walletline_core::kernel::time::Wall;
use walletline_core::wallet::{NewOperation, Operation, State};

const LI_NA: &str = "+8619000000001";

fn now() -> Wall {
    walletline::engine::Clock::start().wall()
}

fn subject(name: char) -> Subject {
    Subject::new(name.to_string().repeat(64))
}

/// A freeze of Li Na's account that was taken and of which nothing more was written down.
fn taken(ids: &mut IdSource, reference: Reference) -> Noted {
    let at = now();
    let mut standing = Standing::new(ids.next::<ContactId>(at), false, Arc::default());
    let msisdn = Pii::new(LI_NA.to_owned());
    standing.claims(Claim { wallet: "jinqiao".to_owned(), msisdn: msisdn.clone(), subject: subject('a') });
    let permitted = standing.permit::<FreezeAccount>(at).unwrap().redeem(at).unwrap();
    let new = NewOperation { id: ids.next(at), key: "6f2f3a36-5b5b-4d0f-9a39-0c6a4f6f6a06".to_owned() };
    let (operation, _) = Operation::freeze(&permitted, new, ids.next(at), at);
    Noted { operation, reference, language: Language::En, msisdn: Some(msisdn), joined: Vec::new() }
}

fn case(ids: &mut IdSource, of: &Subject, reference: &Reference) -> (Case, Commit) {
    let new = NewCase { id: ids.next(now()), reference: reference.clone(), keep: Keep::default() };
    let case = Case::open(new, CaseKind::Freeze, "jinqiao".to_owned(), of.clone(), None, ids.next(now()), now());
    let written = case.written(0, Actor::System, "opened", now());
    (case, written)
}

async fn done(hotline: &Hotline, noted: &Noted) -> Case {
    patient(async {
        loop {
            let operation = hotline.store.operation(noted.operation.id).await.unwrap();
            if let Some((_, operation)) = operation.filter(|(_, operation)| operation.state == State::Done)
                && hotline.journal().is_empty()
            {
                return hotline.store.case(operation.case).await.unwrap().unwrap().1;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}

async fn count(hotline: &Hotline, path: &str, wanted: usize) {
    patient(async {
        while hotline.get(path).await.json().as_array().unwrap().len() < wanted {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert_eq!(hotline.get(path).await.json().as_array().unwrap().len(), wanted, "{path}");
}

#[tokio::test]
async fn what_a_dead_process_took_is_sent_told_at_every_address_and_on_record() {
    let noted = taken(&mut IdSource::new(5), Reference::draw(5));
    let hotline = Hotline::start_over("", true, vec![noted.clone()], None).await;
    let case = done(&hotline, &noted).await;
    assert_eq!((case.reference, case.state), (noted.reference.clone(), CaseState::Closed));
    count(&hotline, &format!("/demo/api/phones/{LI_NA}/messages"), 2).await;
    count(&hotline, "/demo/api/wallet/ledger", 1).await;
    let lines = hotline.store.timeline(noted.operation.contact).await.unwrap();
    let told: Vec<String> = lines.iter().map(|line| line.fact.text()).collect();
    let place = |line: &str| told.iter().position(|told| told == line);
    let reference = place(&Fact::Case { reference: noted.reference.to_string() }.text());
    let frozen = place("At the wallet: freeze: done");
    assert!(reference.is_some() && frozen > reference, "{told:?}");
}

#[tokio::test]
async fn an_account_keeps_its_case_when_it_was_known() {
    let mut ids = IdSource::new(6);
    let (case, opened) = case(&mut ids, &subject('a'), &Reference::draw(6));
    let mut noted = taken(&mut ids, case.reference.clone());
    noted.operation.case = case.id;
    let hotline = Hotline::start_over("", true, vec![noted.clone()], Some(opened)).await;
    let raised = done(&hotline, &noted).await;
    assert_eq!((raised.reference, raised.contacts.last()), (case.reference, Some(&noted.operation.contact)));
}

#[tokio::test]
async fn a_reference_that_another_account_has_does_not_keep_a_freeze_out_of_the_store() {
    let mut ids = IdSource::new(7);
    let (other, opened) = case(&mut ids, &subject('b'), &Reference::draw(7));
    let noted = taken(&mut ids, other.reference.clone());
    let hotline = Hotline::start_over("", true, vec![noted.clone()], Some(opened)).await;
    let fresh = done(&hotline, &noted).await;
    assert_ne!(fresh.reference, other.reference);
    let kept = hotline.store.case(other.id).await.unwrap().unwrap().1;
    assert_eq!(kept, other, "the other account's case is as it was");
}

#[tokio::test]
async fn what_an_earlier_start_brought_in_and_could_not_forget_is_forgotten() {
    let noted = taken(&mut IdSource::new(8), Reference::draw(8));
    let mut brought = noted.operation.clone();
    brought.state = State::Done;
    let hotline = Hotline::start_over("", true, vec![noted], Some(brought.committed(now()))).await;
    patient(async {
        while !hotline.journal().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    count(&hotline, "/demo/api/wallet/ledger", 0).await;
}
