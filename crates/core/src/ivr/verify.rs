//! The dialogue that verifies a caller: whose number, a code sent to it, the code keyed. What is said is the same whether or not an
//! account is there, a code was sent, or the code could ever have been right.

use super::dialogue::{Answer, Ask, Move, Number, To, Tries, Waits};
use super::entry::{Entry, Keyed};
use super::phrases;
use crate::kernel::pii::Pii;

/// Shown in the record in place of a code.
const MASK: &str = "••••••";

/// Keyed in place of a code, it asks for another one: no code is as short.
const ANOTHER: &str = "0";

/// Further codes that one dialogue asks for. How many are sent is bounded elsewhere, and sounds the same.
const ANOTHERS_MAX: u8 = 3;

#[derive(Debug)]
pub(super) struct Verify {
    phase: Phase,
    entry: Entry,
    /// Whose number the last code was asked for.
    whose: Option<Number>,
    /// Further codes that were asked for.
    anothers: u8,
    /// Of the number.
    numbers: Tries,
    /// Of the code, over the whole contact.
    codes: Tries,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Number,
    Sending,
    Code,
    Checking,
}

impl Verify {
    /// The code is being keyed, or looked at.
    pub(super) const fn collects_code(&self) -> bool {
        match self.phase {
            Phase::Code | Phase::Checking => true,
            Phase::Number | Phase::Sending => false,
        }
    }

    /// `codes`: the tries of a code that this contact has left.
    pub(super) fn new(tries_max: u8, codes: Tries) -> (Self, Move) {
        let numbers = Tries::new(tries_max);
        let verify = Self { phase: Phase::Number, entry: Entry::default(), whose: None, anothers: 0, numbers, codes };
        (verify, Move::say(phrases::VERIFY_PHONE))
    }

    /// Tries of a code that are left.
    pub(super) const fn codes(&self) -> Tries {
        self.codes
    }

    pub(super) const fn waits(&self) -> Waits {
        match self.phase {
            Phase::Number | Phase::Code => Waits::Key,
            Phase::Sending | Phase::Checking => Waits::Answer,
        }
    }

    pub(super) fn key(&mut self, digit: char) -> Move {
        match self.phase {
            Phase::Number | Phase::Code => {
                let keyed = self.entry.key(digit);
                self.keyed(keyed)
            }
            // What is keyed ahead of the question answers nothing.
            Phase::Sending | Phase::Checking => Move::default(),
        }
    }

    pub(super) fn silence(&mut self) -> Move {
        match self.phase {
            Phase::Number | Phase::Code => {
                let keyed = self.entry.end();
                self.keyed(keyed)
            }
            Phase::Sending | Phase::Checking => Move::default(),
        }
    }

    fn keyed(&mut self, keyed: Keyed) -> Move {
        match (keyed, self.phase) {
            (Keyed::More, _) => Move::default(),
            (Keyed::Home, _) => Move::go(To::Home).keyed("**"),
            (Keyed::Cleared, Phase::Number) => Move::say(phrases::VERIFY_PHONE).keyed("*"),
            (Keyed::Cleared, _) => Move::say(phrases::VERIFY_CODE_AGAIN).keyed("*"),
            (Keyed::Done(digits), Phase::Number) => {
                self.phase = Phase::Sending;
                let (whose, shown) = if digits.is_empty() {
                    (Number::Own, "#".to_owned())
                } else {
                    let number = Pii::new(digits);
                    let shown = number.mask_number();
                    (Number::Keyed(number), shown)
                };
                self.whose = Some(whose.clone());
                Move::ask(Ask::SendCode(whose)).keyed(shown)
            }
            (Keyed::Done(digits), Phase::Code) if digits == ANOTHER => self.another(),
            (Keyed::Done(digits), _) if digits.is_empty() => self.wrong_code().keyed("#"),
            (Keyed::Done(digits), _) => {
                self.phase = Phase::Checking;
                Move::ask(Ask::CheckCode(Pii::new(digits))).keyed(MASK)
            }
        }
    }

    /// Another code to the same number; after a few the words alone.
    fn another(&mut self) -> Move {
        match self.whose.clone().filter(|_| self.anothers < ANOTHERS_MAX) {
            Some(whose) => {
                self.anothers += 1;
                self.phase = Phase::Sending;
                Move::ask(Ask::SendCode(whose)).keyed("0#")
            }
            None => Move::say(phrases::VERIFY_CODE_AGAIN).keyed("0#"),
        }
    }

    pub(super) fn answer(&mut self, answer: Answer) -> Move {
        match (self.phase, answer) {
            (Phase::Sending, Answer::Claimed { .. }) => {
                self.phase = Phase::Code;
                Move::say(phrases::VERIFY_CODE)
            }
            (Phase::Sending, Answer::NotANumber) => self.wrong_number(),
            (Phase::Checking, Answer::CodeRight) => Move::say(phrases::VERIFY_DONE).then(To::Then),
            (Phase::Checking, Answer::CodeWrong) => self.wrong_code(),
            (Phase::Number | Phase::Code, _) => Move::default(),
            (Phase::Sending | Phase::Checking, _) => Move::go(To::Person),
        }
    }

    fn wrong_number(&mut self) -> Move {
        self.phase = Phase::Number;
        if self.numbers.wrong() {
            return Move::go(To::Person);
        }
        Move::say(phrases::VERIFY_PHONE).after(phrases::VERIFY_PHONE_WRONG)
    }

    fn wrong_code(&mut self) -> Move {
        self.phase = Phase::Code;
        if self.codes.wrong() { Move::go(To::Person) } else { Move::say(phrases::VERIFY_CODE_WRONG) }
    }
}
