//! What was written in forms that became cases, as rows: found by the case, or by the form. What was told is sealed like what waits in the
//! outbox.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, to_json};
use crate::error::ReadError;
use crate::store::Store;
use crate::vault::{SealError, Vault};
use walletline_core::cases::Statement;
use walletline_core::kernel::ids::CaseId;

const INSERT: &str =
    "INSERT INTO statement (case_id, form, told, sent_at, expires_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";

const OF_CASE: &str = "SELECT case_id, form, told, sent_at, expires_at FROM statement WHERE case_id = $1";

const CASE_OF: &str = "SELECT case_id FROM statement WHERE form = $1";

/// Writes a statement. The same form sent twice is a conflict.
pub(crate) async fn write(conn: &mut Conn<'_>, vault: &Vault, statement: &Statement) -> Result<(), Failure> {
    let Statement { case, form, told, sent_at, expires_at } = statement;
    let sealed =
        vault.seal(&case.to_string(), to_json(told)?.as_bytes()).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let values = vec![(*case).into(), form.as_str().into(), sealed.into(), (*sent_at).into(), (*expires_at).into()];
    expect_one(conn.execute(INSERT, values).await?, "statement", case, 0)
}

impl Store {
    /// What was written in the form that became this case; none when it came about in another way.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn statement(&self, case: CaseId) -> Result<Option<Statement>, ReadError> {
        let rows = self.rows(OF_CASE, vec![case.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let corrupt = || ReadError::Corrupt("column told".to_owned());
        let plain = self.vault().open(&case.to_string(), &row.text("told")?).map_err(|error| match error {
            SealError::NoKey => ReadError::Unavailable(error.to_string()),
            SealError::NotSealed | SealError::NotOpened => corrupt(),
        })?;
        let told = serde_json::from_slice(&plain).map_err(|_| corrupt())?;
        let (form, sent_at, expires_at) = (row.text("form")?, row.at("sent_at")?, row.at("expires_at")?);
        Ok(Some(Statement { case, form, told, sent_at, expires_at }))
    }

    /// The case that a form became, by the form's hash; none when it was never sent.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn case_of_form(&self, form: &str) -> Result<Option<CaseId>, ReadError> {
        self.rows(CASE_OF, vec![form.into()]).await?.first().map(|row| row.id("case_id")).transpose()
    }
}
