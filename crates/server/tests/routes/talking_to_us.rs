//! Are you talking to us now? What a wallet's app is told in the course of a call, and what nobody else is told: neither by a word nor by
//! a difference between two refusals.

use crate::harness::{Hotline, Reply, patient};
use crate::offers::talk;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use walletline::engine::Clock;
use walletline_core::kernel::assurance::Factor;
use walletline_core::switchboard::event::{Event, LegEnd};
use walletline_core::switchboard::help::Helped;

/// From this number the harness calls.
const SHOWN: &str = "+8613812345678";
const LI_NA: &str = "+8619000000001";
const ZHAO_LEI: &str = "+8619000000004";
const PATH: &str = "/api/v1/app/talking-to-us";
const JINQIAO_KEY: &str = "what the server of Jinqiao's app and we know";
const HARBOR_KEY: &str = "what the server of Harbor's app and we know";

/// A question as an app's server puts it; each test spoils one part of it.
struct Question {
    wallet: &'static str,
    key: &'static str,
    msisdn: &'static str,
    nonce: String,
    ahead_s: i64,
}

impl Question {
    fn about(msisdn: &'static str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let nonce = format!("nonce-of-a-test-{:06}", NEXT.fetch_add(1, Ordering::Relaxed));
        Self { wallet: "jinqiao", key: JINQIAO_KEY, msisdn, nonce, ahead_s: 0 }
    }

    fn target(&self) -> String {
        format!("{PATH}?msisdn={}", self.msisdn.replace('+', "%2B"))
    }

    /// The signature by the words of the contract, not by our own code.
    fn signature(&self) -> String {
        let seconds = Clock::unmoved().0 / 1_000_000 + self.ahead_s;
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(self.key.as_bytes()).unwrap();
        mac.update(format!("{seconds}\n{}\nGET\n{}\n{}", self.wallet, self.target(), self.nonce).as_bytes());
        let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={seconds},v1={hex}")
    }

    async fn put(&self, hotline: &Hotline) -> Reply {
        self.put_with(hotline, &self.target(), &self.signature()).await
    }

    async fn put_with(&self, hotline: &Hotline, target: &str, signature: &str) -> Reply {
        let headers = [
            ("X-Walletline-Wallet", self.wallet),
            ("X-Walletline-Nonce", self.nonce.as_str()),
            ("X-Walletline-Signature", signature),
        ];
        hotline.send("GET", target, &headers, b"").await
    }
}

/// Both wallets as in the demo, with keys that the test knows.
async fn hotline() -> Hotline {
    static FILES: AtomicU32 = AtomicU32::new(0);
    let file = |key: &str| {
        let n = FILES.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("walletline-app-key-{}-{n}", std::process::id()));
        std::fs::write(&path, key).unwrap();
        path
    };
    let (jinqiao, harbor) = (file(JINQIAO_KEY), file(HARBOR_KEY));
    let wallet = |id: &str, key: &std::path::Path| {
        format!(
            "[[wallet]]\nid = \"{id}\"\nname = \"{id}\"\nnumbers = [\"+86 1##########\"]\napp_keys = [\"file:{}\"]\n",
            key.display()
        )
    };
    let more = format!("{}{}", wallet("jinqiao", &jinqiao), wallet("harbor", &harbor));
    let hotline = Hotline::start_with(&more, true).await;
    for path in [jinqiao, harbor] {
        std::fs::remove_file(path).unwrap();
    }
    hotline
}

async fn answer(hotline: &Hotline, msisdn: &'static str) -> Value {
    let reply = Question::about(msisdn).put(hotline).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// The answer once it is this.
async fn until(hotline: &Hotline, msisdn: &'static str, word: &str) -> Value {
    patient(async {
        loop {
            let said = answer(hotline, msisdn).await;
            if said["answer"] == word {
                return said;
            }
            tokio::time::sleep(Duration::from_millis(400)).await;
        }
    })
    .await
}

#[tokio::test]
async fn an_app_learns_which_agent_talks_to_its_customer_and_only_once_they_have_shown_who_they_are() {
    let hotline = hotline().await;
    let agent = hotline.log_in("agent1").await;
    let (mut desk, _) = agent.desk().await;
    let said = answer(&hotline, LI_NA).await;
    assert_eq!(said["answer"], "not_talking");
    assert!(said["checked_at"].is_string(), "{said}");
    assert_eq!(said.as_object().unwrap().len(), 2, "and nothing else: {said}");

    // Whoever shows the number, or names it, is not its owner.
    let (leg, _, contact) = talk(&hotline, &agent, &mut desk).await;
    let shown = answer(&hotline, SHOWN).await;
    assert_eq!(shown["answer"], "unconfirmed");
    assert_eq!(answer(&hotline, LI_NA).await["answer"], "not_talking");
    let path = format!("/api/v1/contacts/{contact}/challenges");
    let asked = agent.write("POST", &path, &json!({ "factor": "sms_code", "number": "19000000001" })).await;
    assert_eq!(asked.status, 204, "{}", asked.text());
    desk.until(|message| message["event"]["contact"]["challenge"]["state"] == "sent").await;
    let named = answer(&hotline, LI_NA).await;
    assert_eq!(named["answer"], "unconfirmed");
    assert!(named["since"].is_string() && named["agent"].is_null(), "no word of an agent whom an impostor has: {named}");

    let subject = hotline.subject("jinqiao", LI_NA);
    let help = Helped::Proved { factor: Factor::SmsCode, challenge: 77.into(), subject, name: None };
    hotline.engine.post(Event::Helped { contact: contact.parse().unwrap(), number: 0, help: Box::new(help) }).await;
    let proved = until(&hotline, LI_NA, "talking").await;
    assert_eq!((&proved["with"], &proved["agent"], &proved["line"]), (&json!("agent"), &agent.me["number"], &json!("8000")));
    // The record follows the call a moment later.
    let connected = patient(async {
        loop {
            let record = agent.get(&format!("/api/v1/contacts/{contact}")).await.json();
            if record["connected_at"].is_string() {
                return record;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert_eq!((&proved["since"], &proved["purpose"]), (&connected["connected_at"], &connected["service"]));
    assert_eq!(answer(&hotline, SHOWN).await["answer"], "unconfirmed", "the number it came from is still nobody's proof");

    // Of one customer, and of one wallet.
    assert_eq!(answer(&hotline, ZHAO_LEI).await["answer"], "not_talking");
    let harbor = Question { wallet: "harbor", key: HARBOR_KEY, ..Question::about(LI_NA) };
    assert_eq!(harbor.put(&hotline).await.json()["answer"], "not_talking");

    hotline.ended(leg, LegEnd::RemoteHangup).await;
    until(&hotline, LI_NA, "not_talking").await;
}

#[tokio::test]
async fn a_question_that_is_not_signed_is_refused_in_the_same_words_whatever_is_wrong() {
    let hotline = hotline().await;
    let good = Question::about(LI_NA);
    let mut refusals = Vec::new();
    for wrong in [
        Question { key: HARBOR_KEY, ..Question::about(LI_NA) },
        Question { wallet: "harbor", ..Question::about(LI_NA) },
        Question { wallet: "nobody", ..Question::about(LI_NA) },
        Question { wallet: "", ..Question::about(LI_NA) },
        Question { key: "", ..Question::about(LI_NA) },
        Question { nonce: "too-short".to_owned(), ..Question::about(LI_NA) },
        Question { nonce: "n".repeat(65), ..Question::about(LI_NA) },
        Question { nonce: "sixteen letters!".to_owned(), ..Question::about(LI_NA) },
        Question { ahead_s: 65, ..Question::about(LI_NA) },
        Question { ahead_s: -65, ..Question::about(LI_NA) },
        Question { msisdn: "nonsense", key: HARBOR_KEY, ..Question::about(LI_NA) },
    ] {
        refusals.push(wrong.put(&hotline).await);
    }
    refusals.push(hotline.get(&good.target()).await);
    for (target, signature) in [
        (Question::about(ZHAO_LEI).target(), good.signature()),
        (format!("{}&x=1", good.target()), good.signature()),
        (good.target(), String::new()),
        (good.target(), "t=1,v1=00".to_owned()),
    ] {
        refusals.push(good.put_with(&hotline, &target, &signature).await);
    }
    let first = refusals[0].text();
    for refusal in refusals {
        refusal.is_problem(401, "not-signed");
        assert_eq!(refusal.text(), first);
    }

    let signature = good.signature();
    assert_eq!(good.put_with(&hotline, &good.target(), &signature).await.status, 200);
    let again = good.put_with(&hotline, &good.target(), &signature).await;
    again.is_problem(401, "not-signed");
    assert_eq!(again.text(), first, "and that it was good once is not told");
    for apart in [-55, 55] {
        let late = Question { ahead_s: apart, ..Question::about(LI_NA) };
        assert_eq!(late.put(&hotline).await.status, 200, "a clock {apart} s apart is near enough");
    }
    for msisdn in ["19000000001", "", "+86190", "+86 190 0000 0001"] {
        let unclear = Question { msisdn, ..Question::about(LI_NA) };
        let target = format!("{PATH}?msisdn={}", msisdn.replace('+', "%2B").replace(' ', "%20"));
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(JINQIAO_KEY.as_bytes()).unwrap();
        let seconds = Clock::unmoved().0 / 1_000_000;
        mac.update(format!("{seconds}\njinqiao\nGET\n{target}\n{}", unclear.nonce).as_bytes());
        let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        unclear.put_with(&hotline, &target, &format!("t={seconds},v1={hex}")).await.is_problem(422, "invalid-input");
    }
}

#[tokio::test]
async fn too_many_questions_are_held_back_for_one_customer_and_for_whoever_cannot_sign() {
    let hotline = hotline().await;
    let held = patient(async {
        loop {
            let reply = Question::about(LI_NA).put(&hotline).await;
            if reply.status != 200 {
                return reply;
            }
        }
    })
    .await;
    held.is_problem(429, "too-many-requests");
    assert!(held.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    assert_eq!(answer(&hotline, ZHAO_LEI).await["answer"], "not_talking", "others are not held up");

    let held = patient(async {
        loop {
            let reply = hotline.get(&Question::about(LI_NA).target()).await;
            if reply.status != 401 {
                return reply;
            }
        }
    })
    .await;
    held.is_problem(429, "too-many-requests");
}

#[tokio::test]
async fn the_demos_phone_asks_through_the_same_door() {
    let hotline = Hotline::start().await;
    let ask = |wallet: &str, msisdn: &str| format!("/demo/api/app/talking-to-us?wallet={wallet}&msisdn={msisdn}");
    assert_eq!(hotline.get(&ask("jinqiao", "%2B8619000000001")).await.json()["answer"], "not_talking");
    assert_eq!(hotline.get(&ask("harbor", "%2B447700900003")).await.json()["answer"], "not_talking");
    hotline.get(&ask("nobody", "%2B8619000000001")).await.is_problem(401, "not-signed");
    hotline.get(&ask("jinqiao", "x")).await.is_problem(422, "invalid-input");
}
