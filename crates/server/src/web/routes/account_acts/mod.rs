//! Acts on accounts that two people have to agree to: what waits, and what the second person decides.

pub(crate) mod decide;
pub(crate) mod list;

pub(in crate::web) use decide::decide;
pub(in crate::web) use list::list;

use crate::web::error::Problem;
use walletline_core::kernel::actor::Role;

/// Whoever may be the second person.
fn may_decide(role: Role) -> Result<(), Problem> {
    match role {
        Role::Agent | Role::Supervisor | Role::Checker => Ok(()),
        Role::Handler | Role::Auditor | Role::Compliance | Role::Admin => {
            Err(Problem::forbidden("acts on accounts are decided by agents, checkers and supervisors"))
        }
    }
}
