//! A call pass within the run of a flow: where keying one begins, and how a caller whose pass is good skips the menus. It knows no
//! pass but what came back of it.

use super::{Run, Turn};
use crate::ivr::dialogue::{Dialogue, Line, PassTaken, To};
use crate::ivr::flow::{Node, NodeId};
use crate::ivr::pass::Pass;
use crate::ivr::phrases;
use crate::kernel::{pii::Pii, time::Mono};
use crate::pass::Topic;

impl Run {
    /// The key may begin a pass here: the language is asked for, and the flow knows where topics lead.
    pub(super) fn begins_pass(&self, digit: char) -> bool {
        self.takes_passes() && matches!(digit, '3'..='8')
    }

    pub(super) fn takes_passes(&self) -> bool {
        !self.flow.topics.is_empty()
    }

    /// The first digit of a pass was keyed.
    pub(super) fn key_pass(&mut self, digit: char, now: Mono) -> Turn {
        if self.passes.are_over() {
            return self.lead(To::Person, now).with_key(digit);
        }
        let (pass, opening) = Pass::begun(digit, self.passes);
        self.begin((Dialogue::Pass(pass), opening), now)
    }

    /// The call brought a pass with it: whoever calls is greeted, and asked for nothing until the pass is known.
    pub(super) fn carry_pass(&mut self, code: Pii<String>, now: Mono) -> Turn {
        let say = match self.flow.nodes.get(&self.node) {
            Some(Node::Language { greeting, .. }) => self.in_tongues(greeting),
            _ => Vec::new(),
        };
        let (pass, opening) = Pass::carried(code, self.passes);
        Turn { say, ..self.begin((Dialogue::Pass(pass), opening), now) }
    }

    /// The pass is good: one sentence about it, then what its topic leads to, as if the menus had been walked through.
    pub(super) fn take_pass(&mut self, taken: PassTaken, now: Mono) -> Turn {
        let PassTaken { topic, language, transaction } = taken;
        if self.setting.languages.contains(&language) {
            self.chosen = Some(language);
        }
        self.chosen = self.chosen.or_else(|| self.setting.languages.first().copied());
        self.service = Some(topic.service());
        self.transaction = transaction;
        let mut say = self.lines(&[Line::plain(phrases::pass_taken(topic))]);
        self.back = self.menus_above(topic);
        let target = self.flow.topics.get(&topic).cloned().unwrap_or_else(|| self.home());
        let turn = self.enter(target, now);
        if turn.leave.is_some() {
            // Nothing is heard any more once a flow is left: the sentence first.
            self.path.pop();
            self.parting = Some(self.node.clone());
            return Turn { say, ..Turn::default() };
        }
        say.extend(self.recording_notice());
        say.extend(turn.say);
        Turn { say, ..turn }
    }

    /// The main menu and the menu of the topic's service, so that `#` and `0` lead where they would have led.
    fn menus_above(&self, topic: Topic) -> Vec<NodeId> {
        let is_menu = |id: &NodeId| matches!(self.flow.nodes.get(id), Some(Node::Menu { .. }));
        let of_service = |node: &Node| matches!(node, Node::Menu { service, .. } if *service == Some(topic.service()));
        let service = self.flow.nodes.iter().find(|(_, node)| of_service(node)).map(|(id, _)| id.clone());
        [Some(self.home()).filter(is_menu), service].into_iter().flatten().collect()
    }
}
