//! Whether the number that a call shows can be believed: a carrier's own verdict, or the statement that the caller's network signed
//! (STIR/SHAKEN, docs/adr/0019-caller-id-trust.md). It runs beside the calls: no answer waits for it, and what comes of it follows as an
//! event. What it means for a caller is decided in the core.

mod certificates;
mod der;
mod passport;

pub use certificates::Fetcher;
pub(crate) use certificates::read_certificates;

use crate::config::{Config, Stir};
use crate::connector::number::Form;
use crate::engine::{Clock, Handle};
use certificates::Certificates;
use passport::{Call, Refusal, fits, is_signed};
use rustls::pki_types::CertificateDer;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use walletline_core::call::CallerIdTrust;
use walletline_core::kernel::ids::LegId;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::time::Wall;
use walletline_core::switchboard::event::Event;
use walletline_voice::{Attestation, BadPassport, Passport, Verstat, Vouching};
use webpki::anchor_from_trusted_cert;

/// Calls whose numbers wait to be checked. More at once is a flood, and what it says of its numbers is not worth waiting for.
const WAITING_MAX: usize = 256;

/// Calls whose numbers are checked at once; most of the time of each is spent waiting for a certificate.
const CHECKED_AT_ONCE_MAX: usize = 64;

/// How long one check may take, certificates fetched by others included.
const CHECK_MAX: Duration = Duration::from_secs(10);

/// A call as far as its number is to be checked.
#[derive(Debug)]
pub struct Claim {
    /// The caller's leg.
    pub leg: LegId,
    /// The number dialled, as it reached us.
    pub line: String,
    /// The number shown, empty when withheld.
    pub caller: Pii<String>,
    /// The trunk that brought it, by id.
    pub trunk: Option<String>,
    /// What the INVITE says for it.
    pub vouching: Box<Vouching>,
}

/// A claim and when it came in.
struct Waiting {
    claim: Claim,
    at: Wall,
}

/// Where the engine asks about a number. Never waits.
#[derive(Clone, Default)]
pub struct CallerIds {
    /// Trunks whose own verdict is believed, by id.
    believed: Arc<BTreeSet<String>>,
    /// None where no signature is checked.
    waiting: Option<mpsc::Sender<Waiting>>,
}

impl CallerIds {
    /// What can be said of a number at once; what takes longer follows as [`Event::CallerIdChecked`]. None where there is nothing to
    /// say, or it follows.
    #[must_use]
    pub fn check(&self, claim: Claim) -> Option<CallerIdTrust> {
        let told = claim.vouching.verstat.filter(|_| claim.trunk.as_ref().is_some_and(|trunk| self.believed.contains(trunk)));
        // Who believes a carrier need not check what it has checked.
        if let Some(verstat) = told {
            return Some(counted(by_carrier(verstat)));
        }
        let waiting = self.waiting.as_ref().filter(|_| !claim.vouching.identities.is_empty())?;
        let asked = waiting.try_send(Waiting { claim, at: Clock::unmoved() });
        asked.is_err().then(|| counted(outcome(Err(Refusal::NoTime))))
    }
}

/// A carrier's verdict in our words. One that passed and does not say how far is the least that passes.
const fn by_carrier(verstat: Verstat) -> CallerIdTrust {
    match verstat {
        Verstat::Passed(Some(attestation)) => trust(attestation),
        Verstat::Passed(None) => CallerIdTrust::Gateway,
        Verstat::Failed => CallerIdTrust::Failed,
        Verstat::NotValidated => CallerIdTrust::None,
    }
}

const fn trust(attestation: Attestation) -> CallerIdTrust {
    match attestation {
        Attestation::A => CallerIdTrust::Full,
        Attestation::B => CallerIdTrust::Partial,
        Attestation::C => CallerIdTrust::Gateway,
    }
}

fn outcome(checked: Result<Attestation, Refusal>) -> CallerIdTrust {
    match checked {
        Ok(attestation) => trust(attestation),
        Err(refusal) => {
            tracing::info!(%refusal, "what a network says of a calling number is not believed");
            CallerIdTrust::Failed
        }
    }
}

fn counted(trust: CallerIdTrust) -> CallerIdTrust {
    metrics::counter!("walletline_caller_ids_total", "trust" => trust.name()).increment(1);
    trust
}

/// Checks numbers, one task for each call that waits.
pub struct Checker {
    queue: mpsc::Receiver<Waiting>,
    evidence: Arc<Evidence>,
}

fn believed(config: &Config) -> Arc<BTreeSet<String>> {
    Arc::new(config.trunks.iter().filter(|trunk| trunk.verstat).map(|trunk| trunk.settings.id.clone()).collect())
}

/// What numbers are checked against.
struct Evidence {
    anchors: Vec<CertificateDer<'static>>,
    certificates: Certificates,
    /// How the customers of each line write their numbers.
    forms: BTreeMap<String, Vec<Form>>,
}

impl Checker {
    /// What the configuration asks for: who asks, and who checks. Nobody checks where there is no `[stir]`.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn new(config: &Config, clock: Clock) -> Result<(CallerIds, Option<Self>), String> {
        match &config.stir {
            Some(stir) => {
                let (ids, checker) = Self::over(config, stir, clock, Fetcher::public()?);
                Ok((ids, Some(checker)))
            }
            None => Ok((CallerIds { believed: believed(config), waiting: None }, None)),
        }
    }

    /// The same with a way to the hosts of one's own.
    #[must_use]
    pub fn over(config: &Config, stir: &Stir, clock: Clock, fetcher: Fetcher) -> (CallerIds, Self) {
        let (sender, queue) = mpsc::channel(WAITING_MAX);
        let forms_of = |id: &str| config.wallets.iter().find(|wallet| wallet.id == id).map(|wallet| wallet.numbers.clone());
        let forms = config.lines.iter().map(|line| (line.number.clone(), forms_of(&line.wallet).unwrap_or_default()));
        let evidence = Evidence {
            anchors: stir.anchors.clone(),
            certificates: Certificates::new(stir.hosts.clone(), fetcher, clock),
            forms: forms.collect(),
        };
        (CallerIds { believed: believed(config), waiting: Some(sender) }, Self { queue, evidence: Arc::new(evidence) })
    }

    /// Runs until nobody asks any more.
    pub async fn run(mut self, engine: Handle) {
        let mut checks = JoinSet::new();
        loop {
            tokio::select! {
                waiting = self.queue.recv(), if checks.len() < CHECKED_AT_ONCE_MAX => {
                    let Some(waiting) = waiting else { break };
                    let (evidence, engine) = (Arc::clone(&self.evidence), engine.clone());
                    checks.spawn(async move {
                        let checked = timeout(CHECK_MAX, evidence.check(&waiting)).await.unwrap_or(Err(Refusal::NoTime));
                        let (leg, trust) = (waiting.claim.leg, counted(outcome(checked)));
                        engine.post(Event::CallerIdChecked { leg, trust }).await;
                    });
                }
                Some(ended) = checks.join_next() => if let Err(error) = ended {
                    tracing::error!(%error, "the check of a calling number failed");
                },
            }
        }
    }
}

impl Evidence {
    /// The most that one of the statements proves. A network on the way may have added one beside the caller's.
    async fn check(&self, waiting: &Waiting) -> Result<Attestation, Refusal> {
        let mut best: Result<Attestation, Refusal> = Err(Refusal::NoTime);
        for identity in &waiting.claim.vouching.identities {
            let checked = self.statement(identity, waiting).await;
            best = match (best, checked) {
                (Ok(known), Ok(new)) => Ok(known.min(new)),
                (Ok(known), Err(_)) => Ok(known),
                (Err(_), checked) => checked,
            };
        }
        best
    }

    async fn statement(
        &self,
        identity: &Result<Passport, BadPassport>,
        Waiting { claim, at }: &Waiting,
    ) -> Result<Attestation, Refusal> {
        let passport = identity.as_ref().map_err(|bad| Refusal::Unreadable(*bad))?;
        let (vouching, shown, at_s) = (&claim.vouching, claim.caller.expose().as_str(), at.0.div_euclid(1_000_000));
        let call = Call {
            caller: if shown.is_empty() { &vouching.asserted } else { shown },
            // To is the caller's own word, and would let a statement made for another call be played to us. A carrier routes by the
            // number of the request and passes To on, so from one it says which number was dialled before a call was forwarded.
            callees: [&claim.line, &vouching.dialled, claim.trunk.as_ref().map_or("", |_| &vouching.to)],
            forms: self.forms.get(&claim.line).map_or(&[], Vec::as_slice),
            at_s,
        };
        fits(passport, &call)?;
        let chain = self.certificates.chain(&passport.certificate_url).await?;
        let anchors: Result<Vec<_>, _> = self.anchors.iter().map(anchor_from_trusted_cert).collect();
        is_signed(passport, &chain, &anchors.map_err(|_| Refusal::Untrusted)?, at_s)?;
        Ok(passport.attestation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriers_verdict_counts_where_it_is_believed() {
        let ids = CallerIds { believed: Arc::new(BTreeSet::from(["carrier".to_owned()])), waiting: None };
        let asked = |verstat, trunk: Option<&str>| {
            let vouching = Box::new(Vouching { verstat: Some(verstat), ..Vouching::default() });
            let (leg, line, trunk) = (LegId::from(1), "8000".to_owned(), trunk.map(str::to_owned));
            ids.check(Claim { leg, line, caller: Pii::new("+12155550112".to_owned()), trunk, vouching })
        };
        for (verstat, trust) in [
            (Verstat::Passed(Some(Attestation::A)), CallerIdTrust::Full),
            (Verstat::Passed(Some(Attestation::B)), CallerIdTrust::Partial),
            (Verstat::Passed(Some(Attestation::C)), CallerIdTrust::Gateway),
            (Verstat::Passed(None), CallerIdTrust::Gateway),
            (Verstat::Failed, CallerIdTrust::Failed),
            (Verstat::NotValidated, CallerIdTrust::None),
        ] {
            assert_eq!(asked(verstat, Some("carrier")), Some(trust));
            assert_eq!(asked(verstat, Some("another")), None, "a trunk that is not believed");
            assert_eq!(asked(verstat, None), None, "a stranger");
        }
    }
}
