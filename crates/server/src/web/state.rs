//! What every route can reach. Cheap to clone; holds no state of a call.

use super::auth::Auth;
use super::desks::Desks;
use super::error::Problem;
use super::limits::Limits;
use crate::config::Config;
use crate::demo::Demo;
use crate::engine::{Clock, Handle};
use crate::prompts::Prompts;
use std::ops::Deref;
use std::sync::Arc;
use walletline_core::kernel::ids::{LegId, StaffId};
use walletline_store::{ReadError, Store};

/// Shared by all routes.
#[derive(Clone)]
pub struct State(Arc<Parts>);

/// The parts themselves.
pub struct Parts {
    pub(crate) config: Config,
    pub(crate) store: Store,
    pub(crate) engine: Handle,
    pub(crate) clock: Clock,
    pub(crate) prompts: Prompts,
    pub(crate) demo: Option<Arc<Demo>>,
    pub(crate) auth: Auth,
    pub(crate) desks: Desks,
    pub(crate) limits: Limits,
}

impl State {
    /// State over the running parts of the program; `demo` only where the demo world was asked for.
    #[must_use]
    pub fn new(config: Config, store: Store, engine: Handle, clock: Clock, prompts: Prompts, demo: Option<Arc<Demo>>) -> Self {
        let (auth, desks, limits) = (Auth::new(), Desks::default(), Limits::new());
        Self(Arc::new(Parts { config, store, engine, clock, prompts, demo, auth, desks, limits }))
    }

    /// A fresh identifier for a leg. Random like every identifier, and never a credential.
    pub(crate) fn fresh_leg(&self) -> Result<LegId, Problem> {
        let mut bytes = [0; 10];
        getrandom::fill(&mut bytes).map_err(|error| {
            tracing::error!(%error, "the system gives no randomness");
            Problem::unavailable()
        })?;
        let random = bytes.iter().fold(0_u128, |value, byte| (value << 8) | u128::from(*byte));
        let ms = u128::try_from(self.clock.wall().0 / 1_000).unwrap_or(0) & ((1 << 48) - 1);
        Ok(LegId::from((ms << 80) | random))
    }

    /// The number of every member of staff, for records that name them.
    pub(crate) async fn numbers(&self) -> Result<impl Fn(StaffId) -> String + use<>, ReadError> {
        let staff = self.store.staff().await?;
        let numbers: std::collections::HashMap<StaffId, String> = staff.into_iter().map(|(_, s)| (s.id, s.number)).collect();
        Ok(move |id: StaffId| numbers.get(&id).cloned().unwrap_or_default())
    }
}

impl Deref for State {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
