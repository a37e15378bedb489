//! A freeze that became durable comes to its end, whatever crashed meanwhile, and the record says which end: *done* only when the
//! account is frozen or there is none, and open for a person when it is not done.

use crate::journal::Journal;
use crate::model::Model;
use crate::names;
use crate::wallet::Wallet;
use std::collections::BTreeSet;
use walletline_core::call::Fact;
use walletline_core::cases::CaseState;
use walletline_core::kernel::ids::OperationId;
use walletline_core::outbox::Message;
use walletline_core::wallet::State;

/// Looks when faults are lifted and time has passed.
///
/// # Errors
/// When a freeze is lost, left under way, or recorded as what it is not.
pub fn at_end(model: &Model, wallet: &Wallet, journal: &Journal) -> Result<(), String> {
    if let Some(noted) = journal.noted().first() {
        return Err(format!("{} is still in the journal", noted.operation.id));
    }
    if let Some((_, errand)) = model.errands.values().find(|(_, errand)| errand.job.name() == "operation") {
        return Err(format!("{} is still in the outbox: {errand:?}", errand.id));
    }
    if let Some(lost) = model.asked.difference(&model.answered).next() {
        return Err(format!("question {lost:?} was never answered"));
    }
    for key in &journal.keys {
        if model.operation_by_key(key).is_none() {
            return Err(format!("{key} was in the journal and is not in the store"));
        }
    }
    let effects: BTreeSet<&str> = wallet.ledger.iter().map(|act| act.key.as_str()).collect();
    for (_, operation) in model.operations.values() {
        let id = operation.id;
        let number = wallet.accounts.iter().find(|(number, _)| names::subject(&operation.wallet, number) == operation.subject);
        let case = model.cases.get(&operation.case).map(|(_, case)| case);
        let same_case = |other: &&OperationId| model.operations.get(other).is_some_and(|(_, other)| other.case == operation.case);
        let newest = model.order.iter().rfind(same_case).copied();
        let open = case.is_some_and(|case| case.state == CaseState::Open);
        on_record(model, operation, case.map(|case| case.reference.as_str()))?;
        match operation.state {
            State::Done => {
                if number.is_some_and(|(_, account)| !account.frozen) {
                    return Err(format!("{id} is done and its account is not frozen"));
                }
                if newest == Some(id) && open {
                    return Err(format!("{id} is done and its case is open"));
                }
                told(model, wallet, operation, case.map(|case| case.reference.as_str()))?;
            }
            State::Declined | State::GivenUp => {
                if operation.state == State::Declined && effects.contains(operation.key.as_str()) {
                    return Err(format!("{id} is declined and acted"));
                }
                let of_case = model.operations.values().map(|(_, other)| other).filter(|other| other.case == operation.case);
                let done_since =
                    of_case.into_iter().any(|other| other.settled_at >= Some(operation.created_at) && other.state == State::Done);
                if newest == Some(id) && !open && !done_since {
                    return Err(format!("{id} is {:?} and nobody has its case", operation.state));
                }
            }
            State::AwaitingSecond | State::Committed | State::Sending | State::Unknown | State::Reconciling => {
                return Err(format!("{id} is still {:?}", operation.state));
            }
        }
    }
    for act in &wallet.ledger {
        if model.operation_by_key(&act.key).is_none() {
            return Err(format!("{} acted and is in no record", act.key));
        }
    }
    Ok(())
}

/// The record of the contact that asked tells the case and what came of the act.
fn on_record(model: &Model, operation: &walletline_core::wallet::Operation, reference: Option<&str>) -> Result<(), String> {
    let (id, contact) = (operation.id, operation.contact);
    let lines = model.added.get(&contact);
    let tells = |wanted: &dyn Fn(&Fact) -> bool| lines.is_some_and(|lines| lines.values().any(wanted));
    let named = model.case_of.contains_key(&contact)
        && tells(&|fact| matches!(fact, Fact::Case { reference: told } if Some(told.as_str()) == reference));
    let outcome = if operation.state == State::GivenUp { "unknown" } else { operation.state.name() };
    let told = tells(
        &|fact| matches!(fact, Fact::WalletAct { correlation_id, outcome: told, .. } if *correlation_id == operation.key && told == outcome),
    );
    if named && told {
        Ok(())
    } else {
        Err(format!("{contact} asked for {id}; its record names the case: {named}, tells the end: {told}"))
    }
}

/// Whoever has the account was told at every address.
fn told(
    model: &Model,
    wallet: &Wallet,
    operation: &walletline_core::wallet::Operation,
    reference: Option<&str>,
) -> Result<(), String> {
    let number = wallet.accounts.keys().find(|number| names::subject(&operation.wallet, number) == operation.subject);
    let Some(number) = number else { return Ok(()) };
    let frozen = |message: &Message| matches!(message, Message::Frozen { reference: said } if Some(said.as_str()) == reference);
    let waits = model.errands.values().any(|(_, errand)| errand.job.name() != "operation");
    for address in [number.clone(), format!("{number}@mail.example")] {
        if !waits && !wallet.sent.get(&address).is_some_and(|sent| sent.iter().any(frozen)) {
            return Err(format!("{} is done and not every address was told", operation.id));
        }
    }
    Ok(())
}
