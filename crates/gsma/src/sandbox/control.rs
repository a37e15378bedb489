//! The control interface, which no wallet has: its wire types and a client for it, so that a sandbox in another process is moved
//! like one in this one. A sandbox holds invented people alone; that is why these types print what they hold.

use crate::client::read_bounded;
use reqwest::{Method, StatusCode, Url};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long the control interface may take: it is on loopback, and waits for its turn at the file at most.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes of an answer at most: the ledger of a long simulation.
const ANSWER_BYTES_MAX: usize = 16 << 20;

/// `GET /control/customers`: a customer as the wallet has them now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Name, in the customer's own script too.
    pub name: String,
    /// Phone number, E.164.
    pub msisdn: String,
    /// Registered mail address.
    pub mail: String,
    /// Account.
    pub account: String,
    /// The brands that see the account: `jinqiao`, `harbor`.
    pub wallets: Vec<String>,
    /// `available`, `unavailable`.
    pub status: String,
    /// `none`, `locked_failed_logins`, `fraud_lock`, `frozen_by_hotline`, `closing`.
    pub sub_status: String,
    /// The second factor's secret, base 32, for whoever has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp_secret: Option<String>,
    /// Their transactions.
    pub transactions: Vec<CustomerTransaction>,
}

/// A transaction of a customer as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerTransaction {
    /// Twelve digits, the last one by Luhn.
    pub id: String,
    /// `wallet_to_wallet`, `cross_border`, `merchant_payment`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `completed`, `pending`, `failed`.
    pub status: String,
    /// Decimal.
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
}

/// `GET /control/ledger`: an effect on an account. There is at most one for each correlation id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Counts upwards; never used twice.
    pub id: i64,
    /// The client's correlation id, in lower case.
    pub correlation_id: String,
    /// `freeze`, `unlock`, `status_change`, `reversal`; of the extension API `second_factor_revoked`, `sessions_ended`, `device_unbound`, `closing`,
    /// `kept_open`.
    pub operation: String,
    /// The account.
    pub account: String,
    /// When, RFC 3339, in sandbox time.
    pub at: String,
    /// What went back, of a reversal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// ISO 4217, of a reversal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The transaction that was reversed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
}

/// `POST /control/fault`: so many times something goes wrong with an operation. An unknown name is answered with the known ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultOrder {
    /// `account`, `status`, `freeze`, `identities`, `transactions`, `transaction`, `reversal`, `heartbeat`, `second_factor`, `extension`,
    /// `any`.
    pub operation: String,
    /// `fail`, `fail_after`, `timeout_before`, `timeout_after`, `late`, `slow`, `garbage`, `down`, `twice`, `reject`.
    pub fault: String,
    /// How often; 0 takes back what was ordered of this operation.
    pub count: u32,
}

/// `POST /control/links/{number}`: a customer opens a link of the extension API and does what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkUsed {
    /// Of a link to enrol a second factor: the secret that the page drew, base 32.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp_secret: Option<String>,
}

/// `POST /control/approvals/{number}`: a customer types a code into the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeTyped {
    /// What they type.
    pub code: String,
}

/// `GET /control/approvals`: what an app shows its customer just now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalOpen {
    /// Its number.
    pub number: String,
    /// Whose app, E.164.
    pub msisdn: String,
    /// The number of the agent who asks.
    pub agent: String,
    /// What is to be done.
    pub operation: String,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// ISO 4217.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee: Option<String>,
    /// Since when, RFC 3339, in sandbox time.
    pub asked_at: String,
    /// Until when.
    pub expires_at: String,
}

/// `POST /control/clock`: puts sandbox time forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockAdvance {
    /// By so many seconds.
    pub advance_s: u32,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockReading {
    /// Sandbox time, RFC 3339.
    pub now: String,
    /// By how much it is ahead of the clock of its process, in seconds.
    pub offset_s: i64,
}

/// An RFC 9457 problem: what the control interface says when it refuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Problem {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) status: u16,
    pub(super) detail: String,
}

/// Why the control interface did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// It refused; its words, which say what to write instead.
    #[error("the sandbox refused: {0}")]
    Refused(String),
    /// It cannot be reached, or its answer cannot be read.
    #[error("the sandbox does not answer: {0}")]
    Unavailable(&'static str),
}

/// A client of the control interface. A clone shares the connections.
#[derive(Debug, Clone)]
pub struct Control {
    http: reqwest::Client,
    base_url: Url,
}

impl Control {
    /// Of the sandbox at an address, the same that its wallets stand below: `http://127.0.0.1:9100`.
    ///
    /// # Errors
    /// When that is no `http://` address.
    pub fn new(sandbox_url: &str) -> Result<Self, ControlError> {
        let wrong = ControlError::Unavailable("write its address as http://HOST:PORT");
        let base_url = Url::parse(sandbox_url).ok().filter(|url| url.scheme() == "http" && !url.cannot_be_a_base());
        let base_url = base_url.ok_or_else(|| wrong.clone())?;
        Ok(Self { http: super::callback::loopback_http(TIMEOUT).map_err(|_| wrong)?, base_url })
    }

    /// The customers as the wallet has them now.
    ///
    /// # Errors
    /// See [`ControlError`].
    pub async fn customers(&self) -> Result<Vec<Customer>, ControlError> {
        self.ask(Method::GET, "customers", None::<&()>).await
    }

    /// Every effect on an account, oldest first.
    ///
    /// # Errors
    /// See [`ControlError`].
    pub async fn ledger(&self) -> Result<Vec<LedgerEntry>, ControlError> {
        self.ask(Method::GET, "ledger", None::<&()>).await
    }

    /// Orders misbehaviour.
    ///
    /// # Errors
    /// See [`ControlError`].
    pub async fn fault(&self, order: &FaultOrder) -> Result<(), ControlError> {
        self.tell("fault", Some(order)).await
    }

    /// A customer uses a link.
    ///
    /// # Errors
    /// See [`ControlError`]; refused when it never was, was used, or is too old.
    pub async fn use_link(&self, number: &str, used: &LinkUsed) -> Result<(), ControlError> {
        self.tell(&format!("links/{number}"), Some(used)).await
    }

    /// A customer types a code into the app.
    ///
    /// # Errors
    /// See [`ControlError`]; refused when no code is asked for any more.
    pub async fn type_code(&self, approval: &str, typed: &CodeTyped) -> Result<(), ControlError> {
        self.tell(&format!("approvals/{approval}"), Some(typed)).await
    }

    /// What the apps of every customer ask now, oldest first.
    ///
    /// # Errors
    /// See [`ControlError`].
    pub async fn approvals(&self) -> Result<Vec<ApprovalOpen>, ControlError> {
        self.ask(Method::GET, "approvals", None::<&()>).await
    }

    /// A customer says no in the app.
    ///
    /// # Errors
    /// See [`ControlError`]; refused when nothing is asked any more.
    pub async fn refuse(&self, approval: &str) -> Result<(), ControlError> {
        self.tell(&format!("approvals/{approval}/refusal"), None::<&()>).await
    }

    /// Forgets everything but the clock, and seeds afresh.
    ///
    /// # Errors
    /// See [`ControlError`].
    pub async fn reset(&self) -> Result<(), ControlError> {
        self.tell("reset", None::<&()>).await
    }

    /// Puts sandbox time forward.
    ///
    /// # Errors
    /// See [`ControlError`].
    pub async fn advance(&self, advance: ClockAdvance) -> Result<ClockReading, ControlError> {
        self.ask(Method::POST, "clock", Some(&advance)).await
    }

    async fn tell<B: Serialize + Sync>(&self, what: &str, body: Option<&B>) -> Result<(), ControlError> {
        self.exchange(Method::POST, what, body).await.map(|_| ())
    }

    async fn ask<B: Serialize + Sync, T: DeserializeOwned>(
        &self,
        method: Method,
        what: &str,
        body: Option<&B>,
    ) -> Result<T, ControlError> {
        let answer = self.exchange(method, what, body).await?;
        serde_json::from_slice(&answer).map_err(|_| ControlError::Unavailable("its answer cannot be read"))
    }

    async fn exchange<B: Serialize + Sync>(&self, method: Method, what: &str, body: Option<&B>) -> Result<Vec<u8>, ControlError> {
        let mut url = self.base_url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push("control").extend(what.split('/'));
        }
        let mut request = self.http.request(method, url);
        if let Some(body) = body {
            let body = serde_json::to_vec(body).map_err(|_| ControlError::Unavailable("the order cannot be written"))?;
            request = request.header("content-type", "application/json").body(body);
        }
        let response = request.send().await.map_err(|_| ControlError::Unavailable("no connection, or no answer in time"))?;
        let status = response.status();
        let body = read_bounded(response, ANSWER_BYTES_MAX).await;
        let body = body.map_err(|_| ControlError::Unavailable("its answer broke off, or is too large"))?;
        match serde_json::from_slice::<Problem>(&body) {
            _ if status.is_success() => Ok(body),
            Ok(problem) if status == StatusCode::BAD_REQUEST => Err(ControlError::Refused(problem.detail)),
            Ok(_) | Err(_) => Err(ControlError::Unavailable("it failed")),
        }
    }
}
