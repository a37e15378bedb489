//! Chance that follows from a seed: the same seed throws the same numbers on every machine. Nothing in a simulated world may ask
//! any other source.

/// Dice with a seed.
#[derive(Debug, Clone)]
pub struct Dice(fastrand::Rng);

impl Dice {
    /// Dice that throw what follows from this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A number below `bound`; zero when nothing is below it.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.0.u64(0..bound) }
    }

    /// A number from `low` to `high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in this many of a hundred throws.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of several.
    pub fn one_of<T: Copy>(&mut self, among: &[T]) -> Option<T> {
        let at = usize::try_from(self.below(among.len() as u64)).unwrap_or(0);
        among.get(at).copied()
    }

    /// Any number at all.
    pub fn any(&mut self) -> u64 {
        self.0.u64(..)
    }
}
