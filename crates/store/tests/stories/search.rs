//! Stories of past contacts that are looked for: found by what is known of them, and only by those whose reading goes so far.

use crate::place::Place;
use crate::rows::{at, commit, contact, id, leg, opened, staff};
use walletline_core::agent::{Staff, Teams};
use walletline_core::call::{Audio, Contact, HoldWord, Notice, Service, end_recording, open_recording};
use walletline_core::commit::Change;
use walletline_core::kernel::actor::Role;
use walletline_core::kernel::ids::ContactId;
use walletline_core::kernel::language::Language;
use walletline_core::kernel::wrapped_key::WrappedKey;
use walletline_store::{ContactQuery, Store};

fn named(names: &[&str]) -> Teams {
    Teams::Named(names.iter().map(|name| name.parse().unwrap()).collect())
}

fn member(user: &str, number: &str, role: Role, teams: Teams) -> Staff {
    Staff { role, teams, ..staff(user, number) }
}

async fn added(store: &Store, member: &Staff) {
    store.commit(commit("staff.added", member.id, vec![Change::Staff(0, Box::new(member.clone()))])).await.unwrap();
}

/// A contact on record that this agent took part in.
async fn taken(store: &Store, agent: Option<&Staff>, s: i64, change: impl FnOnce(&mut Contact)) -> ContactId {
    let mut contact = contact(s);
    contact.agents = agent.map(|agent| agent.id).into_iter().collect();
    change(&mut contact);
    store.commit(opened(&contact, &leg(&contact))).await.unwrap();
    contact.id
}

async fn found(store: &Store, query: ContactQuery, by: &Staff) -> Vec<ContactId> {
    store.contacts_found(&query, by, 100).await.unwrap().iter().map(|record| record.contact.id).collect()
}

pub(crate) async fn a_supervisor_finds_what_their_teams_took_part_in(place: &Place) {
    let store = place.open().await;
    let day = member("day", "1", Role::Agent, named(&["day"]));
    let night = member("night", "2", Role::Agent, named(&["night", "late"]));
    let loose = member("loose", "3", Role::Agent, named(&[]));
    let leads = |user: &str, number: &str, teams| member(user, number, Role::Supervisor, teams);
    let (of_day, of_both) = (leads("d", "4", named(&["day"])), leads("b", "5", named(&["late", "day"])));
    let (of_none, of_all) = (leads("n", "6", named(&[])), leads("a", "7", Teams::All));
    let auditor = member("auditor", "8", Role::Auditor, named(&[]));
    for person in [&day, &night, &loose, &of_day, &of_both, &of_none, &of_all, &auditor] {
        added(&store, person).await;
    }
    let by_day = taken(&store, Some(&day), 1, |_| {}).await;
    let by_night = taken(&store, Some(&night), 2, |_| {}).await;
    let by_loose = taken(&store, Some(&loose), 3, |_| {}).await;
    let by_nobody = taken(&store, None, 4, |_| {}).await;
    let by_lead = taken(&store, Some(&of_none), 5, |_| {}).await;
    for (who, expected) in [
        (&day, vec![by_day]),
        (&of_day, vec![by_day]),
        (&of_both, vec![by_night, by_day]),
        (&of_none, vec![by_lead]),
        (&of_all, vec![by_lead, by_nobody, by_loose, by_night, by_day]),
        (&auditor, vec![by_lead, by_nobody, by_loose, by_night, by_day]),
    ] {
        assert_eq!(found(&store, ContactQuery::default(), who).await, expected, "{}", who.user);
    }
    // Teams are those of now, for what was before as well.
    let moved = Staff { teams: named(&["day"]), ..loose };
    store.commit(commit("staff.changed", moved.id, vec![Change::Staff(1, Box::new(moved.clone()))])).await.unwrap();
    assert_eq!(found(&store, ContactQuery::default(), &of_day).await, [by_loose, by_day]);
    let kept = store.staff_by_user("loose").await.unwrap().unwrap().1;
    assert_eq!(kept.teams, named(&["day"]));
    assert_eq!(store.staff_by_user("a").await.unwrap().unwrap().1.teams, Teams::All);
}

pub(crate) async fn contacts_are_found_by_what_is_known_of_them(place: &Place) {
    let store = place.open().await;
    let agent = member("mia", "11", Role::Agent, named(&[]));
    let compliance = member("kim", "12", Role::Compliance, named(&[]));
    for person in [&agent, &compliance] {
        added(&store, person).await;
    }
    let refund = taken(&store, Some(&agent), 10, |contact| contact.service = Some(Service::Refunds)).await;
    let other_line = taken(&store, None, 20, |contact| contact.line = "8123".to_owned()).await;
    let taped = taken(&store, None, 30, |contact| contact.service = Some(Service::Security)).await;
    let notice = Notice::heard("recording.notice", Language::En, "This call is recorded.", at(30));
    let (open, begun) = open_recording(id(), taped, notice, WrappedKey::new("1:k".to_owned()), at(31), at(500));
    store.commit(begun).await.unwrap();
    let (row, ended) = end_recording((1, &open), Audio::default(), at(40)).unwrap();
    store.commit(ended).await.unwrap();
    let all = ContactQuery::default;
    for (query, expected) in [
        (ContactQuery { from: Some(at(20)), ..all() }, vec![taped, other_line]),
        (ContactQuery { to: Some(at(20)), ..all() }, vec![refund]),
        (ContactQuery { agent: Some(agent.id), ..all() }, vec![refund]),
        (ContactQuery { line: Some("8123".to_owned()), ..all() }, vec![other_line]),
        (ContactQuery { service: Some(Service::Refunds), ..all() }, vec![refund]),
        (ContactQuery { service: Some(Service::Freeze), ..all() }, vec![]),
        (ContactQuery { recorded: true, ..all() }, vec![taped]),
        (ContactQuery { held: true, ..all() }, vec![]),
    ] {
        assert_eq!(found(&store, query.clone(), &compliance).await, expected, "{query:?}");
    }
    let word = HoldWord { by: compliance.id, at: at(50), reason: "a claim".to_owned() };
    store.commit(row.place_hold(2, Role::Compliance, word).unwrap()).await.unwrap();
    assert_eq!(found(&store, ContactQuery { held: true, ..all() }, &compliance).await, [taped]);
    let record = store.contact(taped).await.unwrap().unwrap();
    assert!(record.held && record.recording == Some(row.id));
    assert!(found(&store, ContactQuery { recorded: true, ..all() }, &agent).await.is_empty(), "not theirs");
}
