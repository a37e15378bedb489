//! Runs many seeds, or one again: `cargo run --package walletline-sim -- --seeds 1000`, `… -- --seed 42 --transitions 150`.

use std::process::ExitCode;
use walletline_sim::run::Theme;
use walletline_sim::{directory, run};

/// What is asked for.
struct Asked {
    theme: Theme,
    first: u64,
    seeds: u64,
    transitions: u32,
}

fn asked(mut words: impl Iterator<Item = String>) -> Option<Asked> {
    let mut asked = Asked { theme: Theme::Calls, first: 0, seeds: 100, transitions: run::TRANSITIONS };
    while let Some(word) = words.next() {
        let value = words.next()?;
        if word == "--theme" {
            asked.theme = Theme::ALL.into_iter().find(|theme| theme.name() == value)?;
            continue;
        }
        let number = value.parse::<u64>().ok()?;
        match word.as_str() {
            "--seed" => (asked.first, asked.seeds) = (number, 1),
            "--seeds" => asked.seeds = number,
            "--from" => asked.first = number,
            "--transitions" => asked.transitions = u32::try_from(number).ok()?,
            _ => return None,
        }
    }
    Some(asked)
}

fn main() -> ExitCode {
    let Some(asked) = asked(std::env::args().skip(1)) else {
        eprintln!("usage: walletline-sim [--theme calls|refunds|steps] [--seed N | --from N --seeds N] [--transitions N]");
        return ExitCode::from(2);
    };
    let foundation = match directory::world() {
        Ok(foundation) => foundation,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let mut sum = run::Report::default();
    let mut failed = 0_u64;
    for seed in asked.first..asked.first.saturating_add(asked.seeds) {
        match run::run(asked.theme, seed, asked.transitions, &foundation) {
            Ok(report) => {
                sum.happened += report.happened;
                sum.freezes += report.freezes;
                sum.effects += report.effects;
                sum.proofs += report.proofs;
                sum.refunds += report.refunds;
                sum.given_back += report.given_back;
                sum.entries += report.entries;
            }
            Err(failure) => {
                failed += 1;
                eprintln!("{failure}\n");
            }
        }
    }
    let run::Report { happened, freezes, effects, proofs, refunds, given_back, entries } = sum;
    println!(
        "{} seeds, {failed} failed: {happened} steps, {freezes} freezes asked for, {effects} effects, {proofs} codes passed, {refunds} \
         refunds asked for, {given_back} given back, {entries} audit entries",
        asked.seeds
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
