//! Listings and their history. A wallet has one listing of an address; a second one is a conflict.

use crate::PAGE_MAX;
use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::commit::Version;
use walletline_core::directory::{Address, Listed, Listing, ListingLine};
use walletline_core::kernel::ids::ListingId;

const INSERT: &str = "INSERT INTO listing (id, version, wallet, address, published, proposed, changed_at, details) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE listing SET version = version + 1, wallet = $3, address = $4, published = $5, proposed = $6, \
    changed_at = $7, details = $8 WHERE id = $1 AND version = $2";

/// A query of listings: `$which` chooses and orders them.
macro_rules! listings_sql {
    ($which:literal) => {
        concat!("SELECT version, details FROM listing ", $which)
    };
}

const ONE: &str = listings_sql!("WHERE id = $1");
const OF_ADDRESS: &str = listings_sql!("WHERE wallet = $1 AND address = $2");
const ALL: &str = listings_sql!("ORDER BY id LIMIT $1");
const PUBLISHED: &str = listings_sql!("WHERE published = 1 ORDER BY id LIMIT $1");
const COUNT_PUBLISHED_ADDRESS: &str = "SELECT COUNT(*) AS listings FROM listing WHERE address = $1 AND published = 1";

const ADD_LINE: &str = "INSERT INTO listing_line (listing, at, details) VALUES ($1, $2, $3)";
const LINES: &str = "SELECT details FROM listing_line WHERE listing = $1 ORDER BY seq DESC LIMIT $2";

/// Writes a listing that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, listing: &Listing) -> Result<(), Failure> {
    let values = vec![
        listing.id.into(),
        version.into(),
        listing.wallet.as_str().into(),
        listing.address.key().into(),
        i64::from(listing.published.is_some()).into(),
        i64::from(listing.proposal.is_some()).into(),
        listing.changed_at.into(),
        to_json(listing)?.into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "listing", &listing.id, version)
}

/// Adds a line to a listing's history.
pub(crate) async fn add_line(conn: &mut Conn<'_>, line: &ListingLine) -> Result<(), Failure> {
    conn.execute(ADD_LINE, vec![line.listing.into(), line.at.into(), to_json(line)?.into()]).await?;
    Ok(())
}

fn read(row: &Row) -> Result<(Version, Listing), ReadError> {
    Ok((row.int("version")?, row.json("details")?))
}

impl Store {
    /// A listing, with the version the next change to it is ruled on; none when there is no such.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn listing(&self, listing: ListingId) -> Result<Option<(Version, Listing)>, ReadError> {
        self.rows(ONE, vec![listing.into()]).await?.first().map(read).transpose()
    }

    /// The listing of an address of a wallet, with the version the next change to it is ruled on; none when it was never proposed.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn listing_of(&self, wallet: &str, address: &Address) -> Result<Option<(Version, Listing)>, ReadError> {
        self.rows(OF_ADDRESS, vec![wallet.into(), address.key().into()]).await?.first().map(read).transpose()
    }

    /// Every listing, oldest first, each with the version the next change to it is ruled on. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn listings(&self) -> Result<Vec<(Version, Listing)>, ReadError> {
        self.rows(ALL, vec![PAGE_MAX.into()]).await?.iter().map(read).collect()
    }

    /// What is to be published, in the order it was first proposed. At most [`PAGE_MAX`].
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn listed(&self) -> Result<Vec<Listed>, ReadError> {
        let rows = self.rows(PUBLISHED, vec![PAGE_MAX.into()]).await?;
        let listings: Vec<(Version, Listing)> = rows.iter().map(read).collect::<Result<_, _>>()?;
        let listed = listings.into_iter().filter_map(|(_, Listing { wallet, published, .. })| Some((wallet, published?)));
        Ok(listed.map(|(wallet, entry)| Listed { wallet, entry }).collect())
    }

    /// Whether any wallet publishes this address.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn is_listed(&self, address: &Address) -> Result<bool, ReadError> {
        let rows = self.rows(COUNT_PUBLISHED_ADDRESS, vec![address.key().into()]).await?;
        Ok(rows.first().map(|row| row.int("listings")).transpose()?.unwrap_or(0) > 0)
    }

    /// A listing's history, newest first. At most [`PAGE_MAX`] lines.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn listing_lines(&self, listing: ListingId, limit: u32) -> Result<Vec<ListingLine>, ReadError> {
        let rows = self.rows(LINES, vec![listing.into(), limit.min(PAGE_MAX).into()]).await?;
        rows.iter().map(|row| row.json("details")).collect()
    }
}
