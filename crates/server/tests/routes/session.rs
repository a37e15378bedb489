//! Logging in and out.

use crate::harness::{Hotline, PASSWORD};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use walletline_core::agent::{Session, Shown};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::time::Wall;

#[tokio::test]
async fn a_log_in_sets_a_cookie_that_scripts_cannot_read() {
    let hotline = Hotline::start().await;
    hotline.get("/api/v1/session").await.is_problem(401, "not-logged-in");
    let reply = hotline.write("POST", "/api/v1/session", &json!({ "user": "agent1", "password": PASSWORD })).await;
    assert_eq!(reply.status, 200);
    let me = reply.json();
    assert_eq!((&me["user"], &me["number"], &me["role"]), (&json!("agent1"), &json!("1024"), &json!("agent")));
    assert_eq!(me["languages"], json!(["zh-CN", "en"]));
    let cookie = reply.header("set-cookie").unwrap();
    let (token, rest) = cookie.strip_prefix("walletline_session=").unwrap().split_once(';').unwrap();
    assert_eq!((token.len(), rest), (64, " Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"));
    let again = hotline.send("GET", "/api/v1/session", &[("Cookie", &reply.cookie())], b"").await;
    assert_eq!((again.status, again.json()), (200, me));
}

#[tokio::test]
async fn behind_a_proxy_the_cookie_is_for_https_alone() {
    let hotline = Hotline::start_with("[http]\nbehind_proxy = true", true).await;
    let reply = hotline.write("POST", "/api/v1/session", &json!({ "user": "agent1", "password": PASSWORD })).await;
    assert!(reply.header("set-cookie").unwrap().ends_with("; SameSite=Strict; Secure"));
    assert_eq!(reply.header("strict-transport-security"), Some("max-age=31536000"));
}

#[tokio::test]
async fn logging_out_ends_the_session_for_good() {
    let hotline = Hotline::start().await;
    let person = hotline.log_in("agent1").await;
    let reply = person.act("DELETE", "/api/v1/session").await;
    assert_eq!(reply.status, 204);
    assert!(reply.header("set-cookie").unwrap().starts_with("walletline_session=; Path=/; Max-Age=0;"));
    person.get("/api/v1/session").await.is_problem(401, "not-logged-in");
}

#[tokio::test]
async fn a_session_ends_after_its_time() {
    let hotline = Hotline::start().await;
    let (_, staff) = hotline.store.staff_by_user("agent1").await.unwrap().unwrap();
    let now = hotline.clock.wall();
    for (token, ends, status) in [("aa".repeat(32), Wall(now.0 - 1), 401), ("bb".repeat(32), Wall(now.0 + 60_000_000), 200)] {
        let token_hash = Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        let (id, shown) = (u128::try_from(ends.0).unwrap().into(), Shown::Password);
        let session = Session { id, token_hash, staff: staff.id, expires_at: ends, shown, shown_at: now };
        let entry = Entry::new(Wall(0), Actor::System, "session.opened", staff.id);
        hotline.store.commit(Commit::new(entry, vec![Change::SessionOpened(session)])).await.unwrap();
        let reply = hotline.send("GET", "/api/v1/session", &[("Cookie", &format!("walletline_session={token}"))], b"").await;
        assert_eq!(reply.status, status, "{}", reply.text());
    }
}

#[tokio::test]
async fn a_refusal_never_says_which_part_was_wrong() {
    let hotline = Hotline::start().await;
    let mut bodies = Vec::new();
    for (user, password) in [("agent1", "wrong"), ("nobody", PASSWORD), ("", ""), ("agent1", &"x".repeat(5_000))] {
        let reply = hotline.write("POST", "/api/v1/session", &json!({ "user": user, "password": password })).await;
        reply.is_problem(401, "wrong-credentials");
        assert_eq!(reply.header("set-cookie"), None);
        bodies.push(reply.json());
    }
    assert!(bodies.windows(2).all(|two| two[0] == two[1]));
}

#[tokio::test]
async fn too_many_wrong_passwords_are_held_up_and_others_are_not() {
    let hotline = Hotline::start().await;
    let wrong = json!({ "user": "agent1", "password": "wrong" });
    for _ in 0..5 {
        hotline.write("POST", "/api/v1/session", &wrong).await.is_problem(401, "wrong-credentials");
    }
    let right = json!({ "user": "agent1", "password": PASSWORD });
    let reply = hotline.write("POST", "/api/v1/session", &right).await;
    reply.is_problem(429, "too-many-requests");
    let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=31).contains(&wait), "{wait}");
    hotline.log_in("agent2").await;
}

#[tokio::test]
async fn one_address_cannot_try_all_users() {
    let hotline = Hotline::start().await;
    let mut held_up = 0;
    for n in 0..60 {
        let reply = hotline.write("POST", "/api/v1/session", &json!({ "user": format!("user{n}"), "password": "x" })).await;
        held_up += u32::from(reply.status == 429);
    }
    assert!(held_up >= 5, "{held_up} of 60");
}

#[tokio::test]
async fn who_logs_in_rightly_is_never_held_up() {
    let hotline = Hotline::start().await;
    for _ in 0..12 {
        hotline.log_in("agent1").await;
    }
}

#[tokio::test]
async fn behind_a_proxy_tries_are_counted_by_the_address_the_proxy_saw() {
    let hotline = Hotline::start_with("[http]\nbehind_proxy = true", true).await;
    let body = |n: u32| json!({ "user": format!("user{n}"), "password": "x" }).to_string();
    let post = async |n: u32, forwarded: &str| {
        let headers = [("X-Walletline", "1"), ("Content-Type", "application/json"), ("X-Forwarded-For", forwarded)];
        hotline.send("POST", "/api/v1/session", &headers, body(n).as_bytes()).await.status
    };
    let mut held_up = 0;
    for n in 0..60 {
        // The first address is the sender's claim and changes nothing.
        held_up += u32::from(post(n, &format!("198.51.100.{n}, 203.0.113.7")).await == 429);
    }
    assert!(held_up >= 5, "{held_up} of 60");
    assert_eq!(post(99, "203.0.113.8").await, 401);
}

#[tokio::test]
async fn a_write_without_its_header_or_its_json_is_refused() {
    let hotline = Hotline::start().await;
    let body = json!({ "user": "agent1", "password": PASSWORD }).to_string();
    let json_type = ("Content-Type", "application/json");
    hotline.send("POST", "/api/v1/session", &[json_type], body.as_bytes()).await.is_problem(403, "missing-header");
    let header = ("X-Walletline", "1");
    hotline.send("POST", "/api/v1/session", &[header], body.as_bytes()).await.is_problem(415, "invalid-input");
    for bad in ["{", "[]", "{\"user\":\"a\"}", "{\"user\":\"a\",\"password\":1}", "{\"user\":\"a\",\"password\":\"b\",\"c\":1}"] {
        hotline.send("POST", "/api/v1/session", &[header, json_type], bad.as_bytes()).await.is_problem(422, "invalid-input");
    }
    let large = format!("{{\"user\":\"a\",\"password\":\"{}\"}}", "x".repeat(100_000));
    hotline.send("POST", "/api/v1/session", &[header, json_type], large.as_bytes()).await.is_problem(413, "invalid-input");
}
