//! Operations that move money: asked for, looked at, decided. What a person may see and decide follows from their role and from who asked.

pub(crate) mod ask;
pub(crate) mod decide;
pub(crate) mod evidence;
pub(crate) mod list;
pub(crate) mod preview;
pub(crate) mod read;

pub(in crate::web) use ask::ask;
pub(in crate::web) use decide::decide;
pub(in crate::web) use evidence::evidence;
pub(in crate::web) use list::list;
pub(in crate::web) use preview::preview;
pub(in crate::web) use read::read;

use crate::refunds::Refunds;
use crate::web::error::Problem;
use crate::web::state::State;
use crate::web::wire::Operation;
use walletline_core::agent::Staff;
use walletline_core::kernel::actor::Role;
use walletline_core::kernel::ids::{RefundId, StaffId};
use walletline_core::money::Refund;

/// Refunds, where there is a master key: without one nothing is asked for.
fn refunds(state: &State) -> Result<&Refunds, Problem> {
    state.refunds.as_ref().ok_or_else(Problem::unavailable)
}

/// Whoever asks customers what they want.
fn may_ask(role: Role) -> Result<(), Problem> {
    match role {
        Role::Agent | Role::Supervisor => Ok(()),
        Role::Checker | Role::Handler | Role::Auditor | Role::Compliance | Role::Admin => {
            Err(Problem::forbidden("operations are asked for by agents, in a call of their own"))
        }
    }
}

/// Whoever decides on what others ask for.
fn may_decide(role: Role) -> Result<(), Problem> {
    match role {
        Role::Checker | Role::Supervisor => Ok(()),
        Role::Agent | Role::Handler | Role::Auditor | Role::Compliance | Role::Admin => {
            Err(Problem::forbidden("operations are decided by checkers and supervisors"))
        }
    }
}

/// Whoever sees a refund: who asked for it, who may decide on it, and who checks that the rules were kept.
fn may_see(staff: &Staff, refund: &Refund) -> bool {
    match staff.role {
        Role::Agent => refund.maker == Some(staff.id),
        Role::Checker | Role::Supervisor | Role::Auditor | Role::Compliance => true,
        Role::Handler | Role::Admin => false,
    }
}

/// Whoever may find a refund by the reference that its customer reads out.
const fn may_look_up(role: Role) -> bool {
    match role {
        Role::Agent | Role::Checker | Role::Supervisor | Role::Auditor | Role::Compliance => true,
        Role::Handler | Role::Admin => false,
    }
}

/// A refund as it is shown.
async fn shown(refunds: &Refunds, id: RefundId, number_of: &impl Fn(StaffId) -> String) -> Result<Operation, Problem> {
    Ok(Operation::new(refunds.show(id).await?, &refunds.policy, number_of))
}
