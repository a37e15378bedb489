//! Every checker finds what it is there for: in a world with a planted defect it is the one that speaks up.

use walletline_sim::defect::Defect;
use walletline_sim::{directory, run};

/// Seeds in which a defect has to show: more than the rarest of them needs.
const SEEDS: u64 = 60;

#[test]
fn every_defect_is_found_by_its_checker() {
    let foundation = directory::world().unwrap();
    for defect in Defect::ALL {
        let found = format!("\n{}: ", defect.checker());
        let mut others = Vec::new();
        let finds =
            (0..SEEDS).any(|seed| match run::run_with(defect.theme(), seed, run::TRANSITIONS, &foundation, Some(defect)) {
                Ok(_) => false,
                Err(failure) if failure.contains(&found) => true,
                Err(failure) => {
                    others.extend(failure.lines().rev().nth(1).map(str::to_owned));
                    false
                }
            });
        assert!(finds, "{} finds nothing of {defect:?}, but others said {others:#?}", defect.checker());
    }
}
