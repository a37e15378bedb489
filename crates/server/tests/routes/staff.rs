//! Staff as an admin sees to them: what they were examined in.

use crate::harness::Hotline;
use serde_json::{Value, json};
use walletline_core::agent::{CertificateKind, CertificateRefusal};
use walletline_core::kernel::time::{Span, Wall};

fn text(at: Wall) -> String {
    jiff::Timestamp::from_microsecond(at.0).unwrap().to_string()
}

#[tokio::test]
async fn staff_are_listed_with_what_counts_for_those_who_see_to_them() {
    let hotline = Hotline::start().await;
    for user in ["agent1", "checker1", "handler1", "lead1"] {
        hotline.log_in(user).await.get("/api/v1/staff").await.is_problem(403, "forbidden");
    }
    for user in ["admin", "auditor1", "compliance1"] {
        assert_eq!(hotline.log_in(user).await.get("/api/v1/staff").await.status, 200, "{user}");
    }
    let staff = hotline.log_in("admin").await.get("/api/v1/staff").await.json();
    let kinds = |user: &str| {
        let member = staff.as_array().unwrap().iter().find(|member| member["user"] == user).unwrap();
        let held = member["certificates"].as_array().unwrap();
        assert!(held.iter().all(|one| one["valid"] == true && one["score"] == 95), "{held:?}");
        held.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds("agent1"), ["identity-verification", "privacy", "refund-maker", "social-engineering"]);
    assert_eq!(kinds("checker1"), ["privacy", "refund-checker", "social-engineering"]);
    assert!(kinds("handler1").contains(&"complaints".to_owned()));
}

#[tokio::test]
async fn a_certificate_is_granted_and_taken_back_by_an_admin_for_others() {
    let hotline = Hotline::start().await;
    let admin = hotline.log_in("admin").await;
    let staff = admin.get("/api/v1/staff").await.json();
    let id = |user: &str| {
        let member = staff.as_array().unwrap().iter().find(|member| member["user"] == user).unwrap();
        member["id"].as_str().unwrap().to_owned()
    };
    let path = |user: &str, kind: &str| format!("/api/v1/staff/{}/certificates/{kind}", id(user));
    let now = hotline.clock.wall();
    let until = |days: u64| text(now + Span::from_s(days * 24 * 3_600));
    let good = json!({ "score": 80, "expires_at": until(100) });

    assert_eq!(admin.write("PUT", &path("agent3", "complaints"), &good).await.status, 204);
    let agent3 = id("agent3").parse().unwrap();
    let held = hotline.store.certificates_of(agent3).await.unwrap();
    assert_eq!(held.require(&[CertificateKind::Complaints, CertificateKind::Privacy], hotline.clock.wall()), Ok(()));
    assert_eq!(admin.act("DELETE", &path("agent3", "complaints")).await.status, 204);
    admin.act("DELETE", &path("agent3", "complaints")).await.is_problem(409, "no-such-certificate");
    let held = hotline.store.certificates_of(agent3).await.unwrap();
    let missing = Err(CertificateRefusal::Missing(CertificateKind::Complaints));
    assert_eq!(held.require(&[CertificateKind::Complaints], hotline.clock.wall()), missing);
    assert_eq!(admin.write("PUT", &path("agent3", "complaints"), &good).await.status, 204, "and can be granted again");

    for (body, status, slug) in [
        (json!({ "score": 79, "expires_at": until(100) }), 422, "invalid-input"),
        (json!({ "score": 90, "expires_at": until(400) }), 422, "invalid-input"),
        (json!({ "score": 90, "issued_at": until(1), "expires_at": until(100) }), 422, "invalid-input"),
        (json!({ "score": 90, "expires_at": "tomorrow" }), 422, "invalid-input"),
        (Value::Null, 422, "invalid-input"),
    ] {
        admin.write("PUT", &path("agent3", "complaints"), &body).await.is_problem(status, slug);
    }
    admin.write("PUT", &path("admin", "complaints"), &good).await.is_problem(403, "oneself");
    admin.write("PUT", &path("agent3", "juggling"), &good).await.is_problem(404, "not-found");
    admin.write("PUT", "/api/v1/staff/nobody/certificates/privacy", &good).await.is_problem(404, "not-found");
    for user in ["agent1", "lead1", "compliance1", "auditor1"] {
        let person = hotline.log_in(user).await;
        person.write("PUT", &path("agent3", "complaints"), &good).await.is_problem(403, "forbidden");
    }
}
