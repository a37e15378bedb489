//! The dialogue of a call pass: six digits keyed in place of a language, or carried by a call from a browser, and what they open.
//! What is said is the same whether a code was never given out or has expired.

use super::dialogue::{Answer, Ask, Move, To, Tries, Waits};
use super::entry::{Entry, Keyed};
use super::phrases;
use crate::kernel::pii::Pii;

/// Digits of a code.
const DIGITS: usize = 6;

/// Shown in the record in place of a code.
const MASK: &str = "••••••";

#[derive(Debug)]
pub(super) struct Pass {
    phase: Phase,
    entry: Entry,
    /// Of the code, over the whole contact.
    tries: Tries,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Code,
    Checking,
}

impl Pass {
    /// A code begins with this digit.
    pub(super) fn begun(first: char, tries: Tries) -> (Self, Move) {
        let mut pass = Self { phase: Phase::Code, entry: Entry::default(), tries };
        let opening = pass.key(first);
        (pass, opening)
    }

    /// The call brought a code with it.
    pub(super) fn carried(code: Pii<String>, tries: Tries) -> (Self, Move) {
        let pass = Self { phase: Phase::Checking, entry: Entry::default(), tries };
        (pass, Move::ask(Ask::TakePass(code)))
    }

    /// Tries of a code that are left.
    pub(super) const fn tries(&self) -> Tries {
        self.tries
    }

    pub(super) const fn waits(&self) -> Waits {
        match self.phase {
            Phase::Code => Waits::Key,
            Phase::Checking => Waits::Answer,
        }
    }

    pub(super) fn key(&mut self, digit: char) -> Move {
        match (self.phase, digit) {
            (Phase::Code, digit) => {
                let keyed = self.entry.key(digit);
                if keyed == Keyed::More && self.entry.so_far().len() == DIGITS {
                    let whole = self.entry.end();
                    return self.keyed(whole);
                }
                self.keyed(keyed)
            }
            // Nobody waits for a pass who needs a freeze or a person.
            (Phase::Checking, '9') => Move::go(To::Freeze).keyed("9"),
            (Phase::Checking, '0') => Move::go(To::Person).keyed("0"),
            (Phase::Checking, _) => Move::default(),
        }
    }

    pub(super) fn silence(&mut self) -> Move {
        match self.phase {
            Phase::Code => {
                let keyed = self.entry.end();
                self.keyed(keyed)
            }
            Phase::Checking => Move::default(),
        }
    }

    fn keyed(&mut self, keyed: Keyed) -> Move {
        match keyed {
            Keyed::More => Move::default(),
            Keyed::Cleared | Keyed::Home => Move::go(To::Home).keyed("*"),
            Keyed::Done(digits) if digits.len() == DIGITS => {
                self.phase = Phase::Checking;
                Move::ask(Ask::TakePass(Pii::new(digits))).keyed(MASK)
            }
            Keyed::Done(_) => self.wrong().keyed(MASK),
        }
    }

    /// What comes back when the pass cannot be used; a pass that can leads on by its topic.
    pub(super) fn answer(&mut self, answer: Answer) -> Move {
        match (self.phase, answer) {
            (Phase::Checking, Answer::NoPass) => self.wrong(),
            (Phase::Checking, _) => Move::say(phrases::PASS_WRONG).then(To::Home),
            (Phase::Code, _) => Move::default(),
        }
    }

    fn wrong(&mut self) -> Move {
        if self.tries.wrong() { Move::go(To::Person) } else { Move::say(phrases::PASS_WRONG).then(To::Home) }
    }
}
