//! Versions of articles as rows. A version is written once and never changed.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::kernel::language::Language;
use walletline_core::knowledge::{Article, Name};

const INSERT: &str = "INSERT INTO article (wallet, language, slug, version, published_at, details) \
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";

const CURRENT: &str = "SELECT wallet, language, slug, version, published_at, details FROM article AS a \
    WHERE wallet = $1 AND language = $2 AND version = \
    (SELECT MAX(version) FROM article AS b WHERE b.wallet = a.wallet AND b.language = a.language AND b.slug = a.slug) \
    ORDER BY slug LIMIT $3";

const NEWEST: &str = "SELECT CAST(COUNT(*) AS BIGINT) AS versions FROM article";

/// Writes the next version of an article. One that is there already is a conflict.
pub(crate) async fn write(conn: &mut Conn<'_>, article: &Article) -> Result<(), Failure> {
    let Article { name, version, published_at, text } = article;
    let values = vec![
        name.wallet.as_str().into(),
        name.language.tag().into(),
        name.slug.as_str().into(),
        (*version).into(),
        (*published_at).into(),
        to_json(text)?.into(),
    ];
    let touched = conn.execute(INSERT, values).await?;
    expect_one(touched, "article", name, i64::from(*version) - 1)
}

fn read(row: &Row) -> Result<Article, ReadError> {
    let corrupt = |column: &str| ReadError::Corrupt(format!("column {column}"));
    let language = Language::from_tag(&row.text("language")?).ok_or_else(|| corrupt("language"))?;
    Ok(Article {
        name: Name { wallet: row.text("wallet")?, language, slug: row.text("slug")? },
        version: u32::try_from(row.int("version")?).map_err(|_| corrupt("version"))?,
        published_at: row.at("published_at")?,
        text: row.json("details")?,
    })
}

impl Store {
    /// The newest version of each article of a wallet in a language, those that were taken down included. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn articles(&self, wallet: &str, language: Language) -> Result<Vec<Article>, ReadError> {
        self.rows(CURRENT, vec![wallet.into(), language.tag().into(), PAGE_MAX.into()]).await?.iter().map(read).collect()
    }

    /// How many versions of articles there are: another number means that something was published.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn article_versions(&self) -> Result<i64, ReadError> {
        self.rows(NEWEST, Vec::new()).await?.first().map_or(Ok(0), |row| row.int("versions"))
    }
}
