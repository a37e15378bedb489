//! A caller in the flow: carries out what the flow's machine decided, until something is being said or the flow is left.

use super::caller::{Caller, Stage};
use super::{Switchboard, Work, queue_id};
use crate::call::{Disposition, Fact};
use crate::ivr::flow::PromptId;
use crate::ivr::phrases;
use crate::ivr::prompt::{Phrase, Spoken};
use crate::ivr::run::{Leave, Run, Saying, Turn};
use crate::kernel::actor::Actor;

/// Nodes in a row that have nothing to say before a flow counts as broken. No checked flow comes near it.
const MUTE_NODES_MAX: usize = 16;

impl Switchboard {
    /// Carries out a turn of the flow.
    pub(super) fn advance(&mut self, work: &mut Work, caller: &mut Caller, mut run: Box<Run>, mut turn: Turn) {
        for _ in 0..MUTE_NODES_MAX {
            caller.learn(&run);
            self.take_unauthorised(work, caller);
            if let Some(digits) = turn.keyed.take() {
                caller.record.tell(work.now, Fact::Keyed { digits });
            }
            if turn.declined {
                caller.decline_recording(work);
            }
            match turn.leave {
                Some(Leave::Queue { queue, priority }) => {
                    let queue = queue_id(&caller.record.contact().wallet, &queue);
                    caller.flow = Some(run);
                    return self.join(work, caller, queue, priority);
                }
                Some(Leave::Goodbye) => return self.part(work, caller, phrases::CALLBACK_GOODBYE, Disposition::InfoOnly),
                Some(Leave::Nowhere) => break,
                None => {}
            }
            let phrases = self.phrases(&turn.say);
            let speaks = !phrases.is_empty();
            if speaks {
                if !turn.hold {
                    caller.speech.music_off();
                }
                let outcome = caller.speech.say(work.now, phrases);
                caller.hear(work, outcome);
            }
            if turn.hold {
                let outcome = caller.speech.music_on(work.now);
                caller.hear(work, outcome);
            }
            if let Some((number, ask)) = turn.ask.take() {
                caller.stage = Stage::Menu(run);
                return self.ask(work, caller, number, ask);
            }
            // Speech that goes on ends by itself; a question that waits has its own deadline.
            if speaks || run.deadline().is_some() || caller.speech.is_speaking() {
                caller.stage = Stage::Menu(run);
                return;
            }
            turn = run.spoken(work.now.mono);
            if turn.ask.is_none() && run.deadline().is_some() {
                caller.stage = Stage::Menu(run);
                return;
            }
        }
        self.end(work, caller, Actor::System, "system", Some(Disposition::Dropped));
    }

    fn phrases(&self, say: &[Saying]) -> Vec<Phrase> {
        say.iter().filter_map(|saying| self.catalog.phrase(saying.language, &saying.prompt, &saying.values)).collect()
    }

    /// One of the machines' own prompts, in every language the caller is spoken to in.
    pub(super) fn announcement(&self, caller: &Caller, prompt: &str, values: &[(&str, Spoken)]) -> Vec<Phrase> {
        let prompt = PromptId(prompt.to_owned());
        caller.tongues.iter().filter_map(|language| self.catalog.phrase(*language, &prompt, values)).collect()
    }
}

impl Caller {
    /// Writes down what the flow learned.
    fn learn(&mut self, run: &Run) {
        self.path = run.path().to_vec();
        let contact = self.record.contact();
        let language = run.chosen().or(contact.language);
        if contact.language != language || contact.service != run.service() {
            self.record.amend(|contact| (contact.language, contact.service) = (language, run.service()));
        }
        if let Some(language) = run.chosen() {
            self.tongues = vec![language];
        }
    }
}
