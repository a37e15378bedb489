//! The machine that runs a flow for one caller: keys, silences and ends of speech go in; what to say and where to go come out.
//! It plays nothing, keeps no record and knows no queue but by name.

mod dialogues;
mod moves;
mod passes;
mod people;
mod recording;
mod words;

use super::dialogue::{Answer, Ask, Dialogue, Tries, Waits};
use super::doors::Doors;
use super::flow::{Flow, Key, Node, NodeId, PromptId};
use super::prompt::Spoken;
use crate::call::Service;
use crate::kernel::{
    assurance::Level,
    language::Language,
    pii::Pii,
    time::{Mono, Span},
};
use std::sync::Arc;

/// Nodes remembered of the path, newest last: more than any card shows.
const PATH_MAX: usize = 64;

/// Menus `#` can lead back through.
const BACK_MAX: usize = 32;

/// Says that a key may jump over on its way to the menu that can use it.
const SKIP_MAX: usize = 16;

/// How patient a menu is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Silence after a question before it counts as no answer.
    pub key_wait: Span,
    /// Wrong answers or silences in a row that lead to a person.
    pub tries_max: u8,
    /// Silences after which the first language is taken.
    pub language_tries_max: u8,
    /// A lone key that may be a whole entry counts as one after this.
    pub brief_wait: Span,
    /// The outside may take this long before a word is said about it.
    pub answer_breath: Span,
    /// The outside may take this long.
    pub answer_max: Span,
}

/// Where a flow runs.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The wallet, by id.
    pub wallet: String,
    /// Languages of the line, the first one first.
    pub languages: Vec<Language>,
    /// How patient its menus are.
    pub patience: Patience,
    /// The wallet can be asked: accounts can be frozen.
    pub connected: bool,
    /// A code can reach a customer: callers can be verified.
    pub verifies: bool,
    /// The wallet can be asked about codes of its second factor.
    pub second: bool,
    /// A number was shown with the call.
    pub shows_number: bool,
    /// The call is recorded, unless the caller would rather not.
    pub records: bool,
    /// How long transactions of this wallet usually take.
    pub times: Arc<[UsualTime]>,
}

/// How long one kind of transaction usually takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsualTime {
    /// One of [`super::phrases::TIMES`].
    pub prompt: &'static str,
    /// Usually within this.
    pub usual: Spoken,
    /// Late after this.
    pub late: Spoken,
}

/// One caller in a flow.
#[derive(Debug)]
pub struct Run {
    flow: Arc<Flow>,
    setting: Setting,
    chosen: Option<Language>,
    service: Option<Service>,
    node: NodeId,
    back: Vec<NodeId>,
    path: Vec<String>,
    wrong: u8,
    silent: u8,
    listening_until: Option<Mono>,
    /// Where the caller goes once everything is said.
    parting: Option<NodeId>,
    dialogue: Option<Dialogue>,
    /// Tries of a code that this contact has left, over all the times it is verified.
    codes: Tries,
    /// The last question to the outside: its number, and when it was put.
    asked: (u64, Mono),
    /// The caller was told that it takes a moment.
    told_to_wait: bool,
    /// What the contact has shown of the customer who is named.
    level: Level,
    /// Tries of a call pass that this contact has left.
    passes: Tries,
    /// The transaction of a call pass, until it is asked about.
    transaction: Option<String>,
    /// How the line stands now.
    doors: Arc<Doors>,
    /// The queue that the caller was kept from: a call back was offered in its place.
    kept_from: Option<NodeId>,
    /// The caller would rather wait.
    stays: bool,
    /// That the call is recorded was said, or need not be said any more.
    noticed: bool,
}

/// What to do next.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// What is said, in order.
    pub say: Vec<Saying>,
    /// What the outside is asked, under the number its answer must bear.
    pub ask: Option<(u64, Ask)>,
    /// What was keyed, for the record.
    pub keyed: Option<String>,
    /// The caller goes on without being recorded.
    pub declined: bool,
    /// Music from here on until something else is said.
    pub hold: bool,
    /// The flow is over; nothing is left to say.
    pub leave: Option<Leave>,
}

/// A prompt in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// The language.
    pub language: Language,
    /// The prompt, with the wallet filled in.
    pub prompt: PromptId,
    /// Values of its slots.
    pub values: Vec<(&'static str, Spoken)>,
}

/// Where a caller leaves the flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leave {
    /// To a queue of the wallet.
    Queue {
        /// By name.
        queue: String,
        /// 0 to 10.
        priority: u8,
    },
    /// Nobody answers and nobody is there: last words, then the end.
    Goodbye,
    /// The flow names a node it does not have: cannot happen to a checked flow.
    Nowhere,
}

impl Run {
    /// The start of a flow, and its first words. A call from a browser may bring the code of a call pass.
    #[must_use]
    pub fn start(flow: Arc<Flow>, setting: Setting, doors: Arc<Doors>, pass: Option<Pii<String>>, now: Mono) -> (Self, Turn) {
        let start = flow.start.clone();
        let codes = Tries::new(setting.patience.tries_max);
        let mut run = Self {
            flow,
            setting,
            chosen: None,
            service: None,
            node: start.clone(),
            back: Vec::new(),
            path: Vec::new(),
            wrong: 0,
            silent: 0,
            listening_until: None,
            parting: None,
            dialogue: None,
            codes,
            asked: (0, now),
            told_to_wait: false,
            level: Level::A0,
            passes: codes,
            transaction: None,
            doors,
            kept_from: None,
            stays: false,
            noticed: false,
        };
        let turn = run.enter(start, now);
        match pass.filter(|_| run.takes_passes()) {
            Some(code) => {
                let turn = run.carry_pass(code, now);
                (run, turn)
            }
            None => (run, turn),
        }
    }

    /// How the line stands from here on. Told before everything else that happens.
    pub fn line_stands(&mut self, doors: Arc<Doors>) {
        self.doors = doors;
    }

    /// What the contact has shown from here on. Told before everything else that happens.
    pub const fn stands_at(&mut self, level: Level) {
        self.level = level;
    }

    /// The language chosen, once it is.
    #[must_use]
    pub const fn chosen(&self) -> Option<Language> {
        self.chosen
    }

    /// What the call is about, as far as the menu learned.
    #[must_use]
    pub const fn service(&self) -> Option<Service> {
        self.service
    }

    /// Nodes passed, newest last.
    #[must_use]
    pub fn path(&self) -> &[String] {
        &self.path
    }

    /// The number of the last question to the outside.
    #[must_use]
    pub const fn asked(&self) -> u64 {
        self.asked.0
    }

    /// The number of a question that is put from outside the flow: an answer to an earlier one answers nothing any more.
    pub const fn next_question(&mut self, now: Mono) -> u64 {
        self.asked = (self.asked.0 + 1, now);
        self.asked.0
    }

    /// The caller waits for the answer to that question, and is not at a key meanwhile.
    #[must_use]
    pub fn waits_for_answer(&self) -> bool {
        self.dialogue.as_ref().is_some_and(|dialogue| dialogue.waits() == Waits::Answer)
    }

    /// When [`Run::silence`] is due.
    #[must_use]
    pub const fn deadline(&self) -> Option<Mono> {
        self.listening_until
    }

    /// Whether a key means anything here.
    #[must_use]
    pub const fn takes(digit: char) -> bool {
        matches!(digit, '0'..='9' | '*' | '#')
    }

    /// A key was pressed. It counts at once, and cuts short whatever is being said.
    pub fn digit(&mut self, digit: char, now: Mono) -> Turn {
        if !Self::takes(digit) {
            return Turn::default();
        }
        self.listening_until = None;
        let flow = Arc::clone(&self.flow);
        if let Some(next) = self.parting.take() {
            if digit == '9' && self.node != flow.freeze {
                return self.go(flow.freeze.clone(), now).with_key(digit);
            }
            let turn = self.go(next, now);
            if self.asks_language() {
                return self.digit(digit, now);
            }
            // Whoever knows what is asked next has begun to answer.
            return match &mut self.dialogue {
                Some(dialogue) if digit.is_ascii_digit() && turn.ask.is_none() => {
                    let step = dialogue.key(digit);
                    self.follow(step, now)
                }
                Some(_) | None => turn.with_key(digit),
            };
        }
        if let Some(dialogue) = &mut self.dialogue {
            let step = dialogue.key(digit);
            return self.follow(step, now);
        }
        if digit == '8' && self.may_decline() {
            return self.decline(now).with_key(digit);
        }
        let node = flow.nodes.get(&self.node);
        match (digit, node) {
            ('9', node) if !self.is_freezing() || matches!(node, Some(Node::Menu { .. })) => self.go(flow.freeze.clone(), now),
            ('0', _) => self.go(self.person(&flow), now),
            ('*', _) => self.again(),
            ('#', _) => self.go_back(now),
            (_, Some(Node::Language { .. })) if self.chosen.is_none() && self.begins_pass(digit) => {
                return self.key_pass(digit, now);
            }
            (_, Some(Node::Language { then, .. })) => self.language_key(digit, then, now),
            (_, Some(Node::Menu { keys, .. })) => match Key::new(digit).and_then(|key| keys.get(&key)) {
                Some(next) => self.go(next.clone(), now),
                None => self.wrong_answer(),
            },
            (_, Some(Node::Say { then, .. } | Node::Times { then } | Node::Notice { then })) => {
                self.skip(&flow, digit, then, now)
            }
            (_, Some(Node::Verify { .. } | Node::Status { .. } | Node::Refund { .. })) => Turn::default(),
            (_, Some(Node::Freeze { .. } | Node::Act { .. } | Node::Callback { .. } | Node::Queue { .. }) | None) => {
                Turn::default()
            }
        }
        .with_key(digit)
    }

    /// Everything to be said was said.
    pub fn spoken(&mut self, now: Mono) -> Turn {
        let flow = Arc::clone(&self.flow);
        if let Some(next) = self.parting.take() {
            return self.go(next, now);
        }
        if let Some(dialogue) = &self.dialogue {
            self.listening_until = Some(match dialogue.waits() {
                Waits::Key => now + self.setting.patience.key_wait,
                Waits::Answer => self.answer_due(now),
            });
            return Turn::default();
        }
        match flow.nodes.get(&self.node) {
            Some(Node::Language { then, .. }) if self.chosen.is_some() => self.go(then.clone(), now),
            Some(Node::Say { then, .. } | Node::Times { then } | Node::Notice { then }) => self.go(then.clone(), now),
            Some(Node::Language { .. } | Node::Menu { .. }) => {
                self.listening_until = Some(now + self.setting.patience.key_wait);
                Turn::default()
            }
            Some(Node::Verify { .. } | Node::Status { .. } | Node::Refund { .. }) => Turn::default(),
            Some(Node::Freeze { .. } | Node::Act { .. } | Node::Callback { .. } | Node::Queue { .. }) | None => Turn::default(),
        }
    }

    /// No key or answer came in time.
    pub fn silence(&mut self, now: Mono) -> Turn {
        if self.listening_until.is_none_or(|until| until > now) {
            return Turn::default();
        }
        self.listening_until = None;
        if self.dialogue.is_some() {
            return self.dialogue_silence(now);
        }
        self.silent = self.silent.saturating_add(1);
        let flow = Arc::clone(&self.flow);
        match flow.nodes.get(&self.node) {
            Some(Node::Language { then, .. }) if self.silent >= self.setting.patience.language_tries_max => {
                self.chosen = self.setting.languages.first().copied();
                self.go(then.clone(), now)
            }
            _ if self.silent >= self.setting.patience.tries_max => self.part_for_person(),
            _ => self.again(),
        }
    }

    /// An answer to the question with this number. One that was waited for too long answers nothing any more.
    pub fn answer(&mut self, number: u64, answer: Answer, now: Mono) -> Turn {
        if number != self.asked.0 || self.parting.is_some() {
            return Turn::default();
        }
        match answer {
            Answer::CodeRight { level } | Answer::Claimed { level } => self.level = level,
            _ => {}
        }
        let Some(dialogue) = self.dialogue.as_mut().filter(|dialogue| dialogue.waits() == Waits::Answer) else {
            return Turn::default();
        };
        if let (Dialogue::Pass(_), Answer::PassTaken(taken)) = (&*dialogue, &answer) {
            let taken = taken.clone();
            self.listening_until = None;
            return self.take_pass(taken, now);
        }
        let step = dialogue.answer(answer);
        // Nothing is missed any more while what was answered is said.
        self.listening_until = None;
        self.follow(step, now)
    }

    /// The flow waits to hear what came of the act with this reference, and of no other.
    #[must_use]
    pub fn waits_for(&self, reference: &str) -> bool {
        self.parting.is_none() && self.dialogue.as_ref().is_some_and(|dialogue| dialogue.waits_for(reference))
    }

    /// A contact that had left the flow for a queue presses `9`.
    pub fn freeze_now(&mut self, now: Mono) -> Turn {
        self.parting = None;
        let freeze = self.flow.freeze.clone();
        self.enter(freeze, now)
    }
}

impl Turn {
    fn with_key(mut self, digit: char) -> Self {
        self.keyed = self.keyed.or_else(|| Some(digit.to_string()));
        self
    }
}
