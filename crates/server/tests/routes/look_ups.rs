//! Masked numbers shown in full: for a reason, on record, and seen by somebody else where the contact is not live.

use crate::contacts::{finished_call, on_record};
use crate::harness::{Hotline, Person};
use crate::offers::talk;
use serde_json::{Value, json};

async fn show(person: &Person<'_>, contact: &str, reason: &str) -> crate::harness::Reply {
    person.write("POST", &format!("/api/v1/contacts/{contact}/number"), &json!({ "reason": reason })).await
}

async fn listed(person: &Person<'_>) -> Value {
    let reply = person.get("/api/v1/look-ups").await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

#[tokio::test]
async fn of_the_live_contact_a_number_is_shown_and_nobody_has_to_see_it() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (mut desk, _) = agent.desk().await;
    let (_, _, contact) = talk(&hotline, &agent, &mut desk).await;
    let reply = show(&agent, &contact, "the customer asks which number we see").await;
    assert_eq!((reply.status, &reply.json()["number"]), (200, &json!("+8613812345678")), "{}", reply.text());
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(listed(&hotline.log_in("compliance1").await).await, json!([]));
    show(&hotline.log_in("agent2").await, &contact, "curious about it").await.is_problem(404, "not-found");
}

#[tokio::test]
async fn another_look_up_waits_until_somebody_else_has_seen_it() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    on_record(&agent, &contact).await;
    let done = agent.write("PUT", &format!("/api/v1/contacts/{contact}/wrap-up"), &json!({ "code": "resolved" })).await;
    assert_eq!(done.status, 200, "{}", done.text());
    for reason in ["", "   ", "abc", &"x".repeat(201)] {
        show(&agent, &contact, reason).await.is_problem(422, "invalid-input");
    }
    assert_eq!(show(&agent, &contact, "promised to ring back").await.status, 200);
    let lead = hotline.log_in("lead1").await;
    assert_eq!(show(&lead, &contact, "checks a complaint").await.status, 200);

    let compliance = hotline.log_in("compliance1").await;
    let waiting = listed(&compliance).await;
    let seen = |at: usize, field: &str| waiting[at][field].as_str().unwrap().to_owned();
    assert_eq!(
        (seen(0, "agent"), seen(0, "reason"), seen(0, "contact")),
        ("1024".into(), "promised to ring back".into(), contact.clone())
    );
    assert_eq!(waiting.as_array().unwrap().len(), 2);
    assert_eq!(listed(&lead).await.as_array().unwrap().len(), 1, "never one's own");
    for user in ["agent1", "admin", "auditor1", "checker1"] {
        let person = hotline.log_in(user).await;
        person.get("/api/v1/look-ups").await.is_problem(403, "forbidden");
        let path = format!("/api/v1/look-ups/{}/seen", seen(1, "id"));
        person.act("POST", &path).await.is_problem(403, "forbidden");
    }
    lead.act("POST", &format!("/api/v1/look-ups/{}/seen", seen(1, "id"))).await.is_problem(403, "oneself");
    agent.act("POST", &format!("/api/v1/look-ups/{}/seen", seen(0, "id"))).await.is_problem(403, "oneself");
    assert_eq!(lead.act("POST", &format!("/api/v1/look-ups/{}/seen", seen(0, "id"))).await.status, 204);
    lead.act("POST", &format!("/api/v1/look-ups/{}/seen", seen(0, "id"))).await.is_problem(409, "not-waiting");
    assert_eq!(compliance.act("POST", &format!("/api/v1/look-ups/{}/seen", seen(1, "id"))).await.status, 204);
    assert_eq!(listed(&compliance).await, json!([]));

    let auditor = hotline.log_in("auditor1").await;
    let entries = auditor.get(&format!("/api/v1/audit?subject={contact}&limit=200")).await.json();
    let shown: Vec<&Value> =
        entries.as_array().unwrap().iter().filter(|entry| entry["action"] == "contact.number_shown").collect();
    assert_eq!(shown.len(), 2, "{entries}");
    assert_eq!((&shown[0]["purpose"], &shown[1]["purpose"]), (&json!("service"), &json!("supervision")));
    assert!(!entries.to_string().contains("ring back"), "the audit holds no words");
}
