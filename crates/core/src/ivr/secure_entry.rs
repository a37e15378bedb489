//! A code keyed in the middle of a conversation, while nobody hears the customer: sent, keyed, heard again, sent anew, or left for the
//! agent. What is said is the same whether or not an account is there, a code was sent, or the code could ever have been right. It
//! knows no agent and no bridge, and keeps no code once it is handed on.

use super::dialogue::{Answer, Ask, Tries};
use super::entry::{Entry, Keyed};
use super::phrases;
use crate::kernel::{
    assurance::{Factor, Level},
    pii::Pii,
};

/// Shown in the record in place of a code.
const MASK: &str = "••••••";

/// Keyed in place of a code, it asks for another one: no code is as short.
const ANOTHER: &str = "0";

/// A code being keyed in a conversation.
#[derive(Debug)]
pub struct SecureEntry {
    factor: Factor,
    phase: Phase,
    entry: Entry,
    /// Of the code, over the whole contact.
    tries: Tries,
    /// The customer was told what this is.
    told: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// A code is asked for.
    Sending,
    /// The code may be keyed.
    Keying,
    /// What was keyed is looked at.
    Checking,
    /// It is over; last words are said.
    Over,
}

/// What is waited for, once everything is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// An answer of the outside.
    Answer,
    /// The rest of what is being keyed.
    Rest,
    /// The first key.
    Key,
    /// Nothing: it is over.
    Nothing,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The code was right.
    Verified,
    /// Too many wrong ones.
    Failed,
    /// The customer went back to the agent.
    GivenUp,
    /// The code is worth nothing any more.
    Expired,
    /// No phone number can be made of what a code was to be sent to.
    NotANumber,
    /// The outside did not answer.
    Unavailable,
}

/// What follows from a key, an answer or a silence.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Next {
    /// What is said, by prompt.
    pub say: Option<&'static str>,
    /// What the outside is asked.
    pub ask: Option<Asked>,
    /// What was keyed, for the record: masked.
    pub keyed: Option<&'static str>,
    /// A wrong answer that the outside never saw.
    pub void: bool,
    /// It is over.
    pub over: Option<Ending>,
}

/// What the outside is asked.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// Another code, if the last one is old enough.
    Another,
    /// Whether this is right.
    Check(Ask),
}

impl SecureEntry {
    /// A code that is sent, with this many tries left. `sent`: one was a moment ago, and is keyed at once.
    #[must_use]
    pub const fn new(tries: u8, sent: bool) -> Self {
        let phase = if sent { Phase::Keying } else { Phase::Sending };
        Self { factor: Factor::SmsCode, phase, entry: Entry::new(), tries: Tries::new(tries), told: sent }
    }

    /// A code of the wallet's second factor, with this many tries left: nothing is sent, and it is keyed at once.
    #[must_use]
    pub const fn second(tries: u8) -> Self {
        let factor = Factor::SecondFactor;
        Self { factor, phase: Phase::Keying, entry: Entry::new(), tries: Tries::new(tries), told: true }
    }

    /// What is keyed.
    #[must_use]
    pub const fn factor(&self) -> Factor {
        self.factor
    }

    /// What is said first, once there is something to key.
    #[must_use]
    pub fn question(&self) -> &'static str {
        if self.is_second() { phrases::SECURE_SECOND } else { phrases::SECURE_CODE }
    }

    /// What is said to whoever wants to hear more.
    #[must_use]
    pub fn reminder(&self) -> &'static str {
        if self.is_second() { phrases::SECURE_SECOND_AGAIN } else { phrases::SECURE_AGAIN }
    }

    fn is_second(&self) -> bool {
        self.factor == Factor::SecondFactor
    }

    /// Tries of a code that are left.
    #[must_use]
    pub const fn tries_left(&self) -> u8 {
        self.tries.left()
    }

    /// What is waited for.
    #[must_use]
    pub fn waits_for(&self) -> Awaited {
        match self.phase {
            Phase::Sending | Phase::Checking => Awaited::Answer,
            Phase::Keying if self.entry.so_far().is_empty() => Awaited::Key,
            Phase::Keying => Awaited::Rest,
            Phase::Over => Awaited::Nothing,
        }
    }

    /// Another code is asked for.
    pub const fn send(&mut self) {
        self.phase = Phase::Sending;
    }

    /// A key was pressed.
    pub fn key(&mut self, digit: char) -> Next {
        match self.phase {
            Phase::Keying => {
                let keyed = self.entry.key(digit);
                self.keyed(keyed)
            }
            // What is keyed ahead of the question answers nothing.
            Phase::Sending | Phase::Checking | Phase::Over => Next::default(),
        }
    }

    /// No key came for long enough: what was begun counts as ended, and whoever has not begun hears how it goes.
    pub fn silence(&mut self) -> Next {
        match self.waits_for() {
            Awaited::Rest => {
                let keyed = self.entry.end();
                self.keyed(keyed)
            }
            Awaited::Key => Next { say: Some(self.reminder()), ..Next::default() },
            Awaited::Answer | Awaited::Nothing => Next::default(),
        }
    }

    fn keyed(&mut self, keyed: Keyed) -> Next {
        match keyed {
            Keyed::More => Next::default(),
            Keyed::Cleared => Next { say: Some(self.reminder()), keyed: Some("*"), ..Next::default() },
            Keyed::Home => Next { keyed: Some("**"), ..self.end(Ending::GivenUp) },
            Keyed::Done(digits) if digits == ANOTHER && !self.is_second() => {
                Next { ask: Some(Asked::Another), keyed: Some("0#"), ..Next::default() }
            }
            Keyed::Done(digits) if digits.is_empty() => Next { keyed: Some("#"), void: true, ..self.wrong() },
            Keyed::Done(digits) => {
                self.phase = Phase::Checking;
                let code = Pii::new(digits);
                let ask = if self.is_second() { Ask::CheckSecond(code) } else { Ask::CheckCode(code) };
                Next { ask: Some(Asked::Check(ask)), keyed: Some(MASK), ..Next::default() }
            }
        }
    }

    /// The outside answers what was asked last.
    pub fn answer(&mut self, answer: Answer) -> Next {
        match (self.phase, answer) {
            // The same customer was verified before, in this contact.
            (Phase::Sending, Answer::Claimed { level }) if level >= Level::A2 => self.end(Ending::Verified),
            (Phase::Checking, Answer::CodeRight { .. }) => self.end(Ending::Verified),
            (Phase::Sending, Answer::Claimed { .. }) => {
                (self.phase, self.told) = (Phase::Keying, true);
                Next { say: Some(phrases::SECURE_CODE), ..Next::default() }
            }
            (Phase::Checking, Answer::CodeWrong) => self.wrong(),
            (Phase::Keying | Phase::Over, _) => Next::default(),
            (Phase::Sending, Answer::NotANumber) => self.end(Ending::NotANumber),
            (Phase::Sending | Phase::Checking, _) => self.end(Ending::Unavailable),
        }
    }

    /// The code is worth nothing any more.
    pub const fn expire(&mut self) -> Next {
        self.end(Ending::Expired)
    }

    const fn wrong(&mut self) -> Next {
        self.phase = Phase::Keying;
        if self.tries.wrong() {
            return self.end(Ending::Failed);
        }
        Next { say: Some(phrases::VERIFY_CODE_WRONG), ask: None, keyed: None, void: false, over: None }
    }

    const fn end(&mut self, ending: Ending) -> Next {
        self.phase = Phase::Over;
        let say = match ending {
            _ if !self.told => None,
            Ending::Verified => Some(phrases::VERIFY_DONE),
            Ending::Failed | Ending::GivenUp | Ending::Expired | Ending::NotANumber | Ending::Unavailable => {
                Some(phrases::SECURE_BACK)
            }
        };
        Next { say, ask: None, keyed: None, void: false, over: Some(ending) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(entry: &mut SecureEntry, keys: &str) -> Next {
        keys.chars().map(|key| entry.key(key)).last().unwrap_or_default()
    }

    fn named(verified: bool) -> Answer {
        Answer::Claimed { level: if verified { Level::A2 } else { Level::A1 } }
    }

    #[test]
    fn a_code_of_the_second_factor_is_keyed_at_once_and_no_other_can_be_sent() {
        let mut entry = SecureEntry::second(2);
        assert_eq!((entry.waits_for(), entry.question()), (Awaited::Key, phrases::SECURE_SECOND));
        assert_eq!(entry.silence().say, Some(phrases::SECURE_SECOND_AGAIN));
        let next = keys(&mut entry, "0#");
        assert!(matches!(next.ask, Some(Asked::Check(Ask::CheckSecond(code))) if code.expose() == "0"));
        assert_eq!(entry.answer(Answer::CodeWrong).say, Some(phrases::VERIFY_CODE_WRONG));
        let next = keys(&mut entry, "123456#");
        assert_eq!((next.keyed, entry.tries_left()), (Some(MASK), 1));
        assert_eq!(entry.answer(Answer::CodeRight { level: Level::A3 }).over, Some(Ending::Verified));
    }

    #[test]
    fn a_code_is_asked_for_keyed_and_right() {
        let mut entry = SecureEntry::new(3, false);
        assert_eq!((entry.waits_for(), keys(&mut entry, "123#")), (Awaited::Answer, Next::default()), "keyed ahead");
        assert_eq!(entry.answer(named(false)).say, Some(phrases::SECURE_CODE));
        assert_eq!(entry.waits_for(), Awaited::Key);
        assert_eq!(keys(&mut entry, "123456"), Next::default());
        assert_eq!(entry.waits_for(), Awaited::Rest);
        let next = entry.key('#');
        assert_eq!((next.keyed, next.say), (Some(MASK), None), "no code is written down");
        assert!(matches!(next.ask, Some(Asked::Check(Ask::CheckCode(code))) if code.expose() == "123456"));
        let over = entry.answer(Answer::CodeRight { level: Level::A2 });
        assert_eq!(
            (over.over, over.say, entry.waits_for()),
            (Some(Ending::Verified), Some(phrases::VERIFY_DONE), Awaited::Nothing)
        );
        assert_eq!((entry.key('1'), entry.silence()), (Next::default(), Next::default()));
    }

    #[test]
    fn wrong_ones_are_counted_an_empty_one_among_them() {
        let mut entry = SecureEntry::new(3, true);
        let void = entry.key('#');
        assert_eq!((void.void, void.say, entry.tries_left()), (true, Some(phrases::VERIFY_CODE_WRONG), 2));
        for left in [1, 0] {
            keys(&mut entry, "111111#");
            let next = entry.answer(Answer::CodeWrong);
            assert_eq!((entry.tries_left(), next.over), (left, (left == 0).then_some(Ending::Failed)));
        }
    }

    #[test]
    fn the_customer_hears_it_again_has_another_code_or_goes_back() {
        let mut entry = SecureEntry::new(3, true);
        assert_eq!(entry.silence().say, Some(phrases::SECURE_AGAIN));
        assert_eq!(keys(&mut entry, "12*").say, Some(phrases::SECURE_AGAIN));
        assert_eq!(keys(&mut entry, "0#").ask, Some(Asked::Another));
        entry.send();
        assert_eq!(entry.waits_for(), Awaited::Answer);
        entry.answer(named(false));
        keys(&mut entry, "0");
        assert_eq!(entry.silence().ask, Some(Asked::Another), "a silence ends what was begun");
        assert_eq!((keys(&mut entry, "**").over, entry.tries_left()), (Some(Ending::GivenUp), 3));
    }

    #[test]
    fn who_was_verified_before_keys_nothing_and_silence_of_the_outside_ends_it() {
        assert_eq!(SecureEntry::new(3, false).answer(named(true)).over, Some(Ending::Verified));
        let next = SecureEntry::new(3, false).answer(Answer::NotANumber);
        assert_eq!((next.over, next.say), (Some(Ending::NotANumber), None), "whoever was told nothing is told no end");
        let mut entry = SecureEntry::new(3, true);
        keys(&mut entry, "111111#");
        assert_eq!(entry.answer(Answer::Unavailable).over, Some(Ending::Unavailable));
    }
}
