//! The machine that runs a flow for one caller: keys, silences and ends of speech go in; what to say and where to go come out.
//! It plays nothing, keeps no record and knows no queue but by name.

use super::flow::{Flow, Key, Node, NodeId, PromptId};
use super::phrases;
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
}

/// One caller in a flow.
#[derive(Debug)]
pub struct Run {
    flow: Arc<Flow>,
    wallet: String,
    languages: Vec<Language>,
    patience: Patience,
    chosen: Option<Language>,
    service: Option<Service>,
    node: NodeId,
    back: Vec<NodeId>,
    path: Vec<String>,
    wrong: u8,
    silent: u8,
    listening_until: Option<Mono>,
    parting: bool,
}

/// What to do next.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// What is said, in order.
    pub say: Vec<Saying>,
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
    /// The start of a flow on a line with these languages, and its first words.
    #[must_use]
    pub fn start(flow: Arc<Flow>, wallet: String, languages: Vec<Language>, patience: Patience) -> (Self, Turn) {
        let start = flow.start.clone();
        let mut run = Self {
            flow,
            wallet,
            languages,
            patience,
            chosen: None,
            service: None,
            node: start.clone(),
            back: Vec::new(),
            path: Vec::new(),
            wrong: 0,
            silent: 0,
            listening_until: None,
            parting: false,
        };
        let turn = run.enter(start);
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
    pub fn digit(&mut self, digit: char) -> Turn {
        if !Self::takes(digit) {
            return Turn::default();
        }
        self.listening_until = None;
        let flow = Arc::clone(&self.flow);
        let node = flow.nodes.get(&self.node);
        match (digit, node) {
            ('9', node) if self.node != flow.freeze || matches!(node, Some(Node::Menu { .. })) => self.go(flow.freeze.clone()),
            _ if self.parting => self.go(flow.person.clone()),
            ('0', _) => self.go(self.person(&flow)),
            ('*', _) => self.again(),
            ('#', _) => self.go_back(),
            (_, Some(Node::Language { then, .. })) => self.language_key(digit, then),
            (_, Some(Node::Menu { keys, .. })) => match Key::new(digit).and_then(|key| keys.get(&key)) {
                Some(next) => self.go(next.clone()),
                None => self.wrong_answer(),
            },
            (_, Some(Node::Say { then, .. })) => self.skip(&flow, digit, then),
            (_, Some(Node::Queue { .. }) | None) => Turn::default(),
        }
    }

    /// Everything to be said was said.
    pub fn spoken(&mut self, now: Mono) -> Turn {
        let flow = Arc::clone(&self.flow);
        if self.parting {
            return self.go(flow.person.clone());
        }
        match flow.nodes.get(&self.node) {
            Some(Node::Language { then, .. }) if self.chosen.is_some() => self.go(then.clone()),
            Some(Node::Say { then, .. }) => self.go(then.clone()),
            Some(Node::Language { .. } | Node::Menu { .. }) => {
                self.listening_until = Some(now + self.patience.key_wait);
                Turn::default()
            }
            Some(Node::Queue { .. }) | None => Turn::default(),
        }
    }

    /// No key came in time.
    pub fn silence(&mut self, now: Mono) -> Turn {
        if self.listening_until.is_none_or(|until| until > now) {
            return Turn::default();
        }
        self.listening_until = None;
        self.silent = self.silent.saturating_add(1);
        let flow = Arc::clone(&self.flow);
        match flow.nodes.get(&self.node) {
            Some(Node::Language { then, .. }) if self.silent >= self.patience.language_tries_max => {
                self.chosen = self.languages.first().copied();
                self.go(then.clone())
            }
            _ if self.silent >= self.patience.tries_max => self.part_for_person(),
            _ => self.again(),
        }
    }

    fn person(&self, flow: &Flow) -> NodeId {
        let named = |id: &NodeId| match flow.nodes.get(id) {
            Some(Node::Menu { person, .. }) => person.clone(),
            _ => None,
        };
        let menu = if self.in_menu() { Some(&self.node) } else { self.back.last() };
        menu.and_then(named).unwrap_or_else(|| flow.person.clone())
    }

    fn in_menu(&self) -> bool {
        matches!(self.flow.nodes.get(&self.node), Some(Node::Menu { .. }))
    }

    fn language_key(&mut self, digit: char, then: &NodeId) -> Turn {
        if self.chosen.is_some() {
            let flow = Arc::clone(&self.flow);
            return self.skip(&flow, digit, then);
        }
        match language_of(digit).filter(|language| self.languages.contains(language)) {
            Some(language) => {
                self.chosen = Some(language);
                self.go(then.clone())
            }
            None => self.wrong_answer(),
        }
    }

    /// A key cuts a saying short. It goes on to the next menu when that can use it; else only the saying is skipped.
    fn skip(&mut self, flow: &Arc<Flow>, digit: char, then: &NodeId) -> Turn {
        let mut ahead = then;
        for _ in 0..SKIP_MAX {
            match flow.nodes.get(ahead) {
                Some(Node::Say { then, .. }) => ahead = then,
                Some(Node::Menu { keys, .. }) => {
                    let Some(next) = Key::new(digit).and_then(|key| keys.get(&key)) else { break };
                    self.enter(ahead.clone());
                    return self.go(next.clone());
                }
                Some(Node::Language { .. } | Node::Queue { .. }) | None => break,
            }
        }
        self.go(then.clone())
    }

    fn wrong_answer(&mut self) -> Turn {
        self.wrong = self.wrong.saturating_add(1);
        if self.wrong >= self.patience.tries_max {
            return self.part_for_person();
        }
        let mut turn = Turn { say: self.in_tongues(&PromptId(phrases::MENU_WRONG.to_owned())), ..Turn::default() };
        turn.say.extend(self.again().say);
        turn
    }

    fn part_for_person(&mut self) -> Turn {
        self.parting = true;
        Turn { say: self.in_tongues(&PromptId(phrases::MENU_PERSON.to_owned())), ..Turn::default() }
    }

    fn again(&self) -> Turn {
        let say = match self.flow.nodes.get(&self.node) {
            Some(Node::Language { greeting, .. }) if self.chosen.is_some() => self.in_tongues(greeting),
            Some(Node::Language { prompt, .. } | Node::Menu { prompt, .. } | Node::Say { prompt, .. }) => self.in_tongues(prompt),
            Some(Node::Queue { .. }) | None => Vec::new(),
        };
        Turn { say, ..Turn::default() }
    }

    fn go_back(&mut self) -> Turn {
        match self.back.pop() {
            Some(menu) => self.enter(menu),
            None => self.again(),
        }
    }

    /// Leaves this node for another; a menu can be come back to.
    fn go(&mut self, next: NodeId) -> Turn {
        if self.in_menu() && self.back.last() != Some(&self.node) {
            if self.back.len() == BACK_MAX {
                self.back.remove(0);
            }
            self.back.push(self.node.clone());
        }
        self.enter(next)
    }

    fn enter(&mut self, id: NodeId) -> Turn {
        (self.wrong, self.silent, self.parting) = (0, 0, false);
        if self.path.len() == PATH_MAX {
            self.path.remove(0);
        }
        self.path.push(id.0.clone());
        self.node = id;
        let flow = Arc::clone(&self.flow);
        match flow.nodes.get(&self.node) {
            Some(Node::Language { greeting, prompt, .. }) => {
                let mut say = self.in_tongues(greeting);
                match self.languages.as_slice() {
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
            Some(Node::Queue { queue, service, priority }) => {
                self.service = service.or(self.service);
                Turn { leave: Some(Leave::Queue { queue: queue.clone(), priority: *priority }), ..Turn::default() }
            }
            None if self.node == flow.person => Turn { leave: Some(Leave::Nowhere), ..Turn::default() },
            None => self.enter(flow.person.clone()),
        }
    }

    fn in_tongues(&self, prompt: &PromptId) -> Vec<Saying> {
        let prompt = prompt.for_wallet(&self.wallet);
        let tongues = self.chosen.as_ref().map_or(self.languages.as_slice(), std::slice::from_ref);
        tongues.iter().map(|language| Saying { language: *language, prompt: prompt.clone() }).collect()
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
