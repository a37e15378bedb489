//! What a node says, in the language chosen or in each of the line's until one is. It chooses no words: prompts are named by nodes and
//! dialogues.

use super::{Run, Saying, UsualTime};
use crate::ivr::dialogue::Line;
use crate::ivr::flow::PromptId;
use crate::kernel::language::Language;

impl Run {
    /// How long each kind of transaction usually takes, one language after the other.
    pub(super) fn times(&self) -> Vec<Saying> {
        let line = |time: &UsualTime| Line {
            prompt: time.prompt,
            values: vec![("usual", time.usual.clone()), ("late", time.late.clone())],
        };
        let lines: Vec<Line> = self.setting.times.iter().map(line).collect();
        self.lines(&lines)
    }

    pub(super) fn in_tongues(&self, prompt: &PromptId) -> Vec<Saying> {
        let prompt = prompt.for_wallet(&self.setting.wallet);
        let tongues = self.tongues();
        tongues.iter().map(|language| Saying { language: *language, prompt: prompt.clone(), values: Vec::new() }).collect()
    }

    /// Lines in each language in turn, all of one language together.
    pub(super) fn lines(&self, lines: &[Line]) -> Vec<Saying> {
        let saying = |language: Language, line: &Line| Saying {
            language,
            prompt: PromptId(line.prompt.to_owned()),
            values: line.values.clone(),
        };
        self.tongues().iter().flat_map(|language| lines.iter().map(|line| saying(*language, line))).collect()
    }

    pub(super) fn tongues(&self) -> &[Language] {
        self.chosen.as_ref().map_or(self.setting.languages.as_slice(), std::slice::from_ref)
    }
}
