//! The migrations, compiled in. They are listed here by hand: sqlx's `migrate!` would compile sqlx and SQLite a second time, for the
//! compiler itself, which is minutes of a first build. A test holds the list against the folders.

use sqlx::SqlStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Of one database, in order: version, name, SQL.
type Scripts = [(i64, &'static str, &'static str)];

macro_rules! scripts {
    ($folder:literal: $($version:literal $name:literal),+ $(,)?) => {
        &[$(($version, $name, include_str!(concat!("../migrations/", $folder, "/", $name, ".sql")))),+]
    };
}

const SQLITE: &Scripts = scripts!("sqlite":
    1 "0001_call", 2 "0002_help", 3 "0003_audit", 4 "0004_record", 5 "0005_callback", 6 "0006_directory", 7 "0007_knowledge", 8 "0008_pass",
    9 "0009_recording", 10 "0010_keep", 11 "0011_commit_mark", 12 "0012_delivery", 13 "0013_staff", 14 "0014_refund",
    15 "0015_second_factor", 16 "0016_look_up", 17 "0017_refund_found", 19 "0019_clock", 20 "0020_credit", 22 "0022_statement", 23 "0023_upload",
    25 "0025_callback_phrase", 26 "0026_passkey");
const POSTGRES: &Scripts = scripts!("postgres":
    1 "0001_call", 2 "0002_help", 3 "0003_audit", 4 "0004_record", 5 "0005_callback", 6 "0006_directory", 7 "0007_knowledge", 8 "0008_pass",
    9 "0009_recording", 10 "0010_keep", 11 "0011_commit_mark", 12 "0012_delivery", 13 "0013_staff", 14 "0014_refund",
    15 "0015_second_factor", 16 "0016_look_up", 17 "0017_refund_found", 19 "0019_clock", 20 "0020_credit", 22 "0022_statement", 23 "0023_upload",
    25 "0025_callback_phrase", 26 "0026_passkey");

pub(crate) fn sqlite() -> Migrator {
    migrator(SQLITE)
}

pub(crate) fn postgres() -> Migrator {
    migrator(POSTGRES)
}

fn migrator(scripts: &Scripts) -> Migrator {
    let migration = |&(version, name, sql): &(i64, &'static str, &'static str)| {
        let description = name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
        Migration::new(version, description.into(), MigrationType::Simple, SqlStr::from_static(sql), false)
    };
    Migrator::with_migrations(scripts.iter().map(migration).collect())
}

#[cfg(test)]
mod tests {
    use super::{POSTGRES, SQLITE};
    use std::path::Path;

    #[test]
    fn every_file_is_listed_under_its_own_number() {
        for (folder, scripts) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
            let mut files: Vec<String> =
                path.read_dir().unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
            files.sort();
            let listed: Vec<String> = scripts.iter().map(|(_, name, _)| format!("{name}.sql")).collect();
            assert_eq!(listed, files, "migrations/{folder} and the list differ");
            for (version, name, _) in scripts {
                assert!(name.starts_with(&format!("{version:04}_")), "{name} is listed as {version}");
            }
        }
    }
}
