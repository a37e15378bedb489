//! A code that the customer carries over from the agent's voice into the wallet's app, which shows them what it is for. What is asked is
//! counted before the wallet is asked, and what the wallet says of it is written down as what it is worth. An approval that was given for
//! one operation is worth nothing for another one.

use super::challenge::{Challenge, ChallengeState, Checked, CodeHash, CodeLimits, count_wrong};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    assurance::Factor,
    ids::{ChallengeId, ContactId},
    money::Money,
    purpose::Purpose,
    subject::Subject,
    tally::{Counted, TALLY_KEPT, Tally},
    time::{Span, Wall},
};
use crate::outbox::Errand;

/// Times an account's app is made to ask, in an hour and in a day, over all contacts: whoever is asked again and again agrees in the end.
const HOURLY_MAX: usize = 5;
const DAILY_MAX: usize = 10;

/// What the app shows beside the code, and what the approval is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linked {
    /// Who is calling, and nothing else.
    Identity,
    /// A refund of so much for one transaction.
    Refund {
        /// Its whole number.
        transaction: String,
        /// How much.
        amount: Money,
    },
}

impl Linked {
    /// The operation in the word that the wallet, the audit log and the screens have for it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Identity => "verify",
            Self::Refund { .. } => "refund",
        }
    }
}

/// An app that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedApp {
    /// The name of what comes of it.
    pub challenge: ChallengeId,
    /// In which contact.
    pub contact: ContactId,
    /// At which wallet.
    pub wallet: String,
    /// Whose.
    pub subject: Subject,
}

/// What the wallet says became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppJudged {
    /// The customer typed the code and agreed to what they saw.
    Approved,
    /// They refused, or typed wrong codes.
    Refused,
    /// Nobody typed it in time.
    Expired,
}

/// Decides whether an account's app is made to ask, and counts it. The same rows whether or not there is such an account.
#[must_use]
pub fn ask_app(contact: ContactId, subject: &Subject, (version, mut account): (Version, Tally), now: Wall) -> (bool, Commit) {
    let within = |span: Span, max: usize| account.count(Counted::AppAsked, now, span) < max;
    let free = account.count(Counted::CodesBlocked, now, TALLY_KEPT) == 0;
    let allowed = free && within(Span::from_s(3_600), HOURLY_MAX) && within(TALLY_KEPT, DAILY_MAX);
    let entry = |action: &str| Entry::new(now, Actor::Caller, action, contact).for_purpose(Purpose::Verification);
    if !allowed {
        return (false, Commit::new(entry("app.limited"), Vec::new()));
    }
    account.note(Counted::AppAsked, now, subject);
    (true, Commit::new(entry("app.asked"), vec![Change::Tally(version, account)]))
}

/// Decides what an approval is worth that the wallet judged, and counts a refusal like a wrong code. `notice` tells the customer when codes
/// are refused from here on.
#[must_use]
pub fn judge_app(
    asked: AskedApp,
    judged: AppJudged,
    (account_version, mut account): (Version, Tally),
    notice: Option<Errand>,
    limits: &CodeLimits,
    now: Wall,
) -> (Checked, Commit) {
    let AskedApp { challenge, contact, wallet, subject } = asked;
    let barred = account.count(Counted::CodesBlocked, now, TALLY_KEPT) > 0;
    let right = judged == AppJudged::Approved && !barred;
    let row = Challenge {
        id: challenge,
        contact,
        wallet,
        subject: subject.clone(),
        factor: Factor::AppTransfer,
        code: CodeHash::new(String::new()),
        counts: true,
        signal: None,
        sent_at: now,
        expires_at: now,
        wrong: u8::from(judged == AppJudged::Refused),
        state: if right { ChallengeState::Passed } else { ChallengeState::Failed },
        kept_until: now + limits.kept,
    };
    let entry = |action: &str| Entry::new(now, Actor::Caller, action, contact).for_purpose(Purpose::Verification);
    let written = Change::Challenge(0, Box::new(row));
    let action = match judged {
        AppJudged::Approved if right => "app.approved",
        AppJudged::Approved | AppJudged::Refused => "app.refused",
        AppJudged::Expired => "app.expired",
    };
    if judged != AppJudged::Refused {
        let checked = if right { Checked::Right } else { Checked::Wrong };
        return (checked, Commit::new(entry(action), vec![written]));
    }
    let blocks = count_wrong(&mut account, &subject, limits, now);
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

    fn subject() -> Subject {
        Subject::new("a".to_owned())
    }

    fn judge(judged: AppJudged, account: Tally) -> (Checked, Challenge, Option<Tally>, Vec<String>) {
        let asked = AskedApp { challenge: 7.into(), contact: 1.into(), wallet: "w".to_owned(), subject: subject() };
        let (checked, commit) = judge_app(asked, judged, (3, account), None, &CodeLimits::default(), NOW);
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
    fn only_what_was_approved_proves_anything_and_a_refusal_counts_as_a_wrong_code() {
        let fresh = || Tally::new("account:a".to_owned());
        let (checked, row, tally, actions) = judge(AppJudged::Approved, fresh());
        assert_eq!(
            (checked, row.state, tally, actions[0].as_str()),
            (Checked::Right, ChallengeState::Passed, None, "app.approved")
        );
        let (checked, row, tally, actions) = judge(AppJudged::Expired, fresh());
        assert_eq!(
            (checked, row.state, tally, actions[0].as_str()),
            (Checked::Wrong, ChallengeState::Failed, None, "app.expired")
        );
        let mut account = fresh();
        for _ in 0..4 {
            account.note(Counted::CodeWrong, NOW, &subject());
        }
        let (checked, row, tally, actions) = judge(AppJudged::Refused, account);
        assert_eq!((checked, row.factor), (Checked::Wrong, Factor::AppTransfer));
        assert_eq!(actions, ["app.refused", "codes.blocked"]);
        let (checked, _, _, actions) = judge(AppJudged::Approved, tally.unwrap());
        assert_eq!((checked, actions[0].as_str()), (Checked::Wrong, "app.refused"), "then even an approval proves nothing");
    }

    #[test]
    fn an_app_is_made_to_ask_five_times_an_hour_and_not_at_all_while_codes_are_refused() {
        let mut account = Tally::new("account:a".to_owned());
        for times in 1..=6 {
            let (allowed, commit) = ask_app(1.into(), &subject(), (2, account.clone()), NOW);
            assert_eq!(allowed, times <= 5, "{times}");
            if let Some(Change::Tally(2, counted)) = commit.changes().first() {
                account = counted.clone();
            }
        }
        let later = NOW + Span::from_s(3_600);
        assert!(ask_app(1.into(), &subject(), (2, account.clone()), later).0);
        account.note(Counted::CodesBlocked, later, &subject());
        assert!(!ask_app(1.into(), &subject(), (2, account), later).0);
    }
}
