//! The dialogue of a request to be called back: when nobody is there, or instead of a long wait. Whose number, is it right, and the
//! reference. It promises no hour; who calls back and when is not decided here.

use super::dialogue::{Answer, Ask, Line, Move, Number, To, Tries, Waits};
use super::entry::{Entry, Keyed};
use super::phrases;
use super::prompt::Spoken;
use super::run::Setting;
use crate::kernel::pii::Pii;

#[derive(Debug)]
pub(super) struct Callback {
    phase: Phase,
    entry: Entry,
    /// A number was shown with the call.
    shows_number: bool,
    /// A text message can reach the number.
    texts: bool,
    /// Somebody is there: whoever would rather wait may.
    may_wait: bool,
    tries: Tries,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    /// Called back, or wait?
    Choice,
    /// The calling number, or another one?
    Which,
    /// Another number is keyed.
    Number,
    Asking,
    Confirm(Pii<String>),
    Taking,
}

impl Callback {
    /// `reason`: what is said first, why a call back is offered.
    pub(super) fn new(reason: Vec<Line>, may_wait: bool, setting: &Setting) -> (Self, Move) {
        let phase = if may_wait { Phase::Choice } else { Phase::Which };
        let (shows_number, texts) = (setting.shows_number, setting.verifies);
        let tries = Tries::new(setting.patience.tries_max);
        let callback = Self { phase, entry: Entry::default(), shows_number, texts, may_wait, tries };
        let mut opening = callback.question();
        opening.say.splice(0..0, reason);
        (callback, opening)
    }

    pub(super) const fn waits(&self) -> Waits {
        match self.phase {
            Phase::Choice | Phase::Which | Phase::Number | Phase::Confirm(_) => Waits::Key,
            Phase::Asking | Phase::Taking => Waits::Answer,
        }
    }

    pub(super) fn key(&mut self, digit: char) -> Move {
        match &self.phase {
            Phase::Number => {
                let keyed = self.entry.key(digit);
                self.keyed(keyed)
            }
            Phase::Choice => match digit {
                '1' => {
                    self.phase = Phase::Which;
                    self.question()
                }
                '2' | '0' => Move::go(To::Wait),
                '9' => Move::go(To::Freeze),
                '#' => Move::go(To::Back),
                '*' => self.question(),
                _ => self.wrong(phrases::MENU_WRONG),
            }
            .keyed(digit),
            Phase::Which => match digit {
                '1' if self.shows_number => {
                    self.phase = Phase::Asking;
                    Move::ask(Ask::Reach(Number::Own))
                }
                '1' | '2' => {
                    self.phase = Phase::Number;
                    self.question()
                }
                '9' => Move::go(To::Freeze),
                '#' => Move::go(To::Back),
                '*' | '0' => self.question(),
                _ => self.wrong(phrases::MENU_WRONG),
            }
            .keyed(digit),
            Phase::Confirm(number) => match digit {
                '1' => {
                    let number = number.clone();
                    self.phase = Phase::Taking;
                    Move::ask(Ask::Callback(number))
                }
                '9' => Move::go(To::Freeze),
                '2' | '#' => {
                    self.phase = Phase::Number;
                    self.question()
                }
                '*' | '0' => self.question(),
                _ => self.wrong(phrases::MENU_WRONG),
            }
            .keyed(digit),
            Phase::Asking | Phase::Taking => Move::default(),
        }
    }

    pub(super) fn silence(&mut self) -> Move {
        match self.phase {
            Phase::Number => {
                let keyed = self.entry.end();
                self.keyed(keyed)
            }
            // Where nobody is there, silence leads nowhere: a line that nobody uses is not held for ever.
            Phase::Choice | Phase::Which | Phase::Confirm(_) if self.tries.wrong() => {
                Move::go(if self.may_wait { To::Wait } else { To::End })
            }
            Phase::Choice | Phase::Which | Phase::Confirm(_) => self.question(),
            Phase::Asking | Phase::Taking => Move::default(),
        }
    }

    fn keyed(&mut self, keyed: Keyed) -> Move {
        match keyed {
            Keyed::More => Move::default(),
            Keyed::Home => Move::go(To::Home).keyed("**"),
            Keyed::Cleared => self.question().keyed("*"),
            Keyed::Done(digits) => {
                self.phase = Phase::Asking;
                if digits.is_empty() {
                    return Move::ask(Ask::Reach(Number::Own)).keyed("#");
                }
                let number = Pii::new(digits);
                let shown = number.mask_number();
                Move::ask(Ask::Reach(Number::Keyed(number))).keyed(shown)
            }
        }
    }

    pub(super) fn answer(&mut self, answer: Answer) -> Move {
        match (&self.phase, answer) {
            (Phase::Asking, Answer::Reached(number)) => {
                self.phase = Phase::Confirm(number);
                self.question()
            }
            (Phase::Asking, Answer::NotANumber) => {
                self.phase = Phase::Number;
                self.wrong(phrases::VERIFY_PHONE_WRONG)
            }
            (Phase::Taking, Answer::CallbackTaken { reference }) => {
                let line = Line { prompt: phrases::CALLBACK_TAKEN, values: vec![("reference", Spoken::Id(reference))] };
                let texted = self.texts.then(|| Line::plain(phrases::CALLBACK_TEXTED));
                Move { say: [line].into_iter().chain(texted).collect(), to: Some(To::Then), ..Move::default() }
            }
            (Phase::Asking | Phase::Taking, _) => Move::say(phrases::CALLBACK_FAILED).then(self.without()),
            (Phase::Choice | Phase::Which | Phase::Number | Phase::Confirm(_), _) => Move::default(),
        }
    }

    fn question(&self) -> Move {
        match &self.phase {
            Phase::Choice => Move::say(phrases::CALLBACK_CHOICE),
            Phase::Confirm(number) => {
                let line = Line { prompt: phrases::CALLBACK_CONFIRM, values: vec![("number", Spoken::Phone(number.clone()))] };
                Move { say: vec![line], ..Move::default() }
            }
            Phase::Which if self.shows_number => Move::say(phrases::CALLBACK_OWN),
            Phase::Which => Move::say(phrases::CALLBACK_OFFER),
            Phase::Number | Phase::Asking | Phase::Taking => Move::say(phrases::CALLBACK_NUMBER),
        }
    }

    /// Three wrong answers: whoever cannot key it waits for a person where there is one.
    fn wrong(&mut self, prompt: &'static str) -> Move {
        if !self.tries.wrong() {
            return self.question().after(prompt);
        }
        if self.may_wait { Move::go(To::Wait) } else { Move::say(phrases::CALLBACK_FAILED).then(To::Then) }
    }

    /// Where it goes on when no request was taken.
    const fn without(&self) -> To {
        if self.may_wait { To::Wait } else { To::Then }
    }
}
