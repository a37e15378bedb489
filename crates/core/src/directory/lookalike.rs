//! Characters that are read as others. Two texts with one skeleton look alike; they are the same only when they are equal.
//!
//! A small table of what is met in false numbers, hosts and names: letters of the Cyrillic and Greek alphabets that are drawn as
//! Latin ones, letters that are drawn as digits, and digits of other scripts. Unicode's whole table (UTS 39) has thousands of rows
//! for scripts no listed address is written in.

/// The digit that a character stands for although it is none: a letter drawn alike, a digit of another script, a Chinese numeral.
pub(super) fn digit(c: char) -> Option<char> {
    Some(match c {
        'O' | 'o' | 'О' | 'о' | 'Ο' | 'ο' | 'Օ' | '〇' | '零' | 'Ø' | 'ø' | 'Q' | 'D' => '0',
        'l' | 'I' | 'i' | '|' | '!' | 'І' | 'і' | 'Ι' | 'ι' | 'Ӏ' | 'ӏ' | '一' | '壹' => '1',
        'Z' | 'z' | 'Ζ' | '二' | '贰' => '2',
        'З' | 'з' | 'Ʒ' | 'ʒ' | 'Ӡ' | '三' | '叁' => '3',
        'A' | 'Ч' | 'ч' | '四' | '肆' => '4',
        'S' | 's' | 'Ѕ' | 'ѕ' | '五' | '伍' => '5',
        'б' | 'b' | 'G' | '六' | '陆' => '6',
        'T' | '七' | '柒' => '7',
        'B' | 'В' | 'Β' | '八' | '捌' => '8',
        'g' | 'q' | '九' | '玖' => '9',
        _ => return foreign_digit(c),
    })
}

/// Digits of scripts whose ten digits stand in a row, by where their zero is.
fn foreign_digit(c: char) -> Option<char> {
    const ZEROS: [u32; 14] = [0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xE50, 0xED0, 0x17E0];
    let code = u32::from(c);
    ZEROS
        .into_iter()
        .find_map(|zero| code.checked_sub(zero).filter(|value| *value < 10))
        .and_then(|value| char::from_digit(value, 10))
}

/// The key of a phone that carries a letter (ITU-T E.161).
pub(super) const fn phone_key(c: char) -> Option<char> {
    Some(match c.to_ascii_uppercase() {
        'A'..='C' => '2',
        'D'..='F' => '3',
        'G'..='I' => '4',
        'J'..='L' => '5',
        'M'..='O' => '6',
        'P'..='S' => '7',
        'T'..='V' => '8',
        'W'..='Z' => '9',
        _ => return None,
    })
}

/// What a name looks like, whatever it is written with: small Latin letters and digits, those drawn alike made one.
pub(super) fn skeleton(text: &str) -> String {
    let drawn: String = text.chars().flat_map(char::to_lowercase).map(latin).filter(|c| c.is_alphanumeric()).collect();
    drawn.replace("rn", "m").replace("vv", "w").replace("cl", "d")
}

/// The Latin letter, or the one stand-in of several, that a small letter or digit is drawn like.
fn latin(c: char) -> char {
    match c {
        'а' | 'α' | 'ɑ' | 'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'ạ' => 'a',
        'ь' | 'Ь' => 'b',
        'с' | 'ϲ' | 'ç' | 'ć' | 'č' => 'c',
        'ԁ' | 'ɗ' | 'đ' => 'd',
        'е' | 'ё' | 'є' | 'ε' | 'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ẹ' => 'e',
        'ɡ' | 'ġ' | 'ğ' => 'g',
        'һ' | 'հ' | 'ḥ' => 'h',
        'і' | 'ι' | 'ı' | 'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ị' | 'l' | '1' | '|' | 'ӏ' | 'ł' => 'i',
        'ј' | 'ϳ' => 'j',
        'к' | 'κ' | 'ķ' => 'k',
        'м' => 'm',
        'п' | 'η' | 'ñ' | 'ո' | 'ń' => 'n',
        'о' | 'ο' | 'σ' | 'օ' | 'ò' | 'ó' | 'ô' | 'ö' | 'õ' | 'ø' | 'ō' | 'ọ' | '0' | '〇' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' | 'գ' => 'q',
        'г' | 'ŕ' => 'r',
        'ѕ' | 'ś' | 'š' | 'ş' | '5' => 's',
        'т' | 'τ' | 'ţ' => 't',
        'υ' | 'ս' | 'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ụ' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ω' | 'ŵ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' | 'ү' | 'ý' | 'ÿ' => 'y',
        'ž' | 'ź' | 'ż' => 'z',
        'ѡ' => 'w',
        _ => match foreign_digit(c) {
            Some('0') => 'o',
            Some('1') => 'i',
            Some('5') => 's',
            Some(digit) => digit,
            None => c,
        },
    }
}

/// How many single changes lead from one text to the other, counted no further than two: a character more, one less, another one,
/// or two neighbours swapped.
pub(super) fn is_one_change_away(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (long, short) = if a.len() >= b.len() { (&a, &b) } else { (&b, &a) };
    let same_before = long.iter().zip(short).take_while(|(x, y)| x == y).count();
    match long.len() - short.len() {
        0 if same_before == long.len() => false,
        0 => {
            let swapped = long.len() > same_before + 1
                && long[same_before] == short[same_before + 1]
                && long[same_before + 1] == short[same_before]
                && long[same_before + 2..] == short[same_before + 2..];
            swapped || long[same_before + 1..] == short[same_before + 1..]
        }
        1 => long[same_before + 1..] == short[same_before..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_have_one_skeleton() {
        for (a, b) in [
            ("jinqiao", "jіnqіао"),
            ("jinqiao", "JINQIAO"),
            ("jinqiao", "jlnq1ao"),
            ("harborpay", "hаrbοrpау"),
            ("harborpay", "harb0rpay"),
            ("harborpay", "harbor-pay"),
            ("harborpay", "hârbórpay"),
            ("modern", "modem"),
        ] {
            assert_eq!(skeleton(a), skeleton(b), "{a} {b}");
        }
        assert_ne!(skeleton("jinqiao"), skeleton("jinqia"));
        assert_ne!(skeleton("95000"), skeleton("95001"));
    }

    #[test]
    fn one_change_is_one_change() {
        for (a, b, one) in [
            ("95000", "95001", true),
            ("95000", "950000", true),
            ("95000", "9500", true),
            ("95010", "95100", true),
            ("95000", "95000", false),
            ("95000", "95110", false),
            ("", "9", true),
            ("", "", false),
            ("12345", "21354", false),
            ("ab", "ba", true),
        ] {
            assert_eq!(is_one_change_away(a, b), one, "{a} {b}");
            assert_eq!(is_one_change_away(b, a), one, "{b} {a}");
        }
    }

    #[test]
    fn letters_and_digits_of_other_scripts_are_read_as_what_they_look_like() {
        for (c, found) in [('О', Some('0')), ('٨', Some('8')), ('８', None), ('९', Some('9')), ('l', Some('1')), ('x', None)]
        {
            assert_eq!(digit(c), found, "{c}");
        }
        assert_eq!("FLOWERS".chars().filter_map(phone_key).collect::<String>(), "3569377");
    }
}
