//! A caller who asks for a person: whether anybody is there, what is said of it, and the call back that is offered instead. It promises
//! nobody who is not there, and keeps no one from an emergency freeze.

use super::{Run, SKIP_MAX, Saying, Turn};
use crate::call::Service;
use crate::ivr::callback::Callback;
use crate::ivr::dialogue::{Line, Move};
use crate::ivr::doors::LongWait;
use crate::ivr::flow::{Flow, Node, NodeId, PromptId};
use crate::ivr::phrases;

impl Run {
    /// Says that a person follows, or a call back where nobody is there.
    pub(super) fn part_for(&mut self, person: NodeId) -> Turn {
        let word = self.honest(vec![Line::plain(phrases::MENU_PERSON)], &person);
        self.parting = Some(person);
        Turn { say: self.lines(&word), ..Turn::default() }
    }

    /// The same lines without a promise that nobody keeps.
    pub(super) fn honest(&self, mut lines: Vec<Line>, person: &NodeId) -> Vec<Line> {
        if !self.is_staffed(person) {
            for line in &mut lines {
                line.prompt = match line.prompt {
                    phrases::MENU_PERSON => phrases::MENU_CALLBACK,
                    phrases::STATUS_UNAVAILABLE => phrases::STATUS_UNAVAILABLE_CLOSED,
                    other => other,
                };
            }
        }
        lines
    }

    /// What a `say` node says.
    pub(super) fn said(&self, prompt: &PromptId, closed: Option<&PromptId>, then: &NodeId) -> Vec<Saying> {
        let closed = closed.filter(|_| !self.is_staffed(then));
        self.in_tongues(closed.unwrap_or(prompt))
    }

    /// Where a caller goes at once who would hear nothing here.
    pub(super) fn passed_over(&self, id: &NodeId) -> Option<NodeId> {
        match self.flow.nodes.get(id) {
            Some(Node::Notice { then }) if self.doors.notice().is_empty() => Some(then.clone()),
            _ => None,
        }
    }

    /// Where a caller goes who may not join a queue now.
    pub(super) fn kept_out(&self, flow: &Flow) -> Option<NodeId> {
        let callback = flow.callback.as_ref()?;
        let kept = self.doors.away(self.service).is_some() || self.long_wait().is_some();
        kept.then(|| callback.clone())
    }

    /// The offer of a call back, and why it is made.
    pub(super) fn callback(&self) -> (Callback, Move) {
        let away = self.doors.away(self.service);
        let reason = match (away, self.long_wait()) {
            (Some(away), _) => away.lines(),
            (None, Some(wait)) => wait.lines(),
            (None, None) => Vec::new(),
        };
        Callback::new(reason, away.is_none(), &self.setting)
    }

    /// The wait is long, and the caller has not chosen it. Nobody is held up on the way from a freeze.
    fn long_wait(&self) -> Option<LongWait> {
        self.doors.long_wait.filter(|_| !self.stays && self.service != Some(Service::Freeze))
    }

    /// Somebody is there in the queue that a node leads to through sayings. What leads to no queue promises nobody.
    fn is_staffed(&self, node: &NodeId) -> bool {
        let mut at = node;
        for _ in 0..SKIP_MAX {
            match self.flow.nodes.get(at) {
                Some(Node::Say { then, .. } | Node::Times { then } | Node::Notice { then }) => at = then,
                Some(Node::Queue { service, .. }) => {
                    return self.flow.callback.is_none() || self.doors.away(service.or(self.service)).is_none();
                }
                Some(Node::Language { .. } | Node::Menu { .. } | Node::Verify { .. } | Node::Status { .. }) => return true,
                Some(Node::Refund { .. } | Node::Freeze { .. } | Node::Act { .. } | Node::Callback { .. }) | None => return true,
            }
        }
        true
    }
}
