//! A call arrives: which line is it, is there room, and who answers.

use super::caller::{Caller, Stage};
use super::command::{Command, Reject};
use super::legs::Party;
use super::{Switchboard, Work};
use crate::call::{Backoff, Channel, Contact, Level, Record, RecordLimits};
use crate::ivr::run::{Patience, Run};
use crate::ivr::speech::Speech;
use crate::kernel::{
    ids::{ContactId, LegId},
    pii::Pii,
};
use std::sync::Arc;

impl Switchboard {
    pub(super) fn call_arrived(&mut self, work: &mut Work, leg: LegId, number: &str, caller: Pii<String>, channel: Channel) {
        if self.legs.contains_key(&leg) {
            return;
        }
        if let Some(reason) = self.refusal(number) {
            return work.order(Command::Reject { leg, reason });
        }
        let Some(line) = self.lines.get(number).cloned() else { return };
        let Some(flow) = self.flows.get(&line.flow).map(Arc::clone) else { return };
        let id: ContactId = self.ids.next(work.now.wall);
        let contact = Contact {
            id,
            line: number.to_owned(),
            wallet: line.wallet.clone(),
            channel,
            level: if caller.expose().is_empty() { Level::A0 } else { Level::A1 },
            caller,
            language: line.languages.first().copied(),
            service: None,
            opened_at: work.now.wall,
            answered_at: None,
            queued_at: None,
            connected_at: None,
            ended_at: None,
            agents: Vec::new(),
            disposition: None,
            expires_at: work.now.wall + self.settings.retention,
        };
        let record = Record::open(work.now, contact, leg, self.record_limits());
        let mut speech = Speech::new(self.settings.prompt_max);
        if channel == Channel::WebCall {
            // A phone hears us from the answer on; a browser only once its audio is up.
            speech.hold(work.now.mono + self.settings.audio_wait);
        }
        work.order(Command::Answer { leg });
        self.legs.insert(leg, (id, Party::Customer));
        *self.calls.entry(number.to_owned()).or_insert(0) += 1;
        let (run, turn) = Run::start(flow, line.wallet, line.languages.clone(), self.patience());
        let caller = Caller {
            record,
            leg,
            speech,
            stage: Stage::Over,
            tongues: line.languages,
            path: Vec::new(),
            queue: String::new(),
            priority: 0,
        };
        self.callers.insert(id, caller);
        self.with(work, id, |board, work, caller| board.advance(work, caller, Box::new(run), turn));
    }

    fn refusal(&self, number: &str) -> Option<Reject> {
        let line = self.lines.get(number).filter(|line| self.flows.contains_key(&line.flow) && !line.languages.is_empty());
        let Some(line) = line else { return Some(Reject::UnknownLine) };
        if self.drain.is_some() || self.calls_live() >= self.settings.calls_max {
            return Some(Reject::Overloaded);
        }
        let busy = self.calls.get(number).is_some_and(|calls| *calls >= line.calls_max) || line.calls_max == 0;
        busy.then_some(Reject::LineBusy)
    }

    const fn record_limits(&self) -> RecordLimits {
        let backoff = Backoff { first: self.settings.save_retry_first, max: self.settings.save_retry_max };
        RecordLimits { timeline_max: self.settings.timeline_max, backoff, give_up: self.settings.save_give_up }
    }

    const fn patience(&self) -> Patience {
        Patience {
            key_wait: self.settings.key_wait,
            tries_max: self.settings.tries_max,
            language_tries_max: self.settings.language_tries_max,
        }
    }
}
