//! An act on an account is asked for: the case, the act, the errand that carries it and the counts against its limits become durable
//! together, or not at all. A number without an account goes exactly the same way. Whether the account allows it is found out when the
//! errand is run.

use super::record::{act_noted, raised};
use crate::cases::{Case, CaseKind, NewCase, Reference};
use crate::commit::{Change, Commit, Entry, Version};
use crate::identity::RedeemedAct;
use crate::kernel::{
    account_act::AccountAct,
    actor::Actor,
    ids::{ContactId, ErrandId},
    language::Language,
    purpose::Purpose,
    tally::{Counted, TALLY_KEPT, Tally},
    time::Wall,
};
use crate::outbox::{Errand, Job};
use crate::wallet::{NewOperation, Operation, State};

/// Links sent to one account in a day (domain: three).
const LINKS_MAX: usize = 3;

/// Accounts to which one calling number may have links sent in a day.
const LINKED_MAX: usize = 5;

/// The rows an act is ruled on.
#[derive(Debug, Clone)]
pub struct ActRows {
    /// What was lately done against the account: two who ask at the same moment meet on this row.
    pub account: (Version, Tally),
    /// What the caller did lately.
    pub caller: (Version, Tally),
    /// The case of an earlier act on the same account.
    pub case: Option<(Version, Case)>,
    /// The last act of that case.
    pub operation: Option<Operation>,
}

/// Names for what is new, made at the edge.
#[derive(Debug, Clone)]
pub struct NewAct {
    /// Of the act.
    pub operation: NewOperation,
    /// Of the case, when there is none yet.
    pub case: NewCase,
    /// Of the errand.
    pub errand: ErrandId,
}

/// An act that is on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct ActTaken {
    /// The act.
    pub operation: Operation,
    /// What the customer calls it by.
    pub reference: Reference,
    /// What makes it durable; none when this contact asked for it before and it is still under way.
    pub commit: Option<Commit>,
}

/// Why nothing is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAct {
    /// What was asked for is not done again today. Whoever asked hears what everybody hears.
    #[error("too many links were asked for from this number or for this account today: none is sent")]
    TooMany,
    /// Only an agent can ask for it: a second one has to agree.
    #[error("an agent has to ask for this, and a second one to agree")]
    NoMaker,
}

/// Takes an act, asked for by `actor` for the customer of the permit.
///
/// # Errors
/// [`NoAct`].
pub fn take_act(
    redeemed: &RedeemedAct,
    rows: ActRows,
    new: NewAct,
    (actor, language): (Actor, Language),
    now: Wall,
) -> Result<ActTaken, NoAct> {
    let ActRows { account: (account_version, mut account), caller: (caller_version, mut caller), case, operation } = rows;
    let case_id = case.as_ref().map_or(new.case.id, |(_, case)| case.id);
    let (fresh, target) = Operation::on_account(redeemed, new.operation, case_id, now);
    if redeemed.act() == AccountAct::SendLink {
        let to_account = account.count(Counted::LinkSent, now, TALLY_KEPT);
        if to_account >= LINKS_MAX || caller.others(Counted::LinkSent, now, &fresh.subject) >= LINKED_MAX {
            return Err(NoAct::TooMany);
        }
    }
    let fresh = match (redeemed.act().needs_second_person(), actor) {
        (false, _) => fresh,
        (true, Actor::Staff { id }) => fresh.waiting_for_second(id, new.errand),
        (true, _) => return Err(NoAct::NoMaker),
    };
    // What is under way is not begun again, when the same was permitted for it: more that was shown since may be what it waits for.
    let is_same = |running: &Operation| {
        !running.state.is_over() && running.act == fresh.act && running.level >= fresh.level && running.contact == fresh.contact
    };
    if let (Some(running), Some((_, case))) = (operation.filter(is_same), &case) {
        return Ok(ActTaken { operation: running, reference: case.reference.clone(), commit: None });
    }
    let (contact, wallet, subject) = (fresh.contact, fresh.wallet.clone(), fresh.subject.clone());
    let (version, case, verb) = match case {
        Some((version, case)) => (version, case.raised_again(contact, &new.case.keep, now), "raised_again"),
        None => (0, Case::open(new.case, CaseKind::Account, wallet.clone(), subject.clone(), None, contact, now), "opened"),
    };
    if redeemed.act() == AccountAct::SendLink {
        account.note(Counted::LinkSent, now, &subject);
        caller.note(Counted::LinkSent, now, &subject);
    }
    let job = Job::Operate { operation: fresh.id, msisdn: target.msisdn, language };
    let mut errand = Errand::new(new.errand, wallet, Some(contact), job, now, fresh.send_by);
    if fresh.state == State::AwaitingSecond {
        // Nobody agreed by then: it is given up.
        errand.due_at = fresh.send_by;
    }
    let rows =
        vec![Change::Tally(account_version, account), Change::Tally(caller_version, caller), Change::Errand(0, Box::new(errand))];
    let asked = asked_for(redeemed.act(), actor, contact, now);
    let waits = act_noted(&fresh, vec![contact], now);
    let commit = fresh.committed(now).and(raised(version, &case, verb, contact, now)).and(Commit::new(asked, rows)).with(waits);
    Ok(ActTaken { reference: case.reference, operation: fresh, commit: Some(commit) })
}

fn asked_for(act: AccountAct, actor: Actor, contact: ContactId, now: Wall) -> Entry {
    Entry::new(now, actor, &format!("{}.asked", act.name()), contact).for_purpose(Purpose::Service)
}

#[cfg(test)]
mod tests;
