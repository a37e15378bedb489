//! The web API from outside: the real router, switchboard, voice engine and SQLite, spoken to over a real socket. One file per
//! area of `src/web/routes`. Only audio is missing: what phones would tell is told by the harness.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod account;
mod account_acts;
mod app_transfer;
mod audit;
mod caller_id;
mod case_forms;
mod cases;
mod clocks;
mod contacts;
mod control;
mod demo;
mod directory;
mod evidence;
mod harness;
mod hours;
mod journal;
mod live;
mod look_ups;
mod me;
mod messages;
mod offers;
mod openapi;
mod operations;
mod outbox;
mod pages;
mod passes;
mod passkeys;
mod password;
mod recordings;
mod second_factor;
mod session;
mod site;
mod staff;
mod talking_to_us;
mod watch;
