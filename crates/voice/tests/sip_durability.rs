//! Thousands of calls that end in every way, most of them badly: cancelled while they are answered, reset with their connection, never
//! acknowledged, never hung up, never heard of again. Afterwards nothing of them is left: no leg, dialog, transaction, task or socket.
//! Alone in its process, because it counts the process's open files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod sip_peer;

use sip_peer::stream::StreamPeer;
use sip_peer::{Call, Engine, HANG, Message, Peer, SDP, T1_SHORT};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use walletline_voice::{Command, Event, LegId, RejectReason, SipTransport};

/// Calls at once.
const WINDOW: u32 = 150;

/// How a call goes, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    HungUpByCaller,
    HungUpByUs,
    Refused,
    /// CANCEL on the heels of the INVITE.
    Cancelled,
    /// CANCEL when the answer is there already.
    CancelledLate,
    InviteRepeated,
    /// No ACK, and no answer to our BYE.
    NeverAcknowledged,
    /// Acknowledged, and then nothing: no answer to our BYE either.
    GoneAfterAck,
    /// Requires a reliable 180 and acknowledges neither that nor its refusal.
    DeafToRinging,
    /// Asks for a transfer, and hangs up when it is refused.
    Transferred,
    /// Its connection is reset before it is answered.
    ResetWhileOffered,
    /// Its connection is reset between answer and ACK.
    ResetBeforeAck,
}

const PLANS: [Plan; 12] = [
    Plan::HungUpByCaller,
    Plan::HungUpByUs,
    Plan::Refused,
    Plan::Cancelled,
    Plan::CancelledLate,
    Plan::InviteRepeated,
    Plan::NeverAcknowledged,
    Plan::GoneAfterAck,
    Plan::DeafToRinging,
    Plan::Transferred,
    Plan::ResetWhileOffered,
    Plan::ResetBeforeAck,
];

fn plan(number: u32) -> Plan {
    PLANS[usize::try_from(number).unwrap() % PLANS.len()]
}

fn plan_of(message: &Message) -> Option<Plan> {
    message.field("Call-ID")?.strip_prefix("endure")?.parse().ok().map(plan)
}

/// The INVITE of a call, to a line that is its number.
fn invite(request: &str, number: u32) -> String {
    request.replacen("sip:8000@", &format!("sip:{number}@"), 1)
}

async fn place(peer: &Peer, tcp: SocketAddr, resets: &mut JoinSet<()>, number: u32) {
    let call_id = format!("endure{number}");
    match plan(number) {
        Plan::ResetWhileOffered => return drop(resets.spawn(reset_after(tcp, number, 100))),
        Plan::ResetBeforeAck => return drop(resets.spawn(reset_after(tcp, number, 200))),
        Plan::DeafToRinging => {
            let extra = "Require: 100rel\r\nContent-Type: application/sdp\r\n";
            return peer.send(&invite(&peer.request("INVITE", &call_id, 1, extra, SDP), number)).await;
        }
        _ => {}
    }
    let invite = invite(&peer.invite(&call_id), number);
    peer.send(&invite).await;
    match plan(number) {
        Plan::Cancelled => cancel(peer, &call_id, number).await,
        Plan::InviteRepeated => peer.send(&invite).await,
        _ => {}
    }
}

async fn cancel(peer: &Peer, call_id: &str, number: u32) {
    let cancel = peer.request("CANCEL", call_id, 1, "", "").replace("1CANCEL;rport", "1INVITE;rport");
    peer.send(&invite(&cancel, number)).await;
}

/// A call over a connection that is reset when this status has come.
async fn reset_after(tcp: SocketAddr, number: u32, status: u16) {
    let stream = TcpStream::connect(tcp).await.unwrap();
    // Closing it discards what is under way, and the other side is told so by RST.
    socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
    let mut peer = StreamPeer::accepted(stream);
    let text = invite(&peer.invite(&format!("endure{number}")), number);
    peer.send(&text).await;
    while peer.receive().await.status() != status {}
}

async fn react(peer: &Peer, message: &Message) {
    let Some(plan) = plan_of(message) else { return };
    let gone = matches!(plan, Plan::NeverAcknowledged | Plan::GoneAfterAck);
    match (message.status(), message.method()) {
        (200, "INVITE") if plan != Plan::NeverAcknowledged => {
            let call = Call::from_answer(message);
            if plan == Plan::CancelledLate {
                let number = call.call_id.trim_start_matches("endure").parse().unwrap();
                cancel(peer, &call.call_id, number).await;
            }
            peer.send(&peer.in_dialog(&call, "ACK", 1, "", "")).await;
            match plan {
                Plan::HungUpByUs | Plan::GoneAfterAck => {}
                Plan::Transferred => {
                    peer.send(&peer.in_dialog(&call, "REFER", 2, "Refer-To: <sip:agent2@h>\r\n", "")).await;
                }
                _ => peer.send(&peer.in_dialog(&call, "BYE", 2, "", "")).await,
            }
        }
        (300.., "INVITE") if plan != Plan::DeafToRinging => peer.acknowledge(message).await,
        (300.., "REFER") => {
            let field = |name: &str| message.field(name).unwrap().to_owned();
            let target = format!("sip:{}", message.field("To").unwrap().trim_start_matches("<sip:").split('>').next().unwrap());
            let call = Call { call_id: field("Call-ID"), from: field("From"), to: field("To"), target };
            peer.send(&peer.in_dialog(&call, "BYE", 3, "", "")).await;
        }
        (0, "BYE") if !gone => peer.respond(message, "200 OK", "", "").await,
        _ => {}
    }
}

/// The controller: what it does follows from the line, which is the call's number.
fn control(engine: &Engine, event: Event, legs: &mut HashMap<LegId, Plan>, ended: &mut u32) {
    match event {
        Event::Incoming { leg, line, .. } => {
            let plan = plan(line.parse().unwrap());
            assert!(legs.insert(leg, plan).is_none(), "a leg is told of once");
            match plan {
                Plan::Refused => engine.voice.execute(Command::Reject { leg, reason: RejectReason::LineBusy }),
                Plan::DeafToRinging | Plan::ResetWhileOffered => {}
                _ => engine.voice.execute(Command::Answer { leg }),
            }
        }
        Event::Answered { leg, .. } if matches!(legs[&leg], Plan::HungUpByUs | Plan::GoneAfterAck) => {
            engine.voice.execute(Command::Hangup { leg });
        }
        Event::ReferRequested { leg, .. } => engine.voice.execute(Command::AnswerRefer { leg, status: 603 }),
        Event::LegEnded { leg, .. } => {
            assert!(legs.remove(&leg).is_some(), "a leg ends once");
            *ended += 1;
        }
        _ => {}
    }
}

#[cfg(target_os = "linux")]
fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

#[cfg(not(target_os = "linux"))]
fn open_files() -> usize {
    0
}

/// Resident memory in KiB, for the eyes of whoever runs the long one.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

async fn endure(calls: u32) {
    let mut engine = Engine::start_with(10_000, T1_SHORT, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    let tcp = engine.voice.stream_address(SipTransport::Tcp).unwrap();
    let tasks = tokio::runtime::Handle::current().metrics();
    let before = (open_files(), tasks.num_alive_tasks());
    let (mut legs, mut ended, mut placed, mut resets) = (HashMap::new(), 0, 0, JoinSet::new());
    while ended < calls {
        while placed < calls && placed - ended < WINDOW {
            place(&peer, tcp, &mut resets, placed).await;
            placed += 1;
            if placed.is_multiple_of(5_000) {
                println!("{placed} calls: {} KiB, {:?}", resident_kib(), engine.voice.sip_load());
            }
        }
        tokio::select! {
            biased;
            event = engine.event() => control(&engine, event, &mut legs, &mut ended),
            message = peer.receive() => react(&peer, &message).await,
            Some(reset) = resets.join_next() => reset.unwrap(),
        }
    }
    while let Some(reset) = resets.join_next().await {
        reset.unwrap();
    }
    assert!(legs.is_empty());
    engine.settle_with(&peer, react).await;
    let idle = async {
        while engine.voice.sip_load().connections > 0
            || engine.voice.media_tasks() > 0
            || (open_files(), tasks.num_alive_tasks()) != before
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let left = timeout(HANG, idle).await;
    let now = (open_files(), tasks.num_alive_tasks());
    assert!(
        left.is_ok(),
        "left: {:?}, {} media tasks, {now:?} for {before:?}",
        engine.voice.sip_load(),
        engine.voice.media_tasks()
    );
    assert_eq!(engine.voice.counters().sip.calls_offered, u64::from(calls));
    println!("{calls} calls: {} KiB, {:?}", resident_kib(), engine.voice.sip_load());
}

#[tokio::test]
async fn nothing_is_left_of_two_thousand_calls() {
    endure(2_004).await;
}

/// `cargo test -p walletline-voice --test sip_durability -- --ignored --nocapture`: some four minutes, most of them waiting.
#[tokio::test]
#[ignore = "takes minutes: run it after changes of the signalling"]
async fn nothing_is_left_of_fifty_thousand_calls() {
    endure(50_004).await;
}
