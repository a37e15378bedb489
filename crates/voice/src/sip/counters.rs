//! What the signalling did since its start, counted without locks.

use crate::SipTransport;
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
    /// New calls and registrations dropped because their source guesses passwords or numbers.
    blocked_dropped,
    /// Times a source was blocked for that.
    sources_blocked,
    /// Wrong passwords of phones that register.
    offences_registration,
    /// Wrong passwords of trunks that call.
    offences_digest,
    /// Calls of strangers to lines that do not exist.
    offences_unknown_line,
    /// Calls of trunks that were asked for their password.
    trunk_challenged,
    /// Numbers not dialled because no trunk dials out, or none of the name that was given.
    dials_without_trunk,
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
    /// Datagrams received, and messages of connections.
    messages_received,
    /// Datagrams sent, and messages handed to connections.
    messages_sent,
    /// Messages dropped: garbage, oversized, not to be answered.
    messages_dropped,
    /// Requests refused by a glance at the message, without state.
    messages_refused,
    /// Datagrams the kernel did not take.
    send_failures,
    /// TCP connections that are open now.
    tcp_connections,
    /// TLS connections that are open now.
    tls_connections,
    /// Connections closed at once because there were too many.
    connections_refused,
    /// Connections that could not be opened, or whose handshake failed.
    connections_failed,
    /// Connections that we closed: garbage, silence, slowness, or nothing read of what was sent.
    connections_broken,
}

impl Counters {
    pub(crate) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Relaxed);
    }

    /// The open connections of a transport.
    pub(crate) fn connections(&self, transport: SipTransport) -> &AtomicU64 {
        if transport == SipTransport::Tls { &self.tls_connections } else { &self.tcp_connections }
    }

    pub(crate) fn sub(counter: &AtomicU64) {
        counter.fetch_sub(1, Relaxed);
    }
}
