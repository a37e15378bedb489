//! `walletline flow check`: refuses a flow that would leave a caller alone.

use super::Failure;
use crate::config::{Config, FlowSource};
use crate::prompts::Prompts;
use clap::Subcommand;
use std::path::PathBuf;
use walletline_core::ivr::check::{Scope, check};
use walletline_core::kernel::language::Language;

/// Flows.
#[derive(Subcommand)]
pub(super) enum Flow {
    /// Check flows: dead ends, missing prompts or languages, unreachable nodes, menus without a way to a person.
    Check {
        /// The flows' files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Check for the wallets, queues and languages of this configuration; else for the demo's wallets and every language.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

pub(super) fn run(command: &Flow) -> Result<(), Failure> {
    let Flow::Check { files, config: path } = command;
    let config = match path {
        Some(path) => Config::load(Some(path), false, std::env::vars())?,
        None => Config::load(None, true, [])?,
    };
    let prompts = Prompts::load(&config)?;
    let mut scope = Scope { languages: Language::ALL.into(), ..Scope::default() };
    scope.wallets = config.wallets.iter().map(|wallet| wallet.id.clone()).collect();
    if path.is_some() {
        scope.languages = config.lines.iter().flat_map(|line| line.languages.iter().copied()).collect();
        scope.queues = Some(config.queues.iter().map(|queue| queue.id.clone()).collect());
    }
    let mut findings = 0;
    for file in files {
        let name = file.display().to_string();
        let flow = FlowSource::File(file.clone()).load(&name)?;
        let found = check(&flow, prompts.catalog(), &scope);
        for finding in &found {
            println!("{name}: {finding}");
        }
        findings += found.len();
        if found.is_empty() {
            println!("{name}: nothing wrong with flow `{}`", flow.id);
        }
    }
    match findings {
        0 => Ok(()),
        1 => Err(Failure("1 finding: a flow with findings must not answer calls".to_owned())),
        many => Err(Failure(format!("{many} findings: a flow with findings must not answer calls"))),
    }
}
