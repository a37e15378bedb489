//! Complaints: the case is opened, or the open one comes up again. Who answers it is nobody's business here.

use super::{Call, Helper, RULINGS_MAX};
use walletline_core::cases::CaseKind;
use walletline_core::help::{Complaint, take_complaint};
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::subject::Subject;
use walletline_core::switchboard::help::Helped;
use walletline_store::CommitError;

/// Has a case for a complaint.
pub(super) async fn take(helper: &Helper, call: &Call, subject: Option<Subject>) {
    let help = try_take(helper, call, subject).await.unwrap_or_else(|| {
        tracing::warn!(contact = %call.contact, "a complaint has no case: the store does not take it");
        Helped::Unavailable
    });
    call.answer(helper, help).await;
}

async fn try_take(helper: &Helper, call: &Call, subject: Option<Subject>) -> Option<Helped> {
    let subject = subject.unwrap_or_else(|| shown(helper, call));
    for _ in 0..RULINGS_MAX {
        let latest = helper.store.case_of(CaseKind::Complaint, &call.wallet, &subject, None).await.ok()?;
        let now = helper.clock.wall();
        let new = helper.names.case(helper.keep(&call.wallet), now).ok()?;
        let made = Complaint { wallet: call.wallet.clone(), subject: subject.clone(), contact: call.contact };
        let (case, commit) = take_complaint(made, latest, new, now);
        match helper.store.commit(commit).await {
            Ok(()) => return Some(Helped::ComplaintTaken { reference: case.reference.to_string() }),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return None,
        }
    }
    None
}

/// Whoever named nobody is known by the number they show, and who shows none by this contact alone.
fn shown(helper: &Helper, call: &Call) -> Subject {
    let number = helper.wallets.number(&call.wallet, call.caller.expose());
    helper.names.subject(&call.wallet, &number.unwrap_or_else(|| Pii::new(call.contact.to_string())))
}
