//! Teams: who leads whom. Whoever leads agents sees, hears and reads what those do, and of the others nothing.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// Longest name, bytes.
const NAME_BYTES_MAX: usize = 32;

/// Teams that one person may belong to, or lead by name.
pub const TEAMS_MAX: usize = 20;

/// The word that stands for every team.
const ALL: &str = "all";

/// A team's name: small letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Team(String);

/// Not a team's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a team is named by 1 to {NAME_BYTES_MAX} small letters, digits and hyphens, and not `{ALL}`")]
pub struct BadTeam;

impl FromStr for Team {
    type Err = BadTeam;

    fn from_str(text: &str) -> Result<Self, BadTeam> {
        let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = (1..=NAME_BYTES_MAX).contains(&text.len()) && text.bytes().all(good) && text != ALL;
        fits.then(|| Self(text.to_owned())).ok_or(BadTeam)
    }
}

impl fmt::Display for Team {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Team {
    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The teams that somebody belongs to, or leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Teams {
    /// Every team, and whoever belongs to none: only somebody who leads agents, and only where somebody decided so.
    All,
    /// These. Whoever leads agents and is given none leads nobody.
    Named(BTreeSet<Team>),
}

impl Default for Teams {
    fn default() -> Self {
        Self::Named(BTreeSet::new())
    }
}

impl Teams {
    /// Whoever leads these teams leads somebody who belongs to `others`. A person for whom every team was chosen belongs to none.
    #[must_use]
    pub fn cover(&self, others: &Self) -> bool {
        match (self, others) {
            (Self::All, _) => true,
            (Self::Named(_), Self::All) => false,
            (Self::Named(mine), Self::Named(theirs)) => !mine.is_disjoint(theirs),
        }
    }

    /// The teams by name; none where it is every one.
    #[must_use]
    pub const fn named(&self) -> Option<&BTreeSet<Team>> {
        match self {
            Self::All => None,
            Self::Named(teams) => Some(teams),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn teams(names: &[&str]) -> Teams {
        Teams::Named(names.iter().map(|name| name.parse().unwrap()).collect())
    }

    #[test]
    fn a_name_is_plain_and_never_the_word_for_every_team() {
        for bad in ["", "all", "Day", "a b", "é", &"x".repeat(33)] {
            assert_eq!(bad.parse::<Team>(), Err(BadTeam), "{bad}");
        }
        assert_eq!("refunds-2".parse::<Team>().unwrap().as_str(), "refunds-2");
    }

    #[test]
    fn whoever_leads_covers_a_shared_team_and_nothing_else() {
        assert!(teams(&["day", "night"]).cover(&teams(&["night"])));
        assert!(!teams(&["day"]).cover(&teams(&["night"])));
        assert!(!teams(&["day"]).cover(&teams(&[])), "who belongs to no team is led by whoever leads all");
        assert!(!teams(&[]).cover(&teams(&[])));
        assert!(Teams::All.cover(&teams(&[])));
        assert!(Teams::All.cover(&Teams::All));
        assert!(!teams(&["day"]).cover(&Teams::All));
    }
}
