//! Finds articles: an index in memory for one wallet in one language. A question's words need not all be in an article; the more of
//! them are, and the more prominently, the better.

use super::figures::left_out;
use super::words::{is_han, pairs, words};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, FuzzyTermQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexReader, ReloadPolicy, TantivyDocument, TantivyError, Term};

/// Memory the writer may take before it writes a segment; an index is a few hundred kilobytes.
const WRITER_BYTES: usize = 20_000_000;

/// A question of more words is a story: its first words are looked for.
const WORDS_MAX: usize = 24;

/// A shorter word has too many neighbours to guess what was meant.
const TYPO_CHARS_MIN: usize = 4;

/// From here on two slips are forgiven.
const TWO_SLIPS_CHARS_MIN: usize = 8;

/// What an article is found by.
pub(super) struct Entry<'a> {
    pub(super) title: &'a str,
    pub(super) summary: &'a str,
    pub(super) keywords: &'a [String],
    pub(super) body: &'a str,
}

/// Where a word stands, and what it counts there. Words that people use were written down because they do: they count as the
/// title does.
const FIELDS: [(&str, f32); 4] = [("title", 3.0), ("keywords", 3.0), ("summary", 1.5), ("body", 1.0)];

/// Neighbouring characters count less than words: more of them meet by chance.
const PAIRS: (&str, f32) = ("pairs", 1.0);

/// A guess at a mistyped word counts less than the word.
const GUESSED: f32 = 1.0;

/// An index.
pub(super) struct Search {
    fields: [Field; 4],
    pairs: Field,
    reader: IndexReader,
}

impl Search {
    /// An index of these articles; they are found by their place in the list.
    pub(super) fn build<'a>(entries: impl Iterator<Item = Entry<'a>>) -> Result<Self, TantivyError> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default().set_tokenizer("whitespace").set_index_option(IndexRecordOption::WithFreqs);
        let options = TextOptions::default().set_indexing_options(indexing);
        let fields = FIELDS.map(|(name, _)| schema.add_text_field(name, options.clone()));
        let in_pairs = schema.add_text_field(PAIRS.0, options);
        let [title, keywords, summary, body] = fields;
        // One segment, in the order of the list: a document's number is its place.
        let index = Index::builder().schema(schema.build());
        let mut writer = index.single_segment_index_writer(tantivy::directory::RamDirectory::create(), WRITER_BYTES)?;
        for entry in entries {
            let (said, text) = (entry.keywords.join(" "), left_out(entry.body));
            let mut document = TantivyDocument::default();
            document.add_text(title, words(entry.title).join(" "));
            document.add_text(keywords, words(&said).join(" "));
            document.add_text(summary, words(entry.summary).join(" "));
            document.add_text(body, words(&text).join(" "));
            document.add_text(in_pairs, pairs(&[entry.title, &said, entry.summary, &text].join(" ")).join(" "));
            writer.add_document(document)?;
        }
        let reader = writer.finalize()?.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { fields, pairs: in_pairs, reader })
    }

    /// Places of the articles that fit a question, the best first.
    pub(super) fn find(&self, question: &str, limit: usize) -> Result<Vec<usize>, TantivyError> {
        let mut parts: Vec<Box<dyn Query>> = Vec::new();
        let asked = words(question);
        for (place, word) in asked.iter().take(WORDS_MAX).enumerate() {
            self.word(word, place + 1 == asked.len(), &mut parts)?;
        }
        for pair in pairs(question).iter().take(WORDS_MAX) {
            parts.push(weighed(exactly(self.pairs, pair), PAIRS.1));
        }
        if parts.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.reader.searcher().search(&BooleanQuery::union(parts), &TopDocs::with_limit(limit).order_by_score())?;
        Ok(found.into_iter().map(|(_, address)| address.doc_id as usize).collect())
    }

    /// A word as it stands; a word that no article holds as one that may have been meant.
    fn word(&self, word: &str, is_last: bool, parts: &mut Vec<Box<dyn Query>>) -> Result<(), TantivyError> {
        let searcher = self.reader.searcher();
        let mut is_known = false;
        for (field, (_, weight)) in self.fields.iter().zip(FIELDS) {
            is_known |= searcher.doc_freq(&Term::from_field_text(*field, word))? > 0;
            parts.push(weighed(exactly(*field, word), weight));
        }
        let chars = word.chars().count();
        if word.starts_with(is_han) || chars < TYPO_CHARS_MIN - 1 {
            return Ok(());
        }
        for field in self.fields {
            let term = Term::from_field_text(field, word);
            if is_last {
                // Whoever is still typing has not come to its end.
                parts.push(weighed(Box::new(FuzzyTermQuery::new_prefix(term.clone(), 0, true)), GUESSED / 2.0));
            }
            if !is_known && chars >= TYPO_CHARS_MIN {
                let slips = if chars >= TWO_SLIPS_CHARS_MIN { 2 } else { 1 };
                parts.push(weighed(Box::new(FuzzyTermQuery::new(term, slips, true)), GUESSED));
            }
        }
        Ok(())
    }
}

fn exactly(field: Field, word: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs))
}

fn weighed(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, weight))
}
