//! Where SIP phones of staff can be reached: one binding each, kept so that a restart need not wait for them to register again.

use crate::commit::Failure;
use crate::database::Conn;
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::agent::SipBinding;
use walletline_core::kernel::ids::StaffId;

const BIND: &str = "INSERT INTO sip_binding (staff, binding, expires_at) VALUES ($1, $2, $3) \
    ON CONFLICT (staff) DO UPDATE SET binding = excluded.binding, expires_at = excluded.expires_at";

const UNBIND: &str = "DELETE FROM sip_binding WHERE staff = $1";

const ALL: &str = "SELECT staff, binding, expires_at FROM sip_binding ORDER BY staff";

/// Keeps a phone's binding in place of the one before.
pub(crate) async fn bind(conn: &mut Conn<'_>, binding: &SipBinding) -> Result<(), Failure> {
    let SipBinding { staff, binding, expires_at } = binding;
    conn.execute(BIND, vec![(*staff).into(), binding.as_str().into(), (*expires_at).into()]).await?;
    Ok(())
}

/// Forgets a phone's binding, if there is one.
pub(crate) async fn unbind(conn: &mut Conn<'_>, staff: StaffId) -> Result<(), Failure> {
    conn.execute(UNBIND, vec![staff.into()]).await?;
    Ok(())
}

impl Store {
    /// All bindings, also those that have run out: compare `expires_at` with the clock.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn sip_bindings(&self) -> Result<Vec<SipBinding>, ReadError> {
        let rows = self.rows(ALL, vec![]).await?;
        rows.iter()
            .map(|row| {
                Ok(SipBinding { staff: row.id("staff")?, binding: row.text("binding")?, expires_at: row.at("expires_at")? })
            })
            .collect()
    }
}
