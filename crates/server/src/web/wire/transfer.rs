//! Handing a call on, on the wire.

use super::{NotReadyReason, Presence, PresenceName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use walletline_core::kernel::{ids::StaffId, time::Wall};
use walletline_core::switchboard::event::{Monitor, Target};
use walletline_core::switchboard::{Outlook, live};

/// Hand a call on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferAct {
    to: TransferTo,
    mode: TransferMode,
}

/// Where to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum TransferTo {
    /// A queue of the same wallet, by id.
    Queue(String),
    /// An agent, by id.
    Agent(String),
    /// A number outside that calls of the wallet may be handed on to, by id.
    Outside(String),
}

/// How.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TransferMode {
    /// The other takes the call over at once.
    Blind,
    /// The agent speaks with them first, while the customer hears music.
    Attended,
}

/// Listen to another agent's call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MonitorAct {
    pub(crate) mode: MonitorMode,
}

/// Who hears the supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MonitorMode {
    /// Nobody.
    Listen,
    /// The agents.
    Whisper,
    /// Everybody.
    Barge,
}

impl From<MonitorMode> for Monitor {
    fn from(mode: MonitorMode) -> Self {
        match mode {
            MonitorMode::Listen => Self::Listen,
            MonitorMode::Whisper => Self::Whisper,
            MonitorMode::Barge => Self::Barge,
        }
    }
}

/// What a supervisor who comes onto a call has to connect.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Watching {
    pub(crate) contact: String,
    /// The desk's leg, to be named in `rtc.offer`; none for one who was on the call already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) leg: Option<String>,
}

/// Press keys towards the far end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeysAct {
    /// `0`–`9`, `*`, `#`, `A`–`D`.
    #[schema(min_length = 1, max_length = 32)]
    pub(crate) digits: String,
}

/// Where a call can be handed on to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TransferTargets {
    /// Other agents, by number.
    agents: Vec<TransferAgent>,
    /// Queues of the same wallet, by id.
    queues: Vec<TransferQueue>,
    /// Numbers outside that calls of the wallet may be handed on to, by id.
    outside: Vec<TransferOutside>,
}

/// An agent who may be asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TransferAgent {
    id: String,
    number: String,
    /// Only `ready` can be asked.
    state: PresenceName,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<NotReadyReason>,
}

/// A queue that may take the customer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TransferQueue {
    id: String,
    /// How many wait in it.
    waiting: u32,
}

/// A number outside that may be called.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TransferOutside {
    id: String,
    /// Who is reached there, by language.
    name: BTreeMap<&'static str, String>,
    number: String,
    /// Somebody is there at this hour.
    open: bool,
}

impl TransferAct {
    /// What is asked for, and whether at once; else what is wrong with it.
    pub(crate) fn read(self) -> Result<(Target, bool), &'static str> {
        let blind = self.mode == TransferMode::Blind;
        match self.to {
            TransferTo::Queue(_) if !blind => Err("a queue cannot be spoken with first: send `blind`"),
            TransferTo::Queue(queue) => Ok((Target::Queue(queue), blind)),
            TransferTo::Agent(agent) => {
                let agent: StaffId = agent.parse().map_err(|_| "`agent` is no agent's id")?;
                Ok((Target::Agent(agent), blind))
            }
            TransferTo::Outside(number) => Ok((Target::Outside(number), blind)),
        }
    }
}

impl TransferTargets {
    /// Everything but oneself.
    pub(crate) fn of(snapshot: &live::Snapshot, outlook: &Outlook, me: StaffId, wallet: &str, now: Wall) -> Self {
        let agents = snapshot.agents.values().filter(|agent| agent.id != me);
        let mut agents: Vec<TransferAgent> = agents
            .map(|agent| {
                let Presence { state, reason } = agent.presence.into();
                TransferAgent { id: agent.id.to_string(), number: agent.number.clone(), state, reason }
            })
            .collect();
        agents.sort_unstable_by(|a, b| a.number.cmp(&b.number));
        let is_own = |id: &str| id.strip_prefix(wallet).is_some_and(|name| name.starts_with('-'));
        let queues = snapshot.queues.values().filter(|queue| is_own(&queue.id));
        let queues = queues.map(|queue| TransferQueue { id: queue.id.clone(), waiting: queue.waiting }).collect();
        let outside = outlook.outside.iter().filter(|number| number.wallet == wallet).map(|number| TransferOutside {
            id: number.id.clone(),
            name: number.names.iter().map(|(language, name)| (language.tag(), name.clone())).collect(),
            number: number.number.clone(),
            open: number.is_open(now),
        });
        Self { agents, queues, outside: outside.collect() }
    }
}
