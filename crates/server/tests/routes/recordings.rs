//! Recordings: played whole and in parts, by those who may, on record, and gone when their time is over. The calls are silent: a leg
//! that nobody speaks on is as good as another for this.

use crate::contacts::{finished_call, on_record};
use crate::harness::{Hotline, Person, Reply};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;
use walletline_core::call::Notice;
use walletline_core::cases::{Case, CaseKind, Keep, NewCase, Reference};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::{ContactId, LegId, RecordingId};
use walletline_core::kernel::language::Language;
use walletline_core::kernel::subject::Subject;
use walletline_core::kernel::time::{Span, Wall};
use walletline_core::switchboard::command::RecordingOrder;
use walletline_voice as voice;

/// What a browser offers, before any of its packets came.
const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 0 8 126\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n\
    a=fingerprint:sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\r\n\
    a=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n\
    a=rtpmap:126 telephone-event/8000\r\na=candidate:1 1 udp 2130706431 127.0.0.1 40000 typ host\r\n";

const DAY: Span = Span::from_s(24 * 3_600);

/// A recording under way.
struct Taped {
    contact: String,
    file: PathBuf,
    id: RecordingId,
    leg: voice::LegId,
}

/// Begins to record a call that is on record already, and waits until a whole second of it is on the disk.
async fn tape(hotline: &Hotline, contact: String, kept: Span) -> Taped {
    let id: ContactId = contact.parse().unwrap();
    let (recording, leg) = (RecordingId::from(id.to_u128() ^ 1), voice::LegId(id.to_u128() ^ 2));
    hotline.voice.execute(voice::Command::ConnectBrowser { leg, sdp: OFFER.to_owned() });
    let now = hotline.clock.wall();
    let order = RecordingOrder {
        recording,
        contact: id,
        leg: LegId::from(leg.0),
        notice: Notice::heard("recording.notice", Language::En, "This call is recorded.", now),
        at: now,
        expires_at: now + kept,
        masked: false,
    };
    hotline.recordings.as_ref().unwrap().begin(order);
    let file = hotline.recordings_folder().join(format!("{recording}.wlrec"));
    until("a second is written", async || std::fs::metadata(&file).is_ok_and(|file| file.len() > 16_000)).await;
    Taped { contact, file, id: recording, leg }
}

/// Ends it, and waits until it can be heard.
async fn end(hotline: &Hotline, taped: &Taped) {
    hotline.voice.execute(voice::Command::StopRecording { leg: taped.leg });
    let contact: ContactId = taped.contact.parse().unwrap();
    until("the recording is kept", async || hotline.recordings.as_ref().unwrap().of(contact).await.is_ok()).await;
}

/// A call that this agent took, with its recording.
async fn taped_call(hotline: &Hotline, agent: &Person<'_>) -> (String, Taped) {
    let contact = finished_call(hotline, agent).await;
    on_record(agent, &contact).await;
    let taped = tape(hotline, contact.clone(), DAY).await;
    end(hotline, &taped).await;
    (contact, taped)
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..1_500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{what}: never");
}

fn header<'a>(reply: &'a Reply, name: &str) -> &'a str {
    reply.header(name).unwrap_or_default()
}

#[tokio::test]
async fn a_recording_is_played_whole_and_in_parts() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    on_record(&agent, &contact).await;
    let at = format!("/api/v1/contacts/{contact}/recording");
    agent.get(&at).await.is_problem(404, "not-found");
    let taped = tape(&hotline, contact, DAY).await;
    agent.get(&at).await.is_problem(404, "not-found");
    end(&hotline, &taped).await;

    let ask = async |headers: &[(&str, &str)]| {
        let cookie = [("Cookie", agent.cookie.as_str())];
        hotline.send("GET", &at, &[&cookie[..], headers].concat(), b"").await
    };
    let whole = ask(&[]).await;
    assert_eq!((whole.status, header(&whole, "content-type")), (200, "audio/wav"));
    assert_eq!((header(&whole, "accept-ranges"), header(&whole, "cache-control")), ("bytes", "no-store"));
    let bytes = &whole.body;
    assert_eq!(header(&whole, "content-length"), bytes.len().to_string());
    assert_eq!((&bytes[..4], &bytes[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((number(4) + 8, number(24), number(40) + 44), (bytes.len(), 8_000, bytes.len()));
    assert!(bytes.len() > 44 + 32_000, "more than a second");

    let etag = header(&whole, "etag").to_owned();
    for (range, expected) in [
        ("bytes=0-43", 0..44),
        ("bytes=40-50", 40..51),
        ("bytes=32030-", 32_030..bytes.len()),
        ("bytes=-7", bytes.len() - 7..bytes.len()),
    ] {
        let part = ask(&[("Range", range), ("If-Range", &etag)]).await;
        assert_eq!(part.status, 206, "{range}");
        let told = format!("bytes {}-{}/{}", expected.start, expected.end - 1, bytes.len());
        assert_eq!(header(&part, "content-range"), told);
        assert_eq!(part.body, bytes[expected], "{range}");
    }
    let beyond = ask(&[("Range", "bytes=99999999-")]).await;
    assert_eq!(header(&beyond, "content-range"), format!("bytes */{}", bytes.len()));
    beyond.is_problem(416, "invalid-input");
    assert_eq!(ask(&[("Range", "bytes=0-9"), ("If-Range", "\"another\"")]).await.status, 200, "of another recording");
    assert_eq!(ask(&[("Range", "bytes=0-1,4-5")]).await.status, 200, "several parts at once are not given");
}

#[tokio::test]
async fn a_recording_is_heard_by_who_took_part_and_who_leads_or_checks_them_and_that_is_on_record() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (contact, _) = taped_call(&hotline, &agent).await;
    let at = format!("/api/v1/contacts/{contact}/recording");
    let manifest = format!("{at}/manifest");
    for (user, hears) in [
        ("agent1", true),
        ("agent2", false),
        ("lead1", true),
        ("auditor1", true),
        ("compliance1", true),
        ("admin", false),
        ("checker1", false),
        ("handler1", false),
    ] {
        let person = hotline.log_in(user).await;
        for path in [&at, &manifest] {
            let reply = person.get(path).await;
            if hears { assert_eq!(reply.status, 200, "{user} {path}") } else { reply.is_problem(404, "not-found") }
        }
    }
    for path in [&at, &manifest] {
        hotline.get(path).await.is_problem(401, "not-logged-in");
    }
    for _ in 0..5 {
        assert_eq!(agent.get(&at).await.status, 200);
    }
    let auditor = hotline.log_in("auditor1").await;
    let log = auditor.get(&format!("/api/v1/audit?subject={contact}&limit=200")).await.json();
    let purposes = |action: &str| -> Vec<Value> {
        log.as_array().unwrap().iter().filter(|entry| entry["action"] == action).map(|entry| entry["purpose"].clone()).collect()
    };
    let expected = [json!("service"), json!("supervision"), json!("audit"), json!("audit")];
    assert_eq!(purposes("recording.heard"), expected, "once for each, however many parts were asked for");
    assert_eq!(purposes("recording.read"), expected);
}

#[tokio::test]
async fn a_manifest_says_what_was_recorded_after_which_notice() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    assert_eq!(on_record(&agent, &contact).await["recording"], Value::Null);
    let taped = tape(&hotline, contact.clone(), DAY).await;
    hotline.recordings.as_ref().unwrap().mask(taped.id, true);
    hotline.recordings.as_ref().unwrap().mask(taped.id, false);
    end(&hotline, &taped).await;
    let record = agent.get(&format!("/api/v1/contacts/{contact}")).await.json();
    assert_eq!(record["recording"], taped.id.to_string());
    assert_eq!(agent.get("/api/v1/contacts?limit=5").await.json()[0]["recording"], taped.id.to_string());
    let manifest = agent.get(&format!("/api/v1/contacts/{contact}/recording/manifest")).await.json();
    assert_eq!((&manifest["id"], &manifest["contact"]), (&json!(taped.id.to_string()), &json!(contact)));
    assert_eq!(manifest["agents"], record["agents"]);
    assert_eq!(manifest["notice"]["prompt"], "recording.notice");
    assert_eq!(manifest["notice"]["language"], "en");
    assert_eq!(manifest["notice"]["version"].as_str().unwrap().len(), 12);
    assert_eq!(manifest["channels"], json!(["customer", "heard"]));
    let duration = manifest["duration_ms"].as_u64().unwrap();
    assert!(duration >= 1_000);
    for channel in ["customer", "heard"] {
        assert_eq!(manifest["peaks"][channel].as_array().unwrap().len() as u64, duration.div_ceil(100), "{channel}");
    }
    assert_eq!(manifest["recovered"], false);
    assert_eq!((&manifest["kept_by"], &manifest["heard"]), (&json!("time"), &json!([])));
    assert!(manifest["expires_at"].is_string());
    assert_eq!(manifest["sha256"], sha256(&std::fs::read(&taped.file).unwrap()));
    let lines = agent.get(&format!("/api/v1/contacts/{contact}/timeline")).await.json();
    assert!(lines.as_array().unwrap().iter().any(|line| line["kind"] == "recorded"), "{lines}");
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_recording_whose_time_is_over_cannot_be_heard_and_is_erased() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (contact, taped) = taped_call(&hotline, &agent).await;
    let at = format!("/api/v1/contacts/{contact}/recording");
    assert_eq!(agent.get(&at).await.status, 200);
    assert!(taped.file.exists());
    let advanced = hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": 24 * 3_600 })).await;
    assert_eq!(advanced.status, 200, "{}", advanced.text());
    // A day is more than a log-in lasts.
    let agent = hotline.log_in("agent1").await;
    agent.get(&at).await.is_problem(404, "not-found");
    hotline.recordings.as_ref().unwrap().erase_expired().await;
    assert!(!taped.file.exists());
    let (_, row) = hotline.store.recording(taped.id).await.unwrap().unwrap();
    assert!(format!("{:?}", row.state).starts_with("Erased"), "{row:?}");
    assert_eq!(agent.get(&format!("/api/v1/contacts/{contact}")).await.json()["recording"], Value::Null);
}

#[tokio::test]
async fn a_recording_that_is_declined_leaves_neither_key_nor_file() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let contact = finished_call(&hotline, &agent).await;
    on_record(&agent, &contact).await;
    let taped = tape(&hotline, contact.clone(), DAY).await;
    let recordings = hotline.recordings.as_ref().unwrap();
    recordings.discard(taped.id);
    until("the file is gone", async || !taped.file.exists()).await;
    until("nothing is under way", async || recordings.of(contact.parse().unwrap()).await.is_err()).await;
    let (_, row) = hotline.store.recording(taped.id).await.unwrap().unwrap();
    assert!(format!("{:?}", row.state).contains("Declined"), "{row:?}");
    agent.get(&format!("/api/v1/contacts/{contact}/recording")).await.is_problem(404, "not-found");
    assert_ne!(row.started_at, Wall(0));
}

#[tokio::test]
async fn whoever_asks_for_too_many_parts_is_held_back() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let at = "/api/v1/contacts/ct_01KQ3V0000000000000000000A/recording";
    for _ in 0..200 {
        let reply = agent.get(at).await;
        if reply.status == 429 {
            return reply.is_problem(429, "too-many-requests");
        }
    }
    panic!("two hundred parts in a row");
}

#[tokio::test]
async fn a_legal_hold_keeps_a_recording_until_compliance_lifts_it() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (contact, taped) = taped_call(&hotline, &agent).await;
    let at = |end: &str| format!("/api/v1/contacts/{contact}/recording{end}");
    let why = |reason: &str| json!({ "reason": reason });
    for user in ["agent1", "lead1", "auditor1", "admin"] {
        let person = hotline.log_in(user).await;
        person.write("PUT", &at("/hold"), &why("mine")).await.is_problem(403, "forbidden");
        person.write("POST", &at("/hold/lift"), &why("mine")).await.is_problem(403, "forbidden");
    }
    let compliance = hotline.log_in("compliance1").await;
    compliance.write("PUT", &at("/hold"), &why("  ")).await.is_problem(422, "invalid-input");
    compliance.write("POST", &at("/hold/lift"), &why("x")).await.is_problem(409, "not-held");
    let held = compliance.write("PUT", &at("/hold"), &why("court order 12")).await;
    assert_eq!(held.status, 200, "{}", held.text());
    let held = held.json();
    assert_eq!((&held["kept_by"], &held["expires_at"]), (&json!("hold"), &Value::Null));
    assert_eq!(held["holds"][0]["placed"]["by"]["number"], "1066");
    assert_eq!((&held["holds"][0]["placed"]["reason"], &held["holds"][0]["lifted"]), (&json!("court order 12"), &Value::Null));
    compliance.write("PUT", &at("/hold"), &why("again")).await.is_problem(409, "already-held");
    let found = compliance.get("/api/v1/contacts?held=true&recorded=true&line=8000&agent=1024").await.json();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["id"], &found[0]["on_hold"]), (1, &json!(contact), &json!(true)));

    let later = hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": 30 * 24 * 3_600 })).await;
    assert_eq!(later.status, 200);
    let recordings = hotline.recordings.as_ref().unwrap();
    recordings.erase_expired().await;
    assert!(taped.file.exists(), "nothing expires what is held");
    let compliance = hotline.log_in("compliance1").await;
    assert_eq!(compliance.get(&at("")).await.status, 200);
    let lifted = compliance.write("POST", &at("/hold/lift"), &why("withdrawn")).await.json();
    assert_eq!((&lifted["kept_by"], &lifted["holds"][0]["lifted"]["reason"]), (&json!("time"), &json!("withdrawn")));
    recordings.erase_expired().await;
    assert!(taped.file.exists(), "a lifting can be taken back for a week");
    hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": 7 * 24 * 3_600 })).await;
    recordings.erase_expired().await;
    assert!(!taped.file.exists());
    let auditor = hotline.log_in("auditor1").await;
    let log = auditor.get(&format!("/api/v1/audit?subject={}&limit=200", taped.id)).await.json();
    let actions: Vec<&str> = log.as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions[actions.len() - 3..], ["recording.held", "recording.hold_lifted", "recording.expired"]);
}

#[tokio::test]
async fn a_case_keeps_the_recording_of_the_contact_it_came_up_in() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (contact, taped) = taped_call(&hotline, &agent).await;
    let now = hotline.clock.wall();
    let new = NewCase { id: (taped.id.to_u128() ^ 9).into(), reference: Reference::draw(7), keep: Keep::default() };
    let about = (CaseKind::RefundDue, "jinqiao".to_owned(), Subject::new("somebody".to_owned()));
    let case = Case::open(new, about.0, about.1, about.2, None, contact.parse().unwrap(), now);
    hotline.store.commit(case.written(0, Actor::System, "opened", now)).await.unwrap();
    let manifest = agent.get(&format!("/api/v1/contacts/{contact}/recording/manifest")).await.json();
    assert_eq!((&manifest["kept_by"], &manifest["expires_at"]), (&json!("case"), &Value::Null));
    assert_eq!(manifest["cases"], json!([case.reference.to_string()]));

    hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": 400 * 24 * 3_600 })).await;
    let recordings = hotline.recordings.as_ref().unwrap();
    recordings.erase_expired().await;
    assert!(taped.file.exists(), "as long as it is open");
    let closed = case.closed(hotline.clock.wall());
    hotline.store.commit(closed.written(1, Actor::System, "closed", hotline.clock.wall())).await.unwrap();
    hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": (3 * 365 - 1) * 24 * 3_600 })).await;
    recordings.erase_expired().await;
    assert!(taped.file.exists(), "three years from the close");
    hotline.write("POST", "/demo/api/clock", &json!({ "advance_s": 24 * 3_600 })).await;
    recordings.erase_expired().await;
    assert!(!taped.file.exists());
    let (_, row) = hotline.store.recording(taped.id).await.unwrap().unwrap();
    assert!(format!("{:?}", row.state).contains("duration_ms"), "what it was is still said: {row:?}");
}

#[tokio::test]
async fn which_part_was_heard_is_on_record() {
    let hotline = Hotline::start().await;
    let agent = hotline.log_in("agent1").await;
    let (contact, _) = taped_call(&hotline, &agent).await;
    let at = format!("/api/v1/contacts/{contact}/recording");
    let lead = hotline.log_in("lead1").await;
    for range in ["bytes=0-43", "bytes=44-16043", "bytes=44-8043", "bytes=16044-32043"] {
        let headers = [("Cookie", lead.cookie.as_str()), ("Range", range)];
        assert_eq!(hotline.send("GET", &at, &headers, b"").await.status, 206, "{range}");
    }
    let manifest = lead.get(&format!("{at}/manifest")).await.json();
    let heard: Vec<(u64, u64)> = manifest["heard"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["from_ms"].as_u64().unwrap(), part["to_ms"].as_u64().unwrap()))
        .collect();
    assert_eq!(heard, [(500, 1_000), (0, 500)], "what was given, once, and nothing of the header: {manifest}");
    assert_eq!(manifest["heard"][0]["by"]["number"], "1051");
    let theirs = agent.get(&format!("{at}/manifest")).await.json();
    assert_eq!(theirs["heard"], json!([]), "who else listened is for those who lead and check");
}
