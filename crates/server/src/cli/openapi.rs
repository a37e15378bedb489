//! `walletline openapi`.

use super::Failure;
use crate::web;
use std::io::Write as _;

pub(super) fn run() -> Result<(), Failure> {
    Ok(std::io::stdout().write_all(web::document().as_bytes())?)
}
