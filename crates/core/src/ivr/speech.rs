//! What one customer hears: phrases one after another, each told when it is over, and music when there is nothing to say. It
//! knows nothing of menus or queues, and never decides what is said.

use super::prompt::Phrase;
use crate::kernel::{
    language::Language,
    time::{Mono, Now, Span, Wall},
};
use std::collections::VecDeque;

/// Music that ends sooner than this is not started again at once: a missing clip must not become a tight loop.
const MUSIC_MIN: Span = Span::from_s(1);

/// What one leg plays.
#[derive(Debug)]
pub struct Speech {
    queue: VecDeque<Phrase>,
    playing: Option<Playing>,
    music: bool,
    music_playing: Option<(u64, Mono)>,
    held_until: Option<Mono>,
    last_playback: u64,
    prompt_max: Span,
}

#[derive(Debug)]
struct Playing {
    playback: u64,
    asset: String,
    language: Language,
    words: String,
    began: Now,
}

/// An order to the player.
#[derive(Debug, Clone, PartialEq)]
pub enum Audio {
    /// Play a phrase in place of whatever plays.
    Play {
        /// Names it when it ends.
        playback: u64,
        /// What.
        phrase: Phrase,
    },
    /// Play music in place of whatever plays.
    Music {
        /// Names it when it ends.
        playback: u64,
    },
    /// Fall silent.
    Stop,
}

/// A phrase that was played, wholly or in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The prompt.
    pub asset: String,
    /// Its language.
    pub language: Language,
    /// Its words.
    pub words: String,
    /// When it began.
    pub started_at: Wall,
    /// When it ended.
    pub ended_at: Wall,
    /// What cut it short.
    pub interrupted_by: Option<&'static str>,
}

/// What comes of it.
#[derive(Debug, Default, PartialEq)]
pub struct Outcome {
    /// Orders, in order.
    pub audio: Vec<Audio>,
    /// What was heard.
    pub heard: Option<Heard>,
    /// Nothing is left to say, and something was said.
    pub finished: bool,
}

impl Speech {
    /// Silence. A playback whose end is never told counts as over after `prompt_max`.
    #[must_use]
    pub const fn new(prompt_max: Span) -> Self {
        Self {
            queue: VecDeque::new(),
            playing: None,
            music: false,
            music_playing: None,
            held_until: None,
            last_playback: 0,
            prompt_max,
        }
    }

    /// Nothing is played until [`Speech::release`], or until this time.
    pub const fn hold(&mut self, until: Mono) {
        self.held_until = Some(until);
    }

    /// The leg can hear now.
    pub fn release(&mut self, now: Now) -> Outcome {
        let mut outcome = Outcome::default();
        if self.held_until.take().is_some() {
            self.go_on(now, &mut outcome);
        }
        outcome
    }

    /// Says phrases after whatever is being said.
    pub fn say(&mut self, now: Now, phrases: impl IntoIterator<Item = Phrase>) -> Outcome {
        self.queue.extend(phrases);
        let mut outcome = Outcome::default();
        if self.playing.is_none() {
            self.go_on(now, &mut outcome);
        }
        outcome
    }

    /// Drops what is being said and what was to be said. Music, if any, goes on or comes back.
    pub fn cut(&mut self, now: Now, by: &'static str) -> Outcome {
        self.queue.clear();
        let mut outcome = Outcome::default();
        if let Some(playing) = self.playing.take() {
            outcome.heard = Some(playing.heard(now, Some(by)));
            outcome.audio.push(Audio::Stop);
            self.go_on(now, &mut outcome);
        }
        outcome
    }

    /// Says phrases in place of whatever is being said or was to be said.
    pub fn replace(&mut self, now: Now, by: &'static str, phrases: impl IntoIterator<Item = Phrase>) -> Outcome {
        self.queue.clear();
        self.queue.extend(phrases);
        let mut outcome =
            Outcome { heard: self.playing.take().map(|playing| playing.heard(now, Some(by))), ..Outcome::default() };
        self.go_on(now, &mut outcome);
        outcome
    }

    /// Music from now on whenever nothing is said.
    pub fn music_on(&mut self, now: Now) -> Outcome {
        self.music = true;
        let mut outcome = Outcome::default();
        if self.playing.is_none() {
            self.go_on(now, &mut outcome);
        }
        outcome
    }

    /// No music from now on. What plays goes on until something replaces it.
    pub const fn music_off(&mut self) {
        self.music = false;
        self.music_playing = None;
    }

    /// A playback ended.
    pub fn ended(&mut self, now: Now, playback: u64) -> Outcome {
        let mut outcome = Outcome::default();
        if let Some(playing) = self.playing.take_if(|playing| playing.playback == playback) {
            outcome.heard = Some(playing.heard(now, None));
            outcome.finished = self.queue.is_empty();
            self.go_on(now, &mut outcome);
        } else if let Some((_, began)) = self.music_playing.take_if(|(music, _)| *music == playback)
            && now.mono - began >= MUSIC_MIN
        {
            self.go_on(now, &mut outcome);
        }
        outcome
    }

    /// The leg is gone: what was being said ended here.
    pub fn gone(&mut self, now: Now, by: &'static str) -> Option<Heard> {
        self.queue.clear();
        self.music_off();
        self.held_until = None;
        self.playing.take().map(|playing| playing.heard(now, Some(by)))
    }

    /// A number for a playback on another leg of the same call.
    pub const fn next_playback(&mut self) -> u64 {
        self.last_playback += 1;
        self.last_playback
    }

    /// Something is being said or waits for the leg to hear.
    #[must_use]
    pub fn is_speaking(&self) -> bool {
        self.playing.is_some() || !self.queue.is_empty()
    }

    /// Music comes whenever nothing is said.
    #[cfg(test)]
    pub(crate) const fn plays_music(&self) -> bool {
        self.music
    }

    /// Whether this prompt is being said.
    #[must_use]
    pub fn is_saying(&self, asset: &str) -> bool {
        self.playing.as_ref().is_some_and(|playing| playing.asset == asset)
    }

    /// When [`Speech::overdue`] is due.
    #[must_use]
    pub fn deadline(&self) -> Option<Mono> {
        self.held_until.or_else(|| self.playing.as_ref().map(|playing| playing.began.mono + self.prompt_max))
    }

    /// A deadline passed: the leg is taken to hear, or the playback to be over.
    pub fn overdue(&mut self, now: Now) -> Outcome {
        if self.deadline().is_none_or(|at| at > now.mono) {
            return Outcome::default();
        }
        if self.held_until.is_some() {
            return self.release(now);
        }
        match &self.playing {
            Some(playing) => self.ended(now, playing.playback),
            None => Outcome::default(),
        }
    }

    fn go_on(&mut self, now: Now, outcome: &mut Outcome) {
        if self.held_until.is_some() {
            return;
        }
        if let Some(phrase) = self.queue.pop_front() {
            let playback = self.next_playback();
            let (asset, language, words) = (phrase.asset.clone(), phrase.language, phrase.words.clone());
            self.playing = Some(Playing { playback, asset, language, words, began: now });
            self.music_playing = None;
            outcome.audio.push(Audio::Play { playback, phrase });
        } else if self.music && self.music_playing.is_none() {
            let playback = self.next_playback();
            self.music_playing = Some((playback, now.mono));
            outcome.audio.push(Audio::Music { playback });
        }
    }
}

impl Playing {
    fn heard(self, now: Now, interrupted_by: Option<&'static str>) -> Heard {
        let Self { asset, language, words, began, .. } = self;
        Heard { asset, language, words, started_at: began.wall, ended_at: now.wall, interrupted_by }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ivr::prompt::Sound;

    fn at(s: u64) -> Now {
        Now { mono: Mono(s * 1_000_000), wall: Wall(i64::try_from(s).unwrap_or(0) * 1_000_000) }
    }

    fn phrase(name: &str) -> Phrase {
        let sounds = vec![Sound::Clip(name.to_owned())];
        Phrase { asset: name.to_owned(), language: Language::En, words: name.to_owned(), sounds }
    }

    fn play(playback: u64, name: &str) -> Audio {
        Audio::Play { playback, phrase: phrase(name) }
    }

    #[test]
    fn phrases_follow_one_another_and_the_last_one_finishes() {
        let mut speech = Speech::new(Span::from_s(60));
        assert_eq!(speech.say(at(0), [phrase("a"), phrase("b")]).audio, [play(1, "a")]);
        let first = speech.ended(at(2), 1);
        assert_eq!((first.audio, first.finished), (vec![play(2, "b")], false));
        assert_eq!(first.heard.map(|heard| (heard.started_at, heard.ended_at)), Some((at(0).wall, at(2).wall)));
        assert!(speech.ended(at(3), 2).finished);
        assert_eq!(speech.ended(at(3), 2), Outcome::default(), "an end told twice is told once");
    }

    #[test]
    fn a_key_cuts_and_the_late_end_of_the_cut_playback_is_ignored() {
        let mut speech = Speech::new(Span::from_s(60));
        speech.say(at(0), [phrase("a"), phrase("b")]);
        let cut = speech.cut(at(1), "key");
        assert_eq!(cut.audio, [Audio::Stop]);
        assert_eq!(cut.heard.and_then(|heard| heard.interrupted_by), Some("key"));
        assert_eq!(speech.say(at(1), [phrase("c")]).audio, [play(2, "c")]);
        assert_eq!(speech.ended(at(1), 1), Outcome::default());
    }

    #[test]
    fn music_fills_every_pause_and_a_missing_clip_is_no_loop() {
        let mut speech = Speech::new(Span::from_s(60));
        assert_eq!(speech.music_on(at(0)).audio, [Audio::Music { playback: 1 }]);
        assert_eq!(speech.say(at(1), [phrase("a")]).audio, [play(2, "a")]);
        assert_eq!(speech.ended(at(3), 2).audio, [Audio::Music { playback: 3 }]);
        assert_eq!(speech.ended(at(3), 3).audio, [], "it ended as soon as it began");
        assert_eq!(speech.say(at(9), [phrase("b")]).audio, [play(4, "b")]);
    }

    #[test]
    fn what_is_held_waits_for_the_leg_or_the_deadline() {
        let mut speech = Speech::new(Span::from_s(60));
        speech.hold(Mono(5_000_000));
        assert_eq!(speech.say(at(0), [phrase("a")]).audio, []);
        assert_eq!(speech.deadline(), Some(Mono(5_000_000)));
        assert_eq!(speech.overdue(at(5)).audio, [play(1, "a")]);
        assert_eq!(speech.release(at(6)), Outcome::default());
        assert!(speech.overdue(at(65)).finished, "an end that is never told");
        assert_eq!(speech.deadline(), None);
    }
}
