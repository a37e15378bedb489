//! The shipped rows against the house's table, and what a signal makes of a factor.

use super::*;

const HOUR: i64 = 3_600_000_000;
const NOW: Wall = Wall(1_000 * HOUR);

fn signals(all: &[Signal]) -> BTreeSet<Signal> {
    all.iter().copied().collect()
}

#[test]
fn every_act_has_the_level_of_the_table_and_every_row_a_source() {
    let ladder = Ladder::default();
    for (act, level) in [
        (Protected::PublicFacts, Level::A0),
        (Protected::Report, Level::A0),
        (Protected::Freeze, Level::A1),
        (Protected::SendLink, Level::A1),
        (Protected::TransactionStatus, Level::A2),
        (Protected::Greeting, Level::A2),
        (Protected::RevokeSessions, Level::A2),
        (Protected::ResetPassword, Level::A2),
        (Protected::UnlockFailedLogins, Level::A2),
        (Protected::RequestRefund, Level::A2),
        (Protected::ReadProfile, Level::A3),
        (Protected::UnlockFraud, Level::A3),
        (Protected::EnrolFactor, Level::A3),
        (Protected::CloseAccount, Level::A3),
        (Protected::ExportData, Level::A3),
        (Protected::ReplaceFactor, Level::A4),
        (Protected::ChangeAddress, Level::A4),
    ] {
        assert_eq!(ladder.needs(act), level, "{act:?}");
    }
    assert_eq!(ladder.acts.len(), 17);
    assert!(ladder.acts.values().all(|rule| !rule.source.is_empty()));
    assert!(ladder.factors.values().all(|rule| !rule.source.is_empty()));
    assert!(Signal::ALL.iter().all(|signal| ladder.signals.get(signal).is_some_and(|rule| !rule.source.is_empty())));
    let nothing = Ladder { acts: BTreeMap::new(), ..ladder };
    assert_eq!(nothing.needs(Protected::PublicFacts), Level::A4, "what is not listed is not given away");
}

#[test]
fn what_happened_lately_counts_and_what_is_dated_in_the_future_too() {
    let ladder = Ladder::default();
    let sim = |at| Signals { sim_changed_at: Some(at), ..Signals::default() };
    for (known, found) in [
        (Signals::default(), &[][..]),
        (sim(NOW), &[Signal::SimSwap]),
        (sim(Wall(NOW.0 - 24 * HOUR)), &[Signal::SimSwap]),
        (sim(Wall(NOW.0 - 240 * HOUR)), &[Signal::SimSwap]),
        (sim(Wall(NOW.0 - 240 * HOUR - 1)), &[]),
        (sim(Wall(NOW.0 + HOUR)), &[Signal::SimSwap]),
        (Signals { device_bound_at: Some(Wall(NOW.0 - 72 * HOUR)), ..Signals::default() }, &[Signal::YoungDevice]),
        (Signals { device_bound_at: Some(Wall(NOW.0 - 73 * HOUR)), ..Signals::default() }, &[]),
        (Signals { recovered_at: Some(NOW), ..Signals::default() }, &[Signal::RecentRecovery]),
        (Signals { call_forwarding: true, ..Signals::default() }, &[Signal::CallForwarding]),
    ] {
        assert_eq!(ladder.found(&known, NOW), signals(found), "{known:?}");
    }
}

#[test]
fn a_suspect_phone_makes_its_codes_worth_nothing_and_others_go_on() {
    let ladder = Ladder::default();
    for signal in [Signal::SimSwap, Signal::CallForwarding, Signal::YoungDevice, Signal::RecentRecovery] {
        let against = signals(&[signal]);
        for (shown, level) in
            [(&[Factor::SmsCode, Factor::VoiceCode][..], Level::A1), (&[Factor::SmsCode, Factor::SecondFactor], Level::A2)]
        {
            assert_eq!(ladder.level(Level::A1, shown.iter().copied(), &against), level, "{signal:?} {shown:?}");
        }
        assert_eq!(ladder.against(Factor::SmsCode, &against), Some(signal));
        assert_eq!(ladder.against(Factor::SecondFactor, &against), None);
    }
    let off_the_phone = [Factor::SecondFactor, Factor::AppTransfer];
    assert_eq!(ladder.level(Level::A1, off_the_phone, &signals(&[Signal::SimSwap])), Level::A3);
}

#[test]
fn a_caller_who_is_suspect_reaches_less_however_much_is_shown() {
    let ladder = Ladder::default();
    let all = [Factor::SmsCode, Factor::SecondFactor, Factor::AppTransfer];
    for (signal, level) in [(Signal::CallerIdFailed, Level::A2), (Signal::Velocity, Level::A2), (Signal::Pressure, Level::A1)] {
        assert_eq!(ladder.level(Level::A1, all, &signals(&[signal])), level, "{signal:?}");
    }
}
