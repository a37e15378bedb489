//! Everything that can happen to a simulated world, and what chance makes of it.

use crate::dice::Dice;
use crate::directory;
use crate::people::{AGENT_ACTS, AgentAct, Wish};
use crate::refunds::{Verdict, Wanted};
use crate::shell::StoreWeather;
use crate::till::{TILL_FAULTS, TillFault, TillWeather, purchase};
use crate::wallet::{FAULTS, Fault, Weather};
use crate::world::World;
use walletline_core::kernel::time::Span;
use walletline_core::switchboard::LineState;
use walletline_core::switchboard::event::LegEnd;

/// How lines can stand; they keep no hours to go by.
const LINE_STATES: [Option<LineState>; 6] = [
    None,
    Some(LineState::Open),
    Some(LineState::Closed),
    Some(LineState::Holiday),
    Some(LineState::Overload),
    Some(LineState::Incident),
];

/// Payments that are asked back, and requests for each: few enough that several meet on one.
const PURCHASES: usize = 14;
const REQUESTS: u64 = 4;

/// Something that happens. Numbers choose among who is there at that moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transition {
    /// A customer dials.
    CallArrives {
        /// Which number is shown.
        number: usize,
        /// Which line is dialled.
        line: usize,
        /// Through which trunk.
        trunk: usize,
        /// What they want.
        wish: Wish,
    },
    /// A caller answers this many prompts, with a moment before each.
    Dialogue(usize, u32),
    /// A caller presses keys that make no sense.
    Keys(usize, String),
    /// A caller is gone.
    CallerLeaves(usize, LegEnd),
    /// An agent does something.
    Agent(usize, AgentAct),
    /// The lines are held in a state, or go by their plan.
    Line(Option<LineState>),
    /// Time passes.
    Pass(Span),
    /// From now on requests to the wallet fare like this.
    Wallet(Weather),
    /// From now on the store does this.
    Store(StoreWeather),
    /// The disk takes no line of the journal, or does again.
    JournalFull(bool),
    /// The process dies at once.
    Kill,
    /// The process dies after this many steps of its tasks.
    KillAfter(u32),
    /// The process is started again.
    Start,
    /// The wall clock is set by this many microseconds.
    Clock(i64),
    /// Somebody asks for a refund in a contact.
    WantsBack(usize, Wanted),
    /// The customer of a refund shows more in a contact, to one of the staff or in the menu.
    ShowsMore(usize, usize, Option<usize>),
    /// One of the staff decides on a refund.
    Decides(usize, usize, Verdict),
    /// From now on requests about money fare like this.
    Till(TillWeather),
}

fn which(dice: &mut Dice) -> usize {
    usize::try_from(dice.below(1_000)).unwrap_or(0)
}

fn store_weather(dice: &mut Dice) -> StoreWeather {
    let weathers =
        [StoreWeather::Up, StoreWeather::Up, StoreWeather::Up, StoreWeather::Slow, StoreWeather::Down, StoreWeather::Deaf];
    dice.one_of(&weathers).unwrap_or(StoreWeather::Up)
}

impl Transition {
    /// What chance makes happen next.
    #[must_use]
    pub fn draw(dice: &mut Dice) -> Self {
        match dice.below(100) {
            0..=13 => {
                let (number, line, trunk) = (which(dice), usize::from(dice.percent(15)), usize::from(dice.percent(30)));
                let wish = match dice.below(10) {
                    0..=2 => Wish::Status,
                    3..=5 => Wish::FreezeOwn,
                    6..=7 => Wish::FreezeOther(which(dice)),
                    8 => Wish::Pretend(which(dice)),
                    _ => Wish::Person,
                };
                Self::CallArrives { number, line, trunk, wish }
            }
            14..=44 => Self::Dialogue(which(dice), u32::try_from(dice.between(1, 8)).unwrap_or(1)),
            45..=49 => {
                let keys = (0..dice.between(1, 5)).filter_map(|_| dice.one_of(&['0', '1', '2', '3', '5', '9', '*', '#']));
                let keys = keys.collect();
                Self::Keys(which(dice), keys)
            }
            50..=54 => {
                let cause = dice.one_of(&[LegEnd::RemoteHangup, LegEnd::RemoteHangup, LegEnd::Vanished, LegEnd::Cancelled]);
                Self::CallerLeaves(which(dice), cause.unwrap_or(LegEnd::RemoteHangup))
            }
            55..=69 => {
                let act = match dice.below(10) {
                    0..=2 => AgentAct::ComesToWork,
                    3..=5 => AgentAct::Takes,
                    6 => AgentAct::Finishes,
                    _ => dice.one_of(&AGENT_ACTS).unwrap_or(AgentAct::Takes),
                };
                Self::Agent(which(dice), act)
            }
            70 => Self::Line(dice.one_of(&LINE_STATES).flatten()),
            71..=84 => Self::Pass(Span::from_ms(if dice.percent(80) { dice.below(4_000) } else { dice.below(90_000) })),
            85..=90 => Self::Wallet(match dice.below(10) {
                0..=3 => Weather::Steady(Fault::None),
                4..=6 => Weather::Stormy,
                _ => Weather::Steady(dice.one_of(&FAULTS).unwrap_or(Fault::None)),
            }),
            91..=94 => Self::Store(store_weather(dice)),
            95 => Self::JournalFull(dice.percent(30)),
            96 => Self::Kill,
            97 => Self::KillAfter(u32::try_from(dice.below(25)).unwrap_or(0)),
            98 => Self::Start,
            _ => Self::Clock(i64::try_from(dice.below(10_800_000_000)).unwrap_or(0) - 3_600_000_000),
        }
    }

    /// What chance makes happen next where money goes back.
    #[must_use]
    pub fn draw_refund(dice: &mut Dice) -> Self {
        match dice.below(100) {
            0..=19 => {
                let nth = which(dice) % PURCHASES;
                let captured = u64::try_from(purchase(nth).captured).unwrap_or(1);
                let minor = match dice.below(4) {
                    0 => Some(dice.between(1, 20_000)),
                    1 => Some(dice.between(1, captured)),
                    _ => None,
                };
                let wanted = Wanted {
                    purchase: nth,
                    minor: minor.and_then(|minor| i64::try_from(minor).ok()),
                    by: dice.percent(60).then(|| which(dice)),
                    factors: if dice.percent(75) { 2 } else { 1 },
                    request: nth as u64 * REQUESTS + dice.below(REQUESTS),
                };
                Self::WantsBack(which(dice), wanted)
            }
            20..=47 => {
                let verdicts = [
                    Verdict::Approve,
                    Verdict::Approve,
                    Verdict::Approve,
                    Verdict::Approve,
                    Verdict::Decline,
                    Verdict::Propose,
                    Verdict::Propose,
                    Verdict::Confirm,
                    Verdict::Confirm,
                    Verdict::Reject,
                ];
                Self::Decides(which(dice), which(dice), dice.one_of(&verdicts).unwrap_or(Verdict::Approve))
            }
            48..=51 => Self::ShowsMore(which(dice), which(dice), dice.percent(50).then(|| which(dice))),
            52..=69 => Self::Pass(Span::from_ms(if dice.percent(70) { dice.below(4_000) } else { dice.below(90_000) })),
            70..=78 => Self::Till(match dice.below(10) {
                0..=1 => TillWeather::Steady(TillFault::None),
                2..=6 => TillWeather::Stormy,
                _ => TillWeather::Steady(dice.one_of(&TILL_FAULTS).unwrap_or(TillFault::None)),
            }),
            79 => Self::Wallet(if dice.percent(50) { Weather::Stormy } else { Weather::Steady(Fault::None) }),
            80..=84 => Self::Store(store_weather(dice)),
            85 => Self::Kill,
            86..=90 => Self::KillAfter(u32::try_from(dice.below(25)).unwrap_or(0)),
            91 => Self::Start,
            92..=95 => {
                let minutes = dice.one_of(&[-30, 1, 16, 65, 65, 25 * 60, 73 * 60]).unwrap_or(16);
                Self::Clock(minutes * 60_000_000)
            }
            _ => Self::CallArrives { number: which(dice), line: 0, trunk: 0, wish: Wish::Person },
        }
    }

    /// Lets it happen.
    pub async fn happen(&self, world: &mut World, dice: &mut Dice, seed: u64) {
        match self.clone() {
            Self::CallArrives { number, line, trunk, wish } => world.dials(number, line, trunk, wish),
            Self::Dialogue(caller, prompts) => {
                let Some(leg) = world.caller(caller) else { return };
                for _ in 0..prompts {
                    world.pass_with_beats(Span::from_ms(dice.between(100, 2_500))).await;
                    world.answers_prompt(leg, dice);
                }
            }
            Self::Keys(caller, keys) => {
                if let Some(leg) = world.caller(caller) {
                    world.presses(leg, &keys);
                }
            }
            Self::CallerLeaves(caller, cause) => {
                if let Some(leg) = world.caller(caller) {
                    world.leaves(leg, cause);
                }
            }
            Self::Agent(agent, act) => {
                let staff = directory::staff();
                world.agent(staff[agent % staff.len()].id, act);
            }
            Self::Pass(span) => world.pass_with_beats(span).await,
            Self::Line(state) => world.hold_lines(state),
            Self::Wallet(weather) => world.shell.wallet.borrow_mut().weather = weather,
            Self::Store(weather) => world.shell.store_weather.set(weather),
            Self::JournalFull(full) => world.shell.journal.borrow_mut().full = full,
            Self::Kill => world.kill(),
            Self::KillAfter(steps) => world.kill_after(steps),
            Self::Start => world.start(seed).await,
            Self::Clock(by) => world.set_clock(by),
            Self::WantsBack(contact, wanted) => world.wants_back(contact, wanted),
            Self::ShowsMore(contact, refund, by) => world.shows_more(contact, refund, by),
            Self::Decides(refund, by, verdict) => {
                if let Some(refund) = world.refund(refund) {
                    world.decides(refund, by, verdict);
                }
            }
            Self::Till(weather) => world.shell.wallet.borrow_mut().till.weather = weather,
        }
        world.settle().await;
        world.happened += 1;
        if dice.percent(40) {
            world.start(seed).await;
        }
    }
}
