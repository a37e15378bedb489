//! From node to node: what a key or the end of a saying leads to, what entering a node begins, and the way back. Every node a caller
//! comes to is entered here and nowhere else.

use super::{BACK_MAX, Leave, PATH_MAX, Run, SKIP_MAX, Turn};
use crate::call::Service;
use crate::ivr::dialogue::{Dialogue, Line, To};
use crate::ivr::flow::{Flow, Key, Node, NodeId};
use crate::ivr::freeze::Freeze;
use crate::ivr::phrases;
use crate::ivr::status::Status;
use crate::ivr::verify::Verify;
use crate::kernel::{language::Language, time::Mono};
use std::sync::Arc;

impl Run {
    /// Leaves this node for another; a menu can be come back to.
    pub(super) fn go(&mut self, next: NodeId, now: Mono) -> Turn {
        if self.in_menu() && self.back.last() != Some(&self.node) {
            if self.back.len() == BACK_MAX {
                self.back.remove(0);
            }
            self.back.push(self.node.clone());
        }
        self.enter(next, now)
    }

    pub(super) fn enter(&mut self, id: NodeId, now: Mono) -> Turn {
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

    pub(super) fn go_back(&mut self, now: Mono) -> Turn {
        match self.back.pop() {
            Some(menu) => self.enter(menu, now),
            None if self.dialogue.is_some() => {
                let home = self.home();
                self.enter(home, now)
            }
            None => self.again(),
        }
    }

    pub(super) fn again(&self) -> Turn {
        let say = match self.flow.nodes.get(&self.node) {
            Some(Node::Language { greeting, .. }) if self.chosen.is_some() => self.in_tongues(greeting),
            Some(Node::Language { prompt, .. } | Node::Menu { prompt, .. } | Node::Say { prompt, .. }) => self.in_tongues(prompt),
            Some(Node::Times { .. }) => self.times(),
            Some(Node::Verify { .. } | Node::Status { .. } | Node::Freeze { .. } | Node::Queue { .. }) | None => Vec::new(),
        };
        Turn { say, ..Turn::default() }
    }

    pub(super) fn language_key(&mut self, digit: char, then: &NodeId, now: Mono) -> Turn {
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
    pub(super) fn skip(&mut self, flow: &Arc<Flow>, digit: char, then: &NodeId, now: Mono) -> Turn {
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

    pub(super) fn wrong_answer(&mut self) -> Turn {
        self.wrong = self.wrong.saturating_add(1);
        if self.wrong >= self.setting.patience.tries_max {
            return self.part_for_person();
        }
        let mut turn = Turn { say: self.lines(&[Line::plain(phrases::MENU_WRONG)]), ..Turn::default() };
        turn.say.extend(self.again().say);
        turn
    }

    pub(super) fn part_for_person(&mut self) -> Turn {
        self.parting = Some(self.flow.person.clone());
        Turn { say: self.lines(&[Line::plain(phrases::MENU_PERSON)]), ..Turn::default() }
    }

    pub(super) fn person(&self, flow: &Flow) -> NodeId {
        let named = |id: &NodeId| match flow.nodes.get(id) {
            Some(Node::Menu { person, .. }) => person.clone(),
            _ => None,
        };
        let menu = if self.in_menu() { Some(&self.node) } else { self.back.last() };
        menu.and_then(named).unwrap_or_else(|| flow.person.clone())
    }

    /// The main menu, or the question for the language while that is open.
    pub(super) fn home(&self) -> NodeId {
        match self.flow.nodes.get(&self.flow.start) {
            Some(Node::Language { then, .. }) if self.chosen.is_some() => then.clone(),
            _ => self.flow.start.clone(),
        }
    }

    /// The caller is where `9` leads: in the freeze, or in what stands for it where the wallet cannot be asked.
    pub(super) fn is_freezing(&self) -> bool {
        let stands_for = match self.flow.nodes.get(&self.flow.freeze) {
            Some(Node::Freeze { without, .. }) => Some(without),
            _ => None,
        };
        self.node == self.flow.freeze || stands_for == Some(&self.node)
    }

    pub(super) fn in_menu(&self) -> bool {
        matches!(self.flow.nodes.get(&self.node), Some(Node::Menu { .. }))
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
