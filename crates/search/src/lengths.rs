use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::{Searcher, TantivyError};

use crate::fields::{Fields, TEXT_FIELD_COUNT};

/// How many words the fields of the products have, on average over the products that have the field.
///
/// Averages over all products, which tantivy knows by itself, would take the title of a lone subtitle for a long one.
/// Each segment is read once, since segments do not change.
#[derive(Default)]
pub(crate) struct Lengths {
    by_segment: Mutex<FxHashMap<SegmentId, [Sum; TEXT_FIELD_COUNT]>>,
    averages: Mutex<Arc<[f32; TEXT_FIELD_COUNT]>>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    words: u64,
    products: u64,
}

impl Lengths {
    /// By the fields' numbers; 0 where no product has the field.
    pub(crate) fn averages(&self) -> Arc<[f32; TEXT_FIELD_COUNT]> {
        self.averages.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the segments that are new, and forgets those that have gone.
    pub(crate) fn refresh(&self, searcher: &Searcher, fields: &Fields) -> Result<(), TantivyError> {
        let mut by_segment = self.by_segment.lock().unwrap_or_else(PoisonError::into_inner);
        let mut present = FxHashMap::default();
        let mut all = [Sum::default(); TEXT_FIELD_COUNT];
        for segment in searcher.segment_readers() {
            let sums = match by_segment.get(&segment.segment_id()) {
                Some(sums) => *sums,
                None => {
                    let mut sums = [Sum::default(); TEXT_FIELD_COUNT];
                    for (field, sum) in fields.text().iter().zip(&mut sums) {
                        *sum = read(&segment.get_fieldnorms_reader(*field)?);
                    }
                    sums
                }
            };
            for (all, sum) in all.iter_mut().zip(sums) {
                all.words += sum.words;
                all.products += sum.products;
            }
            present.insert(segment.segment_id(), sums);
        }
        *by_segment = present;
        let averages = all.map(|sum| sum.words as f32 / sum.products.max(1) as f32);
        *self.averages.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(averages);
        Ok(())
    }
}

fn read(lengths: &FieldNormReader) -> Sum {
    let mut sum = Sum::default();
    for doc in 0..lengths.num_docs() {
        let length = lengths.fieldnorm(doc);
        sum.words += u64::from(length);
        sum.products += u64::from(length > 0);
    }
    sum
}
