//! Two words by which a customer knows the call that they asked for: they were shown them when it was noted, and whoever calls says them
//! first. Numbers of words in a list that each language has; the words themselves are kept at the edge.

use super::time::{Span, Wall};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Words in a list.
pub const WORDS: u8 = 128;

/// How long a phrase is worth saying: nobody remembers it for longer, and the message with it lies about meanwhile.
const GOOD_FOR: Span = Span::from_s(3 * 24 * 3_600);

/// Two different words of a list. Kept from logs: whoever reads them could call in our name.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "[u8; 2]", into = "[u8; 2]")]
pub struct Words([u8; 2]);

/// The numbers are no two words of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a phrase is two different words of the list")]
pub struct BadWords;

impl Words {
    /// The words that follow from a random number; each of the 16,256 phrases as likely as the others.
    #[must_use]
    pub const fn draw(random: u64) -> Self {
        let first = (random % WORDS as u64) as u8;
        let second = (random / WORDS as u64 % (WORDS as u64 - 1)) as u8;
        Self([first, if second >= first { second + 1 } else { second }])
    }

    /// Which words of the list, in order.
    #[must_use]
    pub const fn numbers(self) -> [u8; 2] {
        self.0
    }
}

impl TryFrom<[u8; 2]> for Words {
    type Error = BadWords;

    fn try_from(numbers: [u8; 2]) -> Result<Self, BadWords> {
        let [first, second] = numbers;
        if first < WORDS && second < WORDS && first != second { Ok(Self(numbers)) } else { Err(BadWords) }
    }
}

impl From<Words> for [u8; 2] {
    fn from(words: Words) -> Self {
        words.0
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words(…)")
    }
}

/// A phrase and how long it is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// Its words.
    pub words: Words,
    /// From then on nobody says it.
    pub good_until: Wall,
}

impl Phrase {
    /// A phrase that is new now.
    #[must_use]
    pub fn new(words: Words, now: Wall) -> Self {
        Self { words, good_until: now + GOOD_FOR }
    }

    /// Whether it may be said.
    #[must_use]
    pub fn is_good(&self, now: Wall) -> bool {
        now < self.good_until
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_phrase_has_two_words_of_the_list_and_none_is_drawn_more_often() {
        let all = u64::from(WORDS) * (u64::from(WORDS) - 1);
        let drawn: HashSet<[u8; 2]> = (0..all).map(|random| Words::draw(random).numbers()).collect();
        assert_eq!(drawn.len(), 16_256);
        assert!(drawn.iter().all(|numbers| Words::try_from(*numbers).is_ok()));
        for wrong in [[1, 1], [WORDS, 0], [0, WORDS]] {
            assert_eq!(Words::try_from(wrong), Err(BadWords));
        }
        assert_eq!(format!("{:?}", Words::draw(7)), "Words(…)");
    }

    #[test]
    fn a_phrase_is_good_for_three_days() {
        let phrase = Phrase::new(Words::draw(7), Wall(0));
        assert!(phrase.is_good(Wall(3 * 86_400_000_000 - 1)) && !phrase.is_good(Wall(3 * 86_400_000_000)));
    }
}
