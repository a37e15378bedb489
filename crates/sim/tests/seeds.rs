//! Seeds that run with every change, and those that once failed, by name. A failure prints everything that happened and the command
//! that shows it again; `WALLETLINE_SIM_SEEDS` runs more of them.
#![expect(clippy::unwrap_used, reason = "a seed fails by panicking")]

use walletline_sim::run::Theme;
use walletline_sim::{directory, run, steps};

/// Seeds of each half, when nobody says how many.
const SEEDS: u64 = 30;

fn seeds() -> u64 {
    std::env::var("WALLETLINE_SIM_SEEDS").map_or(SEEDS, |text| text.parse().unwrap())
}

fn all_hold(seeds: impl Iterator<Item = u64>) {
    all_hold_of(Theme::Calls, seeds);
}

fn all_hold_of(theme: Theme, seeds: impl Iterator<Item = u64>) {
    let foundation = directory::world().unwrap();
    for seed in seeds {
        if let Err(failure) = run::run(theme, seed, run::TRANSITIONS, &foundation) {
            panic!("{failure}");
        }
    }
}

#[test]
fn even_seeds_hold() {
    all_hold((0..seeds()).map(|n| 2 * n));
}

#[test]
fn odd_seeds_hold() {
    all_hold((0..seeds()).map(|n| 2 * n + 1));
}

#[test]
fn a_seed_is_the_same_every_time() {
    let foundation = directory::world().unwrap();
    let (first, again) =
        (run::run(Theme::Calls, 4, run::TRANSITIONS, &foundation), run::run(Theme::Calls, 4, run::TRANSITIONS, &foundation));
    assert_eq!(first.unwrap(), again.unwrap());
}

#[test]
fn even_seeds_of_refunds_hold() {
    all_hold_of(Theme::Refunds, (0..seeds()).map(|n| 2 * n));
}

#[test]
fn odd_seeds_of_refunds_hold() {
    all_hold_of(Theme::Refunds, (0..seeds()).map(|n| 2 * n + 1));
}

/// Far apart, so that few of them meet every path and every fault.
#[test]
fn refunds_hold_at_every_step() {
    all_hold_of(Theme::Steps, (0..seeds().min(steps::SEEDS)).map(|n| n * 109 % steps::SEEDS));
}

#[test]
fn enough_happens_to_be_worth_looking_at() {
    let foundation = directory::world().unwrap();
    let mut sum = run::Report::default();
    for seed in 0..10 {
        let report = run::run(Theme::Calls, seed, run::TRANSITIONS, &foundation).unwrap();
        (sum.freezes, sum.effects) = (sum.freezes + report.freezes, sum.effects + report.effects);
        sum.proofs += report.proofs;
    }
    for seed in 0..10 {
        let report = run::run(Theme::Refunds, seed, run::TRANSITIONS, &foundation).unwrap();
        (sum.refunds, sum.given_back) = (sum.refunds + report.refunds, sum.given_back + report.given_back);
    }
    assert!(sum.refunds > 50 && sum.given_back > 20, "{sum:?}");
    assert!(sum.freezes > 50 && sum.effects > 15 && sum.proofs > 0, "{sum:?}");
}

#[test]
fn a_death_at_the_very_end() {
    all_hold([7, 16, 151].into_iter());
}

#[test]
fn cases_of_freezes_around_a_clock_that_is_set_back() {
    all_hold([35, 144, 289].into_iter());
}

#[test]
fn a_clock_set_back_hides_no_freeze_that_is_under_way() {
    all_hold([38, 79, 118, 140, 191].into_iter());
}

#[test]
fn two_callers_who_freeze_one_account_at_once_meet_on_its_row() {
    all_hold([2, 19, 27, 60, 77, 116, 123, 137, 146].into_iter());
}

#[test]
fn a_wallet_that_refuses_a_second_request_may_still_carry_out_the_first() {
    all_hold_of(Theme::Refunds, [299].into_iter());
}
