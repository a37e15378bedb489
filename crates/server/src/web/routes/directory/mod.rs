//! The official directory as staff keep it: one proposes, another decides, and what strangers reported is looked at.

pub(crate) mod decide;
pub(crate) mod history;
pub(crate) mod judge;
pub(crate) mod list;
pub(crate) mod propose;
pub(crate) mod reports;
pub(crate) mod retract;

pub(in crate::web) use decide::decide;
pub(in crate::web) use history::history;
pub(in crate::web) use judge::judge;
pub(in crate::web) use list::list;
pub(in crate::web) use propose::propose;
pub(in crate::web) use reports::reports;
pub(in crate::web) use retract::retract;

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::state::State;
use walletline_core::directory::Clerk;
use walletline_core::kernel::actor::Role;

/// A ruling is made again this often when others wrote at the same time; more often means a bug, not bad luck.
const RULINGS_MAX: usize = 3;

/// Who acts.
const fn clerk(signed: &Signed) -> Clerk {
    Clerk { id: signed.staff.id, role: signed.staff.role }
}

/// The directory's inside is for those who keep it and those who check that.
fn check_reader(signed: &Signed) -> Result<(), Problem> {
    match signed.staff.role {
        Role::Admin | Role::Checker | Role::Auditor => Ok(()),
        Role::Agent | Role::Handler | Role::Supervisor | Role::Compliance => {
            Err(Problem::forbidden("the directory is kept by admins and checkers; everybody finds it at /official-numbers"))
        }
    }
}

/// What was decided is published at once. Where that fails the publisher tries again: the decision stands.
async fn publish(state: &State) {
    if let Err(error) = state.directory.publish().await {
        tracing::error!(%error, "the official directory could not be published");
    }
}
