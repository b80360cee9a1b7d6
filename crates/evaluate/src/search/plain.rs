use std::collections::HashMap;

/// Textbook BM25 (k1 = 1.2, b = 0.75) over one text per document, words in lower case, any word is enough.
pub struct Bm25 {
    counts_by_word: HashMap<String, Vec<(usize, f64)>>,
    lengths: Vec<f64>,
    average: f64,
}

const K1: f64 = 1.2;
const B: f64 = 0.75;

impl Bm25 {
    /// Over these texts, in their order.
    pub fn over(texts: impl Iterator<Item = String>) -> Bm25 {
        let mut counts_by_word: HashMap<String, Vec<(usize, f64)>> = HashMap::new();
        let mut lengths = Vec::new();
        for (document, text) in texts.enumerate() {
            let mut length = 0.0;
            for word in words(&text) {
                length += 1.0;
                let counts = counts_by_word.entry(word).or_default();
                match counts.last_mut() {
                    Some((last, count)) if *last == document => *count += 1.0,
                    _ => counts.push((document, 1.0)),
                }
            }
            lengths.push(length);
        }
        let average = lengths.iter().sum::<f64>() / lengths.len().max(1) as f64;
        Bm25 { counts_by_word, lengths, average }
    }

    /// The places of the best documents, ties by place.
    pub fn search(&self, query: &str, count: usize) -> Vec<usize> {
        let all = self.lengths.len() as f64;
        let mut scores: HashMap<usize, f64> = HashMap::new();
        for word in words(query) {
            let Some(counts) = self.counts_by_word.get(&word) else { continue };
            let with = counts.len() as f64;
            let rarity = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
            for (document, count) in counts {
                let length = 1.0 - B + B * self.lengths[*document] / self.average;
                *scores.entry(*document).or_insert(0.0) += rarity * count * (K1 + 1.0) / (count + K1 * length);
            }
        }
        let mut best: Vec<(usize, f64)> = scores.into_iter().collect();
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        best.into_iter().take(count).map(|(document, _)| document).collect()
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}
