use super::{function_words, stems};

/// A language whose words Tamari can bring to one form.
///
/// Any other language is [`Language::Other`]: its words are compared folded, without stems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Language {
    #[default]
    English,
    French,
    German,
    Spanish,
    Italian,
    Dutch,
    Portuguese,
    Russian,
    Ukrainian,
    Chinese,
    Japanese,
    Korean,
    Other,
}

use Language::*;

impl Language {
    /// Every language with an analysis of its own.
    pub const ALL: [Language; 12] =
        [English, French, German, Spanish, Italian, Dutch, Portuguese, Russian, Ukrainian, Chinese, Japanese, Korean];

    /// The two letters of ISO 639-1; `und` for [`Language::Other`].
    pub const fn code(self) -> &'static str {
        match self {
            English => "en",
            French => "fr",
            German => "de",
            Spanish => "es",
            Italian => "it",
            Dutch => "nl",
            Portuguese => "pt",
            Russian => "ru",
            Ukrainian => "uk",
            Chinese => "zh",
            Japanese => "ja",
            Korean => "ko",
            Other => "und",
        }
    }

    /// The language of a code such as `de`, `de-AT` or `zh_Hant`, in any case; [`Language::Other`] for one that has no
    /// analysis of its own.
    pub fn of(code: &str) -> Language {
        let code = base_code(code);
        Language::ALL.into_iter().find(|language| language.code() == code).unwrap_or(Other)
    }

    /// The stem of a folded word.
    pub(crate) fn stem(self, word: &mut String) {
        match self {
            English => stems::english(word),
            French => stems::french(word),
            German => stems::german(word),
            Spanish => stems::spanish(word),
            Italian => stems::italian(word),
            Dutch => stems::dutch(word),
            Portuguese => stems::portuguese(word),
            Russian => stems::russian(word),
            Ukrainian => stems::ukrainian(word),
            Chinese | Japanese | Korean | Other => {}
        }
    }

    /// Whether words are written as one that other languages write apart: `Kinderschuhe`.
    pub(crate) fn joins_words(self) -> bool {
        matches!(self, German | Dutch)
    }

    /// Words that bind others and name nothing, folded.
    pub fn stop_words(self) -> &'static [&'static str] {
        function_words::of(self)
    }
}

/// The part of a language's code before the region or the script, in lower case: `zh` for `zh-Hant`.
pub(crate) fn base_code(code: &str) -> String {
    code.split(['-', '_']).next().unwrap_or_default().trim().to_ascii_lowercase()
}
