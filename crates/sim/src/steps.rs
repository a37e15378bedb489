//! One refund after another through every step of every path, with one fault each and one death each: what chance would find late is
//! walked through here. A seed names the path, the fault, how long it lasts, and after which steps the process dies.

use crate::people::Wish;
use crate::refunds::{Verdict, Wanted};
use crate::till::{TILL_FAULTS, TillFault, TillWeather};
use crate::world::World;
use std::fmt::Write as _;
use walletline_core::kernel::ids::RefundId;
use walletline_core::kernel::time::Span;
use walletline_core::money::State;

/// Ways a refund is asked for and decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Path {
    /// By the customer in the menu, small enough for the rule.
    MenuByRule,
    /// By the customer in the menu, without the second factor, which is shown later.
    MenuShownLater,
    /// At the desk, small enough for the rule.
    DeskByRule,
    /// At the desk, decided by one checker.
    OneChecker,
    /// At the desk, decided by a supervisor.
    Supervisor,
    /// At the desk, and what became of it is established by two people.
    Resolved,
}

const PATHS: [Path; 6] =
    [Path::MenuByRule, Path::MenuShownLater, Path::DeskByRule, Path::OneChecker, Path::Supervisor, Path::Resolved];

/// A seed dies this many steps apart, this often.
const STRIDE: u64 = 8;
const DEATHS: u64 = 14;

/// Seeds after which every path has met every fault and every death.
pub const SEEDS: u64 = PATHS.len() as u64 * (TILL_FAULTS.len() as u64 + 1) * 2 * STRIDE;

/// A day and an hour: daily sums of the refund before do not count.
const NEXT_DAY: i64 = 25 * 3_600_000_000;

/// Longer than the wallet is asked before people may establish what became of a refund.
const LONG_DOUBT: i64 = 61 * 60_000_000;

/// Longer than the longest pause between two questions about a refund.
pub(crate) const LONGEST_PAUSE: i64 = 16 * 60_000_000;

/// Half seconds in which people go on with a refund.
const PATIENCE: u32 = 24;

/// Walks through a seed.
pub(crate) async fn walk(world: &mut World, seed: u64, log: &mut String) {
    let at = |nth: u64, among: usize| usize::try_from(nth % among as u64).unwrap_or(0);
    let faults = TILL_FAULTS.len() + 1;
    let path = PATHS[at(seed, PATHS.len())];
    let rest = seed / PATHS.len() as u64;
    let fault = TILL_FAULTS.get(at(rest, faults)).copied().unwrap_or(TillFault::None);
    let rest = rest / faults as u64;
    let lasts = rest % 2 == 1;
    let first = rest / 2 % STRIDE;
    let _ = writeln!(log, "{path:?}, {fault:?}, which lasts: {lasts}");
    world.dials(0, 0, 0, Wish::Person);
    world.pass(Span::from_s(1)).await;
    for nth in 0..DEATHS {
        let death = u32::try_from(first + nth * STRIDE).unwrap_or(0);
        let _ = writeln!(log, "{nth:4} dies after {death} steps");
        one(world, seed, path, (fault, lasts), (usize::try_from(nth).unwrap_or(0), death)).await;
        if world.first_broken().is_some() {
            return;
        }
        world.set_clock(NEXT_DAY);
    }
}

async fn one(world: &mut World, seed: u64, path: Path, (fault, lasts): (TillFault, bool), (nth, death): (usize, u32)) {
    let size = match path {
        Path::MenuByRule | Path::MenuShownLater | Path::DeskByRule => 0,
        Path::OneChecker | Path::Resolved => 1,
        Path::Supervisor => 2,
    };
    let by = match path {
        Path::MenuByRule | Path::MenuShownLater => None,
        Path::DeskByRule | Path::OneChecker | Path::Supervisor | Path::Resolved => Some(0),
    };
    let factors = if path == Path::MenuShownLater { 1 } else { 2 };
    let wanted = Wanted { purchase: nth * 3 + size, minor: None, by, factors, request: nth as u64 };
    let key = format!("request-{nth}");
    let weather = if lasts || path == Path::Resolved { TillWeather::Steady(fault) } else { TillWeather::Once(fault) };
    world.shell.wallet.borrow_mut().till.weather = weather;
    if path != Path::Resolved {
        world.kill_after(death);
    }
    for _ in 0..PATIENCE {
        let known = refund(world, &key);
        match known {
            None => world.wants_back(0, wanted.clone()),
            Some((id, State::AwaitingApproval)) => match path {
                Path::MenuShownLater => world.shows_more(0, 0, None),
                Path::MenuByRule | Path::DeskByRule => {}
                Path::OneChecker | Path::Resolved => world.decides(id, 1, Verdict::Approve),
                Path::Supervisor => world.decides(id, 3, Verdict::Approve),
            },
            Some(_) => {}
        }
        world.pass(Span::from_ms(500)).await;
        world.start(seed).await;
    }
    if path == Path::Resolved {
        world.set_clock(LONG_DOUBT);
        world.kill_after(death);
        for turn in 0..PATIENCE {
            if let Some((id, State::Unknown | State::ActionNeeded)) = refund(world, &key) {
                let (by, verdict) = if turn % 2 == 0 { (1, Verdict::Propose) } else { (3, Verdict::Confirm) };
                world.decides(id, by, verdict);
            }
            world.pass(Span::from_ms(500)).await;
            world.start(seed).await;
        }
    }
    world.live_on();
    world.shell.wallet.borrow_mut().till.weather = TillWeather::Steady(TillFault::None);
    // What waits is asked about again, twice: the second time for what the first one sent.
    for _ in 0..2 {
        world.set_clock(LONGEST_PAUSE);
        world.pass(Span::from_s(20)).await;
    }
}

fn refund(world: &World, request: &str) -> Option<(RefundId, State)> {
    let model = world.shell.model.borrow();
    model.refunds.values().find(|(_, refund)| refund.request_key == request).map(|(_, refund)| (refund.id, refund.state))
}
