//! What one commit made visible, opened once for all searches until the next commit.
//!
//! A search asks the dictionaries for some hundred words: those typed, their parts, what they mean too; each in every field of every
//! segment. So what the dictionaries say of a word is kept, and so are the open fields and the rows of each segment.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::postings::TermInfo;
use tantivy::{InvertedIndexReader, Searcher, SegmentReader, TantivyError};

use crate::fields::{Fields, ROW, TEXT_FIELD_COUNT};
use crate::kept::Kept;
use crate::limits;

/// The segments of one commit, and what was asked of their dictionaries.
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) segments: Vec<OpenSegment>,
    words: Mutex<Kept<Box<str>, Arc<WordPlaces>>>,
}

/// A segment with what every search opens of it.
pub(crate) struct OpenSegment {
    pub(crate) reader: SegmentReader,
    /// The fields of text by their numbers.
    pub(crate) text: Vec<OpenField>,
    /// The row of each document.
    rows: Arc<[u32]>,
}

/// A field of text of one segment.
pub(crate) struct OpenField {
    pub(crate) index: Arc<InvertedIndexReader>,
    pub(crate) lengths: FieldNormReader,
}

/// Where a word stands.
#[derive(Default)]
pub(crate) struct WordPlaces {
    /// Its posting lists, by segment and the number of the field, rising.
    lists: Vec<(u32, u8, TermInfo)>,
    /// In how many products it stands, by the number of the field; those deleted of late may count.
    products: [u32; TEXT_FIELD_COUNT],
}

impl Snapshot {
    /// Opens what `searcher` sees; segments that `former` has open already are taken from there.
    pub(crate) fn open(
        searcher: Searcher,
        fields: &Fields,
        former: Option<&Snapshot>,
    ) -> Result<Snapshot, TantivyError> {
        let known: FxHashMap<SegmentId, &OpenSegment> =
            former.iter().flat_map(|former| &former.segments).map(|open| (open.reader.segment_id(), open)).collect();
        let open = |reader: &SegmentReader| {
            let rows = match known.get(&reader.segment_id()) {
                Some(open) => open.rows.clone(),
                None => read_rows(reader)?,
            };
            let open_field = |field: &tantivy::schema::Field| {
                let lengths = reader.get_fieldnorms_reader(*field)?;
                Ok(OpenField { index: reader.inverted_index(*field)?, lengths })
            };
            let text = fields.text().iter().map(open_field).collect::<Result<_, TantivyError>>()?;
            Ok(OpenSegment { reader: reader.clone(), text, rows })
        };
        let segments = searcher.segment_readers().iter().map(open).collect::<Result<_, TantivyError>>()?;
        let words = Mutex::new(Kept::new(limits::POSTING_LISTS_KEPT_MAX));
        Ok(Snapshot { searcher, segments, words })
    }

    /// Where a word stands, in whichever field.
    ///
    /// # Errors
    /// A fault of the disk.
    pub(crate) fn places(&self, word: &str) -> Result<Arc<WordPlaces>, TantivyError> {
        let kept = self.words.lock().unwrap_or_else(PoisonError::into_inner).get(word);
        if let Some(places) = kept {
            return Ok(places);
        }
        let mut places = WordPlaces::default();
        for (at, segment) in self.segments.iter().enumerate() {
            for (number, field) in segment.text.iter().enumerate() {
                let terms = field.index.terms();
                if terms.num_terms() > 0
                    && let Some(list) = terms.get(word)?
                {
                    places.products[number] += list.doc_freq;
                    places.lists.push((at as u32, number as u8, list));
                }
            }
        }
        places.lists.shrink_to_fit();
        let places = Arc::new(places);
        let weight = 1 + places.lists.len();
        self.words.lock().unwrap_or_else(PoisonError::into_inner).keep(word.into(), places.clone(), weight);
        Ok(places)
    }
}

impl OpenSegment {
    /// The row of a document.
    pub(crate) fn row(&self, doc: u32) -> u32 {
        self.rows.get(doc as usize).copied().unwrap_or(u32::MAX)
    }
}

impl WordPlaces {
    /// Its posting lists in a segment, with the numbers of their fields, which rise.
    pub(crate) fn within(&self, segment: usize) -> impl Iterator<Item = (usize, &TermInfo)> {
        let from = self.lists.partition_point(|(at, ..)| (*at as usize) < segment);
        let of_segment = self.lists[from..].iter().take_while(move |(at, ..)| *at as usize == segment);
        of_segment.map(|(_, field, list)| (usize::from(*field), list))
    }

    /// In how many products it stands in the field of this number.
    pub(crate) fn products(&self, field: usize) -> u64 {
        u64::from(self.products[field])
    }
}

fn read_rows(reader: &SegmentReader) -> Result<Arc<[u32]>, TantivyError> {
    let column = reader.fast_fields().column_first_or_default::<u64>(ROW)?;
    let row = |doc| u32::try_from(column.get_val(doc)).unwrap_or(u32::MAX);
    Ok((0..reader.max_doc()).map(row).collect())
}
