//! A code passes once, in time, and only when it was worth something; and nobody stands above A1 by a code sent to a phone whose SIM
//! was just swapped.

use crate::model::Model;
use crate::names;
use crate::wallet::Wallet;
use walletline_core::commit::{Change, Commit};
use walletline_core::identity::{ChallengeState, CodeLimits, Ladder, Signals};
use walletline_core::kernel::assurance::Level;
use walletline_core::kernel::tally::{Counted, TALLY_KEPT};
use walletline_core::kernel::time::Wall;

/// Looks at a commit before the model takes it up.
///
/// # Errors
/// When a code passes that must not.
pub fn commit(commit: &Commit, model: &Model) -> Result<(), String> {
    let at = commit.entries().first().map_or(Wall(0), |entry| entry.at);
    for change in commit.changes() {
        let Change::Challenge(_, row) = change else { continue };
        let before = model.challenges.get(&row.id).map(|(_, before)| before);
        if row.state != ChallengeState::Passed {
            continue;
        }
        let Some(before) = before else { return Err(format!("{} passes and was never sent", row.id)) };
        let tally = model.tallies.get(&names::account_key(&row.subject)).map(|(_, tally)| tally);
        let blocked = tally.is_some_and(|tally| tally.count(Counted::CodesBlocked, at, TALLY_KEPT) > 0);
        let tries = CodeLimits::default().tries_max;
        let good = before.state == ChallengeState::Open && before.counts && at <= before.expires_at && before.wrong < tries;
        if !good || blocked {
            return Err(format!("{before:?} passes at {at:?}, blocked: {blocked}"));
        }
    }
    Ok(())
}

/// Looks at levels after the model took a commit up.
///
/// # Errors
/// When a contact stands higher than its codes lift it.
pub fn levels(commit: &Commit, model: &Model, wallet: &Wallet) -> Result<(), String> {
    let ladder = Ladder::default();
    for change in commit.changes() {
        let Change::Contact(_, contact) = change else { continue };
        if contact.level < Level::A2 {
            continue;
        }
        let passed: Vec<_> = model
            .challenges
            .values()
            .map(|(_, challenge)| challenge)
            .filter(|challenge| challenge.contact == contact.id && challenge.state == ChallengeState::Passed)
            .collect();
        if passed.is_empty() || contact.level > Level::A2 {
            return Err(format!("{} stands at {:?} without a code", contact.id, contact.level));
        }
        for challenge in passed {
            let account = wallet
                .accounts
                .iter()
                .find(|(number, _)| names::subject(&challenge.wallet, number) == challenge.subject)
                .map(|(_, account)| account);
            let counts = account.is_some_and(|account| {
                let known = Signals { sim_changed_at: account.sim_changed_at, ..Signals::default() };
                ladder.counts(challenge.factor, &ladder.found(&known, challenge.sent_at))
            });
            if !counts {
                return Err(format!("{} stands at A2 by {}, whose phone counts for nothing", contact.id, challenge.id));
            }
        }
    }
    Ok(())
}
