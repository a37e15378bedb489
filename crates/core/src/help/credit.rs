//! A provisional credit with the case it belongs to: only where a clock of the case knows one, decided by two people, and told in the record
//! of the contact in which the case came up last.

use super::refund::leads;
use crate::agent::Staff;
use crate::call::{AddedLine, Fact};
use crate::cases::{Case, Clock, Credit, CreditAct, CreditRefusal, CreditState, Creditor};
use crate::commit::{Change, Commit, Version};
use crate::kernel::{
    ids::ErrandId,
    language::Language,
    pii::Pii,
    time::{Span, Wall},
};
use crate::outbox::{Errand, Job, Message};

/// How long a message about it is worth sending.
const TOLD_WITHIN: Span = Span::from_s(24 * 3_600);

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

/// The customer who is told of a credit, as far as the case knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditTold {
    /// Their number, E.164: every address registered with it is told.
    pub msisdn: Pii<String>,
    /// In which language.
    pub language: Language,
    /// What tells them.
    pub errand: ErrandId,
}

/// Rules on an act about the credit of a case. Whoever it is given to, or taken back from, is told.
///
/// # Errors
/// [`CreditRefusal`]: it stays as it was.
pub fn rule_credit<'a>(
    case: &Case,
    known: Option<(Version, Credit)>,
    mut clocks: impl Iterator<Item = &'a Clock>,
    (act, by): (CreditAct, Creditor),
    told: Option<CreditTold>,
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
    let commit = credit.written(version, by.id, verb, now).with(line).with(message(case, &credit, verb, told, now));
    Ok((credit, commit))
}

/// The message to a customer who has the money now, or has it no more.
fn message(case: &Case, credit: &Credit, verb: &str, told: Option<CreditTold>, now: Wall) -> Option<Change> {
    let given = match verb {
        "given" => true,
        "reversed" => false,
        _ => return None,
    };
    let CreditTold { msisdn, language, errand } = told?;
    let message = Message::Credit { given, reference: case.reference.to_string(), amount: credit.amount.to_string() };
    let job = Job::Notify { msisdn, message, language };
    let contact = case.contacts.last().copied();
    Some(Change::Errand(0, Box::new(Errand::new(errand, case.wallet.clone(), contact, job, now, now + TOLD_WITHIN))))
}
