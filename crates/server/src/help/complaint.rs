//! What customers report, a complaint or a payment: the case is opened, or the open one comes up again. Who answers it is nobody's business
//! here, and nobody is asked whether there is such a payment.

use super::{Call, Helper, RULINGS_MAX};
use walletline_core::cases::{Case, CaseState};
use walletline_core::commit::Version;
use walletline_core::help::{Complaint, Report, take_complaint};
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::subject::Subject;
use walletline_core::switchboard::help::Helped;
use walletline_store::{CommitError, ReadError};

/// Cases of one customer looked through for one that is open.
const CASES_MAX: u32 = 50;

/// Has a case for what is reported.
pub(super) async fn take(helper: &Helper, call: &Call, subject: Option<Subject>, report: Report) {
    let help = try_take(helper, call, subject, report).await.unwrap_or_else(|| {
        tracing::warn!(contact = %call.contact, "what was reported has no case: the store does not take it");
        Helped::Unavailable
    });
    call.answer(helper, help).await;
}

async fn try_take(helper: &Helper, call: &Call, subject: Option<Subject>, report: Report) -> Option<Helped> {
    let subject = subject.unwrap_or_else(|| shown(helper, call));
    for _ in 0..RULINGS_MAX {
        let latest = latest(helper, call, &subject, &report).await.ok()?;
        let now = helper.clock.wall();
        let new = helper.names.case(helper.keep(&call.wallet), now).ok()?;
        let (wallet, subject, report) = (call.wallet.clone(), subject.clone(), report.clone());
        let made = Complaint { wallet, subject, contact: call.contact, report };
        let (case, commit) = take_complaint(made, latest, new, now);
        match helper.store.commit(commit).await {
            Ok(()) => return Some(Helped::ComplaintTaken { reference: case.reference.to_string() }),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return None,
        }
    }
    None
}

/// The customer's open case about this payment, or else their newest about none; about any payment where none is named.
async fn latest(helper: &Helper, call: &Call, subject: &Subject, report: &Report) -> Result<Option<(Version, Case)>, ReadError> {
    let kind = report.what.kind();
    let cases = helper.store.cases_of(&call.wallet, subject, CASES_MAX).await?;
    let open = || cases.iter().filter(|(_, case)| case.kind == kind && case.state == CaseState::Open);
    let same = report.transaction.as_ref().and_then(|named| open().find(|(_, case)| case.transaction.as_ref() == Some(named)));
    let unnamed = || open().find(|(_, case)| report.transaction.is_none() || case.transaction.is_none());
    Ok(same.or_else(unnamed).cloned())
}

/// Whoever named nobody is known by the number they show, and who shows none by this contact alone.
fn shown(helper: &Helper, call: &Call) -> Subject {
    let number = helper.wallets.number(&call.wallet, call.caller.expose());
    helper.names.subject(&call.wallet, &number.unwrap_or_else(|| Pii::new(call.contact.to_string())))
}
