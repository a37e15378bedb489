//! `[ladder]`: what each factor proves, what speaks against it, and what each act needs, where an operator has it otherwise than shipped.
//! A row that is written replaces the shipped one whole, source and all.

use super::ConfigError;
use super::document::Section;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use walletline_core::identity::Ladder;
use walletline_core::kernel::assurance::Level;

/// A contact may be idle at A3 for this long at most, in seconds: an hour.
const IDLE_S_MAX: u32 = 3_600;

/// Accounts from one calling number: more than a household has.
const ACCOUNTS_MAX: u32 = 1_000;

/// Reads the ladder.
pub(super) fn read(mut section: Section) -> Result<Ladder, ConfigError> {
    let mut ladder = Ladder::default();
    if let Some(idle_s) = section.number("idle_s", 1..=IDLE_S_MAX)? {
        ladder.idle_s = idle_s;
    }
    if let Some(max) = section.number("velocity_max", 1..=ACCOUNTS_MAX)? {
        ladder.velocity_max = usize::try_from(max).unwrap_or(usize::MAX);
    }
    ladder.factors.extend(rows(&mut section, "factors")?);
    ladder.signals.extend(rows(&mut section, "signals")?);
    ladder.acts.extend(rows(&mut section, "acts")?);
    let shipped = Ladder::default();
    let tells = shipped.acts.keys().filter(|act| shipped.needs(**act) >= Level::A2);
    if tells.into_iter().any(|act| ladder.needs(*act) < Level::A2) {
        return Err(section.error("acts", "an act that tells or changes something of an account needs A2 at least"));
    }
    section.finish()?;
    Ok(ladder)
}

/// Rows by the name of what they are about.
fn rows<K: DeserializeOwned + Ord, V: DeserializeOwned>(
    section: &mut Section,
    key: &'static str,
) -> Result<BTreeMap<K, V>, ConfigError> {
    let Some(value) = section.value(key) else { return Ok(BTreeMap::new()) };
    value.try_into().map_err(|error: toml::de::Error| section.error(key, error.message()))
}
