//! Stories of refunds: a row that comes back as it was written, decisions that are only added, and sums that two at once cannot exceed.

use crate::place::{PATIENCE, Place};
use crate::rows::{T0, at, commit, id, subject};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::time::timeout;
use walletline_core::cases::{Keep, NewCase, Reference};
use walletline_core::commit::Change;
use walletline_core::help::{NewErrands, RefundAsked, RefundNames, take_refund};
use walletline_core::identity::{Claim, Ladder, Proof, Redeemed, RequestRefund, Standing};
use walletline_core::kernel::assurance::{Factor, Level};
use walletline_core::kernel::ids::{CaseId, ContactId, RefundId, StaffId};
use walletline_core::kernel::language::Language;
use walletline_core::kernel::money::Money;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::time::{Mono, Now};
use walletline_core::money::{
    Approval, Certificates, Checker, Evidence, Guards, Maker, NewRefund, Original, Policy, Refund, RefundRefusal, RefundTarget,
    Source, Spent, State, Verdict,
};
use walletline_store::{CommitError, Store};

fn cny(minor: i64) -> Money {
    Money::new(minor, "CNY".parse().unwrap())
}

/// A refund that waits for its second person, of a transaction of this number.
fn waiting(transaction: &str, minor: i64, maker: StaffId) -> Refund {
    let (name, contact): (RefundId, ContactId) = (id(), id());
    let evidence = Evidence { level: Level::A3, contact, factors: vec![id()], at: T0 };
    Refund {
        id: name,
        key: format!("key of {name}"),
        request_key: format!("request of {name}"),
        request_digest: "digest".to_owned(),
        wallet: "jinqiao".to_owned(),
        subject: subject(&name.to_string()),
        msisdn: Pii::new("+8619000000001".to_owned()),
        language: Language::ZhCn,
        case: id::<CaseId>(),
        contact,
        transaction: transaction.to_owned(),
        amount: cny(minor),
        reason: Pii::new("charged twice".to_owned()),
        maker: Some(maker),
        level: Level::A3,
        evidence: Some(evidence),
        digest: "digest".to_owned(),
        state: State::AwaitingApproval,
        unfit: None,
        lines: 0,
        checker: None,
        sends: 0,
        wallet_reference: None,
        proposal: None,
        asked_at: T0,
        decide_by: at(72 * 3_600),
        send_by: None,
        doubtful_since: None,
        settled_at: None,
    }
}

fn checker(id: StaffId) -> Checker {
    let certificates = Certificates { refund_maker: false, refund_checker: true };
    Checker { id, certificates, supervises: true, is_under_maker: false, is_under_proposer: false }
}

/// A store that can seal.
async fn sealing(place: &Place) -> Store {
    let store = place.open().await;
    store.seal_with([7; 32]);
    store
}

async fn write(store: &Store, version: i64, refund: &Refund) -> Result<(), CommitError> {
    store.commit(commit("refund.asked", refund.id, vec![Change::Refund(version, Box::new(refund.clone()))])).await
}

/// What an approval is guarded on, as the rows stand now.
async fn guards(store: &Store, refund: &Refund) -> Guards {
    let source = store.refund_source(&refund.wallet, &refund.transaction).await.unwrap();
    let fresh = || (0, Source::new(refund.wallet.clone(), refund.transaction.clone(), cny(100_000)));
    let currency = refund.amount.currency;
    Guards {
        source: source.unwrap_or_else(fresh),
        customer: store.refund_spent(&Spent::key_of_customer(&refund.wallet, &refund.subject, currency)).await.unwrap(),
        maker: match refund.maker {
            Some(maker) => Some(store.refund_spent(&Spent::key_of_maker(maker, currency)).await.unwrap()),
            None => None,
        },
    }
}

pub(crate) async fn a_refund_comes_back_as_it_was_written_and_is_found(place: &Place) {
    let store = sealing(place).await;
    let refund = waiting("261118000486", 60_000, id());
    assert_eq!(store.refund(refund.id).await.unwrap(), None);
    write(&store, 0, &refund).await.unwrap();
    assert_eq!(store.refund(refund.id).await.unwrap(), Some((1, refund.clone())));
    assert_eq!(store.refund_by_request(&refund.request_key).await.unwrap(), Some(refund.clone()));
    assert_eq!(store.refunds_of_contact(refund.contact).await.unwrap(), std::slice::from_ref(&refund));
    assert_eq!(store.open_refunds(9).await.unwrap(), std::slice::from_ref(&refund));
    assert_eq!(store.open_refunds_of("jinqiao", "261118000486").await.unwrap(), std::slice::from_ref(&refund));
    assert!(store.open_refunds_of("harbor", "261118000486").await.unwrap().is_empty(), "another wallet's");
    assert_eq!(store.refunds_of_case(refund.case).await.unwrap(), std::slice::from_ref(&refund));
    assert!(store.refunds_of_case(id()).await.unwrap().is_empty());
    for version in [0, 2] {
        assert!(matches!(write(&store, version, &refund).await, Err(CommitError::Conflict(_))), "{version}");
    }
    let over = Refund { state: State::Declined, settled_at: Some(at(5)), ..refund.clone() };
    write(&store, 1, &over).await.unwrap();
    assert!(store.open_refunds(9).await.unwrap().is_empty());
    assert!(store.open_refunds_of("jinqiao", "261118000486").await.unwrap().is_empty());
    let own = Refund { maker: None, reason: Pii::new(String::new()), ..waiting("261118000593", 60_000, id()) };
    write(&store, 0, &own).await.unwrap();
    assert_eq!(store.refund(own.id).await.unwrap(), Some((1, own)), "asked for by its customer");
    let same_request = Refund { request_key: refund.request_key, ..waiting("261118000486", 1, id()) };
    assert!(matches!(write(&store, 0, &same_request).await, Err(CommitError::Conflict(_))), "one request, one refund");
}

pub(crate) async fn decisions_are_only_added(place: &Place) {
    let store = sealing(place).await;
    let refund = id();
    let line = |number, verdict, reason: Option<&str>| Approval {
        refund,
        number,
        verdict,
        by: Some(7.into()),
        reason: reason.map(str::to_owned),
        at: at(number),
    };
    let lines = [line(1, Verdict::Asked, Some("charged twice")), line(2, Verdict::Approved, None)];
    for line in &lines {
        store.commit(commit("refund.decided", refund, vec![Change::Approval(Box::new(line.clone()))])).await.unwrap();
    }
    let again = line(2, Verdict::Declined, None);
    let refused = store.commit(commit("refund.decided", refund, vec![Change::Approval(Box::new(again))])).await;
    assert!(matches!(refused, Err(CommitError::Conflict(_))));
    assert_eq!(store.approvals(refund).await.unwrap(), lines);
}

pub(crate) async fn two_who_approve_at_once_never_give_back_more_than_was_paid(place: &Place) {
    let (one, other) = (sealing(place).await, sealing(place).await);
    let policy = Policy::default();
    for round in 0..8 {
        let transaction = format!("26111800{round:04}");
        // Two makers, two customers, one transaction: nothing but its row brings them together.
        let (first, second) = (waiting(&transaction, 60_000, id()), waiting(&transaction, 60_000, id()));
        write(&one, 0, &first).await.unwrap();
        write(&other, 0, &second).await.unwrap();
        let approve = async |store: &Store, refund: &Refund| loop {
            let (version, row) = store.refund(refund.id).await.unwrap().unwrap();
            let ruled = row.approve(version, &checker(99.into()), guards(store, &row).await, (None, &policy), T0);
            match ruled {
                Err(refusal) => return Err(refusal),
                Ok(ruled) => match store.commit(ruled.commit).await {
                    Ok(()) => return Ok(()),
                    Err(CommitError::Conflict(_)) => {}
                    Err(error) => panic!("{error}"),
                },
            }
        };
        let both = async { tokio::join!(approve(&one, &first), approve(&other, &second)) };
        let outcomes = timeout(PATIENCE, both).await.unwrap();
        assert!(
            matches!(outcomes, (Ok(()), Err(RefundRefusal::MoreThanIsLeft)) | (Err(RefundRefusal::MoreThanIsLeft), Ok(()))),
            "{outcomes:?}"
        );
        let (_, source) = one.refund_source("jinqiao", &transaction).await.unwrap().unwrap();
        assert_eq!((source.held, source.captured), (60_000, cny(100_000)));
    }
}

/// What a customer has shown who showed two factors.
fn shown(customer: &str) -> Redeemed<RequestRefund> {
    let mut standing = Standing::new(id(), true, Arc::new(Ladder::default()));
    let (subject, msisdn) = (subject(customer), Pii::new("+8619000000001".to_owned()));
    standing.claims(Claim { wallet: "jinqiao".to_owned(), msisdn, subject: subject.clone() });
    for factor in [Factor::SmsCode, Factor::SecondFactor] {
        standing.proved(&subject, Proof { factor, evidence: id() }, Now { mono: Mono(0), wall: T0 });
    }
    standing.permit::<RequestRefund>(T0).unwrap().redeem(T0).unwrap()
}

/// Asks for all of a transaction until it is asked for, or found: `request` names it.
async fn ask(store: &Store, customer: &str, (transaction, minor): (&str, i64), maker: StaffId, request: &str) -> Refund {
    static DRAWN: AtomicU64 = AtomicU64::new(1_000);
    loop {
        if let Some(known) = store.refund_by_request(request).await.unwrap() {
            return known;
        }
        let case = NewCase { id: id(), reference: Reference::draw(DRAWN.fetch_add(1, Ordering::Relaxed)), keep: Keep::default() };
        let names = NewRefund {
            id: id(),
            key: format!("key of {}", case.id),
            request_key: request.to_owned(),
            request_digest: "digest".to_owned(),
            case: case.id,
        };
        let permitted = shown(customer);
        let source = store.refund_source("jinqiao", transaction).await.unwrap();
        let guards = Guards {
            source: source.unwrap_or_else(|| (0, Source::new("jinqiao".to_owned(), transaction.to_owned(), cny(minor)))),
            customer: store
                .refund_spent(&Spent::key_of_customer("jinqiao", &permitted.claim.subject, cny(1).currency))
                .await
                .unwrap(),
            maker: Some(store.refund_spent(&Spent::key_of_maker(maker, cny(1).currency)).await.unwrap()),
        };
        let errands = NewErrands { link: "link".to_owned(), notice: id(), carrier: id(), lapse: id() };
        let original = Original {
            transaction: transaction.to_owned(),
            captured: cny(minor),
            is_payer: true,
            is_completed: true,
            is_refundable: true,
            is_reversed: false,
        };
        let certificates = Certificates { refund_maker: true, refund_checker: false };
        let asked = RefundAsked {
            maker: Maker::Staff { id: maker, certificates },
            target: RefundTarget {
                transaction: transaction.to_owned(),
                amount: cny(minor),
                reason: Pii::new("charged twice".to_owned()),
            },
            original,
            language: Language::En,
        };
        let names = RefundNames { refund: names, case, errands };
        let ruled = take_refund(&permitted, asked, guards, names, &Policy::default(), T0).unwrap();
        match store.commit(ruled.commit).await {
            Ok(()) => return ruled.refund,
            Err(CommitError::Conflict(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

pub(crate) async fn two_makers_who_ask_at_once_meet_on_the_customers_day(place: &Place) {
    let (one, other) = (sealing(place).await, sealing(place).await);
    for round in 0..8 {
        let customer = format!("customer {round}");
        let (first, second) = (format!("26111810{round:04}"), format!("26111820{round:04}"));
        let (first_request, second_request) = (format!("first {round}"), format!("second {round}"));
        // Each is small enough for the rule, both together are not: two transactions, two makers, and nothing but the customer's day
        // brings them together.
        let both = async {
            tokio::join!(
                ask(&one, &customer, (&first, 15_000), id(), &first_request),
                ask(&other, &customer, (&second, 15_000), id(), &second_request)
            )
        };
        let (first, second) = timeout(PATIENCE, both).await.unwrap();
        let mut states = [first.state, second.state];
        states.sort();
        assert_eq!(states, [State::AwaitingApproval, State::Approved], "many small sums are a large one");
        let (_, day) = one.refund_spent(&Spent::key_of_customer("jinqiao", &first.subject, cny(1).currency)).await.unwrap();
        assert_eq!(day.within_a_day(T0), 15_000);
    }
}

pub(crate) async fn one_request_made_twice_at_once_is_one_refund(place: &Place) {
    let (one, other) = (sealing(place).await, sealing(place).await);
    for round in 0..8 {
        let (customer, transaction) = (format!("other customer {round}"), format!("26111830{round:04}"));
        let (maker, request) = (id(), format!("request {round}"));
        let both = async {
            tokio::join!(
                ask(&one, &customer, (&transaction, 15_000), maker, &request),
                ask(&other, &customer, (&transaction, 15_000), maker, &request)
            )
        };
        let (first, second) = timeout(PATIENCE, both).await.unwrap();
        assert_eq!(first.id, second.id);
        let (_, source) = one.refund_source("jinqiao", &transaction).await.unwrap().unwrap();
        assert_eq!(source.held, 15_000, "held once");
    }
}

pub(crate) async fn the_database_itself_refuses_a_sum_above_what_was_paid(place: &Place) {
    let store = sealing(place).await;
    let source = |held| Source { held, ..Source::new("jinqiao".to_owned(), "261118000486".to_owned(), cny(100)) };
    for held in [101, -1] {
        let refused = store.commit(commit("refund.approved", "x", vec![Change::RefundSource(0, Box::new(source(held)))])).await;
        assert!(refused.is_err(), "{held}");
    }
    store.commit(commit("refund.approved", "x", vec![Change::RefundSource(0, Box::new(source(100)))])).await.unwrap();
    assert_eq!(store.refund_source("jinqiao", "261118000486").await.unwrap(), Some((1, source(100))));
}
