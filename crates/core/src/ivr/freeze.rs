//! The dialogue of an emergency freeze: whose account, what a freeze does, yes, and one of two sentences.

use super::dialogue::{Answer, Ask, Line, Move, Number, To, Tries, Waits};
use super::entry::{Entry, Keyed};
use super::phrases;
use super::prompt::Spoken;
use crate::kernel::pii::Pii;

/// The key that stands for the caller's own number.
const OWN: &str = "1";

#[derive(Debug)]
pub(super) struct Freeze {
    phase: Phase,
    entry: Entry,
    /// A number was shown with the call.
    shows_number: bool,
    tries: Tries,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    Number,
    Claiming,
    Confirm,
    Freezing,
    /// On its way; the wallet has not answered yet.
    Taken(String),
}

impl Freeze {
    pub(super) fn new(shows_number: bool, tries_max: u8) -> (Self, Move) {
        let freeze = Self { phase: Phase::Number, entry: Entry::default(), shows_number, tries: Tries::new(tries_max) };
        let opening = freeze.question();
        (freeze, opening)
    }

    pub(super) const fn waits(&self) -> Waits {
        match self.phase {
            Phase::Number | Phase::Confirm => Waits::Key,
            Phase::Claiming | Phase::Freezing | Phase::Taken(_) => Waits::Answer,
        }
    }

    /// The key for the own number was pressed and nothing yet after it.
    pub(super) fn is_brief(&self) -> bool {
        self.phase == Phase::Number && self.shows_number && self.entry.so_far() == OWN
    }

    /// The freeze with this reference is on its way, and the caller waits to hear of it.
    pub(super) fn waits_for(&self, reference: &str) -> bool {
        matches!(&self.phase, Phase::Taken(taken) if taken == reference)
    }

    pub(super) fn key(&mut self, digit: char) -> Move {
        match &self.phase {
            Phase::Number => {
                let keyed = self.entry.key(digit);
                self.keyed(keyed)
            }
            Phase::Confirm => match digit {
                '1' => {
                    self.phase = Phase::Freezing;
                    Move::ask(Ask::Freeze)
                }
                '0' => Move::go(To::Person),
                '#' => {
                    self.phase = Phase::Number;
                    self.question()
                }
                '*' | '9' => Move::say(phrases::FREEZE_CONFIRM),
                _ if self.tries.wrong() => Move::go(To::Person),
                _ => Move::say(phrases::FREEZE_CONFIRM).after(phrases::MENU_WRONG),
            }
            .keyed(digit),
            Phase::Claiming | Phase::Freezing | Phase::Taken(_) => Move::default(),
        }
    }

    pub(super) fn silence(&mut self) -> Move {
        match self.phase {
            Phase::Number => {
                let keyed = self.entry.end();
                self.keyed(keyed)
            }
            Phase::Confirm => self.wrong(|_| Move::say(phrases::FREEZE_CONFIRM)),
            Phase::Claiming | Phase::Freezing | Phase::Taken(_) => Move::default(),
        }
    }

    fn keyed(&mut self, keyed: Keyed) -> Move {
        match keyed {
            Keyed::More => Move::default(),
            Keyed::Home => Move::go(To::Home).keyed("**"),
            Keyed::Cleared => self.question().keyed("*"),
            Keyed::Done(digits) => {
                self.phase = Phase::Claiming;
                if digits.is_empty() || digits == OWN {
                    let shown = if digits.is_empty() { "#" } else { OWN };
                    return Move::ask(Ask::Claim(Number::Own)).keyed(shown);
                }
                let number = Pii::new(digits);
                let shown = number.mask_number();
                Move::ask(Ask::Claim(Number::Keyed(number))).keyed(shown)
            }
        }
    }

    pub(super) fn answer(&mut self, answer: Answer) -> Move {
        let after_taken = matches!(self.phase, Phase::Freezing | Phase::Taken(_));
        match answer {
            Answer::Claimed { .. } if self.phase == Phase::Claiming => {
                self.phase = Phase::Confirm;
                Move::say(phrases::FREEZE_CONFIRM)
            }
            Answer::NotANumber if self.phase == Phase::Claiming => {
                self.phase = Phase::Number;
                self.wrong(|freeze| freeze.question().after(phrases::VERIFY_PHONE_WRONG))
            }
            Answer::FreezeTaken { reference } if self.phase == Phase::Freezing => {
                self.phase = Phase::Taken(reference);
                Move::default()
            }
            Answer::FreezeDone { reference } if after_taken => sentence(phrases::FREEZE_DONE, reference),
            Answer::FreezeNotYet { reference } if after_taken => sentence(phrases::FREEZE_NOT_YET, reference),
            Answer::PersonNeeded => Move::say(phrases::FREEZE_LIMIT).then(To::Then),
            // Waited long enough: what was taken goes on without the caller waiting for it.
            Answer::Unavailable => match &self.phase {
                Phase::Taken(reference) => sentence(phrases::FREEZE_NOT_YET, reference.clone()),
                _ => Move::say(phrases::FREEZE_LIMIT).then(To::Then),
            },
            _ => Move::default(),
        }
    }

    fn question(&self) -> Move {
        Move::say(if self.shows_number { phrases::FREEZE_OWN } else { phrases::FREEZE_NUMBER })
    }

    fn wrong(&mut self, again: impl FnOnce(&Self) -> Move) -> Move {
        if self.tries.wrong() { Move::go(To::Person) } else { again(self) }
    }
}

fn sentence(prompt: &'static str, reference: String) -> Move {
    let line = Line { prompt, values: vec![("reference", Spoken::Id(reference))] };
    Move { say: vec![line], to: Some(To::Then), ..Move::default() }
}
