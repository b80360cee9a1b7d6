use super::field::ValueIndex;

/// In how many titles words stand together: the context that spelling goes by.
#[derive(Clone, Copy)]
pub(crate) struct Titles<'a> {
    pub(super) values: Option<&'a ValueIndex>,
}

impl Titles<'_> {
    /// Titles with this word.
    pub(crate) fn with(self, word: &str) -> u64 {
        self.values.and_then(|values| values.with(word)).map_or(0, |titles| titles.len())
    }

    /// Titles with both words.
    pub(crate) fn with_both(self, one: &str, other: &str) -> u64 {
        let Some(values) = self.values else { return 0 };
        match (values.with(one), values.with(other)) {
            (Some(one), Some(other)) => one.intersection_len(other),
            _ => 0,
        }
    }

    /// Titles with all the words.
    pub(crate) fn with_all<'b>(self, words: impl Iterator<Item = &'b str>) -> u64 {
        let Some(values) = self.values else { return 0 };
        let mut all: Option<roaring::RoaringBitmap> = None;
        for word in words {
            let Some(titles) = values.with(word) else { return 0 };
            all = Some(match all {
                None => titles.clone(),
                Some(all) => all & titles,
            });
        }
        all.map_or(0, |all| all.len())
    }
}
