//! Decisions on refunds as rows that are only ever added. Two who decide at once want the same number, and one of them gets it.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_word};
use crate::error::ReadError;
use crate::store::Store;
use crate::vault::{SealError, Vault};
use walletline_core::kernel::ids::RefundId;
use walletline_core::money::Approval;

const INSERT: &str = "INSERT INTO refund_approval (refund, number, verdict, by_staff, reason, at) VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT DO NOTHING";

const OF_REFUND: &str = "SELECT refund, number, verdict, by_staff, reason, at FROM refund_approval WHERE refund = $1 \
    ORDER BY number LIMIT $2";

/// What a reason is sealed under: no two lines share a seal.
fn seal_name(refund: &str, number: i64) -> String {
    format!("{refund}.{number}")
}

/// Adds a line, its reason sealed.
pub(crate) async fn add(conn: &mut Conn<'_>, vault: &Vault, line: &Approval) -> Result<(), Failure> {
    let Approval { refund, number, verdict, by, reason, at } = line;
    let name = seal_name(&refund.to_string(), *number);
    let seal = |reason: &String| vault.seal(&name, reason.as_bytes());
    let reason = reason.as_ref().map(seal).transpose().map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let by = by.map(|staff| staff.to_string());
    let values = vec![
        (*refund).into(),
        (*number).into(),
        to_word(verdict)?.into(),
        by.as_deref().into(),
        reason.as_deref().into(),
        (*at).into(),
    ];
    let touched = conn.execute(INSERT, values).await?;
    expect_one(touched, "refund_approval", refund, 0)
}

fn read(row: &Row, vault: &Vault) -> Result<Approval, ReadError> {
    let corrupt = || ReadError::Corrupt("column reason".to_owned());
    let (refund, number): (RefundId, i64) = (row.id("refund")?, row.int("number")?);
    let open = |sealed: String| {
        let plain = vault.open(&seal_name(&refund.to_string(), number), &sealed).map_err(|error| match error {
            SealError::NoKey => ReadError::Unavailable(error.to_string()),
            SealError::NotSealed | SealError::NotOpened => corrupt(),
        })?;
        String::from_utf8(plain.to_vec()).map_err(|_| corrupt())
    };
    Ok(Approval {
        refund,
        number,
        verdict: row.word("verdict")?,
        by: row.id_or_null("by_staff")?,
        reason: row.text_or_null("reason")?.map(open).transpose()?,
        at: row.at("at")?,
    })
}

impl Store {
    /// The decisions on a refund, oldest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, no key was set with [`Store::seal_with`], or a row cannot be read.
    pub async fn approvals(&self, refund: RefundId) -> Result<Vec<Approval>, ReadError> {
        let rows = self.rows(OF_REFUND, vec![refund.into(), PAGE_MAX.into()]).await?;
        rows.iter().map(|row| read(row, self.vault())).collect()
    }
}
