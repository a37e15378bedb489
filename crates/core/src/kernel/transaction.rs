//! Numbers of transactions as customers give them: twelve digits, the last one a check digit, or the last six of them. Whether there
//! is such a transaction, only the wallet knows.

use super::luhn;

/// Digits of a whole number.
const WHOLE: usize = 12;

/// Digits that are enough together with the account.
const TAIL: usize = 6;

/// These digits can be the number of a transaction, or its end.
#[must_use]
pub fn is_number(digits: &str) -> bool {
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits && (digits.len() == TAIL || (digits.len() == WHOLE && luhn::is_right(digits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_whole_and_right_or_its_last_six_digits() {
        for (text, good) in [
            ("261101000014", true),
            ("000014", true),
            ("261101000015", false),
            ("00014", false),
            ("2611010000140", false),
            ("26110a", false),
            ("", false),
        ] {
            assert_eq!(is_number(text), good, "{text}");
        }
    }
}
