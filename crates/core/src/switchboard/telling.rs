//! Somebody outside is told that the call is recorded, when they answer and before anybody hears them: the customer's recording holds
//! whatever the customer hears. Whoever would rather not be recorded, or was not told to the end, is on no recording.

use super::caller::{Caller, Stage};
use super::command::Command;
use super::legs::Party;
use super::talk::{Coming, Dialled, Invited, Telling};
use super::{Switchboard, Work};
use crate::call::{Fact, Notice};
use crate::ivr::flow::PromptId;
use crate::ivr::phrases;
use crate::ivr::prompt::Phrase;
use crate::kernel::{ids::LegId, language::Language, time::Span};

/// Whoever hung up their phone meanwhile is waited for a moment longer than the notice.
const MARGIN: Span = Span::from_s(1);

impl Switchboard {
    /// Says the notice to whoever answered, in the language of the call. False where there is none to say.
    pub(super) fn tell_outside(&self, work: &mut Work, caller: &mut Caller, leg: LegId) -> bool {
        let language = caller.record.contact().language.unwrap_or(caller.tongues[0]);
        let until = work.now.mono + self.settings.announce_max;
        let Some(phrase) = self.outside_phrase(language, phrases::RECORDING_NOTICE) else { return false };
        let playback = caller.speech.next_playback();
        let words = phrase.words.clone();
        work.order(Command::Play { leg, playback, phrase });
        let Stage::Talking(talk) = &mut caller.stage else { return false };
        if let Some(lost) = &mut talk.lost {
            lost.until = lost.until.max(until + MARGIN);
        }
        let Some(Invited { coming: Coming::Dialled(dialled), .. }) = &mut talk.invited else { return false };
        dialled.told = Some(Telling { playback, language, words, declined: false });
        dialled.until = until;
        true
    }

    fn outside_phrase(&self, language: Language, prompt: &str) -> Option<Phrase> {
        self.catalog.phrase(language, &PromptId(prompt.to_owned()), &[])
    }

    /// Something that was said to somebody outside is over. Cut short, it is not: their leg is going.
    pub(super) fn outside_heard(&mut self, work: &mut Work, leg: LegId, playback: u64, interrupted: bool) {
        let Some(&(contact, Party::Outside)) = self.legs.get(&leg) else { return };
        if interrupted {
            return;
        }
        self.with(work, contact, |board, work, caller| {
            let Some(dialled) = caller.telling().filter(|dialled| dialled.far.leg == leg) else { return };
            let to = dialled.far.number.id.clone();
            let Some(told) = dialled.told.as_ref().filter(|told| told.playback == playback) else { return };
            let (language, declined) = (told.language, told.declined);
            let notice = Notice::heard(phrases::RECORDING_NOTICE, language, &told.words, work.now.wall).version;
            caller.record.tell(work.now, Fact::OutsideTold { to, language, notice, declined });
            board.outside_joins(work, caller, declined);
        });
    }

    /// `8` while the notice is said to somebody outside.
    pub(super) fn outside_keyed(&mut self, work: &mut Work, leg: LegId, digit: char) {
        let Some(&(contact, Party::Outside)) = self.legs.get(&leg) else { return };
        if digit != '8' {
            return;
        }
        self.with(work, contact, |board, work, caller| {
            let playback = caller.speech.next_playback();
            let until = work.now.mono + board.settings.announce_max;
            let Some(dialled) = caller.telling().filter(|dialled| dialled.far.leg == leg) else { return };
            let Some(told) = dialled.told.as_mut().filter(|told| !told.declined) else { return };
            let Some(phrase) = board.outside_phrase(told.language, phrases::RECORDING_DECLINED) else { return };
            (told.declined, told.playback) = (true, playback);
            dialled.until = until;
            work.order(Command::Play { leg, playback, phrase });
        });
    }
}

impl Caller {
    /// The number outside that was called, once somebody there hears the notice.
    fn telling(&mut self) -> Option<&mut Dialled> {
        match &mut self.stage {
            Stage::Talking(talk) => match &mut talk.invited {
                Some(Invited { coming: Coming::Dialled(dialled), .. }) if dialled.told.is_some() => Some(dialled),
                Some(_) | None => None,
            },
            Stage::Menu(_) | Stage::Waiting(_) | Stage::Connecting(_) | Stage::Away(_) | Stage::Leaving(_) | Stage::Over => None,
        }
    }
}
