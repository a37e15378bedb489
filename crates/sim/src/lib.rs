//! A seeded world around the core and the store: callers, agents, a wallet with faults, a store that fails, and a process that dies
//! at any point, driven by a clock of its own. What happens follows from a seed alone, and checkers look at every step. Development
//! only: no part of the program depends on it, and it knows nothing of the server.

pub mod checkers;
pub mod defect;
pub mod dice;
pub mod directory;
mod help;
mod jobs;
pub mod journal;
pub mod model;
pub mod names;
mod outside;
pub mod people;
pub mod refunds;
pub mod run;
pub mod shell;
pub mod steps;
pub mod till;
pub mod transition;
pub mod wallet;
pub mod world;
