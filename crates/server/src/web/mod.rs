//! The public listener: pages, the staff API, the live connection, and in the demo world the demo's own addresses. A handler
//! authenticates, loads, rules, commits; decisions are made in the core.

pub(crate) mod apps;
mod assets;
pub(crate) mod auth;
mod case_form;
mod desks;
pub(crate) mod dialled;
pub(crate) mod error;
pub(crate) mod extract;
mod gateways;
mod headers;
mod kept;
mod limits;
mod listened;
mod live;
mod multipart;
mod openapi;
mod prepared;
mod relay;
mod router;
pub(crate) mod routes;
mod site;
mod state;
pub(crate) mod wire;

pub(crate) use assets::demo_phone;
pub use auth::Factors;
pub use openapi::document;
pub use router::router;
pub use state::{Parts, State};
