//! Sessions: a cookie that scripts cannot read, twelve hours long whatever happens, ended by logging out.

use super::token::Token;
use crate::web::error::Problem;
use crate::web::state::State;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::COOKIE as COOKIE_HEADER;
use axum::http::request::Parts;
use walletline_core::agent::{Session, Staff};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::StaffId;
use walletline_core::kernel::time::{Span, Wall};

/// The cookie's name.
pub(crate) const COOKIE: &str = "walletline_session";

/// A working day with its breaks; nobody stays logged in overnight.
const SESSION: Span = Span::from_s(12 * 60 * 60);

/// Somebody who is logged in.
pub(crate) struct Signed {
    /// Who, as the store has them now.
    pub(crate) staff: Staff,
    /// The session's key in the store.
    pub(crate) token_hash: String,
    /// When it ends.
    pub(crate) expires_at: Wall,
}

impl FromRequestParts<State> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let token = token(&parts.headers).ok_or_else(Problem::not_logged_in)?;
        let (session, staff) = state.store.session(&token.hash()).await?.ok_or_else(Problem::not_logged_in)?;
        if session.expires_at <= state.clock.wall() {
            return Err(Problem::not_logged_in());
        }
        Ok(Self { staff, token_hash: session.token_hash, expires_at: session.expires_at })
    }
}

/// The token in the cookie, when there is one that can be one.
fn token(headers: &HeaderMap) -> Option<Token> {
    let cookies = headers.get_all(COOKIE_HEADER).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    cookies
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, v)| Token::shown(v))
}

/// A new session of a member of staff: the token for the cookie, and the commit that makes it valid.
pub(crate) fn open_session(staff: StaffId, at: Wall) -> Result<(Token, Commit), Problem> {
    let token = Token::random().map_err(|error| {
        tracing::error!(%error, "the system gives no randomness");
        Problem::unavailable()
    })?;
    let session = Session { token_hash: token.hash(), staff, expires_at: at + SESSION };
    let entry = Entry::new(at, Actor::Staff { id: staff }, "session.opened", staff);
    Ok((token, Commit::new(entry, vec![Change::SessionOpened(session)])))
}

/// The cookie of a new session.
pub(crate) fn session_cookie(token: &Token, secure: bool) -> String {
    cookie(token.expose(), SESSION.as_s(), secure)
}

/// The cookie that takes the session's away.
pub(crate) fn close_cookie(secure: bool) -> String {
    cookie("", 0, secure)
}

fn cookie(value: &str, max_age_s: u64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let good = "0123456789abcdef".repeat(4);
        for (line, found) in [
            (format!("{COOKIE}={good}"), true),
            (format!("theme=dark; {COOKIE}={good}; a=b"), true),
            (format!("x{COOKIE}={good}"), false),
            (format!("{COOKIE}=short"), false),
            (String::from("theme"), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE_HEADER, line.parse().unwrap());
            assert_eq!(token(&headers).is_some(), found, "{line}");
        }
    }
}
