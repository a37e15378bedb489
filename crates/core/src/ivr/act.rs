//! The dialogue of an act on the caller's own account: whose, what they have besides the code, what it does, yes, and one of a few
//! sentences. Whoever may have a second factor is asked for it in the same words, and what an account does not allow is said in the same
//! words whatever the reason: the line tells nobody how an account is protected.

use super::dialogue::{Answer, Ask, Line, Move, Number, To, Tries, Waits};
use super::entry::{Entry, Keyed};
use super::phrases;
use super::prompt::Spoken;
use crate::kernel::{account_act::AccountAct, assurance::Level, pii::Pii};

/// Shown in the record in place of a code.
const MASK: &str = "••••••";

#[derive(Debug)]
pub(super) struct Act {
    act: AccountAct,
    phase: Phase,
    entry: Entry,
    /// Of the number, and of the question whether to go on.
    tries: Tries,
    /// Of a code, over the whole contact.
    codes: Tries,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    /// Whose account, where nobody was verified.
    Number,
    Claiming,
    /// A code of the second factor, where there is one.
    Second,
    Checking,
    Confirm,
    Acting,
    /// On its way; the wallet has not answered yet.
    Taken(String),
}

impl Phase {
    const fn waits(&self) -> Waits {
        match self {
            Self::Number | Self::Second | Self::Confirm => Waits::Key,
            Self::Claiming | Self::Checking | Self::Acting | Self::Taken(_) => Waits::Answer,
        }
    }
}

impl Act {
    /// `have`: what the contact has shown. `second`: the wallet can be asked about a second factor. `codes`: the tries of a code that this
    /// contact has left.
    pub(super) fn new(act: AccountAct, have: Level, second: bool, tries_max: u8, codes: Tries) -> (Self, Move) {
        let phase = match act {
            AccountAct::SendLink => Phase::Number,
            _ if act.is_recovery() && second && have < Level::A3 && !codes.are_over() => Phase::Second,
            _ => Phase::Confirm,
        };
        let begun = Self { act, phase, entry: Entry::default(), tries: Tries::new(tries_max), codes };
        // Only a wallet that knows second factors has a page for passwords.
        let opening = if act == AccountAct::SendLink && !second { Move::go(To::Person) } else { begun.question() };
        (begun, opening)
    }

    /// Tries of a code that are left.
    pub(super) const fn codes(&self) -> Tries {
        self.codes
    }

    pub(super) const fn waits(&self) -> Waits {
        self.phase.waits()
    }

    /// A code is being keyed, or looked at.
    pub(super) const fn collects_code(&self) -> bool {
        matches!(self.phase, Phase::Second | Phase::Checking)
    }

    /// The act with this reference is on its way, and the caller waits to hear of it.
    pub(super) fn waits_for(&self, reference: &str) -> bool {
        matches!(&self.phase, Phase::Taken(taken) if taken == reference)
    }

    pub(super) fn key(&mut self, digit: char) -> Move {
        match self.phase {
            Phase::Number | Phase::Second => {
                let keyed = self.entry.key(digit);
                self.keyed(keyed)
            }
            Phase::Confirm => self.confirm(digit).keyed(digit),
            Phase::Claiming | Phase::Checking | Phase::Acting | Phase::Taken(_) => Move::default(),
        }
    }

    pub(super) fn silence(&mut self) -> Move {
        match self.phase {
            Phase::Number | Phase::Second => {
                let keyed = self.entry.end();
                self.keyed(keyed)
            }
            Phase::Confirm if self.tries.wrong() => Move::go(To::Person),
            Phase::Confirm => self.question(),
            Phase::Claiming | Phase::Checking | Phase::Acting | Phase::Taken(_) => Move::default(),
        }
    }

    fn confirm(&mut self, digit: char) -> Move {
        match digit {
            '1' => {
                self.phase = Phase::Acting;
                Move::ask(Ask::Act(self.act))
            }
            '0' => Move::go(To::Person),
            '9' => Move::go(To::Freeze),
            '#' => Move::go(To::Back),
            '*' => self.question(),
            _ if self.tries.wrong() => Move::go(To::Person),
            _ => self.question().after(phrases::MENU_WRONG),
        }
    }

    fn keyed(&mut self, keyed: Keyed) -> Move {
        match (keyed, self.phase == Phase::Number) {
            (Keyed::More, _) => Move::default(),
            (Keyed::Home, _) => Move::go(To::Home).keyed("**"),
            (Keyed::Cleared, _) => self.question().keyed("*"),
            (Keyed::Done(digits), true) => {
                self.phase = Phase::Claiming;
                if digits.is_empty() {
                    return Move::ask(Ask::Claim(Number::Own)).keyed("#");
                }
                let number = Pii::new(digits);
                let shown = number.mask_number();
                Move::ask(Ask::Claim(Number::Keyed(number))).keyed(shown)
            }
            // Whoever has none goes on with what they showed.
            (Keyed::Done(digits), false) if digits.is_empty() => {
                self.phase = Phase::Confirm;
                self.question().keyed("#")
            }
            (Keyed::Done(digits), false) => {
                self.phase = Phase::Checking;
                Move::ask(Ask::CheckSecond(Pii::new(digits))).keyed(MASK)
            }
        }
    }

    pub(super) fn answer(&mut self, answer: Answer) -> Move {
        match (&self.phase, answer) {
            (Phase::Claiming, Answer::Claimed { .. }) => {
                self.phase = Phase::Acting;
                Move::ask(Ask::Act(self.act))
            }
            (Phase::Claiming, Answer::NotANumber) => {
                self.phase = Phase::Number;
                if self.tries.wrong() { Move::go(To::Person) } else { self.question().after(phrases::VERIFY_PHONE_WRONG) }
            }
            (Phase::Checking, Answer::CodeRight { .. }) => {
                self.phase = Phase::Confirm;
                self.question().after(phrases::VERIFY_DONE)
            }
            (Phase::Checking, Answer::CodeWrong) => {
                self.phase = Phase::Second;
                if self.codes.wrong() { Move::go(To::Person) } else { Move::say(phrases::VERIFY_CODE_WRONG) }
            }
            // A link is told in the same words whether or not there is anybody to send it to, and nobody waits for it.
            (
                Phase::Acting,
                Answer::ActTaken { .. } | Answer::ActDone { .. } | Answer::ActDeclined { .. } | Answer::ActNotYet { .. },
            ) if self.act == AccountAct::SendLink => Move::say(phrases::LINK_SENT).then(To::Then),
            (Phase::Acting, Answer::ActTaken { reference }) => {
                self.phase = Phase::Taken(reference);
                Move::default()
            }
            (Phase::Acting | Phase::Taken(_), Answer::ActDone { reference }) => {
                told(phrases::act_done(self.act), reference, None).then(To::Then)
            }
            (Phase::Acting | Phase::Taken(_), Answer::ActDeclined { reference, unsupported }) => {
                let prompt = match (unsupported, self.act) {
                    (true, _) => phrases::ACT_UNSUPPORTED,
                    (false, AccountAct::CloseAccount) => phrases::ACT_OBSTACLES,
                    (false, _) => phrases::ACT_NEEDS_MORE,
                };
                told(prompt, reference, Some(phrases::MENU_PERSON)).then(To::Person)
            }
            (Phase::Acting | Phase::Taken(_), Answer::ActNotYet { reference }) => not_yet(reference),
            // Waited long enough: what was taken goes on without the caller waiting for it.
            (Phase::Taken(reference), Answer::Unavailable) => not_yet(reference.clone()),
            (Phase::Claiming | Phase::Checking | Phase::Acting, Answer::Unavailable | Answer::PersonNeeded) => {
                Move::go(To::Person)
            }
            _ => Move::default(),
        }
    }

    fn question(&self) -> Move {
        match self.phase {
            Phase::Number | Phase::Claiming => Move::say(phrases::LINK_NUMBER),
            Phase::Second | Phase::Checking => Move::say(phrases::ACT_SECOND),
            Phase::Confirm | Phase::Acting | Phase::Taken(_) => Move::say(phrases::act_confirm(self.act)),
        }
    }
}

fn not_yet(reference: String) -> Move {
    told(phrases::ACT_NOT_YET, reference, Some(phrases::MENU_PERSON)).then(To::Person)
}

fn told(prompt: &'static str, reference: String, then: Option<&'static str>) -> Move {
    let line = Line { prompt, values: vec![("reference", Spoken::Id(reference))] };
    Move { say: [Some(line), then.map(Line::plain)].into_iter().flatten().collect(), ..Move::default() }
}
