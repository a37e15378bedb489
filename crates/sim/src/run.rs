//! One seed from its first call to its end, and what is left of it: nothing, or the first thing that did not hold, with everything
//! that happened before it and the command that shows it again.

use crate::defect::Defect;
use crate::dice::Dice;
use crate::shell::StoreWeather;
use crate::steps;
use crate::till::{TillFault, TillWeather};
use crate::transition::Transition;
use crate::wallet::{Fault, Weather};
use crate::world::World;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use walletline_core::kernel::time::Span;
use walletline_core::switchboard::World as Foundation;
use walletline_core::switchboard::event::LegEnd;

/// Transitions of a seed, when nobody says how many.
pub const TRANSITIONS: u32 = 150;

/// What a world is about. A seed tells another story in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Callers, agents and freezes.
    Calls,
    /// Refunds, as chance has it.
    Refunds,
    /// Refunds, one after the other through every step.
    Steps,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 3] = [Self::Calls, Self::Refunds, Self::Steps];

    /// The theme on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Refunds => "refunds",
            Self::Steps => "steps",
        }
    }
}

/// What a seed came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Transitions and everything that followed from them.
    pub happened: u64,
    /// Freezes that callers asked for.
    pub freezes: u64,
    /// Acts that the wallet carried out.
    pub effects: u64,
    /// Codes that passed.
    pub proofs: u64,
    /// Refunds that were asked for.
    pub refunds: u64,
    /// Refunds that gave money back.
    pub given_back: u64,
    /// Commits that became durable hold this many audit entries.
    pub entries: u64,
}

/// Runs a seed.
///
/// # Errors
/// What did not hold, what happened before it, and how to see it again.
pub fn run(theme: Theme, seed: u64, transitions: u32, foundation: &Foundation) -> Result<Report, String> {
    run_with(theme, seed, transitions, foundation, None)
}

/// Runs a seed in a world that has this defect.
///
/// # Errors
/// As for [`run`]: what the defect came to.
pub fn run_with(
    theme: Theme,
    seed: u64,
    transitions: u32,
    foundation: &Foundation,
    defect: Option<Defect>,
) -> Result<Report, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("no runtime: {error}"))?;
    let folder = folder();
    let ran = runtime.block_on(run_in((theme, seed, transitions), foundation.clone(), &folder, defect));
    // A folder that stays is a few kilobytes in the system's own place for such.
    let _ = std::fs::remove_dir_all(&folder);
    ran
}

/// A folder of one's own, in memory where the system offers that: no crash of the machine is simulated, and no disk need be synced.
fn folder() -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let memory = PathBuf::from("/dev/shm");
    let base = if memory.is_dir() { memory } else { std::env::temp_dir() };
    base.join(format!("walletline-sim-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)))
}

async fn run_in(
    (theme, seed, transitions): (Theme, u64, u32),
    foundation: Foundation,
    folder: &std::path::Path,
    defect: Option<Defect>,
) -> Result<Report, String> {
    let mut world = World::begin(seed, foundation, folder).await?;
    world.shell.defect.set(defect);
    world.shell.wallet.borrow_mut().forgets = defect == Some(Defect::WalletForgets);
    world.shell.wallet.borrow_mut().till.forgets = defect == Some(Defect::TillForgets);
    let mut dice = Dice::new(seed);
    let mut log = String::new();
    for at in 0..transitions {
        let transition = match theme {
            Theme::Calls => Transition::draw(&mut dice),
            Theme::Refunds => Transition::draw_refund(&mut dice),
            Theme::Steps => {
                steps::walk(&mut world, seed, &mut log).await;
                break;
            }
        };
        let seconds = world.shell.now.get().mono.0 / 1_000 - 1_000_000;
        let _ = writeln!(log, "{at:4} {:>9}.{:03} s  {transition:?}", seconds / 1_000, seconds % 1_000);
        transition.happen(&mut world, &mut dice, seed).await;
        if world.first_broken().is_some() {
            break;
        }
    }
    if world.first_broken().is_none() {
        log.push_str("the end: faults are lifted, everybody hangs up, time passes\n");
        finish(&mut world, theme, seed).await;
    }
    let report = {
        let model = world.shell.model.borrow();
        Report {
            happened: world.happened,
            freezes: model.freezes_asked,
            effects: world.shell.wallet.borrow().ledger.len() as u64,
            proofs: model.audit.iter().filter(|entry| entry.action == "code.passed").count() as u64,
            refunds: model.refunds.len() as u64,
            given_back: world.shell.wallet.borrow().till.ledger.len() as u64,
            entries: model.audit.len() as u64,
        }
    };
    let broken = world.first_broken();
    world.close().await;
    match broken {
        None => Ok(report),
        Some(broken) => Err(format!(
            "seed {seed} does not hold.\n{log}{broken}\nreplay: cargo run --package walletline-sim -- --theme {} --seed {seed} --transitions {transitions}",
            theme.name()
        )),
    }
}

/// Faults are lifted, everybody goes, and time passes: then all must be well.
async fn finish(world: &mut World, theme: Theme, seed: u64) {
    world.shell.store_weather.set(StoreWeather::Up);
    world.shell.wallet.borrow_mut().weather = Weather::Steady(Fault::None);
    world.shell.wallet.borrow_mut().till.weather = TillWeather::Steady(TillFault::None);
    world.shell.journal.borrow_mut().full = false;
    world.mend_clock();
    // A death that was on its way comes first.
    world.pass(Span::from_s(30)).await;
    world.live_on();
    world.start(seed).await;
    while let Some(leg) = world.legs.keys().next().copied() {
        world.leaves(leg, LegEnd::RemoteHangup);
    }
    world.settle().await;
    world.pass(Span::from_s(300)).await;
    if theme != Theme::Calls {
        // The wallet is asked about what is in doubt after longer and longer pauses; what that sends is asked about once more.
        for _ in 0..3 {
            world.set_clock(steps::LONGEST_PAUSE);
            world.pass(Span::from_s(30)).await;
        }
    }
    world.check_end().await;
}
