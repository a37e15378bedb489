//! Limits hold: codes to one account, accounts frozen from one number.

use crate::model::Model;
use std::collections::BTreeSet;
use walletline_core::commit::{Change, Commit};
use walletline_core::identity::CodeLimits;
use walletline_core::kernel::tally::{Counted, TALLY_KEPT, Tally};
use walletline_core::kernel::time::{Span, Wall};
use walletline_core::outbox::{Job, Message};
use walletline_core::wallet::FreezeLimits;

/// Looks at a commit before the model takes it up.
///
/// # Errors
/// When it is one too many.
pub fn commit(commit: &Commit, model: &Model) -> Result<(), String> {
    let at = commit.entries().first().map_or(Wall(0), |entry| entry.at);
    for change in commit.changes() {
        match change {
            Change::Tally(_, tally) => freezes(tally, at)?,
            Change::Errand(0, errand) => {
                if let Job::Message { to, message: Message::Code { .. }, .. } = &errand.job {
                    let subject = crate::names::subject(&errand.wallet, to.expose());
                    let before = model.codes_sent.get(&subject).map_or(&[][..], Vec::as_slice);
                    codes(before, at)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn freezes(tally: &Tally, at: Wall) -> Result<(), String> {
    let limits = FreezeLimits::default();
    let max = if tally.key.starts_with("trunk:") { limits.trunk_max } else { limits.caller_max };
    let lately = tally.ticks.iter().filter(|tick| tick.act == Counted::Freeze && at - tick.at < TALLY_KEPT);
    let accounts: BTreeSet<_> = lately.map(|tick| &tick.of).collect();
    if accounts.len() > max {
        return Err(format!("{} accounts were frozen under {}", accounts.len(), tally.key));
    }
    Ok(())
}

fn codes(before: &[Wall], at: Wall) -> Result<(), String> {
    let limits = CodeLimits::default();
    let within = |span: Span| before.iter().filter(|sent| at - **sent < span).count();
    for (span, max) in [(limits.pause, 1), (Span::from_s(3_600), limits.hourly_max), (TALLY_KEPT, limits.daily_max)] {
        if within(span) >= max {
            return Err(format!("a code is sent after {} within {} s", within(span), span.as_s()));
        }
    }
    Ok(())
}
