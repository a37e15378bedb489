//! What somebody pasted, read as the addresses it may mean. Reading undoes what does not change an address (full-width digits,
//! spaces, a label in front, invisible characters) and remembers what does (letters for digits, look-alike letters, text that
//! runs backwards), so that a disguise is never taken for the thing itself. It never fails.

use super::address::{Address, E164};
use super::lookalike;
use std::fmt;
use unicode_normalization::UnicodeNormalization as _;

/// What is read of a text, in characters; the rest is cut off. The longest address has 253.
pub const READ_CHARS_MAX: usize = 300;

/// A text as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    text: String,
    reordered: bool,
    cut: bool,
}

/// Digits to be dialled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialled {
    /// A plus stood in front.
    pub plus: bool,
    /// The digits.
    pub digits: String,
    /// A zero in brackets stood after the country, as in `+44 (0)20…`; it is left out of the digits.
    pub trunk_zero: bool,
    /// Some of the digits were letters, look-alikes or digits of another script.
    pub is_spelled: bool,
}

/// A number of the world's plan that a text may mean, found at the edge, which knows every country's rules of dialling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// The number.
    pub number: E164,
    /// Digits of its country code.
    pub country_digits: usize,
}

/// A host in an address of the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host {
    /// The host in small letters, without `www.`.
    pub(super) name: String,
    /// Latin letters, nobody's name in front of an `@`, and no port of its own: what is shown is where it leads.
    pub(super) is_plain: bool,
    /// A path or a query follows.
    pub(super) has_more: bool,
}

/// How suspects are told apart: one word for what was pasted, however it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark(String);

impl Mark {
    /// The mark that was made of a pasted text before, as a row holds it.
    #[must_use]
    pub const fn kept(text: String) -> Self {
        Self(text)
    }

    fn new(kind: &str, value: &str) -> Self {
        Self(format!("{kind}:{value}"))
    }

    /// As a row holds it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What was pasted, without what kind of thing it is.
    #[must_use]
    pub fn value(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(_, value)| value)
    }

    /// The marks under which reports of a listed address would stand.
    #[must_use]
    pub fn of(address: &Address) -> Self {
        match address {
            Address::Phone(number) => Self::new("phone", number.as_str()),
            Address::ShortCode(digits) => Self::new("digits", digits),
            Address::SmsSender(sender) if sender.bytes().all(|b| b.is_ascii_digit()) => Self::new("digits", sender),
            Address::SmsSender(name) | Address::App(name) => Self::new("name", &name.to_lowercase()),
            Address::Web(host) => Self::new("web", host),
            Address::Mail(mail) => Self::new("mail", mail),
            Address::Social { handle, .. } => Self::new("name", handle),
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.value())
    }
}

impl Reading {
    /// Reads a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut left = text.chars();
        let taken: String = left.by_ref().take(READ_CHARS_MAX).collect();
        let cut = left.next().is_some();
        let reordered = taken.chars().any(|c| c == '\u{202E}' || c == '\u{2067}');
        let folded: String = taken.nfkc().filter(|c| !is_invisible(*c)).collect();
        let words: Vec<&str> =
            folded.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
        Self { text: words.join(" "), reordered, cut }
    }

    /// The text with its disguises of no consequence undone: NFKC, no invisible characters, one space for any white space.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// It holds characters that make text run backwards: what a person saw is not what stands there.
    #[must_use]
    pub const fn is_reordered(&self) -> bool {
        self.reordered
    }

    /// It was longer than any address.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.cut
    }

    /// The digits it dials, when it is something to dial: at least three of them, and more digits than letters that are none.
    #[must_use]
    pub fn dialled(&self) -> Option<Dialled> {
        let text = self.text.strip_prefix("tel:").unwrap_or(&self.text);
        let text = text.trim_start_matches(is_label).trim_end_matches(is_label);
        let text = without_label(text);
        let trunk_zero = text.contains("(0)") && text.starts_with('+');
        let text = if trunk_zero { text.replacen("(0)", "", 1) } else { text.to_owned() };
        let (mut plus, mut digits, mut is_spelled) = (false, String::new(), false);
        let mut letters = 0;
        // 1-800-FLOWERS is keyed by what stands on the keys, 95OO0 is meant to be seen.
        let by_keys = text.chars().any(|c| c.is_ascii_alphabetic() && lookalike::digit(c).is_none());
        for c in text.chars() {
            match c {
                '0'..='9' => digits.push(c),
                '+' if digits.is_empty() && !plus => plus = true,
                _ if is_separator(c) => {}
                _ => {
                    let key = lookalike::phone_key(c).filter(|_| by_keys);
                    let digit = key.or_else(|| lookalike::digit(c))?;
                    (is_spelled, letters) = (true, letters + 1);
                    digits.push(digit);
                }
            }
        }
        let enough = digits.len() >= 3 && (letters == 0 || digits.len() > letters);
        enough.then_some(Dialled { plus, digits, trunk_zero, is_spelled })
    }

    /// The mail address it is, in small letters.
    pub(super) fn mail(&self) -> Option<String> {
        let text = self.text.to_lowercase();
        let text = text.strip_prefix("mailto:").unwrap_or(&text);
        let (local, host) = text.split_once('@')?;
        let good_local = !local.is_empty() && local.chars().all(|c| c.is_alphanumeric() || "._+-".contains(c));
        (good_local && is_host(host)).then(|| text.to_owned())
    }

    /// The host it leads to, when it is an address of the web: with `https://` in front, or a name with a dot.
    pub(super) fn host(&self) -> Option<Host> {
        let text = self.text.to_lowercase();
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).or_else(|| text.strip_prefix("//"));
        let is_url = rest.is_some();
        let rest = rest.unwrap_or(&text);
        // Browsers take a backslash for a slash.
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, more) = rest.split_at(end);
        if !is_url && authority.contains('@') {
            return None;
        }
        // Whatever stands before the last `@` is somebody's name, and leads nowhere.
        let (user, place) = authority.rsplit_once('@').map_or((None, authority), |(user, place)| (Some(user), place));
        let (host, port) = place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port)));
        let host = host.strip_suffix('.').unwrap_or(host);
        let host = host.strip_prefix("www.").unwrap_or(host);
        if !is_host(host) {
            return None;
        }
        let usual_port = matches!(port, None | Some("443" | "80"));
        let is_plain = user.is_none() && usual_port && host.is_ascii() && !host.split('.').any(|label| label.starts_with("xn--"));
        Some(Host { name: host.to_owned(), is_plain, has_more: !matches!(more, "" | "/") })
    }

    /// A name without spaces, as senders, apps and accounts have: in small letters, without the brackets Chinese senders stand in.
    pub(super) fn name(&self) -> Option<String> {
        let text = self.text.trim_matches(['【', '】', '[', ']', '@', '"', '“', '”']).to_lowercase();
        (!text.is_empty() && !text.contains(char::is_whitespace)).then_some(text)
    }

    /// The marks under which reports of what was pasted stand, the plainest first; never empty. `phones` are those the text means.
    #[must_use]
    pub fn marks(&self, phones: &[Phone]) -> Vec<Mark> {
        let mut marks = Vec::new();
        if !self.reordered {
            if let Some(dialled) = self.dialled().filter(|dialled| !dialled.is_spelled) {
                let meant = phones.iter().filter(|phone| dialled.means(phone));
                marks.extend(meant.map(|phone| Mark::new("phone", phone.number.as_str())));
                let digits = if dialled.plus { dialled.international() } else { dialled.digits };
                marks.push(Mark::new("digits", &digits));
            } else if let Some(mail) = self.mail() {
                marks.push(Mark::new("mail", &mail));
            } else if let Some(host) = self.host() {
                marks.push(Mark::new("web", &host.name));
            }
            marks.extend(self.name().map(|name| Mark::new("name", &name)));
        }
        if marks.is_empty() {
            marks.push(Mark::new("text", &self.text.to_lowercase()));
        }
        marks
    }
}

impl Dialled {
    /// The number with its plus.
    #[must_use]
    pub fn international(&self) -> String {
        format!("+{}", self.digits)
    }

    /// Whether these digits, as they stand, are a way of writing this number: whole with a plus or two zeros, with the country
    /// alone, or from within the country with or without a zero in front. Anything more or less is another number.
    #[must_use]
    pub fn means(&self, phone: &Phone) -> bool {
        let whole = phone.number.digits();
        let national = whole.get(phone.country_digits..).unwrap_or_default();
        let digits = self.digits.as_str();
        if self.is_spelled || national.is_empty() {
            return false;
        }
        if self.plus {
            return digits == whole;
        }
        digits == whole
            || digits == national
            || digits.strip_prefix("00") == Some(whole)
            || digits.strip_prefix('0') == Some(national)
    }
}

/// Characters that take no place on a screen, and those that only say which way text runs.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}

/// What people put between digits.
fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | ',' | '·' | '•' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | 'ー' | '_')
}

/// Han characters that are no numerals, and brackets around them: 客服热线 before a number is no part of it.
fn is_label(c: char) -> bool {
    let han = matches!(c, '\u{3400}'..='\u{9FFF}') && lookalike::digit(c).is_none();
    han || matches!(c, ':' | '【' | '】' | '「' | '」' | '"' | '“' | '”' | '<' | '>' | '、' | '。' | ';') || c == ' '
}

/// The text after its last colon, when what stands before is words alone: `Hotline: 8000`.
fn without_label(text: &str) -> &str {
    match text.rsplit_once(':') {
        Some((label, rest)) if !label.chars().any(|c| c.is_numeric() || c == '+') => rest.trim_start(),
        _ => text,
    }
}

/// A name with a dot, each part letters, digits and hyphens, the last one no number.
fn is_host(host: &str) -> bool {
    let part = |part: &str| {
        let inner = part.chars().all(|c| c.is_alphanumeric() || c == '-');
        !part.is_empty() && part.len() <= 63 * 4 && inner && !part.starts_with('-') && !part.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.') && host.split('.').all(part) && last.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialled(text: &str) -> Option<(String, bool)> {
        let Dialled { plus, digits, is_spelled, .. } = Reading::of(text).dialled()?;
        Some((format!("{}{digits}", if plus { "+" } else { "" }), is_spelled))
    }

    #[test]
    fn digits_are_found_however_they_are_written() {
        for (text, digits, spelled) in [
            ("8000", "8000", false),
            ("８０００", "8000", false),
            (" 8 0 0 0\n", "8000", false),
            ("8\u{200B}000", "8000", false),
            ("\u{202A}+44 20 7946 0801\u{202C}", "+442079460801", false),
            ("+44 (0)20 7946 0801", "+442079460801", false),
            ("（0755）9500－0000", "075595000000", false),
            ("tel:+442079460801", "+442079460801", false),
            ("Hotline: 8000", "8000", false),
            ("客服热线：９５０００", "95000", false),
            ("请拨打95000转人工", "95000", false),
            ("𝟗𝟓𝟎𝟎𝟎", "95000", false),
            ("95O00", "95000", true),
            ("95ОО0", "95000", true),
            ("+1 800 FLOWERS", "+18003569377", true),
        ] {
            assert_eq!(dialled(text), Some((digits.to_owned(), spelled)), "{text}");
        }
        for text in
            ["", "+", "12", "hello", "help@jinqiao.example", "jinqiao.example", "8000+8001", "\u{202E}", "٩٥٠٠٠", "九五零零零"]
        {
            assert_eq!(dialled(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_is_meant_by_exactly_its_ways_of_being_written() {
        let phone = Phone { number: "+442079460801".parse().unwrap(), country_digits: 2 };
        let means = |text: &str| Reading::of(text).dialled().is_some_and(|dialled| dialled.means(&phone));
        for text in ["+442079460801", "00442079460801", "442079460801", "02079460801", "2079460801", "+44 (0)20 7946 0801"] {
            assert!(means(text), "{text}");
        }
        for text in
            ["+4402079460801", "+02079460801", "0442079460801", "0002079460801", "+44207946080I", "20794608011", "+0442079460801"]
        {
            assert!(!means(text), "{text}");
        }
    }

    #[test]
    fn a_link_leads_to_what_stands_behind_the_last_at() {
        for (text, host, plain) in [
            ("https://Jinqiao.example/help?x=1", Some("jinqiao.example"), true),
            ("www.jinqiao.example", Some("jinqiao.example"), true),
            ("jinqiao.example.", Some("jinqiao.example"), true),
            ("https://jinqiao.example@evil.example/", Some("evil.example"), false),
            ("https://jinqiao.example\\@evil.example", Some("jinqiao.example"), true),
            ("http://jinqiao.example:8443/", Some("jinqiao.example"), false),
            ("jіnqiao.example", Some("jіnqiao.example"), false),
            ("xn--jnqiao-2xf.example", Some("xn--jnqiao-2xf.example"), false),
            ("ｊｉｎｑｉａｏ．ｅｘａｍｐｌｅ", Some("jinqiao.example"), true),
            ("help@jinqiao.example", None, false),
            ("127.0.0.1", None, false),
            ("jinqiao", None, false),
        ] {
            let found = Reading::of(text).host();
            assert_eq!(found.as_ref().map(|host| host.name.as_str()), host, "{text}");
            assert_eq!(found.is_some_and(|host| host.is_plain), plain, "{text}");
        }
    }

    #[test]
    fn one_thing_has_one_mark_however_it_is_written() {
        let phones = [Phone { number: "+8619000009999".parse().unwrap(), country_digits: 2 }];
        for text in ["+86 190 0000 9999", "0086-19000009999", "１９０００００９９９９", "019000009999"] {
            assert_eq!(Reading::of(text).marks(&phones)[0].as_str(), "phone:+8619000009999", "{text}");
        }
        for (text, mark) in [
            ("95001", "digits:95001"),
            ("mailto:Kefu@jinqiao.test", "mail:kefu@jinqiao.test"),
            ("https://jinqiao-kefu.test/a", "web:jinqiao-kefu.test"),
            ("@JinQiao_Kefu", "name:jinqiao_kefu"),
            ("95O01", "name:95o01"),
            ("two words", "text:two words"),
            ("", "text:"),
        ] {
            assert_eq!(Reading::of(text).marks(&[])[0].as_str(), mark, "{text}");
        }
        assert!(Reading::of("\u{202E}0008").marks(&[])[0].as_str().starts_with("text:"));
    }
}
