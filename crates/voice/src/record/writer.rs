//! The one thread that writes all recordings. It takes pieces out of the queue, puts them in their place, and seals a second of each
//! recording a moment after it has passed. Disks are synced by another thread, so that a slow one costs no audio.

use super::ear::{Ear, in_samples};
use super::format::{CHANNELS, CHUNK_SAMPLES, Chunk, Kind, Sealer};
use super::syncer::{Job, Syncer};
use super::tally::Tally;
use super::tap::{Piece, Tap, Tape, samples};
use super::track::{SILENCE, Track};
use super::{RATE, RecordingId, RecordingSpec, RecordingSummary};
use crate::media::DECODED_MAX;
use crate::{Event, LegId};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Sender;

/// Pieces that may wait for the writer: a third of a second of 250 recorded calls, 4 MB.
const PIECES_MAX: usize = 8192;

/// How long after its end a second is sealed: late packets find their place until then.
const LATE_MAX: Duration = Duration::from_millis(300);

/// How often seconds that have passed are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Longest recording: no call needs more, and a leg that nobody ends must not fill a disk. 230 MB.
const RECORDING_MAX: u64 = 4 * 3600 * RATE;

/// What starts recordings. Its threads start with the first one and end when it is dropped.
#[derive(Debug)]
pub(crate) struct Recorder {
    events: Sender<Event>,
    running: OnceLock<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    queue: SyncSender<Piece>,
    arriving: Arc<Mutex<Vec<Arriving>>>,
}

/// A recording that the writer has yet to take up.
struct Arriving {
    tape: Arc<Tape>,
    spec: RecordingSpec,
}

impl std::fmt::Debug for Arriving {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arriving").field("spec", &self.spec).finish_non_exhaustive()
    }
}

impl Recorder {
    pub(crate) const fn new(events: Sender<Event>) -> Self {
        Self { events, running: OnceLock::new() }
    }

    /// Records a leg through its tap from now on. `RecordingEnded` follows, once.
    pub(crate) fn start(&self, leg: LegId, tap: &Tap, spec: RecordingSpec, now: Instant) {
        let Some(running) = self.running.get_or_init(|| Running::start(&self.events)) else {
            return self.refuse(leg, spec.id, "no thread can be started for it");
        };
        let tape = Arc::new(Tape::new(spec.id, leg, spec.masked, now));
        lock(&running.arriving).push(Arriving { tape: Arc::clone(&tape), spec });
        tap.take(tape, running.queue.clone(), now);
    }

    /// Tells of a recording that cannot be.
    pub(crate) fn refuse(&self, leg: LegId, recording: RecordingId, why: &str) {
        let summary = RecordingSummary { failed: Some(why.to_owned()), ..RecordingSummary::default() };
        // A controller that is this far behind learns of it by the file that is not there.
        let _ = self.events.try_send(Event::RecordingEnded { leg, recording, summary: Box::new(summary) });
    }
}

impl Running {
    fn start(events: &Sender<Event>) -> Option<Self> {
        let (queue, pieces) = sync_channel(PIECES_MAX);
        let arriving = Arc::default();
        let syncer = Syncer::start(events.clone()).ok()?;
        let writer = Writer { pieces, arriving: Arc::clone(&arriving), open: HashMap::new(), syncer, told: Vec::new() };
        let thread = std::thread::Builder::new().name("recorder".to_owned());
        thread.spawn(move || writer.run()).ok()?;
        Some(Self { queue, arriving })
    }
}

struct Writer {
    pieces: Receiver<Piece>,
    arriving: Arc<Mutex<Vec<Arriving>>>,
    open: HashMap<RecordingId, Open>,
    syncer: Syncer,
    /// Ends that the syncer had no room for.
    told: Vec<Job>,
}

/// A recording being written.
struct Open {
    tape: Arc<Tape>,
    tracks: [Track; CHANNELS],
    ears: [Ear; CHANNELS],
    written: u64,
    tally: Tally,
    late: u64,
    output: Result<Output, String>,
}

struct Output {
    file: Arc<File>,
    sealer: Sealer,
}

impl Writer {
    fn run(mut self) {
        let mut looked = now();
        loop {
            match self.pieces.recv_timeout(LOOK_EVERY) {
                Ok(piece) => self.place(piece),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            let now = now();
            if now.saturating_duration_since(looked) >= LOOK_EVERY {
                looked = now;
                self.look(now);
            }
        }
        let now = now();
        self.take_up();
        self.open.values().for_each(|open| open.tape.end(now));
        self.look(now + LATE_MAX);
        // Whoever dropped the recorder may still read what became of the recordings.
        let told = std::mem::take(&mut self.told);
        told.into_iter().for_each(|job| self.syncer.hand_over(job));
    }

    fn take_up(&mut self) {
        for Arriving { tape, spec } in std::mem::take(&mut *lock(&self.arriving)) {
            let id = tape.id;
            let open = Open::create(tape, &spec, &self.syncer);
            self.open.insert(id, open);
        }
    }

    fn place(&mut self, mut piece: Piece) {
        if !self.open.contains_key(&piece.tape.id) {
            self.take_up();
        }
        let Some(open) = self.open.get_mut(&piece.tape.id) else { return };
        let (at, stamp, channel) = (piece.at, piece.stamp, piece.channel);
        let codec = piece.codec;
        let stamp = stamp.map(|stamp| in_samples(codec, stamp));
        let mut room = [0; DECODED_MAX];
        let audio = open.ears[channel as usize].hear(codec, piece.audio(), &mut room);
        if !open.tracks[channel as usize].place(at, stamp, audio) {
            open.late += 1;
        }
    }

    /// Seals the seconds that have passed, and closes what has ended.
    fn look(&mut self, now: Instant) {
        self.take_up();
        self.told.retain_mut(|job| !self.syncer.offer(job));
        for open in self.open.values_mut() {
            open.write_until(now, &self.syncer);
        }
        let done: Vec<RecordingId> = self.open.iter().filter(|(_, open)| open.is_over(now)).map(|(id, _)| *id).collect();
        for open in done.into_iter().filter_map(|id| self.open.remove(&id)) {
            let mut job = open.close();
            if !self.syncer.offer(&mut job) {
                self.told.push(job);
            }
        }
    }
}

impl Open {
    fn create(tape: Arc<Tape>, spec: &RecordingSpec, syncer: &Syncer) -> Self {
        let mut tally = Tally::new();
        let output = match Output::create(spec, syncer) {
            Ok(output) => {
                tally.bytes(output.sealer.header());
                Ok(output)
            }
            Err(error) => Err(format!("the file cannot be made: {error}")),
        };
        Self { tape, tracks: [Track::new(), Track::new()], ears: Default::default(), written: 0, tally, late: 0, output }
    }

    fn write_until(&mut self, now: Instant, syncer: &Syncer) {
        let position = self.tape.position(now);
        if position >= RECORDING_MAX {
            self.tape.end(now);
        }
        let whole = CHUNK_SAMPLES as u64;
        // A leg that has ended says nothing more, but what it said may still wait in the queue.
        let settled = position.saturating_sub(samples(LATE_MAX));
        let until = self.tape.ended().map_or(settled, |end| end.min(settled));
        while (self.written + 1) * whole <= until {
            self.write(Kind::More, CHUNK_SAMPLES);
            match &self.output {
                Ok(output) => syncer.sync(&output.file),
                Err(_) => return self.tape.end(now),
            }
        }
    }

    fn is_over(&self, now: Instant) -> bool {
        let settled = self.tape.position(now).saturating_sub(samples(LATE_MAX));
        self.tape.ended().is_some_and(|end| end <= settled)
    }

    /// Writes the last record, and says what is to be told once it is durable.
    fn close(mut self) -> Job {
        let rest = self.tape.ended().unwrap_or(0).saturating_sub(self.written * CHUNK_SAMPLES as u64);
        // Less than a second: whole ones were written before.
        self.write(Kind::Last, usize::try_from(rest).unwrap_or(0).min(CHUNK_SAMPLES - 1));
        let lost = self.tape.lost.load(Relaxed) + self.late;
        let (file, failed) = match self.output {
            Ok(output) => (Some(output.file), None),
            Err(why) => (None, Some(why)),
        };
        let summary = Box::new(self.tally.summary(lost, failed));
        let event = Event::RecordingEnded { leg: self.tape.leg, recording: self.tape.id, summary };
        Job::End { file, event: Some(Box::new(event)) }
    }

    fn write(&mut self, kind: Kind, samples: usize) {
        let chunk = self.chunk(samples);
        let Ok(output) = &mut self.output else { return };
        match output.write(self.written, kind, &chunk) {
            Ok(record) => {
                self.tally.bytes(&record);
                self.tally.chunk(&chunk);
                self.written += 1;
            }
            // What stands in the file is whole up to here: it is closed later, like one that a crash left.
            Err(error) => {
                tracing::error!(leg = %self.tape.leg, %error, "a recording ends here: its file cannot be written");
                self.output = Err(format!("the file cannot be written: {error}"));
            }
        }
    }

    fn chunk(&mut self, samples: usize) -> Chunk {
        let from = self.written * CHUNK_SAMPLES as u64;
        let masked = self.tape.masked_within(&(from..from + samples as u64));
        // At most a second, which has fewer samples than a u16 counts.
        let masked = (masked.start - from) as u16..(masked.end - from) as u16;
        let mut channels = [self.tracks[0].take(samples), self.tracks[1].take(samples)];
        for channel in &mut channels {
            channel[usize::from(masked.start)..usize::from(masked.end)].fill(SILENCE);
        }
        Chunk { channels, masked }
    }
}

impl Output {
    fn create(spec: &RecordingSpec, syncer: &Syncer) -> io::Result<Self> {
        let sealer = Sealer::new(spec.id, &spec.key).ok_or_else(|| io::Error::other("the cipher takes no key"))?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&spec.path)?;
        file.write_all(sealer.header())?;
        // The file's name is as durable as what it holds.
        if let Some(folder) = spec.path.parent()
            && let Ok(folder) = File::open(folder)
        {
            syncer.sync(&Arc::new(folder));
        }
        Ok(Self { file: Arc::new(file), sealer })
    }

    /// Writes one record, and returns it.
    fn write(&self, number: u64, kind: Kind, chunk: &Chunk) -> io::Result<Vec<u8>> {
        let record = self.sealer.seal(number, kind, chunk).ok_or_else(|| io::Error::other("the cipher fails"))?;
        (&*self.file).write_all(&record)?;
        Ok(record)
    }
}

fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
