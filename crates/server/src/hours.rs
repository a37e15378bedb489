//! Opening hours: the shipped plans of `hours/`, and over them the operator's own from `<data.dir>/hours`. Read once, at the start; a
//! plan that a line names and that is not there, or does not hold together, refuses the start in one line.

use crate::config::{Config, ConfigError};
use crate::times::Times;
use rust_embed::Embed;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use walletline_core::kernel::time::{Span, Wall};
use walletline_core::queue::hours::{Hours, Next, Plan, Standing};

#[derive(Embed)]
#[folder = "../../hours"]
struct Shipped;

/// How far ahead the operator is warned of holidays that nobody has written down.
const WARN_AHEAD: Span = Span::from_s(60 * 24 * 3_600);

/// The hours of whatever keeps some.
#[derive(Debug, Default)]
pub struct Kept {
    /// Of lines, by number.
    pub lines: BTreeMap<String, Arc<Hours>>,
    /// Of numbers outside that calls are handed on to, by id.
    pub transfers: BTreeMap<String, Arc<Hours>>,
}

/// The hours of every line and every number outside that keeps some.
///
/// # Errors
/// [`ConfigError`] names the line, the number or the file, and what is wrong.
pub fn load(config: &Config, times: &Times) -> Result<Kept, ConfigError> {
    let mut plans = BTreeMap::new();
    for name in Shipped::iter() {
        let Some(file) = Shipped::get(&name) else { continue };
        add(&mut plans, &format!("hours/{name}"), &String::from_utf8_lossy(&file.data))?;
    }
    for (name, text) in own(&config.data.dir.join("hours"))? {
        add(&mut plans, &name, &text)?;
    }
    let of = |key: String, name: &Option<String>, wallet: &str| {
        let Some(name) = name else { return Ok(None) };
        let known = plans.keys().cloned().collect::<Vec<_>>().join(", ");
        let plan =
            plans.get(name).ok_or_else(|| ConfigError::new(&key, format!("there is no plan `{name}`: known are {known}")))?;
        let Some(wallet) = config.wallets.iter().find(|known| known.id == wallet) else { return Ok(None) };
        let hours = Hours::new(plan.clone(), wallet.zone.clone(), times.calendars());
        hours.map(|hours| Some(Arc::new(hours))).map_err(|error| ConfigError::new(key, error))
    };
    let mut kept = Kept::default();
    for (place, line) in config.lines.iter().enumerate() {
        let hours = of(format!("line[{place}].hours"), &line.hours, &line.wallet)?;
        kept.lines.extend(hours.map(|hours| (line.number.clone(), hours)));
    }
    for (place, transfer) in config.transfers.iter().enumerate() {
        let hours = of(format!("transfer[{place}].hours"), &transfer.hours, &transfer.wallet)?;
        kept.transfers.extend(hours.map(|hours| (transfer.id.clone(), hours)));
    }
    Ok(kept)
}

/// Warns of a year that comes soon and whose holidays nobody has written down: the line will go by the ordinary week then.
pub fn warn_of_unknown_years(hours: &BTreeMap<String, Arc<Hours>>, now: Wall) {
    for (line, hours) in hours {
        let year = match (hours.status(None, now + WARN_AHEAD), hours.next_opening(None, now + WARN_AHEAD)) {
            (Standing::NotAnnounced { year }, _) | (_, Next::NotAnnounced(year)) => year,
            _ => continue,
        };
        let plan = hours.id();
        tracing::warn!(
            line,
            plan,
            year,
            "the holidays of a year to come are not in the calendar: the line will keep ordinary hours"
        );
    }
}

fn add(plans: &mut BTreeMap<String, Plan>, name: &str, text: &str) -> Result<(), ConfigError> {
    let plan: Plan = toml::from_str(text).map_err(|error| ConfigError::new(name, error.message()))?;
    // A later file takes the place of an earlier one of the same name: the operator's own wins over the shipped one.
    plans.insert(plan.id.clone(), plan);
    Ok(())
}

fn own(folder: &Path) -> Result<Vec<(String, String)>, ConfigError> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    paths.sort();
    let read = |path: std::path::PathBuf| {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|e| ConfigError::new(&name, format!("cannot be read: {e}")))?;
        Ok((name, text))
    };
    paths.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_plan_is_a_plan_under_its_own_name() {
        let mut plans = BTreeMap::new();
        for name in Shipped::iter() {
            let file = Shipped::get(&name).unwrap();
            add(&mut plans, &name, &String::from_utf8_lossy(&file.data)).unwrap();
            assert!(plans.contains_key(name.trim_end_matches(".toml")), "{name}");
        }
        assert_eq!(plans.len(), 3);
    }
}
