//! How a case stands, for whoever holds its link: what is done, what is due next, what is missing. It names nobody, no payment and no sum.

use super::{Cases, first_due};
use crate::tracking::{self, Tracked};
use crate::uploads::{KeepError, Staged};
use walletline_core::cases::{Case, CaseKind, CaseState, Reference};
use walletline_core::kernel::{actor::Actor, pii::Pii, time::Wall};
use walletline_store::ReadError;

/// How far a case is, as its customer needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// We work on it.
    Working,
    /// We wait for something that only they can give us.
    WaitsForCustomer,
    /// Nothing is left to do.
    Closed,
}

/// A case as its link tells of it.
#[derive(Debug)]
pub struct Followed {
    /// What its customer calls it by.
    pub reference: String,
    /// The wallet, by id.
    pub wallet: String,
    /// What it is about.
    pub kind: CaseKind,
    /// How far it is.
    pub stage: Stage,
    /// When it was opened.
    pub opened_at: Wall,
    /// Until when an answer is due; none where no rule says so, or while we wait for them.
    pub due: Option<Wall>,
    /// When it was closed.
    pub closed_at: Option<Wall>,
    /// What was sent for it: what it is called, its bytes, and how it stands by name.
    pub evidence: Vec<(Pii<String>, u64, &'static str)>,
}

impl Cases {
    /// How a case stands, for whoever shows its link.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tracked(&self, reference: &str, until: &str, token: &str) -> Result<Tracked<Followed>, ReadError> {
        Ok(match self.opened(reference, until, token).await? {
            Tracked::NotOurs => Tracked::NotOurs,
            Tracked::Over => Tracked::Over,
            Tracked::Stands(case) => Tracked::Stands(self.followed(case).await?),
        })
    }

    /// Keeps a file that whoever holds the link sends; the link is looked at before.
    ///
    /// # Errors
    /// [`KeepError`].
    pub async fn add(&self, reference: &str, file: Staged) -> Result<(), KeepError> {
        let reference: Reference = reference.parse().map_err(|_| KeepError::Unavailable)?;
        let (_, case) = self.store.case_by_reference(&reference).await?.ok_or(KeepError::Unavailable)?;
        self.uploads.keep(file, &case, Actor::Visitor).await.map(|_| ())
    }

    /// The case that a link opens.
    async fn opened(&self, reference: &str, until: &str, token: &str) -> Result<Tracked<Case>, ReadError> {
        let Ok(reference) = reference.parse::<Reference>() else { return Ok(Tracked::NotOurs) };
        match tracking::open(&self.names, &reference, until, token, self.clock.wall()) {
            Tracked::NotOurs => return Ok(Tracked::NotOurs),
            Tracked::Over => return Ok(Tracked::Over),
            Tracked::Stands(()) => {}
        }
        // A row that is gone was over long ago.
        Ok(self.store.case_by_reference(&reference).await?.map_or(Tracked::Over, |(_, case)| Tracked::Stands(case)))
    }

    async fn followed(&self, case: Case) -> Result<Followed, ReadError> {
        let clocks = self.clocks(&case).await?;
        let uploads = self.store.uploads_of(case.id).await?;
        let stage = match case.state {
            CaseState::Closed => Stage::Closed,
            CaseState::Open if clocks.iter().any(|clock| clock.ended.is_none() && clock.is_paused()) => Stage::WaitsForCustomer,
            CaseState::Open => Stage::Working,
        };
        Ok(Followed {
            reference: case.reference.to_string(),
            kind: case.kind,
            stage,
            opened_at: case.opened_at,
            due: if stage == Stage::Working { first_due(&clocks) } else { None },
            closed_at: case.closed_at,
            evidence: uploads.into_iter().map(|upload| (upload.name, upload.size, upload.state.name())).collect(),
            wallet: case.wallet,
        })
    }
}
