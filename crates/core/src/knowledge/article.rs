//! One article in one language of one wallet, and the rulings by which a new version of it is published or it is taken down.

use crate::commit::{Change, Commit, Entry};
use crate::kernel::{actor::Actor, language::Language, time::Wall};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What an article is about, as the menu of the hotline is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the services' own names")]
pub enum Topic {
    Account,
    Transactions,
    Security,
    Refunds,
    Features,
}

impl Topic {
    /// Every topic, in the order of the hotline's keys.
    pub const ALL: [Self; 5] = [Self::Account, Self::Transactions, Self::Security, Self::Refunds, Self::Features];
}

/// What an article is known by: it never changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Name {
    /// The wallet.
    pub wallet: String,
    /// The language.
    pub language: Language,
    /// As it stands in the address of its page: small letters, digits, hyphens.
    pub slug: String,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.wallet, self.language.tag(), self.slug)
    }
}

/// What somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The question or the matter.
    pub title: String,
    /// The answer in one sentence.
    pub summary: String,
    /// What it is about.
    pub service: Topic,
    /// The role that answers for it.
    pub owner: String,
    /// When somebody last checked that it is true.
    pub reviewed: Date,
    /// By when somebody must check again.
    pub review_by: Date,
    /// Words people use that the text does not contain.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Slugs of articles to read next.
    #[serde(default)]
    pub related: Vec<String>,
    /// The keys of the hotline that lead there, such as `1-3`.
    #[serde(default)]
    pub key: Option<String>,
    /// The text, as CommonMark.
    #[serde(default)]
    pub body: String,
}

/// A version of an article. Older ones are kept as they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// What it is known by.
    pub name: Name,
    /// Counts from 1.
    pub version: u32,
    /// When this version was published.
    pub published_at: Wall,
    /// What it says; none when the article was taken down by this version.
    pub text: Option<Draft>,
}

/// Why a text is not published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArticleRefusal {
    /// The slug stands in an address.
    #[error("`{0}` is no name for an article: use up to {SLUG_CHARS_MAX} small letters, digits and hyphens")]
    Slug(String),
    /// Something is missing.
    #[error("`{0}` is empty: write it")]
    Empty(&'static str),
    /// Something is too long to be read.
    #[error("`{what}` has {chars} characters: write at most {chars_max}")]
    TooLong {
        /// Which part.
        what: &'static str,
        /// Its length.
        chars: usize,
        /// What it may have.
        chars_max: usize,
    },
    /// The review is due before it was done.
    #[error("`review_by` is not after `reviewed`: write a later day")]
    Review,
    /// An article that nobody checks becomes wrong.
    #[error("`review_by` is more than {REVIEW_DAYS_MAX} days after `reviewed`: write an earlier day")]
    ReviewTooFar,
    /// Too many words to look for, or articles to read next.
    #[error("`{0}` holds more than {LIST_MAX} entries: leave some out")]
    TooMany(&'static str),
}

const SLUG_CHARS_MAX: usize = 64;
const TITLE_CHARS_MAX: usize = 120;
const SUMMARY_CHARS_MAX: usize = 160;
/// About ten pages: longer ones are two articles.
const BODY_CHARS_MAX: usize = 20_000;
const LIST_MAX: usize = 100;
/// What is true of a payment system changes within a year.
const REVIEW_DAYS_MAX: i32 = 366;

impl Draft {
    fn check(&self, slug: &str) -> Result<(), ArticleRefusal> {
        let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if slug.is_empty() || slug.len() > SLUG_CHARS_MAX || !slug.bytes().all(good) {
            return Err(ArticleRefusal::Slug(slug.to_owned()));
        }
        for (what, text, chars_max) in [
            ("title", &self.title, TITLE_CHARS_MAX),
            ("summary", &self.summary, SUMMARY_CHARS_MAX),
            ("owner", &self.owner, SLUG_CHARS_MAX),
            ("body", &self.body, BODY_CHARS_MAX),
        ] {
            let chars = text.chars().count();
            if text.trim().is_empty() {
                return Err(ArticleRefusal::Empty(what));
            }
            if chars > chars_max {
                return Err(ArticleRefusal::TooLong { what, chars, chars_max });
            }
        }
        for (what, list) in [("keywords", &self.keywords), ("related", &self.related)] {
            if list.len() > LIST_MAX {
                return Err(ArticleRefusal::TooMany(what));
            }
        }
        match (self.review_by - self.reviewed).get_days() {
            ..=0 => Err(ArticleRefusal::Review),
            1..=REVIEW_DAYS_MAX => Ok(()),
            _ => Err(ArticleRefusal::ReviewTooFar),
        }
    }
}

/// Publishes a text as the next version of an article. None when the article says the same already.
///
/// # Errors
/// [`ArticleRefusal`] when the text cannot stand as it is.
pub fn publish(
    name: Name,
    current: Option<&Article>,
    text: Draft,
    actor: Actor,
    at: Wall,
) -> Result<Option<Commit>, ArticleRefusal> {
    text.check(&name.slug)?;
    if current.is_some_and(|article| article.text.as_ref() == Some(&text)) {
        return Ok(None);
    }
    Ok(Some(next(name, current, Some(text), actor, at)))
}

/// Takes an article down; its versions stay. None when it is down already.
#[must_use]
pub fn withdraw(current: &Article, actor: Actor, at: Wall) -> Option<Commit> {
    current.text.as_ref()?;
    Some(next(current.name.clone(), Some(current), None, actor, at))
}

fn next(name: Name, current: Option<&Article>, text: Option<Draft>, actor: Actor, at: Wall) -> Commit {
    let version = current.map_or(0, |article| article.version) + 1;
    let action = if text.is_some() { "article.published" } else { "article.withdrawn" };
    let entry = Entry::new(at, actor, action, format!("{name}/{version}"));
    Commit::new(entry, vec![Change::Article(Box::new(Article { name, version, published_at: at, text }))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn draft() -> Draft {
        Draft {
            title: "My account is locked".to_owned(),
            summary: "Set a new password.".to_owned(),
            service: Topic::Account,
            owner: "account-team".to_owned(),
            reviewed: date(2026, 11, 27),
            review_by: date(2027, 5, 27),
            keywords: Vec::new(),
            related: Vec::new(),
            key: None,
            body: "Do this.".to_owned(),
        }
    }

    fn name() -> Name {
        Name { wallet: "w".to_owned(), language: Language::En, slug: "unlock-account".to_owned() }
    }

    fn published(current: Option<&Article>, text: Draft) -> Option<Article> {
        let commit = publish(name(), current, text, Actor::Operator, Wall(7)).unwrap()?;
        match commit.changes() {
            [Change::Article(article)] => Some((**article).clone()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_changed_text_is_the_next_version_and_an_unchanged_one_is_none() {
        let first = published(None, draft()).unwrap();
        assert_eq!((first.version, first.published_at), (1, Wall(7)));
        assert_eq!(published(Some(&first), draft()), None);
        let second = published(Some(&first), Draft { body: "Do that.".to_owned(), ..draft() }).unwrap();
        assert_eq!(second.version, 2);
        let down = withdraw(&second, Actor::Operator, Wall(8)).unwrap();
        assert_eq!((&*down.entries()[0].action, &*down.entries()[0].subject), ("article.withdrawn", "w/en/unlock-account/3"));
        let [Change::Article(down)] = down.changes() else { panic!("one change") };
        assert_eq!(withdraw(down, Actor::Operator, Wall(9)), None);
        assert_eq!(published(Some(down), draft()).unwrap().version, 4, "it can come back");
    }

    #[test]
    fn a_text_that_cannot_stand_is_refused_by_what_is_wrong() {
        let refused = |slug: &str, text: Draft| {
            publish(Name { slug: slug.to_owned(), ..name() }, None, text, Actor::Operator, Wall(0)).unwrap_err()
        };
        assert_eq!(refused("Über", draft()), ArticleRefusal::Slug("Über".to_owned()));
        assert_eq!(refused("a", Draft { title: " ".to_owned(), ..draft() }), ArticleRefusal::Empty("title"));
        assert!(matches!(
            refused("a", Draft { summary: "s".repeat(161), ..draft() }),
            ArticleRefusal::TooLong { chars: 161, .. }
        ));
        assert_eq!(refused("a", Draft { review_by: date(2026, 11, 27), ..draft() }), ArticleRefusal::Review);
        assert_eq!(refused("a", Draft { review_by: date(2028, 1, 1), ..draft() }), ArticleRefusal::ReviewTooFar);
        assert_eq!(refused("a", Draft { related: vec![String::new(); 101], ..draft() }), ArticleRefusal::TooMany("related"));
    }
}
