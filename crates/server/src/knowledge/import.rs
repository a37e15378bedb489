//! Brings articles from files into the store: what changed becomes a new version, what is no longer there is taken down. One commit:
//! all of it or nothing.

use super::file::Text;
use std::collections::BTreeSet;
use walletline_core::commit::Commit;
use walletline_core::kernel::{actor::Actor, language::Language, time::Wall};
use walletline_core::knowledge::{ArticleRefusal, Name, publish, withdraw};
use walletline_store::{CommitError, ReadError, Store};

/// What an import did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Imported {
    /// New versions.
    pub(crate) published: usize,
    /// Texts that the store has already.
    pub(crate) unchanged: usize,
    /// Articles taken down.
    pub(crate) withdrawn: usize,
}

/// Why articles were not imported.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    /// The store could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store could not be written.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A text cannot stand as it is.
    #[error("{name}: {refusal}")]
    Refused {
        /// Of which article.
        name: Name,
        /// Why.
        refusal: ArticleRefusal,
    },
}

/// Makes the articles of these wallets what the texts say.
pub(crate) async fn import(
    store: &Store,
    wallets: &[String],
    texts: &[Text],
    actor: Actor,
    at: Wall,
) -> Result<Imported, ImportError> {
    let (mut done, mut whole) = (Imported::default(), None);
    for wallet in wallets {
        for language in Language::ALL {
            let current = store.articles(wallet, language).await?;
            let mut named = BTreeSet::new();
            for text in texts.iter().filter(|text| text.language == language && holds_for(text, wallet)) {
                named.insert(text.slug.as_str());
                let name = Name { wallet: wallet.clone(), language, slug: text.slug.clone() };
                let known = current.iter().find(|article| article.name == name);
                match publish(name.clone(), known, text.draft.clone(), actor, at) {
                    Ok(Some(commit)) => {
                        done.published += 1;
                        whole = Some(joined(whole, commit));
                    }
                    Ok(None) => done.unchanged += 1,
                    Err(refusal) => return Err(ImportError::Refused { name, refusal }),
                }
            }
            for commit in current.iter().filter(|article| !named.contains(article.name.slug.as_str())) {
                if let Some(commit) = withdraw(commit, actor, at) {
                    done.withdrawn += 1;
                    whole = Some(joined(whole, commit));
                }
            }
        }
    }
    if let Some(commit) = whole {
        store.commit(commit).await?;
    }
    Ok(done)
}

fn holds_for(text: &Text, wallet: &str) -> bool {
    text.wallets.as_ref().is_none_or(|wallets| wallets.iter().any(|named| named == wallet))
}

fn joined(whole: Option<Commit>, commit: Commit) -> Commit {
    match whole {
        Some(whole) => whole.and(commit),
        None => commit,
    }
}
