//! Records of contacts: who may read them, what they say, what agents write into them.

use crate::harness::{Hotline, Person};
use crate::offers::talk;
use serde_json::{Value, json};
use walletline_core::switchboard::event::LegEnd;

/// A call that was talked through and hung up by the customer; gives the contact.
pub(crate) async fn finished_call(hotline: &Hotline, agent: &Person<'_>) -> String {
    let (mut desk, _) = agent.desk().await;
    let (caller, leg, contact) = talk(hotline, agent, &mut desk).await;
    hotline.ended(caller, LegEnd::RemoteHangup).await;
    hotline.ended(leg, LegEnd::LocalHangup).await;
    desk.until(|message| message["type"] == "rtc.ended").await;
    contact
}

/// The contact once its end is on record: rows are written beside the call, not before its events.
pub(crate) async fn on_record(person: &Person<'_>, contact: &str) -> Value {
    for _ in 0..1_000 {
        let reply = person.get(&format!("/api/v1/contacts/{contact}")).await;
        if reply.status == 200 && reply.json()["ended_at"].is_string() && reply.json()["legs"].as_array().unwrap().len() >= 2 {
            return reply.json();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the contact never came to its end on record");
}

/// The timeline, once a line of this kind has come to be on record.
pub(crate) async fn timeline_with(person: &Person<'_>, contact: &str, kind: &str) -> Value {
    for _ in 0..1_000 {
        let lines = person.get(&format!("/api/v1/contacts/{contact}/timeline")).await.json();
        if lines.as_array().is_some_and(|lines| lines.iter().any(|line| line["kind"] == kind)) {
            return lines;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("no {kind} ever came on record")
}

#[tokio::test]
async fn a_record_says_what_the_contract_promises() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    let record = on_record(&agent, &contact).await;
    let fields: Vec<&str> = record.as_object().unwrap().keys().map(String::as_str).collect();
    let mut promised = vec![
        "id",
        "line",
        "wallet",
        "channel",
        "caller",
        "caller_id",
        "language",
        "service",
        "level",
        "risk",
        "opened_at",
        "answered_at",
        "queued_at",
        "connected_at",
        "ended_at",
        "agents",
        "disposition",
        "case",
        "legs",
        "on_hold",
        "recording",
    ];
    promised.sort_unstable();
    assert_eq!(fields, promised);
    assert_eq!(record["caller"], "+86 138****5678");
    assert_eq!(record["agents"], json!([{ "id": agent.me["id"], "number": "1024" }]));
    for time in ["opened_at", "answered_at", "queued_at", "connected_at", "ended_at"] {
        assert!(record[time].as_str().is_some_and(|at| at.len() == 24 && at.ends_with('Z')), "{time}: {}", record[time]);
    }
    let leg = &record["legs"][0];
    assert_eq!((&leg["direction"], &leg["codec"], &leg["encryption"]), (&json!("inbound"), &json!("PCMA"), &json!("none")));
    assert_eq!((&leg["packets"], &leg["lost"], &leg["jitter_ms"]), (&json!(500), &json!(2), &json!(1.5)));
    assert_eq!((&leg["round_trip_ms"], &leg["mos"]), (&json!(31.0), &json!(4.3)));
}

#[tokio::test]
async fn a_timeline_is_in_order_and_holds_what_agents_wrote() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    on_record(&agent, &contact).await;
    agent.write("PUT", &format!("/api/v1/contacts/{contact}/note"), &json!({ "text": "asked about fees" })).await;
    agent.write("PUT", &format!("/api/v1/contacts/{contact}/wrap-up"), &json!({ "code": "info_only" })).await;
    let lines = agent.get(&format!("/api/v1/contacts/{contact}/timeline")).await.json();
    let lines = lines.as_array().unwrap();
    let times: Vec<&str> = lines.iter().map(|line| line["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    let line = |kind: &str| lines.iter().find(|line| line["kind"] == kind).unwrap_or_else(|| panic!("no {kind} in {lines:?}"));
    assert!(lines.iter().all(|line| line["text"].is_string()));
    assert_eq!(line("queued")["queue"], "jinqiao-general");
    assert_eq!((&line("offered")["number"], &line("offered")["outcome"]), (&json!("1024"), &json!("accepted")));
    assert_eq!(line("connected")["number"], "1024");
    assert_eq!(line("ended")["by"], "caller");
    assert_eq!((&line("note")["text"], &line("note")["number"]), (&json!("asked about fees"), &json!("1024")));
    assert_eq!((&line("wrap_up")["code"], &line("wrap_up")["text"]), (&json!("info_only"), &json!("")));
    let said = line("said");
    for field in ["asset", "language", "words", "started_at", "ended_at"] {
        assert!(said[field].is_string(), "{field} in {said}");
    }
    assert!(said.as_object().unwrap().contains_key("interrupted_by"));
}

#[tokio::test]
async fn records_are_for_who_took_part_and_for_who_reads_all() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    on_record(&agent, &contact).await;
    let at = format!("/api/v1/contacts/{contact}");
    for (user, reads) in
        [("agent1", true), ("agent2", false), ("lead1", true), ("auditor1", true), ("admin", false), ("checker1", false)]
    {
        let person = hotline.log_in(user).await;
        for path in [at.clone(), format!("{at}/timeline"), format!("{at}/note")] {
            let reply = person.get(&path).await;
            if reads { assert_eq!(reply.status, 200, "{user} {path}") } else { reply.is_problem(404, "not-found") }
        }
        let listed = person.get("/api/v1/contacts").await.json();
        assert_eq!(listed.as_array().unwrap().len(), usize::from(reads), "{user}");
    }
    for path in [at.clone(), format!("{at}/timeline"), format!("{at}/note"), "/api/v1/contacts".to_owned()] {
        hotline.get(&path).await.is_problem(401, "not-logged-in");
    }
}

#[tokio::test]
async fn only_who_took_part_writes() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    on_record(&agent, &contact).await;
    let (note, wrap_up) = (format!("/api/v1/contacts/{contact}/note"), format!("/api/v1/contacts/{contact}/wrap-up"));
    for user in ["lead1", "auditor1"] {
        let person = hotline.log_in(user).await;
        person.write("PUT", &note, &json!({ "text": "x" })).await.is_problem(403, "not-your-contact");
        person.write("PUT", &wrap_up, &json!({ "code": "resolved" })).await.is_problem(403, "not-your-contact");
    }
    let other = hotline.log_in("agent2").await;
    other.write("PUT", &note, &json!({ "text": "x" })).await.is_problem(404, "not-found");
    other.write("PUT", &wrap_up, &json!({ "code": "resolved" })).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn notes_survive_and_are_replaced() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    let note = format!("/api/v1/contacts/{contact}/note");
    assert_eq!(agent.get(&note).await.json(), json!({ "text": "", "at": null }));
    for text in ["first", "first", "第二 second", ""] {
        let reply = agent.write("PUT", &note, &json!({ "text": text })).await;
        assert_eq!((reply.status, &reply.json()["text"]), (200, &json!(text)));
        assert_eq!(agent.get(&note).await.json()["text"], text);
    }
    let long = agent.write("PUT", &note, &json!({ "text": "字".repeat(4_001) })).await;
    long.is_problem(422, "invalid-input");
    assert_eq!(agent.write("PUT", &note, &json!({ "text": "字".repeat(4_000) })).await.status, 200);
}

#[tokio::test]
async fn two_tabs_that_write_at_once_lose_nothing_but_the_race() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    let note = format!("/api/v1/contacts/{contact}/note");
    for round in 0..10 {
        let (a, b) = (json!({ "text": format!("a{round}") }), json!({ "text": format!("b{round}") }));
        let (first, second) = tokio::join!(agent.write("PUT", &note, &a), agent.write("PUT", &note, &b));
        assert_eq!((first.status, second.status), (200, 200), "{} {}", first.text(), second.text());
        let kept = agent.get(&note).await.json()["text"].clone();
        assert!(kept == a["text"] || kept == b["text"], "{kept}");
    }
}

#[tokio::test]
async fn a_wrap_up_takes_agents_codes_and_the_last_one_stands() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    let at = format!("/api/v1/contacts/{contact}");
    let wrap_up = format!("{at}/wrap-up");
    for code in ["abandoned", "short_abandon", "queue_timeout", "nonsense"] {
        agent.write("PUT", &wrap_up, &json!({ "code": code })).await.is_problem(422, "invalid-input");
    }
    agent.write("PUT", &wrap_up, &json!({ "note": "no code" })).await.is_problem(422, "invalid-input");
    for code in ["resolved", "complaint"] {
        assert_eq!(agent.write("PUT", &wrap_up, &json!({ "code": code })).await.status, 200);
        assert_eq!(agent.get(&at).await.json()["disposition"], code);
    }
}

#[tokio::test]
async fn the_list_is_newest_first_and_as_long_as_asked_for() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let mut contacts = Vec::new();
    for _ in 0..3 {
        let contact = finished_call(&hotline, &agent).await;
        on_record(&agent, &contact).await;
        let path = format!("/api/v1/contacts/{contact}/wrap-up");
        assert_eq!(agent.write("PUT", &path, &json!({ "code": "resolved" })).await.status, 200);
        contacts.insert(0, contact);
    }
    let ids = |list: &Value| list.as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&agent.get("/api/v1/contacts").await.json()), contacts);
    assert_eq!(ids(&agent.get("/api/v1/contacts?limit=2").await.json()), contacts[..2]);
    for bad in ["0", "201", "-1", "many", ""] {
        agent.get(&format!("/api/v1/contacts?limit={bad}")).await.is_problem(422, "invalid-input");
    }
    agent.get("/api/v1/contacts?page=2").await.is_problem(422, "invalid-input");
}

#[tokio::test]
async fn what_is_no_contact_is_not_found() {
    let hotline = Hotline::start().await;
    let auditor = hotline.log_in("auditor1").await;
    for id in ["ct_00000000000000000000000000", "ct_x", "st_00000000000000000000000000", "1", "%00", "..%2F"] {
        auditor.get(&format!("/api/v1/contacts/{id}")).await.is_problem(404, "not-found");
    }
}
