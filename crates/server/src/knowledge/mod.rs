//! The help centre's articles as pages use them: one shelf per wallet and language, read from the store and looked at again now and
//! then. If the store is away, the shelves stay as they were: who looks for the hotline is not told that a database is down.

mod figures;
mod file;
mod import;
mod search;
mod text;
mod words;

pub(crate) use figures::Figures;
pub(crate) use file::{read_folder, shipped};
pub(crate) use import::import;
pub(crate) use text::{Filling, html};

use crate::engine::Clock;
use arc_swap::ArcSwapOption;
use search::{Entry, Search};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use walletline_core::kernel::language::Language;
use walletline_core::kernel::time::{Mono, Span};
use walletline_core::knowledge::{Draft, Topic};
use walletline_store::{ReadError, Store};

/// A text that was published is seen at most this much later.
const LOOK_EVERY: Span = Span::from_s(10);

/// An article as it stands on a shelf.
pub(crate) struct Published {
    /// Its name in addresses.
    pub(crate) slug: String,
    /// Its version.
    pub(crate) version: u32,
    /// What it says.
    pub(crate) text: Draft,
}

/// The articles of one wallet in one language.
pub(crate) struct Shelf {
    articles: Vec<Published>,
    /// Made when something is first looked for: most starts of the program are not followed by a search.
    search: OnceLock<Option<Search>>,
}

impl Shelf {
    /// An article by its name.
    pub(crate) fn article(&self, slug: &str) -> Option<&Published> {
        self.articles.iter().find(|article| article.slug == slug)
    }

    /// The articles about a topic, by name.
    pub(crate) fn about(&self, topic: Topic) -> impl Iterator<Item = &Published> {
        self.articles.iter().filter(move |article| article.text.service == topic)
    }

    fn search(&self) -> Option<&Search> {
        let build = || {
            let entries = self.articles.iter().map(|article| {
                let Draft { title, summary, keywords, body, .. } = &article.text;
                Entry { title, summary, keywords, body }
            });
            let built = Search::build(entries);
            built.inspect_err(|error| tracing::error!(%error, "articles cannot be searched")).ok()
        };
        self.search.get_or_init(build).as_ref()
    }
}

/// Every shelf, as of some moment.
struct Shelves {
    looked_at: Mono,
    versions: i64,
    shelves: HashMap<(String, Language), Arc<Shelf>>,
}

/// All articles.
pub(crate) struct Library {
    store: Store,
    clock: Clock,
    wallets: Vec<String>,
    kept: ArcSwapOption<Shelves>,
}

impl Library {
    /// A library that reads its first article when somebody asks for one.
    pub(crate) fn new(store: Store, clock: Clock, wallets: Vec<String>) -> Self {
        Self { store, clock, wallets, kept: ArcSwapOption::empty() }
    }

    /// The articles of a wallet in a language; an empty shelf for a wallet that is none.
    ///
    /// # Errors
    /// When the store does not answer and nothing was read before.
    pub(crate) async fn shelf(&self, wallet: &str, language: Language) -> Result<Arc<Shelf>, ReadError> {
        let shelves = self.shelves().await?;
        let found = shelves.shelves.get(&(wallet.to_owned(), language)).cloned();
        Ok(found.unwrap_or_else(|| Arc::new(Shelf { articles: Vec::new(), search: OnceLock::new() })))
    }

    /// Names of the articles that fit a question, the best first.
    ///
    /// # Errors
    /// When the store does not answer and nothing was read before.
    pub(crate) async fn find(
        &self,
        wallet: &str,
        language: Language,
        question: String,
        limit: usize,
    ) -> Result<(Arc<Shelf>, Vec<usize>), ReadError> {
        let shelf = self.shelf(wallet, language).await?;
        let searched = Arc::clone(&shelf);
        // Cutting words and, the first time, making the index is work for a processor, not for the loop that answers everybody.
        let found = tokio::task::spawn_blocking(move || {
            let found = searched.search().map(|search| search.find(&question, limit));
            found.and_then(|found| found.inspect_err(|error| tracing::error!(%error, "a search failed")).ok())
        });
        Ok((shelf, found.await.ok().flatten().unwrap_or_default()))
    }

    async fn shelves(&self) -> Result<Arc<Shelves>, ReadError> {
        let now = self.clock.now().mono;
        let kept = self.kept.load_full();
        if let Some(shelves) = kept.as_ref().filter(|shelves| now - shelves.looked_at < LOOK_EVERY) {
            return Ok(Arc::clone(shelves));
        }
        match self.look(kept.as_deref(), now).await {
            Ok(shelves) => {
                let shelves = Arc::new(shelves);
                self.kept.store(Some(Arc::clone(&shelves)));
                Ok(shelves)
            }
            Err(error) => kept.ok_or(error),
        }
    }

    async fn look(&self, kept: Option<&Shelves>, now: Mono) -> Result<Shelves, ReadError> {
        let versions = self.store.article_versions().await?;
        if let Some(kept) = kept.filter(|kept| kept.versions == versions) {
            return Ok(Shelves { looked_at: now, versions, shelves: kept.shelves.clone() });
        }
        let mut shelves = HashMap::new();
        for wallet in &self.wallets {
            for language in Language::ALL {
                let rows = self.store.articles(wallet, language).await?;
                let articles = rows.into_iter().filter_map(|row| {
                    let (slug, version) = (row.name.slug, row.version);
                    row.text.map(|text| Published { slug, version, text })
                });
                let shelf = Shelf { articles: articles.collect(), search: OnceLock::new() };
                shelves.insert((wallet.clone(), language), Arc::new(shelf));
            }
        }
        Ok(Shelves { looked_at: now, versions, shelves })
    }
}

impl Shelf {
    /// The articles at these places.
    pub(crate) fn at<'a>(&'a self, places: &'a [usize]) -> impl Iterator<Item = &'a Published> {
        places.iter().filter_map(|place| self.articles.get(*place))
    }
}

#[cfg(test)]
mod facts;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Questions {
        query: Vec<Question>,
    }

    #[derive(serde::Deserialize)]
    struct Question {
        text: String,
        language: String,
        expect: Vec<String>,
    }

    fn shelf(language: Language) -> Shelf {
        let texts = shipped().unwrap();
        let articles = texts.into_iter().filter(|text| text.language == language).map(|text| Published {
            slug: text.slug,
            version: 1,
            text: text.draft,
        });
        Shelf { articles: articles.collect(), search: OnceLock::new() }
    }

    #[test]
    fn what_people_type_finds_what_they_would_expect() {
        let file = include_str!("../../../../articles/queries.toml");
        let questions: Questions = toml::from_str(file).unwrap();
        assert!(questions.query.len() >= 50);
        let mut missed = Vec::new();
        for language in Language::ALL {
            let shelf = shelf(language);
            for question in questions.query.iter().filter(|question| question.language == language.tag()) {
                let places = shelf.search().unwrap().find(&question.text, 3).unwrap();
                let found: Vec<&str> = shelf.at(&places).map(|article| article.slug.as_str()).collect();
                if !found.iter().any(|slug| question.expect.iter().any(|expected| expected == slug)) {
                    missed.push(format!("{}: {:?} instead of {:?}", question.text, found, question.expect));
                }
            }
        }
        assert!(missed.is_empty(), "{missed:#?}");
    }

    #[test]
    fn every_article_is_looked_for_and_not_by_its_title_alone() {
        let file = include_str!("../../../../articles/queries.toml");
        let questions: Questions = toml::from_str(file).unwrap();
        for language in Language::ALL {
            let shelf = shelf(language);
            let asked: Vec<&Question> = questions.query.iter().filter(|question| question.language == language.tag()).collect();
            for article in &shelf.articles {
                let looked_for = asked.iter().any(|question| question.expect.contains(&article.slug));
                assert!(looked_for, "{}: no question of queries.toml in {}", article.slug, language.tag());
                let title = words::plain(&article.text.title);
                let copied = asked.iter().find(|question| words::plain(&question.text).trim() == title.trim());
                assert!(copied.is_none(), "{}: a question that is its title finds it whatever the search does", article.slug);
            }
            for slug in asked.iter().flat_map(|question| &question.expect) {
                assert!(shelf.article(slug).is_some(), "queries.toml expects `{slug}`, which is no article");
            }
        }
    }

    #[test]
    fn links_between_articles_lead_to_articles() {
        for language in Language::ALL {
            let shelf = shelf(language);
            for article in &shelf.articles {
                for slug in &article.text.related {
                    assert!(shelf.article(slug).is_some(), "{}: related `{slug}`", article.slug);
                }
                for slug in text::links(&article.text.body) {
                    assert!(shelf.article(&slug).is_some(), "{}: `{slug}`", article.slug);
                }
            }
        }
    }

    #[test]
    fn what_means_nothing_finds_nothing() {
        let shelf = shelf(Language::En);
        for question in ["", "   ", "how do I", "!!!", "zzzzqqqq"] {
            assert_eq!(shelf.search().unwrap().find(question, 3).unwrap(), Vec::<usize>::new(), "{question}");
        }
    }
}
