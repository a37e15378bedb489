//! Stories of staff: who they are, how they come in, and where they can be reached.

use crate::place::Place;
use crate::rows::{T0, at, commit, id, staff};
use walletline_core::agent::{
    Authenticator, Certificate, CertificateKind, Certificates, LoginLink, Offered, Passkey, PresenceRow, PresenceState, Reason,
    SecondFactor, Secret, Session, Shown, SipBinding,
};
use walletline_core::call::{LookUp, Review};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::{actor::Actor, ids::StaffId, pii::Pii, time::Wall};
use walletline_store::{CommitError, SessionFound};

pub(crate) async fn staff_are_found_and_unique(place: &Place) {
    let store = place.open().await;
    let (anna, ben) = (staff("agent1", "1024"), staff("agent2", "1025"));
    for person in [&anna, &ben] {
        store.commit(commit("staff.added", person.id, vec![Change::Staff(0, Box::new(person.clone()))])).await.unwrap();
    }
    assert_eq!(store.staff().await.unwrap(), [(1, anna.clone()), (1, ben.clone())]);
    assert_eq!(store.staff_by_user("agent2").await.unwrap(), Some((1, ben.clone())));
    assert_eq!(store.staff_by_user("agent3").await.unwrap(), None);

    let mut changed = anna.clone();
    changed.password_hash = None;
    changed.sip_ha1 = Some(Secret::new("0123456789abcdef".to_owned()));
    store.commit(commit("staff.changed", anna.id, vec![Change::Staff(1, Box::new(changed.clone()))])).await.unwrap();
    assert_eq!(store.staff_by_user("agent1").await.unwrap(), Some((2, changed)));

    // Neither a user name nor a number is given twice, to someone new or to someone known.
    let mut taken = vec![(0, staff("agent1", "1026")), (0, staff("agent4", "1024"))];
    taken.push((1, walletline_core::agent::Staff { number: "1024".to_owned(), ..ben.clone() }));
    for (version, person) in taken {
        let refused = store.commit(commit("staff.changed", person.id, vec![Change::Staff(version, Box::new(person))])).await;
        assert!(matches!(refused, Err(CommitError::Conflict(_))), "{refused:?}");
    }
    assert_eq!(store.staff().await.unwrap().len(), 2);
}

/// A session after a password.
fn session(token_hash: &str, staff: StaffId, expires_at: Wall) -> Session {
    Session { id: id(), token_hash: token_hash.to_owned(), staff, expires_at, shown: Shown::Password, shown_at: T0 }
}

/// A store with one member of staff.
async fn with_agent(place: &Place) -> (walletline_store::Store, walletline_core::agent::Staff) {
    let store = place.open().await;
    let anna = staff("agent1", "1024");
    store.commit(commit("staff.added", anna.id, vec![Change::Staff(0, Box::new(anna.clone()))])).await.unwrap();
    (store, anna)
}

pub(crate) async fn a_session_opens_and_ends(place: &Place) {
    let (store, anna) = with_agent(place).await;
    let session = session("hash of a token", anna.id, at(3_600));
    assert_eq!(store.session(&session.token_hash).await.unwrap(), None);
    store.commit(commit("session.opened", anna.id, vec![Change::SessionOpened(session.clone())])).await.unwrap();
    let found = SessionFound { session: session.clone(), staff: anna.clone(), has_authenticator: false, has_passkey: false };
    assert_eq!(store.session(&session.token_hash).await.unwrap(), Some(found));
    let twice = store.commit(commit("session.opened", anna.id, vec![Change::SessionOpened(session.clone())])).await;
    assert!(matches!(twice, Err(CommitError::Conflict(_))));

    store.commit(commit("session.ended", anna.id, vec![Change::SessionEnded(session.token_hash.clone())])).await.unwrap();
    assert_eq!(store.session(&session.token_hash).await.unwrap(), None);

    let nobody = Session { id: id(), staff: id(), ..session };
    let refused = store.commit(commit("session.opened", nobody.staff, vec![Change::SessionOpened(nobody)])).await;
    assert!(matches!(refused, Err(CommitError::Conflict(_))), "{refused:?}");
}

pub(crate) async fn a_login_link_is_used_once_even_by_two_at_once(place: &Place) {
    let (store, anna) = with_agent(place).await;
    let other = place.open().await;
    for round in 0..10 {
        let link = LoginLink { token_hash: format!("link {round}"), staff: anna.id, expires_at: at(3_600) };
        store.commit(commit("login_link.made", anna.id, vec![Change::LoginLinkMade(link.clone())])).await.unwrap();
        assert_eq!(store.login_link(&link.token_hash).await.unwrap(), Some((link.clone(), 1, anna.clone())));

        let use_it = || commit("login_link.used", anna.id, vec![Change::LoginLinkUsed(link.token_hash.clone())]);
        let (a, b, c) = tokio::join!(store.commit(use_it()), other.commit(use_it()), store.commit(use_it()));
        let used = [&a, &b, &c].into_iter().filter(|outcome| outcome.is_ok()).count();
        let refused = [&a, &b, &c].into_iter().filter(|outcome| matches!(outcome, Err(CommitError::Conflict(_)))).count();
        assert_eq!((used, refused), (1, 2), "{a:?} {b:?} {c:?}");
        assert_eq!(store.login_link(&link.token_hash).await.unwrap(), None);
    }
}

pub(crate) async fn what_ran_out_is_forgotten_when_the_next_is_made(place: &Place) {
    let (store, anna) = with_agent(place).await;
    let by = |now: Wall, change| Commit::new(Entry::new(now, Actor::System, "session.opened", anna.id), vec![change]);
    let session = |hash: &str, expires_at| session(hash, anna.id, expires_at);
    let link = |hash: &str, expires_at| LoginLink { token_hash: hash.to_owned(), staff: anna.id, expires_at };
    for (hash, expires_at) in [("short", at(10)), ("long", at(1_000))] {
        store.commit(by(T0, Change::SessionOpened(session(hash, expires_at)))).await.unwrap();
        store.commit(by(T0, Change::LoginLinkMade(link(hash, expires_at)))).await.unwrap();
    }
    // Running out is for whoever has a clock: until then both are there.
    assert!(store.session("short").await.unwrap().is_some() && store.login_link("short").await.unwrap().is_some());
    store.commit(by(at(11), Change::SessionOpened(session("new", at(2_000))))).await.unwrap();
    store.commit(by(at(11), Change::LoginLinkMade(link("new", at(2_000))))).await.unwrap();
    for (hash, there) in [("short", false), ("long", true), ("new", true)] {
        assert_eq!(store.session(hash).await.unwrap().is_some(), there, "{hash}");
        assert_eq!(store.login_link(hash).await.unwrap().is_some(), there, "{hash}");
    }
}

pub(crate) async fn phones_and_presence_are_kept(place: &Place) {
    let (store, anna) = with_agent(place).await;
    let binding = |contact: &str, s| SipBinding { staff: anna.id, binding: contact.to_owned(), expires_at: at(s) };
    for bound in [binding("sip:a@127.0.0.1:5070", 60), binding("sip:a@127.0.0.1:5071", 120)] {
        store.commit(commit("phone.bound", anna.id, vec![Change::PhoneBound(bound.clone())])).await.unwrap();
        assert_eq!(store.sip_bindings().await.unwrap(), [bound]);
    }
    store.commit(commit("phone.unbound", anna.id, vec![Change::PhoneUnbound(anna.id)])).await.unwrap();
    assert!(store.sip_bindings().await.unwrap().is_empty());

    let states = [PresenceState::Ready, PresenceState::NotReady(Reason::Meal), PresenceState::LoggedOut];
    let mut history: Vec<PresenceRow> =
        states.into_iter().zip(1..).map(|(state, s)| PresenceRow { agent: anna.id, state, at: at(s) }).collect();
    for row in &history {
        store.commit(commit("presence.changed", anna.id, vec![Change::Presence(row.clone())])).await.unwrap();
    }
    history.reverse();
    assert_eq!(store.presence(anna.id, 10).await.unwrap(), history);
    assert_eq!(store.presence(anna.id, 1).await.unwrap(), history[..1]);
    assert!(store.presence(id::<StaffId>(), 10).await.unwrap().is_empty());
}

pub(crate) async fn no_message_holds_what_a_row_holds(place: &Place) {
    let (store, anna) = with_agent(place).await;
    let ben = staff("very-private-name", "1025");
    store.commit(commit("staff.added", ben.id, vec![Change::Staff(0, Box::new(ben.clone()))])).await.unwrap();
    let taken = walletline_core::agent::Staff { user: ben.user.clone(), ..anna.clone() };
    let refused = store.commit(commit("staff.changed", anna.id, vec![Change::Staff(1, Box::new(taken))])).await.unwrap_err();
    assert!(matches!(&refused, CommitError::Conflict(row) if row.contains("staff")), "{refused}");
    assert!(!format!("{refused} {refused:?}").contains("private"), "{refused}");
}

pub(crate) async fn a_certificate_is_replaced_and_two_do_not_write_over_each_other(place: &Place) {
    let (store, anna) = with_agent(place).await;
    assert_eq!(store.certificates_of(anna.id).await.unwrap(), Certificates::default());
    let first = Certificate {
        staff: anna.id,
        kind: CertificateKind::RefundMaker,
        score: 80,
        issued_at: T0,
        expires_at: at(3_600),
        revoked_at: None,
    };
    let write = |version, row| commit("certificate.refund-maker.granted", anna.id, vec![Change::Certificate(version, row)]);
    store.commit(write(0, first)).await.unwrap();
    let second = Certificate { score: 95, expires_at: at(7_200), revoked_at: Some(at(60)), ..first };
    for stale in [0, 2] {
        let refused = store.commit(write(stale, second)).await;
        assert!(matches!(refused, Err(CommitError::Conflict(_))), "{refused:?}");
    }
    assert_eq!(store.certificate(anna.id, first.kind).await.unwrap(), Some((1, first)));
    store.commit(write(1, second)).await.unwrap();
    assert_eq!(store.certificate(anna.id, first.kind).await.unwrap(), Some((2, second)));
    let other = Certificate { kind: CertificateKind::Privacy, ..first };
    store.commit(write(0, other)).await.unwrap();
    assert_eq!(store.certificates_of(anna.id).await.unwrap(), Certificates::new(vec![other, second]));
    assert_eq!(store.certificates().await.unwrap(), [other, second]);
    assert_eq!(store.certificate(anna.id, CertificateKind::Complaints).await.unwrap(), None);
    let nobodys = store.commit(write(0, Certificate { staff: id(), ..first })).await;
    assert!(matches!(nobodys, Err(CommitError::Conflict(_))), "{nobodys:?}");
}

pub(crate) async fn a_session_changes_its_token_once_and_all_of_somebody_end(place: &Place) {
    let (store, anna) = with_agent(place).await;
    let ben = staff("agent2", "1025");
    store.commit(commit("staff.added", ben.id, vec![Change::Staff(0, Box::new(ben.clone()))])).await.unwrap();
    let first = session("first", anna.id, at(60));
    let open = |row: &Session| commit("session.opened", row.staff, vec![Change::SessionOpened(row.clone())]);
    store.commit(open(&first)).await.unwrap();
    store.commit(open(&session("ben's", ben.id, at(60)))).await.unwrap();
    let renew = |token: &str| {
        let row = Session { token_hash: token.to_owned(), shown: Shown::Code, shown_at: at(5), ..first.clone() };
        let changes = vec![Change::SessionEnded(first.token_hash.clone()), Change::SessionOpened(row)];
        commit("session.confirmed", anna.id, changes)
    };
    store.commit(renew("second")).await.unwrap();
    // Whoever renews the token from before as well finds that the session goes on elsewhere.
    let twice = store.commit(renew("third")).await;
    assert!(matches!(twice, Err(CommitError::Conflict(_))), "{twice:?}");
    assert_eq!(store.session("first").await.unwrap(), None);
    assert_eq!(store.session("third").await.unwrap(), None);
    let found = store.session("second").await.unwrap().unwrap().session;
    assert_eq!((found.id, found.shown, found.shown_at), (first.id, Shown::Code, at(5)));
    store.commit(commit("second_factor.reset", anna.id, vec![Change::SessionsEnded(anna.id)])).await.unwrap();
    assert_eq!(store.session("second").await.unwrap(), None);
    assert!(store.session("ben's").await.unwrap().is_some());
}

pub(crate) async fn a_second_factor_is_kept_and_a_code_of_it_taken_once_by_two_at_once(place: &Place) {
    let (store, anna) = with_agent(place).await;
    let other = place.open().await;
    assert_eq!(store.second_factor(anna.id).await.unwrap(), (0, SecondFactor::none(anna.id)));
    store.commit(commit("session.opened", anna.id, vec![Change::SessionOpened(session("s", anna.id, at(60)))])).await.unwrap();
    let secret = |text: &str| Secret::new(text.to_owned());
    let factor = SecondFactor {
        staff: anna.id,
        authenticator: Some(Authenticator { seed: secret("sealed"), since: T0, step: 59_000_000 }),
        passkeys: vec![Passkey {
            id: "abc".to_owned(),
            name: "手机".to_owned(),
            key: secret("sealed"),
            since: T0,
            used_at: Some(T0),
        }],
        offered: Some(Offered { seed: secret("offered"), at: at(1) }),
        recovery: vec![secret("one"), secret("two")],
        misses: 3,
        locked_until: Some(at(9)),
    };
    let write = |version, row: &SecondFactor| {
        commit("second_factor.shown", anna.id, vec![Change::SecondFactor(version, Box::new(row.clone()))])
    };
    store.commit(write(0, &factor)).await.unwrap();
    assert_eq!(store.second_factor(anna.id).await.unwrap(), (1, factor.clone()));
    assert_eq!(store.with_second_factor().await.unwrap(), [anna.id]);
    assert!(store.session("s").await.unwrap().unwrap().has_authenticator);
    let taken = SecondFactor { misses: 0, locked_until: None, offered: None, ..factor };
    let (a, b) = tokio::join!(store.commit(write(1, &taken)), other.commit(write(1, &taken)));
    assert_eq!([&a, &b].into_iter().filter(|outcome| outcome.is_ok()).count(), 1, "{a:?} {b:?}");
    store.commit(write(2, &SecondFactor::none(anna.id))).await.unwrap();
    assert_eq!(store.with_second_factor().await.unwrap(), []);
    assert!(!store.session("s").await.unwrap().unwrap().has_authenticator);
}

pub(crate) async fn a_look_up_waits_until_it_was_seen_once(place: &Place) {
    let (store, anna) = with_agent(place).await;
    let row = |s, review| LookUp {
        id: id(),
        staff: anna.id,
        contact: id(),
        reason: Pii::new("asked twice".to_owned()),
        at: at(s),
        review,
        expires_at: at(9_000),
    };
    let (later, first, live) = (row(20, Review::Waiting), row(10, Review::Waiting), row(5, Review::NotNeeded));
    let write = |version, row: &LookUp| commit("look_up.seen", row.id, vec![Change::LookUp(version, Box::new(row.clone()))]);
    for row in [&later, &first, &live] {
        store.commit(write(0, row)).await.unwrap();
    }
    assert_eq!(store.look_ups_waiting(10).await.unwrap(), [first.clone(), later.clone()]);
    assert_eq!(store.look_up(live.id).await.unwrap(), Some((1, live)));
    let seen = LookUp { review: Review::Seen { by: id(), at: at(30) }, ..first };
    let (a, b) = tokio::join!(store.commit(write(1, &seen)), store.commit(write(1, &seen)));
    assert_eq!([&a, &b].into_iter().filter(|outcome| outcome.is_ok()).count(), 1, "{a:?} {b:?}");
    assert_eq!(store.look_ups_waiting(10).await.unwrap(), [later]);
    assert_eq!(store.look_up(seen.id).await.unwrap(), Some((2, seen)));
}
