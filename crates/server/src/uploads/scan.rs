//! A command that says whether a file is harmless: run without a shell, with the path of the file in clear as its last argument, in a folder
//! that only this program reads. It ends with 0 where nothing was found and with 1 where something was, as `clamscan` and `clamdscan` do;
//! whatever else it does says nothing, and the file stays where nobody gets it.

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;
use tokio::time::{sleep, timeout};
use walletline_core::cases::Verdict;

/// How often a command is asked whether it has ended.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Who says whether a file is harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanner {
    /// The command: its path first, then what it is told before the file.
    pub command: Vec<String>,
    /// A command that takes longer is ended, and has said nothing.
    pub within: Duration,
}

impl Scanner {
    /// What the command says of a file.
    pub async fn look(&self, file: &Path) -> Verdict {
        let Some((program, arguments)) = self.command.split_first() else { return Verdict::NotKnown };
        let mut command = Command::new(program);
        command.args(arguments).arg(file).env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => {
                tracing::error!(%error, "the scanner of uploads cannot be run: see uploads.scan");
                return Verdict::NotKnown;
            }
        };
        let Ok(Some(status)) = timeout(self.within, ended(&mut child)).await else {
            let _ended_already = child.kill();
            let _gone_already = child.wait();
            tracing::error!("the scanner of uploads took too long");
            return Verdict::NotKnown;
        };
        match status.code() {
            Some(0) => Verdict::Clean,
            Some(1) => Verdict::Infected,
            code => {
                tracing::error!(?code, "the scanner of uploads says nothing of a file");
                Verdict::NotKnown
            }
        }
    }
}

/// How a command ended; none where that cannot be told.
async fn ended(child: &mut Child) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(None) => sleep(LOOK_EVERY).await,
            Ok(status) => return status,
            Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    /// What every scanner must know, and no file of ours may hold in one piece.
    const EICAR: [&str; 2] = [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"];

    /// A folder of its own, removed when it goes.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let dir = std::env::temp_dir().join(format!("walletline-scan-{}-{name}", std::process::id()));
            std::fs::create_dir_all(&dir).unwrap();
            Self(dir)
        }

        fn script(&self, text: &str) -> Scanner {
            let path = self.0.join("scanner");
            std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
            Scanner { command: vec![path.display().to_string(), "--quiet".to_owned()], within: Duration::from_secs(10) }
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _gone_already = std::fs::remove_dir_all(&self.0);
        }
    }

    #[tokio::test]
    async fn a_command_tells_what_it_found_by_how_it_ends() {
        let folder = Folder::new("found");
        let scanner = folder.script("[ \"$1\" = --quiet ] || exit 9\nif grep -q EICAR-STANDARD \"$2\"; then exit 1; fi");
        let (good, bad) = (folder.0.join("good file.pdf"), folder.0.join("$(touch pwned).pdf"));
        std::fs::write(&good, "%PDF-1.7").unwrap();
        std::fs::write(&bad, EICAR.concat()).unwrap();
        assert_eq!(scanner.look(&good).await, Verdict::Clean);
        assert_eq!(scanner.look(&bad).await, Verdict::Infected);
    }

    #[tokio::test]
    async fn whatever_else_a_command_does_says_nothing() {
        let folder = Folder::new("nothing");
        let file = folder.0.join("file");
        std::fs::write(&file, "x").unwrap();
        assert_eq!(folder.script("exit 2").look(&file).await, Verdict::NotKnown);
        assert_eq!(folder.script("kill -9 $$").look(&file).await, Verdict::NotKnown);
        let slow = Scanner { within: Duration::from_millis(200), ..folder.script("exec sleep 30") };
        assert_eq!(timeout(Duration::from_secs(10), slow.look(&file)).await, Ok(Verdict::NotKnown));
        let missing = Scanner { command: vec!["/nowhere/scanner".to_owned()], within: Duration::from_secs(1) };
        assert_eq!(missing.look(&file).await, Verdict::NotKnown);
    }
}
