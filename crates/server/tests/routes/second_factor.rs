//! What staff show besides a password: setting it up, logging in with it, losing it, and showing it once more.

use crate::harness::{Hotline, PASSWORD, Person, Reply};
use hmac::{Hmac, KeyInit, Mac as _};
use serde_json::{Value, json};
use sha1::Sha1;
use walletline_core::agent::{SecondFactor, Shown};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::StaffId;
use walletline_core::kernel::time::{Span, Wall};

/// The code an authenticator with this seed shows, as RFC 6238 has it.
fn code(secret: &str, now: Wall) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = secret.chars().map(|c| format!("{:05b}", alphabet.find(c).unwrap())).collect();
    let key: Vec<u8> = (0..bits.len() / 8).map(|at| u8::from_str_radix(&bits[at * 8..at * 8 + 8], 2).unwrap()).collect();
    let step = u64::try_from(now.0).unwrap() / 30_000_000;
    let hash = <Hmac<Sha1> as KeyInit>::new_from_slice(&key).unwrap().chain_update(step.to_be_bytes()).finalize().into_bytes();
    let start = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[start..start + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// Somebody who has set a second factor up.
pub(crate) struct Enrolled {
    pub(crate) secret: String,
    recovery: Vec<String>,
    pub(crate) cookie: String,
}

pub(crate) async fn enrol(hotline: &Hotline, cookie: &str) -> Enrolled {
    let offered = with(hotline, cookie, "POST", "/api/v1/session/second-factor", &Value::Null).await;
    assert_eq!(offered.status, 200, "{}", offered.text());
    let secret = offered.json()["secret"].as_str().unwrap().to_owned();
    assert!(offered.json()["qr_svg"].as_str().unwrap().contains("<svg"));
    let body = json!({ "code": code(&secret, hotline.clock.wall()) });
    let reply = with(hotline, cookie, "PUT", "/api/v1/session/second-factor", &body).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let recovery =
        reply.json()["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    Enrolled { secret, recovery, cookie: reply.cookie() }
}

async fn with(hotline: &Hotline, cookie: &str, method: &str, path: &str, body: &Value) -> Reply {
    let headers = [("X-Walletline", "1"), ("Content-Type", "application/json"), ("Cookie", cookie)];
    hotline.send(method, path, &headers, body.to_string().as_bytes()).await
}

async fn read(hotline: &Hotline, cookie: &str, path: &str) -> Reply {
    hotline.send("GET", path, &[("Cookie", cookie)], b"").await
}

pub(crate) async fn confirm(hotline: &Hotline, cookie: &str, body: &Value) -> Reply {
    with(hotline, cookie, "POST", "/api/v1/session/confirm", body).await
}

/// The next code: of a later step than any before.
pub(crate) fn next(hotline: &Hotline, secret: &str) -> Value {
    hotline.clock.advance(Span::from_s(30));
    json!({ "code": code(secret, hotline.clock.wall()) })
}

async fn factor(hotline: &Hotline, user: &str) -> (StaffId, i64, SecondFactor) {
    let (_, staff) = hotline.store.staff_by_user(user).await.unwrap().unwrap();
    let (version, factor) = hotline.store.second_factor(staff.id).await.unwrap();
    (staff.id, version, factor)
}

#[tokio::test]
async fn whoever_has_a_second_factor_is_asked_for_it_and_nothing_is_open_before() {
    let hotline = Hotline::start().await;
    let person = hotline.log_in("agent1").await;
    assert_eq!((&person.me["missing"], &person.me["second_factor"]), (&Value::Null, &json!(false)));
    let enrolled = enrol(&hotline, &person.cookie).await;
    assert_ne!(enrolled.cookie, person.cookie, "the session goes on under another token");
    person.get("/api/v1/session").await.is_problem(401, "not-logged-in");
    assert_eq!(read(&hotline, &enrolled.cookie, "/api/v1/contacts").await.status, 200);

    let half = hotline.log_in("agent1").await;
    assert_eq!((&half.me["missing"], &half.me["second_factor"]), (&json!("second_factor"), &json!(true)));
    for path in ["/api/v1/contacts", "/api/v1/me/state", "/api/v1/callbacks"] {
        half.get(path).await.is_problem(403, "second-factor-needed");
    }
    for (method, path) in [("POST", "/api/v1/session/second-factor"), ("POST", "/api/v1/session/recovery-codes")] {
        assert_eq!(half.act(method, path).await.status, 403, "{path}: a password alone replaces nothing");
    }
    assert_eq!(half.act("DELETE", "/api/v1/session/second-factor").await.status, 403);
    confirm(&hotline, &half.cookie, &json!({ "password": PASSWORD })).await.is_problem(422, "invalid-input");

    let shown = next(&hotline, &enrolled.secret);
    let reply = confirm(&hotline, &half.cookie, &shown).await;
    assert_eq!((reply.status, &reply.json()["missing"]), (200, &Value::Null), "{}", reply.text());
    assert_eq!(read(&hotline, &reply.cookie(), "/api/v1/contacts").await.status, 200);
    half.get("/api/v1/session").await.is_problem(401, "not-logged-in");

    // Whoever saw the code being typed has no use for it.
    let thief = hotline.log_in("agent1").await;
    confirm(&hotline, &thief.cookie, &shown).await.is_problem(401, "wrong-code");
    thief.get("/api/v1/contacts").await.is_problem(403, "second-factor-needed");
}

#[tokio::test]
async fn of_two_who_show_one_code_at_once_one_comes_in() {
    let hotline = Hotline::start().await;
    let enrolled = enrol(&hotline, &hotline.log_in("agent1").await.cookie).await;
    let (one, two) = (hotline.log_in("agent1").await, hotline.log_in("agent1").await);
    let shown = next(&hotline, &enrolled.secret);
    let (a, b) = tokio::join!(confirm(&hotline, &one.cookie, &shown), confirm(&hotline, &two.cookie, &shown));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401], "{} {}", a.text(), b.text());
}

#[tokio::test]
async fn a_recovery_code_opens_once_and_renewing_ends_those_before() {
    let hotline = Hotline::start().await;
    let enrolled = enrol(&hotline, &hotline.log_in("agent1").await.cookie).await;
    assert_eq!(enrolled.recovery.len(), 10);
    let half = hotline.log_in("agent1").await;
    let body = json!({ "recovery_code": enrolled.recovery[4].to_lowercase() });
    let reply = confirm(&hotline, &half.cookie, &body).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let again = hotline.log_in("agent1").await;
    confirm(&hotline, &again.cookie, &body).await.is_problem(401, "wrong-code");
    let renewed = with(&hotline, &reply.cookie(), "POST", "/api/v1/session/recovery-codes", &Value::Null).await;
    assert_eq!(renewed.status, 200, "{}", renewed.text());
    let old = json!({ "recovery_code": enrolled.recovery[5] });
    confirm(&hotline, &again.cookie, &old).await.is_problem(401, "wrong-code");
    let new = json!({ "recovery_code": renewed.json()["recovery_codes"][0] });
    assert_eq!(confirm(&hotline, &again.cookie, &new).await.status, 200);
}

#[tokio::test]
async fn wrong_codes_are_counted_in_the_row_and_a_locked_factor_takes_no_right_one() {
    let hotline = Hotline::start().await;
    let enrolled = enrol(&hotline, &hotline.log_in("agent1").await.cookie).await;
    let half = hotline.log_in("agent1").await;
    for wrong in [json!({ "code": "00000" }), json!({ "recovery_code": "AAAA-AAAA-AAAA-AAAA" })] {
        confirm(&hotline, &half.cookie, &wrong).await.is_problem(401, "wrong-code");
    }
    let (staff, version, row) = factor(&hotline, "agent1").await;
    assert_eq!(row.misses, 2);
    // Four misses, written by another run of the program: the fifth locks it.
    let entry = Entry::new(hotline.clock.wall(), Actor::System, "second_factor.refused", staff);
    let four = Change::SecondFactor(version, Box::new(SecondFactor { misses: 4, ..row }));
    hotline.store.commit(Commit::new(entry, vec![four])).await.unwrap();
    confirm(&hotline, &half.cookie, &json!({ "code": "00000" })).await.is_problem(401, "wrong-code");
    let right = next(&hotline, &enrolled.secret);
    let reply = confirm(&hotline, &half.cookie, &right).await;
    reply.is_problem(429, "too-many-requests");
    let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((800..=901).contains(&wait), "{wait}");
    hotline.clock.advance(Span::from_s(901));
    let half = hotline.log_in("agent1").await;
    let reply = confirm(&hotline, &half.cookie, &next(&hotline, &enrolled.secret)).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
}

#[tokio::test]
async fn a_role_that_needs_a_second_factor_sets_one_up_before_anything_else() {
    let hotline = Hotline::start_with("[staff]\nsecond_factor = [\"agent\"]", true).await;
    let half = hotline.log_in("agent1").await;
    assert_eq!((&half.me["missing"], &half.me["second_factor_required"]), (&json!("enrolment"), &json!(true)));
    half.get("/api/v1/contacts").await.is_problem(403, "enrolment-needed");
    confirm(&hotline, &half.cookie, &json!({ "password": PASSWORD })).await.is_problem(422, "invalid-input");
    confirm(&hotline, &half.cookie, &json!({ "code": "123456" })).await.is_problem(409, "no-second-factor");
    let early = with(&hotline, &half.cookie, "PUT", "/api/v1/session/second-factor", &json!({ "code": "123456" })).await;
    early.is_problem(409, "nothing-offered");
    let enrolled = enrol(&hotline, &half.cookie).await;
    assert_eq!(read(&hotline, &enrolled.cookie, "/api/v1/contacts").await.status, 200);
    let removed = with(&hotline, &enrolled.cookie, "DELETE", "/api/v1/session/second-factor", &Value::Null).await;
    removed.is_problem(409, "second-factor-required");
    assert_eq!(hotline.log_in("lead1").await.me["missing"], Value::Null, "other roles are not asked");
}

#[tokio::test]
async fn a_token_that_was_planted_is_never_taken_up() {
    let hotline = Hotline::start().await;
    let planted = format!("walletline_session={}", "ab".repeat(32));
    let body = json!({ "user": "agent1", "password": PASSWORD });
    let reply = with(&hotline, &planted, "POST", "/api/v1/session", &body).await;
    assert_eq!(reply.status, 200);
    assert_ne!(reply.cookie(), planted);
    read(&hotline, &planted, "/api/v1/session").await.is_problem(401, "not-logged-in");
    // Nor does a token that was good before the step up stay so after it.
    let before = reply.cookie();
    let after = confirm(&hotline, &before, &json!({ "password": PASSWORD })).await;
    assert_eq!(after.status, 200, "{}", after.text());
    assert_ne!(after.cookie(), before);
    read(&hotline, &before, "/api/v1/session").await.is_problem(401, "not-logged-in");
    assert_eq!(read(&hotline, &after.cookie(), "/api/v1/session").await.status, 200);
}

#[tokio::test]
async fn an_unfinished_session_is_short_and_a_finished_one_keeps_its_end() {
    let hotline = Hotline::start_with("[staff]\nsession_h = 2\n[staff.agent]\nsession_h = 4", true).await;
    let max_age = |reply: &Reply| {
        let cookie = reply.header("set-cookie").unwrap();
        let (_, rest) = cookie.split_once("Max-Age=").unwrap();
        rest.split_once(';').unwrap().0.parse::<u64>().unwrap()
    };
    let body = json!({ "user": "agent1", "password": PASSWORD });
    let full = hotline.write("POST", "/api/v1/session", &body).await;
    assert_eq!(max_age(&full), 4 * 3_600);
    let enrolled = enrol(&hotline, &full.cookie()).await;
    let half = hotline.write("POST", "/api/v1/session", &body).await;
    assert_eq!(max_age(&half), 15 * 60);
    let done = confirm(&hotline, &half.cookie(), &next(&hotline, &enrolled.secret)).await;
    assert_eq!(max_age(&done), 4 * 3_600);
    hotline.clock.advance(Span::from_s(3_600));
    let again = confirm(&hotline, &done.cookie(), &next(&hotline, &enrolled.secret)).await;
    assert!((3 * 3_600 - 60..=3 * 3_600).contains(&max_age(&again)), "{}", max_age(&again));
    let half = hotline.write("POST", "/api/v1/session", &body).await;
    hotline.clock.advance(Span::from_s(15 * 60));
    confirm(&hotline, &half.cookie(), &next(&hotline, &enrolled.secret)).await.is_problem(401, "not-logged-in");
}

#[tokio::test]
async fn neither_seeds_nor_codes_stand_in_the_database() {
    let hotline = Hotline::start().await;
    let enrolled = enrol(&hotline, &hotline.log_in("agent1").await.cookie).await;
    let (_, _, row) = factor(&hotline, "agent1").await;
    let kept = row.authenticator.unwrap().seed;
    assert!(kept.expose().starts_with("1:") && !kept.expose().contains(&enrolled.secret));
    let mut all = std::fs::read(hotline.database()).unwrap();
    let mut wal = hotline.database().into_os_string();
    wal.push("-wal");
    all.extend(std::fs::read(wal).unwrap_or_default());
    let holds = |text: &str| all.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds(kept.expose()), "the right file was read");
    for secret in enrolled.recovery.iter().chain([&enrolled.secret]) {
        assert!(!holds(secret) && !holds(&secret.replace('-', "")));
    }
}

#[tokio::test]
async fn what_needs_a_fresh_factor_says_so_and_takes_it_for_five_minutes() {
    let hotline = Hotline::start().await;
    let admin = hotline.log_in("admin").await;
    let (agent, ..) = factor(&hotline, "agent2").await;
    let path = format!("/api/v1/staff/{agent}/certificates/refund-checker");
    let ends = Wall(hotline.clock.wall().0 + 30 * 24 * 3_600 * 1_000_000);
    let body = json!({ "score": 90, "expires_at": jiff::Timestamp::from_microsecond(ends.0).unwrap().to_string() });
    assert_eq!(with(&hotline, &admin.cookie, "PUT", &path, &body).await.status, 204, "the log-in is fresh");
    hotline.clock.advance(Span::from_s(300));
    with(&hotline, &admin.cookie, "PUT", &path, &body).await.is_problem(403, "fresh-factor-needed");
    let (_, _, none) = factor(&hotline, "admin").await;
    assert!(none.authenticator.is_none());
    confirm(&hotline, &admin.cookie, &json!({ "password": "wrong" })).await.is_problem(401, "wrong-credentials");
    let shown = confirm(&hotline, &admin.cookie, &json!({ "password": PASSWORD })).await;
    assert_eq!(with(&hotline, &shown.cookie(), "PUT", &path, &body).await.status, 204);
    let found = hotline.store.session(&token_hash(&shown.cookie())).await.unwrap().unwrap();
    assert_eq!(found.session.shown, Shown::Password);
}

fn token_hash(cookie: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let token = cookie.strip_prefix("walletline_session=").unwrap();
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn an_admin_resets_a_lost_one_and_its_sessions_end() {
    let hotline = Hotline::start().await;
    let enrolled = enrol(&hotline, &hotline.log_in("agent1").await.cookie).await;
    let (agent, ..) = factor(&hotline, "agent1").await;
    let path = format!("/api/v1/staff/{agent}/second-factor");
    for user in ["agent2", "lead1", "auditor1"] {
        hotline.log_in(user).await.act("DELETE", &path).await.is_problem(403, "forbidden");
    }
    let admin = hotline.log_in("admin").await;
    assert_eq!(admin.act("DELETE", &path).await.status, 204);
    admin.act("DELETE", &path).await.is_problem(409, "no-second-factor");
    read(&hotline, &enrolled.cookie, "/api/v1/session").await.is_problem(401, "not-logged-in");
    assert_eq!(hotline.log_in("agent1").await.me["missing"], Value::Null);
    let audit: Person<'_> = hotline.log_in("auditor1").await;
    let entries = audit.get(&format!("/api/v1/audit?subject={agent}")).await.json();
    let actions: Vec<&str> = entries.as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    for action in ["second_factor.offered", "second_factor.enrolled", "second_factor.reset"] {
        assert!(actions.contains(&action), "{actions:?}");
    }
}
