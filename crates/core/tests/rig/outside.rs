//! The outside of a script: what was asked of it, and what it answers. It holds no wallet; the script says what comes back.

use std::collections::BTreeMap;
use walletline_core::call::{CallerIdTrust, Service};
use walletline_core::help::Reported;
use walletline_core::identity::{Claim, Signal};
use walletline_core::ivr::dialogue::{
    BasisKind, Moment, Number, RefundHurdle, RefundOffer, RefundOutcome, RefundTaken, StatusSaid, TransactionStanding,
};
use walletline_core::kernel::assurance::Factor;
use walletline_core::kernel::ids::{ContactId, OperationId, PassId};
use walletline_core::kernel::language::Language;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::subject::Subject;
use walletline_core::kernel::time::{Span, Wall};
use walletline_core::outbox::{DeliveryState, Message};
use walletline_core::pass::{Pass, PassHash, Told, Topic};
use walletline_core::switchboard::event::Event;
use walletline_core::switchboard::help::{Found, Help, Helped, Order, Push};
use walletline_core::switchboard::live::{ContactView, MessageView, OperationView, Part, TransactionView, Voice};
use walletline_core::wallet::{Decline, State};

/// The transaction that is found when the outside finds one.
const TRANSACTION: &str = "261101000014";

/// The payment of which money can go back.
const PAID: &str = "261118000486";

/// What was asked in each contact, oldest first, and what came of it.
#[derive(Default)]
pub(crate) struct Outside {
    orders: BTreeMap<ContactId, Vec<Order>>,
    named: BTreeMap<ContactId, Subject>,
    freezes: BTreeMap<ContactId, OperationView>,
    operations: u128,
}

impl Outside {
    pub(crate) fn asked(&mut self, order: Order) {
        self.orders.entry(order.contact).or_default().push(order);
    }

    /// What the script says comes back. `late` answers the question before the last one.
    pub(crate) fn answer(&mut self, now: Wall, act: &[&str], contact: &dyn Fn(&str) -> ContactId) -> Event {
        let (act, back) = match act {
            ["late", act @ ..] => (act, 2),
            act => (act, 1),
        };
        if let ["settles", "the", "freeze" | "act", "of", name, state] = act {
            let contact = contact(name);
            let freeze = self.freezes.get_mut(&contact).unwrap_or_else(|| panic!("`{name}` has no freeze"));
            freeze.state = state_of(state);
            return Event::OperationChanged { contact, operation: freeze.clone() };
        }
        if let ["refuses", "the", "act", "of", name, why] = act {
            let contact = contact(name);
            let asked = self.freezes.get_mut(&contact).unwrap_or_else(|| panic!("`{name}` has no act"));
            (asked.state, asked.declined) = (State::Declined, Some(decline_of(why)));
            return Event::OperationChanged { contact, operation: asked.clone() };
        }
        if let ["tells", "the", "message", "of", name, state] = act {
            return self.message(now, contact(name), state, back);
        }
        let (name, help) = match act {
            ["names", name, number] => (name, self.claimed(contact(name), number)),
            ["knows", "no", "number", "of", name] => (name, Helped::NotANumber),
            ["warns", "of", signal, "for", name] => (name, Helped::Risk { signals: vec![signal_of(signal)] }),
            ["sends", "no", "code", "to", name] => (name, Helped::CodeLimited),
            ["proves", name] => (name, self.proved(contact(name))),
            ["does", "not", "prove", name] => (name, Helped::NotProved { factor: self.factor(contact(name)) }),
            ["finds", "nothing", "for", name] => (name, Helped::NotFound),
            ["finds", "several", "for", name] => (name, Helped::Several),
            ["finds", name, verdict, reference @ ..] => (name, found(now, verdict, reference.first().copied())),
            ["takes", "the", "pass", "of", name, topic, transaction @ ..] => {
                (name, pass_taken(topic, transaction.first().copied()))
            }
            ["knows", "no", "pass", "of", name] => (name, Helped::NoPass),
            ["offers", name, "a", "refund", waiting @ ..] => (name, offer(waiting.first().copied())),
            ["refuses", name, "a", "refund", why, reference @ ..] => (name, hindered(why, reference.first().copied())),
            ["takes", "the", "refund", "of", name, reference, outcome] => (name, refund_taken(reference, outcome)),
            ["texts", name] => (name, Helped::Texted),
            ["watches", "for", name] => (name, Helped::Watched),
            ["reaches", name, number] => (name, Helped::Reached(Pii::new((*number).to_owned()))),
            ["notes", name, reference] => (name, Helped::CallbackTaken { reference: (*reference).to_owned() }),
            ["opens", "a", "complaint" | "case", "of", name, reference] => {
                (name, Helped::ComplaintTaken { reference: (*reference).to_owned() })
            }
            ["takes", "the", "freeze", "of", name, reference] => (name, self.taken(contact(name), reference)),
            ["takes", "the", "act", "of", name, reference] => (name, self.act_taken(contact(name), reference)),
            ["withholds", "the", "link", "of", name] => (name, Helped::ActWithheld),
            ["needs", "a", "person", "for", name] => (name, Helped::PersonNeeded),
            ["has", "the", "app", "of", name, "ask"] => {
                let push = Push { id: Some("1".to_owned()), expires_at: now + Span::from_s(120) };
                (name, Helped::AppAsks { code: Pii::new("427".to_owned()), push })
            }
            ["hears", "nothing", "of", "the", "app", "of", name] => (name, Helped::AppWaits),
            ["hears", "yes", "from", "the", "app", "of", name, bound @ ..] => {
                (name, self.approved(contact(name), !bound.is_empty()))
            }
            ["hears", "no", "from", "the", "app", "of", name] => (name, Helped::AppRefused),
            ["says", "the", "app", "of", name, "is", "late"] => (name, Helped::AppExpired),
            ["fails", name] => (name, Helped::Unavailable),
            _ => panic!("the outside cannot {act:?}"),
        };
        let contact = contact(name);
        let orders = self.orders.get(&contact).map_or(&[][..], Vec::as_slice);
        let order = orders.iter().rev().nth(back - 1).unwrap_or_else(|| panic!("nothing was asked for `{name}`"));
        Event::Helped { contact, number: order.number, help: Box::new(help) }
    }

    /// The message with the code that was asked for last, or with the one before.
    fn message(&self, now: Wall, contact: ContactId, state: &str, back: usize) -> Event {
        let asked = self.orders[&contact].iter().rev().filter_map(|order| match &order.help {
            Help::SendCode { challenge, .. } => Some(*challenge),
            _ => None,
        });
        let challenge = asked.into_iter().nth(back - 1).unwrap_or_else(|| panic!("no code was asked for"));
        let (state, settled_at) = match state {
            "sent" => (DeliveryState::Sent, None),
            "delivered" => (DeliveryState::Delivered, Some(now)),
            "failed" => (DeliveryState::Failed, Some(now)),
            _ => panic!("no message is {state}"),
        };
        Event::MessageChanged { contact, challenge, message: MessageView { state, sent_at: Some(now), settled_at } }
    }

    fn claimed(&mut self, contact: ContactId, number: &str) -> Helped {
        let subject = Subject::new(format!("hash of {number}"));
        self.named.insert(contact, subject.clone());
        Helped::Claimed(Claim { wallet: "jinqiao".to_owned(), msisdn: Pii::new(number.to_owned()), subject })
    }

    fn proved(&self, contact: ContactId) -> Helped {
        let challenge = self.orders[&contact].iter().rev().find_map(|order| match &order.help {
            Help::CheckCode { challenges, .. } => challenges.last().copied(),
            Help::CheckSecond { challenge, .. } => Some(*challenge),
            _ => None,
        });
        let challenge = challenge.unwrap_or_else(|| panic!("no code was checked"));
        Helped::Proved {
            factor: self.factor(contact),
            challenge,
            subject: self.named[&contact].clone(),
            name: Some(Pii::new("Ms Li".to_owned())),
        }
    }

    fn approved(&self, contact: ContactId, bound: bool) -> Helped {
        let challenge = self.orders[&contact].iter().rev().find_map(|order| match &order.help {
            Help::LookAtApp { challenge, .. } => Some(*challenge),
            _ => None,
        });
        let challenge = challenge.unwrap_or_else(|| panic!("no app was looked at"));
        let (subject, name) = (self.named[&contact].clone(), Some(Pii::new("Ms Li".to_owned())));
        Helped::AppApproved { challenge, subject, bound, name }
    }

    /// Which code was asked about last.
    fn factor(&self, contact: ContactId) -> Factor {
        let second = |order: &Order| match &order.help {
            Help::CheckSecond { .. } => Some(Factor::SecondFactor),
            Help::CheckCode { .. } => Some(Factor::SmsCode),
            _ => None,
        };
        self.orders[&contact].iter().rev().find_map(second).unwrap_or_else(|| panic!("no code was checked"))
    }

    fn taken(&mut self, contact: ContactId, reference: &str) -> Helped {
        self.operations += 1;
        let operation = OperationView {
            id: OperationId::from(self.operations),
            act: "freeze".to_owned(),
            state: State::Committed,
            reference: reference.to_owned(),
            key: format!("key {}", self.operations),
            declined: None,
        };
        self.freezes.insert(contact, operation.clone());
        Helped::FreezeTaken(operation)
    }

    fn act_taken(&mut self, contact: ContactId, reference: &str) -> Helped {
        let act = self.orders[&contact].iter().rev().find_map(|order| match &order.help {
            Help::Act { permit, .. } => Some(permit.act().name().to_owned()),
            _ => None,
        });
        self.operations += 1;
        let operation = OperationView {
            id: OperationId::from(self.operations),
            act: act.unwrap_or_else(|| panic!("no act was asked for")),
            state: State::Committed,
            reference: reference.to_owned(),
            key: format!("key {}", self.operations),
            declined: None,
        };
        self.freezes.insert(contact, operation.clone());
        Helped::ActTaken(operation)
    }
}

/// What can go back of the one payment there is.
fn offer(waiting: Option<&str>) -> Helped {
    Helped::Refundable(Box::new(RefundOffer {
        transaction: PAID.to_owned(),
        tail: PAID[6..].to_owned(),
        minor: 19_900,
        currency: "CNY".to_owned(),
        waiting: waiting.map(str::to_owned),
        within_s: 259_200,
    }))
}

fn hindered(why: &str, reference: Option<&str>) -> Helped {
    let hurdle = match (why, reference) {
        ("asked_for", Some(reference)) => RefundHurdle::AskedFor { reference: reference.to_owned() },
        ("not_the_payer", None) => RefundHurdle::NotThePayer,
        ("not_completed", None) => RefundHurdle::NotCompleted,
        ("reversed", None) => RefundHurdle::Reversed,
        ("not_refundable", None) => RefundHurdle::NotRefundable,
        _ => panic!("nothing is refused because it is `{why}`"),
    };
    Helped::NotRefundable { tail: PAID[6..].to_owned(), hurdle }
}

fn refund_taken(reference: &str, outcome: &str) -> Helped {
    let outcome = match outcome {
        "approved" => RefundOutcome::Approved,
        "waits" => RefundOutcome::Waits,
        "needs_factor" => RefundOutcome::NeedsFactor,
        _ => panic!("no refund comes to `{outcome}`"),
    };
    let link = Pii::new("https://hotline.example/help/refunds/x".to_owned());
    Helped::RefundTaken(RefundTaken { reference: reference.to_owned(), outcome, within_s: 259_200, link })
}

/// The one English pass there is, about this.
fn pass_taken(topic: &str, transaction: Option<&str>) -> Helped {
    let told = Told {
        transaction: transaction.map(|number| Pii::new(number.to_owned())),
        description: Pii::new("as written".to_owned()),
        error_text: Pii::new("E-1".to_owned()),
    };
    Helped::PassTaken(Box::new(Pass {
        id: PassId::from(1),
        wallet: "jinqiao".to_owned(),
        code: PassHash::new(String::new()),
        topic: Topic::named(topic).unwrap_or_else(|| panic!("there is no topic `{topic}`")),
        language: Language::En,
        told,
        screenshot: None,
        made_at: Wall(0),
        expires_at: Wall(1),
        contact: None,
    }))
}

fn signal_of(word: &str) -> Signal {
    Signal::ALL.into_iter().find(|signal| signal.name() == word).unwrap_or_else(|| panic!("there is no signal `{word}`"))
}

fn decline_of(word: &str) -> Decline {
    [Decline::ByRule, Decline::NotSupported, Decline::NeedsMore, Decline::Obstacles]
        .into_iter()
        .find(|why| why.name() == word)
        .unwrap_or_else(|| panic!("no act is refused for `{word}`"))
}

fn state_of(word: &str) -> State {
    match word {
        "sending" => State::Sending,
        "done" => State::Done,
        "unknown" => State::Unknown,
        "declined" => State::Declined,
        "given-up" => State::GivenUp,
        _ => panic!("no act comes to `{word}`"),
    }
}

fn found(now: Wall, verdict: &str, reference: Option<&str>) -> Helped {
    let by = Moment { year: 2026, month: 12, day: 1, hour: 15, minute: 30 };
    let standing = match verdict {
        "completed" => TransactionStanding::Completed,
        "on_time" => TransactionStanding::OnTime { by },
        "late" => TransactionStanding::Late { by },
        "overdue" => TransactionStanding::Overdue,
        "refund_due" => TransactionStanding::RefundDue { by },
        "failed" => TransactionStanding::Failed,
        "refunded" => TransactionStanding::Refunded,
        "unknown" => TransactionStanding::Unknown,
        _ => panic!("no transaction stands `{verdict}`"),
    };
    let (tail, reference) = (TRANSACTION[6..].to_owned(), reference.map(str::to_owned));
    let (verdict, by) = (verdict.to_owned(), Some(now));
    let view = TransactionView {
        id: TRANSACTION.to_owned(),
        kind: "cross_border".to_owned(),
        status: "pending".to_owned(),
        verdict: verdict.clone(),
        by,
        basis: BTreeMap::new(),
        events: Vec::new(),
    };
    let message = Message::Status { transaction: tail.clone(), verdict, by: None, basis: None, reference: reference.clone() };
    let said = StatusSaid { tail, standing, basis: Some(BasisKind::Published), reference };
    Helped::Found(Box::new(Found { said, view, message, correlation_id: "correlation".to_owned() }))
}

/// What is asked, without a code or a whole number, and at which level.
pub(crate) fn ordered(help: &Help) -> String {
    let whose = |number: &Number| match number {
        Number::Own => "its own number".to_owned(),
        Number::Keyed(number) => number.mask_number(),
    };
    match help {
        Help::SendCode { number, .. } => format!("a code to {}", whose(number)),
        Help::CheckCode { .. } => "is the code right?".to_owned(),
        Help::CheckSecond { .. } => "does the wallet accept the code?".to_owned(),
        Help::AskApp { number, agent, linked } => {
            format!("the app of {} to ask for a code of {agent}, to {}", whose(number), linked.name())
        }
        Help::LookAtApp { .. } => "what became of the app?".to_owned(),
        Help::Claim { number } => format!("who is {}?", whose(number)),
        Help::Reach { number } => format!("can {} be called?", whose(number)),
        Help::Callback { number, service } => {
            format!("a call back to {} about {}", number.mask_number(), service.map_or("anything", Service::name))
        }
        Help::Freeze { permit } => format!("a freeze at {}", permit.level().name()),
        Help::Act { permit, by } => {
            let by = by.map(|_| ", asked by the agent").unwrap_or_default();
            format!("{} at {}{by}", permit.act().name(), permit.level().name())
        }
        Help::LookAtAccount { permit, .. } => format!("what protects the account, at {}", permit.level().name()),
        Help::Status { permit, id } => format!("status of {id} at {}", permit.level().name()),
        Help::Refundable { permit, id } => format!("what can go back of {id} at {}", permit.level().name()),
        Help::Refund { permit, transaction } => format!("a refund of {transaction} at {}", permit.level().name()),
        Help::ShowForRefund { permit, transaction } => {
            format!("what was shown for the refund of {transaction} at {}", permit.level().name())
        }
        Help::TakePass { .. } => "the pass of this code".to_owned(),
        Help::Complaint { subject, report } => {
            let what = match report.what {
                Reported::Complaint => "a complaint",
                Reported::Unauthorised => "a payment not made",
                Reported::Dispute(_) => "a payment gone wrong",
            };
            format!("{what} of {}", if subject.is_some() { "a named customer" } else { "whoever calls" })
        }
        Help::Watch { permit, transaction } => format!("a watch on {transaction} at {}", permit.level().name()),
        Help::TextStatus { permit, .. } => format!("a text message at {}", permit.level().name()),
    }
}

/// What a screen shows of the agents on a call, beyond its own.
pub(crate) fn on_the_call(view: &ContactView) -> String {
    let mut shown = Vec::new();
    shown.extend(view.voice.filter(|voice| *voice == Voice::Lost).map(|_| "audio lost".to_owned()));
    shown.extend(view.monitor.map(|part| format!("{part:?}").to_lowercase()));
    shown.extend(view.parties.iter().map(|party| match party.part {
        Part::Speaks => format!("with {}", party.number),
        part => format!("{} {}", party.number, format!("{part:?}").to_lowercase()),
    }));
    shown.extend(view.challenge.as_ref().map(|code| {
        let limited = if code.limited { ", none was sent" } else { "" };
        let message = code.message.as_ref().map(|message| format!(", message {}", message.state.name())).unwrap_or_default();
        let shown = code.code.as_ref().map(|code| format!(", reads {}", code.expose())).unwrap_or_default();
        let what = code.operation.as_ref().map_or_else(|| "code".to_owned(), |operation| format!("app to {operation}"));
        format!("{what} {} with {} left{limited}{message}{shown}", code.state.name(), code.tries_left)
    }));
    shown.extend(view.outside.as_ref().map(|outside| format!("with {} outside", outside.id)));
    shown.extend(view.asked.as_ref().map(|asked| {
        let how = match (&asked.outside, asked.rings) {
            (None, _) => "asked",
            (Some(_), _) if asked.told => "hears the notice outside",
            (Some(_), true) => "rings outside",
            (Some(_), false) => "called outside",
        };
        format!("{} {how} ({})", asked.number, asked.mode)
    }));
    shown.extend(view.not_come.as_ref().map(|missed| format!("{} did not come ({})", missed.number, missed.why)));
    if shown.is_empty() { String::new() } else { format!(", {}", shown.join(", ")) }
}

/// What a card shows of the customer, when anything is known.
pub(crate) fn card(view: &ContactView) -> String {
    let customer = &view.customer;
    let mut known = Vec::new();
    if !customer.number.is_empty() {
        known.push(format!("{} {}", view.level.name(), customer.number));
    }
    known.extend(customer.name.clone());
    if view.caller_id != CallerIdTrust::None {
        known.push(format!("caller ID {}", view.caller_id.name()));
    }
    known.extend(customer.risk.iter().cloned());
    known.extend(customer.transaction.as_ref().map(|view| format!("{} {}", view.id, view.verdict)));
    known.extend(customer.operations.iter().map(|act| format!("{} {} {}", act.act, act.reference, act.state.name())));
    known.extend(customer.case.as_ref().map(|reference| format!("case {reference}")));
    known.extend(view.pass.as_ref().map(|pass| {
        let told = pass
            .told
            .as_ref()
            .map(|told| format!(": {} {}", told.description.expose(), told.error_text.expose()))
            .unwrap_or_default();
        format!("pass {}{told}", pass.topic.name())
    }));
    if known.is_empty() { String::new() } else { format!(" [{}]", known.join(", ")) }
}
