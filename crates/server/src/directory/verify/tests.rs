//! A partner who checks: what is refused, and that a key can follow another.

use super::*;
use crate::directory::document::{Keys, OVERLAP, Past, WalletName};
use crate::directory::jws::Signer;
use walletline_core::directory::{Address, EDITION_VALID, Edition, EditionFacts, Entry, Kind, Listed, Words};
use walletline_core::kernel::language::Language;

const NOW: Wall = Wall(1_795_000_000_000_000);
const ISSUER: &str = "https://hotline.example";

fn listed() -> Vec<Listed> {
    let words = |text: &str| Words { zh_cn: text.to_owned(), en: text.to_owned() };
    let entry = Entry {
        address: Address::new(Kind::ShortCode, "8000", None).unwrap(),
        label: words("hotline"),
        hours: None,
        languages: vec![Language::En],
        region: "CN".to_owned(),
        inbound_only: true,
    };
    vec![Listed { wallet: "jinqiao".to_owned(), entry }]
}

fn keys(current: u8, previous: Option<u8>) -> Keys {
    Keys { current: Signer::new(&[current; 32]), previous: previous.map(|byte| Signer::new(&[byte; 32])) }
}

/// A publisher and everything it published.
struct Publisher {
    keys: Keys,
    editions: Vec<Edition>,
}

impl Publisher {
    fn new(keys: Keys) -> Self {
        Self { keys, editions: Vec::new() }
    }

    /// Publishes an edition and gives it out.
    fn publish(&mut self, now: Wall) -> Vec<u8> {
        let last = self.editions.last();
        let turn = self.keys.turn(last.and_then(Document::of).as_ref(), ISSUER, now);
        let history = self.editions.iter().rev().map(|past| Past { version: past.version, sha256: past.hash.clone() });
        let edition = turn.edition(&Edition::next(last, now), ISSUER, Vec::new(), listed(), history.collect());
        let text = edition.document.clone().into_bytes();
        self.editions.push(edition);
        text
    }
}

fn faults(text: &[u8], pins: Option<&Pins>, now: Wall) -> String {
    verify(text, pins, now).unwrap_err().join("\n")
}

#[test]
fn the_first_key_is_trusted_and_the_next_versions_follow() {
    let mut publisher = Publisher::new(keys(1, None));
    let first = verify(&publisher.publish(NOW), None, NOW).unwrap();
    assert_eq!((first.trust, first.entries, first.pins.version), (Trust::FirstUse, 1, 1));
    let again = verify(publisher.editions[0].document.as_bytes(), Some(&first.pins), NOW).unwrap();
    assert_eq!((again.trust, &again.pins), (Trust::Pinned, &first.pins));
    let second = verify(&publisher.publish(NOW), Some(&first.pins), NOW).unwrap();
    assert_eq!((second.pins.version, second.unlinked), (2, false));
    publisher.publish(NOW);
    let fourth = verify(&publisher.publish(NOW), Some(&second.pins), NOW).unwrap();
    assert_eq!((fourth.pins.version, fourth.unlinked), (4, false), "the history names the version that was seen");
}

#[test]
fn a_forged_one_is_refused() {
    let mut publisher = Publisher::new(keys(1, None));
    let text = publisher.publish(NOW);
    let pins = verify(&text, None, NOW).unwrap().pins;
    let signed: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let other: serde_json::Value = serde_json::from_slice(&Publisher::new(keys(2, None)).publish(NOW)).unwrap();
    for field in ["payload", "signature"] {
        let mut forged = signed.clone();
        forged[field] = other[field].clone();
        for pins in [None, Some(&pins)] {
            assert!(!faults(forged.to_string().as_bytes(), pins, NOW).is_empty(), "{field}");
        }
        assert!(faults(forged.to_string().as_bytes(), Some(&pins), NOW).contains("forged"), "{field}");
    }
    for text in ["", "{}", "[1]", "{\"payload\":\"\",\"protected\":\"\",\"signature\":\"\"}"] {
        assert!(faults(text.as_bytes(), None, NOW).starts_with("no signed directory"), "{text}");
    }
}

#[test]
fn an_expired_one_is_refused_and_one_that_wants_to_last_too_long() {
    let mut publisher = Publisher::new(keys(1, None));
    let text = publisher.publish(NOW);
    assert!(verify(&text, None, Wall(NOW.0 - 60_000_000)).is_ok(), "clocks differ");
    assert!(faults(&text, None, NOW + EDITION_VALID).starts_with("expired: it was good until 20"));
    assert!(faults(&text, None, Wall(NOW.0 - 3_600_000_000)).contains("in the future"));
    let facts = EditionFacts { version: 1, issued_at: NOW, expires_at: NOW + Span::from_s(31 * 24 * 3_600) };
    let keys = keys(1, None);
    let long = keys.turn(None, ISSUER, NOW).edition(&facts, ISSUER, Vec::<WalletName>::new(), listed(), Vec::new());
    assert!(faults(long.document.as_bytes(), None, NOW).contains("longer than 30 days"));
}

#[test]
fn going_back_and_rewriting_is_refused() {
    let mut publisher = Publisher::new(keys(1, None));
    let first = publisher.publish(NOW);
    let second = verify(&publisher.publish(NOW), None, NOW).unwrap();
    assert!(faults(&first, Some(&second.pins), NOW).contains("rolled back: version 2 was seen before"));
    // The same key tells another story.
    let mut liar = Publisher::new(keys(1, None));
    let other_first = liar.publish(Wall(NOW.0 - 1_000_000));
    let first_pins = verify(&first, None, NOW).unwrap().pins;
    assert!(faults(&other_first, Some(&first_pins), NOW).contains("rewritten"));
    assert!(faults(&liar.publish(NOW), Some(&first_pins), NOW).contains("rewritten"));
    liar.publish(NOW);
    assert!(faults(&liar.publish(NOW), Some(&first_pins), NOW).contains("rewritten"));
    let elsewhere = Pins { issuer: "https://other.example".to_owned(), ..first_pins };
    assert!(faults(&first, Some(&elsewhere), NOW).contains("another issuer"));
}

#[test]
fn a_key_that_nobody_vouches_for_is_refused() {
    let mut publisher = Publisher::new(keys(1, None));
    let pins = verify(&publisher.publish(NOW), None, NOW).unwrap().pins;
    publisher.keys = keys(2, None);
    assert!(publisher.keys.turn(Document::of(&publisher.editions[0]).as_ref(), ISSUER, NOW).is_break);
    assert!(faults(&publisher.publish(NOW), Some(&pins), NOW).starts_with("wrong key"));
}

#[test]
fn a_new_key_is_announced_by_the_old_one_and_then_accepted() {
    let mut publisher = Publisher::new(keys(1, None));
    let before = verify(&publisher.publish(NOW), None, NOW).unwrap();
    // A restart with a new master key, the old one beside it.
    publisher.keys = keys(2, Some(1));
    let announcing = verify(&publisher.publish(NOW), Some(&before.pins), NOW).unwrap();
    assert_eq!((announcing.trust, &announcing.kid), (Trust::Pinned, &before.kid), "the old key still signs");
    assert_eq!(announcing.pins.keys.len(), 2, "the next key is pinned with it");
    let half = NOW + Span(OVERLAP.0 / 2);
    let during = verify(&publisher.publish(half), Some(&announcing.pins), half).unwrap();
    assert_eq!(during.kid, before.kid);
    let after = NOW + OVERLAP;
    let turned = verify(&publisher.publish(after), Some(&during.pins), after).unwrap();
    assert_ne!(turned.kid, before.kid);
    assert_eq!((turned.trust, turned.pins.keys.len()), (Trust::Pinned, 1));
    // Who slept through all of it follows the old key's word, and who has the new key no longer takes the old one's.
    let late = verify(publisher.editions[3].document.as_bytes(), Some(&before.pins), after).unwrap();
    assert_eq!(late.trust, Trust::Endorsed);
    let mut thief = Publisher { keys: keys(1, None), editions: publisher.editions.clone() };
    assert!(faults(&thief.publish(after), Some(&turned.pins), after).starts_with("wrong key"));
    // The old master key is gone, a third one comes: each key vouched for the next.
    publisher.keys = keys(3, Some(2));
    publisher.publish(after);
    let later = after + OVERLAP;
    let third = publisher.publish(later);
    assert_eq!(verify(&third, Some(&before.pins), later).unwrap().trust, Trust::Endorsed);
    // The old key is taken away before its time: the new one signs at once, and is vouched for.
    let mut hasty = Publisher::new(keys(1, None));
    let seen = verify(&hasty.publish(NOW), None, NOW).unwrap();
    hasty.keys = keys(2, Some(1));
    hasty.publish(NOW);
    hasty.keys = keys(2, None);
    assert_eq!(verify(&hasty.publish(NOW), Some(&seen.pins), NOW).unwrap().trust, Trust::Endorsed);
}
