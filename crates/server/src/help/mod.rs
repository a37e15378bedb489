//! Self-service of customers, at the edge: the orders of the switchboard, and of visits to the help pages, are carried out here. Each one
//! loads what its ruling needs, commits what the ruling says, and answers whoever asked. Orders of one contact are carried out one after
//! the other; those of different contacts beside each other.

mod act;
mod app;
mod callback;
mod code;
mod complaint;
mod freeze;
pub mod journal;
mod look;
mod names;
mod pass;
mod refund;
mod second;
mod status;
mod watch;

pub(crate) use code::account_key;
pub(crate) use freeze::view;
pub use names::{Names, NoRandomness};
pub(crate) use status::{message_about, status_name, written};

use crate::connector::{Messenger, Wallets};
use crate::engine::{Clock, Handle};
use crate::passes::Passes;
use crate::refunds::Refunds;
use crate::times::Times;
use journal::Journal;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use walletline_core::cases::Keep;
use walletline_core::identity::{CodeLimits, Ladder};
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Event;
use walletline_core::switchboard::help::{Help, Helped, Order};
use walletline_core::wallet::FreezeLimits;
use walletline_store::Store;

/// Orders that may wait for all callers together; a caller whose order does not fit is led to a person.
pub const ORDERS_MAX: usize = 4_096;

/// Orders that may wait for one contact: a menu puts one question at a time.
const CONTACT_ORDERS_MAX: usize = 16;

/// A ruling is made again this often when its rows had changed meanwhile.
const RULINGS_MAX: u32 = 3;

/// Answers of one order that wait for who asked: an order gives a handful.
const ANSWERS_MAX: usize = 16;

/// An order, and who hears what comes of it.
#[derive(Debug)]
pub struct Given {
    /// What is asked.
    pub order: Order,
    /// Who hears of it.
    pub asker: Asker,
}

/// Who hears what comes of an order.
#[derive(Debug, Clone)]
pub enum Asker {
    /// The switchboard, for a caller.
    Switchboard,
    /// Whoever leads the contact, which is no call. That nothing more comes shows by its end.
    Visit(mpsc::Sender<Helped>),
}

impl Asker {
    /// For one order of a contact that is no call, and where its answers come out.
    pub fn visit() -> (Self, mpsc::Receiver<Helped>) {
        let (sender, answers) = mpsc::channel(ANSWERS_MAX);
        (Self::Visit(sender), answers)
    }
}

/// What orders are carried out with.
#[derive(Clone)]
pub struct Helper(Arc<Parts>);

/// The parts of a helper.
pub struct Parts {
    /// Where rows are.
    pub store: Store,
    /// Where answers go.
    pub engine: Handle,
    /// The clocks.
    pub clock: Clock,
    /// The wallets.
    pub wallets: Wallets,
    /// The way messages leave.
    pub messenger: Messenger,
    /// Usual times.
    pub times: Times,
    /// Names and codes for what is new.
    pub names: Arc<Names>,
    /// What is written down when the store is not there.
    pub journal: Journal,
    /// Refunds.
    pub refunds: Refunds,
    /// Call passes.
    pub passes: Passes,
    /// How long cases keep recordings, by wallet.
    pub keep: BTreeMap<String, Keep>,
    /// Bounds on codes.
    pub code_limits: CodeLimits,
    /// What each factor proves.
    pub ladder: Arc<Ladder>,
    /// Bounds on freezes.
    pub freeze_limits: FreezeLimits,
}

impl std::ops::Deref for Helper {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Helper {
    /// How long the cases of a wallet keep recordings.
    pub(crate) fn keep(&self, wallet: &str) -> Keep {
        self.0.keep.get(wallet).copied().unwrap_or_default()
    }

    /// A helper of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Carries out orders of the switchboard, and of visits, until the switchboard can give no more.
    pub async fn run(self, mut orders: mpsc::Receiver<Order>, mut visits: mpsc::Receiver<Given>) {
        let mut contacts: HashMap<ContactId, mpsc::Sender<Given>> = HashMap::new();
        let mut workers = JoinSet::new();
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => {
                        let given = Given { order, asker: Asker::Switchboard };
                        self.hand_on(given, &mut contacts, &mut workers).await;
                    }
                    None => break,
                },
                Some(given) = visits.recv() => self.hand_on(given, &mut contacts, &mut workers).await,
                Some(ended) = workers.join_next() => match ended {
                    Ok(contact) => contacts.retain(|known, queue| *known != contact || !queue.is_closed()),
                    Err(error) => tracing::error!(%error, "carrying out a caller's order panicked"),
                },
            }
        }
        contacts.clear();
        while workers.join_next().await.is_some() {}
    }

    async fn hand_on(
        &self,
        given: Given,
        contacts: &mut HashMap<ContactId, mpsc::Sender<Given>>,
        workers: &mut JoinSet<ContactId>,
    ) {
        let contact = given.order.contact;
        let known = contacts.get(&contact).filter(|queue| !queue.is_closed());
        let queue = match known {
            Some(queue) => queue.clone(),
            None => {
                let (queue, own) = mpsc::channel(CONTACT_ORDERS_MAX);
                workers.spawn(self.clone().serve(contact, own));
                contacts.insert(contact, queue.clone());
                queue
            }
        };
        if let Err(refused) = queue.try_send(given) {
            let Given { order, asker } = refused.into_inner();
            self.answer(&asker, order.contact, order.number, Helped::Unavailable).await;
        }
    }

    /// One contact's orders, in order, until none came for a while.
    async fn serve(self, contact: ContactId, mut orders: mpsc::Receiver<Given>) -> ContactId {
        const IDLE: std::time::Duration = std::time::Duration::from_secs(60);
        loop {
            match tokio::time::timeout(IDLE, orders.recv()).await {
                Ok(Some(given)) => self.carry_out(given).await,
                Ok(None) => return contact,
                Err(_) => {
                    // Nothing may slip in between: whoever finds the queue closed opens a new one.
                    orders.close();
                    while let Some(given) = orders.recv().await {
                        self.carry_out(given).await;
                    }
                    return contact;
                }
            }
        }
    }

    async fn carry_out(&self, Given { order, asker }: Given) {
        let Order { contact, number, wallet, caller, trunk, language, help } = order;
        let call = Call { contact, number, wallet, caller, trunk, language, asker };
        match help {
            Help::SendCode { number, challenge } => code::send(self, &call, &number, challenge).await,
            Help::CheckCode { challenges, claim, code } => code::check(self, &call, &challenges, &claim, &code).await,
            Help::CheckSecond { challenge, claim, code } => second::check(self, &call, challenge, &claim, &code).await,
            Help::AskApp { number, agent, linked } => app::ask(self, &call, &number, agent, linked).await,
            Help::LookAtApp { challenge, claim, push } => app::look(self, &call, challenge, &claim, &push).await,
            Help::Claim { number } => code::claim(self, &call, &number).await,
            Help::Reach { number } => callback::reach(self, &call, &number).await,
            Help::Callback { number, service } => callback::request(self, &call, number, service).await,
            Help::Complaint { subject, report } => complaint::take(self, &call, subject, report).await,
            Help::Freeze { permit } => freeze::take(self, &call, permit).await,
            Help::Act { permit, by } => act::take(self, &call, permit, by).await,
            Help::LookAtAccount { permit, by } => look::look(self, &call, permit, by).await,
            Help::Status { permit, id } => status::find(self, &call, permit, &id).await,
            Help::Refundable { permit, id } => refund::find(self, &call, permit, &id).await,
            Help::Refund { permit, transaction } => refund::ask(self, &call, permit, &transaction).await,
            Help::ShowForRefund { permit, transaction } => refund::show(self, &call, permit, &transaction).await,
            Help::TakePass { code } => pass::take(self, &call, &code).await,
            Help::Watch { permit, transaction } => watch::begin(self, &call, permit, &transaction).await,
            Help::TextStatus { permit, message } => status::text(self, &call, permit, message).await,
        }
    }

    async fn answer(&self, asker: &Asker, contact: ContactId, number: u64, help: Helped) {
        match asker {
            Asker::Switchboard => self.engine.post(Event::Helped { contact, number, help: Box::new(help) }).await,
            Asker::Visit(answers) => {
                if answers.send(help).await.is_err() {
                    tracing::debug!(%contact, "nobody waits for what came of an order");
                }
            }
        }
    }
}

/// Whose order is carried out.
struct Call {
    contact: ContactId,
    number: u64,
    wallet: String,
    caller: walletline_core::kernel::pii::Pii<String>,
    trunk: String,
    language: walletline_core::kernel::language::Language,
    asker: Asker,
}

impl Call {
    async fn answer(&self, helper: &Helper, help: Helped) {
        helper.answer(&self.asker, self.contact, self.number, help).await;
    }
}
