//! What the directory promises: only the listed address itself is called official, and nothing is published by one person alone.

use super::*;
use crate::commit::Change;
use crate::kernel::actor::Role;
use crate::kernel::ids::{StaffId, SuspectId};
use crate::kernel::language::Language;
use crate::kernel::time::{Span, Wall};
use proptest::prelude::*;

const NOW: Wall = Wall(1_795_000_000_000_000);

fn words(text: &str) -> Words {
    Words { zh_cn: text.to_owned(), en: text.to_owned() }
}

fn entry(kind: Kind, value: &str, platform: Option<&str>) -> Entry {
    Entry {
        address: Address::new(kind, value, platform).unwrap(),
        label: words("hotline"),
        hours: None,
        languages: vec![Language::En],
        region: "CN".to_owned(),
        inbound_only: false,
    }
}

fn edition() -> Edition {
    let listed = [
        (Kind::Phone, "+442079460801", None),
        (Kind::Phone, "+8619000008000", None),
        (Kind::ShortCode, "8000", None),
        (Kind::ShortCode, "95000", None),
        (Kind::SmsSender, "JINQIAO", None),
        (Kind::SmsSender, "106900008000", None),
        (Kind::App, "com.jinqiao.wallet", None),
        (Kind::Web, "jinqiao.example", None),
        (Kind::Mail, "help@jinqiao.example", None),
        (Kind::Social, "jinqiao_wallet", Some("wechat")),
    ];
    let listed = listed.map(|(kind, value, platform)| Listed { wallet: "w".to_owned(), entry: entry(kind, value, platform) });
    Edition {
        version: 1,
        issued_at: NOW,
        expires_at: NOW + EDITION_VALID,
        key: "k".to_owned(),
        hash: String::new(),
        document: String::new(),
        listed: listed.to_vec(),
    }
}

/// What the edge would find: the listed phones, however the text is written, as the strictest test of what the core makes of it.
fn phones() -> Vec<Phone> {
    let phone = |number: &str| Phone { number: number.parse().unwrap(), country_digits: 2 };
    vec![phone("+442079460801"), phone("+8619000008000")]
}

fn ask(text: &str) -> Finding {
    lookup(Some(&edition()), &Reading::of(text), &phones(), false, &ShortCodes::default(), NOW)
}

#[test]
fn the_listed_address_is_official_however_it_is_written() {
    for (text, value) in [
        ("8000", "8000"),
        ("８０００", "8000"),
        ("热线：8000", "8000"),
        ("950-00", "95000"),
        ("+44 20 7946 0801", "+442079460801"),
        ("0044 (20) 79460801", "+442079460801"),
        ("020 7946 0801", "+442079460801"),
        ("+86 190 0000 8000", "+8619000008000"),
        ("008619000008000", "+8619000008000"),
        ("1069 0000 8000", "106900008000"),
        ("【JinQiao】", "JINQIAO"),
        ("com.jinqiao.wallet", "com.jinqiao.wallet"),
        ("https://www.jinqiao.example/login?a=b", "jinqiao.example"),
        ("HELP@jinqiao.example", "help@jinqiao.example"),
        ("mailto:help@jinqiao.example", "help@jinqiao.example"),
        ("@JinQiao_Wallet", "jinqiao_wallet"),
    ] {
        let finding = ask(text);
        assert_eq!(finding.answer, Answer::Official, "{text}");
        assert_eq!(finding.official.unwrap().entry.address.value(), value, "{text}");
        assert!(finding.near.is_empty());
    }
}

#[test]
fn what_only_resembles_it_is_flagged_and_not_official() {
    use Likeness::{ExtraDigits, LookAlike, NameInside, OneChange};
    for (text, near) in [
        ("95O00", Some(LookAlike)),
        ("95ООО", Some(LookAlike)),
        ("九五零零零", Some(LookAlike)),
        ("\u{202E}00059", Some(LookAlike)),
        ("+95000", Some(ExtraDigits)),
        ("0095000", Some(ExtraDigits)),
        ("8695000", Some(ExtraDigits)),
        ("075595000", Some(ExtraDigits)),
        ("950000", Some(ExtraDigits)),
        ("95001", Some(OneChange)),
        ("9500", Some(OneChange)),
        ("59000", Some(OneChange)),
        ("+44 20 7946 0802", Some(OneChange)),
        ("+44 20 7946 080", Some(OneChange)),
        ("+44 20 7946 O801", Some(LookAlike)),
        ("+44020 7946 0801", Some(OneChange)),
        ("+4420794608011", Some(ExtraDigits)),
        ("jіnqiao.example", Some(LookAlike)),
        ("jinqiao.example.evil.test", Some(NameInside)),
        ("https://jinqiao.example@evil.test/", Some(NameInside)),
        ("jinqiao-help.test", Some(NameInside)),
        ("jinqia0.example", Some(LookAlike)),
        ("jinqiaoo.example", Some(OneChange)),
        ("pay.jinqiao.example", Some(NameInside)),
        ("jinqiao.example:8443", Some(LookAlike)),
        ("hеlp@jinqiao.example", Some(LookAlike)),
        ("boss@jinqiao.example", Some(NameInside)),
        ("JINQlAO", Some(LookAlike)),
        ("jinqiao-wallet", Some(LookAlike)),
        ("com.jinqiao.wa11et", Some(LookAlike)),
        ("13800000000", None),
        ("hello", None),
        ("", None),
        ("evil.test", None),
    ] {
        let finding = ask(text);
        assert_eq!(finding.answer, Answer::NotListed, "{text}");
        assert_eq!(finding.near.first().map(|near| near.likeness), near, "{text}");
        assert_eq!(finding.official, None);
    }
}

#[test]
fn a_confirmed_fake_is_told_whatever_the_directory_says() {
    let (reading, codes) = (Reading::of("8000"), ShortCodes::default());
    for edition in [None, Some(&edition())] {
        assert_eq!(lookup(edition, &reading, &[], true, &codes, NOW).answer, Answer::ReportedFraud);
    }
}

#[test]
fn a_directory_that_ran_out_says_nothing_of_any_number() {
    let codes = ShortCodes::default();
    let at = |now| lookup(Some(&edition()), &Reading::of("8000"), &[], false, &codes, now);
    assert_eq!(at(Wall(NOW.0 + 14 * 24 * 3_600_000_000 - 1)).answer, Answer::Official);
    assert_eq!(at(NOW + EDITION_VALID), lookup(None, &Reading::of("8000"), &[], false, &codes, NOW));
    assert_eq!(at(NOW + EDITION_VALID).answer, Answer::DirectoryStale);
    assert_eq!(at(Wall(NOW.0 - 1)).answer, Answer::DirectoryStale, "signed by a clock that was wrong");
}

#[test]
fn an_edition_is_followed_when_something_changed_or_its_end_is_near() {
    let edition = edition();
    let day = Span::from_s(24 * 3_600);
    assert!(!edition.is_due(&edition.listed, NOW + day));
    assert!(edition.is_due(&edition.listed[1..], NOW + day));
    assert!(edition.is_due(&edition.listed, NOW + RESIGN_BEFORE));
    assert!(edition.is_due(&edition.listed, Wall(NOW.0 - 1)));
    assert_eq!(Edition::next(None, NOW).version, 1);
    assert_eq!(Edition::next(Some(&edition), NOW).version, 2);
    assert!(EDITION_VALID <= Span::from_s(30 * 24 * 3_600));
}

fn clerk(id: u128, role: Role) -> Clerk {
    Clerk { id: StaffId::from(id), role }
}

fn proposed() -> Listing {
    let by = clerk(1, Role::Admin);
    Listing::propose_new(7.into(), "w".to_owned(), entry(Kind::ShortCode, "8000", None), "new".to_owned(), by, false, NOW)
        .unwrap()
        .listing
}

#[test]
fn what_one_proposes_another_approves() {
    let listing = proposed();
    assert_eq!((listing.state(), &listing.published), (ListingState::Proposed, &None));
    for (by, refused) in [
        (clerk(1, Role::Admin), ListingRefusal::OwnProposal),
        (clerk(1, Role::Checker), ListingRefusal::OwnProposal),
        (clerk(2, Role::Agent), ListingRefusal::NotYourWork),
        (clerk(2, Role::Handler), ListingRefusal::NotYourWork),
        (clerk(2, Role::Supervisor), ListingRefusal::NotYourWork),
        (clerk(2, Role::Auditor), ListingRefusal::NotYourWork),
    ] {
        assert_eq!(listing.approve(1, by, false, NOW), Err(refused));
        assert_eq!(listing.decline(1, String::new(), by, NOW), Err(refused));
    }
    for role in [Role::Admin, Role::Checker] {
        let ruled = listing.approve(1, clerk(2, role), false, NOW).unwrap();
        assert_eq!(ruled.listing.state(), ListingState::Published);
        assert_eq!(ruled.listing.approve(2, clerk(3, role), false, NOW), Err(ListingRefusal::NothingProposed));
        assert_eq!(ruled.commit.entries()[0].action, "listing.approved");
        assert!(matches!(ruled.commit.changes(), [Change::Listing(1, _), Change::ListingLine(line)] if line.by == 2.into()));
    }
    assert_eq!(listing.approve(1, clerk(2, Role::Checker), true, NOW), Err(ListingRefusal::Condemned));
}

#[test]
fn what_is_published_stays_until_a_second_person_agrees() {
    let (admin, checker) = (clerk(1, Role::Admin), clerk(2, Role::Checker));
    let published = proposed().approve(1, checker, false, NOW).unwrap().listing;
    let better = Entry { hours: Some(words("24 h")), ..published.published.clone().unwrap() };
    let waiting = published.propose(2, better.clone(), String::new(), admin, false, NOW).unwrap().listing;
    assert_eq!((waiting.state(), &waiting.published), (ListingState::ChangeProposed, &published.published));
    let refused = waiting.propose_withdrawal(3, String::new(), admin, NOW);
    assert_eq!(refused, Err(ListingRefusal::ProposalWaits));
    assert_eq!(waiting.retract(3, checker, NOW), Err(ListingRefusal::NotYourProposal));
    for settled in [waiting.decline(3, "no".to_owned(), checker, NOW).unwrap(), waiting.retract(3, admin, NOW).unwrap()] {
        assert_eq!((settled.listing.state(), &settled.listing.published), (ListingState::Published, &published.published));
    }
    let changed = waiting.approve(3, checker, false, NOW).unwrap().listing;
    assert_eq!(changed.published, Some(better.clone()));
    assert_eq!(changed.propose(4, better.clone(), String::new(), admin, false, NOW), Err(ListingRefusal::NothingNew));
    let leaving = changed.propose_withdrawal(4, String::new(), admin, NOW).unwrap().listing;
    assert_eq!(leaving.published, Some(better.clone()), "still published");
    let gone = leaving.approve(5, checker, true, NOW).unwrap().listing;
    assert_eq!((gone.state(), &gone.published), (ListingState::Withdrawn, &None));
    assert_eq!(gone.propose_withdrawal(6, String::new(), admin, NOW), Err(ListingRefusal::NotPublished));
    assert!(gone.propose(6, better, String::new(), admin, false, NOW).is_ok(), "it can be listed again");
}

#[test]
fn what_cannot_be_published_is_not_proposed() {
    let listing = proposed().approve(1, clerk(2, Role::Checker), false, NOW).unwrap().listing;
    let good = Entry { region: "GB".to_owned(), ..entry(Kind::ShortCode, "8000", None) };
    let admin = clerk(1, Role::Admin);
    for (entry, refused) in [
        (Entry { label: words(" "), ..good.clone() }, BadEntry::Label),
        (Entry { label: words(&"x".repeat(61)), ..good.clone() }, BadEntry::Label),
        (Entry { hours: Some(words("")), ..good.clone() }, BadEntry::Hours),
        (Entry { languages: Vec::new(), ..good.clone() }, BadEntry::Languages),
        (Entry { languages: vec![Language::En; 2], ..good.clone() }, BadEntry::Languages),
        (Entry { region: "cn".to_owned(), ..good.clone() }, BadEntry::Region),
    ] {
        assert_eq!(listing.propose(2, entry, String::new(), admin, false, NOW), Err(ListingRefusal::Entry(refused)));
    }
    let other = entry(Kind::ShortCode, "8001", None);
    assert_eq!(listing.propose(2, other, String::new(), admin, false, NOW), Err(ListingRefusal::OtherAddress));
    assert_eq!(listing.propose(2, good.clone(), String::new(), admin, true, NOW), Err(ListingRefusal::Condemned));
    assert_eq!(listing.propose(2, good.clone(), "x".repeat(501), admin, false, NOW), Err(ListingRefusal::NoteTooLong));
    let checker = clerk(2, Role::Checker);
    assert_eq!(listing.propose(2, good, String::new(), checker, false, NOW), Err(ListingRefusal::NotYourWork));
}

fn sighting(at: Wall) -> Sighting {
    Sighting::new(at, Seen::Sms, "")
}

#[test]
fn a_report_keeps_no_number_and_no_mail_address() {
    for (written, kept) in [
        ("they called 19000001234 and wanted code 123456", Some("they called *** and wanted code ***")),
        ("https://jinqiao-kefu.test/a?b=12", Some("https://jinqiao-kefu.test/a?b=12")),
        ("mail from anna@example.com\n\u{7}", Some("mail from ***@example.com")),
        ("尾号1234的卡，电话１９０００００１２３４", Some("尾号1234的卡，电话***")),
        (" ", None),
    ] {
        let sighting = Sighting::new(NOW, Seen::Other, written);
        assert_eq!(sighting.detail.as_ref().map(|detail| detail.expose().as_str()), kept, "{written}");
    }
    let long = Sighting::new(NOW, Seen::Other, &"字".repeat(1_000)).detail.unwrap();
    assert_eq!(long.expose().chars().count(), WHERE_CHARS_MAX);
}

fn suspect(change: &Change) -> Suspect {
    match change {
        Change::Suspect(_, suspect) => (**suspect).clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_report_waits_for_a_person_and_is_bounded() {
    let (mut row, _) = Suspect::reported(SuspectId::from(1), Mark::kept("digits:95001".to_owned()), sighting(NOW));
    for n in 1..50 {
        let commit = row.reported_again(n, sighting(Wall(NOW.0 + n)));
        row = suspect(&commit.changes()[0]);
    }
    assert_eq!((row.state, row.reports, row.sightings.len()), (SuspectState::Open, 50, SIGHTINGS_MAX));
    assert_eq!(row.sightings.last().map(|sighting| sighting.at), Some(Wall(NOW.0 + 49)));
    for role in [Role::Agent, Role::Handler, Role::Supervisor, Role::Auditor] {
        assert_eq!(row.confirm(9, clerk(1, role), false, NOW).unwrap_err(), SuspectRefusal::NotYourWork);
    }
    let checker = clerk(2, Role::Checker);
    assert_eq!(row.confirm(9, checker, true, NOW).unwrap_err(), SuspectRefusal::Listed);
    let (fraud, _) = row.confirm(9, checker, false, NOW).unwrap();
    assert_eq!((fraud.state, fraud.sightings.len(), fraud.decided_by), (SuspectState::Fraud, 0, Some(checker.id)));
    assert_eq!(fraud.confirm(10, checker, false, NOW).unwrap_err(), SuspectRefusal::Decided);
    let later = NOW + Span::from_s(3_600);
    let again = suspect(&fraud.reported_again(10, sighting(later)).changes()[0]);
    assert_eq!((again.state, again.reports, again.sightings.len()), (SuspectState::Fraud, 51, 0));
    assert!(again.expires_at > fraud.expires_at, "it is still about");
    let (cleared, commit) = again.dismiss(11, checker, later).unwrap();
    assert_eq!((cleared.state, commit.entries()[0].action.as_str()), (SuspectState::Dismissed, "suspect.dismissed"));
    assert_eq!(suspect(&cleared.reported_again(12, sighting(later)).changes()[0]).state, SuspectState::Dismissed);
    assert_eq!(format!("{:?}", row.mark), "[personal]");
}

/// A listed address with one character put in, taken out, replaced or swapped, of those people and machines write numbers with.
fn nearly() -> impl Strategy<Value = String> {
    let listed: Vec<String> = edition().listed.iter().map(|listed| listed.entry.address.value().to_owned()).collect();
    let pool: Vec<char> = "0123456789+OoОІlЗ٨abcxyz.-@ :/аеορ\u{200B}\u{202E}８九".chars().collect();
    (proptest::sample::select(listed), any::<prop::sample::Index>(), proptest::sample::select(pool), 0..4_u8).prop_map(
        |(text, at, c, how)| {
            let mut chars: Vec<char> = text.chars().collect();
            let at = at.index(chars.len());
            match how {
                0 => chars.insert(at, c),
                1 => drop(chars.remove(at)),
                2 => chars[at] = c,
                _ => chars.swap(at, (at + 1) % text.chars().count()),
            }
            chars.into_iter().collect()
        },
    )
}

/// The listed values that a text is, when what changes nothing is left away by hand.
fn plainly(text: &str) -> Vec<String> {
    let folded: String = text.to_lowercase().replace('８', "8");
    let folded: String = folded.chars().filter(|c| *c != '\u{200B}').collect();
    let digits: String = folded.chars().filter(|c| !" -.:/".contains(*c)).collect();
    let host = folded.split(['/', ':']).next().unwrap_or_default().trim_end_matches('.').to_owned();
    let bare = folded.trim_matches(['@', ' ']).to_owned();
    let dotted = folded.trim().to_owned();
    let written = [digits.clone(), digits.trim_start_matches("00").to_owned(), host, bare, dotted, digits.replacen('+', "", 1)];
    let listed = edition().listed;
    let values = listed.iter().map(|listed| listed.entry.address.value());
    values
        .filter(|value| {
            let value = value.to_lowercase();
            let number = value.trim_start_matches('+');
            let forms = [value.clone(), number.to_owned(), number.get(2..).unwrap_or_default().to_owned()];
            let with_zero = format!("0{}", forms[2]);
            written.iter().any(|text| *text == value || (value.starts_with('+') && (forms.contains(text) || *text == with_zero)))
        })
        .map(str::to_owned)
        .collect()
}

proptest! {
    #[test]
    fn anything_can_be_asked(text in "\\PC{0,40}", any in any::<String>()) {
        for text in [text, any] {
            let reading = Reading::of(&text);
            prop_assert!(!reading.marks(&phones()).is_empty());
            let finding = ask(&text);
            prop_assert!(finding.near.len() <= 3);
            for kind in Kind::ALL {
                if let Ok(address) = Address::new(kind, &text, Some("wechat")) {
                    prop_assert_eq!(Address::new(kind, address.value(), address.platform()), Ok(address));
                }
            }
        }
    }

    #[test]
    fn a_near_match_is_never_official(text in nearly()) {
        let finding = ask(&text);
        if finding.answer == Answer::Official {
            let value = finding.official.unwrap().entry.address.value().to_owned();
            prop_assert!(plainly(&text).contains(&value), "{:?} was called {}", text, value);
        }
    }
}
