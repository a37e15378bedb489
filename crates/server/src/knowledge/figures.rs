//! Figures in an article: `{late:cross_border/swift_gpi/*}` stands for what the windows say when the page is shown, so that no text keeps
//! a figure which its data has left behind. It knows how a length of time is written, and no figure of its own.

use crate::times::Times;
use walletline_core::kernel::language::Language;
use walletline_core::kernel::length::Length;
use walletline_core::wallet::window::{Corridor, Kind, Rail, Window};

/// Where the figures of a text come from.
#[derive(Clone, Copy)]
pub(crate) struct Figures<'a> {
    /// The windows.
    pub(crate) times: &'a Times,
    /// The wallet, by id.
    pub(crate) wallet: &'a str,
    /// How lengths of time are written.
    pub(crate) language: Language,
}

impl Figures<'_> {
    /// The text with its figures. What names none of them stays as it is written.
    pub(super) fn fill(&self, text: &str) -> String {
        replaced(text, |name| self.figure(name))
    }

    /// `half`, `nearly_all`, `late` or `refund_due`, then the window: kind, rail and corridor.
    fn figure(&self, name: &str) -> Option<String> {
        let (which, window) = name.split_once(':')?;
        let window = self.window(window)?;
        let length = match which {
            "half" => window.p50,
            "nearly_all" => window.p95,
            "late" => window.late_after,
            "refund_due" => window.refund_due_after?,
            _ => return None,
        };
        Some(written(length, self.language))
    }

    fn window(&self, name: &str) -> Option<&Window> {
        let [kind, rail, corridor]: [&str; 3] = name.split('/').collect::<Vec<_>>().try_into().ok()?;
        let kind = Kind::ALL.into_iter().find(|known| known.name() == kind)?;
        let (rail, corridor) = (rail.parse::<Rail>().ok()?, corridor.parse::<Corridor>().ok()?);
        self.times.window(self.wallet, kind, &rail, corridor)
    }
}

/// The text without its figures, as it is searched: what windows are called is not what people look for.
pub(super) fn left_out(text: &str) -> String {
    replaced(text, |name| name.contains(':').then(String::new))
}

/// What stands in braces replaced by what there is for it.
fn replaced(text: &str, figure: impl Fn(&str) -> Option<String>) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        whole.push_str(before);
        let found = after.split_once('}').and_then(|(name, tail)| Some((figure(name)?, tail)));
        match found {
            Some((figure, tail)) => {
                whole.push_str(&figure);
                rest = tail;
            }
            None => {
                whole.push('{');
                rest = after;
            }
        }
    }
    whole.push_str(rest);
    whole
}

/// A length of time in words.
fn written(length: Length, language: Language) -> String {
    let (number, [zh, one, many]) = match length {
        Length::BusinessDays(days) => (u32::from(days), ["个工作日", "business day", "business days"]),
        Length::Seconds(s) if s != 0 && s % 3_600 == 0 => (s / 3_600, ["小时", "hour", "hours"]),
        Length::Seconds(s) if s != 0 && s % 60 == 0 => (s / 60, ["分钟", "minute", "minutes"]),
        Length::Seconds(s) => (s, ["秒", "second", "seconds"]),
    };
    match language {
        Language::ZhCn => format!("{number} {zh}"),
        Language::En => format!("{number} {}", if number == 1 { one } else { many }),
    }
}

/// What stands for figures in a text: which one, and of which window.
#[cfg(test)]
pub(super) fn named(text: &str) -> Vec<(&str, &str)> {
    let names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    names.filter_map(|(name, _)| name.split_once(':')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_written_in_its_largest_unit() {
        for (length, zh, en) in [
            ("10 s", "10 秒", "10 seconds"),
            ("90 s", "90 秒", "90 seconds"),
            ("1 min", "1 分钟", "1 minute"),
            ("24 h", "24 小时", "24 hours"),
            ("1 business day", "1 个工作日", "1 business day"),
            ("3 business days", "3 个工作日", "3 business days"),
        ] {
            let length: Length = length.parse().unwrap();
            assert_eq!(written(length, Language::ZhCn), zh);
            assert_eq!(written(length, Language::En), en);
        }
    }

    #[test]
    fn a_figure_is_what_the_windows_say_and_anything_else_stays() {
        let times = Times::shipped().unwrap();
        let figures = Figures { times: &times, wallet: "jinqiao", language: Language::En };
        let rail: Rail = "balance_refund".parse().unwrap();
        let window = times.window("jinqiao", Kind::Refund, &rail, Corridor::ANY).unwrap();
        let expected = format!("within {}, {{line}} {{", written(window.p95, Language::En));
        assert_eq!(figures.fill("within {nearly_all:refund/balance_refund/*}, {line} {"), expected);
        for unknown in
            ["{late:refund}", "{late:loan/balance_refund/*}", "{soon:refund/balance_refund/*}", "{refund_due:refund/*/*}"]
        {
            assert_eq!(figures.fill(unknown), unknown);
        }
        assert_eq!(left_out("{wallet}: within {nearly_all:refund/balance_refund/*}."), "{wallet}: within .");
    }
}
