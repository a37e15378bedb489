//! What only wallets with our extension API can be asked. One without it says so at once, and nothing is sent.

use super::Wallet;
use jiff::Timestamp;
use walletline_core::identity::{Judged, Linked};
use walletline_core::kernel::{pii::Pii, time::Wall};
use walletline_core::switchboard::help::Push;
use walletline_gsma::extension::{ApprovalAsked, ApprovalState, ExtensionClient, ExtensionError, Verdict};
use walletline_gsma::{AccountRef, Private};

/// Why there is no judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoJudgement {
    /// The wallet does not offer it.
    #[error("the wallet does not offer this")]
    NotSupported,
    /// The wallet does not answer.
    #[error("the wallet does not answer")]
    Unavailable,
}

/// An app that is made to ask.
#[derive(Debug)]
pub struct AppAsked {
    /// What the customer types.
    pub code: Pii<String>,
    /// The number of the agent who reads it out.
    pub agent: String,
    /// What it is for.
    pub linked: Linked,
}

/// What became of an app that was made to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppState {
    /// Nobody typed the code so far.
    Pending,
    /// It was typed, on a device that is bound since then; none on one that is not bound.
    Approved(Option<Wall>),
    /// It was refused.
    Refused,
    /// Its time is over.
    Expired,
}

impl Wallet {
    /// Has the customer's app ask for a code; none where there is no such account, or no app of it. `key` is a fresh UUID.
    ///
    /// # Errors
    /// [`NoJudgement`].
    pub async fn ask_app(&self, msisdn: &Pii<String>, asked: AppAsked, key: &str) -> Result<Option<Push>, NoJudgement> {
        let extension = self.asked_now()?;
        let AppAsked { code, agent, linked } = asked;
        let amount = match &linked {
            Linked::Identity => None,
            Linked::Refund { amount, .. } => Some(*amount),
        };
        let body = ApprovalAsked {
            code: Private::new(code.expose().as_str()),
            agent,
            operation: linked.name().to_owned(),
            amount: amount.map(|amount| amount.amount()),
            currency: amount.map(|amount| amount.currency.code().to_owned()),
            // A refund goes back to where the money came from, and to nobody else.
            payee: amount.map(|_| Private::new(msisdn.mask_number())),
        };
        let account = AccountRef::Msisdn(msisdn.expose().clone());
        match self.heard(extension.ask_approval(&account, &body, key).await) {
            Ok(approval) => {
                let expires_at = at(&approval.expires_at).ok_or(NoJudgement::Unavailable)?;
                Ok(Some(Push { id: Some(approval.approval_id), expires_at }))
            }
            Err(ExtensionError::Failed(walletline_gsma::Error::Refused(error))) if error.is_not_found() => Ok(None),
            Err(error) => Err(not_judged(&error)),
        }
    }

    /// What became of it.
    ///
    /// # Errors
    /// [`NoJudgement`].
    pub async fn app_state(&self, msisdn: &Pii<String>, approval: &str) -> Result<AppState, NoJudgement> {
        let extension = self.asked_now()?;
        let account = AccountRef::Msisdn(msisdn.expose().clone());
        let approval = self.heard(extension.approval(&account, approval).await).map_err(|error| not_judged(&error))?;
        match approval.state {
            ApprovalState::Pending => Ok(AppState::Pending),
            ApprovalState::Approved => Ok(AppState::Approved(approval.bound_at.as_deref().and_then(at))),
            ApprovalState::Refused => Ok(AppState::Refused),
            ApprovalState::Expired => Ok(AppState::Expired),
            // A word we do not know is no yes.
            ApprovalState::Unknown(_) => Err(NoJudgement::Unavailable),
        }
    }

    fn asked_now(&self) -> Result<&ExtensionClient, NoJudgement> {
        let extension = self.extension.as_ref().ok_or(NoJudgement::NotSupported)?;
        if self.breaker.allows(self.clock.now().mono) { Ok(extension) } else { Err(NoJudgement::Unavailable) }
    }

    /// Notes whether the wallet answered at all.
    fn heard<T>(&self, said: Result<T, ExtensionError>) -> Result<T, ExtensionError> {
        let silent =
            matches!(&said, Err(ExtensionError::Failed(walletline_gsma::Error::Unclear(_) | walletline_gsma::Error::NotSent(_))));
        self.breaker.note(!silent, self.clock.now().mono);
        said
    }

    /// What the wallet says of a code of the customer's second factor. `key` is a fresh UUID: a code that is asked about twice was used
    /// once.
    ///
    /// # Errors
    /// [`NoJudgement`].
    pub async fn judge_second(&self, msisdn: &Pii<String>, code: &Pii<String>, key: &str) -> Result<Judged, NoJudgement> {
        let extension = self.asked_now()?;
        let account = AccountRef::Msisdn(msisdn.expose().clone());
        let said = self.heard(extension.verify_second_factor(&account, Private::new(code.expose().as_str()), key).await);
        match said {
            Ok(Verdict::Accepted) => Ok(Judged::Accepted),
            Ok(Verdict::Refused) => Ok(Judged::Refused),
            Ok(Verdict::Blocked) => Ok(Judged::Blocked),
            // The client passes on no verdict that it does not know.
            Ok(Verdict::Unknown(_)) => Err(NoJudgement::Unavailable),
            Err(error) => Err(not_judged(&error)),
        }
    }
}

fn not_judged(error: &ExtensionError) -> NoJudgement {
    match error {
        ExtensionError::NotSupported => NoJudgement::NotSupported,
        ExtensionError::Failed(error) => {
            tracing::warn!(%error, "a wallet did not judge what it was asked");
            NoJudgement::Unavailable
        }
    }
}

fn at(text: &str) -> Option<Wall> {
    text.parse::<Timestamp>().ok().map(|at| Wall(at.as_microsecond()))
}
