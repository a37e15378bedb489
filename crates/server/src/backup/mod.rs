//! Backups: the database of one moment and every file of `data.dir` in one encrypted file, made while the program serves. It holds no
//! key: whoever has the file and not the master key has noise.

mod pack;

use crate::config::Config;
use crate::keyring::{self, Keyring};
use crate::sealed::{self, Opener, Sealer};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Component, Path, PathBuf};
use walletline_store::{ReadError, Store};

/// Opens every backup, and says how it is written.
const MAGIC: &sealed::Magic = b"WLBACK\0\x01";

/// The database within a backup.
pub const DATABASE: &str = "walletline.db";

/// The folder that stands for `data.dir` within a backup.
const DATA: &str = "data";

/// A copy of the database on its way into a backup, in `data.dir`.
const COPY: &str = "backup.db.new";

/// Files deeper than this are none of ours.
const DEPTH_MAX: usize = 8;

/// What a backup holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Contents {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The database is among them; PostgreSQL's is not.
    pub database: bool,
}

/// Why there is no backup, or none that can be used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Nothing could be encrypted or opened.
    #[error("keys.master: is missing: a backup is encrypted under it")]
    NoKey,
    /// The file is there already.
    #[error("`{}` is there already: choose another name, or remove it", .0.display())]
    Exists(PathBuf),
    /// Another program's file, another key, or changed by other hands.
    #[error("`{}` is no backup of this master key, or it was changed: {why}", path.display())]
    Spoilt {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        why: &'static str,
    },
    /// The database cannot be copied.
    #[error(transparent)]
    Store(#[from] ReadError),
    /// The file system refuses.
    #[error("`{}`: {error}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What it says.
        error: io::Error,
    },
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| match sealed::what_is_wrong(&error) {
        Some(why) => BackupError::Spoilt { path, why },
        None => BackupError::Io { path, error },
    }
}

/// Copies everything into a new file. The database comes first: what the files know beyond it is put in order at a start.
///
/// # Errors
/// [`BackupError`]; nothing is left behind then.
pub async fn make(config: &Config, store: &Store, keyring: &Keyring, file: &Path) -> Result<Contents, BackupError> {
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let dir = &config.data.dir;
    fs::create_dir_all(dir).map_err(at(dir))?;
    let copy = dir.join(COPY);
    remove(&copy).map_err(at(&copy))?;
    let copied = store.copy_into(&copy).await;
    let made = copied.map_err(BackupError::from).and_then(|copied| {
        let database = copied.then_some(copy.as_path());
        write(keyring, dir, database, config.store.url.expose(), file)
    });
    remove(&copy).map_err(at(&copy))?;
    made
}

fn write(keyring: &Keyring, dir: &Path, database: Option<&Path>, url: &str, file: &Path) -> Result<Contents, BackupError> {
    let unfinished = unfinished(file);
    remove(&unfinished).map_err(at(&unfinished))?;
    let made = write_into(keyring, dir, database, url, &unfinished);
    match made {
        Ok(contents) => {
            fs::rename(&unfinished, file).map_err(at(file))?;
            Ok(contents)
        }
        Err(error) => {
            let _gone_already = fs::remove_file(&unfinished);
            Err(error)
        }
    }
}

fn write_into(keyring: &Keyring, dir: &Path, database: Option<&Path>, url: &str, file: &Path) -> Result<Contents, BackupError> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(at(file))?;
    let sealer = Sealer::new(BufWriter::new(made), keyring.derive(keyring::BACKUP), MAGIC).map_err(at(file))?;
    let mut pack = pack::Writer::new(sealer);
    let mut contents = Contents::default();
    if let Some(copy) = database {
        contents.bytes += pack.add(DATABASE, copy).map_err(at(copy))?;
        contents.files += 1;
        contents.database = true;
    }
    let live = url.strip_prefix("sqlite:").map(|path| PathBuf::from(path.strip_prefix("//").unwrap_or(path)));
    let mut found = Vec::new();
    list(dir, 0, &mut found).map_err(at(dir))?;
    for path in found {
        let name = path.strip_prefix(dir).unwrap_or(&path);
        if !belongs(name, &path, live.as_deref(), file) {
            continue;
        }
        let Some(name) = name.to_str() else { continue };
        match pack.add(&format!("{DATA}/{name}"), &path) {
            Ok(bytes) => {
                contents.bytes += bytes;
                contents.files += 1;
            }
            // Recordings and screenshots go when their time is over.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(at(&path)(error)),
        }
    }
    let sealer = pack.finish().map_err(at(file))?;
    let mut out = sealer.finish().map_err(at(file))?;
    out.flush().map_err(at(file))?;
    out.get_ref().sync_all().map_err(at(file))?;
    Ok(contents)
}

/// Reads a backup to its end: every byte is as it was written.
///
/// # Errors
/// [`BackupError::Spoilt`] when it is not.
pub fn verify(keyring: &Keyring, file: &Path) -> Result<Contents, BackupError> {
    read(keyring, file, |_, body| io::copy(body, &mut io::sink()).map(|_| ()))
}

/// Unpacks a backup into a new folder.
///
/// # Errors
/// [`BackupError`] when the folder is there, or the backup is not what was written.
pub fn unpack(keyring: &Keyring, file: &Path, into: &Path) -> Result<Contents, BackupError> {
    if into.exists() {
        return Err(BackupError::Exists(into.to_owned()));
    }
    // Nothing is unpacked of a file that was changed further on.
    verify(keyring, file)?;
    read(keyring, file, |name, body| {
        let path = into.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        io::copy(body, &mut out)?;
        out.sync_all()
    })
}

fn read(
    keyring: &Keyring,
    file: &Path,
    mut each: impl FnMut(&Path, &mut dyn io::Read) -> io::Result<()>,
) -> Result<Contents, BackupError> {
    let opened = File::open(file).map_err(at(file))?;
    let opener = Opener::new(BufReader::new(opened), keyring.derive(keyring::BACKUP), MAGIC).map_err(at(file))?;
    let mut pack = pack::Reader::new(opener);
    let mut contents = Contents::default();
    while let Some((name, size)) = pack.next().map_err(at(file))? {
        let path = PathBuf::from(&name);
        // Whoever made the backup held the key; a name that leads out of the folder is a mistake of ours all the same.
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(BackupError::Spoilt { path: file.to_owned(), why: "a name in it leads elsewhere" });
        }
        each(&path, &mut pack.body(size)).map_err(at(file))?;
        contents.files += 1;
        contents.bytes += size;
        contents.database |= name == DATABASE;
    }
    Ok(contents)
}

/// Everything of the data folder but the database itself, whatever is a key, what is half written, and this very backup.
fn belongs(name: &Path, path: &Path, live: Option<&Path>, backup: &Path) -> bool {
    let text = name.to_string_lossy();
    let is = |other: &Path| fs::canonicalize(other).is_ok_and(|other| fs::canonicalize(path).is_ok_and(|path| path == other));
    let beside =
        |live: &Path| is(live) || ["-wal", "-shm"].iter().any(|ending| is(&PathBuf::from(format!("{}{ending}", live.display()))));
    !text.ends_with(".new") && !text.ends_with(".key") && !live.is_some_and(beside) && !is(backup) && !is(&unfinished(backup))
}

fn list(dir: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(dir)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type()?;
        if kind.is_file() {
            found.push(entry.path());
        } else if kind.is_dir() && depth < DEPTH_MAX {
            list(&entry.path(), depth + 1, found)?;
        }
    }
    Ok(())
}

fn unfinished(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
