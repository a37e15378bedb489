//! The heads of the tree. A head and the leaves of the entries it newly covers are one transaction: whoever sees a leaf sees the
//! head over it.

use crate::PAGE_MAX;
use crate::commit::Failure;
use crate::database::{Conn, Row};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::audit::{Hash, Head, SealedHead, Signature};
use walletline_core::kernel::hex;

/// What the hasher adds to the log at once: the entries it took, in the order of their leaves, and the head over all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Numbers of the entries that are hashed now; the last one becomes the last leaf of the head.
    pub entries: Vec<i64>,
    /// The head.
    pub head: SealedHead,
}

const INSERT: &str = "INSERT INTO audit_head (size, root, at, peaks, public_key, signature) VALUES ($1, $2, $3, $4, $5, $6)";

/// Gives the entries from one number to another their leaves, `$1` above their numbers.
const NUMBER: &str = "UPDATE audit SET leaf = seq + $1 WHERE seq >= $2 AND seq <= $3 AND leaf IS NULL";

/// A query of heads.
macro_rules! heads_sql {
    ($which:literal) => {
        concat!("SELECT size, root, at, peaks, public_key, signature FROM audit_head ", $which)
    };
}

const AFTER: &str = heads_sql!("WHERE size > $1 ORDER BY size LIMIT $2");
const LAST: &str = heads_sql!("ORDER BY size DESC LIMIT 1");

/// Hexadecimal digits of one hash.
const HASH_DIGITS: usize = 64;

/// Writes a head and gives its new entries their leaves. A conflict when an entry has its leaf already or is not there, and when
/// the leaf or the head is: somebody else hashed meanwhile.
pub(crate) async fn write(conn: &mut Conn<'_>, seal: &Seal) -> Result<(), Failure> {
    let Seal { entries, head: SealedHead { head, peaks, signature } } = seal;
    let conflict = || Failure::Conflict(format!("the audit log at {} entries: others hashed it meanwhile", head.size));
    let size = i64::try_from(head.size).map_err(|_| conflict())?;
    let added = i64::try_from(entries.len()).map_err(|_| conflict())?;
    let mut leaf = size - added;
    for run in entries.chunk_by(|one, next| one + 1 == *next) {
        let [first, last] = [run[0], run[run.len() - 1]];
        let touched = conn.execute(NUMBER, vec![(leaf - first).into(), first.into(), last.into()]).await?;
        if touched != run.len() as u64 {
            return Err(conflict());
        }
        leaf += last - first + 1;
    }
    let values = vec![
        size.into(),
        head.root.to_string().into(),
        head.at.into(),
        peaks.iter().map(Hash::to_string).collect::<String>().into(),
        signature.map(|signature| hex::encode(&signature.key)).as_deref().into(),
        signature.map(|signature| hex::encode(&signature.bytes)).as_deref().into(),
    ];
    conn.execute(INSERT, values).await?;
    Ok(())
}

fn read(row: &Row) -> Result<SealedHead, ReadError> {
    let unreadable = |column: &str| ReadError::Corrupt(format!("column {column} of an audit head"));
    let size = u64::try_from(row.int("size")?).map_err(|_| unreadable("size"))?;
    let unreadable = |column: &str| ReadError::Corrupt(format!("column {column} of the audit head at {size} entries"));
    let hash = |text: &str, column: &str| text.parse::<Hash>().map_err(|_| unreadable(column));
    let root = hash(&row.text("root")?, "root")?;
    let peaks = row.text("peaks")?;
    let peaks = peaks.as_bytes().chunks(HASH_DIGITS).map(|digits| hash(&String::from_utf8_lossy(digits), "peaks"));
    let signature = match (row.text_or_null("public_key")?, row.text_or_null("signature")?) {
        (None, None) => None,
        (key, bytes) => Some(Signature {
            key: key.as_deref().and_then(hex::decode).ok_or_else(|| unreadable("public_key"))?,
            bytes: bytes.as_deref().and_then(hex::decode).ok_or_else(|| unreadable("signature"))?,
        }),
    };
    Ok(SealedHead { head: Head { size, root, at: row.at("at")? }, peaks: peaks.collect::<Result<_, _>>()?, signature })
}

impl Store {
    /// The heads that were made when the log had more than `after_size` entries, smallest first. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read; the error names the head.
    pub async fn audit_heads(&self, after_size: u64, limit: u32) -> Result<Vec<SealedHead>, ReadError> {
        let after = i64::try_from(after_size).unwrap_or(i64::MAX);
        self.rows(AFTER, vec![after.into(), limit.min(PAGE_MAX).into()]).await?.iter().map(read).collect()
    }

    /// The newest head; none before the first.
    ///
    /// # Errors
    /// When the database does not answer in time, or the row cannot be read.
    pub async fn audit_last_head(&self) -> Result<Option<SealedHead>, ReadError> {
        self.rows(LAST, vec![]).await?.first().map(read).transpose()
    }
}
