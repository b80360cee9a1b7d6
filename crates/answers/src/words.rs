//! Text to words, the same way for pages and for questions.
//!
//! Lower case, without accents; a light English stem, so that `charging`, `charged` and `charge` are one word. Text
//! that is written without spaces becomes pairs of characters.

use unicode_normalization::UnicodeNormalization as _;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// What is compared.
    pub(crate) stem: String,
    /// As folded, with its ending.
    pub(crate) folded: String,
    /// Where it stands in the text.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The words of `text`, in order.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        if !c.is_alphanumeric() {
            continue;
        }
        if is_unspaced(c) {
            pairs(text, start, &mut rest, &mut found);
            continue;
        }
        let mut end = start + c.len_utf8();
        let mut last = c;
        while let Some(&(at, next)) = rest.peek() {
            let part_of_number = matches!(next, '.' | ',')
                && last.is_ascii_digit()
                && text[at + 1..].starts_with(|c: char| c.is_ascii_digit());
            let accent = ('\u{300}'..='\u{36f}').contains(&next);
            if (!next.is_alphanumeric() && !part_of_number && !accent) || is_unspaced(next) {
                break;
            }
            end = at + next.len_utf8();
            last = next;
            rest.next();
        }
        let folded = fold(&text[start..end]);
        if !folded.is_empty() {
            found.push(Word { stem: stem(&folded), folded, start, end });
        }
    }
    found
}

type Chars<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

/// Every two neighbours of a run of unspaced characters; a single one is a word of its own.
fn pairs(text: &str, start: usize, rest: &mut Chars<'_>, found: &mut Vec<Word>) {
    let mut places = vec![start];
    while let Some((at, _)) = rest.next_if(|&(_, c)| is_unspaced(c)) {
        places.push(at);
    }
    let end_of = |place: usize| place + text[place..].chars().next().map_or(0, char::len_utf8);
    let mut push = |start: usize, end: usize| {
        let pair = text[start..end].to_owned();
        found.push(Word { stem: pair.clone(), folded: pair, start, end });
    };
    if let [only] = places[..] {
        push(only, end_of(only));
    }
    for pair in places.windows(2) {
        push(pair[0], end_of(pair[1]));
    }
}

/// Han, kana, Hangul, Thai: scripts whose words are not parted by spaces, or carry endings of their own.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ffff}')
}

/// Lower case without accents.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let plain = text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c));
    plain.flat_map(char::to_lowercase).collect::<String>().replace('ß', "ss")
}

/// Takes the endings off that English puts on nouns and verbs. Coarse on purpose: it is the same on both sides.
fn stem(word: &str) -> String {
    let letters = word.len();
    if letters < 4 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let mut stem = word;
    if let Some(base) = word.strip_suffix("ies").filter(|_| letters > 4) {
        return format!("{base}y");
    }
    if let Some(base) = word.strip_suffix('s').filter(|base| !base.ends_with(['s', 'u', 'i'])) {
        stem = base;
    }
    for ending in ["ing", "ed"] {
        if let Some(base) = stem.strip_suffix(ending)
            && base.len() >= 3
            && base.bytes().any(|b| b"aeiouy".contains(&b))
        {
            let bytes = base.as_bytes();
            let doubled =
                bytes[bytes.len() - 1] == bytes[bytes.len() - 2] && !base.ends_with(['l', 's', 'z', 'e', 'o']);
            stem = if doubled { &base[..base.len() - 1] } else { base };
            break;
        }
    }
    let stem = stem.strip_suffix('e').filter(|base| base.len() >= 3).unwrap_or(stem);
    // `dry`, `dries` and `dried` meet here.
    match stem.strip_suffix('i') {
        Some(base) if base.len() >= 2 => format!("{base}y"),
        _ => stem.to_owned(),
    }
}

/// Words that ask or bind and that name nothing, in the languages of the contract that have such words apart.
pub(crate) fn says_little(word: &str) -> bool {
    LITTLE.binary_search(&word).is_ok()
}

/// Sorted.
const LITTLE: &[&str] = &[
    "a", "about", "an", "and", "any", "are", "as", "at", "auf", "be", "been", "being", "by", "can", "che", "come",
    "comment", "como", "could", "cual", "cuando", "cuanto", "dans", "das", "de", "del", "dem", "den", "der", "des",
    "did", "die", "do", "does", "donde", "dove", "du", "een", "ein", "eine", "el", "en", "es", "est", "et", "for",
    "from", "get", "gets", "had", "has", "have", "het", "hoe", "how", "i", "if", "il", "in", "into", "is", "ist", "it",
    "its", "kann", "la", "le", "les", "lo", "man", "may", "me", "mein", "mit", "much", "my", "need", "needs", "o",
    "of", "on", "or", "ou", "our", "par", "please", "por", "pour", "que", "quel", "quelle", "qui", "quoi", "shall",
    "should", "so", "some", "take", "takes", "tell", "than", "that", "the", "their", "them", "then", "there", "these",
    "they", "this", "those", "to", "un", "und", "une", "van", "von", "waar", "wann", "warum", "was", "wat", "we",
    "welche", "welcher", "welches", "were", "what", "when", "where", "whether", "which", "who", "whom", "whose", "why",
    "wie", "wieviel", "will", "with", "wo", "would", "y", "you", "your", "zu",
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.stem).collect()
    }

    #[test]
    fn the_list_of_little_words_can_be_searched() {
        assert!(LITTLE.is_sorted());
        assert!(says_little("what") && !says_little("tent"));
    }

    #[test]
    fn forms_of_a_word_are_one_word() {
        for forms in [
            "charge charges charged charging",
            "battery batteries",
            "wash washed washing",
            "dry dries dried drying",
            "stop stopped stopping stops",
            "tent tents",
        ] {
            let stems = stems(forms);
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{stems:?}");
        }
        assert_eq!(stems("glass bus press"), ["glass", "bus", "press"]);
    }

    #[test]
    fn numbers_keep_their_point_and_sentences_lose_theirs() {
        assert_eq!(stems("2.5 kg. Über 1,000 m"), ["2.5", "kg", "uber", "1,000", "m"]);
        assert_eq!(stems("end.2 x"), ["end", "2", "x"]);
    }

    #[test]
    fn text_without_spaces_becomes_pairs() {
        assert_eq!(stems("防水テント x 大"), ["防水", "水テ", "テン", "ント", "x", "大"]);
    }

    #[test]
    fn a_word_says_where_it_stands() {
        let text = "Ça «élan» 2.5";
        for word in words(text) {
            assert_eq!(fold(&text[word.start..word.end]), word.folded);
        }
    }
}
