//! The journal of freezes: what is decided while the store is down. One line is synced to the disk before the wallet is asked, and
//! another says what came of it; when the store is back both become a case, an act and an audit entry, and the lines go. A line
//! holds a key, hashes and times, and no number.

use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs::{self, OpenOptions};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Mutex;
use walletline_core::cases::Reference;
use walletline_core::kernel::{language::Language, pii::Pii};
use walletline_core::wallet::{Operation, State};

/// Freezes that may wait for the store. Above it a caller goes to a person: a disk must not fill while a store is away.
const NOTED_MAX: usize = 10_000;

const FILE: &str = "freezes.jsonl";

/// A freeze that the store does not know yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The act; its state is what came of it so far.
    pub operation: Operation,
    /// What the caller was told.
    pub reference: Reference,
    /// The language of the contact.
    pub language: Language,
    /// Whose account. Known to the process that took the freeze, and to none after it.
    pub msisdn: Option<Pii<String>>,
}

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
enum Line {
    Taken { operation: Box<Operation>, reference: Reference, language: Language },
    Settled { key: String, state: State },
}

/// The journal.
pub struct Journal {
    folder: PathBuf,
    noted: Mutex<Vec<Noted>>,
}

impl Journal {
    /// The journal below the data folder, with what an earlier process left in it.
    ///
    /// # Errors
    /// When it is there and cannot be read. A last line that was cut off by a crash is passed over: its freeze was not sent.
    pub async fn open(data: &Path) -> io::Result<Self> {
        let folder = data.join("journal");
        let text = match fs::read_to_string(folder.join(FILE)).await {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        // What was cut off must not stand before the next line, which could then not be read either.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        if whole < text.len() {
            let file = OpenOptions::new().write(true).open(folder.join(FILE)).await?;
            file.set_len(u64::try_from(whole).unwrap_or(u64::MAX)).await?;
            file.sync_all().await?;
        }
        let mut noted: Vec<Noted> = Vec::new();
        for line in text[..whole].lines() {
            match serde_json::from_str(line) {
                Ok(Line::Taken { operation, reference, language }) => {
                    noted.push(Noted { operation: *operation, reference, language, msisdn: None });
                }
                Ok(Line::Settled { key, state }) => settle(&mut noted, &key, state),
                Err(error) => tracing::warn!(%error, "a line of the journal of freezes cannot be read"),
            }
        }
        Ok(Self { folder, noted: Mutex::new(noted) })
    }

    /// Writes a freeze down, before it is sent.
    ///
    /// # Errors
    /// When it is not on the disk: then it must not be sent.
    pub async fn note(&self, freeze: Noted) -> io::Result<()> {
        let mut noted = self.noted.lock().await;
        if noted.len() >= NOTED_MAX {
            return Err(io::Error::other("too many freezes wait for the store"));
        }
        let Noted { operation, reference, language, .. } = freeze.clone();
        self.append(&Line::Taken { operation: Box::new(operation), reference, language }).await?;
        noted.push(freeze);
        Ok(())
    }

    /// Writes down what came of it.
    ///
    /// # Errors
    /// When it is not on the disk; the wallet can be asked again under the same key.
    pub async fn settle(&self, key: &str, state: State) -> io::Result<()> {
        let mut noted = self.noted.lock().await;
        settle(&mut noted, key, state);
        self.append(&Line::Settled { key: key.to_owned(), state }).await
    }

    /// What the store does not know yet, oldest first.
    pub async fn noted(&self) -> Vec<Noted> {
        self.noted.lock().await.clone()
    }

    /// The store knows this one: its lines go.
    ///
    /// # Errors
    /// When the file cannot be written anew. It is then brought into the store again, which finds it there.
    pub async fn forget(&self, key: &str) -> io::Result<()> {
        let mut noted = self.noted.lock().await;
        noted.retain(|known| known.operation.key != key);
        let mut text = String::new();
        for Noted { operation, reference, language, .. } in noted.iter() {
            let operation = Box::new(operation.clone());
            let line = Line::Taken { operation, reference: reference.clone(), language: *language };
            text.push_str(&serde_json::to_string(&line)?);
            text.push('\n');
        }
        let (new, file) = (self.folder.join(format!("{FILE}.new")), self.folder.join(FILE));
        let mut written = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&new).await?;
        written.write_all(text.as_bytes()).await?;
        written.sync_all().await?;
        fs::rename(&new, &file).await?;
        sync(&self.folder).await
    }

    async fn append(&self, line: &Line) -> io::Result<()> {
        fs::create_dir_all(&self.folder).await?;
        let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(self.folder.join(FILE)).await?;
        let mut text = serde_json::to_string(line)?;
        text.push('\n');
        file.write_all(text.as_bytes()).await?;
        file.sync_all().await?;
        // A file that is new is not there after a crash until its folder says so.
        sync(&self.folder).await
    }
}

async fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder).await?.sync_all().await
}

fn settle(noted: &mut [Noted], key: &str, state: State) {
    if let Some(known) = noted.iter_mut().find(|known| known.operation.key == key) {
        known.operation.state = state;
    }
}

#[cfg(test)]
mod tests;
