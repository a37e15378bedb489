//! What every simulated world stands on: the menu and the prompts as shipped, two lines of one wallet, its staff, and the numbers of
//! its customers.

use crate::wallet::Account;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use walletline_core::agent::{Staff, Teams};
use walletline_core::call::RECORDING_KEPT;
use walletline_core::ivr::flow::{Flow, Node};
use walletline_core::ivr::prompt::{Book, Catalog};
use walletline_core::kernel::{actor::Role, ids::StaffId, language::Language, time::Wall};
use walletline_core::queue::Strategy;
use walletline_core::switchboard::{Directory, Line, Queue, Settings, World, queue_id};

/// The wallet.
pub const WALLET: &str = "jinqiao";

/// Lines that are answered; the second one takes two calls.
pub const LINES: [&str; 2] = ["8000", "8001"];

/// Trunks that calls come through.
pub const TRUNKS: [&str; 2] = ["carrier", "other"];

/// Numbers that callers show and name. The last two have no account.
pub const NUMBERS: [&str; 9] = [
    "+8619000000001",
    "+8619000000002",
    "+8619000000003",
    "+8619000000004",
    "+8619000000005",
    "+8619000000006",
    "+8619000000007",
    "+8619000000098",
    "+8619000000099",
];

/// Transactions of the customers, in the order of their numbers.
pub const TRANSACTIONS: [&str; 7] =
    ["261101000014", "261101000022", "261101000030", "261101000048", "261101000055", "261101000063", "261101000071"];

const HOUR: i64 = 3_600_000_000;

/// The customers' accounts: the third one's SIM was swapped yesterday, the fourth one's long ago.
#[must_use]
pub fn accounts(now: Wall) -> BTreeMap<String, Account> {
    let account = |(at, (number, transaction)): (usize, (&&str, &&str))| {
        let sim_changed_at = match at {
            2 => Some(Wall(now.0 - 24 * HOUR)),
            3 => Some(Wall(now.0 - 1_000 * HOUR)),
            _ => None,
        };
        let transaction = Some(((*transaction).to_owned(), at % 2 == 0));
        ((*number).to_owned(), Account { frozen: false, sim_changed_at, transaction })
    };
    NUMBERS.iter().zip(&TRANSACTIONS).enumerate().map(account).collect()
}

/// Everybody who works here.
#[must_use]
pub fn staff() -> Vec<Staff> {
    [
        (1024_u128, Role::Agent, &Language::ALL[..], &["general"][..]),
        (1025, Role::Agent, &Language::ALL, &["general"]),
        (1026, Role::Agent, &[Language::En], &["general"]),
        (1027, Role::Supervisor, &Language::ALL, &["general", "complaints"]),
    ]
    .into_iter()
    .map(|(number, role, languages, skills)| Staff {
        id: StaffId::from(number),
        user: format!("user{number}"),
        number: number.to_string(),
        role,
        languages: languages.to_vec(),
        skills: skills.iter().map(|skill| (*skill).to_owned()).collect(),
        teams: if role.supervises() { Teams::All } else { Teams::default() },
        password_hash: None,
        sip_ha1: None,
    })
    .collect()
}

/// Reads the menu and the prompts as shipped.
///
/// # Errors
/// When a file is missing or cannot be read: one line that names it.
pub fn world() -> Result<World, String> {
    let flow: Flow = read("flows/hotline.toml")?;
    let mut languages = BTreeMap::new();
    for language in Language::ALL {
        let book: Book = read(&format!("prompts/{}.toml", language.tag()))?;
        languages.insert(language, book.prompts);
    }
    let line = |number: &&str| Line {
        number: (*number).to_owned(),
        wallet: WALLET.to_owned(),
        flow: flow.id.clone(),
        languages: Language::ALL.to_vec(),
        calls_max: if *number == LINES[0] { 40 } else { 2 },
        connected: true,
        verifies: true,
        second: false,
        records: false,
        announces: true,
        keep_recordings: RECORDING_KEPT,
        times: Arc::from([]),
        hours: None,
        held: None,
    };
    let lines = LINES.iter().map(line).collect();
    let queues = queues(&flow);
    Ok(World {
        directory: Directory { lines, queues, flows: vec![flow], outside: Vec::new() },
        catalog: Catalog { languages },
        staff: staff(),
        settings: Settings { calls_max: 50, ..Settings::default() },
    })
}

fn queues(flow: &Flow) -> Vec<Queue> {
    let named = |node: &Node| match node {
        Node::Queue { queue, .. } => Some(queue.clone()),
        Node::Language { .. }
        | Node::Menu { .. }
        | Node::Say { .. }
        | Node::Times { .. }
        | Node::Notice { .. }
        | Node::Callback { .. }
        | Node::Verify { .. }
        | Node::Status { .. }
        | Node::Act { .. }
        | Node::Refund { .. }
        | Node::Freeze { .. } => None,
    };
    let names: BTreeSet<String> = flow.nodes.values().filter_map(named).collect();
    let skills = |name: &str| if name == "refunds" { vec!["complaints".to_owned()] } else { Vec::new() };
    let queue = |name: String| Queue {
        id: queue_id(WALLET, &name),
        wallet: WALLET.to_owned(),
        skills: skills(&name),
        strategy: Strategy::LongestIdle,
        name,
    };
    names.into_iter().map(queue).collect()
}

fn read<T: serde::de::DeserializeOwned>(path: &str) -> Result<T, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"))?;
    toml::from_str(&text).map_err(|error| format!("{path}: {error}"))
}
