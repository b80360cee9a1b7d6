//! Catalogues of any size for the search benchmark: products of a real shop recombined, or generated words by Zipf's law.
//!
//! The first products are the originals as they are. Each further one takes the beginning of an original's title and the end of that of
//! another of its kind, with model numbers drawn anew, so that words keep their shares and the vocabulary grows as in a real shop.

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use rand::{Rng, RngExt};
use serde_json::{Map, Value, json};

use crate::world;

/// Originals that are generated where no shop is given.
const GENERATED: usize = 20_000;
const VOCABULARY: usize = 30_000;
/// Attributes kept of one product: what a shop filters by, not its whole data sheet.
const ATTRIBUTES_MAX: usize = 12;
/// How far apart two originals lie at most that are recombined, in the order of their kinds.
const NEIGHBOURS: usize = 20;
/// Different values that a facet may have.
const FACET_VALUES_MAX: usize = 500;

/// A product from which others are made.
struct Original {
    title: Vec<String>,
    description: String,
    brand: String,
    categories: Vec<String>,
    attributes: Map<String, Value>,
    price: f64,
}

/// The originals, those of one kind side by side.
pub(crate) struct Catalogue {
    originals: Vec<Original>,
    /// Four fields to count facets of: the brand, the categories, and the two commonest attributes of few values.
    pub(crate) facets: Vec<String>,
}

impl Catalogue {
    /// From the products of a folder (`products.jsonl` or `products.jsonl.gz`, one record of the API a line), or generated.
    pub(crate) fn new(folder: Option<&Path>) -> Result<Catalogue, Box<dyn Error>> {
        let mut originals = match folder {
            Some(folder) => read(folder)?,
            None => generated(),
        };
        originals.retain(|original| original.title.len() > 1);
        if originals.len() < 2 * NEIGHBOURS {
            return Err(format!("{} products with a title are too few to make a catalogue of", originals.len()).into());
        }
        originals.sort_by(|a, b| (&a.categories, &a.brand).cmp(&(&b.categories, &b.brand)));
        let facets = facets(&originals);
        Ok(Catalogue { originals, facets })
    }

    /// The body of an upload of the products numbered from `first`; a number gives the same product in every run.
    pub(crate) fn body(&self, first: usize, count: usize) -> Vec<u8> {
        let products: Vec<Value> = (first..first + count).map(|number| self.product(number, 0)).collect();
        json!({ "data": products }).to_string().into_bytes()
    }

    /// A product at another price.
    pub(crate) fn update(&self, number: usize, round: usize) -> Value {
        self.product(number, round)
    }

    fn product(&self, number: usize, round: usize) -> Value {
        let mut random = world::source(number as u64 ^ 0x5ea_0000_0000);
        let is_original = number < self.originals.len();
        let at = if is_original { number } else { random.random_range(0..self.originals.len()) };
        let last = self.originals.len() - 1;
        let other = (at + random.random_range(1..=NEIGHBOURS)).min(last);
        let (one, other) = (&self.originals[at], &self.originals[other]);
        let mut attributes = one.attributes.clone();
        let title = if is_original {
            one.title.join(" ")
        } else {
            for (name, value) in &mut attributes {
                if let Some(others) = other.attributes.get(name)
                    && random.random_range(0..4) == 0
                {
                    *value = others.clone();
                }
            }
            let (beginning, end) = (one.title.len().div_ceil(2), other.title.len() / 2);
            let words = one.title[..beginning].iter().chain(&other.title[end..]);
            words.map(|word| renumbered(word, &mut random)).collect::<Vec<_>>().join(" ")
        };
        let price = one.price * (0.8 + 0.4 * random.random::<f64>()) + round as f64;
        json!({
            "product_id": format!("p{number}"),
            "title": title,
            "description": if is_original { &one.description } else { &other.description },
            "brand": one.brand,
            "categories": [one.categories],
            "sale_price": (price * 100.0).round() / 100.0,
            "availability": if random.random_range(0..20) == 0 { "OUT_OF_STOCK" } else { "IN_STOCK" },
            "custom_attributes": attributes,
        })
    }

    /// What a shopper types: one to three words beside one another in a title, so that common words are asked for often.
    ///
    /// Of the first `products`, so that a small catalogue is asked for what it has.
    pub(crate) fn query(&self, random: &mut impl Rng, products: usize) -> String {
        loop {
            let title = &self.originals[random.random_range(0..self.originals.len().min(products))].title;
            let wanted = [1, 1, 1, 2, 2, 2, 2, 3, 3, 3][random.random_range(0..10)];
            // Shoppers name what a title begins with.
            let first = random.random_range(0..title.len().min(6));
            let plain = |word: &String| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
            let words: Vec<String> =
                title[first..].iter().map(plain).filter(|word| word.chars().count() > 1).take(wanted).collect();
            if words.len() == wanted {
                return words.join(" ");
            }
        }
    }

    /// The brand of one of the products, the larger brands more often.
    pub(crate) fn brand(&self, random: &mut impl Rng) -> &str {
        &self.originals[random.random_range(0..self.originals.len())].brand
    }
}

/// A query with one slip in its longest word: two letters in the wrong order, one left out, one twice, or another one.
pub(crate) fn misspelt(query: &str, random: &mut impl Rng) -> String {
    let longest = query.split(' ').max_by_key(|word| word.chars().count()).unwrap_or_default();
    let mut letters: Vec<char> = longest.chars().collect();
    if letters.len() < 4 {
        return query.to_owned();
    }
    let at = random.random_range(1..letters.len() - 1);
    match random.random_range(0..4) {
        0 => letters.swap(at, at + 1),
        1 => _ = letters.remove(at),
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = char::from(b'a' + random.random_range(0..26u8)),
    }
    query.replacen(longest, &letters.into_iter().collect::<String>(), 1)
}

/// Digits drawn anew in a word that has letters and digits or many digits: a model number is no other product's.
fn renumbered(word: &str, random: &mut impl Rng) -> String {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    if digits < 3 {
        return word.to_owned();
    }
    let another = |c: char| if c.is_ascii_digit() { char::from(b'0' + random.random_range(0..10u8)) } else { c };
    word.chars().map(another).collect()
}

fn read(folder: &Path) -> Result<Vec<Original>, Box<dyn Error>> {
    let packed = folder.join("products.jsonl.gz");
    let reader: Box<dyn Read> = if packed.exists() {
        Box::new(flate2::read::MultiGzDecoder::new(File::open(packed)?))
    } else {
        Box::new(File::open(folder.join("products.jsonl"))?)
    };
    let mut originals = Vec::new();
    for line in BufReader::new(reader).lines() {
        let product: Value = serde_json::from_str(&line?)?;
        let text = |name: &str| product[name].as_str().unwrap_or_default().to_owned();
        let is_kept = |value: &Value| value.is_boolean() || value.is_number() || value.is_string();
        let attributes = product["custom_attributes"].as_object().into_iter().flatten();
        let kept = attributes.filter(|(_, value)| is_kept(value)).take(ATTRIBUTES_MAX);
        let levels = product["categories"].as_array().into_iter().flatten().next();
        let categories = levels.and_then(Value::as_array).into_iter().flatten();
        originals.push(Original {
            title: text("title").split_whitespace().map(str::to_owned).collect(),
            description: text("description"),
            brand: text("brand"),
            categories: categories.filter_map(|level| level.as_str().map(str::to_owned)).collect(),
            attributes: kept.map(|(name, value)| (name.clone(), value.clone())).collect(),
            price: product["sale_price"].as_f64().unwrap_or(10.0),
        });
    }
    Ok(originals)
}

/// Words made of syllables, of which the n-th is used as often as 1/n says (Zipf's law).
fn generated() -> Vec<Original> {
    const SYLLABLES: [&str; 24] = [
        "ba", "den", "fi", "gor", "hal", "ki", "lam", "mo", "nar", "pel", "ra", "sto", "ti", "ver", "wo", "zan", "cle",
        "dri", "flo", "gra", "ple", "ster", "tra", "bri",
    ];
    let mut random = world::source(77);
    let mut word = || -> String {
        let syllables = random.random_range(2..5);
        (0..syllables).map(|_| SYLLABLES[random.random_range(0..SYLLABLES.len())]).collect()
    };
    let words: Vec<String> = (0..VOCABULARY).map(|_| word()).collect();
    let mut random = world::source(78);
    let mut next = move |most: usize| (most as f64).powf(random.random::<f64>()) as usize;
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    let mut originals = Vec::with_capacity(GENERATED);
    for number in 0..GENERATED {
        let brand = capital(&words[VOCABULARY - 1 - next(1_000)]);
        let kind = next(300);
        let length = 2 + next(7);
        let mut title = vec![brand.clone()];
        title.extend((0..length).map(|_| words[next(VOCABULARY) - 1].clone()));
        title.push(words[kind * 7].clone());
        title.push(format!("{}-{}", words[next(VOCABULARY) - 1][..2].to_uppercase(), 1_000 + number));
        let description = (0..30).map(|_| words[next(VOCABULARY) - 1].as_str()).collect::<Vec<_>>().join(" ");
        let attributes = json!({
            "colour": words[100 + next(12)], "material": words[200 + next(30)], "series": words[300 + next(400)],
            "weight_g": next(5_000), "rating": next(5), "waterproof": next(10) > 3,
        });
        originals.push(Original {
            title,
            description,
            brand,
            categories: vec![capital(&words[500 + kind / 30]), capital(&words[600 + kind])],
            attributes: attributes.as_object().cloned().unwrap_or_default(),
            price: 1.0 + next(1_000) as f64,
        });
    }
    originals
}

fn facets(originals: &[Original]) -> Vec<String> {
    let mut values_by_name: HashMap<&str, HashMap<&str, usize>> = HashMap::new();
    for (name, value) in originals.iter().flat_map(|original| &original.attributes) {
        if let Some(text) = value.as_str() {
            *values_by_name.entry(name).or_default().entry(text).or_default() += 1;
        }
    }
    values_by_name.retain(|_, values| (2..=FACET_VALUES_MAX).contains(&values.len()));
    let mut names: Vec<(usize, &str)> =
        values_by_name.iter().map(|(name, values)| (values.values().sum(), *name)).collect();
    names.sort_unstable_by(|a, b| b.cmp(a));
    let attributes = names.iter().take(2).map(|(_, name)| format!("custom_attributes.{name}"));
    ["brand", "categories"].map(str::to_owned).into_iter().chain(attributes).collect()
}
