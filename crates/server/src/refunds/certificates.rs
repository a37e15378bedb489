//! Which certificates for refunds a person holds, as recorded: without a valid one no refund is asked for or approved.

use super::Refunds;
use walletline_core::agent::CertificateKind;
use walletline_core::kernel::ids::StaffId;
use walletline_core::money::Certificates;
use walletline_store::ReadError;

impl Refunds {
    /// What somebody holds now.
    ///
    /// # Errors
    /// [`ReadError`] when the store cannot say.
    pub(super) async fn certificates_of(&self, staff: StaffId) -> Result<Certificates, ReadError> {
        let (held, now) = (self.store.certificates_of(staff).await?, self.clock.wall());
        Ok(Certificates {
            refund_maker: held.hold(CertificateKind::RefundMaker, now),
            refund_checker: held.hold(CertificateKind::RefundChecker, now),
        })
    }
}
