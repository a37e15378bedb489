//! Digits as they stand in a text: written, in groups, or spelt out as words. It finds them; what they are is judged elsewhere.

/// Digits that belong together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The first character of it.
    pub(super) start: usize,
    /// The character after it.
    pub(super) end: usize,
    /// The digits alone.
    pub(super) digits: String,
    /// In how many groups they are written.
    pub(super) groups: usize,
    /// Digits of the longest group.
    pub(super) longest: usize,
    /// Written in figures, not in words.
    pub(super) is_written: bool,
}

/// One digit and where it stands.
struct Unit {
    start: usize,
    end: usize,
    digit: char,
    is_written: bool,
}

const WORDS: [(&str, char); 12] = [
    ("zero", '0'),
    ("oh", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("niner", '9'),
];

/// All digits of a text, in the order they stand.
pub(super) fn runs(text: &[char]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let (mut at, mut group) = (0, 0);
    while at < text.len() {
        let Some(unit) = unit(text, at) else {
            at += 1;
            continue;
        };
        at = unit.end;
        match runs.last_mut().filter(|run| goes_on(text, run, &unit)) {
            Some(run) => {
                if run.end == unit.start {
                    group += 1;
                } else {
                    (run.groups, group) = (run.groups + 1, 1);
                }
                run.longest = run.longest.max(group);
                run.end = unit.end;
                run.digits.push(unit.digit);
            }
            None => {
                group = 1;
                let Unit { start, end, digit, is_written } = unit;
                runs.push(Run { start, end, digits: digit.to_string(), groups: 1, longest: 1, is_written });
            }
        }
    }
    runs
}

/// The digit that stands here.
fn unit(text: &[char], at: usize) -> Option<Unit> {
    let one = |digit, is_written| Some(Unit { start: at, end: at + 1, digit, is_written });
    match text[at] {
        digit @ '0'..='9' => return one(digit, true),
        '零' | '〇' => return one('0', false),
        '一' | '幺' => return one('1', false),
        '二' | '两' => return one('2', false),
        '三' => return one('3', false),
        '四' => return one('4', false),
        '五' => return one('5', false),
        '六' => return one('6', false),
        '七' => return one('7', false),
        '八' => return one('8', false),
        '九' => return one('9', false),
        _ => {}
    }
    if at > 0 && text[at - 1].is_ascii_alphanumeric() {
        return None;
    }
    let word: String = text[at..].iter().take_while(|c| c.is_ascii_alphabetic()).collect();
    let (_, digit) = WORDS.iter().find(|(name, _)| *name == word)?;
    Some(Unit { start: at, end: at + word.len(), digit: *digit, is_written: false })
}

/// The digit belongs to the run before it: next to it, or after one space or dash. Words may have a comma between them.
fn goes_on(text: &[char], run: &Run, unit: &Unit) -> bool {
    let between = &text[run.end..unit.start];
    if run.is_written != unit.is_written {
        return false;
    }
    match between {
        [] | [' ' | '-'] => true,
        [_] | [_, _] => !unit.is_written && between.iter().all(|c| matches!(c, ' ' | '-' | ',' | '、')),
        _ => false,
    }
}
