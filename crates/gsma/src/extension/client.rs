//! The client of the extension API: one method per question or change, with the bounds and the errors of the other client. It repeats
//! nothing by itself; a change sent again under its key is answered as it was the first time.

use super::wire::{
    Approval, ApprovalAsked, Closing, Devices, Link, LinkAsked, LinkPurpose, SecondFactorCode, SecondFactorKind, SecondFactors,
    Sessions, Verdict, Verified,
};
use crate::Private;
use crate::client::{AccountRef, Config, ConfigError, Error, Transport, Unclear, check_correlation_id, check_segment};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A wallet that has the extension API. A clone shares the connections.
#[derive(Debug, Clone)]
pub struct ExtensionClient {
    transport: Transport,
}

/// Why there is no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExtensionError {
    /// The wallet has this API, and not this part of it.
    #[error("the wallet does not offer this")]
    NotSupported,
    /// As with every other request.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// What a wallet answers for a part it has not built.
const NOT_IMPLEMENTED: u16 = StatusCode::NOT_IMPLEMENTED.as_u16();

type Answered<T> = Result<T, ExtensionError>;

impl ExtensionClient {
    /// A client of the wallet whose extension API stands below `config.base_url`. Opens no connection yet.
    ///
    /// # Errors
    /// When the configuration is unusable; the message names the key.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        Ok(Self { transport: Transport::new(config)? })
    }

    /// The second factors of an account.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn second_factors(&self, account: &AccountRef) -> Answered<SecondFactors> {
        self.ask(account, &["secondfactors"]).await
    }

    /// Invites the customer to enrol a second factor: where they do so, on the wallet's own page.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn enrol_second_factor(&self, account: &AccountRef, kind: SecondFactorKind, key: &str) -> Answered<Link> {
        let body = serde_json::json!({ "kind": kind });
        self.tell(Method::POST, account, &["secondfactors"], Some(&body), key).await
    }

    /// Takes a second factor away.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn revoke_second_factor(&self, account: &AccountRef, kind: &SecondFactorKind, key: &str) -> Answered<()> {
        self.end(account, &["secondfactors", kind.as_str()], key).await
    }

    /// Whether a code is the customer's. An account without a second factor, and one that does not exist, refuse every code.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn verify_second_factor(&self, account: &AccountRef, code: Private, key: &str) -> Answered<Verdict> {
        let body = SecondFactorCode { code };
        let answer: Verified = self.tell(Method::POST, account, &["secondfactors", "verify"], Some(&body), key).await?;
        match answer.result {
            Verdict::Unknown(_) => Err(Error::Unclear(Unclear::Garbage("a verdict in an unknown word")).into()),
            verdict => Ok(verdict),
        }
    }

    /// A page where the customer sets a new password.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn password_link(&self, account: &AccountRef, purpose: LinkPurpose, key: &str) -> Answered<Link> {
        self.tell(Method::POST, account, &["passwordresets"], Some(&LinkAsked { purpose }), key).await
    }

    /// The open sessions of an account.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn sessions(&self, account: &AccountRef) -> Answered<Sessions> {
        self.ask(account, &["sessions"]).await
    }

    /// Ends every session of an account.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn end_sessions(&self, account: &AccountRef, key: &str) -> Answered<()> {
        self.end(account, &["sessions"], key).await
    }

    /// Ends one session.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn end_session(&self, account: &AccountRef, session: &str, key: &str) -> Answered<()> {
        self.end(account, &["sessions", session], key).await
    }

    /// The bound devices of an account.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn devices(&self, account: &AccountRef) -> Answered<Devices> {
        self.ask(account, &["devices"]).await
    }

    /// Unbinds a device, and ends its sessions.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn unbind_device(&self, account: &AccountRef, device: &str, key: &str) -> Answered<()> {
        self.end(account, &["devices", device], key).await
    }

    /// Whether an account can be closed, and whether it is being.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn closing(&self, account: &AccountRef) -> Answered<Closing> {
        self.ask(account, &["closing"]).await
    }

    /// Closes an account, after the days in which the customer may change their mind. Refused where something keeps it open.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn close(&self, account: &AccountRef, key: &str) -> Answered<Closing> {
        self.tell(Method::POST, account, &["closing"], None::<&()>, key).await
    }

    /// The customer has changed their mind.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn keep_open(&self, account: &AccountRef, key: &str) -> Answered<()> {
        self.end(account, &["closing"], key).await
    }

    /// Has the app ask for a code, beside what it is for.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn ask_approval(&self, account: &AccountRef, asked: &ApprovalAsked, key: &str) -> Answered<Approval> {
        self.tell(Method::POST, account, &["approvals"], Some(asked), key).await
    }

    /// How that stands.
    ///
    /// # Errors
    /// See [`ExtensionError`].
    pub async fn approval(&self, account: &AccountRef, approval: &str) -> Answered<Approval> {
        self.ask(account, &["approvals", approval]).await
    }

    async fn ask<T: DeserializeOwned>(&self, account: &AccountRef, below: &[&str]) -> Answered<T> {
        let path = path(account, below)?;
        Ok(self.transport.get(&path, &[]).await.map_err(sort)?.json()?)
    }

    async fn tell<B, T>(&self, method: Method, account: &AccountRef, below: &[&str], body: Option<&B>, key: &str) -> Answered<T>
    where
        B: Serialize + Sync,
        T: DeserializeOwned,
    {
        let path = path(account, below)?;
        check_correlation_id(key)?;
        Ok(self.transport.change(method, &path, body, key).await.map_err(sort)?.json()?)
    }

    async fn end(&self, account: &AccountRef, below: &[&str], key: &str) -> Answered<()> {
        let path = path(account, below)?;
        check_correlation_id(key)?;
        let answer = self.transport.change(Method::DELETE, &path, None::<&()>, key).await.map_err(sort)?;
        match answer.status {
            StatusCode::NO_CONTENT => Ok(()),
            _ => Err(Error::Unclear(Unclear::Garbage("what is taken away is answered 204")).into()),
        }
    }
}

fn path<'a>(account: &'a AccountRef, below: &[&'a str]) -> Result<Vec<&'a str>, Error> {
    let (identifier_type, identifier) = account.path();
    check_segment(identifier)?;
    for part in below {
        check_segment(part)?;
    }
    Ok(["accounts", identifier_type, identifier].into_iter().chain(below.iter().copied()).collect())
}

fn sort(error: Error) -> ExtensionError {
    match error {
        Error::Unclear(Unclear::Status(NOT_IMPLEMENTED)) => ExtensionError::NotSupported,
        error => ExtensionError::Failed(error),
    }
}
