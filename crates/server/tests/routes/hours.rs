//! Hours, waits, and calls back: what anybody is told, and what agents find of those who left their number.

use crate::harness::{Hotline, patient};
use serde_json::json;
use walletline_core::switchboard::event::Event;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anybody_is_told_when_people_are_there_and_why_not() {
    let hotline = Hotline::start().await;
    let hotline = &hotline;
    let told = |query: &'static str| async move { hotline.get(&format!("/api/public/hours?line=8000&at={query}")).await };
    let holiday = told("2026-10-01T09:30:00%2B08:00").await.json();
    assert_eq!((&holiday["open"], &holiday["why"]["kind"]), (&json!(false), &json!("holiday")));
    assert_eq!(holiday["why"]["name"]["zh-CN"], "国庆节");
    assert_eq!((&holiday["next_opening"], &holiday["time_zone"]), (&json!("2026-10-01T02:00:00.000Z"), &json!("Asia/Shanghai")));
    let make_up = told("2026-10-10").await.json();
    assert_eq!((&make_up["day"]["kind"], &make_up["day"]["date"]), (&json!("workday"), &json!("2026-10-10")));
    let past_midnight = told("2026-11-19T01:00").await.json();
    let of =
        |service: &str| past_midnight["services"].as_array().unwrap().iter().find(|s| s["service"] == service).unwrap().clone();
    assert_eq!(
        (&of("transactions")["open"], &of("account")["open"], &of("freeze")["open"]),
        (&json!(true), &json!(false), &json!(true))
    );
    let unknown = told("2027-02-10T12:00").await.json();
    assert_eq!((&unknown["open"], &unknown["not_announced"]), (&json!(null), &json!(2027)));
    assert_eq!(told("soon").await.status, 422);
    assert_eq!(hotline.get("/api/public/hours?line=9").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_holds_its_lines_open_until_told_otherwise() {
    let hotline = Hotline::start().await;
    let now = hotline.get("/api/public/hours?line=8000").await.json();
    assert_eq!((&now["open"], &now["held"]), (&json!(true), &json!("open")));
    for (state, open, kind) in
        [("closed", false, Some("out_of_hours")), ("holiday", false, Some("holiday")), ("incident", true, None)]
    {
        let held = hotline.write("POST", "/demo/api/lines/8000", &json!({ "state": state })).await;
        assert_eq!(held.status, 204, "{state}");
        let now = hotline.get("/api/public/hours?line=8000").await.json();
        assert_eq!((&now["open"], now["why"]["kind"].as_str()), (&json!(open), kind), "{state}");
    }
    hotline.write("POST", "/demo/api/lines/8000", &json!({ "state": "planned" })).await;
    assert_eq!(hotline.get("/api/public/hours?line=8000").await.json()["held"], json!(null));
    assert_eq!(hotline.write("POST", "/demo/api/lines/8000", &json!({ "state": "asleep" })).await.status, 422);
    assert_eq!(hotline.write("POST", "/demo/api/lines/9", &json!({ "state": "open" })).await.status, 404);
    assert_eq!(hotline.write("POST", "/demo/api/reset", &json!({})).await.status, 204);
    assert_eq!(hotline.get("/api/public/hours?line=8000").await.json()["held"], "open");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_is_said_only_when_it_can_be() {
    let hotline = Hotline::start().await;
    let first = hotline.get("/api/public/wait?line=8000").await;
    assert_eq!((first.status, &first.json()["answer"]), (200, &json!("cannot_say")));
    let tag = first.header("etag").unwrap().to_owned();
    let again = hotline.send("GET", "/api/public/wait?line=8000", &[("If-None-Match", &tag)], b"").await;
    assert_eq!(again.status, 304, "nothing has changed");
    hotline.write("POST", "/demo/api/lines/8000", &json!({ "state": "closed" })).await;
    let closed = hotline.send("GET", "/api/public/wait?line=8000", &[("If-None-Match", &tag)], b"").await;
    assert_eq!((closed.status, &closed.json()["answer"]), (200, &json!("closed")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_back_asked_for_on_the_phone_is_found_taken_and_finished() {
    let hotline = Hotline::start().await;
    hotline.write("POST", "/demo/api/lines/8000", &json!({ "state": "closed" })).await;
    let leg = hotline.caller("+8619000000001").await;
    hotline.heard_everything(leg).await;
    hotline.engine.post(Event::Digit { leg, digit: '1' }).await;
    let ann = hotline.log_in("agent1").await;
    // The number is confirmed once it was read back: until then the key is dropped, so it is pressed again.
    let list = loop {
        hotline.engine.post(Event::Digit { leg, digit: '1' }).await;
        let list = ann.get("/api/v1/callbacks").await.json();
        if list.as_array().is_some_and(|list| !list.is_empty()) {
            break list;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    let reference = list[0]["reference"].as_str().unwrap().to_owned();
    assert_eq!((&list[0]["number"], &list[0]["taken_by"]), (&json!("+86 190****0001"), &json!(null)));
    let case = ann.get(&format!("/api/v1/cases/{reference}")).await.json();
    assert_eq!((&case["kind"], &case["state"]), (&json!("callback"), &json!("open")));
    let finish = format!("/api/v1/callbacks/{reference}/finish");
    assert_eq!(ann.write("POST", &finish, &json!({})).await.status, 409, "nobody has taken it");
    let taken = ann.write("POST", &format!("/api/v1/callbacks/{reference}/take"), &json!({})).await.json();
    assert_eq!(taken["number"], "+8619000000001");
    let phrase = taken["phrase"].as_str().unwrap();
    assert_eq!(phrase.split(' ').count(), 2, "{phrase}");
    assert!(!list.to_string().contains(phrase), "nobody sees the words before they take the request");
    // The customer was shown the same, on the phone that is called and in the app.
    let text = patient(async {
        loop {
            let messages = hotline.get("/demo/api/phones/+8619000000001/messages").await.json();
            if let Some(text) = messages[0]["text"].as_str() {
                return text.to_owned();
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    assert!(text.contains(&reference) && text.contains(phrase), "{text}");
    let app = "/demo/api/app/talking-to-us?wallet=jinqiao&msisdn=%2B8619000000001";
    let said = hotline.get(app).await.json();
    assert_eq!((&said["answer"], &said["agent"]), (&json!("calling_back"), &ann.me["number"]));
    assert_eq!((&said["callback"]["reference"], &said["callback"]["phrase"]), (&json!(reference), &json!(phrase)));
    assert!(hotline.get("/demo/api/app/talking-to-us?wallet=harbor&msisdn=%2B8619000000001").await.json()["callback"].is_null());
    let bob = hotline.log_in("agent2").await;
    assert_eq!(bob.write("POST", &format!("/api/v1/callbacks/{reference}/take"), &json!({})).await.status, 409);
    let auditor = hotline.log_in("auditor1").await;
    assert_eq!(auditor.get("/api/v1/callbacks").await.status, 403);
    assert_eq!(ann.write("POST", &finish, &json!({})).await.status, 204);
    assert_eq!(ann.get("/api/v1/callbacks").await.json(), json!([]));
    let over = hotline.get(app).await.json();
    assert!(over["answer"] != "calling_back" && over["callback"].is_null(), "{over}");
    assert_eq!(ann.get(&format!("/api/v1/cases/{reference}")).await.json()["state"], "closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_say_the_same_in_both_languages() {
    let hotline = Hotline::start().await;
    for (lang, day, workday) in [("en", "National Day", "worked to make up"), ("zh-CN", "国庆节", "调休上班日")] {
        let page = hotline.get(&format!("/help/hours?wallet=jinqiao&lang={lang}&day=2026-10-02")).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains(day) && page.text().contains("10:00–18:00"), "{lang}");
        let page = hotline.get(&format!("/help/hours?wallet=jinqiao&lang={lang}&day=2026-10-10")).await;
        assert!(page.text().contains(workday), "{lang}");
        let page = hotline.get(&format!("/help/hours?wallet=jinqiao&lang={lang}&day=2027-05-01")).await;
        assert!(page.text().contains("2027"), "{lang}: not announced");
        assert_eq!(hotline.get(&format!("/help/wait?lang={lang}")).await.status, 200);
    }
    let page = hotline.get("/help/hours?day=nonsense").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("role=\"alert\""));
}
