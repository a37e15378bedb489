//! A caller who waits and an agent who can take the call are never both idle past one tick, but for the pause between two rounds of
//! offers that nobody took.

use walletline_core::agent::{PresenceState, Staff};
use walletline_core::kernel::language::Language;
use walletline_core::kernel::time::{Mono, Span};
use walletline_core::switchboard::live::Snapshot;
use walletline_core::switchboard::{Queue, Settings};

/// Since when an idle pair stands beside each other.
#[derive(Debug, Default)]
pub struct IdlePair {
    since: Option<Mono>,
}

impl IdlePair {
    /// Looks at what the screens show. `heard` says whether an agent can be reached at a desk or on a phone.
    ///
    /// # Errors
    /// When a pair stays idle.
    pub fn step(
        &mut self,
        fresh: &Snapshot,
        staff: &[Staff],
        queues: &[Queue],
        heard: impl Fn(&Staff) -> bool,
        now: Mono,
    ) -> Result<(), String> {
        let ready = |member: &&Staff| {
            fresh.agents.get(&member.id).is_some_and(|agent| agent.presence == PresenceState::Ready) && heard(member)
        };
        let waits = |queue: &Queue| {
            let offered = fresh.offers.values().filter(|offer| offer.contact.queue == queue.id).count();
            let waiting = fresh.queues.get(&queue.id).map_or(0, |queue| queue.waiting);
            usize::try_from(waiting).unwrap_or(0) > offered
        };
        // Which language a caller chose is not on the screens: only whoever speaks all of them is certainly able.
        let able = |member: &Staff, queue: &Queue| {
            Language::ALL.iter().all(|language| member.languages.contains(language))
                && queue.skills.iter().all(|skill| member.skills.contains(skill))
        };
        let pair = staff.iter().filter(ready).find_map(|member| {
            queues.iter().find(|queue| waits(queue) && able(member, queue)).map(|queue| (member.number.clone(), queue.id.clone()))
        });
        let Some((agent, queue)) = pair else {
            self.since = None;
            return Ok(());
        };
        let since = *self.since.get_or_insert(now);
        let tick = Span(Settings::default().round_pause.0 + 100_000);
        if now - since > tick {
            return Err(format!("{agent} is free and somebody waits in {queue} for {} ms", (now - since).0 / 1_000));
        }
        Ok(())
    }
}
