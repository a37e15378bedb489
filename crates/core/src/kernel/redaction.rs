//! Takes out of a free text what nobody should have written there: passwords and codes wholly; card, identity and phone numbers and
//! mail addresses but for what tells them apart (domain: calls, records, privacy). It errs on the side of taking out, but leaves
//! transaction numbers, amounts and error codes, which are what a text to an agent is for.

mod figures;

use super::luhn;
use super::pii::Pii;
use figures::{Run, runs};

/// Stands where something was taken out.
pub const TAKEN_OUT: &str = "•••";

/// How far from a word for a code its digits may stand, in characters.
const NEAR: usize = 24;

/// Characters a password is taken to have at least.
const PASSWORD_CHARS_MIN: usize = 4;

/// What was taken out of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Secret {
    /// A password, or something written like one.
    Password,
    /// A one-time code.
    Code,
    /// The number of a payment card.
    Card,
    /// The number of an identity card.
    Identity,
    /// A phone number.
    Phone,
    /// A mail address.
    Mail,
}

/// A text without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screened {
    /// What is left.
    pub text: String,
    /// What was taken out, each kind once.
    pub secrets: Vec<Secret>,
}

/// A piece of the text, in characters, and what stands in its place.
struct Cut {
    start: usize,
    end: usize,
    secret: Secret,
    instead: String,
}

/// Takes secrets out of a text.
#[must_use]
pub fn screen(text: &str) -> Screened {
    let written: Vec<char> = text.chars().collect();
    // Full-width letters and digits read like plain ones. Small letters, one for one, so that places stay the same.
    let read: Vec<char> = written.iter().map(|c| narrow(*c).to_ascii_lowercase()).collect();
    let mut cuts: Vec<Cut> = Vec::new();
    for found in passwords(&read).into_iter().chain(mails(&read)).chain(figures(&read)) {
        if !cuts.iter().any(|cut| cut.start < found.end && found.start < cut.end) {
            cuts.push(found);
        }
    }
    cuts.sort_by_key(|cut| cut.start);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for cut in &cuts {
        out.extend(&written[at..cut.start]);
        out.push_str(&cut.instead);
        at = cut.end;
    }
    out.extend(&written[at..]);
    let mut secrets: Vec<Secret> = cuts.iter().map(|cut| cut.secret).collect();
    secrets.sort_unstable();
    secrets.dedup();
    Screened { text: out, secrets }
}

/// A full-width form as the plain character it stands for.
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// Where a word stands, as ranges of characters.
fn places<'a>(text: &'a [char], word: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    let word: Vec<char> = word.chars().collect();
    let plain = word[0].is_ascii_alphabetic();
    let free = move |c: Option<&char>| !plain || c.is_none_or(|c| !c.is_ascii_alphanumeric());
    (0..text.len().saturating_sub(word.len() - 1)).filter_map(move |start| {
        let end = start + word.len();
        let whole = free(start.checked_sub(1).and_then(|at| text.get(at))) && free(text.get(end));
        (text[start..end] == word[..] && whole).then_some((start, end))
    })
}

/// `password: …`, `密码是…`. After a colon anything counts; after "is" only what no word looks like.
fn passwords(text: &[char]) -> Vec<Cut> {
    const WORDS: [&str; 7] = ["password", "passwd", "passphrase", "pwd", "密码", "口令", "暗号"];
    let mut cuts = Vec::new();
    for (_, after) in WORDS.iter().flat_map(|word| places(text, word)) {
        let mut at = skip_spaces(text, after);
        let colon = text.get(at).is_some_and(|c| matches!(c, ':' | '='));
        let is = ["is", "was", "是", "为"].iter().find_map(|word| {
            let word: Vec<char> = word.chars().collect();
            text[at..].starts_with(&word).then_some(word.len())
        });
        match (colon, is) {
            (true, _) => at += 1,
            (false, Some(length)) => at += length,
            (false, None) => continue,
        }
        let start = skip_spaces(text, at);
        let mut end = start + text[start..].iter().take_while(|c| c.is_ascii_graphic()).count();
        // A sentence goes on or ends after it.
        if end > start && matches!(text[end - 1], ',' | '.' | ';') {
            end -= 1;
        }
        let word = text[start..end].iter().all(char::is_ascii_alphabetic);
        if end - start >= PASSWORD_CHARS_MIN && (colon || !word) {
            cuts.push(Cut { start, end, secret: Secret::Password, instead: TAKEN_OUT.to_owned() });
        }
    }
    cuts
}

fn skip_spaces(text: &[char], at: usize) -> usize {
    at + text[at..].iter().take_while(|c| **c == ' ').count()
}

/// `a***@domain`.
fn mails(text: &[char]) -> Vec<Cut> {
    let local = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%');
    let domain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let mut cuts = Vec::new();
    for at in (0..text.len()).filter(|at| text[*at] == '@') {
        let before = text[..at].iter().rev().take_while(|c| local(c)).count();
        let after = text[at + 1..].iter().take_while(|c| domain(c)).count();
        if before > 0 && text[at + 1..at + 1 + after].contains(&'.') {
            let start = at - before;
            let place: String = text[at..=at + after].iter().collect();
            let instead = format!("{}***{place}", text[start]);
            cuts.push(Cut { start, end: at + 1 + after, secret: Secret::Mail, instead });
        }
    }
    cuts
}

/// Cards, identities, phones and codes.
fn figures(text: &[char]) -> Vec<Cut> {
    runs(text).into_iter().filter_map(|run| figure(text, &run)).collect()
}

fn figure(text: &[char], run: &Run) -> Option<Cut> {
    let cut = |secret, instead: String| Some(Cut { start: run.start, end: run.end, secret, instead });
    let digits = run.digits.as_str();
    if let Some(end) = identity_end(text, run) {
        let instead = format!("{}{TAKEN_OUT}{}", &digits[..1], text[end - 1].to_ascii_uppercase());
        return Some(Cut { start: run.start, end, secret: Secret::Identity, instead });
    }
    let plus = run.start.checked_sub(1).is_some_and(|before| text[before] == '+');
    if plus && (8..=15).contains(&digits.len()) {
        let instead = mask(&format!("+{digits}"));
        return Some(Cut { start: run.start - 1, end: run.end, secret: Secret::Phone, instead });
    }
    if let Some(mobile) = mobile(digits).filter(|_| run.is_written) {
        return cut(Secret::Phone, mask(mobile));
    }
    // Two numbers side by side are no card: one that is written in groups has short ones.
    let card = run.is_written && (run.groups == 1 || run.longest <= CARD_GROUP_MAX);
    if card && (13..=19).contains(&digits.len()) && luhn::is_right(digits) {
        return cut(Secret::Card, format!("{TAKEN_OUT}{}", &digits[digits.len() - 4..]));
    }
    if (4..=8).contains(&digits.len()) && is_near_code(text, run) {
        return cut(Secret::Code, TAKEN_OUT.to_owned());
    }
    None
}

/// Longest group of a card number that is written in groups: 4-6-5 at most.
const CARD_GROUP_MAX: usize = 6;

fn mask(number: &str) -> String {
    Pii::new(number.to_owned()).mask_number()
}

/// A Chinese mobile number, without the country's code.
fn mobile(digits: &str) -> Option<&str> {
    let own = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86").filter(|rest| rest.len() == 11)).unwrap_or(digits);
    let second = own.as_bytes().get(1);
    (own.len() == 11 && own.starts_with('1') && second.is_some_and(|digit| (b'3'..=b'9').contains(digit))).then_some(own)
}

/// Where a Chinese identity number ends that begins with this run: 17 digits and a check character (GB 11643-1999, MOD 11-2).
fn identity_end(text: &[char], run: &Run) -> Option<usize> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'x', '9', '8', '7', '6', '5', '4', '3', '2'];
    let end = match (run.digits.len(), text.get(run.end)) {
        (18, _) => run.end,
        (17, Some('x')) => run.end + 1,
        _ => return None,
    };
    if run.groups > 1 || !run.is_written {
        return None;
    }
    let digits = run.digits.chars().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    (usize::try_from(sum % 11).ok().and_then(|rest| CHECKS.get(rest)) == text.get(end - 1)).then_some(end)
}

/// A word for a secret code stands close by, and the digits are not called the number of an error.
fn is_near_code(text: &[char], run: &Run) -> bool {
    const WORDS: [&str; 12] =
        ["验证码", "校验码", "动态码", "动态密码", "短信码", "密码", "口令", "code", "passcode", "otp", "pin", "verification"];
    let names_error = |start: usize| {
        const ERRORS: [&str; 8] = ["error", "err", "status", "response", "result", "country", "reason", "exit"];
        let before: String = text[start.saturating_sub(NEAR)..start].iter().collect();
        let before = before.trim_end_matches([' ', '_', '-']);
        ERRORS.iter().any(|name| before.ends_with(name))
    };
    let is_error =
        places(text, "code").any(|(start, end)| end <= run.start && run.start - end <= LABEL_MAX && names_error(start));
    let is_close = |start: usize, end: usize| {
        let apart = if start < run.start { run.start.saturating_sub(end) } else { start.saturating_sub(run.end) };
        apart <= NEAR
    };
    let mut words = WORDS.iter().flat_map(|word| places(text, word));
    !is_error && words.any(|(start, end)| is_close(start, end) && !names_error(start))
}

/// How far from its digits `error code` stands at most, in characters: a colon, a space, a sign.
const LABEL_MAX: usize = 4;

#[cfg(test)]
mod tests;
