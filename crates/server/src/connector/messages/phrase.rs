//! The words of phrases: one list per language, as shipped. A phrase is said in the language of the call that it is for.

use std::sync::LazyLock;
use walletline_core::kernel::{language::Language, phrase::Words};

const ZH_CN: &str = include_str!("../../../../../messages/phrases/zh-CN.txt");
const EN: &str = include_str!("../../../../../messages/phrases/en.txt");

static LISTS: LazyLock<[Vec<&str>; 2]> = LazyLock::new(|| [list(ZH_CN), list(EN)]);

fn list(text: &'static str) -> Vec<&'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// A phrase in words.
#[must_use]
pub(crate) fn spelt(words: Words, language: Language) -> String {
    let [chinese, english] = &*LISTS;
    let list = match language {
        Language::ZhCn => chinese,
        Language::En => english,
    };
    let found: Vec<&str> = words.numbers().iter().filter_map(|number| list.get(usize::from(*number)).copied()).collect();
    found.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use walletline_core::kernel::phrase::WORDS;

    #[test]
    fn every_list_has_as_many_words_as_are_drawn_from_and_none_twice() {
        for list in &*LISTS {
            assert_eq!(list.len(), usize::from(WORDS));
            assert_eq!(list.iter().collect::<HashSet<_>>().len(), list.len());
            assert!(list.iter().all(|word| !word.contains(char::is_whitespace)));
        }
    }

    #[test]
    fn a_phrase_is_two_words_of_its_language() {
        let words = Words::try_from([1, 2]).unwrap();
        assert_eq!(spelt(words, Language::En), "apple arrow");
        assert_eq!(spelt(words, Language::ZhCn), "苹果 弓箭");
    }
}
