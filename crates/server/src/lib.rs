//! The program `walletline`: configuration, engine, web and jobs around the core's decisions. A library so that its tests can
//! stand up any part of it; `main.rs` only calls it.

pub mod config;
