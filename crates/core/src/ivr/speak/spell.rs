//! Numbers and identifiers that are read out character by character. The same in every language: only the clips differ. Read in
//! groups with a pause to write each down, and with a gap between characters, because digits run together are misheard.

use super::Utterance;
use crate::ivr::prompt::Sound;
use crate::kernel::pii::Pii;

/// The longest number or identifier that is read out, in characters: a UUID without its hyphens.
pub const SPELLED_MAX: usize = 32;

/// Between groups: time to write one down.
const GROUP_PAUSE_MS: u32 = 400;

/// Between two characters of a group.
const CHARACTER_PAUSE_MS: u32 = 90;

/// Digits one by one.
pub(super) fn digits(text: &str) -> Option<Utterance> {
    let groups: Vec<&str> = text.split(['-', ' ']).filter(|group| !group.is_empty()).collect();
    groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_digit())).then(|| read(&groups))?
}

/// A phone number digit by digit. The words are masked: they are kept.
pub(super) fn phone(number: &Pii<String>) -> Option<Utterance> {
    let spoken = digits(number.expose().trim_start_matches('+'))?;
    Some(Utterance { words: number.mask_number(), ..spoken })
}

/// Letters and digits one by one; letters are given as capitals.
pub(super) fn id(text: &str) -> Option<Utterance> {
    let text = text.to_ascii_uppercase();
    let written: Vec<&str> = text.split(['-', '_', ' ']).filter(|group| !group.is_empty()).collect();
    if !written.iter().all(|group| group.bytes().all(|b| b.is_ascii_alphanumeric())) {
        return None;
    }
    let groups: Vec<&str> = written.iter().flat_map(|group| kind_apart(group)).filter(|part| !part.is_empty()).collect();
    read(&groups)
}

/// `W100001` is a kind and a number: two groups. Where letters and digits mix freely there is nothing to part.
fn kind_apart(group: &str) -> [&str; 2] {
    let letters = group.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (kind, number) = group.split_at(letters);
    if number.bytes().all(|b| b.is_ascii_digit()) { [kind, number] } else { [group, ""] }
}

fn read(groups: &[&str]) -> Option<Utterance> {
    let length: usize = groups.iter().map(|group| group.len()).sum();
    if length == 0 || length > SPELLED_MAX {
        return None;
    }
    let groups: Vec<&str> = groups.iter().flat_map(|group| in_threes_and_fours(group)).collect();
    let mut sounds = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        if index > 0 {
            sounds.push(Sound::Pause(GROUP_PAUSE_MS));
        }
        for (place, character) in group.chars().enumerate() {
            if place > 0 {
                sounds.push(Sound::Pause(CHARACTER_PAUSE_MS));
            }
            sounds.push(Sound::Clip(format!("d.{character}")));
        }
    }
    Some(Utterance { words: groups.join(" "), sounds })
}

/// Up to four characters stay together; more are parted into threes, then fours, as telephone numbers are written. Five are
/// three and two.
fn in_threes_and_fours(text: &str) -> Vec<&str> {
    let mut rest = text;
    let mut parts = Vec::new();
    let mut threes = (text.len().div_ceil(4) * 4 - text.len()).min(text.len() / 3);
    while rest.len() > 4 || (threes > 0 && rest.len() > 3) {
        let (part, after) = rest.split_at(if threes > 0 { 3 } else { 4 });
        threes = threes.saturating_sub(1);
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_hold_three_or_four_characters() {
        let digits = "12345678901234567890123456789012";
        for (length, sizes) in [
            (1, &[1][..]),
            (2, &[2]),
            (3, &[3]),
            (4, &[4]),
            (5, &[3, 2]),
            (6, &[3, 3]),
            (7, &[3, 4]),
            (8, &[4, 4]),
            (9, &[3, 3, 3]),
            (10, &[3, 3, 4]),
            (11, &[3, 4, 4]),
            (12, &[4, 4, 4]),
            (13, &[3, 3, 3, 4]),
            (32, &[4; 8]),
        ] {
            let found: Vec<usize> = in_threes_and_fours(&digits[..length]).iter().map(|part| part.len()).collect();
            assert_eq!(found, sizes, "{length} characters");
        }
    }
}
