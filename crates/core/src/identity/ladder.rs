//! The ladder as data: what each factor proves, what each signal makes it worth, and what each act needs. A table with a source beside
//! each row, that an operator may change; the level of a contact is a function of what it showed and of nothing else. Nobody is asked
//! here who they are, and no row raises a level without a factor.

use crate::kernel::assurance::{Factor, Level};
use crate::kernel::source::Mark;
use crate::kernel::time::{Span, Wall};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What somebody must have in their hands to show a factor. Two factors are independent when they prove different ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// The registered number in the phone network.
    Phone,
    /// The registered mailbox.
    Mail,
    /// The device that makes the wallet's one-time codes.
    Authenticator,
    /// The wallet's app on a bound device.
    App,
}

/// What speaks against a factor, or against the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// The SIM of the registered number was swapped lately.
    SimSwap,
    /// Calls to the registered number go elsewhere.
    CallForwarding,
    /// The device was bound lately, or the SIM is in another one of late.
    YoungDevice,
    /// The account was recovered lately.
    RecentRecovery,
    /// The mobile network did not say whether the SIM or the device was swapped.
    NetworkUnknown,
    /// The number shown with the call was checked, and is forged.
    CallerIdFailed,
    /// Many accounts were named from one calling number.
    Velocity,
    /// The agent has the impression that somebody tells the caller what to do.
    Pressure,
}

/// An act that needs a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protected {
    /// Public facts, hours, wait, official numbers.
    PublicFacts,
    /// Open a complaint or a fraud report.
    Report,
    /// Freeze an account in an emergency.
    Freeze,
    /// Send a reset or unlock link to an address that is registered already.
    SendLink,
    /// The status of a transaction the customer names.
    TransactionStatus,
    /// The surname and form of address.
    Greeting,
    /// End sessions and unbind devices.
    RevokeSessions,
    /// A new password where no second factor is enrolled.
    ResetPassword,
    /// Unlock after failed log-ins.
    UnlockFailedLogins,
    /// Request a refund.
    RequestRefund,
    /// Masked profile, balance, list of transactions.
    ReadProfile,
    /// Unlock after a fraud lock; a second agent besides.
    UnlockFraud,
    /// Enrol a second factor.
    EnrolFactor,
    /// Close the account.
    CloseAccount,
    /// Export or erase the customer's data.
    ExportData,
    /// Remove or replace a second factor.
    ReplaceFactor,
    /// Change the registered phone or mail.
    ChangeAddress,
}

/// What a factor is worth when nothing speaks against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactorRule {
    /// What it proves.
    pub means: Means,
    /// It authenticates; one that does not is looked at and raises nothing.
    pub counts: bool,
    /// How well this is known.
    pub mark: Mark,
    /// Where it was read.
    pub source: String,
}

/// What a signal makes of the factors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalRule {
    /// How long after what happened it counts, in hours; none where it counts as long as it is there.
    #[serde(default)]
    pub hours: Option<u32>,
    /// What proves nothing while it counts.
    #[serde(default)]
    pub voids: BTreeSet<Means>,
    /// The contact reaches no more than this while it counts.
    #[serde(default = "highest")]
    pub level_max: Level,
    /// How well this is known.
    pub mark: Mark,
    /// Where it was read.
    pub source: String,
}

/// What an act needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActRule {
    /// The least level.
    pub level: Level,
    /// How well this is known.
    pub mark: Mark,
    /// Where it was read.
    pub source: String,
}

/// The whole ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ladder {
    /// A contact at A3 that hears no key, app act or desk operation for this many seconds falls to A2.
    pub idle_s: u32,
    /// Other accounts that one calling number may have named within a day before that is a signal.
    pub velocity_max: usize,
    /// By factor; one that is not listed proves nothing.
    pub factors: BTreeMap<Factor, FactorRule>,
    /// By signal; one that is not listed changes nothing but what the screen says.
    pub signals: BTreeMap<Signal, SignalRule>,
    /// By act; one that is not listed needs A4, which no call alone reaches.
    pub acts: BTreeMap<Protected, ActRule>,
}

const fn highest() -> Level {
    Level::A4
}

/// What the wallet knows that makes a factor worth less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signals {
    /// When the SIM of the registered phone was last swapped, as far as anybody knows.
    pub sim_changed_at: Option<Wall>,
    /// When the device was bound that the customer uses.
    pub device_bound_at: Option<Wall>,
    /// When the account was last recovered.
    pub recovered_at: Option<Wall>,
    /// Calls to the registered phone go elsewhere.
    pub call_forwarding: bool,
}

impl Ladder {
    /// When a contact at A3 falls to A2.
    #[must_use]
    pub fn idle(&self) -> Span {
        Span::from_s(u64::from(self.idle_s))
    }

    /// The level an act needs.
    #[must_use]
    pub fn needs(&self, act: Protected) -> Level {
        self.acts.get(&act).map_or(Level::A4, |rule| rule.level)
    }

    /// What of the wallet's knowledge counts at a moment.
    #[must_use]
    pub fn found(&self, known: &Signals, now: Wall) -> BTreeSet<Signal> {
        let dated = [
            (Signal::SimSwap, known.sim_changed_at),
            (Signal::YoungDevice, known.device_bound_at),
            (Signal::RecentRecovery, known.recovered_at),
        ];
        let dated = dated.into_iter().filter(|(signal, at)| at.is_some_and(|at| self.is_recent(*signal, at, now)));
        let forwarded = known.call_forwarding.then_some(Signal::CallForwarding);
        dated.map(|(signal, _)| signal).chain(forwarded).collect()
    }

    fn is_recent(&self, signal: Signal, at: Wall, now: Wall) -> bool {
        let hours = self.signals.get(&signal).and_then(|rule| rule.hours);
        // What is dated in the future is a clock that is off, not an old event.
        hours.is_none_or(|hours| now - at <= Span::from_s(u64::from(hours) * 3_600))
    }

    /// The signal that makes a factor prove nothing; none when it proves what it should.
    #[must_use]
    pub fn against(&self, factor: Factor, signals: &BTreeSet<Signal>) -> Option<Signal> {
        let means = self.factors.get(&factor)?.means;
        signals.iter().copied().find(|signal| self.signals.get(signal).is_some_and(|rule| rule.voids.contains(&means)))
    }

    /// A factor raises a level, these signals notwithstanding.
    #[must_use]
    pub fn counts(&self, factor: Factor, signals: &BTreeSet<Signal>) -> bool {
        self.factors.get(&factor).is_some_and(|rule| rule.counts) && self.against(factor, signals).is_none()
    }

    /// What these factors are worth together. A claim is what there is without any.
    #[must_use]
    pub fn level(&self, claimed: Level, shown: impl IntoIterator<Item = Factor>, signals: &BTreeSet<Signal>) -> Level {
        let shown: BTreeSet<Factor> = shown.into_iter().filter(|factor| self.against(*factor, signals).is_none()).collect();
        let proved: BTreeSet<Means> = shown
            .iter()
            .filter_map(|factor| self.factors.get(factor))
            .filter(|rule| rule.counts)
            .map(|rule| rule.means)
            .collect();
        // The app on a bound device shows one thing when it calls, and another when a code is carried over to it.
        let app = shown.contains(&Factor::AppSession) && shown.contains(&Factor::AppTransfer);
        let reached = match (proved.len(), app) {
            (0, _) => claimed,
            (1, false) => Level::A2,
            (_, _) => Level::A3,
        };
        let max = signals.iter().filter_map(|signal| self.signals.get(signal)).map(|rule| rule.level_max).min();
        reached.min(max.unwrap_or(Level::A4).max(claimed))
    }
}

impl Signal {
    /// Every signal.
    pub const ALL: [Self; 8] = [
        Self::SimSwap,
        Self::CallForwarding,
        Self::YoungDevice,
        Self::RecentRecovery,
        Self::NetworkUnknown,
        Self::CallerIdFailed,
        Self::Velocity,
        Self::Pressure,
    ];

    /// The signal on the wire and in the audit log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SimSwap => "sim_swap",
            Self::CallForwarding => "call_forwarding",
            Self::YoungDevice => "young_device",
            Self::RecentRecovery => "recent_recovery",
            Self::NetworkUnknown => "network_unknown",
            Self::CallerIdFailed => "caller_id_failed",
            Self::Velocity => "velocity",
            Self::Pressure => "pressure",
        }
    }

    /// It speaks against the caller, whoever's account they name.
    #[must_use]
    pub const fn is_of_caller(self) -> bool {
        match self {
            Self::CallerIdFailed | Self::Velocity | Self::Pressure => true,
            Self::SimSwap | Self::CallForwarding | Self::YoungDevice | Self::RecentRecovery | Self::NetworkUnknown => false,
        }
    }
}

const TABLE: &str = "the hotline's assurance ladder";
const AUTHENTICATION: &str = "NIST SP 800-63B-4: out-of-band authenticators; VoIP numbers and mail do not authenticate";
const SWAP: &str = "NIST SP 800-63B-4 section 3.1.3.3: a swap of the SIM or device is a signal of risk";

impl Default for Ladder {
    /// As shipped. A configuration may change each row; `docs/how-to/change-the-ladder.md` says how.
    fn default() -> Self {
        use Level::{A0, A1, A2, A3, A4};
        let factor = |means, counts, mark, source: &str| FactorRule { means, counts, mark, source: source.to_owned() };
        let signal = |hours, voids: &[Means], level_max, mark, source: &str| SignalRule {
            hours,
            voids: voids.iter().copied().collect(),
            level_max,
            mark,
            source: source.to_owned(),
        };
        let act = |level| ActRule { level, mark: Mark::Default, source: TABLE.to_owned() };
        let phone = &[Means::Phone][..];
        let acts = [
            (A0, &[Protected::PublicFacts, Protected::Report][..]),
            (A1, &[Protected::Freeze, Protected::SendLink]),
            (A2, &[Protected::TransactionStatus, Protected::Greeting, Protected::RevokeSessions, Protected::ResetPassword]),
            (A2, &[Protected::UnlockFailedLogins, Protected::RequestRefund]),
            (A3, &[Protected::ReadProfile, Protected::UnlockFraud, Protected::EnrolFactor]),
            (A3, &[Protected::CloseAccount, Protected::ExportData]),
            (A4, &[Protected::ReplaceFactor, Protected::ChangeAddress]),
        ];
        Self {
            idle_s: 5 * 60,
            velocity_max: 5,
            factors: BTreeMap::from([
                (Factor::SmsCode, factor(Means::Phone, true, Mark::Secondary, AUTHENTICATION)),
                (Factor::VoiceCode, factor(Means::Phone, true, Mark::Secondary, AUTHENTICATION)),
                (Factor::MailCode, factor(Means::Mail, false, Mark::Secondary, AUTHENTICATION)),
                (Factor::SecondFactor, factor(Means::Authenticator, true, Mark::Primary, "RFC 6238")),
                (Factor::AppTransfer, factor(Means::App, true, Mark::Primary, "RTS (EU) 2018/389 Art 5: dynamic linking")),
                (Factor::AppSession, factor(Means::App, false, Mark::Default, TABLE)),
            ]),
            signals: BTreeMap::from([
                (Signal::SimSwap, signal(Some(240), phone, A4, Mark::Secondary, SWAP)),
                (Signal::CallForwarding, signal(None, phone, A4, Mark::Default, TABLE)),
                (Signal::YoungDevice, signal(Some(72), &[Means::Phone, Means::App], A4, Mark::Default, TABLE)),
                (Signal::RecentRecovery, signal(Some(72), phone, A4, Mark::Default, TABLE)),
                // That nobody knows is told to the agent; whoever would rather lose a factor by it writes another row.
                (Signal::NetworkUnknown, signal(None, &[], A4, Mark::Default, TABLE)),
                (Signal::CallerIdFailed, signal(None, &[], A2, Mark::Default, TABLE)),
                (Signal::Velocity, signal(None, &[], A2, Mark::Default, TABLE)),
                (Signal::Pressure, signal(None, &[], A1, Mark::Default, TABLE)),
            ]),
            acts: acts.into_iter().flat_map(|(level, all)| all.iter().map(move |one| (*one, act(level)))).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
