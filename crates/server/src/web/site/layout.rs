//! The frame of every public page: who this is, where one can go, and the official number at its foot. What a page is built from
//! stands in `parts.rs`.

use super::visitor::{Theme, Visitor};
use super::words::{self, Shared};
use crate::config::Line;
use crate::web::{State, assets};
use maud::{DOCTYPE, Markup, html};
use walletline_core::kernel::language::Language;

/// Where a page stands in the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Home,
    Check,
    Prepare,
    Hours,
    Call,
    /// Below a page of the menu, or beside it.
    Elsewhere,
}

impl Place {
    /// What the menu leads to, in its order.
    const MENU: [Self; 5] = [Self::Home, Self::Check, Self::Prepare, Self::Hours, Self::Call];

    const fn entry(self, w: &Shared) -> (&'static str, &'static str) {
        match self {
            Self::Home | Self::Elsewhere => ("/help", w.home),
            Self::Check => ("/help/check", w.check),
            Self::Prepare => ("/help/prepare", w.prepare),
            Self::Hours => ("/help/hours", w.hours),
            Self::Call => ("/help/call", w.call),
        }
    }
}

/// The line of the visitor's wallet.
pub(super) fn line<'a>(state: &'a State, visitor: &Visitor) -> Option<&'a Line> {
    state.config.lines.iter().find(|line| line.wallet == visitor.wallet.id)
}

/// A whole page around what is its own.
pub(super) fn page(state: &State, visitor: &Visitor, place: Place, title: &str, main: &Markup) -> Markup {
    frame(state, visitor, place, title, &html! {}, main, true)
}

/// A page that runs no script at all. `data`: what machines read of it, for its head.
pub(super) fn plain_page(state: &State, visitor: &Visitor, place: Place, title: &str, data: &Markup, main: &Markup) -> Markup {
    frame(state, visitor, place, title, data, main, false)
}

fn frame(state: &State, visitor: &Visitor, place: Place, title: &str, data: &Markup, main: &Markup, scripted: bool) -> Markup {
    let w = &words::of(visitor.language).shared;
    let look = assets::site();
    let wallet = visitor.wallet_name();
    html! {
        (DOCTYPE)
        html lang=(visitor.language.tag()) data-theme=[(visitor.theme != Theme::System).then(|| visitor.theme.name())] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (wallet) }
                @for style in look.styles { link rel="stylesheet" href=(style); }
                @if let Some(icon) = &look.icon { link rel="icon" href=(icon) type="image/svg+xml"; }
                @if let Some(script) = look.script.as_ref().filter(|_| scripted) { script type="module" src=(script) {} }
                (data)
            }
            body data-wallet=(visitor.wallet.id) {
                a.skip href="#main" { (w.skip) }
                header.site {
                    div.bar {
                        a.brand href="/help" { strong { (wallet) } " " span { (w.help) } }
                        (switches(state, visitor, w))
                    }
                    nav.menu aria-label=(w.menu) {
                        @for entry in Place::MENU {
                            @let (href, name) = entry.entry(w);
                            a href=(href) aria-current=[(place == entry).then_some("page")] { (name) }
                        }
                    }
                }
                main #main tabindex="-1" { (main) }
                (footer(state, visitor, w))
                div #call {}
            }
        }
    }
}

/// Language, wallet and colours, as links: they work without a script, and can be sent to somebody.
fn switches(state: &State, visitor: &Visitor, w: &Shared) -> Markup {
    let wallets = &state.config.wallets;
    html! {
        nav.switches aria-label=(w.choices) {
            @for language in Language::ALL.into_iter().filter(|language| *language != visitor.language) {
                a href=(visitor.here_with("lang", language.tag())) lang=(language.tag()) hreflang=(language.tag()) {
                    (words::of(language).shared.own_name)
                }
            }
            @for other in wallets.iter().filter(|other| other.id != visitor.wallet.id) {
                a href=(visitor.here_with("wallet", &other.id)) { (other.name_in(visitor.language)) }
            }
        }
    }
}

/// The number to call of a wallet: the one that the directory lists first, else that of its line.
pub(super) fn official_number(state: &State, wallet: &str) -> Option<String> {
    let listed = state.directory.official(wallet).map(|listed| listed.entry.address.value().to_owned());
    let line = || state.config.lines.iter().find(|line| line.wallet == wallet).map(|line| line.number.clone());
    listed.or_else(line)
}

fn footer(state: &State, visitor: &Visitor, w: &Shared) -> Markup {
    html! {
        footer.site {
            div.inner {
                @if let Some(number) = official_number(state, &visitor.wallet.id) {
                    p.hotline { span { (w.official_number) } " " a.number href={ "tel:" (number) } { (number) } }
                    p { a.alone href="/official-numbers" { (w.all_numbers) } }
                }
                p { (w.never_asks) }
                nav.switches aria-label=(w.colours) {
                    @for theme in Theme::ALL {
                        a href=(visitor.here_with("theme", theme.name())) aria-current=[(theme == visitor.theme).then_some("true")] {
                            (w.themes[theme as usize])
                        }
                    }
                }
            }
        }
    }
}
