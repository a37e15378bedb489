//! The rows of refunds: the refund itself, the decisions on it, and the sums it is held against.

pub(crate) mod approval;
pub(crate) mod guard;
pub(crate) mod refund;

use crate::commit::Failure;
use crate::database::Conn;

const FORGET_ALL: [&str; 4] =
    ["DELETE FROM refund_approval", "DELETE FROM refund", "DELETE FROM refund_source", "DELETE FROM refund_spent"];

/// Forgets all refunds.
pub(crate) async fn forget_all(conn: &mut Conn<'_>) -> Result<(), Failure> {
    for sql in FORGET_ALL {
        conn.execute(sql, vec![]).await?;
    }
    Ok(())
}
