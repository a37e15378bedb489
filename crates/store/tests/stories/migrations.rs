//! The migrations of both engines say the same: only the words for types and numbering differ.

use std::collections::BTreeMap;

/// The migrations of an engine by file name.
fn migrations(engine: &str) -> BTreeMap<String, String> {
    let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    files.map(|file| (file.file_name().into_string().unwrap(), std::fs::read_to_string(file.path()).unwrap())).collect()
}

/// The statements of a migration without its comments, in words that both engines share.
fn meaning(sql: &str) -> Vec<String> {
    let code: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap_or(line)).collect();
    let one_line = code.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    let shared = one_line
        .replace("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "NUMBERED")
        .replace("INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "NUMBERED")
        .replace("TEXT COLLATE \"C\"", "TEXT")
        .replace("BIGINT", "INTEGER")
        .replace(" STRICT;", ";");
    shared.split(';').map(|statement| statement.trim().to_owned()).collect()
}

#[test]
fn migrations_come_in_pairs_that_say_the_same() {
    let (sqlite, postgres) = (migrations("sqlite"), migrations("postgres"));
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    for (name, sql) in &sqlite {
        let (tables, strict) = (sql.matches("CREATE TABLE").count(), sql.matches(") STRICT;").count());
        assert!(tables == strict && !postgres[name].contains("INTEGER"), "{name}: types are held to on both engines");
        assert_eq!(meaning(sql), meaning(&postgres[name]), "{name}");
    }
}
