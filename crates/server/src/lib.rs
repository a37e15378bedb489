//! The program `walletline`: configuration, engine, web and jobs around the core's decisions. A library so that its tests can
//! stand up any part of it; `main.rs` only calls it.

pub mod app;
mod audit;
pub mod backup;
pub mod cases;
pub mod cli;
pub mod config;
pub mod connector;
mod data_keys;
pub mod demo;
mod dialling;
pub mod directory;
pub mod engine;
pub mod help;
pub mod hours;
pub mod jobs;
pub mod keyring;
mod knowledge;
pub mod listen;
pub mod passes;
pub mod prompts;
pub mod recordings;
pub mod refunds;
mod sealed;
pub mod service;
pub mod telemetry;
pub mod times;
pub mod tracking;
pub mod uploads;
pub mod visits;
pub mod web;
pub mod world;
