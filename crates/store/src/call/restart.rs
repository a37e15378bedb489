//! What a restart finds: contacts that were open when the program died. They are closed by a fixed number of statements, however
//! many there are.

use crate::commit::Failure;
use crate::database::{Conn, to_json, to_word};
use walletline_core::call::{Disposition, Fact};
use walletline_core::kernel::time::Wall;

const ADD_LINES: &str = "INSERT INTO timeline (contact, seq, at, fact) \
    SELECT c.id, (SELECT COALESCE(MAX(t.seq) + 1, 0) FROM timeline t WHERE t.contact = c.id), $1, $2 \
    FROM contact c WHERE c.ended_at IS NULL";

// No leg lives on in a program that just started, whether its contact had ended or not. Its dialog stays until it is closed.
const END_LEGS: &str = "UPDATE leg SET version = version + 1, ended_at = $1, cause = $2 WHERE ended_at IS NULL";

const END_CONTACTS: &str = "UPDATE contact SET version = version + 1, ended_at = $1, disposition = $2 WHERE ended_at IS NULL";

/// Closes every open contact with its last timeline line, and every open leg.
pub(crate) async fn close_open_contacts(conn: &mut Conn<'_>, disposition: Disposition, at: Wall) -> Result<(), Failure> {
    let ended = Fact::Ended { by: "system".to_owned(), disposition: Some(disposition) };
    let word = to_word(&disposition)?;
    conn.execute(ADD_LINES, vec![at.into(), to_json(&ended)?.into()]).await?;
    conn.execute(END_LEGS, vec![at.into(), word.as_str().into()]).await?;
    conn.execute(END_CONTACTS, vec![at.into(), word.into()]).await?;
    Ok(())
}
