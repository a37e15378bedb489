//! What customers send as evidence: pictures and documents, as rows. Nothing of one is given to anybody before it is known to be harmless,
//! where somebody is there to say so. A row outlives its file: what is erased leaves a stone. The bytes themselves are never here.

use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    ids::{CaseId, StaffId, UploadId},
    pii::Pii,
    purpose::Purpose,
    time::{Span, Wall},
    wrapped_key::WrappedKey,
};
use serde::{Deserialize, Serialize};

/// Bytes of one file: a photograph of a phone has less than eight million.
pub const UPLOAD_BYTES_MAX: u64 = 10 * 1_024 * 1_024;

/// Files of one case.
pub const UPLOADS_MAX: usize = 10;

/// Bytes of all files of one case.
pub const CASE_BYTES_MAX: u64 = 40 * 1_024 * 1_024;

/// Characters of a file's name.
const NAME_CHARS_MAX: usize = 80;

/// Times a file is looked at that nobody can tell anything of. Then it stays where nobody gets it.
pub const LOOKS_MAX: u32 = 5;

/// How long a file is kept at least (domain: tied to a dispute, close and three years). Its case keeps it longer while that is open.
const KEPT: Span = Span::from_s(3 * 365 * 24 * 3_600);

/// A file that was sent for a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its identifier.
    pub id: UploadId,
    /// The case.
    pub case: CaseId,
    /// Its place among the files of the case, from 1.
    pub place: u32,
    /// What it is called: as it was named, without what a file's name cannot have.
    pub name: Pii<String>,
    /// What it is, by its first bytes.
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of it, hexadecimal.
    pub digest: String,
    /// Who sent it.
    pub by: Actor,
    /// When.
    pub at: Wall,
    /// How it stands.
    pub state: UploadState,
    /// When its own time is over. Its case keeps it longer.
    pub expires_at: Wall,
}

/// What files are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A picture.
    Png,
    /// A picture.
    Jpeg,
    /// A document.
    Pdf,
}

impl FileKind {
    /// What a file is that begins so; none where it is nothing that is taken. Its name says nothing.
    #[must_use]
    pub const fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Self::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            _ => None,
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Pdf => "application/pdf",
        }
    }

    /// The ending of its name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Pdf => "pdf",
        }
    }
}

/// First bytes that are needed to tell what a file is.
pub const HEAD_BYTES: usize = 8;

/// How a file stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum UploadState {
    /// It waits for the scanner. Nobody gets it.
    Waiting {
        /// Its key.
        key: WrappedKey,
        /// Times it was looked at, and nothing could be said.
        looks: u32,
    },
    /// Nobody is there to say whether it is harmless.
    NotScanned {
        /// Its key.
        key: WrappedKey,
    },
    /// The scanner found nothing.
    Clean {
        /// Its key.
        key: WrappedKey,
        /// When.
        at: Wall,
    },
    /// The scanner found something: the key is destroyed.
    Infected {
        /// When.
        at: Wall,
    },
    /// Its time is over: the key is destroyed.
    Erased {
        /// When.
        at: Wall,
    },
}

impl UploadState {
    /// Its name in rows and on screens.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Waiting { .. } => "waiting",
            Self::NotScanned { .. } => "not_scanned",
            Self::Clean { .. } => "clean",
            Self::Infected { .. } => "infected",
            Self::Erased { .. } => "erased",
        }
    }

    /// The key of a file that may be read.
    #[must_use]
    pub const fn readable(&self) -> Option<&WrappedKey> {
        match self {
            Self::NotScanned { key } | Self::Clean { key, .. } => Some(key),
            Self::Waiting { .. } | Self::Infected { .. } | Self::Erased { .. } => None,
        }
    }

    /// There is no file any more.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        matches!(self, Self::Infected { .. } | Self::Erased { .. })
    }
}

/// What the scanner said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// Something was.
    Infected,
    /// Nothing can be said: it is not there, took too long, or failed.
    NotKnown,
}

/// A file that arrived, whole and sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Its identifier.
    pub id: UploadId,
    /// As it was named.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub digest: String,
    /// Its key.
    pub key: WrappedKey,
    /// A scanner is there.
    pub scanned: bool,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UploadRefusal {
    /// There are as many as a case may have.
    #[error("a case takes {UPLOADS_MAX} files")]
    TooMany,
    /// Together they would be too large.
    #[error("the files of a case may have {} MB together", CASE_BYTES_MAX / 1_024 / 1_024)]
    TooLargeTogether,
    /// The very same file is there.
    #[error("this file is there already")]
    AlreadyThere,
    /// Nothing is left to do about the case.
    #[error("the case is closed")]
    Closed,
}

impl Upload {
    /// Takes a file for a case that has `known` ones and is open.
    ///
    /// # Errors
    /// [`UploadRefusal`]: it is not kept.
    pub fn taken(
        arrived: Arrived,
        case: (CaseId, bool),
        known: &[Self],
        by: Actor,
        now: Wall,
    ) -> Result<(Self, Commit), UploadRefusal> {
        let (case, is_open) = case;
        if !is_open {
            return Err(UploadRefusal::Closed);
        }
        if known.iter().any(|upload| upload.digest == arrived.digest) {
            return Err(UploadRefusal::AlreadyThere);
        }
        if known.len() >= UPLOADS_MAX {
            return Err(UploadRefusal::TooMany);
        }
        if known.iter().map(|upload| upload.size).sum::<u64>() + arrived.size > CASE_BYTES_MAX {
            return Err(UploadRefusal::TooLargeTogether);
        }
        let Arrived { id, name, kind, size, digest, key, scanned } = arrived;
        let state = if scanned { UploadState::Waiting { key, looks: 0 } } else { UploadState::NotScanned { key } };
        let place = known.iter().map(|upload| upload.place).max().unwrap_or(0) + 1;
        let name = Pii::new(clean_name(&name, kind));
        let upload = Self { id, case, place, name, kind, size, digest, by, at: now, state, expires_at: now + KEPT };
        let commit = upload.written(0, Entry::new(now, by, "upload.received", id));
        Ok((upload, commit))
    }

    /// What the scanner said of a file that waits for it; none when it does not wait.
    #[must_use]
    pub fn scanned(mut self, version: Version, verdict: Verdict, now: Wall) -> Option<(Self, Commit)> {
        let UploadState::Waiting { key, looks } = self.state else { return None };
        let (state, verb) = match verdict {
            Verdict::Clean => (UploadState::Clean { key, at: now }, "found_clean"),
            Verdict::Infected => (UploadState::Infected { at: now }, "found_infected"),
            Verdict::NotKnown => (UploadState::Waiting { key, looks: looks + 1 }, "not_told"),
        };
        self.state = state;
        let commit = self.written(version, Entry::new(now, Actor::System, &format!("upload.{verb}"), self.id));
        Some((self, commit))
    }

    /// Its time is over.
    #[must_use]
    pub fn expired(mut self, version: Version, now: Wall) -> Commit {
        self.state = UploadState::Erased { at: now };
        self.written(version, Entry::new(now, Actor::System, "upload.expired", self.id))
    }

    /// That somebody reads it.
    #[must_use]
    pub fn read(&self, by: StaffId, purpose: Purpose, now: Wall) -> Commit {
        let entry = Entry::new(now, Actor::Staff { id: by }, "upload.read", self.id).for_purpose(purpose);
        Commit::new(entry, Vec::new())
    }

    fn written(&self, version: Version, entry: Entry) -> Commit {
        Commit::new(entry, vec![Change::Upload(version, Box::new(self.clone()))])
    }
}

/// A file's name that can stand anywhere: without the way to it, without what controls or quotes, with the ending of what it is.
fn clean_name(name: &str, kind: FileKind) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    // Marks that turn the way of reading would let `gpj.exe` read as `exe.jpg`.
    let turns = |c: char| matches!(c, '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let good = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '(' | ')');
    let stem: String = stem.chars().filter(|c| !turns(*c)).filter(good).take(NAME_CHARS_MAX).collect();
    let stem = stem.trim();
    format!("{}.{}", if stem.is_empty() { "file" } else { stem }, kind.ending())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrived(digest: &str, size: u64, scanned: bool) -> Arrived {
        let key = WrappedKey::new("1:key".to_owned());
        let (name, digest) = ("a.png".to_owned(), digest.to_owned());
        Arrived { id: 1.into(), name, kind: FileKind::Png, size, digest, key, scanned }
    }

    fn taken(known: &[Upload], digest: &str, size: u64) -> Result<Upload, UploadRefusal> {
        Upload::taken(arrived(digest, size, true), (7.into(), true), known, Actor::Visitor, Wall(5)).map(|(upload, _)| upload)
    }

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        for (head, kind) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Some(FileKind::Png)),
            (b"\xFF\xD8\xFF\xE0", Some(FileKind::Jpeg)),
            (b"%PDF-1.7", Some(FileKind::Pdf)),
            (b" %PDF-1.7", None),
            (b"MZ\x90\x00", None),
            (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", None),
            (b"<svg", None),
            (b"", None),
        ] {
            assert_eq!(FileKind::of(head), kind, "{head:?}");
        }
    }

    #[test]
    fn a_name_keeps_what_people_read_and_nothing_else() {
        for (name, clean) in [
            ("Quittung (1).JPEG", "Quittung (1).png"),
            ("../../etc/passwd", "passwd.png"),
            ("C:\\Users\\li\\截图 2.png", "截图 2.png"),
            ("a\"; rm -rf\r\nSet-Cookie: x.png", "a rm -rfSet-Cookie x.png"),
            ("\u{202E}gpj.exe", "gpj.png"),
            (".png", "file.png"),
            ("", "file.png"),
        ] {
            assert_eq!(clean_name(name, FileKind::Png), clean, "{name:?}");
        }
        assert_eq!(clean_name(&"x".repeat(500), FileKind::Pdf).chars().count(), NAME_CHARS_MAX + 4);
    }

    #[test]
    fn a_case_takes_so_many_files_and_so_much_and_none_twice() {
        let mut known = vec![taken(&[], "0", 1).unwrap()];
        assert_eq!(taken(&known, "0", 1), Err(UploadRefusal::AlreadyThere));
        assert_eq!(taken(&known, "1", CASE_BYTES_MAX), Err(UploadRefusal::TooLargeTogether));
        for n in 1..UPLOADS_MAX {
            known.push(taken(&known, &n.to_string(), 1).unwrap());
        }
        assert_eq!(known.last().map(|upload| upload.place), Some(10));
        assert_eq!(taken(&known, "last", 1), Err(UploadRefusal::TooMany));
        let closed = Upload::taken(arrived("x", 1, false), (7.into(), false), &[], Actor::Visitor, Wall(5));
        assert_eq!(closed.err(), Some(UploadRefusal::Closed));
    }

    #[test]
    fn nobody_gets_what_waits_or_is_infected_and_it_can_be_told_what_nobody_looked_at() {
        let upload = taken(&[], "0", 1).unwrap();
        assert!(upload.state.readable().is_none());
        let (unknown, _) = upload.clone().scanned(1, Verdict::NotKnown, Wall(6)).unwrap();
        assert!(unknown.state.readable().is_none());
        assert!(matches!(unknown.state, UploadState::Waiting { looks: 1, .. }));
        let (clean, _) = unknown.scanned(2, Verdict::Clean, Wall(7)).unwrap();
        assert!(clean.state.readable().is_some() && clean.scanned(3, Verdict::Infected, Wall(8)).is_none());
        let (infected, commit) = upload.scanned(1, Verdict::Infected, Wall(6)).unwrap();
        assert!(infected.state.readable().is_none() && infected.state.is_gone());
        assert_eq!(commit.entries()[0].action, "upload.found_infected");
        let (unseen, _) = Upload::taken(arrived("x", 1, false), (7.into(), true), &[], Actor::Visitor, Wall(5)).unwrap();
        assert_eq!((unseen.state.name(), unseen.state.readable().is_some()), ("not_scanned", true));
        assert_eq!(unseen.expires_at, Wall(5) + KEPT);
    }
}
