//! A PostgreSQL server for the stories: made in a temporary folder, reached by a Unix socket there, and gone when this program is,
//! however it ends. A server of Debian's package is enough; as root it runs as the user `postgres`, which that package creates.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

/// Where a server that is there already is found, as a URL of a user who may create databases. Stories that stop the server
/// start one of their own all the same.
const URL_VARIABLE: &str = "WALLETLINE_TEST_POSTGRES_URL";

/// Runs the server for as long as its standard input is open, then ends it by its process id: no test that is killed leaves
/// one behind. A signal from the terminal goes to the tests; this shell waits for their end.
const KEEPER: &str = r#"
trap '' HUP INT TERM
dir=$(mktemp -d "${TMPDIR:-/tmp}/walletline-pg.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
"$1/initdb" -D "$dir/data" -U walletline -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
"$1/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c max_connections=300 >>"$dir/log" 2>&1 &
server=$!
echo "$dir $server"
cat >/dev/null
kill -CONT "$server"
kill -INT "$server"
wait "$server"
"#;

/// A server that runs while this value lives.
pub(crate) struct Cluster {
    folder: PathBuf,
    process: u32,
    keeper: Child,
    leash: Option<ChildStdin>,
}

impl Cluster {
    /// Starts a server. The first connection may find it still starting.
    pub(crate) fn start() -> Self {
        let mut command = as_server_user();
        let mut keeper = command
            .args(["/bin/sh", "-c", KEEPER, "sh"])
            .arg(binaries())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell starts");
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (folder, process) = line.trim().split_once(' ').expect("PostgreSQL starts: see what initdb said above");
        let (folder, process) = (PathBuf::from(folder), process.parse().unwrap());
        let leash = keeper.stdin.take();
        Self { folder, process, keeper, leash }
    }

    /// The URL of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://walletline@localhost/{database}?host={}", self.folder.display())
    }

    /// Where it is reached.
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// Stops the server and all its sessions where they stand: nobody answers, nothing is closed.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets them go on.
    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let server = self.process.to_string();
        // The server first: it starts no further session meanwhile.
        let mut processes = vec![server.clone()];
        assert!(Command::new("kill").args([signal, &server]).status().unwrap().success());
        processes.extend(children(self.process));
        assert!(processes.len() > 1, "a running server has sessions");
        // A session may end before it is reached.
        Command::new("kill").arg(signal).args(&processes).stderr(Stdio::null()).status().unwrap();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.leash.take());
        self.keeper.wait().expect("the server ends");
    }
}

/// The server the stories share, where none is there already. It ends with this program.
pub(crate) fn ours() -> &'static Cluster {
    static SHARED: OnceLock<Cluster> = OnceLock::new();
    SHARED.get_or_init(Cluster::start)
}

/// The URL of the server the stories share, without a database.
pub(crate) fn shared(database: &str) -> String {
    match std::env::var(URL_VARIABLE) {
        Ok(url) => {
            let (server, parameters) = url.split_once('?').unwrap_or((&url, ""));
            let server = server.rsplit_once('/').map_or(server, |(server, _)| server);
            format!("{server}/{database}?{parameters}")
        }
        Err(_) => ours().url(database),
    }
}

/// The folder of the server's programs: the newest of Debian's, or what the path finds.
fn binaries() -> PathBuf {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<PathBuf> = debian.collect();
    debian.sort_by_key(|folder| {
        let version = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok());
        std::cmp::Reverse(version)
    });
    let found = debian.into_iter().chain(std::env::split_paths(&path)).find(|folder| folder.join("initdb").is_file());
    found.expect("no PostgreSQL server found: install Debian's package `postgresql` (script/test does), or its like")
}

/// A command prefix that leaves root behind, which PostgreSQL refuses to run as.
fn as_server_user() -> Command {
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let mut command = Command::new(if root { "runuser" } else { "env" });
    if root {
        command.args(["-u", "postgres", "--"]);
    }
    command
}

/// Processes whose parent is this one.
fn children(parent: u32) -> Vec<String> {
    let processes =
        std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap_or_default());
    let is_child = |process: &String| {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        // The name, in parentheses, may hold anything; the state and the parent follow it.
        let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
        after_name.split(' ').nth(1).and_then(|field| field.parse::<u32>().ok()) == Some(parent)
    };
    processes.filter(|process| process.bytes().all(|byte| byte.is_ascii_digit())).filter(is_child).collect()
}
