//! Sessions: a cookie that scripts cannot read, of limited length used and unused, ended by logging out. One in which something is
//! still missing opens nothing but what is needed to show it.

use super::token::Token;
use crate::web::error::Problem;
use crate::web::state::State;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::COOKIE as COOKIE_HEADER;
use axum::http::request::Parts;
use walletline_core::agent::{Demand, FreshFactor, Missing, NotFresh, SecondFactor, Session, Shown, Staff, UNFINISHED_FOR};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::time::Wall;
use walletline_store::SessionFound;

/// The cookie's name.
pub(crate) const COOKIE: &str = "walletline_session";

/// Somebody with a session in which something may still be missing.
pub(crate) struct Arriving {
    /// Who, as the store has them now.
    pub(crate) staff: Staff,
    /// The session.
    pub(crate) session: Session,
    /// What is asked of them.
    pub(crate) demand: Demand,
    /// What they can show.
    pub(crate) factors: FactorKinds,
}

/// What somebody has set up besides the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FactorKinds {
    /// An authenticator that shows codes.
    pub(crate) authenticator: bool,
    /// A passkey or several.
    pub(crate) passkey: bool,
}

impl FactorKinds {
    const fn any(self) -> bool {
        self.authenticator || self.passkey
    }
}

impl From<&SecondFactor> for FactorKinds {
    fn from(factor: &SecondFactor) -> Self {
        Self { authenticator: factor.authenticator.is_some(), passkey: !factor.passkeys.is_empty() }
    }
}

impl Arriving {
    /// What is missing before they may act.
    pub(crate) const fn missing(&self) -> Option<Missing> {
        self.session.missing(self.demand)
    }
}

/// Somebody who is logged in.
pub(crate) struct Signed {
    /// Who, as the store has them now.
    pub(crate) staff: Staff,
    /// The session.
    pub(crate) session: Session,
    /// What is asked of them.
    pub(crate) demand: Demand,
    /// What they can show.
    pub(crate) factors: FactorKinds,
}

impl Signed {
    /// The proof that they showed lately what is asked of them.
    ///
    /// # Errors
    /// When it was too long ago.
    pub(crate) fn fresh(&self, now: Wall) -> Result<FreshFactor, NotFresh> {
        self.session.fresh(self.demand, now)
    }
}

impl FromRequestParts<State> for Arriving {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let token = token(&parts.headers).ok_or_else(Problem::not_logged_in)?;
        let found = state.store.session(&token.hash()).await?.ok_or_else(Problem::not_logged_in)?;
        let SessionFound { session, staff, has_authenticator, has_passkey } = found;
        let factors = FactorKinds { authenticator: has_authenticator, passkey: has_passkey };
        let now = state.clock.now();
        if session.expires_at <= now.wall {
            return Err(Problem::not_logged_in());
        }
        if !state.auth.see(session.id, state.config.staff.limits(staff.role).idle, now.mono) {
            let entry = Entry::new(now.wall, Actor::System, "session.left_alone", staff.id);
            state.store.commit(Commit::new(entry, vec![Change::SessionEnded(session.token_hash)])).await?;
            state.auth.end(session.id);
            return Err(Problem::not_logged_in());
        }
        Ok(Self { demand: demand(state, &staff, factors), staff, session, factors })
    }
}

impl FromRequestParts<State> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let arriving = Arriving::from_request_parts(parts, state).await?;
        match arriving.missing() {
            Some(missing) => Err(missing.into()),
            None => {
                let Arriving { staff, session, demand, factors } = arriving;
                Ok(Self { staff, session, demand, factors })
            }
        }
    }
}

/// What is asked of this person besides the password.
fn demand(state: &State, staff: &Staff, factors: FactorKinds) -> Demand {
    Demand { is_required: state.config.staff.second_factor.contains(&staff.role), is_enrolled: factors.any() }
}

/// The token in the cookie, when there is one that can be one.
fn token(headers: &HeaderMap) -> Option<Token> {
    let cookies = headers.get_all(COOKIE_HEADER).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    cookies
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, v)| Token::shown(v))
}

/// A new session of somebody who showed their password: the token for the cookie, what they are logged in as, and the commit that makes
/// it valid. A token that the browser had before is never taken up.
pub(crate) async fn open_session(state: &State, staff: &Staff, at: Wall) -> Result<(Token, Arriving, Commit), Problem> {
    let (_, factor) = state.store.second_factor(staff.id).await?;
    let factors = FactorKinds::from(&factor);
    let demand = demand(state, staff, factors);
    let token = draw()?;
    let (id, token_hash) = (state.fresh_id()?, token.hash());
    let mut session = Session { id, token_hash, staff: staff.id, expires_at: at, shown: Shown::Password, shown_at: at };
    let lasts = match session.missing(demand) {
        Some(_) => UNFINISHED_FOR,
        None => state.config.staff.limits(staff.role).session,
    };
    session.expires_at = at + lasts;
    let entry = Entry::new(at, Actor::Staff { id: staff.id }, "session.opened", staff.id);
    let commit = Commit::new(entry, vec![Change::SessionOpened(session.clone())]);
    Ok((token, Arriving { staff: staff.clone(), session, demand, factors }, commit))
}

/// The same session after more was shown: under another token, because the one before was worth less. One that something was missing in
/// lasts its full time from now on; any other keeps the end it has. `factors`: what its owner can show from now on.
pub(crate) fn finish_session(
    state: &State,
    arriving: Arriving,
    factors: FactorKinds,
    shown: Shown,
    at: Wall,
) -> Result<(Token, Arriving, Commit), Problem> {
    let token = draw()?;
    let is_unfinished = arriving.missing().is_some();
    let Arriving { staff, session: before, .. } = arriving;
    let expires_at = if is_unfinished { at + state.config.staff.limits(staff.role).session } else { before.expires_at };
    let session = Session { id: before.id, token_hash: token.hash(), staff: staff.id, expires_at, shown, shown_at: at };
    let entry = Entry::new(at, Actor::Staff { id: staff.id }, "session.confirmed", staff.id);
    let changes = vec![Change::SessionEnded(before.token_hash), Change::SessionOpened(session.clone())];
    let demand = demand(state, &staff, factors);
    Ok((token, Arriving { staff, session, demand, factors }, Commit::new(entry, changes)))
}

fn draw() -> Result<Token, Problem> {
    Token::random().map_err(|error| {
        tracing::error!(%error, "the system gives no randomness");
        Problem::unavailable()
    })
}

/// The cookie of a session.
pub(crate) fn session_cookie(token: &Token, session: &Session, now: Wall, secure: bool) -> String {
    cookie(token.expose(), (session.expires_at - now).as_s(), secure)
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
