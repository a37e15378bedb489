//! The master key and the keys that are derived from it, one for each thing the program protects. A derived key says nothing of
//! the master key or of another one, so none is ever used for two things. No key is printed, logged or kept beside the data,
//! save the demo world's own.

use crate::config::Config;
use hkdf::Hkdf;
use sha2::Sha256;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use zeroize::{Zeroize as _, Zeroizing};

/// Signs the heads of the audit log.
pub const AUDIT_HEAD: &str = "audit-head";
/// Hashes the codes sent to customers.
pub const CODE: &str = "code";
/// Names customers in logs of limits and in the audit without saying who they are.
pub const SUBJECT: &str = "subject";
/// Hashes the codes of call passes.
pub const PASS: &str = "pass";
/// Seals the screenshots of call passes.
pub const SCREENSHOT: &str = "screenshot";
/// Signs the official directory.
pub const DIRECTORY: &str = "directory";
/// Seals what waits to be sent to others.
pub const OUTBOX: &str = "outbox";

/// Shows that a wallet calls back about what it was asked.
pub const WALLET_CALLBACK: &str = "wallet-callback";

/// Shows that a link to how a refund or a case stands is ours.
pub const TRACKING: &str = "tracking";

/// Seals the keys of recordings.
pub const RECORDING: &str = "recording";

/// Seals the keys of files that customers send.
pub const UPLOAD: &str = "upload";

/// Seals the seeds of staff's authenticators.
pub const STAFF_SEED: &str = "staff-seed";

/// Hashes the recovery codes of staff.
pub const STAFF_RECOVERY: &str = "staff-recovery";

/// Encrypts backups.
pub const BACKUP: &str = "backup";

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;

/// The demo world's master key, in `data.dir`. The demo guards nothing: its passwords are printed at the start.
const DEMO_FILE: &str = "demo-master.key";

/// Holder of the master key.
pub struct Keyring {
    master: Zeroizing<[u8; KEY_BYTES]>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring")
    }
}

/// Why there is no key although there should be one. Never repeats what was read.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The source named by `keys.master` gives no key any more.
    #[error("keys.master: {0}")]
    Source(String),
    /// The source named by `keys.previous` gives no key any more.
    #[error("keys.previous: {0}")]
    Previous(String),
    /// The demo's key file cannot be read or made.
    #[error("`{}`, the demo's own key: {reason}", path.display())]
    Demo {
        /// Where it is.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

impl Keyring {
    /// The keyring over a master key.
    #[must_use]
    pub const fn new(master: Zeroizing<[u8; KEY_BYTES]>) -> Self {
        Self { master }
    }

    /// The keyring of a configuration: of `keys.master`, or in the demo world of the file an earlier run of it made. None where
    /// there is neither.
    ///
    /// # Errors
    /// [`KeyringError`] when there is a source that gives no key.
    pub fn load(config: &Config) -> Result<Option<Self>, KeyringError> {
        if let Some(source) = &config.keys.master {
            return source.key().map(|key| Some(Self::new(key))).map_err(KeyringError::Source);
        }
        if !config.demo {
            return Ok(None);
        }
        let path = config.data.dir.join(DEMO_FILE);
        match std::fs::read_to_string(&path).map(Zeroizing::new) {
            Ok(text) => match read_key(&text) {
                Some(key) => Ok(Some(Self::new(key))),
                None => Err(KeyringError::Demo { path, reason: "not 64 hexadecimal digits: remove it".to_owned() }),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(KeyringError::Demo { path, reason: error.to_string() }),
        }
    }

    /// The keyring of `keys.previous`: the master key before the last change; none where there is none.
    ///
    /// # Errors
    /// [`KeyringError`] when there is a source that gives no key.
    pub fn load_previous(config: &Config) -> Result<Option<Self>, KeyringError> {
        let key = config.keys.previous.as_ref().map(|source| source.key().map_err(KeyringError::Previous)).transpose()?;
        Ok(key.map(Self::new))
    }

    /// As [`Keyring::load`]; the demo world's key is made where it has none yet.
    ///
    /// # Errors
    /// [`KeyringError`] when there is a source that gives no key, or the demo's key cannot be kept.
    pub fn load_or_make(config: &Config) -> Result<Option<Self>, KeyringError> {
        match Self::load(config)? {
            None if config.demo => make_demo_key(&config.data.dir).map(|key| Some(Self::new(key))),
            found => Ok(found),
        }
    }

    /// The key of this name: HKDF-SHA256 (RFC 5869) without salt over the master key, the name as `info`. Whoever holds it
    /// longer than a call zeroizes it.
    #[must_use]
    pub fn derive(&self, name: &'static str) -> [u8; KEY_BYTES] {
        let mut key = [0; KEY_BYTES];
        Hkdf::<Sha256>::new(None, &*self.master).expand(name.as_bytes(), &mut key).expect("32 bytes are one block of SHA-256");
        key
    }
}

/// A key written as 64 hexadecimal digits, whatever white space stands around it.
pub(crate) fn read_key(text: &str) -> Option<Zeroizing<[u8; KEY_BYTES]>> {
    let digits = text.trim().as_bytes();
    if digits.len() != 2 * KEY_BYTES {
        return None;
    }
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(0)? << 4 | digit(1)?;
    }
    Some(key)
}

/// Makes the demo's key. The file appears whole or not at all, and only its owner may read it.
fn make_demo_key(dir: &Path) -> Result<Zeroizing<[u8; KEY_BYTES]>, KeyringError> {
    let path = dir.join(DEMO_FILE);
    let failed = |reason: String| KeyringError::Demo { path: path.clone(), reason };
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    getrandom::fill(&mut *key).map_err(|error| failed(format!("the system gives no randomness: {error}")))?;
    let mut text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let kept = keep(dir, &path, &text);
    text.zeroize();
    kept.map_err(|error| failed(format!("cannot be written: {error}")))?;
    Ok(key)
}

fn keep(dir: &Path, path: &Path, text: &str) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let unfinished = path.with_extension("key.new");
    // What an interrupted run left there may be readable by others.
    match std::fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use std::os::unix::fs::PermissionsExt as _;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A folder of its own, removed when it goes.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let name = format!("walletline-keyring-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let dir = std::env::temp_dir().join(name);
            std::fs::create_dir_all(&dir).unwrap();
            Self(dir)
        }

        fn config(&self, demo: bool, master: Option<&str>) -> Config {
            let mut variables = vec![("WALLETLINE_DATA_DIR".to_owned(), self.0.join("data").display().to_string())];
            variables.extend(master.map(|source| ("WALLETLINE_KEYS_MASTER".to_owned(), source.to_owned())));
            Config::load(None, demo, variables).unwrap()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _gone_already = std::fs::remove_dir_all(&self.0);
        }
    }

    fn keyring(byte: u8) -> Keyring {
        Keyring::new(Zeroizing::new([byte; KEY_BYTES]))
    }

    #[test]
    fn a_key_is_hkdf_sha256_of_the_master_key_and_the_name() {
        // Computed with Python's hmac: PRK = HMAC(0^32, master), OKM = HMAC(PRK, name || 0x01).
        let expected = read_key("451f9d876db1ba7a83ede944895ebe58fbb4c30a92d6c1cb37c0149b2892cdcd").unwrap();
        assert_eq!(keyring(7).derive(AUDIT_HEAD), *expected);
    }

    #[test]
    fn every_name_and_every_master_key_has_keys_of_its_own() {
        let names =
            [AUDIT_HEAD, CODE, SUBJECT, PASS, SCREENSHOT, DIRECTORY, OUTBOX, RECORDING, STAFF_SEED, STAFF_RECOVERY, BACKUP];
        let keys: std::collections::BTreeSet<_> =
            [1, 2].into_iter().flat_map(|byte| names.map(|name| keyring(byte).derive(name))).collect();
        assert_eq!(keys.len(), 2 * names.len());
        assert_eq!(keyring(1).derive(CODE), keyring(1).derive(CODE));
    }

    #[test]
    fn a_keyring_says_nothing_of_itself() {
        assert_eq!(format!("{:?}", keyring(7)), "Keyring");
    }

    #[test]
    fn a_key_is_64_hexadecimal_digits() {
        assert_eq!(*read_key(&format!("  {}\n", "0aF1".repeat(16))).unwrap(), [0x0A, 0xF1].repeat(16)[..]);
        for text in ["", "00", &"0".repeat(63), &"0".repeat(66), &"g".repeat(64), &"é".repeat(32), &"+1".repeat(32)] {
            assert!(read_key(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_configured_master_key_is_the_one_used() {
        let folder = Folder::new();
        let file = folder.0.join("master");
        std::fs::write(&file, "07".repeat(32)).unwrap();
        for demo in [false, true] {
            let config = folder.config(demo, Some(&format!("file:{}", file.display())));
            let loaded = Keyring::load_or_make(&config).unwrap().unwrap();
            assert_eq!(loaded.derive(CODE), keyring(7).derive(CODE));
        }
        let config = folder.config(false, Some(&format!("file:{}", file.display())));
        std::fs::remove_file(&file).unwrap();
        assert!(matches!(Keyring::load(&config), Err(KeyringError::Source(_))));
    }

    #[test]
    fn production_without_a_master_key_has_no_keyring_and_makes_none() {
        let folder = Folder::new();
        assert!(Keyring::load_or_make(&folder.config(false, None)).unwrap().is_none());
        assert!(!folder.0.join("data").exists());
    }

    #[test]
    fn the_demo_makes_its_key_once_for_its_owner_alone() {
        let folder = Folder::new();
        let config = folder.config(true, None);
        assert!(Keyring::load(&config).unwrap().is_none());
        let first = Keyring::load_or_make(&config).unwrap().unwrap();
        let path = folder.0.join("data").join(DEMO_FILE);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        for again in [Keyring::load(&config), Keyring::load_or_make(&config)] {
            assert_eq!(again.unwrap().unwrap().derive(CODE), first.derive(CODE));
        }
        std::fs::write(&path, "half").unwrap();
        assert!(matches!(Keyring::load_or_make(&config), Err(KeyringError::Demo { .. })), "a spoilt key is not replaced");
    }
}
