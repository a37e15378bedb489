//! The door to what a customer does on the pages: a session that a cookie opens, bound to one visit and to no account. The cookie is for
//! these pages alone, scripts cannot read it and other sites cannot have it sent; it is another one once the visitor is verified.

use crate::visits::{Arrival, NotOpened, Visiting};
use crate::web::State;
use crate::web::auth::Token;
use crate::web::error::Problem;
use crate::web::extract::Source;
use crate::web::limits::network;
use crate::web::site::layout::{self, Place};
use crate::web::site::visitor::Visitor;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::Markup;
use walletline_core::kernel::pii::Pii;

/// The cookie's name.
const COOKIE: &str = "walletline_account";

/// What it opens: these pages, and no other.
pub(super) const PATH: &str = "/help/account";

/// A request to one of these pages: who looks at it, and the session that the browser shows.
pub(in crate::web::site) struct Guest {
    pub(super) state: State,
    pub(super) visitor: Visitor,
    source: Source,
    shown: Option<Token>,
    /// What the browser has to show from now on.
    renewed: Option<Token>,
}

/// What becomes of the cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cookie {
    /// It stays, unless the session got another one meanwhile.
    Keep,
    Clear,
}

impl FromRequestParts<State> for Guest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        let source = Source::from_request_parts(parts, state).await?;
        Ok(Self { state: state.clone(), visitor, source, shown: shown(&parts.headers), renewed: None })
    }
}

impl Guest {
    /// The browser shows a session, whether or not there is one any more.
    pub(super) const fn shows_one(&self) -> bool {
        self.shown.is_some()
    }

    /// The visit of the session; none when there is none any more.
    pub(super) async fn visiting(&self) -> Option<Visiting> {
        let visits = self.state.visits.as_ref()?;
        visits.enter(&self.shown.as_ref()?.hash(), self.visitor.language).await
    }

    /// Lets the visitor in with this number. A session that was there before ends: it is never taken over.
    pub(super) async fn open(&mut self, wallet: String, number: Pii<String>) -> Result<(), NotOpened> {
        let visits = self.state.visits.as_ref().ok_or(NotOpened::Unavailable)?;
        if let Some(mut before) = self.visiting().await {
            before.leave();
        }
        let token = fresh().ok_or(NotOpened::Unavailable)?;
        let line = self.state.config.lines.iter().find(|line| line.wallet == wallet);
        let line = line.map(|line| line.number.clone()).unwrap_or_default();
        let address = Pii::new(network(self.source.0).to_string());
        visits.open(token.hash(), Arrival { wallet, line, language: self.visitor.language, address, number }).await?;
        self.renewed = Some(token);
        Ok(())
    }

    /// Another session for a visit that has shown more. False when the system gives no randomness; then the visit is over.
    pub(super) fn renew(&mut self, visiting: &mut Visiting) -> bool {
        self.renewed = fresh();
        match &self.renewed {
            Some(token) => visiting.rekey(token.hash()),
            None => visiting.leave(),
        }
        self.renewed.is_some()
    }

    /// A page.
    pub(super) fn page(&self, title: &str, main: &Markup, status: StatusCode, cookie: Cookie) -> Response {
        let mut response = self.visitor.answer(layout::page(&self.state, &self.visitor, Place::Elsewhere, title, main));
        *response.status_mut() = status;
        self.sealed(response, cookie)
    }

    /// On to a page: what was sent is not sent again when that one is loaded anew.
    pub(super) fn go(&self, to: &'static str, cookie: Cookie) -> Response {
        self.sealed((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(), cookie)
    }

    fn sealed(&self, mut response: Response, cookie: Cookie) -> Response {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
        // Forms of these pages say where they stand; without it a browser tells nobody, us neither.
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        let secure = if self.state.config.http.is_secure() { "; Secure" } else { "" };
        let cookie = match (cookie, &self.renewed) {
            (Cookie::Keep, None) => return response,
            (Cookie::Keep, Some(token)) => {
                format!("{COOKIE}={}; Path={PATH}; HttpOnly; SameSite=Strict{secure}", token.expose())
            }
            (Cookie::Clear, _) => format!("{COOKIE}=; Path={PATH}; Max-Age=0; HttpOnly; SameSite=Strict{secure}"),
        };
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
        response
    }
}

fn fresh() -> Option<Token> {
    Token::random().inspect_err(|error| tracing::error!(%error, "the system gives no randomness")).ok()
}

fn shown(headers: &HeaderMap) -> Option<Token> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, value)| Token::shown(value))
}
