//! A provisional credit: the amount in question, given to the customer before it is known who is right, and taken back where a rule allows it.
//! Two people for each way. The money itself is moved at the wallet, by hand; what stands here is who agreed to it, and that it was done.

use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::{Actor, Role},
    ids::{CaseId, StaffId},
    money::Money,
    time::{Span, Wall},
};
use serde::{Deserialize, Serialize};

/// How long a credit is kept once it is settled (domain: tied to a dispute, close and three years; the longest file is five).
const KEPT: Span = Span::from_s(6 * 365 * 24 * 3_600);

/// How far a credit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditState {
    /// Somebody proposes it.
    Proposed,
    /// The second person said no.
    Declined,
    /// It is given.
    Given,
    /// Somebody proposes to take it back.
    ReversalProposed,
    /// It was taken back.
    Reversed,
    /// It stays the customer's.
    Final,
}

impl CreditState {
    /// Every state.
    pub const ALL: [Self; 6] = [Self::Proposed, Self::Declined, Self::Given, Self::ReversalProposed, Self::Reversed, Self::Final];

    /// Whether the customer has the money.
    #[must_use]
    pub const fn is_given(self) -> bool {
        matches!(self, Self::Given | Self::ReversalProposed | Self::Final)
    }
}

/// What can be done about a credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CreditAct {
    /// Propose this amount.
    Propose(Money),
    /// Agree: the second person has seen that it was credited at the wallet, or that it was taken back there.
    Agree,
    /// Say no.
    Decline,
    /// Propose to take it back.
    ProposeReversal,
    /// Leave it with the customer for good.
    Keep,
}

/// What comes of an act, and whether it is the second person's.
enum Rule {
    First(CreditState, &'static str),
    Second(CreditState, &'static str),
}

/// Every step there is. What is not listed is refused.
const fn rule(state: Option<CreditState>, act: CreditAct) -> Option<Rule> {
    use CreditState::{Declined, Final, Given, Proposed, ReversalProposed, Reversed};
    match (state, act) {
        (None | Some(Declined), CreditAct::Propose(_)) => Some(Rule::First(Proposed, "proposed")),
        (Some(Proposed), CreditAct::Agree) => Some(Rule::Second(Given, "given")),
        (Some(Proposed), CreditAct::Decline) => Some(Rule::Second(Declined, "declined")),
        (Some(Given), CreditAct::ProposeReversal) => Some(Rule::First(ReversalProposed, "reversal_proposed")),
        (Some(Given), CreditAct::Keep) => Some(Rule::First(Final, "kept")),
        (Some(ReversalProposed), CreditAct::Agree) => Some(Rule::Second(Reversed, "reversed")),
        (Some(ReversalProposed), CreditAct::Decline) => Some(Rule::Second(Given, "reversal_declined")),
        (
            None | Some(Proposed | Declined | Given | ReversalProposed | Reversed | Final),
            CreditAct::Propose(_) | CreditAct::Agree | CreditAct::Decline | CreditAct::ProposeReversal | CreditAct::Keep,
        ) => None,
    }
}

/// A provisional credit of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// The case: it has one at most.
    pub case: CaseId,
    /// How much.
    pub amount: Money,
    /// How far it is.
    pub state: CreditState,
    /// Who proposed what waits, or proposed last.
    pub proposed_by: StaffId,
    /// Who decided last as the second person.
    pub decided_by: Option<StaffId>,
    /// When it was given.
    pub given_at: Option<Wall>,
    /// When something last happened to it.
    pub changed_at: Wall,
    /// When it must be gone.
    pub expires_at: Wall,
}

/// Whoever does something about a credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Creditor {
    /// Who.
    pub id: StaffId,
    /// What they are here for.
    pub role: Role,
    /// They were examined in checking refunds, and that holds.
    pub is_certified: bool,
    /// Whoever proposed what waits leads them.
    pub is_under_proposer: bool,
}

/// Why nothing is done about a credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreditRefusal {
    /// Not theirs to do.
    #[error("credits are proposed by handlers and supervisors, and decided by checkers, supervisors and compliance")]
    NotYourWork,
    /// No clock of the case knows a provisional credit.
    #[error("no rule that holds for this case knows a provisional credit")]
    NoRule,
    /// Not as it stands.
    #[error("as the credit stands this cannot be done")]
    NotInThisState,
    /// One person alone.
    #[error("whoever proposed it cannot decide on it")]
    Oneself,
    /// The proposer leads them.
    #[error("somebody whom the proposer does not lead must decide")]
    UnderProposer,
    /// Nobody examined them.
    #[error("deciding needs a certificate for checking refunds that is valid today")]
    NoCertificate,
    /// Nothing is credited.
    #[error("a credit is more than nothing")]
    NoAmount,
}

impl Credit {
    /// Something is done about the credit of a case, `known` or none yet. `is_known_to_a_rule` says whether a clock of the case knows such a
    /// credit.
    ///
    /// # Errors
    /// [`CreditRefusal`]: it stays as it was.
    pub fn ruled(
        known: Option<Self>,
        case: CaseId,
        act: CreditAct,
        by: Creditor,
        is_known_to_a_rule: bool,
        now: Wall,
    ) -> Result<(Self, &'static str), CreditRefusal> {
        let state = known.as_ref().map(|credit| credit.state);
        match rule(state, act).ok_or(CreditRefusal::NotInThisState)? {
            Rule::First(next, verb) => {
                if !matches!(by.role, Role::Handler | Role::Supervisor) {
                    return Err(CreditRefusal::NotYourWork);
                }
                let amount = match (act, &known) {
                    (CreditAct::Propose(amount), _) if amount.minor <= 0 => return Err(CreditRefusal::NoAmount),
                    (CreditAct::Propose(_), _) if !is_known_to_a_rule => return Err(CreditRefusal::NoRule),
                    (CreditAct::Propose(amount), _) => amount,
                    (_, Some(credit)) => credit.amount,
                    (_, None) => return Err(CreditRefusal::NotInThisState),
                };
                let given_at = known.as_ref().and_then(|credit| credit.given_at);
                let decided_by = known.and_then(|credit| credit.decided_by);
                let (changed_at, expires_at) = (now, now + KEPT);
                Ok((Self { case, amount, state: next, proposed_by: by.id, decided_by, given_at, changed_at, expires_at }, verb))
            }
            Rule::Second(next, verb) => {
                let mut credit = known.ok_or(CreditRefusal::NotInThisState)?;
                credit.may_be_decided(by)?;
                if credit.state == CreditState::Proposed && next == CreditState::Given {
                    credit.given_at = Some(now);
                }
                (credit.state, credit.decided_by, credit.changed_at) = (next, Some(by.id), now);
                credit.expires_at = now + KEPT;
                Ok((credit, verb))
            }
        }
    }

    fn may_be_decided(&self, by: Creditor) -> Result<(), CreditRefusal> {
        if !matches!(by.role, Role::Checker | Role::Supervisor | Role::Compliance) {
            return Err(CreditRefusal::NotYourWork);
        }
        if by.id == self.proposed_by {
            return Err(CreditRefusal::Oneself);
        }
        if by.is_under_proposer {
            return Err(CreditRefusal::UnderProposer);
        }
        if by.is_certified { Ok(()) } else { Err(CreditRefusal::NoCertificate) }
    }

    /// The transaction that writes it, named by what happened to it.
    #[must_use]
    pub fn written(&self, version: Version, by: StaffId, verb: &str, now: Wall) -> Commit {
        let entry = Entry::new(now, Actor::Staff { id: by }, &format!("credit.{verb}"), self.case);
        Commit::new(entry, vec![Change::Credit(version, Box::new(self.clone()))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn usd(minor: i64) -> Money {
        Money::new(minor, "USD".parse().unwrap())
    }

    fn person(id: u128, role: Role) -> Creditor {
        Creditor { id: id.into(), role, is_certified: true, is_under_proposer: false }
    }

    fn handler() -> Creditor {
        person(1, Role::Handler)
    }

    fn checker() -> Creditor {
        person(2, Role::Checker)
    }

    fn ruled(known: Option<Credit>, act: CreditAct, by: Creditor) -> Result<Credit, CreditRefusal> {
        Credit::ruled(known, 9.into(), act, by, true, Wall(5)).map(|(credit, _)| credit)
    }

    fn given() -> Credit {
        let proposed = ruled(None, CreditAct::Propose(usd(12_800)), handler()).unwrap();
        ruled(Some(proposed), CreditAct::Agree, checker()).unwrap()
    }

    #[test]
    fn a_credit_is_given_by_two_and_taken_back_by_two() {
        let credit = given();
        assert_eq!((credit.state, credit.amount, credit.given_at), (CreditState::Given, usd(12_800), Some(Wall(5))));
        let asked = ruled(Some(credit), CreditAct::ProposeReversal, handler()).unwrap();
        assert!(asked.state.is_given(), "the customer has it until it is decided");
        let back = ruled(Some(asked.clone()), CreditAct::Agree, checker()).unwrap();
        assert_eq!((back.state, back.state.is_given()), (CreditState::Reversed, false));
        let stays = ruled(Some(asked), CreditAct::Decline, checker()).unwrap();
        assert_eq!(stays.state, CreditState::Given);
        assert_eq!(ruled(Some(stays), CreditAct::Keep, handler()).unwrap().state, CreditState::Final);
    }

    #[test]
    fn nobody_decides_alone_or_for_whoever_leads_them() {
        let proposed = |by| ruled(None, CreditAct::Propose(usd(1)), by).unwrap();
        let lead = person(3, Role::Supervisor);
        let decide = |by| ruled(Some(proposed(lead)), CreditAct::Agree, by);
        assert_eq!(decide(lead), Err(CreditRefusal::Oneself));
        assert_eq!(decide(Creditor { is_under_proposer: true, ..checker() }), Err(CreditRefusal::UnderProposer));
        assert_eq!(decide(Creditor { is_certified: false, ..checker() }), Err(CreditRefusal::NoCertificate));
        for role in [Role::Agent, Role::Handler, Role::Auditor, Role::Admin] {
            assert_eq!(decide(person(4, role)), Err(CreditRefusal::NotYourWork));
        }
        for role in [Role::Agent, Role::Checker, Role::Auditor, Role::Compliance, Role::Admin] {
            let asked = ruled(None, CreditAct::Propose(usd(1)), person(4, role));
            assert_eq!(asked, Err(CreditRefusal::NotYourWork));
        }
    }

    #[test]
    fn no_rule_no_credit_and_nothing_is_no_amount() {
        let without = Credit::ruled(None, 9.into(), CreditAct::Propose(usd(1)), handler(), false, Wall(5));
        assert_eq!(without.unwrap_err(), CreditRefusal::NoRule);
        assert_eq!(ruled(None, CreditAct::Propose(usd(0)), handler()), Err(CreditRefusal::NoAmount));
        assert_eq!(ruled(None, CreditAct::Agree, checker()), Err(CreditRefusal::NotInThisState));
    }

    proptest! {
        #[test]
        fn no_sequence_of_acts_gives_or_takes_without_two_people(acts in prop::collection::vec((0_u8..5, 1_u128..4, any::<bool>()), 0..30)) {
            let (mut credit, mut last_proposer): (Option<Credit>, Option<StaffId>) = (None, None);
            for (act, who, is_checker) in acts {
                let act = match act {
                    0 => CreditAct::Propose(usd(100)),
                    1 => CreditAct::Agree,
                    2 => CreditAct::Decline,
                    3 => CreditAct::ProposeReversal,
                    _ => CreditAct::Keep,
                };
                let by = person(who, if is_checker { Role::Supervisor } else { Role::Handler });
                let before = credit.as_ref().is_some_and(|credit| credit.state.is_given());
                let Ok((after, _)) = Credit::ruled(credit.clone(), 9.into(), act, by, true, Wall(5)) else { continue };
                if before != after.state.is_given() {
                    prop_assert_eq!(after.decided_by, Some(by.id));
                    prop_assert_ne!(last_proposer, Some(by.id), "whoever moved the money did not propose it");
                }
                last_proposer = Some(after.proposed_by);
                credit = Some(after);
            }
        }
    }
}
