use super::fold::{FoldedWord, folded_words, is_hangul};
use super::language::Language;
use super::segment::words;
use crate::limits;

/// A word as it stands in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// The stem in the first of the languages.
    pub(crate) text: String,
    /// The stems in the other languages that differ from it, each once.
    pub(crate) others: Vec<String>,
    /// The word before its ending was taken off, where that made a difference.
    pub(crate) unstemmed: Option<String>,
    /// Counts words from 0; a joined compound stands where its first part stands.
    pub(crate) position: usize,
    /// Tokens of one group were written without a space between them: a compound, a number, or a run of an unspaced script.
    pub(crate) group: usize,
    /// Several parts of the group as one word: `dv71211ea` for `dv7-1211ea`, or a word of an unspaced script.
    pub(crate) joined: bool,
    /// How many parts a joined token stands for; 1 for a part.
    pub(crate) parts: usize,
    /// The group's words mean something side by side only: an unspaced script, `3.5`, `1/2`.
    pub(crate) tight: bool,
}

impl Token {
    /// The word before its ending was taken off.
    pub(crate) fn unstemmed(&self) -> &str {
        self.unstemmed.as_deref().unwrap_or(&self.text)
    }

    /// The stems in all the languages, each once.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.text.as_str()).chain(self.others.iter().map(String::as_str))
    }
}

/// The tokens of a text, at most about `count_max` (a compound is not torn apart), with stems of these `languages`.
pub(crate) fn tokens(text: &str, languages: &[Language], count_max: usize) -> Vec<Token> {
    let mut tokens = Tokens { languages, ..Tokens::default() };
    for word in folded_words(text) {
        if tokens.list.len() >= count_max {
            break;
        }
        tokens.push(text, word);
    }
    tokens.end(text);
    tokens.list
}

/// The token of a text that is one word; `None` for any other.
pub(crate) fn one_word(text: &str, languages: &[Language]) -> Option<Token> {
    let mut found = tokens(text, languages, 2);
    match found.len() {
        1 => found.pop(),
        _ => None,
    }
}

/// Words that stand before another one without their vowel, in French and Italian, and say as little there as an article.
fn is_elided(word: &str) -> bool {
    matches!(
        word,
        "l" | "d"
            | "j"
            | "m"
            | "n"
            | "s"
            | "t"
            | "c"
            | "qu"
            | "jusqu"
            | "lorsqu"
            | "puisqu"
            | "dell"
            | "all"
            | "nell"
            | "sull"
            | "dall"
            | "coll"
            | "quell"
            | "quest"
            | "un"
            | "bell"
            | "sant"
            | "gl"
    )
}

/// What holds the words of a group together.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Bond {
    /// A hyphen or the like: the parts are found singly, side by side, and as one word.
    #[default]
    Compound,
    /// A decimal point or a fraction bar.
    Number,
    /// Characters of a script without spaces.
    Unspaced,
}

#[derive(Default)]
struct Tokens<'a> {
    languages: &'a [Language],
    list: Vec<Token>,
    group: usize,
    group_start: usize,
    bond: Bond,
    position: usize,
    /// The unstemmed parts of the group written as one word.
    joined: String,
    previous_end: usize,
    /// Whether a quotation mark was opened, so that the next one is no inch.
    quoted: bool,
    /// Whether the group began with an elided word, which is no part of it: l'eau.
    elided: bool,
    /// Where the group's characters of an unspaced script stand in the text.
    run: std::ops::Range<usize>,
}

impl Tokens<'_> {
    fn push(&mut self, text: &str, word: FoldedWord) {
        let gap =
            if self.list.is_empty() { &text[..word.span.start] } else { &text[self.previous_end..word.span.start] };
        self.read_gap(gap, text);
        self.previous_end = word.span.end;
        if word.text == "s" && is_apostrophe(gap) && self.list.len() > self.group_start {
            // The possessive says nothing: men's, men.
            return;
        }
        let parts = self.list.len() - self.group_start;
        if parts == 1
            && is_apostrophe(gap)
            && self.bond != Bond::Unspaced
            && is_elided(self.list[self.group_start].unstemmed())
        {
            self.list.pop();
            self.position -= 1;
            self.elided = true;
            self.bond = Bond::Compound;
            self.add(word.text);
            return;
        }
        let bond = if word.unspaced { Some(Bond::Unspaced) } else { bond(gap, &self.joined, &word.text) };
        let continues = parts > 0
            && match bond {
                Some(Bond::Unspaced) => gap.is_empty() && self.bond == Bond::Unspaced,
                Some(bond) => {
                    let alike = self.bond == bond || parts == 1 && self.bond != Bond::Unspaced;
                    alike && parts < limits::COMPOUND_PARTS_MAX
                }
                None => false,
            };
        if !continues {
            self.close_group(text);
            self.run.start = word.span.start;
        }
        self.run.end = word.span.end;
        self.bond = bond.filter(|bond| continues || *bond == Bond::Unspaced).unwrap_or_default();
        if self.bond == Bond::Number && !word.text.ends_with(|c: char| c.is_ascii_digit()) {
            // `3.5mm` is `3.5 mm`.
            let digits = word.text.bytes().take_while(u8::is_ascii_digit).count();
            let unit = word.text[digits..].to_owned();
            self.add(word.text[..digits].to_owned());
            self.close_group(text);
            self.bond = Bond::Compound;
            self.add(unit);
            return;
        }
        self.add(word.text);
    }

    fn add(&mut self, mut folded: String) {
        let tight = self.bond == Bond::Unspaced;
        if !tight {
            self.joined.push_str(&folded);
        }
        truncate(&mut folded);
        let position = self.position;
        let token = self.token(folded, position, !tight);
        self.list.push(Token { tight, ..token });
        self.position += 1;
    }

    /// A token of this word, stemmed in all languages if `stems`.
    fn token(&self, word: String, position: usize, stems: bool) -> Token {
        let mut text = word.clone();
        let mut others = Vec::new();
        if stems && let [first, rest @ ..] = self.languages {
            first.stem(&mut text);
            for language in rest {
                let mut other = word.clone();
                language.stem(&mut other);
                if other != text && !others.contains(&other) {
                    others.push(other);
                }
            }
        }
        let unstemmed = (word != text).then_some(word);
        Token { text, others, unstemmed, position, group: self.group, joined: false, parts: 1, tight: false }
    }

    /// Reads an inch sign after a number, and which quotation marks are open.
    fn read_gap(&mut self, gap: &str, text: &str) {
        let after_number =
            self.list.last().is_some_and(|token| !token.joined && token.text.ends_with(|c: char| c.is_ascii_digit()));
        let mut rest = gap;
        if after_number
            && !self.quoted
            && let Some(after) = ["\"", "\u{2033}", "\u{201D}", "''"].iter().find_map(|sign| gap.strip_prefix(sign))
        {
            rest = after;
            self.close_group(text);
            self.bond = Bond::Compound;
            self.add("inch".to_owned());
            self.close_group(text);
        }
        if rest.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
            self.quoted = !self.quoted;
        }
    }

    fn end(&mut self, text: &str) {
        if !self.list.is_empty() {
            self.read_gap(&text[self.previous_end..], text);
        }
        self.close_group(text);
    }

    fn close_group(&mut self, text: &str) {
        let parts = self.list.len() - self.group_start;
        if parts > 1 || self.elided {
            match self.bond {
                Bond::Unspaced => self.add_words_of_run(text),
                Bond::Number => self.list[self.group_start..].iter_mut().for_each(|part| part.tight = true),
                Bond::Compound => {
                    let mut joined = std::mem::take(&mut self.joined);
                    truncate(&mut joined);
                    let position = self.list[self.group_start].position;
                    let token = self.token(joined, position, true);
                    self.list.push(Token { joined: true, parts, ..token });
                }
            }
        }
        self.joined.clear();
        self.elided = false;
        self.group += 1;
        self.group_start = self.list.len();
    }

    /// The words of two characters and more in a run of an unspaced script, where they stand.
    fn add_words_of_run(&mut self, text: &str) {
        let run = &text[self.run.clone()];
        // Korean parts its words by spaces; a dictionary of it there is none.
        if run.chars().any(is_hangul) {
            return;
        }
        let starts: Vec<usize> = folded_words(run).map(|character| character.span.start).collect();
        let first = self.group_start;
        if starts.len() != self.list.len() - first {
            return;
        }
        for word in words(run) {
            let from = starts.partition_point(|start| *start < word.start);
            let parts = starts[from..].partition_point(|start| *start < word.end);
            if parts > 1 {
                let part = &self.list[first + from..first + from + parts];
                let word: String = part.iter().map(|part| part.text.as_str()).collect();
                let token = self.token(word, part[0].position, false);
                self.list.push(Token { joined: true, parts, tight: true, ..token });
            }
        }
    }
}

/// What `gap` makes of the words on both sides of it: `3.5` and `1/2` are numbers, `wi-fi` and `1,000` (`1000`) compounds.
fn bond(gap: &str, before: &str, after: &str) -> Option<Bond> {
    let digits = before.ends_with(|c: char| c.is_ascii_digit()) && after.starts_with(|c: char| c.is_ascii_digit());
    let thousands = gap == "," && digits && after.len() == 3 && after.bytes().all(|byte| byte.is_ascii_digit());
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    if digits && matches!(gap, "." | "," | "/") && !thousands {
        Some(Bond::Number)
    } else if gap == "/" && (has_digit(before) || has_digit(after)) {
        // A part of a model's number, where it is no fraction.
        Some(Bond::Compound)
    } else if thousands || matches!(gap, "-" | "_" | "\u{2010}" | "\u{2011}" | "&" | ".") || is_apostrophe(gap) {
        Some(Bond::Compound)
    } else {
        None
    }
}

fn is_apostrophe(gap: &str) -> bool {
    matches!(gap, "'" | "\u{2019}" | "\u{2018}" | "\u{02BC}" | "`" | "\u{00B4}")
}

fn truncate(word: &mut String) {
    word.truncate(word.floor_char_boundary(limits::WORD_BYTES_MAX));
}
