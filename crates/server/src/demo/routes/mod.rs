//! One file per address of the demo.

pub(crate) mod call;
pub(crate) mod clock;
pub(crate) mod customers;
pub(crate) mod fault;
pub(crate) mod ledger;
pub(crate) mod lines;
pub(crate) mod messages;
pub(crate) mod prompts;
pub(crate) mod reset;
pub(crate) mod talking_to_us;

use super::Demo;
use crate::web::State;
use crate::web::error::Problem;
use walletline_gsma::sandbox::ControlError;

/// The demo world; without one there is nothing here.
fn demo(state: &State) -> Result<&Demo, Problem> {
    state.demo.as_deref().ok_or_else(Problem::not_found)
}

/// What the sandbox refuses is the asker's mistake, in its words; that it does not answer is not.
fn sandbox(error: ControlError) -> Problem {
    match error {
        ControlError::Refused(why) => Problem::invalid_input(why),
        ControlError::Unavailable(_) => Problem::unavailable(),
    }
}
