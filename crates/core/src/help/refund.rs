//! A refund with everything that goes with it: its case, the lines in the record of its contact, what its customer is told, and the
//! errands that carry it. Each step is one transaction, so that none of them is ever without the others.

use super::record::raised;
use super::settle::NOTICE_WITHIN;
use crate::agent::{Staff, Teams};
use crate::call::{AddedLine, Fact};
use crate::cases::{Case, CaseKind, NewCase};
use crate::commit::{Change, Commit, Entry, Version};
use crate::identity::{Guarded, Redeemed, RequestRefund};
use crate::kernel::{
    actor::Actor,
    ids::{ErrandId, StaffId},
    language::Language,
    time::{Span, Wall},
};
use crate::money::{
    Certificates, Checker, Guards, Held, Maker, NewRefund, Original, Policy, REFUND_KEPT, Refund, RefundRefusal, RefundTarget,
    Reported, Ruled, State, Unfit, judge,
};
use crate::outbox::{Errand, Job, Message, RefundStep};

/// Digits of a transaction that a message names.
const TOLD_DIGITS: usize = 6;

/// First wait before the wallet is asked again; doubles each time, up to the longest.
const ASK_FIRST: Span = Span::from_s(2);
const ASK_MAX: Span = Span::from_s(15 * 60);

/// Names of the errands that may follow from a step, made at the edge, and the way to what they tell of.
#[derive(Debug, Clone)]
pub struct NewErrands {
    /// Where the customer may see how the refund stands: told with each step.
    pub link: String,
    /// Of what tells the customer.
    pub notice: ErrandId,
    /// Of what carries the refund.
    pub carrier: ErrandId,
    /// Of what ends it when nobody decides.
    pub lapse: ErrandId,
}

/// What a refund is asked for with.
#[derive(Debug, Clone)]
pub struct RefundAsked {
    /// Whoever asks.
    pub maker: Maker,
    /// For what.
    pub target: RefundTarget,
    /// What the wallet says of the transaction.
    pub original: Original,
    /// In which language its customer is told.
    pub language: Language,
}

/// Names of a new refund, its case and its errands.
#[derive(Debug, Clone)]
pub struct RefundNames {
    /// Of the refund.
    pub refund: NewRefund,
    /// Of its case.
    pub case: NewCase,
    /// Of its errands.
    pub errands: NewErrands,
}

/// Takes a refund: it waits for a decision, is approved by rule because it is small, or the transaction does not allow it.
///
/// # Errors
/// [`RefundRefusal`]: it is not asked for at all.
pub fn take_refund(
    permitted: &Redeemed<RequestRefund>,
    asked: RefundAsked,
    guards: Guards,
    new: RefundNames,
    policy: &Policy,
    now: Wall,
) -> Result<Ruled, RefundRefusal> {
    let RefundAsked { maker, target, original, language } = asked;
    let RefundNames { refund: names, case, errands } = new;
    let refund = Refund::ask(permitted, &maker, target, names, language, policy, now)?;
    let fit = judge(&original, &guards.source.1, refund.amount);
    // A sum that was keyed wrong is said at once: it is no request that a customer is told about.
    if matches!(fit, Err(Unfit::MoreThanIsLeft | Unfit::OtherCurrency)) {
        return Err(RefundRefusal::MoreThanIsLeft);
    }
    let refund = refund.checked(fit, now)?;
    let waits = refund.state == State::AwaitingApproval;
    if waits {
        refund.is_within_limits(&guards, policy, now)?;
    }
    let (transaction, wallet, subject) = (refund.transaction.clone(), refund.wallet.clone(), refund.subject.clone());
    let mut case = Case::open(case, CaseKind::Refund, wallet, subject, Some(transaction), refund.contact, now);
    let asked = refund.asked(now);
    // The row that sums are guarded on is there from the first request on, so that two who approve meet on it.
    let opened_source = (waits && guards.source.0 == 0).then(|| Change::RefundSource(0, Box::new(guards.source.1.clone())));
    let by_rule = if waits { asked.refund.approve_by_rule(1, guards, policy, now)? } else { None };
    let approved = by_rule.is_some();
    let lapse = (waits && !approved).then(|| lapse_errand(&asked.refund, errands.lapse));
    if !waits {
        case = case.closed(now);
    }
    let opened = raised(0, &case, "opened", asked.refund.contact, now);
    // A refund that is approved in the same breath is told of once.
    let told = if approved { asked } else { told(asked, &case, &errands, 1, now) };
    let first = told.commit.and(opened).with(lapse.map(|errand| Change::Errand(0, Box::new(errand))));
    let first = if approved { first } else { first.with(opened_source) };
    Ok(match by_rule {
        None => Ruled { refund: told.refund, commit: first },
        Some(ruled) => {
            let ruled = carried(self::told(ruled, &case, &errands, 2, now), errands.carrier, now);
            Ruled { refund: ruled.refund, commit: first.and(ruled.commit) }
        }
    })
}

/// Takes what the customer showed in a later contact; what needs nobody else is approved with it.
///
/// # Errors
/// [`RefundRefusal`].
pub fn take_refund_evidence(
    (version, refund): (Version, Refund),
    (shown, by): (&Redeemed<RequestRefund>, Option<StaffId>),
    (case, guards): ((Version, Case), Guards),
    errands: &NewErrands,
    policy: &Policy,
    now: Wall,
) -> Result<Ruled, RefundRefusal> {
    let taken = refund.take_evidence(version, shown, by, now)?;
    // What is beyond a limit waits: what was shown is good all the same.
    let Ok(Some(ruled)) = taken.refund.approve_by_rule(version + 1, guards, policy, now) else { return Ok(taken) };
    let ruled = follow_ruling(ruled, (version + 1, State::AwaitingApproval), (case, Held::default()), errands, now);
    Ok(Ruled { refund: ruled.refund, commit: taken.commit.and(ruled.commit) })
}

/// Goes on with a refund on which people ruled: its case, its record, what is told, what carries it.
#[must_use]
pub fn follow_ruling(
    ruled: Ruled,
    before: (Version, State),
    (case, held): ((Version, Case), Held),
    errands: &NewErrands,
    now: Wall,
) -> Ruled {
    let (version, state) = before;
    if ruled.refund.state == state {
        return ruled;
    }
    let ruled = told(ruled.freeing(state, held), &case.1, errands, version + 1, now);
    let ruled = settled(ruled, case, now);
    if ruled.refund.state == State::Approved { carried(ruled, errands.carrier, now) } else { ruled }
}

/// The rows that what the wallet said is ruled on.
#[derive(Debug, Clone)]
pub struct RefundRows {
    /// The refund.
    pub refund: (Version, Refund),
    /// Its case.
    pub case: (Version, Case),
    /// What it holds.
    pub held: Held,
    /// The errand that carries it, as claimed.
    pub errand: (Version, Errand),
}

/// Writes down what came of sending or asking, and when the wallet is asked next. The errand of a refund that is over is over too.
#[must_use]
pub fn report_refund(rows: RefundRows, reported: Reported, errands: &NewErrands, now: Wall) -> (Refund, Commit) {
    let RefundRows { refund: (version, before), case, held, errand: (errand_version, errand) } = rows;
    match before.report(version, reported, now) {
        Some(ruled) => {
            let ruled = follow_ruling(ruled, (version, before.state), (case, held), errands, now);
            let commit = ruled.commit.and(next_look(&ruled.refund, errand, errand_version, now));
            (ruled.refund, commit)
        }
        None => {
            let commit = next_look(&before, errand, errand_version, now);
            (before, commit)
        }
    }
}

/// Ends a refund that was never sent, and whose time is over. None when it may have been.
#[must_use]
pub fn give_up_refund(rows: RefundRows, errands: &NewErrands, now: Wall) -> Option<(Refund, Commit)> {
    let RefundRows { refund: (version, before), case, held, errand: (errand_version, errand) } = rows;
    let ruled = before.give_up(version, now)?;
    let ruled = follow_ruling(ruled, (version, before.state), (case, held), errands, now);
    Some((ruled.refund, ruled.commit.and(errand.done(errand_version, now))))
}

/// Ends a refund that nobody decided on in time, or sees that somebody did.
#[must_use]
pub fn lapse_refund(rows: RefundRows, errands: &NewErrands, now: Wall) -> Commit {
    let RefundRows { refund: (version, before), case, held, errand: (errand_version, errand) } = rows;
    if before.state == State::AwaitingApproval && now <= before.decide_by {
        return errand.again(errand_version, before.decide_by + Span(1), now);
    }
    let over = errand.done(errand_version, now);
    match before.lapse(version, now) {
        Some(ruled) => follow_ruling(ruled, (version, before.state), (case, held), errands, now).commit.and(over),
        None => over,
    }
}

/// The errand that looks at a refund once, because the wallet called back. Nothing is believed of what it said.
#[must_use]
pub fn look_at_refund(refund: &Refund, id: ErrandId, now: Wall) -> Commit {
    let job = Job::Refund { refund: refund.id, follow: false };
    let errand = Errand::new(id, refund.wallet.clone(), Some(refund.contact), job, now, now + NOTICE_WITHIN);
    let entry = Entry::new(now, Actor::System, "refund.called_back", refund.id);
    Commit::new(entry, vec![Change::Errand(0, Box::new(errand))])
}

/// Whoever asks, as they stand now.
#[must_use]
pub const fn maker_of(staff: &Staff, certificates: Certificates) -> Maker {
    Maker::Staff { id: staff.id, certificates }
}

/// Whoever decides, as they stand now. `staff` is everybody who is known; whoever asked and is known no more leads nobody.
#[must_use]
pub fn checker_of(checker: &Staff, certificates: Certificates, refund: &Refund, staff: &[Staff]) -> Checker {
    let leads = |leader: StaffId| {
        let leader = staff.iter().find(|member| member.id == leader);
        leader.is_some_and(|leader| leader.id != checker.id && leads(leader, &checker.teams))
    };
    Checker {
        id: checker.id,
        certificates,
        supervises: checker.role.supervises(),
        is_under_maker: refund.maker.is_some_and(leads),
        is_under_proposer: refund.proposal.is_some_and(|proposal| leads(proposal.by)),
    }
}

/// Whether one person leads somebody who belongs to these teams.
pub(super) fn leads(leader: &Staff, teams: &Teams) -> bool {
    leader.role.supervises() && leader.teams.cover(teams)
}

fn lapse_errand(refund: &Refund, id: ErrandId) -> Errand {
    let job = Job::RefundLapse { refund: refund.id };
    let due_at = refund.decide_by + Span(1);
    Errand::new(id, refund.wallet.clone(), Some(refund.contact), job, due_at, due_at + REFUND_KEPT)
}

/// The same ruling with the errand that carries the refund to its end.
fn carried(ruled: Ruled, id: ErrandId, now: Wall) -> Ruled {
    let Ruled { refund, commit } = ruled;
    let job = Job::Refund { refund: refund.id, follow: true };
    let errand = Errand::new(id, refund.wallet.clone(), Some(refund.contact), job, now, now + REFUND_KEPT);
    Ruled { refund, commit: commit.with([Change::Errand(0, Box::new(errand))]) }
}

fn next_look(refund: &Refund, errand: Errand, version: Version, now: Wall) -> Commit {
    let follows = matches!(errand.job, Job::Refund { follow: true, .. });
    if refund.state.is_over() || !follows {
        return errand.done(version, now);
    }
    let wait = ASK_FIRST.0.saturating_mul(1 << errand.attempts.saturating_sub(1).min(16)).min(ASK_MAX.0);
    errand.again(version, now + Span(wait), now)
}

/// The same ruling with its line in the record, and with what its customer is told.
fn told(ruled: Ruled, case: &Case, errands: &NewErrands, version: Version, now: Wall) -> Ruled {
    let Ruled { refund, mut commit } = ruled;
    let (outcome, step) = match refund.state {
        State::Draft | State::Requested | State::EligibilityChecked | State::Submitting | State::Submitted | State::Pending => {
            return Ruled { refund, commit };
        }
        State::AwaitingApproval => (State::AwaitingApproval.name(), Some(RefundStep::Asked)),
        State::Rejected => (State::Rejected.name(), Some(RefundStep::Rejected)),
        State::Declined => (State::Declined.name(), Some(RefundStep::Declined)),
        State::Expired => (State::Expired.name(), Some(RefundStep::Expired)),
        State::Approved => (State::Approved.name(), Some(RefundStep::Approved)),
        // What nobody knows is not told: it is found out.
        State::Unknown => (State::Unknown.name(), None),
        State::ActionNeeded => (State::ActionNeeded.name(), None),
        State::Succeeded => ("done", Some(RefundStep::Done)),
        State::Failed => (State::Failed.name(), Some(RefundStep::Failed)),
        State::Cancelled => (State::Cancelled.name(), Some(RefundStep::Failed)),
    };
    let fact = Fact::WalletAct {
        operation: RequestRefund::NAME.to_owned(),
        outcome: outcome.to_owned(),
        correlation_id: refund.key.clone(),
    };
    let line = AddedLine { name: format!("{}.{version}", refund.id), at: now, fact };
    commit = commit.with([Change::Added(refund.contact, line)]);
    if let Some(step) = step {
        let message = Message::Refund {
            step,
            reference: case.reference.to_string(),
            amount: refund.amount.to_string(),
            transaction: last_digits(&refund.transaction),
            link: errands.link.clone(),
        };
        let job = Job::Notify { msisdn: refund.msisdn.clone(), message, language: refund.language };
        let errand = Errand::new(errands.notice, refund.wallet.clone(), Some(refund.contact), job, now, now + NOTICE_WITHIN);
        let entry = Entry::new(now, Actor::System, "notice.committed", refund.contact);
        commit = commit.and(Commit::new(entry, vec![Change::Errand(0, Box::new(errand))]));
    }
    Ruled { refund, commit }
}

/// The same ruling with its case: closed where nothing is left to do, open where a person has to see to it.
fn settled(ruled: Ruled, (version, case): (Version, Case), now: Wall) -> Ruled {
    let Ruled { refund, commit } = ruled;
    let closes = match refund.state {
        State::Succeeded | State::Declined | State::Expired | State::Rejected => true,
        State::Draft
        | State::Requested
        | State::EligibilityChecked
        | State::AwaitingApproval
        | State::Approved
        | State::Submitting
        | State::Submitted
        | State::Pending
        | State::ActionNeeded
        | State::Unknown
        | State::Failed
        | State::Cancelled => false,
    };
    let commit = if closes { commit.and(case.closed(now).written(version, Actor::System, "closed", now)) } else { commit };
    Ruled { refund, commit }
}

fn last_digits(transaction: &str) -> String {
    let skip = transaction.chars().count().saturating_sub(TOLD_DIGITS);
    transaction.chars().skip(skip).collect()
}

#[cfg(test)]
mod tests;
