//! Acts on accounts at the desk: what was shown decides, the wallet says what the account allows, and a lock for fraud ends only when two
//! agents agree.

use crate::harness::{Desk, Hotline, Person, Reply, patient};
use crate::offers::talk;
use serde_json::{Value, json};
use std::time::Duration;
use walletline_core::identity::Claim;
use walletline_core::kernel::assurance::Factor;
use walletline_core::kernel::pii::Pii;
use walletline_core::switchboard::event::Event;
use walletline_core::switchboard::help::Helped;

const WANG_WEI: &str = "+8619000000002";
const CHEN_JING: &str = "+8619000000005";

/// An agent with somebody on the line who says they are this customer.
struct Call<'h> {
    hotline: &'h Hotline,
    agent: Person<'h>,
    desk: Desk,
    contact: String,
    msisdn: &'static str,
}

impl<'h> Call<'h> {
    async fn of(hotline: &'h Hotline, msisdn: &'static str) -> Self {
        let agent = hotline.log_in("agent1").await;
        let (mut desk, _) = agent.desk().await;
        let (_, _, contact) = talk(hotline, &agent, &mut desk).await;
        let mut call = Self { hotline, agent, desk, contact, msisdn };
        let subject = hotline.subject("jinqiao", msisdn);
        let claim = Claim { wallet: "jinqiao".to_owned(), msisdn: Pii::new(msisdn.to_owned()), subject };
        call.helped(Helped::Claimed(claim)).await;
        call.desk
            .until(|message| message["event"]["contact"]["customer"]["number"].as_str().is_some_and(|n| !n.is_empty()))
            .await;
        call
    }

    async fn helped(&self, help: Helped) {
        let contact = self.contact.parse().unwrap();
        self.hotline.engine.post(Event::Helped { contact, number: 0, help: Box::new(help) }).await;
    }

    async fn shows(&mut self, factor: Factor, level: &str) {
        let subject = self.hotline.subject("jinqiao", self.msisdn);
        let challenge = if factor == Factor::SmsCode { 76 } else { 77 };
        self.helped(Helped::Proved { factor, challenge: challenge.into(), subject, name: None }).await;
        let level = level.to_owned();
        self.desk.until(move |message| message["event"]["contact"]["level"] == level.as_str()).await;
    }

    async fn asks(&self, act: &str) -> Reply {
        self.agent.write("POST", &format!("/api/v1/contacts/{}/account-acts", self.contact), &json!({ "act": act })).await
    }

    /// The newest act on the agent's card, once it is in this state.
    async fn until_state(&mut self, act: &str, state: &str) -> Value {
        let newest = |message: &Value| message["event"]["contact"]["customer"]["operations"].as_array()?.last().cloned();
        let fits = move |message: &Value| newest(message).is_some_and(|shown| shown["act"] == act && shown["state"] == state);
        newest(&self.desk.until(fits).await).unwrap()
    }
}

async fn sub_status(hotline: &Hotline, msisdn: &str) -> String {
    let customers = hotline.get("/demo/api/customers").await.json();
    let customer = customers.as_array().unwrap().iter().find(|customer| customer["msisdn"] == msisdn).unwrap().clone();
    customer["sub_status"].as_str().unwrap().to_owned()
}

async fn until_sub_status(hotline: &Hotline, msisdn: &str, wanted: &str) {
    patient(async {
        while sub_status(hotline, msisdn).await != wanted {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

async fn decide(person: &Person<'_>, id: &str, verdict: &str) -> Reply {
    person.write("POST", &format!("/api/v1/account-acts/{id}/decisions"), &json!({ "verdict": verdict })).await
}

#[tokio::test]
async fn an_agent_unlocks_after_a_code_and_not_before_and_the_record_says_what_was_missing() {
    let hotline = Hotline::start().await;
    let mut call = Call::of(&hotline, WANG_WEI).await;
    call.asks("unlock").await.is_problem(409, "not-enough-shown");
    call.shows(Factor::SmsCode, "A2").await;
    assert_eq!(call.asks("unlock").await.status, 204);
    let done = call.until_state("unlock", "done").await;
    until_sub_status(&hotline, WANG_WEI, "none").await;
    let timeline = call.agent.get(&format!("/api/v1/contacts/{}/timeline", call.contact)).await.json();
    let texts: Vec<&str> = timeline.as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert!(texts.contains(&"not permitted: needs A2"), "{texts:?}");
    assert!(texts.contains(&"wallet: unlock: done"), "{texts:?}");
    let case = call.agent.get(&format!("/api/v1/cases/{}", done["reference"].as_str().unwrap())).await.json();
    assert_eq!((&case["kind"], &case["state"]), (&json!("account"), &json!("closed")));
}

#[tokio::test]
async fn a_lock_for_fraud_ends_only_when_a_second_agent_agrees() {
    let hotline = Hotline::start().await;
    let mut call = Call::of(&hotline, CHEN_JING).await;
    call.shows(Factor::SmsCode, "A2").await;
    assert_eq!(call.asks("unlock").await.status, 204);
    let refused = call.until_state("unlock", "declined").await;
    assert_eq!(refused["declined"], "needs_more");
    call.asks("unlock_fraud").await.is_problem(409, "not-enough-shown");
    call.shows(Factor::SecondFactor, "A3").await;
    assert_eq!(call.asks("unlock_fraud").await.status, 204);
    let waits = call.until_state("unlock_fraud", "awaiting_second").await;
    let id = waits["id"].as_str().unwrap();

    let (second, auditor) = (hotline.log_in("agent2").await, hotline.log_in("auditor1").await);
    let listed = second.get("/api/v1/account-acts").await.json();
    assert_eq!((&listed[0]["id"], &listed[0]["act"], &listed[0]["level"]), (&json!(id), &json!("unlock_fraud"), &json!("A3")));
    assert_eq!(listed[0]["factors"], 2);
    assert!(!listed.to_string().contains("19000000005"), "{listed}");
    auditor.get("/api/v1/account-acts").await.is_problem(403, "forbidden");
    decide(&call.agent, id, "agree").await.is_problem(403, "somebody-else");
    assert_eq!(sub_status(&hotline, CHEN_JING).await, "fraud_lock", "nothing is done yet");

    assert_eq!(decide(&second, id, "agree").await.status, 204);
    call.until_state("unlock_fraud", "done").await;
    until_sub_status(&hotline, CHEN_JING, "none").await;
    decide(&second, id, "agree").await.is_problem(409, "not-in-this-state");
    let ledger = hotline.get("/demo/api/wallet/ledger").await.json();
    let unlocks = ledger.as_array().unwrap().iter().filter(|effect| effect["operation"] == "unlock").count();
    assert_eq!(unlocks, 1);
}

#[tokio::test]
async fn a_second_agent_who_does_not_agree_leaves_the_lock_and_the_case() {
    let hotline = Hotline::start().await;
    let mut call = Call::of(&hotline, CHEN_JING).await;
    call.shows(Factor::SmsCode, "A2").await;
    call.shows(Factor::SecondFactor, "A3").await;
    assert_eq!(call.asks("unlock_fraud").await.status, 204);
    let waits = call.until_state("unlock_fraud", "awaiting_second").await;
    let second = hotline.log_in("agent2").await;
    assert_eq!(decide(&second, waits["id"].as_str().unwrap(), "disagree").await.status, 204);
    call.until_state("unlock_fraud", "declined").await;
    assert_eq!(sub_status(&hotline, CHEN_JING).await, "fraud_lock");
    assert_eq!(second.get("/api/v1/account-acts").await.json(), json!([]));
    let case = call.agent.get(&format!("/api/v1/cases/{}", waits["reference"].as_str().unwrap())).await.json();
    assert_eq!(case["state"], "open");
}
