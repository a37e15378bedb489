//! How values are spoken in each language, and that every clip this takes is there.

mod en;
mod golden;
mod inventory;
mod zh;
