//! Exports of contacts that are there, through the real binary: masked, bounded in time, readable by other programs.

use serde_json::Value;
use std::process::Command;
use walletline_core::call::{CallerIdTrust, Channel, Contact, Disposition};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::assurance::Level;
use walletline_core::kernel::ids::IdSource;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::time::Wall;
use walletline_store::Store;

/// 2026-11-22T00:00:00Z.
const DAY_US: i64 = 1_795_305_600_000_000;
const HOUR_US: i64 = 3_600_000_000;
/// More than the exporter reads at once.
const CONTACTS: i64 = 1_203;

fn contact(ids: &mut IdSource, n: i64) -> Contact {
    let at = Wall(DAY_US + n * 1_000_000);
    Contact {
        id: ids.next(at),
        line: "8000".to_owned(),
        wallet: "jinqiao".to_owned(),
        channel: Channel::Voice,
        caller: Pii::new(if n == 0 { "=1+1".to_owned() } else { "+8613812345678".to_owned() }),
        caller_id: CallerIdTrust::None,
        language: None,
        service: None,
        risk: Vec::new(),
        case: None,
        level: Level::A0,
        opened_at: at,
        answered_at: Some(at),
        queued_at: None,
        connected_at: None,
        ended_at: Some(Wall(at.0 + 5_000_000)),
        agents: Vec::new(),
        disposition: Some(Disposition::Abandoned),
        expires_at: Wall(at.0 + HOUR_US),
    }
}

#[tokio::test]
async fn contacts_are_exported_masked_whole_and_in_order() {
    let dir = std::env::temp_dir().join(format!("walletline-export-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let url = format!("sqlite:{}/w.db", dir.display());
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    let mut ids = IdSource::new(9);
    let changes = (0..CONTACTS).map(|n| Change::Contact(0, Box::new(contact(&mut ids, n)))).collect();
    let entry = Entry::new(Wall(DAY_US), Actor::System, "contacts.imported", "contacts");
    store.commit(Commit::new(entry, changes)).await.unwrap();

    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_walletline"));
        let output = command.args(["export", "contacts"]).args(arguments).env("WALLETLINE_STORE_URL", &url).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };

    let csv = run(&[]);
    assert_eq!(csv.lines().count(), usize::try_from(CONTACTS).unwrap() + 1);
    assert!(!csv.contains("12345678"), "masked");
    let fields: Vec<&str> = csv.lines().nth(2).unwrap().split(',').collect();
    assert_eq!(fields[1..5], ["8000", "jinqiao", "voice", "+86 138****5678"]);
    assert_eq!((fields[8], fields[14]), ("2026-11-22T00:00:01.000Z", "abandoned"));

    let json: Value = serde_json::from_str(&run(&["--format", "json"])).unwrap();
    let list = json.as_array().unwrap();
    assert_eq!(list.len(), usize::try_from(CONTACTS).unwrap());
    let times: Vec<&str> = list.iter().map(|contact| contact["opened_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted());

    let bounded = run(&["--from", "2026-11-22T00:00:10Z", "--to", "2026-11-22T08:00:20+08:00"]);
    assert_eq!(bounded.lines().count(), 10 + 1);

    let clear = run(&["--unmasked", "--to", "2026-11-22T00:00:02Z"]);
    assert!(clear.contains(",+8613812345678,"), "{clear}");
    assert!(clear.contains(",'=1+1,"), "a caller's number runs nothing: {clear}");

    let audit = store.audit(0, 1_000).await.unwrap();
    let actions: Vec<&str> = audit.iter().map(|line| line.entry.action.as_str()).collect();
    assert_eq!(actions.iter().filter(|action| **action == "contacts.exported").count(), 3);
    assert_eq!(actions.iter().filter(|action| **action == "contacts.exported_in_clear").count(), 1);
    store.close().await;
    std::fs::remove_dir_all(&dir).unwrap();
}
