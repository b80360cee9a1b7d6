//! What a shop says that its words mean.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::{Language, tokens};
use crate::limits;

/// Words, of one word each or of several, that mean the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SynonymRule {
    /// Who looks for one of these finds the others too.
    TwoWay(Vec<String>),
    /// Who looks for one of `from` finds `to` too, but not the other way round.
    OneWay {
        /// What is typed.
        from: Vec<String>,
        /// What is found as well.
        to: Vec<String>,
    },
}

/// A rule that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SynonymTrouble {
    /// Of a list of rules its place from 0; of a text its line from 1.
    pub place: usize,
    /// What is wrong, and what to do.
    pub message: String,
}

/// The synonyms of a catalogue, ready for queries.
#[derive(Debug, Default)]
pub struct Synonyms {
    rules: Vec<SynonymRule>,
    phrases: Vec<Box<str>>,
    /// By the stems of what is typed, with single spaces, the numbers of the phrases that it means too.
    meanings: FxHashMap<Box<str>, Vec<u32>>,
    /// The stems of all phrases, on either side, with single spaces.
    named: FxHashSet<Box<str>>,
    /// The words of all phrases, folded: nobody misspelt them.
    words: FxHashSet<Box<str>>,
    words_max: usize,
}

impl Synonyms {
    /// Takes these rules.
    ///
    /// # Errors
    /// Every rule that has too few or too many phrases, or one that is empty or too long; more rules than there may be.
    pub fn new(rules: Vec<SynonymRule>) -> Result<Synonyms, Vec<SynonymTrouble>> {
        let mut troubles = Vec::new();
        if rules.len() > limits::SYNONYM_RULES_MAX {
            let message =
                format!("There may be {} rules at most; here are {}.", limits::SYNONYM_RULES_MAX, rules.len());
            return Err(vec![SynonymTrouble { place: limits::SYNONYM_RULES_MAX, message }]);
        }
        for (place, rule) in rules.iter().enumerate() {
            if let Err(message) = check(rule) {
                troubles.push(SynonymTrouble { place, message });
            }
        }
        if !troubles.is_empty() {
            return Err(troubles);
        }
        let mut synonyms = Synonyms::default();
        for rule in &rules {
            match rule {
                SynonymRule::TwoWay(words) => {
                    let numbers: Vec<u32> = words.iter().map(|word| synonyms.phrase(word)).collect();
                    for (at, word) in words.iter().enumerate() {
                        let others =
                            numbers.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, number)| *number);
                        synonyms.mean(word, &others.collect::<Vec<_>>());
                    }
                }
                SynonymRule::OneWay { from, to } => {
                    let numbers: Vec<u32> = to.iter().map(|word| synonyms.phrase(word)).collect();
                    from.iter().for_each(|word| synonyms.mean(word, &numbers));
                }
            }
        }
        synonyms.rules = rules;
        Ok(synonyms)
    }

    /// Reads rules in Solr's text form: one a line, `a, b, c` for words that mean the same, `a, b => c, d` for one way; `#` begins a
    /// comment, a backslash takes the meaning from the character after it.
    ///
    /// # Errors
    /// Every line that cannot be read, by its number.
    pub fn parse(text: &str) -> Result<Synonyms, Vec<SynonymTrouble>> {
        let mut rules = Vec::new();
        let mut lines = Vec::new();
        let mut troubles = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim().trim_start_matches('\u{FEFF}');
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match parse_line(line).and_then(|rule| check(&rule).map(|()| rule)) {
                Ok(rule) => {
                    rules.push(rule);
                    lines.push(at + 1);
                }
                Err(message) => troubles.push(SynonymTrouble { place: at + 1, message }),
            }
        }
        if !troubles.is_empty() {
            return Err(troubles);
        }
        Synonyms::new(rules).map_err(|mut troubles| {
            troubles.iter_mut().for_each(|trouble| trouble.place = lines.get(trouble.place).copied().unwrap_or(0));
            troubles
        })
    }

    /// The rules as they were given.
    pub fn rules(&self) -> &[SynonymRule] {
        &self.rules
    }

    /// The rules in Solr's text form, one a line.
    pub fn to_solr(&self) -> String {
        let mut text = String::new();
        for rule in &self.rules {
            match rule {
                SynonymRule::TwoWay(words) => text.push_str(&escaped(words)),
                SynonymRule::OneWay { from, to } => text.extend([&escaped(from), " => ", &escaped(to)]),
            }
            text.push('\n');
        }
        text
    }

    /// Words of the longest phrase that has a meaning.
    pub(crate) fn words_max(&self) -> usize {
        self.words_max
    }

    /// What these words (stems with single spaces) mean too.
    pub(crate) fn meanings(&self, stems: &str) -> impl Iterator<Item = &str> {
        let numbers = self.meanings.get(stems).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().map(|number| &*self.phrases[*number as usize])
    }

    /// Whether these words (stems with single spaces) stand in a rule, on either side.
    pub(crate) fn names(&self, stems: &str) -> bool {
        self.named.contains(stems)
    }

    /// Whether a folded word stands in a rule.
    pub(crate) fn has_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    fn phrase(&mut self, text: &str) -> u32 {
        for token in tokens(text, &[Language::English], limits::QUERY_WORDS_MAX) {
            self.words.insert(token.unstemmed().into());
        }
        for stems in self.stems(text) {
            self.named.insert(stems.into());
        }
        self.phrases.push(text.into());
        (self.phrases.len() - 1) as u32
    }

    fn mean(&mut self, typed: &str, numbers: &[u32]) {
        for token in tokens(typed, &[Language::English], limits::QUERY_WORDS_MAX) {
            self.words.insert(token.unstemmed().into());
        }
        for key in self.stems(typed) {
            self.named.insert(key.as_str().into());
            let meanings = self.meanings.entry(key.into()).or_default();
            for number in numbers {
                if !meanings.contains(number) {
                    meanings.push(*number);
                }
            }
        }
    }

    /// The stems of a phrase in each of the languages, each once.
    fn stems(&mut self, phrase: &str) -> FxHashSet<String> {
        let mut keys = FxHashSet::default();
        for language in Language::ALL {
            let all = tokens(phrase, &[language], limits::QUERY_WORDS_MAX);
            let parts: Vec<&str> = all.iter().filter(|token| !token.joined).map(|token| token.text.as_str()).collect();
            self.words_max = self.words_max.max(parts.len());
            keys.insert(parts.join(" "));
        }
        keys
    }
}

fn check(rule: &SynonymRule) -> Result<(), String> {
    let sides: [&[String]; 2] = match rule {
        SynonymRule::TwoWay(words) if words.len() < 2 => {
            return Err("A rule needs two words at least; write `a, b` or `a => b`.".to_owned());
        }
        SynonymRule::TwoWay(words) => [words, &[]],
        SynonymRule::OneWay { from, to } if from.is_empty() || to.is_empty() => {
            return Err("A rule in one direction needs words on both sides; write `a => b`.".to_owned());
        }
        SynonymRule::OneWay { from, to } => [from, to],
    };
    for words in sides {
        if words.len() > limits::SYNONYM_PHRASES_MAX {
            let max = limits::SYNONYM_PHRASES_MAX;
            return Err(format!(
                "A side of a rule may have {max} words or phrases at most; part it into several rules."
            ));
        }
        for word in words {
            let shown: String = word.chars().take(50).collect();
            if word.chars().count() > limits::SYNONYM_CHARS_MAX {
                return Err(format!("`{shown}…` is longer than {} characters.", limits::SYNONYM_CHARS_MAX));
            }
            let count =
                tokens(word, &[Language::English], limits::QUERY_WORDS_MAX).iter().filter(|one| !one.joined).count();
            if count == 0 {
                return Err(format!("`{shown}` has no word in it."));
            }
            if count > limits::SYNONYM_WORDS_MAX {
                return Err(format!("`{shown}` has more than {} words.", limits::SYNONYM_WORDS_MAX));
            }
        }
    }
    Ok(())
}

fn parse_line(line: &str) -> Result<SynonymRule, String> {
    let mut sides: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        let side = sides.last_mut().expect("there is one from the start");
        match c {
            '\\' => {
                let Some(next) = characters.next() else {
                    return Err("The line ends with a backslash; write two where one is meant.".to_owned());
                };
                side.last_mut().expect("a side has a word from its start").push(next);
            }
            ',' => side.push(String::new()),
            '=' if characters.next_if_eq(&'>').is_some() => sides.push(vec![String::new()]),
            _ => side.last_mut().expect("a side has a word from its start").push(c),
        }
    }
    if sides.len() > 2 {
        return Err("There is more than one `=>`; write one rule a line.".to_owned());
    }
    let mut sides = sides.into_iter().map(|words| {
        words.into_iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect::<Vec<_>>()
    });
    let first = sides.next().unwrap_or_default();
    Ok(match sides.next() {
        None => SynonymRule::TwoWay(first),
        Some(to) => SynonymRule::OneWay { from: first, to },
    })
}

fn escaped(words: &[String]) -> String {
    let escape = |word: &String| word.replace('\\', "\\\\").replace(',', "\\,").replace("=>", "\\=>");
    let mut text = words.iter().map(escape).collect::<Vec<_>>().join(", ");
    if text.starts_with('#') {
        text.insert(0, '\\');
    }
    text
}
