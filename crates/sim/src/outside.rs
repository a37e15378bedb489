//! Requests to the wallet as the hotline's connector makes them: in which order, how long it waits, and what an answer or its
//! absence means for an act.

use crate::checkers;
use crate::defect::Defect;
use crate::shell::Shell;
use crate::wallet::{Fault, Freeze, Received};
use walletline_core::identity::Signals;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::time::Span;
use walletline_core::outbox::Channel;
use walletline_core::wallet::{Decline, Outcome};

/// How long one request may take.
const TIMEOUT: Span = Span::from_s(4);

/// Between two questions about an accepted change, and how many there are.
const POLL_EVERY: Span = Span::from_ms(700);
const POLLS_MAX: u32 = 3;

/// Why a request brought no answer.
pub(crate) enum Silence {
    /// Nothing was sent.
    NotSent,
    /// It may have arrived.
    Unclear,
}

/// Who is behind a number.
pub(crate) struct Holder {
    pub(crate) signals: Signals,
    pub(crate) addresses: Vec<(Channel, Pii<String>)>,
    pub(crate) transaction: Option<(String, bool)>,
}

/// A number as keyed or shown, in E.164; none when no number can be made of it.
pub(crate) fn number(text: &str) -> Option<Pii<String>> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let valid = digits.len() >= 11 && digits.len() <= 13 && digits.bytes().all(|byte| byte.is_ascii_digit());
    match (valid, text.starts_with('+'), digits.len()) {
        (true, true, _) => Some(Pii::new(text.to_owned())),
        (true, false, 11) => Some(Pii::new(format!("+86{digits}"))),
        _ => None,
    }
}

impl Shell {
    /// Who is behind a number; none when there is no such account.
    pub(crate) async fn holder(&self, msisdn: &Pii<String>) -> Result<Option<Holder>, ()> {
        self.ask().await.map_err(|_| ())?;
        let wallet = self.wallet.borrow();
        Ok(wallet.accounts.get(msisdn.expose()).map(|account| Holder {
            signals: Signals { sim_changed_at: account.sim_changed_at, ..Signals::default() },
            addresses: vec![
                (Channel::Sms, msisdn.clone()),
                (Channel::Mail, Pii::new(format!("{}@mail.example", msisdn.expose()))),
            ],
            transaction: account.transaction.clone(),
        }))
    }

    /// A question, which changes nothing.
    pub(crate) async fn ask(&self) -> Result<(), Silence> {
        match self.fault() {
            Fault::Unreachable => {
                self.pause_between(5, 50).await;
                Err(Silence::NotSent)
            }
            Fault::FailsBefore => {
                self.pause_between(20, 300).await;
                Err(Silence::Unclear)
            }
            Fault::ActsSilently | Fault::Late => {
                self.pause(TIMEOUT).await;
                Err(Silence::Unclear)
            }
            Fault::None | Fault::Refuses | Fault::Accepts | Fault::Twice => {
                self.pause_between(20, 900).await;
                Ok(())
            }
        }
    }

    fn fault(&self) -> Fault {
        self.wallet.borrow().fault(&mut self.dice.borrow_mut())
    }

    /// Freezes the account behind a number under this key; `again` when the key may have reached the wallet before.
    pub(crate) async fn freeze(&self, msisdn: &Pii<String>, key: &str, again: bool) -> Outcome {
        if again {
            if let Err(silence) = self.ask().await {
                return outcome_of(&silence);
            }
            let known = self.wallet.borrow().keys.get(key).copied();
            match known {
                Some(Received::Done) => return Outcome::Done,
                Some(Received::Pending) => return self.poll(key).await,
                Some(Received::Failed) => return Outcome::Declined(Decline::ByRule),
                None => {}
            }
        }
        if self.ask().await.is_ok() {
            let frozen = self.wallet.borrow().accounts.get(msisdn.expose()).map(|account| account.frozen);
            match frozen {
                Some(false) => {}
                Some(true) | None => return Outcome::Done,
            }
        }
        let made_up = self.defect.get() == Some(Defect::KeysMadeUp);
        let key = if made_up { format!("{key} made up") } else { key.to_owned() };
        let asked = Freeze { key: key.clone(), msisdn: msisdn.expose().clone() };
        self.note("permitted_acts", checkers::permitted_acts::sent(&asked, &self.model.borrow(), &self.journal.borrow()));
        match self.send(asked).await {
            Ok(Some(Received::Done) | None) => Outcome::Done,
            Ok(Some(Received::Failed)) => Outcome::Declined(Decline::ByRule),
            Ok(Some(Received::Pending)) => self.poll(&key).await,
            Err(silence) => outcome_of(&silence),
        }
    }

    async fn send(&self, asked: Freeze) -> Result<Option<Received>, Silence> {
        match self.fault() {
            Fault::Unreachable => {
                self.pause_between(5, 50).await;
                Err(Silence::NotSent)
            }
            Fault::FailsBefore => {
                self.pause_between(20, 300).await;
                Err(Silence::Unclear)
            }
            Fault::ActsSilently => {
                self.pause_between(20, 900).await;
                self.wallet.borrow_mut().freeze(&asked);
                self.pause(TIMEOUT).await;
                Err(Silence::Unclear)
            }
            Fault::Late => {
                let after = self.dice.borrow_mut().between(4_000, 120_000);
                self.wallet.borrow_mut().travels(self.now.get().mono + Span::from_ms(after), asked);
                self.pause(TIMEOUT).await;
                Err(Silence::Unclear)
            }
            Fault::Refuses => {
                self.pause_between(20, 900).await;
                Ok(Some(self.wallet.borrow_mut().refuse(&asked)))
            }
            Fault::Accepts => {
                self.pause_between(20, 900).await;
                let after = Span::from_ms(self.dice.borrow_mut().between(100, 30_000));
                Ok(self.wallet.borrow_mut().accept(&asked, self.now.get().mono, after))
            }
            Fault::Twice => {
                self.pause_between(20, 900).await;
                let after = self.dice.borrow_mut().between(1, 60_000);
                self.wallet.borrow_mut().travels(self.now.get().mono + Span::from_ms(after), asked.clone());
                let answer = self.wallet.borrow_mut().freeze(&asked);
                self.pause_between(5, 50).await;
                Ok(answer)
            }
            Fault::None => {
                self.pause_between(20, 900).await;
                let answer = self.wallet.borrow_mut().freeze(&asked);
                // Done, and the answer is still on its way.
                self.pause_between(5, 50).await;
                Ok(answer)
            }
        }
    }

    /// Asks about an accepted change for as long as a caller waits.
    async fn poll(&self, key: &str) -> Outcome {
        for _ in 0..POLLS_MAX {
            if self.ask().await.is_err() {
                return Outcome::Unknown;
            }
            let known = self.wallet.borrow().keys.get(key).copied();
            match known {
                Some(Received::Done) => return Outcome::Done,
                Some(Received::Failed) => return Outcome::Declined(Decline::ByRule),
                Some(Received::Pending) | None => self.pause(POLL_EVERY).await,
            }
        }
        Outcome::Unknown
    }
}

const fn outcome_of(silence: &Silence) -> Outcome {
    match silence {
        Silence::NotSent => Outcome::NotSent,
        Silence::Unclear => Outcome::Unknown,
    }
}
