//! Recordings of legs: two channels in time with the call, masked where they must be, encrypted, and readable whatever happened.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::media_peers;
use crate::media_peers::browser::dial;
use crate::media_peers::phone::{Phone, call};
use crate::media_peers::{World, clip, share_of_tone, world};
use std::path::{Path, PathBuf};
use std::time::Duration;
use walletline_voice::{
    Codec, DataKey, Ending, Event, LegId, MaskedSpan, PlaybackId, RecordingError, RecordingFile, RecordingId, RecordingSpec,
    RecordingSummary,
};
use zeroize::Zeroizing;

/// A folder of its own, removed when it goes.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("walletline-recording-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    fn file(&self) -> PathBuf {
        self.0.join("call.wlrec")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone_already = std::fs::remove_dir_all(&self.0);
    }
}

const ID: RecordingId = RecordingId(77);

fn key() -> DataKey {
    DataKey::new(Zeroizing::new([9; 32]))
}

fn spec(path: &Path) -> RecordingSpec {
    RecordingSpec { id: ID, path: path.to_owned(), key: key(), masked: false }
}

async fn ended(world: &mut World, of: LegId) -> RecordingSummary {
    loop {
        if let Event::RecordingEnded { leg, recording, summary } = world.event().await {
            assert_eq!((leg, recording), (of, ID));
            return *summary;
        }
    }
}

/// Both channels, whole.
fn decode(path: &Path) -> [Vec<i16>; 2] {
    let mut file = RecordingFile::open(path, ID, &key()).unwrap();
    let mut channels = [Vec::new(), Vec::new()];
    for second in 0..=file.samples() / 8000 {
        for (channel, samples) in channels.iter_mut().zip(file.second(second).unwrap()) {
            channel.extend(samples);
        }
    }
    assert_eq!(channels[0].len() as u64, file.samples());
    channels
}

/// How many tenths of a second of a channel are this tone, and how many are not silent.
fn tenths(channel: &[i16], hz: f64) -> (usize, usize) {
    let loud: Vec<&[i16]> =
        channel.chunks_exact(800).filter(|piece| piece.iter().any(|sample| sample.unsigned_abs() > 1000)).collect();
    (loud.iter().filter(|piece| share_of_tone(piece, hz) > 0.9).count(), loud.len())
}

async fn sing_together(one: &mut Phone, hz: f64, two: &mut Phone, other_hz: f64, frames: usize) {
    tokio::join!(one.sing(hz, frames), two.sing(other_hz, frames));
}

#[tokio::test]
async fn a_recording_has_the_customer_on_one_channel_and_what_they_hear_on_the_other() {
    for (a, b) in [(Codec::Pcma, Codec::Pcmu), (Codec::Pcmu, Codec::Pcma), (Codec::G722, Codec::G722), (Codec::Pcma, Codec::G722)]
    {
        let folder = Folder::new("channels");
        let mut world = world();
        let (mut one, mut two) = (call(&world.plane, 1, &[a]).await, call(&world.plane, 2, &[b]).await);
        world.plane.record(one.leg, spec(&folder.file()));
        world.plane.bridge(one.leg, two.leg);
        sing_together(&mut one, 440.0, &mut two, 1000.0, 150).await;
        world.plane.stop_recording(one.leg);
        let summary = ended(&mut world, one.leg).await;
        assert_eq!((summary.failed, summary.lost), (None, 0));
        let [said, heard] = decode(&folder.file());
        assert_eq!(summary.duration_ms, said.len() as u64 / 8);
        let (of_said, loud_said) = tenths(&said, 440.0);
        let (of_heard, loud_heard) = tenths(&heard, 1000.0);
        // A machine that stands still spoils some.
        assert!(of_said >= 20 && of_said * 4 >= loud_said * 3, "{of_said} of {loud_said} tenths are what the customer sang");
        assert!(of_heard >= 20 && of_heard * 4 >= loud_heard * 3, "{of_heard} of {loud_heard} tenths are what was sung to them");
        for peaks in &summary.peaks {
            assert_eq!(peaks.len(), said.len().div_ceil(800));
            assert!(peaks.iter().filter(|peak| (50..80).contains(*peak)).count() >= 13, "{peaks:?}");
        }
    }
}

#[tokio::test]
async fn a_browser_that_speaks_opus_is_recorded_as_well_as_a_phone() {
    let folder = Folder::new("opus");
    let mut world = world();
    let mut browser = dial(&world.plane, 1, &[Codec::Opus]).await;
    let mut phone = call(&world.plane, 2, &[Codec::Pcma]).await;
    browser.connected().await;
    world.plane.bridge(browser.leg, phone.leg);
    world.plane.record(browser.leg, spec(&folder.file()));
    browser.sing(440.0, 100).await;
    phone.sing(1000.0, 100).await;
    world.plane.stop_recording(browser.leg);
    let summary = ended(&mut world, browser.leg).await;
    assert_eq!((summary.failed, summary.lost), (None, 0));
    let [said, heard] = decode(&folder.file());
    for (what, channel, hz) in [("said", said, 440.0), ("heard", heard, 1000.0)] {
        let (of_tone, loud) = tenths(&channel, hz);
        assert!(of_tone >= 15 && of_tone + 3 >= loud, "{of_tone} of {loud} tenths are what was {what}");
    }
}

#[tokio::test]
async fn a_prompt_is_on_the_second_channel_and_the_end_of_the_leg_ends_the_recording() {
    let folder = Folder::new("prompt");
    let mut world = world();
    let one = call(&world.plane, 1, &[Codec::Pcmu]).await;
    world.plane.record(one.leg, spec(&folder.file()));
    world.plane.play(one.leg, PlaybackId(1), &[clip("one"), clip("two")], false);
    while !matches!(world.event().await, Event::PlaybackEnded { .. }) {}
    let _stats = world.plane.close(one.leg);
    let summary = ended(&mut world, one.leg).await;
    let [said, heard] = decode(&folder.file());
    assert!(said.iter().all(|sample| sample.unsigned_abs() < 16), "nobody spoke");
    let loud = heard.iter().filter(|sample| sample.unsigned_abs() > 100).count();
    let played = media_peers::speech("one").len() + media_peers::speech("two").len();
    assert!((played * 9 / 10..=played).contains(&loud), "{loud} of {played} samples");
    let file = RecordingFile::open(&folder.file(), ID, &key()).unwrap();
    assert_eq!(file.ending(), Ending::Whole);
    assert_eq!(summary.duration_ms, file.samples() / 8);
}

#[tokio::test]
async fn a_masked_span_is_silence_of_the_same_length_on_both_channels() {
    let folder = Folder::new("masked");
    let mut world = world();
    let (mut one, mut two) = (call(&world.plane, 1, &[Codec::Pcma]).await, call(&world.plane, 2, &[Codec::Pcma]).await);
    world.plane.record(one.leg, spec(&folder.file()));
    world.plane.bridge(one.leg, two.leg);
    sing_together(&mut one, 440.0, &mut two, 1000.0, 60).await;
    world.plane.mask_recording(one.leg, true);
    sing_together(&mut one, 700.0, &mut two, 1300.0, 40).await;
    world.plane.mask_recording(one.leg, false);
    sing_together(&mut one, 440.0, &mut two, 1000.0, 60).await;
    world.plane.stop_recording(one.leg);
    let summary = ended(&mut world, one.leg).await;
    let [MaskedSpan { from_ms, to_ms }] = summary.masked[..] else { panic!("{:?}", summary.masked) };
    assert!(to_ms - from_ms >= 780, "{from_ms} to {to_ms}");
    for (channel, tone, secret) in
        decode(&folder.file()).iter().zip([440.0, 1000.0]).zip([700.0, 1300.0]).map(|((a, b), c)| (a, b, c))
    {
        // A span begins within its first millisecond.
        let span = &channel[(from_ms as usize + 1) * 8..to_ms as usize * 8];
        assert!(span.iter().all(|sample| sample.unsigned_abs() < 16), "silence");
        assert_eq!(tenths(channel, secret).0, 0, "nothing of what was said meanwhile");
        // Twelve tenths before and twelve after; a machine that stands still spoils some.
        assert!(tenths(channel, tone).0 >= 15, "what was said before and after");
    }
}

#[tokio::test]
async fn lost_packets_are_silence_and_move_nothing() {
    let folder = Folder::new("loss");
    let mut world = world();
    let mut one = call(&world.plane, 1, &[Codec::Pcmu]).await;
    world.plane.record(one.leg, spec(&folder.file()));
    one.sing(440.0, 25).await;
    // Half a second that never arrives.
    one.sequence = one.sequence.wrapping_add(25);
    one.timestamp = one.timestamp.wrapping_add(25 * 160);
    tokio::time::sleep(Duration::from_millis(500)).await;
    one.sing(440.0, 25).await;
    world.plane.stop_recording(one.leg);
    ended(&mut world, one.leg).await;
    let [said, _] = decode(&folder.file());
    let loud: Vec<usize> = (0..said.len()).filter(|at| said[*at].unsigned_abs() > 1000).collect();
    let gap = loud.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!((4000..=4320).contains(&gap), "{gap} samples of silence");
}

#[tokio::test]
async fn a_leg_that_is_gone_and_a_folder_that_is_not_there_end_a_recording_at_once() {
    let mut world = world();
    world.plane.record(LegId(5), spec(Path::new("/nowhere/call")));
    assert!(ended(&mut world, LegId(5)).await.failed.is_some());
    let one = call(&world.plane, 1, &[Codec::Pcmu]).await;
    world.plane.record(one.leg, spec(Path::new("/nowhere/call")));
    world.plane.stop_recording(one.leg);
    let why = ended(&mut world, one.leg).await.failed.unwrap();
    assert!(why.starts_with("the file cannot be made"), "{why}");
}

#[tokio::test]
async fn whatever_a_crash_leaves_is_readable_to_its_last_whole_second() {
    let folder = Folder::new("crash");
    let mut world = world();
    let mut one = call(&world.plane, 1, &[Codec::Pcmu]).await;
    world.plane.record(one.leg, spec(&folder.file()));
    one.sing(440.0, 130).await;
    world.plane.stop_recording(one.leg);
    let whole = ended(&mut world, one.leg).await;
    let bytes = std::fs::read(folder.file()).unwrap();
    assert!(!bytes.windows(8).any(|window| window == [0xFF; 8]), "not even silence is in clear");
    let broken = folder.0.join("broken.wlrec");
    let record = 21 + 16_000;
    for (length, seconds) in [(32, 0), (100, 0), (32 + record, 1), (32 + record + 20, 1), (bytes.len() - 1, 2)] {
        std::fs::write(&broken, &bytes[..length]).unwrap();
        let mut open = RecordingFile::open(&broken, ID, &key()).unwrap();
        assert_eq!((open.ending(), open.samples()), (Ending::Open, seconds * 8000), "cut at {length}");
        if seconds > 0 {
            assert!(tenths(&open.second(0).unwrap()[0], 440.0).0 >= 8, "it is heard as it is");
        }
        let summary = RecordingFile::recover(&broken, ID, &key()).unwrap();
        assert_eq!(summary.duration_ms, seconds * 1000);
        assert_eq!(summary.peaks[0], whole.peaks[0][..seconds as usize * 10]);
        let mended = RecordingFile::open(&broken, ID, &key()).unwrap();
        assert_eq!((mended.ending(), mended.samples()), (Ending::Recovered, seconds * 8000));
        assert_eq!(RecordingFile::recover(&broken, ID, &key()).unwrap(), summary, "a second time changes nothing");
    }
    let again = RecordingFile::recover(&folder.file(), ID, &key()).unwrap();
    assert_eq!(again.sha256, whole.sha256, "the hash is that of the file");
    assert_eq!(again.peaks, whole.peaks);
}

#[tokio::test]
async fn another_key_another_recording_and_a_changed_second_do_not_open() {
    let folder = Folder::new("spoilt");
    let mut world = world();
    let mut one = call(&world.plane, 1, &[Codec::Pcmu]).await;
    world.plane.record(one.leg, spec(&folder.file()));
    one.sing(440.0, 115).await;
    world.plane.stop_recording(one.leg);
    ended(&mut world, one.leg).await;
    let other = DataKey::new(Zeroizing::new([8; 32]));
    let mut opened = RecordingFile::open(&folder.file(), ID, &other).unwrap();
    assert!(matches!(opened.second(0), Err(RecordingError::Spoilt(0))));
    assert!(matches!(RecordingFile::open(&folder.file(), RecordingId(78), &key()), Err(RecordingError::NotThisRecording)));
    let bytes = std::fs::read(folder.file()).unwrap();
    let record = 21 + 16_000;
    // The first two seconds exchanged.
    let moved = [&bytes[..32], &bytes[32 + record..32 + 2 * record], &bytes[32..32 + record], &bytes[32 + 2 * record..]].concat();
    std::fs::write(folder.file(), moved).unwrap();
    let mut opened = RecordingFile::open(&folder.file(), ID, &key()).unwrap();
    assert!(matches!(opened.second(0), Err(RecordingError::Spoilt(0))));
    assert!(matches!(opened.second(1), Err(RecordingError::Spoilt(1))));
}

#[test]
fn a_key_prints_nothing_and_does_not_travel() {
    assert_eq!(format!("{:?}", key()), "DataKey");
    let command = walletline_voice::Command::Record { leg: LegId(1), recording: spec(Path::new("call")) };
    assert!(!format!("{command:?}").contains('9'));
    assert!(serde_json::to_string(&command).is_err());
}

#[tokio::test]
async fn who_keys_a_secret_is_silent_to_every_ear_and_on_the_file_and_still_hears_a_prompt() {
    let folder = Folder::new("secret");
    let mut world = world();
    let (mut one, mut two) = (call(&world.plane, 1, &[Codec::Pcma]).await, call(&world.plane, 2, &[Codec::Pcma]).await);
    world.plane.record(one.leg, spec(&folder.file()));
    world.plane.bridge(one.leg, two.leg);
    sing_together(&mut one, 440.0, &mut two, 1000.0, 25).await;
    world.plane.secure(one.leg, true);
    world.plane.unbridge(one.leg, two.leg);
    // A leg that hears nobody may still be sent silence, without an end.
    for _ in 0..50 {
        two.hear_within(Duration::from_millis(60)).await;
    }
    world.plane.play(one.leg, PlaybackId(1), &[clip("one")], true);
    one.sing(941.0, 20).await;
    one.key("7", &[(false, 160), (true, 320), (true, 320)]).await;
    one.sing(941.0, 20).await;
    assert_eq!(world.keys(one.leg, 1).await, "7", "the key is told");
    let mut heard = Vec::new();
    for _ in 0..100 {
        let Some(packet) = two.hear_within(Duration::from_millis(60)).await else { break };
        assert_eq!(packet.payload_type, media_peers::payload_type(Codec::Pcma), "no key is forwarded");
        heard.extend(packet.payload);
    }
    assert!(!media_peers::hears(Codec::Pcma, &heard, 941.0), "nobody hears who keys a secret");
    world.plane.stop_recording(one.leg);
    let summary = ended(&mut world, one.leg).await;
    assert_eq!(summary.failed, None);
    let [said, sent] = decode(&folder.file());
    assert_eq!(tenths(&said, 941.0).0, 0, "nothing of it is on the customer's channel");
    assert!(tenths(&said, 440.0).0 >= 3, "which has what was said before");
    assert!(tenths(&sent, 1000.0).1 > 5, "and the prompt was heard");
}
