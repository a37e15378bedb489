//! Adds agents `agent0001`, `agent0002`, … with the phones' passwords `pw0001`, `pw0002`, … to the store of a configuration:
//! `bench_agents CONFIG COUNT`. For benchmarks on a store of their own; nobody can log in at a desk as one of them.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a tool of the benchmarks may stop where it is")]

use std::path::Path;
use walletline::config::Config;
use walletline::engine::Clock;
use walletline_core::agent::{Secret, Staff, Teams};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::{Actor, Role};
use walletline_core::kernel::ids::IdSource;
use walletline_core::kernel::language::Language;
use walletline_store::Store;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [config, count] = arguments.as_slice() else { panic!("usage: bench_agents CONFIG COUNT") };
    let count: u32 = count.parse().expect("COUNT is a number");
    let config = Config::load(Some(Path::new(config)), false, []).expect("a configuration");
    let store = Store::open(config.store.url.expose()).await.expect("a store");
    store.migrate().await.unwrap();
    let (clock, mut ids) = (Clock::start(), IdSource::new(1));
    for n in 1..=count {
        let (at, user) = (clock.wall(), format!("agent{n:04}"));
        let sip_ha1 = Some(Secret::new(walletline_voice::ha1(&user, &format!("pw{n:04}"))));
        let member = Staff {
            id: ids.next(at),
            number: (10_000 + n).to_string(),
            role: Role::Agent,
            languages: vec![Language::En, Language::ZhCn],
            skills: vec!["general".to_owned()],
            teams: Teams::default(),
            password_hash: None,
            sip_ha1,
            user,
        };
        let entry = Entry::new(at, Actor::Operator, "staff.added", member.id);
        store.commit(Commit::new(entry, vec![Change::Staff(0, Box::new(member))])).await.unwrap();
    }
    store.close().await;
    println!("{count} agents");
}
