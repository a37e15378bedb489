//! The witness: a file of heads, one JSON line each, that lies where whoever can change the database cannot. Lines are only ever
//! added. It holds hashes and signatures, and nothing an entry says.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use walletline_core::audit::{Head, SealedHead, Signature};
use walletline_core::kernel::hex;
use walletline_core::kernel::time::Wall;

/// A line of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    size: u64,
    root: String,
    at: Timestamp,
    public_key: Option<String>,
    signature: Option<String>,
}

/// The file as the hasher writes it.
#[derive(Debug, Clone)]
pub(crate) struct Witness {
    path: PathBuf,
    /// The head of its last line, as far as this run knows.
    kept: Option<u64>,
}

impl Witness {
    /// A witness at this path. The file is made when there is something to write.
    pub(crate) const fn at(path: PathBuf) -> Self {
        Self { path, kept: None }
    }

    /// Adds a head, synced to the disk, unless it was the last one added. The first head of a run is always added: whether the
    /// last run came to it is not known.
    ///
    /// # Errors
    /// When the file cannot be written. The head is then still owed.
    pub(crate) async fn keep(&mut self, head: &SealedHead) -> io::Result<()> {
        if self.kept == Some(head.head.size) {
            return Ok(());
        }
        let (path, line) = (self.path.clone(), line(head)?);
        tokio::task::spawn_blocking(move || append(&path, &line)).await.map_err(io::Error::other)??;
        self.kept = Some(head.head.size);
        Ok(())
    }
}

fn line(SealedHead { head, signature, .. }: &SealedHead) -> io::Result<String> {
    let line = Line {
        size: head.size,
        root: head.root.to_string(),
        at: Timestamp::from_microsecond(head.at.0).map_err(io::Error::other)?,
        public_key: signature.map(|signature| hex::encode(&signature.key)),
        signature: signature.map(|signature| hex::encode(&signature.bytes)),
    };
    Ok(serde_json::to_string(&line)?)
}

fn append(path: &Path, line: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    // A line that a power cut tore must not spoil the next one.
    let torn = if file.seek(SeekFrom::End(0))? == 0 {
        false
    } else {
        file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        last != *b"\n"
    };
    file.write_all(format!("{}{line}\n", if torn { "\n" } else { "" }).as_bytes())?;
    file.sync_all()?;
    File::open(folder)?.sync_all()
}

/// A head as the witness has it.
pub(super) struct Kept {
    /// The number of its line, from 1.
    pub(super) line: u64,
    /// The head.
    pub(super) head: Head,
    /// Its signature.
    pub(super) signature: Option<Signature>,
}

/// Reads the lines that are there now, in order; what is added meanwhile is left out. A torn line is passed over: one that does
/// not come to its closing brace.
///
/// # Errors
/// When the file cannot be opened. Lines that cannot be read are items of their own.
pub(super) fn read(path: &Path) -> io::Result<impl Iterator<Item = Result<Kept, String>> + use<>> {
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    let lines = (1..).zip(BufReader::new(file.take(bytes)).lines());
    let whole = lines.filter(|(_, text)| text.as_ref().map_or(true, |text| text.ends_with('}')));
    Ok(whole.map(|(line, text)| {
        let text = text.map_err(|error| format!("line {line} of the witness cannot be read: {error}"))?;
        parse(line, &text).ok_or_else(|| format!("line {line} of the witness is no head: it was changed"))
    }))
}

fn parse(line: u64, text: &str) -> Option<Kept> {
    let Line { size, root, at, public_key, signature } = serde_json::from_str(text).ok()?;
    let signature = match (public_key, signature) {
        (None, None) => None,
        (key, bytes) => Some(Signature { key: hex::decode(&key?)?, bytes: hex::decode(&bytes?)? }),
    };
    Some(Kept { line, head: Head { size, root: root.parse().ok()?, at: Wall(at.as_microsecond()) }, signature })
}

#[cfg(test)]
mod tests {
    use super::*;
    use walletline_core::audit::{Tree, leaf_hash};

    fn head(size: u8, signed: bool) -> SealedHead {
        let mut tree = Tree::default();
        (0..size).for_each(|n| tree.push(leaf_hash(&[n])));
        let signature = signed.then_some(Signature { key: [1; 32], bytes: [2; 64] });
        SealedHead { head: Head::of(&tree, Wall(1_795_356_125_120_999)), peaks: tree.peaks().to_vec(), signature }
    }

    #[tokio::test]
    async fn heads_are_added_once_and_read_back_past_a_torn_line() {
        let folder = std::env::temp_dir().join(format!("walletline-witness-{}", std::process::id()));
        let path = folder.join("deep/heads.jsonl");
        let mut witness = Witness::at(path.clone());
        for one in [head(1, true), head(1, true), head(3, false)] {
            witness.keep(&one).await.unwrap();
        }
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"{\"size\":4,\"ro").unwrap();
        // The next run does not know what the last one came to.
        Witness::at(path.clone()).keep(&head(3, false)).await.unwrap();
        let kept: Vec<Kept> = read(&path).unwrap().map(Result::unwrap).collect();
        let lines: Vec<(u64, u64)> = kept.iter().map(|kept| (kept.line, kept.head.size)).collect();
        assert_eq!(lines, [(1, 1), (2, 3), (4, 3)]);
        assert_eq!((kept[0].head, kept[0].signature), (head(1, true).head, head(1, true).signature));
        assert_eq!(kept[1].signature, None);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_no_head_is_not_taken_for_one() {
        for text in ["{}", "{\"size\":1}", "[]", "{\"size\":1,\"root\":\"00\",\"at\":\"2026-11-22T14:02:05Z\"}"] {
            assert!(parse(1, text).is_none(), "{text}");
        }
    }
}
