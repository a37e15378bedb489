//! The clocks of cases: started where a case lacks one, raised when their time has come, ended with their case. It sleeps until the
//! earliest has to be looked at, woken by commits that hold a case; a look from time to time is the backstop.

use crate::engine::Clock as Clocks;
use crate::help::Names;
use crate::times::Times;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use walletline_core::cases::{Case, Clock, Terms};
use walletline_core::commit::Version;
use walletline_core::help::{Raised, end_clock, look_at_clock, start_clock};
use walletline_core::kernel::actor::Actor;
use walletline_store::{CommitError, ReadError, Store};

/// A look at all clocks, whether or not anything woke us: other programs on the same database wake nobody here.
const BACKSTOP: Duration = Duration::from_secs(5);

/// The least time between two looks: what is due and cannot be written must not become a tight loop.
const PAUSE: Duration = Duration::from_millis(200);

/// Rows looked at in one go; what is more comes at the next look.
const BATCH_MAX: u32 = 200;

/// Which clocks a wallet's cases have.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The wallet.
    pub wallet: String,
    /// The regimes that hold for it, by id.
    pub regimes: Vec<String>,
}

/// What clocks are kept with.
pub struct Timekeeper {
    /// Where they are.
    pub store: Store,
    /// The time.
    pub clock: Clocks,
    /// Regimes and calendars.
    pub times: Times,
    /// Names for new ones.
    pub names: Arc<Names>,
    /// Who has which.
    pub kept: Vec<Kept>,
}

impl Timekeeper {
    /// Keeps them until told to stop.
    pub async fn run(self, stop: Arc<Notify>) {
        loop {
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "the clocks of cases cannot be read");
            }
            let wait = self.until_next().await;
            tokio::select! {
                () = async {
                    self.store.case_committed().await;
                    tokio::time::sleep(PAUSE).await;
                } => {}
                () = tokio::time::sleep(wait) => {}
                () = stop.notified() => return,
            }
        }
    }

    /// How long until the earliest has to be looked at, the backstop at most.
    async fn until_next(&self) -> Duration {
        match self.store.next_clock().await {
            Ok(Some(at)) => Duration::from_micros((at - self.clock.wall()).0).clamp(PAUSE, BACKSTOP),
            Ok(None) | Err(_) => BACKSTOP,
        }
    }

    async fn look(&self) -> Result<(), ReadError> {
        for kept in &self.kept {
            self.start_missing(kept).await?;
        }
        for (version, clock) in self.store.clocks_of_closed_cases(BATCH_MAX).await? {
            if let Some((_, case)) = self.store.case(clock.case).await? {
                self.end((version, clock), &case).await;
            }
        }
        for (version, clock) in self.store.clocks_due(self.clock.wall(), BATCH_MAX).await? {
            if let Some((_, case)) = self.store.case(clock.case).await? {
                self.raise((version, clock), &case).await;
            }
        }
        Ok(())
    }

    /// Starts what a wallet's open cases lack: those opened just now, and those opened before a regime was configured.
    async fn start_missing(&self, kept: &Kept) -> Result<(), ReadError> {
        for regime in kept.regimes.iter().filter_map(|id| self.times.regime(id)) {
            for rule in &regime.clocks {
                for kind in &rule.starts_on {
                    let named = (regime.id.as_str(), rule.id.as_str());
                    let lacking = self.store.cases_without_clock(&kept.wallet, *kind, named, BATCH_MAX).await?;
                    for case in lacking {
                        let terms = regime.terms_for(*kind).find(|terms| terms.rule.id == rule.id);
                        if let Some(terms) = terms {
                            self.start(&case, terms).await;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    async fn start(&self, case: &Case, terms: Terms) {
        let Some(calendar) = self.times.calendars().get(&terms.calendar) else { return };
        let now = self.clock.wall();
        let (clock, commit) = start_clock(case, terms, self.names.id(now), calendar, now);
        if let Some(year) = clock.reckoned.missing_year {
            let (calendar, regime) = (&clock.terms.calendar, &clock.terms.regime);
            tracing::warn!(calendar, regime, year, "a deadline falls into a year that the calendar lacks: add it");
        }
        written(self.store.commit(commit).await);
    }

    async fn end(&self, (version, clock): (Version, Clock), case: &Case) {
        // Its calendar may have been taken away since; then it stays as it is until that is back.
        let Some(calendar) = self.times.calendars().get(&clock.terms.calendar) else { return };
        let (_, commit) = end_clock((version, clock), case, calendar, self.clock.wall());
        written(self.store.commit(commit).await);
    }

    async fn raise(&self, (version, clock): (Version, Clock), case: &Case) {
        let now = self.clock.wall();
        let Some(calendar) = self.times.calendars().get(&clock.terms.calendar) else {
            tracing::warn!(calendar = clock.terms.calendar, "the calendar of a clock is gone: put it back");
            let commit = clock.put_off(now).written(version, Actor::System, "put_off", now);
            return written(self.store.commit(commit).await);
        };
        let regime = clock.terms.regime.clone();
        match look_at_clock((version, clock.clone()), case, calendar, now) {
            Ok(None) => {}
            Ok(Some(Raised { alert, commit, .. })) => {
                let stored = self.store.commit(commit).await;
                if let (Ok(()), Some(alert)) = (&stored, alert) {
                    metrics::counter!("walletline_clock_alerts_total", "regime" => regime, "percent" => alert.percent().to_string())
                        .increment(1);
                    tracing::warn!(case = %case.id, percent = alert.percent(), "time runs out for a case");
                }
                written(stored);
            }
            Err(error) => {
                tracing::warn!(%error, "a deadline cannot be reckoned");
                let commit = clock.reckon(calendar, now).written(version, Actor::System, "reckoned", now);
                written(self.store.commit(commit).await);
            }
        }
    }
}

/// What another program wrote first is looked at again soon.
fn written(stored: Result<(), CommitError>) {
    match stored {
        Ok(()) | Err(CommitError::Conflict(_)) => {}
        Err(error) => tracing::warn!(%error, "a clock cannot be written"),
    }
}
