//! One customer on the line, composed of what the areas know: the record, what is heard, and the stage the call has reached. A
//! stage holds only what that stage owns. It decides nothing; the switchboard's other files move it from stage to stage.

use super::command::Command;
use super::live::{ContactView, CustomerView, LegView, OfferView, OperationView, TransactionView};
use super::passes::pass_view;
use super::recording::Taping;
use super::work::Work;
use crate::call::{Disposition, Fact, Record};
use crate::identity::Standing;
use crate::ivr::run::Run;
use crate::ivr::speech::{Audio, Heard, Outcome, Speech};
use crate::kernel::{
    assurance::Factor,
    ids::{ChallengeId, ContactId, LegId, StaffId},
    language::Language,
    pii::Pii,
    time::{Mono, Wall},
};
use crate::outbox::Message;
use crate::pass::Pass;
use crate::queue::{Entry, Offer};

/// One customer on the line.
pub(crate) struct Caller {
    pub(super) record: Record,
    /// The customer's leg.
    pub(super) leg: LegId,
    pub(super) speech: Speech,
    pub(super) stage: Stage,
    /// Languages in which the customer is spoken to: the chosen one, or all of the line's until one is chosen.
    pub(super) tongues: Vec<Language>,
    /// Nodes of the flow passed, newest last.
    pub(super) path: Vec<String>,
    /// The queue joined last, by id.
    pub(super) queue: String,
    pub(super) priority: u8,
    /// The trunk the call came through, by id.
    pub(super) trunk: String,
    /// What was shown of who is calling.
    pub(super) standing: Standing,
    /// What the outside answered.
    pub(super) known: Known,
    /// The flow, once it was left for a queue: `9` leads back into it.
    pub(super) flow: Option<Box<Run>>,
    /// The place in the queue that was left for the flow, to come back to.
    pub(super) place: Option<Entry>,
    /// How far its recording is.
    pub(super) taping: Taping,
}

/// What the outside answered about a customer, for the agent's screen and for what is asked next.
#[derive(Default)]
pub(super) struct Known {
    /// The codes that were asked for, oldest first.
    pub(super) challenges: Vec<ChallengeId>,
    /// How the customer is called, once verified.
    pub(super) name: Option<Pii<String>>,
    /// The transaction that was asked about last, and the answer as a text message.
    pub(super) transaction: Option<(TransactionView, Message)>,
    /// Acts on the wallet, oldest first.
    pub(super) operations: Vec<OperationView>,
    /// When the customer was verified.
    pub(super) verified_at: Option<Wall>,
    /// The call pass that is shown to this contact.
    pub(super) pass: Option<Pass>,
    /// A request to be called back was noted.
    pub(super) called_back: bool,
}

/// How far a call has come.
pub(super) enum Stage {
    /// In the flow.
    Menu(Box<Run>),
    /// In a queue.
    Waiting(Wait),
    /// An agent accepted; the voices are not joined yet.
    Connecting(Connecting),
    /// With an agent.
    Talking(Talk),
    /// Hears the last words; then we hang up.
    Leaving(Disposition),
    /// Over; only the record is left.
    Over,
}

/// Waiting in a queue.
pub(super) struct Wait {
    /// When something is said next.
    pub(super) announce_at: Mono,
    /// What is said then, when not the place in the queue.
    pub(super) announce: Option<&'static str>,
    /// When nobody will come any more.
    pub(super) gives_up_at: Mono,
    /// The offer that rings.
    pub(super) offer: Option<Offer>,
}

/// Between an agent's yes and the first word.
pub(super) struct Connecting {
    pub(super) talk: Talk,
    /// The agent's leg is up and the agent's number is being said.
    pub(super) announcing: bool,
    /// When the agent's leg must be up, or the number must have been said.
    pub(super) until: Mono,
}

/// With an agent.
pub(super) struct Talk {
    pub(super) agent: StaffId,
    pub(super) number: String,
    pub(super) leg: LegId,
    /// Through the desk's browser; else through the phone.
    pub(super) browser: bool,
    /// When the voices were joined.
    pub(super) connected_at: Option<Wall>,
    /// The place in the queue, to come back to.
    pub(super) entry: Entry,
}

impl Caller {
    pub(super) const fn id(&self) -> ContactId {
        self.record.id()
    }

    /// This is the question put last.
    pub(super) fn asked(&self, number: u64) -> bool {
        let run = match &self.stage {
            Stage::Menu(run) => Some(run),
            _ => self.flow.as_ref(),
        };
        run.is_some_and(|run| run.asked() == number)
    }

    /// Carries out what speech decided; true when everything was said.
    pub(super) fn hear(&mut self, work: &mut Work, outcome: Outcome) -> bool {
        let leg = self.leg;
        for audio in outcome.audio {
            work.order(match audio {
                Audio::Play { playback, phrase } => Command::Play { leg, playback, phrase },
                Audio::Music { playback } => Command::PlayMusic { leg, playback },
                Audio::Stop => Command::Stop { leg },
            });
        }
        if let Some(heard) = outcome.heard {
            self.heard_notice(work, &heard);
            self.record.tell(work.now, said(heard));
        }
        outcome.finished
    }

    /// The customer hears nothing any more.
    pub(super) fn deafen(&mut self, work: &Work, by: &'static str) {
        if let Some(heard) = self.speech.gone(work.now, by) {
            self.record.tell(work.now, said(heard));
        }
    }

    /// The agent the call is with, and the agent's leg.
    pub(super) const fn talk(&self) -> Option<&Talk> {
        match &self.stage {
            Stage::Connecting(connecting) => Some(&connecting.talk),
            Stage::Talking(talk) => Some(talk),
            Stage::Menu(_) | Stage::Waiting(_) | Stage::Leaving(_) | Stage::Over => None,
        }
    }

    /// The offer that rings.
    pub(super) const fn offer(&self) -> Option<&Offer> {
        match &self.stage {
            Stage::Waiting(wait) => wait.offer.as_ref(),
            _ => None,
        }
    }

    /// When this call is due next, apart from its place in the queue.
    pub(super) fn deadline(&self) -> Option<Mono> {
        let stage = match &self.stage {
            Stage::Menu(run) => run.deadline(),
            Stage::Waiting(wait) => {
                let announce = (!self.speech.is_speaking()).then_some(wait.announce_at);
                let offer = wait.offer.as_ref().map(|offer| offer.deadline);
                [announce, offer, Some(wait.gives_up_at)].into_iter().flatten().min()
            }
            Stage::Connecting(connecting) => Some(connecting.until),
            Stage::Talking(_) | Stage::Leaving(_) | Stage::Over => None,
        };
        [stage, self.speech.deadline(), self.record.deadline()].into_iter().flatten().min()
    }

    /// The contact as an agent's screen shows it.
    pub(super) fn view(&self) -> ContactView {
        let contact = self.record.contact();
        let talk = self.talk();
        ContactView {
            id: contact.id,
            agent: talk.map(|talk| talk.agent),
            wallet: contact.wallet.clone(),
            line: contact.line.clone(),
            channel: contact.channel,
            caller: contact.caller.mask_number(),
            caller_id: contact.caller_id,
            language: contact.language,
            service: contact.service,
            path: self.path.clone(),
            queue: self.queue.clone(),
            priority: self.priority,
            level: contact.level,
            customer: self.customer(),
            pass: self.known.pass.as_ref().map(|pass| pass_view(pass, talk.is_some())),
            queued_at: contact.queued_at.unwrap_or(contact.opened_at),
            connected_at: talk.and_then(|talk| talk.connected_at),
            ended_at: contact.ended_at,
            legs: self.legs(),
        }
    }

    /// What carries the call, while it is connected.
    fn legs(&self) -> Vec<LegView> {
        let connected = self.talk().is_some_and(|talk| talk.connected_at.is_some()) && !self.record.has_ended();
        let up = self.record.legs_up().filter(|_| connected);
        let mut legs: Vec<LegView> =
            up.map(|(leg, quality)| LegView { agent: leg.agent, encryption: leg.encryption.clone(), quality }).collect();
        legs.sort_by_key(|leg| leg.agent.is_some());
        legs
    }

    /// The customer as far as this contact may show them.
    fn customer(&self) -> CustomerView {
        let known = &self.known;
        let proved = known.verified_at.is_some();
        CustomerView {
            number: self.standing.claim().map(|claim| claim.msisdn.mask_number()).unwrap_or_default(),
            factor: match (self.standing.claim(), proved) {
                (_, true) => Some(Factor::SmsCode),
                (Some(_), false) => Some(Factor::Number),
                (None, false) => None,
            },
            verified_at: known.verified_at,
            name: known.name.as_ref().map(|name| name.expose().clone()).filter(|_| proved),
            risk: self.record.contact().risk.clone(),
            transaction: known.transaction.as_ref().map(|(view, _)| view.clone()).filter(|_| proved),
            operations: known.operations.clone(),
            case: self.record.contact().case.clone(),
        }
    }

    /// The ringing offer as an agent's screen shows it.
    pub(super) fn offer_view(&self) -> Option<OfferView> {
        let offer = self.offer()?;
        Some(OfferView { id: offer.id, agent: offer.agent, contact: self.view(), expires_at: offer.expires_at })
    }
}

fn said(heard: Heard) -> Fact {
    Fact::Said {
        asset: heard.asset,
        language: heard.language,
        words: heard.words,
        started_at: heard.started_at,
        ended_at: heard.ended_at,
        interrupted_by: heard.interrupted_by.map(str::to_owned),
    }
}
