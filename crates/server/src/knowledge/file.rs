//! Articles as files: `<slug>/<language>.md`, a head in TOML between two lines of `+++`, then the text.

use rust_embed::Embed;
use serde::Deserialize as _;
use std::path::Path;
use walletline_core::kernel::language::Language;
use walletline_core::knowledge::Draft;

#[derive(Embed)]
#[folder = "../../articles"]
struct Shipped;

/// A file that was read.
pub(crate) struct Text {
    pub(crate) slug: String,
    pub(crate) language: Language,
    /// The wallets it holds for; none: all of them.
    pub(crate) wallets: Option<Vec<String>>,
    pub(crate) draft: Draft,
}

/// A file that is no article.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadText {
    /// It cannot be read.
    #[error("{path}: {error}")]
    Unreadable {
        /// Which file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// Its head is missing.
    #[error("{0}: begins with no head: write its keys in TOML between two lines of +++")]
    Headless(String),
    /// Its head is no head.
    #[error("{path}: {what}")]
    Head {
        /// Which file.
        path: String,
        /// What is wrong with it.
        what: String,
    },
    /// There is no article.
    #[error("{0}: holds no article: they are looked for as <slug>/<language>.md")]
    Empty(String),
}

/// The articles inside the program.
pub(crate) fn shipped() -> Result<Vec<Text>, BadText> {
    let mut texts = Vec::new();
    for path in Shipped::iter() {
        let Some((slug, language)) = named(&path) else { continue };
        let Some(file) = Shipped::get(&path) else { continue };
        texts.push(read(&path, slug, language, &String::from_utf8_lossy(&file.data))?);
    }
    Ok(texts)
}

/// The articles of a folder.
pub(crate) fn read_folder(folder: &Path) -> Result<Vec<Text>, BadText> {
    let unreadable = |path: &Path, error| BadText::Unreadable { path: path.display().to_string(), error };
    let mut texts = Vec::new();
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(folder, error))?;
        let slug = entry.file_name().to_string_lossy().into_owned();
        for language in Language::ALL {
            let path = entry.path().join(format!("{}.md", language.tag()));
            if !path.is_file() {
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            texts.push(read(&path.display().to_string(), slug.clone(), language, &text)?);
        }
    }
    if texts.is_empty() {
        return Err(BadText::Empty(folder.display().to_string()));
    }
    Ok(texts)
}

/// What a path says of an article.
fn named(path: &str) -> Option<(String, Language)> {
    let (slug, file) = path.split_once('/')?;
    Some((slug.to_owned(), Language::from_tag(file.strip_suffix(".md")?)?))
}

fn read(path: &str, slug: String, language: Language, text: &str) -> Result<Text, BadText> {
    let text = text.replace("\r\n", "\n");
    let rest = text.strip_prefix("+++\n").ok_or_else(|| BadText::Headless(path.to_owned()))?;
    let (head, body) = rest.split_once("\n+++\n").ok_or_else(|| BadText::Headless(path.to_owned()))?;
    let wrong = |error: toml::de::Error| BadText::Head { path: path.to_owned(), what: error.message().to_owned() };
    let mut table: toml::Table = toml::from_str(head).map_err(wrong)?;
    let wallets = table.remove("wallets").map(Vec::<String>::deserialize).transpose().map_err(wrong)?;
    table.insert("body".to_owned(), body.trim().into());
    Ok(Text { slug, language, wallets, draft: Draft::deserialize(table).map_err(wrong)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "title = \"t\"\nsummary = \"s\"\nservice = \"account\"\nowner = \"o\"\nreviewed = \"2026-11-27\"\n\
                        review_by = \"2027-05-27\"\n";

    #[test]
    fn a_file_is_a_head_and_a_text() {
        let text = read("a/en.md", "a".to_owned(), Language::En, &format!("+++\n{HEAD}wallets = [\"w\"]\n+++\nText.\n")).unwrap();
        assert_eq!((text.draft.body.as_str(), text.wallets), ("Text.", Some(vec!["w".to_owned()])));
        for (file, says) in [
            ("Text.", "begins with no head"),
            ("+++\ntitle = 1\n+++\n", "invalid type"),
            (&format!("+++\n{HEAD}titel = \"t\"\n+++\n"), "unknown field"),
        ] {
            let error = read("a/en.md", "a".to_owned(), Language::En, file).err().unwrap().to_string();
            assert!(error.starts_with("a/en.md: ") && error.contains(says), "{error}");
        }
    }

    #[test]
    fn every_shipped_article_stands_in_both_languages() {
        let texts = shipped().unwrap();
        assert!(!texts.is_empty());
        for text in &texts {
            let twin = texts.iter().find(|other| other.slug == text.slug && other.language != text.language);
            let twin = twin.unwrap_or_else(|| panic!("{} has one language", text.slug));
            assert_eq!(twin.draft.service, text.draft.service, "{}", text.slug);
            assert_eq!(twin.draft.key, text.draft.key, "{}", text.slug);
        }
    }
}
