//! The live connection.

use crate::harness::{Desk, Hotline, open};
use crate::offers::talk;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use walletline_core::switchboard::event::LegEnd;

/// The browser's reducer, as the contract words it.
fn apply(state: &mut Value, event: &Value) {
    let mut put = |map: &str, what: &Value| state[map][what["id"].as_str().unwrap()] = what.clone();
    match event["kind"].as_str().unwrap() {
        "agent_changed" => put("agents", &event["agent"]),
        "queue_changed" => put("queues", &event["queue"]),
        "offer_made" => put("offers", &event["offer"]),
        "contact_changed" => put("contacts", &event["contact"]),
        "offer_ended" => drop(state["offers"].as_object_mut().unwrap().remove(event["offer"].as_str().unwrap())),
        "contact_gone" => drop(state["contacts"].as_object_mut().unwrap().remove(event["contact"].as_str().unwrap())),
        other => panic!("unknown event {other}"),
    }
}

#[tokio::test]
async fn it_begins_with_a_snapshot_of_ones_own() {
    let hotline = Hotline::start().await;
    let (agent, other) = (hotline.log_in("agent1").await, hotline.log_in("agent2").await);
    other.ready().await;
    let (_desk, first) = agent.desk().await;
    assert_eq!(first["seq"], 0);
    assert_eq!(first["me"], agent.me);
    assert!(first["server_time"].as_str().unwrap().ends_with('Z'));
    let agents: Vec<&String> = first["state"]["agents"].as_object().unwrap().keys().collect();
    assert_eq!(agents, [agent.me["id"].as_str().unwrap()]);
    assert_eq!(first["state"]["queues"].as_object().unwrap().len(), 12);
    assert_eq!((&first["state"]["offers"], &first["state"]["contacts"]), (&json!({}), &json!({})));
}

#[tokio::test]
async fn a_snapshot_and_its_events_add_up_to_a_fresh_snapshot() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (mut watching, first) = agent.desk().await;
    let (mut desk, _) = agent.desk().await;
    let (caller, leg, contact) = talk(&hotline, &agent, &mut desk).await;
    hotline.ended(caller, LegEnd::RemoteHangup).await;
    hotline.ended(leg, LegEnd::LocalHangup).await;
    desk.until(|message| message["type"] == "rtc.ended").await;
    let path = format!("/api/v1/contacts/{contact}/wrap-up");
    assert_eq!(agent.write("PUT", &path, &json!({ "code": "resolved" })).await.status, 200);
    hotline.caller("+447700900003").await;
    desk.event("offer_made").await;

    let (mut state, mut seq) = (first["state"].clone(), 0);
    watching.say(&json!({ "type": "resync" })).await;
    let fresh = loop {
        let message = watching.next().await;
        match message["type"].as_str().unwrap() {
            "event" => {
                seq += 1;
                assert_eq!(message["seq"], seq, "no number is left out");
                apply(&mut state, &message["event"]);
            }
            "snapshot" => break message,
            _ => {}
        }
    };
    assert!(seq > 5, "only {seq} events");
    assert_eq!(fresh["seq"], seq);
    // What happened after the snapshot was asked for comes after it; before it nothing may be missing.
    assert_eq!(fresh["state"], state);
}

#[tokio::test]
async fn a_desk_sees_nothing_of_anothers_calls() {
    let hotline = Hotline::start().await;
    let (agent, other) = (hotline.log_in("agent1").await, hotline.log_in("agent2").await);
    let (mut other_desk, _) = other.desk().await;
    let (mut desk, _) = agent.desk().await;
    let (caller, _, contact) = talk(&hotline, &agent, &mut desk).await;
    hotline.ended(caller, LegEnd::RemoteHangup).await;
    other_desk.say(&json!({ "type": "resync" })).await;
    loop {
        let message = other_desk.next().await;
        match message["type"].as_str().unwrap() {
            "snapshot" => break,
            "pong" => continue,
            _ => {}
        }
        assert!(!message.to_string().contains(&contact), "{message}");
        let kind = message["event"]["kind"].as_str().unwrap();
        let own = kind == "queue_changed" || message["event"]["agent"]["id"] == other.me["id"];
        assert!(own, "{message}");
    }
}

#[tokio::test]
async fn heartbeats_are_answered() {
    let hotline = Hotline::start().await;
    let (mut desk, _) = hotline.log_in("agent1").await.desk().await;
    for _ in 0..3 {
        desk.say(&json!({ "type": "heartbeat" })).await;
        desk.until(|message| message["type"] == "pong").await;
    }
}

#[tokio::test]
async fn a_second_tab_is_no_second_desk_and_closing_it_is_no_leaving() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (mut first, _) = agent.desk().await;
    let (second, _) = agent.desk().await;
    agent.ready().await;
    drop(second);
    hotline.caller("+8613812345678").await;
    first.event("offer_made").await;
    assert_eq!(agent.get("/api/v1/me/state").await.json(), json!({ "state": "ringing" }));
}

#[tokio::test]
async fn who_is_not_logged_in_or_comes_from_elsewhere_gets_no_connection() {
    let hotline = Hotline::start().await;
    let status = |error: WsError| match error {
        WsError::Http(response) => response.status().as_u16(),
        other => panic!("{other}"),
    };
    assert_eq!(status(open(&hotline, "/api/v1/live", None, None).await.unwrap_err()), 401);
    let agent = hotline.log_in("agent1").await;
    let foreign = agent.open("/api/v1/live", Some("https://evil.example")).await;
    assert_eq!(status(foreign.unwrap_err()), 403);
    let own = agent.open("/api/v1/live", Some(&format!("http://{}", hotline.address))).await;
    assert!(own.is_ok());
}

#[tokio::test]
async fn logging_out_closes_the_connection_and_others_stay() {
    let hotline = Hotline::start().await;
    let (agent, again) = (hotline.log_in("agent1").await, hotline.log_in("agent1").await);
    let ((mut desk, _), (mut other, _)) = (agent.desk().await, again.desk().await);
    assert_eq!(agent.act("DELETE", "/api/v1/session").await.status, 204);
    assert_eq!(desk.close_code().await, 1008);
    other.say(&json!({ "type": "heartbeat" })).await;
    other.until(|message| message["type"] == "pong").await;
}

#[tokio::test]
async fn what_is_no_message_closes_the_connection() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let large = format!("{{\"type\":\"rtc.offer\",\"leg\":\"x\",\"sdp\":\"{}\"}}", "x".repeat(70_000));
    for (message, code) in [
        (Message::text("hello"), 1007),
        (Message::text("{\"type\":\"dance\"}"), 1007),
        (Message::text("{\"type\":\"rtc.offer\",\"leg\":\"x\",\"sdp\":\"v=0\"}"), 1008),
        (Message::binary(vec![1, 2, 3]), 1003),
    ] {
        let (mut desk, _) = agent.desk().await;
        desk.send(message.clone()).await;
        assert_eq!(desk.close_code().await, code, "{message:?}");
    }
    let (mut desk, _) = agent.desk().await;
    desk.send(Message::text(large)).await;
    desk.ends().await;
}

#[tokio::test]
async fn one_person_has_a_bounded_number_of_connections() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let mut desks = Vec::new();
    for _ in 0..16 {
        desks.push(agent.desk().await);
    }
    let mut one_more = Desk::silent(agent.open("/api/v1/live", None).await.unwrap());
    assert_eq!(one_more.close_code().await, 1013);
}

#[tokio::test]
async fn who_takes_no_calls_may_watch_and_is_no_desk() {
    let hotline = Hotline::start().await;
    let auditor = hotline.log_in("auditor1").await;
    let (mut desk, first) = auditor.desk().await;
    assert_eq!(first["state"]["agents"], json!({}));
    desk.say(&json!({ "type": "rtc.offer", "leg": "lg_00000000000000000000000000", "sdp": "v=0" })).await;
    assert_eq!(desk.close_code().await, 1008);
}
