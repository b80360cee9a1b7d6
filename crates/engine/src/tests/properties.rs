//! Properties proved here, over small random worlds and questions:
//! 1. No answer holds a product that is excluded, filtered out, out of stock (but for search), seen, without a record, or
//!    there already, itself or by its group.
//! 2. An answer holds exactly as many products as were asked for whenever as many are allowed, else all of them.
//! 3. The same question with the same seed has the same answer; pages put together are the whole list.

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{World, ids, world};

#[derive(Clone, Debug)]
struct Question {
    person: &'static str,
    rows: usize,
    dedupe: bool,
    fq: Option<&'static str>,
    exclude: Vec<usize>,
    boost: Option<&'static str>,
    positions: Option<Vec<usize>>,
    dithering: f64,
    diversify: bool,
}

fn any_world() -> impl Strategy<Value = String> {
    let product = (0..3usize, 0..3usize, 0..5usize, prop::bool::weighted(0.2));
    let products = prop::collection::vec(product, 1..16);
    let kinds = prop::sample::select(vec!["view", "buy", "shown", "dislike", "glance", "cart"]);
    let interaction = (0..6usize, kinds, prop::collection::vec(0..18usize, 1..4));
    let interactions = prop::collection::vec(interaction, 0..24);
    (products, interactions, any::<bool>()).prop_map(|(products, interactions, trained)| {
        let mut text = String::new();
        for (n, (category, brand, group, out)) in products.iter().enumerate() {
            // Groups 3 and 4 stand for none.
            let group = if *group < 3 { format!("group=g{group}") } else { String::new() };
            let out = if *out { "out" } else { "" };
            text += &format!("product p{n} category=c{category} brand=b{brand} {group} {out}\n");
        }
        for (person, kind, ids) in &interactions {
            let ids: Vec<String> = ids.iter().map(|id| format!("p{id}")).collect();
            text += &format!("u{person} {kind} {}\n", ids.join(" "));
        }
        if trained && interactions.iter().any(|(_, kind, _)| !["shown", "glance"].contains(kind)) {
            text += "train\n";
        }
        text
    })
}

fn any_question() -> impl Strategy<Value = Question> {
    let filters = || {
        prop::option::of(prop::sample::select(vec![
            "brand:b0",
            "categories:c1 OR brand:b2",
            "NOT brand:b1",
            "brand:none",
        ]))
    };
    let positions = prop::option::of(prop::collection::vec(0..8usize, 0..3));
    (
        (prop::sample::select(vec!["u0", "u1", "stranger", ""]), 0..20usize, any::<bool>(), filters()),
        (
            prop::collection::vec(0..18usize, 0..4),
            filters(),
            positions,
            prop::sample::select(vec![1.0, 2.0]),
            any::<bool>(),
        ),
    )
        .prop_map(|((person, rows, dedupe, fq), (exclude, boost, positions, dithering, diversify))| Question {
            person,
            rows,
            dedupe,
            fq,
            exclude,
            boost,
            positions,
            dithering,
            diversify,
        })
}

impl Question {
    fn request(&self, search: bool) -> Value {
        let mut request = json!({
            "user_id": self.person,
            "rows": self.rows,
            "dedupe_product_group_id": self.dedupe,
            "exclude": self.exclude.iter().map(|n| format!("p{n}")).collect::<Vec<_>>(),
            "fq": self.fq,
            "boost_fq": self.boost,
            "boost_positions": self.positions,
        });
        if self.person.is_empty() {
            request["user_id"] = Value::Null;
        }
        if self.diversify {
            request["diversification"] = json!({"brand": {"minimum_distance": 1}});
        }
        if !search {
            request["dithering"] = self.dithering.into();
        }
        request
    }

    /// The ids that may be shown, found by testing one product after the other.
    fn allowed(&self, world: &World, leave_out: &HashSet<String>, stock: bool) -> HashSet<String> {
        let filter = self.fq.map(|fq| query::parse(fq).unwrap());
        let excluded: HashSet<String> = self.exclude.iter().map(|n| format!("p{n}")).collect();
        world
            .products
            .iter()
            .filter(|product| filter.as_ref().is_none_or(|filter| filter.matches(*product)))
            .filter(|product| !stock || product.availability != Some(record::Availability::OutOfStock))
            .map(|product| product.product_id.clone())
            .filter(|id| !excluded.contains(id) && !leave_out.contains(id))
            .collect()
    }
}

/// What the person did something with.
fn seen(text: &str, person: &str) -> HashSet<String> {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let theirs = lines.filter(|words| words.len() > 1 && words[0] == person && words[1] != "shown");
    theirs.flat_map(|words| words[2..].iter().map(|&id| id.to_owned()).collect::<Vec<_>>()).collect()
}

fn groups(world: &World, ids: &[String]) -> (usize, usize) {
    let of =
        |id: &String| world.products.iter().find(|product| product.product_id == *id).unwrap().product_group_id.clone();
    let grouped: Vec<String> = ids.iter().filter_map(of).collect();
    let alone = ids.len() - grouped.len();
    let different: HashSet<&String> = grouped.iter().collect();
    (grouped.len() + alone, different.len() + alone)
}

fn holds(
    world: &World,
    question: &Question,
    name: &str,
    mut request: Value,
    allowed: HashSet<String>,
) -> Result<(), TestCaseError> {
    let answer = world.ask(name, &request).unwrap();
    let shown = ids(&answer);
    let different: HashSet<&String> = shown.iter().collect();
    prop_assert_eq!(different.len(), shown.len(), "nothing twice: {:?}", &shown);
    for id in &shown {
        prop_assert!(allowed.contains(id), "{} may not be shown", id);
    }
    let (products, in_groups) = groups(world, &shown);
    let all: Vec<String> = allowed.into_iter().collect();
    let possible = if question.dedupe { groups(world, &all).1 } else { all.len() };
    if question.dedupe {
        prop_assert_eq!(products, in_groups, "one variant a group: {:?}", &shown);
    }
    prop_assert_eq!(shown.len(), question.rows.min(possible), "as many as asked for and possible");
    prop_assert_eq!(&world.ask(name, &request).unwrap(), &answer, "the same seed, the same answer");
    if question.rows > 3 && !question.diversify {
        let mut pages = Vec::new();
        for start in (0..question.rows).step_by(3) {
            request["start"] = start.into();
            request["rows"] = 3.min(question.rows - start).into();
            pages.extend(ids(&world.ask(name, &request).unwrap()));
        }
        // A boosted place beyond a page's window is not known on that page.
        if question.positions.is_none() {
            prop_assert_eq!(pages, shown, "{} page by page", name);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn answers_keep_to_the_rules(text in any_world(), question in any_question(), anchor in 0..18usize) {
        let world = world(&text);
        let person = seen(&text, question.person);
        holds(&world, &question, "user_to_products", question.request(false), question.allowed(&world, &person, true))?;
        holds(&world, &question, "user_to_trending", question.request(false), question.allowed(&world, &HashSet::new(), true))?;

        let anchor = format!("p{anchor}");
        let group = world.products.iter().find(|product| product.product_id == anchor).and_then(|product| product.product_group_id.clone());
        let mut anchors = HashSet::from([anchor.clone()]);
        if question.dedupe && group.is_some() {
            let variants = world.products.iter().filter(|product| product.product_group_id == group);
            anchors.extend(variants.map(|product| product.product_id.clone()));
        }
        let mut request = question.request(false);
        request["product_id"] = anchor.into();
        holds(&world, &question, "product_to_products", request, question.allowed(&world, &anchors, true))?;

        holds(&world, &question, "search", question.request(true), question.allowed(&world, &HashSet::new(), false))?;
    }
}
