//! The grammars and the shipped books belong together: every clip a grammar can ask for stands in the book with the very words
//! it adds, none stands there in vain, and every clip of every prompt has audio made from the text of today.

#![expect(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;
use walletline_core::ivr::prompt::{Book, Part, Prompt, Sound, Spoken};
use walletline_core::ivr::speak::{SPELLED_MAX, join, speak};
use walletline_core::kernel::language::Language;

const CURRENCIES: [&str; 6] = ["CNY", "USD", "EUR", "GBP", "JPY", "HKD"];

static BOOKS: LazyLock<BTreeMap<Language, Book>> =
    LazyLock::new(|| Language::ALL.into_iter().map(|language| (language, book(language))).collect());

fn prompts() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../prompts")
}

fn book(language: Language) -> Book {
    let path = prompts().join(format!("{}.toml", language.tag()));
    toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Values that between them use everything a grammar has: all small numbers, every order of magnitude, all days and minutes.
fn wide() -> Vec<Spoken> {
    let mut numbers: Vec<u64> = (0..1_300).collect();
    for exponent in 3..12 {
        let one = 10_u64.pow(exponent);
        numbers.extend((1..100).map(|n| n * one).filter(|n| *n < 1_000_000_000_000));
        numbers.extend([one + 1, one + 10, one + 12, one + 100, one * 2 + 22, one - 1]);
    }
    let mut values: Vec<Spoken> = numbers.iter().map(|n| Spoken::Count(*n)).collect();
    values.extend((1..=130).map(Spoken::Position));
    for currency in CURRENCIES {
        let money = |minor| Spoken::Money { minor, currency: currency.to_owned() };
        values.extend((-250..1_200).map(money));
        values.extend([100_000, 10_000_000, 123_456_789, 200_000_002].map(money));
    }
    for year in 2000..=2099 {
        values.extend((1..=12).map(|month| Spoken::Date { year, month, day: 1 }));
    }
    values.extend((1..=31).map(|day| Spoken::Date { year: 2026, month: 1, day }));
    values.extend((0..24).flat_map(|hour| (0..60).map(move |minute| Spoken::Time { hour, minute })));
    values.extend(
        (0..4_000)
            .chain((0..400).map(|hours| hours * 3_600))
            .chain((1..=40).map(|days| days * 86_400))
            .chain([7_320, 90_061, 183_600])
            .map(Spoken::Duration),
    );
    values.extend((1..=40).map(Spoken::BusinessDays));
    values.extend((0..10).map(|digit| Spoken::Digits(digit.to_string())));
    values.extend(('A'..='Z').map(|letter| Spoken::Id(letter.to_string())));
    values
}

fn clips(language: Language, value: &Spoken) -> Vec<String> {
    let said = speak(language, value).unwrap_or_else(|| panic!("{value:?} is within its range"));
    let clip = |sound| if let Sound::Clip(id) = sound { Some(id) } else { None };
    said.sounds.into_iter().filter_map(clip).collect()
}

#[test]
fn the_book_holds_exactly_the_clips_the_grammars_ask_for() {
    for (language, book) in BOOKS.iter() {
        let asked: BTreeSet<String> = wide().iter().flat_map(|value| clips(*language, value)).collect();
        let held: BTreeSet<String> = book.clips.keys().cloned().collect();
        let missing: Vec<_> = asked.difference(&held).collect();
        let in_vain: Vec<_> = held.difference(&asked).collect();
        assert!(missing.is_empty(), "prompts/{}.toml, [clips] lacks {missing:?}", language.tag());
        assert!(in_vain.is_empty(), "prompts/{}.toml, [clips] holds what no grammar asks for: {in_vain:?}", language.tag());
    }
}

#[test]
fn what_is_heard_is_what_the_words_say() {
    for (language, book) in BOOKS.iter() {
        for value in wide() {
            if matches!(value, Spoken::Digits(_) | Spoken::Id(_)) {
                continue;
            }
            let texts: Vec<String> = clips(*language, &value).iter().map(|clip| book.clips[clip].clone()).collect();
            let words = speak(*language, &value).unwrap().words;
            assert_eq!(join(*language, &texts), words, "{value:?}");
        }
    }
}

#[test]
fn every_text_has_audio_made_from_it() {
    for (language, book) in BOOKS.iter() {
        let folder = prompts().join("audio").join(language.tag());
        let manifest: toml::Table = std::fs::read_to_string(folder.join("manifest.gen.toml")).unwrap().parse().unwrap();
        let texts = texts(book);
        for (clip, text) in &texts {
            let made_of = manifest.get(clip).and_then(|entry| entry.get("text")).and_then(toml::Value::as_str);
            assert_eq!(made_of, Some(text.as_str()), "{}/{clip}: run script/render-prompts", language.tag());
            check_wav(&folder.join(format!("{clip}.wav")));
        }
        let stale: Vec<&String> = manifest.keys().filter(|clip| !texts.contains_key(*clip)).collect();
        assert!(stale.is_empty(), "audio without a text, run script/render-prompts: {stale:?}");
    }
    check_wav(&prompts().join("audio/music.wav"));
}

/// Every clip of a language by name.
fn texts(book: &Book) -> BTreeMap<String, String> {
    let mut texts = book.clips.clone();
    for (id, prompt) in &book.prompts {
        let fresh: Vec<(String, String)> = match prompt {
            Prompt::Text(text) => vec![(id.0.clone(), text.clone())],
            Prompt::Parts(parts) => parts
                .iter()
                .filter_map(|part| match part {
                    Part::Clip { id, text } => Some((id.clone(), text.clone())),
                    Part::Slot(_) => None,
                })
                .collect(),
        };
        for (clip, text) in fresh {
            let other = texts.insert(clip.clone(), text.clone());
            assert!(other.is_none_or(|other| other == text), "the clip {clip} has two texts");
        }
    }
    texts
}

/// 8 kHz, 16-bit, mono, and not silent.
fn check_wav(path: &std::path::Path) {
    let wav = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(&wav[..4], b"RIFF", "{}", path.display());
    // Format 1 (PCM), one channel, 8,000 Hz, 16 bits: the layout the renderer writes, without further chunks.
    assert_eq!(&wav[20..28], [1, 0, 1, 0, 0x40, 0x1f, 0, 0], "{}", path.display());
    assert_eq!((&wav[34..36], &wav[36..40]), (&[16_u8, 0][..], &b"data"[..]), "{}", path.display());
    let peak = wav[44..].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]).unsigned_abs()).max();
    assert!(peak > Some(1_000), "{} is silent", path.display());
}

fn any_value() -> impl Strategy<Value = Spoken> {
    let currency = prop_oneof![proptest::sample::select(&CURRENCIES[..]).prop_map(ToOwned::to_owned), ".{0,4}"];
    prop_oneof![
        ".{0,40}".prop_map(Spoken::Digits),
        "[0-9 -]{0,40}".prop_map(Spoken::Digits),
        ".{0,40}".prop_map(Spoken::Id),
        "[0-9A-Za-z_-]{0,40}".prop_map(Spoken::Id),
        any::<u32>().prop_map(Spoken::Position),
        any::<u64>().prop_map(Spoken::Count),
        (0_u64..1_000_000_000_000).prop_map(Spoken::Count),
        (any::<i64>(), currency).prop_map(|(minor, currency)| Spoken::Money { minor, currency }),
        (any::<u16>(), any::<u8>(), any::<u8>()).prop_map(|(year, month, day)| Spoken::Date { year, month, day }),
        (2000_u16..2100, 1_u8..13, 1_u8..32).prop_map(|(year, month, day)| Spoken::Date { year, month, day }),
        (any::<u8>(), any::<u8>()).prop_map(|(hour, minute)| Spoken::Time { hour, minute }),
        any::<u16>().prop_map(Spoken::BusinessDays),
        any::<u64>().prop_map(Spoken::Duration),
        (0_u64..900_000_000).prop_map(Spoken::Duration),
    ]
}

proptest! {
    /// No value panics; whatever is said at all is said with clips that exist, and has words.
    #[test]
    fn any_value_is_spoken_whole_or_not_at_all(value in any_value()) {
        for (language, book) in BOOKS.iter() {
            let Some(said) = speak(*language, &value) else { continue };
            prop_assert!(!said.words.is_empty());
            for sound in &said.sounds {
                if let Sound::Clip(clip) = sound {
                    prop_assert!(book.clips.contains_key(clip), "{} lacks {clip} for {value:?}", language.tag());
                }
            }
        }
    }

    /// Two different counts never sound alike.
    #[test]
    fn counts_differ_in_words(a in 0_u64..1_000_000_000_000, step in 1_u64..100_000) {
        for language in Language::ALL {
            let words = |n| speak(language, &Spoken::Count(n)).map(|said| said.words);
            if let (Some(one), Some(other)) = (words(a), words(a + step)) {
                prop_assert_ne!(one, other);
            }
        }
    }

    /// Every digit of a number is heard, in order.
    #[test]
    fn digits_are_all_there(text in "[0-9]{1,32}") {
        prop_assert!(text.len() <= SPELLED_MAX);
        for language in Language::ALL {
            let said = speak(language, &Spoken::Digits(text.clone())).unwrap();
            prop_assert_eq!(said.words.replace(' ', ""), text.clone());
            let heard: String = clips(language, &Spoken::Digits(text.clone())).iter().map(|clip| &clip[2..]).collect();
            prop_assert_eq!(heard, text.clone());
        }
    }
}
