//! Self-service of a caller: what the flow asks becomes an order to the outside, with the permit it needs, and what comes back goes to
//! the flow, to the record and to the agent's screen. Nothing is decided here about money or identity; the permit says what may be.

use super::caller::{Caller, Stage};
use super::command::Command;
use super::complaining::NO_QUESTION;
use super::event::ActRefusal;
use super::live::{AccountView, OperationView, TransactionView};
use super::{Switchboard, Work};
use crate::call::{Fact, Service};
use crate::help::Report;
use crate::identity::{
    AccountPermit, Claim, FreezeAccount, Guarded, Linked, NotPermitted, Permit, Proof, ReadTransaction, RequestRefund, Signal,
    Standing,
};
use crate::ivr::dialogue::{Answer, Ask, Number, RefundHurdle, RefundOffer, RefundTaken, StatusSaid};
use crate::kernel::{
    account_act::AccountAct,
    actor::Actor,
    assurance::{Factor, Level},
    ids::{ChallengeId, ContactId, StaffId},
    language::Language,
    pii::Pii,
    subject::Subject,
    time::Wall,
};
use crate::outbox::Message;
use crate::pass::Pass;
use crate::wallet::{Decline, State};

/// Codes a contact may have asked for that are still looked at: more than the pause between two that are sent lets anybody need.
const CHALLENGES_MAX: usize = 8;

/// What the outside is asked for a caller.
#[derive(Debug, PartialEq)]
pub struct Order {
    /// In which contact.
    pub contact: ContactId,
    /// The number its answer must bear.
    pub number: u64,
    /// The wallet, by id.
    pub wallet: String,
    /// The number shown with the call.
    pub caller: Pii<String>,
    /// The trunk the call came through.
    pub trunk: String,
    /// The language of messages.
    pub language: Language,
    /// What.
    pub help: Help,
}

/// What is asked.
#[derive(Debug, PartialEq)]
pub enum Help {
    /// Name the customer, then send a code.
    SendCode {
        /// Whose number.
        number: Number,
        /// The code's name.
        challenge: ChallengeId,
    },
    /// Check a keyed code.
    CheckCode {
        /// The codes that were asked for, oldest first.
        challenges: Vec<ChallengeId>,
        /// Whom it would prove.
        claim: Claim,
        /// What was keyed.
        code: Pii<String>,
    },
    /// Ask the wallet about a code of the customer's second factor.
    CheckSecond {
        /// The name of what comes of it.
        challenge: ChallengeId,
        /// Whom it would prove.
        claim: Claim,
        /// What was keyed.
        code: Pii<String>,
    },
    /// Name the customer, then have their app ask for a code.
    AskApp {
        /// Whose number.
        number: Number,
        /// The agent who reads the code out.
        agent: String,
        /// What the app shows that it is for.
        linked: Linked,
    },
    /// See what became of that.
    LookAtApp {
        /// The name of what comes of it.
        challenge: ChallengeId,
        /// Whom it would prove.
        claim: Claim,
        /// What was asked.
        push: Push,
    },
    /// Name the customer.
    Claim {
        /// Whose number.
        number: Number,
    },
    /// Freeze an account.
    Freeze {
        /// Leave to do so.
        permit: Permit<FreezeAccount>,
    },
    /// Do something to an account.
    Act {
        /// Leave to do so.
        permit: AccountPermit,
        /// The agent who asks for it; none when it is the caller.
        by: Option<StaffId>,
    },
    /// Find out what protects an account.
    LookAtAccount {
        /// Leave to do so: as much as ending it needs.
        permit: AccountPermit,
        /// The agent who looks.
        by: StaffId,
    },
    /// Find a transaction.
    Status {
        /// Leave to do so.
        permit: Permit<ReadTransaction>,
        /// Its number, or the last six digits.
        id: String,
    },
    /// Find out what can go back of a transaction.
    Refundable {
        /// Leave to do so.
        permit: Permit<RequestRefund>,
        /// Its number, or the last six digits.
        id: String,
    },
    /// Ask for all that can go back of a transaction.
    Refund {
        /// Leave to do so.
        permit: Permit<RequestRefund>,
        /// Its whole number.
        transaction: String,
    },
    /// Write down what was shown for a refund that was asked for before.
    ShowForRefund {
        /// What was shown.
        permit: Permit<RequestRefund>,
        /// The whole number of its transaction.
        transaction: String,
    },
    /// Take over a call pass.
    TakePass {
        /// Its code, as it was keyed or carried.
        code: Pii<String>,
    },
    /// Find out whether a number can be called.
    Reach {
        /// Whose number.
        number: Number,
    },
    /// Note a request to be called back.
    Callback {
        /// Which number, in full.
        number: Pii<String>,
        /// What it is about, as far as the menu learned.
        service: Option<Service>,
    },
    /// Open a case for what is reported, or have the customer's open one come up again.
    Complaint {
        /// Who reports it, where they are named; else the number shown says, or nothing.
        subject: Option<Subject>,
        /// What.
        report: Report,
    },
    /// Watch a transaction, and tell the customer when it moves.
    Watch {
        /// Leave to do so.
        permit: Permit<ReadTransaction>,
        /// Its number.
        transaction: String,
    },
    /// Send the last answer as a text message to the registered phone.
    TextStatus {
        /// Leave to do so.
        permit: Permit<ReadTransaction>,
        /// What it says.
        message: Message,
    },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Helped {
    /// The customer is named.
    Claimed(Claim),
    /// No phone number can be made of it.
    NotANumber,
    /// Something speaks against what may be shown.
    Risk {
        /// What.
        signals: Vec<Signal>,
    },
    /// No code was sent: too many were, or too many came back wrong. The caller hears nothing of it.
    CodeLimited,
    /// The code was right.
    Proved {
        /// What was shown.
        factor: Factor,
        /// Which code.
        challenge: ChallengeId,
        /// Whom it proves.
        subject: Subject,
        /// How the customer is called.
        name: Option<Pii<String>>,
    },
    /// The code proves nothing.
    NotProved {
        /// What it should have been.
        factor: Factor,
    },
    /// The app asks, or nobody's does: the same either way.
    AppAsks {
        /// What the agent reads out.
        code: Pii<String>,
        /// What was asked.
        push: Push,
    },
    /// Nobody typed the code so far.
    AppWaits,
    /// The customer typed it, and agreed to what the app showed.
    AppApproved {
        /// The row that says so.
        challenge: ChallengeId,
        /// Whom it proves.
        subject: Subject,
        /// The app is on a bound device.
        bound: bool,
        /// How the customer is called.
        name: Option<Pii<String>>,
    },
    /// They refused, or typed too many wrong ones.
    AppRefused,
    /// Its time is over.
    AppExpired,
    /// The transaction was found.
    Found(Box<Found>),
    /// This customer has no such transaction.
    NotFound,
    /// More than one transaction of this customer ends with these digits.
    Several,
    /// This can go back of the transaction.
    Refundable(Box<RefundOffer>),
    /// Nothing of it can be asked for.
    NotRefundable {
        /// The last six digits of its number.
        tail: String,
        /// Why.
        hurdle: RefundHurdle,
    },
    /// The refund is asked for, or what was shown is written down for it.
    RefundTaken(RefundTaken),
    /// The text message is on its way.
    Texted,
    /// The transaction is watched.
    Watched,
    /// The number can be called; this is it in full.
    Reached(Pii<String>),
    /// The request to be called back is noted.
    CallbackTaken {
        /// What the customer calls it by.
        reference: String,
    },
    /// What was reported is a case.
    ComplaintTaken {
        /// What the customer calls it by.
        reference: String,
    },
    /// The freeze is on its way, or was before.
    FreezeTaken(OperationView),
    /// The act is on its way, or was before.
    ActTaken(OperationView),
    /// This protects the account.
    AccountSeen(Box<AccountView>),
    /// No act was taken, and nobody is told so: too many links were asked for.
    ActWithheld,
    /// The call pass is this contact's from now on.
    PassTaken(Box<Pass>),
    /// No pass can be used under this code.
    NoPass,
    /// A person has to do this.
    PersonNeeded,
    /// The outside does not answer.
    Unavailable,
}

/// An app that was made to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The wallet's name of it; none where there is no such account.
    pub id: Option<String>,
    /// When the app takes the code no longer.
    pub expires_at: Wall,
}

/// A transaction that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As it is said.
    pub said: StatusSaid,
    /// As the agent sees it.
    pub view: TransactionView,
    /// As a text message says it.
    pub message: Message,
    /// The key of the question, for the record.
    pub correlation_id: String,
}

impl Switchboard {
    /// The flow asks the outside.
    pub(super) fn ask(&mut self, work: &mut Work, caller: &mut Caller, number: u64, ask: Ask) {
        let now = work.now.wall;
        let help = match ask {
            Ask::SendCode(who) => {
                let challenge: ChallengeId = self.ids.next(now);
                let challenges = &mut caller.known.challenges;
                if challenges.len() == CHALLENGES_MAX {
                    challenges.remove(0);
                }
                challenges.push(challenge);
                caller.known.message = None;
                caller.known.code_asked_at = Some(now);
                Some(Help::SendCode { number: who, challenge })
            }
            Ask::CheckCode(code) => {
                let challenges = caller.known.challenges.clone();
                let claim = caller.standing.claim().filter(|_| !challenges.is_empty()).cloned();
                claim.map(|claim| Help::CheckCode { challenges, claim, code })
            }
            Ask::CheckSecond(code) => {
                let challenge = self.ids.next(now);
                let claim = caller.standing.claim().filter(|_| caller.standing.level() >= Level::A2).cloned();
                claim.map(|claim| Help::CheckSecond { challenge, claim, code })
            }
            Ask::Claim(who) => {
                // It may be another customer, who was sent none.
                caller.known.code_asked_at = None;
                Some(Help::Claim { number: who })
            }
            Ask::Reach(who) => Some(Help::Reach { number: who }),
            Ask::Callback(number) => Some(Help::Callback { number, service: caller.record.contact().service }),
            Ask::Freeze => permitted(work, caller, |standing| standing.permit(now)).map(|permit| Help::Freeze { permit }),
            Ask::Act(act) => {
                permitted(work, caller, |standing| standing.permit_act(act, now)).map(|permit| Help::Act { permit, by: None })
            }
            Ask::TakePass(code) => Some(Help::TakePass { code }),
            Ask::Status(id) => permitted(work, caller, |standing| standing.permit(now)).map(|permit| Help::Status { permit, id }),
            Ask::Refundable(id) => {
                permitted(work, caller, |standing| standing.permit(now)).map(|permit| Help::Refundable { permit, id })
            }
            Ask::Refund(transaction) => {
                permitted(work, caller, |standing| standing.permit(now)).map(|permit| Help::Refund { permit, transaction })
            }
            Ask::ShowForRefund(transaction) => {
                permitted(work, caller, |standing| standing.permit(now)).map(|permit| Help::ShowForRefund { permit, transaction })
            }
            Ask::Watch => {
                let id = caller.known.transaction.as_ref().map(|(view, _)| view.id.clone());
                id.zip(caller.standing.permit(now).ok()).map(|(transaction, permit)| Help::Watch { permit, transaction })
            }
            Ask::TextStatus => {
                let message = caller.known.transaction.as_ref().map(|(_, message)| message.clone());
                message.zip(caller.standing.permit(now).ok()).map(|(message, permit)| Help::TextStatus { permit, message })
            }
        };
        let Some(help) = help else {
            // Nothing permits it: the flow hears what it hears when nobody answers, and leads to a person.
            caller.record.audit(work.now, Actor::Caller, "help.not_permitted");
            return self.reply(work, caller, number, Answer::Unavailable);
        };
        order_help(work, caller, number, help);
    }

    /// An agent has something done to the account of their customer.
    ///
    /// # Errors
    /// When too little was shown, or nobody was named: the record says so.
    pub(crate) fn act_on_account(
        &mut self,
        work: &mut Work,
        (agent, contact): (StaffId, ContactId),
        act: AccountAct,
    ) -> Result<(), ActRefusal> {
        self.permitted_help(work, contact, act, |permit| Help::Act { permit, by: Some(agent) })
    }

    /// An agent looks at what protects the account of their customer.
    ///
    /// # Errors
    /// As for ending it.
    pub(crate) fn look_at_account(&mut self, work: &mut Work, (agent, contact): (StaffId, ContactId)) -> Result<(), ActRefusal> {
        self.permitted_help(work, contact, AccountAct::RevokeSessions, |permit| Help::LookAtAccount { permit, by: agent })
    }

    /// Asks the outside for what an agent may ask for, or has the record say what is missing.
    fn permitted_help(
        &mut self,
        work: &mut Work,
        contact: ContactId,
        act: AccountAct,
        help: impl FnOnce(AccountPermit) -> Help,
    ) -> Result<(), ActRefusal> {
        let mut asked = Err(ActRefusal::NotYourContact);
        self.with(work, contact, |_, work, caller| {
            asked = match caller.standing.permit_act(act, work.now.wall) {
                Ok(permit) => {
                    order_help(work, caller, NO_QUESTION, help(permit));
                    Ok(())
                }
                Err(why) => {
                    caller.showing(work).not_permitted(why);
                    caller.record.audit(work.now, work.actor, "help.not_permitted");
                    Err(match why {
                        NotPermitted::NotEnough { need, .. } => ActRefusal::TooLittleShown(need),
                        NotPermitted::NobodyNamed | NotPermitted::Expired => ActRefusal::NobodyNamed,
                    })
                }
            };
        });
        asked
    }

    /// The outside answers.
    pub(super) fn helped(&mut self, work: &mut Work, contact: ContactId, number: u64, help: Helped) {
        self.with(work, contact, |board, work, caller| {
            if caller.record.has_ended() {
                return;
            }
            if caller.carries_with(number) && board.app_answered(work, caller, &help) {
                return;
            }
            let asked_in_proof = caller.proves_with(number);
            let answer = match help {
                // A name that comes after a later question must not take the place of the name given to that one.
                Helped::Claimed(_) if !caller.asked(number) => None,
                Helped::Claimed(claim) => {
                    let level = caller.showing(work).claims(claim);
                    if level < Level::A2 {
                        (caller.known.verified_at, caller.known.name, caller.known.transaction) = (None, None, None);
                        caller.known.account = None;
                    }
                    Some(Answer::Claimed { level })
                }
                Helped::NotANumber => Some(Answer::NotANumber),
                Helped::Risk { signals } => {
                    for signal in signals {
                        caller.showing(work).suspects(signal);
                    }
                    None
                }
                Helped::Proved { factor, challenge, subject, name } => {
                    let level = caller.showing(work).proved(&subject, Proof { factor, evidence: challenge });
                    if level >= Level::A2 {
                        caller.known.verified_at = Some(work.now.wall);
                        caller.known.name = name.or_else(|| caller.known.name.take());
                    }
                    // What proves nothing in this contact any more is no better than a wrong one, and no worse.
                    Some(if level >= Level::A2 { Answer::CodeRight { level } } else { Answer::CodeWrong })
                }
                Helped::CodeLimited => {
                    if let Some(proof) = caller.known.proof.as_mut().filter(|_| asked_in_proof) {
                        proof.limited = true;
                    }
                    None
                }
                Helped::NotProved { factor } => {
                    caller.record.tell(work.now, Fact::NotVerified { factor });
                    caller.known.codes_wrong = caller.known.codes_wrong.saturating_add(1);
                    Some(Answer::CodeWrong)
                }
                // What is told of an app that nobody waits for any more is worth nothing.
                Helped::AppAsks { .. }
                | Helped::AppWaits
                | Helped::AppApproved { .. }
                | Helped::AppRefused
                | Helped::AppExpired => None,
                Helped::Found(found) => Some(Self::found(work, caller, *found)),
                Helped::NotFound => Some(Self::not_one(work, caller, "not_found", Answer::NotFound)),
                Helped::Several => Some(Self::not_one(work, caller, "several", Answer::Several)),
                Helped::Refundable(offer) => Some(Answer::Refundable(offer)),
                Helped::NotRefundable { tail, hurdle } => Some(Answer::NotRefundable { tail, hurdle }),
                Helped::RefundTaken(taken) => {
                    caller.showing(work).case(taken.reference.clone());
                    Some(Answer::RefundTaken(taken))
                }
                Helped::Texted => Some(Answer::Texted),
                Helped::Watched => Some(Answer::Watched),
                Helped::Reached(number) => Some(Answer::Reached(number)),
                Helped::CallbackTaken { reference } => {
                    caller.showing(work).case(reference.clone());
                    caller.known.called_back = true;
                    board.take_complaint(work, caller);
                    Some(Answer::CallbackTaken { reference })
                }
                Helped::ComplaintTaken { reference } => {
                    caller.record.tell(work.now, Fact::Case { reference: reference.clone() });
                    // The customer heard the reference of what was noted before.
                    caller.record.amend(|contact| _ = contact.case.get_or_insert(reference));
                    None
                }
                Helped::FreezeTaken(operation) => {
                    let answer = Self::operation_answer(caller, &operation);
                    Some(answer.unwrap_or(Answer::FreezeTaken { reference: operation.reference }))
                }
                Helped::ActTaken(operation) => {
                    let answer = Self::operation_answer(caller, &operation);
                    Some(answer.unwrap_or(Answer::ActTaken { reference: operation.reference }))
                }
                Helped::AccountSeen(account) => {
                    caller.known.account = Some(*account);
                    None
                }
                Helped::ActWithheld => Some(Answer::ActTaken { reference: String::new() }),
                Helped::PassTaken(pass) => Some(board.pass_taken(work, caller, *pass)),
                Helped::NoPass => Some(Answer::NoPass),
                Helped::PersonNeeded => Some(Answer::PersonNeeded),
                Helped::Unavailable => Some(Answer::Unavailable),
            };
            if let Some(answer) = answer {
                board.reply(work, caller, number, answer);
            }
        });
    }

    /// An act on the wallet came to something: the caller hears of it while waiting for it, the agent sees it at any time.
    /// A second contact that asked for the same act while it ran hears of it too.
    pub(super) fn operation_changed(&mut self, work: &mut Work, contact: ContactId, operation: &OperationView) {
        let knows = |caller: &Caller| caller.known.operations.iter().any(|known| known.id == operation.id);
        let others = self.callers.iter().filter(|(id, caller)| **id != contact && knows(caller)).map(|(id, _)| *id);
        let concerned: Vec<ContactId> = others.chain([contact]).collect();
        for contact in concerned {
            self.with(work, contact, |board, work, caller| {
                if let Some(answer) = Self::operation_answer(caller, operation)
                    && let Stage::Menu(run) = &caller.stage
                    && run.waits_for(&operation.reference)
                {
                    let number = run.asked();
                    board.reply(work, caller, number, answer);
                }
            });
        }
    }

    /// Keeps how far an act is, for the agent's card; what the caller is told about it, once there is something to tell. Its lines in
    /// the record are not written here: they stand in the commits of the act itself, which need no live caller.
    fn operation_answer(caller: &mut Caller, operation: &OperationView) -> Option<Answer> {
        let known = caller.known.operations.iter_mut().find(|known| known.id == operation.id);
        // The end may be known before the beginning is told; it stays the end.
        let over = known.as_ref().map(|known| known.state).filter(|state| state.is_over());
        let state = over.unwrap_or(operation.state);
        let is_freeze = operation.act == FreezeAccount::NAME;
        match known {
            Some(known) => (known.state, known.declined) = (state, operation.declined.or(known.declined)),
            None => {
                caller.known.operations.push(operation.clone());
                let reference = operation.reference.clone();
                caller.record.amend(|contact| contact.case = Some(reference));
            }
        }
        let reference = operation.reference.clone();
        match state {
            State::AwaitingSecond | State::Committed | State::Sending | State::Reconciling | State::Unknown => None,
            State::Done if is_freeze => Some(Answer::FreezeDone { reference }),
            State::Declined | State::GivenUp if is_freeze => Some(Answer::FreezeNotYet { reference }),
            State::Done => Some(Answer::ActDone { reference }),
            State::Declined => {
                let unsupported = operation.declined == Some(Decline::NotSupported);
                Some(Answer::ActDeclined { reference, unsupported })
            }
            State::GivenUp => Some(Answer::ActNotYet { reference }),
        }
    }

    /// What was named is no transaction, or more than one.
    fn not_one(work: &Work, caller: &mut Caller, outcome: &str, answer: Answer) -> Answer {
        caller.showing(work).found_none(outcome);
        answer
    }

    fn found(work: &Work, caller: &mut Caller, found: Found) -> Answer {
        caller.showing(work).found(&found);
        let Found { said, view, message, .. } = found;
        caller.known.transaction = Some((view, message));
        Answer::Status(Box::new(said))
    }

    /// Gives an answer to the flow, if the caller is still in it.
    fn reply(&mut self, work: &mut Work, caller: &mut Caller, number: u64, answer: Answer) {
        if caller.proves_with(number) {
            return self.proof_answered(work, caller, answer);
        }
        match std::mem::replace(&mut caller.stage, Stage::Over) {
            Stage::Menu(mut run) => {
                self.tell_doors(work, caller, &mut run);
                let turn = run.answer(number, answer, work.now.mono);
                self.advance(work, caller, run, turn);
            }
            stage => caller.stage = stage,
        }
    }
}

/// A permit, or a line in the record that says what is missing.
fn permitted<T>(work: &Work, caller: &mut Caller, ask: impl FnOnce(&Standing) -> Result<T, NotPermitted>) -> Option<T> {
    match ask(&caller.standing) {
        Ok(permit) => Some(permit),
        Err(why) => {
            caller.showing(work).not_permitted(why);
            None
        }
    }
}

/// Asks the outside for help to a caller. What comes back bears this number.
pub(super) fn order_help(work: &mut Work, caller: &Caller, number: u64, help: Help) {
    let contact = caller.record.contact();
    let order = Order {
        contact: contact.id,
        number,
        wallet: contact.wallet.clone(),
        caller: contact.caller.clone(),
        trunk: caller.trunk.clone(),
        language: contact.language.unwrap_or(Language::ZhCn),
        help,
    };
    work.order(Command::Help(Box::new(order)));
}
