//! From the configuration to what the switchboard stands on.

use crate::config::{Config, ConfigError, FlowSource};
use crate::connector::Messenger;
use crate::hours;
use crate::prompts::Prompts;
use crate::times::Times;
use std::collections::BTreeMap;
use std::sync::Arc;
use walletline_core::agent::Staff;
use walletline_core::ivr::check::{Scope, check};
use walletline_core::ivr::flow::Flow;
use walletline_core::queue::Strategy;
use walletline_core::switchboard::{Directory, Line, LineState, OutsideNumber, Queue, Settings, World};

/// The switchboard's world for this configuration, these prompts, these people, and whom messages can reach.
///
/// # Errors
/// [`ConfigError`] when a flow cannot be read or would leave a caller alone, or two different flows share an id.
pub fn build(
    config: &Config,
    prompts: &Prompts,
    times: &Times,
    messenger: &Messenger,
    staff: Vec<Staff>,
) -> Result<World, ConfigError> {
    let calls_max = usize::try_from(config.sip.calls_max).unwrap_or(usize::MAX);
    let hours = hours::load(config, times)?;
    let mut flows: BTreeMap<String, (FlowSource, Flow)> = BTreeMap::new();
    let mut lines = Vec::new();
    for (place, line) in config.lines.iter().enumerate() {
        let key = format!("line[{place}].flow");
        let flow = line.flow.load(&key)?;
        let kept = hours.lines.get(&line.number).cloned();
        let scope = Scope {
            wallets: [line.wallet.clone()].into(),
            languages: line.languages.iter().copied().collect(),
            queues: Some(config.queues.iter().map(|queue| queue.id.clone()).collect()),
            closes: kept.as_ref().is_some_and(|hours| hours.closes()),
            records: line.record,
        };
        if let Some(finding) = check(&flow, prompts.catalog(), &scope).first() {
            let what = format!("flow `{}`: {finding}; `walletline flow check` lists everything", flow.id);
            return Err(ConfigError::new(key, what));
        }
        let id = flow.id.clone();
        let (source, _) = flows.entry(id.clone()).or_insert_with(|| (line.flow.clone(), flow));
        if *source != line.flow {
            return Err(ConfigError::new(key, format!("another flow is also called `{id}`: give this one an id of its own")));
        }
        lines.push(Line {
            number: line.number.clone(),
            wallet: line.wallet.clone(),
            flow: id,
            languages: line.languages.clone(),
            verifies: messenger.reaches_customers(&line.wallet),
            second: config.wallets.iter().any(|wallet| wallet.id == line.wallet && wallet.extension.is_some()),
            connected: config.wallets.iter().any(|wallet| wallet.id == line.wallet && wallet.gsma.is_some()),
            times: times.said(&line.wallet),
            records: line.record,
            announces: line.announce_agent,
            keep_recordings: line.keep_recordings,
            hours: kept,
            // Whoever tries the demo finds somebody whatever the hour; POST /demo/api/lines gives a line back to its plan.
            held: config.demo.then_some(LineState::Open),
            calls_max: line.calls_max.map_or(calls_max, |max| usize::try_from(max).unwrap_or(usize::MAX)),
        });
    }
    let queues = config.queues.iter().map(|queue| Queue {
        id: queue.id.clone(),
        wallet: queue.wallet.clone(),
        name: queue.id.strip_prefix(&format!("{}-", queue.wallet)).unwrap_or(&queue.id).to_owned(),
        skills: queue.skills.clone(),
        strategy: Strategy::LongestIdle,
    });
    let outside = config.transfers.iter().map(|transfer| OutsideNumber {
        id: transfer.id.clone(),
        wallet: transfer.wallet.clone(),
        names: transfer.name.clone(),
        number: transfer.number.clone(),
        trunk: transfer.trunk.clone(),
        hours: hours.transfers.get(&transfer.id).cloned(),
    });
    Ok(World {
        directory: Directory {
            lines,
            queues: queues.collect(),
            flows: flows.into_values().map(|(_, flow)| flow).collect(),
            outside: outside.collect(),
        },
        catalog: prompts.catalog().clone(),
        staff,
        settings: Settings {
            ladder: Arc::new(config.ladder.clone()),
            calls_max,
            retention: config.data.retention(),
            ..Settings::default()
        },
    })
}
