//! Clocks of cases: which regimes start one, who sees them and what may be done to them, and a breach that is raised once.

use crate::harness::{Hotline, patient};
use serde_json::{Value, json};
use std::time::Duration;
use walletline_core::cases::{Case, CaseKind, CreditState, Keep, NewCase, Reference};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::IdSource;
use walletline_core::kernel::subject::Subject;
use walletline_core::kernel::time::Span;
use walletline_store::PAGE_MAX;

/// A case of a wallet in the store.
async fn opened(hotline: &Hotline, wallet: &str, kind: CaseKind) -> Case {
    let (now, mut ids) = (hotline.clock.wall(), IdSource::new(91));
    let new = NewCase { id: ids.next(now), reference: Reference::draw(223_456_789), keep: Keep::default() };
    let case = Case::open(new, kind, wallet.to_owned(), Subject::new("0f".repeat(32)), None, ids.next(now), now);
    hotline.store.commit(case.written(0, Actor::System, "opened", now)).await.unwrap();
    case
}

/// The case as this person sees it, once this holds of its clocks.
async fn seen(hotline: &Hotline, user: &str, case: &Case, holds: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let person = hotline.log_in(user).await;
    patient(async {
        loop {
            let reply = person.get(&format!("/api/v1/cases/{}", case.reference)).await;
            assert_eq!(reply.status, 200, "{}", reply.text());
            let clocks = reply.json()["clocks"].as_array().unwrap().clone();
            if holds(&clocks) {
                return clocks;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
}

/// Actions of the audit log that speak of clocks.
async fn audited(hotline: &Hotline) -> Vec<String> {
    let (mut actions, mut after) = (Vec::new(), 0);
    loop {
        let lines = hotline.store.audit(after, PAGE_MAX).await.unwrap();
        let Some(last) = lines.last() else { return actions };
        after = last.seq;
        actions.extend(lines.into_iter().map(|line| line.entry.action).filter(|action| action.starts_with("clock.")));
    }
}

#[tokio::test]
async fn a_case_has_the_clocks_of_its_wallets_regimes_with_their_sources() {
    let hotline = Hotline::start().await;
    let case = opened(&hotline, "harbor", CaseKind::Complaint).await;
    let clocks = seen(&hotline, "handler1", &case, |clocks| clocks.len() == 2).await;
    for clock in &clocks {
        assert_eq!((&clock["regime"], &clock["phase"]), (&json!("uk-disp"), &json!("running")));
        assert_eq!(
            (&clock["time_zone"], &clock["mark"], &clock["used_percent"]),
            (&json!("Europe/London"), &json!("s"), &json!(0))
        );
        assert!(clock["source"].as_str().unwrap().contains("DISP 1.5.4R"));
        assert!(clock["deadline"].is_string() && clock["name"]["zh-CN"].as_str().unwrap().contains("DISP"));
    }
    assert_eq!(clocks.iter().filter(|clock| clock["binding"] == true).count(), 1);
    let unauthorised = opened_again(&hotline).await;
    let clocks = seen(&hotline, "agent1", &unauthorised, |clocks| clocks.len() == 2).await;
    let regimes: Vec<&str> = clocks.iter().map(|clock| clock["regime"].as_str().unwrap()).collect();
    assert!(regimes.contains(&"us-reg-e") && regimes.contains(&"service"), "{regimes:?}");
}

/// Another case, so that it has another reference.
async fn opened_again(hotline: &Hotline) -> Case {
    let (now, mut ids) = (hotline.clock.wall(), IdSource::new(92));
    let new = NewCase { id: ids.next(now), reference: Reference::draw(987_654_321), keep: Keep::default() };
    let (wallet, subject) = ("harbor".to_owned(), Subject::new("0e".repeat(32)));
    let case = Case::open(new, CaseKind::Unauthorised, wallet, subject, None, ids.next(now), now);
    hotline.store.commit(case.written(0, Actor::System, "opened", now)).await.unwrap();
    case
}

#[tokio::test]
async fn a_breach_is_raised_once_and_an_extension_is_only_had_before_it() {
    let hotline = Hotline::start().await;
    let case = opened(&hotline, "jinqiao", CaseKind::Complaint).await;
    let clocks = seen(&hotline, "handler1", &case, |clocks| clocks.len() == 1).await;
    let handler = hotline.log_in("handler1").await;
    let path = format!("/api/v1/cases/{}/clocks/{}", case.reference, clocks[0]["id"].as_str().unwrap());
    // Sixty days need an approval, which a handler cannot give.
    handler.write("POST", &path, &json!({ "act": "extend" })).await.is_problem(403, "clock-approval");
    handler.write("POST", &path, &json!({ "act": "pause" })).await.is_problem(409, "clock-no-pause");
    handler.write("POST", &path, &json!({ "act": "except" })).await.is_problem(409, "clock-no-exception");
    handler.write("POST", &path, &json!({ "act": "resume" })).await.is_problem(409, "clock-running");

    hotline.clock.advance(Span::from_s(9 * 86_400));
    seen(&hotline, "handler1", &case, |clocks| clocks[0]["used_percent"].as_u64() >= Some(50)).await;
    patient(async {
        while !audited(&hotline).await.contains(&"clock.half_used".to_owned()) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    assert!(!audited(&hotline).await.contains(&"clock.breached".to_owned()), "never early");
    hotline.clock.advance(Span::from_s(30 * 86_400));
    let breaches = || async { audited(&hotline).await.into_iter().filter(|action| action == "clock.breached").count() };
    patient(async {
        while breaches().await == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    // Nobody stays logged in for a month.
    let handler = hotline.log_in("handler1").await;
    handler.write("POST", &path, &json!({ "act": "extend" })).await.is_problem(409, "clock-over");
    let met = handler.write("POST", &path, &json!({ "act": "meet" })).await;
    assert_eq!((met.status, &met.json()[0]["phase"]), (200, &json!("met_late")));
    hotline.clock.advance(Span::from_s(30 * 86_400));
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(breaches().await, 1);
}

#[tokio::test]
async fn only_whoever_sees_to_cases_does_something_to_their_clocks() {
    let hotline = Hotline::start().await;
    let case = opened(&hotline, "jinqiao", CaseKind::Dispute).await;
    let clocks = seen(&hotline, "agent1", &case, |clocks| clocks.len() == 2).await;
    let service = clocks.iter().find(|clock| clock["regime"] == "service").unwrap();
    let path = format!("/api/v1/cases/{}/clocks/{}", case.reference, service["id"].as_str().unwrap());
    for user in ["agent1", "checker1", "auditor1"] {
        hotline.log_in(user).await.write("POST", &path, &json!({ "act": "meet" })).await.is_problem(403, "forbidden");
    }
    let lead = hotline.log_in("lead1").await;
    let paused = lead.write("POST", &path, &json!({ "act": "pause" })).await;
    assert_eq!(paused.status, 200, "{}", paused.text());
    let stands = paused.json().as_array().unwrap().iter().find(|clock| clock["regime"] == "service").unwrap().clone();
    assert_eq!((&stands["phase"], &stands["deadline"]), (&json!("paused"), &Value::Null));
    lead.write("POST", &path, &json!({ "act": "pause" })).await.is_problem(409, "clock-paused");
    assert_eq!(lead.write("POST", &path, &json!({ "act": "resume" })).await.status, 200);
    for wrong in ["/api/v1/cases/R123456782/clocks/x", &format!("/api/v1/cases/{}/clocks/ck_{}", case.reference, "0".repeat(26))]
    {
        lead.write("POST", wrong, &json!({ "act": "meet" })).await.is_problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_case_that_is_closed_ends_its_clocks_in_time() {
    let hotline = Hotline::start().await;
    let case = opened(&hotline, "jinqiao", CaseKind::Complaint).await;
    seen(&hotline, "handler1", &case, |clocks| clocks.len() == 1).await;
    let now = hotline.clock.wall();
    hotline.store.commit(case.clone().closed(now).written(1, Actor::System, "closed", now)).await.unwrap();
    let clocks = seen(&hotline, "handler1", &case, |clocks| clocks[0]["phase"] == "met").await;
    assert_eq!(clocks[0]["used_percent"], 0);
}

#[tokio::test]
async fn a_provisional_credit_takes_two_people_and_opens_the_longer_term() {
    let hotline = Hotline::start().await;
    let case = opened(&hotline, "harbor", CaseKind::Unauthorised).await;
    let clocks = seen(&hotline, "handler1", &case, |clocks| clocks.len() == 2).await;
    let reg_e = clocks.iter().find(|clock| clock["regime"] == "us-reg-e").unwrap();
    let path = format!("/api/v1/cases/{}", case.reference);
    let (clock, credit) = (format!("{path}/clocks/{}", reg_e["id"].as_str().unwrap()), format!("{path}/credit"));
    let [handler, checker, lead] =
        [hotline.log_in("handler1").await, hotline.log_in("checker1").await, hotline.log_in("lead1").await];
    handler.write("POST", &clock, &json!({ "act": "extend" })).await.is_problem(409, "clock-credit-first");
    for wrong in [json!({ "act": "propose" }), json!({ "act": "propose", "amount": "1.001", "currency": "USD" })] {
        handler.write("POST", &credit, &wrong).await.is_problem(422, "invalid-input");
    }
    let amount = json!({ "act": "propose", "amount": "128.00", "currency": "USD" });
    checker.write("POST", &credit, &amount).await.is_problem(403, "forbidden");
    let proposed = handler.write("POST", &credit, &amount).await;
    assert_eq!((proposed.status, &proposed.json()["state"]), (200, &json!("proposed")), "{}", proposed.text());
    handler.write("POST", &credit, &json!({ "act": "agree" })).await.is_problem(403, "forbidden");
    handler.write("POST", &clock, &json!({ "act": "extend" })).await.is_problem(409, "clock-credit-first");
    let given = checker.write("POST", &credit, &json!({ "act": "agree" })).await;
    assert_eq!((given.status, &given.json()["state"]), (200, &json!("given")), "{}", given.text());
    assert!(given.json()["given_at"].is_string());
    let longer = handler.write("POST", &clock, &json!({ "act": "extend" })).await.json();
    let longer = longer.as_array().unwrap().iter().find(|clock| clock["regime"] == "us-reg-e").unwrap().clone();
    assert_eq!((&longer["term"], &longer["extended"]), (&json!("45 calendar days"), &json!(1)));

    assert_eq!(lead.write("POST", &credit, &json!({ "act": "propose_reversal" })).await.status, 200);
    lead.write("POST", &credit, &json!({ "act": "agree" })).await.is_problem(403, "oneself");
    // The checker is led by whoever proposed it now.
    checker.write("POST", &credit, &json!({ "act": "agree" })).await.is_problem(403, "oneself");
    let stays = hotline.store.credit_of(case.id).await.unwrap().map(|(_, credit)| credit.state);
    assert_eq!(stays, Some(CreditState::ReversalProposed));
    handler.write("POST", &credit, &amount).await.is_problem(409, "credit-not-so");
    let shown = hotline.log_in("agent1").await.get(&path).await.json();
    assert_eq!((&shown["credit"]["amount"], &shown["credit"]["currency"]), (&json!("128.00"), &json!("USD")));
}

#[tokio::test]
async fn a_customer_is_told_what_is_credited_and_when_it_is_taken_back() {
    let hotline = Hotline::start().await;
    let (now, mut ids) = (hotline.clock.wall(), IdSource::new(93));
    // A call in which the customer's own number was shown.
    hotline.caller("+8619000000001").await;
    let record = patient(async {
        loop {
            if let Some(record) = hotline.store.contacts(None, 1).await.unwrap().into_iter().next() {
                return record;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let new = NewCase { id: ids.next(now), reference: Reference::draw(423_456_789), keep: Keep::default() };
    let subject = hotline.subject("harbor", "+8619000000001");
    let case = Case::open(new, CaseKind::Unauthorised, "harbor".to_owned(), subject, None, record.contact.id, now);
    hotline.store.commit(case.written(0, Actor::System, "opened", now)).await.unwrap();
    seen(&hotline, "handler1", &case, |clocks| clocks.len() == 2).await;
    let credit = format!("/api/v1/cases/{}/credit", case.reference);
    let [handler, checker] = [hotline.log_in("handler1").await, hotline.log_in("checker1").await];
    let acts = [
        (&handler, json!({ "act": "propose", "amount": "128.00", "currency": "USD" }), None),
        (&checker, json!({ "act": "agree" }), Some("was credited")),
        (&handler, json!({ "act": "propose_reversal" }), None),
        (&checker, json!({ "act": "agree" }), Some("was taken back")),
    ];
    for (person, act, told) in acts {
        let done = person.write("POST", &credit, &act).await;
        assert_eq!(done.status, 200, "{act}: {}", done.text());
        let Some(words) = told else { continue };
        let messages = patient(async {
            loop {
                let reply = hotline.get("/demo/api/phones/+8619000000001/messages").await.json();
                let told: Vec<Value> = reply.as_array().unwrap().iter().filter(|one| says(one, words)).cloned().collect();
                if told.len() == 2 {
                    return told;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
        .await;
        let channels: Vec<&str> = messages.iter().map(|message| message["channel"].as_str().unwrap()).collect();
        assert!(channels.contains(&"sms") && channels.contains(&"mail"), "{channels:?}");
        for message in messages {
            assert!(
                says(&message, "128.00") && says(&message, case.reference.as_str()) && says(&message, "/help/cases/"),
                "{message}"
            );
        }
    }
}

fn says(message: &Value, words: &str) -> bool {
    message["text"].as_str().is_some_and(|text| text.contains(words))
}

#[tokio::test]
async fn where_no_rule_knows_a_credit_none_is_given() {
    let hotline = Hotline::start().await;
    let case = opened(&hotline, "jinqiao", CaseKind::Unauthorised).await;
    seen(&hotline, "handler1", &case, |clocks| clocks.len() == 2).await;
    let credit = format!("/api/v1/cases/{}/credit", case.reference);
    let amount = json!({ "act": "propose", "amount": "128.00", "currency": "CNY" });
    hotline.log_in("handler1").await.write("POST", &credit, &amount).await.is_problem(409, "credit-no-rule");
}

#[tokio::test]
async fn the_clock_that_is_due_next_is_listed_first_and_complaints_only_to_whoever_reads_them() {
    let hotline = Hotline::start().await;
    let complaint = opened(&hotline, "jinqiao", CaseKind::Complaint).await;
    seen(&hotline, "handler1", &complaint, |clocks| clocks.len() == 1).await;
    let other = opened_again(&hotline).await;
    seen(&hotline, "agent1", &other, |clocks| clocks.len() == 2).await;
    let listed = |user: &'static str, query: &'static str| {
        let hotline = &hotline;
        async move {
            let reply = hotline.log_in(user).await.get(&format!("/api/v1/clocks{query}")).await;
            assert_eq!(reply.status, 200, "{}", reply.text());
            reply.json().as_array().unwrap().clone()
        }
    };
    let [lead, handler] = [listed("lead1", "").await, listed("handler1", "").await];
    assert!(lead.iter().all(|due| due["reference"] == other.reference.as_str()), "{lead:?}");
    assert_eq!((lead.len(), handler.len()), (2, 3));
    let deadlines: Vec<&str> = handler.iter().map(|due| due["clock"]["deadline"].as_str().unwrap()).collect();
    assert!(deadlines.is_sorted(), "{deadlines:?}");
    for user in ["agent1", "checker1", "admin"] {
        hotline.log_in(user).await.get("/api/v1/clocks").await.is_problem(403, "forbidden");
    }
    hotline.log_in("lead1").await.get("/api/v1/clocks?state=soon").await.is_problem(422, "invalid-input");

    let service =
        lead.iter().find(|due| due["clock"]["regime"] == "service").unwrap()["clock"]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/cases/{}/clocks/{service}", other.reference);
    assert_eq!(hotline.log_in("lead1").await.write("POST", &path, &json!({ "act": "pause" })).await.status, 200);
    let [paused, running, over] =
        [listed("lead1", "?state=paused").await, listed("lead1", "?state=running").await, listed("lead1", "?state=over").await];
    assert_eq!((paused.len(), running.len(), over.len()), (1, 1, 0));
    assert_eq!(listed("lead1", "").await.last().unwrap()["clock"]["deadline"], Value::Null, "without a day last");
    hotline.clock.advance(Span::from_s(40 * 86_400));
    assert_eq!(listed("lead1", "?state=over").await.len(), 1);
}
