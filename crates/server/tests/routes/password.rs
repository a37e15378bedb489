//! Setting a password by a one-time link.

use crate::harness::Hotline;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use walletline_core::agent::{LoginLink, Staff, Teams};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::{Actor, Role};
use walletline_core::kernel::language::Language;
use walletline_core::kernel::time::Wall;

/// Adds somebody with a link that ends at `ends`.
async fn newcomer(hotline: &Hotline, user: &str, token: &str, ends: Wall) {
    let staff = Staff {
        id: (1_000 + u128::from(user.as_bytes()[0])).into(),
        user: user.to_owned(),
        number: format!("2{}", user.as_bytes()[0]),
        role: Role::Agent,
        languages: vec![Language::En],
        skills: vec!["general".to_owned()],
        teams: Teams::default(),
        password_hash: None,
        sip_ha1: None,
    };
    let token_hash = Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let link = LoginLink { token_hash, staff: staff.id, expires_at: ends };
    let entry = Entry::new(Wall(0), Actor::Operator, "staff.added", staff.id);
    let changes = vec![Change::Staff(0, Box::new(staff)), Change::LoginLinkMade(link)];
    hotline.store.commit(Commit::new(entry, changes)).await.unwrap();
}

#[tokio::test]
async fn a_link_sets_a_password_once_and_logs_in() {
    let hotline = Hotline::start().await;
    let token = "ab".repeat(32);
    newcomer(&hotline, "mia", &token, Wall(hotline.clock.wall().0 + 60_000_000)).await;
    let set = |password: &str| json!({ "token": token, "password": password });

    hotline.write("POST", "/api/v1/password", &set("too short")).await.is_problem(422, "invalid-input");
    hotline.write("POST", "/api/v1/password", &set(&"x".repeat(257))).await.is_problem(422, "invalid-input");
    let reply = hotline.write("POST", "/api/v1/password", &set("correct horse battery")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.json()["user"], "mia");
    let cookie = reply.cookie();
    assert_eq!(hotline.send("GET", "/api/v1/session", &[("Cookie", &cookie)], b"").await.status, 200);
    hotline.write("POST", "/api/v1/password", &set("another long password")).await.is_problem(401, "wrong-credentials");

    let log_in = json!({ "user": "mia", "password": "correct horse battery" });
    assert_eq!(hotline.write("POST", "/api/v1/session", &log_in).await.status, 200);
    let (_, staff) = hotline.store.staff_by_user("mia").await.unwrap().unwrap();
    assert_eq!(staff.sip_ha1.unwrap().expose(), walletline_voice::ha1("mia", "correct horse battery"));

    // Who was added while the hotline runs can take calls at once.
    let state = json!({ "state": "ready" });
    let headers = [("X-Walletline", "1"), ("Content-Type", "application/json"), ("Cookie", cookie.as_str())];
    let reply = hotline.send("PUT", "/api/v1/me/state", &headers, state.to_string().as_bytes()).await;
    assert_eq!((reply.status, reply.json()), (200, state));
}

#[tokio::test]
async fn a_link_that_ran_out_or_never_was_is_refused_in_the_same_words() {
    let hotline = Hotline::start().await;
    let spent = "cd".repeat(32);
    newcomer(&hotline, "noa", &spent, Wall(hotline.clock.wall().0 - 1)).await;
    let mut bodies = Vec::new();
    for token in [spent.as_str(), &"ef".repeat(32), "nonsense", ""] {
        let body = json!({ "token": token, "password": "correct horse battery" });
        let reply = hotline.write("POST", "/api/v1/password", &body).await;
        reply.is_problem(401, "wrong-credentials");
        bodies.push(reply.json());
    }
    assert!(bodies.windows(2).all(|two| two[0] == two[1]));
}

#[tokio::test]
async fn nobody_logs_in_without_a_password_set() {
    let hotline = Hotline::start().await;
    newcomer(&hotline, "ola", &"ab".repeat(32), Wall(i64::MAX)).await;
    let body = json!({ "user": "ola", "password": "" });
    hotline.write("POST", "/api/v1/session", &body).await.is_problem(401, "wrong-credentials");
}
