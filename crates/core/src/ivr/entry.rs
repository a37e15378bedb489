//! Digits keyed one by one until `#`: a phone number, a code, an identifier. Here every digit is data; only `*` and `#` are not.

/// Digits kept of one entry: longer than any number or identifier that is asked for. What comes after is dropped, and the entry is
/// then no valid one.
const DIGITS_MAX: usize = 40;

/// An entry being keyed.
#[derive(Debug, Default)]
pub(super) struct Entry {
    digits: String,
    /// The last key was a star.
    starred: bool,
}

/// What a key made of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Keyed {
    /// More is to come.
    More,
    /// Cleared by `*`.
    Cleared,
    /// `**`: the caller wants the main menu.
    Home,
    /// Ended by `#`: these are the digits.
    Done(String),
}

impl Entry {
    pub(super) const fn new() -> Self {
        Self { digits: String::new(), starred: false }
    }

    pub(super) fn key(&mut self, digit: char) -> Keyed {
        match digit {
            '#' => self.end(),
            '*' if self.starred => Keyed::Home,
            '*' => {
                self.digits.clear();
                self.starred = true;
                Keyed::Cleared
            }
            digit => {
                self.starred = false;
                if self.digits.len() < DIGITS_MAX {
                    self.digits.push(digit);
                }
                Keyed::More
            }
        }
    }

    /// No more keys came: that counts as `#`.
    pub(super) fn end(&mut self) -> Keyed {
        self.starred = false;
        Keyed::Done(std::mem::take(&mut self.digits))
    }

    /// What was keyed so far.
    pub(super) fn so_far(&self) -> &str {
        &self.digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(entry: &mut Entry, keys: &str) -> Keyed {
        keys.chars().map(|key| entry.key(key)).last().unwrap_or(Keyed::More)
    }

    #[test]
    fn pound_ends_star_clears_and_two_stars_lead_home() {
        let mut entry = Entry::default();
        assert_eq!(keys(&mut entry, "190#"), Keyed::Done("190".to_owned()));
        assert_eq!(keys(&mut entry, "#"), Keyed::Done(String::new()));
        assert_eq!(keys(&mut entry, "12*"), Keyed::Cleared);
        assert_eq!(keys(&mut entry, "34#"), Keyed::Done("34".to_owned()));
        assert_eq!(keys(&mut entry, "1*2*"), Keyed::Cleared, "a digit between two stars");
        assert_eq!(keys(&mut entry, "*"), Keyed::Home);
    }

    #[test]
    fn a_stuck_key_fills_no_memory() {
        let mut entry = Entry::default();
        assert_eq!(keys(&mut entry, &"7".repeat(10_000)), Keyed::More);
        assert_eq!(entry.so_far().len(), DIGITS_MAX);
    }
}
