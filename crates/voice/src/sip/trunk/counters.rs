//! What one trunk did since the start, counted without locks, and how it stands now.

use super::limits::Direction;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// The live counts of a trunk.
        #[derive(Debug, Default)]
        pub(in crate::sip) struct Counters {
            $(pub(in crate::sip) $name: AtomicU64,)*
        }

        /// What one trunk did since the start.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct TrunkCounters {
            $($(#[$doc])* pub $name: u64,)*
        }

        impl Counters {
            pub(super) fn read(&self) -> TrunkCounters {
                TrunkCounters { $($name: self.$name.load(Relaxed),)* }
            }
        }
    };
}

counters! {
    /// Calls that it brought.
    calls_in,
    /// Calls that it brought and that its limits refused.
    calls_in_refused,
    /// Calls placed by way of it.
    calls_out,
    /// Of those, the answered ones.
    calls_out_answered,
    /// Calls that went on to a further target, because one did not take them.
    failovers,
    /// Not dialled: no number.
    dials_not_a_number,
    /// Not dialled: no rule allows it.
    dials_not_allowed,
    /// Not dialled: premium rate.
    dials_premium,
    /// Not dialled: of unknown kind.
    dials_unknown_kind,
    /// Not dialled: the trunk is full, or takes no more this second.
    dials_limited,
    /// Not dialled: no address is known.
    dials_unreachable,
    /// Registrations that the carrier granted, refreshes among them.
    registrations_granted,
    /// Registrations that it refused, or did not answer.
    registrations_failed,
    /// Probes that were answered.
    probes_answered,
    /// Probes that were not.
    probes_unanswered,
    /// Times its name could not be looked up.
    lookups_failed,
}

/// How a trunk's registration with its carrier stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RegistrationState {
    /// It does not register.
    #[default]
    Off,
    /// Not registered: it was refused, not answered, or not yet asked for.
    Absent,
    /// Registered.
    Granted,
}

/// A trunk as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrunkStatus {
    /// Its id.
    pub id: String,
    /// Its registration.
    pub registration: RegistrationState,
    /// Its targets, as they are configured, and whether each answers.
    pub targets: Vec<(String, bool)>,
    /// Live calls that it brought.
    pub live_in: u64,
    /// Live calls placed by way of it.
    pub live_out: u64,
    /// What it did since the start.
    pub counters: TrunkCounters,
}

impl Counters {
    pub(in crate::sip) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Relaxed);
    }

    pub(super) fn entered(&self, direction: Direction) {
        Self::add(match direction {
            Direction::In => &self.calls_in,
            Direction::Out => &self.calls_out,
        });
    }
}
