//! How numbers are written: at home in E.164 with its plus sign, on a trunk as its carrier wants them. Turns one into the other by
//! the country's prefixes and the operator's rules; what is no number passes as it came, because a line may have a name.

/// Digits of the longest number that is dialled: E.164 has 15, an international prefix and a carrier's code go before them.
const DIGITS_MAX: usize = 24;

/// How a trunk writes numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberPlan {
    /// Its country's calling code, for example `86`. Without one, prefixes are not read.
    pub country: Option<String>,
    /// What its country dials before a number of another area: `0` in most. Empty: nothing.
    pub national_prefix: String,
    /// What its country dials before a number abroad: `00` in most. Empty: nothing.
    pub international_prefix: String,
    /// How numbers are sent to it.
    pub format: NumberFormat,
    /// Applied to numbers it sends, before the prefixes are read: the first one that fits.
    pub rewrite_in: Vec<Rewrite>,
    /// Applied to numbers it is sent, after they are formatted: the first one that fits.
    pub rewrite_out: Vec<Rewrite>,
}

/// How a number in E.164 is written to a carrier. A number without a plus sign, such as a short code, is sent as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NumberFormat {
    /// `+8613800138000`.
    #[default]
    Plus,
    /// `8613800138000`.
    Digits,
    /// `008613800138000`: behind the international prefix.
    International,
    /// A number of the trunk's own country behind the national prefix, any other behind the international one.
    National,
}

/// One change of how a number begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rewrite {
    /// How the number must begin; a plus sign counts.
    pub prefix: String,
    /// How many digits it must have, if that matters.
    pub digits: Option<u32>,
    /// Characters taken from its beginning.
    pub strip: u32,
    /// What is put there.
    pub add: String,
}

impl Rewrite {
    fn apply(&self, number: &str) -> Option<String> {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let fits = number.starts_with(&self.prefix) && self.digits.is_none_or(|wanted| usize::try_from(wanted) == Ok(digits));
        // A number shorter than what is taken from it is not meant.
        let rest = usize::try_from(self.strip).ok().and_then(|strip| number.get(strip..))?;
        fits.then(|| format!("{}{rest}", self.add))
    }
}

impl NumberPlan {
    /// A number as the carrier sent it, in the form we know it by. What is no number stays as it is.
    pub(crate) fn incoming(&self, sent: &str) -> String {
        let Some(number) = digits(sent).filter(|_| self.country.is_some() || !self.rewrite_in.is_empty()) else {
            return sent.to_owned();
        };
        self.canonical(&rewritten(&self.rewrite_in, number))
    }

    /// A number that is to be dialled, in the form that rules are written for. None where it is no number.
    pub(crate) fn outgoing(&self, number: &str) -> Option<String> {
        digits(number).map(|number| self.canonical(&number))
    }

    /// The same number as the carrier is told it.
    pub(crate) fn written(&self, canonical: &str) -> String {
        let formatted = match (canonical.strip_prefix('+'), self.format) {
            (None, _) | (_, NumberFormat::Plus) => canonical.to_owned(),
            (Some(digits), NumberFormat::Digits) => digits.to_owned(),
            (Some(digits), NumberFormat::International) => format!("{}{digits}", self.international_prefix),
            (Some(digits), NumberFormat::National) => {
                match self.country.as_deref().and_then(|country| digits.strip_prefix(country)) {
                    Some(national) => format!("{}{national}", self.national_prefix),
                    None => format!("{}{digits}", self.international_prefix),
                }
            }
        };
        rewritten(&self.rewrite_out, formatted)
    }

    fn canonical(&self, number: &str) -> String {
        let Some(country) = self.country.as_deref() else { return number.to_owned() };
        let behind = |prefix: &str| number.strip_prefix(prefix).filter(|rest| !prefix.is_empty() && !rest.is_empty());
        match (behind(&self.international_prefix), behind(&self.national_prefix)) {
            (Some(rest), _) => format!("+{rest}"),
            (None, Some(rest)) => format!("+{country}{rest}"),
            (None, None) => number.to_owned(),
        }
    }
}

fn rewritten(rules: &[Rewrite], number: String) -> String {
    rules.iter().find_map(|rule| rule.apply(&number)).unwrap_or(number)
}

/// The digits of a number, with its plus sign, without what people write between them. None for anything else.
pub(crate) fn digits(text: &str) -> Option<String> {
    let number: String = text.chars().filter(|c| !matches!(c, '-' | '.' | ' ' | '(' | ')')).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    let whole = (1..=DIGITS_MAX).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    whole.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn china() -> NumberPlan {
        NumberPlan {
            country: Some("86".to_owned()),
            national_prefix: "0".to_owned(),
            international_prefix: "00".to_owned(),
            ..NumberPlan::default()
        }
    }

    fn rewrite(prefix: &str, digits: Option<u32>, strip: u32, add: &str) -> Rewrite {
        Rewrite { prefix: prefix.to_owned(), digits, strip, add: add.to_owned() }
    }

    #[test]
    fn numbers_come_in_as_e_164() {
        // A mobile number has no national prefix in China: a rule says what it is.
        let mobile = NumberPlan { rewrite_in: vec![rewrite("1", Some(11), 0, "+86"), rewrite("9", None, 1, "")], ..china() };
        for (plan, sent, expected) in [
            (&NumberPlan::default(), "008613800138000", "008613800138000"),
            (&NumberPlan::default(), "+86-10", "+86-10"),
            (&china(), "+8613800138000", "+8613800138000"),
            (&china(), "+86 (138) 0013-8000", "+8613800138000"),
            (&china(), "008613800138000", "+8613800138000"),
            (&china(), "0085291234567", "+85291234567"),
            (&china(), "01012345678", "+861012345678"),
            (&china(), "4001234567", "4001234567"),
            (&china(), "95588", "95588"),
            (&china(), "0", "0"),
            (&china(), "00", "+860"),
            (&china(), "reception", "reception"),
            (&china(), "", ""),
            (&mobile, "13800138000", "+8613800138000"),
            (&mobile, "10086", "10086"),
            (&mobile, "901012345678", "+861012345678"),
        ] {
            assert_eq!(plan.incoming(sent), expected, "{sent}");
        }
    }

    #[test]
    fn numbers_go_out_as_the_carrier_wants_them() {
        let plan = |format, rewrite_out: &[Rewrite]| NumberPlan { format, rewrite_out: rewrite_out.to_vec(), ..china() };
        let mobile = [rewrite("01", Some(12), 1, "")];
        for (format, rules, number, expected) in [
            (NumberFormat::Plus, &[][..], "0086 138 0013 8000", Some("+8613800138000")),
            (NumberFormat::Digits, &[], "+8613800138000", Some("8613800138000")),
            (NumberFormat::International, &[], "+85291234567", Some("0085291234567")),
            (NumberFormat::National, &[], "+861012345678", Some("01012345678")),
            (NumberFormat::National, &mobile, "+8613800138000", Some("13800138000")),
            (NumberFormat::National, &mobile, "+85291234567", Some("0085291234567")),
            (NumberFormat::International, &[], "95588", Some("95588")),
            (NumberFormat::Digits, &[rewrite("86", None, 0, "77")], "+8613800138000", Some("778613800138000")),
            (NumberFormat::Plus, &[], "*72#", None),
            (NumberFormat::Plus, &[], "sip:x@y", None),
            (NumberFormat::Plus, &[], "+", None),
            (NumberFormat::Plus, &[], "1234567890123456789012345", None),
        ] {
            let plan = plan(format, rules);
            assert_eq!(plan.outgoing(number).map(|number| plan.written(&number)).as_deref(), expected, "{format:?} {number}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,30}", strip in 0_u32..5) {
            let plan = NumberPlan { rewrite_in: vec![rewrite("", None, strip, "+")], ..china() };
            let _ = plan.incoming(&text);
            if let Some(number) = plan.outgoing(&text) {
                prop_assert!(number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+'));
            }
        }
    }
}
