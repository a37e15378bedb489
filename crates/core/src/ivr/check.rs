//! The static check of a flow: whoever calls must always get on. It finds everything at once, so that an author mends a flow in
//! one go; a flow with findings must not answer calls. It changes nothing.

use super::flow::{Flow, Node, NodeId, PromptId};
use super::phrases;
use super::prompt::{Catalog, Spoken};
use crate::kernel::account_act::AccountAct;
use crate::kernel::assurance::Level;
use crate::kernel::language::Language;
use crate::pass::Topic;
use std::collections::{BTreeMap, BTreeSet};

/// Highest priority a queue node may give; a freeze must give it.
const PRIORITY_MAX: u8 = 10;

/// Where a flow is to be used.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Wallets whose lines use it, by id.
    pub wallets: BTreeSet<String>,
    /// Languages of these lines.
    pub languages: BTreeSet<Language>,
    /// Queues there are, by id (`{wallet}-{name}`); none when they are not known here.
    pub queues: Option<BTreeSet<String>>,
    /// There are times at which nobody is there, or waits so long that a call back is offered.
    pub closes: bool,
    /// Calls are recorded: `8` at the main menu goes on without.
    pub records: bool,
}

/// Something that would strand a caller.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Finding {
    /// A node is named that is not there.
    #[error("{by} leads to `{node}`, which is not there: add [nodes.\"{node}\"] or lead elsewhere", node = node.0)]
    MissingNode {
        /// Who names it.
        by: String,
        /// The name.
        node: NodeId,
    },
    /// No caller can come here.
    #[error("no caller can reach node `{node}`: lead a key or a `then` to it, or remove it", node = .0.0)]
    Unreachable(NodeId),
    /// From here no caller ever reaches a queue.
    #[error("from node `{node}` no queue can be reached: lead it on to a menu or a queue", node = .0.0)]
    DeadEnd(NodeId),
    /// Sayings that follow one another for ever.
    #[error("node `{node}` and those after it only say things and come back to it: put a menu or a queue between them", node = .0.0)]
    SayLoop(NodeId),
    /// The way to a person does not end in a queue.
    #[error("{by} must lead to a queue, directly or through `say` nodes, but `{node}` does not: name a queue node", node = node.0)]
    NoPerson {
        /// Which way.
        by: String,
        /// The first node on it.
        node: NodeId,
    },
    /// A freeze would wait behind others.
    #[error("`freeze` leads to queue node `{node}` with a priority below 10: a freeze comes before everything, give it 10", node = .0.0)]
    FreezeWaits(NodeId),
    /// A menu that offers nothing.
    #[error("menu `{node}` has no keys: give it some, or make it a `say` node", node = .0.0)]
    MenuWithoutKeys(NodeId),
    /// A level that verifying by keypad does not end at.
    #[error("node `{node}` asks for a level that no keypad reaches: write level = \"A2\" or \"A3\"", node = .0.0)]
    LevelOutOfReach(NodeId),
    /// An act that needs two people.
    #[error("node `{node}` asks for `{act}`, which an agent asks for and a second one agrees to: lead to a person", node = node.0, act = act.name())]
    NotByKeypad {
        /// The node.
        node: NodeId,
        /// What it asks for.
        act: AccountAct,
    },
    /// Several languages and no question.
    #[error("the lines speak several languages but no caller is asked for one: start with a `language` node")]
    LanguageNotAsked,
    /// A call pass may be about something that the flow says nothing of.
    #[error("`topics` leaves out `{topic}`: say where a call pass about it leads, or leave out `topics` as a whole", topic = .0.name())]
    MissingTopic(Topic),
    /// A line that closes, and no way to ask for a call.
    #[error(
        "the lines keep hours but `callback` names no node of kind `callback`: whoever calls when nobody is there would be stranded"
    )]
    NoCallback,
    /// The main menu of a line that records needs its `8`.
    #[error("the line records, so `8` at the main menu `{node}` goes on unrecorded: bind another key", node = .0.0)]
    EightTaken(NodeId),
    /// A prompt is not there in a language.
    #[error("{by} says `{prompt}`, which {tag} does not have: add it to prompts/{tag}.toml", prompt = prompt.0, tag = language.tag())]
    MissingPrompt {
        /// Who says it.
        by: String,
        /// The prompt.
        prompt: PromptId,
        /// In which language.
        language: Language,
    },
    /// A prompt wants a value that nobody gives it here.
    #[error("{by} says `{prompt}`, whose slots in {tag} cannot be filled here: {allowed}", prompt = prompt.0, tag = language.tag())]
    UnfilledSlot {
        /// Who says it.
        by: String,
        /// The prompt.
        prompt: PromptId,
        /// In which language.
        language: Language,
        /// What may stand there.
        allowed: String,
    },
    /// A queue that is not there.
    #[error("node `{node}` joins the queue `{queue}`, which is not configured: add a [[queue]] with that id", node = node.0)]
    UnknownQueue {
        /// The node.
        node: NodeId,
        /// The queue's id.
        queue: String,
    },
    /// A priority out of range.
    #[error("node `{node}` has priority {priority}: use 0 to 10", node = node.0)]
    BadPriority {
        /// The node.
        node: NodeId,
        /// As written.
        priority: u8,
    },
}

/// Everything that is wrong with a flow, in a stable order; empty when it may answer calls.
#[must_use]
pub fn check(flow: &Flow, catalog: &Catalog, scope: &Scope) -> Vec<Finding> {
    let mut findings = Vec::new();
    check_nodes(flow, &mut findings);
    check_ways(flow, &mut findings);
    check_persons(flow, &mut findings);
    check_queues(flow, scope, &mut findings);
    check_prompts(flow, catalog, scope, &mut findings);
    if !flow.topics.is_empty() {
        let missing = Topic::ALL.into_iter().filter(|topic| !flow.topics.contains_key(topic));
        findings.extend(missing.map(Finding::MissingTopic));
    }
    let takes_requests = |id: &NodeId| matches!(flow.nodes.get(id), Some(Node::Callback { .. }));
    if flow.callback.as_ref().map_or(scope.closes, |id| !takes_requests(id)) {
        findings.push(Finding::NoCallback);
    }
    let main = flow.main();
    if scope.records && matches!(flow.nodes.get(main), Some(Node::Menu { keys, .. }) if keys.keys().any(|key| key.digit() == '8'))
    {
        findings.push(Finding::EightTaken(main.clone()));
    }
    let asks = |node: &Node| matches!(node, Node::Language { .. });
    if scope.languages.len() > 1 && !flow.nodes.get(&flow.start).is_some_and(asks) {
        findings.push(Finding::LanguageNotAsked);
    }
    findings
}

/// Where a node can lead, and by what.
fn ways<'a>(flow: &'a Flow, id: &NodeId, node: &'a Node) -> Vec<(String, &'a NodeId)> {
    match node {
        Node::Language { then, .. } | Node::Say { then, .. } => vec![(format!("node `{}`", id.0), then)],
        Node::Menu { keys, person, .. } => {
            let key = |key: char| format!("key {key} of menu `{}`", id.0);
            let keys = keys.iter().map(|(bound, next)| (key(bound.digit()), next));
            keys.chain([(key('0'), person.as_ref().unwrap_or(&flow.person))]).collect()
        }
        Node::Times { then } | Node::Notice { then } | Node::Callback { then } => vec![(format!("node `{}`", id.0), then)],
        Node::Verify { then, person, without, level: _ } => {
            let person = person.as_ref().unwrap_or(&flow.person);
            ways_of(id, [("then", then), ("person", person), ("without", without)])
        }
        Node::Status { person } | Node::Refund { person } => {
            vec![(format!("`person` of node `{}`", id.0), person.as_ref().unwrap_or(&flow.person))]
        }
        Node::Freeze { then, without } => ways_of(id, [("then", then), ("without", without)]),
        Node::Act { then, person, without, act: _ } => {
            let person = person.as_ref().unwrap_or(&flow.person);
            ways_of(id, [("then", then), ("person", person), ("without", without)])
        }
        Node::Queue { .. } => Vec::new(),
    }
}

fn ways_of<'a, const N: usize>(id: &NodeId, ways: [(&str, &'a NodeId); N]) -> Vec<(String, &'a NodeId)> {
    ways.map(|(name, next)| (format!("`{name}` of node `{}`", id.0), next)).to_vec()
}

fn roots(flow: &Flow) -> Vec<(String, &NodeId)> {
    let named = [("start", &flow.start), ("freeze", &flow.freeze), ("person", &flow.person)];
    let callback = flow.callback.as_ref().map(|id| ("callback", id));
    let topics = flow.topics.iter().map(|(topic, id)| (format!("topic `{}`", topic.name()), id));
    named.into_iter().chain(callback).map(|(name, id)| (format!("`{name}`"), id)).chain(topics).collect()
}

fn check_nodes(flow: &Flow, findings: &mut Vec<Finding>) {
    let named = flow.nodes.iter().flat_map(|(id, node)| ways(flow, id, node));
    // A menu without a person of its own names the flow's, which is looked at among the roots.
    let own = named.filter(|(_, next)| *next != &flow.person);
    for (by, node) in roots(flow).into_iter().chain(own) {
        if !flow.nodes.contains_key(node) {
            findings.push(Finding::MissingNode { by, node: node.clone() });
        }
    }
    for (id, node) in &flow.nodes {
        if matches!(node, Node::Menu { keys, .. } if keys.is_empty()) {
            findings.push(Finding::MenuWithoutKeys(id.clone()));
        }
        if matches!(node, Node::Verify { level, .. } if !matches!(level, Level::A2 | Level::A3)) {
            findings.push(Finding::LevelOutOfReach(id.clone()));
        }
        if let Node::Act { act, .. } = node
            && act.needs_second_person()
        {
            findings.push(Finding::NotByKeypad { node: id.clone(), act: *act });
        }
        if let Node::Queue { priority, .. } = node
            && *priority > PRIORITY_MAX
        {
            findings.push(Finding::BadPriority { node: id.clone(), priority: *priority });
        }
    }
}

fn check_ways(flow: &Flow, findings: &mut Vec<Finding>) {
    let mut reached: BTreeSet<&NodeId> = BTreeSet::new();
    let mut next: Vec<&NodeId> = roots(flow).into_iter().map(|(_, id)| id).collect();
    while let Some(id) = next.pop() {
        if let Some(node) = flow.nodes.get(id)
            && reached.insert(id)
        {
            next.extend(ways(flow, id, node).into_iter().map(|(_, next)| next));
        }
    }
    findings.extend(flow.nodes.keys().filter(|id| !reached.contains(id)).cloned().map(Finding::Unreachable));

    let mut leads_on: BTreeSet<&NodeId> = BTreeSet::new();
    // Each pass finds at least one more node or ends: at most as many passes as nodes.
    loop {
        let known = leads_on.len();
        for (id, node) in &flow.nodes {
            let queue = matches!(node, Node::Queue { .. });
            if queue || ways(flow, id, node).iter().any(|(_, next)| leads_on.contains(next)) {
                leads_on.insert(id);
            }
        }
        if leads_on.len() == known {
            break;
        }
    }
    for id in flow.nodes.keys() {
        if says_for_ever(flow, id) {
            findings.push(Finding::SayLoop(id.clone()));
        } else if !leads_on.contains(id) {
            findings.push(Finding::DeadEnd(id.clone()));
        }
    }
}

/// The node is on a circle of sayings.
fn says_for_ever(flow: &Flow, start: &NodeId) -> bool {
    let mut at = start;
    for _ in 0..flow.nodes.len() {
        let Some(Node::Say { then, .. } | Node::Times { then } | Node::Notice { then }) = flow.nodes.get(at) else {
            return false;
        };
        if then == start {
            return true;
        }
        at = then;
    }
    false
}

/// The queue that a node leads to through nothing but sayings.
fn queue_after<'a>(flow: &'a Flow, mut at: &'a NodeId) -> Option<(&'a NodeId, u8)> {
    for _ in 0..=flow.nodes.len() {
        match flow.nodes.get(at)? {
            Node::Queue { priority, .. } => return Some((at, *priority)),
            Node::Say { then, .. } | Node::Times { then } | Node::Notice { then } | Node::Freeze { then, .. } => at = then,
            Node::Language { .. }
            | Node::Menu { .. }
            | Node::Verify { .. }
            | Node::Status { .. }
            | Node::Refund { .. }
            | Node::Act { .. }
            | Node::Callback { .. } => return None,
        }
    }
    None
}

fn check_persons(flow: &Flow, findings: &mut Vec<Finding>) {
    let own = flow.nodes.iter().filter_map(|(id, node)| match node {
        Node::Menu { person: Some(person), .. } => Some((format!("`person` of menu `{}`", id.0), person)),
        Node::Verify { person: Some(person), .. }
        | Node::Status { person: Some(person) }
        | Node::Act { person: Some(person), .. }
        | Node::Refund { person: Some(person) } => Some((format!("`person` of node `{}`", id.0), person)),
        Node::Freeze { without, .. } => Some((format!("`without` of node `{}`", id.0), without)),
        _ => None,
    });
    let ways: BTreeMap<String, &NodeId> = own.chain([("`person`".to_owned(), &flow.person)]).collect();
    for (by, node) in ways {
        if flow.nodes.contains_key(node) && queue_after(flow, node).is_none() {
            findings.push(Finding::NoPerson { by, node: node.clone() });
        }
    }
    if let Some((node, priority)) = queue_after(flow, &flow.freeze)
        && priority < PRIORITY_MAX
    {
        findings.push(Finding::FreezeWaits(node.clone()));
    }
}

fn check_queues(flow: &Flow, scope: &Scope, findings: &mut Vec<Finding>) {
    let Some(known) = &scope.queues else { return };
    for (id, node) in &flow.nodes {
        let Node::Queue { queue, .. } = node else { continue };
        for wallet in &scope.wallets {
            let queue = format!("{wallet}-{queue}");
            if !known.contains(&queue) {
                findings.push(Finding::UnknownQueue { node: id.clone(), queue });
            }
        }
    }
}

fn check_prompts(flow: &Flow, catalog: &Catalog, scope: &Scope, findings: &mut Vec<Finding>) {
    let mut say = |by: &str, prompt: &PromptId, values: &[(&str, Spoken)], allowed: &str| {
        for language in &scope.languages {
            let (by, prompt, language) = (by.to_owned(), prompt.clone(), *language);
            if !catalog.has(language, &prompt) {
                findings.push(Finding::MissingPrompt { by, prompt, language });
            } else if catalog.phrase(language, &prompt, values).is_none() {
                findings.push(Finding::UnfilledSlot { by, prompt, language, allowed: allowed.to_owned() });
            }
        }
    };
    for (id, node) in &flow.nodes {
        let prompts = match node {
            Node::Language { greeting, prompt, .. } => vec![greeting, prompt],
            Node::Menu { prompt, .. } => vec![prompt],
            Node::Say { prompt, closed, .. } => [prompt].into_iter().chain(closed).collect(),
            Node::Queue { .. }
            | Node::Times { .. }
            | Node::Notice { .. }
            | Node::Callback { .. }
            | Node::Verify { .. }
            | Node::Status { .. }
            | Node::Act { .. }
            | Node::Refund { .. }
            | Node::Freeze { .. } => Vec::new(),
        };
        for prompt in prompts {
            let names: BTreeSet<PromptId> = match prompt.0.contains("{wallet}") {
                true => scope.wallets.iter().map(|wallet| prompt.for_wallet(wallet)).collect(),
                false => [prompt.clone()].into(),
            };
            for name in names {
                say(&format!("node `{}`", id.0), &name, &[], "a prompt of a flow has no slots");
            }
        }
    }
    for (prompt, slots) in phrases::ALL {
        let values: Vec<_> = slots.iter().map(|slot| (*slot, phrases::example(slot))).collect();
        let allowed = match slots {
            [] => "it has no slots".to_owned(),
            slots => format!("only `{}` is known", slots.join("`, `")),
        };
        say("the hotline itself", &PromptId((*prompt).to_owned()), &values, &allowed);
    }
}

#[cfg(test)]
mod tests;
