//! Certificates of staff as rows, at most one of each kind and person. Whether one counts is for whoever has a clock.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_word};
use crate::error::ReadError;
use crate::store::Store;
use walletline_core::agent::{Certificate, CertificateKind, Certificates};
use walletline_core::commit::Version;
use walletline_core::kernel::ids::StaffId;

const INSERT: &str = "INSERT INTO certificate (staff, kind, version, score, issued_at, expires_at, revoked_at) \
    VALUES ($1, $2, $3 + 1, $4, $5, $6, $7) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE certificate SET version = version + 1, score = $4, issued_at = $5, expires_at = $6, revoked_at = $7 \
    WHERE staff = $1 AND kind = $2 AND version = $3";

const OF: &str =
    "SELECT staff, kind, version, score, issued_at, expires_at, revoked_at FROM certificate WHERE staff = $1 ORDER BY kind";

const ALL: &str = "SELECT staff, kind, version, score, issued_at, expires_at, revoked_at FROM certificate ORDER BY staff, kind";

const ONE: &str = "SELECT staff, kind, version, score, issued_at, expires_at, revoked_at FROM certificate \
    WHERE staff = $1 AND kind = $2";

/// Writes a certificate that was ruled on at `version`.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, certificate: &Certificate) -> Result<(), Failure> {
    let Certificate { staff, kind, score, issued_at, expires_at, revoked_at } = certificate;
    let values = vec![
        (*staff).into(),
        to_word(kind)?.into(),
        version.into(),
        i64::from(*score).into(),
        (*issued_at).into(),
        (*expires_at).into(),
        (*revoked_at).into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "certificate of", staff, version)
}

fn read(row: &Row) -> Result<(Version, Certificate), ReadError> {
    let certificate = Certificate {
        staff: row.id("staff")?,
        kind: row.word("kind")?,
        score: u8::try_from(row.int("score")?).unwrap_or(0),
        issued_at: row.at("issued_at")?,
        expires_at: row.at("expires_at")?,
        revoked_at: row.at_or_null("revoked_at")?,
    };
    Ok((row.int("version")?, certificate))
}

impl Store {
    /// What this person was examined in, as a ruling is told of it.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn certificates_of(&self, staff: StaffId) -> Result<Certificates, ReadError> {
        let rows = self.rows(OF, vec![staff.into()]).await?;
        rows.iter().map(|row| read(row).map(|(_, held)| held)).collect::<Result<_, _>>().map(Certificates::new)
    }

    /// Everybody's certificates, person by person.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn certificates(&self) -> Result<Vec<Certificate>, ReadError> {
        self.rows(ALL, vec![]).await?.iter().map(|row| read(row).map(|(_, held)| held)).collect()
    }

    /// One certificate with the version its next change is ruled on; none where there never was one of this kind.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn certificate(&self, staff: StaffId, kind: CertificateKind) -> Result<Option<(Version, Certificate)>, ReadError> {
        self.rows(ONE, vec![staff.into(), kind.name().into()]).await?.first().map(read).transpose()
    }
}
