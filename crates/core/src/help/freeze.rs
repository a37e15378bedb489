//! An emergency freeze is asked for: the case, the act, the errand that carries it and the counts against its limits become durable
//! together, or not at all. A number without an account goes exactly the same way.

use super::record::{concerned, raised};
use crate::cases::{Case, CaseKind, Keep, NewCase, Reference};
use crate::commit::{Change, Commit, Entry, Version};
use crate::identity::{FreezeAccount, Redeemed};
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, ErrandId},
    language::Language,
    purpose::Purpose,
    tally::{Counted, Tally},
    time::Wall,
};
use crate::outbox::{Errand, Job};
use crate::wallet::{FreezeLimits, NewOperation, Operation, TooManyFreezes, check_freeze};

/// The rows a freeze is ruled on.
#[derive(Debug, Clone)]
pub struct FreezeRows {
    /// What was lately done against the account: two who freeze it at the same moment meet on this row.
    pub account: (Version, Tally),
    /// What the caller did lately.
    pub caller: (Version, Tally),
    /// What came through the trunk lately.
    pub trunk: (Version, Tally),
    /// The case of an earlier freeze of the same account.
    pub case: Option<(Version, Case)>,
    /// The last act of that case.
    pub operation: Option<Operation>,
}

/// Names for what is new, made at the edge.
#[derive(Debug, Clone)]
pub struct NewFreeze {
    /// Of the act.
    pub operation: NewOperation,
    /// Of the case, when there is none yet.
    pub case: NewCase,
    /// Of the errand.
    pub errand: ErrandId,
}

/// A freeze that is on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct FreezeTaken {
    /// The act.
    pub operation: Operation,
    /// What the caller is told.
    pub reference: Reference,
    /// What carries it; none when an earlier one still does.
    pub errand: Option<Errand>,
    /// What makes it durable; none when this contact asked for it before and it is still under way.
    pub commit: Option<Commit>,
}

/// Takes a freeze.
///
/// # Errors
/// [`TooManyFreezes`]: a person has to decide.
pub fn take_freeze(
    permitted: &Redeemed<FreezeAccount>,
    rows: FreezeRows,
    new: NewFreeze,
    language: Language,
    limits: &FreezeLimits,
    now: Wall,
) -> Result<FreezeTaken, TooManyFreezes> {
    let FreezeRows {
        account: (account_version, mut account),
        caller: (caller_version, mut caller),
        trunk: (trunk_version, mut trunk),
        case,
        operation,
    } = rows;
    let case_id = case.as_ref().map_or(new.case.id, |(_, case)| case.id);
    let (fresh, target) = Operation::freeze(permitted, new.operation, case_id, now);
    check_freeze(&caller, &trunk, &fresh.subject, limits, now)?;
    if let (Some(running), Some((version, case))) = (operation.filter(|operation| !operation.state.is_over()), &case) {
        let commit = join(*version, case, &running, (fresh.contact, &new.case.keep), now);
        return Ok(FreezeTaken { operation: running, reference: case.reference.clone(), errand: None, commit });
    }
    let (contact, wallet, subject) = (fresh.contact, fresh.wallet.clone(), fresh.subject.clone());
    let (version, case, verb) = match case {
        Some((version, case)) => (version, case.raised_again(contact, &new.case.keep, now), "raised_again"),
        None => (0, Case::open(new.case, CaseKind::Freeze, wallet.clone(), subject.clone(), None, contact, now), "opened"),
    };
    account.note(Counted::Freeze, now, &subject);
    caller.note(Counted::Freeze, now, &subject);
    trunk.note(Counted::Freeze, now, &subject);
    let job = Job::Operate { operation: fresh.id, msisdn: target.msisdn, language };
    let errand = Errand::new(new.errand, wallet, Some(contact), job, now, fresh.send_by);
    let counts = vec![
        Change::Tally(account_version, account),
        Change::Tally(caller_version, caller),
        Change::Tally(trunk_version, trunk),
        Change::Errand(0, Box::new(errand.clone())),
    ];
    let asked = Entry::new(now, Actor::Caller, "freeze.asked", contact).for_purpose(Purpose::Emergency);
    let counted = Commit::new(asked, counts);
    let commit = fresh.committed(now).and(raised(version, &case, verb, contact, now)).and(counted);
    Ok(FreezeTaken { reference: case.reference, operation: fresh, errand: Some(errand), commit: Some(commit) })
}

/// A second contact asks for what is under way: it is told what comes of it too. None when it asked before.
fn join(version: Version, case: &Case, running: &Operation, (contact, keep): (ContactId, &Keep), now: Wall) -> Option<Commit> {
    if concerned(Some(case), running).contains(&contact) {
        return None;
    }
    let case = case.clone().raised_again(contact, keep, now);
    let asked = Entry::new(now, Actor::Caller, "freeze.asked", contact).for_purpose(Purpose::Emergency);
    Some(raised(version, &case, "raised_again", contact, now).and(Commit::new(asked, Vec::new())))
}

#[cfg(test)]
mod tests;
