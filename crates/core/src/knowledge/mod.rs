//! What the help centre says: articles in versions, each with an owner and a day by which somebody must have looked at it again. An article
//! says the same to everybody; nothing of a customer is ever in one.

mod article;

pub use article::{Article, ArticleRefusal, Draft, Name, Topic, publish, withdraw};
