//! What every route can reach. Cheap to clone; holds no state of a call.

use super::apps::Apps;
use super::auth::{Auth, Factors, Passkeys};
use super::desks::Desks;
use super::error::Problem;
use super::gateways::Gateways;
use super::kept::KeptCalls;
use super::limits::Limits;
use crate::cases::Cases;
use crate::config::Config;
use crate::connector::Messenger;
use crate::demo::Demo;
use crate::directory::Directory;
use crate::engine::{Clock, Handle};
use crate::jobs::receipts::ReceiptBook;
use crate::knowledge::Library;
use crate::passes::Passes;
use crate::prompts::Prompts;
use crate::recordings::Recordings;
use crate::refunds::Refunds;
use crate::times::Times;
use crate::visits::Visits;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;
use walletline_core::agent::{Reach, Staff, Teams};
use walletline_core::kernel::ids::StaffId;
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
    pub(crate) times: Times,
    pub(crate) directory: Directory,
    pub(crate) demo: Option<Arc<Demo>>,
    pub(crate) apps: Apps,
    pub(crate) auth: Auth,
    pub(crate) desks: Desks,
    pub(crate) limits: Limits,
    pub(crate) kept: KeptCalls,
    pub(crate) library: Library,
    /// None without a master key: then no pass can be made.
    pub(crate) passes: Option<Passes>,
    /// None without a master key: then no refund is asked for.
    pub(crate) refunds: Option<Refunds>,
    /// None without a master key: then no form becomes a case.
    pub(crate) cases: Option<Cases>,
    /// None without a master key: then nobody helps themselves on the pages.
    pub(crate) visits: Option<Visits>,
    /// None without a master key: then no call is recorded.
    pub(crate) recordings: Option<Recordings>,
    /// What gateways tell of messages; none without a master key, for then none is sent.
    pub(crate) receipts: Option<Gateways>,
}

impl State {
    /// State over the running parts of the program; `demo` only where the demo world was asked for.
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "each is a part that the program starts by itself")]
    pub fn new(
        config: Config,
        store: Store,
        engine: Handle,
        clock: Clock,
        prompts: Prompts,
        times: Times,
        directory: Directory,
        demo: Option<Arc<Demo>>,
        passes: Option<Passes>,
        refunds: Option<Refunds>,
        cases: Option<Cases>,
        visits: Option<Visits>,
        recordings: Option<Recordings>,
        factors: Option<Factors>,
        receipts: Option<(ReceiptBook, Messenger)>,
    ) -> Self {
        let receipts = receipts.map(|(book, messenger)| Gateways::new(book, messenger));
        let wallets = config.wallets.iter().map(|wallet| wallet.id.clone()).collect();
        let library = Library::new(store.clone(), clock, wallets);
        let (auth, desks, limits) = (Auth::new(factors, Passkeys::at(&config.http.public_url)), Desks::default(), Limits::new());
        let (apps, kept) = (Apps::new(), KeptCalls::default());
        Self(Arc::new(Parts {
            config,
            store,
            engine,
            clock,
            prompts,
            times,
            directory,
            demo,
            apps,
            auth,
            desks,
            limits,
            kept,
            library,
            passes,
            refunds,
            cases,
            visits,
            recordings,
            receipts,
        }))
    }

    /// A fresh identifier. Random like every identifier, and never a credential.
    pub(crate) fn fresh_id<T: From<u128>>(&self) -> Result<T, Problem> {
        let mut bytes = [0; 10];
        getrandom::fill(&mut bytes).map_err(|error| {
            tracing::error!(%error, "the system gives no randomness");
            Problem::unavailable()
        })?;
        let random = bytes.iter().fold(0_u128, |value, byte| (value << 8) | u128::from(*byte));
        let ms = u128::try_from(self.clock.wall().0 / 1_000).unwrap_or(0) & ((1 << 48) - 1);
        Ok(T::from((ms << 80) | random))
    }

    /// Whether this person's reading reaches a contact in which these took part.
    pub(crate) async fn may_read(&self, reader: &Staff, agents: &[StaffId]) -> Result<bool, ReadError> {
        // Only whoever leads teams by name has to be told who belongs to them.
        let staff = match reader.reach() {
            Reach::Led(_) => self.store.staff().await?,
            Reach::Own | Reach::Everybody => Vec::new(),
        };
        let teams: HashMap<StaffId, &Teams> = staff.iter().map(|(_, member)| (member.id, &member.teams)).collect();
        Ok(reader.may_read(agents, |agent| teams.get(&agent).copied()))
    }

    /// The number of every member of staff, for records that name them.
    pub(crate) async fn numbers(&self) -> Result<impl Fn(StaffId) -> String + use<>, ReadError> {
        let staff = self.store.staff().await?;
        let numbers: HashMap<StaffId, String> = staff.into_iter().map(|(_, s)| (s.id, s.number)).collect();
        Ok(move |id: StaffId| numbers.get(&id).cloned().unwrap_or_default())
    }
}

impl Deref for State {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
