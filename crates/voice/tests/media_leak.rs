//! Hundreds of legs come and go in every state; no socket and no task may stay. Alone in its process, because it counts the
//! process's open files.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod media_peers;

use media_peers::browser::{dial, offer};
use media_peers::phone::{Phone, call};
use media_peers::{PATIENCE, clip, world};
use std::time::Duration;
use walletline_voice::{Codec, EncryptionPolicy, LegId, PlaybackId};

fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

#[tokio::test]
async fn legs_leave_nothing_behind() {
    let mut world = world();
    let before = open_files();
    for round in 0..10u128 {
        let mut legs = Vec::new();
        for n in 0..40 {
            let id = round * 1000 + n;
            let mut phone = call(&world.plane, id, &[if n % 2 == 0 { Codec::Pcma } else { Codec::Pcmu }]).await;
            match n % 5 {
                0 => {}
                1 => world.plane.play(phone.leg, PlaybackId(1), &[clip("one")], true),
                2 => phone.key("1", &[(false, 160)]).await,
                _ => world.plane.bridge(phone.leg, LegId(id - 1)),
            }
            phone.say(&[0; 160]).await;
            legs.push(phone.leg);
        }
        // Never answered, and browsers in each state of their life.
        for n in 0..5 {
            let (silent, waiting) = (LegId(round * 1000 + 500 + n), LegId(round * 1000 + 600 + n));
            world.plane.open_rtp(silent, EncryptionPolicy::default()).unwrap();
            world.plane.connect_browser(waiting, &offer(&[Codec::Pcmu]).await).unwrap();
            legs.extend([silent, waiting]);
        }
        let mut browser = dial(&world.plane, round * 1000 + 700, &[Codec::Pcmu]).await;
        browser.connected().await;
        let phone: Phone = call(&world.plane, round * 1000 + 701, &[Codec::Pcma]).await;
        world.plane.bridge(browser.leg, phone.leg);
        browser.vanish().await;
        legs.extend([browser.leg, phone.leg]);
        assert_eq!(world.plane.running_tasks(), legs.len());
        for leg in legs {
            let _ = world.plane.close(leg);
        }
        while world.events.try_recv().is_ok() {}
        eventually("no task runs", || world.plane.running_tasks() == 0).await;
    }
    let counters = world.plane.counters();
    assert_eq!((counters.rtp_legs, counters.browser_legs, counters.events_dropped), (0, 0, 0));
    eventually("no file is open", || open_files() <= before).await;
}

/// A closed leg's task ends when it is next run, on its own thread.
async fn eventually(what: &str, holds: impl Fn() -> bool) {
    let wait = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, wait).await.is_ok(), "it never came that {what}");
}
