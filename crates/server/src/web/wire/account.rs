//! Acts on a customer's account on the wire. An act that waits for a second person names no customer: a reference opens what is to be done.

use super::{AccountAct, Level, Time, names::names};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::cases::Case;
use walletline_core::help;
use walletline_core::kernel::ids::StaffId;
use walletline_core::wallet::Operation;

names! {
    /// What a second person decides.
    ActVerdict = help::Decision { Agree "agree", Disagree "disagree" }
}

/// Have something done to the account of a contact's customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountActAsked {
    /// What.
    pub(crate) act: AccountAct,
}

/// A second person decides.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActDecision {
    /// What.
    pub(crate) verdict: ActVerdict,
}

/// An act on an account that waits for a second person.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct WaitingAct {
    /// Identifier.
    id: String,
    /// What is asked for.
    act: AccountAct,
    /// The wallet, by id.
    wallet: String,
    /// What the customer calls it by.
    #[schema(example = "R123456782")]
    reference: String,
    /// The contact it was asked for in.
    contact: String,
    /// The number of whoever asked for it.
    maker: String,
    /// What the customer showed for it.
    level: Level,
    /// How many factors prove that.
    factors: usize,
    /// When it was asked for.
    asked_at: Time,
    /// Until when it waits.
    decide_by: Time,
}

impl WaitingAct {
    /// None when it is no act on an account, which nobody waits with.
    pub(crate) fn new(operation: &Operation, case: Option<&Case>, number_of: &impl Fn(StaffId) -> String) -> Option<Self> {
        Some(Self {
            id: operation.id.to_string(),
            act: operation.account_act()?.into(),
            wallet: operation.wallet.clone(),
            reference: case.map(|case| case.reference.to_string()).unwrap_or_default(),
            contact: operation.contact.to_string(),
            maker: operation.maker.map(number_of).unwrap_or_default(),
            level: operation.level.into(),
            factors: operation.evidence.len(),
            asked_at: operation.created_at.into(),
            decide_by: operation.send_by.into(),
        })
    }
}
