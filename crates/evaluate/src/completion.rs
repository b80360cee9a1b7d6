//! How much typing completion saves.

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
