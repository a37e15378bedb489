//! A request to be called back: which number, what about, and who has taken it. It belongs to a case, which carries the reference. When
//! somebody calls and what comes of the call is not decided here.

use crate::call::Service;
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    ids::{CaseId, StaffId},
    language::Language,
    phrase::{Phrase, Words},
    pii::Pii,
    purpose::Purpose,
    time::{Span, Wall},
};

/// A request that was taken and not finished may be taken by somebody else after this.
const TAKEN_FOR: Span = Span::from_s(3_600);

/// Whoever took a request dials within this, and talks; later they have to show themselves as taking it again.
const CALLING_FOR: Span = Span::from_s(1_800);

/// How long the number is kept after it was called; not at all longer than the question it was left for.
const KEPT: Span = Span::from_s(30 * 24 * 3_600);

/// Somebody to be called back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// The case it belongs to.
    pub case: CaseId,
    /// The wallet.
    pub wallet: String,
    /// Which number, E.164.
    pub number: Pii<String>,
    /// The language they speak.
    pub language: Language,
    /// What it is about, as far as the menu learned.
    pub service: Option<Service>,
    /// How far it is.
    pub state: CallbackState,
    /// When it was asked for.
    pub asked_at: Wall,
    /// The words that the customer was shown, and that whoever calls says first; none of requests from before there were any.
    pub phrase: Option<Phrase>,
    /// When the row must be gone.
    pub expires_at: Wall,
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackState {
    /// Nobody has taken it.
    Waiting,
    /// Somebody calls.
    Taken {
        /// Who.
        by: StaffId,
        /// When.
        at: Wall,
    },
    /// The customer was called.
    Done {
        /// By whom.
        by: StaffId,
        /// When.
        at: Wall,
    },
}

/// Why a request cannot be taken or finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallbackRefusal {
    /// Somebody else is at it.
    #[error("another agent has taken this request: take the next one")]
    TakenByAnother,
    /// It was finished.
    #[error("this request is finished: nobody waits for a call any more")]
    Over,
    /// It must be taken first.
    #[error("take the request before you finish it")]
    NotTaken,
}

impl Callback {
    /// A new request.
    #[must_use]
    pub fn asked(
        case: CaseId,
        wallet: String,
        number: Pii<String>,
        (language, words): (Language, Words),
        service: Option<Service>,
        now: Wall,
    ) -> Self {
        let (state, phrase) = (CallbackState::Waiting, Some(Phrase::new(words, now)));
        Self { case, wallet, number, language, service, state, asked_at: now, phrase, expires_at: now + KEPT }
    }

    /// Asked for again: whoever has taken it keeps it, and a finished one waits anew. The words stay as long as they are good and were not
    /// said yet, so that whoever was shown them twice was shown the same.
    #[must_use]
    pub fn asked_again(mut self, (language, words): (Language, Words), service: Option<Service>, now: Wall) -> Self {
        let was_called = matches!(self.state, CallbackState::Done { .. });
        if was_called {
            (self.state, self.asked_at) = (CallbackState::Waiting, now);
        }
        if was_called || language != self.language || self.good_words(now).is_none() {
            self.phrase = Some(Phrase::new(words, now));
        }
        (self.language, self.expires_at) = (language, now + KEPT);
        self.service = service.or(self.service);
        self
    }

    /// The words that may be said now.
    #[must_use]
    pub fn good_words(&self, now: Wall) -> Option<Words> {
        self.phrase.filter(|phrase| phrase.is_good(now)).map(|phrase| phrase.words)
    }

    /// Who calls the customer just now: whoever has taken it, and not long ago.
    #[must_use]
    pub fn calling(&self, now: Wall) -> Option<(StaffId, Wall)> {
        match self.state {
            CallbackState::Taken { by, at } if now - at < CALLING_FOR => Some((by, at)),
            CallbackState::Waiting | CallbackState::Taken { .. } | CallbackState::Done { .. } => None,
        }
    }

    /// Somebody takes it, and may see the number. Taking one's own again changes nothing.
    ///
    /// # Errors
    /// [`CallbackRefusal`] when somebody else is at it, or it is over.
    pub fn take(mut self, by: StaffId, now: Wall) -> Result<Self, CallbackRefusal> {
        match self.state {
            CallbackState::Done { .. } => return Err(CallbackRefusal::Over),
            CallbackState::Taken { by: other, at } if other != by && now - at < TAKEN_FOR => {
                return Err(CallbackRefusal::TakenByAnother);
            }
            CallbackState::Waiting | CallbackState::Taken { .. } => {}
        }
        self.state = CallbackState::Taken { by, at: now };
        Ok(self)
    }

    /// Whoever took it has called.
    ///
    /// # Errors
    /// [`CallbackRefusal`] when it is somebody else's, nobody's, or over.
    pub fn finish(mut self, by: StaffId, now: Wall) -> Result<Self, CallbackRefusal> {
        match self.state {
            CallbackState::Done { .. } => Err(CallbackRefusal::Over),
            CallbackState::Waiting => Err(CallbackRefusal::NotTaken),
            CallbackState::Taken { by: other, .. } if other != by => Err(CallbackRefusal::TakenByAnother),
            CallbackState::Taken { .. } => {
                self.state = CallbackState::Done { by, at: now };
                Ok(self)
            }
        }
    }

    /// The transaction that writes it, named by what happened to it.
    #[must_use]
    pub fn written(&self, version: Version, actor: Actor, verb: &str, now: Wall) -> Commit {
        let entry = Entry::new(now, actor, &format!("callback.{verb}"), self.case).for_purpose(Purpose::Service);
        Commit::new(entry, vec![Change::Callback(version, Box::new(self.clone()))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Callback {
        let number = Pii::new("+8619000000001".to_owned());
        Callback::asked(1.into(), "w".to_owned(), number, (Language::En, Words::draw(1)), None, Wall(0))
    }

    #[test]
    fn one_agent_at_a_time_and_only_whoever_took_it_finishes_it() {
        let (ann, bob) = (StaffId::from(1), StaffId::from(2));
        assert_eq!(asked().finish(ann, Wall(1)), Err(CallbackRefusal::NotTaken));
        let taken = asked().take(ann, Wall(1)).unwrap();
        assert_eq!(taken.clone().take(bob, Wall(2)), Err(CallbackRefusal::TakenByAnother));
        assert_eq!(taken.clone().finish(bob, Wall(2)), Err(CallbackRefusal::TakenByAnother));
        assert!(taken.clone().take(ann, Wall(2)).is_ok(), "one's own again");
        assert!(taken.clone().take(bob, Wall(1) + TAKEN_FOR).is_ok(), "whoever forgot it loses it");
        let done = taken.finish(ann, Wall(3)).unwrap();
        assert_eq!(done.clone().take(bob, Wall(4)), Err(CallbackRefusal::Over));
        assert_eq!(done.clone().finish(ann, Wall(4)), Err(CallbackRefusal::Over));
        let again = done.asked_again((Language::ZhCn, Words::draw(2)), Some(Service::Refunds), Wall(5));
        assert_eq!((again.state, again.asked_at, again.service), (CallbackState::Waiting, Wall(5), Some(Service::Refunds)));
        assert_eq!(again.good_words(Wall(5)), Some(Words::draw(2)), "words that were said are not said again");
    }

    #[test]
    fn asking_twice_keeps_the_place() {
        let again = asked().asked_again((Language::En, Words::draw(2)), None, Wall(9));
        assert_eq!((again.state, again.asked_at), (CallbackState::Waiting, Wall(0)));
        assert_eq!(again.good_words(Wall(9)), Some(Words::draw(1)), "and the words that were shown");
    }

    #[test]
    fn words_end_with_their_time_and_a_call_is_ours_for_half_an_hour() {
        let late = Wall(4 * 86_400_000_000);
        assert_eq!(asked().good_words(late), None);
        let again = asked().asked_again((Language::En, Words::draw(2)), None, late);
        assert_eq!(again.good_words(late), Some(Words::draw(2)));
        let ann = StaffId::from(1);
        assert_eq!(asked().calling(Wall(0)), None);
        let taken = asked().take(ann, Wall(5)).unwrap();
        assert_eq!(taken.calling(Wall(6)), Some((ann, Wall(5))));
        assert_eq!(taken.calling(Wall(5) + CALLING_FOR), None);
        assert_eq!(taken.finish(ann, Wall(7)).unwrap().calling(Wall(8)), None);
    }
}
