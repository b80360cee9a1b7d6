//! Why a product is where it is, in words that a shop's people understand, and in shares that are those of its score.

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};
use state::ProductRow;

use crate::common::Common;
use crate::rank::{Layer, PersonalParts, Ranked, personal_parts};
use crate::rules::Placed;
use crate::signals::Known;
use crate::{View, content};

/// Products that are named as speaking for this one.
const BECAUSE_MAX: usize = 3;

/// What a score is the sum of. All 0 for a product that only fills up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Makeup {
    /// Taste: what the model says of the person's history, and likeness to its latest products.
    pub(crate) personal: f32,
    /// The relation to the anchors.
    pub(crate) relation: f32,
    /// The words of a search.
    pub(crate) text: f32,
    pub(crate) popularity: f32,
    pub(crate) rise: f32,
    /// What was clicked after the same query.
    pub(crate) clicks: f32,
    /// What the context and the cohort add.
    pub(crate) context: f32,
}

impl Makeup {
    /// The score.
    pub(crate) fn sum(&self) -> f32 {
        self.text + self.relation + self.personal + self.popularity + self.rise + self.clicks + self.context
    }
}

/// Explains the products of one answer; nothing where the request does not ask for it.
pub(crate) struct Explainer<'a> {
    view: View<'a>,
    known: &'a Known,
    /// The products that were asked about.
    anchors: &'a [u32],
    /// `None`: nobody asked.
    personal: Option<PersonalParts>,
}

impl<'a> Explainer<'a> {
    /// For an answer whose personal scores were made among the `allowed` products.
    pub(crate) fn new(view: View<'a>, common: &Common<'_>, known: &'a Known, allowed: &RoaringBitmap) -> Explainer<'a> {
        let personal = common.explain.then(|| personal_parts(view, known, allowed));
        Explainer { view, known, anchors: &[], personal }
    }

    /// With the products that were asked about.
    pub(crate) fn of_anchors(self, anchors: &'a [u32]) -> Explainer<'a> {
        Explainer { anchors, ..self }
    }

    /// Adds `_explanation`: `score`, its `sources` with their shares of it, the greatest first, and under `because` the
    /// products of the person's history, or those asked about, that speak for this one, each with its share of what they say
    /// together.
    pub(crate) fn add(
        &self,
        placed: &Placed,
        makeup: impl FnOnce(&Ranked) -> Makeup,
        product: &mut Map<String, Value>,
    ) {
        let Some(personal) = &self.personal else { return };
        let ranked = &placed.ranked;
        let mut told = Told::default();
        let makeup = makeup(ranked);
        self.taste(personal, ranked, makeup.personal, &mut told);
        self.relation(ranked, makeup.relation, &mut told);
        told.add("text", makeup.text);
        told.add("popularity", makeup.popularity);
        told.add("rise", makeup.rise);
        told.add("clicks", makeup.clicks);
        told.add("context", makeup.context);
        if told.amounts.is_empty() {
            told.add(if ranked.layer == Layer::Newest { "newest" } else { "popular_fill" }, 1.0);
        }
        let mut explanation = json!({
            "score": ranked.score,
            "sources": told.sources(),
            "because": told.because(self.view),
        });
        if placed.boosted {
            explanation["note"] = json!("A boost put it at this place, ahead of its score.");
        }
        product.insert("_explanation".to_owned(), explanation);
    }

    /// Divides what taste gave between the model's sources and likeness, in the proportion in which they made it.
    fn taste(&self, personal: &PersonalParts, ranked: &Ranked, amount: f32, told: &mut Told) {
        if amount <= 0.0 {
            return;
        }
        let likeness = personal.content.get(&ranked.row).copied().unwrap_or(0.0);
        let alike = if ranked.personal > 0.0 { (likeness / ranked.personal).clamp(0.0, 1.0) } else { 0.0 };
        told.add("alike_latest", amount * alike);
        if alike > 0.0 {
            for &anchor in &personal.anchors {
                let among = RoaringBitmap::from_iter([ranked.row]);
                if !content::alike(self.view, anchor, &among).is_empty() {
                    told.speak(anchor, amount * alike / personal.anchors.len() as f32);
                }
            }
        }
        let amount = amount * (1.0 - alike);
        let explained = self
            .view
            .model
            .and_then(|model| model.explain(&self.known.observations, self.view.now.0, ranked.row, BECAUSE_MAX));
        match explained.filter(|explained| !explained.sources.is_empty()) {
            Some(explained) => {
                explained.sources.iter().for_each(|&(source, share)| told.add(source, amount * share));
                explained.because.iter().for_each(|&(held, share)| told.speak(held, amount * share));
            }
            None => told.add("taste", amount),
        }
    }

    fn relation(&self, ranked: &Ranked, amount: f32, told: &mut Told) {
        if amount <= 0.0 {
            return;
        }
        let mut related = 0.0;
        for &anchor in self.anchors {
            let Some(model) = self.view.model else { break };
            let neighbours = model.related(anchor).iter().chain(model.bought_together(anchor));
            let likeness: f32 = neighbours.filter(|&&(row, _)| row == ranked.row).map(|&(_, likeness)| likeness).sum();
            related += likeness;
            told.speak(anchor, likeness * amount);
        }
        let source = match (ranked.relevance > 1.0, related > 0.0) {
            (true, _) => "bought_together",
            (false, true) => "related_to_asked",
            (false, false) => "alike_asked",
        };
        if related == 0.0 {
            self.anchors.iter().for_each(|&anchor| told.speak(anchor, amount));
        }
        told.add(source, amount);
    }
}

/// What is gathered for one product.
#[derive(Default)]
struct Told {
    amounts: Vec<(&'static str, f32)>,
    speaking: FxHashMap<u32, f32>,
}

impl Told {
    fn add(&mut self, source: &'static str, amount: f32) {
        if amount > 0.0 {
            self.amounts.push((source, amount));
        }
    }

    fn speak(&mut self, row: u32, amount: f32) {
        if amount > 0.0 {
            *self.speaking.entry(row).or_insert(0.0) += amount;
        }
    }

    fn sources(&mut self) -> Vec<Value> {
        let sum: f32 = self.amounts.iter().map(|&(_, amount)| amount).sum();
        self.amounts.sort_by(|a, b| b.1.total_cmp(&a.1));
        let source = |&(source, amount): &(&str, f32)| json!({"source": source, "share": rounded(amount / sum), "text": words(source)});
        self.amounts.iter().map(source).collect()
    }

    fn because(&self, view: View<'_>) -> Vec<Value> {
        let mut speaking: Vec<(u32, f32)> = self.speaking.iter().map(|(&row, &amount)| (row, amount)).collect();
        speaking.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        speaking.truncate(BECAUSE_MAX);
        let sum: f32 = speaking.iter().map(|&(_, amount)| amount).sum();
        let catalogue = view.state.catalogue();
        let named = speaking.into_iter().map(|(row, amount)| {
            let row = ProductRow(row);
            json!({ "product_id": catalogue.id(row), "title": catalogue.title(row), "share": rounded(amount / sum) })
        });
        named.collect()
    }
}

fn rounded(share: f32) -> f64 {
    (f64::from(share) * 1e3).round() / 1e3
}

fn words(source: &str) -> &'static str {
    match source {
        "related" => "People with a history like this one had this product too.",
        "related_session" => "It goes with what this person did last.",
        "related_broad" => "Many who had these products had this one.",
        "following" => "Others went on to it from here.",
        "linear" => "This history taken together points to it.",
        "linear_session" => "The last steps taken together point to it.",
        "sessions" => "Recent visits like this one led to it.",
        "factors" => "This history as a whole leans to products of its kind.",
        "cohort" => "People who share most with this one had it.",
        "fresh" => "Of late it goes with what this person did last.",
        "description" => "Nobody has met it yet, and by its description it suits this person.",
        "alike" => "It is like products of this person's history.",
        "alike_session" => "It is like what this person looked at last.",
        "alike_latest" => "It shares category or brand with what this person looked at last.",
        "popularity" => "It is popular.",
        "newness" => "How long it has been on offer.",
        "leaning" => "This person leans to its category, brand or the like.",
        "second_look" => "All signs together make it likelier than each alone.",
        "worth" => "It is worth more to the shop, by the number that the engine weighs with.",
        "related_to_asked" => "People who had the product asked about had this one too.",
        "bought_together" => "It is bought together with the product asked about.",
        "alike_asked" => "It shares category or brand with the product asked about.",
        "text" => "It fits the words of the search.",
        "clicks" => "People who searched for the same chose it.",
        "context" => "People like this one, or who come from the same place, want it more than others do.",
        "rise" => "More people than usual want it now.",
        "newest" => "It is among the newest products that pass the filters.",
        "popular_fill" => "It is among the most popular products that pass the filters.",
        _ => "It fits this person's history.",
    }
}
