//! What may be dialled. Nothing, until a rule allows it; and where a rule opens a whole range, what in it costs more than a call
//! or is of no known kind still needs a rule that names it in full. A compromised screen must not be able to run up a bill.

use crate::DialRefusal;
use std::str::FromStr;

/// `+86*`: numbers that begin so. `95588`: this number. `!+8616*`: none of these, whatever else is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialRule {
    begins: String,
    /// Ends with `*`.
    open: bool,
    /// Begins with `!`.
    forbids: bool,
}

/// The text is no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write +86* for numbers that begin so, a whole number for itself, and ! in front to refuse")]
pub struct BadRule;

impl FromStr for DialRule {
    type Err = BadRule;

    fn from_str(text: &str) -> Result<Self, BadRule> {
        let (forbids, rest) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let (open, begins) = rest.strip_suffix('*').map_or((false, rest), |begins| (true, begins));
        let digits = begins.strip_prefix('+').unwrap_or(begins);
        let whole = digits.bytes().all(|byte| byte.is_ascii_digit()) && (open || !digits.is_empty());
        if whole { Ok(Self { begins: begins.to_owned(), open, forbids }) } else { Err(BadRule) }
    }
}

impl DialRule {
    fn is_for(&self, number: &str) -> bool {
        if self.open { number.starts_with(&self.begins) } else { number == self.begins }
    }
}

/// What a number is, as far as its price goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberKind {
    /// A call to it costs what a call costs.
    Ordinary,
    /// It costs more, and somebody earns by it.
    Premium,
    /// Its country's numbering plan does not know it.
    Unknown,
}

/// Says what kind of number this is, given in E.164 or as a short code. Asked for every outgoing call.
pub type NumberKinds = Box<dyn Fn(&str) -> NumberKind + Send + Sync>;

/// Whether the rules let a number be dialled.
pub(super) fn check(rules: &[DialRule], number: &str, kinds: &NumberKinds) -> Result<(), DialRefusal> {
    let fitting = || rules.iter().filter(|rule| rule.is_for(number));
    if fitting().any(|rule| rule.forbids) || fitting().next().is_none() {
        return Err(DialRefusal::NotAllowed);
    }
    if fitting().any(|rule| !rule.open) {
        return Ok(());
    }
    match kinds(number) {
        NumberKind::Ordinary => Ok(()),
        NumberKind::Premium => Err(DialRefusal::Premium),
        NumberKind::Unknown => Err(DialRefusal::UnknownKind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_rule_allows_is_dialled() {
        let kinds: NumberKinds = Box::new(|number| match number {
            "+8616812345678" => NumberKind::Premium,
            "95588" | "+86110" => NumberKind::Unknown,
            _ => NumberKind::Ordinary,
        });
        let (allowed, no) = (Ok(()), Err(DialRefusal::NotAllowed));
        let cases = [
            ("", "+8613800138000", no),
            ("+86*", "+8613800138000", allowed),
            ("+86*", "+85291234567", no),
            ("+86*", "8613800138000", no),
            ("+86*", "+8616812345678", Err(DialRefusal::Premium)),
            ("+86*", "+86110", Err(DialRefusal::UnknownKind)),
            ("+86* +8616812345678", "+8616812345678", allowed),
            ("*", "95588", Err(DialRefusal::UnknownKind)),
            ("95588", "95588", allowed),
            ("95588", "955881", no),
            ("+86* !+86138*", "+8613800138000", no),
            ("!+8613900139000 +86*", "+8613900139000", no),
            ("+8613800138000 !+8613800138000", "+8613800138000", no),
        ];
        for (rules, number, expected) in cases {
            let rules: Vec<DialRule> = rules.split_whitespace().map(|rule| rule.parse().unwrap()).collect();
            assert_eq!(check(&rules, number, &kinds), expected, "{rules:?} {number}");
        }
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in ["", "!", "+", "86*1", "+86**", "a*", "+86 1*", "**"] {
            assert_eq!(text.parse::<DialRule>(), Err(BadRule), "{text}");
        }
    }
}
