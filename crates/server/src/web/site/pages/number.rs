//! A number to share: what it is, a link to call it, a code to scan, words to post, and a card for the contacts. An address that is
//! not listed gets the same page with the answer it has.

use super::official_numbers::link;
use crate::directory::advice;
use crate::web::State;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::site::layout::{self, Place};
use crate::web::site::parts;
use crate::web::site::visitor::Visitor;
use crate::web::site::words;
use crate::web::site::words::directory::{self, DirectoryWords};
use axum::extract::State as Shared;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, PreEscaped, html};
use qrcode::render::svg;
use walletline_core::directory::{Entry, Listed};
use walletline_core::kernel::language::Language;

/// What the address of a card ends with.
const CARD: &str = ".vcf";

/// `GET /n/{number}`, and `GET /n/{number}.vcf`.
pub(in crate::web::site) async fn show(
    Shared(state): Shared<State>,
    visitor: Visitor,
    Id(asked): Id<String>,
) -> Result<Response, Problem> {
    let number = asked.strip_suffix(CARD).unwrap_or(&asked);
    let checked = state.directory.check(number).await?;
    let finding = &checked.finding;
    match &finding.official {
        Some(listed) if asked.ends_with(CARD) => Ok(card(&state, listed, visitor.language)),
        None if asked.ends_with(CARD) => Err(Problem::not_found()),
        Some(listed) => {
            let advice = advice(&state.directory, finding, &listed.wallet, visitor.language);
            let main = official(&state, &visitor, listed, &advice);
            let title = listed.entry.address.value().to_owned();
            Ok(visitor.answer(layout::page(&state, &visitor, Place::Elsewhere, &title, &main)))
        }
        None => {
            let headline = directory::answer(finding.answer, visitor.language);
            let advice = advice(&state.directory, finding, &visitor.wallet.id, visitor.language);
            let main = html! {
                h1 { (headline) }
                p.number { (checked.reading.text()) }
                p.card.warn { (advice) }
                p { a.alone href="/official-numbers" { (DirectoryWords::of(visitor.language).title) } }
            };
            let page = visitor.answer(layout::page(&state, &visitor, Place::Elsewhere, headline, &main));
            let mut response = (StatusCode::NOT_FOUND, page).into_response();
            *response.status_mut() = StatusCode::NOT_FOUND;
            response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex"));
            Ok(response)
        }
    }
}

fn official(state: &State, visitor: &Visitor, Listed { wallet, entry }: &Listed, advice: &str) -> Markup {
    let (w, language) = (DirectoryWords::of(visitor.language), visitor.language);
    let (name, value) = (state.directory.wallet_name(wallet, language), entry.address.value());
    let page = page_of(state, entry);
    html! {
        h1 { (name) ": " (entry.label.get(language)) }
        section.card.strong {
            p.number.shown { (link(&entry.address)) }
            p { (directory::kind(entry.address.kind(), language)) }
            @if let Some(hours) = &entry.hours { p { (hours.get(language)) } }
            @if entry.inbound_only { p.note { (w.inbound_only) } }
            @if entry.address.kind().is_dialled() {
                p { a.button href={ "tel:" (value) } { (w.call) " " (value) } }
                p { a.alone href={ "/n/" (value) (CARD) } { (w.vcard) } }
            }
        }
        p { (advice) }
        figure.qr { (scannable(&page)) figcaption { (w.scan) } }
        section {
            h2 { (w.post) }
            @for language in Language::ALL {
                @let id = format!("post-{}", language.tag());
                @let name = state.directory.wallet_name(wallet, language);
                @let text = directory::post(language, &name, entry.label.get(language), value, &page);
                div.field {
                    label for=(id) { (directory::language_name(language, visitor.language)) }
                    textarea id=(id) readonly rows="6" lang=(language.tag()) { (text) }
                    (parts::copy(&words::of(visitor.language).shared, &text))
                }
            }
        }
        p { a.alone href="/official-numbers" { (w.title) } }
    }
}

/// The address of an entry's page.
fn page_of(state: &State, entry: &Entry) -> String {
    format!("{}/n/{}", state.config.http.public_url, entry.address.value())
}

/// The address as a QR code, black on white whatever the page's colours: scanners want it so. It is decoration beside the link.
fn scannable(page: &str) -> Markup {
    let Ok(code) = qrcode::QrCode::new(page) else { return html! {} };
    let svg = code.render::<svg::Color<'_>>().min_dimensions(180, 180).quiet_zone(true).build();
    // The XML declaration has no place inside HTML.
    let svg = svg.split_once("?>").map_or(svg.as_str(), |(_, svg)| svg).to_owned();
    html! { div aria-hidden="true" { (PreEscaped(svg)) } }
}

/// A card for an address book (RFC 6350).
fn card(state: &State, Listed { wallet, entry }: &Listed, language: Language) -> Response {
    let text = |text: &str| text.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;").replace('\n', "\\n");
    let name = state.directory.wallet_name(wallet, language);
    let lines = [
        "BEGIN:VCARD".to_owned(),
        "VERSION:4.0".to_owned(),
        "KIND:org".to_owned(),
        format!("FN:{} {}", text(&name), text(entry.label.get(language))),
        format!("ORG:{}", text(&name)),
        format!("TEL;VALUE=uri;TYPE=\"voice,work\":tel:{}", entry.address.value()),
        format!("URL:{}", page_of(state, entry)),
        format!("NOTE:{}", text(DirectoryWords::of(language).never_asks)),
        "END:VCARD".to_owned(),
    ];
    let mut response = format!("{}\r\n", lines.join("\r\n")).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/vcard; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
