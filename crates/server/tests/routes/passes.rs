//! Call passes from the form to the agent's screen: made by a program and by a form, keyed in a call, shown to one agent, gone after a
//! day.

use crate::harness::{Desk, Hotline, Person, Reply};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use walletline_core::call::Channel;
use walletline_core::kernel::{ids::LegId, pii::Pii, time::Span};
use walletline_core::switchboard::event::Event;

const FORM: &str = "multipart/form-data; boundary=wall";

/// A form as a browser sends it; a file where a value begins with `file:`.
fn form(fields: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let file = if *name == "screenshot" { "; filename=\"a.png\"\r\nContent-Type: image/png" } else { "" };
        body.extend(format!("--wall\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend_from_slice(value);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--wall--\r\n");
    body
}

/// The smallest picture there is, with a word beside it.
fn png() -> Vec<u8> {
    let chunk = |name: &[u8; 4], data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap();
        [&length.to_be_bytes()[..], name, data, &[0; 4]].concat()
    };
    let header = chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    [b"\x89PNG\r\n\x1A\n".to_vec(), header, chunk(b"tEXt", b"where it was taken"), chunk(b"IDAT", &[1]), chunk(b"IEND", &[])]
        .concat()
}

async fn post_form(hotline: &Hotline, path: &str, fields: &[(&str, &[u8])]) -> Reply {
    hotline.send("POST", path, &[("Content-Type", FORM)], &form(fields)).await
}

/// The code that a page shows.
fn code_on(page: &str) -> String {
    let at = page.find("data-copy=\"").unwrap() + "data-copy=\"".len();
    page[at..at + 6].to_owned()
}

/// A call in which these keys are pressed at the question for the language.
async fn caller(hotline: &Hotline, keys: &str) -> LegId {
    static NEXT: AtomicU32 = AtomicU32::new(1_000);
    let leg = LegId::from(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)));
    let (line, caller) = ("8000".to_owned(), Pii::new("+8619000000001".to_owned()));
    let arrived =
        Event::CallArrived { leg, line, caller, channel: Channel::Voice, trunk: String::new(), language: None, pass: None };
    hotline.engine.post(arrived).await;
    hotline.answered(leg, "PCMA").await;
    for digit in keys.chars() {
        hotline.engine.post(Event::Digit { leg, digit }).await;
    }
    leg
}

/// Takes the offer of a caller who is led to a person, and gives the contact as the screen shows it.
async fn accepted(agent: &Person<'_>, desk: &mut Desk, offer: &Value) -> Value {
    let reply = agent.act("POST", &format!("/api/v1/offers/{}/accept", offer["id"].as_str().unwrap())).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    desk.event("contact_changed").await["contact"].clone()
}

#[tokio::test]
async fn a_pass_made_by_a_form_reaches_the_agent_who_takes_the_call_and_nobody_else() {
    let hotline = Hotline::start().await;
    let (agent, other) = (hotline.log_in("agent1").await, hotline.log_in("agent2").await);
    let (mut desk, _) = agent.desk().await;
    agent.ready().await;
    let picture = png();
    let fields: [(&str, &[u8]); 6] = [
        ("topic", b"account.login"),
        ("language", b"en"),
        ("description", "It says locked.\r\nMy password: hunter2".as_bytes()),
        ("error_text", b"E-42"),
        ("screenshot", &picture),
        ("wallet", b"jinqiao"),
    ];
    let page = post_form(&hotline, "/help/prepare?topic=account.login&lang=en", &fields).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("a password") && !page.text().contains("hunter2"), "{}", page.text());
    let code = code_on(&page.text());
    assert!(('3'..='8').contains(&code.chars().next().unwrap()), "{code}");

    let leg = caller(&hotline, &code).await;
    hotline.store.ping().await.unwrap();
    let offer = loop {
        // The pass is looked up beside the call: what is said comes in its own time.
        hotline.heard_everything(leg).await;
        if let Some(offer) = agent.desk().await.1["state"]["offers"].as_object().unwrap().values().next() {
            break offer.clone();
        }
    };
    assert_eq!((&offer["contact"]["pass"]["topic"], &offer["contact"]["language"]), (&json!("account.login"), &json!("en")));
    assert_eq!(offer["contact"]["pass"]["told"], Value::Null, "what was written waits for the agent who takes the call");
    let id = offer["contact"]["id"].as_str().unwrap().to_owned();
    let screenshot = format!("/api/v1/contacts/{id}/screenshot");
    agent.get(&screenshot).await.is_problem(404, "not-found");

    let contact = accepted(&agent, &mut desk, &offer).await;
    assert_eq!(contact["pass"]["told"]["description"], "It says locked.\nMy password: •••");
    assert_eq!(contact["pass"]["told"]["error_text"], "E-42");
    assert_eq!(contact["level"], "A1", "a pass proves nothing");
    other.get(&screenshot).await.is_problem(404, "not-found");
    let shown = agent.get(&screenshot).await;
    assert_eq!((shown.status, shown.header("content-type")), (200, Some("image/png")));
    assert_eq!(shown.header("content-disposition"), Some("attachment; filename=\"screenshot.png\""));
    assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
    assert!(shown.body.starts_with(b"\x89PNG") && !shown.text().contains("where it was taken"));

    let auditor = hotline.log_in("auditor1").await;
    let pass = contact["pass"]["id"].as_str().unwrap();
    let entries = auditor.get(&format!("/api/v1/audit?subject={pass}")).await.json();
    let actions: Vec<&str> = entries.as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["pass.made", "pass.taken", "pass.screenshot_read"], "{entries}");
    assert_eq!((&entries[0]["actor"]["kind"], &entries[2]["purpose"]), (&json!("visitor"), &json!("service")));

    hotline.clock.advance(Span::from_s(86_400));
    let tomorrow = hotline.log_in("agent1").await;
    tomorrow.get(&screenshot).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn a_program_makes_a_pass_and_is_told_what_is_wrong() {
    let hotline = Hotline::start().await;
    let at = "/api/public/call-passes";
    let pass = json!({ "topic": "transactions.status", "transaction": "261101000014", "error_text": "code 123456" });
    let reply = hotline.write("POST", at, &pass).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    let made = reply.json();
    assert_eq!(made["code"].as_str().unwrap().len(), 6);
    assert!(made["expires_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(made["removed"], json!(["code"]));
    for wrong in [
        json!({}),
        json!({ "topic": "weather" }),
        json!({ "topic": "features.new", "wallet": "nobody" }),
        json!({ "topic": "features.new", "transaction": "261101000015" }),
        json!({ "topic": "features.new", "description": "字".repeat(1_001) }),
        json!({ "topic": "features.new", "error_text": "x".repeat(2_001) }),
        json!({ "topic": "features.new", "code": "333333" }),
    ] {
        hotline.write("POST", at, &wrong).await.is_problem(422, "invalid-input");
    }
    let held = hotline.write("POST", at, &json!({ "topic": "features.new" })).await;
    assert_eq!(held.status, 201);
    let held = hotline.write("POST", at, &json!({ "topic": "features.new" })).await;
    assert_eq!(held.status, 201);
    let held = hotline.write("POST", at, &json!({ "topic": "features.new" })).await;
    held.is_problem(429, "too-many-requests");
    assert!(held.header("retry-after").is_some());
}

#[tokio::test]
async fn a_form_that_is_wrong_is_shown_again_with_what_was_written() {
    let hotline = Hotline::start().await;
    let path = "/help/prepare?topic=refunds.refund&lang=en";
    let page = hotline.get(path).await;
    assert!(page.status == 200 && page.text().contains("name=\"transaction\""), "{}", page.text());
    let fields: [(&str, &[u8]); 3] = [("topic", b"refunds.refund"), ("transaction", b"12"), ("description", b"<b>kept</b>")];
    let again = post_form(&hotline, path, &fields).await;
    assert_eq!(again.status, 422);
    let text = again.text();
    assert!(
        text.contains("no transaction number") && text.contains("&lt;b&gt;kept&lt;/b&gt;") && text.contains("value=\"12\""),
        "{text}"
    );
    assert!(text.contains("id=\"transaction\"") && text.contains("aria-invalid=\"true\""));

    let file = post_form(&hotline, path, &[("topic", b"refunds.refund"), ("screenshot", b"<svg onload=alert(1)>")]).await;
    assert!(file.status == 422 && file.text().contains("no PNG, JPEG or WebP"), "{}", file.text());
    let large = vec![0; 3 * 1_024 * 1_024];
    let file = post_form(&hotline, path, &[("topic", b"refunds.refund"), ("screenshot", &large)]).await;
    assert!(file.status == 413 && file.text().contains("more than 2 MB"), "{}", file.text());
    let strange = hotline.send("POST", path, &[("Content-Type", FORM)], b"nothing").await;
    assert_eq!(strange.status, 422);
    assert_eq!(hotline.get("/help/prepare?topic=weather").await.status, 200, "an unknown topic is a choice to be made");
}
