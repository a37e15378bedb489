//! Dialogues within the run of a flow: what one decided is said, asked of the outside or followed to another node, and a question that
//! nobody answers has an end. It never looks into a dialogue: that decides by itself.

use super::{Leave, Run, Turn};
use crate::ivr::dialogue::{Answer, Dialogue, Line, Move, To, Waits};
use crate::ivr::flow::{Node, NodeId};
use crate::ivr::phrases;
use crate::kernel::time::Mono;

impl Run {
    /// A dialogue begins.
    pub(super) fn begin(&mut self, opened: (Dialogue, Move), now: Mono) -> Turn {
        let (dialogue, opening) = opened;
        self.dialogue = Some(dialogue);
        self.follow(opening, now)
    }

    /// Carries out what a dialogue decided.
    pub(super) fn follow(&mut self, step: Move, now: Mono) -> Turn {
        let Move { mut say, ask, keyed, to } = step;
        self.stays |= to == Some(To::Wait);
        if let Some(to @ To::Person) = to {
            say = self.honest(say, &self.target(to));
        }
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
    pub(super) fn lead(&mut self, to: To, now: Mono) -> Turn {
        match to {
            To::Person => {
                let person = self.target(to);
                self.part_for(person)
            }
            To::Back => self.go_back(now),
            To::End => Turn { leave: Some(Leave::Goodbye), ..Turn::default() },
            To::Then | To::Home | To::Freeze | To::Wait => {
                let next = self.target(to);
                self.go(next, now)
            }
        }
    }

    /// The node a dialogue leads to.
    pub(super) fn target(&self, to: To) -> NodeId {
        let flow = &self.flow;
        let node = flow.nodes.get(&self.node);
        match (to, node) {
            (To::Freeze, _) => flow.freeze.clone(),
            (To::Home | To::End, _) => self.home(),
            (To::Back, _) => self.back.last().cloned().unwrap_or_else(|| self.home()),
            (To::Wait, _) => self.kept_from.clone().unwrap_or_else(|| flow.person.clone()),
            (
                To::Then,
                Some(Node::Verify { then, .. } | Node::Freeze { then, .. } | Node::Act { then, .. } | Node::Callback { then }),
            ) => then.clone(),
            (To::Person, Some(Node::Freeze { then, .. })) => then.clone(),
            (To::Person, Some(Node::Verify { person: Some(person), .. })) => person.clone(),
            (
                To::Person,
                Some(
                    Node::Status { person: Some(person) }
                    | Node::Refund { person: Some(person) }
                    | Node::Act { person: Some(person), .. },
                ),
            ) => person.clone(),
            (To::Then | To::Person, _) => flow.person.clone(),
        }
    }

    pub(super) fn dialogue_silence(&mut self, now: Mono) -> Turn {
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
    pub(super) fn answer_due(&self, now: Mono) -> Mono {
        let patience = &self.setting.patience;
        let due = if self.told_to_wait { self.asked.1 + patience.answer_max } else { self.asked.1 + patience.answer_breath };
        due.max(now)
    }
}
