//! One agent through a working day.

use super::*;
use crate::kernel::actor::Role;

const PATIENCE: Patience = Patience {
    desk_silence: Span::from_s(12),
    desk_grace: Span::from_s(20),
    missed_max: 2,
    wrap_up_max: Span::from_s(60),
    wrap_up_phone: Span::from_s(5),
    phone_rest: Span::from_s(120),
    absent_max: Span::from_s(1_800),
};

const fn s(s: u64) -> Mono {
    Mono(s * 1_000_000)
}

fn staff(role: Role) -> Staff {
    Staff {
        id: StaffId::from(1),
        user: "agent1".to_owned(),
        number: "1024".to_owned(),
        role,
        languages: vec![Language::En],
        skills: vec!["general".to_owned()],
        password_hash: None,
        teams: Teams::default(),
        sip_ha1: None,
    }
}

fn agent() -> Agent {
    Agent::new(staff(Role::Agent), PATIENCE)
}

fn ready_at_desk() -> Agent {
    let mut agent = agent();
    agent.desk_heard(s(0));
    assert_eq!(agent.ask(s(0), PresenceState::Ready), Some(None));
    agent
}

fn ready_by_phone() -> Agent {
    let mut agent = agent();
    agent.phone_registered(s(0));
    agent
}

fn contact() -> ContactId {
    ContactId::from(7)
}

#[test]
fn a_desk_comes_unready_and_a_phone_alone_is_ready() {
    let mut desk = agent();
    desk.desk_heard(s(0));
    assert_eq!(desk.presence(), PresenceState::NotReady(Reason::System));
    assert!(!desk.is_available());
    assert!(ready_at_desk().is_available());
    let phone = ready_by_phone();
    assert_eq!(phone.presence(), PresenceState::Ready);
    assert!(phone.is_available());
}

#[test]
fn a_phone_beside_a_desk_changes_nothing_but_where_it_rings() {
    let mut agent = agent();
    agent.desk_heard(s(0));
    agent.phone_registered(s(1));
    assert_eq!(agent.presence(), PresenceState::NotReady(Reason::System));
    agent.phone_unregistered();
    assert_eq!(agent.presence(), PresenceState::NotReady(Reason::System));
}

#[test]
fn ready_without_a_desk_or_phone_gets_no_offers_and_runs_out() {
    let mut agent = agent();
    assert_eq!(agent.ask(s(0), PresenceState::Ready), Some(None));
    assert!(!agent.is_available());
    assert_eq!(agent.deadline(), Some(s(20)));
    assert_eq!(agent.elapse(s(20)), []);
    assert_eq!(agent.presence(), PresenceState::NotResponding);
    assert_eq!(agent.deadline(), Some(s(1_820)));
    agent.elapse(s(1_820));
    assert_eq!(agent.presence(), PresenceState::LoggedOut);
    assert_eq!(agent.deadline(), None);
}

#[test]
fn a_silent_desk_is_lost_and_a_soon_beat_brings_the_agent_back() {
    let mut agent = ready_at_desk();
    assert_eq!(agent.elapse(s(12)), [Elapsed::DeskLost]);
    assert_eq!(agent.presence(), PresenceState::NotResponding);
    agent.desk_heard(s(18));
    assert!(agent.is_available());
    agent.elapse(s(30));
    agent.desk_heard(s(60));
    assert_eq!(agent.presence(), PresenceState::NotResponding, "after so long the agent has to ask");
    assert_eq!(agent.ask(s(61), PresenceState::Ready), Some(None));
    assert!(agent.is_available());
}

#[test]
fn a_lost_desk_leaves_a_registered_phone_at_work() {
    let mut agent = ready_at_desk();
    agent.phone_registered(s(1));
    agent.desk_closed(s(2));
    assert!(agent.is_available(), "the phone rings on");
    agent.elapse(s(22));
    assert_eq!(agent.presence(), PresenceState::Ready);
    agent.phone_unregistered();
    assert_eq!(agent.presence(), PresenceState::LoggedOut);
}

#[test]
fn two_missed_offers_in_a_row_and_a_connection_between_them() {
    let mut agent = ready_at_desk();
    agent.pass(s(1), true);
    agent.talk(contact(), true);
    agent.connected();
    agent.release(s(5));
    agent.pass(s(6), true);
    assert_eq!(agent.presence(), PresenceState::Ready);
    agent.pass(s(7), true);
    assert_eq!(agent.presence(), PresenceState::NotResponding);
}

#[test]
fn a_phone_that_missed_offers_rests_and_is_tried_again() {
    let mut agent = ready_by_phone();
    agent.pass(s(1), true);
    agent.pass(s(2), true);
    assert_eq!((agent.presence(), agent.deadline()), (PresenceState::NotResponding, Some(s(122))));
    agent.phone_registered(s(60));
    assert_eq!(agent.presence(), PresenceState::NotResponding, "a refresh is no sign of life");
    agent.elapse(s(122));
    assert_eq!(agent.presence(), PresenceState::Ready);
}

#[test]
fn a_wrap_up_is_short_without_a_desk_and_ends_by_itself() {
    for (mut agent, limit) in [(ready_at_desk(), 60), (ready_by_phone(), 5)] {
        agent.talk(contact(), false);
        agent.wrap_up(s(0), contact());
        assert_eq!(agent.presence(), PresenceState::WrapUp);
        for beat in (10..limit).step_by(10) {
            agent.desk_heard(s(beat));
        }
        assert_eq!(agent.elapse(s(limit)), [Elapsed::WrapUpOver(contact())]);
        assert_eq!((agent.presence(), agent.idle_since()), (PresenceState::Ready, s(limit)));
    }
}

#[test]
fn nothing_can_be_asked_for_during_a_call() {
    let mut agent = ready_at_desk();
    agent.ring(contact());
    assert_eq!(agent.ask(s(1), PresenceState::NotReady(Reason::Break)), None);
    agent.talk(contact(), true);
    assert_eq!(agent.ask(s(1), PresenceState::LoggedOut), None);
    agent.wrap_up(s(2), contact());
    assert_eq!(agent.ask(s(3), PresenceState::Talking), None, "nobody can ask to talk");
    assert_eq!(agent.ask(s(3), PresenceState::NotReady(Reason::Break)), Some(Some(contact())));
    assert_eq!(agent.presence(), PresenceState::NotReady(Reason::Break));
}

#[test]
fn who_takes_no_calls_any_more_finishes_the_one_at_hand() {
    let mut agent = ready_by_phone();
    agent.talk(contact(), false);
    agent.change(staff(Role::Checker));
    assert_eq!(agent.presence(), PresenceState::Talking);
    agent.release(s(9));
    assert_eq!(agent.presence(), PresenceState::LoggedOut);
    agent.phone_registered(s(10));
    agent.desk_heard(s(10));
    assert_eq!(agent.presence(), PresenceState::LoggedOut);
}
