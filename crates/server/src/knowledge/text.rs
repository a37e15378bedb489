//! An article's text as HTML. Authors write CommonMark with tables; HTML of theirs is shown as the text it is, pictures are left out,
//! and a link leads to an article, a page of ours, a phone number or another site, and nowhere else.

use super::figures::Figures;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

/// What stands for the placeholders of a text.
pub(crate) struct Filling<'a> {
    /// The wallet's name.
    pub(crate) wallet: &'a str,
    /// The number of its line; empty when it has none.
    pub(crate) line: &'a str,
    /// What the page of official numbers is called.
    pub(crate) official_numbers: &'a str,
    /// Where its figures come from.
    pub(crate) figures: Figures<'a>,
}

impl Filling<'_> {
    /// A title or summary with its placeholders filled.
    pub(crate) fn plain(&self, text: &str) -> String {
        self.fill(text, self.wallet, self.line, self.official_numbers)
    }

    fn markdown(&self, text: &str) -> String {
        let line = format!("[{0}](tel:{0})", self.line);
        let official = format!("[{}](/official-numbers)", escaped(self.official_numbers));
        self.fill(text, &escaped(self.wallet), if self.line.is_empty() { "" } else { &line }, &official)
    }

    #[expect(clippy::literal_string_with_formatting_args, reason = "they are an article's own placeholders")]
    fn fill(&self, text: &str, wallet: &str, line: &str, official_numbers: &str) -> String {
        let text = self.figures.fill(text);
        text.replace("{wallet}", wallet).replace("{line}", line).replace("{official_numbers}", official_numbers)
    }
}

/// A name as CommonMark that means nothing but its letters.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect()
}

/// The text as HTML.
pub(crate) fn html(text: &str, filling: &Filling<'_>) -> String {
    let text = filling.markdown(text);
    // How deep in links and pictures that are left out.
    let mut left_out = Vec::new();
    let events = Parser::new_ext(&text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let target = target(&dest_url);
            left_out.push(target.is_none());
            target.map(|dest_url| Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        Event::End(TagEnd::Link) => (!left_out.pop()?).then_some(event),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Heading { level: HeadingLevel::H1, id, classes, attrs }) => {
            Some(Event::Start(Tag::Heading { level: HeadingLevel::H2, id, classes, attrs }))
        }
        Event::End(TagEnd::Heading(HeadingLevel::H1)) => Some(Event::End(TagEnd::Heading(HeadingLevel::H2))),
        event => Some(event),
    });
    let mut page = String::new();
    push_html(&mut page, events);
    page
}

/// Where a link leads; none when it may not lead there.
fn target(link: &str) -> Option<CowStr<'static>> {
    if is_slug(link) {
        return Some(format!("/help/articles/{link}").into());
    }
    let ours = link.starts_with('/') && !link.starts_with("//");
    let known = ["https://", "tel:", "mailto:"].iter().any(|scheme| link.starts_with(scheme));
    (ours || known).then(|| link.to_owned().into())
}

fn is_slug(link: &str) -> bool {
    !link.is_empty() && link.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The articles that a text links.
#[cfg(test)]
pub(super) fn links(text: &str) -> Vec<String> {
    let links = Parser::new(text).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) if is_slug(&dest_url) => Some(dest_url.into_string()),
        _ => None,
    });
    links.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::times::Times;
    use walletline_core::kernel::language::Language;

    #[test]
    fn a_text_becomes_what_it_says_and_nothing_runs() {
        let times = Times::shipped().unwrap();
        let figures = Figures { times: &times, wallet: "jinqiao", language: Language::En };
        let filling = Filling { wallet: "A*B <i>", line: "8000", official_numbers: "official numbers", figures };
        for (text, page) in [
            ("Call {line}.", "<p>Call <a href=\"tel:8000\">8000</a>.</p>\n"),
            ("{wallet}", "<p>A*B &lt;i&gt;</p>\n"),
            ("See [this](new-phone).", "<p>See <a href=\"/help/articles/new-phone\">this</a>.</p>\n"),
            ("[hours](/help/hours)", "<p><a href=\"/help/hours\">hours</a></p>\n"),
            ("[x](javascript:alert(1)) [y](//evil.example)", "<p>x y</p>\n"),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"),
            ("![a picture](https://evil.example/x.png)", "<p>a picture</p>\n"),
            ("# One", "<h2>One</h2>\n"),
            ("{official_numbers}", "<p><a href=\"/official-numbers\">official numbers</a></p>\n"),
        ] {
            assert_eq!(html(text, &filling), page, "{text}");
        }
    }
}
