//! A caller in a queue: joins it, hears music and the place in it, is put before everyone in an emergency, and is not kept for
//! ever.

use super::caller::{Caller, Stage, Wait};
use super::{Switchboard, Work};
use crate::call::{Disposition, Fact};
use crate::ivr::doors::wait_words;
use crate::ivr::phrases;
use crate::ivr::prompt::Spoken;
use crate::kernel::{actor::Actor, language::Language};
use crate::queue::{Entry, Happening, PRIORITY_MAX, wait};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Switchboard {
    /// The flow led to a queue.
    pub(super) fn join(&mut self, work: &mut Work, caller: &mut Caller, queue: String, priority: u8) {
        let skills = Arc::clone(self.queues.entry(queue.clone()).or_insert_with(|| Arc::from([])));
        let place = caller.place.take();
        let entry = Entry {
            contact: caller.id(),
            queue,
            language: caller.record.contact().language.unwrap_or(Language::ZhCn),
            skills,
            priority: priority.min(PRIORITY_MAX),
            since: place.as_ref().map_or(work.now, |place| place.since),
            returned: place.is_some_and(|place| place.returned),
            offered: false,
            passed: BTreeSet::new(),
            round_at: work.now.mono,
        };
        caller.record.audit(work.now, Actor::Caller, "contact.queued");
        self.wait(work, caller, entry, None);
    }

    /// Puts a caller among those who wait. `announce` is said first, in place of the place in the queue.
    pub(super) fn wait(&mut self, work: &mut Work, caller: &mut Caller, entry: Entry, announce: Option<&'static str>) {
        let queue = entry.queue.clone();
        caller.priority = entry.priority;
        self.waiting.join(entry);
        work.touch_queue(&queue);
        let position = self.waiting.position(caller.id()).unwrap_or(1);
        caller.record.tell(work.now, Fact::Queued { queue: queue.clone(), position });
        if caller.record.contact().queued_at.is_none() {
            caller.record.amend(|contact| contact.queued_at = Some(work.now.wall));
        }
        caller.queue = queue;
        caller.stage = Stage::Waiting(Wait {
            announce_at: work.now.mono + self.settings.position_first,
            announce,
            gives_up_at: work.now.mono + self.settings.wait_max,
            offer: None,
        });
        let outcome = caller.speech.music_on(work.now);
        caller.hear(work, outcome);
    }

    /// `9` while waiting: out of the queue and into the freeze, which leads back before everyone else.
    pub(super) fn freeze_from_queue(&mut self, work: &mut Work, caller: &mut Caller) {
        let Some(mut run) = caller.flow.take() else { return };
        caller.place = self.waiting.get(caller.id()).cloned();
        self.leave_queue(work, caller);
        caller.record.audit(work.now, Actor::Caller, "contact.urged");
        caller.speech.music_off();
        let outcome = caller.speech.cut(work.now, "key");
        caller.hear(work, outcome);
        self.tell_doors(work, caller, &mut run);
        let turn = run.freeze_now(work.now.mono);
        self.advance(work, caller, run, turn);
    }

    /// Says what is due to a caller who waits.
    pub(super) fn announce(&mut self, work: &mut Work, caller: &mut Caller) {
        let position = self.waiting.position(caller.id()).unwrap_or(1);
        let Stage::Waiting(wait) = &mut caller.stage else { return };
        wait.announce_at = work.now.mono + self.settings.position_every;
        let words = match wait.announce.take() {
            Some(prompt) => self.announcement(caller, prompt, &[]),
            None => {
                let mut words = self.announcement(caller, phrases::QUEUE_POSITION, &[("position", Spoken::Position(position))]);
                if let wait::Wait::Between(range) = self.left_to_wait(work.now.mono, caller.id()) {
                    let (prompt, values) = wait_words(range.from_min, range.to_min);
                    words.extend(self.announcement(caller, prompt, &values));
                }
                words
            }
        };
        let outcome = caller.speech.say(work.now, words);
        caller.hear(work, outcome);
    }

    /// Nobody came: an apology, then the end.
    pub(super) fn give_up(&mut self, work: &mut Work, caller: &mut Caller) {
        self.part(work, caller, phrases::QUEUE_TIMEOUT, Disposition::QueueTimeout);
    }

    /// Says last words and hangs up afterwards.
    pub(super) fn part(&mut self, work: &mut Work, caller: &mut Caller, prompt: &str, disposition: Disposition) {
        self.leave_queue(work, caller);
        caller.stage = Stage::Leaving(disposition);
        caller.speech.music_off();
        let words = self.announcement(caller, prompt, &[]);
        let nothing_to_say = words.is_empty();
        let outcome = caller.speech.replace(work.now, "system", words);
        caller.hear(work, outcome);
        if nothing_to_say {
            self.end(work, caller, Actor::System, "system", Some(disposition));
        }
    }

    /// Takes a caller out of the queue, and back from the agent who is being asked.
    pub(super) fn leave_queue(&mut self, work: &mut Work, caller: &mut Caller) {
        self.happen(work, caller, Happening::CallerGone);
        if let Some(entry) = self.waiting.leave(caller.id()) {
            work.touch_queue(&entry.queue);
        }
    }
}
