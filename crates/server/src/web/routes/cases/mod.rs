//! Cases: what stays open after a contact.

pub(crate) mod clock;
pub(crate) mod clocks;
pub(crate) mod credit;
pub(crate) mod read;
pub(crate) mod uploads;

pub(in crate::web) use clock::rule as rule_clock;
pub(in crate::web) use clocks::list as list_clocks;
pub(in crate::web) use credit::rule as rule_credit;
pub(in crate::web) use read::read;
pub(in crate::web) use uploads::{read as read_upload, take as take_upload};

use crate::web::error::Problem;
use crate::web::state::State;
use crate::web::wire::CaseClock;
use walletline_core::agent::Staff;
use walletline_core::cases::{Case, Reference, Statement};
use walletline_core::kernel::ids::CaseId;
use walletline_store::ReadError;

/// The case of this reference with what was written of it, where it is open to this person; to others there is none.
async fn seen_by(state: &State, staff: &Staff, reference: &Reference) -> Result<(Case, Option<Statement>), Problem> {
    let found = state.store.case_by_reference(reference).await?;
    let case = found.map(|(_, case)| case).filter(|case| case.kind.is_open_to(staff.role)).ok_or_else(Problem::not_found)?;
    // Whoever a complaint is about reads it in no role.
    let statement = state.store.statement(case.id).await?;
    if statement.as_ref().is_some_and(|statement| statement.is_about(&staff.number)) {
        return Err(Problem::not_found());
    }
    Ok((case, statement))
}

/// The clocks of a case as they stand now.
async fn clocks_of(state: &State, case: CaseId) -> Result<Vec<CaseClock>, ReadError> {
    let now = state.clock.wall();
    let shown = |clock| CaseClock::new(clock, state.times.calendars().get(&clock.terms.calendar), now);
    Ok(state.store.clocks_of(case).await?.iter().map(|(_, clock)| shown(clock)).collect())
}
