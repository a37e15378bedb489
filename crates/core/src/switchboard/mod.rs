//! The live composition: routes events to the machines of the areas and joins what they decide.

pub mod command;
pub mod event;
pub mod live;
pub mod step;
