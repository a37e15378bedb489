//! Refunds from the request to their end: who may ask and who decides, once for each key, and exactly one effect in the wallet's ledger
//! whatever the wallet does and wherever whoever carries them dies.

use crate::harness::{Desk, Hotline, PASSWORD, Person, Reply, patient};
use crate::offers::talk;
use crate::second_factor::{confirm, enrol, next};
use serde_json::{Value, json};
use std::time::Duration;
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::assurance::Factor;
use walletline_core::kernel::ids::{LegId, RefundId};
use walletline_core::kernel::time::Span;
use walletline_core::money::State;
use walletline_core::outbox::{Errand, Job};
use walletline_core::switchboard::event::Event;
use walletline_core::switchboard::help::Helped;

const LI_NA: &str = "+8619000000001";

/// Li Na's payment to a merchant: 199.00 CNY.
const PAID: &str = "261118000486";

/// An agent with Li Na on the line.
struct Call<'h> {
    hotline: &'h Hotline,
    agent: Person<'h>,
    desk: Desk,
    caller: LegId,
    contact: String,
}

impl<'h> Call<'h> {
    async fn start(hotline: &'h Hotline) -> Self {
        let agent = hotline.log_in("agent1").await;
        let (mut desk, _) = agent.desk().await;
        let (caller, _, contact) = talk(hotline, &agent, &mut desk).await;
        Self { hotline, agent, desk, caller, contact }
    }

    /// Li Na keys the code that was sent to her phone.
    async fn shows_a_code(&mut self) {
        let path = format!("/api/v1/contacts/{}/challenges", self.contact);
        let asked = self.agent.write("POST", &path, &json!({ "factor": "sms_code", "number": "19000000001" })).await;
        assert_eq!(asked.status, 204, "{}", asked.text());
        let code = patient(async {
            loop {
                let messages = self.hotline.get(&format!("/demo/api/phones/{LI_NA}/messages")).await.json();
                let texts = messages.as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap().to_owned());
                let digits = texts.map(|text| text.chars().filter(char::is_ascii_digit).take(6).collect::<String>());
                if let Some(code) = digits.into_iter().find(|code| code.len() == 6) {
                    return code;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
        self.hotline.heard_everything(self.caller).await;
        for digit in code.chars().chain(['#']) {
            self.hotline.engine.post(Event::Digit { leg: self.caller, digit }).await;
        }
        self.desk.until(|message| message["event"]["contact"]["level"] == "A2").await;
        self.hotline.heard_everything(self.caller).await;
    }

    /// Li Na shows a second factor besides.
    async fn shows_a_second_factor(&mut self) {
        let contact = self.contact.parse().unwrap();
        let subject = self.hotline.subject("jinqiao", LI_NA);
        let help = Helped::Proved { factor: Factor::SecondFactor, challenge: 77.into(), subject, name: None };
        self.hotline.engine.post(Event::Helped { contact, number: 0, help: Box::new(help) }).await;
        self.desk.until(|message| message["event"]["contact"]["level"] == "A3").await;
    }

    fn wish(&self, amount: Option<&str>) -> Value {
        let mut wish = json!({ "type": "refund", "contact": self.contact, "transaction": PAID, "reason": "charged twice" });
        if let Some(amount) = amount {
            wish["amount"] = json!(amount);
        }
        wish
    }

    async fn asks(&self, key: &str, wish: &Value) -> Reply {
        ask(&self.agent, key, wish).await
    }
}

async fn ask(person: &Person<'_>, key: &str, wish: &Value) -> Reply {
    let headers = [
        ("X-Walletline", "1"),
        ("Content-Type", "application/json"),
        ("Cookie", person.cookie.as_str()),
        ("Idempotency-Key", key),
    ];
    person.hotline.send("POST", "/api/v1/operations", &headers, wish.to_string().as_bytes()).await
}

async fn decide(person: &Person<'_>, id: &str, decision: &Value) -> Reply {
    person.write("POST", &format!("/api/v1/operations/{id}/decisions"), decision).await
}

/// The operation once it is in this state.
async fn until_state(person: &Person<'_>, id: &str, state: &str) -> Value {
    patient(async {
        loop {
            let operation = person.get(&format!("/api/v1/operations/{id}")).await.json();
            if operation["state"] == state {
                return operation;
            }
            assert!(operation["settled_at"].is_null(), "{operation}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    })
    .await
}

/// What went back, as the wallet has it.
async fn effects(hotline: &Hotline) -> Vec<(String, String)> {
    let ledger = hotline.get("/demo/api/wallet/ledger").await.json();
    let reversals = ledger.as_array().unwrap().iter().filter(|entry| entry["operation"] == "reversal");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    reversals.map(|entry| (text(&entry["correlation_id"]), text(&entry["amount"]))).collect()
}

async fn fault(hotline: &Hotline, fault: &str) {
    let order = json!({ "operation": "reversal", "fault": fault, "count": 1 });
    assert_eq!(hotline.write("POST", "/demo/api/wallet/fault", &order).await.status, 204);
}

/// What Li Na's phone was told of a refund, once it was told so many times.
async fn told(hotline: &Hotline, words: &str) -> Value {
    patient(async {
        loop {
            let messages = hotline.get(&format!("/demo/api/phones/{LI_NA}/messages")).await.json();
            let found = messages.as_array().unwrap().iter().find(|message| message["text"].as_str().unwrap().contains(words));
            if let Some(found) = found {
                return found.clone();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}

#[tokio::test]
async fn a_small_refund_needs_nobody_when_its_customer_showed_enough() {
    let hotline = Hotline::start().await;
    let mut call = Call::start(&hotline).await;
    let wish = call.wish(Some("19.90"));
    call.asks("request-1", &wish).await.is_problem(409, "nobody-named");
    call.shows_a_code().await;
    call.shows_a_second_factor().await;

    let preview = call.agent.write("POST", "/api/v1/operation-previews", &call.wish(None)).await.json();
    let whole = json!({ "amount": "199.00", "currency": "CNY" });
    assert_eq!((&preview["amount"], &preview["left"], &preview["needs"]), (&whole, &whole, &json!("rule")), "{preview}");
    assert_eq!(preview["missing"], json!([]));

    let reply = call.asks("request-1", &wish).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    let made = reply.json();
    assert_eq!((&made["state"], &made["evidence"]["level"]), (&json!("approved"), &json!("A3")), "{made}");
    let id = made["id"].as_str().unwrap();
    let done = until_state(&call.agent, id, "succeeded").await;
    assert!(done["wallet_reference"].is_string());
    assert_eq!((&done["left"]["amount"], &done["captured"]["amount"]), (&json!("179.10"), &json!("199.00")));
    assert_eq!(effects(&hotline).await, [(done["correlation_id"].as_str().unwrap().to_owned(), "19.90".to_owned())]);
    let again = call.asks("request-1", &wish).await;
    assert_eq!((again.status, &again.json()["id"]), (200, &json!(id)), "the same request is the same refund");
    call.asks("request-1", &call.wish(Some("19.91"))).await.is_problem(422, "idempotency-key-reused");
    let reference = done["reference"].as_str().unwrap();
    told(&hotline, &format!("refund {reference} is done")).await;
    let case = call.agent.get(&format!("/api/v1/cases/{reference}")).await.json();
    assert_eq!((&case["kind"], &case["state"]), (&json!("refund"), &json!("closed")));
    let lines = call.agent.get(&format!("/api/v1/contacts/{}/timeline", call.contact)).await.json();
    let acts: Vec<&Value> = lines.as_array().unwrap().iter().filter(|line| line["operation"] == "refund").collect();
    let outcomes: Vec<&Value> = acts.iter().map(|line| &line["outcome"]).collect();
    assert_eq!(outcomes, [&json!("approved"), &json!("done")]);
    let auditor = hotline.log_in("auditor1").await;
    let trail = auditor.get(&format!("/api/v1/audit?subject={id}")).await.json();
    let actions: Vec<&str> = trail.as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    for action in ["refund.asked", "refund.approved", "refund.submitting", "refund.succeeded"] {
        assert!(actions.contains(&action), "{action} of {actions:?}");
    }
}

#[tokio::test]
async fn two_parts_make_a_large_sum_which_a_second_person_decides_on() {
    let hotline = Hotline::start().await;
    let mut call = Call::start(&hotline).await;
    call.shows_a_code().await;
    let keyless = call.agent.write("POST", "/api/v1/operations", &call.wish(Some("50"))).await;
    keyless.is_problem(422, "invalid-input");
    call.asks("request-1", &call.wish(Some("199.01"))).await.is_problem(409, "more-than-is-left");
    call.asks("request-1", &call.wish(Some("1.001"))).await.is_problem(422, "invalid-input");
    let other = json!({ "type": "refund", "contact": call.contact, "transaction": "999999999999", "reason": "x" });
    call.asks("request-1", &other).await.is_problem(404, "no-transaction");

    let reply = call.asks("request-1", &call.wish(Some("150"))).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    let made = reply.json();
    let id = made["id"].as_str().unwrap();
    assert_eq!((&made["state"], &made["missing"]), (&json!("awaiting_approval"), &json!(["evidence"])), "{made}");
    let (checker, lead) = (hotline.log_in("checker1").await, hotline.log_in("lead1").await);
    let approve = json!({ "decision": "approve" });
    decide(&call.agent, id, &approve).await.is_problem(403, "forbidden");
    decide(&checker, id, &approve).await.is_problem(409, "no-evidence");
    decide(&checker, id, &json!({ "decision": "decline", "reason": " " })).await.is_problem(422, "invalid-input");
    let evidence = format!("/api/v1/operations/{id}/evidence");
    let contact = json!({ "contact": call.contact });
    call.agent.write("POST", &evidence, &contact).await.is_problem(409, "not-enough-shown");
    call.shows_a_second_factor().await;
    let taken = call.agent.write("POST", &evidence, &contact).await;
    assert_eq!((taken.status, &taken.json()["state"]), (200, &json!("approved")), "{}", taken.text());
    until_state(&call.agent, id, "succeeded").await;

    // With what went back today the next one is above what a rule approves.
    let second = call.asks("request-2", &call.wish(Some("49"))).await;
    assert_eq!((second.status, &second.json()["state"]), (201, &json!("approved")), "199 in all");
    until_state(&call.agent, second.json()["id"].as_str().unwrap(), "succeeded").await;
    assert_eq!(effects(&hotline).await.len(), 2);
    call.asks("request-3", &call.wish(None)).await.is_problem(422, "invalid-input");
    drop(lead);
}

/// A hotline whose rule approves nothing: each refund waits for a person.
const NO_RULE: &str = "[refunds.limits.CNY]\nby_rule = \"1.00\"\none_checker = \"100.00\"\ncustomer_daily = \"180.00\"\n\
                       maker_daily = \"1000.00\"\nmark = \"D\"\nsource = \"a test\"\n";

#[tokio::test]
async fn a_checker_sees_the_evidence_and_decides_once_and_what_is_too_much_for_one_goes_to_a_supervisor() {
    let hotline = Hotline::start_with(NO_RULE, true).await;
    let mut call = Call::start(&hotline).await;
    call.shows_a_code().await;
    call.shows_a_second_factor().await;
    let made = call.asks("request-1", &call.wish(Some("60"))).await.json();
    let id = made["id"].as_str().unwrap();
    assert_eq!((&made["needs"], &made["missing"]), (&json!("checker"), &json!(["approval"])), "{made}");
    let (checker, lead, auditor) =
        (hotline.log_in("checker1").await, hotline.log_in("lead1").await, hotline.log_in("auditor1").await);
    hotline.log_in("handler1").await.get(&format!("/api/v1/operations/{id}")).await.is_problem(404, "not-found");
    call.agent.get("/api/v1/operations").await.is_problem(403, "forbidden");
    let queue = checker.get("/api/v1/operations").await.json();
    let shown = &queue[0];
    assert_eq!((&shown["id"], &shown["maker"], &shown["reason"]), (&json!(id), &json!("1024"), &json!("charged twice")));
    assert_eq!((&shown["evidence"]["factors"], &shown["customer_left"]["amount"]), (&json!(2), &json!("180.00")), "{shown}");
    assert!(!queue.to_string().contains("19000000001"), "no number of a customer's");
    let approve = json!({ "decision": "approve", "reason": "the receipt shows it" });
    decide(&auditor, id, &approve).await.is_problem(403, "forbidden");
    let approved = decide(&checker, id, &approve).await;
    assert_eq!((approved.status, &approved.json()["state"]), (200, &json!("approved")), "{}", approved.text());
    decide(&lead, id, &approve).await.is_problem(409, "not-in-this-state");
    let done = until_state(&checker, id, "succeeded").await;
    let verdicts: Vec<(&Value, &Value)> =
        done["decisions"].as_array().unwrap().iter().map(|line| (&line["verdict"], &line["by"])).collect();
    assert_eq!(verdicts, [(&json!("asked"), &json!("1024")), (&json!("approved"), &json!("1031"))]);

    // With the first one the day comes to more than one checker decides.
    let second = call.asks("request-2", &call.wish(Some("60"))).await.json();
    let id = second["id"].as_str().unwrap();
    assert_eq!(second["needs"], json!("supervisor"), "{second}");
    decide(&checker, id, &approve).await.is_problem(403, "supervisor-needed");
    assert_eq!(decide(&lead, id, &approve).await.status, 200);
    until_state(&lead, id, "succeeded").await;
    call.asks("request-3", &call.wish(Some("61"))).await.is_problem(409, "customer-limit");
    let third = call.asks("request-3", &call.wish(Some("50"))).await.json();
    let declined = decide(&lead, third["id"].as_str().unwrap(), &json!({ "decision": "decline", "reason": "delivered" })).await;
    assert_eq!(declined.json()["state"], json!("declined"));
    told(&hotline, "was declined").await;
    assert_eq!(effects(&hotline).await.len(), 2);
    assert!(checker.get("/api/v1/operations").await.json().as_array().unwrap().is_empty());
}

#[tokio::test]
async fn whatever_the_wallet_does_it_does_it_once_and_the_record_says_so() {
    for (kind, ends) in [
        ("fail", "succeeded"),
        ("fail_after", "succeeded"),
        ("timeout_after", "succeeded"),
        ("timeout_before", "succeeded"),
        ("garbage", "succeeded"),
        ("down", "succeeded"),
        ("twice", "succeeded"),
        ("late", "succeeded"),
        ("reject", "failed"),
    ] {
        let hotline = Hotline::start().await;
        let mut call = Call::start(&hotline).await;
        call.shows_a_code().await;
        call.shows_a_second_factor().await;
        fault(&hotline, kind).await;
        let made = call.asks("request-1", &call.wish(Some("19.90"))).await.json();
        let id = made["id"].as_str().unwrap();
        if kind == "late" {
            until_state(&call.agent, id, "submitted").await;
            assert_eq!(hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": 60 })).await.status, 200);
        }
        let over = until_state(&call.agent, id, ends).await;
        let expected = usize::from(ends == "succeeded");
        assert_eq!(effects(&hotline).await.len(), expected, "{kind}: {over}");
        let (left, day) = if ends == "succeeded" { ("179.10", "19980.10") } else { ("199.00", "20000.00") };
        assert_eq!((&over["left"]["amount"], &over["customer_left"]["amount"]), (&json!(left), &json!(day)), "{kind}");
    }
}

#[tokio::test]
async fn what_a_dead_process_left_on_its_way_is_found_out_by_its_key() {
    // The wallet had it, or it did not: either way it is done once.
    for had_it in [false, true] {
        let hotline = Hotline::start_with(NO_RULE, true).await;
        let mut call = Call::start(&hotline).await;
        call.shows_a_code().await;
        call.shows_a_second_factor().await;
        let made = call.asks("request-1", &call.wish(Some("60"))).await.json();
        let id: RefundId = made["id"].as_str().unwrap().parse().unwrap();
        let (version, row) = hotline.store.refund(id).await.unwrap().unwrap();
        let now = hotline.clock.wall();
        let mut sending = row.clone();
        (sending.state, sending.sends, sending.send_by) = (State::Submitting, 1, Some(row.decide_by));
        let (source_version, source) = hotline.store.refund_source("jinqiao", PAID).await.unwrap().unwrap();
        let held = source.hold(row.amount).unwrap();
        let job = Job::Refund { refund: id, follow: true };
        let errand = Errand::new(55.into(), "jinqiao".to_owned(), Some(row.contact), job, now, row.decide_by);
        if had_it {
            hotline.reverse_behind_our_back(PAID, "60.00", &row.key).await;
        }
        let entry = Entry::new(now, Actor::System, "test.died", id);
        let changes = vec![
            Change::Refund(version, Box::new(sending)),
            Change::RefundSource(source_version, Box::new(held)),
            Change::Errand(0, Box::new(errand)),
        ];
        hotline.store.commit(Commit::new(entry, changes)).await.unwrap();
        until_state(&call.agent, &id.to_string(), "succeeded").await;
        assert_eq!(effects(&hotline).await, [(row.key, "60.00".to_owned())], "had it: {had_it}");
    }
}

#[tokio::test]
async fn a_callback_needs_its_token_and_is_believed_in_nothing() {
    let hotline = Hotline::start_with(NO_RULE, true).await;
    let mut call = Call::start(&hotline).await;
    call.shows_a_code().await;
    let made = call.asks("request-1", &call.wish(Some("60"))).await.json();
    let id = made["id"].as_str().unwrap();
    let body = json!({ "transactionStatus": "completed" });
    let address = |token: &str| format!("/api/public/wallet-callbacks/{id}/{token}");
    for token in ["x", &"0".repeat(64)] {
        hotline.write("PUT", &address(token), &body).await.is_problem(404, "not-found");
    }
    let token = hotline.callback_token(id.parse().unwrap());
    assert_eq!(hotline.write("PUT", &address(&token), &body).await.status, 204);
    // A provider that tells its ends by POST may tell as many as a wallet.
    for _ in 0..20 {
        hotline.write("POST", &address("x"), &body).await.is_problem(404, "not-found");
    }
    let shown = call.agent.get(&format!("/api/v1/operations/{id}")).await.json();
    assert_eq!(shown["state"], json!("awaiting_approval"), "nobody approved it");
    assert!(effects(&hotline).await.is_empty());
}

/// Li Na's small refund, which the wallet accepts and carries out ten seconds later; how often it called back before the end was known.
async fn accepted_by_the_wallet(public_url: &str) -> usize {
    let hotline = Hotline::start_with(&format!("[http]\npublic_url = \"{public_url}\"\n"), true).await;
    let mut call = Call::start(&hotline).await;
    call.shows_a_code().await;
    call.shows_a_second_factor().await;
    fault(&hotline, "late").await;
    let made = call.asks("request-1", &call.wish(Some("19.90"))).await.json();
    let id = made["id"].as_str().unwrap();
    until_state(&call.agent, id, "submitted").await;
    let forged = format!("/api/public/wallet-callbacks/{id}/{}", "0".repeat(64));
    hotline.write("PUT", &forged, &json!({ "transactionStatus": "completed" })).await.is_problem(404, "not-found");
    assert_eq!(called_back(&hotline, id).await, 0, "what shows no token of the refund is nobody's callback");
    until_state(&call.agent, id, "succeeded").await;
    assert_eq!(effects(&hotline).await.len(), 1);
    called_back(&hotline, id).await
}

async fn called_back(hotline: &Hotline, id: &str) -> usize {
    let log = hotline.store.audit_of(id, 0, 1_000).await.unwrap();
    log.iter().filter(|line| line.entry.action == "refund.called_back").count()
}

#[tokio::test]
async fn the_wallets_callback_ends_what_it_accepted() {
    assert_eq!(accepted_by_the_wallet("http://{address}").await, 1);
}

#[tokio::test]
async fn a_callback_that_never_arrives_is_made_up_for_by_asking() {
    // Nobody listens there.
    assert_eq!(accepted_by_the_wallet("http://127.0.0.1:9").await, 0);
}

#[tokio::test]
async fn what_the_wallet_cannot_account_for_two_people_establish() {
    let hotline = Hotline::start_with(&format!("[refunds]\nresolve_after_min = 1\n{NO_RULE}"), true).await;
    let mut call = Call::start(&hotline).await;
    call.shows_a_code().await;
    call.shows_a_second_factor().await;
    let made = call.asks("request-1", &call.wish(Some("60"))).await.json();
    let id = made["id"].as_str().unwrap();
    let (checker, lead) = (hotline.log_in("checker1").await, hotline.log_in("lead1").await);
    // It is lost on the way, and from then on the wallet says nothing.
    fault(&hotline, "fail").await;
    let silent = json!({ "operation": "any", "fault": "fail", "count": 1000 });
    assert_eq!(hotline.write("POST", "/demo/api/wallet/fault", &silent).await.status, 204);
    let approve = json!({ "decision": "approve" });
    assert_eq!(decide(&checker, id, &approve).await.status, 200);
    until_state(&checker, id, "unknown").await;
    let propose = json!({ "decision": "propose", "outcome": "undone", "reason": "their back office has no such booking" });
    decide(&checker, id, &propose).await.is_problem(409, "asked-further");
    assert_eq!(hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": 120 })).await.status, 200);
    let confirm = json!({ "decision": "confirm", "reason": "seen it too" });
    decide(&lead, id, &confirm).await.is_problem(409, "nothing-proposed");
    let proposed = decide(&checker, id, &propose).await;
    assert_eq!((proposed.status, &proposed.json()["proposal"]["by"]), (200, &json!("1031")), "{}", proposed.text());
    decide(&checker, id, &confirm).await.is_problem(403, "somebody-else");
    let over = decide(&lead, id, &confirm).await;
    assert_eq!((over.status, &over.json()["state"]), (200, &json!("failed")), "{}", over.text());
    assert_eq!(over.json()["left"]["amount"], json!("199.00"), "what was not given back is free again");
    assert!(effects(&hotline).await.is_empty());
}

#[tokio::test]
async fn whoever_decides_has_shown_lately_who_they_are() {
    let hotline = Hotline::start_with(&format!("[refunds]\nresolve_after_min = 1\n{NO_RULE}"), true).await;
    let mut call = Call::start(&hotline).await;
    call.shows_a_code().await;
    call.shows_a_second_factor().await;
    let made = call.asks("request-1", &call.wish(Some("60"))).await.json();
    let id = made["id"].as_str().unwrap();
    let checker = hotline.log_in("checker1").await;
    let enrolled = enrol(&hotline, &checker.cookie).await;
    let with = |cookie: String| Person { hotline: &hotline, cookie, me: checker.me.clone() };

    // The password alone, where there is a second factor, decides nothing.
    let half = hotline.log_in("checker1").await;
    let (approve, decline) = (json!({ "decision": "approve" }), json!({ "decision": "decline", "reason": "delivered" }));
    decide(&half, id, &approve).await.is_problem(403, "second-factor-needed");
    // Nor does a factor that was shown too long ago: neither way is open, and nothing has changed.
    hotline.clock.advance(Span::from_s(300));
    let stale = with(enrolled.cookie.clone());
    for decision in [&approve, &decline] {
        decide(&stale, id, decision).await.is_problem(403, "fresh-factor-needed");
    }
    assert_eq!(stale.get(&format!("/api/v1/operations/{id}")).await.json()["state"], json!("awaiting_approval"));
    decide(&call.agent, id, &approve).await.is_problem(403, "forbidden");
    let password = json!({ "password": PASSWORD });
    confirm(&hotline, &stale.cookie, &password).await.is_problem(422, "invalid-input");
    let shown = confirm(&hotline, &stale.cookie, &next(&hotline, &enrolled.secret)).await;
    let fresh = with(shown.cookie());
    fault(&hotline, "fail").await;
    let silent = json!({ "operation": "any", "fault": "fail", "count": 1000 });
    assert_eq!(hotline.write("POST", "/demo/api/wallet/fault", &silent).await.status, 204);
    assert_eq!(decide(&fresh, id, &approve).await.status, 200);
    until_state(&fresh, id, "unknown").await;

    // What became of it is established by people who showed theirs, too.
    hotline.clock.advance(Span::from_s(300));
    let propose = json!({ "decision": "propose", "outcome": "undone", "reason": "no such booking" });
    decide(&fresh, id, &propose).await.is_problem(403, "fresh-factor-needed");
    let shown = confirm(&hotline, &fresh.cookie, &next(&hotline, &enrolled.secret)).await;
    assert_eq!(decide(&with(shown.cookie()), id, &propose).await.status, 200);
    let lead = hotline.log_in("lead1").await;
    hotline.clock.advance(Span::from_s(300));
    let conclude = json!({ "decision": "confirm", "reason": "seen it too" });
    decide(&lead, id, &conclude).await.is_problem(403, "fresh-factor-needed");
    let shown = confirm(&hotline, &lead.cookie, &password).await;
    let lead = Person { hotline: &hotline, cookie: shown.cookie(), me: lead.me.clone() };
    let over = decide(&lead, id, &conclude).await;
    assert_eq!((over.status, &over.json()["state"]), (200, &json!("failed")), "{}", over.text());
}

#[tokio::test]
async fn each_message_carries_a_link_that_tells_how_it_stands_and_nothing_of_the_account() {
    let hotline = Hotline::start_with(NO_RULE, true).await;
    let mut call = Call::start(&hotline).await;
    call.shows_a_code().await;
    let made = call.asks("request-1", &call.wish(Some("60"))).await.json();
    let reference = made["reference"].as_str().unwrap();
    let message = told(&hotline, reference).await;
    let text = message["text"].as_str().unwrap();
    let path = &text[text.find("/help/refunds/").unwrap()..];
    let open = async |path: &str, status: u16| {
        let page = hotline.send("GET", path, &[("Accept-Language", "en")], b"").await;
        assert_eq!(page.status, status, "{}", page.text());
        assert_eq!(page.header("cache-control"), Some("no-store"));
        page.text()
    };
    let page = open(path, 200).await;
    assert!(
        page.contains(reference) && page.contains("we need your second factor") && page.contains("At the latest by"),
        "{page}"
    );
    for secret in ["60.00", PAID, &PAID[6..], "19000000001", "W100001", "charged twice"] {
        assert!(!page.contains(secret), "{secret}");
    }
    assert!(!page.contains("<script"), "it is whole without one");
    call.shows_a_second_factor().await;
    let evidence = format!("/api/v1/operations/{}/evidence", made["id"].as_str().unwrap());
    assert_eq!(call.agent.write("POST", &evidence, &json!({ "contact": call.contact })).await.status, 200);
    assert!(open(path, 200).await.contains("A second person looks at it"));

    let (until, token) = (path.rsplit('/').nth(1).unwrap(), path.rsplit('/').next().unwrap());
    let later = (until.parse::<i64>().unwrap() + 1).to_string();
    let turned: String = token.chars().rev().collect();
    for other in [path.replace(until, &later), path.replace(token, &turned), path[..path.len() - 1].to_owned()] {
        assert!(open(&other, 404).await.contains("This link cannot be read"), "{other}");
    }
    hotline.clock.advance(Span::from_s(30 * 24 * 3_600));
    assert!(open(path, 410).await.contains("This link has run out"));
}

#[tokio::test]
async fn another_agent_finds_it_by_the_reference_its_customer_reads_out() {
    let hotline = Hotline::start_with(NO_RULE, true).await;
    let mut call = Call::start(&hotline).await;
    call.shows_a_code().await;
    let made = call.asks("request-1", &call.wish(Some("60"))).await.json();
    let (id, reference) = (made["id"].as_str().unwrap(), made["reference"].as_str().unwrap());
    let other = hotline.log_in("agent2").await;
    other.get(&format!("/api/v1/operations/{id}")).await.is_problem(404, "not-found");
    let found = other.get(&format!("/api/v1/operations?reference={reference}")).await.json();
    assert_eq!((&found[0]["id"], &found[0]["missing"]), (&json!(id), &json!(["evidence", "approval"])), "{found}");
    assert!(!found.to_string().contains("19000000001"));
    other.get("/api/v1/operations?reference=R123").await.is_problem(422, "invalid-input");
    hotline.log_in("handler1").await.get(&format!("/api/v1/operations?reference={reference}")).await.is_problem(403, "forbidden");
    let trail = hotline.log_in("auditor1").await.get(&format!("/api/v1/audit?subject={id}")).await.json();
    let reads = trail.as_array().unwrap().iter().filter(|entry| entry["action"] == "refund.read").count();
    assert_eq!(reads, 1, "{trail}");
}
