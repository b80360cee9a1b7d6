//! What interactions say:
//!
//! 1. Each of the contract's 29 types has a weight, and it is the one that the documents give with its reason.
//! 2. Stars, seconds and glances are read as the contract says.
//! 3. Group interactions reach the variants, children their parent.

use record::InteractionType;

use crate::signals::weight;

/// The table of signals in the documents.
const DOCUMENT: &str = include_str!("../../../../docs/LEARNING.md");

/// The first number of a cell: of `1, to 3 with …` the 1.
fn first_number(cell: &str) -> f32 {
    let cell = cell.trim().replace('−', "-");
    let end = cell.find([',', ' ', ';']).unwrap_or(cell.len());
    cell[..end].parse().unwrap()
}

#[test]
fn every_type_weighs_what_the_documents_say() {
    assert_eq!(InteractionType::ALL.len(), 29);
    for kind in InteractionType::ALL {
        let named = format!("`{}`", kind.name());
        let mut rows = DOCUMENT.lines().filter(|line| line.starts_with('|') && line.contains(&named));
        let row = rows.next().unwrap_or_else(|| panic!("the table has no row for {named}"));
        let cell = row.split('|').nth(2).unwrap();
        // The rows of ratings go by the stars, the first of them is of those liked.
        let value = if kind == InteractionType::Rate { 3.5 } else { f32::NAN };
        assert_eq!(weight(kind, value), first_number(cell), "{named}: {row}");
    }
}

#[test]
fn stars_and_seconds_are_read_as_the_contract_says() {
    use InteractionType::{Listen, ProductDetailPageView, Rate, Read, Watch};
    for (stars, sign) in [(5.0, 1.0), (3.5, 1.0), (3.0, 0.0), (2.5, 0.0), (2.0, -1.0), (0.5, -1.0)] {
        assert_eq!(weight(Rate, stars).partial_cmp(&0.0), sign.partial_cmp(&0.0_f32), "{stars} stars");
    }
    for kind in [ProductDetailPageView, Read, Watch, Listen] {
        assert!(weight(kind, 4.9) <= 0.0, "a glance");
        assert!(weight(kind, 60.0) > weight(kind, 6.0));
        assert!(weight(kind, 1e9) <= 3.0, "a tab left open is no passion");
    }
}

#[test]
fn what_speaks_against_is_worse_than_nothing_and_conversions_outweigh_views() {
    use InteractionType::*;
    for kind in [Dislike, Refund, RemoveFromCart, RemoveFromCollection, Unsubscribe] {
        assert!(weight(kind, f32::NAN) < 0.0, "{}", kind.name());
    }
    for kind in [Checkout, AddToCart, Subscribe] {
        assert!(weight(kind, f32::NAN) > 2.0 * weight(ProductDetailPageView, f32::NAN), "{}", kind.name());
    }
}

#[test]
fn groups_reach_their_variants_and_children_their_parents() {
    let world = super::world(
        "product small group=shirt
         product large group=shirt
         product child parent=whole
         product whole
         ann group shirt
         ben view child",
    );
    let dataset = crate::training_dataset(&world.state, super::NOW, &crate::Goal::default());
    let row = |id: &str| world.state.catalogue().row(id).unwrap().0;
    let weight_of = |id: &str| -> f32 {
        let own = dataset.observations.iter().filter(|observation| observation.product == row(id));
        own.map(|observation| observation.weight).sum()
    };
    assert_eq!([weight_of("small"), weight_of("large")], [0.5, 0.5]);
    assert_eq!([weight_of("child"), weight_of("whole")], [1.0, 1.0]);
}
