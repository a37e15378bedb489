//! The house rules, as a test with exact messages: who may know whom, how long a file may be, what a file must say first, which
//! words and names are not used. Reads the tree as text and never runs any of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Longest file, in lines; tests and generated code aside. A file that needs more holds two ideas.
const FILE_LINES_MAX: usize = 700;

/// Whom each crate may name in its `[dependencies]`, among ours.
const CRATE_EDGES: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("voice", &[]),
    ("gsma", &[]),
    ("store", &["walletline-core"]),
    ("server", &["walletline-core", "walletline-voice", "walletline-store", "walletline-gsma"]),
    ("sim", &["walletline-core", "walletline-store"]),
];

/// Foreign crates that only some of ours may hold. The sandbox of `gsma` is a server with a file of its own.
const HELD: &[(&str, &[&str])] = &[
    ("sqlx", &["store", "gsma"]),
    ("axum", &["server", "gsma"]),
    // The command line fetches a published directory as a partner does.
    ("reqwest", &["gsma", "server"]),
    ("utoipa", &["server"]),
    ("tantivy", &["server"]),
    ("jieba_rs", &["server"]),
    ("pulldown_cmark", &["server"]),
    ("rsipstack", &["voice"]),
    ("str0m", &["voice"]),
];

/// All that the core may depend on: it decides, so it needs no runtime, no wire format, no clock and no dice. `jiff` counts days in a
/// time zone, clippy.toml bans its clock; SHA-256 and Unicode's normal forms are pure functions.
const CORE_DEPENDENCIES: &[&str] = &["jiff", "serde", "sha2", "thiserror", "unicode-normalization"];

/// What no file of the core may say outside its tests.
const NOT_IN_CORE: &[&str] = &[
    "std::time",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "std::process",
    "std::io",
    "println!",
    "async fn",
    ".await",
    "static mut",
    "thread_local!",
    "Mutex",
    "Atomic",
];

/// Parts of the core that compose: they may see every area.
const COMPOSITION: &[&str] = &["switchboard", "desk", "help", "commit", "lib"];

/// The only edges between areas: area, then what it may name of another one.
const AREA_EDGES: &[(&str, &str)] = &[
    // A menu remembers what a contact is about, in the record's own words.
    ("ivr", "call::Service"),
    // A call pass is about one of the services of that menu, and a flow says where each topic leads.
    ("pass", "call::Service"),
    ("ivr", "pass::Topic"),
    // Hours are kept per service.
    ("queue", "call::Service"),
    // A request to be called back says what it is about.
    ("cases", "call::Service"),
    // A look-up is somebody's of the staff, whose role says what they read for.
    ("call", "agent::Staff"),
    // An act on a wallet is opened by a permit alone, and remembers what the permit rested on.
    ("wallet", "identity::FreezeAccount"),
    ("wallet", "identity::Guarded"),
    ("wallet", "identity::Redeemed"),
    ("wallet", "identity::RedeemedAct"),
    // So is a refund.
    ("money", "identity::Guarded"),
    ("money", "identity::Linked"),
    ("money", "identity::Redeemed"),
    ("money", "identity::RequestRefund"),
];

/// Seen by every area: the transaction, and what leaves the house with it.
const SHARED: &[&str] = &["commit", "outbox"];

/// Names that say nothing about what is inside.
const BANNED_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"];

/// Files whose text is read at all.
const READ: &[&str] = &["rs", "ts", "tsx", "css", "toml", "sh", "md", "sql", "xml", "html"];

struct File {
    path: String,
    text: String,
    /// Its module is declared under `#[cfg(test)]`.
    is_test_module: bool,
}

impl File {
    fn is(&self, extension: &str) -> bool {
        self.path.ends_with(&format!(".{extension}"))
    }

    fn is_test(&self) -> bool {
        let named = [".test.ts", ".test.tsx", ".spec.ts", "/tests.rs"].iter().any(|end| self.path.ends_with(end));
        self.is_test_module
            || named
            || self.path.contains("/tests/")
            || self.path.starts_with("e2e/")
            || self.path.contains("/e2e/")
    }

    fn is_generated(&self) -> bool {
        self.path.contains(".gen.") || self.path.ends_with("package-lock.json") || self.path.ends_with("Cargo.lock")
    }

    /// The text up to the unit tests, numbered from 1.
    fn lines_of_code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(at, line)| (at + 1, line)).take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/server stands two levels below the root").to_owned()
}

/// Every file that git would commit: tracked ones and new ones, nothing ignored.
fn files() -> Vec<File> {
    let git = std::process::Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root())
        .output()
        .expect("the tidy test lists the tree with git: install it");
    let listed = String::from_utf8(git.stdout).expect("paths are UTF-8");
    let paths: BTreeSet<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    assert!(paths.len() > 20, "git lists {} files in {}: is this a checkout?", paths.len(), root().display());
    let readable = |path: &&&str| READ.iter().any(|end| path.ends_with(&format!(".{end}"))) || path.starts_with("script/");
    let read = |path: &&str| {
        Some(File { path: (*path).to_owned(), text: fs::read_to_string(root().join(path)).ok()?, is_test_module: false })
    };
    let mut files: Vec<File> = paths.iter().filter(readable).filter_map(read).collect();
    let tests: BTreeSet<PathBuf> = files.iter().filter(|file| file.is("rs")).flat_map(test_modules).collect();
    for file in &mut files {
        file.is_test_module = tests.contains(Path::new(&file.path));
    }
    files
}

/// Where the modules stand that this file declares under `#[cfg(test)]`.
fn test_modules(file: &File) -> Vec<PathBuf> {
    let path = Path::new(&file.path);
    let folder = path.parent().unwrap_or(Path::new(""));
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let inside = if ["mod", "lib", "main"].contains(&stem) { folder.to_owned() } else { folder.join(stem) };
    let declared = file.text.split("#[cfg(test)]\nmod ").skip(1).filter_map(|rest| rest.split_once(';'));
    let named = declared.map(|(name, _)| name).filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
    named.flat_map(|name| [inside.join(format!("{name}.rs")), inside.join(name).join("mod.rs")]).collect()
}

fn demand(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

/// Names under `[dependencies]`, tests' own dependencies left out.
fn dependencies(manifest: &str) -> Vec<String> {
    let table: toml::Table = manifest.parse().expect("cargo has read this manifest before us");
    let names = table.get("dependencies").and_then(toml::Value::as_table);
    names.map(|names| names.keys().cloned().collect()).unwrap_or_default()
}

fn check_crate(name: &str, dependencies: &[String]) -> Vec<String> {
    let Some((_, allowed)) = CRATE_EDGES.iter().find(|(crate_name, _)| *crate_name == name) else {
        return vec![format!(
            "crates/{name}: a new crate must say in tidy.rs (CRATE_EDGES) whom it may know, and in an ADR why it is one"
        )];
    };
    let mut broken = Vec::new();
    for dependency in dependencies {
        let manifest = format!("crates/{name}/Cargo.toml");
        if dependency.starts_with("walletline") && !allowed.contains(&dependency.as_str()) {
            broken.push(format!("{manifest}: {name} must not know {dependency}; see ARCHITECTURE.md, who may know whom"));
        }
        if name == "core" && !CORE_DEPENDENCIES.contains(&dependency.as_str()) {
            broken.push(format!(
                "{manifest}: the core may depend on {CORE_DEPENDENCIES:?} alone, not on {dependency}; do it at the edge"
            ));
        }
        if let Some((_, holders)) = HELD.iter().find(|(held, holders)| held == dependency && !holders.contains(&name)) {
            let holders = holders.join(" and crates/");
            broken.push(format!("{manifest}: {dependency} is held by crates/{holders} alone; ask them for what you need"));
        }
    }
    broken
}

#[test]
fn crates_know_only_whom_they_may() {
    let manifests: BTreeMap<String, String> = files()
        .into_iter()
        .filter_map(|file| {
            let name = file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?.to_owned();
            Some((name, file.text))
        })
        .collect();
    assert_eq!(manifests.len(), CRATE_EDGES.len(), "crates found: {:?}", manifests.keys());
    demand(&manifests.iter().flat_map(|(name, text)| check_crate(name, &dependencies(text))).collect::<Vec<_>>());
}

/// `area` of `crates/core/src/area/…` or `crates/core/src/area.rs`.
fn area(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("crates/core/src/")?;
    Some(inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs"))
}

/// What a file of the core takes from other parts of it: `call::Service` for `use crate::call::Service`, one entry per name.
fn taken_from_core(file: &File) -> Vec<(usize, String)> {
    let mut taken = Vec::new();
    let code: Vec<(usize, &str)> = file.lines_of_code().filter(|(_, line)| !line.trim_start().starts_with("//")).collect();
    for (position, (at, line)) in code.iter().enumerate() {
        for (start, _) in line.match_indices("crate::") {
            if line[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let rest = &line[start + "crate::".len()..];
            let whole = match rest.contains('{') && !rest.contains('}') {
                true => {
                    let more = code[position + 1..].iter().map(|(_, line)| line.trim());
                    more.take_while(|line| !line.starts_with("};")).fold(rest.to_owned(), |whole, line| whole + line)
                }
                false => rest.to_owned(),
            };
            taken.extend(names_taken(&whole).into_iter().map(|name| (*at, name)));
        }
    }
    taken
}

/// `call::{Channel, Level}` becomes `call::Channel` and `call::Level`; a group right after `crate::` names areas.
fn names_taken(path: &str) -> Vec<String> {
    let end = path.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(path.len());
    let (stem, rest) = path.split_at(end);
    let Some(group) = rest.strip_prefix('{').filter(|_| stem.is_empty() || stem.ends_with("::")) else {
        return vec![stem.split("::").take(2).collect::<Vec<_>>().join("::")];
    };
    let area = stem.trim_end_matches("::");
    let names = group.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').filter(|name| !name.is_empty());
    names.map(|name| if area.is_empty() { name.to_owned() } else { format!("{area}::{name}") }).collect()
}

fn check_area(file: &File) -> Vec<String> {
    let Some(here) = area(&file.path) else { return Vec::new() };
    if COMPOSITION.contains(&here) || file.is_test() {
        return Vec::new();
    }
    let allowed = |name: &str| {
        let there = name.split("::").next().unwrap_or(name);
        let seen = there == here || there == "kernel" || (SHARED.contains(&there) && here != "kernel");
        let edge = AREA_EDGES.iter().any(|(from, to)| *from == here && name.starts_with(to));
        seen || (edge && here != "kernel")
    };
    let broken = taken_from_core(file).into_iter().filter(|(_, name)| !allowed(name));
    broken
        .map(|(at, name)| {
            let path = &file.path;
            format!(
                "{path}:{at}: `{here}` must not know `{name}`; areas see the kernel, the switchboard joins them (ARCHITECTURE.md)"
            )
        })
        .collect()
}

#[test]
fn areas_of_the_core_see_the_kernel_and_not_each_other() {
    demand(&files().iter().filter(|file| file.is("rs")).flat_map(check_area).collect::<Vec<_>>());
}

fn check_core_text(file: &File) -> Vec<String> {
    if area(&file.path).is_none() || file.is_test() {
        return Vec::new();
    }
    let code = file.lines_of_code().filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.flat_map(|(at, line)| NOT_IN_CORE.iter().filter(|word| line.contains(**word)).map(move |word| (at, word)))
        .map(|(at, word)| format!("{}:{at}: `{word}` has no place in the core: time, ids and the world are arguments", file.path))
        .collect()
}

#[test]
fn the_core_touches_nothing() {
    demand(&files().iter().filter(|file| file.is("rs")).flat_map(check_core_text).collect::<Vec<_>>());
}

fn check_held(file: &File) -> Vec<String> {
    let inside = |folder: &str| file.path.starts_with(folder);
    let rules: [(&str, &[&str]); 6] = [
        ("rsipstack", &["crates/voice/src/sip/"]),
        ("str0m::", &["crates/voice/src/media/"]),
        ("sqlx::", &["crates/store/src/", "crates/gsma/src/sandbox/"]),
        ("rusmpp::", &["crates/server/src/connector/messages/smpp"]),
        ("lettre::", &["crates/server/src/connector/messages/mail.rs", "crates/server/src/config/messages.rs"]),
        (
            "reqwest::",
            &[
                "crates/gsma/src/",
                "crates/server/src/cli/directory.rs",
                "crates/server/src/connector/caller_id/certificates.rs",
                "crates/server/src/connector/messages/http.rs",
                "crates/server/src/connector/network.rs",
                "crates/server/src/connector/wechat_pay/",
            ],
        ),
    ];
    let allowed = |folders: &[&str]| folders.iter().any(|folder| inside(folder));
    let broken = rules.iter().filter(|(_, folders)| !allowed(folders) && inside("crates/") && !file.path.ends_with("/tidy.rs"));
    broken
        .flat_map(|(word, folders)| {
            let folder = folders.join(" and ");
            let code = file.lines_of_code().filter(|(_, line)| !line.trim_start().starts_with("//"));
            code.filter(|(_, line)| line.contains(word) && !line.contains(&format!("\"{word}")) && !line.contains("rsipstack="))
                .map(|(at, _)| format!("{}:{at}: `{word}` stays inside {folder}; pass our own types across", file.path))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn foreign_types_stay_behind_their_wrapper() {
    demand(&files().iter().filter(|file| file.is("rs") && !file.is_test()).flat_map(check_held).collect::<Vec<_>>());
}

fn check_size(file: &File) -> Vec<String> {
    let counted = ["rs", "ts", "tsx", "css"].iter().any(|end| file.is(end)) || file.path.starts_with("script/");
    let lines = file.lines_of_code().count();
    if !counted || file.is_test() || file.is_generated() || lines <= FILE_LINES_MAX {
        return Vec::new();
    }
    vec![format!("{}: {lines} lines, at most {FILE_LINES_MAX}; split it by idea, not by length", file.path)]
}

#[test]
fn files_stay_small_enough_to_be_read() {
    demand(&files().iter().flat_map(check_size).collect::<Vec<_>>());
}

fn check_name(path: &str) -> Option<String> {
    let broken = path.split('/').map(|part| part.split('.').next().unwrap_or(part)).find(|part| BANNED_NAMES.contains(part))?;
    Some(format!("{path}: `{broken}` says nothing; name the file by what it knows"))
}

#[test]
fn names_say_what_is_inside() {
    demand(&files().iter().filter_map(|file| check_name(&file.path)).collect::<Vec<_>>());
}

fn check_opening(file: &File) -> Option<String> {
    let first = file.text.lines().next().unwrap_or_default();
    let (sign, said) = if file.is("rs") {
        ("//!", first.starts_with("//! "))
    } else if ["ts", "tsx", "mjs"].iter().any(|kind| file.is(kind)) && !file.is_test() {
        ("//", ["// ", "/**"].iter().any(|open| first.starts_with(open)))
    } else if file.path.starts_with("script/") || file.path == ".ci/run" {
        ("#", file.text.lines().take(2).any(|line| line.starts_with("# ") || line.starts_with("\"\"\"")))
    } else {
        return None;
    };
    let enough = said && first.len() > 3;
    (!enough).then(|| format!("{}: open with `{sign} …`: what this file is for, and what it must never do", file.path))
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    demand(&files().iter().filter(|file| !file.is_generated()).filter_map(check_opening).collect::<Vec<_>>());
}

/// Each word with what to do instead. Written in two halves so that this file does not find itself.
fn forbidden_words() -> Vec<(String, &'static str)> {
    let joined = |a: &str, b: &str| format!("{a}{b}");
    vec![
        (joined("#[al", "low("), "say #[expect(lint, reason = \"…\")]: it complains when it is no longer needed"),
        (joined("#![al", "low("), "say #![expect(lint, reason = \"…\")]: it complains when it is no longer needed"),
        (joined("#[ig", "nore]"), "say why it does not run with the others: #[ignore = \"…\"]"),
        (joined("TO", "DO"), "do it, or write down nothing"),
        (joined("FIX", "ME"), "do it, or write down nothing"),
        (joined("to", "do!("), "finish it"),
        (joined("unimpl", "emented!("), "finish it"),
        (joined("test.on", "ly("), "the other tests must run too"),
        (joined("test.sk", "ip("), "a test that does not run proves nothing: repair it or delete it"),
        (joined("describe.on", "ly("), "the other tests must run too"),
        (joined("it.on", "ly("), "the other tests must run too"),
        (joined("it.sk", "ip("), "a test that does not run proves nothing: repair it or delete it"),
        (joined("@ts-ig", "nore"), "say @ts-expect-error with the reason"),
        (joined("biome-ignore-", "all"), "lift one rule on one line, with its reason"),
        (joined("/work/", "shared"), "the project stands alone: say it here"),
        (joined("../sha", "red"), "the project stands alone: say it here"),
    ]
}

fn check_words(file: &File) -> Vec<String> {
    let words = forbidden_words();
    // A module that several test crates share is used in part by each: nothing can be expected of that lint there.
    let shared = |line: &str| file.path.contains("/tests/") && line.contains("(dead_code, ");
    let lines = file.text.lines().enumerate().filter(|(_, line)| !shared(line));
    lines
        .flat_map(|(at, line)| words.iter().filter(move |(word, _)| line.contains(word)).map(move |found| (at + 1, found)))
        .map(|(at, (word, instead))| format!("{}:{at}: `{word}`: {instead}", file.path))
        .collect()
}

#[test]
fn nothing_is_left_half_done() {
    demand(&files().iter().filter(|file| !file.is_generated()).flat_map(check_words).collect::<Vec<_>>());
}

/// `0003_x.sqlite.sql` without `0003_x.postgres.sql`, or the same in folders of these names.
fn check_pairs(paths: &BTreeSet<&str>) -> Vec<String> {
    let other = |path: &str| match (path.contains("sqlite"), path.contains("postgres")) {
        (true, false) => Some(path.replace("sqlite", "postgres")),
        (false, true) => Some(path.replace("postgres", "sqlite")),
        _ => None,
    };
    let migrations = paths.iter().filter(|path| path.starts_with("crates/store/") && path.ends_with(".sql"));
    let single = migrations.filter_map(|path| Some((path, other(path)?))).filter(|(_, other)| !paths.contains(other.as_str()));
    single.map(|(path, other)| format!("{path}: its pair is missing: write {other}")).collect()
}

#[test]
fn migrations_come_in_pairs() {
    let files = files();
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert!(
        paths.iter().any(|path| path.ends_with(".sql")),
        "no migration found under crates/store: this check looks in the wrong place"
    );
    demand(&check_pairs(&paths));
}

fn check_reasons(manifest: &str) -> Vec<String> {
    let section = manifest.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let bare =
        lines.filter(|line| line.contains(" = ") && !line.starts_with('#') && !line.contains("path = ") && !line.contains(" # "));
    bare.map(|line| format!("Cargo.toml: `{line}`: end the line with the reason for this dependency")).collect()
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace has a manifest");
    assert!(manifest.contains("[workspace.dependencies]"));
    demand(&check_reasons(&manifest));
}

/// Where the pages stand that articles link: `/help/hours`.
const SITE: &str = "crates/server/src/web/site/mod.rs";

/// Relative links of a page that lead nowhere. An article links another one by its folder alone, and a page of the site by its address.
fn check_links(file: &File, exists: impl Fn(&Path) -> bool, is_page: impl Fn(&str) -> bool) -> Vec<String> {
    let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
    let is_article = file.path.starts_with("articles/");
    let leads_somewhere = |link: &str| {
        let link = link.split('#').next().unwrap_or(link);
        if is_article && link.starts_with('/') {
            is_page(link)
        } else if is_article && !link.contains('/') {
            exists(&Path::new("articles").join(link))
        } else {
            exists(&folder.join(link))
        }
    };
    let targets = file.text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local = targets.filter(|link| !link.contains("://") && !link.starts_with('#') && !link.starts_with("mailto:"));
    local.filter(|link| !leads_somewhere(link)).map(|link| format!("{}: the link to `{link}` leads nowhere", file.path)).collect()
}

#[test]
fn links_between_pages_lead_somewhere() {
    let exists = |path: &Path| root().join(path).exists();
    let site = fs::read_to_string(root().join(SITE)).expect("the site has a router");
    let is_page = |address: &str| site.contains(&format!(".route(\"{address}\", get("));
    let pages = files();
    let broken = pages.iter().filter(|file| file.is("md")).flat_map(|file| check_links(file, exists, is_page));
    demand(&broken.collect::<Vec<_>>());
}

/// Tests that a page names by a link to the file they stand in, and that are not there. A script is named as its file is.
fn check_named_tests(file: &File, read: impl Fn(&Path) -> Option<String>) -> Vec<String> {
    let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
    let links = file.text.split("[`").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once("`](")?;
        Some((name, rest.split(')').next()?))
    });
    let is_there = |name: &str, link: &str| {
        let Some(text) = read(&folder.join(link)) else { return false };
        link.ends_with(name)
            || text.contains(&format!("fn {name}("))
            || [r#"test(""#, "test(`"].iter().any(|test| text.contains(&format!("{test}{name}")))
    };
    let gone = links.filter(|(name, link)| !is_there(name, link));
    gone.map(|(name, link)| format!("{}: `{link}` has no test `{name}`", file.path)).collect()
}

#[test]
fn threats_are_shown_to_fail_by_tests_that_are_there() {
    let page = files().into_iter().find(|file| file.path == "docs/threat-model.md").expect("the threats have a page");
    demand(&check_named_tests(&page, |path| fs::read_to_string(root().join(path)).ok()));
}

#[test]
fn each_rule_catches_what_breaks_it() {
    let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned(), is_test_module: false };
    let long = "line\n".repeat(FILE_LINES_MAX + 1);
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();

    assert_eq!(check_crate("core", &names(&["serde", "tokio"])).len(), 1);
    assert_eq!(check_crate("voice", &names(&["walletline-core", "sqlx"])).len(), 2);
    assert_eq!(check_crate("another", &[]).len(), 1);
    assert_eq!(
        check_area(&file("crates/core/src/queue/pick.rs", "use crate::agent::Staff;\nuse crate::kernel::time::Now;\n")).len(),
        1
    );
    assert_eq!(check_area(&file("crates/core/src/queue/pick.rs", "fn f(a: &crate::ivr::flow::Flow) {}\n")).len(), 1);
    assert_eq!(check_area(&file("crates/core/src/ivr/run.rs", "use crate::call::{\n    Service,\n    Contact,\n};\n")).len(), 1);
    assert_eq!(check_area(&file("crates/core/src/kernel/time.rs", "use crate::commit::Commit;\n")).len(), 1);
    assert_eq!(check_area(&file("crates/core/src/kernel/time.rs", "use crate::outbox::Errand;\n")).len(), 1);
    assert_eq!(check_area(&file("crates/core/src/wallet/operation.rs", "use crate::identity::Standing;\n")).len(), 1);
    assert_eq!(check_area(&file("crates/core/src/wallet/operation.rs", "use crate::identity::Redeemed;\n")).len(), 0);
    assert_eq!(check_area(&file("crates/core/src/identity/challenge.rs", "use crate::outbox::Errand;\n")).len(), 0);
    assert_eq!(check_area(&file("crates/core/src/switchboard/step.rs", "use crate::agent::Staff;\n")).len(), 0);
    assert_eq!(check_core_text(&file("crates/core/src/queue/pick.rs", "let now = std::time::Instant::now();\n")).len(), 1);
    assert_eq!(check_held(&file("crates/voice/src/engine.rs", "use rsipstack::EndpointBuilder;\n")).len(), 1);
    assert_eq!(check_held(&file("crates/gsma/src/client/mod.rs", "use sqlx::Row;\n")).len(), 1);
    assert_eq!(check_held(&file("crates/gsma/src/sandbox/house.rs", "use sqlx::Row;\n")).len(), 0);
    assert_eq!(check_size(&file("crates/core/src/queue/pick.rs", &long)).len(), 1);
    assert_eq!(check_size(&file("crates/core/tests/tests.rs", &long)).len(), 0);
    assert!(check_name("web/src/utils/time.ts").is_some() && check_name("web/src/common.ts").is_some());
    assert!(check_name("web/src/call/common-sense.ts").is_none());
    assert!(check_opening(&file("crates/core/src/queue/pick.rs", "use std::fmt;\n")).is_some());
    assert!(check_opening(&file("crates/core/src/queue/pick.rs", "//! Who is next.\n")).is_none());
    assert!(check_opening(&file("web/src/call/peer.ts", "import x from \"x\";\n")).is_some());
    let declares = file("crates/core/src/queue/mod.rs", "mod pick;\n#[cfg(test)]\nmod laws;\n");
    assert!(test_modules(&declares).contains(&PathBuf::from("crates/core/src/queue/laws.rs")));
    for (word, _) in forbidden_words() {
        assert_eq!(check_words(&file("a.rs", &format!("x {word} y"))).len(), 1, "{word}");
    }
    assert_eq!(check_pairs(&BTreeSet::from(["crates/store/migrations/sqlite/1.sql"])).len(), 1);
    assert_eq!(check_reasons("[workspace.dependencies]\nserde = \"1\"\nsha2 = \"1\" # tokens\n").len(), 1);
    assert_eq!(check_links(&file("docs/a.md", "[x](b.md) [y](https://example.org)"), |_| false, |_| true).len(), 1);
    let named =
        file("docs/a.md", "[`one`](../a.rs) [`two`](../a.rs) [`three`](../a.ts) [`b.call`](../b.call) [`four`](../gone.rs)");
    let texts = |path: &Path| (!path.ends_with("gone.rs")).then(|| "fn one() {}\ntest(\"three, and more\", ".to_owned());
    assert_eq!(check_named_tests(&named, texts).len(), 2);
    let article = file("articles/a/en.md", "[x](refund) [y](nosuch) [z](/help/hours) [q](/nosuch)");
    assert_eq!(check_links(&article, |path| path.ends_with("articles/refund"), |page| page == "/help/hours").len(), 2);
}
