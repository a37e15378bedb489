//! What a leg sends of its own: one frame for each 20 ms of its clock, which is keys that we press, or else a playback, or else
//! the mix of whom it hears, or else silence. A leg that hears one other leg and nothing else has no frames of its own. Sends
//! nothing itself and never waits.

use super::codec::{Codec, FRAME, FRAME_SAMPLES};
use super::keypad::{Keypad, Press};
use super::mix::{Hearing, Said};
use super::player::Playback;
use crate::{LegId, PlaybackId, Source};
use std::time::{Duration, Instant};

/// Frames that are at most so late are made up for at once; if they are later, the clock of the leg is moved. A far end keeps
/// what comes a little late and throws away what comes too late for its buffer: words of a prompt, had they been sent in a burst
/// for times that are over. After a move it hears a pause, and then every word.
const LATE_MAX: Duration = Duration::from_millis(60);

/// What one leg sends of its own.
#[derive(Debug, Default)]
pub(super) struct Speaker {
    playback: Option<Playback>,
    keypad: Keypad,
    hearing: Hearing,
    /// Something was played or bridged: from then on the leg sends without a pause, silence if nothing else. It keeps the way
    /// through NATs open, the far end's clock steady, and phones from hanging up for want of media.
    started: bool,
    next_frame: Option<Instant>,
}

/// A frame that is to be sent.
#[derive(Debug)]
pub(super) struct Due {
    /// By the leg's clock.
    pub(super) at: Instant,
    pub(super) frame: Frame,
    /// A playback that ended with it.
    pub(super) ended: Option<PlaybackId>,
}

/// What a frame is made of.
#[derive(Debug)]
pub(super) enum Frame {
    /// Encoded.
    Audio([u8; FRAME_SAMPLES]),
    /// A packet of a telephone event, and whether it is the event's first.
    Event([u8; 4], bool),
}

/// What becomes of a packet of another leg.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is to be forwarded.
    Forwarded,
    /// It waits for the mix, or nobody hears it here.
    Kept,
}

impl Speaker {
    /// Plays, in place of what is played now, which is returned.
    pub(super) fn play(&mut self, playback: Option<Playback>) -> Option<PlaybackId> {
        self.started = true;
        std::mem::replace(&mut self.playback, playback).map(|playback| playback.id)
    }

    pub(super) fn stop(&mut self) -> Option<PlaybackId> {
        self.playback.take().map(|playback| playback.id)
    }

    /// Presses keys after those that wait; false where there are too many.
    pub(super) fn press(&mut self, keys: &[u8]) -> bool {
        self.started = true;
        self.keypad.press(keys)
    }

    pub(super) fn sources(&self) -> Vec<Source> {
        self.hearing.sources()
    }

    pub(super) fn hear(&mut self, sources: &[Source]) {
        self.started = true;
        self.hearing.change(sources);
    }

    /// Takes a packet that another leg received.
    pub(super) fn take(&mut self, from: LegId, said: &Said<'_>, now: Instant) -> Fate {
        match &mut self.hearing {
            Hearing::One(one) if *one == from && self.playback.is_none() && self.keypad.is_idle() => Fate::Forwarded,
            Hearing::Mix(mixer) => {
                mixer.take(from, said, now);
                Fate::Kept
            }
            Hearing::One(_) | Hearing::Nobody => Fate::Kept,
        }
    }

    /// Another leg received a packet of a key. Whether its packets are forwarded here, so that this one leaves a gap.
    pub(super) fn omit(&mut self, from: LegId, ssrc: u32, sequence: u16) -> bool {
        match &mut self.hearing {
            Hearing::One(one) => *one == from,
            Hearing::Mix(mixer) => {
                mixer.omit(from, ssrc, sequence);
                false
            }
            Hearing::Nobody => false,
        }
    }

    /// When the next frame is due. `None` while the leg has nothing to send of its own.
    pub(super) fn next_frame(&mut self, ready: bool, now: Instant) -> Option<Instant> {
        let forwards = matches!(self.hearing, Hearing::One(_)) && self.playback.is_none() && self.keypad.is_idle();
        if !ready || !self.started || forwards {
            self.next_frame = None;
            return None;
        }
        Some(*self.next_frame.get_or_insert(now))
    }

    /// The next frame, if it is due. `by_event`: the far end takes telephone events.
    pub(super) fn due(&mut self, codec: Codec, by_event: bool, now: Instant) -> Option<Due> {
        let due = self.next_frame.filter(|due| *due <= now)?;
        let at = if now.saturating_duration_since(due) > LATE_MAX { now } else { due };
        self.next_frame = Some(at + FRAME);
        // The sources' clocks go on while something else is heard.
        let mixed = if let Hearing::Mix(mixer) = &mut self.hearing { Some(mixer.frame(at)) } else { None };
        if let Some(press) = self.keypad.next() {
            return Some(Due { at, frame: pressed(press, codec, by_event), ended: None });
        }
        let mut frame = [codec.silence(); FRAME_SAMPLES];
        if let Some(playback) = &mut self.playback {
            playback.fill(codec, &mut frame);
        } else if let Some(mixed) = mixed {
            codec.encode_into(&mixed, &mut frame);
        }
        let ended = self.playback.take_if(|playback| playback.is_over()).map(|playback| playback.id);
        Some(Due { at, frame: Frame::Audio(frame), ended })
    }
}

fn pressed(press: Press, codec: Codec, by_event: bool) -> Frame {
    if by_event && let Some((payload, first)) = press.event() {
        return Frame::Event(payload, first);
    }
    let mut frame = [codec.silence(); FRAME_SAMPLES];
    if !by_event {
        codec.encode_into(&press.tone(), &mut frame);
    }
    Frame::Audio(frame)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::clips::ClipLibrary;
    use crate::{ClipId, PlayItem};

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// A playback of 20 frames, each a number of its own.
    fn playback() -> Playback {
        let samples: Vec<u8> = (0..20i16).flat_map(|n| [(n + 1) * 1000; FRAME_SAMPLES]).flat_map(i16::to_le_bytes).collect();
        let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data".to_vec();
        wav.extend(u32::try_from(samples.len()).unwrap().to_le_bytes());
        wav.extend(samples);
        let library = ClipLibrary::from_wav([(ClipId::from("a"), wav)]).unwrap();
        Playback::new(PlaybackId(1), &[PlayItem::Clip(ClipId::from("a"))], false, &library)
    }

    /// The frames sent when the leg is looked at at these times, as `(when due, which frame of the playback)`.
    fn sent(looks: &[u64]) -> Vec<(u64, i16)> {
        let start = Instant::now();
        let mut speaker = Speaker::default();
        speaker.play(Some(playback()));
        let mut sent = Vec::new();
        for look in looks {
            let now = start + ms(*look);
            speaker.next_frame(true, now);
            while let Some(Due { at, frame: Frame::Audio(bytes), .. }) = speaker.due(Codec::Pcma, false, now) {
                let sample = Codec::Pcma.decode(&bytes[..1])[0];
                sent.push((at.duration_since(start).as_millis() as u64, sample / 990 - 1));
            }
        }
        sent
    }

    #[test]
    fn a_little_late_is_made_up_for() {
        assert_eq!(sent(&[0, 20, 45, 105, 120]), [(0, 0), (20, 1), (40, 2), (60, 3), (80, 4), (100, 5), (120, 6)]);
    }

    #[test]
    fn after_a_stall_every_word_is_sent_and_none_in_a_burst() {
        assert_eq!(
            sent(&[0, 20, 400, 420, 440, 9000, 9020]),
            [(0, 0), (20, 1), (400, 2), (420, 3), (440, 4), (9000, 5), (9020, 6)]
        );
    }

    #[test]
    fn a_playback_waits_for_keys_and_a_forwarded_leg_is_not_heard_meanwhile() {
        let (mut speaker, start) = (Speaker::default(), Instant::now());
        let said = Said { codec: Codec::Pcma, ssrc: 1, sequence: 0, timestamp: 0, payload: &[0; 160] };
        speaker.hear(&[Source { leg: LegId(2), gain: 100 }]);
        assert_eq!(speaker.next_frame(true, start), None, "what is forwarded has its own clock");
        assert_eq!(speaker.take(LegId(2), &said, start), Fate::Forwarded);
        assert_eq!(speaker.take(LegId(3), &said, start), Fate::Kept);
        assert!(speaker.press(&[5]));
        speaker.play(Some(playback()));
        assert_eq!(speaker.next_frame(true, start), Some(start));
        assert_eq!(speaker.take(LegId(2), &said, start), Fate::Kept);
        let frames: Vec<_> = (0..9).filter_map(|n| speaker.due(Codec::Pcma, true, start + ms(n * 20))).collect();
        let events = frames.iter().filter(|due| matches!(due.frame, Frame::Event(..))).count();
        assert_eq!((events, frames.len()), (7, 9));
        let first = Codec::Pcma.encode(&[1000])[0];
        assert!(
            matches!(frames[8].frame, Frame::Audio(frame) if frame == [first; FRAME_SAMPLES]),
            "the playback has lost nothing"
        );
        speaker.stop();
        assert_eq!(speaker.next_frame(true, start), None);
    }
}
