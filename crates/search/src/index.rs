use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use record::Product;
use roaring::RoaringBitmap;
use state::ProductRow;
use tantivy::error::TantivyError;
use tantivy::indexer::IndexWriterOptions;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, Term};
use uuid::Uuid;

use crate::Fault;
use crate::analysis::FoldingTokenizer;
use crate::fields::{self, Fields, MatchedField, ROW, SCHEMA_VERSION, TOKENIZER, WORD_TOKENIZER};
use crate::lengths::Lengths;
use crate::limits;
use crate::plan::{Plan, plan};
use crate::rarity::{Rarities, covered};
use crate::score::{Met, Segment, WeighedClause, WeighedField};
use crate::words::{TextWords, WordTokenizer};

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

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Best first, ties by row.
    pub hits: Vec<Hit>,
    /// The words of the query as typed, lower case; a compound is one.
    pub words: Vec<String>,
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
pub struct Index {
    epoch: Uuid,
    fields: Fields,
    index: tantivy::Index,
    reader: IndexReader,
    /// `None` after a fault, until the next update begins a new one.
    writer: Mutex<Option<IndexWriter>>,
    position: AtomicU64,
    lengths: Lengths,
    pub(crate) text_words: TextWords,
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
        fs::create_dir_all(folder)?;
        let fields = Fields::new();
        match open_existing(folder, epoch, &fields) {
            Ok((index, position)) => {
                let writer = writer(&index)?;
                Index::over(index, writer, fields, epoch, position)
            }
            Err(reason) => {
                tracing::info!(folder = %folder.display(), %reason, "begins an empty search index");
                let (index, writer) = create(folder, epoch, &fields)?;
                Index::over(index, writer, fields, epoch, 0)
            }
        }
    }

    fn over(
        index: tantivy::Index,
        writer: IndexWriter,
        fields: Fields,
        epoch: Uuid,
        position: u64,
    ) -> Result<Index, Fault> {
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let lengths = Lengths::default();
        let text_words = TextWords::default();
        lengths.refresh(&reader.searcher(), &fields)?;
        text_words.refresh(&reader.searcher(), fields.words)?;
        let writer = Mutex::new(Some(writer));
        Ok(Index { epoch, fields, index, reader, writer, position: AtomicU64::new(position), lengths, text_words })
    }

    /// The log position up to which the products are in; 0 for an empty index.
    pub fn position(&self) -> u64 {
        self.position.load(Ordering::Acquire)
    }

    /// Puts products in (in the place of the same rows), takes rows out, and makes that visible: one commit.
    ///
    /// Of a row put twice the last product stays; a row both put and deleted is out. A commit waits for the disk, 10 to 70 ms whatever
    /// its size, so gather changes.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; then nothing of it is visible.
    pub fn update(&self, puts: &[(ProductRow, &Product)], deletes: &[ProductRow], position: u64) -> Result<(), Fault> {
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut current = match slot.take() {
            Some(current) => current,
            None => writer(&self.index)?,
        };
        // On an error the writer is dropped, which discards what it has not committed.
        self.write(&mut current, puts, deletes, position)?;
        *slot = Some(current);
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        self.lengths.refresh(&searcher, &self.fields)?;
        self.text_words.refresh(&searcher, self.fields.words)?;
        self.position.store(position, Ordering::Release);
        Ok(())
    }

    fn write(
        &self,
        writer: &mut IndexWriter,
        puts: &[(ProductRow, &Product)],
        deletes: &[ProductRow],
        position: u64,
    ) -> Result<(), TantivyError> {
        for (row, product) in puts {
            writer.delete_term(self.row_term(*row));
            writer.add_document(self.fields.document(*row, product))?;
        }
        for row in deletes {
            writer.delete_term(self.row_term(*row));
        }
        commit(writer, self.epoch, position)
    }

    fn row_term(&self, row: ProductRow) -> Term {
        Term::from_field_u64(self.fields.row, u64::from(row.0))
    }

    /// Every product that has all the words, in rows among `allowed` where given; best first, ties by row.
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
        let searcher = self.reader.searcher();
        let searched = self.fields.searched(query.exclude_fields);
        let rarities = Rarities { searcher: &searcher, fields: &searched };
        let plan = plan(query, &|word| rarities.products(word));
        let averages = self.lengths.averages();
        let weighed: Vec<WeighedField> =
            searched.iter().map(|field| WeighedField::new(field, averages[field.number])).collect();
        let clauses: Vec<WeighedClause<'_>> = plan.clauses.iter().map(|clause| rarities.weigh(clause)).collect();
        let segments: Vec<Segment<'_>> = searcher
            .segment_readers()
            .iter()
            .map(|reader| Segment::new(reader, &weighed, ROW, allowed))
            .collect::<Result<_, _>>()?;
        let total: f32 = clauses.iter().map(WeighedClause::rarity).sum();
        let mut met: Vec<(usize, u32, Met)> = Vec::new();
        for (at, segment) in segments.iter().enumerate() {
            let mut found = if query.partial { segment.any(&clauses)? } else { segment.all(&clauses)? };
            if query.partial {
                for met in &mut found {
                    met.score *= covered(&clauses, met.clauses) / total;
                }
            }
            met.extend(found.into_iter().map(|met| (at, segment.row(met.doc), met)));
        }
        self.read_titles(&plan, &segments, &mut met)?;
        let hit = |(_, row, met): (usize, u32, Met)| Hit {
            row: ProductRow(row),
            score: met.score.max(f32::MIN_POSITIVE),
            fields: met.fields,
            words: met.clauses,
        };
        let mut hits: Vec<Hit> = met.into_iter().map(hit).collect();
        hits.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.row.cmp(&b.row)));
        Ok(Found { hits, words: plan.clauses.into_iter().map(|clause| clause.typed).collect() })
    }

    /// Multiplies the scores of the best by what their titles add.
    fn read_titles(&self, plan: &Plan, segments: &[Segment<'_>], met: &mut [(usize, u32, Met)]) -> Result<(), Fault> {
        let depth = limits::TITLES_READ_MAX;
        if met.len() > depth {
            met.select_nth_unstable_by(depth, |a, b| b.2.score.total_cmp(&a.2.score).then(a.1.cmp(&b.1)));
        }
        let count = depth.min(met.len());
        let best = &mut met[..count];
        best.sort_unstable_by_key(|(segment, _, met)| (*segment, met.doc));
        for run in best.chunk_by_mut(|a, b| a.0 == b.0) {
            let docs: Vec<u32> = run.iter().map(|(_, _, met)| met.doc).collect();
            let factors = segments[run[0].0].title_factors(self.fields.title(), plan, &docs)?;
            run.iter_mut().zip(factors).for_each(|((_, _, met), factor)| met.score *= factor);
        }
        Ok(())
    }

    /// In how many products the word stands, in any field, in the form that the index holds it in; those deleted of late
    /// may count. 0 for what is not one word. Some microseconds.
    pub fn products_with(&self, word: &str) -> u64 {
        let searched = self.fields.searched(&[]);
        let searcher = self.reader.searcher();
        let rarities = Rarities { searcher: &searcher, fields: &searched };
        crate::analysis::one_word(word).map_or(0, |word| rarities.products(&word))
    }

    /// How large the index is now.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn size(&self) -> Result<IndexSize, Fault> {
        let searcher = self.reader.searcher();
        let disk_bytes = searcher.space_usage()?.total().get_bytes();
        Ok(IndexSize { products: searcher.num_docs(), disk_bytes, segments: searcher.segment_readers().len() })
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

fn open_existing(folder: &Path, epoch: Uuid, fields: &Fields) -> Result<(tantivy::Index, u64), Unusable> {
    if !folder.join("meta.json").exists() {
        return Err(Unusable::Missing);
    }
    let index = tantivy::Index::open_in_dir(folder)?;
    let payload = index.load_metas()?.payload.unwrap_or_default();
    let position = parse_payload(&payload, epoch).filter(|_| index.schema() == fields.schema).ok_or(Unusable::Other)?;
    let damaged = index.validate_checksum()?;
    if !damaged.is_empty() {
        return Err(Unusable::Damaged(damaged.into_iter().collect()));
    }
    register_tokenizers(&index);
    // A reader opens every segment: what it stumbles over is damage too.
    let _: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok((index, position))
}

fn create(folder: &Path, epoch: Uuid, fields: &Fields) -> Result<(tantivy::Index, IndexWriter), Fault> {
    // Emptied but not removed: the folder itself may be a mount, and its permissions are the owner's. An index is flat.
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.is_dir() {
            fs::remove_file(&path)?;
        }
    }
    let index = tantivy::Index::create_in_dir(folder, fields.schema.clone())?;
    register_tokenizers(&index);
    let mut writer = writer(&index)?;
    commit(&mut writer, epoch, 0)?;
    Ok((index, writer))
}

fn register_tokenizers(index: &tantivy::Index) {
    index.tokenizers().register(TOKENIZER, FoldingTokenizer);
    index.tokenizers().register(WORD_TOKENIZER, WordTokenizer);
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

fn commit(writer: &mut IndexWriter, epoch: Uuid, position: u64) -> Result<(), TantivyError> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&format!("{SCHEMA_VERSION} {epoch} {position}"));
    prepared.commit()?;
    Ok(())
}

/// The position of a payload written by [`commit`], if it is of this version and epoch.
fn parse_payload(payload: &str, epoch: Uuid) -> Option<u64> {
    let mut words = payload.split(' ');
    let version: u32 = words.next()?.parse().ok()?;
    let of: Uuid = words.next()?.parse().ok()?;
    let position = words.next()?.parse().ok()?;
    (version == SCHEMA_VERSION && of == epoch && words.next().is_none()).then_some(position)
}
