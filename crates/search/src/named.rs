//! Titles that name a thing in other words than were typed: *solid state drive* for `ssd`.

use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TantivyError, Term};

use crate::fields::TITLE;
use crate::score::{Titles, stands_at};
use crate::snapshot::OpenSegment;

/// A phrase of stems as the titles of one segment may name it.
pub(crate) struct Name {
    words: Vec<SegmentPostings>,
    /// The titles that only mention its last word.
    mentioned: Option<SegmentPostings>,
}

impl Name {
    /// Those of the phrases, stems with single spaces, whose words all stand in titles of the segment.
    pub(crate) fn all(segment: &OpenSegment, titles: Titles, phrases: &[String]) -> Result<Vec<Name>, TantivyError> {
        let stems = &segment.text[TITLE].index;
        let mentioned = segment.reader.inverted_index(titles.mentioned)?;
        let mut names = Vec::with_capacity(phrases.len());
        for phrase in phrases {
            let mut words = Vec::new();
            for word in phrase.split(' ') {
                let list = stems.terms().get(word)?;
                let option = IndexRecordOption::WithFreqsAndPositions;
                words.push(list.map(|list| stems.read_postings_from_terminfo(&list, option)).transpose()?);
            }
            let Some(words) = words.into_iter().collect::<Option<Vec<_>>>() else { continue };
            let last = phrase.rsplit(' ').next().unwrap_or_default();
            let term = Term::from_field_text(titles.mentioned, last);
            names.push(Name { words, mentioned: mentioned.read_postings(&term, IndexRecordOption::Basic)? });
        }
        Ok(names)
    }

    /// Whether the title of the document has the words side by side, and does not only mention their last. Documents must rise from
    /// call to call.
    pub(crate) fn stands_in(&mut self, doc: DocId) -> bool {
        if !self.words.iter_mut().all(|word| stands_at(word, doc)) {
            return false;
        }
        let (mut ends, mut next) = (Vec::new(), Vec::new());
        for (at, word) in self.words.iter_mut().enumerate() {
            word.positions(&mut next);
            if at > 0 {
                next.retain(|place| place.checked_sub(1).is_some_and(|before| ends.contains(&before)));
            }
            std::mem::swap(&mut ends, &mut next);
        }
        !ends.is_empty() && !self.mentioned.as_mut().is_some_and(|titles| stands_at(titles, doc))
    }
}
