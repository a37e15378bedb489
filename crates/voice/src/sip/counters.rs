//! What the signalling did since its start, counted without locks.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// The live counts.
        #[derive(Debug, Default)]
        pub(crate) struct Counters {
            $(pub(crate) $name: AtomicU64,)*
        }

        /// What the signalling did since its start.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct SipCounters {
            $($(#[$doc])* pub $name: u64,)*
        }

        impl Counters {
            pub(crate) fn read(&self) -> SipCounters {
                SipCounters { $($name: self.$name.load(Relaxed),)* }
            }
        }
    };
}

counters! {
    /// Incoming calls told to the controller.
    calls_offered,
    /// Incoming calls that were answered and acknowledged.
    calls_answered,
    /// Phones dialled.
    calls_dialled,
    /// Dialled phones that answered.
    dials_answered,
    /// Refused with 404 by the controller.
    rejected_unknown_line,
    /// Refused with 486 by the controller.
    rejected_busy,
    /// Refused with 503 by the controller.
    rejected_overloaded,
    /// Refused with 503 because `calls_max` calls were live.
    rejected_at_limit,
    /// Refused because of their session description: no audio, no common codec, unreadable.
    rejected_media,
    /// New calls and registrations dropped because their source asks too often.
    flood_dropped,
    /// Legs that are live now.
    legs,
    /// Incoming legs among them.
    incoming_legs,
    /// Challenges sent to phones that register.
    register_challenged,
    /// Registrations granted, refreshed or ended.
    register_accepted,
    /// Registrations refused.
    register_refused,
    /// Datagrams received.
    messages_received,
    /// Datagrams sent.
    messages_sent,
    /// Datagrams dropped: garbage, oversized, not to be answered.
    messages_dropped,
    /// Requests refused by a glance at the datagram, without state.
    messages_refused,
    /// Datagrams the kernel did not take.
    send_failures,
}

impl Counters {
    pub(crate) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Relaxed);
    }

    pub(crate) fn sub(counter: &AtomicU64) {
        counter.fetch_sub(1, Relaxed);
    }
}
