//! From node to node: what a key or the end of a saying leads to, what entering a node begins, and the way back. Every node a caller
//! comes to is entered here and nowhere else.

use super::{BACK_MAX, Leave, PATH_MAX, Run, SKIP_MAX, Saying, Turn};
use crate::call::Service;
use crate::ivr::act::Act;
use crate::ivr::dialogue::{Dialogue, Line, Move, To};
use crate::ivr::flow::{Flow, Key, Node, NodeId, PromptId};
use crate::ivr::freeze::Freeze;
use crate::ivr::phrases;
use crate::ivr::refund::{Factor, Refund};
use crate::ivr::status::Status;
use crate::ivr::verify::{Goal, Verify};
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

    /// Goes to a node. Whoever is to be recorded hears of it before the first thing that is said in their language.
    pub(super) fn enter(&mut self, id: NodeId, now: Mono) -> Turn {
        let mut turn = self.open(id, now);
        if turn.leave.is_none() && self.dialogue.is_none() && self.parting.is_none() {
            turn.say.splice(0..0, self.recording_notice());
        }
        turn
    }

    fn open(&mut self, id: NodeId, now: Mono) -> Turn {
        if let Some(Dialogue::Verify(verify)) = &self.dialogue {
            self.codes = verify.codes();
        }
        if let Some(Dialogue::Act(act)) = &self.dialogue {
            self.codes = act.codes();
        }
        if let Some(Dialogue::Refund(refund)) = &self.dialogue {
            self.codes = refund.codes();
        }
        if let Some(Dialogue::Pass(pass)) = &self.dialogue {
            self.passes = pass.tries();
        }
        (self.wrong, self.silent, self.parting, self.dialogue) = (0, 0, None, None);
        if let Some(next) = self.passed_over(&id) {
            return self.enter(next, now);
        }
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
                    _ => say.extend(self.language_question(prompt)),
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
            Some(Node::Say { prompt, closed, then }) => Turn { say: self.said(prompt, closed.as_ref(), then), ..Turn::default() },
            Some(Node::Notice { .. }) => Turn { say: self.lines(&self.doors.notice()), ..Turn::default() },
            Some(Node::Callback { .. }) => {
                let (callback, opening) = self.callback();
                self.begin((Dialogue::Callback(callback), opening), now)
            }
            Some(Node::Times { .. }) => Turn { say: self.times(), ..Turn::default() },
            Some(Node::Verify { without, .. }) if !(self.setting.connected && self.setting.verifies) => {
                self.enter(without.clone(), now)
            }
            Some(Node::Freeze { without, .. } | Node::Act { without, .. }) if !self.setting.connected => {
                self.enter(without.clone(), now)
            }
            Some(Node::Verify { then, level, .. }) if self.level >= *level => self.enter(then.clone(), now),
            Some(Node::Verify { .. }) if self.codes.are_over() => self.lead(To::Person, now),
            Some(Node::Verify { level, .. }) => {
                let goal = Goal { level: *level, second: self.setting.second };
                let (verify, opening) = Verify::new(goal, self.level, tries_max, self.codes);
                self.begin((Dialogue::Verify(verify), opening), now)
            }
            Some(Node::Status { .. }) => {
                let (status, opening) = match self.transaction.take() {
                    Some(id) => Status::about(id, tries_max),
                    None => Status::new(tries_max),
                };
                self.begin((Dialogue::Status(status), opening), now)
            }
            Some(Node::Refund { .. }) => {
                let (refund, opening) = self.refund(tries_max);
                self.begin((Dialogue::Refund(refund), opening), now)
            }
            Some(Node::Freeze { .. }) => {
                self.service = Some(Service::Freeze);
                let (freeze, opening) = Freeze::new(self.setting.shows_number, tries_max);
                self.begin((Dialogue::Freeze(freeze), opening), now)
            }
            Some(Node::Act { act, .. }) => {
                let (act, opening) = Act::new(*act, self.level, self.setting.second, tries_max, self.codes);
                self.begin((Dialogue::Act(act), opening), now)
            }
            Some(Node::Queue { queue, service, priority }) => {
                self.service = service.or(self.service);
                if let Some(callback) = self.kept_out(&flow) {
                    self.kept_from = Some(self.node.clone());
                    return self.enter(callback, now);
                }
                Turn { leave: Some(Leave::Queue { queue: queue.clone(), priority: *priority }), ..Turn::default() }
            }
            None if self.node == flow.person => Turn { leave: Some(Leave::Nowhere), ..Turn::default() },
            None => self.enter(flow.person.clone(), now),
        }
    }

    /// The dialogue about money back, with what can be shown in it.
    fn refund(&mut self, tries_max: u8) -> (Refund, Move) {
        let factor = Factor { have: self.level, asks: self.setting.second, codes: self.codes };
        match self.transaction.take() {
            Some(id) => Refund::about(id, factor, tries_max),
            None => Refund::new(factor, tries_max),
        }
    }

    /// The question for the language, and where passes are taken a word about them.
    fn language_question(&self, prompt: &PromptId) -> Vec<Saying> {
        let mut say = self.in_tongues(prompt);
        if self.takes_passes() {
            say.extend(self.lines(&[Line::plain(phrases::PASS_OFFER)]));
        }
        say
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
            Some(Node::Language { prompt, .. }) => self.language_question(prompt),
            Some(Node::Menu { prompt, .. }) => self.in_tongues(prompt),
            Some(Node::Say { prompt, closed, then }) => self.said(prompt, closed.as_ref(), then),
            Some(Node::Times { .. }) => self.times(),
            Some(Node::Notice { .. }) => self.lines(&self.doors.notice()),
            Some(Node::Verify { .. } | Node::Status { .. } | Node::Refund { .. }) => Vec::new(),
            Some(Node::Freeze { .. } | Node::Act { .. } | Node::Callback { .. } | Node::Queue { .. }) | None => Vec::new(),
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
                Some(Node::Say { then, .. } | Node::Times { then } | Node::Notice { then }) => ahead = then,
                Some(Node::Menu { keys, .. }) => {
                    let Some(next) = Key::new(digit).and_then(|key| keys.get(&key)) else { break };
                    self.enter(ahead.clone(), now);
                    return self.go(next.clone(), now);
                }
                Some(Node::Language { .. } | Node::Verify { .. } | Node::Status { .. } | Node::Refund { .. }) => break,
                Some(Node::Freeze { .. } | Node::Act { .. } | Node::Callback { .. } | Node::Queue { .. }) | None => break,
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
        let flow = Arc::clone(&self.flow);
        self.part_for(self.person(&flow))
    }

    pub(super) fn person(&self, flow: &Flow) -> NodeId {
        let named = |id: &NodeId| match flow.nodes.get(id) {
            Some(Node::Menu { person, .. }) => person.clone(),
            _ => None,
        };
        let menu = if self.in_menu() { Some(&self.node) } else { self.back.last() };
        menu.and_then(named).unwrap_or_else(|| flow.person.clone())
    }

    /// The main menu, or the question for the language while that is open. Who comes back has heard how the line stands.
    pub(super) fn home(&self) -> NodeId {
        match self.flow.nodes.get(&self.flow.start) {
            Some(Node::Language { .. }) if self.chosen.is_none() => self.flow.start.clone(),
            _ => self.flow.main().clone(),
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

    /// The caller is asked for a language.
    pub(super) fn asks_language(&self) -> bool {
        self.chosen.is_none() && matches!(self.flow.nodes.get(&self.node), Some(Node::Language { .. }))
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
