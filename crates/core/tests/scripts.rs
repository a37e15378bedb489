//! Calls as scripts: `tests/scripts/*.call`. A line `+SECONDS WHO WHAT` is something that happens that much later than the line
//! before; the indented lines below it are what the switchboard orders. `at S` says that time alone did it, S seconds after the
//! start; `|` is what the screens are told. `UPDATE_EXPECT=1 cargo test -p walletline-core --test scripts` writes the orders anew.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a script that cannot be read is a failed test")]

mod rig;

use expect_test::expect_file;
use rig::{driver::Rig, world};
use std::path::{Path, PathBuf};
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
