//! Configurations that are refused, with the whole line the operator reads, and those that are taken.

use super::{Config, ConfigError, FlowSource, Limits};
use std::net::Ipv4Addr;
use walletline_core::call::RECORDING_KEPT;
use walletline_core::cases::Keep;
use walletline_core::identity::{Ladder, Protected, Signal};
use walletline_core::kernel::actor::Role;
use walletline_core::kernel::assurance::Level;
use walletline_core::kernel::language::Language;
use walletline_core::kernel::time::Span;
use walletline_core::queue::Strategy;

const GOOD: &str = r#"
    [[wallet]]
    id = "jade"
    name = "Jade Pay"
    [[line]]
    number = "+8640012345"
    wallet = "jade"
"#;

fn load(text: &str, demo: bool, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let mut document = super::Document::empty();
    if demo {
        document.lay(super::DEMO)?;
    }
    document.lay(text)?;
    document.lay_environment(environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Config::read(document, demo)
}

fn check(text: &str, line: &str) {
    assert_eq!(load(text, false, &[]).map(|_| ()).unwrap_err().to_string(), line, "{text}");
}

#[test]
fn what_is_not_written_has_a_default() {
    let config = load(GOOD, false, &[]).unwrap();
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.http.internal.to_string(), "127.0.0.1:9090");
    assert_eq!(config.http.public_url, "http://127.0.0.1:8080");
    assert_eq!(config.sip.udp.to_string(), "127.0.0.1:5060");
    assert_eq!(config.media.bind, Ipv4Addr::LOCALHOST);
    assert_eq!(config.media.ports, 30_000..=39_999);
    assert_eq!(config.store.url.expose(), "sqlite:data/walletline.db");
    assert_eq!(config.data.dir.to_str(), Some("data"));
    assert_eq!(config.data.keep_contacts_days, 180);
    assert_eq!(config.lines[0].keep_recordings, RECORDING_KEPT);
    assert_eq!(config.wallets[0].keep_recordings, Keep::default());
    assert_eq!(config.lines[0].languages, [Language::ZhCn, Language::En]);
    assert_eq!(config.lines[0].flow, FlowSource::Shipped("hotline".to_owned()));
    assert!(config.lines[0].announce_agent, "callers learn whom they speak with");
    assert_eq!(config.wallets[0].name["zh-CN"], "Jade Pay");
}

#[test]
fn a_wallet_says_how_long_its_cases_keep_recordings_and_a_line_how_long_it_does() {
    let day = |days: u64| Span::from_s(days * 24 * 3_600);
    let (wallet, rest) = GOOD.split_once("[[line]]").unwrap();
    let kept = format!("{wallet}\nkeep_recordings = {{ freeze_days = 30 }}\n[[line]]\nkeep_recordings_days = 90{rest}");
    let config = load(&kept, false, &[]).unwrap();
    assert_eq!(config.wallets[0].keep_recordings, Keep { freeze: day(30), ..Keep::default() });
    assert_eq!(config.lines[0].keep_recordings, day(90));
    let wrong = format!("{wallet}\nkeep_recordings = {{ praise_days = 30 }}\n[[line]]{rest}");
    let error = load(&wrong, false, &[]).unwrap_err().to_string();
    assert!(error.starts_with("wallet[0].keep_recordings.praise_days: unknown key"), "{error}");
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = "[http]\nlisten = \"127.0.0.1:1\"\n[sip]\nudp = \"127.0.0.1:2\"\ncalls_max = 3";
    let environment = [
        ("WALLETLINE_HTTP_LISTEN", "127.0.0.1:8099"),
        ("WALLETLINE_HTTP_INTERNAL", "[::1]:9099"),
        ("WALLETLINE_HTTP_BEHIND_PROXY", "true"),
        ("WALLETLINE_SIP_CALLS_MAX", "7"),
        ("WALLETLINE_MEDIA_PORTS", "40000-40099"),
        ("WALLETLINE_STORE_URL", "postgres://u:p@db/w"),
        ("WALLETLINE_LOG", "debug"),
        ("HTTP_LISTEN", "127.0.0.1:5"),
    ];
    let config = load(file, false, &environment).unwrap();
    assert_eq!(config.http.listen.port(), 8099);
    assert_eq!(config.http.internal.port(), 9099);
    assert!(config.http.behind_proxy);
    assert_eq!((config.sip.udp.port(), config.sip.calls_max), (2, 7));
    assert_eq!(config.media.ports, 40_000..=40_099);
    assert_eq!(config.store.url.expose(), "postgres://u:p@db/w");
}

#[test]
fn a_configuration_says_nothing_of_the_password_in_it() {
    let config = load("[store]\nurl = \"postgres://u:hunter2@db/w\"", false, &[]).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
    let wrong = load("[store]\nurl = \"mysql://u:hunter2@db/w\"", false, &[]).unwrap_err();
    assert!(!wrong.to_string().contains("hunter2"));
}

#[test]
fn unknown_keys_are_named() {
    check(
        "[web]\nport = 1",
        "web: unknown key: the file may hold [http], [sip], [stir], [media], [ice], [store], [data], [keys], [staff], [audit], [ladder], [refunds], [uploads], [[wallet]], [[line]], [[queue]], [[trunk]], [[transfer]]",
    );
    check(
        "[http]\nlisen = \"127.0.0.1:1\"",
        "http.lisen: unknown key: known here are listen, internal, certificate, private_key, behind_proxy, public_url",
    );
    check("[store]\npath = \"x\"", "store.path: unknown key: known here are url");
    check(
        "[[wallet]]\nid = \"a\"\nname = \"A\"\ncolour = \"red\"",
        "wallet[0].colour: unknown key: known here are id, name, gsma, extension, sim_swap, device_swap, wechat_pay, app_keys, time_zone, numbers, keep_recordings, regimes, messages",
    );
    let wrong = load("", false, &[("WALLETLINE_SIP_UPD", "127.0.0.1:1")]).unwrap_err().to_string();
    assert_eq!(
        wrong,
        "WALLETLINE_SIP_UPD (sip.upd): unknown key: known here are udp, calls_max, tcp, tls, certificate, private_key, authorities, encryption, \
         session_s, connections, connections_per_address"
    );
}

#[test]
fn a_scanner_is_a_program_with_its_whole_path() {
    let config =
        load("[uploads]\nscan = [\"/usr/bin/clamdscan\", \"--fdpass\"]\nscan_within_s = 9\ntotal_mb = 1", false, &[]).unwrap();
    let scanner = config.uploads.scanner.unwrap();
    assert_eq!((scanner.command.len(), scanner.within.as_secs(), config.uploads.total_max), (2, 9, 1_048_576));
    assert_eq!(load("", false, &[]).unwrap().uploads.scanner, None);
    check(
        "[uploads]\nscan = [\"clamdscan\"]",
        "uploads.scan: must begin with the whole path of a program: it is run without a shell",
    );
    check("[uploads]\nscan = []", "uploads.scan: names no program: leave it out where there is no scanner");
}

#[test]
fn who_is_believed_about_numbers_is_named_whole() {
    check(
        "[stir]\nanchors = \"Cargo.toml\"",
        "stir.hosts: is missing: list the hosts that signers' certificates may be fetched from, for example [\"cr.sti.example\"]",
    );
    check(
        "[stir]\nhosts = [\"cr.sti.example\"]",
        "stir.anchors: is missing: name a file with the certificates of the authorities, in PEM",
    );
    check("[stir]\nanchors = \"Cargo.toml\"\nhosts = []", "stir.anchors: `Cargo.toml` holds no certificates in PEM");
    check(
        "[stir]\nanchors = \"/no/such.pem\"",
        "stir.anchors: `/no/such.pem` cannot be read: No such file or directory (os error 2)",
    );
    check("[stir]\nanchor = \"x\"", "stir.anchor: unknown key: known here are anchors, hosts");
    check("[[trunk]]\nid = \"carrier\"\nfrom = [\"203.0.113.7\"]\nverstat = \"yes\"", "trunk[0].verstat: must be true or false");
}

#[test]
fn bad_values_are_named() {
    check("[http]\nlisten = 8080", "http.listen: must be a text in quotes, and not an empty one");
    check(
        "[http]\nlisten = \"8080\"",
        "http.listen: `8080` cannot be read: give an address and port, for example 127.0.0.1:8080",
    );
    check("[http]\nbehind_proxy = \"yes\"", "http.behind_proxy: must be true or false");
    check(
        "[http]\npublic_url = \"hotline\"",
        "http.public_url: must begin with http:// or https://, for example https://hotline.example",
    );
    check("[http]\ncertificate = \"Cargo.toml\"", "http.private_key: is missing: http.certificate needs its private key");
    check("[http]\nprivate_key = \"Cargo.toml\"", "http.certificate: is missing: http.private_key needs its certificate");
    check(
        "[http]\ncertificate = \"/no/such.pem\"\nprivate_key = \"/no/such.key\"",
        "http.certificate: `/no/such.pem` cannot be read: No such file or directory (os error 2)",
    );
    check("[sip]\ncalls_max = 0", "sip.calls_max: must be a whole number from 1 to 10000");
    check("[sip]\ntls = \"127.0.0.1:5061\"", "sip.certificate: is missing: sip.tls needs a certificate and its private key");
    check(
        "[sip]\ntls = \"127.0.0.1:5061\"\ncertificate = \"Cargo.toml\"",
        "sip.private_key: is missing: sip.certificate needs its private key",
    );
    check(
        "[sip]\ncertificate = \"Cargo.toml\"\nprivate_key = \"Cargo.toml\"",
        "sip.tls: is missing: the certificate is for SIP over TLS; give an address and port, for example 127.0.0.1:5060, or remove its keys",
    );
    check(
        "[sip]\ntls = \"127.0.0.1:5061\"\ncertificate = \"/no/such.pem\"",
        "sip.certificate: `/no/such.pem` cannot be read: No such file or directory (os error 2)",
    );
    check(
        "[media]\nports = \"40000\"",
        "media.ports: `40000` is no range of ports: give first-last from 1024 to 65535, for example 30000-39999",
    );
    check(
        "[media]\nports = \"40010-40000\"",
        "media.ports: `40010-40000` is no range of ports: give first-last from 1024 to 65535, for example 30000-39999",
    );
    check(
        "[media]\nbind = \"0.0.0.0\"",
        "media.advertise: is missing: with media.bind = \"0.0.0.0\" phones must be told an address they can reach",
    );
    check(
        "[store]\nurl = \"walletline.db\"",
        "store.url: must be sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE, for example sqlite:data/walletline.db",
    );
    check("[data]\nkeep_contacts_days = 99999", "data.keep_contacts_days: must be a whole number from 1 to 3650");
    check("http = 1", "http: must be a table: write [http] above its keys");
    check("[line]\nnumber = \"1\"", "line: must be a list of tables: write [[line]] above each entry");
}

#[test]
fn the_environment_is_named_when_it_is_wrong() {
    let wrong = load("", false, &[("WALLETLINE_HTTP_LISTEN", "here")]).unwrap_err().to_string();
    assert_eq!(
        wrong,
        "WALLETLINE_HTTP_LISTEN (http.listen): `here` cannot be read: give an address and port, for example 127.0.0.1:8080"
    );
}

#[test]
fn text_that_is_no_toml_is_told_with_its_line() {
    let wrong = load("[http]\nlisten = = 1", false, &[]).unwrap_err().to_string();
    assert!(wrong.starts_with("line 2 of the file: not valid TOML: "), "{wrong}");
    assert!(!wrong.contains('\n'), "{wrong}");
}

#[test]
fn clear_http_stays_on_loopback() {
    check(
        "[http]\nlisten = \"0.0.0.0:8080\"",
        "http.listen: HTTP without a certificate is refused off loopback: give http.certificate and http.private_key, or set \
         http.behind_proxy = true when a proxy speaks HTTPS",
    );
    check(
        "[http]\ninternal = \"0.0.0.0:9090\"",
        "http.internal: the internal listener speaks plain HTTP and is refused off loopback: use 127.0.0.1, or set \
         http.behind_proxy = true when a proxy guards it",
    );
    check("[http]\ninternal = \"127.0.0.1:8080\"", "http.internal: must be another address than http.listen");
    assert!(load("[http]\nlisten = \"0.0.0.0:8080\"\nbehind_proxy = true", false, &[]).is_ok());
    assert!(load("[http]\nlisten = \"[::1]:8080\"", false, &[]).is_ok());
    let tls = "[http]\nlisten = \"0.0.0.0:443\"\ncertificate = \"Cargo.toml\"\nprivate_key = \"Cargo.toml\"";
    assert!(load(tls, false, &[]).unwrap().http.is_secure());
}

#[test]
fn wallets_lines_queues_and_trunks_refer_to_each_other() {
    check(
        "[[wallet]]\nid = \"Jade\"\nname = \"Jade\"",
        "wallet[0].id: `Jade` is no id: use small letters, digits and hyphens, at most 64",
    );
    check(
        "[[wallet]]\nid = \"jade\"",
        "wallet[0].name: is missing or no name: give a text, or one per language: { \"zh-CN\" = \"…\", en = \"…\" }",
    );
    check(
        "[[wallet]]\nid = \"jade\"\nname = { en = \"Jade\", fr = \"Jade\" }",
        "wallet[0].name: is missing or no name: give a text, or one per language: { \"zh-CN\" = \"…\", en = \"…\" }",
    );
    check(&format!("{GOOD}\n[[wallet]]\nid = \"jade\"\nname = \"J\""), "wallet[1].id: `jade` is there twice: each must differ");
    check("[[line]]\nnumber = \"1\"\nwallet = \"jade\"", "line[0].wallet: there is no [[wallet]] with id `jade`");
    check("[[line]]\nwallet = \"jade\"", "line[0].number: is missing: give the number that is dialled, for example \"8000\"");
    check(
        "[[line]]\nnumber = \"80 00\"\nwallet = \"jade\"",
        "line[0].number: `80 00` is no number: use up to 15 digits, with or without a + before them",
    );
    check(&format!("{GOOD}languages = [\"fr\"]"), "line[0].languages: `fr` is not spoken here: use \"zh-CN\" and \"en\"");
    check(&format!("{GOOD}languages = [\"en\", \"en\"]"), "line[0].languages: `en` is there twice");
    check(&format!("{GOOD}languages = []"), "line[0].languages: must name at least one of \"zh-CN\" and \"en\"");
    check(&format!("{GOOD}record = \"yes\""), "line[0].record: must be true or false");
    check(&format!("{GOOD}announce_agent = 0"), "line[0].announce_agent: must be true or false");
    check(&format!("{GOOD}hours = 9"), "line[0].hours: must be a text in quotes, and not an empty one");
    check(
        &format!("{GOOD}[[queue]]\nid = \"general\"\nwallet = \"jade\""),
        "queue[0].id: `general` must begin with its wallet and a hyphen: `jade-…`",
    );
    check(
        &format!("{GOOD}[[queue]]\nid = \"jade-general\"\nwallet = \"jade\"\nstrategy = \"ringall\""),
        "queue[0].strategy: `ringall` is not available: use longest-idle-agent (also written leastrecent)",
    );
    check(
        "[[trunk]]\nid = \"carrier\"\nfrom = [\"trunk.example\"]",
        "trunk[0].from: `trunk.example` is no address or network: write 203.0.113.7 or 203.0.113.0/24",
    );
    check(
        "[[trunk]]\nid = \"carrier\"",
        "trunk[0].from: is missing: list the addresses its calls come from, for example [\"203.0.113.0/24\"]",
    );
    let policies = "is no policy: use \"required\", \"preferred\" or \"off\"";
    check(&format!("{GOOD}encryption = \"yes\""), &format!("line[0].encryption: `yes` {policies}"));
    check(
        "[[trunk]]\nid = \"carrier\"\nfrom = [\"203.0.113.7\"]\nencryption = \"TLS\"",
        &format!("trunk[0].encryption: `TLS` {policies}"),
    );
    check("[sip]\nencryption = true", "sip.encryption: must be a text in quotes, and not an empty one");
}

#[test]
fn both_spellings_of_a_strategy_are_taken() {
    for spelling in ["longest-idle-agent", "leastrecent"] {
        let text =
            format!("{GOOD}[[queue]]\nid = \"jade-general\"\nwallet = \"jade\"\nskills = [\"vip\"]\nstrategy = \"{spelling}\"");
        let config = load(&text, false, &[]).unwrap();
        assert_eq!(config.queues[0].strategy, Strategy::LongestIdle);
        assert_eq!(config.queues[0].skills, ["vip"]);
    }
}

#[test]
fn a_start_without_a_wallet_or_a_line_says_so() {
    let wrong = load("", false, &[]).unwrap().check_serving().unwrap_err().to_string();
    assert_eq!(
        wrong,
        "wallet: no wallet is configured: add a [[wallet]] with id and name to the file given by --config, or try --demo"
    );
    let wrong = load("[[wallet]]\nid = \"jade\"\nname = \"Jade\"", false, &[]).unwrap().check_serving().unwrap_err().to_string();
    assert_eq!(wrong, "line: no line is configured: add a [[line]] with number and wallet to the file given by --config");
}

#[test]
fn a_line_needs_a_flow_that_can_be_read_and_the_queues_it_leads_to() {
    let wrong = load(&format!("{GOOD}flow = \"/no/such.toml\""), false, &[]).unwrap().check_serving().unwrap_err().to_string();
    assert_eq!(wrong, "line[0].flow: `/no/such.toml` cannot be read: No such file or directory (os error 2)");
    let wrong = load(&format!("{GOOD}flow = \"nosuch\""), false, &[]).unwrap().check_serving().unwrap_err().to_string();
    assert!(wrong.starts_with("line[0].flow: there is no flow `nosuch`: shipped are "), "{wrong}");

    let dir = std::env::temp_dir().join(format!("walletline-flow-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let path = dir.join("own.toml");
    let queue = |id: &str| format!("{GOOD}flow = \"{}\"\n[[queue]]\nid = \"jade-{id}\"\nwallet = \"jade\"", path.display());
    std::fs::write(&path, "id = \"own\"\nstart = \"q\"\nfreeze = \"q\"\nperson = \"q\"\n[nodes.q]\nkind = \"queue\"\nqueue = \"desk\"\npriority = 3").unwrap();
    load(&queue("desk"), false, &[]).unwrap().check_serving().unwrap();
    let wrong = load(&queue("other"), false, &[]).unwrap().check_serving().unwrap_err().to_string();
    assert_eq!(wrong, "queue: the flow of line +8640012345 leads to the queue `jade-desk`: add a [[queue]] with that id");
    std::fs::write(&path, "id = \"own\"\nstart = 3").unwrap();
    let wrong = load(&queue("desk"), false, &[]).unwrap().check_serving().unwrap_err().to_string();
    assert!(wrong.starts_with(&format!("line[0].flow: `{}` line 2: ", path.display())), "{wrong}");
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn the_master_key_is_named_never_written_and_lies_outside_the_data() {
    let dir = std::env::temp_dir().join(format!("walletline-keys-{}", std::process::id()));
    std::fs::create_dir_all(dir.join("data")).unwrap();
    let good = "0123456789abcdef".repeat(4);
    for (name, text) in [("good.key", good.as_str()), ("short.key", "00"), ("data/inside.key", good.as_str())] {
        std::fs::write(dir.join(name), text).unwrap();
    }
    let at = |name: &str| {
        let dir = dir.display();
        format!("[data]\ndir = \"{dir}/data\"\n[keys]\nmaster = \"file:{dir}/{name}\"")
    };
    assert!(load(&at("good.key"), false, &[]).unwrap().keys.master.is_some());
    let wrong = load(&at("short.key"), false, &[]).unwrap_err().to_string();
    assert_eq!(wrong, "keys.master: must lead to 64 hexadecimal digits (32 random bytes): make one with `openssl rand -hex 32`");
    let wrong = load(&at("data/inside.key"), false, &[]).unwrap_err().to_string();
    assert_eq!(
        wrong,
        format!("keys.master: must not lie inside data.dir ({}/data): a copy of the data would hold its key", dir.display())
    );
    assert!(load(&at("data/inside.key"), true, &[]).is_ok(), "the demo keeps everything in one folder");
    check(&format!("[keys]\nmaster = \"{good}\""), "keys.master: must be file:PATH or env:VARIABLE, never the key itself");
    check("[keys]\nmaster = \"env:WALLETLINE_TEST_NO_SUCH\"", "keys.master: the variable WALLETLINE_TEST_NO_SUCH is not set");
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn the_demo_needs_no_file_and_stays_on_loopback() {
    let config = Config::load(None, true, []).unwrap();
    assert_eq!(config.wallets.iter().map(|w| w.id.as_str()).collect::<Vec<_>>(), ["jinqiao", "harbor"]);
    assert_eq!(config.lines[0].languages, [Language::ZhCn, Language::En]);
    assert_eq!(config.lines[1].languages, [Language::En, Language::ZhCn]);
    assert_eq!(config.queues.len(), 12);
    for (text, line) in [
        ("[sip]\nudp = \"0.0.0.0:5060\"", "sip.udp: 0.0.0.0 is off loopback"),
        (
            "[sip]\ntls = \"0.0.0.0:5061\"\ncertificate = \"Cargo.toml\"\nprivate_key = \"Cargo.toml\"",
            "sip.tls: 0.0.0.0 is off loopback",
        ),
        ("[sip]\ntcp = \"0.0.0.0:5060\"", "sip.tcp: 0.0.0.0 is off loopback"),
        ("[media]\nbind = \"192.0.2.1\"", "media.bind: 192.0.2.1 is off loopback"),
        ("[http]\nlisten = \"0.0.0.0:80\"\nbehind_proxy = true", "http.listen: 0.0.0.0 is off loopback"),
        ("[http]\ninternal = \"0.0.0.0:81\"\nbehind_proxy = true", "http.internal: 0.0.0.0 is off loopback"),
    ] {
        let wrong = load(text, true, &[]).unwrap_err().to_string();
        assert_eq!(wrong, format!("{line}, which --demo refuses (its passwords are public): use 127.0.0.1"));
    }
}

#[test]
fn the_example_is_a_whole_configuration() {
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/walletline.toml");
    let config = Config::load(Some(&example), false, []).unwrap();
    config.check_serving().unwrap();
    assert_eq!(config.queues[4].skills, ["refunds"]);
}

#[test]
fn the_heads_of_the_audit_log_have_a_witness_where_one_is_named() {
    let witness = |text: &str, demo, environment: &[(&str, &str)]| load(text, demo, environment).unwrap().audit.witness;
    let named = format!("{GOOD}\n[audit]\nwitness = \"/mnt/heads.jsonl\"");
    assert_eq!(witness(GOOD, false, &[]), None);
    assert_eq!(witness(&named, false, &[]), Some("/mnt/heads.jsonl".into()));
    assert_eq!(witness(&named, false, &[("WALLETLINE_AUDIT_WITNESS", "/mnt/other")]), Some("/mnt/other".into()));
    assert_eq!(witness("", true, &[]), Some("data/audit-heads.jsonl".into()));
    assert_eq!(witness("", true, &[("WALLETLINE_DATA_DIR", "d")]), Some("d/audit-heads.jsonl".into()));
    check("[audit]\nwitnes = \"x\"", "audit.witnes: unknown key: known here are witness");
}

#[test]
fn a_wallet_says_where_it_is_asked_and_never_its_key() {
    let wallet = |more: &str| format!("[[wallet]]\nid = \"jade\"\nname = \"Jade Pay\"\n{more}");
    check(&wallet("gsma = 1"), "wallet[0].gsma: must be a table: write { key = \"value\", … }");
    check(&wallet("gsma = {}"), "wallet[0].gsma.url: is missing: give \"https://api.example/mm\"");
    let clear = "must be https:// off this machine: numbers and keys must not travel in clear";
    for bad in ["ftp://x", "http://api.example/mm", "http://127.0.0.1.example/mm"] {
        check(&wallet(&format!("gsma = {{ url = \"{bad}\" }}")), &format!("wallet[0].gsma.url: {clear}"));
    }
    let known = "known here are url, api_key, oauth, identity, authority";
    check(&wallet("gsma = { url = \"https://x\", pin = 1 }"), &format!("wallet[0].gsma.pin: unknown key: {known}"));
    check(
        &wallet("gsma = { url = \"https://x\", api_key = \"hunter2\" }"),
        "wallet[0].gsma.api_key: must be file:PATH or env:VARIABLE, never the key itself",
    );
    check(
        &wallet("gsma = { url = \"https://x\", api_key = \"env:WALLETLINE_TEST_NO_SUCH\" }"),
        "wallet[0].gsma.api_key: the variable WALLETLINE_TEST_NO_SUCH is not set",
    );
    let oauth =
        |more: &str| wallet(&format!("gsma = {{ url = \"https://x\", oauth = {{ token_url = \"https://x/token\", {more} }} }}"));
    check(&oauth("client_id = \"h\""), "wallet[0].gsma.oauth.client_secret: is missing: give file:PATH or env:VARIABLE");
    check(
        &oauth("client_secret = \"env:HOME\""),
        "wallet[0].gsma.oauth.client_id: is missing: give the name under which the wallet knows us",
    );
    let file = std::env::temp_dir().join(format!("walletline-api-key-{}", std::process::id()));
    std::fs::write(&file, "hunter2\n").unwrap();
    let secret = format!("\"file:{}\"", file.display());
    let oauth = format!("oauth = {{ token_url = \"https://x/token\", client_id = \"h\", client_secret = {secret} }}");
    let source = format!("gsma = {{ url = \"https://x/jade\", api_key = {secret}, identity = {secret}, {oauth} }}");
    let config = load(&wallet(&source), false, &[]).unwrap();
    std::fs::remove_file(&file).unwrap();
    let gsma = config.wallets[0].gsma.as_ref().unwrap();
    assert_eq!(gsma.api_key.as_ref().map(|key| key.expose().as_str()), Some("hunter2"));
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn a_wallet_says_through_whom_its_refunds_go() {
    let wallet = |more: &str| format!("[[wallet]]\nid = \"jade\"\nname = \"Jade Pay\"\n{more}");
    let account = "merchant = \"1900000001\", serial = \"5157F0\", platform_serial = \"PUB_KEY_ID_01\"";
    check(
        &wallet(&format!("wechat_pay = {{ {account} }}")),
        "wallet[0].wechat_pay.private_key: is missing: give file:PATH or env:VARIABLE",
    );
    check(
        &wallet("wechat_pay = { url = \"http://pay.example\" }"),
        "wallet[0].wechat_pay.url: must be https://: money must not be asked for in clear",
    );
    let file = std::env::temp_dir().join(format!("walletline-merchant-key-{}", std::process::id()));
    std::fs::write(&file, "hunter2\n").unwrap();
    let keys = format!("private_key = \"file:{0}\", platform_key = \"file:{0}\"", file.display());
    let refunds = format!("wechat_pay = {{ {account}, {keys} }}");
    check(&wallet(&refunds), "wallet[0].wechat_pay: needs `gsma` beside it: what was paid is read there");
    let config = load(&wallet(&format!("gsma = {{ url = \"https://x/jade\" }}\n{refunds}")), false, &[]).unwrap();
    std::fs::remove_file(&file).unwrap();
    let provider = config.wallets[0].wechat_pay.as_ref().unwrap();
    assert_eq!((provider.url.as_str(), provider.merchant.as_str()), ("https://api.mch.weixin.qq.com", "1900000001"));
    assert!(!format!("{:?}", provider.private_key).contains("hunter2"));
}

#[test]
fn the_keys_of_a_wallets_app_are_read_from_where_they_are_kept_and_are_long_enough() {
    let file = std::env::temp_dir().join(format!("walletline-app-keys-{}", std::process::id()));
    let wallet = |keys: &str| {
        let keys = keys.replace("FILE", &file.display().to_string());
        format!("[[wallet]]\nid = \"jade\"\nname = \"Jade Pay\"\napp_keys = [{keys}]\n")
    };
    std::fs::write(&file, "0123456789abcdef0123456789abcdef\n").unwrap();
    let config = load(&wallet("\"file:FILE\", \"file:FILE\""), false, &[]).unwrap();
    let keys: Vec<_> = config.wallets[0].app_keys.iter().map(|key| key.expose().as_str()).collect();
    assert_eq!(keys, ["0123456789abcdef0123456789abcdef"; 2]);
    assert!(!format!("{config:?}").contains("0123456789abcdef"));
    let three = "\"file:FILE\", \"file:FILE\", \"file:FILE\"";
    check(&wallet(three), "wallet[0].app_keys: two at most: the present one, and the one before it while it rolls over");
    check(&wallet("\"hunter2\""), "wallet[0].app_keys: must be file:PATH or env:VARIABLE, never the key itself");
    std::fs::write(&file, "0123456789abcdef0123456789abcde").unwrap();
    check(&wallet("\"file:FILE\""), "wallet[0].app_keys: a key needs 32 characters: openssl rand -hex 32");
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn a_wallets_networks_are_asked_over_https_with_a_secret_that_is_kept_elsewhere() {
    let file = std::env::temp_dir().join(format!("walletline-network-secret-{}", std::process::id()));
    std::fs::write(&file, "hunter2\n").unwrap();
    let wallet = |gsma: &str, keys: &str| {
        let keys = keys.replace("FILE", &file.display().to_string());
        format!("[[wallet]]\nid = \"jade\"\nname = \"Jade Pay\"\n{gsma}\n[wallet.sim_swap]\n{keys}\n")
    };
    let gsma = "gsma = { url = \"https://x/jade\" }";
    let whole =
        "url = \"https://net/sim-swap/v2\"\ntoken_url = \"https://net/token\"\nclient_id = \"us\"\nclient_secret = \"file:FILE\"";
    let config = load(&wallet(gsma, whole), false, &[]).unwrap();
    let api = config.wallets[0].sim_swap.as_ref().unwrap();
    assert_eq!((api.client_secret.expose().as_str(), api.scope.as_str()), ("hunter2", "sim-swap:check"));
    assert!(!format!("{config:?}").contains("hunter2") && config.wallets[0].device_swap.is_none());
    check(&wallet("", whole), "wallet[0].sim_swap: is asked about registered numbers: write `gsma` too");
    check(
        &wallet(gsma, &whole.replace("https://net/token", "http://net/token")),
        "wallet[0].sim_swap.token_url: a network off this machine needs https://: numbers and secrets must not travel in clear",
    );
    check(&wallet(gsma, "url = \"https://net\""), "wallet[0].sim_swap.token_url: is missing: write \"https://…\"");
    check(
        &wallet(gsma, &whole.replace("file:FILE", "hunter2")),
        "wallet[0].sim_swap.client_secret: must be file:PATH or env:VARIABLE, never the key itself",
    );
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn a_wallet_says_how_its_customers_tell_time_and_write_numbers() {
    let wallet = |more: &str| format!("[[wallet]]\nid = \"jade\"\nname = \"Jade Pay\"\n{more}");
    let plain = load(&wallet(""), false, &[]).unwrap();
    assert_eq!((plain.wallets[0].zone.iana_name(), plain.wallets[0].numbers.len()), (Some("UTC"), 0));
    let own = load(&wallet("time_zone = \"Asia/Shanghai\"\nnumbers = [\"+86 1##########\"]"), false, &[]).unwrap();
    assert_eq!((own.wallets[0].zone.iana_name(), own.wallets[0].numbers.len()), (Some("Asia/Shanghai"), 1));
    check(&wallet("time_zone = \"Moon/Base\""), "wallet[0].time_zone: `Moon/Base` is no IANA time zone: write Asia/Shanghai");
    check(
        &wallet("numbers = [\"1########## \"]"),
        "wallet[0].numbers: `1########## `: write the country and the national number with # for every digit that varies: \"+86 \
         1##########\"",
    );
}

#[test]
fn a_wallet_that_is_asked_needs_the_master_key() {
    let text = GOOD.replace("name = \"Jade Pay\"", "name = \"Jade Pay\"\n    gsma = { url = \"https://x/jade\" }");
    let wrong = load(&text, false, &[]).unwrap().check_serving().unwrap_err().to_string();
    assert_eq!(wrong, "keys.master: is missing: wallet[0].gsma needs it, because codes and numbers are kept under it");
}

#[test]
fn a_trunk_says_whose_calls_are_its_own_and_where_ours_go() {
    let secret = std::env::temp_dir().join(format!("walletline-trunk-password-{}", std::process::id()));
    std::fs::write(&secret, "hunter2\n").unwrap();
    let text = format!(
        "[[trunk]]\nid = \"carrier\"\nfrom = [\"203.0.113.0/24\"]\ntargets = [\"sbc.carrier.example;priority=5\"]\n\
         account = {{ user = \"a\", password = \"file:{0}\", domain = \"carrier.example\", register = true }}\n\
         login = {{ user = \"b\", password = \"file:{0}\" }}\nallow = [\"+86*\", \"!+8616*\"]\ncountry = \"86\"\n\
         format = \"national\"\nrewrite_in = [{{ prefix = \"1\", digits = 11, add = \"+86\" }}]\ncalls_max = 60\nprobe_s = 0",
        secret.display()
    );
    let config = load(&text, false, &[]).unwrap();
    std::fs::remove_file(&secret).unwrap();
    let trunk = &config.trunks[0].settings;
    let registered = trunk.account.as_ref().and_then(|account| account.register);
    assert_eq!((registered, trunk.probe, trunk.calls_max), (Some(std::time::Duration::from_secs(600)), None, Some(60)));
    assert_eq!((trunk.targets[0].priority, trunk.targets[0].port, trunk.allow.len()), (5, 5060, 2));
    assert_eq!((trunk.numbers.international_prefix.as_str(), trunk.numbers.rewrite_in[0].digits), ("00", Some(11)));
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn a_call_is_handed_on_to_numbers_that_a_trunk_may_dial() {
    let trunk = "[[trunk]]\nid = \"carrier\"\ntargets = [\"192.0.2.1\"]\nallow = [\"+86*\", \"+448710000000\"]\n";
    let transfer = |more: &str| {
        format!(
            "{GOOD}{trunk}[[transfer]]\nid = \"bank\"\nwallet = \"jade\"\nname = {{ \"zh-CN\" = \"银行\", en = \"Bank\" }}\n{more}"
        )
    };
    let config = load(&transfer("number = \"+861088880000\"\ntrunk = \"carrier\"\nhours = \"jinqiao\""), false, &[]).unwrap();
    let bank = &config.transfers[0];
    assert_eq!((bank.name[&Language::ZhCn].as_str(), bank.name[&Language::En].as_str()), ("银行", "Bank"));
    assert_eq!((bank.trunk.as_deref(), bank.hours.as_deref()), (Some("carrier"), Some("jinqiao")));
    // A costly number is taken at its word where a rule names it in full.
    assert!(load(&transfer("number = \"+448710000000\""), false, &[]).is_ok());
    let no_trunk = |number: &str, why: &str| {
        format!("transfer[0].number: no trunk may dial `{number}` ({why}): give one `targets`, and the number in its `allow`")
    };
    for (more, line) in [
        ("", "transfer[0].number: is missing: give the number that is dialled, for example \"+861012345678\"".to_owned()),
        (
            "number = \"10 88\"",
            "transfer[0].number: `10 88` is no number: use up to 15 digits, with or without a + before them".to_owned(),
        ),
        (
            "number = \"+8640012345\"",
            "transfer[0].number: `+8640012345` is a line of this hotline: agents hand a call on to its queues".to_owned(),
        ),
        ("number = \"+861088880000\"\ntrunk = \"other\"", "transfer[0].trunk: there is no [[trunk]] with id `other`".to_owned()),
        ("number = \"+85291234567\"", no_trunk("+85291234567", "no rule allows the number")),
        ("number = \"+864001234567\"", no_trunk("+864001234567", "a premium-rate number")),
    ] {
        check(&transfer(more), &line);
    }
    check(
        &format!("{GOOD}[[transfer]]\nid = \"bank\"\nwallet = \"jade\"\nname = \"Bank\"\nnumber = \"+861088880000\""),
        &no_trunk("+861088880000", "no trunk dials out"),
    );
}

#[test]
fn what_is_wrong_with_a_trunk_is_told_by_its_key() {
    let trunk = |more: &str| format!("[[trunk]]\nid = \"carrier\"\nfrom = [\"203.0.113.7\"]\n{more}");
    let target = "targets = [\"192.0.2.1\"]\n";
    for (more, line) in [
        (
            "targets = [\"a;transport=ws\"]",
            "trunk[0].targets: `a;transport=ws` is no target: write host:port;transport=udp, with ;priority=N;weight=N where several \
             share the calls",
        ),
        ("targets = [\"a;transport=tls\"]", "trunk[0].targets: `a:5061` needs sip.tls: its answers come there"),
        (
            "allow = [\"+86**\"]",
            "trunk[0].allow: `+86**` is no rule: write \"+86*\" for numbers that begin so, a whole number for itself, and ! in front to \
             refuse",
        ),
        ("allow = [\"+86*\"]", "trunk[0].targets: is missing: allow says how calls go out, and this where to"),
        ("certificate = [\"a\"]", "trunk[0].authorities: is missing: certificate needs the PEM file of those who sign it"),
        (
            "certificate = [\"a\"]\nauthorities = \"Cargo.toml\"",
            "trunk[0].certificate: needs sip.tls: a certificate is shown on SIP over TLS alone",
        ),
        ("login = \"b\"", "trunk[0].login: must be a table: write { key = \"value\", … }"),
        ("login = { user = \"b\" }", "trunk[0].login.password: is missing: give file:PATH or env:VARIABLE"),
        (
            "login = { user = \"b\", password = \"hunter2\" }",
            "trunk[0].login.password: must be file:PATH or env:VARIABLE, never the key itself",
        ),
        (
            "login = { user = \"b\", password = \"file:Cargo.toml\", pin = 1 }",
            "trunk[0].login.pin: unknown key: known here are user, password, domain",
        ),
        (
            &format!("{target}account = {{ user = \"b\", password = \"file:Cargo.toml\", domain = \"a b\" }}"),
            "trunk[0].account.domain: `a b` is no domain: write \"carrier.example\"",
        ),
        (
            &format!("{target}account = {{ user = \"b\", password = \"file:Cargo.toml\", domain = \"a\", expires_s = 60 }}"),
            "trunk[0].account.expires_s: has no meaning without register = true",
        ),
        ("country = \"CN\"", "trunk[0].country: `CN` is no calling code: write \"86\""),
        ("national_prefix = \"+\"", "trunk[0].national_prefix: `+` is no prefix: write \"0\", or \"none\""),
        ("format = \"national\"", "trunk[0].country: is missing: format = \"national\" needs it"),
        (
            "format = \"e164\"",
            "trunk[0].format: `e164` is no format: use \"plus\", \"digits\", \"international\" or \"national\"",
        ),
        ("rewrite_in = [1]", "trunk[0].rewrite_in: must be a list of tables: write [{ key = \"value\", … }]"),
        ("rewrite_out = [{ prefix = \"a\" }]", "trunk[0].rewrite_out[0].prefix: must be digits, with or without a + before them"),
        ("calls_max = 0", "trunk[0].calls_max: must be a whole number from 1 to 10000"),
    ] {
        check(&trunk(more), line);
    }
    check(
        &format!("{GOOD}caller_id = \"me\""),
        "line[0].caller_id: `me` is no number: use up to 15 digits, with or without a + before them",
    );
    let login = "login = { user = \"b\", password = \"file:Cargo.toml\" }\n";
    let two = format!("{}{}", trunk(login), trunk(login).replace("\"carrier\"", "\"other\""));
    check(&two, "trunk[1].login.user: is another trunk's too: each must differ");
}

#[test]
fn staff_says_who_needs_a_second_factor_and_how_long_sessions_last() {
    let (hour, min) = (|h: u64| Span::from_s(h * 3_600), |min: u64| Span::from_s(min * 60));
    let usual = load(GOOD, false, &[]).unwrap().staff;
    assert!(usual.second_factor.is_empty());
    assert_eq!(usual.limits(Role::Agent), Limits { session: hour(12), idle: min(60) });
    let text = "[staff]\nsecond_factor = [\"admin\", \"supervisor\"]\nidle_min = 30\n[staff.admin]\nsession_h = 4\nidle_min = 10";
    let staff = load(text, true, &[]).unwrap().staff;
    assert_eq!(staff.second_factor, [Role::Supervisor, Role::Admin].into());
    assert_eq!(staff.limits(Role::Admin), Limits { session: hour(4), idle: min(10) });
    assert_eq!(staff.limits(Role::Agent), Limits { session: hour(12), idle: min(30) });
    check(text, "staff.second_factor: needs keys.master: second factors are kept under it");
    check(
        "[staff]\nsecond_factor = [\"boss\"]",
        "staff.second_factor: must be a list of roles: agent, checker, handler, supervisor, auditor, compliance, admin",
    );
    check("[staff]\nidle_min = 0", "staff.idle_min: must be a whole number from 1 to 1440");
    check("[staff.admin]\nsession_h = 25", "staff.admin.session_h: must be a whole number from 1 to 24");
    check(
        "[staff]\nroles = 1",
        "staff.roles: unknown key: known here are second_factor, session_h, idle_min, agent, checker, handler, supervisor, auditor, compliance, admin",
    );
}

#[test]
fn a_row_of_the_ladder_replaces_the_shipped_one_and_none_gives_an_account_away() {
    let row = |name: &str, rest: &str| {
        format!("{GOOD}\n[ladder]\nidle_s = 180\n[ladder.{name}]\nmark = \"D\"\nsource = \"us\"\n{rest}")
    };
    let ladder = load(&row("signals.sim_swap", "hours = 480\nvoids = [\"phone\"]"), false, &[]).unwrap().ladder;
    assert_eq!((ladder.idle_s, ladder.signals[&Signal::SimSwap].hours), (180, Some(480)));
    assert_eq!(ladder.signals.len(), Ladder::default().signals.len(), "the others stay");
    let ladder = load(&row("acts.transaction_status", "level = \"A3\""), false, &[]).unwrap().ladder;
    assert_eq!(ladder.needs(Protected::TransactionStatus), Level::A3);
    let given_away = "ladder.acts: an act that tells or changes something of an account needs A2 at least";
    check(&row("acts.read_profile", "level = \"A1\""), given_away);
    for (name, rest) in [
        ("acts.fly", "level = \"A3\""),
        ("factors.sms_code", "means = \"pigeon\"\ncounts = true"),
        ("signals.velocity", "weight = 3"),
    ] {
        let refused = load(&row(name, rest), false, &[]).map(|_| ()).unwrap_err().to_string();
        assert!(refused.starts_with("ladder."), "{refused}");
    }
}

#[test]
fn a_wallet_says_how_its_messages_leave_and_what_they_may_come_to() {
    let folder = std::env::temp_dir().join(format!("walletline-messages-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("key"), "secret\n").unwrap();
    let key = format!("file:{}/key", folder.display());
    let (wallet, rest) = GOOD.split_once("[[line]]").unwrap();
    let text = |messages: &str| format!("{wallet}[wallet.messages]\n{}\n[[line]]{rest}", messages.replace("KEY", &key));
    let http = "prefixes = [\"+86\"]\n[[wallet.messages.sms]]\nname = \"a\"\nsender = \"Jade\"\nkey = \"KEY\"\n";
    let smpp = "prefixes = [\"+86\"]\n[[wallet.messages.sms]]\nname = \"a\"\nsender = \"Jade\"\nsystem_id = \"jade\"\npassword = \"KEY\"\n";
    let mail = "[wallet.messages.mail]\nname = \"m\"\nfrom = \"care@jade.example\"\n";

    let config = load(&text(&format!("per_day = 7\n{http}cost = \"0.045\"\nhttp = \"https://g.example\"")), false, &[]).unwrap();
    let messages = &config.wallets[0].messages;
    assert_eq!((messages.sms[0].cost, messages.has_sms()), (45_000, true));
    let caps = messages.caps.as_ref().unwrap();
    assert_eq!((caps.daily_max, caps.prefix_daily_max, caps.range_daily_max, caps.cost_daily_max), (7, 7, 50, None));
    assert!(config.check_serving().unwrap_err().to_string().contains("keys.master"), "what waits is sealed under it");
    assert!(!load(GOOD, false, &[]).unwrap().wallets[0].messages.has_sms());

    let told = |messages: String| load(&text(&messages), false, &[]).unwrap_err().to_string();
    for (messages, key, what) in [
        (
            http.replace("prefixes = [\"+86\"]", "") + "http = \"https://g.example\"",
            "messages.prefixes",
            "nobody else is sent any",
        ),
        (http.replace("+86", "86") + "http = \"https://g.example\"", "messages.prefixes", "no prefix"),
        (format!("{http}http = \"http://g.example\""), "messages.sms[0].http", "must not travel in clear"),
        (format!("{http}http = \"https://g.example\"\ncost = \"4,5\""), "messages.sms[0].cost", "is no amount"),
        (format!("{http}http = \"https://g.example\"\nbody = '{{\"to\":\"{{to}}\"}}'"), "messages.sms[0].body", "{text}"),
        (format!("{http}http = \"https://g.example\"\nsmpp = \"g.example:2775\""), "messages.sms[0].http", "either"),
        (http.replace("KEY", "secret") + "http = \"https://g.example\"", "messages.sms[0].key", "never the key itself"),
        (format!("{smpp}smpp = \"smsc.example:2775\""), "messages.sms[0].tls", "private_link"),
        (format!("{smpp}smpp = \"smsc.example\""), "messages.sms[0].smpp", "is no address"),
        (smpp.replace("\"jade\"", "\"a-name-that-is-too-long\"") + "smpp = \"127.0.0.1:1\"", "messages.sms[0].system_id", "15"),
        (format!("{mail}server = \"smtp.example:25\"\nencryption = \"none\""), "messages.mail.encryption", "on this machine"),
        (format!("{mail}server = \"smtp.example\""), "messages.mail.server", "is no address"),
        (mail.replace("care@", "") + "server = \"smtp.example:587\"", "messages.mail.from", "is no address"),
    ] {
        let line = told(messages.clone());
        assert!(line.starts_with(&format!("wallet[0].{key}")) && line.contains(what), "{messages}\n{line}");
    }
    for good in
        ["smpp = \"smsc.example:2775\"\ntls = true", "smpp = \"10.0.0.9:2775\"\nprivate_link = true", "smpp = \"127.0.0.1:2775\""]
    {
        assert!(load(&text(&format!("{smpp}{good}")), false, &[]).is_ok(), "{good}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
