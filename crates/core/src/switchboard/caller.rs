//! One customer on the line, composed of what the areas know: the record, what is heard, and the stage the call has reached. A
//! stage holds only what that stage owns. It decides nothing; the switchboard's other files move it from stage to stage.

use super::carrying::Carrying;
use super::command::Command;
use super::live::{AccountView, MessageView, OperationView, ProofView, TransactionView};
use super::proving::Proving;
use super::recording::Taping;
use super::talk::{Coming, Far, Invited, Purpose, Talk};
use super::work::Work;
use crate::agent::Teams;
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
    /// What the customer can be asked for on this line.
    pub(super) factors: Vec<Factor>,
    /// What the outside answered.
    pub(super) known: Known,
    /// The flow, once it was left for a queue: `9` leads back into it.
    pub(super) flow: Option<Box<Run>>,
    /// The place in the queue that was left for the flow, to come back to.
    pub(super) place: Option<Entry>,
    /// How far its recording is.
    pub(super) taping: Taping,
    /// An agent's number is said before the voices are joined.
    pub(super) announces: bool,
    /// The code that is being keyed in the conversation.
    pub(super) proving: Option<Proving>,
    /// The code that the customer carries over to the app.
    pub(super) carrying: Option<Carrying>,
    /// The rest of a code may still be keyed up to then, though nobody waits for it.
    pub(super) unheard_until: Option<Mono>,
    /// Nobody hears the customer's leg, as ordered.
    pub(super) hushed: bool,
}

/// What the outside answered about a customer, for the agent's screen and for what is asked next.
#[derive(Default)]
pub(super) struct Known {
    /// The codes that were asked for, oldest first.
    pub(super) challenges: Vec<ChallengeId>,
    /// When a code was asked for last, for the customer who is named.
    pub(super) code_asked_at: Option<Wall>,
    /// How far the message with the last of them is.
    pub(super) message: Option<MessageView>,
    /// Wrong codes so far, over the whole contact.
    pub(super) codes_wrong: u8,
    /// Times the app was made to ask in this contact.
    pub(super) pushes: u8,
    /// How the code stands that an agent asked for.
    pub(super) proof: Option<ProofView>,
    /// How the customer is called, once verified.
    pub(super) name: Option<Pii<String>>,
    /// The transaction that was asked about last, and the answer as a text message.
    pub(super) transaction: Option<(TransactionView, Message)>,
    /// Acts on the wallet, oldest first.
    pub(super) operations: Vec<OperationView>,
    /// What protects the account, as an agent had it looked at.
    pub(super) account: Option<AccountView>,
    /// When the customer was verified.
    pub(super) verified_at: Option<Wall>,
    /// The call pass that is shown to this contact.
    pub(super) pass: Option<Pass>,
    /// A request to be called back was noted.
    pub(super) called_back: bool,
    /// A case was asked for their complaint.
    pub(super) complaint_taken: bool,
    /// A case was asked for a payment they did not make.
    pub(super) unauthorised_taken: bool,
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
    /// With somebody outside, and no agent any more.
    Away(Away),
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

/// With somebody outside, and no agent any more.
pub(super) struct Away {
    pub(super) far: Far,
    /// Of the agents who left: whoever leads them may know of the call.
    pub(super) teams: Teams,
    /// When the last agent left.
    pub(super) since: Wall,
    /// When it is ended.
    pub(super) until: Mono,
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
            Stage::Menu(_) | Stage::Waiting(_) | Stage::Away(_) | Stage::Leaving(_) | Stage::Over => None,
        }
    }

    pub(super) const fn talk_mut(&mut self) -> Option<&mut Talk> {
        match &mut self.stage {
            Stage::Connecting(connecting) => Some(&mut connecting.talk),
            Stage::Talking(talk) => Some(talk),
            Stage::Menu(_) | Stage::Waiting(_) | Stage::Away(_) | Stage::Leaving(_) | Stage::Over => None,
        }
    }

    /// Takes the conversation out of its stage, to be put into another.
    pub(super) fn take_talk(&mut self) -> Option<Talk> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Talking(talk) => Some(talk),
            stage => {
                self.stage = stage;
                None
            }
        }
    }

    /// The offer that rings: of a caller who waits, or of one whose agent asks another in.
    pub(super) const fn offer(&self) -> Option<&Offer> {
        match &self.stage {
            Stage::Waiting(wait) => wait.offer.as_ref(),
            Stage::Talking(talk) => talk.offer(),
            Stage::Menu(_) | Stage::Connecting(_) | Stage::Away(_) | Stage::Leaving(_) | Stage::Over => None,
        }
    }

    pub(super) const fn offer_mut(&mut self) -> Option<&mut Offer> {
        match &mut self.stage {
            Stage::Waiting(wait) => wait.offer.as_mut(),
            Stage::Talking(Talk { invited: Some(Invited { coming: Coming::Asked(offer), .. }), .. }) => Some(offer),
            Stage::Talking(_) | Stage::Menu(_) | Stage::Connecting(_) | Stage::Away(_) | Stage::Leaving(_) | Stage::Over => None,
        }
    }

    /// Takes out the offer that rings, with what it was made for when an agent made it.
    pub(super) fn take_offer(&mut self) -> Option<(Offer, Option<Purpose>)> {
        match &mut self.stage {
            Stage::Waiting(wait) => wait.offer.take().map(|offer| (offer, None)),
            Stage::Talking(talk) => {
                let invited = talk.invited.take_if(|invited| matches!(invited.coming, Coming::Asked(_)))?;
                let Coming::Asked(offer) = invited.coming else { return None };
                Some((offer, Some(invited.purpose)))
            }
            Stage::Menu(_) | Stage::Connecting(_) | Stage::Away(_) | Stage::Leaving(_) | Stage::Over => None,
        }
    }

    /// Who was asked in and said yes, when this is their leg.
    pub(super) fn is_coming_on(&self, leg: LegId) -> Option<StaffId> {
        match &self.stage {
            Stage::Talking(Talk { invited: Some(Invited { coming: Coming::Accepted(seat, _), .. }), .. }) => {
                (seat.leg == leg).then_some(seat.agent)
            }
            Stage::Talking(_)
            | Stage::Waiting(_)
            | Stage::Menu(_)
            | Stage::Connecting(_)
            | Stage::Away(_)
            | Stage::Leaving(_)
            | Stage::Over => None,
        }
    }

    /// The further agent on the call whose leg this is.
    pub(super) fn guest_on(&self, leg: LegId) -> Option<StaffId> {
        self.talk()?.guests.iter().find(|guest| guest.leg == leg).map(|guest| guest.agent)
    }

    /// This is the other call of the lead's phone.
    pub(super) fn is_aside(&self, leg: LegId) -> bool {
        self.talk().and_then(|talk| talk.lead.aside).is_some_and(|aside| aside.leg == leg)
    }

    /// The supervisor who listens on this leg.
    pub(super) fn watcher_on(&self, leg: LegId) -> Option<StaffId> {
        self.talk()?.watchers.iter().find(|watcher| watcher.seat.leg == leg).map(|watcher| watcher.seat.agent)
    }

    /// This agent takes part in the call, or is on the way to it.
    pub(super) fn involves(&self, agent: StaffId) -> bool {
        self.talk().is_some_and(|talk| talk.staff().any(|other| other == agent))
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
            Stage::Connecting(connecting) => connecting.talk.deadline().into_iter().chain([connecting.until]).min(),
            Stage::Talking(talk) => {
                let proof = self.proving.as_ref().and_then(Proving::deadline);
                let carrying = self.carrying.as_ref().map(Carrying::deadline);
                [talk.deadline(), proof, carrying].into_iter().flatten().min()
            }
            Stage::Away(away) => Some(away.until),
            Stage::Leaving(_) | Stage::Over => None,
        };
        [stage, self.standing.decays_at(), self.unheard_until, self.speech.deadline(), self.record.deadline()]
            .into_iter()
            .flatten()
            .min()
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
