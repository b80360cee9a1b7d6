//! What an environment says about its words.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::analysis::{Language, folded_words};
use crate::{SearchedFields, Synonyms, limits};

/// How the texts of an environment are read, and what its words mean.
///
/// All but the primary language and the importance of attributes takes effect with the next query; these two are part of how
/// products are indexed.
#[derive(Clone, Debug, Default)]
pub struct TextSettings {
    /// The language of products that do not tell theirs.
    pub primary: Language,
    /// Whether only the shop's own synonyms count, and not what the thesaurus says that shoppers call things.
    pub own_synonyms_only: bool,
    /// See [`Synonyms`].
    pub synonyms: Arc<Synonyms>,
    /// See [`StopWords`].
    pub stop_words: Arc<StopWords>,
    /// See [`SearchedFields`].
    pub searched: Arc<SearchedFields>,
}

/// Words that bind others and name nothing: a query is found without them, though better with them. A query of such words
/// only is a query like any other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StopWords {
    own: BTreeMap<Language, FxHashSet<String>>,
}

impl StopWords {
    /// These words for these languages, and the defaults ([`Language::stop_words`]) for all others.
    ///
    /// # Errors
    /// What is wrong with which language's words.
    pub fn new(own: &BTreeMap<Language, Vec<String>>) -> Result<StopWords, (Language, String)> {
        let mut stop_words = StopWords::default();
        for (language, words) in own {
            if words.len() > limits::STOP_WORDS_MAX {
                return Err((*language, format!("There may be {} words at most.", limits::STOP_WORDS_MAX)));
            }
            let mut folded = FxHashSet::default();
            for word in words {
                let mut parts = folded_words(word);
                match (parts.next(), parts.next()) {
                    (Some(one), None) => _ = folded.insert(one.text),
                    _ => {
                        let shown: String = word.chars().take(50).collect();
                        return Err((*language, format!("`{shown}` is not one word.")));
                    }
                }
            }
            stop_words.own.insert(*language, folded);
        }
        Ok(stop_words)
    }

    /// The words of a language in force, in the order of their letters, and whether they are its own rather than the defaults.
    pub fn of(&self, language: Language) -> (Vec<&str>, bool) {
        let own = self.own.get(&language);
        let mut words: Vec<&str> = match own {
            Some(words) => words.iter().map(String::as_str).collect(),
            None => language.stop_words().to_vec(),
        };
        words.sort_unstable();
        words.dedup();
        (words, own.is_some())
    }

    /// Whether a folded word is one in any of these languages.
    pub(crate) fn has(&self, word: &str, languages: &[Language]) -> bool {
        languages.iter().any(|language| match self.own.get(language) {
            Some(words) => words.contains(word),
            None => language.stop_words().contains(&word),
        })
    }
}
