//! Codes: when one is sent, what one is worth when it comes back, and that a number without an account goes the same way.

use super::*;
use crate::identity::Signals;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
const NOW: Wall = Wall(1_000 * HOUR);

/// Rows as a store would have them, and everything that was ever committed.
struct Rows {
    account: Tally,
    caller: Tally,
    commits: Vec<Commit>,
    addressee: Option<Addressee>,
}

fn subject() -> Subject {
    Subject::new("account".to_owned())
}

fn hash(code: &str) -> CodeHash {
    CodeHash::new(format!("hash of {code}"))
}

fn registered(sim_changed_at: Option<Wall>) -> Addressee {
    Addressee {
        phone: Pii::new("+8619000000001".to_owned()),
        signals: Ladder::default().found(&Signals { sim_changed_at, ..Signals::default() }, NOW),
    }
}

fn notice() -> Errand {
    let job =
        Job::Notify { msisdn: Pii::new("+8619000000001".to_owned()), message: Message::CodesBlocked, language: Language::En };
    Errand::new(900.into(), "jinqiao".to_owned(), None, job, NOW, NOW + TALLY_KEPT)
}

impl Rows {
    fn new(addressee: Option<Addressee>) -> Self {
        let tally = |key: &str| Tally::new(key.to_owned());
        Self { account: tally("account:a"), caller: tally("caller:c"), commits: Vec::new(), addressee }
    }

    fn write(&mut self, commit: Commit) -> Vec<String> {
        for change in commit.changes() {
            match change {
                Change::Tally(_, tally) if tally.key == self.account.key => self.account = tally.clone(),
                Change::Tally(_, tally) => self.caller = tally.clone(),
                _ => {}
            }
        }
        let actions = commit.entries().iter().map(|entry| entry.action.clone()).collect();
        self.commits.push(commit);
        actions
    }

    /// Asks for a code; the challenge, and what the audit log says of it.
    fn send(&mut self, at: Wall) -> (Challenge, String) {
        let asked = Sending {
            contact: 1.into(),
            wallet: "jinqiao".to_owned(),
            subject: subject(),
            language: Language::En,
            addressee: self.addressee.clone(),
        };
        let number = 10 + self.commits.len() as u128;
        let code = Pii::new("123456".to_owned());
        let new = NewCode { challenge: number.into(), errand: number.into(), code, hash: hash("123456") };
        let rows = ((0, self.account.clone()), (0, self.caller.clone()));
        let (challenge, commit) = send_code(asked, rows.0, rows.1, new, &CodeLimits::default(), &Ladder::default(), at);
        let actions = self.write(commit);
        assert_eq!(actions.len(), 1);
        (challenge, actions[0].clone())
    }

    /// Keys a code; what it is worth, the challenge as it is now, and what the audit log says.
    fn key(&mut self, challenge: Challenge, code: &str, at: Wall) -> (Checked, Challenge, Vec<String>) {
        let account = (0, self.account.clone());
        let (checked, commit) = check_code((1, challenge), account, &hash(code), Some(notice()), &CodeLimits::default(), at);
        let challenge = commit.changes().iter().find_map(|change| match change {
            Change::Challenge(1, challenge) => Some((**challenge).clone()),
            _ => None,
        });
        (checked, challenge.unwrap(), self.write(commit))
    }

    fn messages(&self) -> usize {
        let changes = self.commits.iter().flat_map(Commit::changes);
        changes.filter(|change| matches!(change, Change::Errand(..))).count()
    }
}

/// The rows a commit writes, without their values.
fn shape(commit: &Commit) -> Vec<String> {
    let name = |change: &Change| match change {
        Change::Challenge(version, _) => Some(format!("challenge {version}")),
        Change::Tally(version, tally) => Some(format!("{} {version}, {} ticks", tally.key, tally.ticks.len())),
        // What leaves the house, and the row that tells of it: nobody on the line waits for either.
        Change::Errand(..) | Change::Delivery(0, _) => None,
        other => panic!("{other:?}"),
    };
    commit.changes().iter().filter_map(name).collect()
}

#[test]
fn a_code_is_sent_once_to_the_registered_phone_and_passes_once() {
    let mut rows = Rows::new(Some(registered(None)));
    let (challenge, action) = rows.send(NOW);
    assert_eq!((action.as_str(), challenge.counts, rows.messages()), ("code.sent", true, 1));
    let (checked, challenge, actions) = rows.key(challenge, "123456", NOW + Span::from_s(5));
    assert_eq!((checked, challenge.state, actions), (Checked::Right, ChallengeState::Passed, vec!["code.passed".to_owned()]));
    let (again, ..) = rows.key(challenge, "123456", NOW + Span::from_s(6));
    assert_eq!(again, Checked::Wrong, "a code passes once");
}

#[test]
fn a_code_is_good_for_ten_minutes() {
    for (after, checked) in [(600_u64, Checked::Right), (601, Checked::Wrong)] {
        let mut rows = Rows::new(Some(registered(None)));
        let (challenge, _) = rows.send(NOW);
        assert_eq!(rows.key(challenge, "123456", NOW + Span::from_s(after)).0, checked, "after {after} s");
    }
}

/// How many codes are sent when one is asked for at each of these times, and when the first one is not.
fn sent(at: impl IntoIterator<Item = i64>) -> (usize, Option<i64>) {
    let (mut rows, mut refused) = (Rows::new(Some(registered(None))), None);
    for at in at {
        let (challenge, action) = rows.send(Wall(NOW.0 + at));
        if action == "code.refused" {
            assert!(!challenge.counts);
            refused = refused.or(Some(at));
        }
    }
    (rows.messages(), refused)
}

#[test]
fn codes_to_one_account_have_a_pause_and_are_bounded_by_hour_and_day() {
    assert_eq!(sent([0, 60 * SECOND - 1, 60 * SECOND]), (2, Some(60 * SECOND - 1)), "one in a minute");
    let every_two_minutes = (0..40).map(|n| n * 120 * SECOND);
    assert_eq!(sent(every_two_minutes.take(30)), (5, Some(600 * SECOND)), "five in an hour");
    assert_eq!(sent([0, 61, 122, 183, 244, 3_599, 3_600].map(|s| s * SECOND)).0, 6, "the hour moves on");
    assert_eq!(sent((0..23).map(|n| n * HOUR)), (10, Some(10 * HOUR)), "ten in a day");
    assert_eq!(sent((0..25).map(|n| n * HOUR)).0, 11, "the day moves on");
}

#[test]
fn one_calling_number_gets_twenty_codes_a_day() {
    let mut rows = Rows::new(Some(registered(None)));
    for n in 0..25 {
        rows.account = Tally::new("account:a".to_owned());
        let (_, action) = rows.send(Wall(NOW.0 + n * 61 * SECOND));
        assert_eq!(action, if n < 20 { "code.sent" } else { "code.refused" }, "code {n}");
    }
    let (_, action) = rows.send(Wall(NOW.0 + 24 * HOUR));
    assert_eq!(action, "code.sent", "the first of the twenty is a day old");
}

#[test]
fn one_code_is_tried_five_times() {
    let mut rows = Rows::new(Some(registered(None)));
    let (mut challenge, _) = rows.send(NOW);
    for tries in 1..=5 {
        // The limit of the account is another test's.
        rows.account = Tally::new("account:a".to_owned());
        challenge = rows.key(challenge, "000000", NOW).1;
        let state = if tries < 5 { ChallengeState::Open } else { ChallengeState::Failed };
        assert_eq!((challenge.wrong, challenge.state), (tries, state));
    }
    rows.account = Tally::new("account:a".to_owned());
    assert_eq!(rows.key(challenge, "123456", NOW).0, Checked::Wrong);
}

#[test]
fn five_wrong_codes_over_all_contacts_block_an_account_for_a_day_with_one_notice() {
    let mut rows = Rows::new(Some(registered(None)));
    let mut blocked = Vec::new();
    for n in 0..7 {
        let (challenge, _) = rows.send(Wall(NOW.0 + n * 2 * HOUR));
        let at = Wall(NOW.0 + n * 2 * HOUR + SECOND);
        let (_, _, actions) = rows.key(challenge, "000000", at);
        blocked.extend(actions.iter().filter(|action| *action == "codes.blocked").map(|_| n));
    }
    assert_eq!(blocked, [4], "at the fifth, once");
    let notices = rows.commits.iter().flat_map(Commit::changes).filter(|change| {
        matches!(change, Change::Errand(_, errand) if matches!(errand.job, Job::Notify { message: Message::CodesBlocked, .. }))
    });
    assert_eq!(notices.count(), 1);
    let blocked_at = NOW.0 + 8 * HOUR + SECOND;
    assert_eq!(rows.send(Wall(blocked_at + 24 * HOUR - 1)).1, "code.refused");
    assert_eq!(rows.send(Wall(blocked_at + 24 * HOUR)).1, "code.sent", "a day later");
}

#[test]
fn a_code_of_an_account_that_is_blocked_meanwhile_proves_nothing() {
    let mut rows = Rows::new(Some(registered(None)));
    let (challenge, _) = rows.send(NOW);
    rows.account.note(Counted::CodesBlocked, NOW, &subject());
    assert_eq!(rows.key(challenge, "123456", NOW + Span::from_s(1)).0, Checked::Wrong);
}

#[test]
fn after_a_swap_of_the_sim_nothing_is_sent_and_the_right_code_is_wrong() {
    let mut rows = Rows::new(Some(registered(Some(Wall(NOW.0 - 24 * HOUR)))));
    let (challenge, action) = rows.send(NOW);
    assert_eq!((action.as_str(), challenge.signal.as_deref(), rows.messages()), ("code.withheld", Some("sim_swap"), 0));
    assert_eq!(rows.key(challenge, "123456", NOW).0, Checked::Wrong);
}

#[test]
fn a_number_without_an_account_writes_the_same_rows() {
    let (mut known, mut unknown) = (Rows::new(Some(registered(None))), Rows::new(None));
    for n in 0..8 {
        let at = Wall(NOW.0 + n * 50 * SECOND);
        let (one, other) = (known.send(at), unknown.send(at));
        match (one.1.as_str(), other.1.as_str()) {
            ("code.sent", "code.withheld") | ("code.refused", "code.refused") => {}
            actions => panic!("{actions:?}"),
        }
        let (one, other) = (known.key(one.0, "000000", at), unknown.key(other.0, "000000", at));
        assert_eq!((one.0, one.2), (other.0, other.2), "what is keyed is worth the same");
        assert_eq!((one.1.wrong, one.1.state), (other.1.wrong, other.1.state));
    }
    let shapes = |rows: &Rows| rows.commits.iter().map(shape).collect::<Vec<_>>();
    assert_eq!(shapes(&known), shapes(&unknown));
    assert_eq!((known.account, known.caller), (unknown.account, unknown.caller));
}

#[test]
fn a_code_shows_in_nothing_that_is_printed() {
    let mut rows = Rows::new(Some(registered(None)));
    rows.send(NOW);
    let printed = format!("{:?}", rows.commits);
    assert!(!printed.contains("123456") && !printed.contains("19000000001"), "{printed}");
}

#[test]
fn a_code_that_was_refused_leaves_the_earlier_one_good() {
    let mut rows = Rows::new(Some(registered(None)));
    let (first, sent) = rows.send(NOW);
    let soon = Wall(NOW.0 + 20 * SECOND);
    let (again, refused) = rows.send(soon);
    assert_eq!((sent.as_str(), refused.as_str()), ("code.sent", "code.refused"));
    let standing = |asked: &[&Challenge], at| {
        let asked = asked.iter().map(|row| (1, (**row).clone())).collect();
        standing_code(asked, &subject(), at).map(|(_, row)| row)
    };
    assert_eq!(standing(&[&first, &again], soon), Some(first.clone()), "the customer holds its message");
    let (later, sent) = rows.send(Wall(NOW.0 + 61 * SECOND));
    assert_eq!(sent, "code.sent");
    assert_eq!(standing(&[&first, &again, &later], later.sent_at), Some(later.clone()), "of two messages the newer");

    let used = Challenge { state: ChallengeState::Passed, ..first.clone() };
    assert_eq!(standing(&[&used, &again], soon), Some(again.clone()), "what was used up stands no more");
    let expired = Wall(first.expires_at.0 + 1);
    assert_eq!(standing(&[&first, &again], expired), Some(again.clone()));
    let other = Challenge { subject: Subject::new("other".to_owned()), ..first };
    assert_eq!(standing(&[&other, &again], soon), Some(again), "nor does another customer's");
    assert_eq!((standing(&[&other], soon), standing(&[], soon)), (None, None));
}
