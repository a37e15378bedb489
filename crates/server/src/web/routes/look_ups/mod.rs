//! Look-ups that somebody else must see.

pub(crate) mod list;
pub(crate) mod see;

pub(in crate::web) use list::list;
pub(in crate::web) use see::see;

use crate::web::error::Problem;
use walletline_core::agent::Staff;
use walletline_core::call::LookUpRefusal;

/// A ruling is made again this often when others wrote at the same time; more often means a bug, not bad luck.
const RULINGS_MAX: usize = 3;

/// Whether one person leads another.
fn leads(reader: &Staff, other: Option<&Staff>) -> bool {
    reader.role.supervises() && other.is_some_and(|other| reader.teams.cover(&other.teams))
}

impl From<LookUpRefusal> for Problem {
    fn from(refusal: LookUpRefusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            LookUpRefusal::BadReason => Self::invalid_input(detail),
            LookUpRefusal::NoNumber => Self::refused("no-number", "No number", detail),
            LookUpRefusal::NotYourWork => Self::forbidden(&detail),
            LookUpRefusal::Oneself => Self::oneself(detail),
            LookUpRefusal::NotWaiting => Self::refused("not-waiting", "Seen already", detail),
        }
    }
}
