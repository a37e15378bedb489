//! Hundreds of calls that end in every way, some in the middle of things: afterwards nothing of them is left.

use crate::sip_peer::{Call, Engine, Message, Peer, T1_SHORT};
use std::collections::HashMap;
use walletline_voice::{Command, Event, LegId, RejectReason};

const CALLS: u32 = 400;

/// How one call goes, by its number.
fn plan(number: u32) -> u32 {
    number % 8
}

fn number_of(call_id: &str) -> u32 {
    call_id.trim_start_matches("leak").parse().unwrap_or_default()
}

async fn react(peer: &Peer, message: &Message) {
    let plan = message.field("Call-ID").map(|id| plan(number_of(id))).unwrap_or_default();
    match (message.status(), message.method()) {
        // One in eight never acknowledges its answer, one hangs up without acknowledging.
        (200, "INVITE") if plan != 6 => {
            let call = Call::from_answer(message);
            if plan != 7 {
                peer.send(&peer.in_dialog(&call, "ACK", 1, "", "")).await;
            }
            if plan == 0 || plan == 7 {
                peer.send(&peer.in_dialog(&call, "BYE", 2, "", "")).await;
            }
        }
        (300.., "INVITE") => peer.acknowledge(message).await,
        (0, "BYE") => peer.respond(message, "200 OK", "", "").await,
        _ => {}
    }
}

fn control(engine: &Engine, event: &Event, lines: &mut HashMap<LegId, u32>, ended: &mut u32) {
    match event {
        Event::Incoming { leg, source, .. } => {
            let number = lines.len() as u32;
            assert!(lines.insert(*leg, 0).is_none(), "{source}");
            // Which plan a leg follows is the caller's secret; here every third is refused, every fifth hung up at once.
            match number {
                n if n % 3 == 2 => engine.voice.execute(Command::Reject { leg: *leg, reason: RejectReason::LineBusy }),
                n if n % 5 == 4 => engine.voice.execute(Command::Hangup { leg: *leg }),
                n => {
                    engine.voice.execute(Command::Answer { leg: *leg });
                    if n % 7 == 6 {
                        engine.voice.execute(Command::Hangup { leg: *leg });
                    }
                }
            }
        }
        Event::Answered { leg, .. } => engine.voice.execute(Command::Hangup { leg: *leg }),
        Event::LegEnded { leg, .. } => {
            let ends = lines.get_mut(leg).map(|ends| {
                *ends += 1;
                *ends
            });
            assert_eq!(ends, Some(1), "each leg that was told ends once");
            *ended += 1;
        }
        _ => {}
    }
}

#[tokio::test]
async fn nothing_is_left_of_hundreds_of_calls() {
    let mut engine = Engine::start_with(2 * CALLS, T1_SHORT, Vec::new()).await;
    let peer = Peer::new(engine.address).await;
    let (mut legs, mut ended) = (HashMap::new(), 0);
    let mut placed = 0;
    while placed < CALLS || ended < legs.len() as u32 || (legs.len() as u32) < CALLS {
        if placed < CALLS {
            let call_id = format!("leak{placed}");
            let invite = peer.invite(&call_id);
            peer.send(&invite).await;
            match plan(placed) {
                // Cancelled at once, or a moment later, or sent twice.
                1 | 2 => peer.send(&peer.request("CANCEL", &call_id, 1, "", "").replace("1CANCEL;rport", "1INVITE;rport")).await,
                3 => peer.send(&invite).await,
                _ => {}
            }
            placed += 1;
        }
        tokio::select! {
            biased;
            event = engine.event() => control(&engine, &event, &mut legs, &mut ended),
            message = peer.receive() => react(&peer, &message).await,
            () = tokio::task::yield_now(), if placed < CALLS => {}
        }
    }
    assert_eq!((legs.len() as u32, ended), (CALLS, CALLS));
    engine.settle_with(&peer, react).await;
    let counters = engine.voice.counters().sip;
    assert_eq!((counters.calls_offered, counters.legs), (u64::from(CALLS), 0));
}
