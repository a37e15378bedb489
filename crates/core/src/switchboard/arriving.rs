//! A call arrives: which line is it, is there room, and who answers.

use super::caller::{Caller, Known, Stage};
use super::command::{Command, Reject};
use super::legs::Party;
use super::recording::Taping;
use super::{Switchboard, Work};
use crate::call::{Backoff, CallerIdTrust, Channel, Contact, Record, RecordLimits};
use crate::identity::Standing;
use crate::ivr::run::{Patience, Run, Setting};
use crate::ivr::speech::Speech;
use crate::kernel::{
    assurance::{Factor, Level},
    ids::{ContactId, LegId},
    language::Language,
    pii::Pii,
};
use std::sync::Arc;

/// A call as it arrives.
pub(super) struct Arrival {
    pub(super) leg: LegId,
    pub(super) line: String,
    pub(super) caller: Pii<String>,
    pub(super) channel: Channel,
    pub(super) trunk: String,
    pub(super) pass: Option<Pii<String>>,
    pub(super) language: Option<Language>,
}

impl Switchboard {
    pub(super) fn call_arrived(&mut self, work: &mut Work, arrival: Arrival) {
        let Arrival { leg, line: number, caller, channel, trunk, language, pass } = arrival;
        if self.legs.contains_key(&leg) {
            return;
        }
        if let Some(reason) = self.refusal(&number) {
            return work.order(Command::Reject { leg, reason });
        }
        let Some(line) = self.lines.get(&number).cloned() else { return };
        let Some(flow) = self.flows.get(&line.flow).map(Arc::clone) else { return };
        // Who has chosen a language that the line speaks is not asked again.
        let tongues = match language.filter(|language| line.languages.contains(language)) {
            Some(language) => vec![language],
            None => line.languages,
        };
        let id: ContactId = self.ids.next(work.now.wall);
        let shows_number = !caller.expose().is_empty();
        let level = if shows_number { Level::A1 } else { Level::A0 };
        let contact = Contact {
            id,
            line: number.clone(),
            wallet: line.wallet.clone(),
            channel,
            level,
            risk: Vec::new(),
            case: None,
            caller,
            caller_id: CallerIdTrust::None,
            language: tongues.first().copied(),
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
        let taping = if line.records {
            Taping::Owed { recording: self.ids.next(work.now.wall), keep: line.keep_recordings }
        } else {
            Taping::Never
        };
        work.order(Command::Answer { leg });
        self.legs.insert(leg, (id, Party::Customer));
        *self.calls.entry(number).or_insert(0) += 1;
        let offered = [(Factor::SmsCode, line.verifies), (Factor::SecondFactor, line.second), (Factor::AppTransfer, line.second)];
        let factors = offered.into_iter().filter(|(_, offered)| *offered && line.connected).map(|(factor, _)| factor).collect();
        let setting = Setting {
            wallet: line.wallet,
            languages: tongues.clone(),
            patience: self.patience(),
            connected: line.connected,
            verifies: line.verifies,
            second: line.second,
            shows_number,
            records: line.records,
            times: line.times,
        };
        let language = tongues.first().copied().unwrap_or(Language::ZhCn);
        let doors = self.doors(work.now, &line.number, language);
        let (run, turn) = Run::start(flow, setting, doors, pass, work.now.mono);
        let caller = Caller {
            record,
            leg,
            speech,
            stage: Stage::Over,
            tongues,
            path: Vec::new(),
            queue: String::new(),
            priority: 0,
            trunk,
            factors,
            standing: Standing::new(id, shows_number, Arc::clone(&self.settings.ladder)),
            known: Known::default(),
            flow: None,
            place: None,
            taping,
            announces: line.announces,
            proving: None,
            carrying: None,
            unheard_until: None,
            hushed: false,
        };
        self.callers.insert(id, Box::new(caller));
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
            brief_wait: self.settings.brief_wait,
            answer_breath: self.settings.answer_breath,
            answer_max: self.settings.answer_max,
        }
    }
}
