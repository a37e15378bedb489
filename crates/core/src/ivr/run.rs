//! The machine that runs a flow for one caller: keys, silences and ends of speech go in; what to say and where to go come out.
//! It plays nothing, keeps no record and knows no queue but by name.

use super::dialogue::{Answer, Ask, Dialogue, Line, Move, To, Tries, Waits};
use super::flow::{Flow, Key, Node, NodeId, PromptId};
use super::freeze::Freeze;
use super::phrases;
use super::prompt::Spoken;
use super::status::Status;
use super::verify::Verify;
use crate::call::Service;
use crate::kernel::{
    language::Language,
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
    /// A number was shown with the call.
    pub shows_number: bool,
    /// How long transactions of this wallet usually take.
    pub times: Arc<[UsualTime]>,
}

/// How long one kind of transaction usually takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsualTime {
    /// One of [`phrases::TIMES`].
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
    /// The caller is verified.
    verified: bool,
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
    /// The flow names a node it does not have: cannot happen to a checked flow.
    Nowhere,
}

impl Run {
    /// The start of a flow, and its first words.
    #[must_use]
    pub fn start(flow: Arc<Flow>, setting: Setting, now: Mono) -> (Self, Turn) {
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
            verified: false,
        };
        let turn = run.enter(start, now);
        (run, turn)
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
            // Whoever knows what is asked next has begun to answer.
            return match &mut self.dialogue {
                Some(dialogue) if digit.is_ascii_digit() => {
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
        let node = flow.nodes.get(&self.node);
        match (digit, node) {
            ('9', node) if !self.is_freezing() || matches!(node, Some(Node::Menu { .. })) => self.go(flow.freeze.clone(), now),
            ('0', _) => self.go(self.person(&flow), now),
            ('*', _) => self.again(),
            ('#', _) => self.go_back(now),
            (_, Some(Node::Language { then, .. })) => self.language_key(digit, then, now),
            (_, Some(Node::Menu { keys, .. })) => match Key::new(digit).and_then(|key| keys.get(&key)) {
                Some(next) => self.go(next.clone(), now),
                None => self.wrong_answer(),
            },
            (_, Some(Node::Say { then, .. } | Node::Times { then })) => self.skip(&flow, digit, then, now),
            (_, Some(Node::Verify { .. } | Node::Status { .. } | Node::Freeze { .. } | Node::Queue { .. }) | None) => {
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
            Some(Node::Say { then, .. } | Node::Times { then }) => self.go(then.clone(), now),
            Some(Node::Language { .. } | Node::Menu { .. }) => {
                self.listening_until = Some(now + self.setting.patience.key_wait);
                Turn::default()
            }
            Some(Node::Verify { .. } | Node::Status { .. } | Node::Freeze { .. } | Node::Queue { .. }) | None => Turn::default(),
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

    fn dialogue_silence(&mut self, now: Mono) -> Turn {
        let Some(dialogue) = &mut self.dialogue else { return Turn::default() };
        let step = match dialogue.waits() {
            Waits::Key => dialogue.silence(),
            Waits::Answer if now - self.asked.1 >= self.setting.patience.answer_max => dialogue.answer(Answer::Unavailable),
            Waits::Answer if self.told_to_wait => Move::default(),
            Waits::Answer => {
                self.told_to_wait = true;
                let say = self.lines(&[Line::plain(phrases::MOMENT)]);
                self.listening_until = Some(self.answer_due(now));
                return Turn { say, hold: true, ..Turn::default() };
            }
        };
        self.follow(step, now)
    }

    /// When the outside is next missed.
    fn answer_due(&self, now: Mono) -> Mono {
        let patience = &self.setting.patience;
        let due = if self.told_to_wait { self.asked.1 + patience.answer_max } else { self.asked.1 + patience.answer_breath };
        due.max(now)
    }

    /// An answer to the question with this number. One that was waited for too long answers nothing any more.
    pub fn answer(&mut self, number: u64, answer: Answer, now: Mono) -> Turn {
        if number != self.asked.0 || self.parting.is_some() {
            return Turn::default();
        }
        match answer {
            Answer::CodeRight => self.verified = true,
            Answer::Claimed { verified } => self.verified = verified,
            _ => {}
        }
        let Some(dialogue) = self.dialogue.as_mut().filter(|dialogue| dialogue.waits() == Waits::Answer) else {
            return Turn::default();
        };
        let step = dialogue.answer(answer);
        // Nothing is missed any more while what was answered is said.
        self.listening_until = None;
        self.follow(step, now)
    }

    /// The flow waits to hear what came of the freeze with this reference, and of no other.
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

    /// Carries out what a dialogue decided.
    fn follow(&mut self, step: Move, now: Mono) -> Turn {
        let Move { say, ask, keyed, to } = step;
        let mut turn = match to {
            Some(to) if say.is_empty() => self.lead(to, now),
            Some(to) => {
                self.parting = Some(self.target(to));
                Turn::default()
            }
            None => Turn::default(),
        };
        if !say.is_empty() {
            turn.say = self.lines(&say);
        }
        if let Some(ask) = ask {
            self.asked = (self.asked.0 + 1, now);
            self.told_to_wait = false;
            turn.ask = Some((self.asked.0, ask));
        }
        turn.keyed = keyed.or(turn.keyed);
        if turn.say.is_empty()
            && self.parting.is_none()
            && let Some(dialogue) = &self.dialogue
        {
            let patience = self.setting.patience;
            self.listening_until = Some(match dialogue.waits() {
                Waits::Key if dialogue.is_brief() => now + patience.brief_wait,
                Waits::Key => now + patience.key_wait,
                Waits::Answer => self.answer_due(now),
            });
        }
        turn
    }

    /// Goes where a dialogue leads, at once.
    fn lead(&mut self, to: To, now: Mono) -> Turn {
        match to {
            To::Person => {
                self.parting = Some(self.target(to));
                Turn { say: self.lines(&[Line::plain(phrases::MENU_PERSON)]), ..Turn::default() }
            }
            To::Back => self.go_back(now),
            To::Then | To::Home | To::Freeze => {
                let next = self.target(to);
                self.go(next, now)
            }
        }
    }

    /// The node a dialogue leads to.
    fn target(&self, to: To) -> NodeId {
        let flow = &self.flow;
        let node = flow.nodes.get(&self.node);
        match (to, node) {
            (To::Freeze, _) => flow.freeze.clone(),
            (To::Home, _) => self.home(),
            (To::Back, _) => self.back.last().cloned().unwrap_or_else(|| self.home()),
            (To::Then, Some(Node::Verify { then, .. } | Node::Freeze { then, .. })) => then.clone(),
            (To::Person, Some(Node::Freeze { then, .. })) => then.clone(),
            (To::Person, Some(Node::Verify { person: Some(person), .. } | Node::Status { person: Some(person) })) => {
                person.clone()
            }
            (To::Then | To::Person, _) => flow.person.clone(),
        }
    }

    /// The main menu, or the question for the language while that is open.
    fn home(&self) -> NodeId {
        match self.flow.nodes.get(&self.flow.start) {
            Some(Node::Language { then, .. }) if self.chosen.is_some() => then.clone(),
            _ => self.flow.start.clone(),
        }
    }

    /// A dialogue begins.
    fn begin(&mut self, opened: (Dialogue, Move), now: Mono) -> Turn {
        let (dialogue, opening) = opened;
        self.dialogue = Some(dialogue);
        self.follow(opening, now)
    }

    fn person(&self, flow: &Flow) -> NodeId {
        let named = |id: &NodeId| match flow.nodes.get(id) {
            Some(Node::Menu { person, .. }) => person.clone(),
            _ => None,
        };
        let menu = if self.in_menu() { Some(&self.node) } else { self.back.last() };
        menu.and_then(named).unwrap_or_else(|| flow.person.clone())
    }

    /// The caller is where `9` leads: in the freeze, or in what stands for it where the wallet cannot be asked.
    fn is_freezing(&self) -> bool {
        let stands_for = match self.flow.nodes.get(&self.flow.freeze) {
            Some(Node::Freeze { without, .. }) => Some(without),
            _ => None,
        };
        self.node == self.flow.freeze || stands_for == Some(&self.node)
    }

    fn in_menu(&self) -> bool {
        matches!(self.flow.nodes.get(&self.node), Some(Node::Menu { .. }))
    }

    fn language_key(&mut self, digit: char, then: &NodeId, now: Mono) -> Turn {
        if self.chosen.is_some() {
            let flow = Arc::clone(&self.flow);
            return self.skip(&flow, digit, then, now);
        }
        match language_of(digit).filter(|language| self.setting.languages.contains(language)) {
            Some(language) => {
                self.chosen = Some(language);
                self.go(then.clone(), now)
            }
            None => self.wrong_answer(),
        }
    }

    /// A key cuts a saying short. It goes on to the next menu when that can use it; else only the saying is skipped.
    fn skip(&mut self, flow: &Arc<Flow>, digit: char, then: &NodeId, now: Mono) -> Turn {
        let mut ahead = then;
        for _ in 0..SKIP_MAX {
            match flow.nodes.get(ahead) {
                Some(Node::Say { then, .. } | Node::Times { then }) => ahead = then,
                Some(Node::Menu { keys, .. }) => {
                    let Some(next) = Key::new(digit).and_then(|key| keys.get(&key)) else { break };
                    self.enter(ahead.clone(), now);
                    return self.go(next.clone(), now);
                }
                Some(
                    Node::Language { .. } | Node::Verify { .. } | Node::Status { .. } | Node::Freeze { .. } | Node::Queue { .. },
                )
                | None => break,
            }
        }
        self.go(then.clone(), now)
    }

    fn wrong_answer(&mut self) -> Turn {
        self.wrong = self.wrong.saturating_add(1);
        if self.wrong >= self.setting.patience.tries_max {
            return self.part_for_person();
        }
        let mut turn = Turn { say: self.lines(&[Line::plain(phrases::MENU_WRONG)]), ..Turn::default() };
        turn.say.extend(self.again().say);
        turn
    }

    fn part_for_person(&mut self) -> Turn {
        self.parting = Some(self.flow.person.clone());
        Turn { say: self.lines(&[Line::plain(phrases::MENU_PERSON)]), ..Turn::default() }
    }

    fn again(&self) -> Turn {
        let say = match self.flow.nodes.get(&self.node) {
            Some(Node::Language { greeting, .. }) if self.chosen.is_some() => self.in_tongues(greeting),
            Some(Node::Language { prompt, .. } | Node::Menu { prompt, .. } | Node::Say { prompt, .. }) => self.in_tongues(prompt),
            Some(Node::Times { .. }) => self.times(),
            Some(Node::Verify { .. } | Node::Status { .. } | Node::Freeze { .. } | Node::Queue { .. }) | None => Vec::new(),
        };
        Turn { say, ..Turn::default() }
    }

    fn go_back(&mut self, now: Mono) -> Turn {
        match self.back.pop() {
            Some(menu) => self.enter(menu, now),
            None if self.dialogue.is_some() => {
                let home = self.home();
                self.enter(home, now)
            }
            None => self.again(),
        }
    }

    /// Leaves this node for another; a menu can be come back to.
    fn go(&mut self, next: NodeId, now: Mono) -> Turn {
        if self.in_menu() && self.back.last() != Some(&self.node) {
            if self.back.len() == BACK_MAX {
                self.back.remove(0);
            }
            self.back.push(self.node.clone());
        }
        self.enter(next, now)
    }

    fn enter(&mut self, id: NodeId, now: Mono) -> Turn {
        if let Some(Dialogue::Verify(verify)) = &self.dialogue {
            self.codes = verify.codes();
        }
        (self.wrong, self.silent, self.parting, self.dialogue) = (0, 0, None, None);
        if self.path.len() == PATH_MAX {
            self.path.remove(0);
        }
        self.path.push(id.0.clone());
        self.node = id;
        let flow = Arc::clone(&self.flow);
        let tries_max = self.setting.patience.tries_max;
        match flow.nodes.get(&self.node) {
            Some(Node::Language { greeting, prompt, .. }) => {
                let mut say = if self.path.len() == 1 { self.in_tongues(greeting) } else { Vec::new() };
                match self.setting.languages.as_slice() {
                    [only] => self.chosen = Some(*only),
                    _ => say.extend(self.in_tongues(prompt)),
                }
                Turn { say, ..Turn::default() }
            }
            Some(Node::Menu { prompt, service, .. }) => {
                self.service = service.or(self.service);
                // A menu reached again is where it was before: whatever came after it is forgotten.
                if let Some(depth) = self.back.iter().position(|menu| *menu == self.node) {
                    self.back.truncate(depth);
                }
                Turn { say: self.in_tongues(prompt), ..Turn::default() }
            }
            Some(Node::Say { prompt, .. }) => Turn { say: self.in_tongues(prompt), ..Turn::default() },
            Some(Node::Times { .. }) => Turn { say: self.times(), ..Turn::default() },
            Some(Node::Verify { without, .. }) if !(self.setting.connected && self.setting.verifies) => {
                self.enter(without.clone(), now)
            }
            Some(Node::Freeze { without, .. }) if !self.setting.connected => self.enter(without.clone(), now),
            Some(Node::Verify { then, .. }) if self.verified => self.enter(then.clone(), now),
            Some(Node::Verify { .. }) if self.codes.are_over() => self.lead(To::Person, now),
            Some(Node::Verify { .. }) => {
                let (verify, opening) = Verify::new(tries_max, self.codes);
                self.begin((Dialogue::Verify(verify), opening), now)
            }
            Some(Node::Status { .. }) => {
                let (status, opening) = Status::new(tries_max);
                self.begin((Dialogue::Status(status), opening), now)
            }
            Some(Node::Freeze { .. }) => {
                self.service = Some(Service::Freeze);
                let (freeze, opening) = Freeze::new(self.setting.shows_number, tries_max);
                self.begin((Dialogue::Freeze(freeze), opening), now)
            }
            Some(Node::Queue { queue, service, priority }) => {
                self.service = service.or(self.service);
                Turn { leave: Some(Leave::Queue { queue: queue.clone(), priority: *priority }), ..Turn::default() }
            }
            None if self.node == flow.person => Turn { leave: Some(Leave::Nowhere), ..Turn::default() },
            None => self.enter(flow.person.clone(), now),
        }
    }

    /// How long each kind of transaction usually takes, one language after the other.
    fn times(&self) -> Vec<Saying> {
        let line = |time: &UsualTime| Line {
            prompt: time.prompt,
            values: vec![("usual", time.usual.clone()), ("late", time.late.clone())],
        };
        let lines: Vec<Line> = self.setting.times.iter().map(line).collect();
        self.lines(&lines)
    }

    fn in_tongues(&self, prompt: &PromptId) -> Vec<Saying> {
        let prompt = prompt.for_wallet(&self.setting.wallet);
        let tongues = self.tongues();
        tongues.iter().map(|language| Saying { language: *language, prompt: prompt.clone(), values: Vec::new() }).collect()
    }

    /// Lines in each language in turn, all of one language together.
    fn lines(&self, lines: &[Line]) -> Vec<Saying> {
        let saying = |language: Language, line: &Line| Saying {
            language,
            prompt: PromptId(line.prompt.to_owned()),
            values: line.values.clone(),
        };
        self.tongues().iter().flat_map(|language| lines.iter().map(|line| saying(*language, line))).collect()
    }

    fn tongues(&self) -> &[Language] {
        self.chosen.as_ref().map_or(self.setting.languages.as_slice(), std::slice::from_ref)
    }
}

impl Turn {
    fn with_key(mut self, digit: char) -> Self {
        self.keyed = self.keyed.or_else(|| Some(digit.to_string()));
        self
    }
}

/// Keys of the language question, the same on every line (contract).
const fn language_of(digit: char) -> Option<Language> {
    match digit {
        '1' => Some(Language::ZhCn),
        '2' => Some(Language::En),
        _ => None,
    }
}
