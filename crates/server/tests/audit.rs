//! A demo hotline's audit log under the hands of somebody who can write to its database: `walletline audit verify`, through the
//! real binary, finds every change. The `sqlite3` program is those hands.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that a hotline ran in. Removed when it goes.
struct Place(PathBuf);

impl Drop for Place {
    fn drop(&mut self) {
        let _gone_already = fs::remove_dir_all(&self.0);
    }
}

fn folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("walletline-audit-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let dir = std::env::temp_dir().join(name);
    fs::create_dir_all(&dir).unwrap();
    dir
}

impl Place {
    fn empty() -> Self {
        Self(folder())
    }

    /// A demo that was started and stopped so many times: each run leaves a head at least.
    fn after_runs(runs: usize) -> Self {
        let place = Self::empty();
        (0..runs).for_each(|_| place.serve(&["serve", "--demo"], "Walletline demo"));
        place
    }

    /// The same once more, so that one log can be spoilt in several ways.
    fn copy(&self) -> Self {
        let copy = Self::empty();
        fs::create_dir(copy.0.join("data")).unwrap();
        for file in fs::read_dir(self.0.join("data")).unwrap().map(Result::unwrap).filter(|file| file.path().is_file()) {
            fs::copy(file.path(), copy.0.join("data").join(file.file_name())).unwrap();
        }
        copy
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_walletline"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WALLETLINE_")) {
            command.env_remove(name);
        }
        for name in ["HTTP_LISTEN", "HTTP_INTERNAL", "SIP_UDP"] {
            command.env(format!("WALLETLINE_{name}"), "127.0.0.1:0");
        }
        command.args(arguments).current_dir(&self.0);
        command
    }

    /// Serves until it is up, then stops it as a service manager does.
    fn serve(&self, arguments: &[&str], up: &str) {
        let mut command = self.command(arguments);
        let banner = arguments.contains(&"--demo");
        let (out, err) = if banner { (Stdio::piped(), Stdio::null()) } else { (Stdio::null(), Stdio::piped()) };
        let mut child = command.stdout(out).stderr(err).spawn().unwrap();
        let mut lines: Box<dyn Iterator<Item = std::io::Result<String>> + Send> = match (child.stdout.take(), child.stderr.take())
        {
            (Some(out), _) => Box::new(BufReader::new(out).lines()),
            (None, err) => Box::new(BufReader::new(err.unwrap()).lines()),
        };
        let mut said = String::new();
        let is_up = lines.by_ref().map_while(Result::ok).any(|line| {
            let _never_fails = writeln!(said, "{line}");
            line.contains(up)
        });
        assert!(is_up, "{said}");
        // Read on, so that no line of the stop meets a closed pipe.
        let rest = std::thread::spawn(move || lines.for_each(drop));
        let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(killed.success() && child.wait().unwrap().success());
        rest.join().unwrap();
    }

    fn verify(&self, arguments: &[&str]) -> Output {
        self.command(&[&["audit", "verify"], arguments].concat()).output().unwrap()
    }

    /// Runs SQL on the database.
    fn sql(&self, sql: &str) -> String {
        let output =
            Command::new("sqlite3").arg(self.0.join("data/walletline.db")).arg(sql).output().expect("sqlite3 is installed");
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn witness(&self) -> PathBuf {
        self.0.join("data/audit-heads.jsonl")
    }
}

#[track_caller]
fn whole(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let line = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(line.starts_with("The audit log is whole: ") && line.lines().count() == 1, "{line}");
    line
}

/// Asserts exit 1 and one line on stderr that says this.
#[track_caller]
fn broken(output: &Output, what: &str) {
    let line = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(line.contains(what), "`{what}` is not in: {line}");
    assert!(line.starts_with("walletline: ") && line.lines().count() == 1 && output.stdout.is_empty(), "{line}");
    assert_eq!(output.status.code(), Some(1));
    assert!(!line.contains("staff.added") && !line.contains("st_0"), "it names leaves, not what they say: {line}");
}

/// Wallets and lines for a hotline that is not the demo.
fn demo_config() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config/demo.toml")
}

#[test]
fn a_log_that_nobody_touched_is_whole_with_every_key_and_without() {
    let place = Place::after_runs(2);
    let entries = place.sql("SELECT COUNT(*) FROM audit");
    let heads = place.sql("SELECT COUNT(*) FROM audit_head");
    let line = whole(&place.verify(&["--demo"]));
    assert!(line.contains(&format!("{entries} entries, {entries} signed, 0 not yet signed, {heads} heads; ")), "{line}");
    assert!(line.ends_with("lines of the witness agree.\n"), "{line}");
    let line = whole(&place.verify(&[]));
    assert!(line.contains("keys.master is not at hand") && !line.contains("witness"), "{line}");
    whole(&place.verify(&["--witness", "data/audit-heads.jsonl"]));

    place.sql("INSERT INTO audit (at, actor, action, subject) VALUES (1, '{\"kind\":\"system\"}', 'x.y', 'z')");
    assert!(whole(&place.verify(&["--demo"])).contains(&format!("{entries} signed, 1 not yet signed")));
}

#[test]
fn whatever_is_done_to_an_entry_is_found() {
    let log = Place::after_runs(2);
    let last: i64 = log.sql("SELECT MAX(leaf) FROM audit").parse().unwrap();
    assert!(last >= 6, "the demo's staff are entries");
    let put_in = "INSERT INTO audit (at, actor, action, subject, leaf) VALUES (1, '{\"kind\":\"system\"}', 'x.y', 'z', ";
    for (how, sql, found) in [
        ("time", "UPDATE audit SET at = at + 1 WHERE leaf = 3".to_owned(), "do not give the root"),
        ("actor", "UPDATE audit SET actor = '{\"kind\":\"caller\"}' WHERE leaf = 3".to_owned(), "do not give the root"),
        ("action", "UPDATE audit SET action = 'staff.seen' WHERE leaf = 3".to_owned(), "do not give the root"),
        ("subject", format!("UPDATE audit SET subject = 'st_1' WHERE leaf = {last}"), "do not give the root"),
        ("purpose", "UPDATE audit SET purpose = 'audit' WHERE leaf = 0".to_owned(), "do not give the root"),
        ("nonsense", "UPDATE audit SET actor = '{}' WHERE leaf = 3".to_owned(), "column actor of audit entry 4"),
        ("removed", "DELETE FROM audit WHERE leaf = 3".to_owned(), "leaf 3, before or at entry 5, is missing"),
        (
            "removed, gap closed",
            "DELETE FROM audit WHERE leaf = 3; UPDATE audit SET leaf = -leaf WHERE leaf > 3; \
             UPDATE audit SET leaf = -leaf - 1 WHERE leaf < 0"
                .to_owned(),
            "do not give the root",
        ),
        ("last removed", format!("DELETE FROM audit WHERE leaf = {last}"), "its end was cut off"),
        ("hidden", format!("UPDATE audit SET leaf = NULL WHERE leaf = {last}"), "its end was cut off"),
        ("put in", format!("{put_in} {})", last + 1), "lies under no head"),
        (
            "put in between",
            format!("UPDATE audit SET leaf = -leaf WHERE leaf > 2; UPDATE audit SET leaf = 1 - leaf WHERE leaf < 0; {put_in} 3)"),
            "do not give the root",
        ),
        ("twice", format!("DROP INDEX audit_by_leaf; {put_in} 3)"), "is there twice"),
        (
            "moved",
            "UPDATE audit SET leaf = -1 WHERE leaf = 1; UPDATE audit SET leaf = 1 WHERE leaf = 2; \
             UPDATE audit SET leaf = 2 WHERE leaf = -1"
                .to_owned(),
            "do not give the root",
        ),
    ] {
        let place = log.copy();
        place.sql(&sql);
        for arguments in [&["--demo"][..], &[]] {
            let output = place.verify(arguments);
            assert_eq!(output.status.code(), Some(1), "{how} {arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
            broken(&output, found);
        }
    }
}

#[test]
fn whatever_is_done_to_a_head_is_found() {
    let log = Place::after_runs(2);
    let first = "WHERE size = (SELECT MIN(size) FROM audit_head)";
    let last = "WHERE size = (SELECT MAX(size) FROM audit_head)";
    let flip = |column: &str| format!("{column} = CASE WHEN {column} LIKE '0%' THEN '1' ELSE '0' END || substr({column}, 2)");
    for (sql, found) in [
        (format!("UPDATE audit_head SET {} {first}", flip("root")), "do not give the root"),
        (format!("UPDATE audit_head SET {} {last}", flip("peaks")), "the peaks of the head"),
        (format!("UPDATE audit_head SET {} {first}", flip("signature")), "has a wrong signature"),
        (format!("UPDATE audit_head SET at = at + 1 {first}"), "has a wrong signature"),
        (format!("UPDATE audit_head SET signature = NULL {last}"), "column signature of the audit head"),
        (format!("UPDATE audit_head SET signature = 'x' {last}"), "column signature of the audit head"),
        (format!("DELETE FROM audit_head {last}"), "lies under no head"),
    ] {
        let place = log.copy();
        place.sql(&sql);
        broken(&place.verify(&["--demo"]), found);
        broken(&place.verify(&[]), found);
    }
    let place = log.copy();
    place.sql(&format!("UPDATE audit_head SET {} {last}", flip("peaks")));
    let heads = place.sql("SELECT COUNT(*) FROM audit_head");
    place.serve(&["serve", "--demo"], "Walletline demo");
    assert_eq!(place.sql("SELECT COUNT(*) FROM audit_head"), heads, "nothing is signed over what was changed");
    let place = log.copy();
    place.sql(&format!("UPDATE audit_head SET signature = NULL, public_key = NULL {last}"));
    broken(&place.verify(&["--demo"]), "the newest head is not signed although keys.master is set");
    // Another hotline's key is a good key, and the wrong one.
    fs::write(place.0.join("data/demo-master.key"), "07".repeat(32)).unwrap();
    broken(&place.verify(&["--demo"]), "is signed with another key");
}

#[test]
fn what_hides_from_the_database_is_found_by_the_witness() {
    let log = Place::after_runs(2);
    let cut = "DELETE FROM audit WHERE leaf >= (SELECT MIN(size) FROM audit_head); \
        DELETE FROM audit_head WHERE size > (SELECT MIN(size) FROM audit_head)";
    let kept = log.0.join("kept.jsonl");
    fs::copy(log.witness(), &kept).unwrap();
    let kept = kept.to_str().unwrap();

    let place = log.copy();
    place.sql(cut);
    whole(&place.verify(&[]));
    broken(&place.verify(&["--demo"]), "its end was cut off");
    broken(&place.verify(&["--witness", kept]), "its end was cut off");
    // The hotline goes on over the cut, and its own copy of the witness is set right.
    place.serve(&["serve", "--demo"], "Walletline demo");
    fs::remove_file(place.witness()).unwrap();
    broken(&place.verify(&["--demo"]), "cannot be read: No such file");
    place.serve(&["serve", "--demo"], "Walletline demo");
    whole(&place.verify(&["--demo"]));
    broken(&place.verify(&["--witness", kept]), "of the witness");

    // All of it written anew: another entry from the first on, hashed and signed by a hotline of its own.
    let place = log.copy();
    place.sql("UPDATE audit SET leaf = NULL; UPDATE audit SET at = at + 1; DELETE FROM audit_head");
    fs::remove_file(place.witness()).unwrap();
    place.serve(&["serve", "--demo"], "Walletline demo");
    whole(&place.verify(&["--demo"]));
    broken(&place.verify(&["--demo", "--witness", kept]), "of the witness");

    let spoilt = log.0.join("spoilt.jsonl");
    let text = fs::read_to_string(log.witness()).unwrap();
    fs::write(&spoilt, text.replacen("\"signature\":\"", "\"signature\":\"z", 1)).unwrap();
    broken(&log.verify(&["--demo", "--witness", spoilt.to_str().unwrap()]), "line 1 of the witness is no head");
}

#[test]
fn without_a_master_key_the_log_is_hashed_and_not_signed() {
    let place = Place::empty();
    fs::copy(demo_config(), place.0.join("w.toml")).unwrap();
    place.serve(&["serve", "--config", "w.toml"], "walletline is up");
    let line = whole(&place.verify(&["--config", "w.toml"]));
    assert!(line.contains(" 0 signed, ") && !line.contains(" 0 heads"), "{line}");
    assert!(!place.witness().exists() && !place.0.join("data/demo-master.key").exists());
}

#[test]
fn a_witness_that_cannot_be_written_stops_nothing() {
    let place = Place::empty();
    let witness = "\n[audit]\nwitness = \"w.toml/heads.jsonl\"\n";
    fs::write(place.0.join("w.toml"), format!("{}{witness}", fs::read_to_string(demo_config()).unwrap())).unwrap();
    place.serve(&["serve", "--config", "w.toml"], "walletline is up");
    whole(&place.verify(&[]));
    broken(&place.verify(&["--config", "w.toml"]), "the witness `w.toml/heads.jsonl` cannot be read");
}

#[test]
fn where_there_is_no_log_nothing_is_said_to_be_whole() {
    let place = Place::empty();
    broken(&place.verify(&["--demo"]), "store.url: there is no database at `data/walletline.db`");
    assert!(!place.0.join("data").exists());
}
