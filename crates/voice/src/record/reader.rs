//! Opens recordings: any second of one, whether it is whole, and what is told of it; and gives an end to one that a crash left
//! without. It never changes what was recorded.

use super::format::{CHANNELS, CHUNK_SAMPLES, Chunk, HEADER_BYTES, Kind, Sealer, WHOLE_BYTES};
use super::tally::Tally;
use super::{DataKey, RecordingId, RecordingSummary};
use crate::media::Codec;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// How the file of a recording ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As it should.
    Whole,
    /// It was left open by a crash and closed later: what was said last may be missing.
    Recovered,
    /// It has no end: it is being written, was left by a crash, or something was cut off.
    Open,
}

/// Why a recording cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file system refuses.
    #[error("the file of a recording: {0}")]
    Io(#[from] io::Error),
    /// It does not begin as this recording does.
    #[error("this is not the file of this recording")]
    NotThisRecording,
    /// A second of it does not open: another key, or changed by other hands.
    #[error("second {0} of the recording does not open: it was changed, or this is not its key")]
    Spoilt(u64),
}

/// A recording opened for reading.
pub struct RecordingFile {
    file: File,
    sealer: Sealer,
    /// Records of a whole second.
    whole: u64,
    /// The last record, if there is one.
    last: Option<(Kind, Chunk)>,
}

impl std::fmt::Debug for RecordingFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordingFile").field("whole", &self.whole).finish_non_exhaustive()
    }
}

impl RecordingFile {
    /// Opens a file, and finds out how it ends.
    ///
    /// # Errors
    /// [`RecordingError::NotThisRecording`] for any other file; [`RecordingError::Io`]. A key that is not the right one shows when
    /// the first second is read.
    pub fn open(path: &Path, id: RecordingId, key: &DataKey) -> Result<Self, RecordingError> {
        Self::over(File::open(path)?, id, key)
    }

    fn over(mut file: File, id: RecordingId, key: &DataKey) -> Result<Self, RecordingError> {
        let sealer = Sealer::new(id, key).ok_or(RecordingError::NotThisRecording)?;
        let mut header = [0; HEADER_BYTES];
        match file.read_exact(&mut header) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(RecordingError::NotThisRecording),
            read => read?,
        }
        if header != *sealer.header() {
            return Err(RecordingError::NotThisRecording);
        }
        let body = file.metadata()?.len().saturating_sub(HEADER_BYTES as u64);
        let (whole, rest) = (body / WHOLE_BYTES as u64, body % WHOLE_BYTES as u64);
        let mut record = Vec::new();
        file.seek(SeekFrom::Start(offset(whole)))?;
        (&file).take(rest).read_to_end(&mut record)?;
        let last = sealer.open(whole, &record).filter(|(kind, _)| *kind != Kind::More);
        Ok(Self { file, sealer, whole, last })
    }

    /// How it ends.
    #[must_use]
    pub fn ending(&self) -> Ending {
        match self.last {
            Some((Kind::Last, _)) => Ending::Whole,
            Some((Kind::Recovered, _)) => Ending::Recovered,
            Some((Kind::More, _)) | None => Ending::Open,
        }
    }

    /// Samples of each channel.
    #[must_use]
    pub fn samples(&self) -> u64 {
        self.whole * CHUNK_SAMPLES as u64 + self.last.as_ref().map_or(0, |(_, chunk)| chunk.samples() as u64)
    }

    /// One second, from 0, as 16-bit samples of each channel; shorter at the end, empty after it.
    ///
    /// # Errors
    /// [`RecordingError::Spoilt`], [`RecordingError::Io`].
    pub fn second(&mut self, number: u64) -> Result<[Vec<i16>; CHANNELS], RecordingError> {
        Ok(self.chunk(number)?.channels.map(|bytes| Codec::Pcmu.decode(&bytes)))
    }

    fn chunk(&mut self, number: u64) -> Result<Chunk, RecordingError> {
        if number < self.whole {
            let record = self.record(number)?;
            return match self.sealer.open(number, &record) {
                Some((Kind::More, chunk)) if chunk.samples() == CHUNK_SAMPLES => Ok(chunk),
                Some(_) | None => Err(RecordingError::Spoilt(number)),
            };
        }
        let last = self.last.as_ref().filter(|_| number == self.whole).map(|(_, chunk)| chunk.clone());
        Ok(last.unwrap_or_else(|| Chunk { channels: [Vec::new(), Vec::new()], masked: 0..0 }))
    }

    fn record(&mut self, number: u64) -> Result<Vec<u8>, RecordingError> {
        let mut record = vec![0; WHOLE_BYTES];
        self.file.seek(SeekFrom::Start(offset(number)))?;
        self.file.read_exact(&mut record)?;
        Ok(record)
    }

    /// Gives an end to a recording that a crash left without: whole seconds stay, what was torn is cut off. One that has an end is
    /// left as it is. Returns what is told of it, as `RecordingEnded` would have.
    ///
    /// # Errors
    /// As [`RecordingFile::open`] and [`RecordingFile::second`].
    pub fn recover(path: &Path, id: RecordingId, key: &DataKey) -> Result<RecordingSummary, RecordingError> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let mut opened = Self::over(file, id, key)?;
        let mut tally = Tally::new();
        tally.bytes(opened.sealer.header());
        for number in 0..opened.whole {
            let record = opened.record(number)?;
            let Some((Kind::More, chunk)) = opened.sealer.open(number, &record) else {
                return Err(RecordingError::Spoilt(number));
            };
            tally.bytes(&record);
            tally.chunk(&chunk);
        }
        let end = match opened.last.take() {
            Some((kind, chunk)) => {
                tally.chunk(&chunk);
                opened.sealer.seal(opened.whole, kind, &chunk)
            }
            None => {
                let nothing = Chunk { channels: [Vec::new(), Vec::new()], masked: 0..0 };
                let end = opened.sealer.seal(opened.whole, Kind::Recovered, &nothing);
                opened.file.set_len(offset(opened.whole))?;
                opened.file.seek(SeekFrom::End(0))?;
                opened.file.write_all(end.as_deref().unwrap_or_default())?;
                opened.file.sync_all()?;
                end
            }
        };
        tally.bytes(end.as_deref().unwrap_or_default());
        Ok(tally.summary(0, None))
    }
}

const fn offset(number: u64) -> u64 {
    HEADER_BYTES as u64 + number * WHOLE_BYTES as u64
}
