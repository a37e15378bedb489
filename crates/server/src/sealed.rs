//! Files in sealed pieces of 64 KiB, each with ChaCha20-Poly1305 under a key of this file alone (HKDF-SHA256 of the key that is given and a
//! random salt). The nonce counts the pieces and says which is the last, so that nothing can be moved, left out or cut off unseen. What a
//! file is for stands in its first bytes, and one of one kind does not open as another.

use crate::keyring::KEY_BYTES;
use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;
use std::fmt;
use std::io::{self, Read, Write};
use zeroize::Zeroizing;

/// Opens a file, and says what it is and how it is written.
pub(crate) type Magic = [u8; 8];

const SALT_BYTES: usize = 16;
const TAG_BYTES: usize = 16;
/// Bytes of a piece before it is sealed; the last one may have fewer.
const PIECE_BYTES: usize = 64 * 1024;

/// The bytes are not what was written.
#[derive(Debug)]
struct Spoilt(&'static str);

impl fmt::Display for Spoilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Spoilt {}

pub(crate) fn spoilt(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, Spoilt(why))
}

/// What is wrong with the bytes, where that is why reading failed.
pub(crate) fn what_is_wrong(error: &io::Error) -> Option<&'static str> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<Spoilt>()).map(|spoilt| spoilt.0)
}

struct Cipher {
    cipher: ChaCha20Poly1305,
    pieces: u64,
}

impl Cipher {
    fn new(key: [u8; KEY_BYTES], magic: &Magic, salt: &[u8]) -> Self {
        let key = Zeroizing::new(key);
        let mut own = Zeroizing::new([0; KEY_BYTES]);
        Hkdf::<Sha256>::new(Some(salt), &*key).expand(magic, &mut *own).expect("32 bytes are one block of SHA-256");
        Self { cipher: ChaCha20Poly1305::new((&*own).into()), pieces: 0 }
    }

    fn nonce(&mut self, last: bool) -> Nonce<ChaCha20Poly1305> {
        let mut nonce = [0; 12];
        nonce[0] = u8::from(last);
        nonce[4..].copy_from_slice(&self.pieces.to_be_bytes());
        self.pieces += 1;
        nonce.into()
    }
}

/// Encrypts what is written to it.
pub(crate) struct Sealer<W: Write> {
    out: W,
    cipher: Cipher,
    piece: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    pub(crate) fn new(mut out: W, key: [u8; KEY_BYTES], magic: &Magic) -> io::Result<Self> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(io::Error::other)?;
        out.write_all(magic)?;
        out.write_all(&salt)?;
        Ok(Self { out, cipher: Cipher::new(key, magic, &salt), piece: Vec::with_capacity(PIECE_BYTES) })
    }

    /// Writes the last piece.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        Ok(self.out)
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let nonce = self.cipher.nonce(last);
        let sealed = self.cipher.cipher.encrypt(&nonce, self.piece.as_slice()).map_err(|_| spoilt("it cannot be encrypted"))?;
        self.piece.clear();
        self.out.write_all(&sealed)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece is sealed when more comes, so that the last one is known when it is written.
        if self.piece.len() == PIECE_BYTES {
            self.seal(false)?;
        }
        let taken = bytes.len().min(PIECE_BYTES - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Decrypts what is read through it. The end is told only after the last piece.
pub(crate) struct Opener<R: Read> {
    input: R,
    cipher: Cipher,
    /// The piece after the one being read, still sealed.
    ahead: Vec<u8>,
    piece: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Opener<R> {
    pub(crate) fn new(mut input: R, key: [u8; KEY_BYTES], magic: &Magic) -> io::Result<Self> {
        let mut head = [0; size_of::<Magic>() + SALT_BYTES];
        match input.read_exact(&mut head) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(spoilt("it is too short")),
            read => read?,
        }
        let Some(salt) = head.strip_prefix(magic) else { return Err(spoilt("it does not begin like one")) };
        let cipher = Cipher::new(key, magic, salt);
        let mut opener = Self { input, cipher, ahead: Vec::new(), piece: Vec::new(), at: 0, ended: false };
        opener.ahead = opener.sealed()?;
        Ok(opener)
    }

    fn sealed(&mut self) -> io::Result<Vec<u8>> {
        let mut sealed = Vec::with_capacity(PIECE_BYTES + TAG_BYTES);
        self.input.by_ref().take((PIECE_BYTES + TAG_BYTES) as u64).read_to_end(&mut sealed)?;
        Ok(sealed)
    }

    fn open(&mut self) -> io::Result<()> {
        let next = self.sealed()?;
        let last = next.is_empty();
        let sealed = std::mem::replace(&mut self.ahead, next);
        let nonce = self.cipher.nonce(last);
        let why = if last { "its end is missing" } else { "a piece of it does not open" };
        self.piece = self.cipher.cipher.decrypt(&nonce, sealed.as_slice()).map_err(|_| spoilt(why))?;
        (self.at, self.ended) = (0, last);
        Ok(())
    }
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() {
            if self.ended {
                return Ok(0);
            }
            self.open()?;
        }
        let length = room.len().min(self.piece.len() - self.at);
        room[..length].copy_from_slice(&self.piece[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAGIC: &Magic = b"WLTEST\0\x01";

    fn seal(text: &[u8]) -> Vec<u8> {
        let mut sealer = Sealer::new(Vec::new(), [7; KEY_BYTES], MAGIC).unwrap();
        sealer.write_all(text).unwrap();
        sealer.finish().unwrap()
    }

    fn open(sealed: &[u8], key: u8) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        Opener::new(sealed, [key; KEY_BYTES], MAGIC)?.read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn whatever_is_sealed_opens_with_its_key_alone() {
        for length in [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES] {
            let text: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
            let sealed = seal(&text);
            assert_eq!(open(&sealed, 7).unwrap(), text, "{length}");
            assert!(open(&sealed, 8).is_err(), "{length}");
            let other = Opener::new(sealed.as_slice(), [7; KEY_BYTES], b"WLOTHER\x01");
            assert!(other.is_err(), "another kind of file");
        }
    }

    #[test]
    fn what_was_cut_off_moved_or_changed_shows() {
        let sealed = seal(&[9; 3 * PIECE_BYTES + 10]);
        let piece = PIECE_BYTES + TAG_BYTES;
        for length in [0, 10, 24, 24 + piece, 24 + 3 * piece, sealed.len() - 1] {
            let error = open(&sealed[..length], 7).unwrap_err();
            assert!(what_is_wrong(&error).is_some(), "cut at {length}: {error}");
        }
        let exchanged =
            [&sealed[..24], &sealed[24 + piece..24 + 2 * piece], &sealed[24..24 + piece], &sealed[24 + 2 * piece..]].concat();
        assert!(open(&exchanged, 7).is_err());
        for at in [0, 9, 30, sealed.len() - 1] {
            let mut spoilt = sealed.clone();
            spoilt[at] ^= 1;
            assert!(open(&spoilt, 7).is_err(), "byte {at}");
        }
    }
}
