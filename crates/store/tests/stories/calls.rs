//! Stories of contacts: written as they happen, read as they were written.

use crate::place::{Place, meddle};
use crate::rows::{at, commit, contact, id, keyed, leg, note, opened, served, wrap_up};
use walletline_core::call::{CallerIdTrust, Contact, Direction, Disposition, Fact, Leg, TimelineEntry};
use walletline_core::commit::Change;
use walletline_core::kernel::ids::StaffId;
use walletline_core::kernel::pii::Pii;
use walletline_store::CommitError;

pub(crate) async fn a_contact_lives_and_is_found(place: &Place) {
    let store = place.open().await;
    let (agent, first) = (id::<StaffId>(), contact(0));
    let caller_leg = leg(&first);
    assert_eq!(store.contact(first.id).await.unwrap(), None);

    store.commit(opened(&first, &caller_leg)).await.unwrap();
    let record = store.contact(first.id).await.unwrap().unwrap();
    assert_eq!((record.contact, record.version, record.legs), (first.clone(), 1, vec![caller_leg.clone()]));
    assert_eq!(record.wrap_up, None);

    let agent_leg = Leg {
        id: id(),
        direction: Direction::Outbound,
        agent: Some(agent),
        outside: None,
        codec: "opus".to_owned(),
        encryption: "dtls_srtp".to_owned(),
        started_at: at(30),
        dialog: None,
        ..caller_leg.clone()
    };
    let outside = Some("bank".to_owned());
    let outside_leg = Leg { id: id(), agent: None, outside, started_at: at(40), ..agent_leg.clone() };
    let ended_leg = Leg {
        packets: 4_321,
        lost: 7,
        jitter_ms: 1.5,
        round_trip_ms: Some(38.5),
        mos: Some(4.25),
        ended_at: Some(at(90)),
        cause: Some("remote_hangup".to_owned()),
        ..caller_leg.clone()
    };
    let ended = served(first.clone(), agent);
    let changes = vec![
        Change::Contact(1, Box::new(ended.clone())),
        Change::Leg(0, Box::new(agent_leg.clone())),
        Change::Leg(0, Box::new(outside_leg.clone())),
        Change::Leg(1, Box::new(ended_leg.clone())),
    ];
    store.commit(commit("contact.ended", first.id, changes)).await.unwrap();
    let closing = wrap_up(first.id, agent, Disposition::RefundRequested);
    store.commit(commit("contact.wrapped_up", first.id, vec![Change::WrapUp(0, closing.clone())])).await.unwrap();

    let record = store.contact(first.id).await.unwrap().unwrap();
    assert_eq!((record.contact, record.version, record.legs), (ended, 2, vec![ended_leg, agent_leg, outside_leg]));
    assert_eq!(record.wrap_up, Some((1, closing)));
}

pub(crate) async fn lists_are_newest_first_and_an_agent_sees_their_own(place: &Place) {
    let store = place.open().await;
    let (anna, ben) = (id::<StaffId>(), id::<StaffId>());
    let mut all = Vec::new();
    for s in 0..20 {
        let mut one = contact(s);
        one.agents = match s % 4 {
            0 => vec![anna],
            1 => vec![ben, anna],
            2 => vec![ben],
            _ => vec![],
        };
        store.commit(opened(&one, &leg(&one))).await.unwrap();
        all.push(one);
    }
    all.reverse();
    let listed = store.contacts(None, 100).await.unwrap();
    assert!(listed.iter().all(|record| record.legs.len() == 1 && record.legs[0].contact == record.contact.id));
    assert_eq!(listed.into_iter().map(|record| record.contact).collect::<Vec<_>>(), all);

    let newest: Vec<Contact> = store.contacts(None, 3).await.unwrap().into_iter().map(|record| record.contact).collect();
    assert_eq!(newest, all[..3]);

    let of_anna: Vec<Contact> = store.contacts(Some(anna), 7).await.unwrap().into_iter().map(|record| record.contact).collect();
    let expected: Vec<Contact> = all.iter().filter(|one| one.agents.contains(&anna)).take(7).cloned().collect();
    assert_eq!((of_anna.len(), of_anna), (7, expected));
    assert!(store.contacts(Some(id()), 7).await.unwrap().is_empty());
}

pub(crate) async fn an_export_pages_through_every_contact_once(place: &Place) {
    let store = place.open().await;
    let mut all = Vec::new();
    for n in 0..40 {
        // Ten at each second: the page breaks fall between contacts of the same moment.
        let one = contact(n / 10);
        store.commit(opened(&one, &leg(&one))).await.unwrap();
        all.push(one);
    }
    all.sort_by_key(|one| (one.opened_at, one.id));
    let expected: Vec<Contact> = all.iter().filter(|one| one.opened_at >= at(1) && one.opened_at < at(3)).cloned().collect();
    let mut found: Vec<Contact> = Vec::new();
    loop {
        let page = store.contacts_between(at(1), at(3), found.last(), 7).await.unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 7 && found.len() < expected.len());
        found.extend(page.into_iter().map(|record| record.contact));
    }
    assert_eq!((found.len(), found), (20, expected));
}

pub(crate) async fn a_timeline_is_read_in_order(place: &Place) {
    let store = place.open().await;
    let one = contact(0);
    store.commit(opened(&one, &leg(&one))).await.unwrap();
    // What was said is written when it has ended, after the key that interrupted it.
    let said = Fact::Said {
        asset: "main_menu".to_owned(),
        language: walletline_core::kernel::language::Language::ZhCn,
        words: "账户请按一".to_owned(),
        started_at: at(5),
        ended_at: at(8),
        interrupted_by: Some("key".to_owned()),
    };
    let lines = [
        keyed(1, 8, "2"),
        TimelineEntry { seq: 2, at: at(5), fact: said },
        TimelineEntry { seq: 3, at: at(8), fact: Fact::Queued { queue: "jinqiao".to_owned(), position: 3 } },
    ];
    let changes = lines.iter().map(|line| Change::Timeline(one.id, line.clone())).collect();
    store.commit(commit("contact.listened", one.id, changes)).await.unwrap();
    let read = store.timeline(one.id).await.unwrap();
    assert_eq!(read, [keyed(0, 0, "1"), lines[1].clone(), lines[0].clone(), lines[2].clone()]);

    let again = commit("contact.listened", one.id, vec![Change::Timeline(one.id, keyed(1, 9, "3"))]);
    assert!(matches!(store.commit(again).await, Err(CommitError::Conflict(row)) if row.contains("line 1")));
    assert_eq!(store.timeline(one.id).await.unwrap(), read);
    assert!(store.timeline(id()).await.unwrap().is_empty());
}

pub(crate) async fn notes_and_wrap_ups_have_versions(place: &Place) {
    let store = place.open().await;
    let (one, anna, ben) = (contact(0), id::<StaffId>(), id::<StaffId>());
    store.commit(opened(&one, &leg(&one))).await.unwrap();
    let write = |version, agent, text| commit("note.saved", one.id, vec![Change::Note(version, note(one.id, agent, text))]);
    store.commit(write(0, anna, "first")).await.unwrap();
    store.commit(write(1, anna, "second, 说明")).await.unwrap();
    store.commit(write(0, ben, "mine")).await.unwrap();
    for stale in [0, 1, 3] {
        assert!(matches!(store.commit(write(stale, anna, "stale")).await, Err(CommitError::Conflict(_))), "{stale}");
    }
    let (version, kept) = store.note(one.id, anna).await.unwrap().unwrap();
    assert_eq!((version, kept.text.expose().as_str()), (2, "second, 说明"));
    let mut agents: Vec<StaffId> = store.notes(one.id).await.unwrap().into_iter().map(|(_, note)| note.agent).collect();
    agents.sort();
    assert_eq!(agents, [anna, ben]);
    assert_eq!(store.note(one.id, id()).await.unwrap(), None);

    let close = |version, code| commit("contact.wrapped_up", one.id, vec![Change::WrapUp(version, wrap_up(one.id, anna, code))]);
    store.commit(close(0, Disposition::InfoOnly)).await.unwrap();
    assert!(matches!(store.commit(close(0, Disposition::Complaint)).await, Err(CommitError::Conflict(_))));
    store.commit(close(1, Disposition::Complaint)).await.unwrap();
    let record = store.contact(one.id).await.unwrap().unwrap();
    assert_eq!(record.wrap_up, Some((2, wrap_up(one.id, anna, Disposition::Complaint))));
    // A wrap-up stands beside the contact and changes nothing in it.
    assert_eq!((record.contact, record.version), (one, 1));
}

pub(crate) async fn what_a_database_dislikes_is_kept_readable(place: &Place) {
    let store = place.open().await;
    let mut one = contact(0);
    one.caller = Pii::new("a\0b' OR 1=1; -- \u{202E}\"$1\" 😀".to_owned());
    let odd = Leg { jitter_ms: f64::NAN, mos: Some(f64::NAN), packets: u64::MAX, cause: Some("c\0d".to_owned()), ..leg(&one) };
    store.commit(opened(&one, &odd)).await.unwrap();
    let record = store.contact(one.id).await.unwrap().unwrap();
    assert_eq!(record.contact.caller.expose(), "a\u{FFFD}b' OR 1=1; -- \u{202E}\"$1\" 😀");
    assert_eq!(record.legs[0].cause.as_deref(), Some("c\u{FFFD}d"));
    assert_eq!((record.legs[0].packets, record.legs[0].jitter_ms), (u64::MAX, 0.0));
}

pub(crate) async fn a_contact_of_an_older_program_is_read(place: &Place) {
    let store = place.open().await;
    let old = contact(0);
    store.commit(opened(&old, &leg(&old))).await.unwrap();
    let forget = "UPDATE contact SET details = replace(details, '\"caller_id\":\"none\",\"risk\":[],\"case\":null,', '') WHERE details LIKE '%\"risk\":[],%'";
    meddle(place, forget).await;
    assert_eq!(store.contact(old.id).await.unwrap().unwrap().contact, old);

    let known = Contact {
        caller_id: CallerIdTrust::Failed,
        risk: vec!["sim_swapped".to_owned()],
        case: Some("R123456782".to_owned()),
        ..old
    };
    store.commit(commit("contact.changed", known.id, vec![Change::Contact(1, Box::new(known.clone()))])).await.unwrap();
    assert_eq!(store.contact(known.id).await.unwrap().unwrap().contact, known);
}
