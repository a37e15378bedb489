//! The official directory: listings and their history, editions without a gap, and what is reported as a fake.

use crate::place::Place;
use walletline_core::commit::{Change, Commit, Entry as AuditEntry};
use walletline_core::directory::{
    Address, Clerk, EDITION_VALID, Edition, Entry, Kind, Listed, Listing, ListingRefusal, ListingStep, Mark, Seen, Sighting,
    Suspect, SuspectState, Words,
};
use walletline_core::kernel::actor::{Actor, Role};
use walletline_core::kernel::ids::{ListingId, StaffId, SuspectId};
use walletline_core::kernel::language::Language;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::time::Wall;
use walletline_store::{CommitError, Store};

const T0: Wall = Wall(1_795_000_000_000_000);

fn clerk(id: u128, role: Role) -> Clerk {
    Clerk { id: StaffId::from(id), role }
}

fn words(text: &str) -> Words {
    Words { zh_cn: "热线".to_owned(), en: text.to_owned() }
}

fn entry(kind: Kind, value: &str, platform: Option<&str>) -> Entry {
    Entry {
        address: Address::new(kind, value, platform).unwrap(),
        label: words("hotline"),
        hours: Some(words("24 h")),
        languages: Language::ALL.to_vec(),
        region: "CN".to_owned(),
        inbound_only: true,
    }
}

async fn propose(store: &Store, id: u128, wallet: &str, entry: Entry) -> Result<Listing, CommitError> {
    let (id, by) = (ListingId::from(id), clerk(1, Role::Admin));
    let ruled = Listing::propose_new(id, wallet.to_owned(), entry, "new".to_owned(), by, false, T0).unwrap();
    store.commit(ruled.commit).await.map(|()| ruled.listing)
}

pub(crate) async fn a_listing_is_proposed_approved_withdrawn_and_its_history_kept(place: &Place) {
    let store = place.open().await;
    let (admin, checker) = (clerk(1, Role::Admin), clerk(2, Role::Checker));
    let listing = propose(&store, 1, "jinqiao", entry(Kind::ShortCode, "8000", None)).await.unwrap();
    assert_eq!(store.listing(listing.id).await.unwrap(), Some((1, listing.clone())));
    assert_eq!(store.listing_of("jinqiao", &listing.address).await.unwrap(), Some((1, listing.clone())));
    assert_eq!(store.listing_of("harbor", &listing.address).await.unwrap(), None);
    assert_eq!(store.listed().await.unwrap(), []);
    assert!(!store.is_listed(&listing.address).await.unwrap());

    let approved = listing.approve(1, checker, false, T0).unwrap();
    store.commit(approved.commit).await.unwrap();
    let published = Listed { wallet: "jinqiao".to_owned(), entry: approved.listing.published.clone().unwrap() };
    assert_eq!(store.listed().await.unwrap(), [published]);
    assert!(store.is_listed(&listing.address).await.unwrap());

    let leaving = approved.listing.propose_withdrawal(2, "moved".to_owned(), admin, T0).unwrap();
    store.commit(leaving.commit).await.unwrap();
    assert_eq!(store.listed().await.unwrap().len(), 1, "until somebody else agrees");
    let gone = leaving.listing.approve(3, checker, false, T0).unwrap();
    store.commit(gone.commit).await.unwrap();
    assert_eq!(store.listed().await.unwrap(), []);
    assert_eq!(store.listings().await.unwrap(), [(4, gone.listing)]);

    let lines = store.listing_lines(listing.id, 10).await.unwrap();
    let steps: Vec<(ListingStep, StaffId)> = lines.iter().map(|line| (line.step, line.by)).collect();
    let told = [
        (ListingStep::Approved, checker.id),
        (ListingStep::WithdrawalProposed, admin.id),
        (ListingStep::Approved, checker.id),
        (ListingStep::Proposed, admin.id),
    ];
    assert_eq!(steps, told);
    assert_eq!((lines[1].note.as_str(), &lines[3].entry), ("moved", &approved.listing.published));
    assert_eq!(store.listing_lines(listing.id, 1).await.unwrap().len(), 1);
}

pub(crate) async fn of_two_who_approve_at_once_one_finds_it_done(place: &Place) {
    let store = place.open().await;
    let listing = propose(&store, 1, "jinqiao", entry(Kind::Phone, "+442079460801", None)).await.unwrap();
    let rulings = [2, 3].map(|id| listing.approve(1, clerk(id, Role::Checker), false, T0).unwrap());
    let [first, second] = rulings.map(|ruled| store.commit(ruled.commit));
    let outcomes = [first.await, second.await];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(CommitError::Conflict(_)))), "{outcomes:?}");
    let (version, now) = store.listing(listing.id).await.unwrap().unwrap();
    assert_eq!(now.approve(version, clerk(3, Role::Checker), false, T0), Err(ListingRefusal::NothingProposed));
    assert_eq!(store.listing_lines(listing.id, 10).await.unwrap().len(), 2, "nothing of the second is kept");
}

pub(crate) async fn a_wallet_lists_an_address_once(place: &Place) {
    let store = place.open().await;
    let social = |handle| entry(Kind::Social, handle, Some("微信"));
    propose(&store, 1, "jinqiao", social("金桥钱包")).await.unwrap();
    let twin = propose(&store, 2, "jinqiao", social("金桥钱包")).await;
    assert!(matches!(twin, Err(CommitError::Conflict(_))), "{twin:?}");
    propose(&store, 3, "harbor", social("金桥钱包")).await.unwrap();
    assert_eq!(store.listings().await.unwrap().len(), 2);
}

fn edition(version: i64) -> Edition {
    Edition {
        version,
        issued_at: T0,
        expires_at: T0 + EDITION_VALID,
        key: "kid".to_owned(),
        hash: format!("{version:064}"),
        document: "{\"payload\":\"\"}".to_owned(),
        listed: vec![Listed { wallet: "jinqiao".to_owned(), entry: entry(Kind::Mail, "help@jinqiao.example", None) }],
    }
}

pub(crate) async fn editions_are_numbered_once_and_read_back(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.last_edition().await.unwrap(), None);
    for version in [1, 2] {
        store.commit(edition(version).published()).await.unwrap();
    }
    let second = store.commit(Edition { document: "another".to_owned(), ..edition(2) }.published()).await;
    assert!(matches!(second, Err(CommitError::Conflict(_))), "{second:?}");
    assert_eq!(store.last_edition().await.unwrap(), Some(edition(2)));
    let hashes = store.edition_hashes(5).await.unwrap();
    assert_eq!(hashes, [(2, edition(2).hash), (1, edition(1).hash)]);
    assert_eq!(store.edition_hashes(1).await.unwrap().len(), 1);
}

pub(crate) async fn a_report_is_counted_decided_and_forgotten(place: &Place) {
    let store = place.open().await;
    let mark = Mark::kept("phone:+8619000009999".to_owned());
    let sighting =
        |s: i64| Sighting {
            at: Wall(T0.0 + s * 1_000_000), seen: Seen::Sms, detail: Some(Pii::new("短信里的号码".to_owned()))
        };
    let (suspect, commit) = Suspect::reported(SuspectId::from(1), mark.clone(), sighting(0));
    store.commit(commit).await.unwrap();
    let twin = store.commit(Suspect::reported(SuspectId::from(2), mark.clone(), sighting(1)).1).await;
    assert!(matches!(twin, Err(CommitError::Conflict(_))), "{twin:?}");
    store.commit(suspect.reported_again(1, sighting(2))).await.unwrap();
    let (version, open) = store.suspect_of(&mark).await.unwrap().unwrap();
    assert_eq!((version, open.reports, open.sightings.len()), (2, 2, 2));
    assert_eq!(store.suspects(SuspectState::Open, 10).await.unwrap(), [(2, open.clone())]);
    assert_eq!(store.suspects_count(SuspectState::Open).await.unwrap(), 1);

    let (fraud, commit) = open.confirm(version, clerk(2, Role::Checker), false, T0).unwrap();
    store.commit(commit).await.unwrap();
    assert_eq!(store.suspect(open.id).await.unwrap(), Some((3, fraud.clone())));
    assert_eq!(store.suspects(SuspectState::Open, 10).await.unwrap(), []);

    let forget = |by: Wall| {
        let entry = AuditEntry::new(by, Actor::System, "suspects.expired", "directory");
        store.commit(Commit::new(entry, vec![Change::SuspectsExpired(by)]))
    };
    let before = Wall(fraud.expires_at.0 - 1);
    assert_eq!(store.suspects_expired(before).await.unwrap(), 0);
    forget(before).await.unwrap();
    assert!(store.suspect(open.id).await.unwrap().is_some());
    assert_eq!(store.suspects_expired(fraud.expires_at).await.unwrap(), 1);
    forget(fraud.expires_at).await.unwrap();
    assert_eq!(store.suspect_of(&mark).await.unwrap(), None);
}
