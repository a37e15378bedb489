//! Every change stands in the audit log: each kind of row that a commit writes is named by an entry of the same commit.

use walletline_core::commit::{Change, Commit};

/// What is said of a contact.
const OF_CONTACT: [&str; 4] = ["contact.", "level.", "risk.", "help."];

/// Looks at a commit.
///
/// # Errors
/// When a change has no entry that speaks of it.
pub fn commit(commit: &Commit) -> Result<(), String> {
    let named = |subject: &str, families: &[&str]| {
        let of_family = |action: &str| families.iter().any(|family| action.starts_with(family));
        commit.entries().iter().any(|entry| (subject.is_empty() || entry.subject == subject) && of_family(&entry.action))
    };
    for change in commit.changes() {
        let spoken_of = match change {
            Change::Contact(_, row) => named(&row.id.to_string(), &OF_CONTACT),
            Change::Timeline(contact, _) => named(&contact.to_string(), &OF_CONTACT),
            Change::Added(..) | Change::CaseOfContact(..) => {
                named("", &["case.", "freeze.", "delivery.", "clock.", "credit.", "watch.", "refund."])
            }
            Change::LeasesEnded { run, .. } => named(&run.to_string(), &["errands.freed"]),
            Change::Leg(_, row) => named(&row.contact.to_string(), &OF_CONTACT),
            Change::DialogClosed(_) => named("", &["contact.", "dialog."]),
            Change::Presence(row) => named(&row.agent.to_string(), &["presence."]),
            Change::Challenge(_, row) => named(&row.contact.to_string(), &["code.", "second_factor."]),
            Change::Tally(..) => named("", &["code.", "codes.", "second_factor.", "freeze.", "callback.", "form."]),
            Change::Operation(_, row) => {
                named(&row.id.to_string(), &[&format!("{}.{}", row.act, row.state.name()), "freeze.committed"])
            }
            Change::Callback(_, row) => named(&row.case.to_string(), &["callback."]),
            Change::Credit(_, row) => named(&row.case.to_string(), &["credit."]),
            Change::Clock(_, row) => named(&row.id.to_string(), &["clock."]),
            Change::Statement(row) => named(&row.case.to_string(), &["form."]),
            Change::Upload(_, row) => named(&row.id.to_string(), &["upload."]),
            Change::Case(_, row) => named(&row.id.to_string(), &["case."]),
            Change::Delivery(..) => named("", &["delivery.", "code."]),
            Change::ErrandRefused { errand, .. } => named(&errand.to_string(), &["errand.refused"]),
            Change::Errand(..) | Change::ErrandOver(..) => {
                const OF_ERRAND: [&str; 11] = [
                    "operation.",
                    "notice.",
                    "message.",
                    "code.",
                    "codes.",
                    "freeze.",
                    "callback.",
                    "watch.",
                    "refund",
                    "form.",
                    "credit.",
                ];
                named("", &OF_ERRAND)
            }
            Change::OpenContactsClosed { .. } => named("contacts", &["contacts.closed"]),
            Change::Refund(_, row) => named(&row.id.to_string(), &["refund."]),
            Change::Approval(row) => named(&row.refund.to_string(), &["refund."]),
            Change::RefundSource(..) | Change::RefundSpent(..) => named("", &["refund."]),
            Change::Note(..)
            | Change::WrapUp(..)
            | Change::Recording(..)
            | Change::Listening(_)
            | Change::LookUp(..)
            | Change::Staff(..)
            | Change::SessionOpened(_)
            | Change::SessionEnded(_)
            | Change::SessionsEnded(_)
            | Change::SecondFactor(..)
            | Change::LoginLinkMade(_)
            | Change::LoginLinkUsed(_)
            | Change::Certificate(..)
            | Change::PhoneBound(_)
            | Change::PhoneUnbound(_)
            | Change::Listing(..)
            | Change::ListingLine(_)
            | Change::Edition(_)
            | Change::Suspect(..)
            | Change::SuspectsExpired(_)
            | Change::Pass(..)
            | Change::PassesForgotten(_)
            | Change::Budget(..)
            | Change::Article(_)
            | Change::TalliesForgotten
            | Change::RefundsForgotten => !commit.entries().is_empty(),
        };
        if !spoken_of {
            return Err(format!("no entry of {:?} speaks of {change:?}", commit.entries()));
        }
    }
    Ok(())
}
