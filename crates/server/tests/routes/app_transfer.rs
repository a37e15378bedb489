//! A code that is read out at the desk and typed into the wallet's app: what it is worth, for whom and for what, and what it is not.

use crate::harness::{Desk, Hotline, Person, patient};
use crate::offers::talk;
use serde_json::{Value, json};

use walletline_core::kernel::assurance::Factor;
use walletline_core::kernel::ids::LegId;
use walletline_core::switchboard::event::Event;
use walletline_core::switchboard::help::Helped;

const LI_NA: &str = "+8619000000001";

/// Li Na's payment to a merchant: 199.00 CNY.
const PAID: &str = "261118000486";

/// An agent with somebody on the line who says that they are Li Na.
struct Call<'h> {
    hotline: &'h Hotline,
    agent: Person<'h>,
    desk: Desk,
    contact: String,
    _leg: LegId,
}

impl<'h> Call<'h> {
    async fn start(hotline: &'h Hotline, user: &str) -> Self {
        let agent = hotline.log_in(user).await;
        let (mut desk, _) = agent.desk().await;
        let (leg, _, contact) = talk(hotline, &agent, &mut desk).await;
        Self { hotline, agent, desk, contact, _leg: leg }
    }

    async fn challenge(&self, wish: &Value) -> crate::harness::Reply {
        self.agent.write("POST", &format!("/api/v1/contacts/{}/challenges", self.contact), wish).await
    }

    /// The app is made to ask: the code on this desk.
    async fn reads(&mut self, wish: &Value) -> String {
        let asked = self.challenge(wish).await;
        assert_eq!(asked.status, 204, "{}", asked.text());
        let shown = self.desk.until(|message| message["event"]["contact"]["challenge"]["code"].is_string()).await;
        shown["event"]["contact"]["challenge"]["code"].as_str().unwrap().to_owned()
    }

    async fn names_li_na(&mut self) -> String {
        self.reads(&json!({ "factor": "app_transfer", "number": "19000000001" })).await
    }

    /// How the code stands, once it is over.
    async fn becomes(&mut self, state: &str) -> Value {
        self.desk.until(|message| message["event"]["contact"]["challenge"]["state"] == state).await["event"]["contact"].clone()
    }

    async fn level(&self) -> Value {
        self.agent.get(&format!("/api/v1/contacts/{}", self.contact)).await.json()["level"].clone()
    }

    /// What the contact has shown besides, by one factor.
    async fn shows(&mut self, factor: Factor, level: &str) {
        let subject = self.hotline.subject("jinqiao", LI_NA);
        let help = Helped::Proved { factor, challenge: 77.into(), subject, name: None };
        self.hotline.engine.post(Event::Helped { contact: self.contact.parse().unwrap(), number: 0, help: Box::new(help) }).await;
        self.desk.until(|message| message["event"]["contact"]["level"] == level).await;
    }

    async fn asks_back(&self, key: &str, amount: &str) -> Value {
        let wish = json!({ "type": "refund", "contact": self.contact, "transaction": PAID, "reason": "charged twice", "amount": amount });
        let headers = [
            ("X-Walletline", "1"),
            ("Content-Type", "application/json"),
            ("Cookie", self.agent.cookie.as_str()),
            ("Idempotency-Key", key),
        ];
        let made = self.hotline.send("POST", "/api/v1/operations", &headers, wish.to_string().as_bytes()).await;
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()
    }
}

/// What Li Na's app asks now.
async fn asked(hotline: &Hotline) -> Vec<Value> {
    hotline.get(&format!("/demo/api/phones/{LI_NA}/approvals")).await.json().as_array().unwrap().clone()
}

async fn types(hotline: &Hotline, approval: &Value, code: Option<&str>) -> u16 {
    let path = format!("/demo/api/phones/{LI_NA}/approvals/{}", approval["id"].as_str().unwrap());
    hotline.write("POST", &path, &json!({ "code": code })).await.status
}

#[tokio::test]
async fn what_is_typed_on_a_bound_device_lifts_the_contact_and_is_on_record_without_the_code() {
    let hotline = Hotline::start().await;
    let mut call = Call::start(&hotline, "agent1").await;
    let code = call.names_li_na().await;
    assert!(code.len() == 3 && code.bytes().all(|digit| digit.is_ascii_digit()), "{code}");
    let app = asked(&hotline).await;
    assert_eq!(app.len(), 1);
    assert_eq!((&app[0]["agent"], &app[0]["operation"]), (&call.agent.me["number"], &json!("verify")));
    assert!(!app[0].to_string().contains(&code), "the app does not show what it asks for: {}", app[0]);
    assert_eq!(types(&hotline, &app[0], Some(&code)).await, 204);
    let shown = call.becomes("verified").await;
    assert_eq!((&shown["level"], &shown["challenge"]["code"]), (&json!("A3"), &json!(null)));
    assert_eq!(types(&hotline, &app[0], Some(&code)).await, 404, "a code is typed once");

    let timeline = call.agent.get(&format!("/api/v1/contacts/{}/timeline", call.contact)).await.json();
    let verified = timeline.as_array().unwrap().iter().rfind(|line| line["kind"] == "verified").unwrap().clone();
    assert_eq!((&verified["factor"], &verified["to"]), (&json!("app_transfer"), &json!("A3")));
    let auditor = hotline.log_in("auditor1").await;
    let audit = auditor.get(&format!("/api/v1/audit?subject={}", call.contact)).await.json();
    for action in ["app.asked", "app_transfer.started", "app.approved", "app_transfer.verified", "level.raised"] {
        assert!(audit.as_array().unwrap().iter().any(|entry| entry["action"] == action), "{action}: {audit}");
    }
    call.challenge(&json!({ "factor": "app_transfer" })).await.is_problem(409, "already-verified");
}

#[tokio::test]
async fn wrong_codes_a_refusal_and_a_late_code_prove_nothing_and_the_app_asks_three_times_at_most() {
    let hotline = Hotline::start().await;
    let mut call = Call::start(&hotline, "agent1").await;
    let code = call.names_li_na().await;
    let wrong = if code == "100" { "101" } else { "100" };
    let app = asked(&hotline).await;
    for _ in 0..3 {
        assert_eq!(types(&hotline, &app[0], Some(wrong)).await, 204);
    }
    assert_eq!(types(&hotline, &app[0], Some(&code)).await, 404, "then the right one is too late");
    call.becomes("failed").await;
    assert_eq!(call.level().await, "A1");

    call.reads(&json!({ "factor": "app_transfer" })).await;
    assert_eq!(types(&hotline, &asked(&hotline).await[0], None).await, 204);
    call.becomes("failed").await;

    let code = call.reads(&json!({ "factor": "app_transfer" })).await;
    let app = asked(&hotline).await;
    assert_eq!(hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": 121 })).await.status, 200);
    assert_eq!(types(&hotline, &app[0], Some(&code)).await, 404);
    let over = call.becomes("expired").await;
    assert_eq!((&over["level"], &over["challenge"]["tries_left"]), (&json!("A1"), &json!(0)));
    call.challenge(&json!({ "factor": "app_transfer" })).await.is_problem(409, "no-pushes-left");
}

#[tokio::test]
async fn an_approval_of_another_contact_is_worth_nothing_and_its_code_neither() {
    let hotline = Hotline::start().await;
    let mut own = Call::start(&hotline, "agent1").await;
    let mut other = Call::start(&hotline, "agent2").await;
    let (code, others) = (own.names_li_na().await, other.names_li_na().await);
    let app = asked(&hotline).await;
    assert_eq!(app.len(), 2);
    if code != others {
        assert_eq!(types(&hotline, &app[1], Some(&code)).await, 204, "typed into what the other agent asked");
        assert_eq!(asked(&hotline).await.len(), 2, "and wrong there");
    }
    assert_eq!(types(&hotline, &app[0], Some(&code)).await, 204);
    own.becomes("verified").await;
    assert_eq!(other.level().await, "A1");
    // Whoever tells the other contact of it tells nothing.
    let (contact, subject) = (other.contact.parse().unwrap(), hotline.subject("jinqiao", LI_NA));
    for number in 0..40 {
        let help = Helped::AppApproved { challenge: 77.into(), subject: subject.clone(), bound: true, name: None };
        hotline.engine.post(Event::Helped { contact, number, help: Box::new(help) }).await;
    }
    assert_eq!(other.level().await, "A1");
    assert_eq!(types(&hotline, &asked(&hotline).await[0], None).await, 204);
    other.becomes("failed").await;
}

#[tokio::test]
async fn an_agreement_to_a_refund_counts_for_that_refund_and_for_no_other_amount() {
    let hotline = Hotline::start().await;
    let mut call = Call::start(&hotline, "agent1").await;
    let refund = |amount: &str| {
        let operation = json!({ "type": "refund", "transaction": PAID, "amount": amount, "currency": "CNY" });
        json!({ "factor": "app_transfer", "operation": operation })
    };
    call.challenge(&refund("60.00")).await.is_problem(409, "verify-first");
    let code = json!({ "factor": "sms_code", "operation": refund("60.00")["operation"] });
    call.challenge(&code).await.is_problem(422, "invalid-input");
    let code = call.names_li_na().await;
    assert_eq!(types(&hotline, &asked(&hotline).await[0], None).await, 204);
    call.becomes("failed").await;
    call.shows(Factor::SmsCode, "A2").await;
    drop(code);

    let code = call.reads(&refund("60.00")).await;
    let app = asked(&hotline).await;
    assert_eq!(
        (&app[0]["operation"], &app[0]["amount"], &app[0]["currency"]),
        (&json!("refund"), &json!("60.00"), &json!("CNY"))
    );
    assert_eq!(app[0]["payee"], "+86 190****0001");
    assert_eq!(types(&hotline, &app[0], Some(&code)).await, 204);
    let shown = call.becomes("verified").await;
    assert_eq!(shown["level"], "A2", "it raises nothing else");

    let other = call.asks_back("request-1", "61.00").await;
    assert_eq!((&other["state"], &other["missing"]), (&json!("awaiting_approval"), &json!(["evidence"])), "{other}");
    let same = call.asks_back("request-2", "60.00").await;
    assert_eq!(same["evidence"]["level"], "A3", "{same}");
}

#[tokio::test]
async fn a_number_without_an_account_is_asked_for_in_the_same_way() {
    let hotline = Hotline::start().await;
    let mut call = Call::start(&hotline, "agent1").await;
    let code = call.reads(&json!({ "factor": "app_transfer", "number": "19099999999" })).await;
    assert_eq!(code.len(), 3);
    assert!(asked(&hotline).await.is_empty());
    assert_eq!(hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": 121 })).await.status, 200);
    patient(call.becomes("expired")).await;
    assert_eq!(call.level().await, "A1");
}
