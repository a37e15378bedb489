//! What pages are built from, so that all of them look and behave alike. A part is plain HTML: whatever a script adds to it hangs on
//! its `data-` attributes, and nothing is lost without one.
//!
//! The style sheet's own words, for pages that need no part of their own:
//! `.lead` the first sentence · `.card` a panel (`.card.strong` for the one that matters) · `.grid` cards side by side where there
//! is room · `.button` (`.button.quiet`, `.button.bad`) · `.field` a label with its control and hint · `.facts` a list of
//! terms and what they are · `.steps` numbered steps · `.prose` running text · `.plain-table` · `.muted` · `.number` figures
//! of phone numbers and codes (`.number.large`) · `a.alone` a link that is a line of its own · `.tag` a small word (`.tag.ok`,
//! `.tag.warn`, `.tag.bad`) · `.row` things in a line that wraps.

use super::words::Shared;
use maud::{Markup, html};

/// Signs, drawn on a grid of 24. Each stands beside a word, so all are hidden from assistive technology.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Icon {
    Phone,
    Search,
    Lock,
    Money,
    Snow,
    Refund,
    Flag,
    Speech,
    Shield,
    List,
    Headset,
    Clock,
    Warning,
    Copy,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Phone => {
                "M5 4h3.5l1.7 4.3-2.2 1.6a12 12 0 0 0 6.1 6.1l1.6-2.2L20 15.5V19a1.5 1.5 0 0 1-1.6 1.5A15.5 15.5 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4Z"
            }
            Self::Search => "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15.5 15.5 20 20",
            Self::Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2",
            Self::Money => "M4 8.5h13M14 5.5l3 3-3 3M20 15.5H7M10 12.5l-3 3 3 3",
            Self::Snow => "M12 3.5v17M4.6 7.8l14.8 8.4M19.4 7.8 4.6 16.2M9.5 4.8 12 7.3l2.5-2.5M9.5 19.2l2.5-2.5 2.5 2.5",
            Self::Refund => "M4.5 9.5h10a5 5 0 0 1 0 10H9M8 6 4.5 9.5 8 13",
            Self::Flag => "M6 21V4.5M6 5h11l-2.2 3.5L17 12H6",
            Self::Speech => "M4.5 5.5h15v10h-8L7 19.5v-4H4.5zM8.5 9.5h7M8.5 12h4.5",
            Self::Shield => "M12 3.5 5 6v5.5c0 4.4 2.9 7.6 7 9 4.1-1.4 7-4.6 7-9V6l-7-2.5ZM8.8 12l2.3 2.3 4.1-4.3",
            Self::List => "M9.5 6.5h10M9.5 12h10M9.5 17.5h10M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01",
            Self::Headset => {
                "M4.5 14v-2a7.5 7.5 0 0 1 15 0v2M4.5 13.5H7v5H5.5a1 1 0 0 1-1-1ZM19.5 13.5H17v5h1.5a1 1 0 0 0 1-1ZM18 18.5c0 1.2-1.5 2-4 2"
            }
            Self::Clock => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 8v4.5l3 1.8",
            Self::Warning => "M12 4.5 3.5 19.5h17L12 4.5ZM12 10v4.5M12 17h.01",
            Self::Copy => "M9 9h10.5v10.5H9zM6 15H4.5V4.5H15V6",
        }
    }
}

/// A sign.
pub(super) fn icon(sign: Icon) -> Markup {
    html! {
        svg.icon width="22" height="22" viewBox="0 0 24 24" aria-hidden="true" focusable="false" { path d=(sign.path()) {} }
    }
}

/// How a notice is meant. Each has a sign of its own beside its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Info,
    Warning,
}

/// Something to be seen before the rest of the page.
pub(super) fn notice(tone: Tone, content: &Markup) -> Markup {
    let (class, sign) = match tone {
        Tone::Info => ("info", Icon::Clock),
        Tone::Warning => ("warn", Icon::Warning),
    };
    html! { div.notice.(class) { (icon(sign)) div { (content) } } }
}

/// A phone number to call, and to copy where a script can.
pub(super) fn number(w: &Shared, number: &str) -> Markup {
    html! {
        div.row {
            a.number.large href={ "tel:" (number) } { (number) }
            (copy(w, number))
        }
    }
}

/// A button that copies a text. Hidden until a script shows it.
pub(super) fn copy(w: &Shared, text: &str) -> Markup {
    html! {
        button.button.quiet type="button" hidden data-copy=(text) data-copied=(w.copied) { (icon(Icon::Copy)) span { (w.copy) } }
    }
}

/// Something a visitor may have come for.
pub(super) struct Tile<'a> {
    pub(super) href: &'a str,
    pub(super) sign: Icon,
    pub(super) title: &'a str,
    pub(super) text: &'a str,
}

/// Tiles, in a grid where there is room.
pub(super) fn tiles(tiles: &[Tile<'_>]) -> Markup {
    html! {
        ul.tiles {
            @for tile in tiles {
                li { a.tile href=(tile.href) { (icon(tile.sign)) span { strong { (tile.title) } " " span.muted { (tile.text) } } } }
            }
        }
    }
}

/// The way back.
pub(super) fn crumbs(w: &Shared, here: &str) -> Markup {
    html! {
        nav.crumbs aria-label=(w.way_back) { a href="/help" { (w.help) } span aria-hidden="true" { "›" } span aria-current="page" { (here) } }
    }
}

/// The search field, with what was asked.
pub(super) fn search(w: &Shared, asked: &str) -> Markup {
    html! {
        search {
            form.search action="/help/search" {
                label.visually-hidden for="q" { (w.search) }
                input #q type="search" name="q" value=(asked) placeholder=(w.search_hint) maxlength="200" autocomplete="off" enterkeyhint="search";
                button.button type="submit" { (icon(Icon::Search)) span.wide-only { (w.search) } }
            }
        }
    }
}
