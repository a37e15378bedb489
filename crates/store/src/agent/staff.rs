//! Members of staff as rows. Credentials stand in columns of their own, never in the JSON.

use crate::commit::{Failure, expect_one};
use crate::database::{Conn, Row, to_json};
use crate::error::ReadError;
use crate::store::Store;
use serde::{Deserialize, Serialize};
use walletline_core::agent::{Secret, Staff};
use walletline_core::commit::Version;
use walletline_core::kernel::{actor::Role, language::Language};

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
struct Details {
    role: Role,
    languages: Vec<Language>,
    skills: Vec<String>,
}

const INSERT: &str = "INSERT INTO staff (id, version, user_name, number, password_hash, sip_ha1, details, teams) \
    VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE staff SET version = version + 1, user_name = $3, number = $4, password_hash = $5, sip_ha1 = $6, \
    details = $7, teams = $8 WHERE id = $1 AND version = $2";

const LEAVE_TEAMS: &str = "DELETE FROM staff_team WHERE staff = $1";

const JOIN_TEAM: &str = "INSERT INTO staff_team (staff, team) VALUES ($1, $2)";

const ALL: &str =
    "SELECT id AS staff_id, version, user_name, number, password_hash, sip_ha1, details, teams FROM staff ORDER BY id";

const BY_USER: &str =
    "SELECT id AS staff_id, version, user_name, number, password_hash, sip_ha1, details, teams FROM staff WHERE user_name = $1";

/// Writes a member of staff that was ruled on at `version`. A user name or number that another has is a conflict.
pub(crate) async fn write(conn: &mut Conn<'_>, version: Version, staff: &Staff) -> Result<(), Failure> {
    let Staff { id, user, number, role, languages, skills, teams, password_hash, sip_ha1 } = staff;
    let details = Details { role: *role, languages: languages.clone(), skills: skills.clone() };
    let values = vec![
        (*id).into(),
        version.into(),
        user.as_str().into(),
        number.as_str().into(),
        password_hash.as_ref().map(Secret::expose).into(),
        sip_ha1.as_ref().map(Secret::expose).into(),
        to_json(&details)?.into(),
        to_json(teams)?.into(),
    ];
    let touched = conn.execute(if version == 0 { INSERT } else { UPDATE }, values).await?;
    expect_one(touched, "staff", id, version)?;
    conn.execute(LEAVE_TEAMS, vec![(*id).into()]).await?;
    for team in teams.named().into_iter().flatten() {
        conn.execute(JOIN_TEAM, vec![(*id).into(), team.as_str().into()]).await?;
    }
    Ok(())
}

/// Reads a member of staff from a row with all its columns, `id` named `staff_id`.
pub(crate) fn read(row: &Row) -> Result<(Version, Staff), ReadError> {
    let Details { role, languages, skills } = row.json("details")?;
    let staff = Staff {
        id: row.id("staff_id")?,
        user: row.text("user_name")?,
        number: row.text("number")?,
        role,
        languages,
        skills,
        teams: row.json("teams")?,
        password_hash: row.text_or_null("password_hash")?.map(Secret::new),
        sip_ha1: row.text_or_null("sip_ha1")?.map(Secret::new),
    };
    Ok((row.int("version")?, staff))
}

impl Store {
    /// All staff in the order they were added, each with the version the next change is ruled on.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn staff(&self) -> Result<Vec<(Version, Staff)>, ReadError> {
        self.rows(ALL, vec![]).await?.iter().map(read).collect()
    }

    /// The member of staff with this user name, or none.
    ///
    /// # Errors
    /// When the database does not answer in time, or a row cannot be read.
    pub async fn staff_by_user(&self, user: &str) -> Result<Option<(Version, Staff)>, ReadError> {
        self.rows(BY_USER, vec![user.into()]).await?.first().map(read).transpose()
    }
}
