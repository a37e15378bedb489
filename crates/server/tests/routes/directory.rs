//! The official directory: what strangers are told, what staff propose and decide, what is signed, and the pages.

use crate::harness::{Hotline, Person};
use serde_json::{Value, json};

async fn check(hotline: &Hotline, number: &str) -> Value {
    let headers = [("Content-Type", "application/json"), ("Accept-Language", "en")];
    let body = json!({ "number": number }).to_string();
    let reply = hotline.send("POST", "/api/public/number-check", &headers, body.as_bytes()).await;
    assert_eq!(reply.status, 200, "{number}: {}", reply.text());
    reply.json()
}

/// A golden table, from what was pasted to what is told. Few enough for one stranger's bucket.
#[tokio::test]
async fn a_number_is_told_from_what_resembles_it() {
    for questions in [
        [
            ("8000", "official", "8000"),
            ("８０００", "official", "8000"),
            ("客服热线：950 00", "official", "95000"),
            ("+86 190 0000 8000", "official", "+8619000008000"),
            ("0086-190-0000-8000", "official", "+8619000008000"),
            ("19000008000", "official", "+8619000008000"),
            ("020 7946 0801", "official", "+442079460801"),
            ("+44 (0)20 7946 0801", "official", "+442079460801"),
        ],
        [
            ("95O00", "not_listed", "95000"),
            ("95ООО", "not_listed", "95000"),
            ("+95000", "not_listed", "95000"),
            ("0095000", "not_listed", "95000"),
            ("075595000", "not_listed", "95000"),
            ("+86 190 0000 8001", "not_listed", "+8619000008000"),
            ("+44 20 7946 08011", "not_listed", "+442079460801"),
            ("13800138000", "not_listed", ""),
        ],
        [
            ("+86 190 0000 9999", "reported_fraud", ""),
            ("１９０００００９９９９", "reported_fraud", ""),
            ("https://jinqiao-kefu.example/login", "reported_fraud", ""),
            ("https://jinqiao.example/help", "official", "jinqiao.example"),
            ("https://jinqiao.example@evil.test", "not_listed", "jinqiao.example"),
            ("jіnqiao.example", "not_listed", "jinqiao.example"),
            ("HarborPay", "official", "HARBORPAY"),
            ("@jinqiao_wallet", "official", "jinqiao_wallet"),
        ],
    ] {
        let hotline = Hotline::start().await;
        for (number, answer, value) in questions {
            let told = check(&hotline, number).await;
            assert_eq!(told["answer"], answer, "{number}: {told}");
            assert!(told["advice"].as_str().is_some_and(|advice| advice.len() > 40), "{told}");
            let found = if answer == "official" { &told["listed"]["value"] } else { &told["near"][0]["listed"]["value"] };
            if !value.is_empty() || answer == "official" {
                assert_eq!(found, value, "{number}: {told}");
            }
            assert_eq!(told["listed"].is_null(), answer != "official", "{number}");
        }
    }
}

#[tokio::test]
async fn nothing_is_asked_about_nothing_and_not_too_often() {
    let hotline = Hotline::start().await;
    let headers = [("Content-Type", "application/json")];
    let long = json!({ "number": "9".repeat(301) }).to_string();
    for body in ["{}", "{\"number\":\"\"}", "{\"number\":\" \"}", long.as_str()] {
        let reply = hotline.send("POST", "/api/public/number-check", &headers, body.as_bytes()).await;
        assert_eq!(reply.status, 422, "{body}");
    }
    let mut last = hotline.send("POST", "/api/public/number-check", &headers, b"{\"number\":\"1\"}").await;
    for _ in 0..20 {
        last = hotline.send("POST", "/api/public/number-check", &headers, b"{\"number\":\"1\"}").await;
    }
    assert_eq!((last.status, last.json()["type"].as_str().unwrap().rsplit('/').next()), (429, Some("too-many-requests")));
    assert!(last.header("retry-after").is_some());
}

fn entry(value: &str) -> Value {
    json!({
        "address": { "kind": "phone", "value": value },
        "label": { "zh-CN": "贵宾热线", "en": "Priority line" },
        "hours": null,
        "languages": ["en"],
        "region": "GB",
        "inbound_only": true,
    })
}

async fn propose(by: &Person<'_>, value: &str) -> Value {
    let reply = by.write("POST", "/api/v1/directory", &json!({ "wallet": "harbor", "entry": entry(value), "note": "new" })).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()
}

#[tokio::test]
async fn what_one_proposes_another_publishes_and_withdraws() {
    let hotline = Hotline::start().await;
    let (admin, checker, agent) =
        (hotline.log_in("admin").await, hotline.log_in("checker1").await, hotline.log_in("agent1").await);
    let version = |view: &Value| view["edition"]["version"].as_i64().unwrap();
    let before = admin.get("/api/v1/directory").await.json();
    let listing = propose(&admin, "+44 20 7946 0900").await;
    assert_eq!((listing["state"].as_str(), listing["address"]["value"].as_str()), (Some("proposed"), Some("+442079460900")));
    assert_eq!(check(&hotline, "+442079460900").await["answer"], "not_listed", "nothing is published by one alone");

    let decision = format!("/api/v1/directory/{}/decision", listing["id"].as_str().unwrap());
    let approve = json!({ "approve": true });
    for (person, problem) in [(&admin, "own-proposal"), (&agent, "forbidden")] {
        let reply = person.write("POST", &decision, &approve).await;
        assert_eq!((reply.status, reply.json()["type"].as_str().unwrap().rsplit('/').next()), (403, Some(problem)));
    }
    assert_eq!(agent.get("/api/v1/directory").await.status, 403);
    let reply = checker.write("POST", "/api/v1/directory", &json!({ "wallet": "harbor", "entry": entry("+442079460901") })).await;
    assert_eq!(reply.status, 403, "a checker does not propose");
    let reply = checker.write("POST", &decision, &approve).await;
    assert_eq!((reply.status, reply.json()["state"].as_str().map(str::to_owned)), (200, Some("published".to_owned())));
    assert_eq!(checker.write("POST", &decision, &approve).await.status, 409);
    assert_eq!(check(&hotline, "020 7946 0900").await["answer"], "official");
    let after = checker.get("/api/v1/directory").await.json();
    assert_eq!(version(&after), version(&before) + 1);

    let withdrawal = json!({ "wallet": "harbor", "withdraw": { "kind": "phone", "value": "+442079460900" }, "note": "closed" });
    assert_eq!(admin.write("POST", "/api/v1/directory", &withdrawal).await.status, 201);
    assert_eq!(checker.write("POST", &decision, &approve).await.status, 200);
    assert_eq!(check(&hotline, "+442079460900").await["answer"], "not_listed");
    let history = checker.get(&format!("/api/v1/directory/{}/history", listing["id"].as_str().unwrap())).await.json();
    let steps: Vec<&str> = history.as_array().unwrap().iter().map(|line| line["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["approved", "withdrawal_proposed", "approved", "proposed"]);
    assert_eq!((history[0]["by"].as_str(), history[1]["note"].as_str()), (Some("1031"), Some("closed")));
}

#[tokio::test]
async fn a_proposal_is_declined_taken_back_or_refused() {
    let hotline = Hotline::start().await;
    let (admin, checker) = (hotline.log_in("admin").await, hotline.log_in("checker1").await);
    for (body, status) in [
        (json!({ "wallet": "nobody", "entry": entry("+442079460900") }), 422),
        (json!({ "wallet": "harbor" }), 422),
        (json!({ "wallet": "harbor", "entry": entry("02079460900") }), 422),
        (json!({ "wallet": "harbor", "withdraw": { "kind": "phone", "value": "+442079460900" } }), 409),
        (json!({ "wallet": "jinqiao", "entry": entry("+8619000009999") }), 409),
    ] {
        assert_eq!(admin.write("POST", "/api/v1/directory", &body).await.status, status, "{body}");
    }
    let listing = propose(&admin, "+442079460900").await;
    let path = format!("/api/v1/directory/{}", listing["id"].as_str().unwrap());
    let again = admin.write("POST", "/api/v1/directory", &json!({ "wallet": "harbor", "entry": entry("+442079460900") })).await;
    assert_eq!(again.status, 409, "one proposal at a time");
    let declined = checker.write("POST", &format!("{path}/decision"), &json!({ "approve": false, "note": "whose?" })).await;
    assert_eq!((declined.status, declined.json()["state"].as_str().map(str::to_owned)), (200, Some("withdrawn".to_owned())));
    propose(&admin, "+442079460900").await;
    assert_eq!(checker.act("DELETE", &format!("{path}/proposal")).await.status, 403);
    assert_eq!(admin.act("DELETE", &format!("{path}/proposal")).await.status, 200);
    assert_eq!(admin.act("DELETE", &format!("{path}/proposal")).await.status, 409);
}

#[tokio::test]
async fn a_report_warns_others_once_a_person_confirmed_it() {
    let hotline = Hotline::start().await;
    let report = json!({ "number": "+44 20 7946 0999", "seen_at": "sms", "details": "asked for code 123456" });
    for _ in 0..2 {
        let reply = hotline.write("POST", "/api/public/number-reports", &report).await;
        assert_eq!((reply.status, reply.json()), (202, json!({ "received": true })));
    }
    assert_eq!(check(&hotline, "+442079460999").await["answer"], "not_listed", "a report alone says nothing");
    let (agent, checker) = (hotline.log_in("agent1").await, hotline.log_in("checker1").await);
    assert_eq!(agent.get("/api/v1/directory/reports").await.status, 403);
    let open = checker.get("/api/v1/directory/reports").await.json();
    let suspect = open.as_array().unwrap().iter().find(|suspect| suspect["value"] == "+442079460999").unwrap();
    assert_eq!((suspect["reports"].as_i64(), suspect["sightings"][0]["seen"].as_str()), (Some(2), Some("sms")));
    assert_eq!(suspect["sightings"][0]["detail"], "asked for code ***");
    let path = format!("/api/v1/directory/reports/{}/decision", suspect["id"].as_str().unwrap());
    assert_eq!(agent.write("POST", &path, &json!({ "fraud": true })).await.status, 403);
    let confirmed = checker.write("POST", &path, &json!({ "fraud": true })).await;
    assert_eq!((confirmed.status, confirmed.json()["decided_by"].as_str().map(str::to_owned)), (200, Some("1031".to_owned())));
    assert_eq!(check(&hotline, "0044 20 7946 0999").await["answer"], "reported_fraud");
    assert_eq!(checker.write("POST", &path, &json!({ "fraud": true })).await.status, 409);
    assert_eq!(checker.write("POST", &path, &json!({ "fraud": false })).await.status, 200);
    assert_eq!(check(&hotline, "+442079460999").await["answer"], "not_listed");
}

#[tokio::test]
async fn a_listed_number_is_never_made_a_fake() {
    let hotline = Hotline::start().await;
    let report = json!({ "number": "8000", "seen_at": "it rang me" });
    assert_eq!(hotline.write("POST", "/api/public/number-reports", &report).await.status, 202);
    let checker = hotline.log_in("checker1").await;
    let open = checker.get("/api/v1/directory/reports?state=open").await.json();
    let suspect = open.as_array().unwrap().iter().find(|suspect| suspect["value"] == "8000").unwrap();
    assert_eq!(suspect["sightings"][0]["detail"], "it rang me");
    let path = format!("/api/v1/directory/reports/{}/decision", suspect["id"].as_str().unwrap());
    assert_eq!(checker.write("POST", &path, &json!({ "fraud": true })).await.status, 409);
    assert_eq!(check(&hotline, "8000").await["answer"], "official");
}

#[tokio::test]
async fn the_signed_directory_is_for_everybody() {
    let hotline = Hotline::start().await;
    let reply = hotline.get("/.well-known/official-contacts.json").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/jose+json")));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert_eq!(reply.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert!(reply.header("cache-control").unwrap().contains("max-age"));
    let signed = reply.json();
    for field in ["payload", "protected", "signature"] {
        assert!(signed[field].as_str().is_some_and(|text| !text.is_empty()), "{field}");
    }
    let etag = reply.header("etag").unwrap().to_owned();
    let again = hotline.send("GET", "/.well-known/official-contacts.json", &[("If-None-Match", &etag)], b"").await;
    assert_eq!(again.status, 304);
}

#[tokio::test]
async fn a_directory_that_nobody_can_sign_vouches_for_nothing() {
    let hotline = Hotline::start_with(&crate::demo::production(), false).await;
    assert_eq!(check(&hotline, "8000").await["answer"], "directory_stale");
    assert_eq!(hotline.get("/.well-known/official-contacts.json").await.status, 503);
    let page = hotline.get("/official-numbers?lang=en").await;
    assert!(page.text().contains("we cannot vouch for any number"));
}

#[tokio::test]
async fn the_official_numbers_are_plain_html_without_a_script() {
    let hotline = Hotline::start().await;
    for (lang, words) in
        [("en", ["Official contacts", "Takes calls only", "As of"]), ("zh-CN", ["官方联系方式", "只接听", "更新于"])]
    {
        let page = hotline.get(&format!("/official-numbers?wallet=jinqiao&lang={lang}")).await;
        let text = page.text();
        assert_eq!(page.status, 200);
        for words in words {
            assert!(text.contains(words), "{words}");
        }
        for value in ["tel:8000", "tel:+8619000008000", "mailto:help@jinqiao.example", "https://jinqiao.example/", "/n/95000"] {
            assert!(text.contains(value), "{value}");
        }
        let scripts: Vec<&str> = text.split("<script").skip(1).collect();
        assert_eq!(scripts.len(), 1, "data alone");
        let data = scripts[0].split_once('>').unwrap().1.split_once("</script>").unwrap().0;
        assert!(scripts[0].starts_with(" type=\"application/ld+json\""));
        let data: Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["contactPoint"][0]["telephone"], "8000");
        assert!(text.contains("用户") || text.contains("user agreement"));
        assert!(!text.contains("harborpay.example"), "another wallet's are on another wallet's page");
    }
}

#[tokio::test]
async fn a_number_has_a_page_to_share_and_a_card() {
    let hotline = Hotline::start().await;
    let page = hotline.get("/n/8001?lang=en").await;
    let text = page.text();
    assert_eq!(page.status, 200);
    for piece in ["tel:8001", "<svg", "Harbor Pay", "港湾支付", "/n/8001.vcf", "hang up and dial"] {
        assert!(text.contains(piece), "{piece}");
    }
    let card = hotline.get("/n/8001.vcf").await;
    assert_eq!((card.status, card.header("content-type")), (200, Some("text/vcard; charset=utf-8")));
    assert!(card.text().starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\n") && card.text().contains("tel:8001\r\n"));
    let other = hotline.get("/n/8009?lang=en").await;
    assert_eq!(other.status, 404);
    assert!(other.text().contains("Not in the official directory"));
    assert_eq!(hotline.get("/n/8009.vcf").await.status, 404);
}

#[tokio::test]
async fn the_check_works_without_a_script() {
    let hotline = Hotline::start().await;
    assert!(hotline.get("/help/check?lang=en").await.text().contains("name=\"number\""));
    for (query, words) in [
        ("8000", "Listed as official"),
        ("95O00", "Not in the official directory"),
        ("%2B86%20190%200000%209999", "Confirmed as a fake"),
        ("", "Say which number"),
    ] {
        let text = hotline.get(&format!("/help/check?number={query}&lang=en")).await.text();
        assert!(text.contains(words), "{query}");
    }
    let evil = hotline.get("/help/check?number=%3Cscript%3Ealert(1)%3C/script%3E&lang=en").await.text();
    assert!(!evil.contains("<script>alert"));
    let form = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept-Language", "en")];
    let taken = hotline.send("POST", "/help/check/report", &form, b"number=95001&seen_at=call&details=").await;
    assert_eq!(taken.status, 200);
    assert!(taken.text().contains("The report has arrived"));
    let refused = hotline.send("POST", "/help/check/report", &form, b"number=&seen_at=call").await;
    assert_eq!(refused.status, 422);
}

/// The command as a partner runs it: its exit code, and what it says.
async fn verify(place: &str, witness: &std::path::Path) -> (Option<i32>, String) {
    let (place, witness) = (place.to_owned(), witness.to_owned());
    let run = move || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_walletline"));
        command.args(["directory", "verify", &place, "--witness"]).arg(&witness).output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let text = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

#[tokio::test]
async fn a_partner_verifies_what_is_published_and_refuses_what_is_not() {
    let hotline = Hotline::start().await;
    let folder = crate::harness::folder();
    let (witness, old, forged) = (folder.join("witness.json"), folder.join("old.json"), folder.join("forged.json"));
    let url = format!("http://{}", hotline.address);
    let (code, text) = verify(&url, &witness).await;
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("version 1 of") && text.contains("seen for the first time"), "{text}");
    let (code, text) = verify(&format!("{url}/.well-known/official-contacts.json"), &witness).await;
    assert!(code == Some(0) && text.contains("which was pinned before"), "{text}");

    let first = hotline.get("/.well-known/official-contacts.json").await;
    std::fs::write(&old, &first.body).unwrap();
    let (admin, checker) = (hotline.log_in("admin").await, hotline.log_in("checker1").await);
    let listing = propose(&admin, "+442079460900").await;
    let decision = format!("/api/v1/directory/{}/decision", listing["id"].as_str().unwrap());
    assert_eq!(checker.write("POST", &decision, &json!({ "approve": true })).await.status, 200);
    let (code, text) = verify(&url, &witness).await;
    assert!(code == Some(0) && text.contains("version 2 of"), "{text}");

    let (code, text) = verify(old.to_str().unwrap(), &witness).await;
    assert!(code == Some(1) && text.starts_with("walletline: rolled back: version 2 was seen before"), "{text}");
    let mut signed = hotline.get("/.well-known/official-contacts.json").await.json();
    signed["payload"] = first.json()["payload"].clone();
    std::fs::write(&forged, signed.to_string()).unwrap();
    let (code, text) = verify(forged.to_str().unwrap(), &witness).await;
    assert_eq!((code, text.lines().count()), (Some(1), 2), "a line for each fault: {text}");
    assert!(text.contains("forged: ") && text.contains("rolled back: "), "{text}");
    // Another hotline at another address has another key.
    let other = Hotline::start().await;
    let (code, text) = verify(&format!("http://{}", other.address), &witness).await;
    assert!(code == Some(1) && text.contains("wrong key"), "{text}");
    std::fs::remove_dir_all(&folder).unwrap();
}
