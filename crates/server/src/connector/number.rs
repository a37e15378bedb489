//! Phone numbers as people key and write them, made into E.164. Keyed digits carry no plus and no country, so a wallet says which
//! forms its customers' numbers have; nothing is guessed beyond them.

use std::str::FromStr;
use walletline_core::kernel::pii::Pii;

/// Digits of an E.164 number, country included (ITU-T E.164: at most 15).
const DIGITS_MIN: usize = 8;
const DIGITS_MAX: usize = 15;

/// A form of a wallet's customers' numbers: `+86 1##########`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    country: String,
    /// The first digits of the national number.
    begins: String,
    /// Digits of the national number in all.
    length: usize,
}

/// The text is no form of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write the country and the national number with # for every digit that varies: \"+86 1##########\"")]
pub struct BadForm;

impl FromStr for Form {
    type Err = BadForm;

    fn from_str(text: &str) -> Result<Self, BadForm> {
        let (country, national) = text.strip_prefix('+').and_then(|rest| rest.split_once(' ')).ok_or(BadForm)?;
        let begins = national.trim_end_matches('#');
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let length = national.len();
        let whole = country.len() + length;
        let sound = !country.is_empty() && digits(country) && digits(begins) && (DIGITS_MIN..=DIGITS_MAX).contains(&whole);
        if !sound {
            return Err(BadForm);
        }
        Ok(Self { country: country.to_owned(), begins: begins.to_owned(), length })
    }
}

impl Form {
    fn fits(&self, national: &str) -> bool {
        national.len() == self.length && national.starts_with(&self.begins)
    }
}

/// The number in E.164, or none when what was keyed or shown cannot be one. Takes full-width digits, spaces, dashes, brackets, a
/// plus or two zeros before the country, the country alone, and one trunk zero before the national number.
#[must_use]
pub fn normalise(text: &str, forms: &[Form]) -> Option<Pii<String>> {
    let mut digits = String::new();
    let mut international = false;
    for (place, c) in text.trim().chars().map(narrow).enumerate() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if place == 0 => international = true,
            ' ' | '-' | '.' | '(' | ')' => {}
            _ => return None,
        }
    }
    if !international && let Some(rest) = digits.strip_prefix("00") {
        (digits, international) = (rest.to_owned(), true);
    }
    let in_country = |form: &Form| digits.strip_prefix(&form.country).is_some_and(|national| form.fits(national));
    if forms.iter().any(in_country) {
        return Some(Pii::new(format!("+{digits}")));
    }
    if international {
        let sound = (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) && !digits.starts_with('0');
        return sound.then(|| Pii::new(format!("+{digits}")));
    }
    let national = digits.strip_prefix('0').unwrap_or(&digits);
    let form = forms.iter().find(|form| form.fits(&digits)).or_else(|| forms.iter().find(|form| form.fits(national)))?;
    let national = if form.fits(&digits) { digits.as_str() } else { national };
    Some(Pii::new(format!("+{}{national}", form.country)))
}

/// Full-width forms as their narrow ones (Unicode NFKC of U+FF01 to U+FF5E, and the ideographic space).
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_one_number() {
        let forms: Vec<Form> = ["+86 1##########", "+44 7#########"].iter().map(|form| form.parse().unwrap()).collect();
        for (text, number) in [
            ("19000000001", Some("+8619000000001")),
            ("+8619000000001", Some("+8619000000001")),
            ("8619000000001", Some("+8619000000001")),
            ("008619000000001", Some("+8619000000001")),
            ("+86 190-0000-0001", Some("+8619000000001")),
            ("１９０００００００01", Some("+8619000000001")),
            ("＋８６ 190 0000 0001", Some("+8619000000001")),
            ("07700900003", Some("+447700900003")),
            ("7700900003", Some("+447700900003")),
            ("447700900003", Some("+447700900003")),
            ("00447700900003", Some("+447700900003")),
            ("+13125550100", Some("+13125550100")),
            ("0013125550100", Some("+13125550100")),
            ("3125550100", None),
            ("95588", None),
            ("110", None),
            ("1900000000", None),
            ("190000000011", None),
            ("", None),
            ("anonymous", None),
            ("+0123456789", None),
            ("+1234567890123456", None),
        ] {
            assert_eq!(normalise(text, &forms).map(|number| number.expose().clone()).as_deref(), number, "{text}");
        }
    }

    #[test]
    fn a_form_says_country_and_length() {
        for text in ["", "86 1##########", "+86", "+86 ", "+ 1##########", "+86 1#x", "+86 1##############"] {
            assert_eq!(text.parse::<Form>(), Err(BadForm), "{text}");
        }
    }
}
