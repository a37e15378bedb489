//! What only wallets with our extension API can be asked. One without it says so at once, and nothing is sent.

use super::Wallet;
use walletline_core::identity::Judged;
use walletline_core::kernel::pii::Pii;
use walletline_gsma::extension::{ExtensionError, Verdict};
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

impl Wallet {
    /// What the wallet says of a code of the customer's second factor. `key` is a fresh UUID: a code that is asked about twice was used
    /// once.
    ///
    /// # Errors
    /// [`NoJudgement`].
    pub async fn judge_second(&self, msisdn: &Pii<String>, code: &Pii<String>, key: &str) -> Result<Judged, NoJudgement> {
        let Some(extension) = &self.extension else { return Err(NoJudgement::NotSupported) };
        if !self.breaker.allows(self.clock.now().mono) {
            return Err(NoJudgement::Unavailable);
        }
        let account = AccountRef::Msisdn(msisdn.expose().clone());
        let said = extension.verify_second_factor(&account, Private::new(code.expose().as_str()), key).await;
        let answered = !matches!(
            &said,
            Err(ExtensionError::Failed(walletline_gsma::Error::Unclear(_) | walletline_gsma::Error::NotSent(_)))
        );
        self.breaker.note(answered, self.clock.now().mono);
        match said {
            Ok(Verdict::Accepted) => Ok(Judged::Accepted),
            Ok(Verdict::Refused) => Ok(Judged::Refused),
            Ok(Verdict::Blocked) => Ok(Judged::Blocked),
            // The client passes on no verdict that it does not know.
            Ok(Verdict::Unknown(_)) => Err(NoJudgement::Unavailable),
            Err(ExtensionError::NotSupported) => Err(NoJudgement::NotSupported),
            Err(ExtensionError::Failed(error)) => {
                tracing::warn!(%error, "a wallet did not judge a code");
                Err(NoJudgement::Unavailable)
            }
        }
    }
}
