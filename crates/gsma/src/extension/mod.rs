//! A small API of our own for what the GSMA Mobile Money API lacks: a new password, the second factor, sessions and devices, closing an
//! account, and a code carried over into the app. Published as `docs/extension-api/openapi.yaml`, which wallets build by.
//!
//! Like the rest of this crate it knows no hotline. It never carries a password, nor the seed of a second factor: what the customer sets,
//! they set on the wallet's own page, behind a link that this API gives out.

mod client;
mod wire;

pub use client::{ExtensionClient, ExtensionError};
pub use wire::{
    Approval, ApprovalAsked, ApprovalState, Closing, ClosingState, Device, Devices, Link, LinkAsked, LinkPurpose, Obstacle,
    SecondFactor, SecondFactorCode, SecondFactorKind, SecondFactorState, SecondFactors, Session, Sessions, Verdict, Verified,
};
