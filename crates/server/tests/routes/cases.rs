//! Cases as staff open them by the reference a customer was given.

use crate::harness::Hotline;
use crate::offers::talk;
use serde_json::json;
use walletline_core::cases::{Case, CaseKind, Keep, NewCase, Reference};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::IdSource;
use walletline_core::kernel::purpose::Purpose;
use walletline_core::kernel::subject::Subject;
use walletline_store::PAGE_MAX;

/// A case in the store, and its reference.
async fn opened(hotline: &Hotline) -> Case {
    opened_about(hotline, CaseKind::Freeze).await
}

async fn opened_about(hotline: &Hotline, kind: CaseKind) -> Case {
    let (now, mut ids) = (hotline.clock.wall(), IdSource::new(77));
    let new = NewCase { id: ids.next(now), reference: Reference::draw(123_456_789), keep: Keep::default() };
    let (wallet, subject) = ("jinqiao".to_owned(), Subject::new("0f".repeat(32)));
    let case = Case::open(new, kind, wallet, subject, None, ids.next(now), now);
    hotline.store.commit(case.written(0, Actor::System, "opened", now)).await.unwrap();
    case
}

#[tokio::test]
async fn a_case_is_found_by_its_reference_however_it_is_typed() {
    let hotline = Hotline::start().await;
    let case = opened(&hotline).await;
    let agent = hotline.log_in("agent1").await;
    let reference = case.reference.as_str();
    let small = reference.to_lowercase();
    let spaced = format!("{}%20{}-{}", &small[..4], &small[4..7], &small[7..]);
    for typed in [reference, &small, &spaced] {
        let reply = agent.get(&format!("/api/v1/cases/{typed}")).await;
        assert_eq!(reply.status, 200, "{typed}: {}", reply.text());
        let shown = reply.json();
        assert_eq!((&shown["reference"], &shown["kind"]), (&json!(reference), &json!("freeze")));
        assert_eq!((&shown["state"], &shown["operations"]), (&json!("open"), &json!([])));
        assert!(!reply.text().contains(&"0f".repeat(32)), "whose it is, even hashed, stays inside");
    }
}

#[tokio::test]
async fn a_reference_that_opens_nothing_is_not_found() {
    let hotline = Hotline::start().await;
    let case = opened(&hotline).await;
    let agent = hotline.log_in("agent1").await;
    let known = case.reference.as_str();
    let last = known.as_bytes()[known.len() - 1];
    let wrong = format!("{}{}", &known[..known.len() - 1], char::from(b'0' + (last - b'0' + 1) % 10));
    let other = Reference::draw(987_654_321);
    for reference in [other.as_str(), &wrong, "R", "x", "123"] {
        agent.get(&format!("/api/v1/cases/{reference}")).await.is_problem(404, "not-found");
    }
    hotline.get(&format!("/api/v1/cases/{known}")).await.is_problem(401, "not-logged-in");
}

#[tokio::test]
async fn reading_a_case_is_on_record_with_its_purpose() {
    let hotline = Hotline::start().await;
    let case = opened(&hotline).await;
    for (user, purpose) in [("agent1", Purpose::Service), ("lead1", Purpose::Supervision), ("auditor1", Purpose::Audit)] {
        let person = hotline.log_in(user).await;
        let before = hotline.store.audit(0, PAGE_MAX).await.unwrap().last().map_or(0, |line| line.seq);
        assert_eq!(person.get(&format!("/api/v1/cases/{}", case.reference)).await.status, 200);
        let done = hotline.store.audit(before, PAGE_MAX).await.unwrap();
        let read = done.iter().filter(|line| line.entry.action == "case.read").collect::<Vec<_>>();
        assert_eq!(read.len(), 1, "{user}");
        assert_eq!((read[0].entry.subject.clone(), read[0].entry.purpose), (case.id.to_string(), Some(purpose)));
    }
}

#[tokio::test]
async fn a_complaint_is_read_by_its_handler_and_by_no_agent_or_supervisor() {
    let hotline = Hotline::start().await;
    let case = opened_about(&hotline, CaseKind::Complaint).await;
    let path = format!("/api/v1/cases/{}", case.reference);
    for user in ["agent1", "checker1", "lead1", "admin"] {
        hotline.log_in(user).await.get(&path).await.is_problem(404, "not-found");
    }
    for user in ["handler1", "auditor1"] {
        let reply = hotline.log_in(user).await.get(&path).await;
        assert_eq!((reply.status, &reply.json()["kind"]), (200, &json!("complaint")), "{user}");
    }
}

#[tokio::test]
async fn an_agent_who_is_told_of_a_payment_opens_a_case_for_it() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (mut desk, _) = agent.desk().await;
    let (_, _, contact) = talk(&hotline, &agent, &mut desk).await;
    let path = format!("/api/v1/contacts/{contact}/cases");
    let wrong = json!({ "about": "unauthorised", "transaction": "261118000487" });
    agent.write("POST", &path, &wrong).await.is_problem(422, "invalid-input");
    let other = hotline.log_in("agent2").await;
    other.write("POST", &path, &json!({ "about": "duplicate" })).await.is_problem(409, "not-your-contact");

    let told = agent.write("POST", &path, &json!({ "about": "duplicate", "transaction": "2611 1800 0486" })).await;
    assert_eq!(told.status, 204, "{}", told.text());
    let event = desk.until(|message| message["event"]["contact"]["customer"]["case"].is_string()).await;
    let reference = event["event"]["contact"]["customer"]["case"].as_str().unwrap().to_owned();
    let shown = agent.get(&format!("/api/v1/cases/{reference}")).await.json();
    assert_eq!((&shown["kind"], &shown["grounds"]), (&json!("dispute"), &json!("duplicate")));
    assert_eq!((&shown["transaction"], &shown["contacts"]), (&json!("261118000486"), &json!([contact])));
}
