//! What a text or a question is made of, so that both find each other: one width, one case, one way to write Chinese, words where
//! Chinese has no spaces between them.

use jieba_rs::Jieba;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Chinese is cut into words by a dictionary, which takes a moment to be read: once, at the first use.
static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut lines = include_str!("simplified.txt").lines().filter(|line| !line.starts_with('#'));
    let (from, to) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    from.chars().zip(to.chars()).collect()
});

/// Words that stand in every question and tell nothing of what is asked.
const SAID_ALWAYS: &[&str] = &[
    "的",
    "了",
    "吗",
    "呢",
    "啊",
    "吧",
    "我",
    "你",
    "您",
    "我们",
    "你们",
    "您们",
    "是",
    "在",
    "有",
    "也",
    "就",
    "都",
    "和",
    "与",
    "怎么",
    "怎么办",
    "怎样",
    "如何",
    "什么",
    "为什么",
    "哪里",
    "哪儿",
    "哪",
    "请",
    "请问",
    "想",
    "要",
    "能",
    "可以",
    "能不能",
    "吗",
    "这",
    "那",
    "这个",
    "那个",
    "一个",
    "给",
    "把",
    "被",
    "让",
    "到",
    "去",
    "会",
    "还",
    "没",
    "不",
    "个",
    "办",
    "么",
    "着",
    "过",
    "很",
    "a",
    "an",
    "the",
    "i",
    "my",
    "me",
    "you",
    "your",
    "we",
    "our",
    "is",
    "are",
    "am",
    "was",
    "be",
    "been",
    "do",
    "does",
    "did",
    "to",
    "of",
    "in",
    "on",
    "at",
    "for",
    "it",
    "its",
    "and",
    "or",
    "how",
    "what",
    "why",
    "when",
    "where",
    "who",
    "can",
    "could",
    "will",
    "would",
    "should",
    "have",
    "has",
    "had",
    "with",
    "this",
    "that",
    "there",
    "from",
    "by",
    "as",
    "if",
    "not",
    "no",
    "so",
    "but",
    "get",
    "got",
    "im",
    "ive",
    "t",
    "s",
    "m",
    "please",
];

/// Letters and figures as they are compared: half width, small, simplified; everything else a space.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(plain_char).collect()
}

fn plain_char(c: char) -> char {
    let narrow = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    match SIMPLIFIED.get(&narrow) {
        Some(simple) => *simple,
        None if narrow.is_alphanumeric() => narrow.to_lowercase().next().unwrap_or(narrow),
        // What stands within a word: don't, e-mail.
        None if matches!(narrow, '\'' | '’') => '\'',
        None => ' ',
    }
}

pub(super) const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2ebef}')
}

/// The words of a text, those that are said always left out.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for run in runs(&plain(text)) {
        if run.starts_with(is_han) {
            words.extend(JIEBA.cut_for_search(&run, true).into_iter().map(|token| token.word.to_owned()));
        } else {
            words.push(stem(&run.replace('\'', "")));
        }
    }
    words.retain(|word| !SAID_ALWAYS.contains(&word.as_str()));
    words
}

/// Every two neighbouring characters of Chinese: they meet where the dictionary cut a question and a text differently.
pub(super) fn pairs(text: &str) -> Vec<String> {
    let mut pairs = Vec::new();
    for run in runs(&plain(text)).iter().filter(|run| run.starts_with(is_han)) {
        let characters: Vec<char> = run.chars().collect();
        pairs.extend(characters.windows(2).map(|pair| pair.iter().collect::<String>()));
    }
    pairs
}

/// Runs of Chinese, and runs of anything else without a space.
fn runs(plain: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    let mut last = None;
    for c in plain.chars() {
        let kind = (c != ' ').then(|| is_han(c));
        match (kind, runs.last_mut()) {
            (None, _) => {}
            (Some(_), Some(run)) if kind == last => run.push(c),
            (Some(_), _) => runs.push(c.to_string()),
        }
        last = kind;
    }
    runs
}

/// An English word without the endings of number and time. The same word comes to the same stem on both sides; that it is the
/// right one does not matter.
fn stem(word: &str) -> String {
    let cut = |ending: &str, left_min: usize| word.strip_suffix(ending).filter(|left| left.len() >= left_min);
    let stem = if let Some(left) = cut("ies", 2) {
        return format!("{left}y");
    } else if let Some(left) = cut("sses", 2) {
        return format!("{left}ss");
    } else if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        word
    } else if let Some(left) = cut("ing", 3).or_else(|| cut("ed", 3)) {
        // stopped, stopping, stop
        let mut ends = left.chars().rev();
        match (ends.next(), ends.next()) {
            (Some(a), Some(b)) if a == b && !matches!(a, 'l' | 's' | 'z') => &left[..left.len() - 1],
            _ => left,
        }
    } else {
        cut("s", 3).unwrap_or(word)
    };
    stem.strip_suffix('e').filter(|left| left.len() >= 3).unwrap_or(stem).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_word_is_found_however_it_is_written() {
        for (a, b) in [
            ("帳號鎖住", "帐号锁住"),
            ("ＲＥＦＵＮＤ", "refund"),
            ("Payments", "payment"),
            ("stopped", "stopping"),
            ("freezing", "freeze"),
            ("locked", "lock"),
            ("can’t", "can't"),
        ] {
            assert_eq!(words(a), words(b), "{a} {b}");
        }
    }

    #[test]
    fn chinese_is_cut_into_words_and_common_ones_are_left_out() {
        let words = words("我的账户被锁定了怎么办");
        assert!(words.contains(&"账户".to_owned()) && words.contains(&"锁定".to_owned()), "{words:?}");
        assert!(!words.contains(&"怎么办".to_owned()), "{words:?}");
        assert_eq!(pairs("没到账 ok"), ["没到", "到账"]);
        assert_eq!(super::words("how do I"), Vec::<String>::new());
    }
}
