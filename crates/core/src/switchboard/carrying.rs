//! A code that the agent reads out and the customer types into the wallet's app, which shows them who asks and what for. The conversation
//! goes on meanwhile: what is said aloud is worth nothing without the app. An answer counts for the question that waits for it, in the
//! contact that put it, and once.

use super::caller::{Caller, Stage};
use super::event::ActRefusal;
use super::help::{Help, Helped, Push, order_help};
use super::live::{ProofState, ProofView};
use super::{Switchboard, Work};
use crate::call::Fact;
use crate::identity::{Linked, Proof};
use crate::ivr::dialogue::Number;
use crate::kernel::{
    assurance::{Factor, Level},
    ids::{ChallengeId, ContactId, StaffId},
    pii::Pii,
    time::{Mono, Span},
};

/// Times an app is made to ask in one contact (domain: factors and limits).
const PUSHES_MAX: u8 = 3;

/// How often it is looked what became of it.
const LOOK_EVERY: Span = Span::from_ms(1_500);

/// How long the app may take to ask, before the wallet has said until when it takes the code.
const ASKED_FOR: Span = Span::from_s(120);

/// The last look comes after the end that the wallet told: the clocks of both are not one.
const GRACE: Span = Span::from_s(5);

/// A code that is carried over.
pub(super) struct Carrying {
    /// Who reads it out.
    agent: StaffId,
    /// That agent's number.
    number: String,
    challenge: ChallengeId,
    linked: Linked,
    /// What was asked; none until the wallet has answered.
    push: Option<Push>,
    /// The last question to the outside, while its answer is waited for.
    asked: Option<u64>,
    /// When it is looked at next, or the answer is missed.
    due: Mono,
    /// When the code is worth nothing any more.
    ends_at: Mono,
}

impl Carrying {
    pub(super) fn deadline(&self) -> Mono {
        self.due.min(self.ends_at)
    }

    /// This agent reads the code out.
    pub(super) fn is_of(&self, agent: StaffId) -> bool {
        self.agent == agent
    }
}

impl Switchboard {
    /// Whether this agent may have the customer of this contact carry a code over to the app.
    pub(crate) fn may_ask_app(&self, agent: StaffId, contact: ContactId, told: bool, linked: &Linked) -> Result<(), ActRefusal> {
        self.leads_connected(agent, contact)?;
        let caller = self.callers.get(&contact).ok_or(ActRefusal::NotYourContact)?;
        if !caller.factors.contains(&Factor::AppTransfer) {
            return Err(ActRefusal::NoSuchFactor);
        }
        if caller.talk().is_some_and(|talk| talk.invited.is_some()) {
            return Err(ActRefusal::AlreadyAsked);
        }
        if caller.proving.is_some() || caller.carrying.is_some() {
            return Err(ActRefusal::Challenged);
        }
        if caller.known.pushes >= PUSHES_MAX {
            return Err(ActRefusal::NoPushesLeft);
        }
        let level = caller.standing.level();
        match linked {
            Linked::Identity if !told && level >= Level::A3 => return Err(ActRefusal::AlreadyVerified),
            // One operation is approved by whoever has shown who they are, and by nobody else.
            Linked::Refund { .. } if told || level < Level::A2 => return Err(ActRefusal::VerifyFirst),
            Linked::Identity | Linked::Refund { .. } => {}
        }
        let shown = !caller.record.contact().caller.expose().is_empty();
        if told || caller.standing.claim().is_some() || shown { Ok(()) } else { Err(ActRefusal::NobodyNamed) }
    }

    /// Has an app ask: that of this number, of the one they named, or of the one they call from.
    pub(crate) fn ask_app(&mut self, work: &mut Work, contact: ContactId, number: Option<Pii<String>>, linked: Linked) {
        self.with(work, contact, |board, work, caller| {
            let Stage::Talking(talk) = &caller.stage else { return };
            let (agent, lead) = (talk.lead.agent, talk.lead.number.clone());
            let named = || caller.standing.claim().map(|claim| claim.msisdn.clone());
            let whose = number.or_else(named).map_or(Number::Own, Number::Keyed);
            caller.known.pushes = caller.known.pushes.saturating_add(1);
            let now = work.now;
            caller.known.proof = Some(ProofView {
                factor: Factor::AppTransfer,
                state: ProofState::Sending,
                tries_left: PUSHES_MAX - caller.known.pushes,
                limited: false,
                expires_at: now.wall + ASKED_FOR,
                message: None,
                code: None,
                operation: Some(linked.name().to_owned()),
            });
            let help = Help::AskApp { number: whose, agent: lead.clone(), linked: linked.clone() };
            caller.carrying = Some(Carrying {
                agent,
                number: lead,
                challenge: board.ids.next(now.wall),
                linked,
                push: None,
                asked: None,
                due: now.mono,
                ends_at: now.mono + ASKED_FOR,
            });
            caller.told_of_carrying(work, "started");
            board.put_of_app(work, caller, help);
        });
    }

    fn put_of_app(&self, work: &mut Work, caller: &mut Caller, help: Help) {
        let (Some(run), Some(carrying)) = (&mut caller.flow, &mut caller.carrying) else { return };
        let number = run.next_question(work.now.mono);
        carrying.asked = Some(number);
        carrying.due = work.now.mono + self.settings.answer_max;
        order_help(work, caller, number, help);
    }

    /// The outside answers. False when it is not about the app.
    pub(super) fn app_answered(&mut self, work: &mut Work, caller: &mut Caller, help: &Helped) -> bool {
        let Some(carrying) = &mut caller.carrying else { return false };
        let now = work.now;
        match help {
            Helped::AppAsks { code, push } => {
                (carrying.push, carrying.asked, carrying.due) = (Some(push.clone()), None, now.mono + LOOK_EVERY);
                carrying.ends_at = now.mono + (push.expires_at - now.wall) + GRACE;
                if let Some(proof) = &mut caller.known.proof {
                    (proof.state, proof.code, proof.expires_at) = (ProofState::Sent, Some(code.clone()), push.expires_at);
                }
            }
            Helped::AppWaits => (carrying.asked, carrying.due) = (None, now.mono + LOOK_EVERY),
            Helped::AppApproved { challenge, subject, bound, name } if *challenge == carrying.challenge => {
                let shown = [Some(Factor::AppTransfer), bound.then_some(Factor::AppSession)];
                let evidence = *challenge;
                let proofs = shown.into_iter().flatten().map(|factor| Proof { factor, evidence }).collect();
                let linked = carrying.linked.clone();
                let counts = caller.app_approved(work, subject, linked, proofs, name.clone());
                caller.carrying_ended(work, if counts { ProofState::Verified } else { ProofState::Failed });
            }
            Helped::AppRefused => {
                caller.record.tell(now, Fact::NotVerified { factor: Factor::AppTransfer });
                caller.carrying_ended(work, ProofState::Failed);
            }
            Helped::AppExpired => caller.carrying_ended(work, ProofState::Expired),
            Helped::CodeLimited => {
                if let Some(proof) = &mut caller.known.proof {
                    proof.limited = true;
                }
            }
            Helped::NotANumber => caller.carrying_ended(work, ProofState::NotANumber),
            Helped::Unavailable | Helped::PersonNeeded if carrying.push.is_none() => {
                caller.carrying_ended(work, ProofState::Unavailable);
            }
            // Not heard this time; the next look may be.
            Helped::Unavailable => (carrying.asked, carrying.due) = (None, now.mono + LOOK_EVERY),
            _ => return false,
        }
        true
    }

    /// Something about it is due.
    pub(super) fn carrying_elapsed(&mut self, work: &mut Work, caller: &mut Caller) {
        let now = work.now.mono;
        let Some(carrying) = &mut caller.carrying else { return };
        if carrying.ends_at <= now {
            let state = if carrying.push.is_some() { ProofState::Expired } else { ProofState::Unavailable };
            return caller.carrying_ended(work, state);
        }
        if carrying.due > now {
            return;
        }
        let claim = caller.standing.claim().cloned();
        match (carrying.push.clone(), claim) {
            (Some(push), Some(claim)) => {
                let challenge = carrying.challenge;
                self.put_of_app(work, caller, Help::LookAtApp { challenge, claim, push });
            }
            (None, _) | (_, None) => caller.carrying_ended(work, ProofState::Unavailable),
        }
    }
}

impl Caller {
    /// This question was put for the code that is carried over.
    pub(super) fn carries_with(&self, number: u64) -> bool {
        self.carrying.as_ref().is_some_and(|carrying| carrying.asked == Some(number))
    }

    /// The customer agreed in the app. False when that is worth nothing here.
    fn app_approved(
        &mut self,
        work: &Work,
        subject: &crate::kernel::subject::Subject,
        linked: Linked,
        proofs: Vec<Proof>,
        name: Option<Pii<String>>,
    ) -> bool {
        let before = self.standing.level();
        let counts = match linked {
            Linked::Identity => {
                for proof in proofs {
                    self.standing.proved(subject, proof, work.now);
                }
                self.standing.level() > before
            }
            linked @ Linked::Refund { .. } => {
                self.standing.approved(subject, linked.clone(), proofs, work.now);
                let approvals = self.standing.approvals(work.now.wall);
                approvals.iter().any(|approved| approved.linked == linked && approved.level > before)
            }
        };
        if self.standing.level() >= Level::A2 {
            self.known.verified_at = Some(work.now.wall);
            self.known.name = name.or_else(|| self.known.name.take());
        }
        self.showing(work).level_changed(before, Factor::AppTransfer);
        counts
    }

    /// Ends it when the conversation is no longer the one in which it was begun.
    pub(super) fn keep_carrying(&mut self, work: &Work) {
        let Some(carrying) = &self.carrying else { return };
        let goes_on = matches!(&self.stage, Stage::Talking(talk) if talk.lead.agent == carrying.agent);
        if !goes_on || self.record.has_ended() {
            self.close_carrying(work);
        }
    }

    /// Nothing is waited for any more; on record.
    pub(super) fn close_carrying(&mut self, work: &Work) {
        if self.carrying.is_some() {
            self.carrying_ended(work, ProofState::Ended);
        }
    }

    fn carrying_ended(&mut self, work: &Work, state: ProofState) {
        if let Some(proof) = &mut self.known.proof {
            (proof.state, proof.code) = (state, None);
        }
        self.told_of_carrying(work, state.name());
        self.carrying = None;
    }

    fn told_of_carrying(&mut self, work: &Work, outcome: &str) {
        let Some(carrying) = &self.carrying else { return };
        let (agent, number, factor) = (carrying.agent, carrying.number.clone(), Factor::AppTransfer);
        self.record.tell(work.now, Fact::Challenged { agent, number, factor, outcome: outcome.to_owned() });
        self.record.audit(work.now, work.actor, &format!("app_transfer.{outcome}"));
    }
}
