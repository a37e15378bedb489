//! Cases that strangers open by a form and follow by a link: what comes of one, what it tells, to whom, and how often.

use crate::harness::{Hotline, Reply, patient};
use serde_json::{Value, json};
use std::time::Duration;
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::time::Span;

const FORM: &str = "multipart/form-data; boundary=wall";

/// A form as a browser sends it.
fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    let part =
        |(name, value): &(&str, &str)| format!("--wall\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    format!("{}--wall--\r\n", fields.iter().map(part).collect::<String>()).into_bytes()
}

async fn send(hotline: &Hotline, path: &str, fields: &[(&str, &str)]) -> Reply {
    hotline.send("POST", path, &[("Content-Type", FORM)], &form(fields)).await
}

/// What stands in a page between two texts.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let rest = page.split_once(before).unwrap_or_else(|| panic!("{before} is not in {page}")).1;
    rest.split_once(after).unwrap().0
}

fn reference(page: &str) -> String {
    between(page, "<dd class=\"number\">", "</dd>").to_owned()
}

fn link(page: &str) -> String {
    between(page, "href=\"/help/cases/", "\"").to_owned()
}

/// The case as this person of the staff sees it.
async fn case(hotline: &Hotline, user: &str, reference: &str) -> Reply {
    hotline.log_in(user).await.get(&format!("/api/v1/cases/{reference}")).await
}

async fn messages(hotline: &Hotline, number: &str) -> Vec<Value> {
    let reply = hotline.get(&format!("/demo/api/phones/{number}/messages")).await;
    reply.json().as_array().unwrap().clone()
}

const DISPUTE: [(&str, &str); 5] = [
    ("key", "one"),
    ("wallet", "jinqiao"),
    ("what", "unauthorised"),
    ("number", "19000000001"),
    ("transaction", "2611 1800 0486"),
];

#[tokio::test]
async fn a_payment_that_was_not_made_is_a_case_with_a_date_a_link_and_a_receipt() {
    let hotline = Hotline::start().await;
    let shown = hotline.get("/help/dispute?lang=en").await;
    assert!(shown.text().contains("press 9") && shown.text().contains("tel:8000"), "the freeze comes first");
    let page = send(&hotline, "/help/dispute?lang=en", &DISPUTE).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let (page, reference) = (page.text(), reference(&page.text()));
    assert!(page.contains("You have an answer by"), "{page}");

    let seen = case(&hotline, "agent1", &reference).await.json();
    assert_eq!((&seen["kind"], &seen["transaction"]), (&json!("unauthorised"), &json!("261118000486")));
    assert_eq!(seen["statement"]["transaction"], "261118000486");
    let number = seen["statement"]["number"].as_str().unwrap();
    assert!(number.ends_with("0001") && !number.contains("19000000001"), "{number}");

    let told = patient(async {
        loop {
            let told = messages(&hotline, "+8619000000001").await;
            if told.len() >= 2 {
                return told;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    for message in &told {
        let text = message["text"].as_str().unwrap();
        assert!(text.contains(&reference) && text.contains(&format!("/help/cases/{reference}/")), "{text}");
    }

    // The contact stands on record, and nobody spoke in it.
    let contact = seen["contacts"][0].as_str().unwrap();
    let auditor = hotline.log_in("auditor1").await;
    let row = auditor.get(&format!("/api/v1/contacts/{contact}")).await.json();
    assert_eq!((&row["channel"], &row["level"], &row["case"]), (&json!("form"), &json!("A0"), &json!(reference)));
    let lines = auditor.get(&format!("/api/v1/contacts/{contact}/timeline")).await.json();
    let kinds: Vec<&str> = lines.as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap()).collect();
    for kind in ["form", "case", "ended", "message"] {
        assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
    }
}

#[tokio::test]
async fn a_link_tells_how_a_case_stands_and_nothing_of_an_account() {
    let hotline = Hotline::start().await;
    let page = send(&hotline, "/help/dispute", &DISPUTE).await.text();
    let (reference, link) = (reference(&page), link(&page));
    for (language, words) in [("en", "work on it"), ("zh-CN", "正在处理")] {
        let shown = hotline.get(&format!("/help/cases/{link}?lang={language}")).await;
        let text = shown.text();
        assert_eq!((shown.status, shown.header("cache-control")), (200, Some("no-store")), "{text}");
        assert!(text.contains(words) && text.contains(&reference), "{text}");
        for secret in ["0001", "261118000486", "Li Na", "W100001"] {
            assert!(!text.contains(secret), "{secret}");
        }
    }
    let (head, token) = link.rsplit_once('/').unwrap();
    let wrong = format!("{head}/{}", token.chars().rev().collect::<String>());
    assert_eq!(hotline.get(&format!("/help/cases/{wrong}")).await.status, 404);
    let other = link.replace(&reference, "R123456782");
    assert_eq!(hotline.get(&format!("/help/cases/{other}")).await.status, 404, "made for another case");

    // We wait for the customer while a clock stands still, and it ends with the case.
    let clocks = patient(async {
        loop {
            let clocks = case(&hotline, "agent1", &reference).await.json()["clocks"].as_array().unwrap().clone();
            if !clocks.is_empty() {
                return clocks;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let service = clocks.iter().find(|clock| clock["regime"] == "service").unwrap()["id"].as_str().unwrap();
    let lead = hotline.log_in("lead1").await;
    let paused = lead.write("POST", &format!("/api/v1/cases/{reference}/clocks/{service}"), &json!({ "act": "pause" })).await;
    assert_eq!(paused.status, 200, "{}", paused.text());
    let shown = hotline.get(&format!("/help/cases/{link}?lang=en")).await.text();
    assert!(shown.contains("data-stage=\"waits_for_customer\""), "{shown}");
    let (version, row) = hotline.store.case_by_reference(&reference.parse().unwrap()).await.unwrap().unwrap();
    let now = hotline.clock.wall();
    hotline.store.commit(row.closed(now).written(version, Actor::System, "closed", now)).await.unwrap();
    assert!(hotline.get(&format!("/help/cases/{link}?lang=en")).await.text().contains("data-stage=\"closed\""));
    hotline.clock.advance(Span::from_s(31 * 86_400));
    assert_eq!(hotline.get(&format!("/help/cases/{link}")).await.status, 410);
}

#[tokio::test]
async fn what_is_sent_twice_is_one_case_and_what_was_changed_is_another() {
    let hotline = Hotline::start().await;
    let first = reference(&send(&hotline, "/help/dispute", &DISPUTE).await.text());
    assert_eq!(reference(&send(&hotline, "/help/dispute", &DISPUTE).await.text()), first);
    let mut changed = DISPUTE;
    changed[2] = ("what", "duplicate");
    assert_ne!(reference(&send(&hotline, "/help/dispute", &changed).await.text()), first);
    let mut another = DISPUTE;
    another[0] = ("key", "two");
    assert_ne!(
        reference(&send(&hotline, "/help/dispute", &another).await.text()),
        first,
        "never joined to what stands under a number"
    );
}

#[tokio::test]
async fn a_number_of_nobody_is_answered_in_the_same_words() {
    let hotline = Hotline::start().await;
    let (mut pages, mut references) = (Vec::new(), Vec::new());
    for number in ["19000000001", "19000009999"] {
        let mut fields = DISPUTE;
        fields[3] = ("number", number);
        let page = send(&hotline, "/help/dispute?lang=en", &fields).await;
        assert_eq!(page.status, 200);
        let page = page.text();
        let (reference, link) = (reference(&page), link(&page));
        pages.push(page.replace(&link, "LINK").replace(&reference, "REFERENCE"));
        references.push(reference);
    }
    let due = |page: &str| between(page, "You have an answer by</dt><dd>", "</dd>").to_owned();
    assert_eq!(due(&pages[0]), due(&pages[1]));
    assert_eq!(pages[0], pages[1]);
    // Of a customer's number there is somebody to tell.
    let auditor = hotline.log_in("auditor1").await;
    let mut told = Vec::new();
    tokio::time::sleep(Duration::from_millis(1_000)).await;
    for reference in &references {
        let seen = case(&hotline, "agent1", reference).await.json();
        let path = format!("/api/v1/contacts/{}/timeline", seen["contacts"][0].as_str().unwrap());
        let lines = auditor.get(&path).await.json();
        told.push(lines.as_array().unwrap().iter().any(|line| line["kind"] == "message"));
    }
    assert_eq!(told, [true, false]);
}

#[tokio::test]
async fn a_draft_survives_what_is_wrong_with_it() {
    let hotline = Hotline::start().await;
    for (field, value, words) in [
        ("transaction", "261118000487", "no transaction number"),
        ("number", "12", "cannot be a phone number"),
        ("number", "", "give the phone number"),
        ("what", "", "choose what went wrong"),
    ] {
        let mut fields = DISPUTE.to_vec();
        fields.push(("text", "It was <b>not</b> me.\r\nReally."));
        for entry in &mut fields {
            if entry.0 == field {
                entry.1 = value;
            }
        }
        let page = send(&hotline, "/help/dispute?lang=en", &fields).await;
        assert_eq!(page.status, 422, "{field}");
        let page = page.text();
        assert!(page.contains(words), "{words}: {page}");
        assert!(page.contains("It was &lt;b&gt;not&lt;/b&gt; me.\nReally.") && page.contains("value=\"one\""), "{page}");
        assert!(page.contains("role=\"alert\""));
    }
    assert_eq!(send(&hotline, "/help/dispute", &[("strange", "x")]).await.status, 422);
    assert_eq!(send(&hotline, "/help/complain", &[("text", &"x".repeat(70_000)), ("key", "k")]).await.status, 413);
}

#[tokio::test]
async fn a_complaint_about_the_hotline_never_reaches_the_agent_named_or_their_supervisor() {
    let hotline = Hotline::start().await;
    let staff = hotline.store.staff().await.unwrap();
    let number_of = |user: &str| staff.iter().find(|(_, member)| member.user == user).unwrap().1.number.clone();
    let (agent, handler) = (number_of("agent1"), number_of("handler1"));
    let fields = |key: &'static str, agent: &str| {
        vec![
            ("key", key.to_owned()),
            ("about", "hotline".to_owned()),
            ("agent", agent.to_owned()),
            ("text", "Rude, password: hunter2".to_owned()),
        ]
    };
    let owned = fields("a", &agent);
    let sent: Vec<(&str, &str)> = owned.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = send(&hotline, "/help/complain?lang=en", &sent).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("a password") && !page.text().contains("hunter2"));
    let about_agent = reference(&page.text());
    for user in ["agent1", "agent2", "lead1"] {
        case(&hotline, user, &about_agent).await.is_problem(404, "not-found");
    }
    let read = case(&hotline, "handler1", &about_agent).await.json();
    assert_eq!((&read["statement"]["agent"], &read["statement"]["hotline"]), (&json!(agent), &json!(true)));
    assert_eq!(read["statement"]["text"], "Rude, password: •••");

    // Whoever handles complaints may be the one it is about.
    let owned = fields("b", &handler);
    let sent: Vec<(&str, &str)> = owned.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let about_handler = reference(&send(&hotline, "/help/complain", &sent).await.text());
    case(&hotline, "handler1", &about_handler).await.is_problem(404, "not-found");
    assert_eq!(case(&hotline, "auditor1", &about_handler).await.status, 200);
}

#[tokio::test]
async fn an_address_is_held_back_and_a_number_is_not_told_without_end() {
    let hotline = Hotline::start().await;
    let keys: Vec<String> = (0..12).map(|n| n.to_string()).collect();
    let mut statuses = Vec::new();
    for key in &keys {
        let mut fields = DISPUTE;
        fields[0] = ("key", key);
        statuses.push(send(&hotline, "/help/dispute", &fields).await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 10, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429));
    // A text message and a mail each, for three of the ten.
    patient(async {
        while messages(&hotline, "+8619000000001").await.len() < 6 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(messages(&hotline, "+8619000000001").await.len(), 6);
}
