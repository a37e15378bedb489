//! The journal of freezes: what is decided while the store is down. One line is synced to the disk before the wallet is asked, and
//! another says what came of it; when the store is back both become a case, an act and an audit entry, and the lines go. A line
//! holds a key, hashes and times. The number is in it sealed, with the key of the outbox and for this line alone, so that whoever is
//! left after a crash can still carry the freeze out and tell its owner; it goes as soon as nothing is left to be done with it.

use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs::{self, OpenOptions};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Mutex;
use walletline_core::cases::Reference;
use walletline_core::help::Noted;
use walletline_core::kernel::{ids::ContactId, language::Language, subject::Subject, time::Wall};
use walletline_core::wallet::{Operation, State};
use walletline_store::Store;

/// Freezes that may wait for the store. Above it a caller goes to a person: a disk must not fill while a store is away.
const NOTED_MAX: usize = 10_000;

const FILE: &str = "freezes.jsonl";

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
enum Line {
    Taken {
        operation: Box<Operation>,
        reference: Reference,
        language: Language,
        /// The number, sealed.
        #[serde(default)]
        number: Option<String>,
        #[serde(default)]
        joined: Vec<ContactId>,
    },
    Joined {
        key: String,
        contact: ContactId,
    },
    Settled {
        key: String,
        state: State,
        #[serde(default)]
        at: Option<Wall>,
    },
}

/// A freeze with its number as it stands on the disk: what does not open today may do so under the right key.
struct Kept {
    noted: Noted,
    number: Option<String>,
}

impl Kept {
    fn line(&self) -> Line {
        let Noted { operation, reference, language, joined, .. } = self.noted.clone();
        Line::Taken { operation: Box::new(operation), reference, language, number: self.number.clone(), joined }
    }

    fn settle(&mut self, state: State, at: Option<Wall>) {
        // Two may have sent it under its key; an end stays an end.
        if self.noted.operation.state.is_over() {
            return;
        }
        self.noted.operation.state = state;
        self.noted.operation.settled_at = at.filter(|_| state.is_over());
        if matches!(state, State::Declined | State::GivenUp) {
            // Nothing is sent any more, and nobody is told.
            (self.noted.msisdn, self.number) = (None, None);
        }
    }

    fn join(&mut self, contact: ContactId) {
        if self.noted.operation.contact != contact && !self.noted.joined.contains(&contact) {
            self.noted.joined.push(contact);
        }
    }
}

/// The journal.
pub struct Journal {
    folder: PathBuf,
    /// Seals; the journal itself needs no database.
    store: Store,
    noted: Mutex<Vec<Kept>>,
}

impl Journal {
    /// The journal below the data folder, with what an earlier process left in it.
    ///
    /// # Errors
    /// When it is there and cannot be read. A last line that was cut off by a crash is passed over: its freeze was not sent.
    pub async fn open(data: &Path, store: Store) -> io::Result<Self> {
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
        let mut kept: Vec<Kept> = Vec::new();
        for line in text[..whole].lines() {
            match serde_json::from_str(line) {
                Ok(line) => read(&mut kept, &store, line),
                Err(error) => tracing::warn!(%error, "a line of the journal of freezes cannot be read"),
            }
        }
        for Kept { noted, .. } in &mut kept {
            // Whoever took it may have died after sending it and before saying so: the wallet is asked first.
            if noted.operation.state == State::Committed {
                noted.operation.state = State::Unknown;
            }
        }
        Ok(Self { folder, store, noted: Mutex::new(kept) })
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
        let place = place(&freeze.operation.key);
        let sealed = freeze.msisdn.as_ref().map(|msisdn| self.store.seal_text(&place, msisdn.expose())).transpose();
        let kept = Kept { noted: freeze, number: sealed.map_err(io::Error::other)? };
        self.append(&kept.line()).await?;
        noted.push(kept);
        Ok(())
    }

    /// What is noted of this account and stands last.
    pub async fn of_account(&self, wallet: &str, subject: &Subject) -> Option<Noted> {
        let noted = self.noted.lock().await;
        let of_account = |kept: &&Kept| kept.noted.operation.wallet == wallet && kept.noted.operation.subject == *subject;
        noted.iter().rev().find(of_account).map(|kept| kept.noted.clone())
    }

    /// A second contact asks for what is under way.
    ///
    /// # Errors
    /// When it is not on the disk: then only its record does not say so.
    pub async fn join(&self, key: &str, contact: ContactId) -> io::Result<()> {
        let mut noted = self.noted.lock().await;
        if let Some(kept) = by_key(&mut noted, key) {
            kept.join(contact);
        }
        self.append(&Line::Joined { key: key.to_owned(), contact }).await
    }

    /// Writes down what came of it.
    ///
    /// # Errors
    /// When it is not on the disk; the wallet can be asked again under the same key.
    pub async fn settle(&self, key: &str, state: State, at: Wall) -> io::Result<()> {
        let mut noted = self.noted.lock().await;
        let Some(kept) = by_key(&mut noted, key) else { return Ok(()) };
        let had_number = kept.number.is_some();
        kept.settle(state, Some(at));
        if had_number && kept.number.is_none() {
            return self.rewrite(&noted).await;
        }
        self.append(&Line::Settled { key: key.to_owned(), state, at: Some(at) }).await
    }

    /// What the store does not know yet, oldest first.
    pub async fn noted(&self) -> Vec<Noted> {
        self.noted.lock().await.iter().map(|kept| kept.noted.clone()).collect()
    }

    /// The store knows this one: its lines go, and its number with them.
    ///
    /// # Errors
    /// When the file cannot be written anew. It is then brought into the store again, which finds it there.
    pub async fn forget(&self, key: &str) -> io::Result<()> {
        let mut noted = self.noted.lock().await;
        noted.retain(|kept| kept.noted.operation.key != key);
        self.rewrite(&noted).await
    }

    async fn rewrite(&self, noted: &[Kept]) -> io::Result<()> {
        let mut text = String::new();
        for kept in noted {
            text.push_str(&serde_json::to_string(&kept.line())?);
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

/// Takes up a line of the file.
fn read(kept: &mut Vec<Kept>, store: &Store, line: Line) {
    match line {
        Line::Taken { operation, reference, language, number, joined } => {
            let opened = number.as_deref().map(|sealed| store.open_text(&place(&operation.key), sealed));
            let msisdn = opened.and_then(|opened| match opened {
                Ok(msisdn) => Some(msisdn),
                Err(error) => {
                    tracing::error!(%error, "a number in the journal of freezes does not open: was keys.master changed?");
                    None
                }
            });
            kept.push(Kept { noted: Noted { operation: *operation, reference, language, msisdn, joined }, number });
        }
        Line::Joined { key, contact } => {
            if let Some(kept) = by_key(kept, &key) {
                kept.join(contact);
            }
        }
        Line::Settled { key, state, at } => {
            if let Some(kept) = by_key(kept, &key) {
                kept.settle(state, at);
            }
        }
    }
}

fn by_key<'a>(kept: &'a mut [Kept], key: &str) -> Option<&'a mut Kept> {
    kept.iter_mut().find(|kept| kept.noted.operation.key == key)
}

/// Where a number is sealed for.
fn place(key: &str) -> String {
    format!("journal {key}")
}

async fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder).await?.sync_all().await
}

#[cfg(test)]
mod tests;
