//! Files one after the other: the length of a name, the name, the length of the file, the file; a name of length 0 ends them. It knows
//! nothing of encryption.

use crate::sealed::spoilt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// Longest name.
const NAME_BYTES_MAX: usize = 1_024;

pub(super) struct Writer<W: Write>(W);

impl<W: Write> Writer<W> {
    pub(super) const fn new(out: W) -> Self {
        Self(out)
    }

    /// Adds a file as long as it is now; returns its length. Whatever is written to it meanwhile belongs to the next backup.
    pub(super) fn add(&mut self, name: &str, path: &Path) -> io::Result<u64> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let length = u16::try_from(name.len()).ok().filter(|length| usize::from(*length) <= NAME_BYTES_MAX);
        let length = length.ok_or_else(|| io::Error::other("the name of a file is too long"))?;
        self.0.write_all(&length.to_be_bytes())?;
        self.0.write_all(name.as_bytes())?;
        self.0.write_all(&size.to_be_bytes())?;
        if io::copy(&mut file.take(size), &mut self.0)? != size {
            return Err(io::Error::other("the file became shorter while it was copied: try again"));
        }
        Ok(size)
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.0.write_all(&[0, 0])?;
        Ok(self.0)
    }
}

pub(super) struct Reader<R: Read>(R);

impl<R: Read> Reader<R> {
    pub(super) const fn new(input: R) -> Self {
        Self(input)
    }

    /// The next file's name and length; its bytes follow, and have to be read. None at the end, which is the end of everything.
    pub(super) fn next(&mut self) -> io::Result<Option<(String, u64)>> {
        let length = usize::from(u16::from_be_bytes(self.bytes()?));
        if length == 0 {
            return match self.0.read(&mut [0])? {
                0 => Ok(None),
                _ => Err(spoilt("something follows its end")),
            };
        }
        if length > NAME_BYTES_MAX {
            return Err(spoilt("a name in it is too long"));
        }
        let mut name = vec![0; length];
        self.0.read_exact(&mut name)?;
        let name = String::from_utf8(name).map_err(|_| spoilt("a name in it is no text"))?;
        Ok(Some((name, u64::from_be_bytes(self.bytes()?))))
    }

    /// The bytes of the file named last.
    pub(super) fn body(&mut self, size: u64) -> io::Take<&mut R> {
        self.0.by_ref().take(size)
    }

    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.0.read_exact(&mut bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => spoilt("it ends in the middle"),
            _ => error,
        })?;
        Ok(bytes)
    }
}
