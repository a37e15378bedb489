//! Contacts: the records, and the call while it runs.

pub(crate) mod hang_up;
pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod timeline;

pub(in crate::web) use hang_up::hang_up;
pub(in crate::web) use list::list;
pub(in crate::web) use read::read;
pub(in crate::web) use timeline::timeline;

use crate::web::error::Problem;
use crate::web::state::State;
use walletline_core::agent::Staff;
use walletline_core::kernel::ids::ContactId;
use walletline_store::ContactRecord;

/// The record of a contact, when this person may read it: who took part in it, and whose role reads all. To others it is not
/// there.
pub(super) async fn readable(state: &State, staff: &Staff, id: ContactId) -> Result<ContactRecord, Problem> {
    let record = state.store.contact(id).await?;
    let may = |record: &ContactRecord| staff.role.reads_all_contacts() || record.contact.agents.contains(&staff.id);
    record.filter(may).ok_or_else(Problem::not_found)
}
