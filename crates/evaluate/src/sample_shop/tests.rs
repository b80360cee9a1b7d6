//! The properties of the sample shop:
//! 1. Equal arguments give equal shops; another seed gives another one.
//! 2. Every record passes the validation of an upload, and every custom attribute keeps one type.
//! 3. It is of the promised size, in time order, ends minutes before `now`, and has every kind of step of a real funnel.
//! 4. It holds what an engine can learn: companions bought together, trends, tastes, anonymous visitors that sign in.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use record::{AttributeKind, InteractionType, Time};
use serde::Serialize;
use serde_json::json;

use super::{SampleShop, catalogue, generate};

const NOW: Time = Time(1_760_000_000_000);

static SHOP: LazyLock<SampleShop> = LazyLock::new(|| generate(7, NOW));

fn body<T: Serialize>(records: &[T]) -> Vec<u8> {
    serde_json::to_vec(&json!({"data": records})).unwrap()
}

#[test]
fn equal_arguments_give_equal_shops() {
    assert!(*SHOP == generate(7, NOW));
    let other = generate(8, NOW);
    assert!(other.products != SHOP.products && other.interactions != SHOP.interactions);
}

#[test]
fn every_record_passes_validation() {
    assert_eq!(record::parse_products(&body(&SHOP.products)).unwrap(), SHOP.products);
    assert_eq!(record::parse_users(&body(&SHOP.users)).unwrap(), SHOP.users);
    for part in SHOP.interactions.chunks(10_000) {
        assert_eq!(record::parse_interactions(&body(part)).unwrap(), part);
    }
}

#[test]
fn a_custom_attribute_keeps_one_type() {
    let mut kinds: BTreeMap<&str, AttributeKind> = BTreeMap::new();
    for (name, value) in SHOP.products.iter().flat_map(|product| product.custom_attributes.as_ref().unwrap()) {
        let kind = AttributeKind::of(value).unwrap();
        assert_eq!(*kinds.entry(name).or_insert(kind), kind, "{name}");
    }
    assert!(kinds.len() >= 8);
}

#[test]
fn the_catalogue_is_of_the_promised_size_and_variety() {
    let products = &SHOP.products;
    assert!((1_800..=2_300).contains(&products.len()), "{}", products.len());
    let ids: BTreeSet<&str> = products.iter().map(|product| product.product_id.as_str()).collect();
    assert_eq!(ids.len(), products.len());
    let departments: BTreeSet<&str> =
        products.iter().map(|product| product.categories.as_ref().unwrap()[0][0].as_str()).collect();
    assert!(departments.len() >= 12);
    let groups: BTreeSet<&str> = products.iter().map(|product| product.product_group_id.as_deref().unwrap()).collect();
    assert!(groups.len() > 500 && groups.len() < products.len() / 2);
    let descriptions: BTreeSet<&str> = products.iter().map(|product| product.description.as_deref().unwrap()).collect();
    assert!(descriptions.len() * 100 > groups.len() * 99, "{} of {}", descriptions.len(), groups.len());
    for product in products {
        let description = product.description.as_deref().unwrap();
        assert!(!description.contains(['{', '}']), "{description}");
        assert!(product.sale_price <= product.original_price && product.sale_price > Some(0.0));
        let picture = product.cover_image.as_deref().unwrap();
        assert!(picture.starts_with("data:image/svg+xml,%3Csvg") && picture.len() < 4096, "{} bytes", picture.len());
    }
}

#[test]
fn the_log_is_in_time_order_and_ends_minutes_before_now() {
    let log = &SHOP.interactions;
    assert!((150_000..=250_000).contains(&log.len()), "{}", log.len());
    assert!(log.is_sorted_by_key(|interaction| interaction.timestamp));
    let first = log[0].timestamp.unwrap();
    let last = log[log.len() - 1].timestamp.unwrap();
    assert!(first.0 >= NOW.0 - 92 * Time::DAY_MS && first.0 < NOW.0 - 88 * Time::DAY_MS);
    assert!(last < NOW && NOW.0 - last.0 < 10 * 60_000);
    let known: BTreeSet<&str> = SHOP.products.iter().map(|product| product.product_id.as_str()).collect();
    let named = log.iter().flat_map(|interaction| &interaction.product_ids);
    assert!(named.clone().all(|id| known.contains(id.as_str())));
    let mut by_kind: BTreeMap<InteractionType, usize> = BTreeMap::new();
    for interaction in log {
        *by_kind.entry(interaction.kind).or_default() += 1;
    }
    use InteractionType::*;
    let funnel = [ProductDetailPageView, AddToCart, Checkout, Rate, Refund];
    let counts: Vec<usize> = funnel.iter().map(|kind| by_kind[kind]).collect();
    assert!(counts.is_sorted_by(|more, fewer| more > fewer), "{by_kind:?}");
    for kind in [HomePageView, CategoryPageView, Search, Impression, RemoveFromCart, Like, AddToCollection] {
        assert!(by_kind[&kind] > 200, "{by_kind:?}");
    }
}

#[test]
fn visitors_sign_in_and_so_link_what_they_did_before() {
    let people: BTreeSet<(Option<&str>, Option<&str>)> = SHOP
        .interactions
        .iter()
        .map(|interaction| (interaction.user_id.as_deref(), interaction.anonymous_id.as_deref()))
        .collect();
    assert!(!people.contains(&(None, None)));
    let linked: Vec<_> = people.iter().filter(|(user, anonymous)| user.is_some() && anonymous.is_some()).collect();
    assert!(linked.len() > 300, "{}", linked.len());
    assert!(linked.iter().all(|(_, anonymous)| people.contains(&(None, *anonymous))));
    assert!((1_800..=2_200).contains(&SHOP.users.len()), "{}", SHOP.users.len());
    let users: BTreeSet<&str> = SHOP.users.iter().map(|user| user.user_id.as_str()).collect();
    assert!(people.iter().filter_map(|(user, _)| *user).all(|user| users.contains(user)));
}

#[test]
fn companions_are_bought_together_far_more_than_by_chance() {
    let stock = catalogue::stock(7, NOW);
    let group_of: HashMap<&str, usize> = stock
        .groups
        .iter()
        .enumerate()
        .flat_map(|(number, group)| {
            stock.products[group.variants.clone()].iter().map(move |product| (product.product_id.as_str(), number))
        })
        .collect();
    let (mut pairs, mut of_companions) = (0, 0);
    for checkout in SHOP.interactions.iter().filter(|interaction| interaction.kind == InteractionType::Checkout) {
        let groups: Vec<usize> = checkout.product_ids.iter().map(|id| group_of[id.as_str()]).collect();
        for (a, b) in groups.iter().flat_map(|a| groups.iter().map(move |b| (*a, *b))).filter(|(a, b)| a < b) {
            pairs += 1;
            of_companions +=
                usize::from(stock.groups[a].companions.contains(&b) || stock.groups[b].companions.contains(&a));
        }
    }
    assert!(pairs > 1_000 && of_companions * 4 > pairs, "{of_companions} of {pairs}");
}

#[test]
fn rising_products_rise_in_the_last_days() {
    let stock = catalogue::stock(7, NOW);
    let rising: BTreeSet<&str> = stock
        .groups
        .iter()
        .filter(|group| group.trend > 0.0 && group.age_days > DAYS_LONG_ENOUGH)
        .flat_map(|group| stock.products[group.variants.clone()].iter().map(|product| product.product_id.as_str()))
        .collect();
    let views = |from_days_ago: i64, to_days_ago: i64| {
        let within = (NOW.0 - from_days_ago * Time::DAY_MS)..(NOW.0 - to_days_ago * Time::DAY_MS);
        let all = SHOP.interactions.iter().filter(|interaction| {
            interaction.kind == InteractionType::ProductDetailPageView
                && within.contains(&interaction.timestamp.unwrap().0)
        });
        let (mut rose, mut total) = (0.0, 0.0);
        for view in all {
            total += 1.0;
            rose += f64::from(u8::from(rising.contains(view.product_ids[0].as_str())));
        }
        rose / total
    };
    assert!(views(3, 0) > 2.5 * views(60, 30), "{} {}", views(3, 0), views(60, 30));
}

const DAYS_LONG_ENOUGH: f64 = 90.0;
