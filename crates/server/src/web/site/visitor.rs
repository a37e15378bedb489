//! Who looks at a public page: in which language, in which colours, and which wallet they have. Chosen by a link, then remembered in a cookie that
//! holds these three words and nothing else.

use crate::config::Wallet;
use crate::web::State;
use crate::web::error::Problem;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use maud::Markup;
use serde::Deserialize;
use std::sync::Arc;
use walletline_core::kernel::language::Language;

/// Remembers a visitor's choices: `{wallet}.{language}.{theme}`.
const COOKIE: &str = "walletline_site";
/// A year.
const COOKIE_S: u32 = 31_536_000;

/// Light, dark, or as the device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub(super) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// As addresses and the cookie write it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// A visitor of the public site.
pub(super) struct Visitor {
    /// The language of the page.
    pub(super) language: Language,
    /// The wallet that the page is about.
    pub(super) wallet: Arc<Wallet>,
    /// The colours of the page.
    pub(super) theme: Theme,
    /// The path and query asked for, without what this visitor chose by them.
    here: String,
    /// The choice came by a link and is to be remembered.
    remember: bool,
    secure: bool,
}

#[derive(Default, Deserialize)]
struct Choice {
    lang: Option<String>,
    wallet: Option<String>,
    theme: Option<String>,
}

impl Visitor {
    /// The wallet's name in the page's language.
    pub(super) fn wallet_name(&self) -> &str {
        self.wallet.name_in(self.language)
    }

    /// The address of this page with one choice changed, for example `lang` to `en`.
    pub(super) fn here_with(&self, choice: &str, value: &str) -> String {
        let joint = if self.here.contains('?') { '&' } else { '?' };
        format!("{}{joint}{choice}={value}", self.here)
    }

    /// The page as an answer.
    pub(super) fn answer(&self, page: Markup) -> Response {
        let mut response = Html(page.into_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.language.tag()));
        if self.remember {
            let secure = if self.secure { "; Secure" } else { "" };
            let (wallet, language, theme) = (&self.wallet.id, self.language.tag(), self.theme.name());
            let cookie =
                format!("{COOKIE}={wallet}.{language}.{theme}; Path=/; Max-Age={COOKIE_S}; HttpOnly; SameSite=Lax{secure}");
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                headers.insert(header::SET_COOKIE, cookie);
            }
        }
        response
    }
}

impl FromRequestParts<State> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        // A page is shown whatever stands in its query.
        let choice = Query::<Choice>::try_from_uri(&parts.uri).map(|query| query.0).unwrap_or_default();
        let kept = Kept::read(&parts.headers);
        let wallets = &state.config.wallets;
        let known = |id: &str| wallets.iter().find(|wallet| wallet.id == id);
        let wallet = choice.wallet.as_deref().and_then(known).or_else(|| kept.wallet.as_deref().and_then(known));
        let wallet = Arc::new(wallet.or_else(|| wallets.first()).ok_or_else(Problem::not_found)?.clone());
        let first = state.config.lines.iter().find(|line| line.wallet == wallet.id).and_then(|line| line.languages.first());
        let chosen = choice.lang.as_deref().and_then(Language::from_tag);
        let language = chosen.or(kept.language).or_else(|| accepted(&parts.headers)).or(first.copied());
        Ok(Self {
            language: language.unwrap_or(Language::En),
            wallet,
            theme: choice.theme.as_deref().and_then(Theme::named).or(kept.theme).unwrap_or(Theme::System),
            here: without_choices(&parts.uri),
            remember: choice.lang.is_some() || choice.wallet.is_some() || choice.theme.is_some(),
            secure: state.config.http.is_secure(),
        })
    }
}

/// The path and query without the words that are remembered.
fn without_choices(uri: &Uri) -> String {
    let ours = |pair: &&str| !["lang=", "wallet=", "theme="].iter().any(|choice| pair.starts_with(choice));
    let query: Vec<&str> = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()).filter(ours).collect();
    if query.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), query.join("&")) }
}

/// What the cookie remembers; anything else in it is ignored.
#[derive(Debug, Default, PartialEq, Eq)]
struct Kept {
    wallet: Option<String>,
    language: Option<Language>,
    theme: Option<Theme>,
}

impl Kept {
    fn read(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let Some((_, value)) = pairs.find(|(name, _)| *name == COOKIE) else { return Self::default() };
        let mut words = value.split('.');
        Self {
            wallet: words.next().map(str::to_owned),
            language: words.next().and_then(Language::from_tag),
            theme: words.next().and_then(Theme::named),
        }
    }
}

/// The first language of `Accept-Language` that is ours: browsers send them in order of preference.
fn accepted(headers: &HeaderMap) -> Option<Language> {
    let line = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let tags = line.split(',').map(|part| part.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    tags.filter_map(|tag| match tag.split('-').next() {
        Some("zh") => Some(Language::ZhCn),
        Some("en") => Some(Language::En),
        _ => None,
    })
    .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_first_of_ours_that_the_browser_names() {
        for (line, language) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Language::ZhCn)),
            ("fr, en-GB;q=0.8, zh;q=0.2", Some(Language::En)),
            ("ZH-Hant-TW", Some(Language::ZhCn)),
            ("fr", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, line.parse().unwrap());
            assert_eq!(accepted(&headers), language, "{line}");
        }
    }

    #[test]
    fn a_cookie_gives_what_can_be_read_of_it() {
        for (line, wallet, language, theme) in [
            ("a=b; walletline_site=harbor.en.dark", Some("harbor"), Some(Language::En), Some(Theme::Dark)),
            ("walletline_site=harbor.fr", Some("harbor"), None, None),
            ("walletline_site=", Some(""), None, None),
            ("other=harbor.en.dark", None, None, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, line.parse().unwrap());
            assert_eq!(Kept::read(&headers), Kept { wallet: wallet.map(str::to_owned), language, theme }, "{line}");
        }
    }

    #[test]
    fn a_switch_keeps_what_else_was_asked() {
        for (uri, here) in
            [("/help", "/help"), ("/help?lang=en", "/help"), ("/help/search?q=a%26b&lang=en&theme=dark", "/help/search?q=a%26b")]
        {
            assert_eq!(without_choices(&uri.parse().unwrap()), here);
        }
    }
}
