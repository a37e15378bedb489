//! Who is asking: passwords, sessions, and how often either may be tried. Never logs a name, a password or a token.

mod factors;
mod idle;
mod origin;
mod passkeys;
mod password;
mod session;
mod throttle;
mod token;
mod totp;

pub use factors::Factors;
pub(crate) use origin::{SameOrigin, own_origin, require_header};
pub(crate) use passkeys::{Passkeys, id_of};
pub(crate) use password::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, Passwords, sip_ha1};
pub(crate) use session::{Arriving, COOKIE, FactorKinds, Signed, close_cookie, finish_session, open_session, session_cookie};
pub(crate) use throttle::Throttle;
pub(crate) use token::Token;
pub(crate) use totp::Seed;

use idle::Sightings;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;
use walletline_core::kernel::ids::{SessionId, StaffId};
use walletline_core::kernel::time::{Mono, Span};

/// Sessions ended lately that a slow live connection may still have to read about; each is a few bytes.
const ENDED_LAG_MAX: usize = 256;

/// Which sessions were ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// This one.
    One(SessionId),
    /// All of this person.
    AllOf(StaffId),
}

/// Everything log-ins share.
pub(crate) struct Auth {
    /// Hashes and compares.
    pub(crate) passwords: Passwords,
    /// What second factors are kept under; none without a master key, and then nobody can set one up.
    pub(crate) factors: Option<Factors>,
    /// Ceremonies of passkeys; none where browsers would make none.
    pub(crate) passkeys: Option<Passkeys>,
    /// Sessions that were just ended, for connections that live on.
    pub(crate) ended: broadcast::Sender<Ended>,
    seen: Mutex<Sightings>,
    by_user: Mutex<Throttle<String>>,
    by_source: Mutex<Throttle<IpAddr>>,
}

/// Five tries, then one in 30 s: enough for a forgetful person, 2,880 guesses a day for a program.
const USER_TRIES: u32 = 5;
const USER_REFILL: Span = Span::from_s(30);
/// An office shares one address: fifty wrong tries at once, then one in 3 s.
const SOURCE_TRIES: u32 = 50;
const SOURCE_REFILL: Span = Span::from_s(3);

/// Longer than any user name.
const KEY_CHARS_MAX: usize = 64;

impl Auth {
    /// With nothing tried yet.
    pub(crate) fn new(factors: Option<Factors>, passkeys: Option<Passkeys>) -> Self {
        Self {
            passwords: Passwords::new(),
            factors,
            passkeys,
            ended: broadcast::Sender::new(ENDED_LAG_MAX),
            seen: Mutex::default(),
            by_user: Mutex::new(Throttle::new(USER_TRIES, USER_REFILL)),
            by_source: Mutex::new(Throttle::new(SOURCE_TRIES, SOURCE_REFILL)),
        }
    }

    /// A session is used. False when it was left alone for too long.
    pub(crate) fn see(&self, session: SessionId, idle_max: Span, now: Mono) -> bool {
        lock(&self.seen).see(session, idle_max, now)
    }

    /// How long a session may still be left alone.
    pub(crate) fn idle_left(&self, session: SessionId, idle_max: Span, now: Mono) -> Span {
        lock(&self.seen).left(session, idle_max, now)
    }

    /// A session is over: its live connections end.
    pub(crate) fn end(&self, session: SessionId) {
        lock(&self.seen).forget(session);
        let _nobody_connected = self.ended.send(Ended::One(session));
    }

    /// Every session of this person is over.
    pub(crate) fn end_all(&self, staff: StaffId) {
        let _nobody_connected = self.ended.send(Ended::AllOf(staff));
    }

    /// Counts a try before it is made, so that many at once are counted too. Gives back how long to wait when there were too
    /// many.
    pub(crate) fn begin(&self, user: &str, source: IpAddr, now: Mono) -> Result<(), Span> {
        lock(&self.by_source).take(&source, now)?;
        lock(&self.by_user).take(&key(user), now)
    }

    /// The try was good: it is not counted.
    pub(crate) fn succeeded(&self, user: &str, source: IpAddr, now: Mono) {
        lock(&self.by_source).give_back(&source, now);
        lock(&self.by_user).give_back(&key(user), now);
    }
}

/// A user name as the throttle remembers it: short, whatever somebody sends. Staff names are shorter still.
fn key(user: &str) -> String {
    user.chars().take(KEY_CHARS_MAX).collect()
}

/// A throttle holds plain numbers: whatever a panic left of it is still usable.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
