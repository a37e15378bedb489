//! Stories of articles: every version stays, the newest is what is read.

use crate::place::Place;
use crate::rows::at;
use jiff::civil::date;
use walletline_core::commit::Commit;
use walletline_core::kernel::{actor::Actor, language::Language};
use walletline_core::knowledge::{Article, Draft, Name, Topic, publish, withdraw};
use walletline_store::CommitError;

fn draft(body: &str) -> Draft {
    Draft {
        title: "账户被锁定".to_owned(),
        summary: "先自己重设密码。".to_owned(),
        service: Topic::Account,
        owner: "account-team".to_owned(),
        reviewed: date(2026, 11, 27),
        review_by: date(2027, 5, 27),
        keywords: vec!["鎖住".to_owned()],
        related: vec!["log-in".to_owned()],
        key: Some("1-3".to_owned()),
        body: body.to_owned(),
    }
}

fn version(slug: &str, current: Option<&Article>, body: &str) -> Commit {
    let name = Name { wallet: "jinqiao".to_owned(), language: Language::ZhCn, slug: slug.to_owned() };
    publish(name, current, draft(body), Actor::Operator, at(1)).unwrap().unwrap()
}

pub(crate) async fn an_article_is_read_as_its_newest_version(place: &Place) {
    let store = place.open().await;
    let read = async || store.articles("jinqiao", Language::ZhCn).await.unwrap();
    store.commit(version("b", None, "one").and(version("a", None, "first"))).await.unwrap();
    let articles = read().await;
    assert_eq!(articles.iter().map(|a| (&*a.name.slug, a.version)).collect::<Vec<_>>(), [("a", 1), ("b", 1)]);
    assert_eq!(articles[0].text, Some(draft("first")));
    store.commit(version("a", Some(&articles[0]), "second")).await.unwrap();
    let again = store.commit(version("a", Some(&articles[0]), "another second")).await;
    assert!(matches!(again, Err(CommitError::Conflict(_))), "two who publish at once: one wins");
    let articles = read().await;
    assert_eq!((articles[0].version, &articles[0].text), (2, &Some(draft("second"))));
    store.commit(withdraw(&articles[0], Actor::Operator, at(2)).unwrap()).await.unwrap();
    assert_eq!(read().await[0].text, None);
    assert_eq!(store.article_versions().await.unwrap(), 4, "all of them stay");
    assert!(store.articles("jinqiao", Language::En).await.unwrap().is_empty());
    assert!(store.articles("harbor", Language::ZhCn).await.unwrap().is_empty());
}
