//! No act on a wallet without a permit and an audit entry: when a request leaves, its decision is durable with the level it needs,
//! carries what was permitted, and the log says so; or its line is in the journal.

use crate::journal::Journal;
use crate::model::Model;
use crate::wallet::Freeze;
use walletline_core::identity::{FreezeAccount, Guarded, Ladder};
use walletline_core::kernel::pii::Pii;
use walletline_core::wallet::{State, Target};

/// Looks at a request that is about to be sent.
///
/// # Errors
/// When it must not be.
pub fn sent(asked: &Freeze, model: &Model, journal: &Journal) -> Result<(), String> {
    let Some(operation) = model.operation_by_key(&asked.key) else {
        let noted = journal.keys.contains(&asked.key);
        return if noted { Ok(()) } else { Err(format!("{} is sent and was never decided", asked.key)) };
    };
    let journalled = journal.keys.contains(&asked.key);
    let id = operation.id.to_string();
    let begun = matches!(operation.state, State::Sending | State::Reconciling);
    let audited = model.is_audited("freeze.committed", &id)
        && (model.is_audited("freeze.sending", &id) || model.is_audited("freeze.reconciling", &id));
    let carries = operation.check(&Target { msisdn: Pii::new(asked.msisdn.clone()) }).is_ok();
    let permitted = operation.level >= Ladder::default().needs(FreezeAccount::ACT);
    // The process that took a freeze by the journal may still be sending it while the outbox does, or is done with it.
    if permitted && carries && ((begun && audited) || journalled) {
        return Ok(());
    }
    Err(format!("{id} is sent: {:?}, audited: {audited}, permitted: {permitted}, carries it: {carries}", operation.state))
}
