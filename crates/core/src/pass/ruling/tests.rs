//! Passes made, keyed and guessed at.

use super::*;
use crate::kernel::time::Span;

fn asked() -> Asked {
    Asked {
        wallet: "w".to_owned(),
        language: Language::En,
        topic: Topic::Status,
        transaction: Pii::new("2611 0100 0014".to_owned()),
        description: Pii::new(" It has been pending. My code is 384920. ".to_owned()),
        error_text: Pii::new("E-1\u{7}\nlimit".to_owned()),
        screenshot: None,
    }
}

fn new() -> NewPass {
    NewPass { id: 7.into(), code: PassHash::new("ab".to_owned()) }
}

fn made() -> Made {
    make(asked(), new(), 0, &PassLimits::default(), Wall(5)).unwrap()
}

fn tallies() -> Tallies {
    Tallies { caller: Some((0, Tally::new("caller:x".to_owned()))), trunk: (0, Tally::new("trunk:y".to_owned())) }
}

/// The tallies after a commit.
fn counted(commit: &Commit) -> Tallies {
    let of = |key: &str| {
        commit.changes().iter().find_map(|change| match change {
            Change::Tally(version, tally) if tally.key == key => Some((version + 1, tally.clone())),
            _ => None,
        })
    };
    Tallies { caller: of("caller:x"), trunk: of("trunk:y").unwrap() }
}

#[test]
fn a_pass_holds_what_was_written_without_its_secrets_for_a_day() {
    let Made { pass, secrets, commit } = made();
    assert_eq!(pass.told.transaction, Some(Pii::new("261101000014".to_owned())));
    assert_eq!(pass.told.description.expose(), "It has been pending. My code is •••.");
    assert_eq!(pass.told.error_text.expose(), "E-1\nlimit");
    assert_eq!(secrets, [Secret::Code]);
    assert_eq!(pass.expires_at, Wall(5) + Span::from_s(86_400));
    assert_eq!(commit.entries()[0].action, "pass.made");
    assert!(!format!("{pass:?}").contains("pending"), "personal data says nothing of itself");
}

#[test]
fn what_cannot_be_a_pass_is_refused_by_name() {
    let refused = |change: &dyn Fn(&mut Asked), live| {
        let mut asked = asked();
        change(&mut asked);
        make(asked, new(), live, &PassLimits::default(), Wall(5)).err()
    };
    let long = |chars: usize| Pii::new("字".repeat(chars));
    assert_eq!(refused(&|a| a.description = long(1_000), 0), None);
    assert_eq!(refused(&|a| a.description = long(1_001), 0), Some(NotMade::DescriptionTooLong));
    assert_eq!(refused(&|a| a.error_text = long(2_001), 0), Some(NotMade::ErrorTextTooLong));
    assert_eq!(refused(&|a| a.transaction = Pii::new("261101000015".to_owned()), 0), Some(NotMade::NotATransaction));
    assert_eq!(refused(&|a| a.transaction = Pii::new(" ".to_owned()), 0), None);
    assert_eq!(refused(&|a| a.transaction = Pii::new("０００x０１４".to_owned()), 0), Some(NotMade::NotATransaction));
    assert_eq!(refused(&|a| a.transaction = Pii::new("０００ ０１４".to_owned()), 0), None);
    assert_eq!(refused(&|_| {}, 6_000), Some(NotMade::TooMany));
}

#[test]
fn a_pass_can_be_keyed_again_and_belongs_to_the_last_contact() {
    let pass = made().pass;
    let (taken, commit) = take(Some((1, pass)), tallies(), 11.into(), &PassLimits::default(), Wall(9));
    let taken = taken.unwrap();
    assert_eq!(taken.contact, Some(11.into()));
    assert_eq!(commit.entries()[0].purpose, Some(Purpose::Service));
    let (again, _) = take(Some((2, taken)), tallies(), 12.into(), &PassLimits::default(), Wall(10));
    assert_eq!(again.unwrap().contact, Some(12.into()));
}

#[test]
fn unknown_and_expired_codes_leave_the_same_rows() {
    let pass = made().pass;
    let expired = take(Some((1, pass.clone())), tallies(), 11.into(), &PassLimits::default(), pass.expires_at);
    let unknown = take(None, tallies(), 11.into(), &PassLimits::default(), pass.expires_at);
    assert_eq!(expired, unknown);
    assert_eq!(unknown.0, None);
    assert_eq!(unknown.1.changes().len(), 2);
}

#[test]
fn guessing_ends_after_ten_codes_of_a_number_and_a_day_later_begins_anew() {
    let (pass, limits) = (made().pass, PassLimits::default());
    let mut rows = tallies();
    for _ in 0..limits.caller_daily_max {
        let (taken, commit) = take(None, rows, 11.into(), &limits, Wall(9));
        assert_eq!(taken, None);
        rows = counted(&commit);
    }
    let (taken, commit) = take(Some((1, pass.clone())), rows.clone(), 12.into(), &limits, Wall(10));
    assert_eq!(taken, None, "a right code opens nothing any more");
    assert_eq!((commit.entries()[0].action.as_str(), commit.changes().len()), ("pass.refused", 0));
    let others = Tallies { caller: None, ..rows.clone() };
    assert!(take(Some((1, pass.clone())), others, 12.into(), &limits, Wall(10)).0.is_some(), "the trunk bears more");
    let later = Wall(9) + TALLY_KEPT;
    let fresh = Pass { expires_at: later + Span::from_s(1), ..pass };
    assert!(take(Some((1, fresh)), rows, 12.into(), &limits, later).0.is_some());
}

#[test]
fn a_screenshot_is_seen_in_the_contact_that_holds_the_pass_and_on_record() {
    let pass = Pass { screenshot: Some(ImageKind::Png), contact: Some(11.into()), ..made().pass };
    let (kind, commit) = read_screenshot(&pass, 11.into(), 3.into(), Wall(9)).unwrap();
    assert_eq!((kind, commit.entries()[0].purpose), (ImageKind::Png, Some(Purpose::Service)));
    assert_eq!(read_screenshot(&pass, 12.into(), 3.into(), Wall(9)), None);
    assert_eq!(read_screenshot(&pass, 11.into(), 3.into(), pass.expires_at), None);
    assert_eq!(read_screenshot(&Pass { screenshot: None, ..pass }, 11.into(), 3.into(), Wall(9)), None);
}
