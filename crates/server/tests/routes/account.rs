//! Customers who help themselves on the help pages: verified like a caller, in a session that is theirs alone, and told no more than a caller.

use crate::harness::{Hotline, Reply, patient};
use serde_json::Value;
use std::time::Duration;
use walletline_core::kernel::time::Span;

const LI_NA: &str = "+8619000000001";
const ZHAO_LEI: &str = "+8619000000004";
const NOBODY: &str = "+8619000000099";

/// Transactions of Li Na's: across a border and on time; to a merchant, 199.00 CNY.
const ON_TIME: &str = "261109000123";
const PAID: &str = "261118000486";
/// One of Wang Wei's, to a merchant.
const FOREIGN: &str = "261104000615";

/// The page before a session, in English.
const ENGLISH: (&str, &str) = ("Accept-Language", "en");

/// A browser without scripts.
struct Browser<'a> {
    hotline: &'a Hotline,
    cookie: String,
}

impl<'a> Browser<'a> {
    const fn new(hotline: &'a Hotline) -> Self {
        Self { hotline, cookie: String::new() }
    }

    /// What a form of ours sends.
    async fn post(&mut self, path: &str, form: &str) -> Reply {
        let origin = format!("http://{}", self.hotline.address);
        self.send("POST", path, &[("Origin", &origin), ("Content-Type", "application/x-www-form-urlencoded")], form).await
    }

    async fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, &[], "").await
    }

    async fn send(&mut self, method: &str, path: &str, more: &[(&str, &str)], form: &str) -> Reply {
        let cookie = self.cookie.clone();
        let headers = [&[ENGLISH, ("Cookie", cookie.as_str())][..], more].concat();
        let reply = self.hotline.send(method, path, &headers, form.as_bytes()).await;
        if let Some(set) = reply.header("set-cookie") {
            self.cookie = set.split(';').next().unwrap().to_owned();
        }
        reply
    }

    /// Names a number; the page that asks for the code.
    async fn names(&mut self, msisdn: &str) -> Reply {
        let reply = self.post("/help/account", &format!("wallet=jinqiao&number={}", msisdn.replace('+', "%2B"))).await;
        assert_eq!((reply.status, reply.header("location")), (303, Some("/help/account")), "{}", reply.text());
        self.get("/help/account").await
    }

    async fn verified(hotline: &'a Hotline, msisdn: &str) -> Self {
        let mut browser = Self::new(hotline);
        browser.names(msisdn).await;
        let code = code(hotline, msisdn).await;
        let reply = browser.post("/help/account/code", &format!("code={code}")).await;
        assert_eq!((reply.status, reply.header("location")), (303, Some("/help/account")), "{}", reply.text());
        browser
    }

    /// Looks a transaction up; the page that says where it stands.
    async fn finds(&mut self, transaction: &str) -> Reply {
        let reply = self.post("/help/account/transaction", &format!("transaction={transaction}")).await;
        assert_eq!((reply.status, reply.header("location")), (303, Some("/help/account/transaction")), "{}", reply.text());
        self.get("/help/account/transaction").await
    }
}

/// The code that reached a phone last.
async fn code(hotline: &Hotline, msisdn: &str) -> String {
    patient(async {
        loop {
            let messages = hotline.get(&format!("/demo/api/phones/{msisdn}/messages")).await.json();
            let texts = messages.as_array().unwrap().iter().filter_map(|message| message["text"].as_str());
            let codes = texts.filter_map(|text| text.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6));
            if let Some(code) = codes.map(str::to_owned).next() {
                return code;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
}

/// The only contact there is, once it says so.
async fn contact(hotline: &Hotline, says: impl Fn(&Value) -> bool) -> (Value, Vec<Value>) {
    let lead = hotline.log_in("lead1").await;
    patient(async {
        loop {
            let contacts = lead.get("/api/v1/contacts?limit=5").await.json();
            if let [contact] = contacts.as_array().unwrap().as_slice()
                && says(contact)
            {
                let id = contact["id"].as_str().unwrap();
                let timeline = lead.get(&format!("/api/v1/contacts/{id}/timeline")).await.json();
                return (contact.clone(), timeline.as_array().unwrap().clone());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
}

#[tokio::test]
async fn a_verified_customer_sees_their_payment_has_it_watched_and_leaves_a_record_like_a_caller() {
    let hotline = Hotline::start().await;
    let mut browser = Browser::verified(&hotline, LI_NA).await;
    let menu = browser.get("/help/account").await;
    for (name, value) in [("cache-control", "no-store"), ("referrer-policy", "same-origin"), ("x-robots-tag", "noindex")] {
        assert_eq!(menu.header(name), Some(value));
    }
    let page = browser.finds(ON_TIME).await.text();
    let grouped = format!("{} {} {}", &ON_TIME[..4], &ON_TIME[4..8], &ON_TIME[8..]);
    assert!(
        page.contains(&grouped) && page.contains("Expected no later than") && page.contains("The usual time rests on:"),
        "{page}"
    );
    assert!(!page.contains("data-watched"));
    assert_eq!(browser.post("/help/account/transaction/watch", "").await.status, 303);
    assert!(browser.get("/help/account/transaction").await.text().contains("data-watched"));

    let refused = browser.post("/help/account/transaction", &format!("transaction={FOREIGN}")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("We cannot find such a transaction of yours"), "somebody else's is nobody's");
    assert_eq!(browser.post("/help/account/transaction", "transaction=261101000015").await.status, 422);
    browser.post("/help/account/leave", "").await;

    let (contact, timeline) = contact(&hotline, |contact| !contact["ended_at"].is_null()).await;
    assert_eq!(contact["channel"], "form");
    assert_eq!(
        (&contact["level"], &contact["disposition"], &contact["line"]),
        (&"A2".into(), &"info_only".into(), &"8000".into())
    );
    let of = |kind: &str| -> Vec<&Value> { timeline.iter().filter(|line| line["kind"] == kind).collect() };
    assert_eq!((&of("keyed")[0]["digits"], &of("keyed")[1]["digits"]), (&"+86 190****0001".into(), &"••••••".into()));
    assert_eq!(of("verified").iter().map(|line| &line["to"]).collect::<Vec<_>>(), ["A1", "A2"]);
    let acts: Vec<_> = of("wallet_act").iter().map(|line| format!("{} {}", line["operation"], line["outcome"])).collect();
    let wanted = ["transaction_status on_time", "watch_transaction started", "transaction_status not_found"];
    assert_eq!(acts.iter().map(|act| act.replace('"', "")).collect::<Vec<_>>(), wanted);
    assert_eq!(of("ended").len(), 1);
}

#[tokio::test]
async fn pages_for_a_number_that_is_registered_and_one_that_is_not_are_the_same_bytes() {
    let hotline = Hotline::start().await;
    let mut seen = Vec::new();
    for msisdn in [LI_NA, NOBODY, ZHAO_LEI] {
        let mut browser = Browser::new(&hotline);
        let mut pages = vec![browser.names(msisdn).await];
        pages.push(browser.post("/help/account/code/again", "").await);
        for _ in 0..3 {
            pages.push(browser.post("/help/account/code", "code=000000").await);
        }
        pages.push(browser.get("/help/account").await);
        seen.push(pages.iter().map(|page| (page.status, page.text())).collect::<Vec<_>>());
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
    assert!(seen[0][3].1.contains("That did not verify you"));
    let (status, last) = &seen[0][4];
    assert!(
        *status == 200 && last.contains("A person goes on from here") && last.contains("tel:"),
        "the third leads to a person"
    );
    assert!(seen[0][5].1.contains("name=\"number\""), "and the session is over");
}

#[tokio::test]
async fn who_knows_the_session_from_before_the_code_has_no_way_in_after_it() {
    let hotline = Hotline::start().await;
    let mut browser = Browser::new(&hotline);
    let reply = browser.post("/help/account", "wallet=jinqiao&number=190+0000+0001").await;
    let set = reply.header("set-cookie").unwrap().to_owned();
    for word in ["; Path=/help/account;", "; HttpOnly;", "; SameSite=Strict"] {
        assert!(set.contains(word), "{set}");
    }
    let before = browser.cookie.clone();
    let code = code(&hotline, LI_NA).await;
    browser.post("/help/account/code", &format!("code={code}")).await;
    assert_ne!(browser.cookie, before);
    assert!(browser.get("/help/account").await.text().contains("You are verified"));
    let mut planted = Browser { hotline: &hotline, cookie: before };
    assert!(!planted.get("/help/account").await.text().contains("You are verified"));
    let mut made_up = Browser { hotline: &hotline, cookie: format!("walletline_account={}", "a".repeat(64)) };
    assert_eq!(made_up.post("/help/account/transaction", "transaction=000014").await.status, 401);
}

#[tokio::test]
async fn a_page_of_another_site_can_have_nothing_done() {
    let hotline = Hotline::start().await;
    let mut browser = Browser::verified(&hotline, LI_NA).await;
    for origin in ["https://evil.example", "null"] {
        for path in ["/help/account", "/help/account/leave", "/help/account/transaction/watch"] {
            let headers = [("Origin", origin), ("Content-Type", "application/x-www-form-urlencoded")];
            let reply = browser.send("POST", path, &headers, "wallet=jinqiao&number=19000000001").await;
            assert_eq!(reply.status, 403, "{origin} {path}");
        }
    }
    assert!(browser.get("/help/account").await.text().contains("You are verified"), "nothing was done");
}

#[tokio::test]
async fn a_visit_that_is_left_alone_is_over() {
    let hotline = Hotline::start().await;
    let mut browser = Browser::verified(&hotline, LI_NA).await;
    browser.finds(ON_TIME).await;
    hotline.clock.advance(Span::from_s(14 * 60));
    assert_eq!(browser.get("/help/account/transaction").await.status, 200);
    hotline.clock.advance(Span::from_s(15 * 60));
    let late = browser.get("/help/account/transaction").await;
    assert_eq!(late.status, 401);
    assert!(late.text().contains("Your visit has ended") && !late.text().contains(&ON_TIME[8..]));
    assert_eq!(browser.cookie, "walletline_account=");
}

#[tokio::test]
async fn a_refund_that_is_sent_twice_is_asked_for_once_and_can_be_followed() {
    let hotline = Hotline::start().await;
    let mut browser = Browser::verified(&hotline, LI_NA).await;
    browser.finds(PAID).await;
    assert_eq!(browser.post("/help/account/refund", "").await.header("location"), Some("/help/account/refund"));
    let page = browser.get("/help/account/refund").await.text();
    let offer = page.split("name=\"offer\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(page.contains("data-amount"), "{page}");
    let form = format!("offer={offer}&code=");
    let mut twin = Browser { hotline: &hotline, cookie: browser.cookie.clone() };
    let (first, second) =
        tokio::join!(browser.post("/help/account/refund/request", &form), twin.post("/help/account/refund/request", &form));
    assert_eq!((first.status, second.status), (303, 303));
    let page = browser.get("/help/account/refund").await.text();
    assert!(page.contains("Your refund request is noted") && page.contains("Before anything goes back"), "{page}");
    assert_eq!(hotline.store.open_refunds_of("jinqiao", PAID).await.unwrap().len(), 1);
    let link = page.split("href=\"").find(|rest| rest.contains("/help/refunds/")).unwrap().split('"').next().unwrap();
    let tracked = hotline.get(&link[link.find("/help/refunds/").unwrap()..]).await;
    assert_eq!(tracked.status, 200);
    assert!(tracked.text().contains("data-state=\"awaiting_approval\""), "{}", tracked.text());
}

#[tokio::test]
async fn visits_from_one_address_are_bounded() {
    let hotline = Hotline::start().await;
    let mut statuses = Vec::new();
    for _ in 0..11 {
        let mut browser = Browser::new(&hotline);
        statuses.push(browser.post("/help/account", "wallet=jinqiao&number=12").await.status);
    }
    assert_eq!((statuses[9], statuses[10]), (422, 429));
}

/// The reference that a page shows.
fn reference(page: &str) -> String {
    let words = page.split(|c: char| !c.is_ascii_alphanumeric());
    words.map(str::to_owned).find(|word| word.len() == 10 && word.starts_with('R')).unwrap()
}

/// How the wallet has a customer's account now.
async fn sub_status(hotline: &Hotline, msisdn: &str) -> String {
    let customers = hotline.get("/demo/api/customers").await.json();
    let customer = customers.as_array().unwrap().iter().find(|customer| customer["msisdn"] == msisdn).unwrap().clone();
    customer["sub_status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_locked_account_is_unlocked_on_the_page_and_one_that_needs_more_has_a_case() {
    let hotline = Hotline::start().await;
    let mut wang_wei = Browser::verified(&hotline, "+8619000000002").await;
    assert!(wang_wei.get("/help/account/acts/unlock").await.text().contains("One-time code"), "everybody is asked");
    let asked = wang_wei.post("/help/account/acts/unlock", "code=").await;
    assert_eq!((asked.status, asked.header("location")), (303, Some("/help/account/done")));
    let done = wang_wei.get("/help/account/done").await.text();
    assert!(done.contains("data-state=\"done\"") && done.contains("Your account is unlocked"), "{done}");
    assert_eq!(sub_status(&hotline, "+8619000000002").await, "none");

    let mut chen_jing = Browser::verified(&hotline, "+8619000000005").await;
    chen_jing.post("/help/account/acts/unlock", "code=").await;
    let declined = chen_jing.get("/help/account/done").await.text();
    assert!(declined.contains("It needs more proof that it is you") && declined.contains("tel:"), "{declined}");
    let case = hotline.log_in("agent1").await.get(&format!("/api/v1/cases/{}", reference(&declined))).await.json();
    assert_eq!((&case["kind"], &case["state"]), (&"account".into(), &"open".into()));
    assert_eq!(sub_status(&hotline, "+8619000000005").await, "fraud_lock");
}

#[tokio::test]
async fn a_number_is_enough_for_a_freeze_and_for_nothing_else_and_its_page_tells_nothing() {
    let hotline = Hotline::start().await;
    let mut pages = Vec::new();
    for msisdn in [LI_NA, NOBODY] {
        let mut browser = Browser::new(&hotline);
        browser.names(msisdn).await;
        for act in ["unlock", "reset_password", "revoke_sessions", "secure_account"] {
            let refused = browser.post(&format!("/help/account/acts/{act}"), "code=").await;
            assert_eq!((refused.status, refused.header("location")), (303, Some("/help/account")), "{act}");
        }
        assert_eq!(browser.post("/help/account/acts/freeze", "").await.header("location"), Some("/help/account/done"));
        let page = browser.get("/help/account/done").await.text();
        pages.push(page.replace(&reference(&page), "R"));
    }
    assert!(pages[0].contains("data-state=\"done\""), "{}", pages[0]);
    assert_eq!(pages[0], pages[1]);
    assert_eq!(sub_status(&hotline, LI_NA).await, "frozen_by_hotline");
}
