//! How long things usually take, and how long rules give us: the shipped windows, regimes and calendars, and over them the operator's own
//! from `<data.dir>/windows`, `<data.dir>/clocks` and `<data.dir>/calendars`. Read once, at the start; what does not hold together refuses
//! the start in one line.

use crate::config::Config;
use rust_embed::Embed;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use walletline_core::cases::Regime;
use walletline_core::ivr::phrases;
use walletline_core::ivr::prompt::Spoken;
use walletline_core::ivr::run::UsualTime;
use walletline_core::kernel::calendar::{Calendar, Calendars};
use walletline_core::kernel::length::Length;
use walletline_core::wallet::window::{Corridor, Kind, Rail, Window, WindowFile, check, find};

#[derive(Embed)]
#[folder = "../../windows"]
struct ShippedWindows;

#[derive(Embed)]
#[folder = "../../clocks"]
struct ShippedRegimes;

#[derive(Embed)]
#[folder = "../../calendars"]
struct ShippedCalendars;

/// Windows, regimes and the calendars they count on.
#[derive(Clone)]
pub struct Times(Arc<Parts>);

struct Parts {
    windows: Vec<Window>,
    regimes: BTreeMap<String, Regime>,
    calendars: Calendars,
}

/// A file of windows or a calendar that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadTimes(String);

/// What the menu says of each kind, and on which rail.
const SAID: [(usize, Kind, &str); 5] = [
    (0, Kind::WalletToWallet, "internal"),
    (1, Kind::MerchantPayment, "internal"),
    (2, Kind::BankTransfer, "bank_withdrawal"),
    (3, Kind::CrossBorder, "swift_gpi"),
    (4, Kind::Refund, "*"),
];

impl Times {
    /// The shipped files and the operator's.
    ///
    /// # Errors
    /// [`BadTimes`] names the file and what is wrong with it.
    pub fn load(config: &Config) -> Result<Self, BadTimes> {
        let mut windows = read_all::<ShippedWindows, WindowFile>("windows")?;
        windows.extend(read_own::<WindowFile>(&config.data.dir.join("windows"))?);
        let mut calendars = read_all::<ShippedCalendars, Calendar>("calendars")?;
        calendars.extend(read_own::<Calendar>(&config.data.dir.join("calendars"))?);
        let mut regimes = read_all::<ShippedRegimes, Regime>("clocks")?;
        regimes.extend(read_own::<Regime>(&config.data.dir.join("clocks"))?);
        let times = Self::of(windows, regimes, calendars)?;
        for (place, wallet) in config.wallets.iter().enumerate() {
            if let Some(unknown) = wallet.regimes.iter().find(|id| times.regime(id).is_none()) {
                let known = times.0.regimes.keys().cloned().collect::<Vec<_>>().join(", ");
                return Err(BadTimes(format!("wallet[{place}].regimes: there is no regime `{unknown}`: known are {known}")));
            }
        }
        Ok(times)
    }

    /// The shipped files alone.
    #[cfg(test)]
    pub(crate) fn shipped() -> Result<Self, BadTimes> {
        let windows = read_all::<ShippedWindows, WindowFile>("windows")?;
        let regimes = read_all::<ShippedRegimes, Regime>("clocks")?;
        Self::of(windows, regimes, read_all::<ShippedCalendars, Calendar>("calendars")?)
    }

    fn of(windows: Vec<WindowFile>, regimes: Vec<Regime>, calendars: Vec<Calendar>) -> Result<Self, BadTimes> {
        let (windows, calendars): (Vec<Window>, Calendars) =
            (windows.into_iter().flat_map(|file| file.windows).collect(), calendars.into_iter().collect());
        for regime in &regimes {
            regime.check(&calendars).map_err(|error| BadTimes(error.to_string()))?;
        }
        // A later file takes the place of an earlier one of the same name: the operator's own wins over the shipped one.
        let regimes = regimes.into_iter().map(|regime| (regime.id.clone(), regime)).collect();
        match check(&windows, &calendars).first() {
            None => Ok(Self(Arc::new(Parts { windows, regimes, calendars }))),
            Some(problem) => Err(BadTimes(problem.to_string())),
        }
    }

    /// The window for a transaction.
    #[must_use]
    pub fn window(&self, wallet: &str, kind: Kind, rail: &Rail, corridor: Corridor) -> Option<&Window> {
        find(&self.0.windows, wallet, kind, rail, corridor)
    }

    /// A regime, by its id.
    #[must_use]
    pub fn regime(&self, id: &str) -> Option<&Regime> {
        self.0.regimes.get(id)
    }

    /// The calendars.
    #[must_use]
    pub fn calendars(&self) -> &Calendars {
        &self.0.calendars
    }

    /// Every window.
    #[cfg(test)]
    pub(crate) fn windows(&self) -> &[Window] {
        &self.0.windows
    }

    /// What the menu says of a wallet's usual times.
    #[must_use]
    pub fn said(&self, wallet: &str) -> Arc<[UsualTime]> {
        let said = SAID.iter().filter_map(|(place, kind, rail)| {
            let rail = rail.parse().unwrap_or_else(|_| Rail::any());
            let window = self.window(wallet, *kind, &rail, Corridor::ANY)?;
            let (_, nearly_all) = window.usual();
            Some(UsualTime { prompt: phrases::TIMES[*place], usual: spoken(nearly_all), late: spoken(window.late_after) })
        });
        said.collect()
    }
}

const fn spoken(length: Length) -> Spoken {
    match length {
        Length::Seconds(seconds) => Spoken::Duration(seconds as u64),
        Length::BusinessDays(days) => Spoken::BusinessDays(days),
    }
}

fn read_all<E: Embed, T: DeserializeOwned>(folder: &str) -> Result<Vec<T>, BadTimes> {
    let files = E::iter().filter_map(|name| Some((name.clone(), E::get(&name)?)));
    files.map(|(name, file)| parse(&format!("{folder}/{name}"), &String::from_utf8_lossy(&file.data))).collect()
}

fn read_own<T: DeserializeOwned>(folder: &Path) -> Result<Vec<T>, BadTimes> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    paths.sort();
    let read = |path: std::path::PathBuf| {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| BadTimes(format!("{name}: cannot be read: {error}")))?;
        parse(&name, &text)
    };
    paths.into_iter().map(read).collect()
}

fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, BadTimes> {
    toml::from_str(text).map_err(|error| BadTimes(format!("{name}: {}", error.message())))
}
