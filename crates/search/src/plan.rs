use crate::TextSettings;
use crate::analysis::{Language, Token, is_hangul, one_word, tokens};
use crate::index::TextQuery;
use crate::limits;
use crate::naming;
use crate::thesaurus::Thesaurus;
use crate::units;

/// What a query asks for: every clause must be met (or, for a partial match, as many as can be).
pub(crate) struct Plan {
    pub(crate) clauses: Vec<Clause>,
    /// The words in their order, for what counts in the title: neighbours, the beginning, the whole.
    pub(crate) words: Vec<TitleWord>,
    /// The words of a field that holds nothing but the query, compounds as one among them.
    pub(crate) length: usize,
    /// What says what is meant, as a title may mention it: stems.
    pub(crate) head: Vec<String>,
    /// The kinds of products that are meant, as a category may name them: stems with single spaces.
    pub(crate) kinds: Vec<String>,
    /// The same by the thesaurus.
    pub(crate) kinds_meant: Vec<String>,
}

/// What a whole query means, as stems with single spaces: by the shop's own rules, and by the thesaurus.
#[derive(Default)]
struct Meant {
    own: Vec<String>,
    others: Vec<String>,
}

/// A word of the query as titles are looked at for it.
pub(crate) struct TitleWord {
    /// As the index may hold it: its stems in the languages of the catalogue.
    pub(crate) forms: Vec<String>,
    /// As it was typed, folded.
    pub(crate) written: String,
}

/// One word of the query with all the ways it may be written.
pub(crate) struct Clause {
    pub(crate) readings: Vec<Reading>,
    /// As it was typed, lower case.
    pub(crate) typed: String,
    /// Whether a product is found without it too, later: a stop word.
    pub(crate) optional: bool,
}

/// One way in which a text can meet a clause.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    /// Words with their places relative to the first.
    pub(crate) words: Vec<(usize, String)>,
    /// Whether the words must stand at these places of one field; else each may stand anywhere.
    pub(crate) side_by_side: bool,
    /// What its score counts.
    pub(crate) share: f32,
    /// Whether it says the same as the clause's other such readings, so that it is no rarer than the commonest of them.
    pub(crate) same: bool,
}

impl Reading {
    fn word(text: &str, share: f32) -> Reading {
        Reading { words: vec![(0, text.to_owned())], side_by_side: false, share, same: false }
    }

    fn side_by_side(words: Vec<(usize, String)>, share: f32) -> Reading {
        Reading { side_by_side: words.len() > 1, words, share, same: false }
    }

    fn same(self) -> Reading {
        Reading { same: true, ..self }
    }
}

/// Words written as one stand for several clauses, of which each counts its part.
fn joined_share(clauses: usize) -> f32 {
    1.0 / clauses as f32
}

/// Letters that either part of a word written in two must have.
const PART_CHARS_MIN: usize = 3;
/// What a word counts that ends with the one that was typed, or that is made of the typed one's parts.
const COMPOUND_SHARE: f32 = 0.6;
/// What the characters of a word count side by side where they may be parts of other words.
const CHARACTERS_SHARE: f32 = 0.7;
/// What a word counts that means what was typed: by the shop's own rules, and by the thesaurus. What shoppers call otherwise follows what
/// has the very word, unless its category says that it is what is meant.
const SYNONYM_SHARE: f32 = 0.9;
const THESAURUS_SHARE: f32 = 0.3;
/// Clauses that may be written as one word.
const JOINED_CLAUSES_MAX: usize = 3;

/// What a plan is made with.
pub(crate) struct Planner<'a> {
    /// Those in which products are written, or the one that was asked for.
    pub(crate) languages: &'a [Language],
    /// Those of few products: words that the others do not know are looked for in these.
    pub(crate) rare: &'a [Language],
    pub(crate) settings: &'a TextSettings,
    /// In how many products a word (a stem) stands. It decides which words are also looked for written together or apart:
    /// `smart watch` and `smartwatch`, `64 gb` and `64gb`.
    pub(crate) known: &'a dyn Fn(&str) -> u64,
    /// Whether some product has all these words, of which none is rare.
    pub(crate) together: &'a dyn Fn(&[String]) -> bool,
    /// The words of the catalogue that end with a stem, most products first.
    pub(crate) ending_with: &'a dyn Fn(&str) -> Vec<String>,
}

/// A stretch of the query that makes one clause.
struct Piece<'t> {
    parts: Vec<&'t Token>,
    /// The parts as one word.
    joined: Option<&'t Token>,
}

impl Piece<'_> {
    fn is_number(&self) -> bool {
        self.parts.iter().all(|part| part.text.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// Its one word as written; `None` for a compound or a number with a fraction.
    fn word(&self) -> Option<&str> {
        match self.parts[..] {
            [part] if !part.tight => Some(part.unstemmed()),
            _ => None,
        }
    }

    fn has_digit(&self) -> bool {
        self.parts.iter().any(|part| part.text.bytes().any(|byte| byte.is_ascii_digit()))
    }
}

impl Planner<'_> {
    /// What `query` asks for; empty where the query has no word.
    pub(crate) fn plan(&self, query: &TextQuery<'_>) -> Plan {
        let mut tokens = tokens(query.text, self.languages, limits::QUERY_WORDS_MAX);
        tokens.iter_mut().for_each(|token| self.add_rare_forms(token));
        let title_word = |token: &Token| TitleWord {
            forms: token.forms().map(str::to_owned).collect(),
            written: token.unstemmed().to_owned(),
        };
        let mut words: Vec<TitleWord> = tokens.iter().filter(|token| !token.joined).map(title_word).collect();
        let length = tokens.len();
        if query.phrase {
            let parts: Vec<&Token> = tokens.iter().filter(|token| !token.joined).collect();
            let clause = Clause { readings: neighbours(&parts, 1.0), typed: typed(&parts), optional: false };
            let clauses = if parts.is_empty() { Vec::new() } else { vec![clause] };
            return Plan { clauses, words, length, head: Vec::new(), kinds: Vec::new(), kinds_meant: Vec::new() };
        }
        let groups = tokens.chunk_by(|a, b| a.group == b.group);
        let mut pieces: Vec<Piece<'_>> = groups.flat_map(|group| self.pieces(group)).collect();
        pieces.truncate(limits::QUERY_WORDS_MAX);
        let mut clauses: Vec<Clause> = pieces.iter().map(|piece| self.clause(piece)).collect();
        self.join(&pieces, &mut clauses);
        self.measure(&pieces, &mut clauses);
        let Meant { own: mut kinds, others: kinds_meant } = self.mean(&pieces, &mut clauses, &mut words);
        // A query of stop words only is a query like any other.
        if clauses.iter().all(|clause| clause.optional) {
            clauses.iter_mut().for_each(|clause| clause.optional = false);
        }
        let parts: Vec<&Token> = tokens.iter().filter(|token| !token.joined).collect();
        let language = self.languages.first().copied().unwrap_or_default();
        let head = naming::head(&parts, language).map_or_else(Vec::new, |at| words[at].forms.clone());
        kinds.extend(head.iter().cloned());
        kinds.push(naming::phrase(&parts));
        Plan { clauses, words, length, head, kinds, kinds_meant }
    }

    /// The stems of a word in the rare languages, where no product has it in the common ones.
    fn add_rare_forms(&self, token: &mut Token) {
        if token.tight || self.rare.is_empty() || token.forms().any(|form| (self.known)(form) > 0) {
            return;
        }
        let Some(rare) = one_word(token.unstemmed(), self.rare) else { return };
        for form in rare.forms().filter(|form| (self.known)(form) > 0) {
            if token.text != form && !token.others.iter().any(|other| other == form) {
                token.others.push(form.to_owned());
            }
        }
    }

    /// A compound, a number or a word is one piece; a run of an unspaced script has one for each of its words, and one for
    /// what stands between them.
    fn pieces<'t>(&self, group: &'t [Token]) -> Vec<Piece<'t>> {
        let (joined, parts): (Vec<&Token>, Vec<&Token>) = group.iter().partition(|token| token.joined);
        let is_run = parts.iter().all(|part| part.tight) && !Piece { parts: parts.clone(), joined: None }.is_number();
        if !is_run || joined.is_empty() {
            return vec![Piece { parts, joined: joined.first().copied() }];
        }
        let mut pieces: Vec<Piece<'t>> = Vec::new();
        let mut between: Vec<&Token> = Vec::new();
        let mut at = 0;
        while at < parts.len() {
            let word = joined.iter().find(|word| word.position == parts[at].position);
            let binds = word.is_none() && self.settings.stop_words.has(&parts[at].text, self.languages);
            if word.is_none() && !binds {
                between.push(parts[at]);
                at += 1;
                continue;
            }
            if !between.is_empty() {
                pieces.push(Piece { parts: std::mem::take(&mut between), joined: None });
            }
            let length = word.map_or(1, |word| word.parts).min(parts.len() - at);
            pieces.push(Piece { parts: parts[at..at + length].to_vec(), joined: word.copied() });
            at += length;
        }
        if !between.is_empty() {
            pieces.push(Piece { parts: between, joined: None });
        }
        pieces
    }

    /// One word, one compound in either spelling, or a run of words that mean something side by side only.
    fn clause(&self, piece: &Piece<'_>) -> Clause {
        let parts = &piece.parts;
        let mut readings = Vec::new();
        if parts.iter().all(|part| part.tight) {
            let share = if piece.joined.is_some() { CHARACTERS_SHARE } else { 1.0 };
            readings.extend(piece.joined.iter().map(|word| Reading::word(&word.text, 1.0).same()));
            readings.extend(neighbours(parts, share).into_iter().map(Reading::same));
            if let Some(bare) = without_particle(parts) {
                readings.extend(neighbours(bare, CHARACTERS_SHARE));
            }
        } else {
            for form in 0..forms_max(parts) {
                let words = parts.iter().map(|part| (part.position - parts[0].position, form_of(part, form)));
                let reading = Reading { words: words.collect(), side_by_side: false, share: 1.0, same: true };
                readings.push(reading);
            }
            readings.extend(piece.joined.iter().flat_map(|token| token.forms()).map(|form| Reading::word(form, 1.0)));
            if let [word] = parts[..] {
                readings.extend(self.apart(word.unstemmed()));
                if self.languages.iter().any(|language| language.joins_words()) {
                    let compounds = word.forms().flat_map(|form| (self.ending_with)(form));
                    readings.extend(
                        compounds.take(limits::COMPOUNDS_MAX).map(|word| Reading::word(&word, COMPOUND_SHARE).same()),
                    );
                }
            } else {
                readings.extend(self.parted(parts));
            }
        }
        let optional = matches!(parts[..], [word] if self.settings.stop_words.has(word.unstemmed(), self.languages));
        Clause { readings, typed: typed(parts), optional }
    }

    /// Adds neighbouring clauses written as one word, where the catalogue knows it: two, or three with a digit among them.
    fn join(&self, pieces: &[Piece<'_>], clauses: &mut [Clause]) {
        for count in 2..=JOINED_CLAUSES_MAX {
            for (at, run) in pieces.windows(count).enumerate() {
                let words: Option<Vec<&str>> = run.iter().map(Piece::word).collect();
                let Some(words) = words.filter(|_| count == 2 || run.iter().any(Piece::has_digit)) else { continue };
                let Some(token) = one_word(&words.concat(), self.languages) else { continue };
                for form in token.forms().filter(|form| (self.known)(form) > 0) {
                    for clause in &mut clauses[at..at + count] {
                        clause.readings.push(Reading::word(form, joined_share(count)));
                    }
                }
            }
        }
    }

    /// Adds the other ways of writing a number with its unit: `24 in`, `24"`, `24 inch`; `5l`, `5 litres`.
    fn measure(&self, pieces: &[Piece<'_>], clauses: &mut [Clause]) {
        for (at, piece) in pieces.iter().enumerate() {
            if let [part] = piece.parts[..]
                && let Some((number, unit)) = units::parted(part.unstemmed())
            {
                let readings = self.measures(&[number.to_owned()], unit);
                clauses[at].readings.extend(readings);
            }
            let Some(next) = pieces.get(at + 1).filter(|_| piece.is_number()) else { continue };
            let Some(unit) = next.word() else { continue };
            // `2 in 1` is no length.
            if unit == "in" && pieces.get(at + 2).is_some_and(Piece::is_number) {
                continue;
            }
            let number: Vec<String> = piece.parts.iter().map(|part| part.text.clone()).collect();
            for reading in self.measures(&number, unit) {
                for clause in &mut clauses[at..at + 2] {
                    clause.readings.push(Reading { share: joined_share(2) * reading.share, ..reading.clone() });
                }
            }
            if !units::others(unit).is_empty() {
                // With a number before it, it is no stop word.
                clauses[at + 1].optional = false;
            }
        }
    }

    fn measures(&self, number: &[String], unit: &str) -> Vec<Reading> {
        let mut readings = Vec::new();
        for other in units::others(unit) {
            let Some(token) = one_word(other, self.languages) else { continue };
            if let [number] = number {
                let glued = format!("{number}{other}");
                if (self.known)(&glued) > 0 {
                    readings.push(Reading::word(&glued, 1.0));
                }
            }
            if (self.known)(&token.text) > 0 {
                let words = number.iter().cloned().chain([token.text]).enumerate().collect();
                readings.push(Reading::side_by_side(words, 1.0));
            }
        }
        readings
    }

    /// Adds what stretches of the query mean by the shop's synonyms and by the thesaurus. Gives what the whole query means.
    fn mean(&self, pieces: &[Piece<'_>], clauses: &mut [Clause], words: &mut [TitleWord]) -> Meant {
        let languages = self.languages.iter().filter(|_| !self.settings.own_synonyms_only);
        let thesauri: Vec<&Thesaurus> = languages.filter_map(|language| Thesaurus::of(*language)).collect();
        let words_max = thesauri.iter().map(|thesaurus| thesaurus.words_max());
        let words_max = words_max.fold(self.settings.synonyms.words_max(), usize::max);
        let mut whole = Meant::default();
        let mut before = 0;
        for start in 0..pieces.len() {
            let mut parts: Vec<&Token> = Vec::new();
            for end in start + 1..=pieces.len() {
                parts.extend(&pieces[end - 1].parts);
                if parts.len() > words_max {
                    break;
                }
                for (meaning, own) in self.meanings(&pieces[start..end], &parts, &thesauri) {
                    let meant = tokens(meaning, self.languages, limits::SYNONYM_WORDS_MAX);
                    let meant_words: Vec<&Token> = meant.iter().filter(|token| !token.joined).collect();
                    let share = if own { SYNONYM_SHARE } else { THESAURUS_SHARE } * joined_share(end - start);
                    let mut readings = neighbours(&meant_words, share);
                    // A compound is written as one too.
                    if let [joined] = meant.iter().filter(|token| token.joined).collect::<Vec<_>>()[..]
                        && joined.parts == meant_words.len()
                    {
                        readings.extend(joined.forms().map(|form| Reading::word(form, share)));
                    }
                    for clause in &mut clauses[start..end] {
                        clause.optional = false;
                        clause.readings.extend(readings.iter().cloned().map(Reading::same));
                    }
                    if let (true, [_], [word]) = (own, &parts[..], &meant_words[..]) {
                        words[before].forms.extend(word.forms().map(str::to_owned));
                    }
                    if end - start == pieces.len() {
                        let kinds = if own { &mut whole.own } else { &mut whole.others };
                        kinds.push(naming::phrase(&meant_words));
                    }
                }
            }
            before += pieces[start].parts.len();
        }
        whole
    }

    /// What a stretch of the query means too, each once, with whether the shop's own rules say so: these first.
    fn meanings<'s>(
        &'s self,
        pieces: &[Piece<'_>],
        parts: &[&Token],
        thesauri: &[&'static Thesaurus],
    ) -> Vec<(&'s str, bool)> {
        let mut typed: Vec<String> = Vec::new();
        for form in 0..forms_max(parts) {
            typed.push(parts.iter().map(|part| form_of(part, form)).collect::<Vec<_>>().join(" "));
        }
        if let [Piece { parts, joined: Some(joined) }] = pieces
            && parts.len() > 1
        {
            typed.extend(joined.forms().map(str::to_owned));
        }
        let own = typed.iter().flat_map(|stems| self.settings.synonyms.meanings(stems));
        let mut means: Vec<(&str, bool)> = own.map(|meaning| (meaning, true)).collect();
        // Of what the shop's own rules name, they say all.
        let thesauri = thesauri.iter().filter(|_| !typed.iter().any(|stems| self.settings.synonyms.names(stems)));
        for thesaurus in thesauri {
            for stems in &typed {
                for (meaning, sure) in thesaurus.meanings(stems) {
                    if self.holds(parts, meaning, sure) {
                        means.push((meaning, false));
                    }
                }
            }
        }
        means.sort_unstable_by_key(|(meaning, own)| (*meaning, !own));
        means.dedup_by_key(|(meaning, _)| *meaning);
        means.sort_by_key(|(_, own)| !own);
        means.truncate(limits::SYNONYM_MEANINGS_MAX);
        means
    }

    /// Whether the catalogue has the words of a meaning of the thesaurus, and, of words with several meanings, means this one: a product
    /// has both, or none has what was typed.
    fn holds(&self, typed: &[&Token], meaning: &str, sure: bool) -> bool {
        let meant = tokens(meaning, self.languages, limits::SYNONYM_WORDS_MAX);
        let known = |token: &&Token| {
            let forms = token.forms().map(|form| ((self.known)(form), form));
            forms
                .max_by_key(|(products, _)| *products)
                .filter(|(products, _)| *products > 0)
                .map(|(_, form)| form.to_owned())
        };
        let parts = meant.iter().filter(|token| !token.joined);
        let Some(mut all) = parts.map(|part| known(&part)).collect::<Option<Vec<_>>>() else {
            // Written as one, as `e-book` may be.
            return meant.iter().any(|token| token.joined && known(&token).is_some());
        };
        let typed: Option<Vec<String>> = typed.iter().map(known).collect();
        match typed {
            Some(typed) if !sure => {
                all.extend(typed);
                (self.together)(&all)
            }
            _ => true,
        }
    }

    /// The word written in two, in the ways in which both parts are known: `smart watch`, `64 gb`; in languages that write
    /// compounds as one, the two may stand anywhere. Letters and digits are parted at every change, too: `iphone 13 pro`.
    fn apart(&self, word: &str) -> Vec<Reading> {
        let letters = word.chars().all(char::is_alphabetic);
        let anywhere = letters && self.languages.iter().any(|language| language.joins_words());
        let mut splits: Vec<(u64, Reading)> = Vec::new();
        let mut changes: Vec<usize> = Vec::new();
        let mut previous = None;
        for (chars, (at, c)) in word.char_indices().enumerate().take(limits::SPLIT_CHARS_MAX) {
            let (left, right) = word.split_at(at);
            let parts = if letters {
                chars >= PART_CHARS_MIN && right.chars().count() >= PART_CHARS_MIN
            } else {
                previous.is_some_and(|before: char| before.is_ascii_digit() != c.is_ascii_digit())
            };
            previous = Some(c);
            if !parts {
                continue;
            }
            changes.push(at);
            if let Some((rarer, words)) = self.all_known(&[left, right]) {
                let reading = Reading::side_by_side(words, 1.0);
                splits.push((rarer, if anywhere { apart_anywhere(reading) } else { reading }));
            }
        }
        splits.sort_by_key(|(rarer, _)| std::cmp::Reverse(*rarer));
        let mut readings: Vec<Reading> =
            splits.into_iter().take(limits::SPLITS_MAX).map(|(_, reading)| reading).collect();
        if !letters && changes.len() > 1 {
            let starts = std::iter::once(0).chain(changes.iter().copied());
            let ends = changes.iter().copied().chain([word.len()]);
            let parts: Vec<&str> = starts.zip(ends).map(|(start, end)| &word[start..end]).collect();
            readings.extend(self.all_known(&parts).map(|(_, words)| Reading::side_by_side(words, 1.0)));
        }
        readings
    }

    /// A compound written apart where letters and digits meet in one of its parts: `sm-g991b` as `sm g991 b`.
    fn parted(&self, parts: &[&Token]) -> Vec<Reading> {
        let mut readings = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let word = part.unstemmed();
            let digit = |c: char| c.is_ascii_digit();
            let ends = word.char_indices().zip(word.chars().skip(1)).filter(|((_, c), next)| digit(*c) != digit(*next));
            for end in ends.map(|((start, c), _)| start + c.len_utf8()) {
                let (left, right) = word.split_at(end);
                let before = parts[..at].iter().map(|part| part.unstemmed());
                let after = parts[at + 1..].iter().map(|part| part.unstemmed());
                let words: Vec<&str> = before.chain([left, right]).chain(after).collect();
                readings.extend(self.all_known(&words).map(|(_, words)| Reading::side_by_side(words, 1.0)));
            }
        }
        readings
    }

    /// The stems of these words, each in the form that the catalogue knows best, with the products of the rarest.
    fn all_known(&self, words: &[&str]) -> Option<(u64, Vec<(usize, String)>)> {
        let mut rarest = u64::MAX;
        let mut known = Vec::with_capacity(words.len());
        for (at, word) in words.iter().enumerate() {
            let token = one_word(word, self.languages)?;
            let (products, form) =
                token.forms().map(|form| ((self.known)(form), form)).max_by_key(|(products, _)| *products)?;
            rarest = rarest.min(products);
            known.push((at, form.to_owned()));
        }
        (rarest > 0).then_some((rarest, known))
    }
}

fn apart_anywhere(reading: Reading) -> Reading {
    Reading { side_by_side: false, share: COMPOUND_SHARE, ..reading }
}

fn forms_max(parts: &[&Token]) -> usize {
    parts.iter().map(|part| part.forms().count()).max().unwrap_or(0)
}

/// The form of this number, or the first where there are fewer.
fn form_of(token: &Token, number: usize) -> String {
    token.forms().nth(number).unwrap_or(&token.text).to_owned()
}

/// The parts in their order beside one another; one reading for each language in which they differ.
fn neighbours(parts: &[&Token], share: f32) -> Vec<Reading> {
    let reading = |form| {
        let words = parts.iter().map(|part| (part.position - parts[0].position, form_of(part, form))).collect();
        Reading::side_by_side(words, share)
    };
    (0..forms_max(parts)).map(reading).collect()
}

/// Particles that are written on to a Korean word, longest first.
const PARTICLES: [&str; 16] =
    ["에서", "으로", "까지", "부터", "을", "를", "은", "는", "이", "가", "의", "에", "로", "와", "과", "도"];

/// A Korean word without the particle at its end; `None` where it has none or little is left.
fn without_particle<'p, 't>(parts: &'p [&'t Token]) -> Option<&'p [&'t Token]> {
    if !parts.iter().all(|part| part.text.chars().all(is_hangul)) {
        return None;
    }
    let word: String = parts.iter().map(|part| part.text.as_str()).collect();
    let particle = PARTICLES.iter().find(|particle| word.ends_with(**particle))?;
    let left = parts.len().checked_sub(particle.chars().count())?;
    (left >= 2).then(|| &parts[..left])
}

fn typed(parts: &[&Token]) -> String {
    let separator = if parts.iter().all(|part| part.tight) { "" } else { "-" };
    parts.iter().map(|part| part.unstemmed()).collect::<Vec<_>>().join(separator)
}
