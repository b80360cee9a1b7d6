//! One generation of the index: a tantivy index in a folder of its own, with what searches need to know of the whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use record::Product;
use roaring::RoaringBitmap;
use rustc_hash::{FxHashMap, FxHashSet};
use state::ProductRow;
use tantivy::error::TantivyError;
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, IndexReader, IndexWriter, ReloadPolicy, Searcher, TERMINATED, Term};
use uuid::Uuid;

use crate::Fault;
use crate::analysis::{Language, base_code, one_word};
use crate::fields::{Fields, ROW, SCHEMA_VERSION, SearchedField, TRANSLATION, WORD_TOKENIZER, reversed};
use crate::gathered::{Gathered, GatheredHit, every};
use crate::index::{Found, Hit, IndexSize, TextQuery, best_first};
use crate::lengths::Lengths;
use crate::limits;
use crate::plan::{Plan, Planner};
use crate::rarity::{Rarities, covered};
use crate::score::{Met, Segment, Titles, WeighedClause, WeighedField};
use crate::searched::SearchedFields;
use crate::settings::TextSettings;
use crate::snapshot::Snapshot;
use crate::words::{TextWords, WordTokenizer};

/// An index and where it lies.
pub(crate) struct Generation {
    number: u64,
    folder: PathBuf,
    epoch: Uuid,
    basis: Basis,
    fields: Fields,
    index: tantivy::Index,
    reader: IndexReader,
    /// `None` after a fault, until the next update begins a new one.
    writer: Mutex<Option<IndexWriter>>,
    position: AtomicU64,
    /// What the last commit made visible.
    snapshot: RwLock<Arc<Snapshot>>,
    lengths: Lengths,
    text_words: TextWords,
    languages: Mutex<Arc<[(Language, u64)]>>,
    rows_by_language: Mutex<FxHashMap<String, Arc<RoaringBitmap>>>,
    /// Whether its files go when the last that uses it has gone.
    is_retired: AtomicBool,
}

/// What products are indexed by.
#[derive(Clone)]
pub(crate) struct Basis {
    pub(crate) primary: Language,
    searched: Arc<SearchedFields>,
    /// Of the fields by which the products that are in were indexed.
    fingerprint: u64,
}

impl Basis {
    pub(crate) fn of(settings: &TextSettings) -> Basis {
        let fingerprint = settings.searched.fingerprint();
        Basis { primary: settings.primary, searched: settings.searched.clone(), fingerprint }
    }

    /// Whether products would be indexed the same by these settings.
    pub(crate) fn is_of(&self, settings: &TextSettings) -> bool {
        self.primary == settings.primary && self.fingerprint == settings.searched.fingerprint()
    }
}

/// See [`Generation::asked`].
struct Asked {
    common: Vec<Language>,
    rare: Vec<Language>,
}

/// A language is common from this part of the products on.
const COMMON_LANGUAGE_PART: u64 = 10;

/// The newest whole generation in `folder`, or a new empty one; the folders of all others are removed.
pub(crate) fn open(folder: &Path, epoch: Uuid, fields: &Fields, settings: &TextSettings) -> Result<Generation, Fault> {
    let mut numbers: Vec<u64> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.file_name().and_then(|name| name.to_str()?.parse().ok()) {
            Some(number) if path.is_dir() => numbers.push(number),
            // What earlier versions left: the folder held the files of one index itself.
            _ if path.is_file() => fs::remove_file(&path)?,
            _ => {}
        }
    }
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    let mut opened = None;
    for number in &numbers {
        let path = folder.join(number.to_string());
        match open_existing(&path, epoch, fields) {
            Ok((index, position, primary, fingerprint)) if position > 0 || numbers.len() == 1 => {
                let writer = writer(&index)?;
                // What comes in before it is built anew is indexed by the settings of now.
                let basis = Basis { primary, fingerprint, ..Basis::of(settings) };
                opened = Some(Generation::over(*number, path, epoch, basis, fields, index, writer, position)?);
                break;
            }
            Ok(_) => {}
            Err(reason) => tracing::info!(folder = %path.display(), %reason, "leaves a search index aside"),
        }
    }
    let kept = opened.as_ref().map(|generation| generation.number);
    for number in numbers.iter().filter(|number| Some(**number) != kept) {
        fs::remove_dir_all(folder.join(number.to_string()))?;
    }
    match opened {
        Some(generation) => Ok(generation),
        None => create(folder, 1, epoch, fields, settings),
    }
}

/// An empty generation, in the place of what may lie there.
pub(crate) fn create(
    folder: &Path,
    number: u64,
    epoch: Uuid,
    fields: &Fields,
    settings: &TextSettings,
) -> Result<Generation, Fault> {
    let path = folder.join(number.to_string());
    if path.exists() {
        fs::remove_dir_all(&path)?;
    }
    fs::create_dir_all(&path)?;
    let index = tantivy::Index::create_in_dir(&path, fields.schema.clone())?;
    index.tokenizers().register(WORD_TOKENIZER, WordTokenizer);
    let mut writer = writer(&index)?;
    let basis = Basis::of(settings);
    commit(&mut writer, epoch, 0, &basis)?;
    Generation::over(number, path, epoch, basis, fields, index, writer, 0)
}

impl Generation {
    #[allow(clippy::too_many_arguments, reason = "its fields, given once")]
    fn over(
        number: u64,
        folder: PathBuf,
        epoch: Uuid,
        basis: Basis,
        fields: &Fields,
        index: tantivy::Index,
        writer: IndexWriter,
        position: u64,
    ) -> Result<Generation, Fault> {
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let snapshot = Arc::new(Snapshot::open(reader.searcher(), fields, None)?);
        let generation = Generation {
            number,
            folder,
            epoch,
            basis,
            fields: fields.clone(),
            index,
            reader,
            writer: Mutex::new(Some(writer)),
            position: AtomicU64::new(position),
            snapshot: RwLock::new(snapshot),
            lengths: Lengths::default(),
            text_words: TextWords::default(),
            languages: Mutex::new(Arc::new([])),
            rows_by_language: Mutex::default(),
            is_retired: AtomicBool::new(false),
        };
        generation.refresh()?;
        Ok(generation)
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn basis(&self) -> &Basis {
        &self.basis
    }

    pub(crate) fn position(&self) -> u64 {
        self.position.load(Ordering::Acquire)
    }

    pub(crate) fn text_words(&self) -> &TextWords {
        &self.text_words
    }

    /// Its files go with it.
    pub(crate) fn retire(&self) {
        self.is_retired.store(true, Ordering::Release);
    }

    /// Puts products in and takes rows out; [`Generation::commit`] makes it visible.
    pub(crate) fn put(&self, puts: &[(ProductRow, &Product)], deletes: &[ProductRow]) -> Result<(), Fault> {
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let current = match slot.take() {
            Some(current) => current,
            None => writer(&self.index)?,
        };
        for (row, product) in puts {
            current.delete_term(self.row_term(*row));
            for document in self.fields.documents(*row, product, self.basis.primary, &self.basis.searched) {
                // On an error the writer is dropped, which discards what it has not committed.
                current.add_document(document)?;
            }
        }
        for row in deletes {
            current.delete_term(self.row_term(*row));
        }
        *slot = Some(current);
        Ok(())
    }

    /// Makes visible what was put.
    pub(crate) fn commit(&self, position: u64) -> Result<(), Fault> {
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut current = match slot.take() {
            Some(current) => current,
            None => writer(&self.index)?,
        };
        commit(&mut current, self.epoch, position, &self.basis)?;
        *slot = Some(current);
        self.reader.reload()?;
        self.refresh()?;
        self.position.store(position, Ordering::Release);
        Ok(())
    }

    /// Looks at what is in now.
    fn refresh(&self) -> Result<(), Fault> {
        let searcher = self.reader.searcher();
        let snapshot = Snapshot::open(searcher.clone(), &self.fields, Some(&self.snapshot()))?;
        self.lengths.refresh(&searcher, &self.fields)?;
        self.text_words.refresh(&searcher, self.fields.words)?;
        let mut counts = Vec::new();
        for language in Language::ALL {
            let products = searcher.doc_freq(&Term::from_field_text(self.fields.language, language.code()))?;
            if products > 0 {
                counts.push((language, products));
            }
        }
        counts.sort_by_key(|(language, products)| (std::cmp::Reverse(*products), *language));
        *self.languages.lock().unwrap_or_else(PoisonError::into_inner) = counts.into();
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        self.rows_by_language.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(())
    }

    fn row_term(&self, row: ProductRow) -> Term {
        Term::from_field_u64(self.fields.row, u64::from(row.0))
    }

    /// See [`crate::Index::languages`].
    pub(crate) fn languages(&self) -> Arc<[(Language, u64)]> {
        self.languages.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether English is among the languages in which words are looked for.
    pub(crate) fn has_english(&self) -> bool {
        let present = self.languages();
        let all: u64 = present.iter().map(|(_, products)| products).sum();
        let english = present.iter().find(|(language, _)| *language == Language::English);
        english.is_some_and(|(_, products)| products * COMMON_LANGUAGE_PART >= all)
    }

    /// The languages in which the words of a query are looked for: those of many products, and those of few, in which only words
    /// are looked for that the others do not know. Stems of a language that hardly any product is in would otherwise make one
    /// word of different ones.
    fn asked(&self, language: Option<&str>) -> Asked {
        if let Some(code) = language {
            return Asked { common: vec![Language::of(code)], rare: Vec::new() };
        }
        let present = self.languages();
        let all: u64 = present.iter().map(|(_, products)| products).sum();
        let most = present.iter().take(limits::QUERY_LANGUAGES_MAX);
        let (common, rare): (Vec<_>, Vec<_>) = most.partition(|(_, products)| products * COMMON_LANGUAGE_PART >= all);
        let languages = |list: Vec<&(Language, u64)>| list.into_iter().map(|(language, _)| *language).collect();
        let mut asked = Asked { common: languages(common), rare: languages(rare) };
        if asked.common.is_empty() {
            asked.common.push(self.basis.primary);
        }
        asked
    }

    /// See [`crate::Index::find`].
    pub(crate) fn find(
        &self,
        query: &TextQuery<'_>,
        settings: &TextSettings,
        allowed: Option<&RoaringBitmap>,
    ) -> Result<Found, Fault> {
        let snapshot = self.snapshot();
        let searched = self.fields.searched(query.exclude_fields, &settings.searched);
        let rarities = Rarities { snapshot: &snapshot, fields: &searched };
        let asked = self.asked(query.language);
        let planner = Planner {
            languages: &asked.common,
            rare: &asked.rare,
            settings,
            known: &|word| rarities.products(word),
            together: &|words| rarities.any_has_all(words),
            ending_with: &|stem| self.ending_with(&snapshot, &rarities, stem).unwrap_or_default(),
        };
        let plan = planner.plan(query);
        let weighed = self.weighed(&searched);
        let clauses: Vec<WeighedClause<'_>> = plan.clauses.iter().map(|clause| rarities.weigh(clause)).collect();
        let code = query.language.map(base_code);
        let language = code.as_deref().map(|code| (self.fields.language, code));
        let segment = |at| Segment::new(&snapshot, at, &weighed, allowed, language);
        let segments: Vec<Segment<'_>> = (0..snapshot.segments.len()).map(segment).collect();
        let mut gathered = Gathered::default();
        let total = covered(&clauses, u64::MAX);
        for (at, segment) in segments.iter().enumerate() {
            if query.partial {
                let partly = segment.any(&clauses)?.into_iter().map(|mut partly| {
                    partly.met.score *= covered(&clauses, partly.clauses) / total;
                    partly
                });
                gathered.hits.extend(partly.map(|partly| Gathered::hit(at, segment, partly.met, partly.clauses)));
            } else {
                gathered.add(at, segment, segment.all(&clauses)?);
            }
        }
        let (mut met, rows) = gathered.best(query.best, every(clauses.len()));
        self.read_titles(&plan, &segments, &mut met)?;
        let hit = |met: GatheredHit| Hit {
            row: ProductRow(met.row),
            score: met.met.score.max(f32::MIN_POSITIVE),
            fields: met.met.fields,
            words: met.clauses,
        };
        let mut hits: Vec<Hit> = met.into_iter().map(hit).collect();
        if self.translations(&snapshot.searcher) > 0 {
            // Of a product and its translations the best.
            hits.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.row.cmp(&b.row)));
            let mut seen = FxHashSet::default();
            hits.retain(|hit| seen.insert(hit.row));
        } else {
            best_first(&mut hits);
        }
        let words: Vec<String> = plan.clauses.into_iter().map(|clause| clause.typed).collect();
        let mut found = Found { hits, rows, words, full: 0 };
        found.full = match query.partial {
            true => found.hits.iter().filter(|hit| found.is_full(hit)).count(),
            false => found.rows.len() as usize,
        };
        Ok(found)
    }

    /// The searched fields that any product has, by their numbers.
    fn weighed(&self, searched: &[SearchedField]) -> Vec<Option<WeighedField>> {
        let averages = self.lengths.averages();
        let mut weighed: Vec<Option<WeighedField>> = averages.iter().map(|_| None).collect();
        for field in searched.iter().filter(|field| averages[field.number] > 0.0) {
            weighed[field.number] = Some(WeighedField::new(field, averages[field.number]));
        }
        weighed
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Multiplies the scores of the best by what their titles add.
    fn read_titles(&self, plan: &Plan, segments: &[Segment<'_>], met: &mut [GatheredHit]) -> Result<(), Fault> {
        let depth = limits::TITLES_READ_MAX;
        if met.len() > depth {
            met.select_nth_unstable_by(depth, GatheredHit::order);
        }
        let count = depth.min(met.len());
        let best = &mut met[..count];
        best.sort_unstable_by_key(|hit| (hit.segment, hit.met.doc));
        let titles =
            Titles { written: self.fields.title_words, mentioned: self.fields.mentioned, kinds: self.fields.kinds };
        for run in best.chunk_by_mut(|a, b| a.segment == b.segment) {
            let docs: Vec<Met> = run.iter().map(|hit| hit.met).collect();
            let factors = segments[run[0].segment as usize].title_factors(titles, plan, &docs)?;
            run.iter_mut().zip(factors).for_each(|(hit, factor)| hit.met.score *= factor);
        }
        Ok(())
    }

    /// The stems of the catalogue that end with `stem` and begin with another word of it: `kinderschuh` for `schuh`.
    fn ending_with(
        &self,
        snapshot: &Snapshot,
        rarities: &Rarities<'_>,
        stem: &str,
    ) -> Result<Vec<String>, TantivyError> {
        const STEM_CHARS_MIN: usize = 4;
        const FIRST_CHARS_MIN: usize = 3;
        if stem.chars().count() < STEM_CHARS_MIN || !stem.chars().all(char::is_alphabetic) {
            return Ok(Vec::new());
        }
        let prefix = reversed(stem);
        let mut products_by_word: FxHashMap<String, u64> = FxHashMap::default();
        for segment in snapshot.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.compounds)?;
            let mut end = prefix.clone();
            end.push(char::MAX);
            let mut terms = index.terms().range().ge(prefix.as_bytes()).lt(end.as_bytes()).into_stream()?;
            let mut left = limits::COMPOUNDS_COMPARED_MAX;
            while left > 0 && terms.advance() {
                left -= 1;
                if let Ok(word) = std::str::from_utf8(terms.key()) {
                    *products_by_word.entry(reversed(word)).or_default() += u64::from(terms.value().doc_freq);
                }
            }
        }
        let languages: Vec<Language> = Language::ALL.into_iter().filter(|language| language.joins_words()).collect();
        let mut words: Vec<(u64, String)> =
            products_by_word.into_iter().map(|(word, products)| (products, word)).collect();
        words.sort_unstable_by(|a, b| b.cmp(a));
        let begins_with_word = |word: &str| {
            let first = &word[..word.len() - stem.len()];
            first.chars().count() >= FIRST_CHARS_MIN
                && one_word(first, &languages)
                    .is_some_and(|token| token.forms().any(|form| rarities.products(form) > 0))
        };
        words.retain(|(_, word)| begins_with_word(word));
        words.truncate(limits::COMPOUNDS_MAX);
        Ok(words.into_iter().map(|(_, word)| word).collect())
    }

    /// Documents that are a product in another language than its own; those deleted of late may count.
    fn translations(&self, searcher: &Searcher) -> u64 {
        searcher.doc_freq(&Term::from_field_text(self.fields.language, TRANSLATION)).unwrap_or(0)
    }

    /// See [`crate::Index::rows_in`].
    pub(crate) fn rows_in(&self, language: &str) -> Result<Arc<RoaringBitmap>, Fault> {
        let code = base_code(language);
        let known = self.rows_by_language.lock().unwrap_or_else(PoisonError::into_inner).get(&code).cloned();
        if let Some(rows) = known {
            return Ok(rows);
        }
        let searcher = self.reader.searcher();
        let mut rows = RoaringBitmap::new();
        for segment in searcher.segment_readers() {
            let column = segment.fast_fields().column_first_or_default::<u64>(ROW)?;
            let term = Term::from_field_text(self.fields.language, &code);
            let index = segment.inverted_index(self.fields.language)?;
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                if segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc)) {
                    rows.insert(u32::try_from(column.get_val(doc)).unwrap_or(u32::MAX));
                }
                postings.advance();
            }
        }
        let rows = Arc::new(rows);
        let mut all = self.rows_by_language.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < limits::LANGUAGES_KEPT_MAX {
            all.insert(code, rows.clone());
        }
        Ok(rows)
    }

    /// See [`crate::Index::products_with`].
    pub(crate) fn products_with(&self, word: &str) -> u64 {
        let searched = self.fields.searched(&[], &self.basis.searched);
        let snapshot = self.snapshot();
        let rarities = Rarities { snapshot: &snapshot, fields: &searched };
        let Some(token) = one_word(word, &self.asked(None).common) else { return 0 };
        token.forms().map(|form| rarities.products(form)).max().unwrap_or(0)
    }

    /// See [`crate::Index::size`].
    pub(crate) fn size(&self) -> Result<IndexSize, Fault> {
        let searcher = self.reader.searcher();
        let disk_bytes = searcher.space_usage()?.total().get_bytes();
        let products = searcher.num_docs().saturating_sub(self.translations(&searcher));
        Ok(IndexSize { products, disk_bytes, segments: searcher.segment_readers().len() })
    }
}

impl Drop for Generation {
    fn drop(&mut self) {
        if self.is_retired.load(Ordering::Acquire) {
            // The writer's lock lies in the folder.
            *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = None;
            if let Err(error) = fs::remove_dir_all(&self.folder) {
                tracing::warn!(folder = %self.folder.display(), %error, "an old search index could not be removed");
            }
        }
    }
}

/// Why an index on disk is not used. It is rebuilt from the store, so none of these is an error.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("there is none")]
    Missing,
    #[error("it is of another schema version or epoch")]
    Other,
    #[error("damaged files: {0:?}")]
    Damaged(Vec<PathBuf>),
    #[error("it cannot be opened: {0}")]
    Unreadable(#[from] TantivyError),
}

fn open_existing(
    folder: &Path,
    epoch: Uuid,
    fields: &Fields,
) -> Result<(tantivy::Index, u64, Language, u64), Unusable> {
    if !folder.join("meta.json").exists() {
        return Err(Unusable::Missing);
    }
    let index = tantivy::Index::open_in_dir(folder)?;
    let payload = index.load_metas()?.payload.unwrap_or_default();
    let (position, primary, fingerprint) =
        parse_payload(&payload, epoch).filter(|_| index.schema() == fields.schema).ok_or(Unusable::Other)?;
    let damaged = index.validate_checksum()?;
    if !damaged.is_empty() {
        return Err(Unusable::Damaged(damaged.into_iter().collect()));
    }
    index.tokenizers().register(WORD_TOKENIZER, WordTokenizer);
    // A reader opens every segment: what it stumbles over is damage too.
    let _: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok((index, position, primary, fingerprint))
}

fn writer(index: &tantivy::Index) -> Result<IndexWriter, TantivyError> {
    // One thread for each: the machine is for answering; a second indexing thread would also leave more and smaller segments.
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .num_merge_threads(1)
        .memory_budget_per_thread(limits::WRITER_HEAP_BYTES)
        .build();
    index.writer_with_options(options)
}

fn commit(writer: &mut IndexWriter, epoch: Uuid, position: u64, basis: &Basis) -> Result<(), TantivyError> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&format!(
        "{SCHEMA_VERSION} {epoch} {position} {} {}",
        basis.primary.code(),
        basis.fingerprint
    ));
    prepared.commit()?;
    Ok(())
}

/// The position, the primary language and the fingerprint of a payload written by [`commit`], if it is of this version and epoch.
fn parse_payload(payload: &str, epoch: Uuid) -> Option<(u64, Language, u64)> {
    let mut words = payload.split(' ');
    let version: u32 = words.next()?.parse().ok()?;
    let of: Uuid = words.next()?.parse().ok()?;
    let position = words.next()?.parse().ok()?;
    let primary = Language::of(words.next()?);
    let fingerprint = words.next()?.parse().ok()?;
    (version == SCHEMA_VERSION && of == epoch && words.next().is_none()).then_some((position, primary, fingerprint))
}
