//! Defects that a test plants in a simulated world, one for each checker: a checker that never finds anything proves nothing. They
//! live in the edge of the simulation alone; the program knows nothing of them.

use crate::run::Theme;
use walletline_core::agent::PresenceState;
use walletline_core::call::Fact;
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::identity::ChallengeState;
use walletline_core::kernel::{actor::Actor, time::Wall};
use walletline_core::outbox::Job;
use walletline_core::switchboard::live::Snapshot;

/// What is wrong with a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// Changes are written and no entry speaks of them.
    EntriesLeftOut,
    /// Every keyed code passes.
    AnyCodePasses,
    /// No record says that its call ended.
    EndsLeftOut,
    /// Nobody is told of a freeze.
    NoticesLeftOut,
    /// The record of a contact does not say what was done for it.
    ActsLeftOut,
    /// More callers wait than are offered.
    CallersLeftWaiting,
    /// An agent who is offered a caller counts as ready.
    RingingLooksReady,
    /// The screens miss every other event.
    EventsLost,
    /// What was lately done is not kept.
    CountsLeftOut,
    /// The wallet is asked under a key that nobody decided on.
    KeysMadeUp,
    /// A number stands in the audit log.
    NumberInLog,
    /// The database loses what it acknowledged.
    LinesLost,
    /// The wallet does not know a key again.
    WalletForgets,
    /// Of commits that landed unheard the switchboard is told that nothing was kept.
    DoubtsDenied,
    /// A refund that is sent again is sent under another key.
    RefundKeysMadeUp,
    /// The till does not know a key again.
    TillForgets,
    /// What is given free of a transaction's sum is not written.
    SumsLeftHeld,
    /// Whoever asked for a refund decides on it.
    MakersDecide,
    /// What the wallet says of a refund is believed to be its end, whatever it says.
    SilenceBelieved,
}

impl Defect {
    /// Each of them.
    pub const ALL: [Self; 19] = [
        Self::EntriesLeftOut,
        Self::AnyCodePasses,
        Self::EndsLeftOut,
        Self::NoticesLeftOut,
        Self::ActsLeftOut,
        Self::CallersLeftWaiting,
        Self::RingingLooksReady,
        Self::EventsLost,
        Self::CountsLeftOut,
        Self::KeysMadeUp,
        Self::NumberInLog,
        Self::LinesLost,
        Self::WalletForgets,
        Self::DoubtsDenied,
        Self::RefundKeysMadeUp,
        Self::TillForgets,
        Self::SumsLeftHeld,
        Self::MakersDecide,
        Self::SilenceBelieved,
    ];

    /// In what kind of world it shows.
    #[must_use]
    pub const fn theme(self) -> Theme {
        match self {
            Self::RefundKeysMadeUp | Self::TillForgets | Self::SumsLeftHeld | Self::MakersDecide | Self::SilenceBelieved => {
                Theme::Refunds
            }
            Self::EntriesLeftOut
            | Self::AnyCodePasses
            | Self::EndsLeftOut
            | Self::NoticesLeftOut
            | Self::ActsLeftOut
            | Self::CallersLeftWaiting
            | Self::RingingLooksReady
            | Self::EventsLost
            | Self::CountsLeftOut
            | Self::KeysMadeUp
            | Self::NumberInLog
            | Self::LinesLost
            | Self::WalletForgets
            | Self::DoubtsDenied => Theme::Calls,
        }
    }

    /// The checker that has to find it.
    #[must_use]
    pub const fn checker(self) -> &'static str {
        match self {
            Self::EntriesLeftOut => "audited",
            Self::AnyCodePasses => "codes",
            Self::EndsLeftOut | Self::DoubtsDenied => "ends_once",
            Self::NoticesLeftOut | Self::ActsLeftOut => "freeze_kept",
            Self::CallersLeftWaiting => "idle_pair",
            Self::RingingLooksReady => "one_offer",
            Self::EventsLost => "one_place",
            Self::CountsLeftOut => "limits",
            Self::KeysMadeUp => "permitted_acts",
            Self::NumberInLog => "private",
            Self::LinesLost => "record_agrees",
            Self::WalletForgets => "single_effect",
            Self::RefundKeysMadeUp | Self::MakersDecide => "refund_permitted",
            Self::TillForgets | Self::SilenceBelieved => "refund_effect",
            Self::SumsLeftHeld => "refund_sums",
        }
    }

    /// What is written instead.
    pub(crate) fn written(self, commit: &Commit) -> Commit {
        let entries = match self {
            Self::EntriesLeftOut => Vec::new(),
            _ => commit.entries().to_vec(),
        };
        let changes = commit.changes().iter().filter(|change| !self.leaves_out(change)).cloned().map(|change| match change {
            Change::Challenge(version, mut row) if self == Self::AnyCodePasses && version > 0 => {
                row.state = ChallengeState::Passed;
                Change::Challenge(version, row)
            }
            Change::Refund(version, mut row) if self == Self::MakersDecide && row.maker.is_some() && row.checker.is_some() => {
                row.checker = row.maker;
                Change::Refund(version, row)
            }
            other => other,
        });
        let at = commit.entries().first().map_or(Wall(0), |entry| entry.at);
        let subject = if self == Self::NumberInLog { "+8619000000001" } else { "nothing" };
        let first = Entry::new(at, Actor::System, "world.distorted", subject);
        let written = Commit::new(first, changes.collect());
        entries.into_iter().fold(written, |written, entry| written.and(Commit::new(entry, Vec::new())))
    }

    fn leaves_out(self, change: &Change) -> bool {
        match change {
            Change::Timeline(_, line) => self == Self::EndsLeftOut && matches!(line.fact, Fact::Ended { .. }),
            Change::Added(_, line) => self == Self::ActsLeftOut && matches!(line.fact, Fact::WalletAct { .. }),
            Change::Errand(0, errand) => self == Self::NoticesLeftOut && matches!(errand.job, Job::Notify { .. }),
            Change::Tally(..) => self == Self::CountsLeftOut,
            Change::RefundSource(version, _) => self == Self::SumsLeftHeld && *version > 0,
            _ => false,
        }
    }

    /// What the store is given of it.
    pub(crate) fn kept(self, commit: &Commit) -> Commit {
        if self != Self::LinesLost {
            return commit.clone();
        }
        let changes = commit.changes().iter().filter(|change| !matches!(change, Change::Timeline(..))).cloned().collect();
        let mut entries = commit.entries().iter().cloned();
        let first = entries.next().unwrap_or_else(|| Entry::new(Wall(0), Actor::System, "world.distorted", "nothing"));
        entries.fold(Commit::new(first, changes), |kept, entry| kept.and(Commit::new(entry, Vec::new())))
    }

    /// What the screens show instead.
    pub(crate) fn shown(self, fresh: &mut Snapshot) {
        if self == Self::CallersLeftWaiting {
            fresh.queues.values_mut().for_each(|queue| queue.waiting += 9);
        }
        if self == Self::RingingLooksReady {
            let ringing = fresh.agents.values_mut().filter(|agent| agent.presence == PresenceState::Ringing);
            ringing.for_each(|agent| agent.presence = PresenceState::Ready);
        }
    }
}
