//! From a ringing offer to the end of the wrap-up, as a desk goes through it.

use crate::harness::{Desk, Hotline, Person};
use serde_json::{Value, json};
use walletline_core::kernel::ids::LegId;
use walletline_core::switchboard::event::LegEnd;

/// A ready agent's desk is offered a call; gives the offer.
async fn offered(hotline: &Hotline, agent: &Person<'_>, desk: &mut Desk) -> (LegId, Value) {
    agent.ready().await;
    let caller = hotline.caller("+8613812345678").await;
    (caller, desk.event("offer_made").await["offer"].clone())
}

/// Accepts an offer and stands in for the desk's audio.
pub(crate) async fn talk(hotline: &Hotline, agent: &Person<'_>, desk: &mut Desk) -> (LegId, LegId, String) {
    let (caller, offer) = offered(hotline, agent, desk).await;
    let path = format!("/api/v1/offers/{}/accept", offer["id"].as_str().unwrap());
    let reply = agent.act("POST", &path).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let accepted = reply.json();
    assert_eq!(accepted["contact"], offer["contact"]["id"]);
    let leg: LegId = accepted["leg"].as_str().unwrap().parse().unwrap();
    hotline.answered(leg, "PCMU").await;
    hotline.heard_everything(leg).await;
    hotline.heard_everything(caller).await;
    let talking = |message: &Value| {
        message["event"]["kind"] == "contact_changed" && message["event"]["contact"]["connected_at"].is_string()
    };
    desk.until(talking).await;
    (caller, leg, accepted["contact"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn an_offer_shows_what_the_menu_learned_and_no_number_in_clear() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (mut desk, _) = agent.desk().await;
    let (_, offer) = offered(&hotline, &agent, &mut desk).await;
    assert_eq!(offer["agent"], agent.me["id"]);
    let contact = &offer["contact"];
    assert_eq!(contact["caller"], "+86 138****5678");
    assert_eq!(contact["line"], "8000");
    assert_eq!(contact["wallet"], "jinqiao");
    assert_eq!(contact["channel"], "voice");
    assert_eq!(contact["language"], "en");
    assert_eq!(contact["queue"], "jinqiao-general");
    assert!(contact["queued_at"].as_str().unwrap().ends_with('Z'));
    assert!(!offer.to_string().contains("12345678"));
}

#[tokio::test]
async fn a_call_goes_from_the_offer_to_the_end_of_its_wrap_up() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (mut desk, _) = agent.desk().await;
    let (caller, leg, contact) = talk(&hotline, &agent, &mut desk).await;
    assert_eq!(agent.get("/api/v1/me/state").await.json(), json!({ "state": "talking" }));
    let busy = agent.write("PUT", "/api/v1/me/state", &json!({ "state": "ready" })).await;
    busy.is_problem(409, "busy");

    let at = |end: &str| format!("/api/v1/contacts/{contact}{end}");
    assert_eq!(agent.act("POST", &at("/hangup")).await.status, 204);
    hotline.ended(caller, LegEnd::LocalHangup).await;
    hotline.ended(leg, LegEnd::LocalHangup).await;
    let ended = desk.until(|message| message["type"] == "rtc.ended").await;
    assert_eq!(ended["leg"], leg.to_string());
    assert_eq!(agent.get("/api/v1/me/state").await.json(), json!({ "state": "wrap_up" }));

    let reply = agent.write("PUT", &at("/wrap-up"), &json!({ "code": "resolved", "note": "told how long it takes" })).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!((&reply.json()["code"], &reply.json()["note"]), (&json!("resolved"), &json!("told how long it takes")));
    assert_eq!(agent.get("/api/v1/me/state").await.json(), json!({ "state": "ready" }));
    agent.act("POST", &at("/hangup")).await.is_problem(409, "not-your-contact");
}

#[tokio::test]
async fn a_declined_offer_goes_to_the_next_agent() {
    let hotline = Hotline::start().await;
    let (first, second) = (hotline.log_in("agent1").await, hotline.log_in("agent2").await);
    let ((mut first_desk, _), (mut second_desk, _)) = (first.desk().await, second.desk().await);
    let (_, offer) = offered(&hotline, &first, &mut first_desk).await;
    second.ready().await;
    let decline = format!("/api/v1/offers/{}/decline", offer["id"].as_str().unwrap());
    assert_eq!(first.act("POST", &decline).await.status, 204);
    let ended = first_desk.event("offer_ended").await;
    assert_eq!((&ended["offer"], &ended["outcome"]), (&offer["id"], &json!("declined")));
    let next = second_desk.event("offer_made").await;
    assert_eq!(next["offer"]["contact"]["id"], offer["contact"]["id"]);
    first.act("POST", &decline).await.is_problem(409, "offer-over");
}

#[tokio::test]
async fn nobody_takes_an_offer_that_is_not_theirs_or_not_there() {
    let hotline = Hotline::start().await;
    let (agent, other) = (hotline.log_in("agent1").await, hotline.log_in("agent2").await);
    let (mut desk, _) = agent.desk().await;
    let (_, offer) = offered(&hotline, &agent, &mut desk).await;
    let accept = format!("/api/v1/offers/{}/accept", offer["id"].as_str().unwrap());
    other.act("POST", &accept).await.is_problem(409, "offer-over");
    hotline.send("POST", &accept, &[("X-Walletline", "1")], b"").await.is_problem(401, "not-logged-in");
    agent.act("POST", "/api/v1/offers/of_0/accept").await.is_problem(404, "not-found");
    let unknown = "/api/v1/offers/of_00000000000000000000000000/accept";
    agent.act("POST", unknown).await.is_problem(409, "offer-over");
}

#[tokio::test]
async fn a_desk_that_sends_nonsense_as_its_call_is_told_that_the_leg_is_over() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (mut desk, _) = agent.desk().await;
    let (_, offer) = offered(&hotline, &agent, &mut desk).await;
    let accept = format!("/api/v1/offers/{}/accept", offer["id"].as_str().unwrap());
    let leg = agent.act("POST", &accept).await.json()["leg"].clone();
    desk.say(&json!({ "type": "rtc.offer", "leg": leg, "sdp": "v=0" })).await;
    let ended = desk.until(|message| message["type"] == "rtc.ended").await;
    assert_eq!(ended["leg"], leg);
}
