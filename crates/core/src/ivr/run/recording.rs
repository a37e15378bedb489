//! What a caller hears of being recorded, and `8` at the main menu, which goes on without. It records nothing: whether the notice was
//! heard to its end, and what follows from that, is decided by who plays it.

use super::{Run, Saying, Turn};
use crate::ivr::dialogue::{Dialogue, Line};
use crate::ivr::flow::Node;
use crate::ivr::phrases;
use crate::kernel::time::Mono;

impl Run {
    /// A code is being keyed, or looked at: it belongs into no recording.
    #[must_use]
    pub fn collects_code(&self) -> bool {
        self.dialogue.as_ref().is_some_and(Dialogue::collects_code)
    }

    /// That the call is recorded, once, as soon as there is a language to say it in.
    pub(super) fn recording_notice(&mut self) -> Vec<Saying> {
        let asks = matches!(self.flow.nodes.get(&self.node), Some(Node::Language { .. }));
        if !self.setting.records || self.noticed || self.chosen.is_none() || asks {
            return Vec::new();
        }
        self.noticed = true;
        self.lines(&[Line::plain(phrases::RECORDING_NOTICE)])
    }

    /// `8` means that here: at the main menu, and while what comes before it is said.
    pub(super) fn may_decline(&self) -> bool {
        let main = self.flow.main();
        let before = |node: &Node| matches!(node, Node::Notice { then } if then == main);
        let here = self.node == *main || self.flow.nodes.get(&self.node).is_some_and(before);
        self.setting.records && self.chosen.is_some() && here
    }

    /// The caller goes on without being recorded.
    pub(super) fn decline(&mut self, now: Mono) -> Turn {
        self.noticed = true;
        let mut say = self.lines(&[Line::plain(phrases::RECORDING_DECLINED)]);
        let main = self.flow.main().clone();
        let turn = self.enter(main, now);
        say.extend(turn.say);
        Turn { say, declined: true, ..turn }
    }
}
