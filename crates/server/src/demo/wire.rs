//! What travels between the demo's phone and the server.

use crate::web::wire::{Language, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A customer as the wallet has them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemoCustomer {
    /// Name.
    pub(crate) name: String,
    /// Phone number, E.164.
    #[schema(example = "+8619000000001")]
    pub(crate) msisdn: String,
    /// Account.
    #[schema(example = "W100001")]
    pub(crate) account: String,
    /// `available`, `unavailable`.
    pub(crate) status: String,
    /// `none`, `locked_failed_logins`, `fraud_lock`, `frozen_by_hotline`, `closing`.
    pub(crate) sub_status: String,
    /// The second factor's secret, base 32, for whoever has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) totp_secret: Option<String>,
    /// Their transactions.
    pub(crate) transactions: Vec<DemoTransaction>,
}

/// A transaction of a customer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemoTransaction {
    /// Twelve digits, the last one by Luhn.
    #[schema(example = "261101000014")]
    pub(crate) id: String,
    /// What kind.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// `completed`, `pending`, `failed`.
    pub(crate) status: String,
    /// Decimal.
    #[schema(example = "128.00")]
    pub(crate) amount: String,
    /// ISO 4217.
    #[schema(example = "CNY")]
    pub(crate) currency: String,
}

/// What the app on a customer's phone asks its server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DemoAppQuestion {
    /// The wallet's id.
    pub(crate) wallet: String,
    /// The customer's number, E.164.
    pub(crate) msisdn: String,
}

/// How a line is to be held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DemoHold {
    /// The state.
    pub(crate) state: DemoLineState,
}

/// How a line of the demo can stand.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DemoLineState {
    /// Somebody is there, whatever the plan says: as the demo starts.
    Open,
    /// Nobody is there.
    Closed,
    /// Nobody is there because of a holiday.
    Holiday,
    /// The wait is long.
    Overload,
    /// Something is disturbed.
    Incident,
    /// By the hours the line keeps.
    Planned,
}

/// A line that can be dialled.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemoLine {
    /// The number.
    #[schema(example = "8000")]
    pub(crate) number: String,
    /// The wallet's id.
    pub(crate) wallet: String,
    /// The wallet's name by language.
    pub(crate) wallet_name: BTreeMap<&'static str, String>,
    /// Languages in the order they are offered.
    pub(crate) languages: Vec<Language>,
}

/// A message a customer's phone received.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemoMessage {
    /// How it came.
    pub(crate) channel: DemoChannel,
    /// To which number or address.
    pub(crate) to: String,
    /// Its text.
    pub(crate) text: String,
    /// When.
    pub(crate) at: Time,
}

/// How far the wall clock is put forward.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DemoAdvance {
    /// Seconds.
    pub(crate) advance_s: u32,
}

/// What the wall clock says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemoTime {
    /// Now, in the demo world.
    pub(crate) now: Time,
}

/// Something to go wrong at the wallet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DemoFault {
    /// `account`, `status`, `freeze`, `identities`, `transactions`, `transaction`, `heartbeat`, `second_factor`, `extension`, `any`.
    pub(crate) operation: String,
    /// `fail`, `fail_after`, `timeout_before`, `timeout_after`, `late`, `slow`, `garbage`, `down`, `twice`, `reject`.
    pub(crate) fault: String,
    /// How often; 0 takes back what was ordered.
    pub(crate) count: u32,
}

/// An effect on an account of the wallet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemoEffect {
    /// Counts upwards.
    pub(crate) id: i64,
    /// The key under which it was asked for.
    pub(crate) correlation_id: String,
    /// `freeze`, `unlock`, `status_change`.
    pub(crate) operation: String,
    /// The account.
    pub(crate) account: String,
    /// When, RFC 3339.
    pub(crate) at: String,
    /// What went back, of a reversal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) amount: Option<String>,
    /// ISO 4217, of a reversal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) currency: Option<String>,
    /// The transaction that was reversed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) original: Option<String>,
}

/// How a message reaches a customer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DemoChannel {
    Sms,
    Mail,
}

/// What the demo's phone says on its connection. Keys go through the call itself, as RFC 4733 events.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum FromPhone {
    /// Dial a line. The first message, once.
    Dial {
        /// The number to dial.
        line: String,
        /// The number to show, E.164; empty to show none.
        msisdn: String,
        /// The browser's offer, with all its candidates.
        sdp: String,
        /// The code of a call pass to bring; whatever is no code is as if none was brought.
        #[serde(default)]
        pass: Option<String>,
    },
    /// The way to the server was lost: a new offer, over another network. `answer` follows, and the call goes on.
    Restart {
        /// The browser's offer, with all its candidates.
        sdp: String,
    },
    /// Here I am again: the connection of this call was lost. Instead of `dial`, on another connection; `returned` follows, or `ended`
    /// when there is no such call any more.
    Return {
        /// As it came with the first answer.
        ticket: String,
    },
    /// Hang up.
    Hangup {},
}
