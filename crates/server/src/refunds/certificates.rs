//! Which certificates for refunds a person holds. In the demo world its invented staff hold those of their role; elsewhere nobody holds one
//! until certificates are recorded, and without one no refund is asked for or approved.

use walletline_core::agent::Staff;
use walletline_core::kernel::actor::Role;
use walletline_core::money::Certificates;

/// What somebody holds now.
#[must_use]
pub const fn of(staff: &Staff, demo: bool) -> Certificates {
    let (refund_maker, refund_checker) = match staff.role {
        Role::Agent => (true, false),
        Role::Checker => (false, true),
        Role::Supervisor => (true, true),
        Role::Handler | Role::Auditor | Role::Compliance | Role::Admin => (false, false),
    };
    Certificates { refund_maker: demo && refund_maker, refund_checker: demo && refund_checker }
}
