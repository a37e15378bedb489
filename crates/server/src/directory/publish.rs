//! The publisher: signs an edition when what is listed has changed, when the last one nears its end, or when a key rolls over; and
//! holds the last edition for whoever asks. It never signs an older number again, and says nothing of a directory it cannot sign.

use super::document::{Document, HISTORY, Keys, Past, Turn, WalletName};
use super::jws::Signer;
use crate::config::{Config, Wallet};
use crate::engine::Clock;
use crate::keyring::{DIRECTORY, Keyring, KeyringError};
use arc_swap::ArcSwapOption;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify, oneshot};
use tokio::time::{MissedTickBehavior, interval};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::directory::{Edition, Listed, ShortCodes, Words};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::language::Language;
use walletline_core::kernel::time::Wall;
use walletline_store::{CommitError, ReadError, Store};
use zeroize::Zeroizing;

/// How often it is looked whether something is due: what another program approved on the same database appears within this time.
const EVERY: Duration = Duration::from_secs(60);

/// An edition is made again this often when another program published at the same time.
const TRIES_MAX: usize = 3;

/// The shipped table of short codes.
const SHORT_CODES: &str = include_str!("../../../../numbering/short-codes.toml");

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The directory could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The edition could not be kept.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A source of keys gives none.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The shipped table is not sound.
    #[error("numbering/short-codes.toml: {0}")]
    ShortCodes(String),
}

/// The official directory of this program. A clone is the same.
#[derive(Clone)]
pub struct Directory(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) codes: ShortCodes,
    issuer: String,
    wallets: Vec<WalletName>,
    keys: Option<Keys>,
    last: ArcSwapOption<Edition>,
    /// Held by whoever publishes.
    publishing: Mutex<()>,
    wake: Notify,
}

impl Directory {
    /// The directory over a store. Without a keyring nothing is signed, and the last edition runs out.
    ///
    /// # Errors
    /// When `keys.previous` gives no key.
    pub fn new(config: &Config, store: Store, clock: Clock, keyring: Option<&Keyring>) -> Result<Self, DirectoryError> {
        let signer = |keyring: &Keyring| Signer::new(&Zeroizing::new(keyring.derive(DIRECTORY)));
        let previous = Keyring::load_previous(config)?;
        let keys = keyring.map(|keyring| Keys { current: signer(keyring), previous: previous.as_ref().map(signer) });
        let codes = toml::from_str(SHORT_CODES).map_err(|error| DirectoryError::ShortCodes(error.to_string()))?;
        let inner = Inner {
            store,
            clock,
            codes,
            issuer: config.http.public_url.clone(),
            wallets: config.wallets.iter().map(name).collect(),
            keys,
            last: ArcSwapOption::empty(),
            publishing: Mutex::new(()),
            wake: Notify::new(),
        };
        Ok(Self(Arc::new(inner)))
    }

    /// The last edition, when it may be relied on now.
    #[must_use]
    pub fn edition(&self) -> Option<Arc<Edition>> {
        self.last().filter(|edition| edition.is_valid(self.0.clock.wall()))
    }

    /// The last edition, however old it is.
    pub(crate) fn last(&self) -> Option<Arc<Edition>> {
        self.0.last.load_full()
    }

    /// What an edition that may be relied on lists of a wallet, in its order.
    #[must_use]
    pub fn listed(&self, wallet: &str) -> Vec<Listed> {
        let edition = self.edition();
        edition.iter().flat_map(|edition| &edition.listed).filter(|listed| listed.wallet == wallet).cloned().collect()
    }

    /// The number to call of a wallet: the first that is listed; none when no edition that may be relied on lists one.
    #[must_use]
    pub fn official(&self, wallet: &str) -> Option<Listed> {
        self.listed(wallet).into_iter().find(|listed| listed.entry.address.kind().is_dialled())
    }

    /// Has it looked soon whether something is due.
    pub(crate) fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// Works once a minute, and when woken, until told to stop.
    pub async fn run(self, mut stop: oneshot::Receiver<()>) {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = &mut stop => return,
                _ = ticks.tick() => {}
                () = self.0.wake.notified() => {}
            }
            if let Err(error) = self.publish().await {
                metrics::counter!("walletline_directory_failures_total").increment(1);
                tracing::error!(%error, "the official directory could not be published");
            }
        }
    }

    /// Signs an edition when one is due, and takes the last one up either way.
    ///
    /// # Errors
    /// [`DirectoryError`] when the store fails. What was published before stays.
    pub async fn publish(&self) -> Result<(), DirectoryError> {
        let inner = &self.0;
        let _alone = inner.publishing.lock().await;
        self.forget_reports().await?;
        for tries_left in (0..TRIES_MAX).rev() {
            let last = inner.store.last_edition().await?;
            let Some(next) = self.due(last.as_ref()).await? else {
                inner.last.store(last.map(Arc::new));
                return Ok(());
            };
            match inner.store.commit(next.published()).await {
                Ok(()) => {
                    metrics::counter!("walletline_directory_editions_total").increment(1);
                    tracing::info!(version = next.version, key = next.key, "the official directory was published");
                    inner.last.store(Some(Arc::new(next)));
                    return Ok(());
                }
                Err(CommitError::Conflict(_)) if tries_left > 0 => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The edition that must follow the last one now; none when it may stand, or nobody here can sign.
    async fn due(&self, last: Option<&Edition>) -> Result<Option<Edition>, ReadError> {
        let inner = &self.0;
        let Some(keys) = &inner.keys else { return Ok(None) };
        let listed = inner.store.listed().await?;
        if last.is_none() && listed.is_empty() {
            // An empty directory would call every number of ours unknown.
            return Ok(None);
        }
        let now = inner.clock.wall();
        let said = last.and_then(Document::of);
        let turn = keys.turn(said.as_ref(), &inner.issuer, now);
        let stands = |document: &Document, turn: &Turn<'_>| {
            turn.is_said_by(document) && document.issuer == inner.issuer && document.wallets == inner.wallets
        };
        let is_due = last.is_none_or(|last| last.is_due(&listed, now)) || said.as_ref().is_none_or(|said| !stands(said, &turn));
        if !is_due {
            return Ok(None);
        }
        if turn.is_break {
            tracing::warn!(
                "the official directory is signed with a key that no earlier one vouches for: partners who pinned the earlier key \
                 will refuse it; set keys.previous to the master key before, or tell them the new key id"
            );
        }
        let history = inner.store.edition_hashes(HISTORY).await?;
        let history = history.into_iter().map(|(version, sha256)| Past { version, sha256 }).collect();
        let facts = Edition::next(last, now);
        Ok(Some(turn.edition(&facts, &inner.issuer, inner.wallets.clone(), listed, history)))
    }

    /// Removes reports whose time has come.
    async fn forget_reports(&self) -> Result<(), DirectoryError> {
        let now: Wall = self.0.clock.wall();
        if self.0.store.suspects_expired(now).await? > 0 {
            let entry = Entry::new(now, Actor::System, "suspects.expired", "directory");
            self.0.store.commit(Commit::new(entry, vec![Change::SuspectsExpired(now)])).await?;
        }
        Ok(())
    }

    /// A wallet's name in a language; its id when it is not configured any more.
    pub(crate) fn wallet_name(&self, id: &str, language: Language) -> String {
        let wallet = self.0.wallets.iter().find(|wallet| wallet.id == id);
        wallet.map_or(id, |wallet| wallet.name.get(language)).to_owned()
    }
}

fn name(wallet: &Wallet) -> WalletName {
    let named = |language| wallet.name_in(language).to_owned();
    WalletName { id: wallet.id.clone(), name: Words { zh_cn: named(Language::ZhCn), en: named(Language::En) } }
}
