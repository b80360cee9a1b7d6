use std::ops::Range;

use rand::RngExt;
use rand_pcg::Pcg64Mcg;
use record::{Availability, Product, Time};
use serde_json::{Map, Value, json};

use super::books;
use super::draw::{chance, lognormal, normal, pick, source, weighted};
use super::picture;
use super::shelves::SHELVES;
use super::words::{ADJECTIVES, BRANDS, CLOSINGS, COLOURS, MODELS, OPENINGS, STYLES, Shelf, Sizes};

/// Groups of variants on each shelf.
const GROUPS_PER_SHELF: usize = 17;

/// The products, and what the visitors know of them but the engine has to learn.
pub(super) struct Catalogue {
    pub(super) products: Vec<Product>,
    pub(super) groups: Vec<Group>,
    /// For each product the number of its colour.
    pub(super) colours: Vec<usize>,
}

/// A product in all its variants.
pub(super) struct Group {
    pub(super) shelf: usize,
    pub(super) brand: usize,
    pub(super) style: usize,
    /// 0 the cheapest of its shelf, 1 the dearest.
    pub(super) price_level: f64,
    pub(super) price: f64,
    /// The mean of its ratings, 1 to 5.
    pub(super) quality: f64,
    /// How much more it is looked at than its neighbours, before trends.
    pub(super) appeal: f64,
    /// Positive where it has been rising in the last days, negative where it is fading.
    pub(super) trend: f64,
    /// Days before `now` at which it came into the shop.
    pub(super) age_days: f64,
    /// Places in [`Catalogue::products`].
    pub(super) variants: Range<usize>,
    /// What is bought together with it, as places in [`Catalogue::groups`].
    pub(super) companions: Vec<usize>,
    /// What kind of thing it is, in a word or two: what someone types who looks for it.
    pub(super) noun: &'static str,
    material: &'static str,
    /// The sale price as a share of the original one.
    sale_share: f64,
}

impl Catalogue {
    /// The groups on a shelf.
    pub(super) fn on_shelf(shelf: usize) -> Range<usize> {
        shelf * GROUPS_PER_SHELF..(shelf + 1) * GROUPS_PER_SHELF
    }
}

/// The catalogue of the sample shop.
pub(super) fn stock(seed: u64, now: Time) -> Catalogue {
    let rng = &mut source(seed, 1);
    let mut catalogue = Catalogue { products: Vec::new(), groups: Vec::new(), colours: Vec::new() };
    for (at, shelf) in SHELVES.iter().enumerate() {
        // Every shelf begins elsewhere in the list, so that a name stands for few products of the shop, and once on a shelf.
        let first_model = rng.random_range(0..MODELS.len());
        for number in 0..GROUPS_PER_SHELF {
            let model = MODELS[(first_model + number * 7) % MODELS.len()];
            add_group(&mut catalogue, rng, at, shelf, model, now);
        }
    }
    choose_companions(&mut catalogue, rng);
    catalogue
}

fn add_group(
    catalogue: &mut Catalogue,
    rng: &mut Pcg64Mcg,
    shelf_number: usize,
    shelf: &Shelf,
    model: &str,
    now: Time,
) {
    let makers: Vec<usize> = (0..BRANDS.len()).filter(|brand| BRANDS[*brand].2.contains(&shelf.department)).collect();
    let brand = *pick(rng, &makers);
    let price_level = (0.55 * BRANDS[brand].1 + 0.45 * rng.random::<f64>()).clamp(0.0, 1.0);
    let price = pretty_price(shelf.price.0 * (shelf.price.1 / shelf.price.0).powf(price_level));
    let quality = (3.4 + 0.7 * price_level + 0.5 * normal(rng)).clamp(2.0, 4.9);
    let chosen = *pick(rng, shelf.nouns);
    let (noun, material) = chosen.split_once('|').map_or((chosen, None), |(noun, material)| (noun, Some(material)));
    let number = catalogue.groups.len();
    let newcomer = number % 11 == 3;
    let trend = match number % 17 {
        5 => rng.random_range(1.5..3.0),
        11 => -rng.random_range(0.8..2.0),
        _ => 0.0,
    };
    let group = Group {
        shelf: shelf_number,
        brand,
        style: rng.random_range(0..STYLES.len()),
        price_level,
        price,
        quality,
        appeal: lognormal(rng, 1.0, 0.9),
        trend,
        age_days: if newcomer { rng.random_range(3.0..45.0) } else { rng.random_range(100.0..900.0) },
        variants: catalogue.products.len()..catalogue.products.len(),
        companions: Vec::new(),
        noun,
        material: material.unwrap_or_else(|| *pick(rng, shelf.materials)),
        sale_share: if trend < 0.0 || chance(rng, 0.16) { rng.random_range(0.6..0.9) } else { 1.0 },
    };
    add_variants(catalogue, rng, shelf, model, group, now);
}

fn add_variants(
    catalogue: &mut Catalogue,
    rng: &mut Pcg64Mcg,
    shelf: &Shelf,
    model: &str,
    mut group: Group,
    now: Time,
) {
    let number = catalogue.groups.len();
    let first_colour = rng.random_range(0..COLOURS.len());
    let colours: Vec<usize> =
        (0..rng.random_range(1..=shelf.colours_max)).map(|at| (first_colour + at * 5) % COLOURS.len()).collect();
    let all_sizes = shelf.sizes.names();
    // Four sizes at most, next to each other; books come in one or both bindings.
    let sizes = rng.random_range(all_sizes.len().min(2)..=all_sizes.len().min(4));
    let first_size = rng.random_range(0..=all_sizes.len() - sizes);
    let of_all_variants = describe(rng, shelf, model, &group, number, now);
    for colour in &colours {
        for size in 0..sizes.max(1) {
            let size_name = all_sizes.get(first_size + size).filter(|_| sizes > 0);
            let mut product = of_all_variants.clone();
            product.product_id =
                format!("{}-{}", of_all_variants.product_id, catalogue.products.len() - group.variants.start + 1);
            product.url = Some(format!("https://shop.example/products/{}", product.product_id.to_lowercase()));
            let (colour_name, rgb) = COLOURS[*colour];
            product.cover_image = Some(picture::data_uri(shelf.shape, rgb, number as u32));
            if shelf.sizes == Sizes::Bindings {
                product.material = size_name.map(|name| (*name).to_owned());
            } else {
                product.color = Some(colour_name.to_owned());
                product.size = size_name.map(|name| (*name).to_owned());
            }
            if colours.len() > 1 {
                product.title = product.title.map(|title| format!("{title}, {colour_name}"));
            }
            price_variant(rng, &mut product, shelf, &group, size);
            catalogue.products.push(product);
            catalogue.colours.push(*colour);
        }
    }
    group.variants.end = catalogue.products.len();
    catalogue.groups.push(group);
}

/// Price, stock and stock-keeping number of one variant.
fn price_variant(rng: &mut Pcg64Mcg, product: &mut Product, shelf: &Shelf, group: &Group, size: usize) {
    // Larger volumes and beds, and hard covers, cost more; clothes cost the same in every size.
    let step =
        if matches!(shelf.sizes, Sizes::Volumes | Sizes::Beds | Sizes::Bindings | Sizes::Pets) { 0.35 } else { 0.0 };
    let price = pretty_price(group.price * (1.0 + step * size as f64));
    product.original_price = Some(price);
    let reduced = if group.sale_share < 1.0 { pretty_price(price * group.sale_share).min(price) } else { price };
    product.sale_price = Some(reduced);
    if reduced < price
        && let Some(tags) = &mut product.tags
    {
        tags.push("sale".to_owned());
    }
    product.availability = Some(match rng.random_range(0..100) {
        0..5 => Availability::OutOfStock,
        5..7 => Availability::PreOrder,
        _ => Availability::InStock,
    });
    let stock = if product.availability == Some(Availability::InStock) { rng.random_range(1..120) } else { 0 };
    if let Some(attributes) = &mut product.custom_attributes {
        attributes.insert("sku".to_owned(), json!(product.product_id.replace('-', "")));
        attributes.insert("stock_count".to_owned(), json!(stock));
    }
}

/// What all variants of a group have in common.
fn describe(rng: &mut Pcg64Mcg, shelf: &Shelf, model: &str, group: &Group, number: usize, now: Time) -> Product {
    let brand = BRANDS[group.brand].0;
    let code: String = shelf.name.chars().filter(char::is_ascii_alphabetic).take(3).collect();
    let is_book = shelf.department == "Books";
    let (title, description, authors) = if is_book {
        let text = books::write(rng, shelf.name);
        (text.title, text.description, Some(vec![text.author]))
    } else {
        (format!("{brand} {model} {}", group.noun), advertise(rng, shelf, model, group), None)
    };
    let group_id = format!("{}-{:04}", code.to_uppercase(), 1000 + number);
    let mut categories = vec![vec![shelf.department.to_owned(), shelf.name.to_owned()]];
    if group.age_days < 45.0 {
        categories.push(vec!["New Arrivals".to_owned()]);
    }
    Product {
        product_id: group_id.clone(),
        product_group_id: Some(group_id),
        kind: Some(if is_book { "book" } else { "product" }.to_owned()),
        title: Some(title),
        description: Some(description),
        language: Some("en".to_owned()),
        created_at: Some(Time(now.0 - (group.age_days * Time::DAY_MS as f64) as i64).to_string()),
        categories: Some(categories),
        tags: Some(tags(rng, shelf, group)),
        margin: Some(round(rng.random_range(0.18..0.55), 100.0)),
        material: (!is_book).then(|| group.material.to_owned()),
        brand: Some(brand.to_owned()),
        publishers: is_book.then(|| vec![brand.to_owned()]),
        authors,
        rating: Some(round(group.quality, 10.0)),
        custom_attributes: Some(attributes(rng, shelf, group)),
        ..Product::default()
    }
}

fn tags(rng: &mut Pcg64Mcg, shelf: &Shelf, group: &Group) -> Vec<String> {
    let mut tags = vec![STYLES[group.style].to_owned()];
    if group.age_days < 45.0 {
        tags.push("new".to_owned());
    }
    if group.quality > 4.4 {
        tags.push("top rated".to_owned());
    }
    if shelf.department != "Books" && chance(rng, 0.3) {
        tags.push(
            (*pick(rng, &["gift idea", "bestseller", "handmade", "vegan", "plastic-free", "repairable"])).to_owned(),
        );
    }
    tags
}

fn attributes(rng: &mut Pcg64Mcg, shelf: &Shelf, group: &Group) -> Map<String, Value> {
    let mut attributes = Map::new();
    attributes.insert("style".to_owned(), json!(STYLES[group.style]));
    attributes.insert("eco".to_owned(), json!(chance(rng, 0.4)));
    attributes.insert("delivery_days".to_owned(), json!(rng.random_range(1..6)));
    attributes.insert("review_count".to_owned(), json!(lognormal(rng, 40.0 * group.appeal, 0.6).min(5000.0) as u32));
    attributes.insert("season".to_owned(), json!(format!("{:?}", shelf.season).to_lowercase()));
    if shelf.department == "Books" {
        attributes.insert("pages".to_owned(), json!(rng.random_range(48..620)));
        attributes.insert("isbn".to_owned(), json!(format!("979{:010}", rng.random_range(0..9_999_999_999u64))));
    } else {
        attributes.insert("weight_kg".to_owned(), json!(round(lognormal(rng, 0.3 + group.price / 150.0, 0.4), 100.0)));
        attributes.insert("warranty_years".to_owned(), json!(*pick(rng, &[2, 2, 2, 3, 5, 10])));
        let uses: Vec<&str> = shelf.uses.iter().map(|use_| use_.trim_start_matches("for ")).collect();
        attributes.insert("good_for".to_owned(), json!(uses[..rng.random_range(1..=uses.len())]));
    }
    attributes
}

/// Two to four sentences.
fn advertise(rng: &mut Pcg64Mcg, shelf: &Shelf, model: &str, group: &Group) -> String {
    let mut sentences = vec![*pick(rng, &OPENINGS)];
    let first = rng.random_range(0..shelf.features.len());
    sentences.push(shelf.features[first]);
    if chance(rng, 0.6) {
        sentences.push(shelf.features[(first + rng.random_range(1..shelf.features.len())) % shelf.features.len()]);
    }
    let closing = *pick(rng, &CLOSINGS);
    let names_material_again = sentences[0].contains("{material}") && closing.contains("{material}");
    if chance(rng, 0.65) && !names_material_again {
        sentences.push(closing);
    }
    let noun = lower(group.noun);
    let adjective = *pick(rng, &ADJECTIVES[group.style]);
    let purpose = *pick(rng, shelf.uses);
    let years = *pick(rng, &["two", "three", "five", "ten"]);
    let a_adjective = format!("{} {adjective}", article(&noun, adjective));
    sentences
        .join(" ")
        .replace("{model}", model)
        .replace("{brand}", BRANDS[group.brand].0)
        .replace("{material}", group.material)
        .replace("{use}", purpose)
        .replace("{years}", years)
        .replace("{a_noun}", &format!("{} {noun}", article(&noun, &noun)))
        .replace("{noun}", &noun)
        .replace("{a_adjective}", &a_adjective)
        .replace("{A_adjective}", &capital(&a_adjective))
}

/// What comes before `next` where one of `noun` is meant: `a`, `an`, `a pair of`, `a set of`.
fn article(noun: &str, next: &str) -> &'static str {
    if ["trousers", "chinos", "headphones", "tights", "secateurs"].iter().any(|pair| noun.ends_with(pair)) {
        "a pair of"
    } else if noun.ends_with('s') {
        "a set of"
    } else if next == "honest" || next.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}

/// Lower case but for words such as `T-Shirt` and `USB-C`.
fn lower(noun: &str) -> String {
    let words = noun.split(' ').map(|word| {
        let keeps = word.chars().nth(1).is_some_and(|c| c.is_uppercase() || c == '-')
            && !word.starts_with(|c: char| c.is_ascii_digit());
        if keeps { word.to_owned() } else { word.to_lowercase() }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Two companions for each group: on shelves that go with its own, preferably of its brand, style and price.
fn choose_companions(catalogue: &mut Catalogue, rng: &mut Pcg64Mcg) {
    for number in 0..catalogue.groups.len() {
        let group = &catalogue.groups[number];
        let shelves: Vec<usize> = SHELVES[group.shelf]
            .complements
            .iter()
            .filter_map(|name| SHELVES.iter().position(|shelf| shelf.name == *name))
            .collect();
        let mut companions = Vec::new();
        for _ in 0..if shelves.is_empty() { 0 } else { 2 } {
            let candidates = Catalogue::on_shelf(*pick(rng, &shelves));
            let fit = |other: &Group| {
                let same =
                    f64::from(u8::from(other.brand == group.brand)) + f64::from(u8::from(other.style == group.style));
                (1.5 * same - 2.0 * (other.price_level - group.price_level).abs()).exp() * other.appeal
            };
            let chosen = weighted(rng, catalogue.groups[candidates.clone()].iter().map(fit));
            companions.push(candidates.start + chosen);
        }
        catalogue.groups[number].companions = companions;
    }
}

/// The price as a shop writes it: 12.90, 49.95, 219.00.
fn pretty_price(price: f64) -> f64 {
    if price < 20.0 {
        price.floor() + 0.9
    } else if price < 100.0 {
        price.floor() + 0.95
    } else {
        (price / 10.0).floor() * 10.0 + 9.0
    }
}

fn round(number: f64, steps: f64) -> f64 {
    (number * steps).round() / steps
}
