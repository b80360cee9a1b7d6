//! Properties:
//! 1. The same person gets the same variant; over many, each variant gets its share of the weights.
//! 2. A changed weight moves only persons to or from the variant it belongs to.
//! 3. Nobody is in an experiment that is not active; only the share of persons is in one that is.
//! 4. A change keeps the ids of variants by their names, so that it moves nobody.
//! 5. A wrong definition is refused by field.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::json;

use super::*;

fn experiment(definition: Value) -> Result<Experiment, (String, String)> {
    serde_json::from_value::<Definition>(definition).unwrap().experiment(None)
}

fn active(weights: &[f64], share: f64) -> Experiment {
    let variants: Vec<Value> =
        (0..).zip(weights).map(|(n, weight)| json!({"name": format!("v{n}"), "weight": weight})).collect();
    let mut made =
        experiment(json!({"name": "Test", "status": "Active", "share": share, "variants": variants})).unwrap();
    // Fixed ids: shares over persons then do not depend on the run.
    made.id = "e".to_owned();
    for (n, variant) in made.variants.iter_mut().enumerate() {
        variant.id = format!("id{n}");
    }
    made
}

fn persons() -> impl Iterator<Item = String> {
    (0..10_000).map(|n| format!("user:{n}"))
}

#[test]
fn each_variant_gets_its_share_of_the_weights() {
    let made = active(&[1.0, 2.0, 0.0, 1.0], 1.0);
    let mut counts = [0; 4];
    for person in persons() {
        let (is_in, variant) = made.assign(&person);
        assert!(is_in);
        assert_eq!(made.assign(&person).1, variant);
        counts[made.variants.iter().position(|other| other == variant).unwrap()] += 1;
    }
    assert_eq!(counts[2], 0);
    for (count, expected) in [(counts[0], 2_500), (counts[1], 5_000), (counts[3], 2_500)] {
        assert!((expected - 200..expected + 200).contains(&count), "{counts:?}");
    }
}

#[test]
fn a_changed_weight_moves_only_those_who_must() {
    let (before, after) = (active(&[1.0, 1.0, 1.0], 1.0), active(&[1.0, 2.0, 1.0], 1.0));
    let mut moved = 0;
    for person in persons() {
        let (from, to) = (&before.assign(&person).1.name, &after.assign(&person).1.name);
        if from != to {
            moved += 1;
            assert_eq!(to, "v1");
        }
    }
    // From a third to a half.
    assert!((1_500..1_850).contains(&moved), "{moved}");
}

#[test]
fn who_is_not_in_it_gets_the_first() {
    let mut made = active(&[1.0, 1.0], 0.2);
    let is_in = persons().filter(|person| made.assign(person).0).count();
    assert!((1_850..2_150).contains(&is_in), "{is_in}");
    for status in [Status::Draft, Status::Scheduled, Status::Completed, Status::Archived] {
        made.status = status;
        assert!(persons().take(100).all(|person| made.assign(&person) == (false, &made.variants[0])));
    }
    let mut none = active(&[1.0, 0.0], 1.0);
    none.variants[0].status = Status::Archived;
    assert_eq!(none.assign("user:1"), (false, &none.variants[0]));
}

#[test]
fn a_change_keeps_the_ids_by_name() {
    let made = experiment(json!({"name": "Big buttons!", "variants": [{"name": "A"}, {"name": "B"}]})).unwrap();
    assert_eq!((made.slug.as_str(), made.status, made.share), ("big-buttons", Status::Draft, 1.0));
    let change = json!({"name": "Small", "variants": [{"name": "B", "weight": 3}, {"name": "C"}]});
    let changed = serde_json::from_value::<Definition>(change).unwrap().experiment(Some(&made)).unwrap();
    assert_eq!((&changed.id, &changed.variants[0].id), (&made.id, &made.variants[1].id));
    assert!(made.variants.iter().all(|variant| variant.id != changed.variants[1].id));
    assert!(changed.is_called("small") && changed.is_called(&made.id) && !changed.is_called("big-buttons"));
}

#[test]
fn a_wrong_definition_is_refused_by_field() {
    let wrong = |field: &str, value: Value| {
        let mut definition = json!({"name": "Test", "variants": [{"name": "A"}]});
        definition[field] = value;
        experiment(definition).unwrap_err().0
    };
    assert_eq!(wrong("name", json!(" ")), "name");
    assert_eq!(wrong("name", json!("日本")), "slug");
    assert_eq!(wrong("slug", json!("a/b")), "slug");
    assert_eq!(wrong("share", json!(1.5)), "share");
    assert_eq!(wrong("variants", json!([])), "variants");
    assert_eq!(wrong("variants", json!([{"name": "A"}, {"name": "a"}])), "variants.1");
    assert_eq!(wrong("variants", json!([{"name": "A", "weight": -1}])), "variants.0.weight");
    assert_eq!(wrong("variants", json!([{"name": "A", "configuration": 1}])), "variants.0.configuration");
    assert_eq!(wrong("variants", json!([{"name": "A", "id": "x"}])), "variants.0.id");
}
