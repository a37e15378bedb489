//! The dialogue about one transaction: its number, where it stands, the answer as a text message, and another one.

use super::dialogue::{Answer, Ask, BasisKind, Line, Move, StatusSaid, To, TransactionStanding, Tries, Waits};
use super::entry::{Entry, Keyed};
use super::phrases;
use super::prompt::Spoken;
use crate::kernel::{pii::Pii, transaction};

#[derive(Debug)]
pub(super) struct Status {
    phase: Phase,
    entry: Entry,
    tries_max: u8,
    tries: Tries,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    Number,
    Asking,
    /// The answer was said; what next?
    Told(Vec<Line>),
    Texting(Vec<Line>),
}

impl Status {
    pub(super) fn new(tries_max: u8) -> (Self, Move) {
        let status = Self { phase: Phase::Number, entry: Entry::default(), tries_max, tries: Tries::new(tries_max) };
        (status, Move::say(phrases::STATUS_ID))
    }

    /// Asks about a transaction that is known already.
    pub(super) fn about(id: String, tries_max: u8) -> (Self, Move) {
        let (status, _) = Self::new(tries_max);
        (Self { phase: Phase::Asking, ..status }, Move::ask(Ask::Status(id)))
    }

    pub(super) const fn waits(&self) -> Waits {
        match self.phase {
            Phase::Number | Phase::Told(_) => Waits::Key,
            Phase::Asking | Phase::Texting(_) => Waits::Answer,
        }
    }

    pub(super) fn key(&mut self, digit: char) -> Move {
        match &self.phase {
            Phase::Number => {
                let keyed = self.entry.key(digit);
                self.keyed(keyed)
            }
            Phase::Told(lines) => match digit {
                '1' => {
                    (self.phase, self.tries) = (Phase::Number, Tries::new(self.tries_max));
                    Move::say(phrases::STATUS_ID)
                }
                '2' => {
                    self.phase = Phase::Texting(lines.clone());
                    Move::ask(Ask::TextStatus)
                }
                '0' => Move::go(To::Person),
                '9' => Move::go(To::Freeze),
                '#' => Move::go(To::Back),
                '*' => Self::told(lines.clone()),
                _ => {
                    let lines = lines.clone();
                    if self.tries.wrong() { Move::go(To::Person) } else { Self::told(lines).after(phrases::MENU_WRONG) }
                }
            }
            .keyed(digit),
            Phase::Asking | Phase::Texting(_) => Move::default(),
        }
    }

    pub(super) fn silence(&mut self) -> Move {
        match &self.phase {
            Phase::Number => {
                let keyed = self.entry.end();
                self.keyed(keyed)
            }
            Phase::Told(_) if self.tries.wrong() => Move::go(To::Person),
            Phase::Told(_) => Move::say(phrases::STATUS_MENU),
            Phase::Asking | Phase::Texting(_) => Move::default(),
        }
    }

    fn keyed(&mut self, keyed: Keyed) -> Move {
        match keyed {
            Keyed::More => Move::default(),
            Keyed::Home => Move::go(To::Home).keyed("**"),
            Keyed::Cleared => Move::say(phrases::STATUS_ID).keyed("*"),
            Keyed::Done(digits) => {
                if transaction::is_number(&digits) {
                    self.phase = Phase::Asking;
                    return Move::ask(Ask::Status(digits.clone())).keyed(digits);
                }
                // What is no transaction number may be a phone number.
                let shown = if digits.is_empty() { "#".to_owned() } else { Pii::new(digits).mask_number() };
                self.wrong(phrases::STATUS_ID_WRONG).keyed(shown)
            }
        }
    }

    pub(super) fn answer(&mut self, answer: Answer) -> Move {
        match (&self.phase, answer) {
            (Phase::Asking, Answer::Status(said)) => {
                let lines = lines(*said);
                self.phase = Phase::Told(lines.clone());
                self.tries = Tries::new(self.tries_max);
                Self::told(lines)
            }
            (Phase::Asking, Answer::NotFound) => self.not_one(phrases::STATUS_NOT_FOUND),
            (Phase::Asking, Answer::Several) => self.not_one(phrases::STATUS_SEVERAL),
            (Phase::Texting(lines), Answer::Texted) => {
                self.phase = Phase::Told(lines.clone());
                Move::say(phrases::STATUS_MENU).after(phrases::STATUS_TEXTED)
            }
            (Phase::Asking | Phase::Texting(_), _) => Move::say(phrases::STATUS_UNAVAILABLE).then(To::Person),
            (Phase::Number | Phase::Told(_), _) => Move::default(),
        }
    }

    fn told(mut lines: Vec<Line>) -> Move {
        lines.push(Line::plain(phrases::STATUS_MENU));
        Move { say: lines, ..Move::default() }
    }

    /// The last answer is an answer too, before the person.
    fn not_one(&mut self, prompt: &'static str) -> Move {
        match self.wrong(prompt) {
            last if last.to.is_some() => Move { say: [prompt, phrases::MENU_PERSON].map(Line::plain).into(), ..last },
            next => next,
        }
    }

    fn wrong(&mut self, prompt: &'static str) -> Move {
        self.phase = Phase::Number;
        if self.tries.wrong() { Move::go(To::Person) } else { Move::say(phrases::STATUS_ID).after(prompt) }
    }
}

/// What is said of it: how it stands, what that rests on, and where it is followed up.
fn lines(said: StatusSaid) -> Vec<Line> {
    let StatusSaid { tail, standing, basis, reference } = said;
    let mut values = vec![("transaction", Spoken::Digits(tail))];
    let prompt = match standing {
        TransactionStanding::Completed => phrases::STATUS_COMPLETED,
        TransactionStanding::OnTime { by } => {
            values.extend([("date", by.date()), ("time", by.time())]);
            phrases::STATUS_ON_TIME
        }
        TransactionStanding::Late { by } => {
            values.extend([("date", by.date()), ("time", by.time())]);
            phrases::STATUS_LATE
        }
        TransactionStanding::Overdue => phrases::STATUS_OVERDUE,
        TransactionStanding::RefundDue { by } => {
            values.push(("date", by.date()));
            phrases::STATUS_REFUND_DUE
        }
        TransactionStanding::Failed => phrases::STATUS_FAILED,
        TransactionStanding::Refunded => phrases::STATUS_REFUNDED,
        TransactionStanding::Unknown => phrases::STATUS_UNKNOWN,
    };
    let basis = basis.map(|basis| match basis {
        BasisKind::Own => phrases::BASIS_OWN,
        BasisKind::Rule => phrases::BASIS_RULE,
        BasisKind::Published => phrases::BASIS_PUBLISHED,
    });
    let case =
        reference.map(|reference| Line { prompt: phrases::STATUS_CASE, values: vec![("reference", Spoken::Id(reference))] });
    [Some(Line { prompt, values }), basis.map(Line::plain), case].into_iter().flatten().collect()
}
