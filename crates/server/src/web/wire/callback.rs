//! Requests to be called back on the wire. A list shows no number; whoever takes a request is shown its own.

use super::{Language, Service, Time};
use serde::Serialize;
use utoipa::ToSchema;
use walletline_core::cases::{self, CallbackState, Case};
use walletline_core::kernel::ids::StaffId;

/// Somebody who waits to be called back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Callback {
    /// The case's reference.
    #[schema(example = "R123456782")]
    reference: String,
    /// The wallet, by id.
    wallet: String,
    /// The number, masked.
    number: String,
    /// The language they speak.
    language: Language,
    /// What it is about, as far as the menu learned.
    #[schema(required = true)]
    service: Option<Service>,
    /// When it was asked for.
    asked_at: Time,
    /// The number of the agent who has taken it.
    #[schema(required = true)]
    taken_by: Option<String>,
    /// Contacts in which it was asked for, oldest first.
    contacts: Vec<String>,
}

/// The number of a request that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallbackNumber {
    /// The case's reference.
    pub(crate) reference: String,
    /// The number to call, E.164.
    pub(crate) number: String,
    /// The two words that the customer was shown: say them first. None when they are no longer good, or there never were any.
    #[schema(required = true, example = "apple arrow")]
    pub(crate) phrase: Option<String>,
}

impl Callback {
    /// A request with its case.
    pub(crate) fn new(callback: &cases::Callback, case: &Case, number_of: &impl Fn(StaffId) -> String) -> Self {
        let taken_by = match callback.state {
            CallbackState::Waiting => None,
            CallbackState::Taken { by, .. } | CallbackState::Done { by, .. } => Some(number_of(by)),
        };
        Self {
            reference: case.reference.to_string(),
            wallet: callback.wallet.clone(),
            number: callback.number.mask_number(),
            language: callback.language.into(),
            service: callback.service.map(Into::into),
            asked_at: callback.asked_at.into(),
            taken_by,
            contacts: case.contacts.iter().map(ToString::to_string).collect(),
        }
    }
}
