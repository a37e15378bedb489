//! Who takes whom next: a pure function over those who wait and those who are free.

use super::entry::{Entry, Needs, Waiting};
use crate::kernel::{
    ids::{ContactId, StaffId},
    language::Language,
    time::Mono,
};
use serde::{Deserialize, Serialize};

/// Whom a queue picks among the agents who could take a call. Names as the field spells them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strategy {
    /// The agent whose last call ended longest ago.
    #[default]
    #[serde(rename = "longest-idle-agent", alias = "leastrecent")]
    LongestIdle,
}

/// An agent who could be offered a call now.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Who.
    pub agent: StaffId,
    /// What they speak.
    pub languages: &'a [Language],
    /// What they can do.
    pub skills: &'a [String],
    /// Since when they have had no call.
    pub idle_since: Mono,
}

/// The next offer to make: the first caller in order whom a free agent can serve, and the one of these agents who has been idle
/// longest. An agent who let this caller pass is not asked again before every free agent was asked and the pause after it is over;
/// `true` says that with this pick a new round begins.
#[must_use]
pub fn pick(waiting: &Waiting, free: &[Candidate<'_>], now: Mono) -> Option<(ContactId, StaffId, bool)> {
    // Hundreds may wait for what none of hundreds can do: that is found out once, not for each of them.
    let of_kind = |(needs, entries): (&Needs, _)| {
        let able: Vec<&Candidate<'_>> = free.iter().filter(|candidate| candidate.serves(needs)).collect();
        if able.is_empty() { None } else { first_of(entries, &able, now) }
    };
    let picked = waiting.kinds().filter_map(of_kind).min_by_key(|(entry, _, _)| entry.rank());
    picked.map(|(entry, agent, new_round)| (entry.contact, agent, new_round))
}

/// The first of these callers whom one of these agents may be asked to take, and that agent.
fn first_of<'e>(
    mut entries: impl Iterator<Item = &'e Entry>,
    able: &[&Candidate<'_>],
    now: Mono,
) -> Option<(&'e Entry, StaffId, bool)> {
    entries.find_map(|entry| {
        if entry.offered {
            return None;
        }
        let longest_idle = |asked_before: bool| {
            able.iter()
                .filter(|candidate| entry.passed.contains(&candidate.agent) == asked_before)
                .min_by_key(|candidate| (candidate.idle_since, candidate.agent))
        };
        let new_round = || longest_idle(true).filter(|_| entry.round_at <= now).map(|candidate| (candidate, true));
        let (candidate, round) = longest_idle(false).map(|candidate| (candidate, false)).or_else(new_round)?;
        Some((entry, candidate.agent, round))
    })
}

impl Candidate<'_> {
    fn serves(&self, needs: &Needs) -> bool {
        self.languages.contains(&needs.language) && needs.skills.iter().all(|skill| self.skills.contains(skill))
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::tests::entry;
    use super::*;
    use std::sync::Arc;

    const BOTH: &[Language] = &[Language::ZhCn, Language::En];
    const EN: &[Language] = &[Language::En];

    fn free(agent: u128, languages: &'static [Language], idle_s: u64) -> Candidate<'static> {
        Candidate { agent: StaffId::from(agent), languages, skills: &[], idle_since: Mono(idle_s * 1_000_000) }
    }

    fn picked(waiting: &Waiting, free: &[Candidate<'_>], now_s: u64) -> Option<(u128, u128, bool)> {
        let picked = pick(waiting, free, Mono(now_s * 1_000_000))?;
        Some((picked.0.to_u128(), picked.1.to_u128(), picked.2))
    }

    #[test]
    fn the_first_caller_gets_the_longest_idle_agent() {
        let mut waiting = Waiting::default();
        waiting.join(entry(1, 3, 0));
        waiting.join(entry(2, 10, 5));
        assert_eq!(picked(&waiting, &[free(7, BOTH, 4), free(8, BOTH, 2)], 9), Some((2, 8, false)));
        assert_eq!(picked(&waiting, &[], 9), None);
    }

    #[test]
    fn language_and_skills_must_match() {
        let mut waiting = Waiting::default();
        waiting.join(Entry { language: Language::ZhCn, ..entry(1, 3, 0) });
        waiting.join(Entry { skills: Arc::from(["complaints".to_owned()]), ..entry(2, 3, 1) });
        assert_eq!(picked(&waiting, &[free(7, EN, 0)], 9), None);
        let skills = ["complaints".to_owned()];
        let able = Candidate { skills: &skills, ..free(8, EN, 5) };
        assert_eq!(picked(&waiting, &[free(7, EN, 0), able], 9), Some((2, 8, false)));
    }

    #[test]
    fn whom_nobody_can_serve_hides_nobody_else() {
        let mut waiting = Waiting::default();
        let skilled = || Arc::from(["complaints".to_owned()]);
        waiting.join(Entry { skills: skilled(), ..entry(1, 10, 0) });
        waiting.join(Entry { skills: skilled(), ..entry(2, 10, 1) });
        waiting.join(Entry { language: Language::ZhCn, skills: skilled(), ..entry(3, 10, 2) });
        waiting.join(entry(4, 3, 3));
        assert_eq!(picked(&waiting, &[free(7, EN, 0)], 9), Some((4, 7, false)));
        assert_eq!(picked(&waiting, &[], 9), None);
    }

    #[test]
    fn an_agent_who_let_it_pass_is_asked_again_after_all_others_and_a_pause() {
        let mut waiting = Waiting::default();
        let passed = [StaffId::from(7)].into();
        waiting.join(Entry { passed, round_at: Mono(12_000_000), ..entry(1, 3, 0) });
        assert_eq!(picked(&waiting, &[free(7, EN, 0), free(8, EN, 5)], 9), Some((1, 8, false)));
        assert_eq!(picked(&waiting, &[free(7, EN, 0)], 9), None);
        assert_eq!(picked(&waiting, &[free(7, EN, 0)], 12), Some((1, 7, true)));
    }

    #[test]
    fn whoever_is_offered_already_is_left_alone() {
        let mut waiting = Waiting::default();
        waiting.join(Entry { offered: true, ..entry(1, 10, 0) });
        waiting.join(entry(2, 3, 5));
        assert_eq!(picked(&waiting, &[free(7, EN, 0)], 9), Some((2, 7, false)));
    }
}
