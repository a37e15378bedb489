//! What an agent is doing.

use crate::harness::Hotline;
use serde_json::json;

#[tokio::test]
async fn an_agent_becomes_ready_and_not_ready() {
    let hotline = Hotline::start().await;
    hotline.get("/api/v1/me/state").await.is_problem(401, "not-logged-in");
    let agent = hotline.log_in("agent1").await;
    assert_eq!(agent.get("/api/v1/me/state").await.json(), json!({ "state": "logged_out" }));
    for (asked, entered) in [
        (json!({ "state": "ready" }), json!({ "state": "ready" })),
        (json!({ "state": "not_ready", "reason": "meal" }), json!({ "state": "not_ready", "reason": "meal" })),
        (json!({ "state": "not_ready" }), json!({ "state": "not_ready", "reason": "break" })),
        (json!({ "state": "logged_out" }), json!({ "state": "logged_out" })),
    ] {
        let reply = agent.write("PUT", "/api/v1/me/state", &asked).await;
        assert_eq!((reply.status, reply.json()), (200, entered.clone()), "{asked}");
        assert_eq!(agent.get("/api/v1/me/state").await.json(), entered);
    }
}

#[tokio::test]
async fn states_that_only_calls_bring_about_cannot_be_asked_for() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    for asked in [
        json!({ "state": "talking" }),
        json!({ "state": "wrap_up" }),
        json!({ "state": "not_responding" }),
        json!({ "state": "ready", "reason": "meal" }),
        json!({ "state": "asleep" }),
        json!({ "state": "not_ready", "reason": "bored" }),
    ] {
        agent.write("PUT", "/api/v1/me/state", &asked).await.is_problem(422, "invalid-input");
    }
}

#[tokio::test]
async fn who_takes_no_calls_cannot_become_ready() {
    let hotline = Hotline::start().await;
    for user in ["auditor1", "admin", "checker1", "handler1"] {
        let person = hotline.log_in(user).await;
        person.write("PUT", "/api/v1/me/state", &json!({ "state": "ready" })).await.is_problem(409, "not-an-agent");
        assert_eq!(person.get("/api/v1/me/state").await.json(), json!({ "state": "logged_out" }));
    }
}
