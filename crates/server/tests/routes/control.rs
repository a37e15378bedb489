//! What an agent does with a call at hand, as a desk asks for it.

use crate::contacts::{on_record, timeline_with};
use crate::harness::{Desk, Hotline, Person};
use crate::offers::talk;
use serde_json::{Value, json};
use walletline_core::agent::{Staff, Teams};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::LegId;
use walletline_core::switchboard::event::{Event, LegEnd};

async fn state(agent: &Person<'_>) -> Value {
    agent.get("/api/v1/me/state").await.json()["state"].clone()
}

#[tokio::test]
async fn a_customer_is_put_on_hold_and_taken_back() {
    let hotline = Hotline::start().await;
    let (agent, other) = (hotline.log_in("agent1").await, hotline.log_in("agent2").await);
    let (mut desk, _) = agent.desk().await;
    let (caller, leg, contact) = talk(&hotline, &agent, &mut desk).await;
    let at = |end: &str| format!("/api/v1/contacts/{contact}{end}");

    other.act("POST", &at("/hold")).await.is_problem(409, "not-your-contact");
    assert_eq!(agent.act("POST", &at("/hold")).await.status, 204);
    let held = desk.event("contact_changed").await;
    assert!(held["contact"]["held_at"].is_string(), "{held}");
    assert_eq!(state(&agent).await, json!("hold"));
    assert_eq!(agent.act("POST", &at("/hold")).await.status, 204, "both desk and phone may ask");

    assert_eq!(agent.act("POST", &at("/resume")).await.status, 204);
    let taken_back = desk.event("contact_changed").await;
    assert_eq!(taken_back["contact"]["held_at"], Value::Null);
    assert_eq!(state(&agent).await, json!("talking"));

    assert_eq!(agent.act("POST", &at("/hold")).await.status, 204);
    hotline.ended(caller, LegEnd::RemoteHangup).await;
    hotline.ended(leg, LegEnd::LocalHangup).await;
    assert_eq!(state(&agent).await, json!("wrap_up"));
    let record = on_record(&agent, &contact).await;
    assert!(record["ended_at"].is_string());
    let lines = agent.get(&at("/timeline")).await.json();
    let kinds: Vec<&str> = lines.as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap()).collect();
    let of_hold: Vec<&str> = kinds.into_iter().filter(|kind| matches!(*kind, "held" | "resumed")).collect();
    assert_eq!(of_hold, ["held", "resumed", "held"]);
}

/// A second agent at a desk, ready.
async fn colleague<'h>(hotline: &'h Hotline) -> (Person<'h>, Desk) {
    let other = hotline.log_in("agent2").await;
    let (desk, _) = other.desk().await;
    other.ready().await;
    (other, desk)
}

/// Takes the offer of another agent's call, and stands in for the desk's audio.
async fn comes_in(hotline: &Hotline, other: &Person<'_>, desk: &mut Desk, mode: &str) -> LegId {
    let offer = desk.event("offer_made").await["offer"].clone();
    assert_eq!(offer["asked_by"], json!({ "number": "1024", "mode": mode }), "{offer}");
    let reply = other.act("POST", &format!("/api/v1/offers/{}/accept", offer["id"].as_str().unwrap())).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let leg: LegId = reply.json()["leg"].as_str().unwrap().parse().unwrap();
    hotline.answered(leg, "opus").await;
    leg
}

#[tokio::test]
async fn a_call_goes_outside_to_the_numbers_of_its_wallet_alone() {
    let carrier = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let target = carrier.local_addr().unwrap();
    let trunk = format!("[[trunk]]\nid = \"carrier\"\ntargets = [\"{target}\"]\nallow = [\"+86*\"]\nprobe_s = 0\n");
    let number = |id: &str, wallet: &str| {
        format!(
            "[[transfer]]\nid = \"{id}\"\nwallet = \"{wallet}\"\nname = {{ \"zh-CN\" = \"银行\", en = \"Bank\" }}\nnumber = \"+861088880000\"\n"
        )
    };
    let hotline = Hotline::start_with(&(trunk + &number("bank", "jinqiao") + &number("insurer", "harbor")), true).await;
    let agent = hotline.log_in("agent1").await;
    let (mut desk, _) = agent.desk().await;
    let (caller, _, contact) = talk(&hotline, &agent, &mut desk).await;
    let at = |end: &str| format!("/api/v1/contacts/{contact}{end}");
    let ask = async |outside: &str| {
        let body = json!({ "to": { "outside": outside }, "mode": "attended" });
        agent.write("POST", &at("/transfer"), &body).await
    };
    let name = json!({ "zh-CN": "银行", "en": "Bank" });
    let targets = agent.get(&at("/transfer-targets")).await.json();
    assert_eq!(targets["outside"], json!([{ "id": "bank", "name": name, "number": "+861088880000", "open": true }]));
    ask("insurer").await.is_problem(409, "unknown-target");
    ask("+861088880000").await.is_problem(409, "unknown-target");

    assert_eq!(ask("bank").await.status, 204);
    let asked = desk.until(|message| message["event"]["contact"]["asked"].is_object()).await;
    let outside = json!({ "id": "bank", "name": name });
    let expected = json!({ "number": "bank", "mode": "attended", "outside": outside, "rings": false, "told": false });
    assert_eq!(asked["event"]["contact"]["asked"], expected);
    let mut invite = vec![0; 4_096];
    let length = carrier.recv(&mut invite).await.unwrap();
    let invite = String::from_utf8_lossy(&invite[..length]).into_owned();
    assert!(invite.starts_with("INVITE sip:+861088880000@"), "{invite}");
    let from = invite.lines().find(|line| line.starts_with("From:")).unwrap();
    assert!(from.contains("sip:8000@"), "the line is shown: {from}");
    ask("bank").await.is_problem(409, "already-asked");

    assert_eq!(agent.act("POST", &at("/take-back")).await.status, 204);
    desk.until(|message| message["event"]["contact"]["connected_at"].is_string()).await;
    hotline.ended(caller, LegEnd::RemoteHangup).await;
    timeline_with(&agent, &contact, "ended").await;
    let audited = hotline.log_in("auditor1").await.get(&format!("/api/v1/audit?subject={contact}")).await.json();
    let actions: Vec<&str> = audited.as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert!(actions.contains(&"contact.dialled_outside"), "{actions:?}");
}

#[tokio::test]
async fn a_call_goes_to_another_agent_who_takes_it() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (mut desk, _) = agent.desk().await;
    let (caller, leg, contact) = talk(&hotline, &agent, &mut desk).await;
    let at = |end: &str| format!("/api/v1/contacts/{contact}{end}");
    let (other, mut other_desk) = colleague(&hotline).await;

    let targets = agent.get(&at("/transfer-targets")).await.json();
    let found = targets["agents"].as_array().unwrap().iter().find(|each| each["id"] == other.me["id"]).cloned();
    assert_eq!(found, Some(json!({ "id": other.me["id"], "number": "1025", "state": "ready" })));
    assert!(targets["queues"].as_array().unwrap().iter().all(|queue| queue["id"].as_str().unwrap().starts_with("jinqiao-")));
    other.get(&at("/transfer-targets")).await.is_problem(404, "not-found");

    let to = |to: Value, mode: &str| json!({ "to": to, "mode": mode });
    let ask = async |body: Value| agent.write("POST", &at("/transfer"), &body).await;
    ask(to(json!({ "queue": "harbor-general" }), "blind")).await.is_problem(409, "unknown-target");
    ask(to(json!({ "queue": "jinqiao-general" }), "attended")).await.is_problem(422, "invalid-input");
    ask(to(json!({ "agent": "nobody" }), "blind")).await.is_problem(422, "invalid-input");
    ask(to(json!({ "agent": agent.me["id"] }), "blind")).await.is_problem(409, "agent-busy");

    assert_eq!(ask(to(json!({ "agent": other.me["id"] }), "blind")).await.status, 204);
    let asked = desk.until(|message| message["event"]["contact"]["asked"].is_object()).await;
    assert_eq!(asked["event"]["contact"]["asked"], json!({ "number": "1025", "mode": "blind" }));
    let offer = other_desk.event("offer_made").await["offer"].clone();
    let decline = format!("/api/v1/offers/{}/decline", offer["id"].as_str().unwrap());
    assert_eq!(other.act("POST", &decline).await.status, 204);
    let missed = desk.until(|message| message["event"]["contact"]["not_come"].is_object()).await;
    assert_eq!(missed["event"]["contact"]["not_come"], json!({ "number": "1025", "why": "declined" }));
    assert!(missed["event"]["contact"]["held_at"].is_string(), "the customer hears music meanwhile");

    assert_eq!(ask(to(json!({ "agent": other.me["id"] }), "blind")).await.status, 204);
    comes_in(&hotline, &other, &mut other_desk, "blind").await;
    let ended = desk.until(|message| message["type"] == "rtc.ended").await;
    assert_eq!(ended["leg"], leg.to_string());
    assert_eq!(state(&agent).await, json!("wrap_up"));
    hotline.heard_everything(caller).await;
    other_desk.until(|message| message["event"]["contact"]["connected_at"].is_string()).await;
    agent.act("POST", &at("/hold")).await.is_problem(409, "not-your-contact");
    let code = json!({ "code": "transferred", "note": "" });
    assert_eq!(agent.write("PUT", &at("/wrap-up"), &code).await.status, 200);
    assert_eq!(other.act("POST", &at("/hangup")).await.status, 204);
    let lines = timeline_with(&other, &contact, "ended").await;
    let outcomes = lines.as_array().unwrap().iter().filter(|line| line["kind"] == "transferred");
    let outcomes: Vec<_> = outcomes.map(|line| line["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["declined", "completed"]);
}

#[tokio::test]
async fn agents_speak_first_and_then_hand_over() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (mut desk, _) = agent.desk().await;
    let (caller, _, contact) = talk(&hotline, &agent, &mut desk).await;
    let at = |end: &str| format!("/api/v1/contacts/{contact}{end}");
    let (other, mut other_desk) = colleague(&hotline).await;
    agent.act("POST", &at("/leave")).await.is_problem(409, "alone");
    assert_eq!(agent.write("POST", &at("/keys"), &json!({ "digits": "12#" })).await.status, 204);
    agent.write("POST", &at("/keys"), &json!({ "digits": "call" })).await.is_problem(422, "invalid-input");

    let ask = json!({ "to": { "agent": other.me["id"] }, "mode": "attended" });
    assert_eq!(agent.write("POST", &at("/transfer"), &ask).await.status, 204);
    comes_in(&hotline, &other, &mut other_desk, "attended").await;
    let with = desk.until(|message| message["event"]["contact"]["parties"][0].is_object()).await;
    assert_eq!(with["event"]["contact"]["parties"], json!([{ "agent": other.me["id"], "number": "1025", "part": "speaks" }]));
    assert_eq!((state(&agent).await, state(&other).await), (json!("hold"), json!("talking")));
    other.act("POST", &at("/resume")).await.is_problem(409, "not-your-contact");
    agent.write("POST", &at("/keys"), &json!({ "digits": "1" })).await.is_problem(409, "not-connected");

    assert_eq!(agent.act("POST", &at("/resume")).await.status, 204, "all three speak");
    assert_eq!(agent.act("POST", &at("/leave")).await.status, 204);
    assert_eq!((state(&agent).await, state(&other).await), (json!("wrap_up"), json!("talking")));
    hotline.ended(caller, LegEnd::RemoteHangup).await;
    assert_eq!(state(&other).await, json!("wrap_up"));
}

#[tokio::test]
async fn a_reloaded_desk_takes_its_call_up_again() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (mut desk, _) = agent.desk().await;
    let (_, leg, contact) = talk(&hotline, &agent, &mut desk).await;
    let at = |end: &str| format!("/api/v1/contacts/{contact}{end}");
    drop(desk);
    hotline.ended(leg, LegEnd::Vanished).await;
    let (mut desk, snapshot) = agent.desk().await;
    let view = &snapshot["state"]["contacts"][&contact];
    assert_eq!((&view["voice"], &view["leads"]), (&json!("lost"), &json!(true)), "{snapshot}");
    assert!(view["held_at"].is_string());
    agent.act("POST", &at("/resume")).await.is_problem(409, "not-connected");

    let reply = agent.act("POST", &at("/reconnect")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let again: LegId = reply.json()["leg"].as_str().unwrap().parse().unwrap();
    assert_ne!(again, leg);
    hotline.answered(again, "opus").await;
    let back =
        |message: &Value| message["event"]["contact"]["voice"] == "desk" && message["event"]["contact"]["held_at"].is_null();
    desk.until(back).await;
    assert_eq!(state(&agent).await, json!("talking"));
}

#[tokio::test]
async fn a_supervisor_listens_and_the_agent_sees_it() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (mut desk, _) = agent.desk().await;
    let (caller, _, contact) = talk(&hotline, &agent, &mut desk).await;
    let at = |end: &str| format!("/api/v1/contacts/{contact}{end}");
    let (lead, other) = (hotline.log_in("lead1").await, hotline.log_in("agent2").await);
    let mode = |mode: &str| json!({ "mode": mode });
    other.write("POST", &at("/monitor"), &mode("listen")).await.is_problem(403, "forbidden");
    other.act("POST", &at("/take-over")).await.is_problem(403, "forbidden");
    lead.write("POST", &at("/monitor"), &mode("listen")).await.is_problem(409, "answer-on-phone");

    let (_, theirs) = other.desk().await;
    assert_eq!(theirs["state"]["calls"], json!({}), "calls are for supervisors");
    let (mut lead_desk, snapshot) = lead.desk().await;
    let call = &snapshot["state"]["calls"][&contact];
    assert_eq!((&call["lead"], &call["parties"][0]["number"]), (&agent.me["id"], &json!("1024")), "{snapshot}");
    assert!(snapshot["state"]["agents"][other.me["id"].as_str().unwrap()].is_object(), "agents are seen by who leads them");
    assert!(!call.to_string().contains("138"), "no number, not even masked");

    let reply = lead.write("POST", &at("/monitor"), &mode("listen")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let leg: LegId = reply.json()["leg"].as_str().unwrap().parse().unwrap();
    hotline.answered(leg, "opus").await;
    let seen = desk.until(|message| message["event"]["contact"]["parties"][0].is_object()).await;
    let party = json!([{ "agent": lead.me["id"], "number": "1051", "part": "listens" }]);
    assert_eq!(seen["event"]["contact"]["parties"], party);
    let again = lead.write("POST", &at("/monitor"), &mode("whisper")).await.json();
    assert_eq!(again, json!({ "contact": contact }), "no second leg");
    desk.until(|message| message["event"]["contact"]["parties"][0]["part"] == "whispers").await;
    let monitors = |message: &Value| message["event"]["contact"]["monitor"] == "whispers";
    lead_desk.until(monitors).await;

    assert_eq!(lead.act("DELETE", &at("/monitor")).await.status, 204);
    desk.until(|message| message["event"]["contact"]["parties"] == json!([])).await;
    hotline.ended(leg, LegEnd::LocalHangup).await;
    let reply = lead.act("POST", &at("/take-over")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let leg: LegId = reply.json()["leg"].as_str().unwrap().parse().unwrap();
    hotline.answered(leg, "opus").await;
    desk.until(|message| message["type"] == "rtc.ended").await;
    assert_eq!(state(&agent).await, json!("wrap_up"));
    hotline.heard_everything(caller).await;
    hotline.ended(caller, LegEnd::RemoteHangup).await;
    assert_eq!(state(&lead).await, json!("wrap_up"));
}

#[tokio::test]
async fn an_agent_has_a_customer_key_a_code_and_sees_how_it_stands() {
    let hotline = Hotline::start().await;
    let (agent, other) = (hotline.log_in("agent1").await, hotline.log_in("agent2").await);
    let (mut desk, _) = agent.desk().await;
    let (caller, _, contact) = talk(&hotline, &agent, &mut desk).await;
    let at = format!("/api/v1/contacts/{contact}/challenges");
    let ask = json!({ "factor": "sms_code", "number": "19000000001" });
    other.write("POST", &at, &ask).await.is_problem(409, "not-your-contact");
    agent.write("POST", &at, &json!({ "factor": "voice" })).await.is_problem(422, "invalid-input");
    agent.write("POST", &at, &json!({ "factor": "sms_code", "code": "123456" })).await.is_problem(422, "invalid-input");
    agent.write("POST", &at, &json!({ "factor": "sms_code", "number": " " })).await.is_problem(422, "invalid-input");
    agent.write("POST", &at, &json!({ "factor": "number" })).await.is_problem(409, "no-such-factor");
    agent.act("DELETE", &at).await.is_problem(409, "not-challenged");
    assert_eq!(agent.write("POST", &at, &ask).await.status, 204);
    let asked = desk.until(|message| message["event"]["contact"]["challenge"].is_object()).await;
    let shown = &asked["event"]["contact"]["challenge"];
    assert_eq!((&shown["factor"], &shown["tries_left"]), (&json!("sms_code"), &json!(3)), "{shown}");
    agent
        .write("POST", &format!("/api/v1/contacts/{contact}/keys"), &json!({ "digits": "1" }))
        .await
        .is_problem(409, "not-connected");
    agent.write("POST", &at, &ask).await.is_problem(409, "challenged");
    assert_eq!(agent.act("DELETE", &at).await.status, 204);
    desk.until(|message| message["event"]["contact"]["challenge"]["state"] == json!("ended")).await;
    hotline.ended(caller, LegEnd::RemoteHangup).await;
    let lines = timeline_with(&agent, &contact, "ended").await;
    let outcomes: Vec<&Value> =
        lines.as_array().unwrap().iter().filter(|line| line["kind"] == "challenged").map(|line| &line["outcome"]).collect();
    assert_eq!(outcomes, [&json!("started"), &json!("ended")]);
}

#[tokio::test]
async fn the_second_factor_comes_after_the_first_and_pressure_is_noted_by_whoever_leads() {
    let hotline = Hotline::start().await;
    let (agent, other) = (hotline.log_in("agent1").await, hotline.log_in("agent2").await);
    let (mut desk, _) = agent.desk().await;
    let (caller, _, contact) = talk(&hotline, &agent, &mut desk).await;
    let challenges = format!("/api/v1/contacts/{contact}/challenges");
    agent.write("POST", &challenges, &json!({ "factor": "second_factor" })).await.is_problem(409, "verify-first");
    agent.write("POST", &challenges, &json!({ "factor": "app_session" })).await.is_problem(409, "no-such-factor");
    let pressure = format!("/api/v1/contacts/{contact}/pressure");
    other.act("POST", &pressure).await.is_problem(409, "not-your-contact");
    assert_eq!(agent.act("POST", &pressure).await.status, 204);
    let noted = desk.until(|message| message["event"]["contact"]["customer"]["risk"] == json!(["pressure"])).await;
    assert_eq!(noted["event"]["contact"]["factors"], json!(["sms_code", "second_factor", "app_transfer"]));
    assert_eq!(agent.act("POST", &pressure).await.status, 204, "once more changes nothing");
    hotline.ended(caller, LegEnd::RemoteHangup).await;
}

/// Somebody belongs to this team from now on, or leads it, in the store and in the calls at hand.
async fn moves(hotline: &Hotline, user: &str, team: &str) {
    let (version, member) = hotline.store.staff_by_user(user).await.unwrap().unwrap();
    let moved = Staff { teams: Teams::Named([team.parse().unwrap()].into()), ..member };
    let entry = Entry::new(hotline.clock.wall(), Actor::Operator, "staff.teams_changed", moved.id);
    hotline.store.commit(Commit::new(entry, vec![Change::Staff(version, Box::new(moved.clone()))])).await.unwrap();
    hotline.engine.post(Event::StaffChanged(Box::new(moved))).await;
}

#[tokio::test]
async fn a_supervisor_of_another_team_neither_sees_nor_hears_nor_reads() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (mut desk, _) = agent.desk().await;
    let (caller, leg, contact) = talk(&hotline, &agent, &mut desk).await;
    let at = |end: &str| format!("/api/v1/contacts/{contact}{end}");
    moves(&hotline, "lead1", "night").await;
    let lead = hotline.log_in("lead1").await;
    assert_eq!(lead.me["teams"], json!(["night"]));
    let (mut lead_desk, snapshot) = lead.desk().await;
    assert_eq!(snapshot["state"]["calls"], json!({}));
    let seen: Vec<&String> = snapshot["state"]["agents"].as_object().unwrap().keys().collect();
    assert_eq!(seen, [lead.me["id"].as_str().unwrap()], "only themselves");
    let listen = json!({ "mode": "listen" });
    lead.write("POST", &at("/monitor"), &listen).await.is_problem(403, "not-your-team");
    lead.act("POST", &at("/take-over")).await.is_problem(403, "not-your-team");

    // The agent comes to their team: the screen is told, and the call is theirs to hear.
    moves(&hotline, "agent1", "night").await;
    let told = lead_desk
        .until(|message| message["event"]["kind"] == "call_changed" || message["event"]["kind"] == "agent_changed")
        .await;
    assert!(told["seq"].is_number(), "{told}");
    let reply = lead.write("POST", &at("/monitor"), &listen).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let ear: LegId = reply.json()["leg"].as_str().unwrap().parse().unwrap();
    hotline.answered(ear, "opus").await;
    desk.until(|message| message["event"]["contact"]["parties"][0]["part"] == "listens").await;

    // And leaves it: nobody listens on who leads nobody there, and their screen shows nothing of it any more.
    moves(&hotline, "agent1", "day").await;
    desk.until(|message| message["event"]["contact"]["parties"] == json!([])).await;
    let afresh = lead_desk.until(|message| message["type"] == "snapshot").await;
    assert_eq!(afresh["state"]["calls"], json!({}), "{afresh}");
    hotline.ended(ear, LegEnd::LocalHangup).await;

    hotline.ended(caller, LegEnd::RemoteHangup).await;
    hotline.ended(leg, LegEnd::LocalHangup).await;
    on_record(&agent, &contact).await;
    lead.get(&at("")).await.is_problem(404, "not-found");
    lead.get(&at("/timeline")).await.is_problem(404, "not-found");
    lead.get(&at("/recording")).await.is_problem(404, "not-found");
    assert_eq!(lead.get("/api/v1/contacts").await.json(), json!([]));
    moves(&hotline, "lead1", "day").await;
    assert_eq!(lead.get("/api/v1/contacts").await.json()[0]["id"], json!(contact));
    assert_eq!(lead.get(&at("")).await.status, 200);
}
