//! Staff, as an admin sees to them. Whatever is changed for another person needs a fresh factor of whoever changes it.

pub(crate) mod certify;
pub(crate) mod list;
pub(crate) mod reset_second_factor;

pub(in crate::web) use certify::{certify, decertify};
pub(in crate::web) use list::list;
pub(in crate::web) use reset_second_factor::reset_second_factor;

use crate::web::error::Problem;
use crate::web::state::State;
use walletline_core::agent::{CertificateRefusal, Staff};
use walletline_core::kernel::actor::Role;
use walletline_core::kernel::ids::StaffId;

/// A ruling is made again this often when others wrote at the same time; more often means a bug, not bad luck.
const RULINGS_MAX: usize = 3;

/// Who reads whom staff are and what they were examined in.
const fn reads_staff(role: Role) -> bool {
    match role {
        Role::Admin | Role::Auditor | Role::Compliance => true,
        Role::Agent | Role::Checker | Role::Handler | Role::Supervisor => false,
    }
}

/// A member of staff by id.
async fn member(state: &State, id: StaffId) -> Result<Staff, Problem> {
    let all = state.store.staff().await?;
    all.into_iter().map(|(_, member)| member).find(|member| member.id == id).ok_or_else(Problem::not_found)
}

impl From<CertificateRefusal> for Problem {
    fn from(refusal: CertificateRefusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            CertificateRefusal::Missing(_) => Self::certificate_missing(detail),
            CertificateRefusal::NotYourWork => Self::forbidden(&detail),
            CertificateRefusal::Oneself => Self::oneself(detail),
            CertificateRefusal::Score | CertificateRefusal::Dates => Self::invalid_input(detail),
            CertificateRefusal::NothingToRevoke => Self::refused("no-such-certificate", "No such certificate", detail),
        }
    }
}
