use rustc_hash::FxHashMap;

use super::edit;

/// The words of titles, brands, categories, tags and short attributes, with how many values each stands in.
///
/// A value counts once, however many products have it, so a word of many titles counts more than one of a common colour.
/// Looking for near words walks over all of them: a test of two small numbers rules out almost every one, which beats an
/// index of deletions in memory and is as quick up to some 100,000 words.
#[derive(Default)]
pub(crate) struct Vocabulary {
    numbers: FxHashMap<Box<str>, u32>,
    words: Vec<Box<str>>,
    counts: Vec<u32>,
    /// The words that something may be corrected to, with their numbers: most words of a large catalogue are codes.
    shapes: Vec<(Shape, u32)>,
    /// By number, the place in `shapes`; [`NOWHERE`] for a word that is not there.
    places: Vec<u32>,
    free: Vec<u32>,
    total: u64,
}

const NOWHERE: u32 = u32::MAX;

/// What rules a word out without comparing it.
#[derive(Clone, Copy, Default)]
struct Shape {
    /// A bit for each letter that the word has; letters beyond a–z share bits. All 0 for a word that nothing is corrected to.
    letters: u32,
    chars: u8,
}

impl Shape {
    /// Of a word of at least two letters that can be meant: without digits, not too long.
    fn of(word: &str) -> Shape {
        let mut shape = Shape::default();
        for c in word.chars() {
            if !c.is_alphabetic() || usize::from(shape.chars) >= edit::CHARS_MAX {
                return Shape::default();
            }
            shape.letters |= 1 << (c as u32 % 32);
            shape.chars += 1;
        }
        if shape.chars < 2 { Shape::default() } else { shape }
    }
}

impl Vocabulary {
    /// Whether a misspelt word may be taken for this one: it has letters only, three or more.
    pub(crate) fn takes(word: &str) -> bool {
        Shape::of(word).chars >= 3
    }

    /// Counts values that hold the word, and gives its number, which it keeps until the last of them is taken away.
    pub(crate) fn add(&mut self, word: &str, count: u32) -> u32 {
        self.total += u64::from(count);
        if let Some(number) = self.numbers.get(word) {
            self.counts[*number as usize] += count;
            return *number;
        }
        let number = match self.free.pop() {
            Some(number) => number,
            None => {
                self.words.push(Box::default());
                self.counts.push(0);
                self.places.push(NOWHERE);
                (self.words.len() - 1) as u32
            }
        };
        let at = number as usize;
        (self.words[at], self.counts[at]) = (word.into(), count);
        let shape = Shape::of(word);
        if shape.letters != 0 {
            self.places[at] = self.shapes.len() as u32;
            self.shapes.push((shape, number));
        }
        self.numbers.insert(word.into(), number);
        number
    }

    /// Takes a value with the word away again.
    pub(crate) fn remove(&mut self, word: &str) {
        let Some(number) = self.numbers.get(word).copied() else { return };
        self.total -= 1;
        let at = number as usize;
        self.counts[at] -= 1;
        if self.counts[at] == 0 {
            self.numbers.remove(word);
            self.words[at] = Box::default();
            let place = std::mem::replace(&mut self.places[at], NOWHERE);
            if place != NOWHERE {
                self.shapes.swap_remove(place as usize);
                if let Some((_, moved)) = self.shapes.get(place as usize) {
                    self.places[*moved as usize] = place;
                }
            }
            self.free.push(number);
        }
    }

    /// The number of a word that any value has.
    pub(crate) fn number(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    /// The word of a number that is in use.
    pub(crate) fn word(&self, number: u32) -> &str {
        &self.words[number as usize]
    }

    /// The word without the `s` at its end, where there is such a word; else the word itself.
    pub(crate) fn singular(&self, number: u32) -> u32 {
        let Some(singular) = self.word(number).strip_suffix('s') else { return number };
        if singular.len() < 3 || singular.ends_with('s') { number } else { self.number(singular).unwrap_or(number) }
    }

    /// In how many values the word stands.
    pub(crate) fn count(&self, word: &str) -> u32 {
        self.numbers.get(word).map_or(0, |number| self.counts[*number as usize])
    }

    /// The sum of all counts.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// The other words that `typed` may be a slip of, with what that costs, in no order.
    pub(crate) fn near(&self, typed: &str, cost_max: f32) -> Vec<(String, f32)> {
        costs(self.like(typed, cost_max), typed, cost_max)
    }

    /// The words of letters and length so like those of `typed` that it may be a slip of them.
    pub(crate) fn like<'a>(&'a self, typed: &str, cost_max: f32) -> impl Iterator<Item = &'a str> + use<'a> {
        let shape = Shape::of(typed);
        let edits = edit::edits_max(cost_max) as u32;
        let is_like = move |candidate: &Shape| {
            // An edit changes the length by one at most, takes one letter away at most and brings one in at most; of two letters
            // for one sound, two.
            let gone = (candidate.letters & !shape.letters).count_ones();
            let come = (shape.letters & !candidate.letters).count_ones();
            let most = gone.max(come);
            let fits = most <= edits || edits > 1 && most == edits + 1 && gone + come <= 2 * edits;
            fits && candidate.chars.abs_diff(shape.chars) <= edits as u8
        };
        // What nothing is corrected to is not corrected either.
        let shapes = if shape.letters == 0 { &[] } else { self.shapes.as_slice() };
        shapes.iter().filter(move |(candidate, _)| is_like(candidate)).map(|(_, number)| self.word(*number))
    }
}

/// Of these words the others than `typed` that it may be a slip of, with what that costs.
pub(crate) fn costs<'a>(words: impl Iterator<Item = &'a str>, typed: &str, cost_max: f32) -> Vec<(String, f32)> {
    let letters: Vec<char> = typed.chars().collect();
    let mut other: Vec<char> = Vec::new();
    let mut near = Vec::new();
    for word in words {
        other.clear();
        other.extend(word.chars());
        if let Some(cost) = edit::cost(&letters, &other, cost_max).filter(|cost| *cost > 0.0) {
            near.push((word.to_owned(), cost));
        }
    }
    near
}
