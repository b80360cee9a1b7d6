//! What an environment says about its words: primary language, synonyms, stop words. Which fields are searched: `searched.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;

use search::{Language, StopWords, Synonyms, TextSettings};
use serde_json::{Value, json};
use store::{Fault, Reader};
use tracing::warn;

use super::{Command, Environment, Shared, WriteError, searched};

/// The settings that hold them.
const SEARCH: &str = "search";
const SYNONYMS: &str = "synonyms";
const STOP_WORDS: &str = "stop_words";
const THESAURUS: &str = "thesaurus";

/// The settings as they are stored. What cannot be read is left out with a warning rather than keeping the environment from
/// starting.
pub(super) fn settings(reader: &Reader) -> Result<TextSettings, Fault> {
    let search = reader.setting(SEARCH)?.unwrap_or_default();
    let primary = search["primary_language"].as_str().map_or(Language::default(), Language::of);
    let own_synonyms_only = reader.setting(THESAURUS)? == Some(Value::Bool(false));
    let stored = reader.setting(SYNONYMS)?.unwrap_or_default();
    let synonyms = Synonyms::parse(stored.as_str().unwrap_or_default()).unwrap_or_else(|troubles| {
        warn!(trouble = %troubles[0], "the stored synonyms cannot be read and are left out");
        Synonyms::default()
    });
    let stored = reader.setting(STOP_WORDS)?.unwrap_or_default();
    let words_of = |words: &Value| {
        words.as_array().into_iter().flatten().filter_map(|word| Some(word.as_str()?.to_owned())).collect()
    };
    let own: BTreeMap<Language, Vec<String>> =
        stored.as_object().into_iter().flatten().map(|(code, words)| (Language::of(code), words_of(words))).collect();
    let stop_words = StopWords::new(&own).unwrap_or_else(|(_, trouble)| {
        warn!(trouble, "the stored stop words cannot be read and are left out");
        StopWords::default()
    });
    let searched = Arc::new(searched::stored(reader)?);
    Ok(TextSettings {
        primary,
        own_synonyms_only,
        synonyms: Arc::new(synonyms),
        stop_words: Arc::new(stop_words),
        searched,
    })
}

impl Environment {
    /// The settings in force.
    pub(crate) fn text_settings(&self) -> Arc<TextSettings> {
        self.shared.index.settings()
    }

    /// Languages in which there are products, with how many; and whether the index is being built anew for other settings.
    pub(crate) fn text_languages(&self) -> (Vec<(Language, u64)>, bool) {
        (self.shared.index.languages(), self.shared.index.needs_rebuild())
    }

    /// The language of products that do not tell theirs; the index is built anew beside the one that serves.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn set_primary_language(&self, primary: Language) -> Result<(), WriteError> {
        let value = json!({"primary_language": primary.code()});
        self.set_text(SEARCH, value, move |settings| settings.primary = primary).await
    }

    /// Whether words mean what the thesaurus says, beside what the shop's own synonyms say.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn set_thesaurus(&self, counts: bool) -> Result<(), WriteError> {
        self.set_text(THESAURUS, Value::from(counts), move |settings| settings.own_synonyms_only = !counts).await
    }

    /// Puts these synonyms in the place of all that there were.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn set_synonyms(&self, synonyms: Synonyms) -> Result<(), WriteError> {
        let value = Value::from(synonyms.to_solr());
        self.set_text(SYNONYMS, value, move |settings| settings.synonyms = Arc::new(synonyms)).await
    }

    /// Puts these stop words in the place of all that there were.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn set_stop_words(&self, stop_words: StopWords) -> Result<(), WriteError> {
        let own = Language::ALL.into_iter().map(|language| (language, stop_words.of(language)));
        let value =
            own.filter(|(_, (_, is_own))| *is_own).map(|(language, (words, _))| (language.code(), json!(words)));
        let value = Value::Object(value.map(|(code, words)| (code.to_owned(), words)).collect());
        self.set_text(STOP_WORDS, value, move |settings| settings.stop_words = Arc::new(stop_words)).await
    }

    pub(super) async fn set_text(
        &self,
        name: &'static str,
        value: Value,
        change: impl FnOnce(&mut TextSettings) + Send + 'static,
    ) -> Result<(), WriteError> {
        // Run by the writer, one at a time, so that two changes of different parts do not undo one another.
        let then = Box::new(move |shared: &Shared| {
            let mut settings = (*shared.index.settings()).clone();
            change(&mut settings);
            shared.index.set_settings(settings);
        });
        self.command(|reply| Command::Set { name, value, then, reply }).await?
    }
}
