use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use record::Product;
use roaring::RoaringBitmap;
use state::ProductRow;
use uuid::Uuid;

use crate::Fault;
use crate::fields::{self, Fields, MatchedField};
use crate::generation::{self, Generation};
use crate::limits;
use crate::settings::TextSettings;

/// A search in the text of products.
#[derive(Clone, Debug, Default)]
pub struct TextQuery<'a> {
    /// The words as typed; all must be found, in any field.
    pub text: &'a str,
    /// Whether the words must stand beside one another in one field.
    pub phrase: bool,
    /// Fields of the contract's `exclude_fields_from_search` that do not count.
    pub exclude_fields: &'a [String],
    /// Whether products with only some of the words are found too, those that lack more or rarer words later.
    pub partial: bool,
    /// The code of the only language in which texts are looked at; `None` for all that there are.
    pub language: Option<&'a str>,
    /// Which hits with all words get a score; `None` for all. A broad query finds a good part of the catalogue, of which nobody looks
    /// at more than the first pages.
    pub best: Option<Best<'a>>,
}

/// The hits that get a score.
#[derive(Clone, Copy, Debug)]
pub struct Best<'a> {
    /// So many of the best by words, ties by row.
    pub count: usize,
    /// Those of these rows as well, whatever their words say.
    pub also: &'a RoaringBitmap,
}

/// A product found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Which.
    pub row: ProductRow,
    /// BM25F over weighted fields, more for neighbours and the like in the title; greater than 0.
    pub score: f32,
    /// Which fields hold words of the query, by their numbers; see [`Hit::matched_fields`].
    pub fields: u16,
    /// Which words of the query it has, by their places in [`Found::words`].
    pub words: u64,
}

impl Hit {
    /// Where the words were found.
    pub fn matched_fields(&self) -> Vec<MatchedField> {
        fields::matched_fields(self.fields)
    }
}

/// Puts the best [`limits::HITS_ORDERED_MAX`] hits first, in their order, ties by row; the others follow in no order.
///
/// O(hits): nobody looks at the hundred thousandth, and putting all in order would cost more than finding them.
pub fn best_first(hits: &mut [Hit]) {
    let order = |a: &Hit, b: &Hit| b.score.total_cmp(&a.score).then(a.row.cmp(&b.row));
    let ordered = limits::HITS_ORDERED_MAX;
    if hits.len() > ordered {
        hits.select_nth_unstable_by(ordered, order);
    }
    let ordered = ordered.min(hits.len());
    hits[..ordered].sort_unstable_by(order);
}

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Best first, ties by row; those after the first [`limits::HITS_ORDERED_MAX`] in no order. Of [`TextQuery::best`] only.
    pub hits: Vec<Hit>,
    /// The rows of all that was found, those without a place among `hits` too.
    pub rows: RoaringBitmap,
    /// The words of the query as typed, lower case; a compound is one.
    pub words: Vec<String>,
    /// How many products have every word.
    pub full: usize,
}

impl Found {
    /// The words of the query that the hit lacks.
    pub fn missing<'a>(&'a self, hit: &Hit) -> impl Iterator<Item = &'a str> {
        let words = hit.words;
        self.words.iter().enumerate().filter(move |(at, _)| words >> at & 1 == 0).map(|(_, word)| word.as_str())
    }

    /// Whether the hit has every word.
    pub fn is_full(&self, hit: &Hit) -> bool {
        self.missing(hit).next().is_none()
    }
}

/// How large the index is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IndexSize {
    /// Products that can be found.
    pub products: u64,
    /// Bytes of the files that searches read; they are mapped into memory as needed.
    pub disk_bytes: u64,
    /// Parts that every search visits; merged in the background.
    pub segments: usize,
}

/// The index of an environment's products: one writer, any number of searches beside it.
///
/// It lives in generations, each a folder of its own. One serves; another may be filled beside it, by other settings,
/// and takes its place at once when it is whole.
pub struct Index {
    folder: PathBuf,
    epoch: Uuid,
    fields: Fields,
    settings: RwLock<Arc<TextSettings>>,
    serving: RwLock<Arc<Generation>>,
    /// What is being filled to take the place of the one that serves.
    next: Mutex<Option<Generation>>,
}

impl Index {
    /// Opens the index in `folder`, or begins an empty one where it is missing, damaged, of another schema or of
    /// another `epoch` (its row numbers would mean other products).
    ///
    /// Reads every file once to verify its checksum, so that a damaged file is found here and not by a search.
    ///
    /// # Errors
    /// A [`Fault`] of the disk, or another process (or another `Index`) that has the folder open for writing.
    pub fn open(folder: &Path, epoch: Uuid) -> Result<Index, Fault> {
        Index::open_with(folder, epoch, TextSettings::default())
    }

    /// As [`Index::open`], with the environment's settings.
    ///
    /// # Errors
    /// See [`Index::open`].
    pub fn open_with(folder: &Path, epoch: Uuid, settings: TextSettings) -> Result<Index, Fault> {
        fs::create_dir_all(folder)?;
        let fields = Fields::new();
        let serving = generation::open(folder, epoch, &fields, &settings)?;
        Ok(Index {
            folder: folder.to_owned(),
            epoch,
            fields,
            settings: RwLock::new(Arc::new(settings)),
            serving: RwLock::new(Arc::new(serving)),
            next: Mutex::new(None),
        })
    }

    /// The settings in force.
    pub fn settings(&self) -> Arc<TextSettings> {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts settings in force: the next query goes by them. Another primary language and another importance of attributes
    /// need a rebuild (see [`Index::needs_rebuild`]).
    pub fn set_settings(&self, settings: TextSettings) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }

    /// Whether products are indexed by another primary language, or other importances of attributes, than those in force.
    pub fn needs_rebuild(&self) -> bool {
        !self.generation().basis().is_of(&self.settings())
    }

    /// Begins an empty index beside the one that serves; every later [`Index::update`] goes into both.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; then there is none beside it.
    pub fn begin_rebuild(&self) -> Result<(), Fault> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        // What was begun before is given up first: it may hold the folder that the new one gets.
        *next = None;
        let number = self.generation().number() + 1;
        *next = Some(generation::create(&self.folder, number, self.epoch, &self.fields, &self.settings())?);
        Ok(())
    }

    /// Puts products into the index that was begun, which is not searched yet.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; then it is given up, and [`Index::is_rebuilding`] is false.
    pub fn fill(&self, puts: &[(ProductRow, &Product)]) -> Result<(), Fault> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(generation) = next.take() else { return Ok(()) };
        generation.put(puts, &[])?;
        *next = Some(generation);
        Ok(())
    }

    /// Whether an index is being filled beside the one that serves, by the settings in force.
    pub fn is_rebuilding(&self) -> bool {
        let next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.as_ref().is_some_and(|next| next.basis().is_of(&self.settings()))
    }

    /// Puts the index that was filled in the place of the one that served, with all that came meanwhile, and removes the old
    /// one's files when the last search in it has ended.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; then the old one goes on serving.
    pub fn finish_rebuild(&self) -> Result<(), Fault> {
        let Some(next) = self.next.lock().unwrap_or_else(PoisonError::into_inner).take() else { return Ok(()) };
        next.commit(self.position())?;
        let former = {
            let mut serving = self.serving.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *serving, Arc::new(next))
        };
        former.retire();
        Ok(())
    }

    /// The log position up to which the products are in; 0 for an empty index.
    pub fn position(&self) -> u64 {
        self.generation().position()
    }

    /// Puts products in (in the place of the same rows), takes rows out, and makes that visible: one commit.
    ///
    /// Of a row put twice the last product stays; a row both put and deleted is out. A commit waits for the disk, 10 to 70 ms whatever
    /// its size, so gather changes.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; then nothing of it is visible.
    pub fn update(&self, puts: &[(ProductRow, &Product)], deletes: &[ProductRow], position: u64) -> Result<(), Fault> {
        let generation = self.generation();
        generation.put(puts, deletes)?;
        generation.commit(position)?;
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(beside) = next.take() {
            // Where the one beside cannot take it, it is given up: what serves has the change.
            match beside.put(puts, deletes) {
                Ok(()) => *next = Some(beside),
                Err(fault) => tracing::error!(%fault, "the index beside the one that serves is given up"),
            }
        }
        Ok(())
    }

    /// Every product that has all the words, in rows among `allowed` where given; best first (see [`Found::hits`]).
    /// A query without any word (punctuation only) finds nothing.
    ///
    /// Words meet by folded and stemmed form (see the crate's page). A compound such as `dv7-1211ea` is found by its parts and
    /// by `dv71211ea`; two words by one that is both (`smart watch`, `smartwatch`), and the other way round. Words in scripts
    /// without spaces are found as neighbouring characters of one field.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn search(&self, query: &TextQuery<'_>, allowed: Option<&RoaringBitmap>) -> Result<Vec<Hit>, Fault> {
        Ok(self.find(query, allowed)?.hits)
    }

    /// As [`Index::search`], with the words of the query.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn find(&self, query: &TextQuery<'_>, allowed: Option<&RoaringBitmap>) -> Result<Found, Fault> {
        self.generation().find(query, &self.settings(), allowed)
    }

    /// The rows of the products that have texts in a language, by its code: those that say so, those whose texts tell, and those
    /// with a translation. Kept until the next update.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn rows_in(&self, language: &str) -> Result<Arc<RoaringBitmap>, Fault> {
        self.generation().rows_in(language)
    }

    /// Languages with an analysis of their own in which there are products, with how many, most first. Those deleted of late may
    /// count.
    pub fn languages(&self) -> Vec<(crate::Language, u64)> {
        self.generation().languages().to_vec()
    }

    /// In how many products the word stands, in any field, in the form that the index holds it in; those deleted of late
    /// may count. 0 for what is not one word. Some microseconds.
    pub fn products_with(&self, word: &str) -> u64 {
        self.generation().products_with(word)
    }

    /// How large the index is now.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn size(&self) -> Result<IndexSize, Fault> {
        self.generation().size()
    }

    /// The one that serves.
    pub(crate) fn generation(&self) -> Arc<Generation> {
        self.serving.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
