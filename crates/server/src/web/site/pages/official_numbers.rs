//! The official contacts of a wallet, as plain HTML without any script: what was last signed, and nothing else.

use crate::web::State;
use crate::web::site::layout::{self, Place};
use crate::web::site::visitor::Visitor;
use crate::web::site::words::directory::{self, DirectoryWords};
use axum::extract::State as Shared;
use axum::response::Response;
use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};
use walletline_core::directory::{Address, Edition, Entry, Listed};
use walletline_core::kernel::language::Language;
use walletline_core::kernel::time::Wall;

/// `GET /official-numbers`.
pub(in crate::web::site) async fn show(Shared(state): Shared<State>, visitor: Visitor) -> Response {
    let w = DirectoryWords::of(visitor.language);
    let edition = state.directory.edition();
    let listed = state.directory.listed(&visitor.wallet.id);
    let main = html! {
        h1 { (w.title) }
        p { (w.intro) }
        @match &edition {
            None => p.card.warn role="alert" { (w.stale) },
            Some(edition) => {
                ul.contacts {
                    @for listed in &listed { li.card { (contact(&listed.entry, visitor.language)) } }
                }
                p { (w.never_asks) }
                p.as-of {
                    (w.as_of) " " (day(edition.issued_at, &visitor)) ", " (w.version) " " (edition.version) ", "
                    (w.good_until) " " (day(edition.expires_at, &visitor))
                }
                (proof(&state, edition, w))
                (for_partners(&state, &visitor, &listed, w))
            }
        }
    };
    let data = html! {
        @if edition.is_some() {
            script type="application/ld+json" { (PreEscaped(contact_points(&state, &visitor, &listed))) }
        }
    };
    visitor.answer(layout::plain_page(&state, &visitor, Place::Elsewhere, w.title, &data, &main))
}

/// One entry.
fn contact(entry: &Entry, language: Language) -> Markup {
    let w = DirectoryWords::of(language);
    let spoken = entry.languages.iter().map(|spoken| directory::language_name(*spoken, language)).collect::<Vec<_>>().join(", ");
    html! {
        h2 { (entry.label.get(language)) }
        p.number { (link(&entry.address)) }
        p.kind {
            (directory::kind(entry.address.kind(), language))
            @if let Some(platform) = entry.address.platform() { " · " (platform) }
        }
        dl {
            @if let Some(hours) = &entry.hours { dt { (w.hours) } dd { (hours.get(language)) } }
            dt { (w.languages) } dd { (spoken) }
            dt { (w.region) } dd { (entry.region) }
        }
        @if entry.inbound_only { p.note { (w.inbound_only) } }
        @if entry.address.kind().is_dialled() {
            p {
                a.alone href={ "/n/" (entry.address.value()) } { (w.share) " " span.visually-hidden { (entry.address.value()) } }
            }
        }
    }
}

/// An address, with a link where a browser can follow one.
pub(super) fn link(address: &Address) -> Markup {
    let value = address.value();
    html! {
        @match address {
            Address::Phone(_) | Address::ShortCode(_) => a href={ "tel:" (value) } { (value) },
            Address::Mail(_) => a href={ "mailto:" (value) } { (value) },
            Address::Web(_) => a href={ "https://" (value) "/" } rel="noopener" { (value) },
            Address::SmsSender(_) | Address::App(_) | Address::Social { .. } => (value),
        }
    }
}

/// A day as pages write it.
fn day(at: Wall, visitor: &Visitor) -> String {
    let zone = visitor.wallet.zone.clone();
    let at = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_zoned(zone);
    match visitor.language {
        Language::ZhCn => at.strftime("%Y年%-m月%-d日 %H:%M").to_string(),
        Language::En => at.strftime("%-d %B %Y, %H:%M").to_string(),
    }
}

/// Where the signed file stands.
fn signed_file(state: &State) -> String {
    format!("{}/.well-known/official-contacts.json", state.config.http.public_url)
}

fn proof(state: &State, edition: &Edition, w: &DirectoryWords) -> Markup {
    let file = signed_file(state);
    html! {
        section {
            h2 { (w.verify_title) }
            p { (w.verify) }
            pre tabindex="0" { code { "walletline directory verify " (file) } }
            p { (w.key) ": " code { (edition.key) } }
            p { a.alone href="/.well-known/official-contacts.json" { "official-contacts.json" } }
        }
    }
}

/// What sites and agreements can take over.
fn for_partners(state: &State, visitor: &Visitor, listed: &[Listed], w: &DirectoryWords) -> Markup {
    let page = format!("{}/official-numbers?wallet={}", state.config.http.public_url, visitor.wallet.id);
    let dialled: Vec<&str> =
        listed.iter().map(|listed| &listed.entry.address).filter(|a| a.kind().is_dialled()).map(Address::value).collect();
    let (first, numbers) = (dialled.first().copied().unwrap_or_default(), dialled.join(", "));
    let snippet = html! {
        p { (visitor.wallet_name()) ": " a href={ "tel:" (first) } { (first) } " · " a href=(page) { (w.title) } }
    };
    html! {
        section {
            h2 { (w.partners) }
            h3 #snippet { (w.snippet) }
            textarea readonly rows="5" aria-labelledby="snippet" { (snippet.into_string()) }
            @for language in Language::ALL {
                @let id = format!("clause-{}", language.tag());
                h3 id=(id) { (w.clause) " (" (directory::language_name(language, visitor.language)) ")" }
                textarea readonly rows="9" lang=(language.tag()) aria-labelledby=(id) {
                    (directory::clause(language, visitor.wallet.name_in(language), &numbers, &page))
                }
            }
        }
    }
}

/// The same for search engines: schema.org `ContactPoint`s of the wallet. Data, which no browser runs.
fn contact_points(state: &State, visitor: &Visitor, listed: &[Listed]) -> String {
    let url = &state.config.http.public_url;
    let points: Vec<Value> = listed.iter().filter_map(|listed| contact_point(&listed.entry, visitor.language)).collect();
    let same_as: Vec<String> = listed
        .iter()
        .filter_map(|listed| match &listed.entry.address {
            Address::Web(host) => Some(format!("https://{host}/")),
            Address::Phone(_)
            | Address::ShortCode(_)
            | Address::SmsSender(_)
            | Address::App(_)
            | Address::Mail(_)
            | Address::Social { .. } => None,
        })
        .collect();
    let organization = json!({
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": visitor.wallet_name(),
        "url": format!("{url}/official-numbers?wallet={}", visitor.wallet.id),
        "sameAs": same_as,
        "contactPoint": points,
    });
    // Nothing in it may end the element it stands in.
    organization.to_string().replace('<', "\\u003c")
}

fn contact_point(entry: &Entry, language: Language) -> Option<Value> {
    let languages: Vec<&str> = entry.languages.iter().map(|language| language.tag()).collect();
    let mut point = json!({
        "@type": "ContactPoint",
        "contactType": "customer service",
        "name": entry.label.get(language),
        "areaServed": entry.region,
        "availableLanguage": languages,
    });
    let field = match &entry.address {
        Address::Phone(_) | Address::ShortCode(_) => "telephone",
        Address::Mail(_) => "email",
        Address::Web(_) | Address::SmsSender(_) | Address::App(_) | Address::Social { .. } => return None,
    };
    point[field] = json!(entry.address.value());
    if let Some(hours) = &entry.hours {
        point["description"] = json!(hours.get(language));
    }
    Some(point)
}
