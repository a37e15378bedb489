//! The command line, through the real binary: what it prints, what it exits with, and one line for every error.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder of its own for each test, removed when it goes.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("walletline-cli-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let dir = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, &[])
    }

    /// Runs the binary in this folder, with no other variables of ours.
    fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_walletline"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WALLETLINE_")) {
            command.env_remove(name);
        }
        command.args(arguments).envs(variables.iter().copied()).current_dir(&self.0).output().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone_already = std::fs::remove_dir_all(&self.0);
    }
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Asserts exit 1 and exactly this line on stderr.
#[track_caller]
fn fails(output: &Output, line: &str) {
    assert_eq!(String::from_utf8_lossy(&output.stderr), format!("walletline: {line}\n"));
    assert_eq!(output.status.code(), Some(1));
}

#[track_caller]
fn succeeds(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

#[test]
fn it_says_its_version_and_what_it_does() {
    let folder = Folder::new();
    let version = folder.run(&["--version"]);
    succeeds(&version);
    assert_eq!(out(&version), format!("walletline {}\n", env!("CARGO_PKG_VERSION")));
    let help = folder.run(&["--help"]);
    succeeds(&help);
    for command in ["serve", "sandbox", "openapi", "flow", "migrate", "staff", "audit", "directory", "export"] {
        assert!(out(&help).contains(command), "{command}");
    }
}

#[test]
fn what_it_does_not_understand_is_exit_2() {
    let folder = Folder::new();
    for arguments in [
        &[][..],
        &["dance"],
        &["serve", "--nope"],
        &["staff", "add", "mia"],
        &["staff", "add", "mia", "--role", "boss"],
        &["staff", "add", "Mia!", "--role", "agent"],
        &["staff", "add", "mia", "--role", "agent", "--languages", "fr"],
        &["staff", "add", "mia", "--role", "agent", "--number", "12a"],
        &["flow", "check"],
        &["directory", "verify"],
        &["export", "contacts", "--from", "yesterday"],
        &["sandbox"],
        &["sandbox", "--listen", "127.0.0.1:0"],
        &["sandbox", "--data", "w.db"],
    ] {
        let output = folder.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_start_that_cannot_be_is_one_line_and_leaves_nothing() {
    let folder = Folder::new();
    fails(
        &folder.run(&["serve"]),
        "wallet: no wallet is configured: add a [[wallet]] with id and name to the file given by --config, or try --demo",
    );
    fails(
        &folder.run(&["serve", "--config", "nosuch.toml"]),
        "--config: `nosuch.toml` cannot be read: No such file or directory (os error 2)",
    );
    folder.write("bad.toml", "[http]\nlisen = \"127.0.0.1:8080\"\n");
    fails(
        &folder.run(&["serve", "--config", "bad.toml"]),
        "http.lisen: unknown key: known here are listen, internal, certificate, private_key, behind_proxy, public_url",
    );
    fails(
        &folder.run_with(&["serve", "--demo"], &[("WALLETLINE_SIP_UDP", "0.0.0.0:5060")]),
        "sip.udp: 0.0.0.0 is off loopback, which --demo refuses (its passwords are public): use 127.0.0.1",
    );
    assert!(!folder.0.join("data").exists(), "nothing half-started");
}

#[test]
fn a_port_in_use_is_named() {
    let folder = Folder::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let others = [("WALLETLINE_HTTP_INTERNAL", "127.0.0.1:0"), ("WALLETLINE_SIP_UDP", "127.0.0.1:0")];
    let output = folder.run_with(&["serve", "--demo"], &[("WALLETLINE_HTTP_LISTEN", &address), others[0], others[1]]);
    fails(&output, &format!("http.listen: {address} is in use: stop what listens there, or choose another port"));
    assert!(!folder.0.join("data").exists(), "nothing half-started");
}

#[test]
fn the_contract_is_printed() {
    let output = Folder::new().run(&["openapi"]);
    succeeds(&output);
    assert_eq!(out(&output), std::fs::read_to_string(root().join("web/src/api/openapi.json")).unwrap());
}

#[test]
fn the_shipped_flow_has_no_findings_and_a_broken_one_has() {
    let folder = Folder::new();
    let shipped = root().join("flows/hotline.toml");
    succeeds(&folder.run(&["flow", "check", shipped.to_str().unwrap()]));

    let broken = std::fs::read_to_string(&shipped).unwrap().replace("menu.main", "menu.mian");
    folder.write("broken.toml", &broken);
    let output = folder.run(&["flow", "check", "broken.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).lines().all(|line| line.starts_with("broken.toml: ")), "{}", out(&output));
    assert!(out(&output).contains("menu.mian"), "{}", out(&output));

    folder.write("no.toml", "id = \"x\"\nstart = 1\n");
    let output = folder.run(&["flow", "check", "no.toml"]);
    let line = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(line.starts_with("walletline: no.toml: `no.toml` line 2: ") && line.lines().count() == 1, "{line}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_member_of_staff_gets_a_link_once() {
    let folder = Folder::new();
    folder.write("w.toml", "[http]\npublic_url = \"https://hotline.example/\"\n[store]\nurl = \"sqlite:w.db\"\n");
    let add = |more: &[&str]| folder.run(&[&["staff", "add", "--config", "w.toml"], more].concat());
    let output = add(&["mia", "--role", "agent", "--languages", "en", "--skills", "vip"]);
    succeeds(&output);
    let text = out(&output);
    let link = text.lines().find_map(|line| line.strip_prefix("https://hotline.example/desk/welcome#")).unwrap();
    assert!(link.len() == 64 && link.bytes().all(|b| b.is_ascii_hexdigit()), "{text}");
    fails(&add(&["mia", "--role", "admin"]), "there is somebody called `mia` already: choose another user name");
    let noa = add(&["noa", "--role", "supervisor", "--number", "2001"]);
    succeeds(&noa);
    assert!(
        out(&noa).ends_with("noa leads nobody yet: walletline staff teams noa --team TEAM, or --team all\n"),
        "{}",
        out(&noa)
    );
    let teams = |more: &[&str]| folder.run(&[&["staff", "teams", "--config", "w.toml"], more].concat());
    succeeds(&teams(&["noa", "--team", "day", "--team", "night"]));
    succeeds(&teams(&["noa", "--team", "all"]));
    succeeds(&teams(&["mia", "--team", "day"]));
    let plain = "a team is named by 1 to 32 small letters, digits and hyphens, and not `all`";
    fails(&teams(&["mia", "--team", "all"]), &format!("--team all: {plain}"));
    fails(&teams(&["noa", "--team", "all", "--team", "day"]), &format!("--team all: {plain}"));
    fails(&teams(&["zoe", "--team", "day"]), "there is nobody called `zoe`");
    fails(
        &add(&["ola", "--role", "agent", "--number", "2001"]),
        "number 2001 is somebody's already: choose another --number, or leave it out",
    );
}

#[test]
fn the_database_is_made_and_exported() {
    let folder = Folder::new();
    let place = [("WALLETLINE_STORE_URL", "sqlite:w.db")];
    succeeds(&folder.run_with(&["migrate"], &place));
    succeeds(&folder.run_with(&["migrate"], &place));
    let csv = folder.run_with(&["export", "contacts"], &place);
    succeeds(&csv);
    assert_eq!(
        out(&csv),
        "id,line,wallet,channel,caller,language,service,level,opened_at,answered_at,queued_at,connected_at,ended_at,agents,\
         disposition\n"
    );
    let json = folder.run_with(&["export", "contacts", "--format", "json", "--from", "2026-01-01", "--to", "2027-01-01"], &place);
    succeeds(&json);
    assert_eq!(out(&json), "[\n]\n");
    fails(
        &folder.run_with(&["migrate"], &[("WALLETLINE_STORE_URL", "mysql://u:hunter2@db/w")]),
        "WALLETLINE_STORE_URL (store.url): must be sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE, for example \
         sqlite:data/walletline.db",
    );
}

#[test]
fn the_sandbox_stays_on_loopback() {
    let folder = Folder::new();
    fails(
        &folder.run(&["sandbox", "--listen", "0.0.0.0:9100", "--data", "w.db"]),
        "--listen: 0.0.0.0:9100 is off loopback, which the sandbox refuses (it knows nobody and obeys everybody): use 127.0.0.1",
    );
    assert!(!folder.0.join("w.db").exists(), "nothing half-started");
}

#[test]
fn the_sandbox_answers_and_stops_when_told() {
    let folder = Folder::new();
    let mut sandbox = Command::new(env!("CARGO_BIN_EXE_walletline"))
        .args(["sandbox", "--listen", "127.0.0.1:0", "--data", "own/w.db"])
        .current_dir(&folder.0)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(sandbox.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let address = said.trim().strip_prefix("wallet sandbox on http://").unwrap_or_else(|| panic!("{said}"));
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET /jinqiao/heartbeat HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("available"), "{answer}");
    let told = Command::new("kill").args(["-TERM", &sandbox.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(sandbox.wait().unwrap().code(), Some(0));
    assert!(folder.0.join("own/w.db").exists());
}

#[test]
fn a_directory_that_is_none_is_refused_in_one_line() {
    let folder = Folder::new();
    folder.write("page.html", "<html>");
    folder.write("witness.json", "{}");
    fails(&folder.run(&["directory", "verify", "page.html"]), "no signed directory: it is no flattened JSON Web Signature");
    fails(
        &folder.run(&["directory", "verify", "nosuch.json"]),
        "`nosuch.json` cannot be read: No such file or directory (os error 2)",
    );
    fails(
        &folder.run(&["directory", "verify", "http://hotline.example/"]),
        "`http://hotline.example/`: only https is trusted to fetch a directory, or http on this machine",
    );
    fails(
        &folder.run(&["directory", "verify", "page.html", "--witness", "witness.json"]),
        "--witness: `witness.json` was not written by this command: name another",
    );
}

#[test]
fn somebody_is_certified_and_decertified() {
    let folder = Folder::new();
    folder.write("w.toml", "[store]\nurl = \"sqlite:w.db\"\n");
    let staff = |more: &[&str]| folder.run(&[&["staff"], more, &["--config", "w.toml"]].concat());
    succeeds(&staff(&["add", "mia", "--role", "agent"]));
    let done = staff(&["certify", "mia", "refund-maker", "--score", "80"]);
    succeeds(&done);
    assert_eq!(out(&done), "mia is certified in refund-maker.\n");
    succeeds(&staff(&["certify", "mia", "refund-maker", "--score", "95"]));
    fails(&staff(&["certify", "mia", "privacy", "--score", "79"]), "a certificate needs a score of 80 to 100");
    let dates = "a certificate is issued today or earlier, ends after today, and counts for twelve months at most";
    fails(&staff(&["certify", "mia", "privacy", "--score", "90", "--issued", "2020-01-01"]), dates);
    fails(&staff(&["certify", "mia", "privacy", "--score", "90", "--expires", "2100-01-01"]), dates);
    fails(&staff(&["certify", "zoe", "privacy", "--score", "90"]), "there is nobody called `zoe`");
    succeeds(&staff(&["decertify", "mia", "refund-maker"]));
    fails(&staff(&["decertify", "mia", "refund-maker"]), "there is no such certificate to take back");
    fails(&staff(&["decertify", "mia", "complaints"]), "there is no such certificate to take back");
}
