//! Screenshots on disk: one sealed file for each pass, named by it, gone when its day is over. Whoever reads the folder reads no
//! picture; a file opens only with the key and for the pass it was made for.

use super::MakeError;
use crate::keyring::KEY_BYTES;
use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Nonce, Payload};
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs;
use tokio::io::AsyncWriteExt as _;
use walletline_core::kernel::{ids::PassId, time::Wall};
use walletline_core::pass::LIFETIME;
use zeroize::Zeroizing;

/// Screenshots at the same time: two gigabytes at most, whoever sends them.
const FILES_MAX: usize = 1_000;

/// Bytes of a nonce. Random ones stay apart for 2^32 seals with one key.
const NONCE_BYTES: usize = 12;

/// An unfinished file's ending.
const UNFINISHED: &str = ".new";

/// The folder and the key.
pub(super) struct Shelf {
    dir: PathBuf,
    cipher: ChaCha20Poly1305,
}

impl Shelf {
    /// A shelf in the data folder; the folder is made with the first picture.
    pub(super) fn new(data: &Path, key: [u8; KEY_BYTES]) -> Self {
        let key = Zeroizing::new(key);
        Self { dir: data.join("screenshots"), cipher: ChaCha20Poly1305::new((&*key).into()) }
    }

    /// Keeps a picture.
    pub(super) async fn put(&self, pass: PassId, bytes: &[u8]) -> Result<(), MakeError> {
        if self.names().await.len() >= FILES_MAX {
            return Err(MakeError::NoRoom);
        }
        let sealed = self.seal(pass, bytes).ok_or(MakeError::Unavailable)?;
        self.write(pass, &sealed).await.map_err(|error| {
            tracing::warn!(%error, "a screenshot cannot be written");
            MakeError::Unavailable
        })
    }

    /// A picture, if it is there and opens.
    pub(super) async fn get(&self, pass: PassId) -> Option<Vec<u8>> {
        let sealed = fs::read(self.path(pass)).await.ok()?;
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES)?;
        let nonce = Nonce::<ChaCha20Poly1305>::try_from(nonce).ok()?;
        let row = pass.to_string();
        self.cipher.decrypt(&nonce, Payload { msg: sealed, aad: row.as_bytes() }).ok()
    }

    /// Removes a picture.
    pub(super) async fn remove(&self, pass: PassId) {
        self.remove_file(&pass.to_string()).await;
    }

    /// Removes the pictures whose day is over, and what an interrupted write left: a name tells when its pass was made.
    pub(super) async fn sweep(&self, now: Wall) {
        for name in self.names().await {
            let pass = name.trim_end_matches(UNFINISHED).parse::<PassId>();
            if pass.is_ok_and(|pass| pass.made_at() + LIFETIME <= now) {
                self.remove_file(&name).await;
            }
        }
    }

    fn seal(&self, pass: PassId, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).ok()?;
        let row = pass.to_string();
        let sealed = self.cipher.encrypt(&nonce.into(), Payload { msg: bytes, aad: row.as_bytes() }).ok()?;
        Some([&nonce[..], &sealed].concat())
    }

    /// The file appears whole or not at all, and only its owner may read it.
    async fn write(&self, pass: PassId, sealed: &[u8]) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.dir).await?;
        let unfinished = self.dir.join(format!("{pass}{UNFINISHED}"));
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished).await?;
        file.write_all(sealed).await?;
        file.sync_all().await?;
        fs::rename(&unfinished, self.path(pass)).await
    }

    async fn remove_file(&self, name: &str) {
        match fs::remove_file(self.dir.join(name)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::error!(%error, "a screenshot whose day is over cannot be removed: remove it from data/screenshots");
            }
            _ => {}
        }
    }

    fn path(&self, pass: PassId) -> PathBuf {
        self.dir.join(pass.to_string())
    }

    /// What lies in the folder.
    async fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let Ok(mut entries) = fs::read_dir(&self.dir).await else { return names };
        while let Ok(Some(entry)) = entries.next_entry().await {
            names.extend(entry.file_name().into_string());
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walletline_core::kernel::ids::IdSource;
    use walletline_core::kernel::time::Span;

    /// A folder of its own, removed when it goes.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let dir = std::env::temp_dir().join(format!("walletline-shelf-{}-{name}", std::process::id()));
            Self(dir)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _gone_already = std::fs::remove_dir_all(&self.0);
        }
    }

    #[tokio::test]
    async fn a_picture_opens_with_its_key_for_its_pass_alone() {
        let folder = Folder::new("seal");
        let (shelf, other) = (Shelf::new(&folder.0, [1; KEY_BYTES]), Shelf::new(&folder.0, [2; KEY_BYTES]));
        let mut ids = IdSource::new(1);
        let (mine, yours): (PassId, PassId) = (ids.next(Wall(0)), ids.next(Wall(0)));
        shelf.put(mine, b"a picture").await.unwrap();
        assert_eq!(shelf.get(mine).await.as_deref(), Some(&b"a picture"[..]));
        assert_eq!(other.get(mine).await, None);
        let sealed = std::fs::read(shelf.path(mine)).unwrap();
        assert!(!sealed.windows(9).any(|window| window == b"a picture"));
        std::fs::copy(shelf.path(mine), shelf.path(yours)).unwrap();
        assert_eq!(shelf.get(yours).await, None, "moved under another name");
        shelf.remove(mine).await;
        assert_eq!(shelf.get(mine).await, None);
    }

    #[tokio::test]
    async fn a_picture_is_gone_when_its_day_is_over_and_so_is_what_was_never_finished() {
        let folder = Folder::new("sweep");
        let shelf = Shelf::new(&folder.0, [1; KEY_BYTES]);
        let mut ids = IdSource::new(1);
        let made = Wall(1_795_000_000_000_000);
        let (old, young): (PassId, PassId) = (ids.next(made), ids.next(made + Span::from_s(60)));
        for pass in [old, young] {
            shelf.put(pass, b"x").await.unwrap();
        }
        std::fs::write(shelf.dir.join(format!("{old}{UNFINISHED}")), b"half").unwrap();
        shelf.sweep(made + LIFETIME).await;
        assert_eq!(shelf.names().await, [young.to_string()]);
    }
}
