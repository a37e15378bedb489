//! Pages, health, and what every answer carries.

use crate::harness::Hotline;

#[tokio::test]
async fn it_says_that_it_lives_and_takes_calls() {
    let hotline = Hotline::start().await;
    assert_eq!((hotline.get("/healthz").await.status, hotline.get("/healthz").await.text()), (200, "ok\n".to_owned()));
    assert_eq!((hotline.get("/readyz").await.status, hotline.get("/readyz").await.text()), (200, "ready\n".to_owned()));
    hotline.store.close().await;
    assert_eq!(hotline.get("/readyz").await.status, 503);
    assert_eq!(hotline.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_store_that_is_gone_costs_the_request_and_says_so() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    hotline.store.close().await;
    agent.get("/api/v1/contacts").await.is_problem(503, "unavailable");
}

#[tokio::test]
async fn every_answer_says_what_a_page_may_do() {
    let hotline = Hotline::start().await;
    for path in
        ["/", "/help", "/desk", "/desk/welcome", "/demo/phone", "/healthz", "/api/v1/session", "/nosuch", "/assets/nosuch.js"]
    {
        let reply = hotline.get(path).await;
        let policy = reply.header("content-security-policy").unwrap_or_else(|| panic!("{path} has no policy"));
        for part in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{path}: {part}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert!(reply.header("permissions-policy").unwrap().contains("microphone=(self)"), "{path}");
        assert!(reply.header("cache-control").is_some(), "{path}");
        assert_eq!(reply.header("strict-transport-security"), None, "{path}: clear HTTP on loopback");
    }
}

#[tokio::test]
async fn the_root_leads_to_the_help_centre() {
    let hotline = Hotline::start().await;
    let reply = hotline.get("/").await;
    assert_eq!((reply.status, reply.header("location")), (307, Some("/help")));
    assert_eq!(hotline.get("/help").await.status, 200);
    let desk = hotline.get("/desk").await;
    assert_eq!(desk.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(hotline.get("/desk/welcome").await.body, desk.body);
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_document_too() {
    let hotline = Hotline::start().await;
    for path in ["/nosuch", "/api/v1/nosuch", "/assets/nosuch.js", "/assets/..%2f..%2fCargo.toml", "/api/v1/contacts/a/b/c"] {
        hotline.get(path).await.is_problem(404, "not-found");
    }
    let reply = hotline.send("DELETE", "/healthz", &[("X-Walletline", "1")], b"").await;
    reply.is_problem(405, "invalid-input");
}
