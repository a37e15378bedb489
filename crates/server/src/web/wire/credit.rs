//! A provisional credit on the wire: how much, how far, and who of the staff.

use super::{CreditState, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::cases::{Credit, CreditAct};
use walletline_core::kernel::ids::StaffId;
use walletline_core::kernel::money::{Currency, Money};

/// A provisional credit of a case.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CaseCredit {
    /// How much, as an exact decimal.
    #[schema(example = "128.00")]
    amount: String,
    /// Of which currency.
    #[schema(example = "USD")]
    currency: String,
    /// How far it is.
    state: CreditState,
    /// The number of whoever proposed what waits, or proposed last.
    proposed_by: String,
    /// The number of whoever decided last.
    #[schema(required = true)]
    decided_by: Option<String>,
    /// When it was given.
    #[schema(required = true)]
    given_at: Option<Time>,
    /// When something last happened to it.
    changed_at: Time,
}

/// What is done about a credit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreditAsked {
    /// What.
    act: CreditActName,
    /// How much, where it is proposed: an exact decimal.
    amount: Option<String>,
    /// Of which currency.
    currency: Option<String>,
}

/// What can be done about a credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CreditActName {
    /// Propose an amount.
    Propose,
    /// Agree, as the second person: it was moved at the wallet.
    Agree,
    /// Say no, as the second person.
    Decline,
    /// Propose to take it back.
    ProposeReversal,
    /// Leave it with the customer for good.
    Keep,
}

impl CreditAsked {
    /// The act.
    ///
    /// # Errors
    /// What is wrong with the amount.
    pub(crate) fn read(&self) -> Result<CreditAct, String> {
        Ok(match self.act {
            CreditActName::Agree => CreditAct::Agree,
            CreditActName::Decline => CreditAct::Decline,
            CreditActName::ProposeReversal => CreditAct::ProposeReversal,
            CreditActName::Keep => CreditAct::Keep,
            CreditActName::Propose => {
                let currency = self.currency.as_deref().unwrap_or_default().parse::<Currency>();
                let currency = currency.map_err(|error| format!("currency: {error}"))?;
                let amount = self.amount.as_deref().unwrap_or_default();
                CreditAct::Propose(Money::read(amount, currency).map_err(|error| format!("amount: {error}"))?)
            }
        })
    }
}

impl CaseCredit {
    /// A credit, with the numbers of staff.
    pub(crate) fn new(credit: &Credit, number_of: &impl Fn(StaffId) -> String) -> Self {
        Self {
            amount: credit.amount.amount(),
            currency: credit.amount.currency.code().to_owned(),
            state: credit.state.into(),
            proposed_by: number_of(credit.proposed_by),
            decided_by: credit.decided_by.map(number_of),
            given_at: credit.given_at.map(Into::into),
            changed_at: credit.changed_at.into(),
        }
    }
}
