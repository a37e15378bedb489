//! Requests that change something, how far they are, and the heartbeat.

use super::{ErrorObject, words};
use crate::Private;
use serde::{Deserialize, Serialize};

words! {
    /// `status` of a request state.
    RequestStatus {
        /// Being processed.
        Pending = "pending",
        /// Carried out.
        Completed = "completed",
        /// Not carried out, and it will not be.
        Failed = "failed",
    }
}

words! {
    /// `notificationMethod`: how the end of a request is learned.
    NotificationMethod {
        /// The wallet calls back by HTTP PUT.
        Callback = "callback",
        /// The client asks.
        Polling = "polling",
    }
}

words! {
    /// `serviceStatus` of the heartbeat.
    ServiceStatus {
        /// It works.
        Available = "available",
        /// It does not.
        Unavailable = "unavailable",
        /// It works badly.
        Degraded = "degraded",
    }
}

/// `requestStateObject`: how far an accepted request is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestState {
    /// The wallet's id of the request, a UUID.
    pub server_correlation_id: String,
    /// How far it is.
    pub status: RequestStatus,
    /// How its end is learned.
    pub notification_method: NotificationMethod,
    /// What the request is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_reference: Option<Private>,
    /// Why it takes time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_reason: Option<String>,
    /// When the wallet gives it up, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_time: Option<String>,
    /// How often the wallet lets the client ask. The specification calls it a number, so it is kept as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll_limit: Option<serde_json::Number>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorObject>,
}

/// `responseResponse`: where the answer to an earlier request stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseLink {
    /// A URL or a path of the wallet.
    pub link: Private,
}

impl ResponseLink {
    /// The id of the request state the link leads to, where it leads to one: the request was accepted, and may still be pending.
    #[must_use]
    pub fn request_state(&self) -> Option<&str> {
        let (_, id) = self.link.expose().rsplit_once("/requeststates/")?;
        (!id.is_empty() && !id.contains('/')).then_some(id)
    }

    /// The reference of the transaction the link leads to, where it leads to one.
    #[must_use]
    pub fn transaction(&self) -> Option<&str> {
        let (_, reference) = self.link.expose().rsplit_once("/transactions/")?;
        (!reference.is_empty() && !reference.contains('/')).then_some(reference)
    }
}

/// `responseHeartbeat`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Heartbeat {
    /// Whether the wallet works.
    pub service_status: ServiceStatus,
    /// The expected delay in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<serde_json::Number>,
    /// When it is expected back, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_restoration_time: Option<String>,
}

/// What a patch does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PatchOp {
    /// Gives a field another value.
    Replace,
    /// Adds a field.
    Add,
}

/// `requestGenericPatch`: one of the one to ten changes of a PATCH.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchItem {
    /// What to do.
    pub op: PatchOp,
    /// With which field: `/accountStatus`, `/accountSubStatus`.
    pub path: String,
    /// The value.
    pub value: String,
}

impl PatchItem {
    /// Replaces a field's value.
    #[must_use]
    pub fn replace(path: &str, value: &str) -> Self {
        Self { op: PatchOp::Replace, path: path.to_owned(), value: value.to_owned() }
    }
}

/// `genericUpdateSuccess`: the callback of a change that was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateSuccess {
    /// `success`.
    pub result: String,
}
