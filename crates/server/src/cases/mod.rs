//! Cases at the edge that customers open and follow by themselves: forms of the help pages become cases, and a signed link tells how one
//! stands. It decides nothing, and no account is looked at for it.

mod customer;
mod file;
mod track;

pub use file::{FileError, Filed, Form};
pub use track::{Followed, Stage};

use crate::config::Wallet;
use crate::connector::Wallets;
use crate::engine::Clock;
use crate::help::Names;
use crate::times::Times;
use crate::uploads::Uploads;
use std::ops::Deref;
use std::sync::Arc;
use walletline_core::cases::{self, Case, Keep};
use walletline_core::kernel::time::{Span, Wall};
use walletline_store::{ReadError, Store};

/// Cases of customers. A clone is the same.
#[derive(Clone)]
pub struct Cases(Arc<Parts>);

/// What they are opened and followed with.
pub struct Parts {
    /// Where rows are.
    pub store: Store,
    /// The clocks.
    pub clock: Clock,
    /// The wallets, for the forms of their customers' numbers.
    pub wallets: Wallets,
    /// Names and keys for what is new.
    pub names: Arc<Names>,
    /// Regimes and calendars.
    pub times: Times,
    /// What is kept for each wallet.
    pub kept: Vec<KeptFor>,
    /// How long contacts are kept.
    pub retention: Span,
    /// Evidence.
    pub uploads: Uploads,
    /// The address under which customers reach us.
    pub public_url: String,
}

/// What holds for the cases of one wallet.
#[derive(Debug, Clone)]
pub struct KeptFor {
    wallet: String,
    regimes: Vec<String>,
    keep: Keep,
}

impl KeptFor {
    /// As it is configured.
    #[must_use]
    pub fn of(wallet: &Wallet) -> Self {
        Self { wallet: wallet.id.clone(), regimes: wallet.regimes.clone(), keep: wallet.keep_recordings }
    }
}

impl Deref for Cases {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Cases {
    /// Cases over these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Where a case can be followed, as a path.
    pub(crate) fn path(&self, reference: &str, now: Wall) -> String {
        crate::tracking::path(&self.names, "cases", reference, now)
    }

    /// The same as messages carry it.
    pub(crate) fn link(&self, reference: &str, now: Wall) -> String {
        format!("{}{}", self.public_url, self.path(reference, now))
    }

    fn kept(&self, wallet: &str) -> Option<&KeptFor> {
        self.kept.iter().find(|kept| kept.wallet == wallet)
    }

    /// The clocks of a case; those it is about to be given, while it is too new to have any.
    async fn clocks(&self, case: &Case) -> Result<Vec<cases::Clock>, ReadError> {
        let known = self.store.clocks_of(case.id).await?;
        if !known.is_empty() {
            return Ok(known.into_iter().map(|(_, clock)| clock).collect());
        }
        let now = self.clock.wall();
        let regimes = self.kept(&case.wallet).into_iter().flat_map(|kept| &kept.regimes);
        let terms = regimes.filter_map(|id| self.times.regime(id)).flat_map(|regime| regime.terms_for(case.kind));
        Ok(terms
            .filter_map(|terms| {
                let calendar = self.times.calendars().get(&terms.calendar)?;
                Some(cases::Clock::start(self.names.id(now), case.id, case.wallet.clone(), terms, case.opened_at, calendar, now))
            })
            .collect())
    }
}

/// Until when something is due that binds us, the first of all; none while nothing runs, or no day is known.
fn first_due(clocks: &[cases::Clock]) -> Option<Wall> {
    let binding = clocks.iter().filter(|clock| clock.terms.rule.binding && clock.ended.is_none());
    binding.filter_map(|clock| clock.reckoned.deadline).min()
}
