//! Words of a vocabulary that wallets write as they like: read without regard to case, and kept as they came when unknown.

/// An enum of words with `Unknown(raw)` for all others. `Debug` does not print what was unknown: it is foreign text.
macro_rules! words {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$outer])*
        #[derive(Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$inner])* $variant,)+
            /// Another word, as the wallet wrote it. It says nothing, least of all that something failed.
            Unknown(String),
        }

        impl $name {
            /// Every word that is known, as it is written.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word as it travels.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Unknown(raw) => raw,
                }
            }
        }

        impl From<String> for $name {
            fn from(raw: String) -> Self {
                let word = raw.trim();
                $(if word.eq_ignore_ascii_case($word) {
                    return Self::$variant;
                })+
                Self::Unknown(raw)
            }
        }

        impl From<&str> for $name {
            fn from(raw: &str) -> Self {
                Self::from(raw.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                match word {
                    $($name::$variant => $word.to_owned(),)+
                    $name::Unknown(raw) => raw,
                }
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant => f.write_str($word),)+
                    Self::Unknown(_) => f.write_str("(unknown word)"),
                }
            }
        }
    };
}

pub(crate) use words;

words! {
    /// `accountStatus`. The specification has no word for a locked account: see [`SubStatus`].
    AccountStatus {
        /// The account can be used.
        Available = "available",
        /// The account is there and cannot be used.
        Unavailable = "unavailable",
        /// There is no such account.
        Unregistered = "unregistered",
    }
}

words! {
    /// `accountSubStatus` in an account, `subStatus` in its status: the vocabulary agreed with a wallet, because the
    /// specification leaves it to the provider.
    SubStatus {
        /// Nothing to add. Goes with `available`.
        None = "none",
        /// Locked after too many failed log-ins.
        LockedFailedLogins = "locked_failed_logins",
        /// Locked by the wallet on suspicion of fraud.
        FraudLock = "fraud_lock",
        /// Frozen by the hotline at the customer's word.
        FrozenByHotline = "frozen_by_hotline",
        /// Being closed.
        Closing = "closing",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::TransactionStatus;
    use proptest::prelude::*;

    #[test]
    fn case_and_space_do_not_matter() {
        assert_eq!(TransactionStatus::from("Completed"), TransactionStatus::Completed);
        assert_eq!(TransactionStatus::from(" PENDING "), TransactionStatus::Pending);
        assert_eq!(SubStatus::from("Frozen_By_Hotline"), SubStatus::FrozenByHotline);
        assert_eq!(AccountStatus::from("AVAILABLE"), AccountStatus::Available);
    }

    #[test]
    fn an_unknown_word_is_kept_and_not_printed() {
        let status = TransactionStatus::from("Held for +8619000000001");
        assert_eq!(status.as_str(), "Held for +8619000000001");
        assert_eq!(format!("{status:?}"), "(unknown word)");
        assert_eq!(serde_json::to_string(&status).unwrap(), "\"Held for +8619000000001\"");
    }

    proptest! {
        #[test]
        fn only_the_word_failed_means_failed(raw in "\\PC{0,40}|[fF][aA][iI][lL][a-zA-Z]{0,3}") {
            let failed = TransactionStatus::from(raw.clone()) == TransactionStatus::Failed;
            prop_assert_eq!(failed, raw.trim().eq_ignore_ascii_case("failed"));
        }

        #[test]
        fn a_word_is_read_and_written_back(raw in "\\PC{0,40}") {
            let word = SubStatus::from(raw);
            prop_assert_eq!(SubStatus::from(String::from(word.clone())), word);
        }
    }
}
