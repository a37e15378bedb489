//! Luhn's check digit (ISO/IEC 7812-1, annex B): finds every single wrong digit and most swaps of neighbours. It says nothing of
//! whether a number was ever given out.

/// The digit that makes a body of digits right.
#[must_use]
pub fn check_digit(body: &str) -> u32 {
    (10 - sum(body, 0) % 10) % 10
}

/// The last digit is the check digit of those before it.
#[must_use]
pub fn is_right(digits: &str) -> bool {
    sum(digits, 1).is_multiple_of(10)
}

/// The sum, every second digit doubled: from the last one on when `first` is 0, from the one before it when it is 1.
fn sum(digits: &str, first: usize) -> u32 {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let digits = digits.chars().rev().filter_map(|c| c.to_digit(10)).enumerate();
    digits.map(|(place, digit)| if place % 2 == first { doubled(digit) } else { digit }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_digit_finds_a_slip_of_the_finger() {
        for (number, right) in [("261101000014", true), ("261101000015", false), ("261101000041", false), ("261109000123", true)]
        {
            assert_eq!(is_right(number), right, "{number}");
            let (body, check) = number.split_at(number.len() - 1);
            assert_eq!(check_digit(body).to_string() == check, right, "{number}");
        }
    }
}
