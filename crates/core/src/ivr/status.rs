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
    Told(Said),
    Texting(Said),
    Watching(Said),
}

/// What was said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    lines: Vec<Line>,
    /// It is on its way, and nobody watches it yet.
    may_watch: bool,
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
            Phase::Asking | Phase::Texting(_) | Phase::Watching(_) => Waits::Answer,
        }
    }

    pub(super) fn key(&mut self, digit: char) -> Move {
        match &self.phase {
            Phase::Number => {
                let keyed = self.entry.key(digit);
                self.keyed(keyed)
            }
            Phase::Told(said) => match digit {
                '1' => {
                    (self.phase, self.tries) = (Phase::Number, Tries::new(self.tries_max));
                    Move::say(phrases::STATUS_ID)
                }
                '2' => {
                    self.phase = Phase::Texting(said.clone());
                    Move::ask(Ask::TextStatus)
                }
                '3' if said.may_watch => {
                    self.phase = Phase::Watching(said.clone());
                    Move::ask(Ask::Watch)
                }
                '0' => Move::go(To::Person),
                '9' => Move::go(To::Freeze),
                '#' => Move::go(To::Back),
                '*' => said.again(),
                _ => {
                    let again = said.again();
                    if self.tries.wrong() { Move::go(To::Person) } else { again.after(phrases::MENU_WRONG) }
                }
            }
            .keyed(digit),
            Phase::Asking | Phase::Texting(_) | Phase::Watching(_) => Move::default(),
        }
    }

    pub(super) fn silence(&mut self) -> Move {
        match &self.phase {
            Phase::Number => {
                let keyed = self.entry.end();
                self.keyed(keyed)
            }
            Phase::Told(_) if self.tries.wrong() => Move::go(To::Person),
            Phase::Told(said) => said.menu(),
            Phase::Asking | Phase::Texting(_) | Phase::Watching(_) => Move::default(),
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
                let said = Said { may_watch: is_on_its_way(&said.standing), lines: lines(*said) };
                let told = said.again();
                self.phase = Phase::Told(said);
                self.tries = Tries::new(self.tries_max);
                told
            }
            (Phase::Asking, Answer::NotFound) => self.not_one(phrases::STATUS_NOT_FOUND),
            (Phase::Asking, Answer::Several) => self.not_one(phrases::STATUS_SEVERAL),
            (Phase::Texting(said), Answer::Texted) => {
                let menu = said.menu().after(phrases::STATUS_TEXTED);
                self.phase = Phase::Told(said.clone());
                menu
            }
            (Phase::Watching(said), Answer::Watched) => {
                let said = Said { may_watch: false, ..said.clone() };
                let menu = said.menu().after(phrases::STATUS_WATCHED);
                self.phase = Phase::Told(said);
                menu
            }
            (Phase::Asking | Phase::Texting(_) | Phase::Watching(_), _) => {
                Move::say(phrases::STATUS_UNAVAILABLE).then(To::Person)
            }
            (Phase::Number | Phase::Told(_), _) => Move::default(),
        }
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

impl Said {
    /// The answer, and what can be done next.
    fn again(&self) -> Move {
        let menu = self.menu();
        Move { say: self.lines.iter().cloned().chain(menu.say).collect(), ..Move::default() }
    }

    /// What can be done next.
    fn menu(&self) -> Move {
        let watch = self.may_watch.then_some(phrases::STATUS_WATCH);
        Move { say: watch.into_iter().chain([phrases::STATUS_MENU]).map(Line::plain).collect(), ..Move::default() }
    }
}

/// What moves yet can be watched: what is overdue has its case, and what has ended does not move.
const fn is_on_its_way(standing: &TransactionStanding) -> bool {
    match standing {
        TransactionStanding::OnTime { .. } | TransactionStanding::Late { .. } | TransactionStanding::Unknown => true,
        TransactionStanding::Completed
        | TransactionStanding::Overdue
        | TransactionStanding::RefundDue { .. }
        | TransactionStanding::Failed
        | TransactionStanding::Refunded => false,
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
