//! The audit log as auditors read it, and what reading leaves in it.

use crate::contacts::{finished_call, on_record};
use crate::harness::{Hotline, Person};
use serde_json::{Value, json};
use std::process::Command;
use walletline_core::commit::Entry;
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::purpose::Purpose;
use walletline_store::PAGE_MAX;

/// What the log says was done to a subject, past what was there before.
async fn done_since(hotline: &Hotline, seq: i64) -> Vec<Entry> {
    hotline.store.audit(seq, PAGE_MAX).await.unwrap().into_iter().map(|line| line.entry).collect()
}

async fn last_seq(hotline: &Hotline) -> i64 {
    hotline.store.audit(0, PAGE_MAX).await.unwrap().last().map_or(0, |line| line.seq)
}

async fn entries(person: &Person<'_>, query: &str) -> Vec<Value> {
    let reply = person.get(&format!("/api/v1/audit{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json().as_array().unwrap().clone()
}

#[tokio::test]
async fn the_log_is_for_auditors_alone() {
    let hotline = Hotline::start().await;
    hotline.get("/api/v1/audit").await.is_problem(401, "not-logged-in");
    for user in ["agent1", "lead1", "checker1", "handler1", "admin"] {
        hotline.log_in(user).await.get("/api/v1/audit?subject=contacts").await.is_problem(403, "forbidden");
    }
    let auditor = hotline.log_in("auditor1").await;
    for bad in ["limit=0", "limit=201", "limit=x", "after=x", "page=2"] {
        auditor.get(&format!("/api/v1/audit?{bad}")).await.is_problem(422, "invalid-input");
    }
}

#[tokio::test]
async fn an_entry_says_what_the_contract_promises() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    on_record(&agent, &contact).await;
    let auditor = hotline.log_in("auditor1").await;
    let listed = entries(&auditor, &format!("?subject={contact}")).await;
    assert!(listed.iter().all(|entry| entry["subject"] == contact), "{listed:?}");
    let fields: Vec<&str> = listed[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["action", "actor", "at", "leaf", "purpose", "seq", "subject"]);
    let opened = listed.iter().find(|entry| entry["action"] == "contact.opened").unwrap();
    assert_eq!(
        (&opened["actor"], &opened["purpose"], &opened["leaf"]),
        (&json!({ "kind": "caller" }), &Value::Null, &Value::Null)
    );
    assert!(opened["at"].as_str().is_some_and(|at| at.len() == 24 && at.ends_with('Z')));
    let read = listed.iter().find(|entry| entry["action"] == "contact.read").unwrap();
    assert_eq!(read["actor"], json!({ "kind": "staff", "id": agent.me["id"], "number": "1024" }));
    assert_eq!(read["purpose"], "service");
}

#[tokio::test]
async fn pages_follow_each_other_and_each_is_on_record() {
    let hotline = Hotline::start().await;
    let auditor = hotline.log_in("auditor1").await;
    let before = last_seq(&hotline).await;
    let first = entries(&auditor, "?limit=3").await;
    let second = entries(&auditor, &format!("?limit=3&after={}", first[2]["seq"])).await;
    let seqs: Vec<i64> = first.iter().chain(&second).map(|entry| entry["seq"].as_i64().unwrap()).collect();
    assert!(seqs.len() == 6 && seqs.is_sorted_by(|a, b| a < b), "{seqs:?}");
    // What somebody typed is repeated in the log only where the log knows it already.
    assert!(entries(&auditor, "?subject=%2B8613812345678").await.is_empty());
    let subject = first[0]["subject"].as_str().unwrap();
    assert!(!entries(&auditor, &format!("?subject={subject}")).await.is_empty());
    let on_record = done_since(&hotline, before).await;
    let subjects: Vec<&str> = on_record.iter().map(|entry| entry.subject.as_str()).collect();
    assert_eq!(subjects, ["audit", "audit", "audit", subject]);
    assert!(on_record.iter().all(|entry| entry.action == "audit.read" && entry.purpose == Some(Purpose::Audit)));
}

#[tokio::test]
async fn reading_a_contact_leaves_one_entry_that_says_what_for() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    on_record(&agent, &contact).await;
    let at = format!("/api/v1/contacts/{contact}");
    for (user, purpose) in [("agent1", Purpose::Service), ("lead1", Purpose::Supervision), ("auditor1", Purpose::Audit)] {
        let person = hotline.log_in(user).await;
        let id = person.me["id"].as_str().unwrap().parse().unwrap();
        for (path, action, subject) in [
            (at.clone(), "contact.read", contact.as_str()),
            (format!("{at}/timeline"), "timeline.read", &contact),
            (format!("{at}/note"), "note.read", &contact),
            ("/api/v1/contacts".to_owned(), "contacts.listed", "contacts"),
        ] {
            let before = last_seq(&hotline).await;
            assert_eq!(person.get(&path).await.status, 200);
            let [entry] = &done_since(&hotline, before).await[..] else { panic!("one entry for {path}") };
            assert_eq!((entry.actor, entry.action.as_str()), (Actor::Staff { id }, action));
            assert_eq!((entry.subject.as_str(), entry.purpose), (subject, Some(purpose)), "{user} {path}");
        }
    }
    // What is not shown is not read.
    let other = hotline.log_in("agent2").await;
    let before = last_seq(&hotline).await;
    other.get(&at).await.is_problem(404, "not-found");
    assert!(done_since(&hotline, before).await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_put_on_record_is_not_shown() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    on_record(&agent, &contact).await;
    let auditor = hotline.log_in("auditor1").await;
    let refuse = "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END";
    let made = Command::new("sqlite3").arg(hotline.database()).arg(refuse).status().expect("sqlite3 is installed");
    assert!(made.success());
    let at = format!("/api/v1/contacts/{contact}");
    for path in
        [at.clone(), format!("{at}/timeline"), format!("{at}/note"), "/api/v1/contacts".to_owned(), "/api/v1/audit".to_owned()]
    {
        auditor.get(&path).await.is_problem(503, "unavailable");
    }
}
