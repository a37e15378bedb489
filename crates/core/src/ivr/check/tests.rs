//! A flow that is right, and every way to spoil it.

use super::*;
use crate::ivr::flow::Key;
use crate::ivr::prompt::{Part, Prompt};

fn id(name: &str) -> NodeId {
    NodeId(name.to_owned())
}

fn prompt(name: &str) -> PromptId {
    PromptId(name.to_owned())
}

fn say(name: &str, then: &str) -> Node {
    Node::Say { prompt: prompt(name), closed: None, then: id(then) }
}

fn menu(keys: &[(char, &str)], person: Option<&str>) -> Node {
    let keys = keys.iter().map(|(key, next)| (Key::new(*key).unwrap(), id(next))).collect();
    Node::Menu { prompt: prompt("ask"), service: None, keys, person: person.map(id) }
}

fn queue(name: &str, priority: u8) -> Node {
    Node::Queue { queue: name.to_owned(), service: None, priority }
}

fn sound() -> Flow {
    let language = Node::Language { greeting: prompt("welcome.{wallet}"), prompt: prompt("language"), then: id("main") };
    let nodes = [
        ("language", language),
        ("main", menu(&[('1', "times")], None)),
        ("times", say("tell", "main")),
        ("freeze", say("tell", "urgent")),
        ("urgent", queue("general", 10)),
        ("person", queue("general", 3)),
    ];
    Flow {
        id: "f".to_owned(),
        start: id("language"),
        freeze: id("freeze"),
        person: id("person"),
        topics: BTreeMap::new(),
        callback: None,
        nodes: nodes.into_iter().map(|(name, node)| (id(name), node)).collect(),
    }
}

fn catalog() -> Catalog {
    let own = phrases::ALL.iter().map(|(name, slots)| {
        let text = Part::Clip { id: (*name).to_owned(), text: (*name).to_owned() };
        let slots = slots.iter().map(|slot| Part::Slot((*slot).to_owned()));
        (prompt(name), Prompt::Parts([text].into_iter().chain(slots).collect()))
    });
    let flow = ["welcome.w", "language", "ask", "tell"].map(|name| (prompt(name), Prompt::Text(name.to_owned())));
    let prompts: BTreeMap<PromptId, Prompt> = own.chain(flow).collect();
    Catalog { languages: Language::ALL.map(|language| (language, prompts.clone())).into() }
}

fn scope() -> Scope {
    let queues = Some(["w-general".to_owned()].into());
    Scope { wallets: ["w".to_owned()].into(), languages: Language::ALL.into(), queues, closes: false, records: false }
}

/// What is found once the flow is spoilt.
fn found(spoil: impl FnOnce(&mut Flow)) -> Vec<String> {
    let mut flow = sound();
    spoil(&mut flow);
    check(&flow, &catalog(), &scope()).iter().map(ToString::to_string).collect()
}

fn set(flow: &mut Flow, name: &str, node: Node) {
    flow.nodes.insert(id(name), node);
}

#[test]
fn a_sound_flow_has_no_findings() {
    assert_eq!(found(|_| {}), [""; 0]);
}

#[test]
fn nodes_that_are_not_there_are_named_with_who_names_them() {
    assert_eq!(
        found(|flow| set(flow, "main", menu(&[('1', "times"), ('2', "lost")], None))),
        ["key 2 of menu `main` leads to `lost`, which is not there: add [nodes.\"lost\"] or lead elsewhere"]
    );
    assert_eq!(
        found(|flow| flow.freeze = id("lost"))[0],
        "`freeze` leads to `lost`, which is not there: add [nodes.\"lost\"] or lead elsewhere"
    );
}

#[test]
fn nodes_nobody_reaches_are_found() {
    assert_eq!(
        found(|flow| set(flow, "island", say("tell", "main"))),
        ["no caller can reach node `island`: lead a key or a `then` to it, or remove it"]
    );
}

#[test]
fn sayings_in_a_circle_and_what_leads_into_them_are_found() {
    let findings = found(|flow| {
        set(flow, "main", menu(&[('1', "times"), ('2', "in")], None));
        set(flow, "in", say("tell", "a"));
        set(flow, "a", say("tell", "b"));
        set(flow, "b", say("tell", "a"));
    });
    assert_eq!(
        findings,
        [
            "node `a` and those after it only say things and come back to it: put a menu or a queue between them",
            "node `b` and those after it only say things and come back to it: put a menu or a queue between them",
            "from node `in` no queue can be reached: lead it on to a menu or a queue",
        ]
    );
}

#[test]
fn a_person_is_a_queue_and_not_another_menu() {
    assert_eq!(
        found(|flow| set(flow, "main", menu(&[('1', "times"), ('2', "person")], Some("main")))),
        ["`person` of menu `main` must lead to a queue, directly or through `say` nodes, but `main` does not: name a queue node"]
    );
    assert!(found(|flow| flow.person = id("main")).iter().any(|finding| finding.starts_with("`person` must lead to a queue")));
}

#[test]
fn a_freeze_never_waits() {
    assert_eq!(
        found(|flow| set(flow, "urgent", queue("general", 9))),
        ["`freeze` leads to queue node `urgent` with a priority below 10: a freeze comes before everything, give it 10"]
    );
}

#[test]
fn queues_priorities_and_keys_are_checked() {
    assert_eq!(
        found(|flow| set(flow, "person", queue("lost", 11))),
        [
            "node `person` has priority 11: use 0 to 10",
            "node `person` joins the queue `w-lost`, which is not configured: add a [[queue]] with that id",
        ]
    );
    assert_eq!(
        found(|flow| {
            set(flow, "main", menu(&[], None));
            flow.nodes.remove(&id("times"));
        }),
        ["menu `main` has no keys: give it some, or make it a `say` node"]
    );
}

#[test]
fn several_languages_need_a_question() {
    assert_eq!(
        found(|flow| {
            flow.start = id("main");
            flow.nodes.remove(&id("language"));
        }),
        ["the lines speak several languages but no caller is asked for one: start with a `language` node"]
    );
}

#[test]
fn prompts_are_looked_for_in_every_language_and_for_every_wallet() {
    let mut catalog = catalog();
    let english = catalog.languages.get_mut(&Language::En).unwrap();
    english.remove(&prompt("ask"));
    english.remove(&prompt(phrases::QUEUE_TIMEOUT));
    english.insert(prompt("tell"), Prompt::Parts(vec![Part::Slot("amount".to_owned())]));
    let scope = Scope { wallets: ["w".to_owned(), "v".to_owned()].into(), queues: None, ..scope() };
    let findings: Vec<String> = check(&sound(), &catalog, &scope).iter().map(ToString::to_string).collect();
    assert_eq!(
        findings,
        [
            "node `freeze` says `tell`, whose slots in en cannot be filled here: a prompt of a flow has no slots",
            "node `language` says `welcome.v`, which zh-CN does not have: add it to prompts/zh-CN.toml",
            "node `language` says `welcome.v`, which en does not have: add it to prompts/en.toml",
            "node `main` says `ask`, which en does not have: add it to prompts/en.toml",
            "node `times` says `tell`, whose slots in en cannot be filled here: a prompt of a flow has no slots",
            "the hotline itself says `queue.timeout`, which en does not have: add it to prompts/en.toml",
        ]
    );
}

#[test]
fn a_flow_that_takes_passes_knows_where_every_topic_leads() {
    let mut flow = sound();
    flow.topics = Topic::ALL.into_iter().map(|topic| (topic, id("times"))).collect();
    assert_eq!(check(&flow, &catalog(), &scope()), []);
    flow.topics.remove(&Topic::Refund);
    assert_eq!(check(&flow, &catalog(), &scope()), [Finding::MissingTopic(Topic::Refund)]);
    flow.topics.insert(Topic::Refund, id("nowhere"));
    let by = "topic `refunds.refund`".to_owned();
    assert_eq!(check(&flow, &catalog(), &scope()), [Finding::MissingNode { by, node: id("nowhere") }]);
}

#[test]
fn a_line_that_closes_takes_requests_to_be_called_back() {
    let closes = Scope { closes: true, ..scope() };
    assert_eq!(check(&sound(), &catalog(), &closes), [Finding::NoCallback]);
    let mut flow = sound();
    flow.callback = Some(id("main"));
    assert_eq!(check(&flow, &catalog(), &scope()), [Finding::NoCallback], "a menu takes no request");
    flow.callback = Some(id("callback"));
    flow.nodes.insert(id("callback"), Node::Callback { then: id("main") });
    flow.nodes.insert(id("notice"), Node::Notice { then: id("main") });
    let leads = |flow: &mut Flow, to: &str| {
        let Some(Node::Language { then, .. }) = flow.nodes.get_mut(&id("language")) else { panic!("it starts with a language") };
        *then = id(to);
    };
    leads(&mut flow, "notice");
    assert_eq!(check(&flow, &catalog(), &closes), []);
    flow.nodes.insert(id("notice"), Node::Notice { then: id("notice") });
    let findings = check(&flow, &catalog(), &closes);
    assert!(findings.contains(&Finding::SayLoop(id("notice"))), "{findings:?}");
}

#[test]
fn what_is_said_while_nobody_is_there_must_be_a_prompt() {
    let mut flow = sound();
    flow.nodes.insert(id("times"), Node::Say { prompt: prompt("tell"), closed: Some(prompt("nowhere")), then: id("main") });
    let findings = check(&flow, &catalog(), &scope());
    assert!(findings.iter().all(|finding| matches!(finding, Finding::MissingPrompt { prompt, .. } if prompt.0 == "nowhere")));
    assert_eq!(findings.len(), Language::ALL.len());
}

#[test]
fn eight_at_the_main_menu_belongs_to_who_would_rather_not_be_recorded() {
    let mut flow = sound();
    let main = flow.main().clone();
    let Some(Node::Menu { keys, .. }) = flow.nodes.get_mut(&main) else { panic!("a menu") };
    let somewhere = keys.values().next().unwrap().clone();
    keys.insert(Key::new('8').unwrap(), somewhere);
    assert_eq!(check(&flow, &catalog(), &Scope { records: true, ..scope() }), [Finding::EightTaken(main)]);
    assert_eq!(check(&flow, &catalog(), &scope()), []);
}

#[test]
fn a_level_that_no_keypad_reaches_is_named() {
    for (level, found) in [(Level::A1, true), (Level::A2, false), (Level::A3, false), (Level::A4, true)] {
        let mut flow = sound();
        let verify = Node::Verify { level, then: id("urgent"), person: None, without: id("urgent") };
        flow.nodes.insert(id("who"), verify);
        flow.nodes.insert(id("main"), menu(&[('1', "times"), ('2', "who")], None));
        let findings = check(&flow, &catalog(), &scope());
        assert_eq!(findings.contains(&Finding::LevelOutOfReach(id("who"))), found, "{level:?}: {findings:?}");
    }
}
