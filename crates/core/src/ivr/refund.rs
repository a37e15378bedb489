//! The dialogue about money that goes back: of which transaction, what can go back of it, yes, the second factor, and the reference. It
//! counts no money and knows no limit: what can be asked for, and what came of asking, is told to it.

use super::dialogue::{Answer, Ask, Line, Move, RefundHurdle, RefundOffer, RefundOutcome, RefundTaken, To, Tries, Waits};
use super::entry::{Entry, Keyed};
use super::phrases;
use super::prompt::Spoken;
use crate::kernel::{assurance::Level, pii::Pii, transaction};

/// Shown in the record in place of a code.
const MASK: &str = "••••••";

/// Keyed in place of a code, it goes on without: no code is as short.
const WITHOUT: &str = "0";

#[derive(Debug)]
pub(super) struct Refund {
    phase: Phase,
    entry: Entry,
    factor: Factor,
    tries_max: u8,
    tries: Tries,
}

/// What can be shown here of the second factor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Factor {
    /// The level the contact has come to.
    pub(super) have: Level,
    /// The wallet can be asked about codes of it.
    pub(super) asks: bool,
    /// Tries of a code that this contact has left.
    pub(super) codes: Tries,
}

impl Factor {
    /// It is still to be shown, and can be.
    fn is_asked(self) -> bool {
        self.asks && self.have < Level::A3 && !self.codes.are_over()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    Number,
    Asking,
    /// What can go back was said; is it asked for?
    Offered(Box<RefundOffer>),
    Second(Box<RefundOffer>),
    CheckingSecond(Box<RefundOffer>),
    Requesting,
    /// What came of it was said; what next?
    Told(Vec<Line>),
}

impl Refund {
    pub(super) fn new(factor: Factor, tries_max: u8) -> (Self, Move) {
        let (entry, tries) = (Entry::default(), Tries::new(tries_max));
        (Self { phase: Phase::Number, entry, factor, tries_max, tries }, Move::say(phrases::STATUS_ID))
    }

    /// Asks about a transaction that is known already.
    pub(super) fn about(id: String, factor: Factor, tries_max: u8) -> (Self, Move) {
        let (refund, _) = Self::new(factor, tries_max);
        (Self { phase: Phase::Asking, ..refund }, Move::ask(Ask::Refundable(id)))
    }

    /// Tries of a code that are left.
    pub(super) const fn codes(&self) -> Tries {
        self.factor.codes
    }

    /// A code is being keyed, or looked at.
    pub(super) const fn collects_code(&self) -> bool {
        matches!(self.phase, Phase::Second(_) | Phase::CheckingSecond(_))
    }

    pub(super) const fn waits(&self) -> Waits {
        match self.phase {
            Phase::Number | Phase::Offered(_) | Phase::Second(_) | Phase::Told(_) => Waits::Key,
            Phase::Asking | Phase::CheckingSecond(_) | Phase::Requesting => Waits::Answer,
        }
    }

    pub(super) fn key(&mut self, digit: char) -> Move {
        match self.phase.clone() {
            Phase::Number => {
                let keyed = self.entry.key(digit);
                self.number(keyed)
            }
            Phase::Second(offer) => {
                let keyed = self.entry.key(digit);
                self.second(offer, keyed)
            }
            Phase::Offered(offer) => match digit {
                '1' => self.wanted(offer),
                _ => self.choice(digit, vec![offered(&offer)]),
            }
            .keyed(digit),
            Phase::Told(lines) => match digit {
                '1' => {
                    (self.phase, self.tries) = (Phase::Number, Tries::new(self.tries_max));
                    Move::say(phrases::STATUS_ID)
                }
                _ => self.choice(digit, lines),
            }
            .keyed(digit),
            Phase::Asking | Phase::CheckingSecond(_) | Phase::Requesting => Move::default(),
        }
    }

    /// Keys that do what they do in a menu.
    fn choice(&mut self, digit: char, lines: Vec<Line>) -> Move {
        match digit {
            '0' => Move::go(To::Person),
            '9' => Move::go(To::Freeze),
            '#' => Move::go(To::Back),
            '*' => Move { say: lines, ..Move::default() },
            _ if self.tries.wrong() => Move::go(To::Person),
            _ => Move { say: lines, ..Move::default() }.after(phrases::MENU_WRONG),
        }
    }

    pub(super) fn silence(&mut self) -> Move {
        match self.phase.clone() {
            Phase::Number => {
                let keyed = self.entry.end();
                self.number(keyed)
            }
            Phase::Second(offer) => {
                let keyed = self.entry.end();
                self.second(offer, keyed)
            }
            Phase::Offered(_) | Phase::Told(_) if self.tries.wrong() => Move::go(To::Person),
            Phase::Offered(offer) => Move { say: vec![offered(&offer)], ..Move::default() },
            Phase::Told(_) => Move::say(phrases::REFUND_MENU),
            Phase::Asking | Phase::CheckingSecond(_) | Phase::Requesting => Move::default(),
        }
    }

    fn number(&mut self, keyed: Keyed) -> Move {
        match keyed {
            Keyed::More => Move::default(),
            Keyed::Home => Move::go(To::Home).keyed("**"),
            Keyed::Cleared => Move::say(phrases::STATUS_ID).keyed("*"),
            Keyed::Done(digits) => {
                if transaction::is_number(&digits) {
                    self.phase = Phase::Asking;
                    return Move::ask(Ask::Refundable(digits.clone())).keyed(digits);
                }
                // What is no transaction number may be a phone number.
                let shown = if digits.is_empty() { "#".to_owned() } else { Pii::new(digits).mask_number() };
                self.wrong(phrases::STATUS_ID_WRONG).keyed(shown)
            }
        }
    }

    /// It is asked for: with the second factor where that can be shown, without where not.
    fn wanted(&mut self, offer: Box<RefundOffer>) -> Move {
        if self.factor.is_asked() {
            self.phase = Phase::Second(offer);
            return Move::say(phrases::REFUND_SECOND);
        }
        // What waits for the second factor alone is left as it is where that cannot be shown.
        if offer.waiting.is_some() && self.factor.have < Level::A3 {
            return Move::say(phrases::MENU_PERSON).then(To::Person);
        }
        self.request(&offer)
    }

    fn request(&mut self, offer: &RefundOffer) -> Move {
        self.phase = Phase::Requesting;
        let transaction = offer.transaction.clone();
        Move::ask(if offer.waiting.is_some() { Ask::ShowForRefund(transaction) } else { Ask::Refund(transaction) })
    }

    fn second(&mut self, offer: Box<RefundOffer>, keyed: Keyed) -> Move {
        match keyed {
            Keyed::More => Move::default(),
            Keyed::Home => Move::go(To::Home).keyed("**"),
            Keyed::Cleared => Move::say(phrases::REFUND_SECOND).keyed("*"),
            Keyed::Done(digits) if digits == WITHOUT && offer.waiting.is_some() => self.go_on_later(&offer).keyed("0#"),
            Keyed::Done(digits) if digits == WITHOUT => self.request(&offer).keyed("0#"),
            Keyed::Done(digits) if digits.is_empty() => self.wrong_code(offer).keyed("#"),
            Keyed::Done(digits) => {
                self.phase = Phase::CheckingSecond(offer);
                Move::ask(Ask::CheckSecond(Pii::new(digits))).keyed(MASK)
            }
        }
    }

    /// What was asked for before stays as it is.
    fn go_on_later(&mut self, offer: &RefundOffer) -> Move {
        let reference = offer.waiting.clone().unwrap_or_default();
        self.told(vec![needs_factor(offer.within_s), taken(reference)])
    }

    fn wrong_code(&mut self, offer: Box<RefundOffer>) -> Move {
        self.phase = Phase::Second(offer);
        if self.factor.codes.wrong() { Move::go(To::Person) } else { Move::say(phrases::VERIFY_CODE_WRONG) }
    }

    pub(super) fn answer(&mut self, answer: Answer) -> Move {
        match (self.phase.clone(), answer) {
            (Phase::Asking, Answer::Refundable(offer)) => {
                let line = offered(&offer);
                (self.phase, self.tries) = (Phase::Offered(offer), Tries::new(self.tries_max));
                Move { say: vec![line], ..Move::default() }
            }
            (Phase::Asking, Answer::NotRefundable { tail, hurdle }) => self.told(vec![hindered(tail, hurdle)]),
            (Phase::Asking, Answer::NotFound) => self.not_one(phrases::STATUS_NOT_FOUND),
            (Phase::Asking, Answer::Several) => self.not_one(phrases::STATUS_SEVERAL),
            (Phase::CheckingSecond(offer), Answer::CodeRight { level }) => {
                self.factor.have = level;
                self.request(&offer)
            }
            (Phase::CheckingSecond(offer), Answer::CodeWrong) => self.wrong_code(offer),
            (Phase::Requesting, Answer::RefundTaken(RefundTaken { reference, outcome, within_s, .. })) => {
                let next = match outcome {
                    RefundOutcome::Approved => Line::plain(phrases::REFUND_APPROVED),
                    RefundOutcome::Waits => line(phrases::REFUND_WAITS, [("within", Spoken::Duration(within_s))]),
                    RefundOutcome::NeedsFactor => needs_factor(within_s),
                };
                self.told(vec![taken(reference), next])
            }
            (Phase::Asking | Phase::Requesting, Answer::PersonNeeded) => Move::say(phrases::REFUND_PERSON).then(To::Person),
            (Phase::Asking | Phase::Requesting | Phase::CheckingSecond(_), _) => {
                Move::say(phrases::STATUS_UNAVAILABLE).then(To::Person)
            }
            (Phase::Number | Phase::Offered(_) | Phase::Second(_) | Phase::Told(_), _) => Move::default(),
        }
    }

    fn told(&mut self, mut lines: Vec<Line>) -> Move {
        lines.push(Line::plain(phrases::REFUND_MENU));
        (self.phase, self.tries) = (Phase::Told(lines.clone()), Tries::new(self.tries_max));
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

fn line<const N: usize>(prompt: &'static str, values: [(&'static str, Spoken); N]) -> Line {
    Line { prompt, values: values.into() }
}

fn taken(reference: String) -> Line {
    line(phrases::REFUND_TAKEN, [("reference", Spoken::Id(reference))])
}

fn needs_factor(within_s: u64) -> Line {
    line(phrases::REFUND_NEEDS_FACTOR, [("within", Spoken::Duration(within_s))])
}

/// What can be asked for, or shown for what was asked for before.
fn offered(offer: &RefundOffer) -> Line {
    let transaction = ("transaction", Spoken::Digits(offer.tail.clone()));
    match &offer.waiting {
        Some(reference) => line(phrases::REFUND_WAITING, [transaction, ("reference", Spoken::Id(reference.clone()))]),
        None => {
            let amount = Spoken::Money { minor: offer.minor, currency: offer.currency.clone() };
            line(phrases::REFUND_OFFER, [transaction, ("amount", amount)])
        }
    }
}

fn hindered(tail: String, hurdle: RefundHurdle) -> Line {
    let transaction = ("transaction", Spoken::Digits(tail));
    let prompt = match hurdle {
        RefundHurdle::AskedFor { reference } => {
            return line(phrases::REFUND_ASKED_FOR, [transaction, ("reference", Spoken::Id(reference))]);
        }
        RefundHurdle::NotThePayer => phrases::REFUND_NOT_THE_PAYER,
        RefundHurdle::NotCompleted => phrases::REFUND_NOT_COMPLETED,
        RefundHurdle::Reversed => phrases::REFUND_REVERSED,
        RefundHurdle::NotRefundable => phrases::REFUND_NOT_REFUNDABLE,
    };
    line(prompt, [transaction])
}
