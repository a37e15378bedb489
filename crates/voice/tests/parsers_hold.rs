//! Every parser of the network over its whole corpus (`fuzz/corpus/`, and the torture messages for SIP), then over mutations of
//! it that follow from a fixed seed. The same functions run without an end under `fuzz/run`: docs/how-to/fuzz-the-parsers.md.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod parsers;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

/// Mutations of each parser's corpus.
const MUTATIONS: u32 = 20_000;
/// Of browsers' offers: each makes a WebRTC session.
const MUTATIONS_OF_OFFERS: u32 = 2_000;
/// Of streams of audio: each is decoded.
const MUTATIONS_OF_AUDIO: u32 = 2_000;
/// Longest input, in bytes; a little more than any of the parsers reads.
const INPUT_MAX: usize = 40_000;

/// What means something to one of the parsers.
const TOKENS: [&str; 28] = [
    "\r\n",
    "\r\n\r\n",
    "\n ",
    "\r",
    "\0",
    "\"",
    "\\\"",
    "\\",
    "<",
    ">",
    ";",
    ",",
    ":",
    "=",
    "@",
    "%00",
    " ",
    "\t",
    ";tag=",
    "sip:",
    "Via: ",
    "l: 0\r\n",
    "4294967296",
    "-1",
    "\u{e9}",
    "m=audio 9 RTP/AVP 8\r\n",
    "a=rtpmap:8 PCMA/8000\r\n",
    "c=IN IP4 0.0.0.0\r\n",
];

/// Numbers that follow from a seed: xorshift64*.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap() % bound.max(1)
    }

    /// One to six edits of one input, with pieces of another.
    fn mutate(&mut self, corpus: &[Vec<u8>]) -> Vec<u8> {
        let mut input = corpus[self.below(corpus.len())].clone();
        for _ in 0..=self.below(6) {
            let at = self.below(input.len() + 1);
            let end = at + self.below(input.len() - at + 1).min(self.below(64));
            let byte = u8::try_from(self.below(256)).unwrap();
            match self.below(8) {
                0 => input.insert(at, byte),
                1 => drop(input.drain(at..end)),
                2 => input.truncate(at.max(1)),
                3 if at < input.len() => input[at] ^= 1 << self.below(8),
                4 => {
                    let piece = input[at..end].to_vec();
                    let to = self.below(input.len() + 1);
                    input.splice(to..to, piece);
                }
                5 => {
                    let other = &corpus[self.below(corpus.len())];
                    let from = self.below(other.len() + 1);
                    let until = from + self.below(other.len() - from + 1);
                    input.splice(at..end, other[from..until].iter().copied());
                }
                _ => {
                    let token = TOKENS[self.below(TOKENS.len())];
                    input.splice(at..at, token.bytes());
                }
            }
        }
        input.truncate(INPUT_MAX);
        input
    }
}

fn files(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_none_or(|extension| extension != "md") && !path.ends_with(".gitattributes"))
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Runs a parser over its corpus and over mutations of it. What breaks it is printed as a byte string, ready to be kept.
fn hold(parser: fn(&[u8]), folders: &[&str], mutations: u32) {
    let corpus: Vec<Vec<u8>> = folders.iter().flat_map(|folder| files(folder)).collect();
    assert!(corpus.len() >= 3, "the corpus in {folders:?} has {} inputs", corpus.len());
    let mut dice = Dice(0x0057_A11E_7114_E5A1);
    let mutated = (0..mutations).map(|_| dice.mutate(&corpus));
    for input in corpus.iter().cloned().chain(mutated) {
        if let Err(broken) = catch_unwind(AssertUnwindSafe(|| parser(&input))) {
            eprintln!("with this input: b\"{}\"", input.escape_ascii());
            resume_unwind(broken);
        }
    }
}

#[test]
fn sip_messages() {
    hold(parsers::sip_message, &["../../fuzz/corpus/sip_message", "tests/torture"], MUTATIONS);
}

#[test]
fn sip_addresses() {
    hold(parsers::sip_address, &["../../fuzz/corpus/sip_address"], MUTATIONS);
}

#[test]
fn sip_fields() {
    hold(parsers::sip_field, &["../../fuzz/corpus/sip_field"], MUTATIONS);
}

#[test]
fn session_descriptions() {
    hold(parsers::sdp, &["../../fuzz/corpus/sdp"], MUTATIONS);
}

#[test]
fn browsers_offers() {
    hold(parsers::browser_offer, &["../../fuzz/corpus/browser_offer"], MUTATIONS_OF_OFFERS);
}

#[test]
fn media_datagrams() {
    hold(parsers::rtp, &["../../fuzz/corpus/rtp"], MUTATIONS);
}

#[test]
fn rtcp_packets() {
    hold(parsers::rtcp, &["../../fuzz/corpus/rtcp"], MUTATIONS);
}

#[test]
fn telephone_events() {
    hold(parsers::telephone_event, &["../../fuzz/corpus/telephone_event"], MUTATIONS);
}

#[test]
fn digests() {
    hold(parsers::digest, &["../../fuzz/corpus/digest"], MUTATIONS);
}

#[test]
fn audio_payloads() {
    hold(parsers::audio_payload, &["../../fuzz/corpus/audio_payload"], MUTATIONS_OF_AUDIO);
}

#[test]
fn identities() {
    hold(parsers::identity, &["../../fuzz/corpus/identity"], MUTATIONS);
}
