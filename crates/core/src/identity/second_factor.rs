//! A code of the wallet's second factor, as the wallet judged it: what it proves in the contact, and what a wrong one counts. The seed is
//! the wallet's and never here; neither is the code.

use super::challenge::{Challenge, ChallengeState, Checked, CodeHash, CodeLimits, count_wrong};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    assurance::Factor,
    ids::{ChallengeId, ContactId},
    purpose::Purpose,
    subject::Subject,
    tally::{Counted, TALLY_KEPT, Tally},
    time::Wall,
};
use crate::outbox::Errand;

/// What the wallet said of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// It is the customer's, and fresh.
    Accepted,
    /// It is not, or was used before, or there is no second factor.
    Refused,
    /// Too many were refused: the wallet takes none for a while.
    Blocked,
}

/// A code that was keyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedSecond {
    /// The name of what comes of it.
    pub challenge: ChallengeId,
    /// In which contact.
    pub contact: ContactId,
    /// At which wallet.
    pub wallet: String,
    /// Whose.
    pub subject: Subject,
}

/// Decides what a code proves that the wallet judged, and counts it when it proves nothing. `notice` tells the customer when codes are
/// refused from here on.
#[must_use]
pub fn judge_second(
    keyed: KeyedSecond,
    judged: Judged,
    (account_version, mut account): (Version, Tally),
    notice: Option<Errand>,
    limits: &CodeLimits,
    now: Wall,
) -> (Checked, Commit) {
    let KeyedSecond { challenge, contact, wallet, subject } = keyed;
    let barred = account.count(Counted::CodesBlocked, now, TALLY_KEPT) > 0;
    let right = judged == Judged::Accepted && !barred;
    let row = Challenge {
        id: challenge,
        contact,
        wallet,
        subject: subject.clone(),
        factor: Factor::SecondFactor,
        code: CodeHash::new(String::new()),
        counts: true,
        signal: None,
        sent_at: now,
        expires_at: now,
        wrong: u8::from(!right),
        state: if right { ChallengeState::Passed } else { ChallengeState::Failed },
        kept_until: now + limits.kept,
    };
    let entry = |action: &str| Entry::new(now, Actor::Caller, action, contact).for_purpose(Purpose::Verification);
    let written = Change::Challenge(0, Box::new(row));
    if right {
        return (Checked::Right, Commit::new(entry("second_factor.passed"), vec![written]));
    }
    let blocks = count_wrong(&mut account, &subject, limits, now);
    let action = if judged == Judged::Blocked { "second_factor.blocked" } else { "second_factor.wrong" };
    let commit = Commit::new(entry(action), vec![written, Change::Tally(account_version, account)]);
    if !blocks {
        return (Checked::Wrong, commit);
    }
    let told = notice.map(|errand| Change::Errand(0, Box::new(errand)));
    (Checked::Wrong, commit.and(Commit::new(entry("codes.blocked"), told.into_iter().collect())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Wall = Wall(1_795_000_000_000_000);

    fn judge(judged: Judged, account: Tally) -> (Checked, Challenge, Option<Tally>, Vec<String>) {
        let keyed =
            KeyedSecond { challenge: 7.into(), contact: 1.into(), wallet: "w".to_owned(), subject: Subject::new("a".to_owned()) };
        let (checked, commit) = judge_second(keyed, judged, (3, account), None, &CodeLimits::default(), NOW);
        let row = commit.changes().iter().find_map(|change| match change {
            Change::Challenge(0, row) => Some((**row).clone()),
            _ => None,
        });
        let tally = commit.changes().iter().find_map(|change| match change {
            Change::Tally(3, tally) => Some(tally.clone()),
            _ => None,
        });
        let actions = commit.entries().iter().map(|entry| entry.action.clone()).collect();
        (checked, row.unwrap(), tally, actions)
    }

    #[test]
    fn only_what_the_wallet_accepts_proves_anything() {
        let fresh = || Tally::new("account:a".to_owned());
        let (checked, row, tally, actions) = judge(Judged::Accepted, fresh());
        assert_eq!(
            (checked, row.state, tally, actions[0].as_str()),
            (Checked::Right, ChallengeState::Passed, None, "second_factor.passed")
        );
        for (judged, action) in [(Judged::Refused, "second_factor.wrong"), (Judged::Blocked, "second_factor.blocked")] {
            let (checked, row, tally, actions) = judge(judged, fresh());
            assert_eq!((checked, row.state, row.factor), (Checked::Wrong, ChallengeState::Failed, Factor::SecondFactor));
            assert_eq!((actions, tally.unwrap().ticks.len()), (vec![action.to_owned()], 1));
        }
    }

    #[test]
    fn wrong_ones_of_either_kind_are_counted_together_and_then_even_a_right_one_is_refused() {
        let mut account = Tally::new("account:a".to_owned());
        for _ in 0..4 {
            account.note(Counted::CodeWrong, NOW, &Subject::new("a".to_owned()));
        }
        let (_, _, tally, actions) = judge(Judged::Refused, account);
        assert_eq!(actions, ["second_factor.wrong", "codes.blocked"]);
        let (checked, _, _, actions) = judge(Judged::Accepted, tally.unwrap());
        assert_eq!((checked, actions), (Checked::Wrong, vec!["second_factor.wrong".to_owned()]));
    }
}
