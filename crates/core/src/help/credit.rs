//! A provisional credit with the case it belongs to: only where a clock of the case knows one, decided by two people, and told in the record
//! of the contact in which the case came up last.

use super::refund::leads;
use crate::agent::Staff;
use crate::call::{AddedLine, Fact};
use crate::cases::{Case, Clock, Credit, CreditAct, CreditRefusal, CreditState, Creditor};
use crate::commit::{Change, Commit, Version};
use crate::kernel::time::Wall;

/// What the record calls it.
const ACT: &str = "provisional_credit";

/// Whoever does something about a credit, as they stand now. `staff` is everybody who is known; whoever proposed it and is known no more leads
/// nobody.
#[must_use]
pub fn creditor_of(by: &Staff, is_certified: bool, credit: Option<&Credit>, staff: &[Staff]) -> Creditor {
    let proposer = credit.and_then(|credit| staff.iter().find(|member| member.id == credit.proposed_by));
    let is_under_proposer = proposer.is_some_and(|proposer| proposer.id != by.id && leads(proposer, &by.teams));
    Creditor { id: by.id, role: by.role, is_certified, is_under_proposer }
}

/// Rules on an act about the credit of a case.
///
/// # Errors
/// [`CreditRefusal`]: it stays as it was.
pub fn rule_credit<'a>(
    case: &Case,
    known: Option<(Version, Credit)>,
    mut clocks: impl Iterator<Item = &'a Clock>,
    act: CreditAct,
    by: Creditor,
    now: Wall,
) -> Result<(Credit, Commit), CreditRefusal> {
    let knows = clocks.any(|clock| clock.terms.rule.provisional_credit.is_some());
    let (version, known) = known.map_or((0, None), |(version, credit)| (version, Some(credit)));
    let (credit, verb) = Credit::ruled(known, case.id, act, by, knows, now)?;
    let outcome = match credit.state {
        CreditState::Proposed | CreditState::ReversalProposed => None,
        CreditState::Declined => Some("declined"),
        CreditState::Given => Some("done"),
        CreditState::Reversed => Some("reversed"),
        CreditState::Final => Some("kept"),
    };
    let line = outcome.zip(case.contacts.last()).map(|(outcome, contact)| {
        let fact = Fact::WalletAct {
            operation: ACT.to_owned(),
            outcome: outcome.to_owned(),
            correlation_id: case.reference.to_string(),
        };
        Change::Added(*contact, AddedLine { name: format!("credit.{}.{}", case.id, version + 1), at: now, fact })
    });
    let commit = credit.written(version, by.id, verb, now).with(line);
    Ok((credit, commit))
}
