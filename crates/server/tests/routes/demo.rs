//! The demo's addresses.

use crate::harness::{Desk, Hotline, open};
use serde_json::json;
use walletline_core::kernel::language::Language;

/// A wallet and a line of an operator's own.
pub(crate) fn production() -> String {
    let mut text = "[[wallet]]\nid = \"jade\"\nname = \"Jade Pay\"\n[[line]]\nnumber = \"8000\"\nwallet = \"jade\"\n".to_owned();
    for name in ["general", "account", "transactions", "security", "refunds", "features"] {
        text.push_str(&format!("[[queue]]\nid = \"jade-{name}\"\nwallet = \"jade\"\n"));
    }
    text
}

#[tokio::test]
async fn customers_are_those_of_the_contract() {
    let hotline = Hotline::start().await;
    let customers = hotline.get("/demo/api/customers").await.json();
    let customers = customers.as_array().unwrap();
    assert_eq!(customers.len(), 5);
    assert_eq!(customers[0]["msisdn"], "+8619000000001");
    assert!(customers[0]["totp_secret"].is_string());
    assert_eq!(customers[1].get("totp_secret"), None);
    assert_eq!(customers[1]["sub_status"], "locked_failed_logins");
    let transaction = &customers[0]["transactions"][0];
    for field in ["id", "type", "status", "amount", "currency"] {
        assert!(transaction[field].is_string(), "{field}");
    }
}

#[tokio::test]
async fn lines_and_messages_are_listed() {
    let hotline = Hotline::start().await;
    let lines = hotline.get("/demo/api/lines").await.json();
    assert_eq!(
        lines[0],
        json!({ "number": "8000", "wallet": "jinqiao", "wallet_name": { "zh-CN": "金桥钱包", "en": "Jinqiao Wallet" },
            "languages": ["zh-CN", "en"] })
    );
    assert_eq!((&lines[1]["number"], &lines[1]["languages"]), (&json!("8001"), &json!(["en", "zh-CN"])));
    assert_eq!(hotline.get("/demo/api/phones/+8619000000001/messages").await.json(), json!([]));
    assert_eq!(hotline.get("/demo/api/phones/%2B8619000000001/messages").await.json(), json!([]));
    hotline.get("/demo/api/phones/+100/messages").await.is_problem(404, "not-found");
}

#[tokio::test]
async fn prompts_are_published_as_they_are_played() {
    let hotline = Hotline::start().await;
    for language in Language::ALL {
        let reply = hotline.get(&format!("/demo/api/prompts/welcome.jinqiao/{}.wav", language.tag())).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("audio/wav")));
        assert!(reply.body.starts_with(b"RIFF") && reply.body.len() > 8_000, "{} bytes", reply.body.len());
    }
    for path in
        ["welcome.jinqiao/fr.wav", "welcome.jinqiao/en", "nosuch/en.wav", "..%2F..%2FCargo.toml/en.wav", "%2Fetc%2Fpasswd/en.wav"]
    {
        hotline.get(&format!("/demo/api/prompts/{path}")).await.is_problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_call_to_nowhere_is_told_so() {
    let hotline = Hotline::start().await;
    for (line, msisdn, cause) in
        [("9999", "+8619000000001", "unknown_line"), ("8000", "not a number", "failed"), ("8000", "+8619000000001", "failed")]
    {
        let mut phone = Desk::silent(open(&hotline, "/demo/api/call", None, None).await.unwrap());
        phone.say(&json!({ "type": "dial", "line": line, "msisdn": msisdn, "sdp": "v=0" })).await;
        assert_eq!(phone.next().await, json!({ "type": "ended", "cause": cause }), "{line} {msisdn}");
    }
}

#[tokio::test]
async fn a_page_of_another_address_cannot_dial() {
    let hotline = Hotline::start().await;
    assert!(open(&hotline, "/demo/api/call", None, Some("https://evil.example")).await.is_err());
}

#[tokio::test]
async fn without_the_demo_none_of_it_is_there() {
    let hotline = Hotline::start_with(&production(), false).await;
    for path in [
        "/demo/phone",
        "/demo/api/customers",
        "/demo/api/lines",
        "/demo/api/phones/+8619000000001/messages",
        "/demo/api/prompts/menu.main/en.wav",
        "/demo/api/call",
        "/demo/api/wallet/ledger",
    ] {
        hotline.get(path).await.is_problem(404, "not-found");
    }
    assert!(hotline.store.staff().await.unwrap().is_empty(), "nobody with a public password");
    let log_in = json!({ "user": "agent1", "password": crate::harness::PASSWORD });
    hotline.write("POST", "/api/v1/session", &log_in).await.is_problem(401, "wrong-credentials");
}

#[tokio::test]
async fn the_clock_goes_forward_for_us_and_the_wallet_and_not_past_the_end() {
    let hotline = Hotline::start().await;
    let before = hotline.clock.wall();
    let reply = hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": 86_400 })).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(reply.json()["now"].is_string());
    let moved = hotline.clock.wall();
    assert!((moved - before).as_s() >= 86_400);
    hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": u32::MAX })).await.is_problem(422, "invalid-input");
    assert!((hotline.clock.wall() - moved).as_s() < 86_400, "what is refused moves nothing");
    hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": -1 })).await.is_problem(422, "invalid-input");
}

#[tokio::test]
async fn faults_are_ordered_by_name_and_unknown_names_list_the_known() {
    let hotline = Hotline::start().await;
    let order = |operation: &'static str, fault: &'static str| json!({ "operation": operation, "fault": fault, "count": 1 });
    assert_eq!(hotline.write("POST", "/demo/api/wallet/fault", &order("freeze", "timeout_after")).await.status, 204);
    for (body, known) in [(order("dance", "down"), "freeze"), (order("freeze", "explode"), "timeout_after")] {
        let reply = hotline.write("POST", "/demo/api/wallet/fault", &body).await;
        reply.is_problem(422, "invalid-input");
        assert!(reply.json()["detail"].as_str().unwrap().contains(known), "{}", reply.text());
    }
}

#[tokio::test]
async fn the_ledger_begins_empty_and_a_reset_leaves_it_so() {
    let hotline = Hotline::start().await;
    assert_eq!(hotline.get("/demo/api/wallet/ledger").await.json(), json!([]));
    assert_eq!(hotline.write("POST", "/demo/api/reset", &json!({})).await.status, 204);
    assert_eq!(hotline.get("/demo/api/wallet/ledger").await.json(), json!([]));
    assert_eq!(hotline.get("/demo/api/customers").await.json().as_array().unwrap().len(), 5);
}
