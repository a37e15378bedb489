//! A clock of a case on the wire: its rule with its source, until when, and how much of the time is used.

use super::directory::BothLanguages;
use super::{CaseKind, ClockNeeds, ClockPhase, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::cases::{self, ClockAct, status};
use walletline_core::kernel::calendar::Calendar;
use walletline_core::kernel::time::Wall;

/// A clock of a case.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CaseClock {
    /// Identifier.
    id: String,
    /// The regime, by id.
    #[schema(example = "eu-psd2-complaints")]
    regime: String,
    /// What people call the regime.
    name: BothLanguages,
    /// What is due.
    what: BothLanguages,
    /// What started it.
    starts: BothLanguages,
    /// The term in force.
    #[schema(example = "15 business days")]
    term: String,
    /// The calendar on which days are counted.
    calendar: String,
    /// The calendar's time zone; none when the calendar is gone.
    #[schema(required = true)]
    time_zone: Option<String>,
    /// Where the rule was read.
    source: String,
    /// How far to trust that: `S` primary, `s` secondary, `K` common knowledge, `D` our own.
    mark: String,
    /// When it was read.
    #[schema(example = "2026-11-28")]
    checked_on: String,
    /// Whether something is broken when it is over.
    binding: bool,
    /// When it started.
    started_at: Time,
    /// The last moment in time; none while it stands still, or the calendar does not reach so far.
    #[schema(required = true)]
    deadline: Option<Time>,
    /// How it stands; none when the calendar does not reach so far.
    #[schema(required = true)]
    phase: Option<ClockPhase>,
    /// How much of the time is used, in percent.
    used_percent: u8,
    /// The year that the calendar lacks.
    #[schema(required = true)]
    missing_year: Option<i16>,
    /// How often it was extended.
    extended: usize,
    /// The next extension the rule knows.
    #[schema(required = true)]
    next_extension: Option<NextExtension>,
    /// When it may stand still.
    #[schema(required = true)]
    pauses: Option<BothLanguages>,
    /// When nothing is due although it was.
    #[schema(required = true)]
    exception: Option<BothLanguages>,
    /// What is credited meanwhile.
    #[schema(required = true)]
    provisional_credit: Option<CreditRule>,
}

/// A clock that runs, with the case it belongs to.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct DueClock {
    /// What the customer calls the case by.
    #[schema(example = "R123456782")]
    reference: String,
    /// What the case is about.
    kind: CaseKind,
    /// The wallet, by id.
    wallet: String,
    /// The clock.
    clock: CaseClock,
}

impl DueClock {
    /// A clock of a case.
    pub(crate) fn new(case: &cases::Case, clock: CaseClock) -> Self {
        Self { reference: case.reference.to_string(), kind: case.kind.into(), wallet: case.wallet.clone(), clock }
    }
}

/// What a rule has credited before it is known who is right.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CreditRule {
    /// How much.
    amount: BothLanguages,
    /// When and how it may be taken back.
    reversal: BothLanguages,
}

/// How a term could become longer.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct NextExtension {
    /// The whole term then.
    term: String,
    /// What must be there first.
    needs: ClockNeeds,
    /// When it may be done.
    when: BothLanguages,
}

/// What is done to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClockActAsked {
    /// What.
    pub(crate) act: ClockActName,
}

/// What can be done to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClockActName {
    /// It stands still from now on.
    Pause,
    /// It goes on.
    Resume,
    /// The rule's next extension is used: what it needs is there.
    Extend,
    /// What was due is done.
    Meet,
    /// The rule's exception holds.
    Except,
}

impl ClockActName {
    /// The act; `credited` says whether the amount in question was credited provisionally.
    pub(crate) const fn act(self, credited: bool) -> ClockAct {
        match self {
            Self::Pause => ClockAct::Pause,
            Self::Resume => ClockAct::Resume,
            Self::Extend => ClockAct::Extend { credited },
            Self::Meet => ClockAct::Meet,
            Self::Except => ClockAct::Except,
        }
    }
}

impl CaseClock {
    /// A clock as it stands now, on its calendar where that is still there.
    pub(crate) fn new(clock: &cases::Clock, calendar: Option<&Calendar>, now: Wall) -> Self {
        let (terms, rule) = (&clock.terms, &clock.terms.rule);
        let stands = calendar.and_then(|calendar| status(clock, calendar, now).ok());
        let next = rule.extensions.get(clock.extended.len()).map(|extension| NextExtension {
            term: extension.term.to_string(),
            needs: extension.needs.into(),
            when: (&extension.when).into(),
        });
        Self {
            id: clock.id.to_string(),
            regime: terms.regime.clone(),
            name: (&terms.name).into(),
            what: (&rule.what).into(),
            starts: (&rule.starts).into(),
            term: clock.term().to_string(),
            calendar: terms.calendar.clone(),
            time_zone: calendar.map(|calendar| calendar.time_zone().to_owned()),
            source: terms.source.clone(),
            mark: terms.mark.letter().to_string(),
            checked_on: terms.checked_on.to_string(),
            binding: rule.binding,
            started_at: clock.started_at.into(),
            deadline: clock.reckoned.deadline.map(Into::into),
            phase: stands.map(|stands| stands.phase.into()),
            used_percent: stands.map_or(0, |stands| stands.used_percent),
            missing_year: clock.reckoned.missing_year,
            extended: clock.extended.len(),
            next_extension: next,
            pauses: rule.pauses.as_ref().map(Into::into),
            exception: rule.exception.as_ref().map(Into::into),
            provisional_credit: rule
                .provisional_credit
                .as_ref()
                .map(|credit| CreditRule { amount: (&credit.amount).into(), reversal: (&credit.reversal).into() }),
        }
    }
}
