//! Wallets over the GSMA Mobile Money API, in the hotline's own terms: who is behind a number, what a transaction is, and a freeze
//! that can be sent again under its key without a second effect.

mod extension;
mod refund;

pub use extension::NoJudgement;
pub use refund::Refundable;

use super::breaker::Breaker;
use super::number::{Form, normalise};
use super::transaction::{Seen, read};
use super::wechat_pay::WechatPay;
use crate::config;
use crate::engine::Clock;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use walletline_core::identity::Signals;
use walletline_core::kernel::{pii::Pii, time::Wall};
use walletline_core::outbox::Channel;
use walletline_core::wallet::{Decline, Outcome};
use walletline_gsma::extension::ExtensionClient;
use walletline_gsma::wire::{Account, AccountStatus, Fields, Identity, RequestStatus, SubStatus, Transaction};
use walletline_gsma::{Accepted, AccountRef, Client, Config as ClientConfig, Error, OAuth, Page, Private, Reconciled};

/// How long one request to a wallet may take: a caller waits for it.
const TIMEOUT: Duration = Duration::from_secs(4);

/// Transactions looked through for the last six digits of one. A wallet lists the newest first.
const LISTED_MAX: u32 = 200;

/// How often, and how far apart, an accepted change is asked about before it counts as not answered.
const POLLS_MAX: u32 = 3;
const POLL_EVERY: Duration = Duration::from_millis(700);

/// Every wallet that is connected, by id, and the forms of every wallet's numbers.
#[derive(Clone, Default)]
pub struct Wallets {
    connected: Arc<BTreeMap<String, Wallet>>,
    forms: Arc<BTreeMap<String, Vec<Form>>>,
}

/// One wallet.
pub struct Wallet {
    client: Client,
    extension: Option<ExtensionClient>,
    wechat_pay: Option<WechatPay>,
    breaker: Breaker,
    clock: Clock,
    forms: Vec<Form>,
    zone: TimeZone,
}

/// The wallet did not answer, or cannot be asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the wallet does not answer")]
pub struct Unavailable;

/// Who is behind a number.
#[derive(Debug, Clone)]
pub struct Holder {
    /// Risk signals.
    pub signals: Signals,
    /// How the customer is called: surname and form of address.
    pub name: Option<Pii<String>>,
    /// Registered addresses.
    pub addresses: Vec<(Channel, Pii<String>)>,
}

impl Wallets {
    /// A client for each wallet that the configuration connects.
    ///
    /// # Errors
    /// One line that names the wallet and what is wrong with its address.
    pub fn connect(wallets: &[config::Wallet], clock: Clock) -> Result<Self, String> {
        let mut connected = BTreeMap::new();
        for wallet in wallets {
            let Some(gsma) = &wallet.gsma else { continue };
            let bad = |key: &str, error| format!("wallet {}: {key}: {error}", wallet.id);
            let client = Client::new(&client_config(gsma)).map_err(|error| bad("gsma", error))?;
            let extension = wallet.extension.as_ref().map(|api| ExtensionClient::new(&client_config(api))).transpose();
            let extension = extension.map_err(|error| bad("extension", error))?;
            let wechat_pay = wallet.wechat_pay.as_ref().map(WechatPay::new).transpose();
            let wechat_pay = wechat_pay.map_err(|error| format!("wallet {}: wechat_pay: {error}", wallet.id))?;
            let (forms, zone) = (wallet.numbers.clone(), wallet.zone.clone());
            let one = Wallet { client, extension, wechat_pay, breaker: Breaker::default(), clock, forms, zone };
            connected.insert(wallet.id.clone(), one);
        }
        let forms = wallets.iter().map(|wallet| (wallet.id.clone(), wallet.numbers.clone())).collect();
        Ok(Self { connected: Arc::new(connected), forms: Arc::new(forms) })
    }

    /// A wallet by id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Wallet> {
        self.connected.get(id)
    }

    /// A number as keyed or shown, in E.164, by the forms of a wallet's customers; the wallet need not be connected.
    #[must_use]
    pub fn number(&self, wallet: &str, text: &str) -> Option<Pii<String>> {
        normalise(text, self.forms.get(wallet)?)
    }

    /// Ids of the wallets that do not answer at the moment.
    #[must_use]
    pub fn silent(&self) -> Vec<String> {
        self.connected.iter().filter(|(_, wallet)| wallet.breaker.is_open()).map(|(id, _)| id.clone()).collect()
    }
}

fn client_config(api: &config::WalletApi) -> ClientConfig {
    let mut config = ClientConfig::new(api.url.as_str());
    config.timeout = TIMEOUT;
    let private = |secret: &Pii<String>| Private::new(secret.expose().as_str());
    config.api_key = api.api_key.as_ref().map(private);
    config.identity = api.identity.as_ref().map(private);
    config.authority.clone_from(&api.authority);
    config.oauth = api.oauth.as_ref().map(|oauth| OAuth {
        token_url: oauth.token_url.clone(),
        client_id: oauth.client_id.clone(),
        client_secret: private(&oauth.client_secret),
        scope: oauth.scope.clone(),
    });
    config
}

/// What a customer's transactions answer to a number.
#[derive(Debug, PartialEq)]
pub enum Looked {
    /// None of them has it.
    Nothing,
    /// This one.
    One(Box<Seen>),
    /// Their numbers end the same.
    Several,
}

impl From<Option<Seen>> for Looked {
    fn from(seen: Option<Seen>) -> Self {
        seen.map_or(Self::Nothing, |seen| Self::One(Box::new(seen)))
    }
}

impl Wallet {
    /// A number as keyed or shown, in E.164.
    #[must_use]
    pub fn number(&self, text: &str) -> Option<Pii<String>> {
        normalise(text, &self.forms)
    }

    /// The zone in which this wallet's customers are told times.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Who is behind a number; none when the wallet has no such account.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn holder(&self, msisdn: &Pii<String>) -> Result<Option<Holder>, Unavailable> {
        let account = AccountRef::Msisdn(msisdn.expose().clone());
        let asked = self.ask(self.client.account(&account)).await?;
        Ok(asked.map(|account| holder(&account)))
    }

    /// A transaction of this customer, by its whole number or its last six digits; nothing when they have no such one, whoever else may.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn transaction(&self, msisdn: &Pii<String>, id: &str) -> Result<Looked, Unavailable> {
        let account = AccountRef::Msisdn(msisdn.expose().clone());
        let page = Page { limit: LISTED_MAX, offset: 0 };
        // The account's own list answers both forms: what is not on it is not theirs, and takes as long to say.
        let Some(page) = self.ask(self.client.transactions(&account, page)).await? else { return Ok(Looked::Nothing) };
        match listed(&page.transactions, id) {
            Looked::Nothing if id.len() > 6 => Ok(self.older(&account, id).await?.into()),
            looked => Ok(looked),
        }
    }

    /// A transaction older than the list goes back, by its whole number, when the customer is a party to it.
    async fn older(&self, account: &AccountRef, id: &str) -> Result<Option<Seen>, Unavailable> {
        let (found, holder) = (self.ask(self.client.transaction(id)).await?, self.ask(self.client.account(account)).await?);
        let (Some(transaction), Some(holder)) = (found, holder) else { return Ok(None) };
        Ok(is_party(&transaction, &holder).then(|| read(&transaction)).flatten())
    }

    /// Freezes the account behind a number under this key. `again` when the key may have reached the wallet before: then it is asked
    /// first what became of it. A number without an account is done: there is nothing to freeze.
    pub async fn freeze(&self, msisdn: &Pii<String>, key: &str, again: bool) -> Outcome {
        let outcome = self.try_freeze(msisdn, key, again).await;
        self.breaker.note(!matches!(outcome, Outcome::Unknown | Outcome::NotSent), self.clock.now().mono);
        outcome
    }

    async fn try_freeze(&self, msisdn: &Pii<String>, key: &str, again: bool) -> Outcome {
        if again {
            match self.client.reconcile(key).await {
                Ok(Reconciled::Done) => return Outcome::Done,
                Ok(Reconciled::Pending(id)) => return self.poll(&id).await,
                Ok(Reconciled::Failed(_)) => return Outcome::Declined(Decline::ByRule),
                Ok(Reconciled::NotReceived) => {}
                Err(error) => return outcome_of(&error),
            }
        }
        let account = AccountRef::Msisdn(msisdn.expose().clone());
        // A stricter lock than ours stays: undoing a freeze must not open what the wallet had locked for fraud.
        match self.client.status(&account).await {
            Ok(state) if is_locked_harder(&state.status, &state.sub_status) => return Outcome::Done,
            Ok(_) => {}
            Err(Error::Refused(refused)) if refused.is_not_found() => return Outcome::Done,
            // Whatever keeps us from asking must not keep us from freezing.
            Err(_) => {}
        }
        let sent = self.client.set_status(&account, AccountStatus::Unavailable, SubStatus::FrozenByHotline, key).await;
        match sent {
            Ok(Accepted::Done) => Outcome::Done,
            Ok(Accepted::Pending(id)) => self.poll(&id).await,
            Err(error) => outcome_of(&error),
        }
    }

    /// What became of a request under this key, when nobody knows any more whose account it was for. `NotSent` when the wallet never
    /// received it.
    pub async fn became_of(&self, key: &str) -> Outcome {
        match self.client.reconcile(key).await {
            Ok(Reconciled::Done) => Outcome::Done,
            Ok(Reconciled::Pending(id)) => self.poll(&id).await,
            Ok(Reconciled::Failed(_)) => Outcome::Declined(Decline::ByRule),
            Ok(Reconciled::NotReceived) => Outcome::NotSent,
            Err(_) => Outcome::Unknown,
        }
    }

    /// Asks about an accepted change for as long as a caller waits.
    async fn poll(&self, id: &str) -> Outcome {
        for _ in 0..POLLS_MAX {
            match self.client.request_state(id).await {
                Ok(state) => match state.status {
                    RequestStatus::Completed => return Outcome::Done,
                    RequestStatus::Failed => return Outcome::Declined(Decline::ByRule),
                    RequestStatus::Pending | RequestStatus::Unknown(_) => tokio::time::sleep(POLL_EVERY).await,
                },
                Err(_) => return Outcome::Unknown,
            }
        }
        Outcome::Unknown
    }

    /// Asks, unless the wallet was silent lately. None when it has no such thing.
    async fn ask<T>(&self, question: impl Future<Output = Result<T, Error>>) -> Result<Option<T>, Unavailable> {
        if !self.breaker.allows(self.clock.now().mono) {
            return Err(Unavailable);
        }
        let answer = question.await;
        let answered = matches!(&answer, Ok(_) | Err(Error::Refused(_)));
        self.breaker.note(answered, self.clock.now().mono);
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(Error::Refused(refused)) if refused.is_not_found() => Ok(None),
            Err(error) => {
                tracing::warn!(%error, "a wallet did not answer a question");
                Err(Unavailable)
            }
        }
    }
}

/// What an error means for an act: did it certainly not happen, or is that unknown?
fn outcome_of(error: &Error) -> Outcome {
    match error {
        Error::Refused(refused) if refused.is_not_found() => Outcome::Done,
        Error::Refused(_) => Outcome::Declined(Decline::ByRule),
        Error::NotSent(_) => Outcome::NotSent,
        Error::Unclear(_) => Outcome::Unknown,
    }
}

fn is_locked_harder(status: &AccountStatus, why: &SubStatus) -> bool {
    *status == AccountStatus::Unavailable && matches!(why, SubStatus::FrozenByHotline | SubStatus::FraudLock | SubStatus::Closing)
}

fn holder(account: &Account) -> Holder {
    let at = |key: &str| {
        // What happened at a time that cannot be read happened all the same.
        let read = |text: &str| text.parse::<Timestamp>().map_or(Wall(i64::MAX), |at| Wall(at.as_microsecond()));
        account.custom_data.get(key).map(read)
    };
    let signals = Signals {
        sim_changed_at: at("simChangedAt"),
        device_bound_at: at("deviceBoundAt"),
        recovered_at: at("recoveredAt"),
        call_forwarding: account.custom_data.get("callForwarding").is_some_and(|text| text != "false"),
    };
    Holder {
        signals,
        name: account.identity.first().and_then(called),
        addresses: account.identity.iter().flat_map(addresses).collect(),
    }
}

/// Surname and form of address: `李女士`, `Ms Carter`.
fn called(identity: &Identity) -> Option<Pii<String>> {
    let name = identity.identity_kyc.subject_name.as_ref()?;
    if let Some(native) = identity.custom_data.get("nativeFamilyName") {
        let form = match identity.identity_kyc.gender.as_deref() {
            Some("f") => "女士",
            Some("m") => "先生",
            _ => "",
        };
        return Some(Pii::new(format!("{native}{form}")));
    }
    let last = name.last_name.as_ref()?.expose();
    Some(Pii::new(match &name.title {
        Some(title) => format!("{} {last}", title.expose()),
        None => last.to_owned(),
    }))
}

fn addresses(identity: &Identity) -> Vec<(Channel, Pii<String>)> {
    let kyc = &identity.identity_kyc;
    let phone = kyc.contact_phone.as_ref().map(|phone| (Channel::Sms, Pii::new(phone.expose().to_owned())));
    let mail = kyc.email_address.as_ref().map(|mail| (Channel::Mail, Pii::new(mail.expose().to_owned())));
    [phone, mail].into_iter().flatten().collect()
}

/// What a list of transactions answers to the end of a number. Which of several is meant is not guessed: a status that is true of
/// another transaction is a wrong one.
fn listed(transactions: &[Transaction], id: &str) -> Looked {
    let mut found = transactions.iter().filter(|known| known.transaction_reference.expose().ends_with(id));
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => Looked::Several,
        (Some(transaction), None) => read(transaction).into(),
        (None, _) => Looked::Nothing,
    }
}

/// Whether an account is on either side of a transaction.
fn is_party(transaction: &Transaction, account: &Account) -> bool {
    [&transaction.credit_party, &transaction.debit_party].iter().any(|party| is_party_in(party, account))
}

/// Whether an account is this side of a transaction.
fn is_party_in(party: &Fields, account: &Account) -> bool {
    let identifiers = account.account_identifiers.0.iter().map(|known| (known.key.as_str(), known.value.expose()));
    identifiers.into_iter().any(|(key, value)| party.get(key) == Some(value))
}

#[cfg(test)]
mod tests;
