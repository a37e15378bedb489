//! A flow: what the hotline says and what keys do, as a typed tree. Written as TOML in `flows/`, parsed by the server, checked by
//! `check` before it may run.

use crate::call::Service;
use crate::kernel::account_act::AccountAct;
use crate::kernel::assurance::Level;
use crate::pass::Topic;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A whole flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Its name, as lines refer to it.
    pub id: String,
    /// The first node.
    pub start: NodeId,
    /// Where `9` leads from anywhere.
    pub freeze: NodeId,
    /// Where `0` leads from a menu that names no person of its own, and where three wrong answers lead.
    pub person: NodeId,
    /// Where a call pass leads, by its topic; none when the flow takes no passes.
    #[serde(default)]
    pub topics: BTreeMap<Topic, NodeId>,
    /// Where callers go who ask for a person while nobody is there, or while the wait is long. A line that keeps hours needs it.
    #[serde(default)]
    pub callback: Option<NodeId>,
    /// All nodes by name.
    pub nodes: BTreeMap<NodeId, Node>,
}

impl Flow {
    /// The main menu: what follows the question for the language and the notice of how the line stands.
    #[must_use]
    pub fn main(&self) -> &NodeId {
        let first = match self.nodes.get(&self.start) {
            Some(Node::Language { then, .. }) => then,
            _ => &self.start,
        };
        match self.nodes.get(first) {
            Some(Node::Notice { then }) => then,
            _ => first,
        }
    }
}

/// The name of a node within its flow.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub String);

/// The name of a prompt in the catalogue. `{wallet}` in it stands for the wallet's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PromptId(pub String);

impl PromptId {
    /// The name for one wallet.
    #[must_use]
    pub fn for_wallet(&self, wallet: &str) -> Self {
        Self(self.0.replace("{wallet}", wallet))
    }
}

/// One step of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Node {
    /// Say who this is, then ask for the language: every prompt in each of the line's languages in turn. Without an answer the
    /// line's first language is taken.
    Language {
        /// Said first, once.
        greeting: PromptId,
        /// The question, repeated.
        prompt: PromptId,
        /// Where to go once the language is known.
        then: NodeId,
    },
    /// Ask for a key. `0` a person, `9` freeze, `*` again, `#` back are always there and need no entry.
    Menu {
        /// The question.
        prompt: PromptId,
        /// What it is about, remembered for the agent.
        #[serde(default)]
        service: Option<Service>,
        /// Keys and where they lead.
        keys: BTreeMap<Key, NodeId>,
        /// Where `0` leads, when not to the flow's person.
        #[serde(default)]
        person: Option<NodeId>,
    },
    /// Say something, then go on. Any key cuts it short; `0`, `9`, `*`, `#` do what they do in a menu.
    Say {
        /// What is said.
        prompt: PromptId,
        /// What is said in its place while nobody is there in the queue it leads to.
        #[serde(default)]
        closed: Option<PromptId>,
        /// Where to go afterwards.
        then: NodeId,
    },
    /// Say how long each kind of transaction usually takes, then go on. Keys do what they do in a `say` node.
    Times {
        /// Where to go afterwards.
        then: NodeId,
    },
    /// Say how the line stands: nobody there and until when, a long wait, a disturbance. Nothing while all is as usual. Keys do what
    /// they do in a `say` node.
    Notice {
        /// Where to go afterwards.
        then: NodeId,
    },
    /// Take a request to be called back.
    Callback {
        /// Where to go afterwards: to a menu.
        then: NodeId,
    },
    /// Find out who is calling, unless that is known already.
    Verify {
        /// The level that is needed: A2 by a code sent, A3 by the wallet's second factor besides.
        #[serde(default = "one_factor")]
        level: Level,
        /// Where a verified caller goes.
        then: NodeId,
        /// Where a caller goes who cannot be verified, when not to the flow's person.
        #[serde(default)]
        person: Option<NodeId>,
        /// Where callers go when the wallet has no connection to the hotline, or no code can reach them.
        without: NodeId,
    },
    /// Say where one transaction of a verified caller stands.
    Status {
        /// Where `0` and three wrong answers lead, when not to the flow's person.
        #[serde(default)]
        person: Option<NodeId>,
    },
    /// Take a verified caller's request for money back.
    Refund {
        /// Where `0` and three wrong answers lead, when not to the flow's person.
        #[serde(default)]
        person: Option<NodeId>,
    },
    /// Freeze an account in an emergency.
    Freeze {
        /// Where the caller goes afterwards: to a queue.
        then: NodeId,
        /// Where callers go when the wallet has no connection to the hotline: to a queue.
        without: NodeId,
    },
    /// Do something to the account of the customer who was verified; of whoever is named, where a claim is enough.
    Act {
        /// What.
        act: AccountAct,
        /// Where the caller goes when it is done: to a menu.
        then: NodeId,
        /// Where a caller goes for whom it cannot be done, when not to the flow's person.
        #[serde(default)]
        person: Option<NodeId>,
        /// Where callers go when the wallet has no connection to the hotline.
        without: NodeId,
    },
    /// Join a queue.
    Queue {
        /// The queue's name within the wallet.
        queue: String,
        /// What it is about; none keeps what the menu learned.
        #[serde(default)]
        service: Option<Service>,
        /// 0 (lowest) to 10 (emergency).
        priority: u8,
    },
}

const fn one_factor() -> Level {
    Level::A2
}

/// A key a menu may bind: `1` to `8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(u8);

impl Key {
    /// The key, when a menu may bind it.
    #[must_use]
    pub const fn new(digit: char) -> Option<Self> {
        match digit {
            '1'..='8' => Some(Self(digit as u8)),
            _ => None,
        }
    }

    /// The key as a digit.
    #[must_use]
    pub const fn digit(self) -> char {
        self.0 as char
    }
}

impl TryFrom<String> for Key {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let mut chars = text.chars();
        match (chars.next().and_then(Self::new), chars.next()) {
            (Some(key), None) => Ok(key),
            _ => Err(format!("`{text}` is no key a menu may bind: use 1 to 8; 0, 9, * and # are taken in every menu")),
        }
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.digit().to_string()
    }
}
