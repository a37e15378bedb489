//! The frame of every public page: who this is, where one can go, and the official number at its foot.

use super::visitor::{Theme, Visitor};
use super::words::{self, Shared};
use crate::web::{State, assets};
use maud::{DOCTYPE, Markup, html};
use walletline_core::kernel::language::Language;

/// A whole page around what is its own.
pub(super) fn page(state: &State, visitor: &Visitor, title: &str, main: &Markup) -> Markup {
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
                @if let Some(script) = &look.script { script type="module" src=(script) {} }
            }
            body {
                a.skip href="#main" { (w.skip) }
                header.site {
                    a.brand href="/help" { strong { (wallet) } " " span { (w.help) } }
                    (switches(state, visitor, w))
                }
                main #main tabindex="-1" { (main) }
                (footer(state, visitor, w))
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

fn footer(state: &State, visitor: &Visitor, w: &Shared) -> Markup {
    let line = state.config.lines.iter().find(|line| line.wallet == visitor.wallet.id);
    html! {
        footer.site {
            @if let Some(line) = line {
                p { (w.official_number) " " a.number href={ "tel:" (line.number) } { (line.number) } }
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
