//! Log-in sessions and one-time links, by the hashes of their tokens. Whether one has run out is for whoever has a clock.

use super::staff;
use crate::commit::Failure;
use crate::database::{Conn, Row, to_word};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::agent::{LoginLink, Session, Staff};
use walletline_core::commit::Version;
use walletline_core::kernel::ids::StaffId;
use walletline_core::kernel::time::Wall;

const OPEN: &str = "INSERT INTO session (token_hash, id, staff, expires_at, shown, shown_at) VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT DO NOTHING";

// Sessions that ran out go when the next one is opened, so that the table holds no more than people can have opened.
const FORGET_SESSIONS: &str = "DELETE FROM session WHERE staff = $1 AND expires_at <= $2";

const END: &str = "DELETE FROM session WHERE token_hash = $1";

const END_ALL: &str = "DELETE FROM session WHERE staff = $1";

const SESSION: &str = "SELECT t.token_hash, t.id, t.expires_at, t.shown, t.shown_at, f.seed, f.passkeys, s.id AS staff_id, s.version, s.user_name, s.number, s.password_hash, \
    s.sip_ha1, s.details, s.teams FROM session t JOIN staff s ON s.id = t.staff \
    LEFT JOIN second_factor f ON f.staff = s.id WHERE t.token_hash = $1";

/// An empty list, as it is written.
const NO_PASSKEYS: &str = "[]";

const MAKE_LINK: &str = "INSERT INTO login_link (token_hash, staff, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

const FORGET_LINKS: &str = "DELETE FROM login_link WHERE staff = $1 AND expires_at <= $2";

const USE_LINK: &str = "DELETE FROM login_link WHERE token_hash = $1";

const LINK: &str = "SELECT t.token_hash, t.expires_at, s.id AS staff_id, s.version, s.user_name, s.number, s.password_hash, \
    s.sip_ha1, s.details, s.teams FROM login_link t JOIN staff s ON s.id = t.staff WHERE t.token_hash = $1";

/// Opens a session; `now` is the wall time of the commit.
pub(crate) async fn open(conn: &mut Conn<'_>, session: &Session, now: Wall) -> Result<(), Failure> {
    let Session { id, token_hash, staff, expires_at, shown, shown_at } = session;
    conn.execute(FORGET_SESSIONS, vec![(*staff).into(), now.into()]).await?;
    let values = vec![
        token_hash.as_str().into(),
        (*id).into(),
        (*staff).into(),
        (*expires_at).into(),
        to_word(shown)?.into(),
        (*shown_at).into(),
    ];
    match conn.execute(OPEN, values).await? {
        0 => Err(Failure::Conflict(format!("a session of {staff} with this token or id is there already"))),
        _ => Ok(()),
    }
}

/// Ends a session. One that ended already is no conflict: to log out twice is to be logged out.
pub(crate) async fn end(conn: &mut Conn<'_>, token_hash: &str) -> Result<(), Failure> {
    conn.execute(END, vec![token_hash.into()]).await?;
    Ok(())
}

/// Ends every session of somebody.
pub(crate) async fn end_all(conn: &mut Conn<'_>, staff: StaffId) -> Result<(), Failure> {
    conn.execute(END_ALL, vec![staff.into()]).await?;
    Ok(())
}

/// Keeps a one-time link; `now` is the wall time of the commit.
pub(crate) async fn make_link(conn: &mut Conn<'_>, link: &LoginLink, now: Wall) -> Result<(), Failure> {
    let LoginLink { token_hash, staff, expires_at } = link;
    conn.execute(FORGET_LINKS, vec![(*staff).into(), now.into()]).await?;
    match conn.execute(MAKE_LINK, vec![token_hash.as_str().into(), (*staff).into(), (*expires_at).into()]).await? {
        0 => Err(Failure::Conflict(format!("a log-in link of {staff} with this token is there already"))),
        _ => Ok(()),
    }
}

/// Uses a one-time link up: of any number of attempts at once, one succeeds.
pub(crate) async fn use_link(conn: &mut Conn<'_>, token_hash: &str) -> Result<(), Failure> {
    match conn.execute(USE_LINK, vec![token_hash.into()]).await? {
        0 => Err(Failure::Conflict("the log-in link was used already or never existed".to_owned())),
        _ => Ok(()),
    }
}

fn with_staff(row: &Row) -> Result<(String, Wall, Version, Staff), ReadError> {
    let (version, staff) = staff::read(row)?;
    Ok((row.text("token_hash")?, row.at("expires_at")?, version, staff))
}

/// A session with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionFound {
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub staff: Staff,
    /// They have set an authenticator up.
    pub has_authenticator: bool,
    /// They have a passkey.
    pub has_passkey: bool,
}

fn found(row: &Row) -> Result<SessionFound, ReadError> {
    let (_, staff) = staff::read(row)?;
    let session = Session {
        id: row.id("id")?,
        token_hash: row.text("token_hash")?,
        staff: staff.id,
        expires_at: row.at("expires_at")?,
        shown: row.word("shown")?,
        shown_at: row.at("shown_at")?,
    };
    let has_authenticator = row.text_or_null("seed")?.is_some();
    let has_passkey = row.text_or_null("passkeys")?.is_some_and(|list| list != NO_PASSKEYS);
    Ok(SessionFound { session, staff, has_authenticator, has_passkey })
}

impl Store {
    /// The session with this token hash and whose it is, or none. It is returned until it is ended, even when it has run out:
    /// compare `expires_at` with the clock.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn session(&self, token_hash: &str) -> Result<Option<SessionFound>, ReadError> {
        self.rows(SESSION, vec![token_hash.into()]).await?.first().map(found).transpose()
    }

    /// The unused log-in link with this token hash, with the member of staff it is for at the version a change is ruled on; none
    /// when it was used or never existed. Compare `expires_at` with the clock.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn login_link(&self, token_hash: &str) -> Result<Option<(LoginLink, Version, Staff)>, ReadError> {
        let rows = self.rows(LINK, vec![token_hash.into()]).await?;
        let Some((token_hash, expires_at, version, staff)) = rows.first().map(with_staff).transpose()? else { return Ok(None) };
        Ok(Some((LoginLink { token_hash, staff: staff.id, expires_at }, version, staff)))
    }
}
