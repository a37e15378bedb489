//! The worlds tests run in. Agents: 1024 and 1025 speak both languages, 1026 English alone, 1027 both and handles complaints; 1040
//! is a checker and takes no calls. Lines: 8000 of `jinqiao`, Chinese first; 8001 of `harbor`, English alone, two calls at most.
//! `jinqiao` can be asked; `harbor` has no connection. Calls of `jinqiao` may be handed on to `bank` outside, those of `harbor` to
//! `insurer`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use walletline_core::agent::{Staff, Teams};
use walletline_core::call::RECORDING_KEPT;
use walletline_core::ivr::flow::{Flow, Node, PromptId};
use walletline_core::ivr::phrases;
use walletline_core::ivr::prompt::{Book, Catalog, Part, Prompt, Spoken};
use walletline_core::ivr::run::UsualTime;
use walletline_core::kernel::{actor::Role, calendar::Calendar, ids::StaffId, language::Language};
use walletline_core::queue::{Strategy, hours::Hours};
use walletline_core::switchboard::{Directory, Line, LineState, OutsideNumber, Queue, Settings, World, queue_id};

/// The small flow of the fixtures, with prompts whose words are their names.
pub(crate) fn small() -> World {
    let flow: Flow = toml::from_str(include_str!("../fixtures/flow.toml")).unwrap();
    let catalog = named_prompts(&flow);
    world(flow, catalog)
}

/// The flow, the prompts and the hours of `jinqiao` as shipped.
pub(crate) fn shipped() -> World {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let flow: Flow = toml::from_str(&read("flows/hotline.toml")).unwrap();
    let languages = Language::ALL.map(|language| {
        let book: Book = toml::from_str(&read(&format!("prompts/{}.toml", language.tag()))).unwrap();
        (language, book.prompts)
    });
    let mut world = world(flow, Catalog { languages: languages.into() });
    let calendar: Calendar = toml::from_str(&read("calendars/cn.toml")).unwrap();
    let plan = toml::from_str(&read("hours/jinqiao.toml")).unwrap();
    let zone = jiff::tz::TimeZoneDatabase::bundled().get("Asia/Shanghai").unwrap();
    // Open whatever the hour, until a script gives it back to its plan.
    world.directory.lines[0].held = Some(LineState::Open);
    world.directory.lines[0].hours = Some(Arc::new(Hours::new(plan, zone, &[calendar].into_iter().collect()).unwrap()));
    world
}

/// The lines whose calls are recorded.
const RECORDED: [&str; 2] = ["8002", "8004"];

/// The lines that say no agent's number.
const QUIET: [&str; 2] = ["8003", "8004"];

fn world(flow: Flow, catalog: Catalog) -> World {
    let line = |number: &str, wallet: &str, languages: &[Language], calls_max| Line {
        number: number.to_owned(),
        wallet: wallet.to_owned(),
        flow: flow.id.clone(),
        languages: languages.to_vec(),
        calls_max,
        connected: wallet == "jinqiao",
        verifies: wallet == "jinqiao",
        second: wallet == "jinqiao",
        times: usual_times(),
        records: RECORDED.contains(&number),
        announces: !QUIET.contains(&number),
        keep_recordings: RECORDING_KEPT,
        hours: None,
        held: None,
    };
    let lines = vec![
        line("8000", "jinqiao", &Language::ALL, 100),
        line("8001", "harbor", &[Language::En], 2),
        line("8002", "jinqiao", &Language::ALL, 100),
        line("8003", "harbor", &[Language::En], 2),
        line("8004", "jinqiao", &Language::ALL, 100),
    ];
    let queues = ["jinqiao", "harbor"].into_iter().flat_map(|wallet| queues_of(&flow, wallet)).collect();
    World {
        directory: Directory { lines, queues, flows: vec![flow], outside: outside() },
        catalog,
        staff: staff(),
        settings: Settings { calls_max: 50, ..Settings::default() },
    }
}

/// One number outside of each wallet.
fn outside() -> Vec<OutsideNumber> {
    let number = |id: &str, wallet: &str, number: &str, trunk: Option<&str>| OutsideNumber {
        id: id.to_owned(),
        wallet: wallet.to_owned(),
        names: Language::ALL.map(|language| (language, id.to_owned())).into(),
        number: number.to_owned(),
        trunk: trunk.map(str::to_owned),
        hours: None,
    };
    vec![number("bank", "jinqiao", "+861088880000", None), number("insurer", "harbor", "+442079460100", Some("carrier"))]
}

/// Two of the kinds, as a table of a wallet may have it.
fn usual_times() -> Arc<[UsualTime]> {
    let time = |prompt, usual, late| UsualTime { prompt, usual, late };
    let [wallet, _, bank, _, _] = phrases::TIMES;
    Arc::from([
        time(wallet, Spoken::Duration(10), Spoken::Duration(300)),
        time(bank, Spoken::Duration(7_200), Spoken::BusinessDays(1)),
    ])
}

fn queues_of(flow: &Flow, wallet: &str) -> Vec<Queue> {
    let names = flow.nodes.values().filter_map(|node| match node {
        Node::Queue { queue, .. } => Some(queue.clone()),
        _ => None,
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.dedup();
    let skills = |name: &str| if name == "complaints" { vec!["complaints".to_owned()] } else { Vec::new() };
    names
        .into_iter()
        .map(|name| Queue {
            id: queue_id(wallet, &name),
            wallet: wallet.to_owned(),
            skills: skills(&name),
            strategy: Strategy::LongestIdle,
            name,
        })
        .collect()
}

pub(crate) fn staff() -> Vec<Staff> {
    [
        (1024, Role::Agent, &Language::ALL[..], &["general"][..]),
        (1025, Role::Agent, &Language::ALL, &["general"]),
        (1026, Role::Agent, &[Language::En], &["general"]),
        (1027, Role::Supervisor, &Language::ALL, &["general", "complaints"]),
        (1040, Role::Checker, &Language::ALL, &["general"]),
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

fn named_prompts(flow: &Flow) -> Catalog {
    let mut prompts: BTreeMap<PromptId, Prompt> = BTreeMap::new();
    let mut add = |name: &str, slots: &[&str]| {
        let clip = Part::Clip { id: name.to_owned(), text: format!("({name})") };
        let slots = slots.iter().map(|slot| Part::Slot((*slot).to_owned()));
        let parts = [clip].into_iter().chain(slots).collect();
        prompts.insert(PromptId(name.to_owned()), Prompt::Parts(parts));
    };
    for node in flow.nodes.values() {
        match node {
            Node::Language { greeting, prompt, .. } => {
                for wallet in ["jinqiao", "harbor"] {
                    add(&greeting.for_wallet(wallet).0, &[]);
                }
                add(&prompt.0, &[]);
            }
            Node::Menu { prompt, .. } => add(&prompt.0, &[]),
            Node::Say { prompt, closed, .. } => {
                for prompt in [prompt].into_iter().chain(closed) {
                    add(&prompt.0, &[]);
                }
            }
            Node::Notice { .. } | Node::Callback { .. } => {}
            Node::Times { .. } | Node::Verify { .. } | Node::Status { .. } | Node::Refund { .. } => {}
            Node::Freeze { .. } | Node::Act { .. } | Node::Queue { .. } => {}
        }
    }
    for (name, slots) in phrases::ALL {
        add(name, slots);
    }
    Catalog { languages: Language::ALL.map(|language| (language, prompts.clone())).into() }
}
