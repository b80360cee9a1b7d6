use super::{Catalogue, Completion, Judgements};

/// Titles that are typed, spread evenly over the catalogue.
const TITLES: usize = 300;
/// Words of a title that are typed.
const TITLE_WORDS: usize = 4;

/// A text typed character by character until what is wanted stands among the completions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Saved {
    /// Characters that need not be typed, over the characters of the text: 0 where it must be typed to its end, less than 1.
    pub share: f64,
    /// Whether what is wanted was offered before the text was typed to its end.
    pub offered: bool,
}

/// Types `text` from its first character on, and stops as soon as `is_offered` says of what was typed that the wanted product, or the
/// text itself, stands among what is offered. What was typed to the end saves nothing. O(characters) questions.
pub fn saved(text: &str, mut is_offered: impl FnMut(&str) -> bool) -> Saved {
    let ends: Vec<usize> = text.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
    let all = ends.len();
    // What is offered with the last character saves none.
    let needed = ends.iter().take(all.saturating_sub(1)).position(|end| is_offered(&text[..*end]));
    match needed {
        Some(place) => Saved { share: (all - place - 1) as f64 / all as f64, offered: true },
        None => Saved::default(),
    }
}

/// The mean of the shares; 0 for none.
pub fn mean_share(all: &[Saved]) -> f64 {
    all.iter().map(|one| one.share).sum::<f64>() / all.len().max(1) as f64
}

/// The text with one slip of the finger, as people make them when they type: two neighbouring letters in the wrong order, in the middle
/// of its longest word. `None` where no word has four letters.
pub fn with_slip(text: &str) -> Option<String> {
    let word = text.split(' ').max_by_key(|word| word.chars().count()).filter(|word| word.chars().count() >= 4)?;
    let mut letters: Vec<char> = word.chars().collect();
    let middle = letters.len() / 2;
    letters.swap(middle - 1, middle);
    let slipped: String = letters.into_iter().collect();
    (slipped != word).then(|| text.replacen(word, &slipped, 1))
}

/// A text to type, and what is wanted by it.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// What is typed.
    pub text: String,
    /// The products that are wanted; the text itself always is.
    pub product_ids: Vec<String>,
}

/// What completion saves, as the mean share of the characters of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CompletionFigures {
    /// Texts that were typed.
    pub texts: usize,
    /// Of texts as they are.
    pub clean: f64,
    /// Of texts with one slip; see [`with_slip`].
    pub slipped: f64,
}

impl Typed {
    /// The judged queries, each with the products that people thought best.
    pub fn queries(judgements: &Judgements) -> Vec<Typed> {
        let owned = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect();
        judgements.wanted().map(|(query, best)| Typed { text: query.to_owned(), product_ids: owned(best) }).collect()
    }

    /// Titles up to their fourth word, some 300 spread evenly over the catalogue.
    pub fn titles(catalogue: &Catalogue) -> Vec<Typed> {
        let products = catalogue.products();
        let one = |product: &record::Product| {
            let words: Vec<&str> = product.title.as_deref()?.split_whitespace().take(TITLE_WORDS).collect();
            (!words.is_empty()).then(|| Typed { text: words.join(" "), product_ids: vec![product.product_id.clone()] })
        };
        products.iter().step_by((products.len() / TITLES).max(1)).filter_map(one).collect()
    }
}

impl CompletionFigures {
    /// Types all the texts, each as it is and with one slip.
    ///
    /// # Errors
    /// The first of `complete`.
    pub fn measure<E>(
        typed: &[Typed],
        mut complete: impl FnMut(&str) -> Result<Vec<Completion>, E>,
    ) -> Result<CompletionFigures, E> {
        let (mut clean, mut slipped) = (Vec::new(), Vec::new());
        let mut fault = None;
        for one in typed {
            let wanted = one.text.to_lowercase();
            let is_wanted = |completion: &Completion| {
                one.product_ids.contains(&completion.product_id) || completion.text.to_lowercase() == wanted
            };
            let mut is_offered = |so_far: &str| match complete(so_far) {
                Ok(completions) => completions.iter().any(is_wanted),
                // What is left need not be typed.
                Err(error) => fault.replace(error).is_none(),
            };
            clean.push(saved(&one.text, &mut is_offered));
            slipped.extend(with_slip(&one.text).map(|text| saved(&text, &mut is_offered)));
            if let Some(fault) = fault.take() {
                return Err(fault);
            }
        }
        Ok(CompletionFigures { texts: typed.len(), clean: mean_share(&clean), slipped: mean_share(&slipped) })
    }
}

#[cfg(test)]
mod tests {
    //! Properties: the share is that of the characters left when it was offered; what is never offered, or with the last character, saves
    //! nothing; characters count, not bytes.

    use super::*;

    #[test]
    fn what_is_offered_early_saves_the_rest() {
        let offered_at = |text: &str, typed: &str| saved(text, |so_far| so_far == typed);
        assert_eq!(offered_at("tent", "t"), Saved { share: 0.75, offered: true });
        assert_eq!(offered_at("été", "ét"), Saved { share: 1.0 / 3.0, offered: true });
        assert_eq!(offered_at("tent", "tent"), Saved::default());
        assert_eq!(offered_at("", ""), Saved::default());
        assert_eq!(mean_share(&[offered_at("tent", "t"), Saved::default()]), 0.375);
        assert_eq!(mean_share(&[]), 0.0);
    }

    #[test]
    fn a_slip_keeps_the_letters() {
        assert_eq!(with_slip("red lamp").as_deref(), Some("red lmap"));
        assert_eq!(with_slip("a b"), None);
    }
}
