//! A customer who keys a code in the middle of a conversation. From the order to the end nobody hears them: no agent, no supervisor, no
//! recording; they hear our own words. Whatever ends the conversation as it is ends this too, and what was begun to be keyed stays
//! unheard for a while longer. No code is kept here, written down or shown.

use super::caller::{Caller, Stage};
use super::command::Command;
use super::event::ActRefusal;
use super::live::{MessageView, ProofState, ProofView};
use super::{Switchboard, Work};
use crate::call::Fact;
use crate::ivr::dialogue::{Answer, Ask, Number};
use crate::ivr::secure_entry::{Asked, Awaited, Ending, Next, SecureEntry};
use crate::kernel::{
    assurance::{Factor, Level},
    ids::{ChallengeId, ContactId, StaffId},
    pii::Pii,
    time::{Mono, Wall},
};

/// A code that is being keyed.
pub(super) struct Proving {
    /// Who asked for it.
    agent: StaffId,
    /// That agent's number.
    number: String,
    entry: SecureEntry,
    /// The last question to the outside, and when its answer is missed.
    asked: (u64, Mono),
    /// When a silence counts, or an answer is missed; none while something is said.
    due: Option<Mono>,
    /// When the code is worth nothing any more.
    ends_at: Mono,
}

impl Proving {
    pub(super) fn deadline(&self) -> Option<Mono> {
        let ends_at = (self.entry.waits_for() != Awaited::Nothing).then_some(self.ends_at);
        [self.due, ends_at].into_iter().flatten().min()
    }
}

impl Switchboard {
    /// Whether this agent may have the customer of this contact key a code, or be sent another one.
    pub(crate) fn may_challenge(
        &self,
        agent: StaffId,
        contact: ContactId,
        factor: Factor,
        number: Option<&Pii<String>>,
        now: Wall,
    ) -> Result<(), ActRefusal> {
        let caller = self.callers.get(&contact).filter(|_| self.talks_with(agent, contact)).ok_or(ActRefusal::NotYourContact)?;
        let Stage::Talking(talk) = &caller.stage else { return Err(ActRefusal::NotConnected) };
        if talk.connected_at.is_none() || talk.lost.is_some() {
            return Err(ActRefusal::NotConnected);
        }
        if talk.invited.is_some() {
            return Err(ActRefusal::AlreadyAsked);
        }
        if talk.held_at.is_some() {
            return Err(ActRefusal::OnHold);
        }
        if !caller.factors.contains(&factor) {
            return Err(ActRefusal::NoSuchFactor);
        }
        if caller.carrying.is_some() {
            return Err(ActRefusal::Challenged);
        }
        if let Some(proving) = &caller.proving {
            let other = factor != Factor::SmsCode || proving.entry.factor() != factor;
            if other || number.is_some() || proving.entry.waits_for() == Awaited::Nothing {
                return Err(ActRefusal::Challenged);
            }
            return if self.was_asked_lately(caller, now) { Err(ActRefusal::CodeTooSoon) } else { Ok(()) };
        }
        if self.tries_left(caller) == 0 {
            return Err(ActRefusal::NoTriesLeft);
        }
        let level = caller.standing.level();
        if factor == Factor::SecondFactor {
            // It is asked of whoever has shown one factor of the customer it is of, and of nobody else.
            return match (number.is_some(), level) {
                (true, _) | (false, Level::A0 | Level::A1) => Err(ActRefusal::VerifyFirst),
                (false, Level::A2) => Ok(()),
                (false, Level::A3 | Level::A4) => Err(ActRefusal::AlreadyVerified),
            };
        }
        if number.is_none() && level >= Level::A2 {
            return Err(ActRefusal::AlreadyVerified);
        }
        let shown = !caller.record.contact().caller.expose().is_empty();
        if number.is_some() || caller.standing.claim().is_some() || shown { Ok(()) } else { Err(ActRefusal::NobodyNamed) }
    }

    /// The customer of this contact keys a code, or carries one over to the app.
    pub(crate) fn is_proving(&self, contact: ContactId) -> bool {
        self.callers.get(&contact).is_some_and(|caller| caller.proving.is_some() || caller.carrying.is_some())
    }

    /// Has the customer key a code: one sent to this number, to the one they named, or to the one they call from; or one of the second
    /// factor. While they are at it, another one is sent.
    pub(crate) fn challenge(&mut self, work: &mut Work, contact: ContactId, factor: Factor, number: Option<Pii<String>>) {
        self.with(work, contact, |board, work, caller| {
            if caller.proving.is_some() {
                board.send_another(work, caller);
            } else {
                board.begin_proof(work, caller, factor, number);
            }
        });
    }

    /// The agent ends it.
    pub(crate) fn end_challenge(&mut self, work: &mut Work, contact: ContactId) {
        self.with(work, contact, |board, work, caller| {
            board.stop_proof(work, caller);
            caller.close_carrying(work);
        });
    }

    fn begin_proof(&mut self, work: &mut Work, caller: &mut Caller, factor: Factor, number: Option<Pii<String>>) {
        let tries = self.tries_left(caller);
        let second = factor == Factor::SecondFactor;
        let sent =
            second || number.is_none() && caller.standing.claim().is_some() && self.was_asked_lately(caller, work.now.wall);
        let Stage::Talking(talk) = &mut caller.stage else { return };
        talk.keys_alone = true;
        let now = work.now.mono;
        let entry = if second { SecureEntry::second(tries) } else { SecureEntry::new(tries, sent) };
        let (question, ends_at) = (entry.question(), now + self.settings.code_life);
        let (agent, lead) = (talk.lead.agent, talk.lead.number.clone());
        caller.proving = Some(Proving { agent, number: lead, entry, asked: (0, now), due: None, ends_at });
        let state = if sent { ProofState::Sent } else { ProofState::Sending };
        caller.known.proof = Some(ProofView {
            factor,
            state,
            tries_left: tries,
            limited: false,
            expires_at: work.now.wall + self.settings.code_life,
            message: caller.known.message.clone().filter(|_| sent),
            code: None,
            operation: None,
        });
        // First the silence, then the parting: nothing of what the customer says now is anybody's.
        caller.hush(work);
        self.wire(work, caller);
        caller.told_of_proof(work, "started");
        let outcome = caller.speech.replace(work.now, "agent", []);
        caller.hear(work, outcome);
        if sent {
            self.say_in_proof(work, caller, question);
            self.listen(work, caller);
        } else {
            let named = || caller.standing.claim().map(|claim| claim.msisdn.clone());
            let whose = number.or_else(named).map_or(Number::Own, Number::Keyed);
            self.ask_for_code(work, caller, whose);
        }
    }

    /// Another code, if the last one is old enough; else the words again.
    fn send_another(&mut self, work: &mut Work, caller: &mut Caller) {
        let claim = caller.standing.claim().map(|claim| claim.msisdn.clone());
        match claim.filter(|_| !self.was_asked_lately(caller, work.now.wall)) {
            Some(number) => {
                if let Some(proving) = &mut caller.proving {
                    proving.entry.send();
                    proving.ends_at = work.now.mono + self.settings.code_life;
                }
                if let Some(proof) = &mut caller.known.proof {
                    (proof.state, proof.limited, proof.message) = (ProofState::Sending, false, None);
                    proof.expires_at = work.now.wall + self.settings.code_life;
                }
                let outcome = caller.speech.cut(work.now, "agent");
                caller.hear(work, outcome);
                self.ask_for_code(work, caller, Number::Keyed(number));
            }
            None => {
                let Some(reminder) = caller.proving.as_ref().map(|proving| proving.entry.reminder()) else { return };
                self.say_in_proof(work, caller, reminder);
                self.listen(work, caller);
            }
        }
    }

    fn ask_for_code(&mut self, work: &mut Work, caller: &mut Caller, whose: Number) {
        self.ask_in_proof(work, caller, Ask::SendCode(whose));
        self.listen(work, caller);
    }

    fn ask_in_proof(&mut self, work: &mut Work, caller: &mut Caller, ask: Ask) {
        let (Some(run), Some(proving)) = (&mut caller.flow, &mut caller.proving) else { return };
        let number = run.next_question(work.now.mono);
        proving.asked = (number, work.now.mono + self.settings.answer_max);
        self.ask(work, caller, number, ask);
    }

    /// The message that carries a code came further: shown to the agent when it is the code that was asked for last.
    pub(super) fn message_changed(&mut self, work: &mut Work, contact: ContactId, challenge: ChallengeId, message: MessageView) {
        self.with(work, contact, |_, _, caller| {
            if caller.known.challenges.last() == Some(&challenge) {
                if let Some(proof) = &mut caller.known.proof {
                    proof.message = Some(message.clone());
                }
                caller.known.message = Some(message);
            }
        });
    }

    /// The customer presses a key. True when it belongs to a code, be it one that nobody waits for any more: then it means nothing else.
    pub(super) fn key_in_secret(&mut self, work: &mut Work, caller: &mut Caller, digit: char) -> bool {
        if let Some(until) = &mut caller.unheard_until {
            *until = work.now.mono + self.settings.code_tail;
        }
        let Some(proving) = &mut caller.proving else { return caller.unheard_until.is_some() };
        if proving.entry.waits_for() == Awaited::Nothing {
            return true;
        }
        let next = proving.entry.key(digit);
        let awaited = proving.entry.waits_for();
        if let Some(proof) = &mut caller.known.proof {
            proof.state = match (awaited, proof.state) {
                (Awaited::Rest, _) => ProofState::Keying,
                (Awaited::Key, ProofState::Keying) => ProofState::Sent,
                (_, state) => state,
            };
        }
        let outcome = caller.speech.cut(work.now, "key");
        caller.hear(work, outcome);
        self.follow_proof(work, caller, next);
        true
    }

    /// The outside answers.
    pub(super) fn proof_answered(&mut self, work: &mut Work, caller: &mut Caller, answer: Answer) {
        let Some(proving) = &mut caller.proving else { return };
        let next = proving.entry.answer(answer);
        let waits = proving.entry.waits_for() == Awaited::Key;
        if let Some(proof) = caller.known.proof.as_mut().filter(|_| waits) {
            proof.state = if proof.state == ProofState::Checking { ProofState::Wrong } else { ProofState::Sent };
        }
        self.follow_proof(work, caller, next);
    }

    /// Everything was said to the customer.
    pub(super) fn proof_said(&mut self, work: &mut Work, caller: &mut Caller) {
        match caller.proving.as_ref().map(|proving| proving.entry.waits_for()) {
            Some(Awaited::Nothing) => self.rejoin(work, caller),
            Some(Awaited::Answer | Awaited::Key | Awaited::Rest) => self.listen(work, caller),
            None => {}
        }
    }

    /// Something about it is due.
    pub(super) fn proof_elapsed(&mut self, work: &mut Work, caller: &mut Caller) {
        let now = work.now.mono;
        let Some(proving) = &mut caller.proving else { return };
        if proving.ends_at <= now && proving.entry.waits_for() != Awaited::Nothing {
            let next = proving.entry.expire();
            let outcome = caller.speech.cut(work.now, "system");
            caller.hear(work, outcome);
            return self.follow_proof(work, caller, next);
        }
        if proving.due.take_if(|due| *due <= now).is_none() {
            return;
        }
        let next = match proving.entry.waits_for() {
            Awaited::Answer => proving.entry.answer(Answer::Unavailable),
            Awaited::Key | Awaited::Rest | Awaited::Nothing => proving.entry.silence(),
        };
        self.follow_proof(work, caller, next);
    }

    fn follow_proof(&mut self, work: &mut Work, caller: &mut Caller, next: Next) {
        let Next { say, ask, keyed, void, over } = next;
        if let Some(keyed) = keyed {
            caller.record.tell(work.now, Fact::Keyed { digits: keyed.to_owned() });
        }
        if void {
            caller.known.codes_wrong = caller.known.codes_wrong.saturating_add(1);
        }
        if let (Some(proving), Some(proof)) = (&caller.proving, &mut caller.known.proof) {
            proof.tries_left = proving.entry.tries_left();
            if void {
                proof.state = ProofState::Wrong;
            }
        }
        if let Some(ending) = over {
            let outcome = caller.proof_ended(state_of(ending));
            caller.told_of_proof(work, outcome);
        }
        if let Some(prompt) = say {
            self.say_in_proof(work, caller, prompt);
        }
        match ask {
            Some(Asked::Another) => return self.send_another(work, caller),
            Some(Asked::Check(code)) => {
                if let Some(proof) = &mut caller.known.proof {
                    proof.state = ProofState::Checking;
                }
                self.ask_in_proof(work, caller, code);
            }
            None => {}
        }
        if over.is_some() && !caller.speech.is_speaking() {
            self.rejoin(work, caller);
        } else {
            self.listen(work, caller);
        }
    }

    fn say_in_proof(&mut self, work: &mut Work, caller: &mut Caller, prompt: &'static str) {
        let words = self.announcement(caller, prompt, &[]);
        let outcome = caller.speech.replace(work.now, "system", words);
        caller.hear(work, outcome);
    }

    /// Sets when the next silence counts.
    fn listen(&mut self, work: &Work, caller: &mut Caller) {
        let speaks = caller.speech.is_speaking();
        let Some(proving) = &mut caller.proving else { return };
        let now = work.now.mono;
        proving.due = match proving.entry.waits_for() {
            Awaited::Answer => Some(proving.asked.1.max(now)),
            Awaited::Key if !speaks => Some(now + self.settings.code_reminder),
            Awaited::Rest if !speaks => Some(now + self.settings.key_wait),
            Awaited::Key | Awaited::Rest | Awaited::Nothing => None,
        };
    }

    /// It ends here, whatever it had come to. What the customer began to key stays unheard to its end.
    pub(super) fn stop_proof(&mut self, work: &mut Work, caller: &mut Caller) {
        let Some(proving) = &caller.proving else { return };
        if proving.entry.waits_for() == Awaited::Rest {
            caller.unheard_until = Some(work.now.mono + self.settings.code_tail);
        }
        caller.close_proof(work);
        self.rejoin(work, caller);
    }

    /// The customer and whoever is on the call hear each other again, unless something else keeps them apart.
    fn rejoin(&mut self, work: &mut Work, caller: &mut Caller) {
        caller.proving = None;
        let leg = caller.leg;
        let Stage::Talking(talk) = &mut caller.stage else { return };
        talk.keys_alone = false;
        let several = talk.hearing(leg).get(&leg).is_some_and(|heard| heard.len() > 1);
        let outcome = caller.speech.replace(work.now, "agent", []);
        caller.hear(work, outcome);
        if several {
            // Two who are bridged hear nothing else; a mix comes in beside what plays.
            work.order(Command::Stop { leg });
        }
        self.wire(work, caller);
    }

    /// Ends what the conversation no longer allows, and keeps secrets from every ear.
    pub(super) fn keep_secret(&mut self, work: &mut Work, caller: &mut Caller) {
        caller.unheard_until.take_if(|until| *until <= work.now.mono);
        if caller.proving.as_ref().is_some_and(|proving| !caller.may_prove(proving.agent)) {
            self.stop_proof(work, caller);
        }
        caller.keep_carrying(work);
        caller.hush(work);
    }

    fn tries_left(&self, caller: &Caller) -> u8 {
        self.settings.tries_max.saturating_sub(caller.known.codes_wrong)
    }

    fn was_asked_lately(&self, caller: &Caller, now: Wall) -> bool {
        caller.known.code_asked_at.is_some_and(|at| now - at < self.settings.code_pause)
    }
}

impl Caller {
    /// This question was put for the code that is being keyed.
    pub(super) fn proves_with(&self, number: u64) -> bool {
        self.proving.as_ref().is_some_and(|proving| proving.asked.0 == number)
    }

    /// The conversation is still the one in which this agent asked for a code.
    fn may_prove(&self, agent: StaffId) -> bool {
        let Stage::Talking(talk) = &self.stage else { return false };
        talk.lead.agent == agent && talk.is_joined() && talk.lost.is_none() && talk.invited.is_none()
    }

    /// What the customer keys is a secret now.
    pub(super) fn is_unheard(&self) -> bool {
        self.proving.is_some() || self.unheard_until.is_some()
    }

    /// Orders silence in place of what the customer says and keys, to every ear and in the recording; or the end of it. Whoever is being
    /// hung up on stays unheard to the last.
    pub(super) fn hush(&mut self, work: &mut Work) {
        let on = self.is_unheard();
        if on != self.hushed && self.record.is_open(self.leg) && (on || !self.record.has_ended()) {
            self.hushed = on;
            work.order(Command::Secure { leg: self.leg, on });
        }
        self.keep_masked(work);
    }

    /// Nothing is waited for any more; on record, unless it was over already.
    pub(super) fn close_proof(&mut self, work: &Work) {
        if self.proving.as_ref().is_some_and(|proving| proving.entry.waits_for() != Awaited::Nothing) {
            let outcome = self.proof_ended(ProofState::Ended);
            self.told_of_proof(work, outcome);
        }
        self.proving = None;
    }

    fn proof_ended(&mut self, state: ProofState) -> &'static str {
        if let Some(proof) = &mut self.known.proof {
            proof.state = state;
        }
        state.name()
    }

    fn told_of_proof(&mut self, work: &Work, outcome: &str) {
        let Some(proving) = &self.proving else { return };
        let (agent, number, factor) = (proving.agent, proving.number.clone(), proving.entry.factor());
        let fact = Fact::Challenged { agent, number, factor, outcome: outcome.to_owned() };
        self.record.tell(work.now, fact);
        self.record.audit(work.now, work.actor, &format!("challenge.{outcome}"));
    }
}

const fn state_of(ending: Ending) -> ProofState {
    match ending {
        Ending::Verified => ProofState::Verified,
        Ending::Failed => ProofState::Failed,
        Ending::GivenUp => ProofState::GivenUp,
        Ending::Expired => ProofState::Expired,
        Ending::NotANumber => ProofState::NotANumber,
        Ending::Unavailable => ProofState::Unavailable,
    }
}
