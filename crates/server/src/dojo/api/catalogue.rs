//! The catalogue as people look through it: found by words and filters, in an order of theirs, page by page to the very end.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Path, State as Shared};
use engine::request::{self, Facet, FacetDefinition};
use engine::{Listing, View};
use parking_lot::Mutex;
use roaring::RoaringBitmap;
use serde::Deserialize;
use serde_json::{Value, json};
use state::{Catalogue, ProductRow};

use crate::dojo::Dojo;
use crate::dojo::trouble::{Trouble, apart};
use crate::environment::now;
use crate::{Environment, EnvironmentName};

/// Products of one page.
const ROWS_MAX: usize = 200;
/// Values offered of a facet.
const FACET_VALUES: usize = 200;
/// From so many products on, their order by title is kept for a while: reading a title takes a microsecond.
const KEPT_FROM: u64 = 50_000;
/// An order older than this is made anew by the next look at the catalogue, beside it.
const RENEWED_AFTER: Duration = Duration::from_secs(60);
/// And one older than this is not shown at all.
const KEPT_FOR: Duration = Duration::from_secs(600);
/// Titles read at a time, so that whoever writes does not wait for all of them.
const READ_AT_ONCE: usize = 50_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sort {
    /// The most relevant first, or without words the most popular.
    #[default]
    Best,
    Title,
    Price,
    Rating,
}

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    fq: String,
    sort: Sort,
    /// From the last to the first; what has no title, price or rating comes last in either case.
    descending: bool,
    start: usize,
    rows: Option<usize>,
    facets: Vec<String>,
    fl: Vec<String>,
}

/// Orders by title that were made a moment ago, the latest of each environment.
#[derive(Default)]
pub(crate) struct TitleOrders {
    kept: Mutex<Vec<TitleOrder>>,
    /// Of which environments one is being made.
    making: Mutex<Vec<EnvironmentName>>,
}

/// Of which environment, when it was made, and the rows.
type TitleOrder = (EnvironmentName, Instant, Arc<[u32]>);

impl TitleOrders {
    fn kept(&self, name: EnvironmentName, age: Duration) -> Option<Arc<[u32]>> {
        let kept = self.kept.lock();
        kept.iter().find(|(of, made, _)| *of == name && made.elapsed() < age).map(|(.., order)| order.clone())
    }

    fn keep(&self, name: EnvironmentName, order: Arc<[u32]>) {
        let mut kept = self.kept.lock();
        kept.retain(|(of, ..)| *of != name);
        kept.push((name, Instant::now(), order));
    }

    /// All products by title, as of at most [`KEPT_FOR`] ago.
    fn of(&self, name: EnvironmentName, catalogue: &Catalogue) -> Arc<[u32]> {
        if let Some(order) = self.kept(name, KEPT_FOR) {
            return order;
        }
        let order: Arc<[u32]> = sorted(named(catalogue, catalogue.live().iter())).into();
        self.keep(name, order.clone());
        order
    }

    /// Sees to it that an order of late is there when somebody asks for it: whoever looks at a large catalogue may do so next.
    fn renew(self: &Arc<Self>, name: EnvironmentName, environment: Arc<Environment>) {
        if self.kept(name, RENEWED_AFTER).is_some() {
            return;
        }
        {
            let mut making = self.making.lock();
            if making.contains(&name) {
                return;
            }
            making.push(name);
        }
        let orders = self.clone();
        tokio::task::spawn_blocking(move || {
            let rows: Vec<u32> = environment.look(|state| state.catalogue().live().iter().collect());
            let read = |rows: &[u32]| environment.look(|state| named(state.catalogue(), rows.iter().copied()));
            let order = sorted(rows.chunks(READ_AT_ONCE).flat_map(read).collect());
            orders.keep(name, order.into());
            orders.making.lock().retain(|one| *one != name);
        });
    }
}

/// `POST …/search {"q","fq","sort","descending","start","rows","facets","fl"}`: not counted as a visitor's search, and without the window
/// that a visitor's search has.
pub(crate) async fn search(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(name): Path<EnvironmentName>,
    Json(asked): Json<Asked>,
) -> Result<Json<Value>, Trouble> {
    let environment = dojo.environment(name).clone();
    let (own, orders) = (environment.clone(), dojo.title_orders.clone());
    let answer = apart(move || {
        let facet = |field: &String| {
            let defined =
                FacetDefinition { field: field.clone(), size: Some(FACET_VALUES), ..FacetDefinition::default() };
            Facet::Defined(Box::new(defined))
        };
        let facets = asked.facets.iter().map(facet).collect();
        listing(&own, &asked.q, &asked.fq, facets, |view, listing| {
            let found = listing.rows.len();
            let rows = page(&orders, name, view, &asked, &listing);
            let products = rows.into_iter().map(|row| engine::listed(view, row, &asked.fl));
            json!({"data": {
                "total": found, "start": asked.start, "products": products.collect::<Vec<_>>(),
                "facet_counts": {"facet_fields": listing.facet_counts},
            }})
        })
    });
    let answer = answer.await??;
    if environment.look(|state| state.catalogue().live().len()) >= KEPT_FROM {
        dojo.title_orders.renew(name, environment);
    }
    Ok(Json(answer))
}

/// What words and a filter find, given to `take`.
pub(super) fn listing<R>(
    environment: &Environment,
    q: &str,
    fq: &str,
    facets: Vec<Facet>,
    take: impl FnOnce(View<'_>, Listing) -> R,
) -> Result<R, Trouble> {
    let (q, fq) = (q.trim(), fq.trim());
    let question = request::Search {
        q: Some(if q.is_empty() { "*".to_owned() } else { q.to_owned() }),
        fq: (!fq.is_empty()).then(|| fq.to_owned()),
        facets: Some(facets),
        ..request::Search::default()
    };
    let found = environment.answer(None, now(), |view| Ok(take(view, engine::list(view, &question)?)));
    found.ok_or(Trouble::NotFound)?.map_err(|refused: engine::Refused| Trouble::Invalid(refused.to_string()))
}

fn page(
    orders: &TitleOrders,
    name: EnvironmentName,
    view: View<'_>,
    asked: &Asked,
    listing: &Listing,
) -> Vec<ProductRow> {
    let catalogue = view.state.catalogue();
    let rows = asked.rows.unwrap_or(25).min(ROWS_MAX);
    let found = &listing.rows;
    let of_page = |order: &mut dyn Iterator<Item = u32>| -> Vec<ProductRow> {
        order.skip(asked.start).take(rows).map(ProductRow).collect()
    };
    let by_number = |number: &dyn Fn(ProductRow) -> Option<f64>| {
        let mut numbered: Vec<(Option<f64>, u32)> = found.iter().map(|row| (number(ProductRow(row)), row)).collect();
        let compare = |a: &(Option<f64>, u32), b: &(Option<f64>, u32)| match (a.0, b.0) {
            (Some(left), Some(right)) => directed(left.total_cmp(&right), asked.descending).then(a.1.cmp(&b.1)),
            (left, right) => left.is_none().cmp(&right.is_none()).then(a.1.cmp(&b.1)),
        };
        sort_page(&mut numbered, asked.start, rows, &compare);
        of_page(&mut numbered.into_iter().map(|(_, row)| row))
    };
    match (asked.sort, &listing.by_relevance) {
        (Sort::Best, Some(hits)) => of_page(&mut hits.iter().map(|row| row.0)),
        (Sort::Best, None) => {
            let popular: RoaringBitmap = view.popular.iter().map(|row| row.0).collect();
            let ordered = view.popular.iter().map(|row| row.0).filter(|row| found.contains(*row));
            of_page(&mut ordered.chain(found - &popular))
        }
        (Sort::Price, _) => by_number(&|row| catalogue.price(row)),
        (Sort::Rating, _) => by_number(&|row| catalogue.number(row, "rating")),
        (Sort::Title, _) => {
            let order: Arc<[u32]> = match found.len() {
                ..KEPT_FROM => sorted(named(catalogue, found.iter())).into(),
                _ => orders.of(name, catalogue),
            };
            // What came after the order was made stands at its end.
            let known: RoaringBitmap = order.iter().copied().collect();
            let fresh = found - &known;
            let titled = order.iter().copied().filter(|row| found.contains(*row));
            match asked.descending {
                false => of_page(&mut titled.chain(fresh)),
                true => of_page(&mut titled.rev().chain(fresh)),
            }
        }
    }
}

/// Puts what the page shows in its place: all before it is less, all behind it more.
fn sort_page<T>(all: &mut [T], start: usize, rows: usize, compare: &dyn Fn(&T, &T) -> Ordering) {
    if start >= all.len() {
        return;
    }
    if start > 0 {
        all.select_nth_unstable_by(start, compare);
    }
    let rest = &mut all[start..];
    if rows < rest.len() {
        rest.select_nth_unstable_by(rows, compare);
    }
    let end = rows.min(rest.len());
    rest[..end].sort_unstable_by(compare);
}

fn directed(ordering: Ordering, descending: bool) -> Ordering {
    if descending { ordering.reverse() } else { ordering }
}

/// Rows with what they are ordered by: the title, without regard to case; what has none goes by its id.
fn named(catalogue: &Catalogue, rows: impl Iterator<Item = u32>) -> Vec<(String, u32)> {
    let name = |row: u32| -> (String, u32) {
        let title = catalogue.title(ProductRow(row)).filter(|title| !title.is_empty());
        (title.unwrap_or_else(|| Cow::Borrowed(catalogue.id(ProductRow(row)))).to_lowercase(), row)
    };
    rows.map(name).collect()
}

fn sorted(mut named: Vec<(String, u32)>) -> Vec<u32> {
    named.sort_unstable();
    named.into_iter().map(|(_, row)| row).collect()
}
