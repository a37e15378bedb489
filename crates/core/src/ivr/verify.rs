//! The dialogue that verifies a caller: whose number, a code sent to it, the code keyed, and where more is needed a code of the wallet's
//! second factor. What is said is the same whether or not an account is there, a code was sent, a second factor is enrolled, or the code
//! could ever have been right.

use super::dialogue::{Answer, Ask, Move, Number, To, Tries, Waits};
use super::entry::{Entry, Keyed};
use super::phrases;
use crate::kernel::{assurance::Level, pii::Pii};

/// Shown in the record in place of a code.
const MASK: &str = "••••••";

/// Keyed in place of a code, it asks for another one: no code is as short.
const ANOTHER: &str = "0";

/// Further codes that one dialogue asks for. How many are sent is bounded elsewhere, and sounds the same.
const ANOTHERS_MAX: u8 = 3;

#[derive(Debug)]
pub(super) struct Verify {
    phase: Phase,
    goal: Goal,
    entry: Entry,
    /// Whose number the last code was asked for.
    whose: Option<Number>,
    /// Further codes that were asked for.
    anothers: u8,
    /// Of the number.
    numbers: Tries,
    /// Of a code, over the whole contact.
    codes: Tries,
}

/// What the caller is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Goal {
    /// The level that is needed.
    pub(super) level: Level,
    /// The wallet can be asked about its second factor.
    pub(super) second: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Number,
    Sending,
    Code,
    Checking,
    Second,
    CheckingSecond,
}

impl Phase {
    const fn waits(self) -> Waits {
        match self {
            Self::Number | Self::Code | Self::Second => Waits::Key,
            Self::Sending | Self::Checking | Self::CheckingSecond => Waits::Answer,
        }
    }
}

impl Verify {
    /// A code is being keyed, or looked at.
    pub(super) const fn collects_code(&self) -> bool {
        match self.phase {
            Phase::Code | Phase::Checking | Phase::Second | Phase::CheckingSecond => true,
            Phase::Number | Phase::Sending => false,
        }
    }

    /// `codes`: the tries of a code that this contact has left; `have`: what it has shown before.
    pub(super) fn new(goal: Goal, have: Level, tries_max: u8, codes: Tries) -> (Self, Move) {
        let numbers = Tries::new(tries_max);
        let begun = |phase| Self { phase, goal, entry: Entry::default(), whose: None, anothers: 0, numbers, codes };
        if have < Level::A2 {
            return (begun(Phase::Number), Move::say(phrases::VERIFY_PHONE));
        }
        let opening = if goal.second { Move::say(phrases::VERIFY_SECOND) } else { Move::go(To::Person) };
        (begun(Phase::Second), opening)
    }

    /// Tries of a code that are left.
    pub(super) const fn codes(&self) -> Tries {
        self.codes
    }

    pub(super) const fn waits(&self) -> Waits {
        self.phase.waits()
    }

    pub(super) fn key(&mut self, digit: char) -> Move {
        match self.phase.waits() {
            Waits::Key => {
                let keyed = self.entry.key(digit);
                self.keyed(keyed)
            }
            // What is keyed ahead of the question answers nothing.
            Waits::Answer => Move::default(),
        }
    }

    pub(super) fn silence(&mut self) -> Move {
        match self.phase.waits() {
            Waits::Key => {
                let keyed = self.entry.end();
                self.keyed(keyed)
            }
            Waits::Answer => Move::default(),
        }
    }

    fn keyed(&mut self, keyed: Keyed) -> Move {
        match (keyed, self.phase) {
            (Keyed::More, _) => Move::default(),
            (Keyed::Home, _) => Move::go(To::Home).keyed("**"),
            (Keyed::Cleared, Phase::Number) => Move::say(phrases::VERIFY_PHONE).keyed("*"),
            (Keyed::Cleared, Phase::Second | Phase::CheckingSecond) => Move::say(phrases::VERIFY_SECOND_AGAIN).keyed("*"),
            (Keyed::Cleared, Phase::Sending | Phase::Code | Phase::Checking) => Move::say(phrases::VERIFY_CODE_AGAIN).keyed("*"),
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
            (Keyed::Done(digits), Phase::Second | Phase::CheckingSecond) => {
                self.phase = Phase::CheckingSecond;
                Move::ask(Ask::CheckSecond(Pii::new(digits))).keyed(MASK)
            }
            (Keyed::Done(digits), Phase::Sending | Phase::Code | Phase::Checking) => {
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
            // The same customer has shown enough in this contact before.
            (Phase::Sending, Answer::Claimed { level }) if level >= self.goal.level => Move::go(To::Then),
            (Phase::Sending, Answer::Claimed { level }) if level >= Level::A2 => self.second(),
            (Phase::Sending, Answer::Claimed { .. }) => {
                self.phase = Phase::Code;
                Move::say(phrases::VERIFY_CODE)
            }
            (Phase::Sending, Answer::NotANumber) => self.wrong_number(),
            (Phase::Checking | Phase::CheckingSecond, Answer::CodeRight { level }) if level >= self.goal.level => {
                Move::say(phrases::VERIFY_DONE).then(To::Then)
            }
            (Phase::Checking, Answer::CodeRight { .. }) => self.second(),
            (Phase::Checking | Phase::CheckingSecond, Answer::CodeWrong) => self.wrong_code(),
            (Phase::Number | Phase::Code | Phase::Second, _) => Move::default(),
            (Phase::Sending | Phase::Checking | Phase::CheckingSecond, _) => Move::go(To::Person),
        }
    }

    /// One factor was shown, and more is needed.
    fn second(&mut self) -> Move {
        if !self.goal.second {
            return Move::say(phrases::VERIFY_DONE).then(To::Person);
        }
        self.phase = Phase::Second;
        Move::say(phrases::VERIFY_SECOND)
    }

    fn wrong_number(&mut self) -> Move {
        self.phase = Phase::Number;
        if self.numbers.wrong() {
            return Move::go(To::Person);
        }
        Move::say(phrases::VERIFY_PHONE).after(phrases::VERIFY_PHONE_WRONG)
    }

    fn wrong_code(&mut self) -> Move {
        self.phase = match self.phase {
            Phase::Second | Phase::CheckingSecond => Phase::Second,
            Phase::Number | Phase::Sending | Phase::Code | Phase::Checking => Phase::Code,
        };
        if self.codes.wrong() { Move::go(To::Person) } else { Move::say(phrases::VERIFY_CODE_WRONG) }
    }
}
