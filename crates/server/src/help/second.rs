//! Codes of the wallet's second factor: the wallet judges, we count. The code goes to the wallet and nowhere else.

use super::code::{account_key, name, notice};
use super::names::uuid;
use super::{Call, Helper, RULINGS_MAX};
use walletline_core::commit::{Commit, Entry};
use walletline_core::identity::{Checked, Claim, KeyedSecond, judge_second};
use walletline_core::kernel::{actor::Actor, assurance::Factor, ids::ChallengeId, pii::Pii, purpose::Purpose};
use walletline_core::switchboard::help::Helped;
use walletline_store::CommitError;

/// Checks what was keyed.
pub(super) async fn check(helper: &Helper, call: &Call, challenge: ChallengeId, claim: &Claim, code: &Pii<String>) {
    let help = try_check(helper, call, challenge, claim, code).await.unwrap_or(Helped::Unavailable);
    call.answer(helper, help).await;
}

async fn try_check(helper: &Helper, call: &Call, challenge: ChallengeId, claim: &Claim, code: &Pii<String>) -> Option<Helped> {
    // The attempt is written down before the wallet is asked: one that cannot be is not made.
    let asked = Entry::new(helper.clock.wall(), Actor::Caller, "second_factor.asked", call.contact);
    let asked = Commit::new(asked.for_purpose(Purpose::Verification), Vec::new());
    helper.store.commit(asked).await.ok()?;
    let wallet = helper.wallets.get(&claim.wallet)?;
    let judged = wallet.judge_second(&claim.msisdn, code, &uuid().ok()?).await.ok()?;
    for _ in 0..RULINGS_MAX {
        let account = helper.store.tally(&account_key(&claim.subject)).await.ok()?;
        let now = helper.clock.wall();
        let (wallet, subject) = (claim.wallet.clone(), claim.subject.clone());
        let keyed = KeyedSecond { challenge, contact: call.contact, wallet, subject: subject.clone() };
        let notice = notice(helper, call, claim, now);
        let (checked, commit) = judge_second(keyed, judged, account, Some(notice), &helper.code_limits, now);
        let factor = Factor::SecondFactor;
        match (helper.store.commit(commit).await, checked) {
            (Ok(()), Checked::Wrong) => return Some(Helped::NotProved { factor }),
            (Ok(()), Checked::Right) => {
                return Some(Helped::Proved { factor, challenge, subject, name: name(helper, claim).await });
            }
            (Err(CommitError::Conflict(_)), _) => {}
            (Err(CommitError::InDoubt(_) | CommitError::Unavailable(_)), _) => return None,
        }
    }
    None
}
