//! Which values are meant by what was typed so far.
//!
//! Few people type on to the end, so the values offered stand for what most of them may be going to type: every way to go on (the word
//! begun, or the one that follows) gets places by how many titles go on like that, as seats are given to parties (D'Hondt), so that the
//! second and third way are offered before the fourth title of the first.

use std::cell::RefCell;
use std::collections::BinaryHeap;

use roaring::RoaringBitmap;
use rustc_hash::{FxHashMap, FxHashSet};
use state::ProductRow;

use super::Typed;
use super::field::ValueIndex;
use crate::limits;
use crate::spelling::Vocabulary;

/// What a value counts whose words stand apart or in another order than they were typed.
const APART_SHARE: f32 = 0.3;
/// Words into a title at which a match counts half: a title says first what the product is.
const LATE_WORDS: f32 = 8.0;
/// How many times more a value counts that begins with what was typed.
const BEGINNING: f32 = 2.0;
/// Words of a title that halve what it counts: a short one says little else.
const LONG_WORDS: f32 = 24.0;
/// How much more a way to go on counts for a product whose brand or category it is, and how much more that product does.
const NAMED_WEIGHT: f32 = 2.0;
const NAMED_SCORE: f32 = 1.0;
/// How much more a product counts for each further time that its title has the word.
const AGAIN_SCORE: f32 = 0.5;
/// Weights to this power: the many leave room for the few.
const WEIGHT_POWER: f32 = 0.5;

/// Where values are looked for, and what is known of them.
pub(super) struct Meant<'a> {
    pub(super) values: &'a ValueIndex,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) allowed: Option<&'a RoaringBitmap>,
    pub(super) popularity: &'a dyn Fn(ProductRow) -> f32,
    /// Whether a word stands in the brand or a category of a product.
    pub(super) is_named: &'a dyn Fn(u32, u32) -> bool,
    /// Words that were looked at: what each is the plural of, and whether it has a digit.
    pub(super) known: RefCell<FxHashMap<u32, (u32, bool)>>,
}

/// A value that is meant, with its most popular product.
pub(super) struct Chosen<'a> {
    pub(super) text: &'a str,
    pub(super) row: u32,
}

/// How a value goes on from what was typed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Way {
    /// With this word.
    Word(u32),
    /// With a number or a code: all of these are one way.
    Digits,
    /// Not at all.
    End,
}

/// A value in the running.
struct Scored<'a> {
    score: f32,
    chars: u32,
    text: &'a str,
    row: u32,
    /// How it goes on behind its way.
    after: Way,
}

/// The values of one way.
#[derive(Default)]
struct Party<'a> {
    weight: f32,
    /// Whether its word was typed whole, so that its own ways to go on get places in turn.
    is_whole: bool,
    scored: Vec<Scored<'a>>,
}

impl<'a> Meant<'a> {
    /// At most `count` of the values `among`, which all match what was typed; the likeliest first, ties by length and text.
    pub(super) fn best(&self, among: &RoaringBitmap, typed: &Typed, count: usize) -> Vec<Chosen<'a>> {
        if count == 0 || among.is_empty() {
            return Vec::new();
        }
        let (looked_at, lasts) = self.looked_at(among, typed);
        let mut parties: FxHashMap<Way, Party<'a>> = FxHashMap::default();
        for number in looked_at {
            self.place(number, typed, &lasts, &mut parties);
        }
        let mut parties: Vec<(Way, Party<'a>)> = parties.into_iter().collect();
        parties.sort_unstable_by(|a, b| {
            b.1.weight.total_cmp(&a.1.weight).then_with(|| self.text(a.0).cmp(self.text(b.0)))
        });
        let weights: Vec<f32> = parties.iter().map(|(_, party)| party.weight.powf(WEIGHT_POWER)).collect();
        let mut lists: Vec<Option<std::vec::IntoIter<Scored<'a>>>> = parties.iter().map(|_| None).collect();
        let chosen = seats(&weights, |at| {
            let list = lists[at].get_or_insert_with(|| self.ordered(&mut parties[at].1, count).into_iter());
            list.next()
        });
        chosen.take(count).map(|one| Chosen { text: one.text, row: one.row }).collect()
    }

    /// The values that are looked at, and the words that the last typed word may be. Of very many values those with the commonest
    /// of these words, a part of them that is spread evenly.
    fn looked_at(&self, among: &RoaringBitmap, typed: &Typed) -> (Vec<u32>, FxHashSet<u32>) {
        let last = typed.words.last().map_or("", String::as_str);
        let most = limits::COMPLETION_VALUES_SCORED_MAX;
        if typed.last_is_complete {
            let step = among.len() as usize / most + 1;
            let lasts = self.vocabulary.number(last).into_iter().collect();
            return (among.iter().step_by(step).collect(), lasts);
        }
        let words = self.values.words_beginning(last).take(limits::COMPLETION_WORDS_COMPARED_MAX);
        if among.len() as usize <= most {
            let lasts = words.filter_map(|(word, _)| self.vocabulary.number(word)).collect();
            return (among.iter().collect(), lasts);
        }
        let mut common: Vec<(u64, &str, &RoaringBitmap)> = words.map(|(word, with)| (with.len(), word, with)).collect();
        common.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        common.truncate(limits::COMPLETION_WAYS_MAX);
        let each = most / common.len().max(1);
        let mut looked_at = RoaringBitmap::new();
        for (_, _, with) in &common {
            let with = *with & among;
            looked_at.extend(with.iter().step_by(with.len() as usize / each + 1));
        }
        let lasts = common.iter().filter_map(|(_, word, _)| self.vocabulary.number(word)).collect();
        (looked_at.iter().collect(), lasts)
    }

    /// Weighs one value and puts it to the others of its way.
    fn place(&self, number: u32, typed: &Typed, lasts: &FxHashSet<u32>, parties: &mut FxHashMap<Way, Party<'a>>) {
        let value = self.values.value(number);
        let is_allowed = |row: &u32| self.allowed.is_none_or(|allowed| allowed.contains(*row));
        let liked = value.rows().iter().copied().filter(is_allowed).map(|row| (self.liking(row), row));
        // Of equally popular products the lowest row, so that the answer does not depend on the order of uploads.
        let Some((liking, row)) = liked.reduce(|a, b| if b.0 > a.0 { b } else { a }) else { return };
        let words = value.words();
        let before = typed.words.len().checked_sub(2).map(|at| typed.words[at].as_str());
        let mut found: Option<(usize, bool)> = None;
        for (at, _) in words.iter().enumerate().filter(|(_, word)| lasts.contains(*word)) {
            let is_beside = before.is_none_or(|before| {
                at.checked_sub(1).is_some_and(|at| self.vocabulary.word(words[at]).starts_with(before))
            });
            if is_beside || found.is_none() {
                found = Some((at, is_beside));
            }
            if is_beside {
                break;
            }
        }
        // Words beyond those that are kept of a long value.
        let (at, is_beside) = found.unwrap_or((words.len(), false));
        let place = if is_beside { (at + 1).saturating_sub(typed.words.len()) } else { at };
        let base = if is_beside { 1.0 } else { APART_SHARE } / (1.0 + place as f32 / LATE_WORDS);
        let word = words.get(at).copied();
        let own = word.map_or(Way::End, |word| Way::Word(self.known(word).0));
        let (way, after) = match typed.last_is_complete {
            true => (self.way(words, at + 1), self.way(words, at + 2)),
            false => (own, self.way(words, at + 1)),
        };
        let named = match way {
            Way::Word(_) if (self.is_named)(row, if typed.last_is_complete { words[at + 1] } else { words[at] }) => 1.0,
            _ => 0.0,
        };
        let again = words.iter().filter(|other| Some(**other) == word).count().saturating_sub(1) as f32;
        let begins = if place == 0 { BEGINNING } else { 1.0 };
        let mut score = begins * base * liking / (1.0 + words.len() as f32 / LONG_WORDS);
        score *= (1.0 + NAMED_SCORE * named) * (1.0 + AGAIN_SCORE * again);
        let party = parties.entry(way).or_default();
        party.weight += base * (1.0 + liking.ln_1p()) * (1.0 + NAMED_WEIGHT * named);
        party.is_whole |= typed.last_is_complete
            || word.is_some_and(|word| Some(self.vocabulary.word(word)) == typed.words.last().map(String::as_str));
        party.scored.push(Scored { score, chars: value.chars, text: &value.text, row, after });
    }

    /// 1 for a product that nobody knows.
    fn liking(&self, row: u32) -> f32 {
        let popularity = (self.popularity)(ProductRow(row));
        if popularity.is_finite() { 1.0 + popularity.max(0.0) } else { 1.0 }
    }

    fn way(&self, words: &[u32], at: usize) -> Way {
        match words.get(at) {
            None => Way::End,
            Some(word) => match self.known(*word) {
                (_, true) => Way::Digits,
                (singular, false) => Way::Word(singular),
            },
        }
    }

    fn known(&self, word: u32) -> (u32, bool) {
        let look =
            || (self.vocabulary.singular(word), self.vocabulary.word(word).contains(|c: char| c.is_ascii_digit()));
        *self.known.borrow_mut().entry(word).or_insert_with(look)
    }

    /// The first `count` of a party: the best, or where its word was typed whole, the best of each way to go on, in turn.
    fn ordered(&self, party: &mut Party<'a>, count: usize) -> Vec<Scored<'a>> {
        let mut scored = std::mem::take(&mut party.scored);
        let order = |a: &Scored<'_>, b: &Scored<'_>| {
            b.score.total_cmp(&a.score).then(a.chars.cmp(&b.chars)).then_with(|| a.text.cmp(b.text))
        };
        if !party.is_whole {
            if scored.len() > count {
                scored.select_nth_unstable_by(count, order);
                scored.truncate(count);
            }
            scored.sort_unstable_by(order);
            return scored;
        }
        scored.sort_unstable_by(order);
        let mut by_way: FxHashMap<Way, (f32, Vec<Scored<'a>>)> = FxHashMap::default();
        for one in scored {
            let (weight, list) = by_way.entry(one.after).or_default();
            *weight += one.score;
            list.push(one);
        }
        let mut ways: Vec<(Way, (f32, Vec<Scored<'a>>))> = by_way.into_iter().collect();
        ways.sort_unstable_by(|a, b| b.1.0.total_cmp(&a.1.0).then_with(|| self.text(a.0).cmp(self.text(b.0))));
        let weights: Vec<f32> = ways.iter().map(|(_, (weight, _))| weight.powf(WEIGHT_POWER)).collect();
        let mut lists: Vec<std::vec::IntoIter<Scored<'a>>> =
            ways.into_iter().map(|(_, (_, list))| list.into_iter()).collect();
        seats(&weights, |at| lists[at].next()).take(count).collect()
    }

    fn text(&self, way: Way) -> &'a str {
        match way {
            Way::Word(number) => self.vocabulary.word(number),
            Way::Digits => "0",
            Way::End => "",
        }
    }
}

/// Seats by D'Hondt: the next one is taken, by `take`, for the party whose weight over its seats and one is greatest, ties to the first;
/// one that has nobody left drops out.
fn seats<T>(weights: &[f32], mut take: impl FnMut(usize) -> Option<T>) -> impl Iterator<Item = T> {
    let mut waiting: BinaryHeap<(Quotient, std::cmp::Reverse<usize>, u32)> =
        weights.iter().enumerate().map(|(at, weight)| (Quotient(*weight), std::cmp::Reverse(at), 0)).collect();
    let weights = weights.to_vec();
    std::iter::from_fn(move || {
        loop {
            let (_, std::cmp::Reverse(at), seats) = waiting.pop()?;
            let Some(one) = take(at) else { continue };
            waiting.push((Quotient(weights[at] / (seats + 2) as f32), std::cmp::Reverse(at), seats + 1));
            return Some(one);
        }
    })
}

/// A number that can be ordered.
#[derive(PartialEq)]
struct Quotient(f32);

impl Eq for Quotient {}

impl Ord for Quotient {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Quotient {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
