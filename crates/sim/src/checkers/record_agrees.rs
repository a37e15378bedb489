//! The real store holds what became durable, row by row, and its timelines have no gap.

use crate::model::Model;
use walletline_core::call::Contact;
use walletline_store::{ReadError, Store};

/// Lines that acts added are numbered from here on.
const ADDED_FROM: u32 = 1 << 30;

/// Compares the store with the model.
///
/// # Errors
/// When a row differs.
pub async fn at_end(model: &Model, store: &Store) -> Result<(), String> {
    let failed = |error: ReadError| format!("the store cannot be read: {error}");
    for (id, (version, contact)) in &model.contacts {
        let Some(record) = store.contact(*id).await.map_err(failed)? else { return Err(format!("{id} is gone")) };
        let case = model.case_of.get(id).map(|(_, reference)| reference.clone()).or_else(|| contact.case.clone());
        if record.contact != (Contact { case, ..contact.clone() }) || record.version != *version {
            return Err(format!("{id} is at {} and should be at {version}", record.version));
        }
        let lines = store.timeline(*id).await.map_err(failed)?;
        let added = model.added.get(id);
        for (name, fact) in added.into_iter().flatten() {
            if !lines.iter().any(|line| line.fact == *fact) {
                return Err(format!("the timeline of {id} does not tell {name}"));
            }
        }
        let lines: Vec<_> = lines.iter().filter(|line| line.seq < ADDED_FROM).collect();
        let kept = model.lines.get(id).map_or(0, std::collections::BTreeSet::len);
        let mut numbers: Vec<u32> = lines.iter().map(|line| line.seq).collect();
        numbers.sort_unstable();
        let gapless = numbers.iter().enumerate().all(|(at, seq)| u32::try_from(at) == Ok(*seq));
        if lines.len() != kept || !gapless {
            return Err(format!("the timeline of {id} holds {} of {kept} lines: {numbers:?}", lines.len()));
        }
    }
    for (id, (version, operation)) in &model.operations {
        if store.operation(*id).await.map_err(failed)?.as_ref() != Some(&(*version, operation.clone())) {
            return Err(format!("{id} is not as it became durable"));
        }
    }
    for (id, (version, case)) in &model.cases {
        if store.case(*id).await.map_err(failed)?.as_ref() != Some(&(*version, case.clone())) {
            return Err(format!("{id} is not as it became durable"));
        }
    }
    for (id, (version, challenge)) in &model.challenges {
        if store.challenge(*id).await.map_err(failed)?.as_ref() != Some(&(*version, challenge.clone())) {
            return Err(format!("{id} is not as it became durable"));
        }
    }
    refunds_agree(model, store).await.map_err(failed)??;
    let mut after = 0;
    let mut entries = 0;
    loop {
        let page = store.audit(after, 1_000).await.map_err(failed)?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        entries += page.len();
    }
    if entries != model.audit.len() {
        return Err(format!("the audit log holds {entries} entries of {}", model.audit.len()));
    }
    Ok(())
}

/// Refunds, what was decided on them, and the rows that sums are guarded on.
async fn refunds_agree(model: &Model, store: &Store) -> Result<Result<(), String>, ReadError> {
    for (id, (version, refund)) in &model.refunds {
        if store.refund(*id).await?.as_ref() != Some(&(*version, refund.clone())) {
            return Ok(Err(format!("{id} is not as it became durable")));
        }
        let decisions: Vec<_> = model.approvals.values().filter(|line| line.refund == *id).cloned().collect();
        if store.approvals(*id).await? != decisions {
            return Ok(Err(format!("what was decided on {id} is not as it became durable")));
        }
    }
    for (key, (version, source)) in &model.refund_sources {
        if store.refund_source(&source.wallet, &source.transaction).await?.as_ref() != Some(&(*version, source.clone())) {
            return Ok(Err(format!("{key} is not as it became durable")));
        }
    }
    for (key, (version, spent)) in &model.refund_spent {
        if store.refund_spent(key).await? != (*version, spent.clone()) {
            return Ok(Err(format!("{key} is not as it became durable")));
        }
    }
    Ok(Ok(()))
}
