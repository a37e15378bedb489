//! A refund has no effect or one: the wallet's ledger holds each key at most once, and what the record says in the end agrees with it, or
//! says that it is not known. Nothing stays on its way, whatever the wallet does not know is not sent twice, and its customer is told.

use crate::model::Model;
use crate::till::{Taken, Till};
use crate::wallet::Wallet;
use std::collections::{BTreeMap, BTreeSet};
use walletline_core::cases::CaseState;
use walletline_core::money::{Refund, State};
use walletline_core::outbox::{Job, Message, RefundStep};

/// Looks at the wallet's ledger.
///
/// # Errors
/// When a key acted twice, or without a refund.
pub fn step(till: &Till, model: &Model) -> Result<(), String> {
    let mut keys = BTreeSet::new();
    for given in &till.ledger {
        if !keys.insert(&given.key) {
            return Err(format!("{} gave back twice", given.key));
        }
        let Some((_, refund)) = model.refund_by_key(&given.key) else {
            return Err(format!("{} gave back and is in no record", given.key));
        };
        let freed = refund.state.is_over() && refund.state != State::Succeeded;
        if freed || matches!(refund.state, State::AwaitingApproval | State::Approved) {
            return Err(format!("{} gave back and is {:?}", refund.id, refund.state));
        }
    }
    Ok(())
}

/// Looks when faults are lifted and time has passed.
///
/// # Errors
/// When a refund stays on its way, or is recorded as what it is not.
pub fn at_end(model: &Model, wallet: &Wallet) -> Result<(), String> {
    let till = &wallet.till;
    step(till, model)?;
    let mut effects: BTreeMap<&str, u32> = BTreeMap::new();
    for given in &till.ledger {
        *effects.entry(&given.key).or_default() += 1;
    }
    let mut requests = BTreeSet::new();
    for (_, refund) in model.refunds.values() {
        let (id, state) = (refund.id, refund.state);
        if !requests.insert(&refund.request_key) {
            return Err(format!("{id} is the second refund of one request"));
        }
        let carried =
            model.errands.values().any(|(_, errand)| matches!(errand.job, Job::Refund { refund, follow: true } if refund == id));
        match state {
            State::Draft | State::Requested | State::EligibilityChecked | State::Approved | State::Submitting => {
                return Err(format!("{id} is still {state:?}"));
            }
            // What the wallet knows has come to its end by now; what it does not know is a person's to find out.
            State::Submitted | State::Pending | State::ActionNeeded | State::Unknown => {
                if !carried {
                    return Err(format!("{id} is {state:?} and nobody asks further"));
                }
                if matches!(till.keys.get(&refund.key), Some(Taken::Done | Taken::Failed)) {
                    return Err(format!("{id} is {state:?} although the wallet knows: {:?}", till.keys.get(&refund.key)));
                }
            }
            State::AwaitingApproval
            | State::Rejected
            | State::Declined
            | State::Expired
            | State::Succeeded
            | State::Failed
            | State::Cancelled => {
                if carried {
                    return Err(format!("{id} is {state:?} and still carried"));
                }
                let expected = u32::from(state == State::Succeeded);
                let happened = effects.get(refund.key.as_str()).copied().unwrap_or(0);
                if happened != expected {
                    return Err(format!("{id} is {state:?} and has {happened} effects"));
                }
            }
        }
        followed(refund, model)?;
        told(refund, model, wallet)?;
    }
    Ok(())
}

/// Its case is closed where nothing is left to do, and a person's where something is.
fn followed(refund: &Refund, model: &Model) -> Result<(), String> {
    let open = model.cases.get(&refund.case).is_some_and(|(_, case)| case.state == CaseState::Open);
    let closed = matches!(refund.state, State::Succeeded | State::Declined | State::Expired | State::Rejected);
    if open == closed { Err(format!("{} is {:?}, its case open: {open}", refund.id, refund.state)) } else { Ok(()) }
}

/// Its customer was told of its end, at every address.
fn told(refund: &Refund, model: &Model, wallet: &Wallet) -> Result<(), String> {
    let step = match refund.state {
        State::Succeeded => RefundStep::Done,
        State::Failed | State::Cancelled => RefundStep::Failed,
        State::Declined => RefundStep::Declined,
        State::Expired => RefundStep::Expired,
        _ => return Ok(()),
    };
    let waits = model.errands.values().any(|(_, errand)| matches!(errand.job, Job::Notify { .. } | Job::Message { .. }));
    // Told late is not told at all: a wallet that named no address for a whole day was asked long enough.
    let waits = waits || model.is_audited("notice.given_up", &refund.contact.to_string());
    let reference = model.cases.get(&refund.case).map(|(_, case)| case.reference.to_string());
    let says = |message: &Message| matches!(message, Message::Refund { step: said, reference: of, .. } if *said == step && Some(of) == reference.as_ref());
    let number = refund.msisdn.expose();
    for address in [number.clone(), format!("{number}@mail.example")] {
        if !waits && !wallet.sent.get(&address).is_some_and(|sent| sent.iter().any(says)) {
            return Err(format!("{} is {:?} and not every address was told", refund.id, refund.state));
        }
    }
    Ok(())
}
