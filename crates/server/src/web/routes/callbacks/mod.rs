//! Requests to be called back: who waits, who calls, who has called.

pub(crate) mod finish;
pub(crate) mod list;
pub(crate) mod take;

pub(in crate::web) use finish::finish;
pub(in crate::web) use list::list;
pub(in crate::web) use take::take;

use crate::web::error::Problem;
use crate::web::state::State;
use walletline_core::cases::{Callback, Case, Reference};
use walletline_core::commit::Version;
use walletline_core::kernel::actor::Role;

/// Whoever may call customers.
fn may_call(role: Role) -> Result<(), Problem> {
    match role {
        Role::Agent | Role::Supervisor => Ok(()),
        Role::Checker | Role::Handler | Role::Auditor | Role::Compliance | Role::Admin => {
            Err(Problem::forbidden("customers are called by agents"))
        }
    }
}

/// A request and its case, each with the version the next change is ruled on.
async fn known(state: &State, reference: &Reference) -> Result<((Version, Case), (Version, Callback)), Problem> {
    let case = state.store.case_by_reference(reference).await?.ok_or_else(Problem::not_found)?;
    let callback = state.store.callback(case.1.id).await?.ok_or_else(Problem::not_found)?;
    Ok((case, callback))
}
