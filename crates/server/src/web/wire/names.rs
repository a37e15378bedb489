//! The core's closed lists as they are spelt on the wire. Written out a second time because the core knows no schema; the
//! compiler refuses a list that lacks a name.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::{agent, call, cases, kernel, outbox, pass, switchboard, wallet};

macro_rules! names {
    ($($(#[$meta:meta])* $name:ident = $($core:ident)::+ { $($variant:ident $text:tt),+ $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub(crate) enum $name {
            $(#[serde(rename = $text)] $variant,)+
        }

        impl From<$($core)::+> for $name {
            fn from(name: $($core)::+) -> Self {
                use $($core)::+ as Core;
                match name {
                    $(Core::$variant => Self::$variant,)+
                }
            }
        }

        impl From<$name> for $($core)::+ {
            fn from(name: $name) -> Self {
                match name {
                    $($name::$variant => Self::$variant,)+
                }
            }
        }
    )+};
}

pub(super) use names;

names! {
    /// What a member of staff is here for.
    Role = kernel::actor::Role {
        Agent "agent", Checker "checker", Handler "handler", Supervisor "supervisor", Auditor "auditor",
        Compliance "compliance", Admin "admin",
    }
    /// What personal data was read for.
    Purpose = kernel::purpose::Purpose {
        Service "service", Verification "verification", Emergency "emergency", Supervision "supervision", Audit "audit",
        Complaint "complaint", Export "export",
    }
    /// A language of prompts, screens and people.
    Language = kernel::language::Language { ZhCn "zh-CN", En "en" }
    /// How a customer reached us.
    Channel = call::Channel { Voice "voice", WebCall "web_call", Form "form" }
    /// How far the networks vouch for a calling number: full, partial or gateway attestation, a check that failed, or nothing.
    CallerIdTrust = call::CallerIdTrust { Full "A", Partial "B", Gateway "C", Failed "failed", None "none" }
    /// The services of the menu.
    Service = call::Service {
        Account "account", Transactions "transactions", Security "security", Refunds "refunds", Features "features",
        Freeze "freeze",
    }
    /// Assurance of who the customer is.
    Level = kernel::assurance::Level { A0 "A0", A1 "A1", A2 "A2", A3 "A3", A4 "A4" }
    /// What a customer showed to be who they say.
    #[expect(clippy::enum_variant_names, reason = "a second factor is called nothing else")]
    Factor = kernel::assurance::Factor {
        Number "number", SmsCode "sms_code", VoiceCode "voice_code", MailCode "mail_code", SecondFactor "second_factor",
        AppTransfer "app_transfer", AppSession "app_session",
    }
    /// How a code stands that is keyed in a conversation.
    ChallengeState = switchboard::live::ProofState {
        Sending "sending", Sent "sent", Keying "keying", Checking "checking", Wrong "wrong", Verified "verified",
        Failed "failed", GivenUp "given_up", Expired "expired", Ended "ended", NotANumber "not_a_number",
        Unavailable "unavailable",
    }
    /// How far a message to a customer is.
    DeliveryState = outbox::DeliveryState {
        Queued "queued", Sending "sending", Sent "sent", Delivered "delivered", Failed "failed", Expired "expired",
    }
    /// How far an act on a wallet has come.
    OperationState = wallet::State {
        AwaitingSecond "awaiting_second",
        Committed "committed", Sending "sending", Unknown "unknown", Reconciling "reconciling", Done "done",
        Declined "declined", GivenUp "given_up",
    }
    /// What is done to a customer's account.
    AccountAct = kernel::account_act::AccountAct {
        SendLink "send_link", Unlock "unlock", ResetPassword "reset_password", RevokeSessions "revoke_sessions",
        SecureAccount "secure_account", EnrolFactor "enrol_factor", CloseAccount "close_account", KeepOpen "keep_open",
        UnlockFraud "unlock_fraud",
    }
    /// What a case is about.
    CaseKind = cases::CaseKind {
        Freeze "freeze", TransactionOverdue "transaction_overdue", RefundDue "refund_due",
        Callback "callback", Complaint "complaint", Refund "refund", Account "account",
        Unauthorised "unauthorised", Dispute "dispute",
    }
    /// What went wrong with a payment, as its customer says.
    Grounds = cases::Grounds {
        WrongPayee "wrong_payee", WrongAmount "wrong_amount", Duplicate "duplicate", NotReceived "not_received",
    }
    /// How a clock of a case stands.
    ClockPhase = cases::Phase {
        Running "running", Paused "paused", Over "over", Met "met", MetLate "met_late", Excepted "excepted",
    }
    /// How far a provisional credit is.
    CreditState = cases::CreditState {
        Proposed "proposed", Declined "declined", Given "given", ReversalProposed "reversal_proposed", Reversed "reversed",
        Final "final",
    }
    /// What must be there before a term is extended.
    ClockNeeds = cases::Needs {
        Reason "reason", HoldingReply "holding_reply", Approval "approval", ProvisionalCredit "provisional_credit",
    }
    /// How a line is held, whatever its plan says.
    LineState = switchboard::LineState {
        Open "open", Closed "closed", Holiday "holiday", Overload "overload", Incident "incident",
    }
    /// How a case stands.
    CaseState = cases::CaseState { Open "open", Closed "closed" }
    /// What a call pass is about.
    Topic = pass::Topic {
        Register "account.register", LogIn "account.login", Locked "account.locked", Stolen "account.stolen",
        Close "account.close", Status "transactions.status", Unknown "transactions.unknown", Wrong "transactions.wrong",
        TwoStep "security.two_step", Protect "security.protect", Suspicious "security.suspicious", Refund "refunds.refund",
        Complaint "refunds.complaint", Hotline "refunds.hotline", Suggestion "refunds.suggestion", New "features.new",
        How "features.how",
    }
    /// What was taken out of a text before it was kept.
    Secret = kernel::redaction::Secret {
        Password "password", Code "code", Card "card", Identity "identity", Phone "phone", Mail "mail",
    }
    /// Who set a leg up.
    Direction = call::Direction { Inbound "inbound", Outbound "outbound" }
    /// How a contact ended.
    Disposition = call::Disposition {
        Resolved "resolved", PendingWithinWindow "pending_within_window", DisputeOpened "dispute_opened",
        AccountFrozen "account_frozen", AccountUnlocked "account_unlocked", RefundRequested "refund_requested",
        Complaint "complaint", InfoOnly "info_only", CallbackBooked "callback_booked",
        VerificationFailed "verification_failed", SuspectedFraud "suspected_fraud", Transferred "transferred",
        Dropped "dropped", WrongNumber "wrong_number", Abandoned "abandoned", ShortAbandon "short_abandon",
        QueueTimeout "queue_timeout",
    }
    /// Why an agent takes no calls.
    NotReadyReason = agent::Reason {
        Break "break", Meal "meal", Training "training", Meeting "meeting", Coaching "coaching", System "system",
    }
}

/// What an agent is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PresenceName {
    LoggedOut,
    NotReady,
    Ready,
    Ringing,
    Talking,
    Hold,
    WrapUp,
    NotResponding,
}

/// The wire's spelling of a name that stands alone, for text formats.
pub(crate) fn spelling(name: impl Serialize) -> String {
    match serde_json::to_value(name) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}
