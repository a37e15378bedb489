//! One file per address of the demo.

pub(crate) mod call;
pub(crate) mod customers;
pub(crate) mod lines;
pub(crate) mod messages;
pub(crate) mod prompts;

use super::Demo;
use crate::web::State;
use crate::web::error::Problem;

/// The demo world; without one there is nothing here.
fn demo(state: &State) -> Result<&Demo, Problem> {
    state.demo.as_deref().ok_or_else(Problem::not_found)
}
