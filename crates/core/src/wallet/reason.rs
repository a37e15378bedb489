//! Why a payment is where it is: ISO 20022 codes as reasons that people understand. Whatever hints at sanctions, money laundering,
//! fraud or an authority is [`Reason::UnderReview`] and nothing else, ever: telling the customer could warn the wrong one. The code
//! itself is not kept, so that no screen, record or log can give it away. The words are the screens' and the prompts'.
//!
//! Codes and meanings are those of the ISO 20022 external code sets: payment transaction status, status reason, return reason.

use serde::{Deserialize, Serialize};

/// A reason that may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Received or accepted, and on its way.
    InProgress,
    /// Settled between the banks.
    Settled,
    /// Credited to the receiver's account.
    Credited,
    /// Rejected, without a reason that may be told.
    Rejected,
    /// Cancelled or stopped on the payer's side.
    CancelledByPayer,
    /// The account number is wrong or missing.
    WrongAccount,
    /// The account is closed.
    ClosedAccount,
    /// The account accepts no such booking.
    BlockedAccount,
    /// The name does not belong to the account, or a name or address is missing.
    WrongName,
    /// The receiver's bank was not found.
    WrongBank,
    /// Not enough money.
    NotEnoughMoney,
    /// Above or below a limit of the amount.
    AmountOutsideLimits,
    /// Wrong or unsupported currency.
    WrongCurrency,
    /// The same payment was there already.
    Duplicate,
    /// This account or bank does not take this kind of payment.
    NotSupported,
    /// A bank or clearing did not answer in time, or is off line.
    NoAnswer,
    /// Too late for the day.
    PastCutOff,
    /// The receiver has not answered, or sent it back.
    ReturnedByReceiver,
    /// Being looked at. Nothing more is told.
    UnderReview,
    /// The other side gave no reason, or one that is not for the customer.
    NotSaid,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 20] = [
        Self::InProgress,
        Self::Settled,
        Self::Credited,
        Self::Rejected,
        Self::CancelledByPayer,
        Self::WrongAccount,
        Self::ClosedAccount,
        Self::BlockedAccount,
        Self::WrongName,
        Self::WrongBank,
        Self::NotEnoughMoney,
        Self::AmountOutsideLimits,
        Self::WrongCurrency,
        Self::Duplicate,
        Self::NotSupported,
        Self::NoAnswer,
        Self::PastCutOff,
        Self::ReturnedByReceiver,
        Self::UnderReview,
        Self::NotSaid,
    ];

    /// The reason behind a code, in any case. A code that is not listed says nothing: [`Reason::NotSaid`].
    #[must_use]
    pub fn of(code: &str) -> Self {
        let code = code.trim().to_ascii_uppercase();
        let listed = CODES.iter().find(|(_, codes)| codes.contains(&code.as_str()));
        listed.map_or(Self::NotSaid, |(reason, _)| *reason)
    }

    /// Its name on the wire and in prompt names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InProgress => "in_progress",
            Self::Settled => "settled",
            Self::Credited => "credited",
            Self::Rejected => "rejected",
            Self::CancelledByPayer => "cancelled_by_payer",
            Self::WrongAccount => "wrong_account",
            Self::ClosedAccount => "closed_account",
            Self::BlockedAccount => "blocked_account",
            Self::WrongName => "wrong_name",
            Self::WrongBank => "wrong_bank",
            Self::NotEnoughMoney => "not_enough_money",
            Self::AmountOutsideLimits => "amount_outside_limits",
            Self::WrongCurrency => "wrong_currency",
            Self::Duplicate => "duplicate",
            Self::NotSupported => "not_supported",
            Self::NoAnswer => "no_answer",
            Self::PastCutOff => "past_cut_off",
            Self::ReturnedByReceiver => "returned_by_receiver",
            Self::UnderReview => "under_review",
            Self::NotSaid => "not_said",
        }
    }
}

/// Every listed code. Under review come first and are said once: regulatory reasons and missing regulatory data (RR…, NOCM, ED03),
/// money blocked by authorities or by the receiving bank (AM07, BLCK), legal decisions (LEGL), fraud (FRAD, FR01, EMVL, PINL),
/// sequestration and liquidation (AC16, AC17), suspended or blocked parties (AG10, AG11, RC16), somebody's list of wanted or
/// unwanted parties (SL11, SL12, SL17, SL18), and documents asked for before crediting (G003).
const CODES: &[(Reason, &[&str])] = &[
    (
        Reason::UnderReview,
        &[
            "RR01", "RR02", "RR03", "RR04", "RR05", "RR06", "RR12", "NOCM", "ED03", "AM07", "BLCK", "LEGL", "FRAD", "FR01",
            "EMVL", "PINL", "AC16", "AC17", "AG10", "AG11", "RC16", "SL11", "SL12", "SL17", "SL18", "G003",
        ],
    ),
    (
        Reason::InProgress,
        &["RCVD", "PDNG", "PATC", "ACTC", "ACCP", "ACFC", "ACPD", "ACSP", "ACWC", "ACWP", "G000", "G001", "G002", "G004"],
    ),
    (Reason::Settled, &["ACSC"]),
    (Reason::Credited, &["ACCC"]),
    (Reason::Rejected, &["RJCT", "DS04"]),
    (Reason::CancelledByPayer, &["CANC", "CUST", "DS02", "SP01", "SP02"]),
    (Reason::WrongAccount, &["AC01", "AC02", "AC03", "AC12", "AC13", "AC15", "BE06", "BE23"]),
    (Reason::ClosedAccount, &["AC04", "AC05", "AC07"]),
    (Reason::BlockedAccount, &["AC06"]),
    (Reason::WrongName, &["BE01", "BE04", "BE07", "BE21", "BE22"]),
    (
        Reason::WrongBank,
        &["AC08", "AGNT", "CNOR", "DNOR", "RC01", "RC02", "RC03", "RC04", "RC05", "RC06", "RC07", "RC08", "RC09", "RC10", "RC11"],
    ),
    (Reason::NotEnoughMoney, &["AM04"]),
    (
        Reason::AmountOutsideLimits,
        &["AM01", "AM02", "AM06", "AM13", "AM14", "AM15", "AM21", "AM23", "SL13", "SL14", "SL15", "SL16"],
    ),
    (Reason::WrongCurrency, &["AC09", "AC10", "AC11", "AM03", "AM11", "CURR"]),
    (Reason::Duplicate, &["AM05", "DUPL", "DU01", "DU02", "DU03", "DU04", "DU05", "RF01"]),
    (Reason::NotSupported, &["AG01", "AG02", "AG03", "AG12", "AG13", "SL01", "SL02", "SL03"]),
    (Reason::NoAnswer, &["AB01", "AB02", "AB03", "AB04", "AB05", "AB06", "AB07", "AB08", "AB09", "AB10", "AB11", "ED05", "ED06"]),
    (Reason::PastCutOff, &["DT05", "TM01"]),
    (Reason::ReturnedByReceiver, &["MD06", "NOAS"]),
    (Reason::NotSaid, &["MS02", "MS03", "NARR", "MD07", "FOCR"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_code_becomes_a_plain_reason() {
        let cases = [
            ("ACSP", Reason::InProgress),
            ("ACSC", Reason::Settled),
            ("ACCC", Reason::Credited),
            ("RJCT", Reason::Rejected),
            ("AC01", Reason::WrongAccount),
            ("AC04", Reason::ClosedAccount),
            ("AC06", Reason::BlockedAccount),
            ("AM04", Reason::NotEnoughMoney),
            (" am04 ", Reason::NotEnoughMoney),
            ("ZZ99", Reason::NotSaid),
            ("", Reason::NotSaid),
            ("MD07", Reason::NotSaid),
        ];
        for (code, expected) in cases {
            assert_eq!(Reason::of(code), expected, "{code}");
        }
    }

    #[test]
    fn what_hints_at_an_authority_is_under_review_and_nothing_else() {
        let hints = [
            "RR01", "RR02", "RR03", "RR04", "RR05", "RR06", "NOCM", "AM07", "BLCK", "LEGL", "FRAD", "FR01", "AC16", "AC17",
            "AG10", "AG11", "SL18", "G003",
        ];
        for code in hints {
            assert_eq!(Reason::of(code), Reason::UnderReview, "{code}");
            assert_eq!(Reason::of(&code.to_lowercase()), Reason::UnderReview, "{code}");
        }
    }

    #[test]
    fn a_code_is_listed_once_and_a_name_is_used_once() {
        let codes: Vec<&str> = CODES.iter().flat_map(|(_, codes)| codes.iter().copied()).collect();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
        assert!(codes.iter().all(|code| code.len() == 4 && *code == code.to_uppercase()));
        assert_eq!(Reason::ALL.iter().map(|reason| reason.name()).collect::<BTreeSet<_>>().len(), Reason::ALL.len());
        assert!(Reason::ALL.iter().all(|reason| CODES.iter().any(|(listed, _)| listed == reason)), "each has a code");
    }
}
