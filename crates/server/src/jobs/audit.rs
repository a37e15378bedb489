//! The hasher of the audit log: the only one that gives entries their leaves. Once a minute it takes what was committed since,
//! grows the tree, signs its head, stores both at once and shows the head to the witness. It keeps nothing between two rounds but
//! what the store has, and never signs over a head that does not fit its own tree.

use crate::audit::{Signer, Witness};
use crate::config::Config;
use crate::engine::Clock;
use crate::keyring::Keyring;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval};
use walletline_core::audit::{Head, SealedHead, Tree, leaf_bytes, leaf_hash};
use walletline_store::{CommitError, PAGE_MAX, ReadError, Seal, Store};

/// An entry that is changed before it is hashed is changed unseen: for at most this long.
const EVERY: Duration = Duration::from_secs(60);

/// Why nothing was hashed.
#[derive(Debug, thiserror::Error)]
enum HashError {
    /// The log could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The head could not be written, or somebody else hashed at the same time.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// To go on from there would sign what nobody wrote.
    #[error("the head at {0} entries was changed: run `walletline audit verify`; nothing is hashed until it is set right")]
    Head(u64),
}

/// Hashes and signs.
pub struct Hasher {
    store: Store,
    clock: Clock,
    signer: Option<Signer>,
    witness: Option<Witness>,
}

impl Hasher {
    /// A hasher as the configuration wants it.
    #[must_use]
    pub fn new(store: Store, clock: Clock, keyring: Option<&Keyring>, config: &Config) -> Self {
        let witness = config.audit.witness.clone().map(Witness::at);
        Self { store, clock, signer: keyring.map(Signer::new), witness }
    }

    /// Works at once, once a minute, and once more when told to stop, which is to be done after the last commit.
    pub async fn run(mut self, mut stop: oneshot::Receiver<()>) {
        if self.signer.is_none() {
            tracing::warn!("keys.master is not set: the heads of the audit log are not signed");
        }
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = &mut stop => break,
                _ = ticks.tick() => self.round().await,
            }
        }
        self.round().await;
    }

    /// Everything that is new. What fails is tried again by the next round.
    async fn round(&mut self) {
        if let Err(error) = self.hash().await {
            metrics::counter!("walletline_audit_failures_total").increment(1);
            tracing::error!(%error, "the audit log could not be hashed");
        }
    }

    async fn hash(&mut self) -> Result<(), HashError> {
        let mut last = self.store.audit_last_head().await?;
        loop {
            let tree = match &last {
                None => Tree::default(),
                Some(sealed) => sealed.tree().ok_or(HashError::Head(sealed.head.size))?,
            };
            // Also when it is an old one: the witness may have missed it.
            if let Some(sealed) = &last {
                self.show(sealed).await;
            }
            match self.grow(tree).await? {
                None => return Ok(()),
                grown => last = grown,
            }
        }
    }

    /// The head over a page more, stored; none when there is nothing new.
    async fn grow(&self, mut tree: Tree) -> Result<Option<SealedHead>, HashError> {
        let lines = self.store.audit_unhashed(0, PAGE_MAX).await?;
        if lines.is_empty() {
            return Ok(None);
        }
        for line in &lines {
            tree.push(leaf_hash(&leaf_bytes(&line.entry)));
        }
        let head = Head::of(&tree, self.clock.wall());
        let signature = self.signer.as_ref().map(|signer| signer.sign(&head));
        let sealed = SealedHead { head, peaks: tree.peaks().to_vec(), signature };
        let entries = lines.iter().map(|line| line.seq).collect();
        self.store.seal(Seal { entries, head: sealed.clone() }).await?;
        metrics::counter!("walletline_audit_heads_total").increment(1);
        Ok(Some(sealed))
    }

    /// Shows a head to the witness. Calls go on without one; the head is owed until it can be written again.
    async fn show(&mut self, sealed: &SealedHead) {
        let Some(witness) = &mut self.witness else { return };
        if let Err(error) = witness.keep(sealed).await {
            metrics::counter!("walletline_audit_witness_failures_total").increment(1);
            tracing::warn!(%error, "audit.witness cannot be written: until it can, a log that is cut back or written anew goes unseen");
        }
    }
}
