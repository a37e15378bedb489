//! When a call is recorded: from the moment the customer has heard of it to its end, in silence while a code is keyed, and not at all
//! for whoever would rather not. It holds no audio and no key.

use super::caller::{Caller, Stage};
use super::command::{Command, RecordingOrder};
use super::{Switchboard, Work};
use crate::call::{Fact, Notice};
use crate::ivr::flow::PromptId;
use crate::ivr::phrases;
use crate::ivr::prompt::Phrase;
use crate::ivr::speech::Heard;
use crate::kernel::{ids::RecordingId, time::Span};

/// How far the recording of a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taping {
    /// The line does not record.
    Never,
    /// The notice was not heard to its end.
    Owed {
        /// What it will be called.
        recording: RecordingId,
        /// How long it stays.
        keep: Span,
    },
    /// Under way.
    On {
        recording: RecordingId,
        /// It has silence now.
        masked: bool,
    },
    /// The customer would rather not.
    Declined,
}

impl Switchboard {
    /// The notice, for a customer who has not heard it to its end and is about to speak with somebody.
    pub(super) fn owed_notice(&self, caller: &Caller) -> Option<Phrase> {
        let Taping::Owed { .. } = caller.taping else { return None };
        let language = caller.record.contact().language?;
        self.catalog.phrase(language, &PromptId(phrases::RECORDING_NOTICE.to_owned()), &[])
    }
}

impl Caller {
    /// Something was heard. The notice, to its end: from now on the call is recorded.
    pub(super) fn heard_notice(&mut self, work: &mut Work, heard: &Heard) {
        let Taping::Owed { recording, keep } = self.taping else { return };
        if heard.asset != phrases::RECORDING_NOTICE || heard.interrupted_by.is_some() || !self.record.is_open(self.leg) {
            return;
        }
        let masked = self.is_kept_out();
        let contact = self.record.contact();
        let order = RecordingOrder {
            recording,
            contact: contact.id,
            leg: self.leg,
            notice: Notice::heard(&heard.asset, heard.language, &heard.words, heard.ended_at),
            at: work.now.wall,
            expires_at: (work.now.wall + keep).min(contact.expires_at),
            masked,
        };
        work.order(Command::Record(Box::new(order)));
        self.taping = Taping::On { recording, masked };
    }

    /// Keeps codes out of the recording, and whoever is outside and would not be in it.
    pub(super) fn keep_masked(&mut self, work: &mut Work) {
        let on = self.is_kept_out();
        if let Taping::On { recording, masked } = &mut self.taping
            && *masked != on
        {
            *masked = on;
            work.order(Command::MaskRecording { recording: *recording, on });
        }
    }

    fn is_kept_out(&self) -> bool {
        self.keys_code() || self.far().is_some_and(|far| far.unrecorded)
    }

    fn keys_code(&self) -> bool {
        self.is_unheard() || matches!(&self.stage, Stage::Menu(run) if run.collects_code())
    }

    /// The customer goes on without being recorded: what was taken is erased.
    pub(super) fn decline_recording(&mut self, work: &mut Work) {
        match std::mem::replace(&mut self.taping, Taping::Declined) {
            Taping::Never => self.taping = Taping::Never,
            Taping::Declined => {}
            Taping::Owed { .. } => self.record.tell(work.now, Fact::RecordingDeclined),
            Taping::On { recording, .. } => {
                work.order(Command::DiscardRecording { recording });
                self.record.tell(work.now, Fact::RecordingDeclined);
            }
        }
    }

    /// `8` while the notice is being said for want of an earlier chance.
    pub(super) fn decline_while_told(&mut self, work: &mut Work) {
        if self.speech.is_saying(phrases::RECORDING_NOTICE) {
            self.decline_recording(work);
        }
    }
}
