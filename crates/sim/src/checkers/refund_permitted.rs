//! No refund leaves without two people where two are needed: whoever decides is not whoever asked, and is not led by them; what is large
//! has a supervisor; the customer's evidence is there; and when a request leaves, all of that is durable and in the audit log.

use crate::directory;
use crate::model::Model;
use crate::till::GiveBack;
use walletline_core::agent::Staff;
use walletline_core::commit::{Change, Commit};
use walletline_core::kernel::assurance::Level;
use walletline_core::kernel::ids::StaffId;
use walletline_core::money::{Approval, Policy, Refund, State, Verdict};

/// Looks at a commit before the model takes it up.
///
/// # Errors
/// When somebody decides who must not, or a refund changes what it is.
pub fn commit(commit: &Commit, model: &Model) -> Result<(), String> {
    for change in commit.changes() {
        match change {
            Change::Refund(_, row) => {
                let before = model.refunds.get(&row.id).map(|(_, before)| before);
                let same = |before: &Refund| {
                    (&before.key, before.amount, &before.transaction) == (&row.key, row.amount, &row.transaction)
                };
                if !before.is_none_or(same) || !row.is_sound() {
                    return Err(format!("{} is not what was asked for", row.id));
                }
                if row.state.holds_money() {
                    agreed(row)?;
                }
            }
            Change::Approval(line) => {
                let of_commit = commit.changes().iter().find_map(|change| match change {
                    Change::Refund(_, row) if row.id == line.refund => Some(&**row),
                    _ => None,
                });
                let row = of_commit.ok_or_else(|| format!("a line is added to {} and the refund is not", line.refund))?;
                second(line, row, model)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Two people, where two are needed, and the customer's evidence.
fn agreed(row: &Refund) -> Result<(), String> {
    let policy = Policy::default();
    let limits = policy.limits.get(&row.amount.currency).ok_or_else(|| format!("{} is of a currency nobody offers", row.id))?;
    if row.evidence.as_ref().is_none_or(|evidence| evidence.level < Level::A3) {
        return Err(format!("{} is approved without the customer's evidence", row.id));
    }
    let supervises = |id: StaffId| directory::staff().iter().any(|member| member.id == id && member.role.supervises());
    match row.checker {
        None if row.amount.minor > limits.by_rule_max => Err(format!("nobody agreed to {}", row.id)),
        Some(checker) if Some(checker) == row.maker => Err(format!("{} is decided by whoever asked for it", row.id)),
        Some(checker) if row.amount.minor > limits.one_checker_max && !supervises(checker) => {
            Err(format!("{} is too large for {checker}", row.id))
        }
        _ => Ok(()),
    }
}

fn second(line: &Approval, row: &Refund, model: &Model) -> Result<(), String> {
    let decides = match line.verdict {
        Verdict::Asked | Verdict::EvidenceTaken => return Ok(()),
        Verdict::Approved
        | Verdict::Declined
        | Verdict::ProposedDone
        | Verdict::ProposedUndone
        | Verdict::Confirmed
        | Verdict::Rejected => line.by,
    };
    let Some(by) = decides else { return Ok(()) };
    let staff = directory::staff();
    let member = |id: StaffId| staff.iter().find(|member| member.id == id);
    let leads = |leader: &Staff, other: &Staff| leader.role.supervises() && leader.teams.cover(&other.teams);
    let is_under = |leader: StaffId| match (member(leader), member(by)) {
        (Some(leader), Some(other)) => leader.id != other.id && leads(leader, other),
        _ => false,
    };
    if row.maker.is_some_and(|maker| maker == by || is_under(maker)) {
        return Err(format!("{by} decides on {} and asked for it, or is led by who did", row.id));
    }
    if matches!(line.verdict, Verdict::Confirmed | Verdict::Rejected) {
        let proposal = model.refunds.get(&row.id).and_then(|(_, before)| before.proposal);
        if proposal.is_none_or(|proposal| proposal.by == by || is_under(proposal.by)) {
            return Err(format!("{by} confirms what became of {} alone", row.id));
        }
    }
    Ok(())
}

/// Looks at a request that is about to leave.
///
/// # Errors
/// When it must not.
pub fn sent(asked: &GiveBack, model: &Model) -> Result<(), String> {
    let Some((_, refund)) = model.refund_by_key(&asked.key) else {
        return Err(format!("{} is sent and was never decided", asked.key));
    };
    let id = refund.id.to_string();
    let carries = (refund.amount.minor, &refund.transaction) == (asked.minor, &asked.transaction);
    let begun = refund.state == State::Submitting && model.is_audited("refund.submitting", &id);
    let approved = model.is_audited("refund.approved", &id) && refund.send_by.is_some();
    if carries && begun && approved { Ok(()) } else { Err(format!("{refund:?} is sent")) }
}
