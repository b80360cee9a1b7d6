use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashSet;
use tantivy::index::SegmentId;
use tantivy::schema::Field;
use tantivy::tokenizer::{Token as TantivyToken, TokenStream, Tokenizer};
use tantivy::{Searcher, SegmentReader, TantivyError};

use crate::analysis::folded_words;
use crate::spelling::{Vocabulary, costs};

/// The words of the long texts as they are written there, for spelling, with how many products have each.
///
/// Read from the dictionary of each segment when it is new. Products deleted since count until the segment is merged.
#[derive(Default)]
pub(crate) struct TextWords {
    by_segment: Mutex<Arc<BySegment>>,
}

type BySegment = Vec<(SegmentId, Arc<Vocabulary>)>;

impl TextWords {
    /// Reads the segments that are new, and forgets those that have gone.
    pub(crate) fn refresh(&self, searcher: &Searcher, field: Field) -> Result<(), TantivyError> {
        let known = self.all();
        let mut present = Vec::new();
        for segment in searcher.segment_readers() {
            let id = segment.segment_id();
            let words = match known.iter().find(|(other, _)| *other == id) {
                Some((_, words)) => words.clone(),
                None => Arc::new(read(segment, field)?),
            };
            present.push((id, words));
        }
        *self.by_segment.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(present);
        Ok(())
    }

    /// In how many products the word stands.
    pub(crate) fn count(&self, word: &str) -> u32 {
        self.all().iter().map(|(_, words)| words.count(word)).sum()
    }

    /// The words that `typed` may be a slip of, each once, with what that costs; without those that `is_known` elsewhere.
    pub(crate) fn near(&self, typed: &str, cost_max: f32, is_known: impl Fn(&str) -> bool) -> Vec<(String, f32)> {
        let all = self.all();
        // Segments have most words in common; comparing letters costs more than telling that a word was compared.
        let like: FxHashSet<&str> = all.iter().flat_map(|(_, words)| words.like(typed, cost_max)).collect();
        let mut near = costs(like.into_iter().filter(|word| !is_known(word)), typed, cost_max);
        near.sort_by(|a, b| a.0.cmp(&b.0));
        near
    }

    fn all(&self) -> Arc<BySegment> {
        self.by_segment.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(segment: &SegmentReader, field: Field) -> Result<Vocabulary, TantivyError> {
    let mut words = Vocabulary::default();
    let index = segment.inverted_index(field)?;
    let mut terms = index.terms().stream()?;
    while terms.advance() {
        if let Ok(word) = std::str::from_utf8(terms.key()) {
            _ = words.add(word, terms.value().doc_freq);
        }
    }
    Ok(words)
}

/// The words of a text as written, folded; only those that a misspelt word may be taken for.
#[derive(Clone, Default)]
pub(crate) struct WordTokenizer;

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = Words;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Words {
        let words: Vec<String> = folded_words(text)
            .filter(|word| !word.unspaced && Vocabulary::takes(&word.text))
            .map(|word| word.text)
            .collect();
        Words { words: words.into_iter(), token: TantivyToken::default() }
    }
}

/// The stream of a text's words.
pub(crate) struct Words {
    words: std::vec::IntoIter<String>,
    token: TantivyToken,
}

impl TokenStream for Words {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.next() else { return false };
        // A fresh token stands before the first place.
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text = word;
        true
    }

    fn token(&self) -> &TantivyToken {
        &self.token
    }

    fn token_mut(&mut self) -> &mut TantivyToken {
        &mut self.token
    }
}
