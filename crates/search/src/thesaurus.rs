//! What shoppers call things: words that mean the same in every shop, in force beside the shop's own synonyms.

use std::sync::OnceLock;

use crate::Synonyms;
use crate::analysis::Language;

/// The meanings of one language's words.
pub(crate) struct Thesaurus {
    /// Those that hold everywhere.
    sure: Synonyms,
    /// Those of words that mean several things: they hold where a product of the catalogue has both words.
    likely: Synonyms,
}

const TEXTS: [(Language, &str); 6] = [
    (Language::English, include_str!("thesaurus/en.txt")),
    (Language::German, include_str!("thesaurus/de.txt")),
    (Language::French, include_str!("thesaurus/fr.txt")),
    (Language::Spanish, include_str!("thesaurus/es.txt")),
    (Language::Italian, include_str!("thesaurus/it.txt")),
    (Language::Dutch, include_str!("thesaurus/nl.txt")),
];

/// Stands before a line of words that mean several things.
const LIKELY: char = '?';

impl Thesaurus {
    /// The thesaurus of a language, where there is one. It is read on the first call, some milliseconds.
    pub(crate) fn of(language: Language) -> Option<&'static Thesaurus> {
        static ALL: OnceLock<Vec<(Language, Thesaurus)>> = OnceLock::new();
        let all =
            ALL.get_or_init(|| TEXTS.into_iter().map(|(language, text)| (language, Thesaurus::read(text))).collect());
        all.iter().find(|(of, _)| *of == language).map(|(_, thesaurus)| thesaurus)
    }

    /// Whether a folded word stands by itself in the thesaurus of any language: nobody misspelt it.
    pub(crate) fn any_has_word(word: &str) -> bool {
        TEXTS.iter().filter_map(|(language, _)| Thesaurus::of(*language)).any(|thesaurus| thesaurus.has_word(word))
    }

    fn read(text: &str) -> Thesaurus {
        let (likely, sure): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with(LIKELY));
        let parse = |lines: Vec<&str>| {
            let lines: Vec<&str> = lines.into_iter().map(|line| line.trim_start_matches(LIKELY)).collect();
            Synonyms::parse(&lines.join("\n")).expect("a test reads the thesaurus")
        };
        Thesaurus { sure: parse(sure), likely: parse(likely) }
    }

    /// What these words (stems with single spaces) mean too, each with whether it holds everywhere.
    pub(crate) fn meanings<'a>(&'a self, stems: &str) -> impl Iterator<Item = (&'a str, bool)> {
        let sure = self.sure.meanings(stems).map(|meaning| (meaning, true));
        sure.chain(self.likely.meanings(stems).map(|meaning| (meaning, false)))
    }

    /// Words of the longest phrase that has a meaning.
    pub(crate) fn words_max(&self) -> usize {
        self.sure.words_max().max(self.likely.words_max())
    }

    fn has_word(&self, word: &str) -> bool {
        // Stems alone would take a word without its last letter for one.
        [&self.sure, &self.likely].into_iter().any(|synonyms| synonyms.names(word) && synonyms.has_word(word))
    }
}

#[cfg(test)]
mod tests {
    //! Properties: every file is read whole; a word has its meanings in one direction or in both.

    use super::*;

    #[test]
    fn every_language_is_read() {
        for (language, _) in TEXTS {
            assert!(Thesaurus::of(language).unwrap_or_else(|| panic!("{language:?}")).words_max() > 1);
        }
        assert!(Thesaurus::of(Language::Korean).is_none());
        let english = Thesaurus::of(Language::English).expect("there is one");
        let of = |stems| english.meanings(stems).map(|(meaning, _)| meaning).collect::<Vec<_>>();
        assert!(of("tv").contains(&"television") && of("television").contains(&"tv"));
        assert!(of("laptop").contains(&"chromebook") && !of("chromebook").contains(&"laptop"));
        assert!(english.meanings("laptop").any(|meaning| meaning == ("notebook", false)));
        assert!(english.has_word("couch") && !english.has_word("couhc") && !english.has_word("microwav"));
    }
}
