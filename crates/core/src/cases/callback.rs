//! A request to be called back: which number, what about, and who has taken it. It belongs to a case, which carries the reference. When
//! somebody calls and what comes of the call is not decided here.

use crate::call::Service;
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    ids::{CaseId, StaffId},
    language::Language,
    pii::Pii,
    purpose::Purpose,
    time::{Span, Wall},
};

/// A request that was taken and not finished may be taken by somebody else after this.
const TAKEN_FOR: Span = Span::from_s(3_600);

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
        language: Language,
        service: Option<Service>,
        now: Wall,
    ) -> Self {
        Self { case, wallet, number, language, service, state: CallbackState::Waiting, asked_at: now, expires_at: now + KEPT }
    }

    /// Asked for again: whoever has taken it keeps it, and a finished one waits anew.
    #[must_use]
    pub fn asked_again(mut self, language: Language, service: Option<Service>, now: Wall) -> Self {
        if matches!(self.state, CallbackState::Done { .. }) {
            (self.state, self.asked_at) = (CallbackState::Waiting, now);
        }
        (self.language, self.expires_at) = (language, now + KEPT);
        self.service = service.or(self.service);
        self
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
        Callback::asked(1.into(), "w".to_owned(), Pii::new("+8619000000001".to_owned()), Language::En, None, Wall(0))
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
        let again = done.asked_again(Language::ZhCn, Some(Service::Refunds), Wall(5));
        assert_eq!((again.state, again.asked_at, again.service), (CallbackState::Waiting, Wall(5), Some(Service::Refunds)));
    }

    #[test]
    fn asking_twice_keeps_the_place() {
        let again = asked().asked_again(Language::En, None, Wall(9));
        assert_eq!((again.state, again.asked_at), (CallbackState::Waiting, Wall(0)));
    }
}
