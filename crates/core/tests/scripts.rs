//! Calls as scripts: `tests/scripts/*.call`. A line `+SECONDS WHO WHAT` is something that happens that much later than the line
//! before; the indented lines below it are what the switchboard orders. `at S` says that time alone did it, S seconds after the
//! start; `|` is what the screens are told. `UPDATE_EXPECT=1 cargo test -p walletline-core --test scripts` writes the orders anew.

#![expect(clippy::unwrap_used, reason = "a script that cannot be read is a failed test")]

mod rig;

use expect_test::expect_file;
use rig::{driver::Rig, world};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use walletline_core::ivr::check::{Scope, check as check_flow};
use walletline_core::ivr::flow::{Node, PromptId};
use walletline_core::ivr::phrases;
use walletline_core::kernel::language::Language;
use walletline_core::switchboard::World;

/// Runs one script and compares what was ordered with what it says.
fn check(world: World, path: &Path) {
    let script = std::fs::read_to_string(path).unwrap();
    let mut rig = Rig::new(world);
    let mut log = String::new();
    for line in script.lines().filter(|line| !line.starts_with(' ')) {
        log.push_str(line);
        log.push('\n');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        for ordered in rig.line(line) {
            log.push_str("    ");
            log.push_str(&ordered);
            log.push('\n');
        }
    }
    let rest = rig.rest();
    if rest != "0 records lost" {
        log.push_str(&format!("    in the end {rest}\n"));
    }
    expect_file![path].assert_eq(&log);
}

fn scripts(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts").join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "call"));
    paths.sort();
    paths
}

#[test]
fn calls_go_as_their_scripts_say() {
    let scripts = scripts("");
    assert!(scripts.len() > 10, "the scripts are found");
    for path in scripts {
        check(world::small(), &path);
    }
}

#[test]
fn calls_to_the_shipped_flow_go_as_their_scripts_say() {
    for path in scripts("hotline") {
        check(world::shipped(), &path);
    }
}

#[test]
fn the_shipped_flow_strands_nobody() {
    let world = world::shipped();
    let scope = Scope {
        wallets: ["jinqiao", "harbor"].map(str::to_owned).into(),
        languages: Language::ALL.into(),
        queues: Some(world.directory.queues.iter().map(|queue| queue.id.clone()).collect()),
        closes: true,
        records: true,
    };
    for flow in &world.directory.flows {
        let findings: Vec<String> = check_flow(flow, &world.catalog, &scope).iter().map(ToString::to_string).collect();
        assert_eq!(findings, [""; 0], "flow {}", flow.id);
    }
}

/// Every way through the menus of the shipped flow, and where it ends: in a dialogue, or with a queue and the card there.
#[test]
fn every_key_of_the_shipped_flow_leads_where_it_should() {
    expect_file!["scripts/hotline/keys.txt"].assert_eq(&table("8000", "2"));
}

/// The same for a wallet that cannot be asked: nothing is keyed that nobody could check.
#[test]
fn every_key_leads_to_a_person_where_the_wallet_cannot_be_asked() {
    expect_file!["scripts/hotline/keys-unconnected.txt"].assert_eq(&table("8001", ""));
}

fn table(line: &str, language: &str) -> String {
    let mut table = String::new();
    let menus = ["", "1", "2", "3", "4", "5"];
    let keys = "1234567890";
    for path in menus.into_iter().flat_map(|menu| keys.chars().map(move |key| format!("{menu}{key}"))) {
        let row = walk(line, language, &path);
        table.push_str(&format!("{path:<3} {row}\n"));
    }
    table
}

/// Dials, chooses English, presses the keys, and listens to the end of whatever is said.
fn walk(line: &str, language: &str, path: &str) -> String {
    let world = world::shipped();
    let said = |prompt: &str| {
        let phrase = world.catalog.phrase(Language::En, &PromptId(prompt.to_owned()), &[]).unwrap();
        format!("play caller en {}", phrase.words)
    };
    let menu = |node: &Node| match node {
        Node::Menu { prompt, .. } => Some((said(&prompt.0), "a menu")),
        _ => None,
    };
    let mut ends: BTreeMap<String, &str> = world.directory.flows[0].nodes.values().filter_map(menu).collect();
    ends.insert(said(phrases::MENU_WRONG), "no choice");
    ends.insert(said(phrases::VERIFY_PHONE), "verification");
    ends.insert(said(phrases::FREEZE_NUMBER), "a freeze");
    let mut rig = Rig::new(world);
    rig.line(&format!("+0 caller dials {line}"));
    rig.line("+0 caller is up");
    // The card of an agent shows where the call came through.
    rig.line("+0 agent 1027 opens desk");
    rig.line("+0 agent 1027 asks ready");
    let mut log = rig.line(&format!("+0 caller presses {language}{path}"));
    for _ in 0..6 {
        if let Some(card) = log.iter().find(|line| line.starts_with("| offer of")) {
            let queue = log.iter().find_map(|line| line.strip_prefix("| queue ")?.split(' ').next()).unwrap();
            return format!("{queue}: {}", card.trim_start_matches("| offer of caller to 1027: "));
        }
        if let Some(end) = log.iter().rfind(|line| line.starts_with("play caller")).and_then(|last| ends.get(last)) {
            return (*end).to_owned();
        }
        rig.line("+0 agent 1027 beats");
        log = rig.line("+1 caller heard it");
    }
    panic!("{path} leads nowhere: {log:?}");
}
