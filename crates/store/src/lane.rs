//! Which of several writers a commit goes to, and who is told of it: read from its changes alone.

use crate::commit::Work;
use walletline_core::commit::Change;

/// A commit puts something into the outbox, or changes what is there.
pub(crate) fn holds_errand(work: &Work) -> bool {
    let Work::Commit(commit) = work else { return false };
    commit.changes().iter().any(|change| matches!(change, Change::Errand(..)))
}

/// A commit opens or changes a case, or a clock of one.
pub(crate) fn holds_case(work: &Work) -> bool {
    let Work::Commit(commit) = work else { return false };
    commit.changes().iter().any(|change| matches!(change, Change::Case(..) | Change::Clock(..)))
}

/// Which of several writers a commit goes to. What changes one contact, its codes or its acts, or else one errand, or else one
/// member of staff, always goes to the same one and so is written in the order it was handed in.
///
/// Tallies have no lane of their own: one is shared by commits of many contacts, whose order among themselves nobody is promised.
/// Of two that were ruled on the same version PostgreSQL lets one wait for the other's row and then find it changed: a conflict.
pub(crate) fn lane(work: &Work, lanes: usize) -> usize {
    let Work::Commit(commit) = work else { return 0 };
    // Of those that name it equally plainly the first.
    let named = commit.changes().iter().filter_map(named_by).min_by_key(|(rank, _)| *rank);
    let key = named.map_or(0, |(_, key)| key);
    // The low 80 bits of an identifier are random.
    usize::try_from(key % lanes.max(1) as u128).unwrap_or(0)
}

/// What a change says its commit is about, and how plainly: a row of a contact, then what was asked in one, then an errand of its
/// own pace or a case that came up in several, then staff, then the directory's rows.
fn named_by(change: &Change) -> Option<(u8, u128)> {
    match change {
        Change::Contact(_, contact) => Some((0, contact.id.to_u128())),
        Change::Timeline(contact, _) => Some((0, contact.to_u128())),
        // Of several contacts at times; the act or the case they stand beside names the commit.
        Change::Added(..) | Change::CaseOfContact(..) => None,
        Change::Leg(_, leg) => Some((0, leg.contact.to_u128())),
        Change::Note(_, note) => Some((0, note.contact.to_u128())),
        Change::WrapUp(_, wrap_up) => Some((0, wrap_up.contact.to_u128())),
        Change::Recording(_, recording) => Some((2, recording.id.to_u128())),
        Change::Listening(part) => Some((2, part.recording.to_u128())),
        Change::Challenge(_, challenge) => Some((1, challenge.contact.to_u128())),
        Change::Operation(_, operation) => Some((1, operation.contact.to_u128())),
        Change::Refund(_, refund) => Some((1, refund.contact.to_u128())),
        Change::Approval(line) => Some((2, line.refund.to_u128())),
        Change::Errand(_, errand) => Some((2, errand.id.to_u128())),
        Change::ErrandOver(_, errand) => Some((2, errand.to_u128())),
        Change::ErrandRefused { errand, .. } => Some((2, errand.to_u128())),
        Change::Delivery(_, delivery) => Some((2, delivery.id.to_u128())),
        Change::Case(_, case) => case.contacts.last().map(|contact| (2, contact.to_u128())),
        Change::Pass(_, pass) => Some((2, pass.id.to_u128())),
        Change::LookUp(_, look_up) => Some((2, look_up.id.to_u128())),
        Change::Staff(_, staff) => Some((3, staff.id.to_u128())),
        Change::SessionOpened(session) => Some((3, session.staff.to_u128())),
        Change::SessionsEnded(staff) => Some((3, staff.to_u128())),
        Change::SecondFactor(_, factor) => Some((3, factor.staff.to_u128())),
        Change::LoginLinkMade(link) => Some((3, link.staff.to_u128())),
        Change::Certificate(_, certificate) => Some((3, certificate.staff.to_u128())),
        Change::Presence(row) => Some((3, row.agent.to_u128())),
        Change::PhoneBound(binding) => Some((3, binding.staff.to_u128())),
        Change::PhoneUnbound(staff) => Some((3, staff.to_u128())),
        Change::Clock(_, clock) => Some((3, clock.case.to_u128())),
        Change::Credit(_, credit) => Some((3, credit.case.to_u128())),
        Change::Upload(_, upload) => Some((3, upload.case.to_u128())),
        Change::Statement(statement) => Some((3, statement.case.to_u128())),
        Change::Callback(_, callback) => Some((3, callback.case.to_u128())),
        Change::Listing(_, listing) => Some((4, listing.id.to_u128())),
        Change::Suspect(_, suspect) => Some((4, suspect.id.to_u128())),
        Change::ListingLine(_)
        | Change::Edition(_)
        | Change::SuspectsExpired(_)
        | Change::DialogClosed(_)
        | Change::SessionEnded(_)
        | Change::LoginLinkUsed(_)
        | Change::Tally(..)
        | Change::RefundSource(..)
        | Change::RefundSpent(..)
        | Change::RefundsForgotten
        | Change::Budget(..)
        | Change::TalliesForgotten
        | Change::LeasesEnded { .. }
        | Change::PassesForgotten(_)
        | Change::Article(_)
        | Change::OpenContactsClosed { .. } => None,
    }
}
