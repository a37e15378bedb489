//! The web UI inside the program. A release is refused by the compiler when the UI was not built; a debug build says on the page
//! how to build it.

use super::error::Problem;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};
use std::collections::HashMap;
use std::sync::OnceLock;

#[derive(Embed)]
#[folder = "../../web/dist"]
#[cfg_attr(debug_assertions, allow_missing = true)]
struct Dist;

/// Names of assets hold a hash of what is in them.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Where the built pages are.
const DESK: &str = "desk/index.html";
const DEMO_PHONE: &str = "demo/phone.html";

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Walletline: UI not built</title>\
    <h1>The web UI is not built</h1><p>Run <code>script/serve</code>, or in <code>web/</code>: \
    <code>npm ci &amp;&amp; npm run build</code>. Then load this page again.</p></html>";

/// The desk; its own paths below `/desk` all lead to the one page.
pub(super) async fn desk(headers: HeaderMap) -> Response {
    page(DESK, &headers)
}

/// The demo's phone.
pub(crate) async fn demo_phone(headers: HeaderMap) -> Response {
    page(DEMO_PHONE, &headers)
}

/// A file of a build.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match find(&format!("assets/{name}"), &headers) {
        Some(found) => respond(found, HeaderValue::from_static(FOR_EVER), &headers),
        None => Problem::not_found().into_response(),
    }
}

fn page(name: &str, headers: &HeaderMap) -> Response {
    match find(name, headers) {
        Some(found) => respond(found, HeaderValue::from_static("no-cache"), headers),
        None => (StatusCode::NOT_FOUND, Html(NOT_BUILT)).into_response(),
    }
}

/// What public pages load: names of files in the build, which change with what is in them.
#[derive(Debug, Clone, Default)]
pub(super) struct Look {
    pub(super) styles: Vec<String>,
    pub(super) script: Option<String>,
    pub(super) icon: Option<String>,
}

/// The build's list of what it made of each source file.
const MANIFEST: &str = "manifest-public.json";
const SITE: &str = "src/public/help/main.ts";
const ICON: &str = "src/design/mark.svg";

/// What public pages load. Without a build they are plain HTML, and whole. A debug build reads the list anew for each page.
pub(super) fn site() -> Look {
    static BUILT: OnceLock<Look> = OnceLock::new();
    if cfg!(debug_assertions) { look() } else { BUILT.get_or_init(look).clone() }
}

fn look() -> Look {
    let Some(file) = Dist::get(MANIFEST) else { return Look::default() };
    let made: HashMap<String, Made> = serde_json::from_slice(&file.data).unwrap_or_default();
    let address = |file: &String| format!("/{file}");
    let Some(site) = made.get(SITE) else { return Look::default() };
    Look {
        // What a style stands on is listed after it, and has to be loaded before it.
        styles: site.css.iter().rev().map(address).collect(),
        script: Some(address(&site.file)),
        icon: made.get(ICON).map(|icon| address(&icon.file)),
    }
}

#[derive(serde::Deserialize)]
struct Made {
    file: String,
    #[serde(default)]
    css: Vec<String>,
}

/// A file in the smallest form the browser takes.
struct Found {
    file: EmbeddedFile,
    mime: HeaderValue,
    encoding: Option<&'static str>,
}

fn find(name: &str, headers: &HeaderMap) -> Option<Found> {
    let plain = Dist::get(name).filter(|_| !is_precompressed(name))?;
    let mime = HeaderValue::from_str(&with_charset(plain.metadata.mimetype())).ok()?;
    for (encoding, suffix) in [("br", "br"), ("gzip", "gz")] {
        if accepts(headers, encoding)
            && let Some(file) = Dist::get(&format!("{name}.{suffix}"))
        {
            return Some(Found { file, mime, encoding: Some(encoding) });
        }
    }
    Some(Found { file: plain, mime, encoding: None })
}

fn is_precompressed(name: &str) -> bool {
    name.ends_with(".br") || name.ends_with(".gz")
}

fn with_charset(mime: &str) -> String {
    let is_text = mime.starts_with("text/") || mime.ends_with("javascript") || mime.ends_with("json");
    if is_text { format!("{mime}; charset=utf-8") } else { mime.to_owned() }
}

/// Whether `Accept-Encoding` names a coding without ruling it out by `q=0` (RFC 9110 12.5.3).
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|choice| {
        let mut parts = choice.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.any(|p| p.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0)));
        named && !refused
    })
}

fn respond(found: Found, caching: HeaderValue, request: &HeaderMap) -> Response {
    let hash = found.file.metadata.sha256_hash();
    let etag = format!("\"{}\"", hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>());
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, caching);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    if request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(header::CONTENT_TYPE, found.mime);
    if let Some(encoding) = found.encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    (headers, found.file.data.into_owned()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_form_is_sent_to_those_who_take_it() {
        for (line, coding, taken) in [
            ("gzip, deflate, br", "br", true),
            ("gzip, deflate", "br", false),
            ("br;q=0, gzip", "br", false),
            ("br;q=0.5", "br", true),
            ("BR", "br", true),
            ("brotli", "br", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, line.parse().unwrap());
            assert_eq!(accepts(&headers, coding), taken, "{line} {coding}");
        }
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }
}
